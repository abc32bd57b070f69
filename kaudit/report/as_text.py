"""The text report: every finding with its sentence, the reasons and what to write instead; then the sums."""

from __future__ import annotations

from collections.abc import Iterator

from kaudit.model import Audit, Finding, Reason, Report, Severity, Suggestion
from kaudit.report.display import Style, harmless, head, paint, wrapped
from kaudit.report.excerpt import excerpt

QUOTED = 60
"""How much of the words to be replaced is quoted, in cells."""


def render(report: Report, *, colour: bool = False) -> Iterator[str]:
    """Yield *report* finding by finding; findings that are waived are only counted."""
    for document in report.documents:
        for found in document.findings:
            if found.waived_by is None:
                yield "\n".join(_finding(found, document, colour=colour)) + "\n\n"
    yield _summary(report, colour=colour) + "\n"


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
    for label, note in _notes(found, document):
        for number, line in enumerate(wrapped(harmless(note), f"  = {label}: ")):
            before, colon, after = line.partition(": ") if not number else ("", "", line)
            yield paint(before + colon, Style.FAINT, colour=colour) + after


def _notes(found: Finding, document: Audit) -> Iterator[tuple[str, str]]:
    yield "why", found.why
    if any(map(_is_step, found.reasons)):
        yield "severity", "; ".join(map(_reason, found.reasons))
    for suggestion in found.suggestions:
        yield "instead" if suggestion.safe else "needs you", _suggestion(suggestion, found, document)
    if found.sources:
        yield "sources", ", ".join(found.sources)


def _is_step(reason: Reason) -> bool:
    return reason.effect[:1] in "+-"


def _reason(reason: Reason) -> str:
    if not _is_step(reason):
        return f"{reason.effect} to begin with"
    return f'{reason.effect} for "{reason.cue}"'


def _suggestion(suggestion: Suggestion, found: Finding, document: Audit) -> str:
    replaced = head(" ".join(harmless(suggestion.span.of(document.source)).split()), QUOTED)
    match (replaced, suggestion.text):
        case ("", text):
            advice = f"add {text.strip()}"
        case (_, ""):
            advice = f'leave out "{replaced}"'
        case (_, text) if suggestion.span == found.span:
            advice = text
        case (_, text):
            advice = f'{text} (for "{replaced}")'
    return f"{advice} - {suggestion.note}" if suggestion.note else advice


def _summary(report: Report, *, colour: bool) -> str:
    words = sum(document.words for document in report.documents)
    documents, rules = _count(len(report.documents), "document"), _count(report.rules, "rule")
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
        parts.append(paint(f"{_count(len(report.unread), 'document')} not read", Style.CRITICAL, colour=colour))
    return f"Audited {documents} ({words:,} words) with {rules}: {'; '.join(parts)}."


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
