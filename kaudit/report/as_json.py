"""The JSON report: a contract with other programs, described in docs/json.md, with a schema number of its own.

Adding a field is fine; one that changes its meaning, is renamed or goes is a new SCHEMA. One document a line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from kaudit.model import Audit, Finding, Report
from kaudit.report.view import View
from kaudit.version import VERSION

SCHEMA = 1


def render(report: Report, view: View) -> Iterator[str]:
    """Yield *report* as one JSON object, document by document."""
    yield dump(run_fields(report))[:-1] + ', "documents": ['
    for number, document in enumerate(report.documents):
        yield (",\n " if number else "\n ") + dump(_document(document, view))
    tail = {
        "unread": [{"path": unread.path, "reason": unread.reason} for unread in report.unread],
        "summary": dict(report.summary()),
    }
    yield ("\n], " if report.documents else "], ") + dump(tail)[1:] + "\n"


def dump(value: object) -> str:
    """Return *value* as JSON, on one line."""
    return json.dumps(value, ensure_ascii=False)


def run_fields(report: Report) -> dict[str, object]:
    """Return what the report says of the run: its schema, the program, the catalog."""
    return {
        "schema": SCHEMA,
        "tool": {"name": "kaudit", "version": VERSION},
        "catalog": {"version": report.catalog_version, "digest": report.catalog_digest, "rules": report.rules},
    }


def _document(document: Audit, view: View) -> dict[str, object]:
    return {
        "path": document.path,
        "format": document.format,
        "words": document.words,
        "notes": list(document.notes),
        "gaps": list(document.gaps),
        "findings": [finding_fields(found) for found in view.findings(document)],
    }


def finding_fields(found: Finding) -> dict[str, object]:
    """Return all that the report says of a finding."""
    return {
        "rule": found.rule,
        "category": str(found.category),
        "severity": str(found.severity),
        "confidence": str(found.confidence),
        "start": found.start,
        "end": found.end,
        "line": found.line,
        "column": found.column,
        "end_line": found.end_line,
        "end_column": found.end_column,
        "place": found.place,
        "text": found.text,
        "message": found.message,
        "why": found.why,
        "reasons": [
            {"effect": reason.effect, "cue": reason.cue, "start": reason.span.start, "end": reason.span.end}
            for reason in found.reasons
        ],
        "suggestions": [
            {
                "start": suggestion.span.start,
                "end": suggestion.span.end,
                "text": suggestion.text,
                "safe": suggestion.safe,
                "note": suggestion.note,
            }
            for suggestion in found.suggestions
        ],
        "sources": list(found.sources),
        "fingerprint": found.fingerprint,
        "waived_by": found.waived_by,
    }
