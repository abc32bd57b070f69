"""Find documents: a file or folder in, the files to read out, in the same order everywhere.

What git ignores is passed over: git itself says so in a repository, and elsewhere the .gitignore files do.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kaudit.read import format_of

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

    Ignored = tuple[Path, GitIgnoreSpec]

SKIPPED_FOLDERS = frozenset({"__pycache__", "CVS", "node_modules", "site-packages", "venv"})
"""Folders of other people's files; those whose name starts with a full stop are skipped as well."""

NO_PROGRAMS = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}")
"""What keeps git from running programs that the settings of a repository name, which may be a stranger's."""


def find_documents(path: Path) -> Iterator[Path]:
    """Yield *path* itself unless it is a folder, else every file below it whose name says that it can be read.

    Hidden files and folders, SKIPPED_FOLDERS and virtual environments are passed over; links are followed, and no
    folder is entered twice. A folder that cannot be listed is yielded itself, so that reading it fails aloud.
    """
    if not path.is_dir():
        yield path
        return
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[Path, tuple[Ignored, ...] | None]] = [(path, None)]
    tracked = _known_to_git(path)
    while waiting:
        here, ignored = waiting.pop()
        if not here.is_dir():
            yield here
            continue
        try:
            status = here.stat()
            inside = sorted(filter(_is_wanted, here.iterdir()), reverse=True)
        except OSError:
            yield here
            continue
        identity = (status.st_dev, status.st_ino)
        if identity in seen:
            continue
        seen.add(identity)
        if tracked is None:
            ignored = _with_ignore_file(here, ignored or ())
            inside = [each for each in inside if not _is_ignored(each, ignored)]
        else:
            inside = [each for each in inside if each in tracked]
        waiting.extend((each, ignored) for each in inside)


def _is_wanted(path: Path) -> bool:
    if path.name.startswith("."):
        return False
    if path.is_dir():
        return path.name not in SKIPPED_FOLDERS and not (path / "pyvenv.cfg").exists()
    # A link to nowhere is wanted, so that it is told; a pipe is not, for reading it could wait for ever.
    return format_of(path) is not None and (path.is_file() or not path.exists())


class _Tracked:
    """What git does not ignore below a folder: files, and the folders that hold them."""

    def __init__(self, root: Path, names: list[str]) -> None:
        self._links = {root / name.rstrip("/") for name in names}
        self._known = set(self._links)
        for path in self._links:
            for folder in path.parents:
                if folder in self._known:
                    break
                self._known.add(folder)

    def __contains__(self, path: Path) -> bool:
        if path in self._known:
            return True
        # Inside another repository, or a folder that a link leads to, this one's git has no say.
        return any(folder in self._links for folder in path.parents)


def _known_to_git(folder: Path) -> _Tracked | None:
    """Return what git does not ignore below *folder*; None when it is in no repository, or there is no git."""
    # A hook that runs us sets GIT_DIR and the like, which name a repository that need not be this one.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ["git", *NO_PROGRAMS, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(  # noqa: S603 - nothing in the command comes from outside
            command, cwd=folder, env=environment, capture_output=True, check=False
        )
    except OSError:
        return None
    if listed.returncode:
        return None
    return _Tracked(folder, os.fsdecode(listed.stdout).split("\0")[:-1])


def _with_ignore_file(folder: Path, ignored: tuple[Ignored, ...]) -> tuple[Ignored, ...]:
    """Return *ignored* and what the .gitignore of *folder* says, if it has one."""
    try:
        lines = (folder / ".gitignore").read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return ignored
    from pathspec import GitIgnoreSpec

    return (*ignored, (folder, GitIgnoreSpec.from_lines(lines)))


def _is_ignored(path: Path, ignored: tuple[Ignored, ...]) -> bool:
    """Return whether the innermost .gitignore that speaks of *path* leaves it out."""
    for folder, spec in reversed(ignored):
        name = path.relative_to(folder).as_posix() + ("/" if path.is_dir() else "")
        verdict = spec.check_file(name).include
        if verdict is not None:
            return verdict
    return False
