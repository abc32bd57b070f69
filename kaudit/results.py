"""Results: what was found in a file, kept so that the same bytes under the same rules need no second audit.

A folder with a JSON file for each document, under a name made of all that the result depends on: the bytes, the format,
the catalog, the settings, the version of kaudit, the day (waivers end). Data only; ignored where it cannot be used.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from kaudit import read as reading
from kaudit.auditor import Auditor
from kaudit.errors import DocumentError
from kaudit.model import Audit
from kaudit.plain import audit_of, fields_of
from kaudit.read.encoding import decode
from kaudit.version import VERSION

FOLDER = ".kaudit_cache"
FORMAT = 2
"""Raised whenever what is kept would be read differently."""

KEPT_SECONDS = 7 * 24 * 3600
"""For how long results are kept that belong to other settings or to another catalog."""


@dataclass(frozen=True, slots=True)
class ResultCache:
    """Results in a folder."""

    folder: Path
    today: Callable[[], date] = date.today

    def find(self, raw: bytes, path: Path, auditor: Auditor) -> Audit | None:
        """Return what *auditor* found in these bytes before, as of the file at *path*; None when that is not kept."""
        try:
            value = json.loads(self._place(raw, path, auditor).read_bytes())
            source = decode(raw, str(path)).text if value["source"] is None else value["source"]
            return audit_of({**value, "path": str(path), "source": source})
        except (OSError, ValueError, KeyError, TypeError, AttributeError, DocumentError):
            return None

    def keep(self, raw: bytes, path: Path, auditor: Auditor, audit: Audit) -> None:
        """Keep what was found in these bytes; does nothing where that is impossible."""
        value = fields_of(replace(audit, path=""))
        with contextlib.suppress(DocumentError):
            if decode(raw, str(path)).text == audit.source:
                value["source"] = None
        place = self._place(raw, path, auditor)
        temporary = None
        try:
            if not place.parent.is_dir():
                self._begin(place.parent)
            with tempfile.NamedTemporaryFile("w", dir=place.parent, delete=False, encoding="utf-8") as file:
                temporary = Path(file.name)
                json.dump(value, file, ensure_ascii=False, separators=(",", ":"))
            temporary.replace(place)
        except (OSError, UnicodeEncodeError):
            if temporary is not None:
                with contextlib.suppress(OSError):
                    temporary.unlink()

    def _place(self, raw: bytes, path: Path, auditor: Auditor) -> Path:
        settings = f"{FORMAT}\0{VERSION}\0{auditor.catalog.digest}\0{auditor.config!r}\0{self.today().isoformat()}"
        content = hashlib.sha256(f"{reading.format_of(path)}\0".encode() + raw)
        return self.folder / _name(hashlib.sha256(settings.encode())) / f"{_name(content)}.json"

    def _begin(self, folder: Path) -> None:
        """Make the *folder* for some settings, and drop those that were last written to long ago."""
        folder.mkdir(parents=True, exist_ok=True)
        ignored = self.folder / ".gitignore"
        if not ignored.exists():
            ignored.write_text("# made by kaudit\n*\n", encoding="utf-8")
        for other in self.folder.iterdir():
            if other.is_dir() and other.stat().st_mtime < time.time() - KEPT_SECONDS:
                shutil.rmtree(other, ignore_errors=True)


def _name(digest: Any) -> str:
    name: str = digest.hexdigest()[:32]
    return name
