"""HTML as its readers see it: nasty documents, what another parser shows, what is not text."""

from __future__ import annotations

import pytest
from nasty_documents import HTML_SEEN, HTML_UNSEEN, PHRASE
from places import assert_places
from shown_by_browser import seen, shown_by_browser

from kaudit.model import OBJECT, BlockKind, Document, Syntax
from kaudit.read import read
from kaudit.read.html_tokens import Token, references, tokens
from kaudit.read.masks import EXPRESSION, STATEMENT, mask_templates

ON_PURPOSE = {
    "<template>healing pill": "an element without an end tag hides nothing",
    "<code>x healing pill": "an element without an end tag hides nothing",
    "<?php echo '>'; ?>healing pill": "PHP shows nothing",
    "<td>healing<td>pill": "a cell without its table is still one",
}
"""Documents that we read otherwise than a browser, and why."""


def as_html(source: str) -> Document:
    return read(source, format="html")


@pytest.mark.parametrize("source", HTML_SEEN + HTML_UNSEEN)
def test_nasty_documents_show_what_a_browser_shows(source: str) -> None:
    document = as_html(source)
    filled = mask_templates(source).replace(STATEMENT, "").replace(EXPRESSION, OBJECT)

    assert_places(document)
    assert (seen(document) == shown_by_browser(filled)) is (source not in ON_PURPOSE)


@pytest.mark.parametrize("source", HTML_SEEN + HTML_UNSEEN)
def test_the_phrase_is_seen_where_readers_see_it(source: str) -> None:
    assert any(PHRASE in text.lower() for text in seen(as_html(source))) is (source in HTML_SEEN)


HIDDEN = [
    "<p hidden>a</p>",
    "<div hidden><div>a</div>a</div>",
    "<p HIDDEN=''>a<p>",
    "<span style='display:none'>a</span>",
    "<div style='color: red; display : none'><b>a</b></div>",
]


@pytest.mark.parametrize("source", HIDDEN)
def test_hidden_elements_are_not_read(source: str) -> None:
    assert seen(as_html(f"{source}<p>b</p>")) == ["b"]


def test_what_is_told_in_attributes_and_meta_has_its_name_and_its_quotes() -> None:
    source = (
        "<title>a &amp; b</title><meta property=og:title content='c'><p title=d>e<img alt=\"f\"><a aria-label='g'>h</a>"
    )

    found = [
        (block.kind, block.span.of(document.text), block.syntax, block.info.get("name"))
        for document in [as_html(source)]
        for block in document.blocks
    ]
    assert found == [
        (BlockKind.META, "a & b", Syntax.HTML_TEXT, None),
        (BlockKind.META, "c", Syntax.ATTRIBUTE_SINGLE, "og:title"),
        (BlockKind.PARAGRAPH, f"e{OBJECT}h", Syntax.HTML, None),
        (BlockKind.ALT, "d", Syntax.ATTRIBUTE_BARE, "title"),
        (BlockKind.ALT, "f", Syntax.ATTRIBUTE_DOUBLE, "alt"),
        (BlockKind.ALT, "g", Syntax.ATTRIBUTE_SINGLE, "aria-label"),
    ]


def test_comments_are_known_with_their_places() -> None:
    source = "<!doctype html><p>a<!-- b --><script><!-- c --></script><div hidden><!--d--></div><!-->e<!-- f"

    found = [(comment.text, comment.span.of(source)) for comment in as_html(source).comments]
    assert found == [("b", "<!-- b -->"), ("d", "<!--d-->"), ("", "<!-->"), ("f", "<!-- f")]


@pytest.mark.parametrize("source", HTML_SEEN + HTML_UNSEEN)
def test_tokens_cover_their_source(source: str) -> None:
    found = list(map(Token._make, tokens(source)))

    assert "".join(source[token.start if token.before < 0 else token.before : token.end] for token in found) == source


REFERENCES = [
    ("&amp;", "&"),
    ("&ampx", "&x"),
    ("&notin;", "\u2209"),
    ("&notit;", "\u00acit;"),
    ("&#0;", "\ufffd"),
    ("&#x80;", "\u20ac"),
    ("&#129;", "\x81"),
    ("&#xD800;", "\ufffd"),
    ("&#99999999999999999999;", "\ufffd"),
    ("&#;", "&#;"),
    ("&bogus;", "&bogus;"),
    ("&", "&"),
]


@pytest.mark.parametrize(("source", "shown"), REFERENCES)
def test_references_are_decoded_as_browsers_do(source: str, shown: str) -> None:
    assert "".join(part.value or source[part.start : part.end] for part in references(source, 0, len(source))) == shown


@pytest.mark.parametrize(
    ("source", "shown"), [("a&amp=b", "a&amp=b"), ("&copy2", "&copy2"), ("&copy;2", "\u00a92"), ("&copy", "\u00a9")]
)
def test_references_in_attributes_need_their_semicolon_before_more(source: str, shown: str) -> None:
    parts = references(source, 0, len(source), in_attribute=True)

    assert "".join(part.value or source[part.start : part.end] for part in parts) == shown


def test_of_linked_data_what_people_are_shown_is_read() -> None:
    data = (
        r'{"@type": "Product", "name": "A \"care\"", "url": "no name", "offers": [{"description": "<b>For</b> all"}]}'
    )
    source = f"<p>one <script type='application/ld+json'>{data}</script>two"

    assert seen(as_html(source)) == ['A "care"', "For all", "one two"]
    assert seen(as_html(source.replace("ld+json", "json"))) == ["one two"]
    assert seen(as_html(source.replace("}]}", ""))) == ["one two"]
