"""What can go wrong on purpose, as exceptions whose text is written for the user."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong in a file that people write: a catalog, a configuration, a register."""

    path: str
    line: int
    """Counted from 1."""
    column: int
    """In code points, counted from 1."""
    message: str
    """What is wrong; what would be right."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.message}"


MAX_PROBLEMS = 200
"""After so many problems of one file nobody reads on."""


class KauditError(Exception):
    """Raised on purpose; its text is for the user, and no traceback is needed."""


class _ProblemsError(KauditError):
    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems
        """Every problem that was found, in file order."""


class CatalogError(_ProblemsError):
    """A catalog is wrong; carries every problem, not just the first."""


class ConfigError(KauditError):
    """A setting or a flag is wrong; carries every problem with its place when it stands in a file."""

    def __init__(self, message: str = "", problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message or "\n".join(map(str, problems)))
        self.problems = problems


class DocumentError(KauditError):
    """A document cannot be read."""

    def __init__(self, path: str, reason: str, *, is_usual: bool = False) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason
        self.is_usual = is_usual
        """Whether folders hold such files, which nobody takes for documents: binary, huge, of a kind not installed."""
