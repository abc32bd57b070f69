"""Settings: what to audit for, and what to make of it. Each default is written once, here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kaudit.errors import ConfigError
from kaudit.model import Jurisdiction, Severity


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be set; the same for the library and the command line."""

    fail_on: Severity = Severity.MEDIUM
    """A finding of this severity or worse, and of medium confidence at least, fails a check."""
    pedantic: bool = False
    """Whether findings of low confidence are shown too."""
    select: tuple[str, ...] = ()
    """Rule ids and categories to apply; all when empty."""
    ignore: tuple[str, ...] = ()
    """Rule ids and categories to leave out; beats *select*."""
    jurisdictions: tuple[Jurisdiction, ...] = (Jurisdiction.US,)
    """Whose rules apply; a rule of any of them does."""
    catalog: tuple[str, ...] = ()
    """Paths of catalogs to use in place of the built-in one, which they may extend."""
    exit_zero: bool = False
    """Whether findings leave the exit code at 0; what could not be audited never does."""
    max_bytes: int = 32 * 1024 * 1024
    """A larger document is not read, and told."""


def check_names(names: Iterable[str], known: Iterable[str]) -> None:
    """Refuse *names* of rules or categories that are not among the *known* ones.

    Raises:
        ConfigError: with every such name, and the known one that is nearest.
    """
    listed = sorted(known)
    unknown = (name for name in names if name not in listed)
    problems = [f"there is no rule or category {name!r}{_nearest(name, listed)}" for name in unknown]
    if problems:
        raise ConfigError("\n".join(problems))


def _nearest(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, list(known), 1)
    return f"; did you mean {close[0]!r}?" if close else ""
