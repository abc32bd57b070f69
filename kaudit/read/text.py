"""Read plain text: paragraphs, headings and list items by their lines.

The visible text is the source itself, but for web and mail addresses, which are objects of the same length.
"""

from __future__ import annotations

import re

from kaudit.model import Block, BlockKind, Document, Span
from kaudit.read.masks import mask_addresses

WRAP = 120
"""Where a paragraph has longer lines than this, its author did not wrap them, so that each line is a paragraph."""

LONGEST_HEADING = 120
_GAP = re.compile(r"\n[ \t\r\f\v]*\n\s*|\f\s*")
_ITEM_MARK = r"(?:[*+\u2022\u2023\u25aa\u25cf\u25e6\u00b7\u2013-]|\(?\d{1,2}[.)]|\(?[a-z]\))[ \t]+(?=\S)"
_HASH_MARK = r"#{1,6}[ \t]+(?=\S)"
_RULE_LINE = r"[=_*-]{3,}[ \t]*$"
_MARK = re.compile(rf"(?m)(?P<item>{_ITEM_MARK})|(?P<hash>{_HASH_MARK})|(?P<rule>{_RULE_LINE})")
_MARKED_LINE = re.compile(rf"(?m)\n[ \t]*(?:{_ITEM_MARK}|{_HASH_MARK}|{_RULE_LINE})")
"""Begins with a sign, which is found faster than a place."""
_INLINE_ITEM = re.compile(r"(?<=[:.!?] )- (?=[A-Z])")


def read_text(source: str, path: str) -> Document:
    """Return *source* as a document."""
    blocks: list[Block] = []
    start = 0
    for gap in _GAP.finditer(source):
        _split(source, start, gap.start(), blocks)
        start = gap.end()
    _split(source, start, len(source), blocks)
    return Document(path, "text", source, mask_addresses(source), tuple(blocks))


def _split(source: str, start: int, end: int, blocks: list[Block]) -> None:
    """Add the blocks of one stretch without an empty line."""
    first = source.find("\n", start, end)
    if first < 0:
        _add(source, start, end, blocks)
        return
    lines = source[start:end].split("\n")
    unwrapped = max(map(len, lines)) > WRAP
    if not unwrapped and not _MARK.match(source, start, first) and not _MARKED_LINE.search(source, first, end):
        _add(source, start, end, blocks)
        return
    at = block_start = start
    alone = False  # the line before was a heading or a rule, which hold no second line
    for line in lines:
        mark = _MARK.match(line.lstrip(" \t"))
        if at > block_start and (unwrapped or alone or mark):
            _add(source, block_start, at - 1, blocks)
            block_start = at
        alone = mark is not None and mark["item"] is None
        at += len(line) + 1
    _add(source, block_start, end, blocks)


def _add(source: str, start: int, end: int, blocks: list[Block]) -> None:
    """Add the block from *start* to *end*, without its mark and the blanks around it."""
    while start < end and source[start].isspace():
        start += 1
    while end > start and source[end - 1].isspace():
        end -= 1
    plain = source[start : start + 1].isalpha() and source[start + 1 : start + 2] != ")"
    mark = None if plain else _MARK.match(source, start, end)
    if mark:
        start = end if mark["rule"] else mark.end()
    if start >= end:
        return
    is_item = mark is not None and mark["item"] is not None
    if not mark and end - start > WRAP and " - " in source[start:end]:
        for inline in _INLINE_ITEM.finditer(source, start, end):
            kind = BlockKind.ITEM if is_item else BlockKind.PARAGRAPH
            blocks.append(Block(kind, Span(start, inline.start() - 1)))
            start, is_item = inline.end(), True
    blocks.append(Block(_kind(source, start, end, is_item), Span(start, end)))


def _kind(source: str, start: int, end: int, is_item: bool) -> BlockKind:
    if is_item:
        return BlockKind.ITEM
    short = end - start <= LONGEST_HEADING and "\n" not in source[start:end]
    return BlockKind.HEADING if short and source[end - 1] not in ".;,:" else BlockKind.PARAGRAPH
