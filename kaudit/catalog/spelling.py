"""Spelling: a word that is none in, the word that was meant out, when one edit in the middle of it makes all of it.

An edit is a letter too many, too few, another one, or two in the wrong order. The first letter and the last two stay:
an edit there makes another word (affective, effective) or another form of it (claims, claimed).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from kaudit.catalog.compiled import Catalog, Pattern
from kaudit.catalog.template import Listed, Node, Number, Optional, Sequence, Slot, Word

LEAST = 7
"""Shorter words have too many neighbours."""

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")


class Spelling:
    """Words of *least* letters or more, by what an edit leaves as it is."""

    def __init__(self, words: Iterable[str], least: int = LEAST) -> None:
        self._by_ends: dict[str, list[str]] = {}
        for word in words:
            if len(word) >= least and word.isalpha():
                for ends in _ends(word):
                    self._by_ends.setdefault(ends, []).append(word)

    def near(self, word: str) -> list[str]:
        """Return those that are one edit from *word*."""
        length = len(word)
        half = 4 if length > 9 else 3
        begin, end = word[:half], word[-half:]
        return [
            known
            for ends in _ends(word)
            for known in self._by_ends.get(ends, ())
            if -2 < len(known) - length < 2 and (known[:half] == begin or known[-half:] == end) and is_edit(word, known)
        ]

    def meant(self, word: str) -> str | None:
        """Return the one that is one edit from *word*, of several the first of the same length; None without."""
        if len(word) < LEAST - 1:
            return None
        return min(self.near(word), key=lambda known: (abs(len(known) - len(word)), known), default=None)


def _ends(word: str) -> tuple[str, str]:
    """Return what an edit in the middle of *word* leaves as it is: one of these."""
    return word[:3] + word[-2:], word[0] + word[-3:]


def is_edit(one: str, other: str) -> bool:
    """Return whether one edit turns *one* into *other*, of which neither is longer than the other by more than that."""
    if one == other:
        return False
    at = 0
    while one[at : at + 1] == other[at : at + 1]:
        at += 1
    if len(one) == len(other):
        swapped = one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
        return swapped or one[at + 1 :] == other[at + 1 :]
    return one[at + 1 :] == other[at:] if len(one) > len(other) else one[at:] == other[at + 1 :]


@cache
def _english() -> tuple[frozenset[str], Spelling]:
    text = (Path(__file__).parent / "english.txt").read_text(encoding="ascii")
    words = frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
    return words, Spelling(words, LEAST - 1)


def ordinary_words(words: frozenset[str], base: Catalog | None = None) -> frozenset[str]:
    """Return what is not to be taken for a misspelling of one of *words*, or for the word that is meant.

    The first are English words that are one edit from another; the second are forms that `~` makes and English has not.
    If the words of *base* are among them, what is known of these is used.
    """
    known, ordinary = (base.words, base.ordinary) if base and base.words <= words else (frozenset(), frozenset())
    long = [word for word in words - known if len(word) >= LEAST]
    if not long:
        return ordinary - words | ordinary & known
    english, spelling = _english()
    near = {other for word in long for other in spelling.near(word)} | ordinary
    made = {word for word in long if word.endswith(("ed", "ing")) and word not in english}
    return frozenset(near - words | made | ordinary & known)


def words_of(patterns: Iterable[Pattern], phrases: Iterable[str]) -> frozenset[str]:
    """Return every word that *patterns* name or that stands in *phrases*."""
    words: set[str] = set()
    seen: set[Listed] = set()
    for pattern in patterns:
        for text in _texts(pattern.tree, seen):
            words.update(_WORD.findall(text))
    for phrase in phrases:
        words.update(_WORD.findall(phrase))
    return frozenset(words)


def _texts(node: Node, seen: set[Listed]) -> Iterator[str]:
    """Yield the words and phrases of a written-out *node*; those of a list that was *seen* before, not again."""
    match node:
        case Word(texts) | Number(texts):
            yield from texts
        case Listed(phrases, others) if node not in seen:
            seen.add(node)
            yield from phrases
            for other in others:
                yield from _texts(other, seen)
        case Sequence(nodes):
            for inner in nodes:
                yield from _texts(inner, seen)
        case Slot(_, inner) | Optional(inner):
            yield from _texts(inner, seen)
        case _:
            pass
