"""SARIF 2.1.0, for code scanning: rules with their sources, fixes that are safe, what is waived as suppressed.

Columns count code points, and `columnKind` says so. Fingerprints have a key of our own: GitHub computes its
`primaryLocationLineHash` itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from kaudit.model import Audit, Confidence, Finding, Lines, Report, Severity, Span, Suggestion
from kaudit.read import FORMATS as DOCUMENT_FORMATS
from kaudit.report.cited import CitedRule, cite_rules
from kaudit.report.notes import notes
from kaudit.report.place import uri
from kaudit.report.view import View
from kaudit.version import VERSION

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT = "kaudit/v1"
IGNORED = "ignore:"
"""What the waivers begin with that stand in the document itself."""
LEVELS = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note"}
_MARKUP = re.compile(r"[][*_`~<>&\\|{}$#\"'\n]")
_BINARY = frozenset(name for name, format in DOCUMENT_FORMATS.items() if format.binary)
_PROBLEMS = {"error": "error", "warning": "warning", "note": "recommendation"}
_PRECISION = {Confidence.HIGH: "high", Confidence.MEDIUM: "medium", Confidence.LOW: "low"}


def render(report: Report, view: View) -> Iterator[str]:
    """Yield *report* as a log of one run, result by result."""
    rules = cite_rules((found for document in report.documents for found in view.findings(document)), view.catalog)
    places = {name: number for number, name in enumerate(rules)}
    run = {
        "tool": {"driver": _driver(report, rules)},
        "columnKind": "unicodeCodePoints",
        "automationDetails": {"id": "kaudit/"},
        "invocations": [
            {
                "executionSuccessful": not report.unread and not any(document.gaps for document in report.documents),
                "toolExecutionNotifications": [
                    *(_notification("error", unread.path, unread.reason) for unread in report.unread),
                    *(
                        _notification("note", document.path, note)
                        for document in report.documents
                        for note in document.remarks
                    ),
                ],
            }
        ],
        "properties": dict(report.summary()),
    }
    yield f'{{"$schema": "{SCHEMA}", "version": "2.1.0", "runs": [{_dump(run)[:-1]}, "results": ['
    number = 0
    for document in report.documents:
        lines = Lines(document.source)
        for found in view.findings(document):
            yield (",\n " if number else "\n ") + _dump(_result(found, document, lines, places))
            number += 1
    yield "\n]}]}\n"


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _driver(report: Report, rules: dict[str, CitedRule]) -> dict[str, object]:
    return {
        "name": "kaudit",
        "semanticVersion": VERSION,
        "rules": [_rule(rule) for rule in rules.values()],
        "properties": {"catalog": report.catalog_version, "digest": report.catalog_digest, "rules": report.rules},
    }


def _rule(rule: CitedRule) -> dict[str, object]:
    sources = [f"{source.citation} ({source.place})" if source.place else source.citation for source in rule.sources]
    linked = [
        f"[{_escaped(source.citation)}]({source.url})" if source.url else _escaped(said)
        for source, said in zip(rule.sources, sources, strict=True)
    ]
    level = LEVELS[rule.severity]
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.message},
        "fullDescription": {"text": rule.why},
        "help": {
            "text": "\n".join([rule.why, "", *(f"- {source}" for source in sources)]),
            "markdown": "\n".join([_escaped(rule.why), "", *(f"- {source}" for source in linked)]),
        },
        "defaultConfiguration": {"level": level},
        "properties": {
            "tags": ["health-claims", str(rule.category)],
            "precision": _PRECISION[rule.confidence],
            "problem.severity": _PROBLEMS[level],
        },
    }


def _message(text: str) -> dict[str, str]:
    """Return a plain message; brackets that would make a link of a document's words are escaped (3.11.6)."""
    return {"text": text.replace("[", "\\[").replace("]", "\\]") if "](" in text else text}


def _escaped(text: str) -> str:
    return "".join(f"\\{character}" if character in "\\[]<>*_`" else character for character in text)


def _notification(level: str, path: str, told: str) -> dict[str, object]:
    location = {"physicalLocation": {"artifactLocation": {"uri": uri(path)}}}
    return {"level": level, "message": _message(told), "locations": [location]}


def _result(found: Finding, document: Audit, lines: Lines, places: dict[str, int]) -> dict[str, object]:
    said = [found.message, *(f"{label.capitalize()}: {note}" for label, note in notes(found, document))]
    artifact = {"uri": uri(document.path)}
    region = {
        "startLine": found.line,
        "startColumn": found.column,
        "endLine": found.end_line,
        "endColumn": found.end_column,
        "charOffset": found.start,
        "charLength": found.end - found.start,
        "snippet": {"text": found.text},
    }
    result: dict[str, object] = {
        "ruleId": found.rule,
        "ruleIndex": places[found.rule],
        "level": LEVELS[found.severity],
        "message": _message("\n".join(said)),
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
        "partialFingerprints": {FINGERPRINT: found.fingerprint},
        "properties": {
            "category": str(found.category),
            "severity": str(found.severity),
            "confidence": str(found.confidence),
        },
    }
    fixes = [_fix(suggestion, artifact, lines) for suggestion in found.suggestions if _is_plain(suggestion, document)]
    if fixes:
        result["fixes"] = fixes
    if found.waived_by is not None:
        kind = "inSource" if found.waived_by.startswith(IGNORED) else "external"
        result["suppressions"] = [{"kind": kind, "status": "accepted", "justification": found.waived_by}]
    return result


def _is_plain(suggestion: Suggestion, document: Audit) -> bool:
    """Return whether a program that knows nothing of the format may replace the words: safe, and no markup in sight."""
    if document.format in _BINARY:
        return False
    words = suggestion.span.of(document.source) + suggestion.text
    return suggestion.safe and (document.format == "text" or not _MARKUP.search(words))


def _fix(suggestion: Suggestion, artifact: dict[str, str], lines: Lines) -> dict[str, object]:
    replacement = {"deletedRegion": _region(suggestion.span, lines), "insertedContent": {"text": suggestion.text}}
    return {
        "description": {
            "text": suggestion.note or (f"Write: {suggestion.text}" if suggestion.text else "Leave it out")
        },
        "artifactChanges": [{"artifactLocation": artifact, "replacements": [replacement]}],
    }


def _region(span: Span, lines: Lines) -> dict[str, int]:
    line, column, end_line, end_column = lines.region(span)
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
