"""GitLab Code Quality: a list of issues, each with a fingerprint that is its own in the whole report."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator

from kaudit.model import Audit, Finding, Report, Severity
from kaudit.report.place import posix_path
from kaudit.report.view import View

SEVERITIES = {
    Severity.CRITICAL: "critical",
    Severity.HIGH: "major",
    Severity.MEDIUM: "minor",
    Severity.LOW: "info",
}


def render(report: Report, view: View) -> Iterator[str]:
    """Yield *report* issue by issue."""
    seen: Counter[str] = Counter()
    number = 0
    yield "["
    for document in report.documents:
        for found in view.findings(document):
            yield (",\n " if number else "\n ") + json.dumps(_issue(found, document, seen), ensure_ascii=False)
            number += 1
    yield "\n]\n"


def _issue(found: Finding, document: Audit, seen: Counter[str]) -> dict[str, object]:
    path = posix_path(document.path)
    waived = f" (waived by {found.waived_by})" if found.waived_by is not None else ""
    return {
        "description": f"{found.message} {found.why}{waived}",
        "check_name": found.rule,
        "fingerprint": _fingerprint(f"{path}\0{found.fingerprint}", seen),
        "severity": SEVERITIES[found.severity],
        "location": {
            "path": path,
            "positions": {
                "begin": {"line": found.line, "column": found.column},
                "end": {"line": found.end_line, "column": found.end_column},
            },
        },
    }


def _fingerprint(name: str, seen: Counter[str]) -> str:
    """Return the hash of *name*, and of which of equals it is: GitLab keeps but one issue of a fingerprint."""
    seen[name] += 1
    return hashlib.sha256(f"{name}\0{seen[name]}".encode("utf-8", "backslashreplace")).hexdigest()[:32]
