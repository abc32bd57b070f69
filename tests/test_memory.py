"""What is remembered from one document to the next, and that nothing that is found depends on it."""

from __future__ import annotations

import random
from itertools import count
from pathlib import Path

import pytest

from kaudit import Auditor
from kaudit.catalog.compiled import Catalog
from kaudit.memory import Memory

SEEDS = Path(__file__).parent.parent / "seeds"


def test_an_answer_is_worked_out_once() -> None:
    memory, numbers = Memory[str, int](most=10), count()

    assert [memory.recall(key, lambda: next(numbers)) for key in "abab"] == [0, 1, 0, 1]


def test_what_is_not_final_is_worked_out_again() -> None:
    memory, numbers = Memory[str, int](most=10), count()

    assert memory.recall("a", lambda: next(numbers), lambda: False) == 0
    assert memory.recall("a", lambda: next(numbers)) == 1


def test_nothing_is_remembered_for_good() -> None:
    memory, numbers = Memory[int, int](most=2), count()
    for key in (1, 2, 3):
        memory.recall(key, lambda: next(numbers))

    assert memory.recall(1, lambda: next(numbers)) == 3


def test_what_was_audited_before_changes_no_finding(catalog: Catalog) -> None:
    paragraphs = [
        part for page in sorted(SEEDS.glob("*.md")) for part in page.read_text(encoding="utf-8").split("\n\n")
    ]
    chance = random.Random(1)
    texts = ["\n\n".join(chance.choices(paragraphs, k=12)) for _ in range(12)]
    texts += [text.replace("'", "\u2019") for text in texts[:3]]
    forwards, backwards = Auditor(catalog), Auditor(catalog)

    first = [forwards.audit(text, format="markdown").findings for text in texts]
    last = [backwards.audit(text, format="markdown").findings for text in reversed(texts)]

    assert first == last[::-1]
    assert sum(len(found.suggestions) for findings in first for found in findings) > 100


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("# Myths\n\n- It cures depression.\n", "# Results\n\n- It cures depression.\n"),
        ("Does it cure depression? No.\n", "Does it cure depression? Yes.\n"),
        ("Our ketamine.\n\nRelief with minimal side effects.\n", "Our drops.\n\nRelief with minimal side effects.\n"),
    ],
)
def test_the_same_sentence_elsewhere_is_told_by_where_it_stands(one: str, other: str, catalog: Catalog) -> None:
    forwards, backwards = Auditor(catalog), Auditor(catalog)

    first = [forwards.audit(text, format="markdown").findings for text in (one, other)]
    last = [backwards.audit(text, format="markdown").findings for text in (other, one)]

    assert first == last[::-1]
    told = [[(found.rule, found.severity, found.suggestions) for found in findings] for findings in first]
    assert told[0] != told[1]


def test_two_paragraphs_that_say_the_same_are_told_the_same(catalog: Catalog) -> None:
    said = "Our ketamine is a miracle drug that cures depression with minimal side effects.\n\n"

    findings = Auditor(catalog).audit(said * 3, format="markdown").findings

    by_line: dict[int, list[tuple[str, str, tuple[str, ...]]]] = {}
    for found in findings:
        told = (found.rule, found.text, tuple(suggestion.text for suggestion in found.suggestions))
        by_line.setdefault(found.line, []).append(told)
    assert by_line[3] == by_line[5]
    assert len(by_line[3]) > 2
