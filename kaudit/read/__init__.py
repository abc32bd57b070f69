"""Read: a file or a text in, a Document out; one module a format, each imported when it is needed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kaudit.errors import DocumentError
from kaudit.model import Document

Reader = Callable[[str, str], Document]


def _text(source: str, path: str) -> Document:
    from kaudit.read.text import read_text

    return read_text(source, path)


READERS: dict[str, Reader] = {"text": _text}
"""Format name to its reader, which takes the decoded source and the path to report."""

SUFFIXES = {".txt": "text", ".text": "text", ".md": "text", ".markdown": "text"}
"""Lower-case suffix to format. Markdown is read as plain text until it has a reader of its own."""


def format_of(path: Path) -> str | None:
    """Return the format that a file's name says, or None for one that kaudit does not read."""
    return SUFFIXES.get(path.suffix.lower())


def read(source: str, *, format: str = "text", path: str = "<text>") -> Document:
    """Return *source* as its readers see it.

    Raises:
        DocumentError: when there is no such format.
    """
    reader = READERS.get(format)
    if reader is None:
        raise DocumentError(path, f"there is no format {format!r}; known are {', '.join(READERS)}")
    return reader(source, path)


def decode(raw: bytes, path: str) -> str:
    """Return the text of a file's bytes.

    Raises:
        DocumentError: when they are binary, or in no encoding that can be told.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(mark):
            return _decoded(raw, encoding, path)
    if b"\x00" in raw:
        raise DocumentError(path, "binary, not text")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(raw, "cp1252", path)


def _decoded(raw: bytes, encoding: str, path: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise DocumentError(path, f"not readable as {error.encoding}: byte {error.start} does not fit") from error


def read_file(path: Path, max_bytes: int) -> Document:
    """Return the document in the file at *path*, in the format that its name says, else as plain text.

    Raises:
        DocumentError: when it cannot be read.
    """
    try:
        if path.stat().st_size > max_bytes:
            raise DocumentError(str(path), f"over {max_bytes} bytes")
        raw = path.read_bytes()
    except OSError as error:
        raise DocumentError(str(path), error.strerror or str(error)) from error
    return read(decode(raw, str(path)), format=format_of(path) or "text", path=str(path))
