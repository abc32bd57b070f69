"""Subtitles: sentences go on from cue to cue, and everything that is not said is passed over."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mapped import assert_mapped, place_of, shown

from kaudit.errors import DocumentError
from kaudit.model import Span
from kaudit.read import read

FILM = """1
00:00:01,000 --> 00:00:02,000
It is a <i>miracle</i>

2
00:00:02,100 --> 00:00:03,000 X1:30
{\\an8}drug for <b>your
pain</b>.
3
00:00:03,100 --> 00:00:04,000
- Is it?
- JOHN: Yes.

4
00:00:04,100 --> 00:00:05,000
I know

5
00:00:13,000 --> 00:00:14,000
the end
"""


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_sentence_goes_on_in_the_next_cue(ending: str) -> None:
    document = read(FILM.replace("\n", ending), format="srt")

    assert_mapped(document)
    assert shown(document) == ["It is a miracle drug for your pain.", "Is it?", "Yes.", "I know", "the end"]
    assert place_of(document, "miracle drug").replace("\r", "") == (
        "miracle</i>\n\n2\n00:00:02,100 --> 00:00:03,000 X1:30\n{\\an8}drug"
    )
    assert [block.info["time"] for block in document.blocks] == [
        *("00:00:01,000", "00:00:03,100", "00:00:03,100", "00:00:04,100", "00:00:13,000")
    ]


@pytest.mark.parametrize(
    ("words", "time"),
    [
        ("It is a miracle", "00:00:01,000"),
        ("miracle drug", "00:00:01,000"),
        ("drug for your", "00:00:02,100"),
        ("pain", "00:00:02,100"),
        ("Yes", "00:00:03,100"),
    ],
)
def test_the_time_of_words_is_that_of_the_cue_in_which_they_begin(words: str, time: str) -> None:
    document = read(FILM, format="srt")
    at = document.text.index(words)
    block = next(block for block in document.blocks if block.span.contains(Span(at, at + 1)))

    assert document.place_of(block, document.origin.span(Span(at, at + len(words))).start) == time


def test_webvtt_has_heads_notes_styles_voices_and_entities() -> None:
    source = (
        "WEBVTT - Miracle drug\n\nNOTE one\nand two\n\nSTYLE\n::cue { color: red }\n\nintro\n"
        "00:01.000 --> 00:02.000 align:start\n<v Fred>It &amp; <c.big>that</c> <00:01.500>too.\n"
        "<v Ann>NOTE: no\nNOTE a note\n\n00:03.000 --> 00:04.000\n&lt;3\n"
    )

    document = read(source, format="vtt")

    assert_mapped(document)
    assert shown(document) == ["It & that too.", "NOTE: no NOTE a note <3"]
    assert [comment.text for comment in document.comments] == [" one\nand two"]


def test_what_has_no_cues_is_refused() -> None:
    with pytest.raises(DocumentError, match="line 1, column 1: has no cues; they begin with"):
        read("Just some text.\n", format="srt")
    assert not read(" \n", format="srt").blocks


TIMING = "00:00:01,000 --> 00:00:02,000"
CUE_PARTS = ["a", " ", ".", "\n", "\r\n", "1", TIMING, "<i>", "</i>", "<b", "- ", "{\\an8}", "&amp;"]


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from([*CUE_PARTS, "NOTE ", "WEBVTT", "A: "]), max_size=30).map("".join))
def test_any_subtitles_lead_back_to_their_source(text: str) -> None:
    source = f"00:00:01,000 --> 00:00:02,000\n{text}"

    for format in ("srt", "vtt"):
        assert_mapped(read(source, format=format))


@pytest.mark.parametrize("source", ["1\n" * 100_000, "<i>" * 50_000, "00:00:01,000 --> 00:00:02,000\na\n" * 20_000])
def test_long_subtitles_take_no_longer_than_their_length_warrants(source: str) -> None:
    read("00:00:01,000 --> 00:00:02,000\n" + source, format="srt")
