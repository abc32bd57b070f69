"""Values: the strings in a file of data, decoded and placed; which of them are copy, in which format each is written.

What a value is, each format says (json.py, yaml.py and so on); what follows is the same for all of them, and here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from kaudit.errors import DocumentError
from kaudit.model import LOCKED, BlockKind, Document, Keys, Piece, PieceKind, PieceMap, Syntax
from kaudit.read import FORMATS, TEXT
from kaudit.read.builder import Builder, Value

COPY = re.compile(
    """(?xi) alt | answer | body | caption | content | copy | cta | description | excerpt | headline | heading | intro
    | label | lead | message | msgid | msgstr | name | placeholder | question | quote | slogan | subheading | subject
    | subtitle | summary | tagline | teaser | text | title | tooltip"""
)
"""Keys, or last words of keys, whose values people read, even a single word."""

TITLES = re.compile("(?i)headline|heading|subheading|subject|subtitle|title")
"""Those whose values are headings of what follows."""

NOT_COPY = re.compile(
    """(?xi) args | authors? | class | classname | code | commands? | comments? | copyright | css | (dev)?dependencies
    | engines | entrypoint | env | environment | exec | font | formula | glob | icon | id | licen[sc]e | media | path
    | pattern | query | regexp? | run | schema | scripts? | selector | shell | sizes | sql | srcset | styles? | svg
    | tests? | ur[il]"""
)
"""Keys, or last words of keys, below which nothing is copy, though it may look like it."""

_LAST_WORD = re.compile(r"([A-Z]?[a-z]+|[A-Z]+)(?:[\W\d_]*)$")
_PROSE = re.compile(r"[^\W\d_]{2}['\u2019)\"*_]{0,2}[,;:.!?]?\s+['\u2018\u201c\"(*_<]{0,2}[^\W\d_]")
_HTML = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>|&(?:[A-Za-z]{2,8}|#\d{2,6}|#x[\da-fA-F]{2,6});|<!--")
_MARKDOWN = re.compile(
    r"\*\*\S|\b__\S|(?<![\w*])\*[^\s*]|(?<!\w)_[^\s_]|`|\]\(|^ {0,3}(?:#{1,6} |[-*+] |> |\d{1,3}[.)] )", re.MULTILINE
)


class Entry(NamedTuple):
    """A string in a file of data."""

    path: tuple[str, ...]
    """The keys that lead to it, from outside in; places in lists count from 0."""
    value: Value
    locked: str = ""
    """Why it cannot be changed here; "" when it can."""


def is_copy(entry: Entry, keys: Keys) -> bool:
    """Return whether *entry* is among what *keys* say is copy; else what looks like prose is, and what keys name so."""
    names = [part for part in entry.path if not part.isdigit()]
    if keys.skip and _fits(keys.skip, names):
        return False
    if keys.read:
        return _fits(keys.read, names)
    if any(name[:1] in ("@", "$") or _is_one_of(NOT_COPY, name) for name in names):
        return False
    return bool(_PROSE.search(entry.value.text)) or bool(names and _is_one_of(COPY, names[-1]))


def _fits(patterns: tuple[str, ...], names: list[str]) -> bool:
    return _compiled(patterns).fullmatch(".".join(names)) is not None


@lru_cache(maxsize=8)
def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    listed = "|".join(".*".join(map(re.escape, pattern.split("*"))) for pattern in patterns)
    return re.compile(rf"(?:.*\.)?(?:{listed})(?:\..*)?", re.IGNORECASE | re.DOTALL)


def _is_one_of(words: re.Pattern[str], name: str) -> bool:
    """Return whether *name*, or its last word, as of "heroTitle" and "hero_title", is one of *words*."""
    last = _LAST_WORD.search(name)
    return bool(words.fullmatch(name) or (last and words.fullmatch(last[1])))


class Decoder:
    """Takes what a string is made of, in source order, and gives the value."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._parts: list[str] = []
        self._pieces: list[Piece] = []
        self._length = 0

    def copy(self, start: int, end: int) -> None:
        """Tell characters that stand for themselves."""
        if end > start:
            self._tell(self._source[start:end], start, end, PieceKind.COPY)

    def atom(self, text: str, start: int, end: int) -> None:
        """Tell an escape, which stands for *text* as a whole."""
        self._tell(text, start, end, PieceKind.ATOM)

    def _tell(self, text: str, start: int, end: int, kind: PieceKind) -> None:
        self._parts.append(text)
        self._pieces.append(Piece(self._length, self._length + len(text), start, end, kind))
        self._length += len(text)

    def value(self, layer: Syntax) -> Value:
        """Return what was told, as a string of a file that writes it as *layer*."""
        return Value("".join(self._parts), PieceMap(tuple(self._pieces)), layer)


def whole(text: str, start: int, end: int, layer: Syntax) -> Value:
    """Return a value of which is only known that it stands somewhere between *start* and *end*."""
    return Value(text, PieceMap((Piece(0, len(text), start, end, PieceKind.ATOM),) if text else ()), layer)


def joined(values: Sequence[Value]) -> Value:
    """Return *values*, which stand one after the other in the same file, as one."""
    pieces: list[Piece] = []
    length = 0
    for value in values:
        pieces += [piece._replace(start=piece.start + length, end=piece.end + length) for piece in value.origin.pieces]
        length += len(value.text)
    return Value("".join(value.text for value in values), PieceMap(tuple(pieces)), values[0].layer)


def too_deep(deepest: int) -> str:
    """Return why values are not read that are nested deeper than that."""
    return f"is nested more than {deepest} deep, which is what max-nesting allows"


def refuse(source: str, offset: int, path: str, reason: str) -> DocumentError:
    """Return the error that says what is wrong at *offset*."""
    line = source.count("\n", 0, offset) + 1
    column = offset - source.rfind("\n", 0, offset)
    return DocumentError(path, f"line {line}, column {column}: {reason}")


def sniff(text: str) -> str:
    """Return the name of the format that *text*, a value, is written in."""
    name = "html" if _HTML.search(text) else "markdown" if _MARKDOWN.search(text) else TEXT.name
    return name if name in FORMATS else TEXT.name


def read_value(value: Value, path: str) -> Document:
    """Return *value* as its readers see it, in the format that it looks like."""
    return FORMATS[sniff(value.text)].read(value.text, path)


def embed_entries(
    builder: Builder, entries: Iterable[Entry], keys: Keys, path: str, kind: BlockKind = BlockKind.PARAGRAPH
) -> None:
    """Tell *builder* those of *entries* that are copy; *kind* is what those are that say nothing else."""
    for entry in entries:
        if entry.value.text and not entry.value.text.isspace() and is_copy(entry, keys):
            inner = read_value(entry.value, path)
            info = {"key": ".".join(entry.path)} if entry.path else {}
            if entry.locked:
                info[LOCKED] = entry.locked
            builder.embed(entry.value, inner, _kind(entry, inner, kind), info)


def _kind(entry: Entry, inner: Document, kind: BlockKind) -> BlockKind | None:
    """Return what a value is by its key; None for one that is made of blocks, each of its own kind."""
    if len(inner.blocks) != 1:
        return None
    names = [part for part in entry.path if not part.isdigit()]
    if names and _is_one_of(TITLES, names[-1]):
        return BlockKind.HEADING
    only = inner.blocks[0].kind
    return kind if only is BlockKind.PARAGRAPH or inner.format == TEXT.name else only
