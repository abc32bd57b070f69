"""Rate: a rule and a judgement in; the severity with its reasons out, or None where no claim is made.

The arithmetic of docs/severity.md, and nothing else: what the words are and which cue is which was settled before.
"""

from __future__ import annotations

from dataclasses import dataclass

from kaudit.model import Category, Context, Effect, Hedging, Judgement, Severity, Slot

DENIED = (Context.NEGATED, Context.ASKED, Context.CRITICISED, Context.WARNED)
UNSOURCED = (Category.STATISTIC, Category.EVIDENCE)
STUDIED = frozenset((Slot.POPULATION, Slot.NUMBER))
NOTHING: frozenset[Slot] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """One change of severity."""

    by: int
    effect: Effect


@dataclass(frozen=True, slots=True)
class Rating:
    """A severity, and each step from the base severity to it."""

    severity: Severity
    base: Severity
    steps: tuple[Step, ...]
    missing: tuple[Slot, ...] = ()
    """What a figure does not tell."""


def rate(
    category: Category, base: Severity, hedging: Hedging, judgement: Judgement, told: frozenset[Slot] = NOTHING
) -> Rating | None:
    """Return the severity of a claim as it is used, or None when there is nothing to find fault with.

    *told* is what the text tells of a figure: one with its comparator, and with who or how many were studied, is sound.
    """
    if judgement.first(*DENIED):
        return None
    if category is Category.SAFETY and judgement.first(Context.RISK):
        return None
    hedged = judgement.first(Context.HEDGED)
    if hedged and hedging is Hedging.CLEARS and judgement.first(Context.LIMITED):
        return None
    missing: tuple[Slot, ...] = ()
    if category is Category.STATISTIC:
        if Slot.COMPARATOR in told and told & STUDIED:
            return None
        missing = tuple(slot for slot in Slot if slot not in told)
    steps: list[Step] = []
    if category in UNSOURCED:
        if judgement.first(Context.COMPARED):
            return None
        _step(steps, -1, judgement.first(Context.SOURCED))
    _step(steps, -1, judgement.first(Context.PRESUPPOSED))
    _step(steps, -1, hedged)
    _step(steps, +1, judgement.first(Context.VULNERABLE))
    _step(steps, +1, judgement.first(Context.BOOSTED))
    level = base + sum(step.by for step in steps)
    if level < Severity.LOW and hedging is not Hedging.HOLDS:
        return None
    severity = Severity(min(max(level, Severity.LOW), Severity.CRITICAL))
    if hedging is Hedging.HOLDS:
        severity = max(severity, Severity(max(base - 1, Severity.LOW)))
    return Rating(severity, base, tuple(steps), missing)


def _step(steps: list[Step], by: int, effect: Effect | None) -> None:
    if effect is not None:
        steps.append(Step(by, effect))
