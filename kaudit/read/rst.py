"""Read reStructuredText: a scanner of lines, for docutils does not say where its text comes from.

Directives of code, configuration and programs are not read; of all others what they hold is text. What a role of some
program does with its words nobody knows here: those that are known to show them are text, all others are objects.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kaudit.model import BlockKind, Document, MarkKind, Syntax
from kaudit.read.masks import MaskedBuilder
from kaudit.read.possessive import compile_possessive

_UNREAD = re.compile(
    r"""(?x) code | code-block | sourcecode | literalinclude | parsed-literal | raw | math | highlight | toctree
    | include | index | doctest | testcode | testoutput | testsetup | testcleanup | productionlist | auto\w+ | graphviz
    | csv-table | role | default-role | contents | sectnum | meta | module | currentmodule | prompt | ipython | plot
    | mermaid | uml | program | date | unicode | highlightlang | tabularcolumns | \w*author | image | replace"""
)
"""Directives that hold no text to read."""
_CODE_ARGUMENT = re.compile(
    r"""(?x) (?:\w+:)? (?:function | type | macro | member | var | method | class | data | attribute | exception
    | opcode | option | cmdoption | describe | envvar | decorator | classmethod | staticmethod | property | object)
    | figure | list-table | table-of-contents | tab-set | grid | only | container | versionadded | versionchanged"""
)
"""Directives whose argument is no text, though what they hold is."""
_SHOWN_OPTIONS = frozenset({"alt", "caption", "title"})
_TEXT_ROLES = re.compile(
    r"ref|doc|term|abbr|emphasis|strong|title-reference|title|t|sub|sup|subscript|superscript|guilabel|menuselection|any"
    r"|numref|dfn|download"
)
_TARGET_ROLES = re.compile(r"ref|doc|numref|download|any")
"""Roles whose words, alone, are the name of something else."""

_INLINE = compile_possessive(
    r"""(?xs)
      (?P<literal>``(?=\S).{1,2000}?(?<=\S)``)
    | (?P<role>:(?P<role_name>[A-Za-z][\w:.+-]*):`(?P<role_text>(?:[^`\\]|\\.){1,2000}?)`)
    | (?P<reference>`(?=\S)(?P<reference_text>(?:[^`\\]|\\.){1,2000}?)`(?P<after>__?|:[A-Za-z][\w:.+-]*:)?)
    | (?P<strong>\*\*(?=\S)(?P<strong_text>(?:[^*\\]|\\.|\*(?!\*)){1,2000}?)(?<=\S)\*\*)
    | (?P<emphasis>\*(?=[^\s*])(?P<emphasis_text>(?:[^*\\]|\\.){1,2000}?)(?<=\S)\*(?!\w))
    | (?P<substitution>\|(?=\S)[^|\n]+?(?<=\S)\|_{0,2}(?!\w))
    | (?P<note>\[(?:\#\w*|\*|\d+|[A-Za-z][\w.-]*)\]_(?!\w))
    | (?P<word>(?<![\w`])[A-Za-z0-9]++(?:[-._+:][A-Za-z0-9]++)*+(?P<underscores>__?)(?![\w`]))
    | (?P<escape>\\(?P<escaped>.))
    """
)
_BEFORE_MARKUP = frozenset(" \n\t-:/'\"<([{*`|\u2018\u2019\u201c\u00ab")
_LINK_TARGET = re.compile(r"\s*<[^<>]+>$")
_ESCAPE = re.compile(r"(?s)\\(.)")

_LINE = re.compile(r"([^\r\n]*)(?:\r?\n|\r|\Z)")
_ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1+$")
_BULLET = re.compile(r"(?:[-*+\u2022]|\(?(?:\d+|[A-Za-z]|\#|[ivxlcdm]+)[.)])(?: +|$)")
_FIELD = re.compile(r":(?![ :`])((?:[^:\\\n`]|\\.)+):(?: +|$)")
_EXPLICIT = re.compile(r"\.\.(?: +|$)")
_DIRECTIVE = re.compile(r"(?:\|[^|\n]+\| +)?([A-Za-z][\w:.+-]*) ?::(?: +|$)")
_NOTE = re.compile(r"\[(?:#\w*|\*|\d+|[A-Za-z][\w.-]*)\](?: +|$)")
_TARGET = re.compile(r"_[^:\n]*:|__(?: |$)")
_GRID_BORDER = re.compile(r"\+[-=+]+\+$")
_COLUMNS = re.compile(r"=+(?: +=+)+$")
_BORDER = re.compile(r"(?:=+(?: +=+)*|-+(?: +-+)*)$")
_CELL = re.compile(r"[^|]*[^|\s][^|]*")

_KINDS = ("literal", "role", "reference", "strong", "emphasis", "substitution", "note", "word", "escape")
_QUOTING = frozenset({"literal", "reference", "strong", "emphasis", "substitution"})
"""What is markup only after a blank or a sign."""

LONGEST_TABLE = 5_000
"""Lines; what goes on for longer is no table."""

Segment = tuple[int, int]
"""A line of a block, without what stands around it: where it begins and ends in the source."""

Row = dict[int, Segment]
"""A line of a table: its cells by the numbers of their columns."""


@dataclass(slots=True)
class _Line:
    """A line of the source."""

    begin: int
    start: int
    """Of its text, after the indentation."""
    end: int
    text: str

    @property
    def indent(self) -> int:
        """Return how far its text is indented, list marks included."""
        return self.start - self.begin


def read_rst(source: str, path: str) -> Document:
    """Return *source* as its readers see it."""
    return _Reader(source, path).document()


class _Reader:
    """Reads lines, one after the other, and knows the paragraph that they make."""

    def __init__(self, source: str, path: str) -> None:
        self._source = source
        self._builder = MaskedBuilder(source, "rst", path, Syntax.RST)
        self._lines = list(_lines(source))
        self._at = 0
        self._paragraph: list[Segment] = []
        self._kind = BlockKind.PARAGRAPH
        self._indent = 0
        self._literal: int | None = None  # the indentation of the text after which literal text follows

    def document(self) -> Document:
        """Return what was read."""
        while self._at < len(self._lines):
            self._line(self._lines[self._at])
        self._flush()
        return self._builder.finish()

    def _flush(self, kind: BlockKind | None = None) -> None:
        """End the paragraph."""
        if self._paragraph:
            self._tell(self._paragraph, kind or self._kind)
        self._paragraph = []
        self._kind = BlockKind.PARAGRAPH

    def _tell(self, segments: list[Segment], kind: BlockKind) -> None:
        self._builder.block(kind)
        _Inline(self._builder, segments).tell()
        self._builder.block()

    def _skip_deeper(self, indent: int) -> None:
        """Pass over the lines that are indented more."""
        while self._at < len(self._lines) and self._is_in(self._at, indent):
            self._at += 1

    def _is_in(self, at: int, indent: int) -> bool:
        line = self._lines[at]
        return not line.text or line.indent > indent

    def _next(self) -> _Line | None:
        return self._lines[self._at + 1] if self._at + 1 < len(self._lines) else None

    def _line(self, line: _Line) -> None:
        text = line.text
        if not text:
            self._flush()
            self._at += 1
        elif self._literal is not None and not self._paragraph and line.indent > self._literal:
            self._skip_deeper(self._literal)
            self._literal = None
        else:
            if not self._paragraph:
                self._literal = None
            if self._paragraph and line.indent != self._indent:
                is_term = len(self._paragraph) == 1 and line.indent > self._indent
                self._flush(BlockKind.ITEM if is_term else None)
            if not self._paragraph and self._begins_something(line):
                return
            self._continue(line)

    def _begins_something(self, line: _Line) -> bool:
        """Read what begins with *line*, if it is no paragraph; return whether it was something."""
        text = line.text
        explicit, bullet, field = _EXPLICIT.match(text), _BULLET.match(text), _FIELD.match(text)
        after = self._next()
        if explicit:
            self._explicit(line, explicit.end())
        elif text.startswith("__ ") or (_ADORNMENT.match(text) and self._title(line)):
            self._at += 1
        elif text.startswith(">>> "):
            while self._at < len(self._lines) and self._lines[self._at].text:
                self._at += 1
        elif _GRID_BORDER.match(text):
            self._grid()
        elif _COLUMNS.match(text):
            self._simple_table(line)
        elif bullet and bullet.end() < len(text):
            self._kind = BlockKind.ITEM
            self._lines[self._at] = _Line(line.begin, line.start + bullet.end(), line.end, text[bullet.end() :])
        elif field:
            self._at += 1
            if field.end() < len(text):
                self._paragraph = [(line.start + field.end(), line.end)]
                if after and after.text and after.indent > line.indent:
                    self._indent = after.indent
                else:
                    self._flush()
        elif text.startswith("| "):
            self._tell([(line.start + 2, line.end)], BlockKind.PARAGRAPH)
            self._at += 1
        elif text == "::":
            self._literal = line.indent
            self._at += 1
        else:
            return False
        return True

    def _title(self, line: _Line) -> bool:
        """Read a title between two lines of adornment; return whether *line* is adornment at all."""
        title = self._next()
        below = self._lines[self._at + 2] if self._at + 2 < len(self._lines) else None
        if title and title.text and below and below.text == line.text and len(line.text) >= len(title.text):
            self._tell([(title.start, title.end)], BlockKind.HEADING)
            self._at += 2
            return True
        return len(line.text) >= 4

    def _continue(self, line: _Line) -> None:
        """Add *line* to the paragraph, or make a title of it."""
        self._at += 1
        if len(self._paragraph) == 1 and _ADORNMENT.match(line.text):
            first = self._paragraph[0]
            if len(line.text) >= min(first[1] - first[0], 4):
                self._flush(BlockKind.HEADING)
                return
        end = line.end
        is_last = self._at >= len(self._lines) or not self._lines[self._at].text
        if line.text.endswith("::") and is_last:
            end -= 2 if line.text.endswith(" ::") else 1
            self._literal = line.indent
        if not self._paragraph:
            self._indent = line.indent
        self._paragraph.append((line.start, end))
        if self._literal is not None:
            self._flush()

    def _explicit(self, line: _Line, at: int) -> None:
        """Read a directive, a note, a target, or a comment."""
        rest = line.text[at:]
        after = self._next()
        directive, note = _DIRECTIVE.match(rest), _NOTE.match(rest)
        self._at += 1
        if directive:
            self._directive(line, at, directive)
        elif note:
            self._paragraph = [(line.start + at + note.end(), line.end)] if note.end() < len(rest) else []
            self._indent = after.indent if after and after.text else line.indent
        else:
            self._skip_deeper(line.indent)
            if not _TARGET.match(rest):
                last = self._at - 1
                while not self._lines[last].text:
                    last -= 1
                end = self._lines[last].end
                self._builder.comment(line.start, end, self._source[line.start + 2 : end])

    def _directive(self, line: _Line, at: int, directive: re.Match[str]) -> None:
        name = directive[1].lower()
        options = []
        while self._at < len(self._lines):
            option = self._lines[self._at]
            named = _FIELD.match(option.text)
            if not named or option.indent <= line.indent:
                break
            if named[1] in _SHOWN_OPTIONS and named.end() < len(option.text):
                options.append((option.start + named.end(), option.end))
            self._at += 1
        for option_span in options:
            self._tell([option_span], BlockKind.ALT)
        if _UNREAD.fullmatch(name):
            self._skip_deeper(line.indent)
            return
        argument = (line.start + at + directive.end(), line.end)
        if argument[0] >= argument[1] or _CODE_ARGUMENT.fullmatch(name):
            return
        self._paragraph = [argument]
        following = self._lines[self._at] if self._at < len(self._lines) else None
        goes_on = following is not None and following.text and following.indent > line.indent and not options
        self._indent = following.indent if goes_on and following else line.indent

    def _grid(self) -> None:
        """Read a table that is drawn with its borders."""
        rows: list[Row] = []
        while self._at < len(self._lines) and self._lines[self._at].text[:1] in ("+", "|"):
            line = self._lines[self._at]
            if line.text.startswith("|"):
                cells = _CELL.finditer(self._source, line.start + 1, line.end)
                rows.append({number: self._stripped(*cell.span()) for number, cell in enumerate(cells)})
            else:
                self._tell_cells(rows)
                rows = []
            self._at += 1
        self._tell_cells(rows)

    def _simple_table(self, head: _Line) -> None:
        """Read a table whose columns are those of its borders."""
        columns = [head.indent + column.start() for column in re.finditer(r"=+", head.text)]
        last = self._last_border(head.indent)
        rows: list[Row] = []
        self._at += 1
        while self._at <= last:
            line = self._lines[self._at]
            self._at += 1
            row: Row = {}
            if line.text and not _BORDER.match(line.text):
                ends = [*columns[1:], line.end - line.begin]
                for number, (start, end) in enumerate(zip(columns, ends, strict=True)):
                    cell = self._stripped(line.begin + start, min(line.begin + end, line.end))
                    if cell[0] < cell[1]:
                        row[number] = cell
            if 0 in row or not row:
                self._tell_cells(rows)
                rows = []
            rows.append(row)
        self._tell_cells(rows)

    def _last_border(self, indent: int) -> int:
        """Return the number of the line that ends the simple table that begins here."""
        last = borders = 0
        for at in range(self._at + 1, min(self._at + LONGEST_TABLE, len(self._lines))):
            line = self._lines[at]
            if _COLUMNS.match(line.text):
                last, borders = at, borders + 1
            is_end = not line.text and borders and (at + 1 >= len(self._lines) or not self._has_border_below(at + 1))
            if is_end or (line.text and line.indent < indent):
                break
        return last

    def _has_border_below(self, at: int) -> bool:
        """Return whether the stretch of lines from *at* on ends with a border."""
        while at < len(self._lines) and self._lines[at].text and not _COLUMNS.match(self._lines[at].text):
            at += 1
        return at < len(self._lines) and bool(self._lines[at].text)

    def _stripped(self, start: int, end: int) -> Segment:
        text = self._source[start:end]
        return start + len(text) - len(text.lstrip()), start + len(text.rstrip()) if text.strip() else start

    def _tell_cells(self, rows: Iterable[Row]) -> None:
        """Tell the cells that *rows*, the lines of one row, hold together."""
        cells: dict[int, list[Segment]] = {}
        for row in rows:
            for number, segment in row.items():
                cells.setdefault(number, []).append(segment)
        for _, segments in sorted(cells.items()):
            self._tell(segments, BlockKind.CELL)


class _Inline:
    """Tells the text of a block, and the markup in it."""

    def __init__(self, builder: MaskedBuilder, segments: list[Segment]) -> None:
        self._builder = builder
        self._segments = segments
        self._text = "\n".join(builder.source[start:end] for start, end in segments)
        self._starts = [0]
        for start, end in segments:
            self._starts.append(self._starts[-1] + end - start + 1)

    def tell(self) -> None:
        """Tell all of it."""
        at = 0
        for found in _INLINE.finditer(self._text):
            kind = next(name for name in _KINDS if found[name] is not None)
            before = self._text[found.start() - 1 : found.start()]
            if kind in _QUOTING and before and before not in _BEFORE_MARKUP:
                continue
            self._plain(at, found.start())
            at = found.end()
            self._markup(found, kind)
        self._plain(at, len(self._text))

    def _markup(self, found: re.Match[str], kind: str) -> None:
        builder, place = self._builder, self._places(*found.span())
        match kind:
            case "strong" | "emphasis":
                self._pair(found, found.span(f"{kind}_text"), kind, MarkKind.FORMAT)
            case "role" | "reference":
                inner = found.span(f"{kind}_text")
                role = (found["role_name"] or (found["after"] or "").strip(":_")).rpartition(":")[2]
                target = _LINK_TARGET.search(found[f"{kind}_text"])
                end = inner[1] - (len(target.group()) if target else 0)
                is_name = kind == "role" and not target and _TARGET_ROLES.fullmatch(role)
                if (role and not _TEXT_ROLES.fullmatch(role)) or is_name or end <= inner[0]:
                    builder.object(*place)
                else:
                    self._pair(found, (inner[0], end), "a", MarkKind.KEEP)
            case "note":
                builder.void(*place, "note")
            case "word":
                end = found.start("underscores")
                self._plain(found.start(), end)
                builder.void(*self._places(end, found.end()), "a")
            case "escape" if found["escaped"].isspace():
                builder.void(*place, "escape", MarkKind.SOFT)
            case "escape":
                builder.atom(found["escaped"], *place)
            case _:
                builder.object(*place)

    def _pair(self, found: re.Match[str], inner: Segment, name: str, kind: MarkKind) -> None:
        pair = self._builder.open(*self._places(found.start(), inner[0]), name, kind)
        at = inner[0]
        for escape in _ESCAPE.finditer(self._text, *inner):
            self._plain(at, escape.start())
            at = escape.end()
            if escape[1].isspace():
                self._builder.void(*self._places(*escape.span()), "escape", MarkKind.SOFT)
            else:
                self._builder.atom(escape[1], *self._places(*escape.span()))
        self._plain(at, inner[1])
        self._builder.close(*self._places(inner[1], found.end()), name, kind, pair)

    def _plain(self, start: int, end: int) -> None:
        """Tell text without markup, line by line."""
        while start < end:
            stop = self._text.find("\n", start, end)
            stop = end if stop < 0 else stop
            self._builder.show(self._text[start:stop], self._places(start, stop)[0])
            if stop < end:
                self._builder.line_break(*self._places(stop, stop + 1))
            start = stop + 1

    def _places(self, start: int, end: int) -> Segment:
        """Return where the text from *start* to *end* stands in the source."""
        return self._place(start), self._place(end - 1, after=True) if end > start else self._place(start)

    def _place(self, at: int, *, after: bool = False) -> int:
        number = bisect_right(self._starts, at) - 1
        start, end = self._segments[number]
        place = start + at - self._starts[number]
        if not after:
            return place
        return place + 1 if place < end else self._segments[number + 1][0]


def _lines(source: str) -> Iterator[_Line]:
    at = 0
    while at < len(source):
        line = _LINE.match(source, at)
        assert line is not None  # it matches nothing at all, too
        text = line[1].strip()
        start = at + len(line[1]) - len(line[1].lstrip())
        yield _Line(at, start, start + len(text), text)
        at = line.end()
