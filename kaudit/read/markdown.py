"""Read Markdown: CommonMark, tables, notes and task lists as GitHub has them, inline HTML, front matter, MDX.

pulldown-cmark (through pyromark) parses; its events tell where in the UTF-8 bytes they come from. What it leaves unsaid
is found here: escapes, the signs around links, the titles of links, what containers write at the beginning of lines.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from dataclasses import replace
from html import unescape
from itertools import accumulate
from typing import Any, NamedTuple

import pyromark

from kaudit.model import BlockKind, Document, MarkKind, Syntax
from kaudit.read.html import REFERENCE_MARK, HtmlSink
from kaudit.read.masks import PREFIX, MaskedBuilder, mask_templates, shown_address
from kaudit.read.mdx import mask_mdx, mdx_comments
from kaudit.read.metadata import embed_front_matter
from kaudit.read.text import read_text

_OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_GFM
    | pyromark.Options.ENABLE_YAML_STYLE_METADATA_BLOCKS
    | pyromark.Options.ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
    | pyromark.Options.ENABLE_HEADING_ATTRIBUTES
    | pyromark.Options.ENABLE_DEFINITION_LIST
)
"""No formulas, for prices have dollar signs too; no typographic punctuation, for places must stay."""

_EMPHASIS = {
    "Strong": ("strong", MarkKind.FORMAT),
    "Emphasis": ("em", MarkKind.FORMAT),
    "Strikethrough": ("del", MarkKind.KEEP),
}
_BLOCKS = {
    "Paragraph": (BlockKind.PARAGRAPH, Syntax.MARKDOWN),
    "Heading": (BlockKind.HEADING, Syntax.MARKDOWN),
    "Item": (BlockKind.ITEM, Syntax.MARKDOWN),
    "TableCell": (BlockKind.CELL, Syntax.MARKDOWN_CELL),
    "DefinitionListTitle": (BlockKind.ITEM, Syntax.MARKDOWN),
}
_AUTOLINKS = ("Autolink", "Email")
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_CHARACTER_STARTS = bytes(0 if 0x80 <= byte < 0xC0 else 1 for byte in range(256))
_TITLE_PART = re.compile(r"\\([!-/:-@\[-`{-~])|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);")
_NUMBER_LINK = re.compile(r"\[\d{1,3}\]")
_QUOTES = {'"': '"', "'": "'", ")": "("}

Event = str | dict[str, Any]


class _Open(NamedTuple):
    """Emphasis, a link or a picture that has begun."""

    mark: str
    kind: MarkKind
    pair: int
    """Negative when nothing inside shows."""
    width: int
    link_type: str = ""
    has_title: bool = False


def read_markdown(source: str, path: str) -> Document:
    """Return *source* as a document."""
    return _read(source, path, mask_templates(source), "markdown")


def read_mdx(source: str, path: str) -> Document:
    """Return *source*, Markdown with components, as a document."""
    document = _read(source, path, mask_mdx(mask_templates(source)), "mdx")
    comments = sorted((*document.comments, *mdx_comments(source)), key=lambda comment: comment.span)
    return replace(document, comments=tuple(comments))


def _read(source: str, path: str, masked: str, format: str) -> Document:
    try:
        return _Page(source, path, masked, format).read()
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        plain = read_text(source, path)
        note = f"read as plain text, because the Markdown parser failed: {error}"
        return Document(path, format, source, plain.text, plain.blocks, plain.origin, notes=(note,))


class _Characters:
    """From places in the UTF-8 bytes of a text to places in its characters."""

    def __init__(self, text: str) -> None:
        raw = text.encode("utf-8", "surrogatepass")
        self._starts: array[int] | None = None
        if len(raw) != len(text):
            self._starts = array("I", accumulate(raw.translate(_CHARACTER_STARTS), initial=0))

    def __call__(self, offset: int) -> int:
        return self._starts[offset] if self._starts else offset


class _Page:
    """One document while its events come in."""

    def __init__(self, source: str, path: str, masked: str, format: str) -> None:
        self.source = source
        self.masked = masked
        self.builder = MaskedBuilder(source, format, path, Syntax.MARKDOWN)
        self.sink = HtmlSink(self.builder, masked, Syntax.MARKDOWN)
        self.told = 0
        """Up to where the present block has been told."""
        self.break_end = -1
        """End of the last line break; what follows it, up to the next event, a container wrote."""
        self.pending: tuple[int, int] | None = None
        """Text that shows as it stands and may go on with the next event; whole, so that addresses are found in it."""
        self.code_blocks = 0
        self.metadata: list[tuple[int, int]] | None = None
        self.html: list[tuple[int, int]] = []
        self.open: list[_Open] = []
        self.handlers = {
            "Text": self._text,
            "Start": self._start,
            "End": self._end,
            "Code": self._object,
            "InlineMath": self._object,
            "DisplayMath": self._object,
            "Html": self._html,
            "InlineHtml": self._inline_html,
            "FootnoteReference": self._note,
            "TaskListMarker": self._task,
        }

    def read(self) -> Document:
        characters = _Characters(self.masked)
        parser = pyromark.Markdown(options=_OPTIONS)
        events: Iterable[tuple[Any, Any]] = parser.events_with_range(self.masked)
        for event, place in events:
            self._event(event, characters(place["start"]), characters(place["end"]))
        self._flush()
        self.sink.leave_code(len(self.masked))
        self.builder.block()
        if "]:" in self.masked:
            for definition in parser.reference_definitions(self.masked).values():
                if definition.get("title"):
                    span = definition["span"]
                    self._tell_title(characters(span["start"]), characters(span["end"]))
        return self.builder.finish()

    def _event(self, event: Event, start: int, end: int) -> None:
        named = event if isinstance(event, dict) else {}
        is_text = "Text" in named
        if self.pending and not (is_text and self.pending[1] == start):
            self._flush()
        if 0 <= self.break_end <= start:
            is_escape = is_text and start > self.break_end and self.masked[start - 1] == "\\"
            self.builder.void(self.break_end, start - is_escape, "prefix", MarkKind.PREFIX)
            self.break_end = -1
        if named:
            ((kind, value),) = named.items()
            self.handlers[kind](value, start, end)
        elif event == "SoftBreak":
            while start > self.told and self.masked[start - 1] in " \t":  # blanks before a break do not show
                start -= 1
            self._line_break(start, end, hard=False)
        elif event == "HardBreak":
            self._line_break(start, end, hard=True)
        else:
            self.builder.block()

    def _flush(self) -> None:
        if self.pending:
            start, end = self.pending
            self.builder.show(self.masked[start:end], start)
            self.pending = None

    def _line_break(self, start: int, end: int, *, hard: bool) -> None:
        self.builder.line_break(start, end, hard=hard)
        self.break_end = self.told = end

    def _text(self, shown: str, start: int, end: int) -> None:
        if self.metadata is not None:
            self.metadata.append((start, end))
            return
        if self.code_blocks or self.builder.muted:
            self.told = end
            return
        masked = self.masked
        is_escape = self.told < start and masked[start - 1] == "\\" and shown[:1] in _PUNCTUATION
        if is_escape and not self.pending and shown:
            self.builder.atom(shown[0], start - 1, start + 1)
            start, shown = start + 1, shown[1:]
        if shown:
            written = masked[start:end]
            if written == shown:
                self.pending = (self.pending[0] if self.pending else start, end)
            elif written.endswith(shown):  # blanks at the beginning that do not show
                self._flush()
                self.builder.show(shown, end - len(shown))
            else:
                self._flush()
                self.builder.atom(shown.replace("\0", "\ufffd"), start, end)
        self.told = end

    def _object(self, _value: object, start: int, end: int) -> None:
        self.builder.object(start, end)
        self.told = end

    def _html(self, _value: object, start: int, end: int) -> None:
        if end > start:
            self.html.append((start, end))

    def _inline_html(self, _value: object, start: int, end: int) -> None:
        self.sink.feed(self.masked, start, end)
        self.told = end

    def _note(self, _value: object, start: int, end: int) -> None:
        self.builder.object(start, end, REFERENCE_MARK)
        self.told = end

    def _task(self, _value: object, start: int, end: int) -> None:
        self.builder.void(start, end, "task")
        self.told = end

    def _start(self, value: Event, start: int, end: int) -> None:
        name, told = (value, {}) if isinstance(value, str) else next(iter(value.items()))
        builder = self.builder
        if name in _EMPHASIS:
            mark, kind = _EMPHASIS[name]
            width = 2 if name == "Strong" or (name == "Strikethrough" and self.masked.startswith("~~", start)) else 1
            self.open.append(_Open(mark, kind, builder.open(start, start + width, mark, kind), width))
            self.told = start + width
        elif name == "Link":
            self._start_link(told["link_type"], bool(told["title"]), start, end)
        elif name == "Image":
            builder.object(start, self._collapsed_end(end) if told["link_type"] == "Collapsed" else end)
            builder.begin_aside(BlockKind.ALT, Syntax.MARKDOWN, info={"name": "alt"})
            self.open.append(_Open("img", MarkKind.KEEP, -1, 0, told["link_type"], bool(told["title"])))
            self.told = start + 2
        elif name == "CodeBlock":
            builder.block()
            self.code_blocks += 1
        elif name == "MetadataBlock":
            builder.block()
            self.metadata = []
        elif name == "HtmlBlock":
            builder.block(BlockKind.PARAGRAPH, Syntax.HTML)
            self.html = []
        else:
            self.sink.leave_code(start)
            if name != "Paragraph" or not (builder.is_empty and builder.kind is BlockKind.ITEM):
                builder.block(*_BLOCKS.get(name, (BlockKind.PARAGRAPH, Syntax.MARKDOWN)))
            self.told = start

    def _start_link(self, link_type: str, has_title: bool, start: int, end: int) -> None:
        builder = self.builder
        is_note = _NUMBER_LINK.match(self.masked, start) is not None
        if is_note or link_type in _AUTOLINKS:
            if is_note:
                end = self._collapsed_end(end) if link_type == "Collapsed" else end
                builder.object(start, end, REFERENCE_MARK)
            else:
                builder.object(start, end, shown_address(self.masked[start:end]))
            builder.muted += 1
            self.open.append(_Open("a", MarkKind.KEEP, -1, 0, link_type))
        else:
            pair = builder.open(start, start + 1, "a", MarkKind.KEEP)
            self.open.append(_Open("a", MarkKind.KEEP, pair, 1, link_type, has_title))
        self.told = start + 1

    def _end(self, value: Event, start: int, end: int) -> None:
        name = value if isinstance(value, str) else next(iter(value))
        self.break_end = -1
        builder = self.builder
        if name in _EMPHASIS:
            closed = self.open.pop()
            builder.close(end - closed.width, end, closed.mark, closed.kind, closed.pair)
            self.told = end
        elif name == "Link":
            self._end_link(end)
        elif name == "Image":
            closed = self.open.pop()
            builder.end_aside()
            if closed.has_title and closed.link_type == "Inline":
                self._tell_title(max(start, self.told), end - 1)
            self.told = end
        elif name == "CodeBlock":
            self.code_blocks -= 1
            builder.block()
        elif name == "MetadataBlock":
            if self.metadata:
                is_toml = isinstance(value, dict) and value[name] == "PlusesStyle"
                embed_front_matter(builder, self.metadata[0][0], self.metadata[-1][1], is_toml=is_toml)
            self.metadata = None
        elif name == "HtmlBlock":
            self._end_html(end)
        else:
            self.sink.leave_code(end)
            builder.block()

    def _end_link(self, end: int) -> None:
        link = self.open.pop()
        if link.pair < 0:
            self.builder.muted -= 1
            self.told = end
            return
        if link.link_type == "Collapsed":
            end = self._collapsed_end(end)
        bracket = self.masked.find("]", self.told, end)
        close = bracket if bracket >= 0 else self.told
        self.builder.close(close, end, link.mark, link.kind, link.pair)
        if link.has_title and link.link_type == "Inline":
            self._tell_title(close, end - 1)
        self.told = end

    def _collapsed_end(self, end: int) -> int:
        """Return where `[text][]` ends; the parser's place leaves the second pair of brackets out."""
        return end + 2 if self.masked.startswith("[]", end) else end

    def _end_html(self, end: int) -> None:
        if self.html:
            first, last = self.html[0][0], self.html[-1][1]
            self.sink.syntax = Syntax.HTML
            if sum(stop - start for start, stop in self.html) == last - first:
                self.sink.feed(self.masked, first, last)
            else:
                text = self._without_prefixes()
                self.sink.feed(text, 0, len(text), first)
            self.sink.syntax = Syntax.MARKDOWN
        if not self.sink.is_hiding:
            self.sink.leave_code(end)
        self.builder.block()

    def _without_prefixes(self) -> str:
        """Return the present HTML block with what containers write at the beginning of its lines under masks."""
        parts: list[str] = []
        done = self.html[0][0]
        for start, end in self.html:
            parts += (PREFIX * (start - done), self.masked[start:end])
            done = end
        return "".join(parts)

    def _tell_title(self, start: int, end: int) -> None:
        """Tell the title of a link, picture or definition, which ends at *end* but for blanks."""
        place = _title(self.masked, start, end)
        if place is None:
            return
        done, stop = place
        masked, builder = self.masked, self.builder
        with builder.aside(BlockKind.ALT, Syntax.MARKDOWN_TITLE, info={"name": "title"}):
            for found in _TITLE_PART.finditer(masked, done, stop):
                shown = found[1] or unescape(found.group())
                if shown == found.group():
                    continue
                builder.show(masked[done : found.start()], done)
                builder.atom(shown, *found.span())
                done = found.end()
            builder.show(masked[done:stop], done)


def _title(masked: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the place of the title at the end of a link's or definition's text from *start* to *end*."""
    while end > start and masked[end - 1] in " \t\r\n":
        end -= 1
    opening = _QUOTES.get(masked[end - 1 : end])
    if opening is None:
        return None
    # Signs like the opening one are escaped inside, so the last one that is not escaped and follows a blank opens.
    at = end - 1
    while (at := masked.rfind(opening, start + 1, at)) >= 0:
        if masked[at - 1] in " \t\r\n":
            return at + 1, end - 1
    return None
