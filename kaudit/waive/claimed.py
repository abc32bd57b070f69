"""What waivers see of a finding: itself, and the claim that it is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kaudit.model import Finding, Jurisdiction, Span, Weight

NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A finding, and what waivers need to know of the claim that it is about."""

    finding: Finding
    words: str = ""
    """What it is known by: its words, normalised; none where the whole document is meant."""
    weigh: Callable[[], Weight] = Weight
    """Says how strongly its sentence puts it."""
    jurisdictions: frozenset[Jurisdiction] = frozenset()
    """Those of the audit in which its rule holds."""
    text: str = ""
    """The block that it stands in, normalised."""
    span: Span = NOWHERE
    """Its place in *text*."""
    sentences: tuple[Span, ...] = ()
    """Those of *text*."""

    @property
    def bare_fingerprint(self) -> str:
        """That of the finding, without the number that tells equal findings of a document apart."""
        return self.finding.fingerprint.partition("-")[0]
