"""Globs: patterns of paths, counted from the folder of the file that they were written in.

As in .gitignore: `*` and `?` stay within a name, `**` crosses folders, a pattern without a slash fits at any depth, and
what fits a folder holds for all that is in it.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_TOKEN = re.compile(r"(?P<inner>\*\*/)|(?P<deep>\*\*)|(?P<star>\*)|(?P<one>\?)|(?P<set>\[!?\]?[^\]/]*\])|(?P<other>.)")
_WRITTEN = {"inner": "(?:.*/)?", "deep": ".*", "star": "[^/]*", "one": "[^/]"}


@dataclass(frozen=True, slots=True)
class Glob:
    """A pattern, and the folder that it is counted from."""

    pattern: str
    root: Path = Path()

    def matches(self, path: str | Path) -> bool:
        """Return whether *path*, or a folder that it is in, fits."""
        root, place = absolute(self.root), absolute(path)
        return place.is_relative_to(root) and bool(
            _compiled(self.pattern).fullmatch(place.relative_to(root).as_posix())
        )

    def __str__(self) -> str:
        return self.pattern


def absolute(path: str | Path) -> Path:
    """Return *path* from the root, without "..", links as they are."""
    return Path(os.path.normpath(Path(path).absolute()))


@lru_cache(maxsize=1_000)
def _compiled(pattern: str) -> re.Pattern[str]:
    bare = pattern.removeprefix("./").rstrip("/")
    parts = ["(?:.*/)?"] if "/" not in bare else []
    for token in _TOKEN.finditer(bare.removeprefix("/")):
        kind = token.lastgroup or "other"
        if kind == "set":
            parts.append("[" + re.sub(r"^!", "^", token.group()[1:-1]).replace("\\", "\\\\") + "]")
        else:
            parts.append(_WRITTEN.get(kind) or re.escape(token.group()))
    return re.compile("".join(parts) + "(?:/.*)?", re.DOTALL)
