"""Markup hides no claim and moves no place; what is no text makes none. Tried on the catalog's own examples."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kaudit.auditor import Auditor
from kaudit.catalog import load_catalog
from kaudit.catalog.texts import read_texts
from kaudit.config import Config
from kaudit.examples import MARKED, read_examples
from kaudit.model import Category, Finding, Jurisdiction, Span

PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 ,.'%!?-]*")
CLAIMS = [
    text
    for example in read_examples(read_texts(None)[0])
    if example.kind == "flag" and PLAIN.fullmatch(text := MARKED.sub(r"\1", example.text))
]
SLOWLY = settings(
    deadline=None, max_examples=120, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


@cache
def auditor() -> Auditor:
    """Return the auditor that finds most: every rule, wherever it applies, in any document."""
    catalog = load_catalog()
    rules = {name: replace(rule, promotional=False) for name, rule in catalog.rules.items()}
    config = Config(pedantic=True, jurisdictions=tuple(Jurisdiction))
    return Auditor(replace(catalog, rules=rules, disclosures={}), config)


def claims(source: str, format: str) -> list[Finding]:
    findings = auditor().audit(source, format=format).findings
    return [found for found in findings if found.category is not Category.DISCLOSURE]


@dataclass(frozen=True)
class Wrapped:
    """A text as markup has it."""

    source: str
    places: tuple[Span, ...]
    """Of each of its characters, in the source."""

    def place(self, span: Span) -> Span:
        return Span(self.places[span.start].start, self.places[span.end - 1].end)


def wrapped(text: str, inner: Span, before: str, after: str, around: tuple[str, str]) -> Wrapped:
    """Return *text* with *before* and *after* around its *inner* part and *around* around all of it."""
    source = around[0] + text[: inner.start] + before + inner.of(text) + after + text[inner.end :] + around[1]
    places = []
    for at in range(len(text)):
        start = len(around[0]) + at + len(before) * (at >= inner.start) + len(after) * (at >= inner.end)
        places.append(Span(start, start + 1))
    return Wrapped(source, tuple(places))


def respelt(text: str, at: int, spelling: str) -> Wrapped:
    """Return *text* with its character *at* written as *spelling*."""
    places = [Span(start + (len(spelling) - 1) * (start > at), 0) for start in range(len(text))]
    ends = [
        Span(place.start, place.start + (len(spelling) if number == at else 1)) for number, place in enumerate(places)
    ]
    return Wrapped(text[:at] + spelling + text[at + 1 :], tuple(ends))


INLINE = {
    "markdown": [
        ("**", "**"),
        ("*", "*"),
        ("_", "_"),
        ("~~", "~~"),
        ("[", "](https://example.org/a)"),
        ("<span class='a'>", "</span>"),
        ("<b>", "</b>"),
        ("<!-- a -->", ""),
    ],
    "html": [
        ("<b>", "</b>"),
        ("<a href='/b'>", "</a>"),
        ("<span class='a'>", "</span>"),
        ("<em><strong>", "</strong></em>"),
        ("<!-- a -->", ""),
        ("<wbr>", ""),
    ],
}
AROUND = {
    "markdown": [
        ("", ""),
        ("> ", ""),
        ("- ", ""),
        ("| ", " |\n|---|"),
        ("| a |\n|---|\n| ", " |"),
        ("One.\n\n", "\n\nTwo."),
    ],
    "html": [("<p>", "</p>"), ("<ul><li>", "</ul>"), ("<table><tr><td>", "</table>"), ("<img alt='x'><div>", "</div>")],
}
HIDDEN = {
    "markdown": [
        ("`", "`"),
        ("<!-- ", " -->"),
        ("<script>", "</script>"),
        ("<kbd>", "</kbd>"),
        ("{{ ", " }}"),
        ("{% ", " %}"),
    ],
    "html": [
        ("<code>", "</code>"),
        ("<!-- ", " -->"),
        ("<script>", "</script>"),
        ("<i hidden>", "</i>"),
        ("{# ", " #}"),
    ],
}
FORMATS = st.sampled_from(["markdown", "html"])


@st.composite
def words_in(draw: st.DrawFn, text: str, span: Span) -> Span:
    """Return a stretch of whole words of *text* that lies in *span*."""
    words = [
        Span(*found.span()) for found in re.finditer(r"[A-Za-z0-9'%-]+", text) if span.contains(Span(*found.span()))
    ]
    assume(words)
    first = draw(st.integers(0, len(words) - 1))
    last = draw(st.integers(first, len(words) - 1))
    return Span(words[first].start, words[last].end)


@st.composite
def a_finding(draw: st.DrawFn) -> tuple[str, str, tuple[str, str], Finding, Span]:
    """Return a claim, a format, what is around it there, one of the findings, and words of that."""
    format = draw(FORMATS)
    text = draw(st.sampled_from(CLAIMS))
    around = draw(st.sampled_from(AROUND[format]))
    bare = wrapped(text, Span(0, 0), "", "", around)
    found = [each for each in claims(bare.source, format) if bare.source[each.start : each.end] in text]
    assume(found)
    chosen = draw(st.sampled_from(found))
    start = chosen.start - len(around[0])
    inner = draw(words_in(text, Span(start, start + len(chosen.span))))
    return text, format, around, chosen, inner


@SLOWLY
@given(a_finding(), st.data())
def test_words_in_markup_are_found_where_they_stand(
    case: tuple[str, str, tuple[str, str], Finding, Span], data: st.DataObject
) -> None:
    text, format, around, found, inner = case
    before, after = data.draw(st.sampled_from(INLINE[format]))
    marked = wrapped(text, inner, before, after, around)

    start = found.start - len(around[0])
    place = marked.place(Span(start, start + len(found.span)))
    assert (found.rule, place) in [(each.rule, each.span) for each in claims(marked.source, format)], marked.source


@SLOWLY
@given(a_finding(), st.data())
def test_words_with_entities_and_line_breaks_are_found_where_they_stand(
    case: tuple[str, str, tuple[str, str], Finding, Span], data: st.DataObject
) -> None:
    text, format, _, found, inner = case
    at = data.draw(st.integers(inner.start, inner.end - 1))
    around = AROUND[format][0]
    blanks = ["&nbsp;", "&#32;", "\n", "\t", "<br>" if format == "html" else "  \n"]
    spelling = data.draw(st.sampled_from(blanks)) if text[at] == " " else f"&#{ord(text[at])};"
    spelt = respelt(text, at, spelling)
    source = around[0] + spelt.source + around[1]
    bare = claims(around[0] + text + around[1], format)

    wanted = {
        (each.rule, spelt.place(each.span.shifted(-len(around[0]))).shifted(len(around[0])))
        for each in bare
        if each.rule == found.rule
    }
    assert wanted <= {(each.rule, each.span) for each in claims(source, format)}, source


@SLOWLY
@given(a_finding(), st.data())
def test_words_that_are_no_text_are_not_found(
    case: tuple[str, str, tuple[str, str], Finding, Span], data: st.DataObject
) -> None:
    text, format, around, found, _ = case
    before, after = data.draw(st.sampled_from(HIDDEN[format]))
    start = found.start - len(around[0])
    span = Span(start, start + len(found.span))
    hidden = wrapped(text, span, before, after, around)

    place = hidden.place(span)
    told = [each.span for each in claims(hidden.source, format)]
    around_it = [span for span in told if span.start < place.start and place.end < span.end]  # "no `a` risk"
    assert not any(span.overlaps(place) for span in told if span not in around_it), hidden.source


@SLOWLY
@given(a_finding())
def test_words_in_an_address_are_not_found(case: tuple[str, str, tuple[str, str], Finding, Span]) -> None:
    _, format, _, found, _ = case
    address = "https://example.org/" + re.sub(r"[^a-z0-9]+", "-", found.text.lower())
    sources = {
        "markdown": [f"See {address} and [this]({address}) and <{address}>."],
        "html": [f"<p>See {address} and <a href='{address}'>this</a>."],
    }

    for source in [*sources[format], f"See {address}."]:
        assert found.rule not in [each.rule for each in claims(source, format)]
