"""Examples: a catalog's own proof in, what does not hold out.

Flag: a rule finds exactly the marked words. Pass: it finds nothing. Fix: its first suggestion makes exactly that text,
and the whole catalog finds nothing in it that was not there before. Disclosures: missing and present, as told.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from kaudit.auditor import Auditor
from kaudit.catalog.compiled import Catalog
from kaudit.catalog.load import validate
from kaudit.catalog.texts import CatalogText, places_of
from kaudit.config import Config
from kaudit.errors import Problem
from kaudit.model import Finding, Jurisdiction

MARKED = re.compile(r"\[\[(.+?)\]\]")


@dataclass(frozen=True, slots=True)
class Example:
    """One example of a rule, and where it is written."""

    rule: str
    kind: str
    """`flag`, `pass`, `fix`, `missing`, `present`."""
    text: str
    wanted: str
    """The fixed text; "" for other kinds."""
    path: str
    trail: tuple[str | int, ...]


def read_examples(text: CatalogText) -> Iterator[Example]:
    """Yield every example in a catalog file; raises CatalogError."""
    file: Any = validate(text)
    for at, claim in enumerate(file.claims):
        here = ("claims", at, "examples")
        for number, example in enumerate(claim.examples.flag):
            yield Example(claim.id, "flag", example, "", text.path, (*here, "flag", number))
        for number, example in enumerate(claim.examples.pass_):
            yield Example(claim.id, "pass", example, "", text.path, (*here, "pass", number))
        for number, fix in enumerate(claim.examples.fix):
            yield Example(claim.id, "fix", fix.before, fix.after, text.path, (*here, "fix", number))
    for at, entry in enumerate(file.disclosures):
        for kind, documents in (("missing", entry.examples.missing), ("present", entry.examples.present)):
            for number, document in enumerate(documents):
                yield Example(entry.id, kind, document, "", text.path, ("disclosures", at, "examples", kind, number))


class Prover:
    """Checks examples against a catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._all = Auditor(catalog, Config(pedantic=True))
        self._alone: dict[str, Auditor] = {}
        self._in: dict[tuple[Jurisdiction, ...], Auditor] = {}

    def complaint(self, example: Example) -> str | None:
        """Return what is wrong with *example*, or None when it holds."""
        if example.rule not in self.catalog.rules and example.rule not in self.catalog.disclosures:
            return None  # switched off by another file
        match example.kind:
            case "flag":
                return self._flag(example)
            case "pass":
                found = self.found(example.rule, example.text)
                return f"finds {_quoted(found)} in a text that should pass" if found else None
            case "fix":
                return self._fix(example)
            case _:
                return self._disclosure(example)

    def _alone_for(self, rule: str) -> Auditor:
        if rule not in self._alone:
            places = self.catalog.rules[rule].jurisdictions or {Jurisdiction.US}
            config = Config(pedantic=True, select=(rule,), jurisdictions=tuple(sorted(places)))
            anywhere = replace(self.catalog.rules[rule], promotional=False)  # one sentence promotes nothing
            alone = replace(self.catalog, rules={rule: anywhere})
            self._alone[rule] = Auditor(alone, config, instruments=self._all.instruments)
        return self._alone[rule]

    def _audit_in(self, places: tuple[Jurisdiction, ...], text: str) -> tuple[Finding, ...]:
        if places not in self._in:
            config = Config(jurisdictions=places)
            self._in[places] = Auditor(self.catalog, config, instruments=self._all.instruments)
        return self._in[places].audit(text).findings

    def found(self, rule: str, text: str, *, format: str = "text") -> tuple[Finding, ...]:
        """Return what *rule* alone finds in *text*, as if it sold something."""
        return self._alone_for(rule).audit(text, format=format).findings

    def _flag(self, example: Example) -> str | None:
        marked = MARKED.findall(example.text)
        if not marked:
            return "mark the words to be found: [[like this]]"
        found = self.found(example.rule, MARKED.sub(r"\1", example.text))
        if [finding.text for finding in found] == marked:
            return None
        return f"finds {_quoted(found) or 'nothing'}, not the marked words"

    def _fix(self, example: Example) -> str | None:
        found = self.found(example.rule, example.text)
        if not found:
            return "finds nothing to fix"
        if not found[0].suggestions:
            return f"no rewrite fits {found[0].text!r}"
        text = example.text
        for finding in reversed(found):
            for suggestion in finding.suggestions[:1]:
                text = text[: suggestion.span.start] + suggestion.text + text[suggestion.span.end :]
        if text != example.wanted:
            return f"makes {text!r}, not {example.wanted!r}"
        before = {(finding.rule, finding.text.lower()) for finding in self._all.audit(example.text).findings}
        after = [
            finding
            for finding in self._all.audit(text).findings
            if finding.rule == example.rule or (finding.rule, finding.text.lower()) not in before
        ]
        return f"the fixed text is flagged: {_quoted(after, rules=True)}" if after else None

    def _disclosure(self, example: Example) -> str | None:
        places = tuple(sorted(self.catalog.disclosures[example.rule].jurisdictions)) or (Jurisdiction.US,)
        missing = any(finding.rule == example.rule for finding in self._audit_in(places, example.text))
        if missing == (example.kind == "missing"):
            return None
        return "nothing is found to be missing" if example.kind == "missing" else "the statement is not recognised"


def _quoted(found: Collection[Finding], *, rules: bool = False) -> str:
    return ", ".join((f"{finding.rule} " if rules else "") + repr(finding.text) for finding in found)


def check_examples(
    texts: list[CatalogText], catalog: Catalog, *, select: Collection[str] = (), fixes: bool = True
) -> list[Problem]:
    """Return a problem for each example of *texts* that does not hold in *catalog*; of *select* alone, if any."""
    prover = Prover(catalog)
    problems: list[Problem] = []
    for text in texts:
        places = places_of(text)
        for example in read_examples(text):
            if (select and example.rule not in select) or (example.kind == "fix" and not fixes):
                continue
            complaint = prover.complaint(example)
            if complaint:
                line, column = places.get(example.trail, (1, 1))
                problems.append(Problem(text.path, line, column, f"{example.rule}, {example.kind}: {complaint}"))
    return problems
