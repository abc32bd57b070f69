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


WHOLE = """\
claims:
  - id: too-much
    category: hyperbole
    severity: high
    message: Too much.
    why: Nobody knows.
    sources: [law]
    match: ['{big} {ill}']
    rewrite:
      - {match: '{big} {ill} ahead', to: '{subject.cure}'}
      - {match: '{c:ill}', whole: true, in: [heading], to: 'about {c}'}
      - {whole: true, to: 'Ask a doctor'}
    examples: {flag: ['[[x]]'], pass: [y], fix: [{from: a, to: b}]}
"""


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("It is huge acne.", "Ask a doctor."),
        ("So what? It is huge acne! Really.", "So what? Ask a doctor. Really."),
        ("(It is huge acne) and more.", "Ask a doctor."),
        ("Huge acne ahead.", "Ask a doctor."),
        ("We\nsaid so. It is huge acne in trials.1,2", "We\nsaid so. Ask a doctor."),
    ],
)
def test_a_whole_sentence_is_replaced(text: str, wanted: str) -> None:
    assert rewritten(text, catalog_of(LISTS + WHOLE)) == wanted


def test_a_heading_gets_words_of_its_own() -> None:
    (found,) = Auditor(catalog_of(LISTS + WHOLE)).audit("# Huge Acne!\n", format="markdown").findings

    assert found.suggestions[0].text == "About Acne"


def test_the_whole_sentence_is_never_a_safe_fix() -> None:
    (found,) = Auditor(catalog_of(LISTS + WHOLE)).audit("It is huge acne.").findings

    assert not found.suggestions[0].safe


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A mild and huge acne came.", "A mild acne came."),
        ("A mild, huge acne came.", "A mild acne came."),
        ("Our huge, mild acne came.", "Our mild acne came."),
    ],
)
def test_a_cut_takes_the_join_with_it(text: str, wanted: str) -> None:
    assert rewritten(text, catalog("{big} <0-1> {ill}", "{big}", "")) == wanted


@pytest.mark.parametrize(
    "text",
    ["It is one of the huge acne days.", "The acne is huge.", "It is so huge, acne or not.", "The huge or acne day."],
)
def test_what_a_sentence_cannot_miss_is_not_cut(text: str) -> None:
    made = catalog("({big} <0-2> {ill}|{ill} is {big})", "{big}", "")

    assert [found.suggestions for found in Auditor(made).audit(text).findings] in ([()], [])


def test_a_suggestion_does_not_make_the_claim_again() -> None:
    made = catalog("{big} {ill}", "{v:big}", "huge")

    (found,) = Auditor(made).audit("It brings amazing acne.").findings

    assert found.suggestions == ()
