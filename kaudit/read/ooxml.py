"""Open Office Open XML, the zip files of Word and its like: their members, and their XML with the place of each event.

What is opened here comes from strangers: no DTD is read, so that no entity can grow or fetch anything, and nothing is
unpacked that is larger than any honest document.
"""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from xml.parsers import expat

from kaudit.errors import DocumentError
from kaudit.model import NOTHING

LARGEST_MEMBER = 64 * 1024 * 1024
"""Bytes; a larger one is not unpacked."""

LARGEST_PACKAGE = 256 * 1024 * 1024
"""Bytes of all members, as the file says; zipfile unpacks no more of any than that."""

MOST_MEMBERS = 20_000
DEEPEST_XML = 500
MOST_TAGS = 3_000_000
"""In one member, with what stands between them."""

_COMPOUND = b"\xd0\xcf\x11\xe0"
"""How files of older programs begin, and those under a password."""


_BROKEN = (ValueError, OverflowError, OSError, RuntimeError, NotImplementedError, struct.error)
"""What zipfile raises, besides its own errors, on a file whose numbers lie."""


class Event(NamedTuple):
    """A tag, or a stretch of text, and where it stands in the XML, in characters."""

    start: int
    end: int
    name: str
    """Of the element that begins or ends, without its namespace; "" for text."""
    text: str = ""
    attributes: Mapping[str, str] = NOTHING
    """Names without namespaces."""
    is_end: bool = False


class Package:
    """An opened file."""

    def __init__(self, raw: bytes, path: str) -> None:
        """Open *raw*; raises DocumentError."""
        self._path = path
        if raw.startswith(_COMPOUND):
            raise DocumentError(path, "is under a password, or of an older program; save it anew as .docx")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        except (zipfile.BadZipFile, *_BROKEN) as error:
            raise DocumentError(path, f"is no such document: {error}") from error
        if len(self._zip.infolist()) > MOST_MEMBERS:
            raise DocumentError(path, f"has more than {MOST_MEMBERS} parts, as no honest document does")
        if sum(info.file_size for info in self._zip.infolist()) > LARGEST_PACKAGE:
            raise DocumentError(path, f"is over {LARGEST_PACKAGE} bytes when unpacked, as no honest document is")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its members, in the order of the file."""
        return tuple(self._zip.namelist())

    def bytes_of(self, name: str) -> bytes:
        """Return a member; raises DocumentError."""
        try:
            info = self._zip.getinfo(name)
            if info.flag_bits & 1:
                raise DocumentError(self._path, f"{name} is under a password")
            with self._zip.open(info) as member:
                raw = member.read(LARGEST_MEMBER + 1)
        except (KeyError, EOFError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, *_BROKEN) as error:
            raise DocumentError(self._path, f"{name} cannot be unpacked: {error}") from error
        if len(raw) > LARGEST_MEMBER:
            raise DocumentError(self._path, f"{name} is over {LARGEST_MEMBER} bytes when unpacked")
        return raw

    def xml_of(self, name: str) -> str:
        """Return a member that is XML; raises DocumentError."""
        try:
            return self.bytes_of(name).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise DocumentError(self._path, f"{name} is not UTF-8") from error

    def replaced(self, members: Mapping[str, str]) -> bytes:
        """Return the file with *members* in place of those of their names, or besides; all others are the same."""
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
            for info in self._zip.infolist():
                text = members.get(info.filename)
                target.writestr(info, self.bytes_of(info.filename) if text is None else text.encode())
            for name in sorted(members.keys() - set(self.names)):
                target.writestr(zipfile.ZipInfo(name), members[name].encode(), zipfile.ZIP_DEFLATED)
        return written.getvalue()


def events_of(xml: str, path: str, member: str) -> Iterator[Event]:
    """Yield the tags and texts of *xml*, in order.

    Raises:
        DocumentError: when it is no XML, has a DTD, or is nested as no honest document is.
    """
    raw = xml.encode()
    parser = expat.ParserCreate("utf-8", "}")
    parser.ordered_attributes = True
    parser.buffer_text = False
    found: list[tuple[int, str, str, Mapping[str, str], bool]] = []
    depth = 0

    def begin(name: str, attributes: list[str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST_XML:
            raise DocumentError(path, f"{member} is nested more than {DEEPEST_XML} deep")
        if len(found) > MOST_TAGS:
            raise DocumentError(path, f"{member} has more than {MOST_TAGS} tags, as no honest document does")
        pairs = zip(attributes[::2], attributes[1::2], strict=True)
        named = {key.rpartition("}")[2]: value for key, value in pairs} if attributes else NOTHING
        found.append((parser.CurrentByteIndex, name.rpartition("}")[2], "", named, False))

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        found.append((parser.CurrentByteIndex, name.rpartition("}")[2], "", NOTHING, True))

    def text(data: str) -> None:
        found.append((parser.CurrentByteIndex, "", data, NOTHING, False))

    def refuse(*_: object) -> None:
        raise DocumentError(path, f"{member} has a DTD, as no honest document does")

    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        raise DocumentError(path, f"{member} is no XML: {error}") from error
    at = offset = 0  # the same place, in bytes and in characters
    places = [*(event[0] for event in found), len(raw)]
    if len(raw) > len(xml):
        for number, place in enumerate(places):
            offset += len(raw[at:place].decode())
            at, places[number] = place, offset
    for number, (_, name, data, attributes, is_end) in enumerate(found):
        yield Event(places[number], places[number + 1], name, data, attributes, is_end)
