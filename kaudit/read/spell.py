"""Spell: words and a place in, ways to write them there out, the plainest first.

Whether readers then see the words, only reading the changed document tells (see replacing.py), so the first that does
is taken. What is embedded is spelt once more for each layer around it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from kaudit.model import Syntax

_MARKDOWN_SIGN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&:@\"'$=^])")
_MARKDOWN_RISK = re.compile(r"[<>&\[\]*_`|~\\]")
_RST_SIGN = re.compile(r"([\\`*_|:])")
_LONE_PIPE = re.compile(r"(?<!\\)\|")


def spellings(text: str, syntax: Syntax, layers: Iterable[Syntax] = ()) -> Iterator[str]:
    """Yield ways to write *text* in *syntax* inside *layers*, from inside out."""
    for spelling in dict.fromkeys(_SPELLERS.get(syntax, _as_it_is)(text)):
        for layer in layers:
            spelling = next(iter(_SPELLERS.get(layer, _as_it_is)(spelling)))
        yield spelling


def _as_it_is(text: str) -> Iterator[str]:
    yield text


def _markdown(text: str) -> Iterator[str]:
    yield text
    yield _MARKDOWN_SIGN.sub(r"\\\1", text)
    yield _MARKDOWN_RISK.sub(lambda sign: f"&#{ord(sign.group())};", text)


def _rst(text: str) -> Iterator[str]:
    yield text
    yield _RST_SIGN.sub(r"\\\1", text)


def _markdown_cell(text: str) -> Iterator[str]:
    for spelling in _markdown(text):
        yield _LONE_PIPE.sub(r"\\|", spelling)


def _html(text: str) -> Iterator[str]:
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    yield text
    yield text.replace("{", "&#123;").replace("$", "&#36;")  # which templates would take for theirs


def _double_quoted(text: str) -> Iterator[str]:
    yield text.replace("&", "&amp;").replace('"', "&quot;")


def _single_quoted(text: str) -> Iterator[str]:
    yield text.replace("&", "&amp;").replace("'", "&#39;")


def _json(text: str) -> Iterator[str]:
    yield json.dumps(text, ensure_ascii=False)[1:-1]


def _doubled(quote: str) -> Callable[[str], Iterator[str]]:
    def spell(text: str) -> Iterator[str]:
        yield text.replace(quote, quote * 2)

    return spell


_SPELLERS: Mapping[Syntax, Callable[[str], Iterator[str]]] = {
    Syntax.MARKDOWN: _markdown,
    Syntax.MARKDOWN_TITLE: _markdown,
    Syntax.MARKDOWN_CELL: _markdown_cell,
    Syntax.RST: _rst,
    Syntax.HTML: _html,
    Syntax.HTML_TEXT: _html,
    Syntax.ATTRIBUTE_DOUBLE: _double_quoted,
    Syntax.ATTRIBUTE_SINGLE: _single_quoted,
    Syntax.ATTRIBUTE_BARE: _double_quoted,
    Syntax.JSON: _json,
    Syntax.YAML_DOUBLE: _json,
    Syntax.YAML_SINGLE: _doubled("'"),
    Syntax.TOML_BASIC: _json,
    Syntax.CSV_QUOTED: _doubled('"'),
    Syntax.PO: _json,
    Syntax.CSV_QUOTED: _doubled('"'),
    Syntax.PO: _json,
}
