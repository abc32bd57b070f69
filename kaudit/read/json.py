"""Read JSON, JSON Lines, and JSON with comments: its string values, each where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kaudit.model import Document, Keys, Syntax
from kaudit.read import ANY_KEY
from kaudit.read.builder import Builder, Value
from kaudit.read.possessive import compile_possessive
from kaudit.read.values import Decoder, Entry, embed_entries, refuse, too_deep

_TOKEN = compile_possessive(
    r"""[ \t\r\n\ufeff]*+(?:
        "(?P<string>[^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*+)"
      | (?P<sign>[{}\[\],:])
      | (?P<word>[\w.+-]++)
      | (?P<comment>//[^\n]*+|/\*[^*]*+(?:\*(?!/)[^*]*+)*+\*/)
      | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
_ESCAPE = re.compile(
    r"\\(?:u(?P<high>[dD][89abAB][\da-fA-F]{2})\\u(?P<low>[dD][c-fC-F][\da-fA-F]{2})|u(?P<code>[\da-fA-F]{4})|(?P<sign>.))"
)
_SIGNS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_CLOSING = {"{": "}", "[": "]"}
_LOST = "\ufffd"
"""Shows half of a surrogate pair, which is no character."""


def read_json(source: str, path: str, keys: Keys = ANY_KEY) -> Document:
    """Return the copy among the values of *source*.

    Raises:
        DocumentError: when it is no JSON.
    """
    builder = Builder(source, "json", path, Syntax.TEXT)
    embed_entries(builder, json_entries(source, path, builder, keys.deepest), keys, path)
    return builder.finish()


def json_entries(
    source: str, path: str, builder: Builder | None = None, deepest: int = ANY_KEY.deepest
) -> Iterator[Entry]:
    """Yield every string value of *source*, one or more JSON texts; tell *builder* the comments.

    Raises:
        DocumentError: when it is no JSON.
    """
    signs: list[str] = []  # that are open
    keys: list[str] = []  # in each of them, the present key or place
    is_key = False
    at = 0
    while True:
        token = _TOKEN.match(source, at)
        if token is None:
            blanks = len(source) - at - len(source[at:].lstrip())
            raise refuse(source, at + blanks, path, "is no JSON from here on")
        at = token.end()
        if token.lastgroup == "string":
            value = decode_json(source, *token.span("string"))
            if is_key:
                keys[-1] = value.text
            else:
                yield Entry(tuple(keys), value)
        elif token.lastgroup == "sign":
            sign = token["sign"]
            if sign in "{[":
                if len(signs) >= deepest:
                    raise refuse(source, at - 1, path, too_deep(deepest))
                signs.append(sign)
                keys.append("0")
            elif sign in "}]":
                if not signs or _CLOSING[signs.pop()] != sign:
                    raise refuse(source, at - 1, path, f"{sign} closes nothing")
                keys.pop()
            elif sign == "," and signs and signs[-1] == "[":
                keys[-1] = str(int(keys[-1]) + 1)
            is_key = sign in "{," and signs[-1:] == ["{"]
        elif token.lastgroup == "comment":
            if builder is not None:
                text = token["comment"]
                builder.comment(token.start("comment"), at, text[2:-2] if text.startswith("/*") else text[2:])
        elif token.lastgroup == "end":
            break
    if signs:
        raise refuse(source, len(source), path, f"a {_CLOSING[signs[-1]]} is missing")


def decode_json(source: str, start: int, end: int) -> Value:
    """Return what stands between the quotation marks of a JSON string."""
    return decode_escapes(source, ((start, end),), Syntax.JSON)


def decode_escapes(source: str, stretches: tuple[tuple[int, int], ...], layer: Syntax) -> Value:
    """Return what *stretches* of the source, with escapes as JSON and C have them, say together."""
    decoder = Decoder(source)
    for start, end in stretches:
        at = start
        for escape in _ESCAPE.finditer(source, start, end):
            decoder.copy(at, escape.start())
            decoder.atom(_unescaped(escape), *escape.span())
            at = escape.end()
        decoder.copy(at, end)
    return decoder.value(layer)


def _unescaped(escape: re.Match[str]) -> str:
    if escape["sign"]:
        return _SIGNS.get(escape["sign"], escape["sign"])
    if escape["high"]:
        return chr(0x10000 + ((int(escape["high"], 16) - 0xD800) << 10) + int(escape["low"], 16) - 0xDC00)
    code = int(escape["code"], 16)
    return _LOST if 0xD800 <= code < 0xE000 else chr(code)
