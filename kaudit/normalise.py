"""Normalise: visible text in, lower-case ASCII with single blanks and a map back out.

Typographic quotes and dashes, wide and mathematical letters, look-alike letters, accents and runs of blanks all become
what a template writes; invisible characters vanish. Nearly every change is one to one, so the map is nearly always
empty.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from kaudit.model import OffsetMap

VERSION = 3
"""Raised whenever the same text would come out differently."""

_COMMON = (
    ("\u2019", "'"),  # right single quote, apostrophe
    ("\u2018", "'"),  # left single quote
    ("\u201c", '"'),  # left double quote
    ("\u201d", '"'),  # right double quote
    ("\u2013", "-"),  # en dash
    ("\u2014", "--"),  # em dash: ends a clause, as a hyphen does not
    ("\u00a0", " "),  # no-break space
    ("\u2022", "*"),  # bullet
)
_PUNCTUATION = {
    **dict.fromkeys("\u0091\u0092\u2018\u2019\u201a\u201b\u2032\u2035\u02bc\u02b9\u00b4\uff07", "'"),
    **dict.fromkeys("\u0093\u0094\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\u2036\u301d\u301e\uff02", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u0096\u2212\u2043\ufe63\uff0d", "-"),
    **dict.fromkeys("\u2014\u2015\u0097\ufe58", "--"),
    **dict.fromkeys("\u0095\u2022\u2023\u25aa\u25cf\u25e6\u00b7", "*"),
    **dict.fromkeys("\u2028\u2029\u0085", " "),
    "\u3002": ".",
    "\u2026": ".",  # ellipsis: one to one, not three dots
    "\u2800": " ",  # Braille without a dot
    "\u00d7": "x",  # multiplication sign
    "\u066a": "%",  # Arabic per cent sign
    "\u20ac": "$",  # euro: a price is a price
    "\u00a3": "$",  # pound
    "\u2044": "/",  # fraction slash
    "\ufffc": "_",  # an object, such as code, a picture, an address: as a word, it parts the words around it
    **dict.fromkeys(
        "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079", "^"
    ),  # raised digits: reference marks
}
_STYLES = ("<font>", "<wide>", "<circle>", "<square>")
_RUN = re.compile(r"[^\x00-\x7f]+")
_INVISIBLE = frozenset("\u2122\u00ae\u00a9\u2120\u115f\u1160\u3164\uffa0\u17b4\u17b5")  # trade marks, empty letters
_SOFT_BREAK = re.compile(r"\u00ad(?=[ \t]*\r?\n)")
_BLANK_RUN = re.compile(r"\s{2,}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_OPENING = re.compile(r"(?<![a-z0-9])'|'(?![a-z0-9])")
_PLURAL_POSSESSIVE = re.compile(r"(?<=s)'(?= [a-z])")


@dataclass(frozen=True)
class Plain:
    """Normalised text, and where each of its characters stands in the visible text that it was made of."""

    text: str
    """ASCII, lower case, single blanks; single quotes around words are double ones, apostrophes stay."""
    cased: str
    """The same with its capitals; same length."""
    visible: str

    @cached_property
    def origin(self) -> OffsetMap:
        """From *text* to the visible text; worked out when it is first asked for, which few texts need."""
        projected, breaks = _project(_with_hyphens(self.visible))
        return _chain(_blanks_map(projected), breaks)


def normalise(visible: str) -> Plain:
    """Return *visible* as patterns want it."""
    cased = " ".join(in_ascii(visible).split())
    if not cased.isprintable():
        cased = _CONTROL.sub(" ", cased)
    text = cased.lower()
    if "`" in text:
        text = text.replace("`", "'")
    if "'" in text:
        text = _quotes(text)
    return Plain(text, cased, visible)


def in_ascii(visible: str) -> str:
    """Return *visible* in ASCII: the words that its normalised text has, blanks and quotes as they are."""
    if visible.isascii():
        return visible
    visible = _with_hyphens(visible)
    for typographic, plain in _COMMON:
        if typographic in visible:
            visible = visible.replace(typographic, plain)
    return visible if visible.isascii() else _project(visible)[0]


def is_disguised(visible: str) -> bool:
    """Return whether *visible* has invisible characters, or letters of one alphabet that pass for those of another."""
    return not visible.isascii() and any(map(_is_mask, visible))


def _is_mask(character: str) -> bool:
    if character < "\u0370":  # Latin, accents, soft hyphens
        return False
    if character in look_alikes()[0]:
        return not unicodedata.name(character, "").startswith("LATIN")
    return unicodedata.category(character) == "Cf" or unicodedata.decomposition(character).startswith(_STYLES)


def _with_hyphens(visible: str) -> str:
    """Return *visible* with a hyphen for each soft one that shows, because a line ends behind it; as long as before."""
    return _SOFT_BREAK.sub("-", visible) if "\u00ad" in visible else visible


def _quotes(text: str) -> str:
    """Return *text* with single quotes around words as double ones, so that an apostrophe is part of a word."""
    changed = _OPENING.sub('"', text)
    if changed.count('"') - text.count('"') == 1:  # one lone mark: a plural possessive, not a quotation
        return _PLURAL_POSSESSIVE.sub("'", text) if _PLURAL_POSSESSIVE.search(text) else changed
    return changed


def _project(text: str) -> tuple[str, OffsetMap]:
    """Return *text* in ASCII, character by character, and the map back."""
    parts: list[str] = []
    breaks: list[int] = []
    shifts: list[int] = []
    done = length = shift = 0
    for run in _RUN.finditer(text):
        parts.append(text[done : run.start()])
        length += run.start() - done
        for character in run.group():
            image = _image(character)
            parts.append(image)
            if not image:
                shift += 1
                breaks.append(length)
                shifts.append(shift)
            for extra in range(1, len(image)):  # all of them stand where *character* stands
                shift -= 1
                breaks.append(length + extra)
                shifts.append(shift)
            length += len(image)
        done = run.end()
    parts.append(text[done:])
    return "".join(parts), OffsetMap(tuple(breaks), tuple(shifts))


_images: dict[str, str] = {}


def _image(character: str) -> str:
    """Return what *character* is matched as: its ASCII look-alike, "_" for a letter without one, "~" for a sign."""
    known = _images.get(character)
    if known is None:
        known = _PUNCTUATION.get(character) or ("" if character in _INVISIBLE else _letters(character))
        _images[character] = known
    return known


@cache
def look_alikes() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the letters that other alphabets' letters look like, and those that each digit and sign may stand for."""
    table = json.loads((Path(__file__).parent / "lookalikes.json").read_text(encoding="utf-8"))
    letters = {sign: letter for letter, signs in table["letters"].items() for sign in signs}
    return letters, table["signs"]


