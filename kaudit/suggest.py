"""Suggest: a match and its sentence in, words to use instead out, fitted to the place.

The first rewrite of the rule that fits around the match is filled in; then its capitals, its verb forms and the article
in front of it are put right. What a person must decide or fill in is marked as unsafe.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from kaudit.catalog import inflect
from kaudit.catalog.compiled import PLACE_OF_KIND, Rewrite, Subject
from kaudit.catalog.fitter import Fit
from kaudit.hedge import FINITE, Surroundings, Verb, hedge
from kaudit.model import Segment, Span
from kaudit.search import Searcher, trimmed

_REFERENCE = re.compile(r"\{(?P<slot>[a-z]\w*)(?:\.(?P<fact>\w+)|>(?P<verb>[^{}]+))?\}")
_PLACEHOLDER = re.compile(r"\[[^\]]+\]")
_FIRST_WORD = re.compile(r"[\w'%$#-]+")
_NEXT_WORD = re.compile(r"\W*([\w'-]+)")
_HEDGE = re.compile(r"may(?P<limit>, [^,]+,)?(?: (?P<verb>.+))?")
_LAST_WORD = re.compile(r"([\w'-]+|[^\w\s]) ?$")
_NEXT_SIGN = re.compile(r" ?([\w'-]+|[^\w\s])")
_SIGN_OR_AND = re.compile(r"(?:,| and| &)+ \b")
_ARTICLES = frozenset("a an the our your their its this".split())  # noqa: SIM905
_JOINING = frozenset((",", "and", "or", "&"))
_TIED = _ARTICLES | frozenset(
    """is are was were be been being feel feels look looks more most very so too truly really completely totally of in
    with for by to as not""".split()  # noqa: SIM905
)
_FUNCTION = frozenset(
    """and or but for to in of with by that which who is are was were has have can will may at on from as so than
    because when where while""".split()  # noqa: SIM905
)
_SAYS_WHEN = frozenset(
    "after at before by from in inside on over overnight since tonight within with".split()  # noqa: SIM905
)
_ONE_OF = re.compile(r"\bone of (?:the|our|its|their) $")
_EVER = re.compile(r" (?:\S+ ){0,3}ever\b| (?:quality|possible|practice)\b")
_ADJECTIVE_BEFORE = re.compile(r"\b(?:an?|the|our|your|their|its|this|most|more) [\w'-]+ ?$")
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
    is_hedge: bool = False
    """Whether it only hedges a verb of the claim."""


def suggest(
    rewrites: Iterable[Rewrite],
    span: Span,
    segment: Segment,
    subject: Subject | None,
    anything: Subject | None,
    inflections: Mapping[str, tuple[str, ...]],
    written: Callable[[Span], str],
    searcher: Searcher,
    is_needed: Callable[[], bool] = lambda: False,
    is_clean: Callable[[Draft], bool] = lambda draft: True,
) -> tuple[Draft, ...]:
    """Return what to write instead of the match at *span*, by the first of its rule's *rewrites* that fits there.

    *subject* is what the document is about, *anything* holds the placeholders for when it is not known; *written* gives
    the words as the author wrote them, from a span in the same text as the match; *is_needed* tells whether readers
    need the sentence, so that it cannot be replaced whole, *is_clean* whether a draft makes no claim that was not there
    before.
    """
    drafts: list[Draft] = []
    filler = _Filler(segment, subject, anything, inflections, written)
    for rewrite in rewrites:
        if (drafts and not rewrite.also) or (rewrite.whole and is_needed()):
            continue
        made = (filler.fill(rewrite, found) for found in _fitting(rewrite, span, segment, searcher))
        is_known = rewrite.whole and "{" not in rewrite.to  # by the tests of the catalog
        good = (draft for draft in made if draft is not None and (is_known or is_clean(draft)))
        drafts += islice(good, 1)
    return tuple(drafts)


def _fitting(rewrite: Rewrite, span: Span, segment: Segment, searcher: Searcher) -> Iterator[Fit]:
    place = PLACE_OF_KIND.get(segment.kind, "paragraph")
    asked = segment.text.rstrip("\"' ").endswith("?")
    if rewrite.places and place not in rewrite.places and not (asked and "question" in rewrite.places):
        return
    target = span.shifted(-segment.start)
    if rewrite.pattern is None:
        yield Fit(target, {})
        return
    for found in searcher.fits(rewrite.pattern, segment.text):
        if rewrite.whole or found.span.overlaps(target):
            yield found


_NOTES = re.compile(r"\w\.\d{1,2}(?:,\d{1,2})*$")
"""The marks of notes behind a full stop."""


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
        self._is_prose = _is_prose(segment)
        self._around = Surroundings(segment.text, is_prose=self._is_prose)

    def fill(self, rewrite: Rewrite, found: Fit) -> Draft | None:
        """Return the suggestion that *rewrite* makes of *found*, or None when it would not read well."""
        span = trimmed(self.segment.text, found.span)
        if rewrite.at and rewrite.at in found.slots:
            span = trimmed(self.segment.text, found.slots[rewrite.at])
        end = ""
        if rewrite.whole:
            span, end = self._whole()
        parts: list[str] = []
        done = 0
        for reference in _REFERENCE.finditer(rewrite.to):
            parts.append(rewrite.to[done : reference.start()])
            filled = self._reference(reference, found, span)
            if filled is None:
                return None
            text, span = filled
            parts.append(text)
            done = reference.end()
        parts.append(rewrite.to[done:])
        text = " ".join("".join(parts).split())
        original = self.written(span.shifted(self.segment.start))
        text = self._styled(text, original, span)
        if rewrite.at and _is_capitalised(original) and text:
            text = text[0].upper() + text[1:]
        if rewrite.whole:
            text += end if text[-1:].isalnum() else ""
        else:
            joined = self._joined(span, text)
            if joined is None:
                return None
            span, text = joined
        safe = rewrite.safe and not _PLACEHOLDER.search(text)
        return Draft(span.shifted(self.segment.start), text, safe, rewrite.note, rewrite.at is not None)

    def _whole(self) -> tuple[Span, str]:
        """Return the whole sentence without the signs around it, and the sign to end another one with.

        Quotation marks go with what was said, and a bracket with its other half.
        """
        text = self.segment.text
        start = next((at for at, letter in enumerate(text) if letter.isalnum()), 0)
        end = next((at for at in range(len(text), 0, -1) if text[at - 1].isalnum()), len(text))
        lead, tail = text[:start], text[end:]
        mark = re.search(r"[!?]+", tail)
        taken = mark.end() if mark else 0
        for opening, closing in ('""', "()", "[]"):
            if opening == closing or lead.count(opening) != tail.count(closing):
                start = min(start, lead.find(opening) if opening in lead else start)
                taken = max(taken, tail.rfind(closing) + 1)
        ends = "." in tail[:taken] or (self._is_prose and any(sign in tail[:taken] for sign in "!?"))
        ends = ends or _NOTES.search(text[:end]) is not None
        return Span(start, end + taken), "." if ends else ""

    def _reference(self, reference: re.Match[str], found: Fit, span: Span) -> tuple[str, Span] | None:
        name, fact, verb = reference["slot"], reference["fact"], reference["verb"]
        if fact:
            return (self.facts[fact], span) if fact in self.facts else None
        slot = found.slots.get(name)
        if slot is None:
            return "", span
        if verb:
            return self._verb(slot, verb, span)
        words = self.written(slot.shifted(self.segment.start))
        opens = slot.start == span.start and _is_capitalised(words) and self._starts_sentence(span)
        moved = reference.start() > 0
        return (words[:1].lower() + words[1:] if opens and moved else words), span

    def _verb(self, slot: Span, wanted: str, span: Span) -> tuple[str, Span] | None:
        """Return the *wanted* verb in the form of the one in *slot*, perhaps hedged; None where that fits badly."""
        matched = slot.of(self.segment.text)
        first, _, rest = matched.partition(" ")
        form = self._form(first)
        hedged = _HEDGE.fullmatch(wanted)
        other = hedged["verb"] if hedged else wanted

        def in_form(form_wanted: str) -> str:
            if other:
                return self._in_form(other, form_wanted)
            if form_wanted == form:
                return matched
            return " ".join(part for part in (inflect.base_of(first, self.inflections), rest) if part)

        if hedged is None:
            return in_form(form), span
        if other and first.startswith("help") and not other.startswith("help"):
            return None  # "help support": another verb depends on it
        verb = Verb(Span(span.start, max(slot.end, span.start)), form, in_form)
        limit = hedged["limit"] or ""
        if limit and self._around.speaks_to(span.start):
            limit = limit.replace("in some people", "for some")
        made = hedge(verb, self._around, limit)
        return (made.text, Span(made.span.start, span.end)) if made else None

    def _form(self, word: str) -> str:
        if word.endswith("ing") and len(word) > 4:
            return "ing"
        if word.endswith("s") and not word.endswith("ss"):
            return "s"
        irregular = any(
            word in forms and word != base and not word.endswith(("s", "ing"))
            for base, forms in self.inflections.items()
        )
        return "ed" if irregular or (word.endswith("ed") and not word.endswith(("eed", "shed"))) else "base"

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

    def _joined(self, span: Span, text: str) -> tuple[Span, str] | None:
        """Return the replacement with the article in front of it put right, and no blank too many.

        None where the words around it leave no sentence.
        """
        cased = self.segment.cased
        if not text:
            cut = _cut(cased, self.segment.text, span)
            if cut is None:
                return None
            span, text = cut
        elif not self._reads_well(span, text):
            return None
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

    def _reads_well(self, span: Span, text: str) -> bool:
        """Return whether *text* can stand where *span* is, by the words next to it."""
        words = text.lower()
        if FINITE.match(words):
            before = self._around.before(span.start)
            of_verb = bool(before) and FINITE.match(self.segment.text, span.start) is not None
            if not (of_verb or self._around.takes_verb(span.start)):
                return False
            if words.startswith("can ") and not self._around.is_closed(span.end):
                return False
        if words.startswith("after ") and self._around.after(span.start) not in _SAYS_WHEN:
            return False
        left = [word for _, word in self._around.before(span.start)][:2]
        described = len(left) == 2 and left[1] in _ARTICLES and left[0] not in _ARTICLES | _FUNCTION
        if described and words.split(" ", 1)[0] in ("a", "an", "one", "some"):
            return False  # "a renewed [an option]"
        return not words.endswith("some people") or self._around.is_closed(span.end)


def _takes_an(word: str) -> bool:
    """Return whether "an" stands before *word*."""
    if len(word) > 1 and word[:2].isupper():
        return word[0] in _SPELLED_AN
    return _AN.match(word) is not None and not word.lower().startswith(("eu", "one", "ewe"))


def _cut(cased: str, text: str, span: Span) -> tuple[Span, str] | None:
    """Return what to replace to delete *span*, so that what is left reads as if it had never been there.

    None where it cannot be missed: "is [safe]", "a [natural] or mild one".
    """
    start, end = span.start, span.end
    before = _LAST_WORD.search(text, 0, start)
    after = _NEXT_SIGN.match(text, end)
    left = before.group(1) if before else ""
    right = after.group(1) if after else ""
    ends = not right[:1].isalnum() or right in _FUNCTION
    if (
        (left in _JOINING and ends)
        or _EVER.match(text, end)
        or _ONE_OF.search(text, 0, start)
        or "-" in (text[start - 1 : start], text[end : end + 1])
    ):
        return None
    if (left in _TIED or left.endswith("ly")) and ends:
        joined = _SIGN_OR_AND.match(text, end)
        if joined is None or left not in _ARTICLES or _NEXT_SIGN.match(text, joined.end()) is None:
            return None
        end = joined.end() - 1  # "a [natural], mild one"
    elif left in _JOINING and right:
        described = _ADJECTIVE_BEFORE.search(text, 0, before.start(1) if before else 0)
        if described is None:
            return None
        if left == ",":
            return Span(described.end(), end), ""  # "a mild, [natural] one"
        start = described.end()  # "a mild and [natural] one"
    if not any(map(str.isalnum, cased[:start])):
        following = re.compile(r"[ ,;:&-]*(?:and )?(\w)").match(cased, end)
        if right in _FUNCTION - {"and"}:
            return None
        return (Span(start, following.end()), following.group(1).upper()) if following else None
    if cased[end : end + 1] == " ":
        return Span(start, end + 1), ""
    if cased[start - 1 : start] == " ":
        return Span(start - 1, end), ""
    return Span(start, end), ""


def _is_prose(segment: Segment) -> bool:
    """Return whether it is a sentence, not a heading, an item or a line that ends in no full stop."""
    return segment.kind not in PLACE_OF_KIND and segment.text.rstrip("\"')]")[-1:] in tuple(".!?")


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
