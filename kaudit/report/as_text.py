"""The text report: every finding with its sentence, the reasons and what to write instead; then the sums."""

from __future__ import annotations

from collections.abc import Iterator

from kaudit.model import Audit, Finding, Report
from kaudit.report.display import Style, harmless, paint, wrapped
from kaudit.report.excerpt import excerpt
from kaudit.report.notes import notes
from kaudit.report.sums import summary_line
from kaudit.report.view import View


def render(report: Report, view: View) -> Iterator[str]:
    """Yield *report* finding by finding; findings that are waived are only counted, unless they are to be shown."""
    for document in report.documents:
        for found in view.findings(document):
            yield "\n".join(_finding(found, document, colour=view.colour)) + "\n\n"
    yield summary_line(report, colour=view.colour) + "\n"


def _finding(found: Finding, document: Audit, *, colour: bool) -> Iterator[str]:
    style = Style[found.severity.name]
    gutter = paint("  |", Style.FAINT, colour=colour)
    place = paint(f"{harmless(document.path)}:{found.line}:{found.column}:", Style.BOLD, colour=colour)
    severity = paint(str(found.severity), style, colour=colour)
    yield f"{place} {severity} {found.rule}: {harmless(found.message)}"
    yield gutter
    for words, carets in excerpt(document.source, found.span, width=76):
        yield f"{gutter} {words}"
        if carets:
            bare = carets.lstrip()
            yield f"{gutter} {' ' * (len(carets) - len(bare))}{paint(bare, style, colour=colour)}"
    for label, note in notes(found, document):
        for number, line in enumerate(wrapped(harmless(note), f"  = {label}: ")):
            before, colon, after = line.partition(": ") if not number else ("", "", line)
            yield paint(before + colon, Style.FAINT, colour=colour) + after
