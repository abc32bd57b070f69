"""The template language: what each construct finds, and what each mistake is told."""

from __future__ import annotations

import re

import pytest

from kaudit.catalog.anchors import surely_in
from kaudit.catalog.compiled import Pattern
from kaudit.catalog.pattern import TreeWriter, regex_of
from kaudit.catalog.template import Grammar, Lexicon, TemplateError, parse
from kaudit.search import Searcher

IRREGULAR = {"get": ("gets", "got", "getting"), "man": ("men",)}


def grammar() -> Grammar:
    lexicons: dict[str, Lexicon] = {}
    known = Grammar(lexicons, IRREGULAR)
    for name, entries in {
        "number_word": ["one", "two", "twenty", "hundred"],
        "drug": ["ketamine", "botox", "fish oil"],
        "few": ["few", "hardly any", "no"],
        "percent": ["{number} %", "{number} percent"],
    }.items():
        lexicons[name] = Lexicon(name, tuple(parse(entry, known, finite=True) for entry in entries))
    return known


GRAMMAR = grammar()


def pattern_of(template: str) -> Pattern:
    return Pattern(template, TreeWriter().write(parse(template, GRAMMAR)), (), (), raw="/" in template)


def found(template: str, text: str) -> list[str]:
    return [fit.span.of(text) for fit in Searcher().fits(pattern_of(template), text)]


@pytest.mark.parametrize(
    ("template", "text", "wanted"),
    [
        ("miracle drug", "a miracle drug", ["miracle drug"]),
        ("miracle drug", "a miracle-drug", ["miracle-drug"]),
        ("miracle drug", 'a "miracle" drug', ['miracle" drug']),
        ("miracle drug", "a miracledrug or miracle, drug", []),
        ("(miracle|magic bullet) cure", "magic bullet cure", ["magic bullet cure"]),
        ("very? safe", "very safe, safe", ["very safe", "safe"]),
        ("like (a )?charm", "like charm", ["like charm"]),
        ("cure~", "cure cures cured curing curer", ["cure", "cures", "cured", "curing"]),
        ("get~ (better|well)", "got better", ["got better"]),
        ("(cure|heal)~ all", "healing all", ["healing all"]),
        ("{drug} helps", "fish oil helps", ["fish oil helps"]),
        ("{drug} effect", "ketamine's effect", ["ketamine's effect"]),
        ("{few} <0-2> effect~", "no bad side effects", ["no bad side effects"]),
        ("{few} <0-1> effect~", "no bad side effects", []),
        ("{few} <1-2> effects", "few effects", []),
        ("{few} <0-2> effects", "few, if any, effects", ["few, if any, effects"]),
        ("{few} <0-2> effects", "few; other effects", []),
        ("{percent} of", "70% of", ["70% of"]),
        ("{percent} of", "twenty-two percent of", ["twenty-two percent of"]),
        ("{number} (out of|in) {number}", "9 out of 10", ["9 out of 10"]),
        ("# 1 clinic", "the #1 clinic", ["#1 clinic"]),
        ("can do", "can't do", []),
        ("can't do", "can't do", ["can't do"]),
        ("it's (a|the) cure", "it's the cure, its the cure", ["it's the cure"]),
        ("patients' lives", "patients' lives", ["patients' lives"]),
        ("(pain|pain relief) drug", "pain relief drug", ["pain relief drug"]),
        ("(best|very best)? <0-1> drug", "best new drug", ["best new drug"]),
        ("{number} {drug}", "one hundred and two botox", ["one hundred and two botox"]),
        ("{number} hundred", "two hundred", ["two hundred"]),
        ("very? {number} % (yes|$end)", "(very 9.5%)", ["very 9.5%)"]),
        ("very? <0-1> safe", "is very truly safe; safe", ["very truly safe", "safe"]),
        ("^ success", "success is no success", ["success"]),
        ("yes $end", "yes, yes.", ["yes"]),
        ("cbd /\\d+mg/", "cbd 50mg", ["cbd 50mg"]),
        ("{v:(cure|heal)~} {d:drug}", "heals botox", ["heals botox"]),
        ("safe , effective", "safe, effective", ["safe, effective"]),
    ],
)
def test_templates_find(template: str, text: str, wanted: list[str]) -> None:
    regex = regex_of(pattern_of(template).tree)

    assert found(template, text) == wanted
    assert [match.group() for match in re.finditer(regex, text)] == wanted


def test_slots_keep_the_words() -> None:
    text = "it heals with pure ketamine"

    (fit,) = Searcher().fits(pattern_of("{v:(cure|heal)~} <x:0-2> {d:drug}"), text)

    assert {name: span.of(text) for name, span in fit.slots.items()} == {
        "v": "heals",
        "x": "with pure",
        "d": "ketamine",
    }


@pytest.mark.parametrize(
    ("template", "column", "message"),
    [
        ("a (b", 2, "not closed"),
        ("a) b", 1, "closes nothing"),
        ("? a", 0, "follows the word"),
        ("(a|) b", 3, "a branch is empty"),
        ("{Drug}", 0, "in lower case"),
        ("{drugs} a", 0, "no lexicon 'drugs'"),
        ("a <3-1> b", 2, "m <= n"),
        ("a <0-99> b", 2, "n from 1 to 12"),
        ("<0-2> a", 0, "between two words"),
        ("a <0-2>", 0, "between two words"),
        ("^ <0-2> a", 0, "fits nowhere behind ^"),
        ("a <0-1> b <0-1> c <0-1> d <0-1> e", 0, "at most 3"),
        ("a /(/", 2, "no regular expression"),
        ("a /(b)/", 2, "no capturing groups"),
        ("a /b", 2, "ends with a slash"),
        ("caf\u00e9 b", 3, "plain ASCII"),
        ("{x:drug} {x:few}", 9, "stands twice"),
        ("{drug}~ a", 6, "~ follows a word"),
        ("a @ b", 2, "'@' cannot stand"),
        ("((((((((((((( a )))))))))))))", 12, "nest at most"),
        ("{x:(a|b) c", 0, "closed with a brace"),
    ],
)
def test_mistakes_are_told_with_their_place(template: str, column: int, message: str) -> None:
    with pytest.raises(TemplateError, match=re.escape(message)) as told:
        parse(template, GRAMMAR)

    assert told.value.column == column


@pytest.mark.parametrize(
    ("source", "sure"),
    [
        (r"\b[a-z]+, (?:aged )?\d\d,", r"\b+, \d\d,"),
        (r'[^"]{0,9}[.!]?" ?(?:-{1,2}|\() ?x', '"x'),
        (r"\d|x", ""),
        (r"(?<!a)\d", ""),
    ],
)
def test_what_is_surely_in_a_hand_written_pattern(source: str, sure: str) -> None:
    assert surely_in(source) == sure


@pytest.mark.parametrize("template", ["a <0-1> b", "^ a", "a /b/", "{x:drug}"])
def test_entries_of_lexicons_are_finite(template: str) -> None:
    with pytest.raises(TemplateError, match="have no"):
        parse(template, GRAMMAR, finite=True)
