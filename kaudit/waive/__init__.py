"""Waive: findings in, the same out, each that somebody answers for marked with who and why; nothing is deleted.

Ignore comments in the document waive, a baseline of what was there before, and a register of approved claims. What is
wrong with the comments themselves is added as findings: see rules.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from kaudit.model import Context, Document, Finding, Jurisdiction, Span
from kaudit.waive.ignores import Ignores, RuleNames

__all__ = ["Claimed", "RuleNames", "Waived", "Waivers"]

NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A finding, and what waivers need to know of the claim that it is about."""

    finding: Finding
    words: str = ""
    """What it is known by: its words, normalised; none where the whole document is meant."""
    contexts: frozenset[Context] = frozenset()
    """How its sentence uses them."""
    jurisdictions: frozenset[Jurisdiction] = frozenset()
    """Those of the audit in which its rule holds."""
    text: str = ""
    """The block that it stands in, normalised."""
    span: Span = NOWHERE
    """Its place in *text*."""
    sentences: tuple[Span, ...] = ()
    """Those of *text*."""


@dataclass(frozen=True, slots=True)
class Waived:
    """What came of it."""

    findings: tuple[Finding, ...]
    """In reading order."""


@dataclass(frozen=True, slots=True)
class Waivers:
    """All that can waive findings, for any number of documents."""

    names: RuleNames
    clock: Callable[[], date] = field(default=date.today)
    """Says what day it is."""

    def waive(self, document: Document, claimed: Sequence[Claimed]) -> Waived:
        """Return the findings of *document*, those that are waived marked."""
        today = self.clock()
        ignores = Ignores.of(document, self.names, today)
        findings = []
        for claim in claimed:
            reasons = list(ignores.reasons(claim.finding))
            findings.append(replace(claim.finding, waived_by=reasons[0]) if reasons else claim.finding)
        findings += ignores.complaints()
        return Waived(tuple(sorted(findings, key=lambda found: (found.start, found.end, found.rule))))
