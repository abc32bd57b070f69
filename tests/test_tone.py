"""Copy that sells is told from text that informs."""

from __future__ import annotations

import pytest

import kaudit
from kaudit.catalog import load_catalog
from kaudit.catalog.alphabet import BREAK, gate
from kaudit.model import Severity
from kaudit.tone import Tone, ToneMeter

ADVERTISEMENT = "Welcome to our clinic! Book your free consultation today and let our team restore your natural glow."
LEAFLET = (
    "Talk to your doctor before you take this medicine. Common side effects are nausea and dizziness. "
    "Do not drive if you feel drowsy. Some people should not take it."
)
ABSTRACT = (
    "Participants were randomised to placebo or 10 mg. At week 12 the mean difference was not significant, "
    "and the certainty of evidence was low."
)
NEWS = "A company was fined after regulators said that its advertisements made misleading claims, court papers say."


@pytest.fixture(scope="module")
def meter() -> ToneMeter:
    return ToneMeter(load_catalog().tone)


@pytest.mark.parametrize("text", [ADVERTISEMENT, "Shop our range of soothing balms."])
def test_advertisements_sell(text: str, meter: ToneMeter) -> None:
    assert tone_of(text.lower(), meter).sells([])


@pytest.mark.parametrize("text", [LEAFLET, ABSTRACT, NEWS], ids=["leaflet", "abstract", "news"])
def test_text_that_informs_does_not_sell_for_a_claim_or_two(text: str, meter: ToneMeter) -> None:
    assert not tone_of(text.lower(), meter).sells([Severity.HIGH] * 2)


def test_claims_tip_the_scales(meter: ToneMeter) -> None:
    plain = tone_of("the powder comes in a jar with a spoon", meter)

    assert not plain.sells([])
    assert not plain.sells([Severity.MEDIUM])
    assert plain.sells([Severity.MEDIUM] * 3)


def test_a_grave_claim_sells_in_a_line_by_itself_that_does_not_inform() -> None:
    assert Tone(words=75, points=0, is_line=True).sells([Severity.HIGH])
    assert not Tone(words=75, points=0, is_line=True).sells([Severity.MEDIUM])
    assert not Tone(words=75, points=-2, is_line=True).sells([Severity.HIGH])
    assert not Tone(words=75, points=0).sells([Severity.HIGH])


def test_a_grave_claim_weighs_more_than_a_slight_one() -> None:
    informing = Tone(words=200, points=-8)

    for severity, enough in zip(Severity, (8, 4, 2, 2), strict=True):
        assert informing.sells([severity] * enough)
        assert not informing.sells([severity] * (enough - 1))


def test_a_long_document_is_measured_by_its_density(meter: ToneMeter) -> None:
    long = ADVERTISEMENT.lower() + BREAK + "the powder comes in a jar with a spoon " * 800

    assert not tone_of(long, meter).sells([Severity.HIGH])


def test_many_grave_claims_sell_in_any_tone(meter: ToneMeter) -> None:
    informing = tone_of(ABSTRACT.lower() * 5, meter)

    assert not informing.sells([Severity.HIGH] * 5 + [Severity.MEDIUM] * 5)
    assert informing.sells([Severity.HIGH] * 5 + [Severity.CRITICAL])


def test_passages_count_together() -> None:
    meter = ToneMeter({"our clinic": 3, "placebo": -2})

    assert tone_of(f"our clinic{BREAK}our clinic and our clinic", meter).sells([])
    assert not tone_of(f"our clinic{BREAK}placebo, placebo, placebo", meter).sells([Severity.MEDIUM])


def test_a_break_is_no_word_and_parts_those_beside_it() -> None:
    meter = ToneMeter({"our clinic": 1})
    words = " ".join(["word"] * 110)

    measured = tone_of(f"{words} our{BREAK}clinic {words}", meter)

    assert (measured.words, measured.points) == (222, 0)


def test_a_document_without_a_word_of_claims_cannot_sell_against_its_tone() -> None:
    meter = ToneMeter({"placebo": -5}, telling=["glow", "placebo"], health=["glow"])
    words = " ".join(["word"] * 90)

    assert tone_of(words, meter).may_sell([])
    assert not tone_of(f"{words} placebo", meter).may_sell([])
    assert tone_of(f"{words} placebo", meter).may_sell([Severity.HIGH])
    assert tone_of(f"{words} placebo" + " glow" * 6, meter).may_sell([])


def test_praise_of_what_has_nothing_to_do_with_health_sells_only_in_a_tone_that_does() -> None:
    meter = ToneMeter({"plot": -1}, telling=["glow"], health=["skin"])
    clear = " ".join([*["word"] * 80, *["plot"] * 5, *["glow"] * 10])
    mild = " ".join([*["word"] * 85, *["plot"] * 3, *["glow"] * 10])

    assert not tone_of(clear, meter).may_sell([])
    assert tone_of(f"{clear} skin skin skin", meter).may_sell([])
    assert tone_of(mild, meter).may_sell([])


def test_the_catalog_knows_what_texts_on_health_speak_of() -> None:
    meter = ToneMeter({}, health=load_catalog().health)

    assert tone_of("my knee hurt until the clinic gave me ketamine for depression", meter).health == 4
    assert tone_of("the driver in this film loses the plot, and the book sells fewer cars", meter).health == 0


def test_in_text_that_informs_promotional_claims_are_not_even_looked_for() -> None:
    catalog = load_catalog()
    meter = ToneMeter(catalog.tone, catalog.telling)
    informing = tone_of(ABSTRACT.lower(), meter)

    assert not informing.may_sell([])
    assert tone_of(ADVERTISEMENT.lower(), meter).may_sell([])


def tone_of(text: str, meter: ToneMeter) -> Tone:
    return meter.measure(gate(text))


@pytest.mark.parametrize(
    "line",
    [
        "Ketamine infusions relieve depression within hours.",
        "9 out of 10 patients recover.",
        "The treatment is safe for suitable adults.",
    ],
)
def test_a_line_is_taken_at_its_word_for_figures_dates_and_assurances(line: str) -> None:
    assert [found for found in kaudit.audit(line).findings if found.category != "disclosure"]


@pytest.mark.parametrize(
    "line",
    [
        "The cream comes in a jar.",
        "In the trial, 9 out of 10 participants recovered within weeks.",
        "The test suite runs in minutes.",
    ],
)
def test_a_line_that_informs_or_claims_nothing_checkable_is_not(line: str) -> None:
    assert not kaudit.audit(line).findings


def test_no_more_than_a_line_is_taken_so() -> None:
    line = "The treatment is safe for suitable adults."

    assert not kaudit.audit(line + " It comes in a jar with a spoon and a lid that turns." * 4).findings
