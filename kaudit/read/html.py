"""Read HTML, whole pages and fragments: what a reader sees of it, and what others are told in attributes and <meta>.

No tree is built, for sentences need blocks, not a tree. Three choices differ from a browser's on purpose. An element
hides its text only if its end tag stands somewhere: a forgotten </code> must not hide the rest of a page from an audit.
What style sheets hide or add is not known, but for "display: none" on the element itself. And an element whose end is
implied ends where the next block begins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from kaudit.model import BlockKind, Document, MarkKind, Syntax
from kaudit.read.html_tokens import (
    COMMENT,
    END,
    REFERENCE,
    START,
    TEXT,
    Attribute,
    Tag,
    attributes,
    has_attribute,
    references,
    tokens,
)
from kaudit.read.masks import PREFIX, MaskedBuilder, mask_templates
from kaudit.read.metadata import embed_linked_data

_HEADINGS = dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), BlockKind.HEADING)
_ITEMS = dict.fromkeys(("li", "dt", "dd", "option"), BlockKind.ITEM)
_CELLS = dict.fromkeys(("td", "th"), BlockKind.CELL)
_OTHERS = (
    "address article aside blockquote body caption center col colgroup details dialog dir div dl fieldset figcaption "
    "figure footer form frameset head header hgroup hr html legend main menu nav noscript ol optgroup p search section "
    "select slot summary table tbody textarea tfoot thead tr ul"
)
BLOCKS: Mapping[str, BlockKind] = {
    **dict.fromkeys(_OTHERS.split(), BlockKind.PARAGRAPH),
    **_HEADINGS,
    **_ITEMS,
    **_CELLS,
    "title": BlockKind.META,
}
"""Elements that begin and end a block."""

_HEAD_ONLY = frozenset({"base", "link", "meta", "param", "source", "track"})
"""Elements that show nothing, wherever they stand."""
_EMPTY = frozenset("area base br col embed hr img input link meta param source track wbr".split())  # noqa: SIM905
_OBJECTS = frozenset({"img", "embed", "input", "area"})
_CODE = frozenset({"code", "kbd", "samp", "tt", "var", "math"})
_HIDDEN = frozenset(
    "canvas iframe listing noembed noframes object plaintext pre script style svg template xmp".split()  # noqa: SIM905
)
_HIDDEN_BLOCKS = frozenset({"pre", "xmp", "listing"})
_END_BLOCKS = _HIDDEN_BLOCKS | BLOCKS.keys()
_SHOWS_NOTHING = frozenset({"script", "style", "template"})
_FORMATS = frozenset("b big em font i mark s small span strike strong u".split())  # noqa: SIM905
_ONLY_TEXT = frozenset({"title", "textarea"})
_INNER = frozenset({"p", "div", "section", "article"})
"""Blocks that take the kind of the item or cell that they open."""

_TOLD = frozenset(
    [
        *("alt", "aria-description", "aria-label", "aria-placeholder", "caption", "data-caption", "data-label"),
        *("data-text", "data-title", "data-tooltip", "description", "headline", "heading", "label", "placeholder"),
        *("subheading", "subtitle", "summary", "tagline", "title"),
    ]
)
"""Attributes whose value is told to people."""
_TYPED = frozenset({"meta", "input", "script"})
_BUTTONS = frozenset({"submit", "button", "reset"})
_WANTED = re.compile(
    r"[\t\n\f\r \"'/](?=[aAtTpPlLsScChHdD])(?i:alt|title|aria-|placeholder|label|summary|caption|headline|heading|sub"
    r"|tagline|description|data-[tcl]|hidden|style)"
)
"""What a tag with such attributes, or with a reason to look closer, holds."""
_META = re.compile(
    r"(?:description|keywords|abstract|title|subject|dc\.|dcterms\.|og:(?:title|description|site_name|image:alt)"
    r"|twitter:(?:title|description|image:alt)|article:|application-name|apple-mobile-web-app-title)",
    re.IGNORECASE,
)
_NOT_DISPLAYED = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_COMMENT_END = re.compile(r"(?:--!?|^-?)>$")
_QUOTES = {'"': Syntax.ATTRIBUTE_DOUBLE, "'": Syntax.ATTRIBUTE_SINGLE, "": Syntax.ATTRIBUTE_BARE}
_REFERENCE_MARK = re.compile(
    r"<sup\b[^<>]*+>(?=[^\d*]{0,200}[\d*])\s*+(?:<a\b[^<>]*+>)?\s*+\[?[\d,;\s*\u2013-]{1,12}+\]?\s*+(?:</a>)?\s*+</sup>",
    re.IGNORECASE,
)
REFERENCE_MARK = "\u00b9"  # superscript one
"""What a reference to a note or a source shows as, whatever its number."""


def read_html(source: str, path: str) -> Document:
    """Return *source* as a document."""
    masked = mask_templates(source)
    builder = MaskedBuilder(source, "html", path, Syntax.HTML)
    sink = HtmlSink(builder, masked)
    sink.feed(masked, 0, len(masked))
    sink.leave_code(len(masked))
    return builder.finish()


class HtmlSink:
    """Takes HTML in pieces, as Markdown holds it, and tells a builder what it shows."""

    def __init__(self, builder: MaskedBuilder, masked: str, syntax: Syntax = Syntax.HTML) -> None:
        self.builder = builder
        self.syntax = syntax
        """How words must be written in blocks that tags begin."""
        self._masked = masked
        self._base = 0
        """What to add to a place in the text that is read to have the place in the source."""
        self._pairs: dict[str, list[tuple[int, MarkKind]]] = {}
        """The open inline elements of each name."""
        self._hiding: list[str] = []
        """The open elements that hide their text: the one that began to, and those of its name inside it."""
        self._hidden_from = 0
        self._code: list[str] = []
        self._code_from = 0
        self._last_end: dict[str, int] = {}
        self._note_end = -1
        self._known: dict[str, Tag] = {}
        """The tags that were met, by how they are written."""
        self._wanted: dict[Tag, bool] = {}
        self._simple: dict[Tag, BlockKind | None] = {}
        """Those that only begin or end a block, and what they begin; None for others."""
        self._is_linked_data = False
        """Whether the last script began as JSON-LD."""

    @property
    def is_hiding(self) -> bool:
        """Whether an element is open that hides its text."""
        return bool(self._hiding)

    def feed(self, text: str, start: int, end: int, base: int = 0) -> None:
        """Read *text* from *start* to *end*, which stands *base* further on in the source."""
        builder = self.builder
        self._base = base
        show, simple, syntax = builder.show, self._simple, self.syntax  # looked up once, for thousands of tokens
        for kind, first, last, value, tag, before in tokens(text, start, end, self._known):
            if first < self._note_end:
                continue
            if before >= 0 and not builder.muted:
                shown = text[before:first]
                if shown != "\n" or not builder.is_empty:
                    show(shown, before + base)
            if tag is not None:
                block = simple[tag] if tag in simple else self._begins_only(text, tag, first, last)
                if block is not None and not builder.muted:
                    if kind is END or value not in _INNER or not self._is_inner():
                        builder.block(block, syntax)
                elif kind is START:
                    self._start(text, tag, first, last)
                else:
                    self._end(value, first + base, last + base)
            elif kind is TEXT:
                show(text[first:last], first + base)
            elif kind is REFERENCE:
                builder.atom(value, first + base, last + base)
            elif kind is COMMENT:
                self._comment(text, first, last)
            elif self._is_linked_data and not base:
                embed_linked_data(builder, first, last)
        self._note_end = -1

    def _comment(self, text: str, first: int, last: int) -> None:
        start, end = first + self._base, last + self._base
        if text.startswith("<!--", first):
            inside = text[first + 4 : last].replace(PREFIX, "")
            self.builder.comment(start, end, _COMMENT_END.sub("", inside).strip())
        else:
            self.builder.void(start, end, "declaration")

    def leave_code(self, at: int) -> None:
        """End inline code at *at* in the source, whether its end tag was there or not."""
        if self._code:
            self._code.clear()
            self.builder.muted -= 1
            self.builder.object(self._code_from, at)

    def _is_closed(self, name: str, at: int) -> bool:
        """Return whether an end tag *name* stands anywhere after *at* in the source."""
        last = self._last_end.get(name)
        if last is None:
            found = [tag.start() for tag in re.finditer(rf"</{re.escape(name)}[\s/>]", self._masked, re.IGNORECASE)]
            last = self._last_end[name] = found[-1] if found else -1
        return last >= at

    def _begins_only(self, text: str, tag: Tag, first: int, last: int) -> BlockKind | None:
        """Return the kind of block that a tag begins, if it does no more; remember it."""
        kind = None
        if tag.kind is END:
            kind = BlockKind.PARAGRAPH if tag.name in _END_BLOCKS else None
        elif tag.is_plain or not self._is_wanted(text, tag, first, last):
            kind = BLOCKS.get(tag.name) if tag.name not in _ONLY_TEXT else None
        self._simple[tag] = kind
        return kind

    def _start(self, text: str, tag: Tag, first: int, last: int) -> None:
        name, start, end = tag.name, first + self._base, last + self._base
        builder = self.builder
        if self._hiding:
            self._start_hidden(text, tag, first, last)
            return
        found: list[Attribute] = []
        if not tag.is_plain and (name in _TYPED or self._is_wanted(text, tag, first, last)):
            rest = first + tag.name_end
            found = attributes(text, rest, last)
            if name not in _EMPTY and self._is_hidden(text, rest, last, found) and self._is_closed(name, end):
                if name in BLOCKS:
                    self._begin_block(name, start)
                self._hide(name, start)
                return
        is_block = name in BLOCKS
        if is_block:
            self._begin_block(name, start)
        if found:
            self._tell_attributes(text, name, found)
        if is_block or name in _HEAD_ONLY:
            return
        if name == "br":
            builder.line_break(start, end, hard=True)
        elif name == "wbr":
            builder.void(start, end, name, MarkKind.SOFT)
        elif name in _OBJECTS:
            builder.object(start, end)
        elif name in _HIDDEN:
            kinds = (text[each.start : each.end].lower() for each in found if each.name == "type")
            self._is_linked_data = name == "script" and "ld+json" in next(kinds, "")
            self._start_hiding(tag, start, end)
        elif name in _CODE:
            self._start_code(tag, start, end)
        elif tag.is_closed and name not in _FORMATS and name != "a":
            builder.object(start, end)  # a component, such as <Icon/>
        elif name == "sup" and (note := _REFERENCE_MARK.match(text, first)):
            builder.object(start, note.end() + self._base, REFERENCE_MARK)
            self._note_end = note.end()
        else:
            kind = MarkKind.FORMAT if name in _FORMATS and tag.is_plain else MarkKind.KEEP
            pair = builder.open(start, end, name, kind)
            self._pairs.setdefault(name, []).append((pair, kind))

    def _is_wanted(self, text: str, tag: Tag, first: int, last: int) -> bool:
        """Return whether the attributes of a tag may be worth reading."""
        wanted = self._wanted.get(tag)
        if wanted is None:
            found = _WANTED.search(text, first + tag.name_end, last)
            wanted = self._wanted[tag] = found is not None
        return wanted

    def _begin_block(self, name: str, start: int) -> None:
        if self._code:
            self.leave_code(start)
        if name in _INNER and self._is_inner():
            return
        self.builder.block(BLOCKS[name], Syntax.HTML_TEXT if name in _ONLY_TEXT else self.syntax)

    def _is_inner(self) -> bool:
        """Return whether a block that begins here is the item or cell that has just begun."""
        return self.builder.is_empty and self.builder.kind in (BlockKind.ITEM, BlockKind.CELL)

    def _start_hidden(self, text: str, tag: Tag, first: int, last: int) -> None:
        name = tag.name
        if name == "p" and self._hiding[0] == "p":  # the next paragraph ends a hidden one
            self._stop_hiding("p", first + self._base)
            self._start(text, tag, first, last)
        elif name == self._hiding[-1] and name not in _EMPTY and not tag.is_closed:
            self._hiding.append(name)

    def _start_hiding(self, tag: Tag, start: int, end: int) -> None:
        name = tag.name
        if name in _HIDDEN_BLOCKS:
            self.leave_code(start)
            self.builder.block(BlockKind.PARAGRAPH, self.syntax)
        if not (tag.is_closed and name in ("svg", "object", "canvas")) and self._is_closed(name, end):
            self._hide(name, start)

    def _hide(self, name: str, start: int) -> None:
        self._hiding.append(name)
        self._hidden_from = start
        self.builder.muted += 1

    def _is_hidden(self, text: str, rest: int, last: int, found: list[Attribute]) -> bool:
        style = next((text[each.start : each.end] for each in found if each.name == "style"), "")
        return _NOT_DISPLAYED.search(style) is not None or has_attribute(text, rest, last, "hidden")

    def _start_code(self, tag: Tag, start: int, end: int) -> None:
        if tag.is_closed:
            return
        if self._code:
            self._code.append(tag.name)
        elif not self.builder.muted and self._is_closed(tag.name, end):
            self._code.append(tag.name)
            self._code_from = start
            self.builder.muted += 1

    def _end(self, name: str, start: int, end: int) -> None:
        builder = self.builder
        if self._hiding:
            if name == self._hiding[-1]:
                self._hiding.pop()
                if not self._hiding:
                    self._hiding.append(name)
                    self._stop_hiding(name, end)
            return
        if self._code and name in _CODE:
            if name in self._code:
                while self._code.pop() != name:
                    pass
                if not self._code:
                    self._code.append(name)
                    self.leave_code(end)
            return
        if name in _END_BLOCKS:
            if self._code:
                self.leave_code(start)
            builder.block(BlockKind.PARAGRAPH, self.syntax)
        elif name == "br":
            builder.line_break(start, end, hard=True)
        elif self._pairs.get(name):
            pair, kind = self._pairs[name].pop()
            builder.close(start, end, name, kind, pair)
        else:
            builder.void(start, end, f"/{name}")

    def _stop_hiding(self, name: str, end: int) -> None:
        """End the element that hides its text; inside a sentence it may show something that is no text."""
        self._hiding.clear()
        builder = self.builder
        builder.muted -= 1
        if name in _END_BLOCKS:
            builder.block(BlockKind.PARAGRAPH, self.syntax)
        elif name in _HIDDEN and name not in _SHOWS_NOTHING:
            builder.object(self._hidden_from, end)
        else:
            builder.void(self._hidden_from, end, name)

    def _tell_attributes(self, text: str, name: str, found: list[Attribute]) -> None:
        values = {each.name: text[each.start : each.end] for each in found}
        wanted = _TOLD
        kind, told = BlockKind.ALT, ""
        if name == "meta":
            told = next((values[key] for key in ("name", "property", "itemprop") if key in values), "").lower()
            if not _META.match(told):
                return
            kind, wanted = BlockKind.META, frozenset({"content"})
        elif name == "input" and values.get("type", "").lower() in _BUTTONS:
            wanted = _TOLD | {"value"}
        for each in found:
            if each.name in wanted and each.end > each.start:
                with self.builder.aside(kind, _QUOTES[each.quote], info={"name": told or each.name}):
                    self._tell_value(text, each)

    def _tell_value(self, text: str, attribute: Attribute) -> None:
        builder, base = self.builder, self._base
        for part in references(text, attribute.start, attribute.end, in_attribute=True):
            if part.kind is REFERENCE:
                builder.atom(part.value, part.start + base, part.end + base)
            else:
                builder.show(text[part.start : part.end], part.start + base)
