"""Search: compiled patterns in, where they fit in normalised text out; what every stage that looks for templates uses.

One Aho-Corasick pass over the words of a text tells which few patterns can match at all; only those are tried. What is
found is the same as by trying every pattern on every sentence, which tests/test_match.py proves with a plain loop.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain
from operator import itemgetter, methodcaller
from typing import TypeAlias

from kaudit.catalog.alphabet import DIGIT, SIGNS
from kaudit.catalog.anchors import surely_in
from kaudit.catalog.compiled import Pattern
from kaudit.catalog.fitter import Fit, Fitter, FitterMaker, Words
from kaudit.catalog.pattern import regex_of
from kaudit.catalog.template import Raw
from kaudit.memory import Memory
from kaudit.model import Span

REMEMBERED = 100
"""How many texts a searcher keeps the words of: a sentence is asked for many patterns, one soon after the other."""

RAW_SECONDS = 1.0
"""How long a pattern with a part written by hand may take on one document."""
MOST_SLOW = 5
"""How many times as long all of them may take together."""


class Searcher:
    """Fits patterns to texts; what a pattern needs for that is made when it is first looked for, once and for good.

    A pattern with a part written by hand may take *seconds*; once it took longer, it fits nowhere more and is *slow*.
    """

    def __init__(self, seconds: float = RAW_SECONDS) -> None:
        self._seconds = seconds
        self._maker = FitterMaker()
        self._fitters: dict[Pattern, Fitter | _Timed] = {}
        self._sieves: dict[tuple[Pattern, ...], _Sieve] = {}
        self._words: dict[str, Words] = {}
        self._left: dict[Pattern, float] = {}
        self._all_left = seconds * MOST_SLOW
        self.slow: list[Pattern] = []

    def afresh(self, seconds: float) -> Searcher:
        """Return one for another document, whose patterns may take *seconds*; what is made is made for both."""
        other = Searcher(seconds)
        other._maker, other._fitters, other._sieves = self._maker, self._fitters, self._sieves
        return other

    def _timed_fits(self, pattern: Pattern, fitter: _Timed, words: Words) -> list[Fit]:
        left = min(self._left.get(pattern, self._seconds), self._all_left)
        if left <= 0:
            if pattern not in self._left:
                self._left[pattern] = 0
                self.slow.append(pattern)
            return []
        start = time.thread_time()
        try:
            found = fitter.fits(words, left)
        except TimeoutError:
            self._left[pattern] = 0
            self.slow.append(pattern)
            found = []
        spent = time.thread_time() - start
        self._all_left -= spent
        self._left[pattern] = self._left.get(pattern, self._seconds) - spent
        return found

    def words_of(self, text: str) -> Words:
        """Return the words of a normalised *text*."""
        words = self._words.get(text)
        if words is None:
            if len(self._words) >= REMEMBERED:
                self._words = {}
            words = self._words[text] = Words(text)
        return words

    def fits(self, pattern: Pattern, text: str) -> list[Fit]:
        """Return where *pattern* fits in a normalised *text*, from left to right."""
        words = self.words_of(text)
        fitter = self._fitters.get(pattern)
        if fitter is None:
            if _is_far(pattern, words):
                return []
            fitter = self._fitters[pattern] = _Timed(pattern) if pattern.raw else self._maker.make(pattern.tree)
        return self._timed_fits(pattern, fitter, words) if isinstance(fitter, _Timed) else fitter.fits(words)

    def spans_of(self, pattern: Pattern, text: str) -> list[Span]:
        """Return where *pattern* fits in a normalised *text*, without signs at the edges."""
        return [trimmed(text, fit.span) for fit in self.fits(pattern, text)]

    def spans_of_any(self, patterns: tuple[Pattern, ...], text: str) -> Iterator[Span]:
        """Yield where each of *patterns* fits in a normalised *text*, without signs at the edges."""
        sieve = self._sieves.get(patterns)
        if sieve is None:
            sieve = self._sieves[patterns] = _Sieve(patterns)
        for pattern in sieve.worth_trying(self.words_of(text)):
            yield from self.spans_of(pattern, text)


def _is_far(pattern: Pattern, words: Words) -> bool:
    """Return whether a text lacks words that every match of *pattern* has, which is seen without making a fitter."""
    gated = words.gated
    if any(need.words.isdisjoint(gated) for need in pattern.needs):
        return True
    return bool(pattern.anchors) and gated.isdisjoint([anchor.split(" ", 1)[0] for anchor in pattern.anchors])


class _Sieve:
    """A few patterns, of which the words of a sentence tell at once those that it may match."""

    def __init__(self, patterns: tuple[Pattern, ...]) -> None:
        self._patterns = patterns
        self._anywhere = [number for number, pattern in enumerate(self._patterns) if not pattern.anchors]
        self._by_word: dict[str, list[tuple[str, int]]] = {}
        for number, pattern in enumerate(self._patterns):
            for anchor in pattern.anchors:
                longest_word = max(anchor.split(), key=len)  # as a rule the rarest
                self._by_word.setdefault(longest_word, []).append((f" {anchor} ", number))
        self._words = frozenset(self._by_word)

    def worth_trying(self, words: Words) -> Iterator[Pattern]:
        """Yield the patterns that a text of these *words* may match."""
        gate, gated = words.gate, words.gated
        hit = {*self._anywhere}
        for word in self._words & gated:
            hit.update([number for anchor, number in self._by_word[word] if anchor in gate])
        for number in sorted(hit):
            pattern = self._patterns[number]
            if not any(need.words.isdisjoint(gated) for need in pattern.needs):
                yield pattern


_LEAST_SECONDS = 0.001
"""The clock of `regex` knows no less."""


class _Timed:
    """A pattern with a part written by hand: the `regex` module with a time limit."""

    def __init__(self, pattern: Pattern) -> None:
        import regex

        self._compiled = regex.compile(regex_of(pattern.tree))
        surely = [surely_in(node.source) for node in pattern.tree.nodes if isinstance(node, Raw)]
        self._quotes = any('"' in part for part in surely)
        self._digits = any(r"\d" in part for part in surely)

    def fits(self, words: Words, seconds: float) -> list[Fit]:
        """Return where the pattern fits; raises TimeoutError when that takes longer than *seconds*."""
        if (self._quotes and '"' not in words.text) or (self._digits and DIGIT not in words.present):
            return []
        return [
            Fit(
                Span(*found.span()), {name: Span(*found.span(name)) for name, said in found.groupdict().items() if said}
            )
            for found in self._compiled.finditer(words.text, timeout=max(seconds, _LEAST_SECONDS))
            if found.group()
        ]


def trimmed(text: str, span: Span) -> Span:
    """Return *span* without the blanks and quotation marks at its edges; a percent or number sign stays."""
    start, end = span.start, span.end
    while start < end and not (text[start].isalnum() or text[start] in "#$+"):
        start += 1
    while end > start and not (text[end - 1].isalnum() or text[end - 1] in "%+!"):
        end -= 1
    return Span(start, end)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A pattern, and the number of what it belongs to."""

    owner: int
    pattern: Pattern

    def may_fit(self, words: list[str], at: int, signs: int) -> bool:
        """Return whether the words near the anchor at word *at* leave it possible that the pattern fits.

        A gap passes over signs, which are words of a gate: so many *signs* more may stand between.
        """
        for need, before, after in self.pattern.needs:
            near = words[max(at - before - signs, 0) : at + after + signs]
            if need.isdisjoint(near) and not (DIGIT in need and any(word[0].isdigit() for word in near)):
                return False
        return True


