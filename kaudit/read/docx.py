"""Read Word documents: paragraphs over all their runs, headings, tables, notes, heads and feet, but no comments.

A zip file has no lines to point at. The source of such a document is therefore the text in it, a paragraph a line, and
`info` says the part of the file, and which of its paragraphs it is. Where each character stands in the XML is known all
the same, for docx_changes.py to write it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from kaudit.errors import DocumentError
from kaudit.model import NOTHING, Block, BlockKind, Document, MarkKind, Span, Syntax
from kaudit.read.builder import Builder
from kaudit.read.masks import mask_addresses
from kaudit.read.ooxml import Event, Package, events_of

MAIN = re.compile(r"word/document\d*\.xml")
"""The name of the part that is the text itself."""

_PARTS = (MAIN, re.compile(r"word/(?:footnotes|endnotes)\d*\.xml"), re.compile(r"word/(?:header|footer)\d*\.xml"))
_STYLES = "word/styles.xml"
_SKIPPED = frozenset(
    {"del", "moveFrom", "Fallback", "instrText", "delText", "rt", "oMath", "sdtPr", "sectPr", "pPrChange", "rPrChange"}
)
"""Elements of which nothing shows: what was deleted, what was there before, what only other programs need."""
_OBJECTS = frozenset({"drawing", "object", "pict", "sym", "oMath"})
_BREAKS = frozenset({"br", "cr"})
_TABS = frozenset({"tab", "ptab"})
_HEADING = re.compile(r"(?i)heading \d|title|subtitle")
_LIST = re.compile(r"(?i)list\b.*")
_OFF = frozenset({"0", "false", "off"})
_DESCRIPTION = re.compile(r"""\bdescr=(?:"([^"]*)"|'([^']*)')""")
_ONE_LINE = str.maketrans(dict.fromkeys("\r\n\t\v\f\x1c\x1d\x1e\x85\u2028\u2029", " "))
"""What ends a line, as a blank."""
_BODY_TEXT = 9
"""The outline level of what is no heading."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text of one formatting, in the XML of its part."""

    start: int
    end: int
    properties: str
    """As XML; "" when there are none."""


@dataclass(frozen=True, slots=True)
class Part:
    """A member of the file that holds text."""

    name: str
    document: Document
    """The text of the member, and where it stands in its XML."""
    runs: tuple[Run, ...]
    """In the order of the XML; one may hold others, in a text box."""

    def run_at(self, offset: int) -> Run:
        """Return the innermost run that *offset* of the XML is in."""
        at = bisect_right(self.runs, offset, key=lambda run: run.start) - 1
        while self.runs[at].end <= offset:
            at -= 1
        return self.runs[at]


def read_docx(raw: bytes, path: str) -> Document:
    """Return the text of a Word document.

    Raises:
        DocumentError: when it is none, is under a password, or is made to do harm.
    """
    return document_of(parts_of(Package(raw, path), path), path)


def parts_of(package: Package, path: str) -> tuple[Part, ...]:
    """Return the parts of *package* that people read: the text, the notes, heads and feet.

    Raises:
        DocumentError: when one of them cannot be read, or there is no text.
    """
    names = [name for pattern in _PARTS for name in sorted(package.names) if pattern.fullmatch(name)]
    if not names or not MAIN.fullmatch(names[0]):
        raise DocumentError(path, "is no Word document: it has no word/document.xml")
    kinds = _styles(package.xml_of(_STYLES), path) if _STYLES in package.names else {}
    return tuple(_PartReader(package.xml_of(name), name, path, kinds).part() for name in names)


def document_of(parts: tuple[Part, ...], path: str) -> Document:
    """Return *parts* as one document, a paragraph a line."""
    lines: list[str] = []
    blocks: list[Block] = []
    at = 0
    for part in parts:
        for block in part.document.blocks:
            text = block.span.of(part.document.text).translate(_ONE_LINE)
            blocks.append(Block(block.kind, Span(at, at + len(text)), Syntax.TEXT, (), (), block.info))
            lines.append(text)
            at += len(text) + 1
    text = "\n".join(lines)
    return Document(path, "docx", text, mask_addresses(text), tuple(blocks))


def _styles(xml: str, path: str) -> Mapping[str, BlockKind]:
    """Return what the paragraphs of each style are, where they are something special."""
    bases: dict[str, str] = {}
    own: dict[str, BlockKind] = {}
    style = ""
    for event in events_of(xml, path, _STYLES):
        value = event.attributes.get("val", "")
        match event.name:
            case "style" if not event.is_end:
                style = event.attributes.get("styleId", "")
            case "name" if _HEADING.fullmatch(value):
                own[style] = BlockKind.HEADING
            case "name" if _LIST.fullmatch(value):
                own[style] = BlockKind.ITEM
            case "outlineLvl" if _is_heading_level(value):
                own[style] = BlockKind.HEADING
            case "basedOn":
                bases.setdefault(style, value)
    kinds: dict[str, BlockKind] = {}
    for name in {*own, *bases}:
        chain = [name]
        while chain[-1] not in own and bases.get(chain[-1], name) not in chain:
            chain.append(bases[chain[-1]])
        if chain[-1] in own:
            kinds[name] = own[chain[-1]]
    return kinds


