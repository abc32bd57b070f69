"""Reports: what an audit found, as text for people or for programs. One module a format, loaded when asked for."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from typing import Protocol, cast

from kaudit.model import Report
from kaudit.report.view import View

FORMATS: Mapping[str, str] = {
    "text": "kaudit.report.as_text",
    "json": "kaudit.report.as_json",
    "jsonl": "kaudit.report.as_jsonl",
    "sarif": "kaudit.report.as_sarif",
    "github": "kaudit.report.as_github",
    "gitlab": "kaudit.report.as_gitlab",
    "junit": "kaudit.report.as_junit",
    "csv": "kaudit.report.as_csv",
    "markdown": "kaudit.report.as_markdown",
    "html": "kaudit.report.as_html",
}
"""Name of a format -> the module that renders it."""

UNCOUNTED = frozenset({"csv", "gitlab"})
"""Formats that are bare lists, with no place for the number of findings that are waived."""


class Format(Protocol):
    """What the module of a format offers."""

    def render(self, report: Report, view: View) -> Iterator[str]:
        """Yield *report* piece by piece, as far as the format can as *view* wants it."""


def render(report: Report, format: str, view: View | None = None) -> Iterator[str]:
    """Return *report* in the *format* of that name, piece by piece; raises KeyError for any other name."""
    return cast(Format, importlib.import_module(FORMATS[format])).render(report, view or View())
