"""reStructuredText: what its readers see, and where that stands."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mapped import assert_mapped, place_of, shown

from kaudit.model import BlockKind, Span
from kaudit.read import read
from kaudit.read.replacing import Replacement, replace_words

GRID = "+-----+-----+\n| a   | b c |\n| d   |     |\n+=====+=====+\n| e   | f   |\n+-----+-----+\n"
SIMPLE = "===== ====\na     b\n===== ====\nc d   e\n      f\n===== ====\n\nText.\n"
ROWS: dict[str, tuple[str, list[str]]] = {
    "wrapped paragraphs": ("A miracle\ndrug.\n\nMore.\n", ["A miracle drug.", "More."]),
    "titles": ("Title\n=====\n\n====\nOver\n====\n\nText.\n", ["Title", "Over", "Text."]),
    "emphasis": ("A **mira**\\ *cle* drug.", ["A miracle drug."]),
    "code is an object": ("Take ``x = 1`` now.", ["Take \ufffc now."]),
    "links": ("See `our drug <https://a.example>`_, word_ and `this one`__.", ["See our drug, word and this one."]),
    "roles": ("A :strong:`miracle` :code:`x` :ref:`label` :ref:`text <label>`.", ["A miracle \ufffc \ufffc text."]),
    "notes": ("A claim [1]_ here.\n\n.. [1] The *note*\n   goes on.\n", ["A claim here.", "The note goes on."]),
    "substitutions": ("A |name| here.", ["A \ufffc here."]),
    "escapes": ("A \\*miracle\\* and an\\ other.", ["A *miracle* and another."]),
    "addresses": ("At https://a.example/best.", ["At \ufffc."]),
    "literal text": ("Code::\n\n    best option\n\nText.\n", ["Code:", "Text."]),
    "literal text alone": ("::\n\n    best option\n\nText.\n", ["Text."]),
    "comments": (".. a comment\n   that goes on\n\nText.\n", ["Text."]),
    "targets": (".. _label:\n\nText.\n\n.. _other: https://a.example\n", ["Text."]),
    "lists": ("- one\n  more\n- two\n\n1. three\n\n   four\n", ["one more", "two", "three", "four"]),
    "definitions": ("term\n    What it is.\n", ["term", "What it is."]),
    "fields": (":Author: Somebody\n:Note: One\n  two\n", ["Somebody", "One two"]),
    "code blocks": (".. code-block:: python\n\n   best = 1\n\nText.\n", ["Text."]),
    "admonitions": (".. note:: A miracle\n   drug.\n\n   More.\n\nText.\n", ["A miracle drug.", "More.", "Text."]),
    "figures": (".. figure:: a.png\n   :alt: A cure\n\n   The caption.\n", ["A cure", "The caption."]),
    "line blocks": ("| one\n| two\n", ["one", "two"]),
    "doctests": (">>> best()\n1\n\nText.\n", ["Text."]),
    "grid tables": (GRID, ["a d", "b c", "e", "f"]),
    "simple tables": (SIMPLE, ["a", "b", "c d", "e f", "Text."]),
    "transitions": ("One.\n\n----\n\nTwo.\n", ["One.", "Two."]),
}  # fmt: skip


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("case", ROWS)
def test_blocks_are_what_readers_see(case: str, ending: str) -> None:
    source, texts = ROWS[case]

    document = read(source.replace("\n", ending), format="rst")

    assert_mapped(document)
    assert shown(document) == texts


def test_titles_items_and_cells_are_told_apart() -> None:
    document = read("Title\n=====\n\n- item\n\n=== ===\na   b\n=== ===\n", format="rst")

    assert [block.kind for block in document.blocks] == [
        *(BlockKind.HEADING, BlockKind.ITEM, BlockKind.CELL, BlockKind.CELL)
    ]


def test_a_claim_stands_where_the_source_has_it() -> None:
    source = "It is a **mira**\\ *cle\ndrug* for you.\n"
    document = read(source, format="rst")

    assert place_of(document, "miracle drug") == "mira**\\ *cle\ndrug"


def test_comments_are_told() -> None:
    source = ".. kaudit: ignore\n\nText.\n\n.. more\n   lines\n"
    document = read(source, format="rst")

    assert [comment.text.strip() for comment in document.comments] == ["kaudit: ignore", "more\n   lines"]
    assert [comment.span.of(source)[:3] for comment in document.comments] == [".. ", ".. "]


@pytest.mark.parametrize("words", ["help", "a *b* c", "x_ and `y`", "back\\slash", "|s|", "two\\ "])
def test_words_are_put_where_readers_then_see_them(words: str) -> None:
    document = read("It is a **miracle\ndrug** for you.\n", format="rst")
    found = re.search("miracle drug", document.text)
    assert found is not None

    rewritten = replace_words(
        document, [Replacement(Span(*found.span()), words)], lambda source: read(source, format="rst")
    )

    if not rewritten.refused:
        assert shown(rewritten.document) == [" ".join(f"It is a {words} for you.".split())]
    assert words != "help" or not rewritten.refused


PARTS = [
    *(source for source, _ in ROWS.values()),
    "*",
    "`",
    "``",
    "|",
    "\\",
    "  ",
    "\n",
    "::",
    ".. ",
    "====",
    "+--+",
    "- ",
]


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(PARTS), max_size=8).map("".join), st.integers(0, 200), st.integers(0, 200))
def test_any_text_leads_back_to_its_source(text: str, cut: int, end: int) -> None:
    source = text[:cut] + text[end:]

    document = read(source, format="rst")

    assert_mapped(document)


@pytest.mark.parametrize(
    "part",
    ["``a ", "*a ", "`a ", ":r:`a ", ".. a\n\n", "=== ===\n", "+-+\n", "- a\n", "|a ", "a ", "\\", "==\n\n", "=\n"],
)
def test_reading_takes_no_longer_than_the_length_warrants(part: str) -> None:
    took = []
    for length in (20_000, 80_000):
        source = part * (length // len(part))
        start = time.process_time()
        read(source, format="rst")
        took.append(time.process_time() - start)

    assert took[1] < 10 * took[0] + 0.2
