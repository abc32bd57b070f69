"""Notes: what a report adds to a finding in words, the same in every format that is read by people."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kaudit.model import DISGUISED, MISSING, Audit, Finding, Reason, Slot, Span, Suggestion
from kaudit.report.display import harmless, head

QUOTED = 60
"""How much of the words to be replaced is quoted, in cells."""

_REST_OF_WORD = re.compile(r"[^\W\d_]+")

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
    place, text = whole_words(suggestion, document.source)
    replaced = _quoted(head(" ".join(harmless(place.of(document.source)).split()), QUOTED))
    if suggestion.span.start == suggestion.span.end:
        said = f"add {text.strip()}"
    elif not text:
        said = f"leave out {replaced}"
    else:
        said = text if place == found.span else f"{text} (for {replaced})"
    return f"{said} - {suggestion.note}" if suggestion.note else said


def whole_words(suggestion: Suggestion, source: str) -> tuple[Span, str]:
    """Return place and text of *suggestion*, wider where it cuts a word in two: "Drips" for "Miracle drips"."""
    place, text = suggestion.span, suggestion.text
    if not text or not text[-1:].isalpha() or not source[place.end - 1 : place.end].isalpha():
        return place, text
    rest = _REST_OF_WORD.match(source, place.end)
    return (Span(place.start, rest.end()), text + rest.group()) if rest else (place, text)


def _quoted(text: str) -> str:
    """Return *text* in marks that it does not hold itself."""
    return f"'{text}'" if '"' in text else f'"{text}"'
