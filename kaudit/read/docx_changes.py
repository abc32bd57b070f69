"""Write changes into Word documents as tracked ones, each with a comment, so that a person accepts them in Word.

Only the words in question are rewritten, in the XML as it stands; every other member of the file stays what it was.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from xml.sax.saxutils import escape

from kaudit.errors import DocumentError
from kaudit.model import Block, BlockKind, Document, Span
from kaudit.read.docx import MAIN, Part, Run, document_of, parts_of
from kaudit.read.ooxml import Package
from kaudit.read.replacing import OVERLAP, UNCERTAIN, UNPLACED, Refusal, Replacement, Rewritten

AUTHOR = "kaudit"
"""Whom Word names as the author of changes and comments."""

SIGNED = "the document is signed, which a change would undo"

_COMMENTS = "word/comments.xml"
_TYPES = "[Content_Types].xml"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_STRICT = "http://purl.oclc.org/ooxml/"
_RELATION = {
    True: f"{_STRICT}officeDocument/relationships/comments",
    False: "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments",
}
"""The kind of relation that a part has with its comments; in files that are strict, and in all others."""
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NO_RELATIONS = f'{_DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
_RUN_TAG = re.compile(r"<(\w+:)r(?=[\s>])[^>]*>")
_ID = re.compile(r"""\s\w+:id=["'](\d{1,9})["']""")
_BLANKS = str.maketrans(dict.fromkeys("\r\n\t\v\f", " "))


@dataclass(frozen=True, slots=True)
class _Unit:
    """A stretch of one run that a change takes out."""

    start: int
    end: int
    run: Run
    prefix: str
    """Of the names of elements, with its colon."""


@dataclass(frozen=True, slots=True)
class _Edit:
    """A stretch of XML, and what is written in its place."""

    start: int
    end: int
    text: str


def track_changes(raw: bytes, document: Document, wanted: Sequence[Replacement]) -> Rewritten:
    """Return the Word document *raw*, read as *document*, with what is *wanted* in it, none of it accepted yet.

    Raises:
        DocumentError: when it cannot be read.
    """
    path = document.path
    package = Package(raw, path)
    if any(name.startswith("_xmlsignatures/") for name in package.names):
        return Rewritten(document, tuple(Refusal(each, SIGNED) for each in wanted), raw=raw)
    parts = parts_of(package, path)
    writer = _Writer(parts, _now())
    edits: dict[str, list[_Edit]] = {}
    comments: list[str] = []
    refused: list[Refusal] = []
    made: list[Replacement] = []
    for each in sorted(wanted):
        found = OVERLAP if made and each.span.start < made[-1].span.end else _units(parts, each.span)
        if isinstance(found, str):
            refused.append(Refusal(each, found))
            continue
        part, units = found
        number = next(writer.numbers) if each.note and MAIN.fullmatch(part.name) else None
        edits.setdefault(part.name, []).extend(writer.edits(part.document.source, units, each.text, number))
        if number is not None:
            comments.append(writer.comment(units[0].prefix, number, each.note))
        made.append(each)
    if not made:
        return Rewritten(document, tuple(refused), raw=raw)
    members = {part.name: _edited(part.document.source, edits[part.name]) for part in parts if part.name in edits}
    members |= _with_comments(package, parts[0], comments)
    tracked = package.replaced(members)
    after = _read_again(tracked, path)
    if after is None or after.source != _expected(document.source, made):
        return Rewritten(document, tuple(Refusal(each, UNCERTAIN) for each in wanted), raw=raw)
    return Rewritten(after, tuple(refused), raw=tracked)


def _read_again(raw: bytes, path: str) -> Document | None:
    try:
        return document_of(parts_of(Package(raw, path), path), path)
    except DocumentError:
        return None


def _expected(source: str, changes: Sequence[Replacement]) -> str:
    for change in reversed(changes):
        source = source[: change.span.start] + change.text.translate(_BLANKS) + source[change.span.end :]
    return source


def _edited(xml: str, edits: Iterable[_Edit]) -> str:
    for edit in sorted(set(edits), key=lambda edit: (edit.start, edit.end), reverse=True):
        xml = xml[: edit.start] + edit.text + xml[edit.end :]
    return xml


def _located(parts: Iterable[Part], span: Span) -> tuple[Part, Block, Span] | None:
    """Return the part and the block that *span* is in, and where it is in the text of the part."""
    at = 0
    for part in parts:
        for block in part.document.blocks:
            if at <= span.start and span.end <= at + len(block.span):
                return part, block, span.shifted(block.span.start - at)
            at += len(block.span) + 1
    return None


def _units(parts: Iterable[Part], span: Span) -> tuple[Part, list[_Unit]] | str:
    """Return what to take out for *span*, run by run, and where; else why that cannot be."""
    found = _located(parts, span)
    if found is None:
        return UNPLACED
    part, block, inner = found
    xml = part.document.source
    if not span:
        return UNPLACED
    if block.kind is BlockKind.ALT:
        return "it is the description of a picture, where Word tracks no changes"
    units: list[_Unit] = []
    for piece in part.document.pieces(inner):
        if xml.startswith("<", piece.source_start):
            return "there is a tab, a line break or a picture among the words"
        if units and units[-1].end == piece.source_start:
            units[-1] = replace(units[-1], end=piece.source_end)
            continue
        run = part.run_at(piece.source_start)
        tag = _RUN_TAG.match(xml, run.start)
        if tag is None or not xml.startswith(f"<{tag[1]}t", xml.rindex("<", 0, piece.source_start)):
            return "it is written as Word does not write it"
        units.append(_Unit(piece.source_start, piece.source_end, run, tag[1]))
    return part, units


def _now() -> datetime:
    """Return the time, or what SOURCE_DATE_EPOCH says instead so that the same input gives the same file."""
    told = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(told), UTC) if told.isdecimal() else datetime.now(UTC)


