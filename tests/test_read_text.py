"""Blocks of plain text."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaudit.errors import DocumentError
from kaudit.model import BlockKind
from kaudit.read import read, read_file

HEADING, PARAGRAPH, ITEM = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.ITEM
LONG = "This line is so long that nobody has wrapped it, " * 3

ROWS: list[tuple[str, list[tuple[BlockKind, str]]]] = [
    ("A Heading\n\nA sentence.", [(HEADING, "A Heading"), (PARAGRAPH, "A sentence.")]),
    ("# A Heading\nA sentence.", [(HEADING, "A Heading"), (PARAGRAPH, "A sentence.")]),
    ("- one\n- two", [(ITEM, "one"), (ITEM, "two")]),
    ("1. one\n2) two", [(ITEM, "one"), (ITEM, "two")]),
    ("\u2022 one\n\n\u2022 two", [(ITEM, "one"), (ITEM, "two")]),
    ("Such as:\n- one", [(PARAGRAPH, "Such as:"), (ITEM, "one")]),
    ("wrapped\nline.", [(PARAGRAPH, "wrapped\nline.")]),
    (f"{LONG}.\nNext line.", [(PARAGRAPH, f"{LONG}."), (PARAGRAPH, "Next line.")]),
    ("Title\n=====\nText.", [(HEADING, "Title"), (PARAGRAPH, "Text.")]),
    ("a\r\n\r\nb.", [(HEADING, "a"), (PARAGRAPH, "b.")]),
    ("   \n\n  ", []),
    ("", []),
]


@pytest.mark.parametrize(("source", "wanted"), ROWS)
def test_blocks_are_those_that_a_reader_sees(source: str, wanted: list[tuple[BlockKind, str]]) -> None:
    document = read(source)

    assert [(block.kind, block.span.of(document.text)) for block in document.blocks] == wanted


def test_large_and_missing_files_are_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("a" * 100, encoding="utf-8")

    with pytest.raises(DocumentError, match="over 50 bytes"):
        read_file(page, 50)
    with pytest.raises(DocumentError, match="No such file"):
        read_file(tmp_path / "none.txt", 50)


def test_unknown_formats_are_refused() -> None:
    with pytest.raises(DocumentError, match="there is no format 'doc'"):
        read("x", format="doc")
