"""What the map of any document must be: each visible character comes from somewhere, and copies are copies."""

from __future__ import annotations

from kaudit.model import Document, PieceKind, Span


def assert_mapped(document: Document) -> None:
    """Fail unless every visible character of every block leads to its place in the source, in order."""
    for block in document.blocks:
        at = block.span.start
        end = 0
        for piece in document.pieces(block.span):
            assert piece.start <= at < piece.end, (block, piece)
            assert 0 <= piece.source_start < piece.source_end <= len(document.source)
            assert piece.source_start >= end, "pieces of a block stand in source order"
            if piece.kind is PieceKind.COPY:
                shown = document.text[piece.start : piece.end]
                assert shown == document.source[piece.source_start : piece.source_end]
            at, end = piece.end, piece.source_end
        assert at >= block.span.end


def shown(document: Document) -> list[str]:
    """Return the visible text of each block, with single blanks."""
    return [" ".join(block.span.of(document.text).split()) for block in document.blocks]


def place_of(document: Document, words: str) -> str:
    """Return the stretch of the source that shows as *words*."""
    start = document.text.index(words)
    return document.origin.span(Span(start, start + len(words))).of(document.source)
