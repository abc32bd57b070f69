"""Every kind of character, and its way back."""

from __future__ import annotations

import pytest

from kaudit.normalise import normalise

ROWS = [
    ("Plain Text", "plain text"),
    ("two  blanks\n and a line", "two blanks and a line"),
    ("  edges  ", "edges"),
    ("\u201cquoted\u201d \u2018single\u2019", '"quoted" "single"'),
    ("don\u2019t", "don't"),
    ("fast\u2013acting \u2014 really", "fast-acting -- really"),
    ("no\u00a0break", "no break"),
    ("mir\u200bacle \u00adcure", "miracle cure"),
    ("\uff4d\uff49racle", "miracle"),
    ("m\u0456r\u0430cle", "miracle"),
    ("\U0001d5f0ure", "cure"),
    ("e\u0301lan caf\u00e9", "elan cafe"),
    ("\ufb01x \u00df", "fix ss"),
    ("Brand\u2122 relief\u00b9", "brand relief^"),
    ("\u00bd dose", "1/2 dose"),
    ("\u4e2d", "_"),
    ("\U0001f600 drug", "~ drug"),
    ("a \ufffc b", "a _ b"),
    ("bell\x07rings", "bell rings"),
]


@pytest.mark.parametrize(("visible", "wanted"), ROWS)
def test_text_becomes_what_templates_write(visible: str, wanted: str) -> None:
    plain = normalise(visible)

    assert plain.text == wanted
    assert len(plain.cased) == len(plain.text)


@pytest.mark.parametrize(
    ("visible", "word"),
    [
        ("a  \n miracle\u200b drug", "miracle"),
        ("\u200b\u200bmiracle", "miracle"),
        ("\ufb01\ufb01 miracle \ufb01", "miracle"),
        ("x \u2014 y  \u2014  miracle", "miracle"),
        ("\u00ad cure\u00ad d", "cure"),
    ],
)
def test_words_are_found_where_they_stand(visible: str, word: str) -> None:
    plain = normalise(visible)
    start = plain.text.index(word)

    first = plain.origin(start)
    last = plain.origin(start + len(word) - 1)

    assert visible[first] == word[0]
    assert visible[last] == word[-1]


def test_a_character_that_becomes_two_stands_for_both() -> None:
    visible = "\ufb01x"
    plain = normalise(visible)

    assert [plain.origin(at) for at in range(len(plain.text))] == [0, 0, 1]
