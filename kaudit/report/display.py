"""Text on terminals: made harmless, measured in cells, wrapped, cut, coloured.

What is shown comes from documents and catalogs of others. Nothing in it may move the cursor, recolour the screen or
reorder a line, so every control and formatting character is shown as its escape.
"""

from __future__ import annotations

import enum
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from kaudit.model import Span

WIDTH = 80
ELLIPSIS = "..."
_JOINERS = "\u200c\u200d"  # zero-width non-joiner and joiner: parts of words and emoji


class Style(enum.Enum):
    """How a piece of text looks on a terminal that has colours."""

    PLAIN = ""
    BOLD = "1"
    FAINT = "2"
    CRITICAL = "1;31"
    HIGH = "31"
    MEDIUM = "33"
    LOW = "36"
    GOOD = "32"


def paint(text: str, style: Style, *, colour: bool) -> str:
    """Return *text* in *style*, or as it is without *colour*."""
    return f"\x1b[{style.value}m{text}\x1b[0m" if colour and text and style.value else text


@lru_cache(maxsize=4096)
def _harmless(character: str) -> str:
    if character.isprintable() or character in _JOINERS:
        return character
    if character.isspace() and character not in "\x1c\x1d\x1e\x1f\u2028\u2029":
        return " "
    return character.encode("unicode_escape").decode("ascii")


def harmless(text: str) -> str:
    """Return *text* on one line, with blanks for line breaks, and escapes for all that a terminal would obey."""
    return text if text.isascii() and text.isprintable() else "".join(map(_harmless, text))


@lru_cache(maxsize=4096)
def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def cells(text: str) -> int:
    """Return how many columns of a terminal harmless *text* takes."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def wrapped(text: str, first: str, *, width: int = WIDTH) -> Iterator[str]:
    """Yield *text* in lines of at most *width* cells, after *first*; later lines are indented as far."""
    indent = " " * cells(first)
    for number, span in enumerate(lines(text, width - len(indent))):
        yield (indent if number else first) + span.of(text)


def head(text: str, room: int) -> str:
    """Return *text*, or as much of its beginning as fits into *room* cells with an ellipsis."""
    if cells(text) <= room:
        return text
    end = _fitting(text, room - len(ELLIPSIS) - 1)
    blank = text.rfind(" ", 0, end + 1)
    return f"{text[: blank if blank > 0 else end].rstrip()} {ELLIPSIS}"


def tail(text: str, room: int) -> str:
    """Return *text*, or as much of its end as fits into *room* cells with an ellipsis."""
    if cells(text) <= room:
        return text
    start = len(text) - _fitting(text[::-1], room - len(ELLIPSIS) - 1)
    blank = text.find(" ", max(start - 1, 0), len(text) - 1)
    return f"{ELLIPSIS} {text[blank if blank >= 0 else start :].lstrip()}"


def lines(text: str, width: int) -> Iterator[Span]:
    """Yield the stretches of *text* that are its lines of at most *width* cells, cut at blanks; at least one."""
    start = 0
    while cells(text[start:]) > width:
        end = start + max(_fitting(text[start:], width), 1)
        blank = text.rfind(" ", start + 1, end + 1)
        cut = blank if blank > start else end
        yield Span(start, cut)
        start = cut + 1 if text[cut : cut + 1] == " " else cut
    yield Span(start, len(text))


def table(rows: Sequence[Sequence[str]], *, width: int = WIDTH) -> Iterator[str]:
    """Yield *rows* as lines of aligned columns; what the last column has too much of goes on under it."""
    widths = [max(map(cells, column)) for column in zip(*(row[:-1] for row in rows), strict=True)]
    for row in rows:
        *cut, last = row
        first = "".join(cell + " " * (wide - cells(cell) + 2) for cell, wide in zip(cut, widths, strict=True))
        yield from wrapped(last, first, width=max(width, len(first) + width // 3))


def _fitting(text: str, room: int) -> int:
    """Return how many characters of *text* fit into *room* cells."""
    used = 0
    for at, character in enumerate(text):
        used += _cells(character)
        if used > room:
            return at
    return len(text)
