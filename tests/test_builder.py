"""What readers tell, as documents: pieces lead back to the source, strings hold documents of their own."""

from __future__ import annotations

from kaudit.model import BlockKind, Document, MarkKind, Piece, PieceKind, PieceMap, Span, Syntax
from kaudit.read import read
from kaudit.read.builder import Builder, Value

SOURCE = "Our <b>new</b>&nbsp;drug <img alt='It works'> cures"


def built() -> Document:
    builder = Builder(SOURCE, "html", "page.html", Syntax.HTML)
    builder.copy(0, 4)
    pair = builder.open(4, 7, "b", MarkKind.FORMAT)
    builder.copy(7, 10)
    builder.close(10, 14, "b", MarkKind.FORMAT, pair)
    builder.atom("\u00a0", 14, 20)
    builder.copy(20, 25)
    builder.object(25, 45)
    with builder.aside(BlockKind.ALT, Syntax.ATTRIBUTE_SINGLE, info={"name": "alt"}):
        builder.copy(35, 43)
    builder.copy(45, len(SOURCE))
    return builder.finish()


def test_visible_text_is_what_shows_and_asides_follow_their_block() -> None:
    document = built()

    texts = [block.span.of(document.text) for block in document.blocks]
    assert texts == ["Our new\u00a0drug \ufffc cures", "It works"]
    assert [block.kind for block in document.blocks] == [BlockKind.PARAGRAPH, BlockKind.ALT]


def test_a_span_leads_to_the_stretch_of_the_source_that_shows_as_it() -> None:
    document = built()

    for words, source in [
        ("new\u00a0drug", "new</b>&nbsp;drug"),
        ("w", "w"),
        ("\u00a0", "&nbsp;"),
        ("It works", "It works"),
        ("Our new", "Our <b>new"),
    ]:
        start = document.text.index(words)
        assert document.origin.span(Span(start, start + len(words))).of(SOURCE) == source


def test_blanks_at_the_edges_and_empty_blocks_are_not_read() -> None:
    builder = Builder("  a \n\n b", "text", "page", Syntax.TEXT)
    builder.copy(0, 5)
    builder.block()
    builder.copy(5, 6)
    builder.block()
    builder.copy(6, 8)

    document = builder.finish()

    assert [document.origin.span(block.span) for block in document.blocks] == [Span(2, 3), Span(7, 8)]


def test_what_is_muted_does_not_show_but_its_comments_are_known() -> None:
    builder = Builder("a<!--b-->", "html", "page", Syntax.HTML)
    builder.muted += 1
    builder.copy(0, 1)
    builder.comment(1, 9, "b")

    document = builder.finish()

    assert not document.blocks
    assert [(comment.span, comment.text) for comment in document.comments] == [(Span(1, 9), "b")]


def test_a_string_is_read_in_its_own_format_and_found_in_the_file() -> None:
    source = r'{"a": "No\u0020side\n\neffects"}'
    value = Value(
        "No side\n\neffects",
        PieceMap(
            (
                Piece(0, 2, 7, 9),
                Piece(2, 3, 9, 15, PieceKind.ATOM),
                Piece(3, 7, 15, 19),
                Piece(7, 8, 19, 21, PieceKind.ATOM),
                Piece(8, 9, 21, 23, PieceKind.ATOM),
                Piece(9, 16, 23, 30),
            )
        ),
        Syntax.JSON,
    )
    builder = Builder(source, "json", "page.json", Syntax.TEXT)
    builder.embed(value, read(value.text), info={"key": "a"})

    document = builder.finish()

    assert [block.span.of(document.text) for block in document.blocks] == ["No side", "effects"]
    assert [document.origin.span(block.span).of(source) for block in document.blocks] == [r"No\u0020side", "effects"]
    assert {block.layers for block in document.blocks} == {(Syntax.JSON,)}
    assert document.blocks[0].info == {"key": "a"}


def test_plain_text_in_pieces_has_its_line_breaks_apart() -> None:
    document = read("one\r\n  two")

    assert document.pieces(Span(1, 10)) == [
        Piece(1, 3, 1, 3),
        Piece(3, 7, 3, 7, PieceKind.BREAK),
        Piece(7, 10, 7, 10),
    ]


def test_addresses_in_plain_text_are_objects_among_its_pieces() -> None:
    document = read("See https://a.example/best.")

    assert document.pieces(Span(0, 27)) == [
        Piece(0, 4, 0, 4),
        Piece(4, 26, 4, 26, PieceKind.OBJECT),
        Piece(26, 27, 26, 27),
    ]
