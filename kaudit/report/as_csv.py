"""CSV, a row a finding, for spreadsheets: no cell is taken for a formula, whatever a document says."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from kaudit.model import Audit, Finding, Report
from kaudit.report.display import harmless
from kaudit.report.notes import advice, is_step, reason_text
from kaudit.report.view import View

COLUMNS = (
    "path",
    "line",
    "column",
    "place",
    "severity",
    "confidence",
    "category",
    "rule",
    "text",
    "message",
    "why",
    "reasons",
    "suggestions",
    "sources",
    "waived_by",
    "fingerprint",
)
_FORMULA = tuple("=+-@|%\uff1d\uff0b\uff0d\uff20")  # and their full-width forms


def render(report: Report, view: View) -> Iterator[str]:
    """Yield *report* row by row, after the names of the columns."""
    yield _line(COLUMNS)
    for document in report.documents:
        for found in view.findings(document):
            yield _line(_row(found, document))


def _row(found: Finding, document: Audit) -> tuple[str, ...]:
    return (
        document.path,
        str(found.line),
        str(found.column),
        found.place,
        str(found.severity),
        str(found.confidence),
        str(found.category),
        found.rule,
        found.text,
        found.message,
        found.why,
        "; ".join(map(reason_text, filter(is_step, found.reasons))),
        "; ".join(advice(suggestion, found, document) for suggestion in found.suggestions),
        ", ".join(found.sources),
        found.waived_by or "",
        found.fingerprint,
    )


def _line(cells: tuple[str, ...]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow(map(_cell, cells))
    return written.getvalue()


def _cell(text: str) -> str:
    """Return *text* on one line; behind an apostrophe, as spreadsheets have it, when it would start a formula."""
    shown = harmless(text)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown
