"""The rules about ignore comments; their ids are reserved, so that no catalog has rules of these names."""

from __future__ import annotations

from dataclasses import dataclass

from kaudit.model import Severity


@dataclass(frozen=True, slots=True)
class WaiverRule:
    """What can be wrong with an ignore comment."""

    id: str
    severity: Severity
    message: str
    why: str


UNUSED = WaiverRule(
    "unused-ignore",
    Severity.LOW,
    "Ignores what is not there.",
    "A comment that waives nothing today would waive in silence what somebody writes there tomorrow.",
)
EXPIRED = WaiverRule(
    "expired-ignore",
    Severity.MEDIUM,
    "Was to be ignored only until a day that is past.",
    "Whoever set the day wanted the claim looked at again; what the comment waived is reported once more.",
)
MALFORMED = WaiverRule(
    "malformed-ignore",
    Severity.MEDIUM,
    "Is meant to ignore something, but does not.",
    "A waiver that cannot be understood would leave its writer and its reader with different beliefs.",
)

WAIVER_RULES = {rule.id: rule for rule in (EXPIRED, MALFORMED, UNUSED)}
"""Every one of them by its id."""
