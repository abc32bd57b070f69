"""kaudit finds health claims that go too far, says how badly and why, and what could be written instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kaudit.auditor import Auditor
    from kaudit.catalog import load_catalog
    from kaudit.catalog.compiled import Catalog
    from kaudit.config import Config, Glob, Override
    from kaudit.errors import CatalogError, ConfigError, DocumentError, KauditError
    from kaudit.fixer import FixResult
    from kaudit.model import (
        Audit,
        Category,
        Confidence,
        Finding,
        Jurisdiction,
        Reason,
        Report,
        Severity,
        Span,
        Suggestion,
        Unread,
    )
    from kaudit.workspace import Workspace

_HOMES = {
    "Auditor": "kaudit.auditor",
    "Catalog": "kaudit.catalog.compiled",
    "FixResult": "kaudit.fixer",
    **dict.fromkeys(("Config", "Glob", "Override"), "kaudit.config"),
    "Workspace": "kaudit.workspace",
    "load_catalog": "kaudit.catalog",
    **dict.fromkeys(("CatalogError", "ConfigError", "DocumentError", "KauditError"), "kaudit.errors"),
    **dict.fromkeys(
        ("Category", "Confidence", "Finding", "Jurisdiction", "Reason", "Report", "Severity", "Span"), "kaudit.model"
    ),
    **dict.fromkeys(("Audit", "Suggestion", "Unread"), "kaudit.model"),
}

__all__ = [
    "Audit",
    "Auditor",
    "Catalog",
    "CatalogError",
    "Category",
    "Confidence",
    "Config",
    "ConfigError",
    "DocumentError",
    "Finding",
    "FixResult",
    "Glob",
    "Jurisdiction",
    "KauditError",
    "Override",
    "Reason",
    "Report",
    "Severity",
    "Span",
    "Suggestion",
    "Unread",
    "Workspace",
    "audit",
    "audit_file",
    "audit_files",
    "fix",
    "fix_file",
    "load_catalog",
    "render",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'kaudit' has no attribute {name!r}")
    return getattr(import_module(home), name)


@cache
def _default() -> Auditor:
    from kaudit.auditor import Auditor

    return Auditor()


def audit(text: str, *, format: str = "text", path: str | None = None) -> Report:
    """Return what the built-in catalog finds in *text*, as read in *format*; *path* is only a name to report.

    Raises:
        DocumentError: when there is no such format.
    """
    return _default().audit(text, format=format, path=path)


def audit_file(path: str | Path) -> Report:
    """Return what the built-in catalog finds in the file at *path*.

    Raises:
        DocumentError: when it cannot be read.
    """
    return _default().audit_file(path)


def audit_files(paths: Iterable[str | Path]) -> Iterator[Audit | Unread]:
    """Yield what the built-in catalog finds in each file; one that cannot be read is yielded with its reason."""
    return _default().audit_files(paths)


def fix(text: str, *, format: str = "text", path: str | None = None, unsafe: bool = False) -> FixResult:
    """Return *text*, as read in *format*, with what the built-in catalog suggests: what is safe, or *unsafe*, too.

    Raises:
        DocumentError: when there is no such format.
    """
    from kaudit.fixer import fix_text

    return fix_text(text, _default(), format=format, path=path or "<text>", unsafe=unsafe)


def fix_file(path: str | Path, *, unsafe: bool = False, write: bool = True) -> FixResult:
    """Return what the suggestions of the built-in catalog make of the file at *path*, and *write* it.

    Raises:
        DocumentError: when it cannot be read or written.
    """
    from kaudit.fixer import fix_file

    return fix_file(Path(path), _default(), unsafe=unsafe, write=write)


def render(
    report: Report, format: str = "text", *, catalog: Catalog | None = None, show_waived: bool = False
) -> Iterator[str]:
    """Yield *report* piece by piece, in any format of the command line; sources are cited from *catalog*.

    Raises:
        KeyError: when there is no such format.
    """
    from kaudit.catalog import load_catalog
    from kaudit.report import render
    from kaudit.report.view import View

    return render(report, format, View(show_waived=show_waived, catalog=catalog or load_catalog()))
