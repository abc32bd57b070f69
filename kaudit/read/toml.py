"""Read TOML: its string values, each where it stands. What is TOML and what is not, the standard library decides."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

from kaudit.errors import DocumentError
from kaudit.model import Document, Keys, Syntax
from kaudit.read import ANY_KEY
from kaudit.read.builder import Builder, Value
from kaudit.read.possessive import compile_possessive
from kaudit.read.values import Decoder, Entry, embed_entries, refuse, too_deep

_TOKEN = compile_possessive(
    r'''(?P<line>\n)
      | \#(?P<comment>[^\r\n]*+)
      | """(?:\r?\n)?(?P<basic_lines>[^"\\]*+(?:(?:\\.|"{1,2}+(?!"))[^"\\]*+)*+"{0,2})"""
      | \'\'\'(?:\r?\n)?(?P<literal_lines>[^']*+(?:'{1,2}+(?!')[^']*+)*+'{0,2})\'\'\'
      | "(?P<basic>[^"\\\n]*+(?:\\.[^"\\\n]*+)*+)"
      | '(?P<literal>[^'\n]*+)'
      | (?P<sign>[\[\]{}=,])
      | (?P<bare>[^\s\[\]{}=,."'\#]++)''',
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(
    r"\\(?:(?P<code>u[\da-fA-F]{4}|U[\da-fA-F]{8}|x[\da-fA-F]{2})|(?P<join>[ \t]*\r?\n\s*)|(?P<sign>.))|(?P<break>\r\n)"
)
_SIGNS = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}


def read_toml(source: str, path: str, keys: Keys = ANY_KEY) -> Document:
    """Return the copy among the values of *source*.

    Raises:
        DocumentError: when it is no TOML.
    """
    builder = Builder(source, "toml", path, Syntax.TEXT)
    embed_entries(builder, toml_entries(source, path, builder, keys.deepest), keys, path)
    return builder.finish()


def toml_entries(
    source: str, path: str, builder: Builder | None = None, deepest: int = ANY_KEY.deepest
) -> Iterator[Entry]:
    """Yield every string value of *source*; tell *builder* the comments.

    Raises:
        DocumentError: when it is no TOML.
    """
    _check(source, path, deepest)
    table: tuple[str, ...] = ()
    name: tuple[str, ...] = ()  # what has been read of a key, or the place in a list
    outer: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = []  # what is open: its sign, the path to it, its name
    is_key = True
    for token in _TOKEN.finditer(source):
        here = outer[-1][1] if outer else table
        match token.lastgroup:
            case "line":
                if not outer:
                    is_key, name = True, ()
            case "comment":
                if builder is not None:
                    builder.comment(*token.span(), token["comment"])
            case "sign":
                sign = token["sign"]
                if sign in "[{" and not is_key:
                    if len(outer) >= deepest:
                        raise refuse(source, token.start(), path, too_deep(deepest))
                    outer.append((sign, here + name, name))
                    is_key, name = sign == "{", () if sign == "{" else ("0",)
                elif sign in "]}" and outer:
                    is_key, name = False, outer.pop()[2]
                elif sign == "]":
                    table = name
                elif sign == "=":
                    is_key = False
                elif sign == "," and outer[-1][0] == "{":
                    is_key, name = True, ()
                elif sign == ",":
                    name = (str(int(name[0]) + 1),)
            case "bare":
                if is_key:
                    name += (token["bare"],)
            case str(kind):
                value = _decode(source, *token.span(kind), kind)
                if is_key:
                    name += (value.text,)
                else:
                    yield Entry(here + name, value)


def _check(source: str, path: str, deepest: int) -> None:
    try:
        tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise DocumentError(path, f"is no TOML: {error}") from error
    except RecursionError as error:
        raise DocumentError(path, too_deep(deepest)) from error


def _decode(source: str, start: int, end: int, kind: str) -> Value:
    """Return what stands between the quotation marks of a string; *kind* is its group's name."""
    decoder = Decoder(source)
    at = start
    for escape in _ESCAPE.finditer(source, start, end):
        if kind.startswith("literal") and not escape["break"]:
            continue
        decoder.copy(at, escape.start())
        at = escape.end()
        if escape["code"]:
            decoder.atom(chr(int(escape["code"][1:], 16)), *escape.span())
        elif escape["sign"]:
            decoder.atom(_SIGNS.get(escape["sign"], escape["sign"]), *escape.span())
        elif escape["break"]:
            decoder.atom("\n", *escape.span())
    decoder.copy(at, end)
    return decoder.value(Syntax.TOML_LITERAL if kind.startswith("literal") else Syntax.TOML_BASIC)