class _Writer:
    """Writes changes and comments as XML, each with a number of its own."""

    def __init__(self, parts: Iterable[Part], when: datetime) -> None:
        used = (int(number) for part in parts for number in _ID.findall(part.document.source))
        self.numbers = count(max(used, default=0) + 1)
        self._when = f"{when:%Y-%m-%dT%H:%M:%SZ}"

    def _mark(self, prefix: str, number: int) -> str:
        return f'{prefix}id="{number}" {prefix}author="{AUTHOR}" {prefix}date="{self._when}"'

    def comment(self, prefix: str, number: int, text: str) -> str:
        """Return a comment."""
        written = (
            f'<{prefix}p><{prefix}r><{prefix}t xml:space="preserve">{escape(text)}</{prefix}t></{prefix}r></{prefix}p>'
        )
        return f'<{prefix}comment {self._mark(prefix, number)} {prefix}initials="k">{written}</{prefix}comment>'

    def edits(self, xml: str, units: Sequence[_Unit], text: str, comment: int | None) -> Iterator[_Edit]:
        """Yield the edits that take *units* out and put *text* in; with *comment*, the number of one on them."""
        for unit in units:
            prefix = unit.prefix
            opening = f'<{prefix}r>{unit.run.properties}<{prefix}{{}} xml:space="preserve">'
            taken = f"{opening.format('delText')}{xml[unit.start : unit.end]}</{prefix}delText></{prefix}r>"
            parts = [f"</{prefix}t></{prefix}r>"]
            if unit is units[0] and comment is not None:
                parts.append(f'<{prefix}commentRangeStart {prefix}id="{comment}"/>')
            parts.append(f"<{prefix}del {self._mark(prefix, next(self.numbers))}>{taken}</{prefix}del>")
            if unit is units[0] and text:
                put = f"{opening.format('t')}{escape(text.translate(_BLANKS))}</{prefix}t></{prefix}r>"
                parts.append(f"<{prefix}ins {self._mark(prefix, next(self.numbers))}>{put}</{prefix}ins>")
            if unit is units[-1] and comment is not None:
                parts.append(f'<{prefix}commentRangeEnd {prefix}id="{comment}"/>')
                parts.append(f'<{prefix}r><{prefix}commentReference {prefix}id="{comment}"/></{prefix}r>')
            yield _Edit(unit.start, unit.end, "".join([*parts, opening.format("t")]))
            # What stays of the text before may end with a blank, which counts only when the element says so.
            tag = Span(xml.rindex("<", 0, unit.start), xml.rindex(">", 0, unit.start))
            if "xml:space" not in tag.of(xml):
                yield _Edit(tag.end, tag.end, ' xml:space="preserve"')


def _with_comments(package: Package, main: Part, comments: Sequence[str]) -> dict[str, str]:
    """Return the members that have to be changed, or made, for the main part to have *comments*."""
    if not comments:
        return {}
    if _COMMENTS in package.names:
        xml = package.xml_of(_COMMENTS)
        end = xml.rindex("</")
        return {_COMMENTS: xml[:end] + "".join(comments) + xml[end:]}
    prefix = comments[0][1 : comments[0].index(":")]
    declared = re.search(rf'xmlns:{prefix}="([^"]+)"', main.document.source)
    space = declared[1] if declared else ""
    folder, _, name = main.name.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels"
    kind = _RELATION[space.startswith(_STRICT)]
    return {
        _COMMENTS: f'{_DECLARATION}<{prefix}:comments xmlns:{prefix}="{space}">{"".join(comments)}</{prefix}:comments>',
        _TYPES: _inserted(
            package.xml_of(_TYPES), f'<Override PartName="/{_COMMENTS}" ContentType="{_COMMENTS_TYPE}"/>'
        ),
        relations: _inserted(
            package.xml_of(relations) if relations in package.names else _NO_RELATIONS,
            f'<Relationship Id="rIdKauditComments" Type="{kind}" Target="comments.xml"/>',
        ),
    }


def _inserted(xml: str, element: str) -> str:
    """Return *xml* with *element* as the last one in its root."""
    end = xml.rindex("</")
    return xml[:end] + element + xml[end:]
