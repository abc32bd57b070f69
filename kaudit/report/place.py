"""Places: how formats for programs name a file."""

from __future__ import annotations

import os
from pathlib import PurePath
from urllib.parse import quote


def posix_path(path: str) -> str:
    """Return *path* with forward slashes and without a leading "./", as continuous integration compares it."""
    return PurePath(path).as_posix()


def uri(path: str) -> str:
    """Return *path* as a URI: relative when it is, so that it holds in every checkout; odd bytes are escaped."""
    pure = PurePath(path)
    return pure.as_uri() if pure.is_absolute() else quote(os.fsencode(pure.as_posix()))
