"""Normalise: visible text in, lower-case ASCII with single blanks and a map back out.

Typographic quotes and dashes, wide and mathematical letters, look-alike letters, accents and runs of blanks all become
what a template writes; invisible characters vanish. Nearly every change is one to one, so the map is nearly always
empty.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from kaudit.model import OffsetMap

VERSION = 2
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
_LOOKALIKES = {  # Cyrillic, Greek, Armenian, Cherokee, small capitals, Latin letters without a decomposition
    **dict.fromkeys("\u0410\u0391\u13aa", "A"),
    **dict.fromkeys("\u0430\u03b1\u0251\u1d00", "a"),
    **dict.fromkeys("\u0412\u0392", "B"),
    **dict.fromkeys("\u0432\u0299", "b"),
    **dict.fromkeys("\u0421", "C"),
    **dict.fromkeys("\u0441\u03f2\u1d04", "c"),
    **dict.fromkeys("\u0110\u00d0\u13a0", "D"),
    **dict.fromkeys("\u0501\u1d05\u0111\u00f0", "d"),
    **dict.fromkeys("\u0415\u0395\u13ac", "E"),
    **dict.fromkeys("\u0435\u1d07", "e"),
    **dict.fromkeys("\u050c", "G"),
    **dict.fromkeys("\u0261\u0262\u0581", "g"),
    **dict.fromkeys("\u041d\u0397\u0126", "H"),
    **dict.fromkeys("\u04bb\u043d\u029c\u0127\u0570", "h"),
    **dict.fromkeys("\u0406\u0399", "I"),
    **dict.fromkeys("\u0456\u03b9\u0131\u0269\u026a", "i"),
    **dict.fromkeys("\u0408", "J"),
    **dict.fromkeys("\u0458\u03f3\u0237\u1d0a", "j"),
    **dict.fromkeys("\u041a\u039a\u13e6", "K"),
    **dict.fromkeys("\u043a\u03ba\u1d0b", "k"),
    **dict.fromkeys("\u0141\u13de", "L"),
    **dict.fromkeys("\u04cf\u029f\u0142", "l"),
    **dict.fromkeys("\u041c\u039c\u13b7", "M"),
    **dict.fromkeys("\u043c\u1d0d", "m"),
    **dict.fromkeys("\u039d", "N"),
    **dict.fromkeys("\u0274\u0578\u057c", "n"),
    **dict.fromkeys("\u041e\u039f\u00d8\u0555", "O"),
    **dict.fromkeys("\u043e\u03bf\u1d0f\u00f8\u0585", "o"),
    **dict.fromkeys("\u0420\u03a1", "P"),
    **dict.fromkeys("\u0440\u03c1\u1d18", "p"),
    **dict.fromkeys("\u051a", "Q"),
    **dict.fromkeys("\u051b\u0566", "q"),
    **dict.fromkeys("\u0433\u0280", "r"),
    **dict.fromkeys("\u0405", "S"),
    **dict.fromkeys("\u0455\ua731", "s"),
    **dict.fromkeys("\u0422\u03a4\u13a2", "T"),
    **dict.fromkeys("\u0442\u03c4\u1d1b", "t"),
    **dict.fromkeys("\u03c5\u028b\u1d1c\u057d", "u"),
    **dict.fromkeys("\u13d9", "V"),
    **dict.fromkeys("\u0475\u03bd\u1d20", "v"),
    **dict.fromkeys("\u051c\u13b3", "W"),
    **dict.fromkeys("\u051d\u1d21\u0561", "w"),
    **dict.fromkeys("\u0425\u03a7", "X"),
    **dict.fromkeys("\u0445\u03c7", "x"),
    **dict.fromkeys("\u04ae\u0423\u03a5", "Y"),
    **dict.fromkeys("\u0443\u04af\u03b3\u028f", "y"),
    **dict.fromkeys("\u0396", "Z"),
    **dict.fromkeys("\u1d22", "z"),
    **dict.fromkeys("\u00c6", "AE"),
    **dict.fromkeys("\u00e6", "ae"),
    **dict.fromkeys("\u0152", "OE"),
    **dict.fromkeys("\u0153", "oe"),
    **dict.fromkeys("\u00df", "ss"),
    **dict.fromkeys("\u00de", "TH"),
    **dict.fromkeys("\u00fe", "th"),
}
_RUN = re.compile(r"[^\x00-\x7f]+")
_INVISIBLE = frozenset("\u2122\u00ae\u00a9\u2120")  # trade marks
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
        projected, breaks = _project(self.visible)
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
    for typographic, plain in _COMMON:
        if typographic in visible:
            visible = visible.replace(typographic, plain)
    return visible if visible.isascii() else _project(visible)[0]


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


def _letters(character: str) -> str:
    image = ""
    for part in unicodedata.normalize("NFKD", character):
        if part.isascii():
            image += part
        elif part in _PUNCTUATION:
            image += _PUNCTUATION[part]
        elif part in _LOOKALIKES:
            image += _LOOKALIKES[part]
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