Candidates: TypeAlias = list[tuple[int, Frame]]
"""Patterns that a text may match, in catalog order, each at every word where an anchor of it begins."""

ANYWHERE = -1
"""Stands for the word where an anchor begins that a pattern does not have."""


def frames_of(candidates: Candidates) -> list[Frame]:
    """Return the patterns of *candidates*, each once, in catalog order."""
    return list(dict.fromkeys([frame for _, frame in candidates]))


Search: TypeAlias = Callable[[bytes], list[tuple[int, int]]]
"""From a gate to the numbers and the places of what is found in it."""

Hits: TypeAlias = list[tuple[list[int], int]]
"""The numbers of patterns that have an anchor, and its place."""

SIGN_BYTES = tuple(sign.encode() for sign in SIGNS)
WORTH_BUILDING = 4_000
"""From so many bytes on, the fast search repays what it costs to build."""
CALL = 500
"""A search costs as much as that of so many bytes more."""
WINDOW = 65_536
"""How much of a text is searched at once, so that no text, however hostile, fills the memory with hits."""


class PatternIndex:
    """Finds, for the words of a text, the few patterns that can match in it; owners are numbers of the caller's."""

    def __init__(self, owned: Iterable[tuple[int, Pattern]]) -> None:
        self._frames = [Frame(owner, pattern) for owner, pattern in owned]
        self._tried: Memory[bytes, Candidates] = Memory(1_000)
        self._seen = 0

    @cached_property
    def _by_phrase(self) -> dict[str, list[int]]:
        by_phrase: dict[str, list[int]] = {}
        for number, frame in enumerate(self._frames):
            for phrase in frame.pattern.anchors:
                by_phrase.setdefault(phrase, []).append(number)
        return by_phrase

    @cached_property
    def _lists(self) -> list[list[int]]:
        return list(self._by_phrase.values())

    @cached_property
    def _search(self) -> Search:
        phrases = list(self._by_phrase)
        return _fast_search(phrases) or _plain_search(phrases)

    @cached_property
    def always(self) -> list[int]:
        """The patterns that must be tried everywhere."""
        return [number for number, frame in enumerate(self._frames) if not frame.pattern.anchors]

    def hits(self, words: bytes) -> Hits:
        """Return the places of the anchors in a gate, each with the numbers of the patterns that have it."""
        if self._seen < WORTH_BUILDING:
            self._seen += len(words) + CALL
            return self._few_hits(words)
        lists = self._lists
        return [(lists[number], place) for number, place in self._search(words)]

    def _few_hits(self, words: bytes) -> Hits:
        """Return the same with nothing built: each pattern is asked for the phrases of the text."""
        said = _phrases_in(words, self._widest)
        found: Hits = []
        for number, frame in enumerate(self._frames):
            anchors = frame.pattern.anchors
            if not said.keys().isdisjoint(anchors):
                found += [([number], place) for phrase in said.keys() & {*anchors} for place in said[phrase]]
        return found

    @cached_property
    def _widest(self) -> int:
        anchors = chain.from_iterable(frame.pattern.anchors for frame in self._frames)
        return max(map(_BLANKS, anchors), default=0) + 1

    def worth_trying(self, hits: Hits, gated: bytes) -> Candidates:
        """Return the patterns worth trying on a text with these *hits*, whose gate is *gated*."""
        return self._tried.recall(gated, partial(self._worth_trying, hits, gated))

    def _worth_trying(self, hits: Hits, gated: bytes) -> Candidates:
        found = [(number, ANYWHERE) for number in self.always]
        words = gated.decode("ascii").split()
        signs = sum(map(gated.count, SIGN_BYTES))
        frames = self._frames
        at = done = 0
        for numbers, place in sorted(hits, key=itemgetter(1)):
            at += gated.count(b" ", done, place)
            done = place
            found += [(number, at) for number in numbers if frames[number].may_fit(words, at, signs)]
        found.sort()
        return [(at, frames[number]) for number, at in found]

    def candidates(self, words: bytes) -> list[Frame]:
        """Return the patterns worth trying on a text whose gate is *words*, in catalog order."""
        return frames_of(self.worth_trying(self.hits(words), words))


