"""Sums: what a whole run comes to, in one sentence that several formats share."""

from __future__ import annotations

from kaudit.model import Report, Severity
from kaudit.report.display import Style, paint


def summary_line(report: Report, *, colour: bool = False) -> str:
    """Return what was audited and what was found, on one line."""
    words = count(sum(document.words for document in report.documents), "word")
    documents, rules = count(len(report.documents), "document"), count(report.rules, "rule")
    counts = report.summary()
    found = [
        paint(f"{counts[str(severity)]} {severity}", Style[severity.name], colour=colour)
        for severity in sorted(Severity, reverse=True)
        if counts[str(severity)]
    ]
    parts = [", ".join(found) if found else paint("no findings", Style.GOOD, colour=colour)]
    if counts["waived"]:
        parts.append(f"{counts['waived']} waived")
    if report.unread:
        parts.append(paint(f"{count(len(report.unread), 'document')} not read", Style.CRITICAL, colour=colour))
    return f"Audited {documents} ({words}) with {rules}: {'; '.join(parts)}."


def count(number: int, noun: str) -> str:
    """Return *number* with its noun, in the plural where it needs one."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
