"""The prefilter loses nothing: a plain loop over all rules and patterns finds the same."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from functools import cache

import pytest

from kaudit.catalog import load_catalog
from kaudit.catalog.alphabet import gate
from kaudit.catalog.compiled import Catalog, Pattern, Rule
from kaudit.catalog.load import validate
from kaudit.catalog.pattern import regex_of
from kaudit.catalog.texts import read_texts
from kaudit.examples import MARKED, read_examples
from kaudit.match import Match, Matcher
from kaudit.model import Span
from kaudit.normalise import normalise
from kaudit.search import Searcher, _plain_search, longest, trimmed
from kaudit.segment import segment

SEED = 7
NOISE = ["really", "\u2014", "\u2019s", " - ", "\u201cquite\u201d", "\n", ",", "not", "may", "100%", "  ", "\u200b"]


@cache
def sentences() -> tuple[str, ...]:
    """Return the sentences of all examples, plain and spliced, shuffled and torn."""
    chance = random.Random(SEED)
    examples = [MARKED.sub(r"\1", example.text) for example in read_examples(read_texts(None)[0])]
    words = [word for example in examples for word in example.split()]
    texts = list(examples)
    for example in examples:
        parts = example.split(" ")
        parts.insert(chance.randrange(len(parts) + 1), chance.choice(NOISE))
        texts.append(" ".join(parts))
    texts += [" ".join(chance.choices(words, k=14)) for _ in range(150)]
    texts += [example.replace(" ", "-", 2) for example in examples[::3]]
    found = []
    for text in texts:
        plain = normalise(text)
        found += [span.of(plain.text) for span in segment(plain.cased)]
    return tuple(dict.fromkeys(found))


class Loop:
    """Every rule, every pattern, on every sentence, as a regular expression with all that its lexicons hold."""

    def __init__(self, catalog: Catalog) -> None:
        self.rules = tuple(catalog.rules.values())
        self.compiled: dict[Pattern, re.Pattern[str]] = {}

    def find_matches(self, sentence: str, searcher: Searcher) -> list[Match]:
        found = []
        for rule in self.rules:
            spans = [
                trimmed(sentence, Span(*match.span()))
                for pattern in rule.match
                for match in self.finditer(pattern, sentence)
                if match.group()
            ]
            if spans:
                found += [Match(rule, span) for span in self.left(rule, spans, sentence, searcher)]
        return found

    @staticmethod
    def left(rule: Rule, spans: list[Span], sentence: str, searcher: Searcher) -> list[Span]:
        """Do what `apply_conditions` does, but with every pattern."""
        if rule.beside and not any(searcher.spans_of(pattern, sentence) for pattern in rule.beside):
            return []
        excused = [span for pattern in rule.unless for span in searcher.spans_of(pattern, sentence)]
        return longest(span for span in spans if not any(span.overlaps(other) for other in excused))

    def finditer(self, pattern: Pattern, sentence: str) -> Iterator[re.Match[str]]:
        if pattern not in self.compiled:
            self.compiled[pattern] = re.compile(regex_of(pattern.tree))
        return self.compiled[pattern].finditer(sentence)


def shown(matches: list[Match]) -> list[tuple[str, int, int]]:
    return sorted((match.rule.id, match.span.start, match.span.end) for match in matches)


def test_anchors_and_fitters_find_what_a_loop_over_all_regular_expressions_finds(catalog: Catalog) -> None:
    matcher, loop, searcher = Matcher(catalog.rules), Loop(catalog), Searcher()
    matched = 0
    for sentence in sentences():
        quick = matcher.find_matches(matcher.index.candidates(gate(sentence)), sentence, 0, searcher)

        assert shown(quick) == shown(loop.find_matches(sentence, searcher)), sentence
        matched += len(quick)
    assert matched > 300


def test_a_fitter_keeps_the_slots_that_its_regular_expression_keeps(catalog: Catalog) -> None:
    searcher, loop = Searcher(), Loop(catalog)
    rewrites = (rewrite for rule in catalog.rules.values() for rewrite in rule.rewrites)
    patterns = [rewrite.pattern for rewrite in rewrites if rewrite.pattern][::2]
    kept = 0
    for sentence in sentences()[::4]:
        for pattern in patterns:
            fits = searcher.fits(pattern, sentence)
            if not fits:
                continue
            wanted = [
                (
                    Span(*match.span()),
                    {name: Span(*match.span(name)) for name, said in match.groupdict().items() if said},
                )
                for match in loop.finditer(pattern, sentence)
            ]

            assert [(fit.span, fit.slots) for fit in fits] == wanted, (pattern.template, sentence)
            kept += sum(len(slots) for _, slots in wanted)
    assert kept > 100


def test_without_the_extension_the_same_phrases_are_found() -> None:
    from ahocorasick_rs import BytesAhoCorasick

    phrases = ["miracle drug", "drug", "side effects", "100 %", "cure", "a cure"]
    automaton = BytesAhoCorasick([f" {phrase} ".encode() for phrase in phrases])
    plain = _plain_search(phrases)
    for sentence in ("a cure, a miracle drug with 100% side-effects", "nothing here", "drugs cured", "the drug's side"):
        words = gate(sentence)

        hits = {hit[:2] for hit in automaton.find_matches_as_indexes(words, overlapping=True)}
        assert set(plain(words)) == hits


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The drug's side-effects: 70% (of) 'all'", " the drug side effects 70 % of all "),
        ("patients' lives, don't", " patients lives don t "),
        ("#1 & $5", " # 1 & $ 5 "),
    ],
)
def test_a_gate_holds_the_words(text: str, wanted: str) -> None:
    assert gate(normalise(text).text).decode() == wanted


def test_of_overlapping_spans_the_longest_stays() -> None:
    assert longest([Span(0, 5), Span(3, 10), Span(12, 14), Span(12, 14)]) == [Span(3, 10), Span(12, 14)]


def test_every_rule_has_an_anchor_so_that_no_text_tries_them_all() -> None:
    bare = [rule.id for rule in load_catalog().rules.values() for pattern in rule.match if not pattern.anchors]

    assert bare == []


def test_patterns_have_no_repeat_inside_a_repeat() -> None:
    text = read_texts(None)[0]
    raw = re.findall(r"/[^/\n]+/", "\n".join(template for claim in validate(text).claims for template in claim.match))

    assert [pattern for pattern in raw if re.search(r"[+*]\)[+*]", pattern)] == []
