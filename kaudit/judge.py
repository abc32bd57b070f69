"""Judge context: a match and its sentence in, a Judgement out.

Sees the sentence, the heading above and the sentence after; knows nothing of rules or severity (see rate.py). The scope
of a cue is that of ConText (Harkema et al., J Biomed Inform 2009;42:839): a direction, a reach in words, and words that
end it.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from kaudit.catalog.cues import ABOVE, OPENS, TOKEN, CueKind, Cues, CueType, Direction
from kaudit.model import GAP, BlockKind, Context, Effect, Judgement, Segment, Slot, Span, Weight

REMEMBERED = 200
"""How many sentences and headings the tokens are kept of."""
_LIST_ITEM = 5
"""Words that an item of a list has at most; behind a longer one a comma ends the scope."""
_ASIDE = 8
"""Words of an aside right behind a cue: "not, as some say, a cure"."""
_ASIDES = {",": ",", "(": ")"}
_BEFORE_OPENER = frozenset({",", ":", "-", "--", ";", "so", "but", "and", "then"})
_SHORT_HEADING = 3
"""Words of a heading that is about every sentence below it: "Myth 2"."""
_JOINS_DENIED = frozenset({"or", "nor"})
_JOINS = frozenset({"or", "nor", "and"})
_NOTHING = frozenset[int]()
_AGAINST = (CueType.CRITICISM, CueType.WARNING)
_CONTEXTS = {
    CueType.NEGATION: Context.NEGATED,
    CueType.HEDGE: Context.HEDGED,
    CueType.CONDITION: Context.CONDITIONAL,
    CueType.LIMIT: Context.LIMITED,
    CueType.BOOSTER: Context.BOOSTED,
    CueType.INDIRECT: Context.ASKED,
    CueType.CRITICISM: Context.CRITICISED,
    CueType.WARNING: Context.WARNED,
    CueType.RISK: Context.RISK,
    CueType.SOURCE: Context.SOURCED,
    CueType.VULNERABLE: Context.VULNERABLE,
}
"""What a match in the scope of a cue is; the other types say something of the sentence."""

_LESS = frozenset({CueType.HEDGE, CueType.LIMIT, CueType.NARROWER})
_MORE = frozenset({CueType.BOOSTER, CueType.WIDER, CueType.VULNERABLE})
_SIGNS = frozenset("%$&+?")
"""What says something without being a word."""
_FRAGMENT = 4
"""Words of a sentence at most that only goes on with the one beside it: "Every single time."."""
_SUBJECTS = frozenset(("this", "that", "these", "those", "here", "there")) | frozenset(
    ("i", "you", "he", "she", "it", "we", "they", "my", "your", "his", "her", "its", "our", "their", "a", "an", "the")
)
_FINITE = frozenset(("am", "are", "is", "was", "were", "do", "does", "did", "has", "have", "had")) | frozenset(
    ("can", "could", "may", "might", "must", "shall", "should", "will", "would")
)
"""What begins a sentence that speaks for itself, and what such a one has; fragments begin otherwise, and lack it."""
_AROUND = 60
"""How many words before a claim, and as many behind it, tell how it is put."""
_STUDIED = (CueType.POPULATION, CueType.SAMPLE)
_SLOTS = {
    CueType.POPULATION: Slot.POPULATION,
    CueType.SAMPLE: Slot.NUMBER,
    CueType.COMPARATOR: Slot.COMPARATOR,
    CueType.OUTCOME: Slot.OUTCOME,
    CueType.TIME: Slot.TIME,
    CueType.SOURCE: Slot.SOURCE,
}
"""What a cue tells of a figure."""
_OF_STUDY = frozenset((Slot.POPULATION, Slot.NUMBER, Slot.OUTCOME, Slot.SOURCE))


@dataclass(frozen=True, slots=True)
class FoundCue:
    """A cue in a sentence. Its place and scope are counted in tokens; a scope includes both its ends."""

    kind: CueKind
    text: str
    span: Span
    """In the text of the sentence."""
    first: int
    after: int
    """The first token behind the cue."""
    scope_start: int
    """A match before the cue ends here or later."""
    scope_end: int
    """A match behind the cue starts here or earlier."""
    longer: Span | None = None
    """The longer cue that hides this one, except from a match that overlaps it: "not" in "not [[approved]]"."""


@dataclass(frozen=True, slots=True)
class FoundCues:
    """All that a sentence and its neighbours say about the matches in it."""

    cues: tuple[FoundCue, ...]
    starts: tuple[int, ...]
    """Where each token starts, in the text of the sentence."""
    ends: tuple[int, ...]
    quotations: tuple[Span, ...]
    question: Effect | None
    asked_from: int
    """The first and the last token of the question."""
    asked_to: int
    compared: Effect | None
    disowned_by: str
    """The heading or next sentence that takes back the whole sentence; "" when there is none."""


@dataclass(frozen=True, slots=True)
class _Tokens:
    words: list[str]
    starts: list[int]
    ends: list[int]


def find_cues(segment: Segment, cues: Cues) -> FoundCues:
    """Return all cues of *segment*, once for all its matches."""
    text = segment.text
    tokens = _tokens(text)
    phrases = list(_phrases(tokens.words, cues))
    scopes = _Scopes(tokens.words, cues, phrases)
    found: list[FoundCue] = []
    for first, after, kind in phrases:
        longer: Span | None = None
        while cues.kinds[kind].type is not CueType.PSEUDO:
            span = Span(tokens.starts[first], tokens.ends[after - 1])
            found.append(scopes.cue(text, kind, first, after, span, longer))
            shorter = _longest(tokens.words, first, after - first - 1, cues)
            if shorter is None:
                break
            longer = span
            after, kind = shorter
    has_digit = any(map(text.__contains__, "0123456789"))
    for mark in cues.marks:
        for here in mark.spans(text) if has_digit or not mark.needs_digit else ():
            first = bisect_right(tokens.ends, here.start)
            found.append(scopes.cue(text, mark.kind, first, bisect_left(tokens.starts, here.end), here))
    question, asked_from, asked_to = _question(segment, tokens, cues)
    return FoundCues(
        cues=tuple(found),
        starts=tuple(tokens.starts),
        ends=tuple(tokens.ends),
        quotations=_quotations(segment) if segment.marks_before > 0 or '"' in text else (),
        question=question,
        asked_from=asked_from,
        asked_to=asked_to,
        compared=_comparison(found, segment),
        disowned_by=_rebuttal(segment, cues) or _heading(segment, tokens.words, cues),
    )


def judge(span: Span, segment: Segment, found: FoundCues) -> Judgement:
    """Return how *segment* uses the match at *span* of the document's normalised text."""
    match = span.shifted(-segment.start)
    first = bisect_right(found.ends, match.start)
    last = bisect_left(found.starts, match.end) - 1
    is_quoted = any(quotation.contains(match) for quotation in found.quotations)
    near: list[tuple[int, FoundCue]] = []
    for cue in found.cues:
        if cue.span.overlaps(match) or (cue.longer and not cue.longer.overlaps(match)):
            continue  # the rule has taken its own words into account
        distance = _distance(cue, first, last)
        if distance is None and is_quoted and cue.kind.type in _AGAINST:
            distance = len(found.starts)
        if distance is not None:
            near.append((distance, cue))
    near.sort(key=lambda pair: pair[0])
    taken_back = _taken_back([cue for _, cue in near])
    effects: dict[Context, Effect] = {}
    for _, cue in near:
        context = _CONTEXTS.get(cue.kind.type)
        if context is not None and context not in effects and cue not in taken_back:
            effects[context] = Effect(context, cue.text, cue.span.shifted(segment.start))
    if found.question and found.asked_from <= first <= found.asked_to:
        effects.setdefault(found.question.context, found.question)
    if is_quoted:
        effects[Context.QUOTED] = Effect(Context.QUOTED, '"', span)
    if found.compared:
        effects[Context.COMPARED] = found.compared
    if found.disowned_by:
        effects.setdefault(Context.CRITICISED, Effect(Context.CRITICISED, found.disowned_by, span))
    return Judgement(tuple(effects.values()))