def _letters(character: str) -> str:
    image = ""
    letters = look_alikes()[0]
    for part in unicodedata.normalize("NFKD", character):
        if part.isascii():
            image += part
        elif part in _PUNCTUATION:
            image += _PUNCTUATION[part]
        elif part in letters:
            image += letters[part]
        else:
            kind = unicodedata.category(part)
            if kind in ("Mn", "Me", "Cf"):  # accents; invisible characters
                continue
            image += "_" if kind[0] in "LNM" else " " if kind[0] == "Z" else "~"
    return image


def _blanks_map(text: str) -> OffsetMap:
    """Return the map from *text* without blanks at its ends and with single ones inside to *text*."""
    breaks: list[int] = []
    shifts: list[int] = []
    shift = len(text) - len(text.lstrip())
    if shift:
        breaks.append(0)
        shifts.append(shift)
    for run in _BLANK_RUN.finditer(text, shift):
        shift += run.end() - run.start() - 1
        breaks.append(run.end() - shift)
        shifts.append(shift)
    return OffsetMap(tuple(breaks), tuple(shifts))


def _chain(inner: OffsetMap, outer: OffsetMap) -> OffsetMap:
    """Return the map that goes through *inner* first, then through *outer*."""
    if not inner.breaks:
        return outer
    if not outer.breaks:
        return inner
    points = set(inner.breaks)
    at = 0
    for target in outer.breaks:  # the inner offset from which *outer* shifts anew
        while at < len(inner.breaks) and inner.breaks[at] + inner.shifts[at] <= target:
            at += 1
        points.add(max(target - (inner.shifts[at - 1] if at else 0), inner.breaks[at - 1] if at else 0))
    breaks = tuple(sorted(points))
    return OffsetMap(breaks, tuple(outer(inner(point)) - point for point in breaks))
