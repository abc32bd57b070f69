"""Unmask: normalised text with words in disguise in, the same with those words as they are meant out.

What the alphabet hides (look-alike letters, invisible characters, accents) normalising undoes for every text. This is
about words: m1racle, s-a-f-e, m i r a c l e, saaafe, risk_free, guar- anteed, guarenteed. A word is only ever read as
one that the catalog names, and only when it is none itself, so that text without disguises stays as it is. To know that
it has none, all its words are looked up at once; those that are not known are thought about once, and remembered.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import filterfalse, pairwise, product

from kaudit.catalog.spelling import Spelling
from kaudit.model import OffsetMap, Span
from kaudit.normalise import Plain, look_alikes

REMEMBERED = 100_000
"""How many words that hide nothing are kept, in documents one after the other."""
LONGEST = 60
"""Longer stretches without a blank are addresses, numbers, noise."""
SURE = 4
"""From so many letters on a word in digits and signs is sure to be one; shorter ones count beside such a word."""
MOST_READINGS = 64
"""In how many ways digits and signs of one word are read."""
MOST_DOUBLE = 6
"""Of how many repeated letters in one word some are taken for double ones."""

_EDGES = "\"'()[]{}<>.,;:!?*_~-/\\|=^+"
_APOSTROPHE = re.compile(r"'(?:s|t|re|ll|ve|d|m|)$")
_DIGITS = "0123456789"
_SHORT = ("", "a", "i")
_PARTING = frozenset("_.,:;!?#&+")
_TRIPLE = re.compile(r"(.)\1\1")
_RUN = re.compile(r"(.)\1*")
_NO_LETTER = re.compile(r"[^a-z']+")
_FRAMED = re.compile(r"[a-z].+[a-z]")
_SEPARATOR = re.compile(r"([^a-z0-9@$!|+(<']+)")
_SPACED = re.compile(r"(?<![a-z0-9'])[a-z](?:(?:[ *_~/|=-]{1,3}|\.)[a-z](?![a-z0-9'])){2,}")
_OUTLINE = bytes(97 if chr(byte).isalpha() else 32 if chr(byte) == "_" else byte for byte in range(128)) + bytes(128)
"""Makes one letter of all letters, and blanks of what else holds a word together."""
_BROKEN = re.compile(r"\b([a-z]+)- ([a-z]+)\b")
_CROWDED = re.compile(r"~(?: ?~)+")
_ENDED = re.compile(r"[a-z][.!?][A-Z]")


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of normalised text, and what it stands for."""

    span: Span
    text: str


@dataclass(frozen=True)
class Unmasked(Plain):
    """Normalised text whose disguises are undone."""

    masked: Plain
    edits: tuple[Edit, ...]

    @cached_property
    def origin(self) -> OffsetMap:
        """From *text* to the visible text."""
        breaks: list[int] = []
        shifts: list[int] = []
        for at, place in enumerate(map(self.masked.origin, self._places())):
            if place - at != (shifts[-1] if shifts else 0):
                breaks.append(at)
                shifts.append(place - at)
        return OffsetMap(tuple(breaks), tuple(shifts))

    def _places(self) -> Iterator[int]:
        """Yield for each character where it stands in the masked text."""
        done = 0
        for edit in self.edits:
            yield from range(done, edit.span.start)
            old = edit.span.of(self.masked.text)
            at = 0
            for letter in edit.text[:-1]:
                found = old.find(letter, at) if letter != " " else at
                at = found if at <= found < at + 4 else min(at, len(old) - 1)
                yield edit.span.start + at
                at += 1
            yield edit.span.end - 1
            done = edit.span.end
        yield from range(done, len(self.masked.text))

    def is_disguised(self, span: Span) -> bool:
        """Return whether words at *span* were written otherwise."""
        at = bisect_right(self._words, span.start, key=lambda word: word.end)
        return any(word.overlaps(span) for word in self._words[at : at + 2])

    @cached_property
    def _words(self) -> list[Span]:
        """Where the words are that were written otherwise."""
        words: list[Span] = []
        shift = 0
        for edit in self.edits:
            start = edit.span.start + shift
            if edit.text != "~":
                words.append(Span(start, start + len(edit.text)))
            shift += len(edit.text) - len(edit.span)
        return words