def weigh(span: Span, segment: Segment, found: FoundCues, cues: Cues) -> Weight:
    """Return how strongly *segment* puts the match at *span*; its cues are *found*, of all *cues*.

    The whole sentence counts, whether or not the severity heeds its words. A list item is put as the words that lead in
    its list put it, and a sentence as the fragments do that lead it in or follow on it: "It works. No ifs or buts."
    """
    match = span.shifted(-segment.start)
    less: list[str] = []
    more: list[str] = []
    weighed: list[Span] = []
    for cue in found.cues:
        if cue.longer or cue.kind.two_edged or cue.span.overlaps(match) or cue.kind.type not in _LESS | _MORE:
            continue
        (less if cue.kind.type in _LESS else more).append(cue.kind.stands_for or cue.text)
        weighed.append(cue.span)
    if any(quotation.contains(match) for quotation in found.quotations):
        less.append('"')
    opening, closing = (_fragment(sentence, cues) for sentence in (segment.before, segment.goes_on))
    more += [*opening.more, *closing.more]
    told = [
        Span(start, end)
        for start, end in zip(found.starts, found.ends, strict=True)
        if (segment.text[start].isalnum() or segment.text[start] in _SIGNS)
        and not any(part.start <= start < part.end for part in (*weighed, match))
    ]
    before = [place.of(segment.text) for place in told if place.start < match.start]
    after = [place.of(segment.text) for place in told if place.start >= match.start]
    lead = [word for word in _tokens(segment.lead).words if word[0].isalnum()]
    ahead, behind = _nearest([*lead, *opening.words, *before][::-1])[::-1], _nearest([*after, *closing.words])
    return Weight(tuple(sorted(less)), tuple(sorted(more)), " ".join((*ahead, GAP, *behind)))


