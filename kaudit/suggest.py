"""Suggest: a match and its sentence in, words to use instead out, fitted to the place.

The first rewrite of the rule that fits around the match is filled in; then its capitals, its verb forms and the article
in front of it are put right. What a person must decide or fill in is marked as unsafe.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from kaudit.catalog import inflect
from kaudit.catalog.compiled import PLACE_OF_KIND, Rewrite, Subject
from kaudit.catalog.fitter import Fit
from kaudit.model import Segment, Span
from kaudit.search import Searcher, trimmed

_REFERENCE = re.compile(r"\{(?P<slot>[a-z]\w*)(?:\.(?P<fact>\w+)|>(?P<verb>[^{}]+))?\}")
_PLACEHOLDER = re.compile(r"\[[^\]]+\]")
_FIRST_WORD = re.compile(r"[\w'%$#-]+")
_NEXT_WORD = re.compile(r"\W*([\w'-]+)")
_WORD_BEFORE = re.compile(r"([\w']+) $")
_MODALS = frozenset({"will", "can", "could", "would", "may", "might", "does", "do", "did", "shall", "must", "should"})
_FINITE_BE = {"is": "be", "are": "be", "was": "have been", "were": "have been"}
_SMALL = frozenset("""a an and as at but by for from if in nor of on or per so the to up via vs with""".split())  # noqa: SIM905
_AN = re.compile(r"[aeio]|u(?!ni|se|su|ti)|8|hour|hono|11|18", re.IGNORECASE)
_SPELLED_AN = frozenset("AEFHILMNORSX")
"""Capitals whose names begin with a vowel: an FDA letter, an NMDA receptor."""
_DETERMINED = frozenset("""a an the one some no this that its their our your any each [""".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Draft:
    """A suggestion in the coordinates of the text that the match is in."""

    span: Span
    text: str
    safe: bool
    note: str | None


def suggest(
    rewrites: Iterable[Rewrite],
    span: Span,
    segment: Segment,
    subject: Subject | None,
    anything: Subject | None,
    inflections: Mapping[str, tuple[str, ...]],
    written: Callable[[Span], str],
    searcher: Searcher,
) -> tuple[Draft, ...]:
    """Return what to write instead of the match at *span*, by the first of its rule's *rewrites* that fits there.

    *subject* is what the document is about, *anything* holds the placeholders for when it is not known; *written* gives
    the words as the author wrote them, from a span in the same text as the match.
    """
    drafts: list[Draft] = []
    for rewrite in rewrites:
        if drafts and not rewrite.also:
            continue
        found = _fitting(rewrite, span, segment, searcher)
        if found is not None:
            drafts.append(_Filler(segment, subject, anything, inflections, written).fill(rewrite, found))
    return tuple(drafts)


def _fitting(rewrite: Rewrite, span: Span, segment: Segment, searcher: Searcher) -> Fit | None:
    place = PLACE_OF_KIND.get(segment.kind, "paragraph")
    asked = segment.text.rstrip("\"' ").endswith("?")
    if rewrite.places and place not in rewrite.places and not (asked and "question" in rewrite.places):
        return None
    target = span.shifted(-segment.start)
    for found in searcher.fits(rewrite.pattern, segment.text):
        if found.span.overlaps(target):
            return found
    return None


class _Filler:
    """Fills in one rewrite at one place."""

    def __init__(
        self,
        segment: Segment,
        subject: Subject | None,
        anything: Subject | None,
        inflections: Mapping[str, tuple[str, ...]],
        written: Callable[[Span], str],
    ) -> None:
        self.segment = segment
        self.facts = {**(anything.facts if anything else {}), **(subject.facts if subject else {})}
        self.inflections = inflections
        self.written = written

    def fill(self, rewrite: Rewrite, found: Fit) -> Draft:
        """Return the suggestion that *rewrite* makes of *found*."""
        span = trimmed(self.segment.text, found.span)
        parts: list[str] = []
        done = 0
        for reference in _REFERENCE.finditer(rewrite.to):
            parts.append(rewrite.to[done : reference.start()])
            filled, span = self._reference(reference, found, span)
            parts.append(filled)
            done = reference.end()
        parts.append(rewrite.to[done:])
        text = " ".join("".join(parts).split())
        original = self.written(span.shifted(self.segment.start))
        text = self._styled(text, original, span)
        span, text = self._joined(span, text)
        safe = rewrite.safe and not _PLACEHOLDER.search(text)
        return Draft(span.shifted(self.segment.start), text, safe, rewrite.note)

    def _reference(self, reference: re.Match[str], found: Fit, span: Span) -> tuple[str, Span]:
        name, fact, verb = reference["slot"], reference["fact"], reference["verb"]
        if fact:
            return self.facts.get(fact, f"[{fact.replace('_', ' ')}]"), span
        slot = found.slots.get(name)
        if slot is None:
            return "", span
        if verb:
            return self._verb(slot.of(self.segment.text), verb, span)
        words = self.written(slot.shifted(self.segment.start))
        opens = slot.start == span.start and _is_capitalised(words) and self._starts_sentence(span)
        moved = reference.start() > 0
        return (words[:1].lower() + words[1:] if opens and moved else words), span

    def _verb(self, matched: str, verb: str, span: Span) -> tuple[str, Span]:
        """Return *verb* in the form of the *matched* one; a hedge before it takes the place of other auxiliaries."""
        form = self._form(matched.split(" ", 1)[0])
        hedged, _, base = verb.rpartition(" ")
        if not hedged:
            return self._in_form(base, form), span
        before = _WORD_BEFORE.search(self.segment.text, 0, span.start)
        word = before.group(1) if before else ""
        if form == "ing":
            return f"possibly {self._in_form(base, 'ing')}", span
        if form == "ed" and word in _FINITE_BE and before:
            return f"may {_FINITE_BE[word]} {self._in_form(base, 'ed')}", Span(before.start(), span.end)
        if form == "ed" and word in ("be", "been", "being"):
            return f"possibly {self._in_form(base, 'ed')}", span
        if form == "ed":
            return f"may have {self._in_form(base, 'ed')}", span
        if word in _MODALS and before:
            return f"{hedged} {base}", Span(before.start(), span.end)
        if word in ("helps", "help") and before:
            return f"may help {base}", Span(before.start(), span.end)
        if word == "to":
            return f"possibly {base}", span
        return f"{hedged} {base}", span

    def _form(self, word: str) -> str:
        if word.endswith("ing") and len(word) > 4:
            return "ing"
        if word.endswith("s") and not word.endswith("ss"):
            return "s"
        irregular = any(
            word in forms and word != base and not word.endswith(("s", "ing"))
            for base, forms in self.inflections.items()
        )
        return "ed" if irregular or word.endswith("ed") else "base"

    def _in_form(self, base: str, form: str) -> str:
        first, _, rest = base.partition(" ")
        return inflect.in_form(first, form, self.inflections) + (f" {rest}" if rest else "")

    def _starts_sentence(self, span: Span) -> bool:
        return not any(map(str.isalnum, self.segment.text[: span.start]))

    def _styled(self, text: str, original: str, span: Span) -> str:
        """Return *text* in capitals as the *original* has them."""
        letters = [letter for letter in original if letter.isalpha()]
        if len(letters) > 4 and all(map(str.isupper, letters)):
            return "".join(part if part.startswith("[") else part.upper() for part in re.split(r"(\[[^\]]*\])", text))
        words = [word for word in re.findall(r"[^\W\d_][\w']*", original) if word.lower() not in _SMALL]
        long_enough = len(words) > 1 or (words and _is_title(self.segment.cased))
        if long_enough and all(map(_is_capitalised, words)) and _is_title(self.segment.cased):
            return _title(text, first=self._starts_sentence(span))
        if self._starts_sentence(span) and text:
            return text[0].upper() + text[1:]
        return text

    def _joined(self, span: Span, text: str) -> tuple[Span, str]:
        """Return the replacement with the article in front of it put right, and no blank too many."""
        cased = self.segment.cased
        if not text:
            span, text = _cut(cased, span)
        before = re.search(r"\b(an?|the) $", cased[: span.start], re.IGNORECASE)
        following = _FIRST_WORD.match(text.lstrip(" [")) or _NEXT_WORD.match(cased, span.end)
        if before is None or following is None:
            return span, text
        article = before.group(1)
        first = following.group().strip()
        if text and (text.split(" ", 1)[0].lower() in _DETERMINED):
            capital = article[0].isupper()
            return Span(before.start(), span.end), text[0].upper() + text[1:] if capital else text
        if article.lower() == "the":
            return span, text
        right = "an" if _takes_an(first) else "a"
        if right == article.lower():
            return span, text
        right = right.capitalize() if article[0].isupper() else right
        blank = " " if text else ""
        return Span(before.start(), span.end), f"{right}{' ' if text else ''}{text}" if blank else f"{right} "


def _takes_an(word: str) -> bool:
    """Return whether "an" stands before *word*."""
    if len(word) > 1 and word[:2].isupper():
        return word[0] in _SPELLED_AN
    return _AN.match(word) is not None and not word.lower().startswith(("eu", "one", "ewe"))


def _cut(cased: str, span: Span) -> tuple[Span, str]:
    """Return what to replace to delete *span* without leaving a double blank or a small first letter."""
    start, end = span.start, span.end
    if not any(map(str.isalnum, cased[:start])):
        following = re.compile(r"[ ,;:-]*(\w)").match(cased, end)
        return (Span(start, following.end()), following.group(1).upper()) if following else (span, "")
    if cased[end : end + 1] == " ":
        return Span(start, end + 1), ""
    if cased[start - 1 : start] == " ":
        return Span(start - 1, end), ""
    return span, ""


def _is_capitalised(words: str) -> bool:
    return words[:1].isupper()


def _is_title(cased: str) -> bool:
    """Return whether the words of a heading begin with capitals."""
    words = [word for word in re.findall(r"[^\W\d_][\w']*", cased) if word.lower() not in _SMALL]
    return len(words) > 1 and sum(map(_is_capitalised, words)) >= 0.75 * len(words)


def _title(text: str, *, first: bool) -> str:
    return "".join(_title_words(text, first))


def _title_words(text: str, first: bool) -> Iterator[str]:
    inside = False
    at_start = first
    for part in re.split(r"(\s+|[\[\]])", text):
        if part in ("[", "]"):
            inside = part == "["
        if inside or not part[:1].isalpha() or (part.lower() in _SMALL and not at_start):
            yield part
        else:
            yield part[0].upper() + part[1:]
        at_start = at_start and not part.strip()
