"""A template's tree in, the words that every match must contain out.

From them the matcher knows which few rules to try on a sentence. Each requirement is a set of phrases of which every
match contains at least one: neighbours in the template are multiplied out ("best option", "ideal choice"), so that an
anchor is as rare as can be. The cheapest set becomes the anchor; the others are checked against the words of the
sentence. Estimated cost decides about speed alone, never about what is found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kaudit.catalog.alphabet import gate
from kaudit.catalog.template import Choice, Gap, Lexicon, Node, Optional, Raw, Sequence, Slot, expand

MAX_PRODUCT = 120
"""The most phrases that neighbours are multiplied out to."""

MAX_SET = 6_000
RARE = 1.0
"""Cost of a word that the frequency table does not know, in occurrences per million words."""


@dataclass(frozen=True, slots=True)
class Anchors:
    """What a sentence must contain before a pattern is tried on it."""

    phrases: tuple[str, ...]
    """At least one of these, as words apart by one blank; empty for a pattern with none, tried everywhere."""
    needs: tuple[frozenset[str], ...]
    """And of each of these at least one word."""


class AnchorFinder:
    """Derives anchors; remembers the phrases of each lexicon."""

    def __init__(self, frequency: Mapping[str, float]) -> None:
        self._frequency = frequency
        self._lexicons: dict[str, tuple[str, ...] | None] = {}
        self._costs: dict[tuple[str, ...], float] = {}

    def anchors(self, tree: Sequence) -> Anchors:
        """Return the anchors of *tree*."""
        found: set[tuple[str, ...]] = set(self._required(tree))
        sets = sorted(found, key=lambda phrases: (self._cost(phrases), len(phrases), phrases))
        if not sets:
            return Anchors((), ())
        chosen = sets[0]
        covered = frozenset(word for phrase in chosen for word in phrase.split())
        needs = dict.fromkeys(
            frozenset(words)
            for words in sets[1:]
            if not any(" " in word for word in words) and not covered >= set(words)
        )
        return Anchors(chosen, tuple(needs))

    def cost(self, anchors: Anchors) -> float:
        """Return how often per million words of ordinary English one of these anchors is expected."""
        return self._cost(anchors.phrases)

    def _cost(self, phrases: tuple[str, ...]) -> float:
        if phrases not in self._costs:
            self._costs[phrases] = sum(map(self._phrase_cost, phrases))
        return self._costs[phrases]

    def _phrase_cost(self, phrase: str) -> float:
        frequencies = sorted(self._frequency.get(word, RARE) for word in phrase.split())
        if len(frequencies) == 1:
            return frequencies[0]
        return min(frequencies[0], 0.003 + 20 * frequencies[0] * frequencies[1] / 1_000_000)

    def _required(self, node: Node) -> Iterator[tuple[str, ...]]:
        """Yield sets of phrases; every match of *node* contains one of each."""
        match node:
            case Sequence(nodes):
                yield from self._of_sequence(nodes)
            case Slot(_, inner):
                yield from self._required(inner)
            case Lexicon(_, branches) | Choice(branches):
                found = self._finite(node)
                if found is not None:
                    if "" not in found:
                        yield found
                else:
                    yield from self._of_branches(branches)
            case Optional() | Gap() | Raw():
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

    def _of_sequence(self, nodes: tuple[Node, ...]) -> Iterator[tuple[str, ...]]:
        run: list[tuple[str, ...]] = []
        for node in nodes:
            found = self._finite(node)
            if found is None or (found and "" in found):
                yield from self._products(run)
                run = []
                yield from self._required(node)
            else:
                run.append(found)
        yield from self._products(run)

    @staticmethod
    def _products(run: list[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
        """Yield every element of *run*, and every stretch of neighbours that multiplies out to few phrases."""
        for start, first in enumerate(run):
            yield first
            phrases = first
            for following in run[start + 1 :]:
                if len(phrases) * len(following) > MAX_PRODUCT:
                    break
                phrases = tuple(f"{left} {right}" for left in phrases for right in following)
                yield tuple(sorted(set(phrases)))

    def _finite(self, node: Node) -> tuple[str, ...] | None:
        """Return every phrase of *node* as the words that a gate would show, or None when there is no list."""
        if isinstance(node, Slot):
            return self._finite(node.node)
        if isinstance(node, Lexicon):
            if node.name not in self._lexicons:
                self._lexicons[node.name] = self._gated(node)
            return self._lexicons[node.name]
        return self._gated(node)

    @staticmethod
    def _gated(node: Node) -> tuple[str, ...] | None:
        found = expand(node, MAX_SET)
        if found is None:
            return None
        return tuple(sorted({gate(phrase).decode("ascii").strip() for phrase in found}))
