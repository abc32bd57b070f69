"""A template's tree in, the words that every match must contain out.

From them the matcher knows which few rules to try on a sentence. Each requirement is a set of phrases of which every
match contains at least one: neighbours in the template are multiplied out ("best option", "ideal choice"), so that an
anchor is as rare as can be. The cheapest set becomes the anchor; the others are checked against the words of the
sentence. Estimated cost decides about speed alone, never about what is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from kaudit.catalog.alphabet import BREAK, DIGIT, gate
from kaudit.catalog.template import (
    Choice,
    Edge,
    Expansions,
    Gap,
    Lexicon,
    Listed,
    Node,
    Number,
    Optional,
    Raw,
    Sequence,
    Sign,
    Slot,
    Word,
    expand,
)

MAX_PRODUCT = 120
"""The most phrases that neighbours are multiplied out to."""

MAX_SET = 6_000
FAR = 99
"""So many words or more from its anchor, a word may stand anywhere."""
LONGEST_NUMBER = 12
DIGITS = 25_000.0
"""Cost of a number in digits, which no anchor can be, only a need."""
RARE = 1.0
"""Cost of a word that the frequency table does not know, in occurrences per million words."""
TELLING = 20.0
"""A phrase that costs less tells something of a text that holds it."""


_MAYBE = re.compile(r"\((?:[^()\\]|\\.)*\)(?:[?*]|\{0,\d*\})|(?:\\.|\[[^\]]*\]|.)(?:[?*]|\{0,\d*\})|\[[^\]]*\]")
_CHOICE = re.compile(r"\((?:[^()\\|]|\\.)*\|(?:[^()\\]|\\.)*\)")
_FIGURE = re.compile(r"(?:^|[ ,$(]|\\b)\\d")


def surely_in(source: str) -> str:
    """Return what of a hand-written pattern every match goes through; "" where that is not plain to see."""
    source = _CHOICE.sub("", source)
    return "" if "|" in source or "(?!" in source or "(?<" in source else _MAYBE.sub("", source)


class Need(NamedTuple):
    """Words of which every match contains one, and how far from the beginning of the anchor, in words.

    *before* is -1 when they come behind the anchor's first word.
    """

    words: frozenset[str]
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Anchors:
    """What a sentence must contain before a pattern is tried on it."""

    phrases: tuple[str, ...]
    """At least one of these, as words apart by one blank; empty for a pattern with none, tried everywhere."""
    needs: tuple[Need, ...]
    """And near it at least one word of each of these."""


class _Required(NamedTuple):
    """Phrases of which every match contains one, and the nodes that they belong to."""

    phrases: tuple[str, ...]
    first: int
    last: int


class AnchorFinder:
    """Derives anchors; remembers the phrases of each lexicon."""

    def __init__(self, frequency: Mapping[str, float]) -> None:
        self._frequency = frequency
        self._expansions: Expansions = {}
        self._lexicons: dict[str, tuple[str, ...] | None] = {}
        self._phrase_costs: dict[str, float] = {}
        self._costs: dict[tuple[str, ...], float] = {}
        self._lengths: dict[str, int] = {}
        self._rarest: dict[tuple[str, ...], frozenset[str]] = {}

    def anchors(self, tree: Sequence) -> Anchors:
        """Return the anchors of *tree*."""
        sets = sorted(set(self._placed(tree.nodes)), key=lambda one: (self._cost(one.phrases), len(one.phrases), one))
        chosen = next((one for one in sets if DIGIT not in one.phrases), None)
        if chosen is None:
            return Anchors((), ())
        covered = frozenset(word for phrase in chosen.phrases for word in phrase.split())
        needs: dict[frozenset[str], _Required] = {}
        for one in sets:
            words = self._rarest_words(one.phrases)
            if one.first > chosen.last or (one is not chosen and not covered >= words):
                needs.setdefault(words, one)
        least = [words for words in needs if not any(other < words for other in needs)]
        return Anchors(chosen.phrases, tuple(self._need(words, needs[words], chosen, tree.nodes) for words in least))

    def _need(self, words: frozenset[str], one: _Required, anchor: _Required, nodes: tuple[Node, ...]) -> Need:
        before = sum(map(self._most_words, nodes[one.first : anchor.last + 1]))
        after = sum(map(self._most_words, nodes[anchor.first : one.last + 1]))
        return Need(words, -1 if one.first > anchor.last else min(before, FAR), min(after, FAR))

    def _most_words(self, node: Node) -> int:
        """Return how many words of a gate *node* covers at most; a word of a gap may be two there, as "don't" is."""
        match node:
            case Word(forms):
                return max(len(gate(form).split()) for form in forms)
            case Sequence(nodes):
                return sum(map(self._most_words, nodes))
            case Lexicon(name, branches):
                if name not in self._lengths:
                    self._lengths[name] = max(map(self._most_words, branches), default=0)
                return self._lengths[name]
            case Choice(branches) | Listed(_, branches):
                return max(map(self._most_words, branches), default=0)
            case Slot(_, inner) | Optional(inner):
                return self._most_words(inner)
            case Gap(_, most):
                return 2 * most + 1
            case Number():
                return LONGEST_NUMBER
            case Sign():
                return 1
            case Edge():
                return 0
            case Raw():
                return FAR

    def _rarest_words(self, phrases: tuple[str, ...]) -> frozenset[str]:
        if phrases not in self._rarest:
            self._rarest[phrases] = frozenset(map(self._rarest_word, phrases))
        return self._rarest[phrases]

    def _rarest_word(self, phrase: str) -> str:
        words = phrase.split()
        return words[0] if len(words) == 1 else min(words, key=lambda word: (self._frequency.get(word, RARE), word))

    def cost(self, anchors: Anchors) -> float:
        """Return how often per million words of ordinary English one of these anchors is expected."""
        return self._cost(anchors.phrases)

    def rare(self, phrases: Iterable[str]) -> tuple[str, ...]:
        """Return those of *phrases* that ordinary English hardly has, each once."""
        return tuple(sorted({phrase for phrase in phrases if self._phrase_cost(phrase) < TELLING}))

    def _cost(self, phrases: tuple[str, ...]) -> float:
        if phrases not in self._costs:
            self._costs[phrases] = sum(map(self._phrase_cost, phrases))
        return self._costs[phrases]

    def _phrase_cost(self, phrase: str) -> float:
        if phrase not in self._phrase_costs:
            self._phrase_costs[phrase] = self._expected(phrase)
        return self._phrase_costs[phrase]

    def _expected(self, phrase: str) -> float:
        if phrase == DIGIT:
            return DIGITS
        frequencies = sorted(self._frequency.get(word, RARE) for word in phrase.split())
        if len(frequencies) == 1:
            return frequencies[0]
        return min(frequencies[0], 0.003 + 20 * frequencies[0] * frequencies[1] / 1_000_000)

    def _required(self, node: Node) -> Iterator[tuple[str, ...]]:
        """Yield sets of phrases; every match of *node* contains one of each."""
        match node:
            case Sequence(nodes):
                for one in self._placed(nodes):
                    yield one.phrases
            case Slot(_, inner):
                yield from self._required(inner)
            case Lexicon(_, branches) | Choice(branches):
                found = self._finite(node)
                if found is not None:
                    if "" not in found:
                        yield found
                else:
                    yield from self._of_branches(branches)
            case Number(words):
                yield tuple(sorted({DIGIT, *(word.split()[0] for word in words)}))
            case Raw(source):
                if _FIGURE.search(surely_in(source)):
                    yield (DIGIT,)
            case Optional() | Gap():
                return
            case _:
                found = self._finite(node)
                if found and "" not in found:  # a comma is no word
                    yield found

    def _of_branches(self, branches: tuple[Sequence, ...]) -> Iterator[tuple[str, ...]]:
        union: set[str] = set()
        for branch in branches:
            sets = sorted(self._required(branch), key=lambda phrases: (self._cost(phrases), phrases))
            if not sets:
                return
            union.update(sets[0])
        yield tuple(sorted(union))

    def _placed(self, nodes: tuple[Node, ...]) -> Iterator[_Required]:
        run: list[tuple[str, ...]] = []
        for at, node in enumerate(nodes):
            found = self._finite(node)
            if found is None or (found and "" in found):
                yield from self._products(run, at - len(run))
                run = []
                for phrases in self._required(node):
                    yield _Required(phrases, at, at)
            else:
                run.append(found)
        yield from self._products(run, len(nodes) - len(run))

    @staticmethod
    def _products(run: list[tuple[str, ...]], at: int) -> Iterator[_Required]:
        """Yield every element of *run*, and every stretch of neighbours that multiplies out to few phrases."""
        for start, first in enumerate(run):
            yield _Required(first, at + start, at + start)
            phrases = first
            for number, following in enumerate(run[start + 1 :], start + 1):
                if len(phrases) * len(following) > MAX_PRODUCT:
                    break
                phrases = tuple(f"{left} {right}" for left in phrases for right in following)
                yield _Required(tuple(sorted(set(phrases))), at + start, at + number)

    def _finite(self, node: Node) -> tuple[str, ...] | None:
        """Return every phrase of *node* as the words that a gate would show, or None when there is no list."""
        if isinstance(node, Slot):
            return self._finite(node.node)
        if isinstance(node, Lexicon):
            if node.name not in self._lexicons:
                self._lexicons[node.name] = self._gated(node)
            return self._lexicons[node.name]
        return self._gated(node)

    def _gated(self, node: Node) -> tuple[str, ...] | None:
        found = expand(node, MAX_SET, self._expansions)
        if found is None:
            return None
        gates = gate(BREAK.join(found)).decode("ascii").split(BREAK)
        return tuple(sorted({phrase.strip() for phrase in gates} if found else ()))