def _is_heading_level(value: str) -> bool:
    return value.isdigit() and int(value) < _BODY_TEXT


@dataclass(slots=True)
class _OpenRun:
    """A run that is being read."""

    start: int
    properties_start: int = -1
    properties: str = ""
    is_hidden: bool = False


class _PartReader:
    """Reads one member of the file."""

    def __init__(self, xml: str, name: str, path: str, kinds: Mapping[str, BlockKind]) -> None:
        self._xml = xml
        self._name = name
        self._path = path
        self._kinds = kinds
        self._builder = Builder(xml, "docx", path, Syntax.TEXT)
        self._done: list[Run] = []
        self._runs: list[_OpenRun] = []  # that are open, from outside in
        self._paragraphs: list[int] = []  # that are open, by their numbers
        self._read = 0  # how many paragraphs have begun
        self._cells = 0  # how many cells of tables are open, one in the other
        self._kind = BlockKind.PARAGRAPH
        self._in_text = False
        self._in_properties = False

    def part(self) -> Part:
        """Return what was read."""
        skipped = 0  # how many elements are open, from the one on that does not show
        for event in events_of(self._xml, self._path, self._name):
            if skipped:
                skipped += (-1 if event.is_end else 1) if event.name else 0
            elif event.is_end:
                self._end(event)
            elif not event.name:
                self._tell(event)
            else:
                self._begin(event)
                skipped = event.name in _SKIPPED
        document = self._builder.finish()
        return Part(self._name, document, tuple(sorted(self._done, key=lambda run: run.start)))

    def _tell(self, event: Event) -> None:
        if not self._in_text:
            return
        end = event.start + len(event.text)
        is_reference = self._xml[event.start] == "&" and end < event.end
        if self._xml[event.start : end] == event.text and not is_reference:
            self._builder.copy(event.start, end)
        else:
            self._builder.atom(event.text, event.start, event.end)

    def _begin(self, event: Event) -> None:
        builder, place, name = self._builder, (event.start, event.end), event.name
        value = event.attributes.get("val", "")
        run = self._runs[-1] if self._runs else None
        if name == "p":
            self._read += 1
            self._kind = BlockKind.CELL if self._cells else BlockKind.PARAGRAPH
            if self._paragraphs:
                builder.begin_aside(self._kind, Syntax.TEXT)
            self._paragraphs.append(self._read)
            builder.block(self._kind, info=self._info())
        elif name == "pStyle":
            self._kind = self._kinds.get(value, self._kind)
        elif name == "outlineLvl" and _is_heading_level(value):
            self._kind = BlockKind.HEADING
        elif name == "numPr" and self._kind is not BlockKind.HEADING:
            self._kind = BlockKind.ITEM
        elif name == "tc":
            self._cells += 1
        elif name == "r":
            self._runs.append(_OpenRun(event.start))
        elif name == "docPr" and event.attributes.get("descr"):
            self._tell_description(event)
        elif name in _OBJECTS:
            builder.object(*place)
        elif name == "pPr":
            self._in_properties = True
        elif run is None or self._in_properties:
            return
        elif name == "rPr":
            run.properties_start = event.start
        elif name == "vanish" and value not in _OFF and not run.is_hidden:
            run.is_hidden = True
            builder.muted += 1
        elif name == "t":
            self._in_text = True
        elif name in _BREAKS:
            builder.line_break(*place, hard=True)
        elif name in _TABS:
            builder.atom(" ", *place)
        elif name == "noBreakHyphen":
            builder.atom("-", *place)
        elif name == "softHyphen":
            builder.void(*place, name, MarkKind.SOFT)

    def _end(self, event: Event) -> None:
        builder, run = self._builder, self._runs[-1] if self._runs else None
        if event.name == "p" and self._paragraphs:
            self._paragraphs.pop()
            if self._paragraphs:
                builder.end_aside()
            else:
                builder.block()
        elif event.name == "pPr":
            self._in_properties = False
            builder.block(self._kind, info=self._info())
        elif event.name == "tc":
            self._cells -= 1
        elif event.name == "t":
            self._in_text = False
        elif run and event.name == "rPr" and run.properties_start >= 0 and not run.properties:
            run.properties = self._xml[run.properties_start : event.end]
        elif run and event.name == "r":
            self._runs.pop()
            self._done.append(Run(run.start, event.end, run.properties))
            builder.muted -= run.is_hidden

    def _info(self) -> Mapping[str, str]:
        return {"member": self._name, "paragraph": str(self._paragraphs[-1])} if self._paragraphs else NOTHING

    def _tell_description(self, event: Event) -> None:
        """Tell the alternative text of a picture."""
        written = _DESCRIPTION.search(self._xml, event.start, event.end)
        if written is None:
            return
        group = 1 if written[1] is not None else 2
        with self._builder.aside(BlockKind.ALT, Syntax.TEXT, info=self._info()):
            if written[group] == event.attributes["descr"]:
                self._builder.copy(*written.span(group))
            else:
                self._builder.atom(event.attributes["descr"], *written.span(group))
