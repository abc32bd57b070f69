"""A catalog ready for use: rules with patterns and anchors, subjects, cues, disclosures. Plain values, no YAML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kaudit.catalog.anchors import Need
from kaudit.catalog.cues import Cues
from kaudit.catalog.template import Sequence
from kaudit.model import BlockKind, Category, Confidence, Context, Hedging, Jurisdiction, Severity


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """A template, compiled: what to look for, and when looking is worth it. Equal only to itself."""

    template: str
    """As written in the catalog."""
    tree: Sequence
    """What it stands for, its lexicons and choices written out; patterns share those of lexicons."""
    anchors: tuple[str, ...]
    """Phrases of which every match contains one; empty: tried on every sentence."""
    needs: tuple[Need, ...]
    """Words near the anchor; every match contains one of each."""
    raw: bool = False
    """Whether people wrote part of the expression themselves, so that it needs a time limit."""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Better wording for one way to say it."""

    pattern: Pattern | None
    """None: fits anything, as one that is `whole`."""
    to: str
    places: frozenset[str]
    """`heading`, `item`, `paragraph`, `question`; empty: anywhere."""
    safe: bool
    note: str | None
    also: bool
    at: str | None = None
    """The slot whose place it takes; all that the pattern finds when None."""
    whole: bool = False
    """Whether it takes the place of the whole segment."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of overclaim."""

    id: str
    klass: str
    category: Category
    severity: Severity
    confidence: Confidence
    message: str
    why: str
    sources: tuple[str, ...]
    jurisdictions: frozenset[Jurisdiction]
    """Where it holds; empty: everywhere."""
    severities: Mapping[Jurisdiction, Severity]
    subjects: frozenset[str]
    """Only in documents about one of these; empty: in all."""
    hedging: Hedging
    once: bool
    promotional: bool
    """Only in documents that sell something."""
    former: tuple[str, ...]
    despite: frozenset[Context]
    """Contexts that leave the claim as it is."""
    match: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]
    beside: tuple[Pattern, ...]
    rewrites: tuple[Rewrite, ...]

    def holds_in(self, jurisdictions: frozenset[Jurisdiction]) -> bool:
        """Return whether the rule holds in any of these."""
        return not self.jurisdictions or not self.jurisdictions.isdisjoint(jurisdictions)

    def severity_in(self, jurisdictions: frozenset[Jurisdiction]) -> Severity:
        """Return the base severity, the worst of those that the *jurisdictions* give it."""
        return max([self.severities.get(place, self.severity) for place in jurisdictions], default=self.severity)


@dataclass(frozen=True, slots=True)
class Source:
    """A regulation, guideline or study."""

    citation: str
    place: str
    supports: str
    checked: str
    verified: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What a text can be about, with its facts."""

    id: str
    name: str
    terms: tuple[Pattern, ...]
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What a document must say once it promotes a treatment."""

    id: str
    severity: Severity
    subjects: frozenset[str]
    jurisdictions: frozenset[Jurisdiction]
    satisfied_by: tuple[Pattern, ...]
    at_least: int
    message: str
    why: str
    sources: tuple[str, ...]
    wording: str
    buried: str = ""
    """The disclosure that has to be made, and whose place this one is about; "" for one that stands alone."""
    within: float = 1.0
    """In which first part of the document a statement must begin."""
    chiefly: bool = False
    """Owed only where the document is chiefly about one of the subjects."""


@dataclass(frozen=True, slots=True)
class CategoryInfo:
    """What a category is called and means."""

    title: str
    description: str
    hedging: Hedging


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything that an audit needs to know."""

    version: str
    digest: str
    """SHA-256 of the files that it was made from, in hexadecimal."""
    rules: Mapping[str, Rule]
    sources: Mapping[str, Source]
    categories: Mapping[Category, CategoryInfo]
    subjects: Mapping[str, Subject]
    cues: Cues
    kept: tuple[Pattern, ...]
    """What readers must not lose."""
    promotion: tuple[Pattern, ...]
    """Calls to action, which promote what they name."""
    tone: Mapping[str, int]
    """Phrases of documents that sell, with the points they add, and of those that inform, with negative ones."""
    telling: tuple[str, ...]
    """Rare phrases of which promotional rules are made, as words of a gate."""
    health: tuple[str, ...]
    """What texts on health speak of, as words of a gate."""
    disclosures: Mapping[str, Disclosure]
    inflections: Mapping[str, tuple[str, ...]]
    words: frozenset[str] = frozenset()
    """Every word that its templates, cues and phrases of tone consist of."""
    ordinary: frozenset[str] = frozenset()
    """English words that are no misspellings of these, and forms of these that are no English words."""

    def patterns(self) -> Iterator[Pattern]:
        """Yield every pattern, some of them several times."""
        for rule in self.rules.values():
            yield from (*rule.match, *rule.unless, *rule.beside)
            yield from (entry.pattern for entry in rule.rewrites if entry.pattern)
        for owner in self.subjects.values():
            yield from owner.terms
        for entry in self.disclosures.values():
            yield from entry.satisfied_by
        yield from (*self.kept, *self.promotion)


PLACE_OF_KIND = {BlockKind.HEADING: "heading", BlockKind.ITEM: "item"}
"""What rewrites call a kind of block; "paragraph" for all others."""
