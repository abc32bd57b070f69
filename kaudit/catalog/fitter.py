"""A written-out tree in, a function out that tells where it fits among the words of a text.

It finds what the regular expression of the same tree finds (pattern.py; tests/test_match.py compares them), but nothing
is compiled: lists of phrases are looked up word by word and shared by all patterns, so that neither a long list nor a
new pattern costs anything before its first words are met. A step takes a text and a place in it and returns where the
whole rest of the template ends, or NO.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import prod
from typing import TypeAlias

from kaudit.catalog.alphabet import DIGIT, DIGITS, GAP_JOINT, JOINT, WORD, gate
from kaudit.catalog.template import (
    Edge,
    Gap,
    Listed,
    Node,
    Number,
    Optional,
    Sequence,
    Sign,
    Slot,
    Word,
)
from kaudit.model import Span

NO = -1
_DIGIT = re.compile(r"\d")
_TOKEN = re.compile(r"\w*n't\b|\w+|[%#$&+,:!]")
"""Where an element can begin; "can" does not begin "can't"."""
_JOINT = re.compile(JOINT)
_GAP_JOINT = re.compile(GAP_JOINT)
_WORD = re.compile(WORD)
_DIGITS = re.compile(DIGITS)
_NUMBER_JOINTS = re.compile(r"[ -](and )?")
MOST_NUMBER_WORDS = 5
FEW_WAYS = 10_000
"""Templates that can be fitted in more ways from one place are fitted with care."""
_WHOLE = ""
"""The slot of a match that begins with its sentence."""


Firsts: TypeAlias = "frozenset[str] | None"
"""Words and signs that something can begin with; None when there is no list of them."""


class Words:
    """A normalised text, by its words."""

    __slots__ = ("_gaps", "_gate", "_gated", "_joints", "at", "failed", "present", "slots", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = {found.start(): found.group() for found in _TOKEN.finditer(text)}
        """Words and signs by their places, in reading order."""
        self.present = {*self.at.values()}
        """All of them, and DIGIT when a number is among them."""
        if _DIGIT.search(text):
            self.present.add(DIGIT)
        self.slots: dict[str, Span] = {}
        self.failed: set[tuple[int, int]] = set()
        """Steps and places from which the rest of a template fits nowhere."""
        self._joints: dict[int, int] = {}
        self._gaps: dict[int, int] = {}
        self._gate = ""
        self._gated: frozenset[str] = frozenset()

    @property
    def gate(self) -> str:
        """The words of the text, as `gate` gives them."""
        if not self._gate:
            self._gate = gate(self.text).decode("ascii")
        return self._gate

    @property
    def gated(self) -> frozenset[str]:
        """The words of its gate, and DIGIT when one begins with a digit."""
        if not self._gated:
            words = self.gate.split()
            digit = (DIGIT,) if any(word[0].isdigit() for word in words) else ()
            self._gated = frozenset((*words, *digit))
        return self._gated

    def places(self, firsts: Firsts) -> Iterable[int]:
        """Return where *firsts* stand, in reading order."""
        if firsts is None:
            return self.at
        here = firsts & self.present
        if not here:
            return ()
        if DIGIT in here:
            return [place for place, word in self.at.items() if word in here or word[0].isdigit()]
        return [place for place, word in self.at.items() if word in here]

    def joint(self, place: int) -> int:
        """Return where the next element begins after one that ends at *place*."""
        to = self._joints.get(place)
        if to is None:
            found = _JOINT.match(self.text, place)
            to = self._joints[place] = found.end() if found else place
        return to

    def gap(self, place: int) -> int:
        """Return where the next word of a gap begins, or NO."""
        to = self._gaps.get(place)
        if to is None:
            found = _GAP_JOINT.match(self.text, place)
            to = self._gaps[place] = found.end() if found else NO
        return to

    def word_end(self, place: int) -> int:
        """Return where the gap's word at *place* ends, or NO."""
        found = _WORD.match(self.text, place)
        return found.end() if found else NO

    def is_opening(self, place: int) -> bool:
        """Return whether no word stands before *place*."""
        return not any(start < place for start, word in self.at.items() if _is_word(word))

    def is_closing(self, place: int) -> bool:
        """Return whether no word stands behind *place*."""
        return not any(start >= place for start, word in self.at.items() if _is_word(word))


def _is_word(token: str) -> bool:
    return token[0].isalnum() or token[0] == "_"


Step = Callable[[Words, int], int]


@dataclass(frozen=True, slots=True)
class Fit:
    """Where a template fits."""

    span: Span
    slots: Mapping[str, Span]


