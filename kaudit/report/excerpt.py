"""The sentence around a finding, with the words underlined.

About the sentence: what a person needs in order to judge, told from the source alone, in any format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kaudit.model import Span
from kaudit.report.display import ELLIPSIS, WIDTH, cells, harmless, head, lines, tail

REACH = 600
"""How far from a finding its sentence is looked for."""
_BREAK = re.compile(
    r"""[.!?\u2026]["'\u2019\u201d)\]*_]*\s+      # the end of a sentence
    | \n\s*\n                                 # a blank line
    | \n(?=[ \t]*(?:[-*+\#>|]|\d+[.)])[ \t])  # a list item, a heading, a quotation, a row of a table
    | (?<=\n)[^\n.!?]{1,40}\n                 # a line that nobody would have broken there: a heading
    """,
    re.VERBOSE,
)


def excerpt(source: str, marked: Span, *, width: int = WIDTH) -> Iterator[tuple[str, str]]:
    """Yield the sentence of *source* around *marked*, each line with its underline, in at most *width* cells.

    A long sentence is cut near the marked words; only when they are themselves too long is there more than a line.
    """
    sentence = _sentence(source, marked)
    left = _squeezed(source[sentence.start : marked.start]).lstrip()
    middle = _squeezed(marked.of(source)).strip() or ELLIPSIS
    right = _squeezed(source[marked.end : sentence.end]).rstrip()
    room = max(width - cells(middle), 2 * width // 5)
    right = head(right, max(room // 2, room - cells(left)))
    left = tail(left, room - cells(right))
    text = left + middle + right
    for line in lines(text, width):
        start, end = max(line.start, len(left)), min(line.end, len(left) + len(middle))
        carets = " " * cells(text[line.start : start]) + "^" * cells(text[start:end]) if start < end else ""
        yield line.of(text), carets


def _sentence(source: str, marked: Span) -> Span:
    least, most = max(marked.start - REACH, 0), min(marked.end + REACH, len(source))
    # One line feed in front, so that the first line is a line as any other.
    breaks = [least + found.end() - 1 for found in _BREAK.finditer("\n" + source[least:most])]
    return Span(
        max((at for at in breaks if at <= marked.start), default=least),
        min((at for at in breaks if at >= marked.end), default=most),
    )


def _squeezed(text: str) -> str:
    """Return *text* harmless, with one blank for each run of them, also at its ends."""
    shown = harmless(text)
    inner = " ".join(shown.split())
    return f"{' ' if shown[:1].isspace() else ''}{inner}{' ' if inner and shown[-1:].isspace() else ''}"
