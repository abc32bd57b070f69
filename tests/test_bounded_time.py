"""No template takes more than its share of time on any line: steps are counted, so that no clock is asked."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
import regex

from kaudit.catalog import load_catalog
from kaudit.catalog.compiled import Pattern
from kaudit.catalog.fitter import FitterMaker, Words
from kaudit.catalog.pattern import regex_of
from kaudit.catalog.template import Edge, Gap, Listed, Node, Number, Optional, Sequence, Sign, Slot, Word
from kaudit.segment import MAX_LENGTH

LENGTH = 700
MOST_STEPS = 20
"""For each character of a line."""


class CountingWords(Words):
    """Words that count how often a template asks for the next one."""

    __slots__ = ("steps",)

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.steps = 0

    def joint(self, place: int) -> int:
        self.steps += 1
        return super().joint(place)

    def gap(self, place: int) -> int:
        self.steps += 1
        return super().gap(place)


def patterns() -> list[Pattern]:
    """Return every pattern of the catalog that is no regular expression."""
    catalog = load_catalog()
    listed = [
        *(each for rule in catalog.rules.values() for each in (*rule.match, *rule.unless, *rule.beside)),
        *(entry.pattern for rule in catalog.rules.values() for entry in rule.rewrites if entry.pattern),
        *(each for entry in catalog.disclosures.values() for each in entry.satisfied_by),
        *(each for subject in catalog.subjects.values() for each in subject.terms),
        *catalog.promotion,
    ]
    return [pattern for pattern in dict.fromkeys(listed) if not pattern.raw]


def words_of(node: Node) -> list[str]:
    """Return words that fit *node*, the most it holds."""
    match node:
        case Word(forms):
            return [forms[0]]
        case Sign(text):
            return [text]
        case Number():
            return ["5"]
        case Gap(_, most):
            return ["x"] * most
        case Edge():
            return []
        case Slot(_, inner) | Optional(inner):
            return words_of(inner)
        case Listed(phrases, others):
            return words_of(others[0]) if others else max(phrases, key=len).split()
        case Sequence(nodes):
            return [word for inner in nodes for word in words_of(inner)]
        case _:
            raise TypeError(node)


def hostile_units(pattern: Pattern) -> Iterator[str]:
    """Yield what makes lines on which *pattern* tries much: nearly all of it, its words, its beginning."""
    nodes = pattern.tree.nodes
    yield " ".join(word for node in nodes[:-1] for word in words_of(node)) or "x"
    yield " ".join(words_of(pattern.tree))
    yield " ".join(words[0] for words in map(words_of, nodes) if words)
    yield next(word for node in nodes for word in words_of(node))


def line(unit: str, length: int) -> str:
    return (f"{unit} " * (length // len(unit) + 1))[:length].rsplit(" ", 1)[0]


def steps(pattern: Pattern, text: str) -> int:
    words = CountingWords(text)
    FitterMaker().make(pattern.tree).fits(words)
    return words.steps


def complaints(pattern: Pattern) -> Iterator[str]:
    """Yield where the steps of *pattern* grow faster than a line."""
    for unit in dict.fromkeys(hostile_units(pattern)):
        once, twice = steps(pattern, line(unit, LENGTH)), steps(pattern, line(unit, 2 * LENGTH))
        if twice > 2.6 * once + 500 or twice > MOST_STEPS * 2 * LENGTH:
            yield f"{pattern.template!r} on {unit[:60]!r}: {once} and {twice} steps"


def test_templates_take_time_that_grows_with_the_line() -> None:
    assert [told for pattern in patterns()[::60] for told in complaints(pattern)] == []


@pytest.mark.slow
def test_every_template_takes_time_that_grows_with_the_line() -> None:
    assert [told for pattern in patterns() for told in complaints(pattern)] == []


def test_patterns_in_slashes_of_the_catalog_are_quick_on_any_sentence() -> None:
    catalog = load_catalog()
    listed = [each for rule in catalog.rules.values() for each in (*rule.match, *rule.unless, *rule.beside) if each.raw]
    sources = [mark.source for mark in catalog.cues.marks] + [regex_of(each.tree) for each in listed]
    units = ["a ", "19 ", "(1999 ", "a, b, ", "1,", "a's ", "-", "n't ", "0.5 "]

    slow = []
    for source in sources:
        compiled = regex.compile(source)
        words = re.findall(r"[a-z]{2,}", source)
        for unit in [*units, " ".join(words[:6]) + " ", " ".join(words[-6:]) + " ", " ".join(words) + " "]:
            start = time.process_time()
            list(compiled.finditer(line(unit, MAX_LENGTH)))
            if time.process_time() - start > 0.25:  # a hundredth on a machine that does nothing else
                slow.append((source, unit))

    assert slow == []


def test_steps_that_grow_faster_would_be_told() -> None:
    """Without its memory, the fitter takes a number of steps that explodes."""
    many = Sequence((Word(("a",)), *[Optional(Word(("a",)))] * 9, Word(("b",))))
    forgetful, careful = FitterMaker(), FitterMaker()
    careful._is_careful = True
    counts = []
    for maker in (forgetful, careful):
        words = CountingWords("a " * 200)
        maker.make(many).fits(words)
        counts.append(words.steps)

    assert counts[0] > 20 * counts[1]