class _Fragment(NamedTuple):
    words: list[str]
    """Those that are no cue."""
    more: list[str]
    """What adds to the sentence beside it."""


def _fragment(sentence: str, cues: Cues) -> _Fragment:
    """Return what a *sentence* beside another says of that; nothing but known boosters if it speaks for itself."""
    if len(sentence.split()) > _FRAGMENT:
        return _Fragment([], [])
    words = _tokens(sentence).words
    adding = [
        (first, after)
        for first, after, kind in _phrases(words, cues)
        if cues.kinds[kind].type in _MORE and not cues.kinds[kind].two_edged
    ]
    cue = {place for first, after in adding for place in range(first, after)}
    is_whole = (words[:1] and words[0] in _SUBJECTS) or not _FINITE.isdisjoint(words)
    told = [word for place, word in enumerate(words) if place not in cue and word[0].isalnum() and not is_whole]
    return _Fragment(told, [" ".join(words[first:after]) for first, after in adding])


def _nearest(words: list[str]) -> list[str]:
    """Return the first of *words*, and for those further off a digest, which tells when one of them changes."""
    far = " ".join(words[_AROUND:])
    return words[:_AROUND] + ([f"#{hashlib.sha256(far.encode()).hexdigest()[:16]}"] if far else [])


def find_slots(segment: Segment, cues: Cues) -> frozenset[Slot]:
    """Return what *segment* tells of a figure; of the study the sentence before may tell: "a trial of 73 adults"."""
    return frozenset(_slots_in(segment.text, cues)) | (_OF_STUDY & frozenset(_slots_in(segment.before, cues)))


def _slots_in(text: str, cues: Cues) -> Iterator[Slot]:
    words = _tokens(text).words
    kinds = [cues.kinds[kind].type for _, _, kind in _phrases(words, cues)]
    kinds += [cues.kinds[mark.kind].type for mark in cues.marks if mark.spans(text)]
    for kind in kinds:
        if kind in _SLOTS:
            yield _SLOTS[kind]


def _distance(cue: FoundCue, first: int, last: int) -> int | None:
    """Return how many tokens lie between *cue* and the match from *first* to *last*; None out of the cue's scope."""
    if cue.after <= first:
        return first - cue.after if first <= cue.scope_end else None
    return cue.first - last if last >= cue.scope_start else None


def _taken_back(cues: list[FoundCue]) -> list[FoundCue]:
    """Return the cues that undo each other: "it is not true that it does not work"."""
    flipping = [cue for cue in cues if cue.kind.flips]
    if not flipping:
        return []
    negations = [cue for cue in cues if cue.kind.type is CueType.NEGATION and not cue.kind.flips]
    if any(outer.first < inner.first for outer in flipping for inner in negations):
        return flipping + negations
    return []


@lru_cache(REMEMBERED)
def _tokens(text: str) -> _Tokens:
    """Return the tokens of a sentence, which are asked for again for its neighbours and what stands below it."""
    spans = [token.span() for token in TOKEN.finditer(text)]
    return _Tokens([text[start:end] for start, end in spans], [start for start, _ in spans], [end for _, end in spans])


def _phrases(words: list[str], cues: Cues) -> Iterator[tuple[int, int, int]]:
    """Yield first token, token behind and kind of each cue, from left to right; the longest counts, none overlap."""
    at, count = 0, len(words)
    while at < count:
        found = _longest(words, at, count - at, cues) if words[at] in cues.widths else None
        if found:
            yield at, *found
            at = found[0]
        else:
            at += 1


