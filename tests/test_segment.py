"""Where sentences end, and where they do not."""

from __future__ import annotations

import pytest

from kaudit.segment import MAX_LENGTH, segment

ROWS = [
    "It works.|It is safe.",
    "Dr. Smith said so.|He left.",
    "See e.g. the trial.|It failed.",
    "It costs $3.50 today.|Buy now!",
    "He lives in the U.S.|She does not.",
    "The U.S. market grew.|Sales rose.",
    "About 16.1 million suffer.|Many recover.",
    "J. K. Rowling wrote it.|True.",
    "Is it safe?|Yes.",
    '"It works."|She smiled.',
    "Wait...|What?",
    "Visit www.example.com for more.|Thanks.",
    "Ph.D. holders agree.|So do we.",
    "No. 1 clinic in town.|Call.",
    "He said no.|70% agreed.",
    "What?!|Really.",
    "the brain.|It helps.",
    "We met at 5 p.m. on Monday.|We left.",
    "one sentence without an end",
]


@pytest.mark.parametrize("row", ROWS)
def test_sentences_end_where_a_reader_ends_them(row: str) -> None:
    sentences = row.split("|")
    text = " ".join(sentences) if "brain.|" not in row else "".join(sentences)

    assert [span.of(text) for span in segment(text)] == sentences


def test_endless_text_is_cut_at_blanks() -> None:
    text = "word " * MAX_LENGTH

    spans = segment(text.strip())

    assert max(map(len, spans)) <= MAX_LENGTH
    assert " ".join(span.of(text) for span in spans) == text.strip()


def test_one_endless_word_is_cut_too() -> None:
    text = "a" * (MAX_LENGTH * 2 + 5)

    assert [len(span) for span in segment(text)] == [MAX_LENGTH, MAX_LENGTH, 5]