@dataclass(frozen=True, slots=True)
class Fitter:
    """A template, ready to be fitted."""

    firsts: Firsts
    step: Step

    def fits(self, words: Words) -> list[Fit]:
        """Return where the template fits, from left to right, none overlapping."""
        step = self.step
        found: list[Fit] = []
        done = 0
        for place in words.places(self.firsts):
            if place >= done:
                end = step(words, place)
                if end > place:
                    done = end
                    slots = words.slots
                    begin = slots.pop(_WHOLE, Span(place, end)).start if slots else place
                    found.append(Fit(Span(begin, end), slots))
                if words.slots:
                    words.slots = {}
        return found


class FitterMaker:
    """Makes fitters, which share the lists of phrases that they use."""

    def __init__(self) -> None:
        self._tables: dict[Listed, _Table] = {}
        self._numbers: dict[tuple[str, ...], _Table] = {}
        self._ways: dict[Listed, int] = {}
        self._numbering = itertools.count()
        self._is_careful = False
        self._careful: FitterMaker | None = None

    def make(self, tree: Sequence) -> Fitter:
        """Return a fitter for a written-out *tree*, which holds no regular expression.

        What can be fitted in many ways remembers where it failed, so that no text takes longer than its length.
        """
        maker = self._careful_one() if self._ways_of(tree) > FEW_WAYS else self
        firsts, is_empty = maker._firsts_of(tree.nodes)
        return Fitter(None if is_empty else firsts, maker._sequence(tree.nodes, _end))

    def _careful_one(self) -> FitterMaker:
        if self._careful is None:
            self._careful = FitterMaker()
            self._careful._tables, self._careful._numbers = self._tables, self._numbers
            self._careful._is_careful = True
        return self._careful

    def _ways_of(self, node: Node) -> int:
        """Return about how many ways there are to fit *node* from one place."""
        match node:
            case Gap(least, most):
                return most - least + 1
            case Number():
                return MOST_NUMBER_WORDS
            case Slot(_, inner):
                return self._ways_of(inner)
            case Optional(inner):
                return 1 + self._ways_of(inner)
            case Sequence(nodes):
                return prod(map(self._ways_of, nodes))
            case Listed(phrases, others):
                if node not in self._ways:
                    longest = max((phrase.count(" ") + 1 for phrase in phrases), default=0)
                    self._ways[node] = longest + sum(map(self._ways_of, others))
                return self._ways[node]
            case _:
                return 1

    def _sequence(self, nodes: tuple[Node, ...], then: Step) -> Step:
        arrivals: list[_Arrival | None] = []
        arrival: _Arrival | None = None
        for node in nodes:
            arrivals.append(arrival)
            match node:
                case Gap() | Slot(_, Gap()):
                    arrival = Words.gap
                case Edge() | Optional():
                    pass
                case _:
                    arrival = Words.joint
        for node, arrival in zip(reversed(nodes), reversed(arrivals), strict=True):
            if self._is_careful and not isinstance(node, Word | Sign | Edge):
                then = _remembering(then, next(self._numbering))
            then = self._element(node, arrival, then)
        return then

    def _element(self, node: Node, arrival: _Arrival | None, then: Step) -> Step:
        """Return the step over *node* from the end of what stands before it."""
        match node:
            case Gap(least, most):
                return _gap(least, most, then)
            case Slot(name, Gap(least, most)):
                return _gap_in_slot(name, least, most, then)
            case Edge(at_start):
                return _start(then) if at_start else _close(then)
            case Optional(inner):
                inside = _arriving(arrival, self._step(inner, then if arrival else _joined(then)))
                return _either(inside, then)
            case _:
                return _arriving(arrival, self._step(node, then))

    def _step(self, node: Node, then: Step) -> Step:
        """Return the step over *node* from where it begins."""
        match node:
            case Word(forms) if not any("'" in form for form in forms):
                return _word(frozenset(forms), then)
            case Word(forms):
                return _phrases(_Table(forms), then)
            case Sign(text):
                return _word(frozenset((text,)), then)
            case Number(words):
                return _number(self._number_table(words), then)
            case Listed():
                return self._listed(node, then)
            case Slot(name, inner):
                return self._slot(name, inner, then)
            case Sequence(nodes):
                return self._sequence(nodes, then)
            case Optional() | Gap() | Edge():
                return self._sequence((node,), then)
            case _:
                raise TypeError(node)

    def _slot(self, name: str, inner: Node, then: Step) -> Step:
        def closing(words: Words, place: int) -> int:
            end = then(words, place)
            if end >= 0:
                words.slots[name] = Span(place, place)
            return end

        step = self._step(inner, closing)

        def slot(words: Words, place: int) -> int:
            end = step(words, place)
            if end >= 0:
                words.slots[name] = Span(place, words.slots[name].end)
            return end

        return slot

    def _table(self, listed: Listed) -> _Table:
        table = self._tables.get(listed)
        if table is None:
            table = self._tables[listed] = _Table(listed.phrases)
        return table

    def _number_table(self, words: tuple[str, ...]) -> _Table:
        if words not in self._numbers:
            self._numbers[words] = _Table(words)
        return self._numbers[words]

    def _listed(self, listed: Listed, then: Step) -> Step:
        phrases = _phrases(self._table(listed), then)
        if not listed.others:
            return phrases
        others = listed.others
        by_first: dict[str, list[int]] = {}
        anything: list[int] = []
        for number, other in enumerate(others):
            firsts, is_empty = self._firsts_of(other.nodes)
            if firsts is None or is_empty:
                anything.append(number)
            else:
                for first in firsts:
                    by_first.setdefault(first, []).append(number)
        steps: dict[int, Step] = {}

        def choice(words: Words, place: int) -> int:
            word = words.at.get(place, "")
            numbers = {*anything, *by_first.get(word, ())}
            if word[:1].isdigit():
                numbers.update(by_first.get(DIGIT, ()))
            for number in sorted(numbers):
                step = steps.get(number)
                if step is None:
                    step = steps[number] = self._sequence(others[number].nodes, then)
                end = step(words, place)
                if end >= 0:
                    return end
            return phrases(words, place)

        return choice

    def _firsts_of(self, nodes: Iterable[Node]) -> tuple[Firsts, bool]:
        """Return what *nodes* can begin with, and whether they can be empty."""
        firsts: set[str] = set()
        for node in nodes:
            found, is_empty = self._firsts(node)
            if found is None:
                return None, False
            firsts |= found
            if not is_empty:
                return frozenset(firsts), False
        return frozenset(firsts), True

    def _firsts(self, node: Node) -> tuple[Firsts, bool]:
        match node:
            case Word(forms):
                return frozenset(_pieces(form)[0] for form in forms), False
            case Sign(text):
                return frozenset((text,)), False
            case Slot(_, inner):
                return self._firsts(inner)
            case Optional(inner):
                return self._firsts(inner)[0], True
            case Edge():
                return frozenset(), True
            case Sequence(nodes):
                return self._firsts_of(nodes)
            case Listed(_, others):
                firsts = set(self._table(node).firsts)
                is_empty = False
                for other in others:
                    found, nothing = self._firsts_of(other.nodes)
                    if found is None:
                        return None, False
                    firsts |= found
                    is_empty |= nothing
                return frozenset(firsts), is_empty
            case Number(words):
                return frozenset((DIGIT, *self._number_table(words).firsts)), False
            case _:
                return None, False


