"""Rules and sources as reports cite them: in full where a catalog is at hand, else by what the findings know."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaudit.model import Category, Confidence, Finding, Severity

if TYPE_CHECKING:
    from kaudit.catalog.compiled import Catalog

_WEB_PLACE = re.compile(r"(?:https?://)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[^\s,;]*)?")


@dataclass(frozen=True, slots=True)
class CitedSource:
    """A regulation, guideline or study, as a reader can look it up."""

    key: str
    citation: str
    """The key itself where nothing more is known."""
    place: str = ""
    supports: str = ""

    @property
    def url(self) -> str | None:
        """The address of its place, when that is one."""
        if not _WEB_PLACE.fullmatch(self.place):
            return None
        return self.place if self.place.startswith("http") else f"https://{self.place}"


@dataclass(frozen=True, slots=True)
class CitedRule:
    """What a report says of a rule once, whatever the number of its findings."""

    id: str
    category: Category
    severity: Severity
    """When plainly asserted."""
    confidence: Confidence
    message: str
    why: str
    sources: tuple[CitedSource, ...]


def cite_sources(keys: Iterable[str], catalog: Catalog | None) -> tuple[CitedSource, ...]:
    """Return the sources with these *keys*, in their order."""
    return tuple(_source(key, catalog) for key in keys)


def _source(key: str, catalog: Catalog | None) -> CitedSource:
    known = catalog.sources.get(key) if catalog else None
    return CitedSource(key, known.citation, known.place, known.supports) if known else CitedSource(key, key)


def cite_rules(findings: Iterable[Finding], catalog: Catalog | None) -> dict[str, CitedRule]:
    """Return the rules that *findings* are of, in the order of their first findings."""
    cited: dict[str, CitedRule] = {}
    for found in findings:
        if found.rule not in cited:
            cited[found.rule] = _rule(found, catalog)
    return cited


def _rule(found: Finding, catalog: Catalog | None) -> CitedRule:
    known = (catalog.rules.get(found.rule) or catalog.disclosures.get(found.rule)) if catalog else None
    return CitedRule(
        found.rule,
        found.category,
        known.severity if known else found.severity,
        found.confidence,
        known.message if known else found.message,
        known.why if known else found.why,
        cite_sources(known.sources if known else found.sources, catalog),
    )