def _longest(words: list[str], at: int, limit: int, cues: Cues) -> tuple[int, int] | None:
    """Return the token behind, and the kind, of the longest cue at token *at* of at most *limit* tokens."""
    for width in cues.widths[words[at]]:
        if width <= limit:
            kind = cues.phrases.get(" ".join(words[at : at + width]))
            if kind is not None:
                return at + width, kind
    return None


def _marked(mark: str, words: list[str], at: int, cues: Cues) -> tuple[int, CueType] | None:
    """Return the token behind, and the type, of the longest cue at token *at* among those of a special place."""
    for width in cues.widths.get(mark, ()):
        kind = cues.phrases.get(" ".join((mark, *words[at : at + width - 1])))
        if kind is not None and at + width - 1 <= len(words):
            return at + width - 1, cues.kinds[kind].type
    return None


class _Scopes:
    """How far each cue of a sentence reaches."""

    def __init__(self, words: list[str], cues: Cues, phrases: list[tuple[int, int, int]]) -> None:
        self._words = words
        self._kinds = cues.kinds
        self._ended_by_comma = cues.stops.get(",", _NOTHING)
        self._ended_at: dict[int, frozenset[int]] = {}
        within = {at for first, after, _ in phrases for at in range(first + 1, after)}
        for at, word in enumerate(words):
            for width in cues.stop_widths.get(word, ()):
                stopped = cues.stops.get(" ".join(words[at : at + width]))
                if stopped and at not in within and not (width == 1 and word == ","):
                    self._ended_at[at] = self._ended_at.get(at, _NOTHING) | stopped

    def cue(self, text: str, kind: int, first: int, after: int, span: Span, longer: Span | None = None) -> FoundCue:
        """Return a cue with its scope."""
        what = self._kinds[kind]
        count = len(self._words)
        start, end = count, -1
        if what.direction is not Direction.FORWARD:
            start = 0 if what.reach is None else self._backward(kind, first, what.reach)
        if what.direction is not Direction.BACKWARD:
            end = count if what.reach is None else self._forward(kind, after, what.reach)
        return FoundCue(what, span.of(text), span, first, after, start, end, longer)

    def _forward(self, kind: int, after: int, reach: int) -> int:
        words = self._words
        at = self._behind_aside(after)
        left = reach
        while at < len(words):
            if kind in self._ended_at.get(at, _NOTHING):
                return at - 1
            if words[at] == ",":
                if self._is_in_list(kind, at):
                    left = reach
                elif kind in self._ended_by_comma:
                    return at - 1
            elif words[at][0].isalnum():
                if left == 0:
                    return at
                left -= 1
            at += 1
        return at

    def _backward(self, kind: int, first: int, reach: int) -> int:
        at = first - 1
        if at >= 0 and self._words[at] == ",":
            at -= 1
        left = reach
        while at >= 0:
            word = self._words[at]
            if kind in self._ended_at.get(at, _NOTHING) or (word == "," and kind in self._ended_by_comma):
                return at + 1
            if word[0].isalnum():
                if left == 0:
                    return at
                left -= 1
            at -= 1
        return 0

    def _behind_aside(self, at: int) -> int:
        """Return *at*, or the token behind an aside that starts there: "not (yet)", "not, as some say,", "myth:"."""
        if self._words[at : at + 1] == [":"]:
            return at + 1
        close = _ASIDES.get(self._words[at]) if at < len(self._words) else None
        if close is None:
            return at
        aside = self._words[at + 1 : at + 2 + _ASIDE]
        return at + 2 + aside.index(close) if close in aside else at + 1

    def _is_in_list(self, kind: int, comma: int) -> bool:
        """Return whether a *comma* stands between short items, the last of them after "or" or the like.

        A denied list has no "and": "no pills, instant relief and a good night's sleep".
        """
        joins = _JOINS_DENIED if self._kinds[kind].type is CueType.NEGATION else _JOINS
        length = 0
        for at in range(comma + 1, len(self._words)):
            word = self._words[at]
            if word in joins:
                return True
            length = 0 if word == "," else length + 1
            if length > _LIST_ITEM or kind in self._ended_at.get(at, _NOTHING):
                return False
        return False


