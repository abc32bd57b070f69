"""JUnit XML: a suite a document, a failed case a finding; what is waived is skipped, what was not read an error.

Only elements and attributes that Jenkins, GitLab and the rest agree on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from kaudit.model import Audit, Finding, Report, Unread
from kaudit.report.notes import notes
from kaudit.report.view import View

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # by XML 1.0, section 2.2


def render(report: Report, view: View) -> Iterator[str]:
    """Yield *report* suite by suite."""
    failures = sum(found.waived_by is None for document in report.documents for found in view.findings(document))
    tests = sum(max(len(view.findings(document)), 1) for document in report.documents) + len(report.unread)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield _open("testsuites", name="kaudit", tests=tests, failures=failures, errors=len(report.unread), time=0)
    for document in report.documents:
        yield from _suite(document, view.findings(document))
    for unread in report.unread:
        yield from _unread(unread)
    yield "</testsuites>\n"


def _suite(document: Audit, findings: tuple[Finding, ...]) -> Iterator[str]:
    failed = sum(found.waived_by is None for found in findings)
    yield _open(
        "testsuite",
        name=document.path,
        tests=max(len(findings), 1),
        failures=failed,
        errors=0,
        skipped=len(findings) - failed,
        time=0,
        file=document.path,
    )
    waived = sum(found.waived_by is not None for found in document.findings)
    yield f"<properties>{_open('property', name='waived', value=waived)[:-2]}/></properties>\n"
    if not findings:
        yield _open("testcase", name="no findings", classname=document.path, time=0)[:-2] + "/>\n"
    for found in findings:
        yield from _case(found, document)
    yield "</testsuite>\n"


def _case(found: Finding, document: Audit) -> Iterator[str]:
    yield _open("testcase", name=f"{found.rule} at {found.line}:{found.column}", classname=document.path, time=0)
    said = [
        f"{document.path}:{found.line}:{found.column}: {found.text}",
        *(f"{label}: {note}" for label, note in notes(found, document)),
    ]
    if found.waived_by is not None:
        element, about = "skipped", {"message": f"waived by {found.waived_by}: {found.message}"}
    else:
        element, about = "failure", {"type": str(found.severity), "message": found.message}
    yield f"{_open(element, **about)[:-1]}{escape(_allowed(chr(10).join(said)))}</{element}>\n"
    yield "</testcase>\n"


def _unread(unread: Unread) -> Iterator[str]:
    yield _open("testsuite", name=unread.path, tests=1, failures=0, errors=1, skipped=0, time=0)
    yield _open("testcase", name="can be read", classname=unread.path, time=0)
    yield _open("error", type="unread", message=unread.reason)[:-2] + "/>\n</testcase>\n</testsuite>\n"


def _open(element: str, **attributes: object) -> str:
    listed = "".join(f" {name}={quoteattr(_allowed(str(value)))}" for name, value in attributes.items())
    return f"<{element}{listed}>\n"


def _allowed(text: str) -> str:
    """Return *text* with a replacement character for each that XML cannot hold, even as a reference."""
    return _FORBIDDEN.sub("\ufffd", text)
