"""Suggestions fit their place: verb forms, articles, capitals, headings, deletions."""

from __future__ import annotations

import pytest
from small_catalogs import catalog_of

from kaudit import Auditor
from kaudit.catalog.compiled import Catalog

CLAIM = """\
claims:
  - id: too-much
    category: hyperbole
    severity: high
    message: Too much.
    why: Nobody knows.
    sources: [law]
    match: [{match}]
    rewrite: [{{match: {pattern}, to: {to}}}]
    examples: {{flag: ['[[x]]'], pass: [y], fix: [{{from: a, to: b}}]}}
"""
LISTS = """\
inflections: {feel: [feels, felt, feeling]}
lexicons:
  verb: [cure~, feel~]
  ill: [acne, migraine]
  big: [amazing, huge]
subjects:
  any: {name: it, harms: '[name the harms]'}
  drops: {name: drops, terms: [drops], harms: 'a rash'}
"""


def catalog(match: str, pattern: str, to: str) -> Catalog:
    return catalog_of(LISTS + CLAIM.format(match=f"'{match}'", pattern=f"'{pattern}'", to=f"'{to}'"))


def rewritten(text: str, catalog: Catalog) -> str:
    (found,) = Auditor(catalog).audit(text).findings
    first = found.suggestions[0]
    return text[: first.span.start] + first.text + text[first.span.end :]


VERB = ("{verb} {ill}", "{v:verb} {c:ill}", "{v>may ease} {c}")
CUT = ("{big} <0-1> {ill}", "{big}", "")
NOUN = ("{big} {ill}", "{big} {c:ill}", "option")


@pytest.mark.parametrize(
    ("rule", "text", "wanted"),
    [
        (VERB, "It cures acne.", "It may ease acne."),
        (VERB, "They cure acne.", "They may ease acne."),
        (VERB, "It will cure acne.", "It may ease acne."),
        (VERB, "It can cure acne.", "It may ease acne."),
        (VERB, "It cured acne.", "It may have eased acne."),
        (VERB, "A way of curing acne.", "A way of possibly easing acne."),
        (VERB, "A way to cure acne.", "A way to possibly ease acne."),
        (VERB, "It helps cure acne.", "It may help ease acne."),
        (VERB, "Cure acne", "May ease acne"),
        (VERB, "CURES ACNE", "MAY EASE ACNE"),
        (VERB, "It Cures Acne", "It May Ease Acne"),
        (VERB, "It cures Migraine.", "It may ease Migraine."),
        (CUT, "An amazing acne day.", "An acne day."),
        (CUT, "A huge acne day.", "An acne day."),
        (CUT, "An amazing migraine day.", "A migraine day."),
        (CUT, "Amazing acne days.", "Acne days."),
        (NOUN, "A huge migraine came.", "An option came."),
        (NOUN, "Huge Acne Here", "Option Here"),
    ],
)
def test_the_rewritten_sentence_is_right(rule: tuple[str, str, str], text: str, wanted: str) -> None:
    assert rewritten(text, catalog(*rule)) == wanted


def test_facts_come_from_the_subject() -> None:
    made = catalog("{big} {ill}", "{big} {ill}", "{subject.harms}")

    assert rewritten("Drops bring huge acne.", made) == "Drops bring a rash."


def test_without_a_subject_a_placeholder_stands_and_the_fix_is_unsafe() -> None:
    made = catalog("{big} {ill}", "{big} {ill}", "{subject.harms}")

    (found,) = Auditor(made).audit("It brings huge acne.").findings

    assert found.suggestions[0].text == "[name the harms]"
    assert not found.suggestions[0].safe


def test_a_plain_rewrite_is_safe() -> None:
    (found,) = Auditor(catalog(*VERB)).audit("It cures acne.").findings

    assert found.suggestions[0].safe


@pytest.mark.parametrize(
    ("word", "article"),
    [("option", "an"), ("unit", "a"), ("hour", "an"), ("FDA", "an"), ("EU", "an"), ("symptom", "a")],
)
def test_articles_go_by_the_sound(word: str, article: str) -> None:
    made = catalog("{big} {ill}", "{big} {ill}", word)

    assert rewritten("He has a huge acne now.", made) in (f"He has {article} {word} now.",)
