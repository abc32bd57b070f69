"""Every example of every rule and disclosure in the catalog holds."""

from __future__ import annotations

from functools import cache

import pytest

from kaudit.catalog import load_catalog
from kaudit.catalog.texts import read_texts
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


def test_an_example_that_does_not_hold_is_told() -> None:
    wrong = Example("promises-miracle", "flag", "A [[quiet]] miracle drug.", "", "c.yaml", ())

    assert prover().complaint(wrong) == "finds 'miracle drug', not the marked words"
