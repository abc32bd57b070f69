"""Words are put into documents whose markup stays, or are refused with the reason."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from nasty_documents import HTML_SEEN, MARKDOWN_SEEN, MDX_SEEN
from places import assert_places
from shown_by_browser import seen, shown_by_browser, squeezed

from kaudit.model import OBJECT, Document, Span
from kaudit.read import read
from kaudit.read.masks import EXPRESSION, STATEMENT, mask_templates
from kaudit.read.replacing import (
    EMPTY,
    HALF,
    HARD_BREAK,
    LOSES_MARKUP,
    OBJECT_INSIDE,
    UNPLACED,
    Replacement,
    Replacer,
    Rewritten,
    apply,
    replace_words,
)

NEW_TEXTS = ["help", "promising treatment", "R&D <b> *x* \"q\" 's' [a](b) `c` | d_e_f", "{{ x }} \\ ${y} #"]
PHRASE = re.compile("[\u00ad\u200b\u2060\ufeff]*".join("healing") + r"\s+pill", re.IGNORECASE)


def replaced(source: str, words: str, new: str, format: str = "markdown") -> tuple[Document, Rewritten]:
    """Return what becomes of *source* with *new* in place of the visible *words*."""
    document = read(source, format=format)
    found = re.search(words, document.text)
    assert found, document.text
    wanted = Replacement(Span(*found.span()), new)
    return document, replace_words(document, [wanted], lambda changed: read(changed, format=format))


ROWS = [
    ("a miracle drug works", "a miracle drug", "a help", "a help works"),
    ("a **miracle** drug works", "miracle drug", "help", "a **help** works"),
    ("a **mir**acle drug works", "miracle drug", "help", "a help works"),
    ("a [miracle](x) drug", "miracle drug", "help", "a [help](x)"),
    ("**miracle drug**", "miracle drug", "help", "**help**"),
    ("no **proven** relief", "proven ", "", "no relief"),
    ("no **proven** relief", "proven", "", "no  relief"),
    ("a miracle\ndrug works", "miracle drug", "real help", "a real\nhelp works"),
    ("> a miracle\n> drug works", "miracle drug", "real help", "> a real\n> help works"),
    ("> a miracle\n> drug works", "miracle drug", "help", "> a help works"),
    ("miracle  \ndrug", "miracle drug", "real help", "real  \nhelp"),
    ("mira**cle drug is** good", "miracle drug", "help", "**help is** good"),
    ("[miracle drug]\n\n[miracle drug]: /u", "miracle drug", "help", "[help][miracle drug]\n\n[miracle drug]: /u"),
    ("[a miracle][]\n\n[a miracle]: /u", "miracle", "help", "[a help][a miracle]\n\n[a miracle]: /u"),
    ("miracle&nbsp;drug", "miracle.drug", "help", "help"),
    ("| miracle drug |\n|---|", "miracle drug", "a|b", "| a\\|b |\n|---|"),
    ("a miracle drug", "miracle drug", "*help*", "a \\*help\\*"),
    ("**mira**cle-drug *is* good", "miracle-drug is", "-", "\\- good"),
    ("# miracle drug", "drug", "help #", "# miracle help \\#"),
    ("![a miracle](b.png)", "miracle", "help", "![a help](b.png)"),
    ("[a](b 'a miracle')", "miracle", "help", "[a](b 'a help')"),
]


@pytest.mark.parametrize(("source", "words", "new", "wanted"), ROWS)
def test_words_in_markdown(source: str, words: str, new: str, wanted: str | None) -> None:
    document, rewritten = replaced(source, words, new)

    assert apply(source, rewritten.edits) == (source if wanted is None else wanted)
    assert bool(rewritten.refused) is (wanted is None)
    assert (rewritten.document is document) is (wanted is None)


HTML_ROWS = [
    ("<p>a <b>miracle</b> drug", "miracle drug", "R&D", "<p>a <b>R&amp;D</b>"),
    ("<p>a <a href=x>miracle</a> drug", "miracle drug", "help", "<p>a <a href=x>help</a>"),
    ("<p>a mir&shy;acle drug", "mir.acle drug", "help", "<p>a help"),
    ("<img alt='miracle drug'>", "miracle drug", "the body's help", "<img alt='the body&#39;s help'>"),
    ('<img alt="miracle drug">', "miracle drug", 'a "help"', '<img alt="a &quot;help&quot;">'),
    ("<img alt=miracle>", "miracle", "real help", '<img alt="real help">'),
    ("<title>miracle drug</title>", "miracle drug", "<b>", "<title>&lt;b></title>"),
    ("<p>miracle drug", "miracle drug", "{{ x }}", "<p>&#123;&#123; x }}"),
]


@pytest.mark.parametrize(("source", "words", "new", "wanted"), HTML_ROWS)
def test_words_in_html(source: str, words: str, new: str, wanted: str) -> None:
    _, rewritten = replaced(source, words, new, "html")

    assert apply(source, rewritten.edits) == wanted


DATA_ROWS = [
    ("json", r'{"title": "a mir\u0061cle drug"}', "miracle drug", 'new "help"', r'{"title": "a new \"help\""}'),
    ("json", '{"body": "<p>a <b>miracle</b> drug</p>"}', "miracle drug", "R&D", '{"body": "<p>a <b>R&amp;D</b></p>"}'),
    ("yaml", "title: 'a miracle drug'\n", "miracle drug", "body's help", "title: 'a body''s help'\n"),
    (
        "yaml",
        "text: >-\n  a miracle\n  drug works\n",
        "miracle drug",
        "real help",
        "text: >-\n  a real help works\n",
    ),
    ("toml", 'title = "a miracle drug"\n', "miracle drug", 'new "help"', 'title = "a new \\"help\\""\n'),
    ("csv", 'id,text\n1,"a miracle drug, new"\n', "miracle drug", 'new "help"', 'id,text\n1,"a new ""help"", new"\n'),
    ("markdown", "---\ntitle: a miracle drug\n---\n", "miracle drug", "help", "---\ntitle: a help\n---\n"),
    (
        "html",
        '<script type="application/ld+json">{"name": "a miracle drug"}</script>',
        "miracle drug",
        'a "help"',
        r'<script type="application/ld+json">{"name": "a a \"help\""}</script>',
    ),
]


@pytest.mark.parametrize(("format", "source", "words", "new", "wanted"), DATA_ROWS)
def test_words_in_strings_of_other_files(format: str, source: str, words: str, new: str, wanted: str) -> None:
    _, rewritten = replaced(source, words, new, format)

    assert apply(source, rewritten.edits) == wanted


REFUSED = [
    ("miracle `x` drug", "miracle.*drug", "help", OBJECT_INSIDE),
    ("miracle  \ndrug", "miracle drug", "help", HARD_BREAK),
    ("[miracle](x) [drug](y)", "miracle drug", "help", LOSES_MARKUP),
    ("miracle drug\n\nb", "miracle drug", "", EMPTY),
    ("f&fjlig;g", "f", "help", None),
    ("&fjlig;", "f", "help", HALF),
    ("miracle\n\ndrug", "miracle\ndrug", "help", UNPLACED),
]


@pytest.mark.parametrize(("source", "words", "new", "reason"), REFUSED)
def test_what_cannot_be_replaced_is_refused_with_the_reason(
    source: str, words: str, new: str, reason: str | None
) -> None:
    document, rewritten = replaced(source, words, new)

    assert [refusal.reason for refusal in rewritten.refused] == ([reason] if reason else [])
    assert reason is None or rewritten.document.source == document.source


def test_many_replacements_are_made_at_once_and_the_bad_ones_left_out() -> None:
    source = "one *two* three `x` four\n\n- five **six** seven"
    document = read(source, format="markdown")
    spans = [Span(document.text.index(word), document.text.index(word) + len(word)) for word in ("two", "five six")]
    bad = Span(document.text.index("three"), document.text.index("four") + 4)
    wanted = [Replacement(span, "new") for span in [*spans, bad, Span(spans[1].start + 1, spans[1].end)]]

    rewritten = replace_words(document, wanted, lambda changed: read(changed, format="markdown"))

    assert rewritten.document.source == "one *new* three `x` four\n\n- new seven"
    assert len(rewritten.refused) == 2


def test_what_was_found_out_about_a_replacement_is_not_tried_again() -> None:
    words = [f"word{number}" for number in range(64)]
    bad = {7: "[word7](x) [end](y)", 30: "[word30](x) [end](y)"}
    source = "\n\n".join(bad.get(number, word) for number, word in enumerate(words))
    reads: list[str] = []

    def read_again(changed: str) -> Document:
        reads.append(changed)
        return read(changed, format="markdown")

    document = read(source, format="markdown")
    starts = [document.text.index(word) for word in words]
    wanted = [
        Replacement(Span(start, start + len(word) + 4 * (number in bad)), f"a *{number}*")
        for number, (word, start) in enumerate(zip(words, starts, strict=True))
    ]
    replacer = Replacer(document, read_again)

    first = replacer.replace(wanted)
    spent = len(reads)
    fewer = replacer.replace(wanted[5:40])

    assert [refusal.replacement for refusal in first.refused] == [wanted[7], wanted[30]]
    assert fewer.refused == first.refused
    assert len(fewer.edits) == 33
    assert len(reads) == spent + 1


DOCUMENTS = [
    (source, format)
    for sources, format in [(MARKDOWN_SEEN, "markdown"), (HTML_SEEN, "html"), (MDX_SEEN, "mdx")]
    for source in sources
]


@pytest.mark.parametrize("new", NEW_TEXTS)
@pytest.mark.parametrize(("source", "format"), DOCUMENTS)
def test_another_parser_sees_the_new_words_and_nothing_else_changed(source: str, format: str, new: str) -> None:
    document = read(source, format=format)
    found = PHRASE.search(document.text)
    if not found:  # a note stands inside
        return
    wanted = Replacement(Span(*found.span()), new)
    rewritten = replace_words(document, [wanted], lambda changed: read(changed, format=format))
    if rewritten.refused:
        assert rewritten.document.source == source
        return

    changed = apply(source, rewritten.edits)

    assert_places(rewritten.document)
    assert changed == rewritten.document.source
    if format != "mdx" and sorted(seen(document)) == shown(source, format):
        before = [text for text in shown(source, format) if text not in shown(changed, format)]
        after = [text for text in shown(changed, format) if text not in shown(source, format)]
        assert [PHRASE.sub(lambda _: squeezed(new), text, 1) for text in before] == after


def shown(source: str, format: str) -> list[str]:
    filled = mask_templates(source).replace(STATEMENT, "").replace(EXPRESSION, OBJECT)
    if format == "markdown":
        filled = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(filled)
    return shown_by_browser(filled)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(DOCUMENTS), st.sampled_from([*NEW_TEXTS, ""]), st.data())
def test_any_words_can_be_replaced_or_are_refused(case: tuple[str, str], new: str, data: st.DataObject) -> None:
    source, format = case
    document = read(source, format=format)
    block = data.draw(st.sampled_from(document.blocks))
    start = data.draw(st.integers(block.span.start, block.span.end - 1))
    end = data.draw(st.integers(start + 1, block.span.end))

    rewritten = replace_words(
        document, [Replacement(Span(start, end), new)], lambda changed: read(changed, format=format)
    )

    changed = apply(source, rewritten.edits)
    assert changed == rewritten.document.source
    texts = [" ".join(each.span.of(document.text).split()) for each in document.blocks]
    if not rewritten.refused:
        text = document.text
        wanted = text[block.span.start : start] + new + text[end : block.span.end]
        texts[document.blocks.index(block)] = " ".join(wanted.split())
    after = rewritten.document
    assert [" ".join(each.span.of(after.text).split()) for each in after.blocks] == texts
