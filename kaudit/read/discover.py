"""Find documents: a file or folder in, the files to read out, in the same order everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kaudit.read import format_of

SKIPPED_FOLDERS = frozenset({"__pycache__", "CVS", "node_modules", "site-packages", "venv"})
"""Folders of other people's files; those whose name starts with a full stop are skipped as well."""


def find_documents(path: Path) -> Iterator[Path]:
    """Yield *path* itself unless it is a folder, else every file below it whose name says that it can be read.

    Hidden files and folders, SKIPPED_FOLDERS and virtual environments are passed over; links are followed, and no
    folder is entered twice. A folder that cannot be listed is yielded itself, so that reading it fails aloud.
    """
    if not path.is_dir():
        yield path
        return
    seen: set[tuple[int, int]] = set()
    waiting = [path]
    while waiting:
        here = waiting.pop()
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
        if identity not in seen:
            seen.add(identity)
            waiting.extend(inside)


def _is_wanted(path: Path) -> bool:
    if path.name.startswith("."):
        return False
    if path.is_dir():
        return path.name not in SKIPPED_FOLDERS and not (path / "pyvenv.cfg").exists()
    # A link to nowhere is wanted, so that it is told; a pipe is not, for reading it could wait for ever.
    return format_of(path) is not None and (path.is_file() or not path.exists())
