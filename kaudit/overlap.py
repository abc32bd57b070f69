"""Overlap: findings on the same words in, one for each claim out, by a stated policy.

Findings of one category that share words speak of one claim: the most severe stays, then the surest, then the longest,
then the first in the catalog. Findings of different categories both stay: they are wrong for different reasons.
"""

from __future__ import annotations

from collections.abc import Iterable

from kaudit.model import Finding


def resolve(findings: Iterable[tuple[Finding, int]]) -> list[Finding]:
    """Return *findings*, each given with the length of its words as readers see them, with one for each claim.

    In reading order. The length in the source would make a link's address count as part of the claim.
    """
    kept: list[Finding] = []
    ranked = sorted(findings, key=lambda pair: (-pair[0].severity, -pair[0].confidence, -pair[1]))
    for found, _ in ranked:
        if not any(found.category is other.category and found.span.overlaps(other.span) for other in kept):
            kept.append(found)
    return sorted(kept, key=lambda found: (found.start, found.end, found.rule))
