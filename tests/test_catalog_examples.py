"""Every example of every rule and disclosure in the catalog holds."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest

from kaudit.auditor import Auditor
from kaudit.catalog import load_catalog
from kaudit.catalog.template import NUMBER_WORDS
from kaudit.catalog.texts import read_texts
from kaudit.config import Config
from kaudit.examples import Example, Prover, read_examples

EXAMPLES = [example for text in read_texts(None) for example in read_examples(text)]


@cache
def prover() -> Prover:
    return Prover(load_catalog())


def name(example: Example) -> str:
    return f"{example.rule}-{example.kind}"


@pytest.mark.parametrize("example", EXAMPLES, ids=name)
def test_an_example_holds(example: Example) -> None:
    assert prover().complaint(example) is None


def test_every_list_of_words_is_looked_for() -> None:
    """To add to one that nothing uses would be in vain, and nobody would be told."""
    (text,) = read_texts(None)
    lists = re.findall(
        r"^  (\w+):", text.text.partition("\nlexicons:\n")[2].partition("\nsubjects:\n")[0], re.MULTILINE
    )

    assert len(lists) > 100
    assert [name for name in lists if f"{name}}}" not in text.text and name != NUMBER_WORDS] == []


def test_an_example_that_does_not_hold_is_told() -> None:
    wrong = Example("promises-miracle", "flag", "A [[quiet]] miracle drug.", "", "c.yaml", ())

    assert prover().complaint(wrong) == "finds 'miracle drug', not the marked words"


def test_plain_words_for_a_whole_sentence_are_no_claim() -> None:
    catalog = load_catalog()
    everywhere = {name: replace(rule, promotional=False) for name, rule in catalog.rules.items()}
    auditor = Auditor(replace(catalog, rules=everywhere), Config(pedantic=True))
    plain = {
        rewrite.to
        for rule in catalog.rules.values()
        for rewrite in rule.rewrites
        if rewrite.whole and "{" not in rewrite.to
    }

    assert len(plain) > 20
    assert [(text, [found.rule for found in auditor.audit(f"{text}.").findings]) for text in sorted(plain)] == [
        (text, []) for text in sorted(plain)
    ]
