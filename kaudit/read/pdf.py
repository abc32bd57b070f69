"""Read PDF: the text of each page, in paragraphs, with the page and the place on it. Such files are only read.

A PDF has letters at places, no paragraphs. Which lines belong together is guessed by their distance and the size of
their letters, and their order is the one that the file has them in. The source is that text, a line a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from statistics import median
from threading import Lock
from typing import Any

from kaudit.errors import DocumentError
from kaudit.model import Block, BlockKind, Document, Span, Syntax
from kaudit.read.masks import mask_addresses

LARGEST_TEXT = 20_000_000
"""Characters; a file with more is not read."""

_LINE = re.compile(r"[^\r\n]+")
_ITEM = re.compile(r"[\u2022\u2023\u25aa\u25cf\u25e6\u00b7*\u2013-]\s|\(?\d{1,2}[.)]\s")
_SIGNS = str.maketrans({"\ufffe": None, "\x02": None, "\x00": " "})
"""How PDFium tells a hyphen at the end of a line: what it parts is joined."""
_APART = 1.8
"""Lines whose feet are more than so many heights of a letter apart belong to two paragraphs."""
_LARGER = 1.15
"""Letters that are so many times the usual size make a heading."""
_LONGEST_HEADING = 120
_NOWHERE = (0.0, 0.0, 0.0, 0.0)
_turn = Lock()
"""PDFium does one thing at a time."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of text, or two that a hyphen joins, and where it stands, in points from the lower left corner."""

    text: str
    page: int
    left: float
    top: float
    foot: float
    """Of its first letter."""
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """Return that of its letters."""
        return self.top - self.foot

    def goes_on_in(self, other: _Line) -> bool:
        """Return whether *other*, the next line, belongs to the same paragraph."""
        height = max(self.height, other.height, 1.0)
        return (
            self.page == other.page
            and 0 <= self.bottom - other.foot <= _APART * height
            and min(self.height, other.height) * _LARGER >= height
            and not _ITEM.match(other.text)
        )


def read_pdf(raw: bytes, path: str) -> Document:
    """Return the text of a PDF file.

    Raises:
        DocumentError: when it cannot be read, or the library that reads such files is not installed.
    """
    try:
        pypdfium2: Any = import_module("pypdfium2")
    except ImportError as error:
        raise DocumentError(path, "PDF is read with pypdfium2: pip install 'kaudit[pdf]'", is_usual=True) from error
    with _turn:
        try:
            lines = list(_lines(pypdfium2.PdfDocument(raw), path))
        except pypdfium2.PdfiumError as error:
            raise DocumentError(path, f"is no PDF, or is under a password: {error}") from error
    note = "read from a PDF, in which the order of the text, its paragraphs and its hyphens are guesses"
    paragraphs = list(_paragraphs(lines))
    usual = median(line.height for line in lines) if lines else 0.0
    blocks: list[Block] = []
    parts: list[str] = []
    at = 0
    for paragraph in paragraphs:
        text = "\n".join(line.text for line in paragraph)
        span = Span(at + len(text) - len(text.lstrip()), at + len(text.rstrip()))
        if len(span):
            blocks.append(Block(_kind(paragraph, usual), span, Syntax.TEXT, (), (), _info(paragraph)))
        parts.append(text)
        at += len(text) + 2
    source = "\n\n".join(parts)
    return Document(path, "pdf", source, mask_addresses(source), tuple(blocks), notes=(note,))


def _lines(pdf: Any, path: str) -> Iterator[_Line]:
    told = 0
    for number in range(len(pdf)):
        page = pdf[number]
        text_page = page.get_textpage()
        count = text_page.count_chars()
        told += count
        if told > LARGEST_TEXT:
            raise DocumentError(path, f"has more than {LARGEST_TEXT} characters")
        text = text_page.get_text_range(0, count) if count else ""
        in_step = len(text) == count  # else some character is told in two, and none can be found again
        for line in _LINE.finditer(text):
            inside = [at for at in range(*line.span()) if not text[at].isspace()]
            if not inside:
                continue
            left, foot, _, top = text_page.get_charbox(inside[0], loose=True) if in_step else _NOWHERE
            _, bottom, right, _ = text_page.get_charbox(inside[-1], loose=True) if in_step else _NOWHERE
            yield _Line(line.group().translate(_SIGNS), number + 1, left, top, foot, right, bottom)
        text_page.close()
        page.close()


def _paragraphs(lines: list[_Line]) -> Iterator[list[_Line]]:
    paragraph: list[_Line] = []
    for line in lines:
        if paragraph and not paragraph[-1].goes_on_in(line):
            yield paragraph
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield paragraph


def _kind(paragraph: list[_Line], usual: float) -> BlockKind:
    if _ITEM.match(paragraph[0].text):
        return BlockKind.ITEM
    is_short = sum(len(line.text) for line in paragraph) <= _LONGEST_HEADING
    return BlockKind.HEADING if is_short and paragraph[0].height > _LARGER * usual else BlockKind.PARAGRAPH


def _info(paragraph: list[_Line]) -> dict[str, str]:
    """Return the page of *paragraph*, and its box: left, bottom, right, top."""
    box = (
        min(line.left for line in paragraph),
        min(line.bottom for line in paragraph),
        max(line.right for line in paragraph),
        max(line.top for line in paragraph),
    )
    return {"page": str(paragraph[0].page), "box": " ".join(f"{side:.1f}" for side in box)}
