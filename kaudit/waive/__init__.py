"""Waive: findings in, the same out, each that somebody answers for marked with who and why; nothing is deleted.

Ignore comments in the document waive, a baseline of what was there before, and a register of approved claims. What is
wrong with the comments themselves is added as findings: see rules.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from kaudit.config.settings import shown
from kaudit.model import Document, Finding
from kaudit.waive.baseline import Baseline
from kaudit.waive.claimed import Claimed
from kaudit.waive.ignores import Ignores, RuleNames
from kaudit.waive.register import Register

__all__ = ["Claimed", "RuleNames", "Waived", "Waivers"]


@dataclass(frozen=True, slots=True)
class Waived:
    """What came of it."""

    findings: tuple[Finding, ...]
    """In reading order."""
    left: tuple[Claimed, ...]
    """Those that neither a comment nor the register waives."""
    approvals: frozenset[str]
    """Entries of the register that cover something here."""
    notes: tuple[str, ...]
    """What is to be told of the baseline and of the register."""


@dataclass(frozen=True, slots=True)
class Waivers:
    """All that can waive findings, for any number of documents."""

    names: RuleNames
    applied: frozenset[str]
    """The rules that are looked for."""
    clock: Callable[[], date] = field(default=date.today)
    """Says what day it is."""
    baseline: Baseline | None = None
    register: Register | None = None

    def waive(self, document: Document, claimed: Sequence[Claimed]) -> Waived:
        """Return the findings of *document*, those that are waived marked.

        What waives a finding twice is used twice; it is said to be waived by the register rather than by a comment, and
        by a comment rather than by the baseline.
        """
        today = self.clock()
        ignores = Ignores.of(document, self.names, today)
        waived_by: list[str | None] = []
        approvals: set[str] = set()
        notes: dict[str, None] = {}
        for claim in claimed:
            reasons: list[str] = []
            covering = list(self.register.covering(claim, document.path)) if self.register else []
            approvals.update(approval.id for approval in covering)
            reasons += [str(approval) for approval in covering if approval.holds_on(today)]
            if not reasons:
                notes.update((approval.out_of_force(today), None) for approval in covering)
            reasons += ignores.reasons(claim.finding)
            waived_by.append(reasons[0] if reasons else None)
        left = tuple(claim for claim, reason in zip(claimed, waived_by, strict=True) if reason is None)
        if self.baseline:
            covered, unmet = self.baseline.match(document.path, claimed)
            for at, is_covered in enumerate(covered):
                if is_covered and waived_by[at] is None:
                    waived_by[at] = "baseline"
            place = shown(self.baseline.path)
            back = {claim.bare_fingerprint for claim, who in zip(claimed, waived_by, strict=True) if who is None}
            for entry in unmet:
                if entry.fingerprint in back:
                    notes[f"not put as it was, so that {place} no longer covers it: {entry}"] = None
                elif entry.rule in self.applied:
                    notes[f"no longer there, but in {place}: {entry}"] = None
        findings = [
            claim.finding if reason is None else replace(claim.finding, waived_by=reason)
            for claim, reason in zip(claimed, waived_by, strict=True)
        ]
        findings += ignores.complaints()
        findings.sort(key=lambda found: (found.start, found.end, found.rule))
        return Waived(tuple(findings), left, frozenset(approvals), tuple(notes))
