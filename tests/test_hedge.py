"""A verb is hedged where it surely is one, in the form that its sentence has, and left alone elsewhere."""

from __future__ import annotations

import re

import pytest

from kaudit.catalog import inflect
from kaudit.hedge import Surroundings, Verb, hedge
from kaudit.model import Span

LIMIT = ", in some people,"


def hedged(text: str, form: str, *, is_prose: bool = True) -> str | None:
    """Return *text* with the verb between brackets hedged."""
    marked = re.search(r"\[(\w+)\]", text)
    assert marked
    word = marked.group(1)
    plain = text[: marked.start()] + word + text[marked.end() :]
    base = inflect.base_of(word, {}) if form == "s" else word
    verb = Verb(Span(marked.start(), marked.start() + len(word)), form, lambda to: word if to == form else base)
    made = hedge(verb, Surroundings(plain, is_prose=is_prose), LIMIT)
    return plain[: made.span.start] + made.text + plain[made.span.end :] if made else None


@pytest.mark.parametrize(
    ("text", "form", "wanted"),
    [
        ("it [calms] pain.", "s", "it may, in some people, calm pain."),
        ("it also [calms] pain.", "s", "it may also, in some people, calm pain."),
        ("it gently [calms] pain.", "s", "it may, in some people, gently calm pain."),
        ("it stills and [calms] pain.", "s", "it stills and possibly, in some people, calms pain."),
        ("it [calms] pain and softens skin.", "s", "it possibly, in some people, calms pain and softens skin."),
        ("the drops [soothe] pain.", "base", "the drops may, in some people, soothe pain."),
        ("the drops will [calm] pain.", "base", "the drops may, in some people, calm pain."),
        ("the serum helps [calm] pain.", "base", "the serum may, in some people, help calm pain."),
        ("the serum helps to [calm] pain.", "base", "the serum may, in some people, help to calm pain."),
        ("the serum helps patients [calm] pain.", "base", "the serum may help some people calm pain."),
        ("the serum is designed to [calm] pain.", "base", "the serum may, in some people, calm pain."),
        ("a serum made to [calm] pain.", "base", "a serum that may, in some people, calm pain."),
        ("our patients [feel] calm.", "base", "some patients may feel calm."),
        ("pain is [eased] by it.", "ed", "pain may, in some people, be eased by it."),
        ("it has [eased] pain.", "ed", "it may, in some people, have eased pain."),
        ("it even [calms] the nerves.", "s", "it may even, in some people, calm the nerves."),
        ("it warms, [calming] patients.", "ing", "it warms, possibly calming patients."),
        ("by [calming] the nerves", "ing", "by possibly, in some people, calming the nerves"),
        ("it is [calming] nerves.", "ing", "it may, in some people, be calming nerves."),
    ],
)
def test_a_verb_is_hedged_in_its_form(text: str, form: str, wanted: str) -> None:
    assert hedged(text, form) == wanted


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("a great [help] with pain.", "base"),
        ("a [calming] effect.", "ing"),
        ("the fda-[cleared] laser.", "ed"),
        ("it [calms] and softens skin.", "s"),
        ("it always [calms] the skin.", "s"),
        ("the drip has helped over 4,000 tired parents [reclaim] their nights.", "base"),
        ("it makes tired nerves [soothe] pain.", "base"),
        ("find your [balance] again.", "base"),
        ("the [boosts] are small.", "s"),
        ("we [calm] pain.", "base"),
        ("[calm] pain today.", "base"),
        ("patients who [feel] calm.", "base"),
        ("less fear, [improved] mood.", "ed"),
    ],
)
def test_what_may_be_no_verb_is_left_alone(text: str, form: str) -> None:
    assert hedged(text, form) is None


def test_a_list_item_needs_no_subject() -> None:
    assert hedged("[calms] pain", "s", is_prose=False) == "may, in some people, calm pain"
    assert hedged("[calms] pain ... lifts mood", "s", is_prose=False) is None
