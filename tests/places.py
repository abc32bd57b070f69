"""What holds for the places in any document, whatever its format."""

from __future__ import annotations

from itertools import pairwise

from kaudit.model import Document, PieceKind, PieceMap


def assert_places(document: Document) -> None:
    """Fail unless every visible character of *document* comes from the source, in order, and no markup is text."""
    assert isinstance(document.origin, PieceMap)
    pieces = document.origin.pieces
    for piece in pieces:
        shown = document.text[piece.start : piece.end]
        written = document.source[piece.source_start : piece.source_end]
        assert written
        if piece.kind is PieceKind.COPY:
            assert shown == written
        elif piece.kind in (PieceKind.BREAK, PieceKind.HARD_BREAK):
            assert shown == " "
            assert any(sign in written.lower() for sign in ("\n", "\r", "br")), written
        elif piece.kind is PieceKind.ATOM:
            assert written[0] in "&\\\0" or shown == written.replace("\0", "\ufffd"), (shown, written)
    done = 0
    for block in document.blocks:
        assert block.span.start >= done
        done = block.span.end
        shown = block.span.of(document.text)
        assert shown == shown.strip() != ""
        inside = [piece for piece in pieces if piece.start < block.span.end and piece.end > block.span.start]
        covered = sum(min(each.end, block.span.end) - max(each.start, block.span.start) for each in inside)
        assert covered == len(block.span), "a visible character comes from nowhere"
        for one, other in pairwise(inside):
            assert one.source_end <= other.source_start, "pieces stand in source order"
        for mark in block.marks:
            for piece in inside:
                assert not (piece.source_start < mark.end and mark.start < piece.source_end), "markup is no text"
