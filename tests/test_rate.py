"""The arithmetic of docs/severity.md, row by row."""

from __future__ import annotations

import pytest

from kaudit.model import Category, Context, Effect, Hedging, Judgement, Severity, Slot, Span
from kaudit.rate import rate

LOW, MEDIUM, HIGH, CRITICAL = Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL
EFFICACY, STATISTIC, SAFETY = Category.EFFICACY, Category.STATISTIC, Category.SAFETY
CLEARS, LOWERS, HOLDS = Hedging.CLEARS, Hedging.LOWERS, Hedging.HOLDS
C = Context

ROWS: list[tuple[Category, Severity, Hedging, list[Context], Severity | None]] = [
    (EFFICACY, HIGH, LOWERS, [], HIGH),
    (EFFICACY, HIGH, LOWERS, [C.NEGATED], None),
    (EFFICACY, HIGH, LOWERS, [C.ASKED], None),
    (EFFICACY, HIGH, LOWERS, [C.CRITICISED], None),
    (EFFICACY, HIGH, LOWERS, [C.WARNED], None),
    (EFFICACY, HIGH, LOWERS, [C.PRESUPPOSED], MEDIUM),
    (EFFICACY, HIGH, LOWERS, [C.HEDGED], MEDIUM),
    (EFFICACY, LOW, LOWERS, [C.HEDGED], None),
    (EFFICACY, HIGH, CLEARS, [C.HEDGED], MEDIUM),
    (EFFICACY, HIGH, CLEARS, [C.LIMITED], HIGH),
    (EFFICACY, HIGH, CLEARS, [C.HEDGED, C.LIMITED], None),
    (EFFICACY, HIGH, LOWERS, [C.HEDGED, C.LIMITED], MEDIUM),
    (Category.CURE, CRITICAL, HOLDS, [C.HEDGED, C.LIMITED], HIGH),
    (Category.CURE, LOW, HOLDS, [C.HEDGED], LOW),
    (EFFICACY, HIGH, LOWERS, [C.VULNERABLE], CRITICAL),
    (EFFICACY, CRITICAL, LOWERS, [C.VULNERABLE, C.BOOSTED], CRITICAL),
    (EFFICACY, MEDIUM, LOWERS, [C.BOOSTED], HIGH),
    (EFFICACY, HIGH, LOWERS, [C.HEDGED, C.BOOSTED], HIGH),
    (STATISTIC, HIGH, LOWERS, [C.SOURCED], MEDIUM),
    (STATISTIC, HIGH, LOWERS, [C.COMPARED], None),
    (Category.EVIDENCE, MEDIUM, LOWERS, [C.SOURCED], LOW),
    (EFFICACY, HIGH, LOWERS, [C.SOURCED], HIGH),
    (SAFETY, HIGH, HOLDS, [C.RISK], None),
    (EFFICACY, HIGH, LOWERS, [C.RISK], HIGH),
    (EFFICACY, HIGH, LOWERS, [C.CONDITIONAL], HIGH),
]


@pytest.mark.parametrize(("category", "base", "hedging", "contexts", "wanted"), ROWS)
def test_severity_follows_the_table(
    category: Category, base: Severity, hedging: Hedging, contexts: list[Context], wanted: Severity | None
) -> None:
    judgement = Judgement(tuple(Effect(context, "cue", Span(0, 3)) for context in contexts))

    rating = rate(category, base, hedging, judgement)

    assert (rating.severity if rating else None) == wanted


def test_each_step_names_its_cue() -> None:
    rating = rate(EFFICACY, HIGH, LOWERS, Judgement((Effect(C.HEDGED, "may", Span(2, 5)),)))

    assert rating is not None
    assert [(step.by, step.effect.cue) for step in rating.steps] == [(-1, "may")]


def test_a_figure_names_what_it_does_not_tell() -> None:
    told = frozenset((Slot.POPULATION, Slot.TIME))

    rating = rate(STATISTIC, HIGH, LOWERS, Judgement(), told)

    assert rating is not None
    assert rating.missing == (Slot.NUMBER, Slot.COMPARATOR, Slot.OUTCOME, Slot.SOURCE)


@pytest.mark.parametrize("studied", [Slot.POPULATION, Slot.NUMBER])
def test_a_figure_with_its_comparator_and_those_studied_is_sound(studied: Slot) -> None:
    assert rate(STATISTIC, HIGH, LOWERS, Judgement(), frozenset((Slot.COMPARATOR, studied))) is None
    assert rate(EFFICACY, HIGH, LOWERS, Judgement(), frozenset((Slot.COMPARATOR, studied))) is not None
