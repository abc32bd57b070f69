"""Search: compiled patterns in, where they fit in normalised text out; what every stage that looks for templates uses.

One Aho-Corasick pass over the words of a text tells which few patterns can match at all; only those are tried. What is
found is the same as by trying every pattern on every sentence, which tests/test_match.py proves with a plain loop.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from kaudit.catalog.compiled import Pattern
from kaudit.catalog.pattern import PhraseList, phrases_in, source_of
from kaudit.model import Span

RAW_SECONDS = 1.0
"""How long a pattern with a part written by hand may take on one sentence."""


class Regex(Protocol):
    """What is asked of a compiled pattern; `re` and `regex` both have it."""

    def finditer(self, text: str, /) -> Iterator[re.Match[str]]:
        """Yield the matches in *text*."""


class _Timed:
    """A raw pattern: the `regex` module with a time limit."""

    def __init__(self, source: str) -> None:
        import regex

        self._pattern = regex.compile(source)

    def finditer(self, text: str, /) -> Iterator[re.Match[str]]:
        """Yield the matches in *text*; raises TimeoutError."""
        yield from self._pattern.finditer(text, timeout=RAW_SECONDS)


RENT = 6
"""In how many documents a pattern is compiled for their words alone, before it is compiled in full and for good."""


class PatternStore:
    """Patterns compiled in full, for all documents of an auditor; and how often each was compiled for one alone."""

    def __init__(self) -> None:
        self.full: dict[Pattern, Regex] = {}
        self.rented: Counter[Pattern] = Counter()


class Vocabulary:
    """The words of a document, and the patterns compiled for them.

    A pattern over lexicons is compiled with those entries that the document has the words for, which costs a hundredth
    of all of them; one that many documents call for is compiled in full, once and for good. Both find the same.
    """

    def __init__(self, gates: Iterable[bytes], store: PatternStore) -> None:
        self._gates = gates
        self._store = store
        self._chosen: dict[PhraseList, list[str]] = {}
        self._patterns: dict[Pattern, Regex] = {}

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(word.decode("ascii") for words in self._gates for word in words.split())

    def compiled(self, pattern: Pattern) -> Regex:
        """Return a regular expression that finds *pattern* in the texts of this vocabulary."""
        store = self._store
        found = store.full.get(pattern) or self._patterns.get(pattern)
        if found is None:
            store.rented[pattern] += 1
            if store.rented[pattern] > RENT or all(isinstance(part, str) for part in pattern.parts):
                found = store.full[pattern] = in_full(pattern)
            else:
                found = self._patterns[pattern] = _compile(source_of(pattern.parts, self._chosen_of), pattern)
        return found

    def _chosen_of(self, listed: PhraseList) -> list[str]:
        chosen = self._chosen.get(listed)
        if chosen is None:
            chosen = self._chosen[listed] = phrases_in(listed, self._words)
        return chosen

    def spans_of(self, pattern: Pattern, sentence: str) -> list[Span]:
        """Return where *pattern* fits in the normalised *sentence*, without signs at the edges."""
        found = self.compiled(pattern).finditer(sentence)
        return [trimmed(sentence, Span(*match.span())) for match in found if match.group()]


def in_full(pattern: Pattern) -> Regex:
    """Return *pattern* compiled with all entries of its lexicons."""
    return _compile(source_of(pattern.parts, lambda listed: listed.phrases), pattern)


def _compile(source: str, pattern: Pattern) -> Regex:
    return _Timed(source) if pattern.raw else re.compile(source)


def trimmed(text: str, span: Span) -> Span:
    """Return *span* without the blanks and quotation marks at its edges; a percent or number sign stays."""
    start, end = span.start, span.end
    while start < end and not (text[start].isalnum() or text[start] in "#$+"):
        start += 1
    while end > start and not (text[end - 1].isalnum() or text[end - 1] in "%+!"):
        end -= 1
    return Span(start, end)


@dataclass(frozen=True, slots=True)
class Frame:
    """A pattern, and the number of what it belongs to."""

    owner: int
    pattern: Pattern


class PatternIndex:
    """Finds, for the words of a text, the few patterns that can match in it; owners are numbers of the caller's."""

    def __init__(self, owned: Iterable[tuple[int, Pattern]]) -> None:
        self._frames = [Frame(owner, pattern) for owner, pattern in owned]
        by_phrase: dict[str, list[int]] = {}
        self._always: list[int] = []
        for number, frame in enumerate(self._frames):
            for phrase in frame.pattern.anchors:
                by_phrase.setdefault(phrase, []).append(number)
            if not frame.pattern.anchors:
                self._always.append(number)
        self._lists = list(by_phrase.values())
        self._search = phrase_search(list(by_phrase))

    def candidates(self, words: bytes) -> list[Frame]:
        """Return the patterns worth trying on a text whose gate is *words*, in catalog order."""
        hits = self._search(words)
        if not hits:
            return [self._frames[number] for number in self._always]
        numbers = set(self._always)
        for hit in set(hits):
            numbers.update(self._lists[hit])
        present = frozenset(words.decode("ascii").split())
        return [
            frame
            for frame in map(self._frames.__getitem__, sorted(numbers))
            if not any(present.isdisjoint(needed) for needed in frame.pattern.needs)
        ]

    def may_match(self, words: bytes) -> bool:
        """Return whether any pattern can match in a text whose gate is *words*."""
        return bool(self._always) or bool(self._search(words))


def phrase_search(phrases: list[str]) -> Callable[[bytes], list[int]]:
    """Return a function from a gate to the numbers of the *phrases* in it."""
    try:
        from ahocorasick_rs import BytesAhoCorasick
    except ImportError:
        return _plain_search(phrases)
    automaton = BytesAhoCorasick([f" {phrase} ".encode("ascii") for phrase in phrases])
    find = automaton.find_matches_as_indexes

    def search(words: bytes) -> list[int]:
        return [hit[0] for hit in find(words, overlapping=True)]

    return search


def _plain_search(phrases: list[str]) -> Callable[[bytes], list[int]]:
    """Return the same without an extension: by the first word of each phrase."""
    starting: dict[bytes, list[tuple[int, bytes]]] = {}
    for number, phrase in enumerate(phrases):
        encoded = phrase.encode("ascii")
        starting.setdefault(encoded.split(b" ", 1)[0], []).append((number, b" " + encoded + b" "))

    def search(words: bytes) -> list[int]:
        return [number for word in set(words.split()) for number, phrase in starting.get(word, ()) if phrase in words]

    return search


def longest(spans: Iterable[Span]) -> list[Span]:
    """Return *spans* without those that overlap a longer one (or an earlier one as long), in reading order."""
    kept: list[Span] = []
    for span in sorted(set(spans), key=lambda span: (-len(span), span.start)):
        if not any(span.overlaps(other) for other in kept):
            kept.append(span)
    return sorted(kept)
