"""Copy that sells is told from text that informs."""

from __future__ import annotations

import pytest

from kaudit.catalog import load_catalog
from kaudit.catalog.alphabet import gate
from kaudit.model import Confidence
from kaudit.tone import ToneMeter

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
    assert meter.sells([gate(text.lower())], claims=[])


@pytest.mark.parametrize("text", [LEAFLET, ABSTRACT, NEWS], ids=["leaflet", "abstract", "news"])
def test_text_that_informs_does_not_sell_for_a_claim_or_two(text: str, meter: ToneMeter) -> None:
    assert not meter.sells([gate(text.lower())], claims=[Confidence.HIGH] * 2)


def test_claims_tip_the_scales(meter: ToneMeter) -> None:
    plain = gate("the powder comes in a jar with a spoon")

    assert not meter.sells([plain], claims=[])
    assert meter.sells([plain], claims=[Confidence.HIGH])


def test_a_sure_claim_weighs_more_than_one_that_sound_text_could_hold(meter: ToneMeter) -> None:
    plain = gate("the powder comes in a jar with a spoon " * 5)

    assert meter.sells([plain], claims=[Confidence.HIGH])
    assert not meter.sells([plain], claims=[Confidence.MEDIUM])


def test_a_long_document_is_measured_by_its_density(meter: ToneMeter) -> None:
    plain = gate("the powder comes in a jar with a spoon " * 200)

    assert not meter.sells([gate(ADVERTISEMENT.lower()), plain], claims=[Confidence.HIGH])


def test_passages_count_together() -> None:
    meter = ToneMeter({"our clinic": 1, "placebo": -2})

    assert meter.sells([gate("our clinic"), gate("our clinic and our clinic")], claims=[])
    assert not meter.sells([gate("our clinic"), gate("placebo, placebo, placebo")], claims=[Confidence.MEDIUM])
