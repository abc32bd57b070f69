"""What holds for any text, tried on the catalog's own examples and on nonsense."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kaudit
from kaudit.catalog import load_catalog
from kaudit.catalog.template import Listed
from kaudit.catalog.texts import read_texts
from kaudit.examples import MARKED, read_examples
from kaudit.model import Category, Finding
from kaudit.normalise import normalise
from kaudit.search import Searcher

CLAIMS = [MARKED.sub(r"\1", example.text) for example in read_examples(read_texts(None)[0]) if example.kind == "flag"]
ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=300)
SOME_CLAIM = st.sampled_from(CLAIMS)
SLOWLY = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
INVISIBLE = ["\u200b", "\u00ad", "\u2060", "\ufeff"]
BLANKS = ["\u00a0", "  ", "\t", "\n", "\u2009"]


def claims(text: str) -> list[tuple[str, str]]:
    """Return rule and words of each finding, as a reader sees them."""
    return [
        (found.rule, normalise(found.text).text)
        for found in kaudit.audit(text).findings
        if found.category is not Category.DISCLOSURE
    ]


@SLOWLY
@given(st.lists(st.one_of(ANY_TEXT, SOME_CLAIM), max_size=4).map("\n\n".join))
def test_findings_quote_the_source_and_stand_in_order(text: str) -> None:
    findings: tuple[Finding, ...] = kaudit.audit(text).findings

    assert all(found.text == text[found.start : found.end] for found in findings)
    assert [found.start for found in findings] == sorted(found.start for found in findings)
    for found in findings:
        for suggestion in found.suggestions:
            assert 0 <= suggestion.span.start <= suggestion.span.end <= len(text)


@SLOWLY
@given(ANY_TEXT)
def test_offsets_survive_normalisation(text: str) -> None:
    plain = normalise(text)

    places = [plain.origin(at) for at in range(len(plain.text))]
    assert places == sorted(places)
    assert all(0 <= place < len(text) for place in places)
    for at, place in enumerate(places):
        if plain.cased[at].isalnum() and text[place].isascii():
            assert plain.cased[at] == text[place]


@SLOWLY
@given(SOME_CLAIM, st.data())
def test_an_invisible_character_changes_no_verdict(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    spliced = text[:at] + data.draw(st.sampled_from(INVISIBLE)) + text[at:]

    assert claims(spliced) == claims(text)


@SLOWLY
@given(SOME_CLAIM, st.data())
def test_other_blanks_change_no_verdict(text: str, data: st.DataObject) -> None:
    blanks = [found.start() for found in re.finditer("(?<=[a-z]) (?=[a-z])", text)]
    if not blanks:
        return
    at = data.draw(st.sampled_from(blanks))
    spliced = text[:at] + data.draw(st.sampled_from(BLANKS)) + text[at + 1 :]

    assert claims(spliced) == claims(text)


@SLOWLY
@given(SOME_CLAIM, SOME_CLAIM)
def test_two_pages_joined_by_an_empty_line_flag_the_words_of_both_pages(one: str, two: str) -> None:
    joined = [words for _, words in claims(f"{one}\n\n{two}")]

    # of rules that apply whatever a document's tone; maybe by another rule: the most severe one is told
    rules = load_catalog().rules
    apart = [words for rule, words in [*claims(one), *claims(two)] if not rules[rule].promotional]
    assert [words for words in apart if not any(words in other or other in words for other in joined)] == []


def hostile(pattern: str, words: list[str], length: int) -> str:
    line = " ".join(words) + " "
    return (line * (length // len(line) + 1))[:length]


@pytest.mark.parametrize("rule", sorted(load_catalog().rules))
def test_no_pattern_is_superlinear_on_hostile_lines(rule: str) -> None:
    for pattern in load_catalog().rules[rule].match:
        listed = [node for node in pattern.tree.nodes if isinstance(node, Listed)]
        words = re.findall(r"[a-z]{2,}", pattern.template)[:6] + [
            phrase for node in listed for phrase in node.phrases[:3]
        ]
        searcher = Searcher()
        searcher.fits(pattern, "")
        short, long = (hostile(pattern.template, words or ["a"], size) for size in (1_000, 2_000))

        took = []
        for line in (short, long):
            start = time.process_time()
            searcher.fits(pattern, line)
            took.append(time.process_time() - start)

        # a sentence has at most 2,000 characters; on none may a pattern take a moment that anyone notices
        assert took[1] < 0.25, pattern.template
        assert took[1] < 12 * took[0] + 0.02, pattern.template