def phrase_search(phrases: list[str]) -> Search:
    """Return a function from a gate to the numbers and places of the *phrases* in it."""
    plain: Search | None = None
    fast: Search | None = None
    seen = 0

    def search(words: bytes) -> list[tuple[int, int]]:
        nonlocal plain, fast, seen
        if fast is None:
            seen += len(words)
            plain = plain or _plain_search(phrases)
            if seen < WORTH_BUILDING:
                return plain(words)
            fast = _fast_search(phrases) or plain
        return fast(words)

    return search


def _fast_search(phrases: list[str]) -> Search | None:
    """Return a search in native code, if that is installed, which takes time to build and hardly any to search."""
    try:
        from ahocorasick_rs import BytesAhoCorasick
    except ImportError:
        return None
    find = BytesAhoCorasick([f" {phrase} ".encode("ascii") for phrase in phrases]).find_matches_as_indexes
    longest_phrase = max(map(len, phrases), default=0) + 2

    def search(words: bytes) -> list[tuple[int, int]]:
        if len(words) <= WINDOW:
            return [(number, start) for number, start, _ in find(words, overlapping=True)]
        return [
            (number, start + place)
            for start in range(0, len(words), WINDOW)
            for number, place, _ in find(words[start : start + WINDOW + longest_phrase], overlapping=True)
            if place < WINDOW
        ]

    return search


def _plain_search(phrases: list[str]) -> Search:
    """Return a search that looks up every few neighbouring words: nothing to build, slow."""
    numbers = dict(zip(phrases, range(len(phrases)), strict=True))
    widest = max(map(_BLANKS, phrases), default=0) + 1

    def search(words: bytes) -> list[tuple[int, int]]:
        said = _phrases_in(words, widest)
        return [(numbers[phrase], place) for phrase in said.keys() & numbers.keys() for place in said[phrase]]

    return search


_BLANKS = methodcaller("count", " ")


def _phrases_in(words: bytes, widest: int) -> dict[str, list[int]]:
    """Return all phrases of up to *widest* words in a gate, with their places."""
    text = words.decode("ascii")
    blanks = [place for place, sign in enumerate(text) if sign == " "]
    found: dict[str, list[int]] = {}
    for at, start in enumerate(blanks):
        for end in blanks[at + 1 : at + 1 + widest]:
            found.setdefault(text[start + 1 : end], []).append(start)
    return found


def longest(spans: Iterable[Span]) -> list[Span]:
    """Return *spans* without those that overlap a longer one (or an earlier one as long), in reading order."""
    kept: list[Span] = []
    for span in sorted(set(spans), key=lambda span: (-len(span), span.start)):
        if not any(span.overlaps(other) for other in kept):
            kept.append(span)
    return sorted(kept)
