"""Encodings: told apart, kept, and never guessed at when a file is to be written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaudit.errors import DocumentError
from kaudit.read import read_bytes
from kaudit.read.encoding import decode

CURE = "Th\u00e9 cure, na\u00efve \u2013 \u201cso\u201d."


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (CURE.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + CURE.encode(), "utf-8"),
        (b"\xff\xfe" + CURE.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + CURE.encode("utf-16-be"), "utf-16-be"),
        (b"\xff\xfe\0\0" + CURE.encode("utf-32-le"), "utf-32-le"),
        (CURE.encode("utf-16-le"), "utf-16-le"),
        (CURE.encode("utf-16-be"), "utf-16-be"),
        (b"<meta charset=windows-1252>" + CURE.encode("cp1252"), "windows-1252"),
        (b"<meta http-equiv=a content='text/html; charset=ISO-8859-1'>" + CURE.encode("cp1252"), "cp1252"),
        (b'<?xml version="1.0" encoding="windows-1252"?>' + CURE.encode("cp1252"), "windows-1252"),
        (b'"Content-Type: text/plain; charset=windows-1252\\n"\n' + CURE.encode("cp1252"), "windows-1252"),
    ],
)
def test_encodings_are_told_apart(raw: bytes, encoding: str) -> None:
    decoded = decode(raw, "page.txt")

    assert decoded.text.endswith(CURE)
    assert (decoded.encoding, decoded.is_guessed) == (encoding, False)


@pytest.mark.parametrize("declared", [b"", b"<meta charset=utf-8>", b"<meta charset=klingon>"])
def test_what_is_in_no_encoding_that_is_known_is_guessed_and_told(declared: bytes) -> None:
    raw = declared + CURE.encode("cp1252")

    decoded = decode(raw, "page.txt")
    document = read_bytes(raw, path="page.txt")

    assert (decoded.text.endswith(CURE), decoded.encoding, decoded.is_guessed) == (True, "cp1252", True)
    assert document.notes == ("read as cp1252, which is a guess: save it as UTF-8, or say its encoding in it",)


@pytest.mark.parametrize("raw", [b"a\x00b", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", bytes(range(256))])
def test_binary_files_are_refused(raw: bytes) -> None:
    with pytest.raises(DocumentError, match="binary"):
        decode(raw, "page.txt")


@pytest.mark.parametrize("raw", [b"\xff\xfea\x00b", b"\x81 and \x8d"])
def test_bytes_that_fit_nothing_are_refused(raw: bytes) -> None:
    with pytest.raises(DocumentError, match=r"not readable as [\w-]+: byte \d does not fit"):
        decode(raw, "page.txt")


@pytest.mark.parametrize("raw", [b"\xef\xbb\xbfa\xff", "don\u2019t \u2013".encode() + b" \xff"])
def test_what_is_left_of_spoilt_utf_8_is_read_and_told(raw: bytes) -> None:
    decoded = decode(raw, "page.txt")

    assert decoded.text.endswith("\ufffd")
    assert decoded.text.startswith(("a", "don\u2019t \u2013"))
    assert "not UTF-8" in decoded.note
    assert read_bytes(raw).notes == (decoded.note,)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1), st.text(max_size=3), st.data())
def test_bytes_outside_the_edits_stay(text: str, new: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    raw = b"\xef\xbb\xbf" + text.encode()
    decoded = decode(raw, "page.txt")

    spliced = decoded.spliced(raw, [(start, end, new)])

    assert spliced == raw[: 3 + len(text[:start].encode())] + new.encode() + raw[3 + len(text[:end].encode()) :]
