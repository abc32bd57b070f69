"""Reports: what an audit found, as text for people or for programs. One module a format, loaded when asked for."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from typing import Protocol, cast

from kaudit.model import Report

FORMATS: Mapping[str, str] = {
    "text": "kaudit.report.as_text",
    "json": "kaudit.report.as_json",
}
"""Name of a format -> the module that renders it."""


class Format(Protocol):
    """What the module of a format offers."""

    def render(self, report: Report, *, colour: bool = False) -> Iterator[str]:
        """Yield *report* piece by piece; *colour* is for terminals, and not every format has any."""


def render(report: Report, format: str, *, colour: bool = False) -> Iterator[str]:
    """Return *report* in the *format* of that name, piece by piece; raises KeyError for any other name."""
    return cast(Format, importlib.import_module(FORMATS[format])).render(report, colour=colour)
