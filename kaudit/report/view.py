"""How a report is to be shown: what all formats share, and each may heed or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaudit.model import Audit, Finding, Report

if TYPE_CHECKING:
    from kaudit.catalog.compiled import Catalog


@dataclass(frozen=True, slots=True)
class View:
    """What is wanted of a report, besides its format."""

    colour: bool = False
    """Whether it is for a terminal that has colours."""
    show_waived: bool = False
    """Whether findings that are waived are listed, too; they are counted in any case."""
    catalog: Catalog | None = None
    """Where rules and sources are told in full; without it, only what the findings know."""

    def findings(self, document: Audit) -> tuple[Finding, ...]:
        """Return the findings of *document* that are to be listed, in reading order."""
        if self.show_waived:
            return document.findings
        return tuple(found for found in document.findings if found.waived_by is None)

    def worst_first(self, report: Report) -> list[tuple[Audit, Finding]]:
        """Return all findings that are to be listed with their documents, the most severe first."""
        listed = [(document, found) for document in report.documents for found in self.findings(document)]
        return sorted(listed, key=lambda pair: -pair[1].severity)
