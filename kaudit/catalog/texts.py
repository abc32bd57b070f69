"""The files of a catalog, as text: which there are, and which extends which. Needs neither yaml nor pydantic."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kaudit.errors import CatalogError, Problem

if TYPE_CHECKING:
    from kaudit.catalog.yaml_text import Places

BUILTIN = "builtin"
MAX_EXTENDS = 8
_EXTENDS = re.compile(r"(?m)^extends:[ \t]*([^#\n]*[^#\s])")


def builtin_path() -> Path:
    """Return where the built-in catalog is: beside the package in a wheel, at the top of a checkout."""
    package = Path(__file__).parent.parent
    installed = package / "claim_catalog.yaml"
    return installed if installed.exists() else package.parent / "claim_catalog.yaml"


@dataclass(frozen=True, slots=True)
class CatalogText:
    """A catalog file as read, not yet understood."""

    path: str
    text: str


def read_texts(path: Path | None) -> list[CatalogText]:
    """Return the file at *path* (the built-in one when None) and those that it extends, the innermost first.

    Raises:
        CatalogError: when one cannot be read, or when they extend each other in a circle.
    """
    texts: list[CatalogText] = []
    place = path or builtin_path()
    told = "builtin" if path is None else str(path)
    seen: set[Path] = set()
    while True:
        try:
            text = place.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
            raise CatalogError((Problem(told, 1, 1, f"cannot be read: {reason}"),)) from error
        texts.insert(0, CatalogText(told, text))
        seen.add(place.resolve())
        extending = _EXTENDS.search(text) if "extends:" in text else None
        if extending is None:
            return texts
        extends = extending.group(1).strip("'\"")
        inner = builtin_path() if extends == BUILTIN else (place.parent / extends)
        if inner.resolve() in seen or len(texts) >= MAX_EXTENDS:
            raise CatalogError((_extends_problem(texts[0], f"{extends!r} leads back here; extend it only once"),))
        if extends != BUILTIN and not inner.resolve().is_relative_to(place.parent.resolve()):
            told_why = f"{extends!r} lies outside the folder of this file; move it there, or extend builtin"
            raise CatalogError((_extends_problem(texts[0], told_why),))
        place, told = inner, BUILTIN if extends == BUILTIN else str(inner)


def _extends_problem(text: CatalogText, message: str) -> Problem:
    line, column = places_of(text).get(("extends",), (1, 1))
    return Problem(text.path, line, column, message)


def digest_of(texts: Iterable[CatalogText]) -> str:
    """Return the SHA-256 of the files' contents, in hexadecimal."""
    digest = hashlib.sha256()
    for text in texts:
        digest.update(text.text.encode("utf-8"))
        digest.update(b"\x00")
    return digest.hexdigest()


def read_all_texts(paths: Sequence[str | Path]) -> list[CatalogText]:
    """Return the files at *paths* and those that they extend, each once; the built-in one when there are no paths.

    Raises:
        CatalogError: when one cannot be read.
    """
    if not paths:
        return read_texts(None)
    texts = [text for path in paths for text in read_texts(Path(path))]
    return list(dict.fromkeys(texts))


def lexicon_text(lexicons: Mapping[str, Sequence[str]]) -> CatalogText:
    """Return a catalog that only adds to *lexicons*; each name and each entry is on a line of its own, from line 2."""
    listed = (
        f"{json.dumps(name)}: [" + "".join(f",\n{json.dumps(entry)}" for entry in ("+", *entries)).lstrip(",\n") + "]"
        for name, entries in lexicons.items()
    )
    head = '{"schema": "1", "version": "lexicons", "lexicons": {\n'
    return CatalogText("lexicons", head + ",\n".join(listed) + "}}\n")


def places_of(text: CatalogText) -> Places:
    """Return line and column of every value in *text*, by its path of keys; raises CatalogError."""
    from kaudit.catalog.yaml_text import read_yaml

    places: Places = {}
    read_yaml(text.text, text.path, places)
    return places