_Arrival: TypeAlias = Callable[[Words, int], int]


def _end(words: Words, place: int) -> int:
    return place


def _arriving(arrival: _Arrival | None, step: Step) -> Step:
    if arrival is None:
        return step
    if arrival is Words.joint:
        return lambda words, place: step(words, words.joint(place))

    def arriving(words: Words, place: int) -> int:
        begin = words.gap(place)
        return step(words, begin) if begin >= 0 else NO

    return arriving


def _joined(then: Step) -> Step:
    """Return the step to an element that follows an optional one without a joint of its own."""

    def joined(words: Words, place: int) -> int:
        begin = words.joint(place)
        end = then(words, begin)
        return then(words, place) if end < 0 and begin != place else end

    return joined


def _either(first: Step, second: Step) -> Step:
    def either(words: Words, place: int) -> int:
        end = first(words, place)
        return end if end >= 0 else second(words, place)

    return either


def _remembering(then: Step, number: int) -> Step:
    """Return *then*, but tried only once from each place of a text; *number* is its own."""

    def remembering(words: Words, place: int) -> int:
        key = number, place
        if key in words.failed:
            return NO
        end = then(words, place)
        if end < 0:
            words.failed.add(key)
        return end

    return remembering


def _word(forms: frozenset[str], then: Step) -> Step:
    def word(words: Words, place: int) -> int:
        found = words.at.get(place)
        return then(words, place + len(found)) if found in forms and found else NO

    return word


def _start(then: Step) -> Step:
    def start(words: Words, place: int) -> int:
        end = then(words, place) if words.is_opening(place) else NO
        if end >= 0:
            words.slots[_WHOLE] = Span(0, place + 1)
        return end

    return start


def _close(then: Step) -> Step:
    return lambda words, place: then(words, place) if words.is_closing(place) else NO


def _gap(least: int, most: int, then: Step) -> Step:
    def gap(words: Words, place: int) -> int:
        for count in range(most + 1):
            if count >= least:
                end = then(words, place)
                if end >= 0:
                    return end
            begin = words.gap(place) if count < most else NO
            if begin < 0:
                return NO
            place = words.word_end(begin)
            if place < 0:
                return NO
        return NO

    return gap


