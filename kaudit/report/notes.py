"""Notes: what a report adds to a finding in words, the same in every format that is read by people."""

from __future__ import annotations

from collections.abc import Iterator

from kaudit.model import DISGUISED, MISSING, Audit, Finding, Reason, Slot, Suggestion
from kaudit.report.display import harmless, head

QUOTED = 60
"""How much of the words to be replaced is quoted, in cells."""

_ASKED = {
    Slot.POPULATION: "who was studied",
    Slot.NUMBER: "how many",
    Slot.COMPARATOR: "against what",
    Slot.OUTCOME: "what was measured",
    Slot.TIME: "after how long",
    Slot.SOURCE: "says who",
}


def notes(found: Finding, document: Audit) -> Iterator[tuple[str, str]]:
    """Yield a label and a text for each thing to know of *found*: where, why, how its severity came, what to write."""
    if found.waived_by is not None:
        yield "waived by", found.waived_by
    if found.place:
        yield "place", found.place
    if meant := disguised(found):
        yield "reads as", meant
    yield "why", found.why
    if any(map(is_step, found.reasons)):
        yield "severity", "; ".join(map(reason_text, rated(found)))
    if untold := missing(found):
        yield "missing", untold
    for suggestion in found.suggestions:
        yield "instead" if suggestion.safe else "needs you", advice(suggestion, found, document)
    if found.sources:
        yield "sources", ", ".join(found.sources)


def is_step(reason: Reason) -> bool:
    """Return whether *reason* changed the severity, rather than being the one to begin with."""
    return reason.effect[:1] in "+-"


def rated(found: Finding) -> list[Reason]:
    """Return the reasons of its severity."""
    return [reason for reason in found.reasons if reason.effect not in (MISSING, DISGUISED)]


def missing(found: Finding) -> str:
    """Return what a figure does not tell, in words; "" when it is no figure, or tells all."""
    return ", ".join(_ASKED[Slot(reason.cue)] for reason in found.reasons if reason.effect == MISSING)


def disguised(found: Finding) -> str:
    """Return what the words of *found* stand for; "" when they are written as they are meant."""
    return next((reason.cue for reason in found.reasons if reason.effect == DISGUISED), "")


def reason_text(reason: Reason) -> str:
    """Return *reason* in words."""
    if not is_step(reason):
        return f"{reason.effect} to begin with"
    return f'{reason.effect} for "{reason.cue}"'


def advice(suggestion: Suggestion, found: Finding, document: Audit) -> str:
    """Return what *suggestion* says to do, with the words that it is for unless they are those of *found*."""
    replaced = head(" ".join(harmless(suggestion.span.of(document.source)).split()), QUOTED)
    match (replaced, suggestion.text):
        case ("", text):
            said = f"add {text.strip()}"
        case (_, ""):
            said = f'leave out "{replaced}"'
        case (_, text) if suggestion.span == found.span:
            said = text
        case (_, text):
            said = f'{text} (for "{replaced}")'
    return f"{said} - {suggestion.note}" if suggestion.note else said
