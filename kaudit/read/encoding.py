"""Decode: the bytes of a file in, its text and its encoding out.

What the file says of itself comes first: a byte order mark, then a declaration. Then what fits is taken: UTF-8, which
hardly any other text is by chance; UTF-16 by where its noughts stand; and the legacy encoding of Western Europe and
America, which fits nearly everything and is therefore only a guess. A file with more characters of UTF-8 than bytes
that are none is UTF-8 that something spoilt; it is read for what is left of it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kaudit.errors import DocumentError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"""(?ix) <meta[^>]{0,200}? charset \s*=\s* ["']? ([\w-]+)
    | \A\s*<\?xml [^>]{0,200}? encoding \s*=\s* ["'] ([\w-]+)
    | ^"Content-Type:[^"\n]{0,100}? charset=([\w-]+)""",
    re.MULTILINE,
)
_LEGACY = "cp1252"
_ALSO_LEGACY = frozenset({"ascii", "us-ascii", "iso-8859-1", "iso8859-1", "latin-1", "latin1"})
"""What browsers read as the legacy encoding, whatever they are told."""
_HEAD = 4_096
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
"""No text has these; what is taken for UTF-16 by its noughts may be no text at all."""
_BINARY = "binary, not text"
_SPOILT = "bytes that are not UTF-8 are read as \ufffd: save it as UTF-8"
_REPLACED = "\ufffd"
_MANY_BYTES = re.compile(r"[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file."""

    text: str
    encoding: str = "utf-8"
    mark: bytes = b""
    """The byte order mark in front of it."""
    note: str = ""
    """What whoever reads the report should know, when the encoding is only likely."""

    @property
    def is_guessed(self) -> bool:
        """Whether the encoding is only likely, so that nothing can be written in it."""
        return bool(self.note)

    def can_hold(self, text: str) -> bool:
        """Return whether the encoding has all the characters of *text*."""
        try:
            text.encode(self.encoding)
        except UnicodeEncodeError:
            return False
        return True

    def spliced(self, raw: bytes, edits: Iterable[tuple[int, int, str]]) -> bytes:
        """Return *raw*, the bytes of this text, with stretches of the text replaced and all others as they are.

        Raises:
            UnicodeEncodeError: when the encoding has no such character.
        """
        parts: list[bytes] = [self.mark]
        done = 0
        place = len(self.mark)
        for start, end, text in sorted(edits):
            kept = place + len(self.text[done:start].encode(self.encoding))
            parts += (raw[place:kept], text.encode(self.encoding))
            place = kept + len(self.text[start:end].encode(self.encoding))
            done = end
        return b"".join(parts) + raw[place:]


def decode(raw: bytes, path: str) -> Decoded:
    """Return the text of a file's bytes.

    Raises:
        DocumentError: when they are binary, or in no encoding that can be told.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            try:
                return Decoded(raw[len(mark) :].decode(encoding), encoding, mark)
            except UnicodeDecodeError as error:
                spoilt = raw[len(mark) :].decode(encoding, errors="replace")
                if encoding == "utf-8" and b"\0" not in raw:
                    return Decoded(spoilt, encoding, mark, _SPOILT)
                raise _unreadable(path, encoding, error) from error
    for encoding in _likely(raw):
        try:
            text = raw.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if not encoding.startswith("utf-16") or not _CONTROL.search(text):
            return Decoded(text, encoding)
    if b"\0" in raw:
        raise DocumentError(path, _BINARY, is_usual=True)
    spoilt = raw.decode("utf-8", errors="replace")
    wrong = spoilt.count(_REPLACED) - raw.count(_REPLACED.encode())
    if len(_MANY_BYTES.findall(spoilt)) > 2 * wrong:
        return Decoded(spoilt, note=_SPOILT)
    try:
        told = f"read as {_LEGACY}, which is a guess: save it as UTF-8, or say its encoding in it"
        return Decoded(raw.decode(_LEGACY), _LEGACY, note=told)
    except UnicodeDecodeError as error:
        raise _unreadable(path, _LEGACY, error) from error


def _likely(raw: bytes) -> Iterator[str]:
    head = raw[:_HEAD]
    has_noughts = b"\0" in head
    declared = _DECLARED.search(head)
    if declared and not has_noughts:
        name = next(filter(None, declared.groups())).decode("ascii").lower()
        if not name.startswith(("utf-16", "utf-32", "utf-7")):  # in which no ASCII declaration could be read
            yield _LEGACY if name in _ALSO_LEGACY else name
    if not has_noughts and b"\0" not in raw:
        yield "utf-8"
        return
    odd, even, half = head[1::2].count(0), head[0::2].count(0), max(1, len(head) // 2)
    if odd > 0.3 * half and even < 0.05 * half:
        yield "utf-16-le"
    if even > 0.3 * half and odd < 0.05 * half:
        yield "utf-16-be"


def _unreadable(path: str, encoding: str, error: UnicodeDecodeError) -> DocumentError:
    return DocumentError(path, f"not readable as {encoding}: byte {error.start} does not fit")
