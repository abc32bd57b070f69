"""Read: a file or a text in, a Document out; one module a format, each imported when it is needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from kaudit.errors import DocumentError
from kaudit.model import Document, Keys
from kaudit.read.encoding import decode

if TYPE_CHECKING:
    from kaudit.read.replacing import Replacement, Rewritten

ANY_KEY = Keys()
"""What is read when nobody says which keys are copy."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format of documents, and who reads it."""

    name: str
    suffixes: tuple[str, ...]
    """Of file names, in lower case."""
    reader: str
    """Module and function. It takes the source and the path to report, and returns the Document."""
    binary: bool = False
    """Whether the reader takes the bytes of the file, and not its decoded text."""
    rewriter: str | None = None
    """Module and function that puts words into a binary file; None when such files are only read. It takes the bytes,
    the Document and a list of Replacements, and returns what came of it, as Rewritten (replacing.py)."""
    keyed: bool = False
    """Whether it is made of values, so that the reader takes, besides, which of them are copy."""

    def read(self, source: str | bytes, path: str, keys: Keys = ANY_KEY) -> Document:
        """Return *source* as its readers see it."""
        reader: Callable[..., Document] = _function(self.reader)
        return reader(source, path, keys) if self.keyed else reader(source, path)

    def rewrite(self, raw: bytes, document: Document, wanted: Sequence[Replacement]) -> Rewritten | None:
        """Return the binary file *raw*, read as *document*, with what is *wanted* in it; None when it is only read."""
        if self.rewriter is None:
            return None
        rewriter: Callable[[bytes, Document, Sequence[Replacement]], Rewritten] = _function(self.rewriter)
        return rewriter(raw, document, wanted)


def _function(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


TEXT = Format("text", (".txt", ".text"), "kaudit.read.text:read_text")
"""What is read when nothing says otherwise."""

PROSE = (
    TEXT,
    Format("markdown", (".md", ".markdown", ".mdown", ".mkd", ".qmd", ".rmd"), "kaudit.read.markdown:read_markdown"),
    Format("mdx", (".mdx",), "kaudit.read.markdown:read_mdx"),
    Format("html", (".html", ".htm", ".xhtml"), "kaudit.read.html:read_html"),
    Format("rst", (".rst", ".rest"), "kaudit.read.rst:read_rst"),
)
"""What people write and read as text."""

_JSON = (".json", ".jsonc", ".jsonl", ".ndjson", ".webmanifest", ".arb")
DATA = (
    Format("json", _JSON, "kaudit.read.json:read_json", keyed=True),
    Format("yaml", (".yaml", ".yml"), "kaudit.read.yaml:read_yaml", keyed=True),
    Format("toml", (".toml",), "kaudit.read.toml:read_toml", keyed=True),
    Format("csv", (".csv", ".tsv"), "kaudit.read.csv:read_csv", keyed=True),
    Format("po", (".po", ".pot"), "kaudit.read.po:read_po", keyed=True),
)
"""What is made of values."""

OTHERS = (
    Format("notebook", (".ipynb",), "kaudit.read.notebook:read_notebook"),
    Format("srt", (".srt",), "kaudit.read.subtitles:read_srt"),
    Format("vtt", (".vtt",), "kaudit.read.subtitles:read_vtt"),
    Format(
        *("docx", (".docx", ".docm", ".dotx"), "kaudit.read.docx:read_docx"),
        binary=True,
        rewriter="kaudit.read.docx_changes:track_changes",
    ),
    Format("pdf", (".pdf",), "kaudit.read.pdf:read_pdf", binary=True),
)

FORMATS: dict[str, Format] = {format.name: format for format in (*PROSE, *DATA, *OTHERS)}
"""Every format by its name."""

TEMPLATE_SUFFIXES = frozenset({".j2", ".jinja", ".jinja2", ".njk", ".liquid", ".erb", ".hbs", ".tmpl"})
"""Suffixes that say only that a file is filled in; the one before says its format, and without one HTML is meant."""

_BY_SUFFIX = {suffix: format.name for format in FORMATS.values() for suffix in format.suffixes}


def format_of(path: Path) -> str | None:
    """Return the format that a file's name says, or None for one that kaudit does not read."""
    suffix = path.suffix.lower()
    if suffix in TEMPLATE_SUFFIXES:
        return _BY_SUFFIX.get(Path(path.stem).suffix.lower() or ".html")
    return _BY_SUFFIX.get(suffix)


def read(source: str, *, format: str = "text", path: str = "<text>", keys: Keys = ANY_KEY) -> Document:
    """Return *source* as its readers see it.

    Raises:
        DocumentError: when there is no such format, or it is not made of text.
    """
    known = _format(format, path)
    if known.binary:
        raise DocumentError(path, f"{format} is read from bytes, not from text")
    return known.read(source, path, keys)


def read_bytes(raw: bytes, *, format: str | None = None, path: str = "<text>", keys: Keys = ANY_KEY) -> Document:
    """Return the document in the bytes of a file, in *format*, else in the one that *path* says, else as plain text.

    Raises:
        DocumentError: when it cannot be read.
    """
    known = _format(format or format_of(Path(path)) or TEXT.name, path)
    if known.binary:
        return known.read(raw, path)
    decoded = decode(raw, path)
    document = known.read(decoded.text, path, keys)
    if decoded.note:
        document = replace(document, notes=(*document.notes, decoded.note))
    return document


def read_file(path: Path, max_bytes: int, keys: Keys = ANY_KEY) -> Document:
    """Return the document in the file at *path*, in the format that its name says, else as plain text.

    Raises:
        DocumentError: when it cannot be read.
    """
    return read_bytes(raw_file(path, max_bytes), path=str(path), keys=keys)


def raw_file(path: Path, max_bytes: int) -> bytes:
    """Return the bytes of the file at *path*.

    Raises:
        DocumentError: when it is larger than *max_bytes* or cannot be read.
    """
    try:
        if path.stat().st_size > max_bytes:
            raise _too_large(str(path), max_bytes)
        with path.open("rb") as file:
            return raw_stream(file, max_bytes, str(path))
    except OSError as error:
        raise DocumentError(str(path), error.strerror or str(error)) from error


def raw_stream(file: BinaryIO, max_bytes: int, path: str) -> bytes:
    """Return all bytes of *file*, whose size nobody knows before it is read: a pipe, a file that grows.

    Raises:
        DocumentError: when there are more than *max_bytes*.
    """
    raw = file.read(max_bytes + 1)
    if len(raw) > max_bytes:
        raise _too_large(path, max_bytes)
    return raw


def _too_large(path: str, max_bytes: int) -> DocumentError:
    return DocumentError(path, f"over {max_bytes} bytes (max-bytes)", is_usual=True)


def _format(name: str, path: str) -> Format:
    known = FORMATS.get(name)
    if known is None:
        raise DocumentError(path, f"there is no format {name!r}; known are {', '.join(FORMATS)}")
    return known