@dataclass(frozen=True, slots=True)
class Disguises:
    """What may be disguised in a text."""

    chunks: frozenset[str]
    """What stands between blanks and is to be read otherwise, or ends in a hyphen."""
    readings: Mapping[str, str]
    """What such chunks stand for, without the signs at their edges."""
    spaced: bool
    """Whether there are single letters."""
    broken: bool
    """Whether a word ends in a hyphen."""
    crowded: bool
    """Whether there are many signs that are no words."""

    def places(self, text: str) -> Iterator[int]:
        """Yield where some of it may be in the *text* that it was found in."""
        for chunk in self.chunks:
            at = text.find(chunk)
            while at >= 0:
                yield at
                at = text.find(chunk, at + len(chunk))
        for is_there, pattern in ((self.spaced, _SPACED), (self.crowded, _CROWDED)):
            if is_there:
                yield from (found.start() for found in pattern.finditer(text))


class Unmasker:
    """Knows the words of a catalog; *ordinary* ones look like misspellings of these, and are none."""

    def __init__(self, words: frozenset[str], ordinary: frozenset[str] = frozenset()) -> None:
        self._words = frozenset(word for word in words if len(word) > 1)
        self._ordinary = ordinary
        self._known = self._words | ordinary
        self._plain = set(self._known)
        self._seen: dict[str, tuple[str, str, bool]] = {}

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(self._words - self._ordinary)

    def find(self, text: str, words: bytes) -> Disguises | None:
        """Return what may be disguised in *text*, lower-case ASCII, whose gate is *words*; None when nothing is."""
        chunks = set(filterfalse(self._plain.__contains__, text.split()))
        if len(self._plain) + len(self._seen) > len(self._known) + REMEMBERED:
            self._plain, self._seen = set(self._known), {}
        sure: dict[str, str] = {}
        unsure: dict[str, str] = {}
        masked: set[str] = set()
        broken: set[str] = set()
        single: set[str] = set()
        for chunk in chunks:
            found = self._seen.get(chunk) or self._look_at(chunk)
            if found is None:
                continue
            core, reading, is_sure = found
            if reading:
                masked.add(chunk)
                (sure if is_sure else unsure)[core] = reading
            elif len(core) > 1:
                broken.add(chunk)
            elif core.isalpha():
                single.add(core)
        spaced = len(single) > 2 and _is_spaced(text, words)
        crowded = "~~" in text or "~ ~" in text
        if not (sure or spaced or broken or crowded):
            return None
        chunks = broken | masked if sure else broken
        return Disguises(frozenset(chunks), {**unsure, **sure} if sure else {}, spaced, bool(broken), crowded)

    def _look_at(self, chunk: str) -> tuple[str, str, bool] | None:
        """Return the word in *chunk*, what it stands for if that is another, and whether that is sure; and remember it.

        None when it can stand for nothing else.
        """
        core = chunk.strip(_EDGES)
        reading = None if len(core) < 2 or core in self._known else self._reading(core)
        if reading is None and len(core) != 1 and not (core and chunk[-1] == "-"):
            self._plain.add(chunk)
            return None
        found = self._seen[chunk] = (core, *(reading or ("", False)))
        return found

    def unmask(self, plain: Plain, disguises: Disguises) -> Plain:
        """Return *plain* with its *disguises* undone; itself when it has none."""
        edits: list[Edit] = []
        edited = bytearray(len(plain.text))
        for edit in self._edits(plain, disguises):
            if not any(edited[edit.span.start : edit.span.end]):
                edited[edit.span.start : edit.span.end] = b"\1" * len(edit.span)
                edits.append(edit)
        if not edits:
            return plain
        edits.sort(key=lambda edit: edit.span)
        text, cased = (_edited(whole, edits) for whole in (plain.text, plain.cased))
        return Unmasked(text, cased, plain.visible, plain, tuple(edits))

    def _edits(self, plain: Plain, disguises: Disguises) -> Iterator[Edit]:
        """Yield what is to be changed; of edits that overlap the first one counts."""
        text = plain.text
        for found in _SPACED.finditer(text) if disguises.spaced else ():
            words = self._spelled_out(found, plain.origin)
            if words:
                yield Edit(Span(*found.span()), words)
        for found in _BROKEN.finditer(text) if disguises.broken else ():
            word = found[1] + found[2]
            between = plain.visible[plain.origin(found.end(1)) : plain.origin(found.start(2))]
            if word in self._words and ("\n" in between or not (found[1] in self._words and found[2] in self._words)):
                yield Edit(Span(*found.span()), word)
        for core, reading in disguises.readings.items():
            for span in _whole(core, text):
                cased = span.of(plain.cased)
                if not (_ENDED.search(cased) and cased.count(".") < 2):
                    yield Edit(span, reading)
        for found in _CROWDED.finditer(text) if disguises.crowded else ():
            yield Edit(Span(*found.span()), "~")

    def _is_known(self, word: str) -> bool:
        return word in self._known or word in _SHORT or ("'" in word and _APOSTROPHE.sub("", word) in self._known)

    def _reading(self, core: str) -> tuple[str, bool] | None:
        """Return what *core* stands for, and whether that is sure; None when that is itself."""
        if core.isalpha():
            return self._word(core)
        if len(core) > LONGEST or "://" in core or core[0] == "#" or ("@" in core and "." in core):
            return None
        return None if self._is_known(core) else self._signed(core) or self._strewn(core) or self._piecewise(core)

    def _strewn(self, core: str) -> tuple[str, bool] | None:
        """Return the words that are left when the signs strewn into *core* are taken away."""
        pieces = _NO_LETTER.split(core)
        if len(pieces) < 2 or not all(pieces) or any(sign.isdigit() for sign in core):
            return None
        letters = "".join(pieces)
        are_known = all(map(self._is_known, pieces))
        least, most = min(map(len, pieces)), max(map(len, pieces))
        is_hyphenated = len(core) - len(letters) == core.count("-")
        if len(letters) < SURE or (is_hyphenated and (are_known or least == 1 < most)):  # state-of-the-art, x-ray
            return None
        if letters in self._words:
            return letters, True
        words = self._parted(letters) if not are_known and (len(pieces) > 2 or most == 1) else None
        return (words, True) if words and max(map(len, words.split())) >= SURE else None

    def _piecewise(self, core: str) -> tuple[str, bool] | None:
        """Return *core* with each of its words as it is meant, and blanks for signs that would part them."""
        parts = self._with_blanks(_SEPARATOR.split(core))
        is_sure = "".join(parts) != core
        is_changed = is_sure
        for at in range(0, len(parts), 2):
            found = None if not parts[at] or self._is_known(parts[at]) else self._word(parts[at])
            if found:
                parts[at] = found[0]
                is_changed = True
                is_sure |= found[1]
        return ("".join(parts), is_sure) if is_changed else None

    def _with_blanks(self, parts: list[str]) -> list[str]:
        """Return *parts*, words and what stands between them, with a blank for each sign that parts known words.

        Figures count as words only where the same sign parts all.
        """
        is_regular = len(parts) > 3 and len({sign.strip("%") for sign in parts[1::2]}) == 1
        changed = parts.copy()
        for at in range(1, len(parts), 2):
            before, sign, after = parts[at - 1 : at + 2]
            if sign.strip("%") not in _PARTING:
                continue
            if is_regular or sign[-1] == "_":
                are_words = all(word.isdigit() or self._is_known(word) for word in (before, after))
            else:
                are_words = all(len(word) > 1 and self._is_known(word) for word in (before, after))
            if are_words and not (before.isdigit() and after.isdigit()):
                changed[at] = "% " if sign[0] == "%" else " "
        return changed

    def _word(self, piece: str) -> tuple[str, bool] | None:
        """Return the word that *piece*, which is none, stands for, and whether that is sure."""
        if piece.replace("'", "").isalpha():
            word = self._letters(piece)
            if word is None and "'" in piece:
                stem = _APOSTROPHE.sub("", piece)
                word = self._letters(stem)
                word = word and word + piece[len(stem) :]
            return (word, True) if word else None
        return self._signed(piece)

    def _signed(self, piece: str) -> tuple[str, bool] | None:
        """Return the word that is meant by one with digits and signs in place of letters."""
        signs = look_alikes()[1]
        choices = [signs.get(sign, sign) for sign in piece]
        ways = 1
        for choice in choices:
            ways *= len(choice)
        if ways > MOST_READINGS or not any(map(str.isalpha, piece)):
            return None
        for reading in map("".join, product(*choices)):
            if reading in self._words:
                is_long = len(reading) >= SURE or (len(reading) == SURE - 1 and _FRAMED.fullmatch(piece))
                is_numbered = piece.strip(_DIGITS) in self._known  # day1, 10mins
                return reading, bool(is_long) and not is_numbered and piece[0] != "@"
        return None

    def _letters(self, word: str) -> str | None:
        """Return the word that is meant by one with letters repeated, or misspelt."""
        if len(word) > LONGEST:
            return None
        is_tripled = _TRIPLE.search(word)
        if not is_tripled and not (len(word) > 5 and word[::2] == word[1::2]):
            return self._spelling.meant(word)
        least = 2 if is_tripled else 1
        runs = [run.group() for run in _RUN.finditer(word)]
        choices = [(run[0], run[0] * 2) if len(run) > least else (run,) for run in runs]
        if sum(len(choice) > 1 for choice in choices) > MOST_DOUBLE:
            choices = [(run[0],) for run in runs]
        return next((reading for reading in map("".join, product(*choices)) if reading in self._words), None)

    def _spelled_out(self, found: re.Match[str], origin: OffsetMap) -> str | None:
        """Return the words that single letters spell; a gap that is wider than others parts two words."""
        letters = [at for at in range(*found.span()) if found.string[at].isalpha()]
        places = [origin(at) for at in letters]
        gaps = [after - before for before, after in pairwise(places)]
        least = min(gaps)
        pieces = [""]
        for at, gap in zip(letters, [*gaps, least], strict=True):
            pieces[-1] += found.string[at]
            if gap > least:
                pieces.append("")
        words = [piece if piece in self._words else self._parted(piece) for piece in pieces]
        if len(pieces) > 1 and sum(len(word) for word in words if word) < SURE:
            return None
        return " ".join(word or piece for word, piece in zip(words, pieces, strict=True)) if any(words) else None

    def _parted(self, letters: str) -> str | None:
        """Return *letters* as the fewest known words, which are not all of one letter; None when that is impossible."""
        if len(letters) > LONGEST * 4:
            return None
        best: list[tuple[int, str] | None] = [(0, ""), *([None] * len(letters))]
        for end in range(1, len(letters) + 1):
            for start in range(max(end - 20, 0), end):
                before = best[start]
                word = letters[start:end]
                if before and (word in self._words or word in _SHORT):
                    here = best[end]
                    if here is None or before[0] + 1 < here[0]:
                        best[end] = before[0] + 1, f"{before[1]} {word}"
        found = best[-1]
        return found[1].strip() if found and found[0] <= len(letters) / 2 else None


def _is_spaced(text: str, words: bytes) -> bool:
    """Return whether single letters stand in a row in *text*; the outline of its *words* tells fast that none do."""
    return (
        b" a a a " in words.translate(_OUTLINE).replace(b"  ", b" ").replace(b"  ", b" ")
        and _SPACED.search(text) is not None
    )


def _whole(core: str, text: str) -> Iterator[Span]:
    """Yield where *core* stands in *text* between blanks, but for signs at its edges."""
    at = text.find(core)
    while at >= 0:
        end = at + len(core)
        chunk = text[text.rfind(" ", 0, at) + 1 : at], text[end : text.find(" ", end) % (len(text) + 1)]
        if not (chunk[0].strip(_EDGES) or chunk[1].strip(_EDGES)):
            yield Span(at, end)
        at = text.find(core, end)


def _edited(text: str, edits: Iterable[Edit]) -> str:
    """Return *text* with its *edits*, in capitals where it had them."""
    parts: list[str] = []
    done = 0
    for edit in edits:
        old = edit.span.of(text)
        new = edit.text.upper() if old.isupper() else edit.text.capitalize() if old[:1].isupper() else edit.text
        parts += [text[done : edit.span.start], new]
        done = edit.span.end
    return "".join([*parts, text[done:]])
