"""Markdown as its readers see it: the specification's examples, nasty documents, what other parsers show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from nasty_documents import MARKDOWN_SEEN, MARKDOWN_UNSEEN, MDX_SEEN, MDX_UNSEEN, PHRASE
from places import assert_places
from shown_by_browser import seen, shown_by_browser

from kaudit.model import OBJECT, BlockKind, Document
from kaudit.read import read
from kaudit.read.masks import EXPRESSION, STATEMENT, mask_templates

EXAMPLES = [
    json.loads(line)
    for line in (Path(__file__).parent / "commonmark_spec" / "examples.jsonl").read_text("utf-8").splitlines()
]

ON_PURPOSE = {
    96: "front matter between --- is not read",
    180: "PHP shows nothing",
    563: "the title of a definition is read, used or not",
    574: "the alt text of a picture in an alt text is read on its own",
    592: "the title of a definition is read, used or not",
    614: "a component that shows something, we do not know what",
    617: "a component that shows something, we do not know what",
}
"""Examples that we read otherwise than a browser shows what the specification makes of them, and why."""

NOT_COMMONMARK = {
    "~healing~ pill": "GitHub strikes through between single tildes, too",
    "# [healing](x) pill {#id}": "heading attributes",
    "- [ ] healing pill": "task lists",
    "- [x] **healing** pill": "task lists",
    "term\n: healing pill": "definition lists",
    "text[^1]\n\n[^1]: healing pill": "notes",
    "healing[^1] pill\n\n[^1]: x": "notes",
    "text[^1]\n\n[^1]:\n    healing\n    pill": "notes",
    "---\ntitle: x\n---\n\nhealing pill": "front matter",
    '+++\ntitle = "x"\n+++\n\nhealing pill': "front matter",
    "> [!NOTE]\n> healing\n> pill": "alerts",
    "<template>\n\nhealing pill": "an element without an end tag hides nothing",
}


def as_markdown(source: str) -> Document:
    return read(source, format="markdown")


def shows_phrase(document: Document) -> bool:
    return any(PHRASE in text.lower().replace("\u00b9", "") for text in seen(document))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example["example"]))
def test_the_specifications_examples_show_what_a_browser_shows(example: dict[str, str | int]) -> None:
    document = as_markdown(str(example["markdown"]))

    assert_places(document)
    assert (seen(document) == shown_by_browser(str(example["html"]))) is (example["example"] not in ON_PURPOSE)


@pytest.mark.parametrize("source", MARKDOWN_SEEN)
def test_the_phrase_is_seen(source: str) -> None:
    document = as_markdown(source)

    assert_places(document)
    assert shows_phrase(document)


@pytest.mark.parametrize("source", MARKDOWN_UNSEEN)
def test_the_phrase_is_not_seen(source: str) -> None:
    document = as_markdown(source)

    assert_places(document)
    assert not shows_phrase(document)


@pytest.mark.parametrize("source", MARKDOWN_SEEN + MARKDOWN_UNSEEN)
def test_nasty_documents_show_what_another_parser_shows(source: str) -> None:
    filled = mask_templates(source).replace(STATEMENT, "").replace(EXPRESSION, OBJECT)
    other = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(filled)

    assert (seen(as_markdown(source)) == shown_by_browser(other)) is (source not in NOT_COMMONMARK)


@pytest.mark.parametrize("source", MDX_SEEN + MDX_UNSEEN)
def test_mdx_is_read_without_its_code(source: str) -> None:
    document = read(source, format="mdx")

    assert_places(document)
    assert shows_phrase(document) is (source in MDX_SEEN)


KINDS = [
    ("# A\n\nb", [BlockKind.HEADING, BlockKind.PARAGRAPH]),
    ("A\n===", [BlockKind.HEADING]),
    ("- a\n- b", [BlockKind.ITEM, BlockKind.ITEM]),
    ("- a\n\n- b\n\n  c", [BlockKind.ITEM, BlockKind.ITEM, BlockKind.PARAGRAPH]),
    ("| a |\n|---|\n| b |", [BlockKind.CELL, BlockKind.CELL]),
    ("![a](b)", [BlockKind.PARAGRAPH, BlockKind.ALT]),
    ("[a](b 'c')", [BlockKind.PARAGRAPH, BlockKind.ALT]),
    ("<ul><li><p>a</p></li></ul>", [BlockKind.ITEM]),
]


@pytest.mark.parametrize(("source", "kinds"), KINDS)
def test_blocks_have_their_kind(source: str, kinds: list[BlockKind]) -> None:
    assert [block.kind for block in as_markdown(source).blocks] == kinds


def test_a_note_and_a_number_that_links_are_reference_marks() -> None:
    source = "works[^1], works[1](x), works[2][r], works<sup>3</sup>\n\n[r]: y\n\n[^1]: a"

    assert as_markdown(source).text.startswith("works\u00b9, works\u00b9, works\u00b9, works\u00b9")


def test_comments_are_known_with_their_places() -> None:
    source = "a <!-- one --> b\n\n> <!-- two\n> three -->\n> c\n\n`<!-- code -->`"

    found = [(comment.text, comment.span.of(source)) for comment in as_markdown(source).comments]
    assert found == [("one", "<!-- one -->"), ("two\nthree", "<!-- two\n> three -->")]


def test_a_panic_of_the_parser_is_told_and_the_text_is_read_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    def panic(*_: object, **__: object) -> None:
        raise PanicException("out of range")

    monkeypatch.setattr("pyromark.Markdown", panic)

    document = as_markdown("A *b*.")

    assert document.text == "A *b*."
    assert document.notes == ("read as plain text, because the Markdown parser failed: out of range",)


def test_of_front_matter_the_title_and_the_description_are_read() -> None:
    yaml = '---\nTitle: "A c\\u0061re"\ndescription: >\n  For\n  all\ntags: [a b c]\nextra: {title: No}\n---\nText.'
    toml = "+++\ntitle = 'A care'\ndate = 2026-01-01\n[extra]\ntitle = 'Not me'\n+++\nText."
    broken = "---\ntitle: [\n---\nText."

    assert [seen(as_markdown(source)) for source in (yaml, toml, broken)] == [
        ["A care", "For all", "Text."],
        ["A care", "Text."],
        ["Text."],
    ]
    assert_places(as_markdown(toml))
