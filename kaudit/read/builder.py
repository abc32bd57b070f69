"""Build: what a reader comes upon in, a Document out; the one way from any format to blocks, pieces and marks.

A reader tells what it meets, in source order: text that shows as it stands, atoms, line breaks, objects, markup. Blanks
stay as they are, for normalise.py makes one of many; blanks at the edges of a block do not belong to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from kaudit.model import (
    NOTHING,
    OBJECT,
    Block,
    BlockKind,
    Comment,
    Document,
    Mark,
    MarkKind,
    Piece,
    PieceKind,
    PieceMap,
    Role,
    Span,
    Syntax,
)


@dataclass(frozen=True, slots=True)
class Value:
    """A string in a file of some other format, decoded, and where its characters stand in that file."""

    text: str
    origin: PieceMap
    """From *text*, which its pieces cover, to the file."""
    layer: Syntax
    """How the file writes such strings."""


_new = tuple.__new__
"""What Piece() and Mark() call in the end, at half their price."""
_COPY = PieceKind.COPY


@dataclass(slots=True)
class _Draft:
    """A block that is being built."""

    kind: BlockKind
    syntax: Syntax
    layers: tuple[Syntax, ...]
    info: Mapping[str, str]
    base: int
    """Where it is to begin in the visible text; 0 when only what it interrupts tells."""
    end: int
    """Where it ends, so far."""
    parts: list[str] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    sides: list[_Draft] = field(default_factory=list)
    """Blocks that were met inside this one, such as alt texts; they follow it."""

    def moved(self, by: int) -> Iterator[Piece]:
        """Yield its pieces as they are *by* further on."""
        return (_new(Piece, (start + by, end + by, *source)) for start, end, *source in self.pieces)


class Builder:
    """Takes what a reader tells, and gives the document."""

    def __init__(self, source: str, format: str, path: str, syntax: Syntax) -> None:
        self.source = source
        self.muted = 0
        """While over 0, what is told does not show; comments are still noted."""
        self._format = format
        self._path = path
        self.syntax = syntax
        self._parts: list[str] = []
        self._next = 0
        """Where the next block begins, with a line break before it unless it is the first."""
        self._blocks: list[Block] = []
        self._pieces: list[Piece] = []
        self._comments: list[Comment] = []
        self._pairs = 0
        self._outer: list[_Draft] = []
        self._draft = _Draft(BlockKind.PARAGRAPH, syntax, (), NOTHING, 0, 0)

    @property
    def kind(self) -> BlockKind:
        """What the present block is."""
        return self._draft.kind

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been told of the present block."""
        return self._draft.end == self._draft.base

    def block(
        self,
        kind: BlockKind = BlockKind.PARAGRAPH,
        syntax: Syntax | None = None,
        *,
        layers: tuple[Syntax, ...] = (),
        info: Mapping[str, str] = NOTHING,
    ) -> None:
        """End the present block and begin another."""
        draft = self._draft
        if draft.end == draft.base and not draft.sides:
            draft.kind, draft.syntax, draft.layers, draft.info = kind, syntax or self.syntax, layers, info
            if draft.marks:
                draft.marks.clear()
            return
        base = 0
        if self._outer:
            self._outer[-1].sides.append(draft)
        else:
            self._flush(draft)
            base = self._next
        self._draft = _Draft(kind, syntax or self.syntax, layers, info, base, base)

    @contextmanager
    def aside(
        self, kind: BlockKind, syntax: Syntax, *, layers: tuple[Syntax, ...] = (), info: Mapping[str, str] = NOTHING
    ) -> Iterator[None]:
        """Build a block of its own, such as an alt text, out of what is told meanwhile; the present one goes on."""
        self.begin_aside(kind, syntax, layers=layers, info=info)
        yield
        self.end_aside()

    def begin_aside(
        self, kind: BlockKind, syntax: Syntax, *, layers: tuple[Syntax, ...] = (), info: Mapping[str, str] = NOTHING
    ) -> None:
        """Interrupt the present block for another."""
        self._outer.append(self._draft)
        self._draft = _Draft(kind, syntax, layers, info, 0, 0)

    def end_aside(self) -> None:
        """Go on with the block that was interrupted last."""
        aside, self._draft = self._draft, self._outer.pop()
        self._draft.sides.append(aside)

    def copy(self, start: int, end: int) -> None:
        """Tell text that shows as the source has it, from *start* to *end*."""
        if not self.muted and start < end:
            self.copied(self.source[start:end], start)

    def copied(self, text: str, start: int) -> None:
        """Tell *text*, which shows and is what the source has from *start* on."""
        draft = self._draft
        at = draft.end
        if at == draft.base and text.isspace():
            return
        draft.end = end = at + len(text)
        draft.parts.append(text)
        pieces = draft.pieces
        if pieces:
            first, _, source_start, source_end, kind = pieces[-1]
            if source_end == start and kind is _COPY:
                pieces[-1] = _new(Piece, (first, end, source_start, start + len(text), kind))
                return
        pieces.append(_new(Piece, (at, end, start, start + len(text), _COPY)))

    def atom(self, text: str, start: int, end: int, kind: PieceKind = PieceKind.ATOM) -> None:
        """Tell that the source from *start* to *end* shows as *text*, as a whole."""
        if self.muted or start >= end:
            return
        draft = self._draft
        if not text:
            draft.marks.append(Mark(start, end, "invisible", MarkKind.SOFT))
            return
        at, draft.end = draft.end, draft.end + len(text)
        draft.parts.append(text)
        draft.pieces.append(_new(Piece, (at, draft.end, start, end, kind)))

    def line_break(self, start: int, end: int, *, hard: bool = False) -> None:
        """Tell a line break inside a block."""
        self.atom(" ", start, end, PieceKind.HARD_BREAK if hard else PieceKind.BREAK)

    def object(self, start: int, end: int, shown: str = OBJECT) -> None:
        """Tell something that is no text; *shown* is what it means to the audit all the same."""
        self.atom(shown, start, end, PieceKind.OBJECT)

    def void(self, start: int, end: int, name: str, kind: MarkKind = MarkKind.KEEP) -> None:
        """Tell markup that shows nothing and wraps nothing."""
        if end > start and not self.muted:
            self._draft.marks.append(Mark(start, end, name, kind))

    def open(self, start: int, end: int, name: str, kind: MarkKind) -> int:
        """Tell markup that begins to wrap text; return the number to close it with."""
        self._pairs = pair = self._pairs + 1
        if not self.muted:
            self._draft.marks.append(_new(Mark, (start, end, name, kind, Role.OPEN, pair)))
        return pair

    def close(self, start: int, end: int, name: str, kind: MarkKind, pair: int) -> None:
        """Tell the end of the markup that *pair* opened."""
        if not self.muted:
            self._draft.marks.append(_new(Mark, (start, end, name, kind, Role.CLOSE, pair)))

    def comment(self, start: int, end: int, text: str) -> None:
        """Tell a comment, whether anything around it shows or not."""
        self._comments.append(Comment(Span(start, end), text))
        self.void(start, end, "comment")

    def embed(
        self,
        value: Value,
        inner: Document,
        kind: BlockKind | None = None,
        info: Mapping[str, str] = NOTHING,
    ) -> None:
        """Tell the blocks of *inner*, the text of *value* as read in some format, as blocks of this document.

        All of them are of *kind* when it is given; *info* is added to theirs.
        """
        for block in inner.blocks:
            self.block(
                kind or block.kind, block.syntax, layers=(*block.layers, value.layer), info={**info, **block.info}
            )
            done = Span(-1, -1)  # up to where the value, and the file, have been told
            for piece in inner.pieces(block.span):
                source = Span(piece.source_start, piece.source_end)
                place = value.origin.span(source)
                if done.start == source.start and place.start > done.end:
                    self.void(done.end, place.start, "layer")
                if piece.kind is PieceKind.COPY:
                    self._copy_parts(value, source)
                else:
                    self.atom(inner.text[piece.start : piece.end], place.start, place.end, piece.kind)
                done = Span(source.end, place.end)
            for mark in block.marks:
                place = value.origin.span(Span(mark.start, mark.end))
                self._draft.marks.append(mark._replace(start=place.start, end=place.end))
        self.block()
        self._comments.extend(Comment(value.origin.span(comment.span), comment.text) for comment in inner.comments)

    def _copy_parts(self, value: Value, span: Span) -> None:
        """Tell *span* of a value's text, and what the file writes inside it, such as the signs of a continued line."""
        last = -1
        for part in value.origin.within(span):
            if 0 <= last < part.source_start:
                self.void(last, part.source_start, "layer")
            if part.kind is PieceKind.COPY:
                self.copy(part.source_start, part.source_end)
            else:
                self.atom(value.text[part.start : part.end], part.source_start, part.source_end, part.kind)
            last = part.source_end

    def finish(self, *notes: str) -> Document:
        """Return the document of all that was told."""
        while self._outer:
            self.end_aside()
        self.block()
        return Document(
            self._path,
            self._format,
            self.source,
            "".join(self._parts),
            tuple(self._blocks),
            PieceMap(tuple(self._pieces)),
            tuple(sorted(self._comments, key=lambda comment: comment.span)),
            notes,
        )

    def _flush(self, draft: _Draft) -> None:
        text = draft.parts[0] if len(draft.parts) == 1 else "".join(draft.parts)
        shown = text.strip()
        if shown:
            base = self._next
            if base:
                self._parts.append("\n")
            start = base if shown is text else base + len(text) - len(text.lstrip())
            self._pieces += draft.pieces if draft.base == base else draft.moved(base - draft.base)
            self._parts.append(text)
            self._next = base + len(text) + 1
            if len(draft.marks) > 1:
                draft.marks.sort()
            span, marks = Span(start, start + len(shown)), tuple(draft.marks)
            self._blocks.append(Block(draft.kind, span, draft.syntax, draft.layers, marks, draft.info))
        for side in draft.sides:
            self._flush(side)
