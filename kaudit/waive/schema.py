"""What a register of approved claims may hold, as pydantic models; imported only when there is one."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from kaudit.model import Jurisdiction

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=80)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2_000, strip_whitespace=True)]


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise ValueError("a day is written as 2027-01-31") from error


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Day = Annotated[date, BeforeValidator(_day)]


class Entry(BaseModel):
    """A mapping without unknown keys."""

    model_config = ConfigDict(extra="forbid")


class EvidenceEntry(Entry):
    """What the claim rests on."""

    citation: Text
    """A study, a guideline, a label: as one would cite it."""
    document: Text | None = None
    """Where it is kept: a file or an address."""


class ApprovalEntry(Entry):
    """A wording that somebody answers for."""

    id: Id
    wording: Annotated[list[Text], BeforeValidator(_as_list), Field(min_length=1)]
    """One, or several that say the same."""
    evidence: list[EvidenceEntry] = Field(min_length=1)
    approved_by: Text
    approved_on: Day
    until: Day | None = None
    """The last day on which it holds."""
    paths: list[Text] = Field(default_factory=list)
    """Patterns, from the folder of the file; everywhere when left out."""
    jurisdictions: list[Jurisdiction] = Field(default_factory=list)
    """For whose rules; all when left out."""
    note: Text | None = None


class RegisterFile(Entry):
    """A whole register."""

    schema_: Literal["1"] = Field(alias="schema")
    claims: list[ApprovalEntry]
