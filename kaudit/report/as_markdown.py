"""A summary in Markdown, for a pull request or the page of a build: the sums, then the worst findings.

What documents say stands in code spans, in which no Markdown, HTML or mention of a person takes effect.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from kaudit.model import Audit, Category, Finding, Report, Severity
from kaudit.report.cited import CitedSource, cite_rules
from kaudit.report.display import harmless, head
from kaudit.report.notes import advice
from kaudit.report.sums import count, summary_line
from kaudit.report.view import View

DETAILED = 100
"""How many findings are told one by one; a page that nobody reads to its end needs no more."""
LISTED = 50
"""How many documents are listed."""
QUOTED = 120
_WORST = sorted(Severity, reverse=True)
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&@])")


def render(report: Report, view: View) -> Iterator[str]:
    """Yield *report* part by part."""
    yield f"## kaudit\n\n{_plain(summary_line(report))}\n"
    findings = view.worst_first(report)
    counted = [(document, found) for document, found in findings if found.waived_by is None]
    if counted:
        yield from _table(
            "category", Counter((str(found.category), found.severity) for _, found in counted), _categories()
        )
        by_document = Counter((document.path, found.severity) for document, found in counted)
        paths = sorted({path for path, _ in by_document}, key=lambda path: _rank(path, by_document))
        yield from _table("document", by_document, paths[:LISTED], code=True)
        if len(paths) > LISTED:
            yield f"\nAnd {count(len(paths) - LISTED, 'more document')}.\n"
    detailed = ("\n".join(_finding(found, document)) for document, found in findings[:DETAILED])
    yield from _section("Findings", detailed)
    if len(findings) > DETAILED:
        yield f"\nAnd {count(len(findings) - DETAILED, 'more finding')}.\n"
    yield from _section("Not read", [f"{_code(unread.path)}: {_plain(unread.reason)}" for unread in report.unread])
    rules = cite_rules((found for _, found in findings[:DETAILED]), view.catalog)
    sources = {source.key: source for rule in rules.values() for source in rule.sources}
    yield from _section("Sources", map(_source, sources.values()))


def _categories() -> list[str]:
    return [str(category) for category in Category]


def _rank(path: str, counts: Counter[tuple[str, Severity]]) -> tuple[list[int], str]:
    return [-counts[path, severity] for severity in _WORST], path


def _table(title: str, counts: Counter[tuple[str, Severity]], names: list[str], *, code: bool = False) -> Iterator[str]:
    yield f"\n| {title} | {' | '.join(map(str, _WORST))} |\n| --- |{' ---: |' * len(_WORST)}\n"
    for name in names:
        row = [counts[name, severity] for severity in _WORST]
        if any(row):
            shown = _code(name).replace("|", "\\|") if code else name
            yield f"| {shown} | {' | '.join(str(number or '') for number in row)} |\n"


def _finding(found: Finding, document: Audit) -> Iterator[str]:
    place = _code(f"{document.path}:{found.line}:{found.column}")
    yield f"**{found.severity}** {_code(found.rule)} {place}: {_code(head(harmless(found.text), QUOTED))}"
    yield f"  <br>{_plain(found.message)} {_plain(found.why)}"
    if found.waived_by is not None:
        yield f"  <br>Waived by {_plain(found.waived_by)}"
    for suggestion in found.suggestions:
        label = "Instead" if suggestion.safe else "Needs you"
        yield f"  <br>{label}: {_code(head(advice(suggestion, found, document), 3 * QUOTED))}"


def _source(source: CitedSource) -> str:
    return f"[{_plain(source.citation)}]({source.url})" if source.url else _plain(source.citation)


def _section(title: str, items: Iterable[str]) -> Iterator[str]:
    """Yield a list of *items* under its heading, or nothing at all."""
    for number, item in enumerate(items):
        yield f"{'' if number else f'{chr(10)}### {title}{chr(10) * 2}'}- {item}\n"


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", harmless(text)).replace("\\@", "@\u200b")  # no mention


def _code(text: str) -> str:
    """Return *text* as a code span, whatever backticks it has."""
    shown = harmless(text).strip() or " "
    longest = max(map(len, re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"
