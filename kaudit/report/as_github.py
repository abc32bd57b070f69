"""Annotations for GitHub Actions: workflow commands, the worst first, within what GitHub shows of a step.

It shows ten errors, ten warnings and ten notices a step and drops the rest in silence; the last notice is kept to tell
how many there are. The command line writes the Markdown summary beside them (see as_markdown.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kaudit.model import Audit, Finding, Report, Severity
from kaudit.report.display import harmless
from kaudit.report.notes import notes
from kaudit.report.place import posix_path
from kaudit.report.sums import count, summary_line
from kaudit.report.view import View

COMMANDS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
}
SHOWN = 10
"""Annotations of each kind that GitHub shows of a step."""


def render(report: Report, view: View) -> Iterator[str]:
    """Yield *report* as workflow commands, then the sums as a line of the log."""
    for unread in report.unread[:SHOWN]:
        yield _command("error", {"file": posix_path(unread.path), "title": "kaudit: not read"}, unread.reason)
    given = Counter({"error": min(len(report.unread), SHOWN), "notice": 1})
    left = 0
    for document, found in view.worst_first(report):
        kind = "notice" if found.waived_by is not None else COMMANDS[found.severity]
        if given[kind] < SHOWN:
            given[kind] += 1
            yield _annotation(kind, found, document)
        else:
            left += 1
    if left:
        yield _command(
            "notice", {"title": "kaudit"}, f"{count(left, 'more finding')}; the summary of the step tells all."
        )
    yield summary_line(report) + "\n"


def _annotation(kind: str, found: Finding, document: Audit) -> str:
    title = f"{found.severity}: {found.rule}{' (waived)' if found.waived_by is not None else ''}"
    place = {
        "file": posix_path(document.path),
        "line": str(found.line),
        "endLine": str(found.end_line),
        # GitHub takes columns only within one line.
        **({"col": str(found.column), "endColumn": str(found.end_column)} if found.line == found.end_line else {}),
        "title": title,
    }
    said = [
        found.message,
        f"words: {harmless(found.text)}",
        *(f"{label}: {note}" for label, note in notes(found, document)),
    ]
    return _command(kind, place, "\n".join(said))


def _command(kind: str, properties: dict[str, str], message: str) -> str:
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{kind} {listed}::{_message(message)}\n"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
