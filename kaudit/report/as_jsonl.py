"""JSON Lines: an object a line, for streams and data frames, with the fields of the JSON report (docs/json.md).

The first is of `type` "run", the last "summary"; between them are "finding" and "note", each with its document's path,
and "unread".
"""

from __future__ import annotations

from collections.abc import Iterator

from kaudit.model import Report
from kaudit.report.as_json import dump, finding_fields, run_fields
from kaudit.report.view import View


def render(report: Report, view: View) -> Iterator[str]:
    """Yield *report* line by line."""
    yield _line("run", run_fields(report))
    for document in report.documents:
        for note in document.remarks:
            yield _line("note", {"path": document.path, "note": note})
        for found in view.findings(document):
            yield _line("finding", {"path": document.path, "format": document.format, **finding_fields(found)})
    for unread in report.unread:
        yield _line("unread", {"path": unread.path, "reason": unread.reason})
    words = sum(document.words for document in report.documents)
    yield _line("summary", {"documents": len(report.documents), "words": words, **report.summary()})


def _line(kind: str, fields: dict[str, object]) -> str:
    return dump({"type": kind, **fields}) + "\n"
