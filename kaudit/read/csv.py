"""Read CSV and TSV: the cells that hold copy, each where it stands. A first row that looks so names the columns."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kaudit.model import BlockKind, Document, Keys, Syntax
from kaudit.read import ANY_KEY
from kaudit.read.builder import Builder, Value
from kaudit.read.possessive import compile_possessive
from kaudit.read.values import Decoder, Entry, embed_entries

DELIMITERS = ",;\t|"
"""What may stand between cells; the first row tells which one does."""

LONGEST_NAME = 40
"""A first row with a longer cell names no columns."""

_QUOTED = compile_possessive(r'"[^"]*+(?:""[^"]*+)*+"')
_QUOTE = re.compile('""')


def read_csv(source: str, path: str, keys: Keys = ANY_KEY) -> Document:
    """Return the copy among the cells of *source*."""
    builder = Builder(source, "csv", path, Syntax.TEXT)
    embed_entries(builder, csv_entries(source), keys, path, BlockKind.CELL)
    return builder.finish()


def csv_entries(source: str) -> Iterator[Entry]:
    """Yield every cell of *source*; its path is its row, from 0, and the name, else the number, of its column."""
    names: list[str] = []
    for row, cells in enumerate(csv_rows(source)):
        if row == 0:
            names = _names(cells)
        for column, value in enumerate(cells):
            yield Entry((str(row), names[column] if row and column < len(names) else str(column)), value)


def csv_rows(source: str) -> Iterator[list[Value]]:
    """Yield the cells of *source*, row by row."""
    delimiter = _delimiter(source)
    others = f"[^{re.escape(delimiter)}\r\n]*+"
    cell = compile_possessive(rf'"(?P<quoted>[^"]*+(?:""[^"]*+)*+)(?:"(?P<rest>{others})|\Z)|(?P<bare>{others})')
    row: list[Value] = []
    at = 0
    while at < len(source) or row:
        found = cell.match(source, at)
        assert found is not None  # it matches nothing at all, too
        row.append(_decode(source, found))
        at = found.end()
        if source.startswith(delimiter, at):
            at += 1
            continue
        at += 2 if source.startswith("\r\n", at) else 1
        yield row
        row = []


def _delimiter(source: str) -> str:
    first = _QUOTED.sub("", source[: source.find("\n") if "\n" in source else len(source)])
    return max(DELIMITERS, key=first.count)


def _names(cells: list[Value]) -> list[str]:
    """Return the names that a first row gives to columns, none when it has no such row."""
    names = [cell.text.strip() for cell in cells]
    fit = all(name and len(name) <= LONGEST_NAME and name[-1] not in ".!?" for name in names)
    return names if fit and len(set(names)) == len(names) else []


def _decode(source: str, cell: re.Match[str]) -> Value:
    decoder = Decoder(source)
    if cell["quoted"] is None:
        decoder.copy(*cell.span())
        return decoder.value(Syntax.CSV_BARE)
    at, end = cell.span("quoted")
    for quote in _QUOTE.finditer(source, at, end):
        decoder.copy(at, quote.start())
        decoder.atom('"', *quote.span())
        at = quote.end()
    decoder.copy(at, end)
    decoder.copy(*cell.span("rest"))
    return decoder.value(Syntax.CSV_QUOTED)
