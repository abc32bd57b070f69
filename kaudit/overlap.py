"""Overlap: findings on the same words in, one for each claim out, by a stated policy.

Findings of one category that share words speak of one claim: the most severe stays, then the surest, then the longest,
then the first in the catalog. Findings of different categories both stay: they are wrong for different reasons.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from kaudit.model import Category, Finding, Span


def resolve(findings: Iterable[tuple[Finding, int]]) -> list[Finding]:
    """Return *findings*, each given with the length of its words as readers see them, with one for each claim.

    In reading order. The length in the source would make a link's address count as part of the claim.
    """
    taken: dict[Category, Apart] = {}
    ranked = sorted(findings, key=lambda pair: (-pair[0].severity, -pair[0].confidence, -pair[1]))
    kept = [found for found, _ in ranked if taken.setdefault(found.category, Apart()).add(found.span)]
    return sorted(kept, key=lambda found: (found.start, found.end, found.rule))


class Apart:
    """Spans that share no character, however many."""

    def __init__(self) -> None:
        self._spans: list[Span] = []

    def add(self, span: Span) -> bool:
        """Add *span*, unless it overlaps one that is there; return whether it was added."""
        at = bisect_left(self._spans, span.end, key=_start_of)
        if at and self._spans[at - 1].overlaps(span):
            return False
        self._spans.insert(at, span)
        return True


def _start_of(span: Span) -> int:
    return span.start
