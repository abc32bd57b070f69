"""Places: how formats for programs name a file and a stretch of it."""

from __future__ import annotations

import os
from bisect import bisect_right
from functools import cached_property
from pathlib import PurePath
from urllib.parse import quote

from kaudit.model import Span


def posix_path(path: str) -> str:
    """Return *path* with forward slashes and without a leading "./", as continuous integration compares it."""
    return PurePath(path).as_posix()


def uri(path: str) -> str:
    """Return *path* as a URI: relative when it is, so that it holds in every checkout; odd bytes are escaped."""
    pure = PurePath(path)
    return pure.as_uri() if pure.is_absolute() else quote(os.fsencode(pure.as_posix()))


class Lines:
    """Where the lines of a source begin."""

    def __init__(self, source: str) -> None:
        self._source = source

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        at = self._source.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self._source.find("\n", at + 1)
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column of *offset*, both from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def region(self, span: Span) -> tuple[int, int, int, int]:
        """Return first line and column of *span*, and the line and column behind its end."""
        return *self.position(span.start), *self.position(span.end)