def _question(segment: Segment, tokens: _Tokens, cues: Cues) -> tuple[Effect | None, int, int]:
    """Return what being a question makes of a match, and between which tokens."""
    words = tokens.words
    count = len(words)
    if "?" not in words:
        opening = _marked(OPENS, words, 0, cues) if segment.kind is BlockKind.HEADING else None
        if not opening or opening[1] is not CueType.QUESTION:
            return None, 0, 0
        asked = Span(tokens.starts[0], tokens.ends[opening[0] - 1])
        heading = _answered(segment.after, cues) or (Context.ASKED, asked.of(segment.text))
        # a subject comes first: "Is it safe" asks, "Is safe" tells
        return Effect(*heading, asked.shifted(segment.start)), opening[0] + 1, count
    mark = count - 1 - words[::-1].index("?")
    place = Span(tokens.starts[mark], tokens.ends[mark])
    answered = _answered(segment.after, cues)
    opener, after, kind = _opener(words[:mark], cues)
    if answered:
        context, cue = answered
    elif after:
        place = Span(tokens.starts[opener], tokens.ends[after - 1])
        context = Context.PRESUPPOSED if kind is CueType.PRESUPPOSING else Context.ASKED
        cue = place.of(segment.text)
    else:
        context, cue = Context.ASKED, "?"
    return Effect(context, cue, place.shifted(segment.start)), opener, mark


def _opener(words: list[str], cues: Cues) -> tuple[int, int, CueType]:
    """Return the first token, the token behind and the type of what opens the question; zeros when nothing does."""
    for at in range(len(words)):
        if at == 0 or words[at - 1] in _BEFORE_OPENER:
            opening = _marked(OPENS, words, at, cues)
            if opening and opening[1] in (CueType.QUESTION, CueType.WH, CueType.PRESUPPOSING):
                return at, *opening
    return 0, 0, CueType.QUESTION


def _answered(answer: str, cues: Cues) -> tuple[Context, str] | None:
    """Return what the sentence after a question makes of it: a "no" leaves it asked, a "yes" presupposed."""
    opening = _reply(answer, cues)
    if opening is None or opening[0] not in (CueType.NO, CueType.YES, CueType.REBUTTAL):
        return None
    return (Context.PRESUPPOSED if opening[0] is CueType.YES else Context.ASKED), opening[1]


def _reply(text: str, cues: Cues) -> tuple[CueType, str] | None:
    """Return the type and the words of the cue that *text* opens with; a single word, or a yes, stands apart."""
    tokens = _tokens(text)
    opening = _marked(OPENS, tokens.words, 0, cues)
    if opening is None:
        return None
    after, kind = opening
    end = tokens.ends[after - 1]
    if (after == 1 or kind is CueType.YES) and text[end:].lstrip()[:1].isalnum():
        return None
    return kind, text[tokens.starts[0] : end]


def _rebuttal(segment: Segment, cues: Cues) -> str:
    """Return the words with which the next sentence takes this one back."""
    reply = _reply(segment.after, cues) if segment.after else None
    return reply[1] if reply and reply[0] is CueType.REBUTTAL else ""


def _heading(segment: Segment, words: list[str], cues: Cues) -> str:
    """Return the cue in the heading above that disowns the sentence: an item or quotation below "Myths"."""
    if not segment.heading:
        return ""
    above = _tokens(segment.heading)
    is_listed = segment.kind in (BlockKind.ITEM, BlockKind.CELL) or segment.text.startswith('"')
    if not is_listed and len(above.words) > _SHORT_HEADING:
        return ""
    own = _reply(segment.text, cues)
    if own and own[0] is CueType.YES:  # "Fact: ..." in a list of myths and facts
        return ""
    for at in range(len(above.words)):
        if found := _marked(ABOVE, above.words, at, cues):
            return segment.heading[above.starts[at] : above.ends[found[0] - 1]]
    return ""


def _comparison(found: list[FoundCue], segment: Segment) -> Effect | None:
    """Return the comparator's effect where the sentence also says who, or how many, were studied."""
    if any(cue.kind.type in _STUDIED for cue in found):
        for cue in found:
            if cue.kind.type is CueType.COMPARATOR:
                return Effect(Context.COMPARED, cue.text, cue.span.shifted(segment.start))
    return None


def _quotations(segment: Segment) -> tuple[Span, ...]:
    """Return what stands in quotation marks, of a quotation over several sentences the part in this one."""
    marks = [at for at, letter in enumerate(segment.text) if letter == '"']
    if segment.marks_before > 0 and segment.marks_before % 2:
        marks.insert(0, -1)
    if segment.marks_before >= 0 and len(marks) % 2:
        marks.append(len(segment.text))
    return tuple(Span(start + 1, end) for start, end in zip(marks[::2], marks[1::2], strict=False))
