"""TOML that people write, in as text, out as plain values, with the place of every key and of every value in a list."""

from __future__ import annotations

import re
import tomllib
from typing import Any, TypeAlias

from kaudit.errors import ConfigError, Problem

Trail: TypeAlias = "tuple[str | int, ...]"
Places: TypeAlias = dict[Trail, tuple[int, int]]
"""Line and column, both from 1, by the keys that lead there."""

_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'',
    re.DOTALL,
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\n]+")


def read_toml(text: str, path: str) -> tuple[dict[str, Any], Places]:
    """Return what *text* holds, and where.

    Raises:
        ConfigError: when it is no TOML.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _AT.search(str(error))
        line, column = (int(found[1]), int(found[2])) if found and found[1] else (text.count("\n") + 1, 1)
        told = _AT.sub("", str(error))
        raise ConfigError(problems=(Problem(path, line, column, f"no TOML: {told[:1].lower()}{told[1:]}"),)) from error
    scanner = _Scanner(text.replace("\r\n", "\n"))
    scanner.scan()
    return values, scanner.places


class _Scanner:
    """Finds the places in a text that is known to be good TOML."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.places: Places = {}
        self._tables: dict[Trail, int] = {}

    def scan(self) -> None:
        """Note every place."""
        table: Trail = ()
        while self._skip() < len(self.text):
            brackets = 2 if self.text.startswith("[[", self.at) else int(self.text[self.at] == "[")
            self.at += brackets
            start = self._skip()
            key = self._key()
            if not brackets:
                self._value_of(table + key, start)
                continue
            table = key
            if brackets == 2:
                number = self._tables[key] = self._tables.get(key, -1) + 1
                table = (*key, number)
            self._note(table, start)
            self.at = self.text.index("]", self.at) + brackets

    def _skip(self) -> int:
        blank = _BLANK.match(self.text, self.at)
        self.at = blank.end() if blank else self.at
        return self.at

    def _note(self, trail: Trail, start: int) -> None:
        """Note where *trail* is, and what leads to it when nothing else has said."""
        line_start = self.text.rfind("\n", 0, start) + 1
        place = (self.text.count("\n", 0, start) + 1, start - line_start + 1)
        for end in range(1, len(trail)):
            self.places.setdefault(trail[:end], place)
        self.places[trail] = place

    def _key(self) -> Trail:
        """Read a key, dotted or not."""
        parts: list[str] = []
        while True:
            self._skip()
            quoted = _STRING.match(self.text, self.at)
            bare = _BARE_KEY.match(self.text, self.at)
            if quoted:
                (part,) = tomllib.loads(f"{quoted.group()} = 0")
                self.at = quoted.end()
            elif bare:
                part = bare.group()
                self.at = bare.end()
            parts.append(part)
            self._skip()
            if not self.text.startswith(".", self.at):
                return tuple(parts)
            self.at += 1

    def _value_of(self, trail: Trail, start: int) -> None:
        """Read "= value" after the key that began at *start*."""
        self._note(trail, start)
        self.at = self.text.index("=", self.at) + 1
        self._value(trail)

    def _value(self, trail: Trail) -> None:
        self._skip()
        sign = self.text[self.at]
        if sign in "[{":
            self._members(trail, "]" if sign == "[" else "}")
        else:
            found = _STRING.match(self.text, self.at) or _SCALAR.match(self.text, self.at)
            self.at = found.end() if found else self.at + 1

    def _members(self, trail: Trail, closing: str) -> None:
        """Read a list or an inline table."""
        self.at += 1
        number = 0
        while self.text[self._skip()] != closing:
            if closing == "]":
                self._note((*trail, number), self.at)
                self._value((*trail, number))
                number += 1
            else:
                start = self.at
                self._value_of((*trail, *self._key()), start)
            if self.text[self._skip()] == ",":
                self.at += 1
        self.at += 1
