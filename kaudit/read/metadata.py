"""Tell what a page says of itself in data that no reader sees, but those who search: front matter and JSON-LD.

What is no good data is not read; whoever builds the page is told by others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from kaudit.errors import DocumentError
from kaudit.model import BlockKind, Keys, PieceMap
from kaudit.read.builder import Builder
from kaudit.read.values import Entry, embed_entries

FRONT_MATTER = frozenset({"title", "description"})
"""What is read of front matter, at its top; the rest is for programs."""

LINKED_DATA = Keys(
    read=(
        *("abstract", "alternativeHeadline", "articleBody", "caption", "description", "disambiguatingDescription"),
        *("headline", "name", "reviewBody", "slogan", "text"),
    )
)
"""The properties of schema.org whose values people are shown."""

ANY = Keys(read=("*",))


def embed_front_matter(builder: Builder, start: int, end: int, *, is_toml: bool) -> None:
    """Tell *builder* the title and the description in the front matter from *start* to *end* of its source."""
    if is_toml:
        from kaudit.read.toml import toml_entries as entries_of
    else:
        from kaudit.read.yaml import yaml_entries as entries_of
    entries = _entries(builder.source, start, end, entries_of)
    wanted = [entry for entry in entries if len(entry.path) == 1 and entry.path[0].lower() in FRONT_MATTER]
    embed_entries(builder, wanted, ANY, "", BlockKind.META)


def embed_linked_data(builder: Builder, start: int, end: int) -> None:
    """Tell *builder* the copy in the JSON-LD from *start* to *end* of its source, as blocks of their own."""
    from kaudit.read.json import json_entries

    entries = _entries(builder.source, start, end, json_entries)
    builder.begin_aside(BlockKind.META, builder.syntax)
    muted, builder.muted = builder.muted, 0
    embed_entries(builder, entries, LINKED_DATA, "", BlockKind.META)
    builder.muted = muted
    builder.end_aside()


def _entries(source: str, start: int, end: int, entries_of: Callable[[str, str], Iterator[Entry]]) -> Iterable[Entry]:
    """Return what stands from *start* to *end*, placed in all of *source*."""
    try:
        return [_shifted(entry, start) for entry in entries_of(source[start:end], "")]
    except DocumentError:
        return ()


def _shifted(entry: Entry, by: int) -> Entry:
    pieces = tuple(
        piece._replace(source_start=piece.source_start + by, source_end=piece.source_end + by)
        for piece in entry.value.origin.pieces
    )
    return entry._replace(value=replace(entry.value, origin=PieceMap(pieces)))
