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
from kaudit.model import CATALOG_LIMITS, CatalogLimits

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
    limits: CatalogLimits = CATALOG_LIMITS


def read_texts(path: Path | None, limits: CatalogLimits = CATALOG_LIMITS) -> list[CatalogText]:
    """Return the file at *path* (the built-in one when None) and those that it extends, the innermost first.

    Raises:
        CatalogError: when one cannot be read, or when they extend each other in a circle.
    """
    texts: list[CatalogText] = []
    place = path or builtin_path()
    told = "builtin" if path is None else str(path)
    seen: set[Path] = set()
    while True:
        texts.insert(0, CatalogText(told, _text_of(place, told, limits), limits))
        text = texts[0].text
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


def _text_of(place: Path, told: str, limits: CatalogLimits) -> str:
    """Return what is in the catalog file at *place*, *told* in messages."""
    try:
        if place.exists() and not place.is_file():
            raise CatalogError((Problem(told, 1, 1, "is no file; a catalog is a file of YAML"),))
        if place.stat().st_size > limits.bytes:
            problem = f"{place.stat().st_size} bytes; max-catalog-bytes allows {limits.bytes}"
            raise CatalogError((Problem(told, 1, 1, problem),))
        raw = place.read_bytes()
    except OSError as error:
        raise CatalogError((Problem(told, 1, 1, f"cannot be read: {error.strerror}"),)) from error
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        problem = f"byte {raw[error.start]:#04x} is no UTF-8; save the file as UTF-8"
        raise CatalogError((Problem(told, line, column, problem),)) from error


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


def read_all_texts(paths: Sequence[str | Path], limits: CatalogLimits = CATALOG_LIMITS) -> list[CatalogText]:
    """Return the files at *paths* and those that they extend, each once; the built-in one when there are no paths.

    Raises:
        CatalogError: when one cannot be read.
    """
    if not paths:
        return read_texts(None)
    texts = [text for path in paths for text in read_texts(Path(path), limits)]
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
    read_yaml(text.text, text.path, places, limits=text.limits)
    return places