def _gap_in_slot(name: str, least: int, most: int, then: Step) -> Step:
    def named(words: Words, place: int) -> int:
        begin = words.gap(place)
        if begin < 0:
            return NO
        place = words.word_end(begin)
        for count in range(1, most + 1):
            if place < 0:
                return NO
            if count >= least:
                end = then(words, place)
                if end >= 0:
                    words.slots[name] = Span(begin, place)
                    return end
            following = words.gap(place) if count < most else NO
            if following < 0:
                return NO
            place = words.word_end(following)
        return NO

    return named if least else _either(then, named)


def _phrases(table: _Table, then: Step) -> Step:
    firsts = table.firsts

    def phrases(words: Words, place: int) -> int:
        word = words.at.get(place)
        if word not in firsts or word is None:
            return NO
        node = table.node(word)
        if node is _ONE_WORD:
            return then(words, place + len(word))
        for end in reversed(_ends(node, words, place + len(word))):
            found = then(words, end)
            if found >= 0:
                return found
        return NO

    return phrases


def _number(table: _Table, then: Step) -> Step:
    def ends(words: Words, place: int, left: int) -> list[int]:
        """Return where a number in words can end, the longest first."""
        found: list[int] = []
        for end in table.ends(words, place):
            if left > 1:
                joint = _NUMBER_JOINTS.match(words.text, end)
                if joint:
                    found += ends(words, joint.end(), left - 1)
                    if joint[1]:
                        found += ends(words, end + 1, left - 1)
            found.append(end)
        return found

    def number(words: Words, place: int) -> int:
        word = words.at.get(place)
        if not word:
            return NO
        if word[0].isdigit():
            digits = _DIGITS.match(words.text, place)
            end = then(words, digits.end()) if digits else NO
            if end >= 0:
                return end
        for stop in ends(words, place, MOST_NUMBER_WORDS) if word in table.firsts else ():
            end = then(words, stop)
            if end >= 0:
                return end
        return NO

    return number


_Tree: TypeAlias = "dict[str, _Tree]"
_ONE_WORD: _Tree = {"": {}}
"""What follows a word that is a phrase, and begins no other."""


class _Table:
    """Phrases, by their words: each leads to what may follow; "" where a phrase may end.

    Most words of a long list are in no text at hand: what follows one is worked out when a text has it.
    """

    __slots__ = ("_nodes", "firsts")

    def __init__(self, phrases: Iterable[str]) -> None:
        self.firsts: dict[str, list[str]] = {}
        """The phrases by the words that they begin with."""
        self._nodes: dict[str, _Tree] = {}
        for phrase in phrases:
            first = _pieces(phrase)[0] if "'" in phrase else phrase.split(" ", 1)[0]
            self.firsts.setdefault(first, []).append(phrase)

    def node(self, first: str) -> _Tree:
        """Return what may follow the word *first*."""
        node = self._nodes.get(first)
        if node is None:
            root: _Tree = {}
            for phrase in self.firsts[first]:
                _add(root, phrase)
            node = self._nodes[first] = root[first]
        return node

    def ends(self, words: Words, place: int) -> list[int]:
        """Return where the phrases end that begin at *place*, the longest first."""
        word = words.at.get(place)
        if word is None or word not in self.firsts:
            return []
        return _ends(self.node(word), words, place + len(word))[::-1]


def _add(node: _Tree, phrase: str) -> None:
    *path, last = _pieces(phrase)
    for piece in path:
        following = node.get(piece)
        if following is None or following is _ONE_WORD:
            following = node[piece] = dict(following or {})
        node = following
    ending = node.get(last)
    if ending is None:
        node[last] = _ONE_WORD
    elif ending is not _ONE_WORD:
        ending[""] = {}


def _pieces(phrase: str) -> list[str]:
    """Return the words and signs of *phrase* as they are met; what an apostrophe joins begins with it."""
    if "'" not in phrase:
        return phrase.split(" ")
    pieces: list[str] = []
    done = 0
    for found in _TOKEN.finditer(phrase):
        glued = phrase[done : found.start()] == "'"
        pieces.append(f"'{found.group()}" if glued else found.group())
        done = found.end()
    if done < len(phrase):
        pieces.append(phrase[done:])
    return pieces


def _ends(node: _Tree, words: Words, place: int) -> list[int]:
    """Return where phrases end that go on with *node* at *place*, the shortest first."""
    found = [place] if "" in node else []
    if len(node) == len(found):
        return found
    if words.text.startswith("'", place):
        glued = "'" + words.at.get(place + 1, "")
        following = node.get(glued) or node.get("'")
        if following is not None:
            found += _ends(following, words, place + (len(glued) if glued in node else 1))
    begin = words.joint(place)
    word = words.at.get(begin)
    following = node.get(word) if word else None
    if following is not None and word:
        found += _ends(following, words, begin + len(word))
    return found
