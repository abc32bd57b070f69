"""All about one rule: what it looks for, why, on whose authority, and the examples that prove it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from kaudit.catalog.compiled import Catalog, Disclosure, Pattern, Rule, Source
from kaudit.examples import Example
from kaudit.model import Category, Hedging, Jurisdiction, Severity
from kaudit.report.display import Style, harmless, paint, wrapped
from kaudit.waive.rules import WAIVER_RULES, WaiverRule

_MARKED = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_HEDGING = {
    Hedging.CLEARS: "a hedge lowers it by one level; a hedge and a limit together clear it",
    Hedging.LOWERS: "a hedge lowers it by one level; below low there is no finding",
    Hedging.HOLDS: "a hedge lowers it by one level, and never clears it",
}
VERIFIED = {"yes": "", "second-hand": ", at second hand", "no": ", not verified"}
"""What is said of a source, by its `verified`."""
_LABEL = 15


def rule_page(rule_id: str, catalog: Catalog, examples: Sequence[Example], *, colour: bool = False) -> Iterator[str]:
    """Yield what people want to know of a rule, line by line; *examples* are those of the whole catalog."""
    mine = [example for example in examples if example.rule == rule_id]
    if rule_id in catalog.rules:
        yield from _claim(catalog.rules[rule_id], catalog, mine, colour=colour)
    elif rule_id in WAIVER_RULES:
        yield from _waiver(WAIVER_RULES[rule_id], colour=colour)
    else:
        yield from _disclosure(catalog.disclosures[rule_id], catalog, mine, colour=colour)


def _claim(rule: Rule, catalog: Catalog, examples: Sequence[Example], *, colour: bool) -> Iterator[str]:
    described = catalog.categories.get(rule.category)
    where = ", ".join(f"{severity} in {place}" for place, severity in sorted(rule.severities.items()))
    yield from _opening(rule.id, rule.message, rule.why, colour=colour)
    yield from _fact("category", f"{rule.category}: {described.description}" if described else str(rule.category))
    yield from _fact("severity", f"{rule.severity}, plainly asserted{f'; {where}' if where else ''}")
    yield from _fact("confidence", str(rule.confidence))
    yield from _fact("hedging", f"{rule.hedging}: {_HEDGING[rule.hedging]}")
    yield from _fact("jurisdictions", _listed(rule.jurisdictions))
    if rule.subjects:
        yield from _fact("subjects", f"only in documents about {_listed(rule.subjects)}")
    if rule.once:
        yield from _fact("how often", "only the first in a document")
    if rule.former:
        yield from _fact("formerly", ", ".join(rule.former))
    yield from _sources(rule.sources, catalog, colour=colour)
    flagged = (_shown(example.text, rule.severity, colour=colour) for example in _of_kind("flag", examples))
    yield from _section("Flagged", flagged, colour=colour)
    yield from _section("Not flagged", _texts("pass", examples), colour=colour)
    yield from _section("Rewritten", _rewritten(examples), colour=colour)
    yield from _section("Looked for", _templates(rule.match), colour=colour)
    yield from _section("Only beside", _templates(rule.beside), colour=colour)
    yield from _section("Unless", _templates(rule.unless), colour=colour)


def _disclosure(
    disclosure: Disclosure, catalog: Catalog, examples: Sequence[Example], *, colour: bool
) -> Iterator[str]:
    least = f"at least {disclosure.at_least} of them" if disclosure.at_least > 1 else "one of them"
    yield from _opening(disclosure.id, disclosure.message, disclosure.why, colour=colour)
    yield from _fact("category", f"{Category.DISCLOSURE}: what a whole document must say")
    yield from _fact("severity", str(disclosure.severity))
    yield from _fact("subjects", f"in documents that promote {_listed(disclosure.subjects)}")
    yield from _fact("jurisdictions", _listed(disclosure.jurisdictions))
    if disclosure.wording:
        yield from _fact("wording", disclosure.wording)
    yield from _sources(disclosure.sources, catalog, colour=colour)
    yield from _section("Missing in", _texts("missing", examples), colour=colour)
    yield from _section("Present in", _texts("present", examples), colour=colour)
    yield from _section(f"Satisfied by {least}", _templates(disclosure.satisfied_by), colour=colour)


def _waiver(rule: WaiverRule, *, colour: bool) -> Iterator[str]:
    yield from _opening(rule.id, rule.message, rule.why, colour=colour)
    yield from _fact("category", f"{Category.WAIVER}: what is wrong with an ignore comment")
    yield from _fact("severity", str(rule.severity))


def _of_kind(kind: str, examples: Iterable[Example]) -> Iterator[Example]:
    return (example for example in examples if example.kind == kind)


def _texts(kind: str, examples: Iterable[Example]) -> Iterator[str]:
    return (harmless(example.text) for example in _of_kind(kind, examples))


def _rewritten(examples: Iterable[Example]) -> Iterator[str]:
    for example in _of_kind("fix", examples):
        yield f"- {harmless(example.text)}"
        yield f"+ {harmless(example.wanted)}"


def _opening(rule_id: str, message: str, why: str, *, colour: bool) -> Iterator[str]:
    yield f"{paint(rule_id, Style.BOLD, colour=colour)}: {harmless(message)}\n\n"
    yield from _fact("why", why)


def _fact(label: str, text: str) -> Iterator[str]:
    for line in wrapped(harmless(text), f"  {label:{_LABEL}}"):
        yield line + "\n"


def _sources(keys: Sequence[str], catalog: Catalog, *, colour: bool) -> Iterator[str]:
    yield from _heading("Sources", colour=colour)
    for key in keys:
        source = catalog.sources[key]
        yield f"  {key}{_verification(source)}\n"
        for text in (source.citation, source.place, source.supports):
            for line in wrapped(harmless(text), "    "):
                yield line + "\n"


def _verification(source: Source) -> str:
    checked = f"checked {source.checked}" if source.checked else "not looked up yet"
    return f" ({harmless(checked)}{VERIFIED[source.verified]})"


def _section(title: str, entries: Iterable[str], *, colour: bool) -> Iterator[str]:
    for number, entry in enumerate(entries):
        if not number:
            yield from _heading(title, colour=colour)
        yield f"  {entry}\n"


def _heading(title: str, *, colour: bool) -> Iterator[str]:
    yield "\n" + paint(title, Style.BOLD, colour=colour) + "\n"


def _shown(example: str, severity: Severity, *, colour: bool) -> str:
    """Return an example on one line; its marked words are coloured, or stay in brackets."""
    text = harmless(example)
    return _MARKED.sub(lambda found: paint(found[1], Style[severity.name], colour=True), text) if colour else text


def _templates(patterns: Sequence[Pattern]) -> Iterator[str]:
    return (harmless(pattern.template) for pattern in patterns)


def _listed(names: frozenset[str] | frozenset[Jurisdiction]) -> str:
    return ", ".join(sorted(names)) if names else "all"
