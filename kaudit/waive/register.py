"""The register of approved claims: wording, the evidence for it, who approved it, when, until when, and for where.

A finding is substantiated when its text says what was approved, word for word; an edit brings it back, and so does the
day on which the approval ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kaudit.config.globs import Glob, absolute
from kaudit.config.settings import Place, shown
from kaudit.errors import CatalogError, ConfigError, Problem
from kaudit.model import Jurisdiction
from kaudit.waive.claimed import Claimed
from kaudit.waive.wording import Wording, WordingError, parse_wording

if TYPE_CHECKING:
    from kaudit.waive.schema import RegisterFile


@dataclass(frozen=True, slots=True)
class Approval:
    """One entry."""

    id: str
    wordings: tuple[Wording, ...]
    approved_by: str
    approved_on: date
    until: date | None
    paths: tuple[Glob, ...]
    jurisdictions: frozenset[Jurisdiction]
    place: Place

    def covers(self, claim: Claimed, document: str) -> bool:
        """Return whether what *claim* is about was approved, whatever the day."""
        return (
            bool(claim.words)
            and (not self.jurisdictions or claim.jurisdictions <= self.jurisdictions)
            and (not self.paths or any(glob.matches(document) for glob in self.paths))
            and any(wording.covers(claim.text, claim.span, claim.sentences) for wording in self.wordings)
        )

    def __str__(self) -> str:
        return f"claim: {self.id}, approved by {self.approved_by} on {self.approved_on}"

    def out_of_force(self, day: date) -> str:
        """Return what to tell of an entry that covers a claim, but not on this *day*."""
        told = f"begins on {self.approved_on}" if day < self.approved_on else f"ended on {self.until}"
        return f"{self.place}: the approval {self.id!r} {told}"

    def holds_on(self, day: date) -> bool:
        """Return whether it is in force; the last day still counts."""
        return self.approved_on <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Register:
    """All entries of a file."""

    path: Path
    approvals: tuple[Approval, ...]

    def covering(self, claim: Claimed, document: str) -> Iterator[Approval]:
        """Yield the entries that cover *claim*, in force or not."""
        return (approval for approval in self.approvals if approval.covers(claim, document))


def load_register(path: Path, plain: Callable[[str], str]) -> Register:
    """Return the register in the file at *path*; *plain* makes text as that of the claims is.

    Raises:
        ConfigError: with every problem, each with its place.
    """
    from kaudit.catalog.validate import validated
    from kaudit.catalog.yaml_text import Places, read_yaml
    from kaudit.waive.schema import RegisterFile

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ConfigError(f"{path}: cannot be read: {reason}") from error
    places: Places = {}
    try:
        file = validated(RegisterFile, read_yaml(text, str(path), places, "register"), str(path), lambda: places)
    except CatalogError as error:
        raise ConfigError(problems=error.problems) from error
    return _Reader(path, places, plain).register(file)


class _Reader:
    """Turns the entries of a file that is well formed into approvals; collects what is wrong with them."""

    def __init__(
        self, path: Path, places: dict[tuple[str | int, ...], tuple[int, int]], plain: Callable[[str], str]
    ) -> None:
        self.path = path
        self.places = places
        self.plain = plain
        self.problems: list[Problem] = []

    def register(self, file: RegisterFile) -> Register:
        """Return the register; raises ConfigError."""
        root = absolute(self.path).parent
        approvals = []
        for at, entry in enumerate(file.claims):
            if any(other.id == entry.id for other in file.claims[:at]):
                self.problems.append(self._problem(f"two entries are called {entry.id!r}; ids are unique", at, "id"))
            if entry.until is not None and entry.until < entry.approved_on:
                told = f"it ends on {entry.until}, before it is approved on {entry.approved_on}"
                self.problems.append(self._problem(told, at, "until"))
            approvals.append(
                Approval(
                    entry.id,
                    tuple(self._wordings(entry.wording, at)),
                    entry.approved_by,
                    entry.approved_on,
                    entry.until,
                    tuple(Glob(pattern, root) for pattern in entry.paths),
                    frozenset(entry.jurisdictions),
                    self._place(at, "id"),
                )
            )
        if self.problems:
            raise ConfigError(problems=tuple(sorted(self.problems)))
        return Register(self.path, tuple(approvals))

    def _wordings(self, listed: list[str], at: int) -> Iterator[Wording]:
        for number, written in enumerate(listed):
            try:
                yield parse_wording(written, self.plain)
            except WordingError as error:
                self.problems.append(self._problem(str(error), at, "wording", number))

    def _problem(self, message: str, *trail: str | int) -> Problem:
        return self._place(*trail).problem(message)

    def _place(self, *trail: str | int) -> Place:
        keys: tuple[str | int, ...] = ("claims", *trail)
        while keys not in self.places:
            keys = keys[:-1]
        return Place(shown(self.path), *self.places[keys])
