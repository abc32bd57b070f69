"""Read YAML: its string values, each where it stands.

PyYAML says where a scalar begins and ends; what stands for which of its characters we work out ourselves, and compare
the outcome with PyYAML's. Events are read, not nodes, so that aliases cost nothing and no depth exhausts the stack.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from kaudit.model import Document, Keys, Syntax
from kaudit.read import ANY_KEY
from kaudit.read.builder import Builder, Value
from kaudit.read.possessive import compile_possessive
from kaudit.read.values import Decoder, Entry, embed_entries, refuse, too_deep, whole

_PROPERTIES = compile_possessive(r"(?:[&!][^\s,\[\]{}]*+\s++)*+")
"""An anchor and a tag before a value."""
_FOLD = r"[ \t]*+\r?\n[ \t]*+(?:\r?\n[ \t]*+)*+"
_SIGNS = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    "N": "\x85",  # next line
    "_": "\xa0",  # no-break space
    "L": "\u2028",  # line separator
    "P": "\u2029",  # paragraph separator
}
_HEADER = re.compile(r"[|>][^\n]*\n")
_KEEP = re.compile(r"[|>]\d?\+")
_STRIP = re.compile(r"[|>]\d?-")
_LINE = re.compile(r"([^\r\n]*+)(?:\r?\n|(?<=[^\n])\Z)")
_INDENT = re.compile(r" *(?=[^ \r\n])")
_COMMENT = re.compile(r"(?m)(?:^|(?<=[ \t]))#(?P<text>[^\r\n]*)")
_STANDARD = "tag:yaml.org,2002:"
_STRING = f"{_STANDARD}str"
_resolve: Callable[..., str] = yaml.resolver.Resolver().resolve
_FLOW = {
    "": (compile_possessive(rf"(?P<fold>{_FOLD})"), Syntax.YAML_PLAIN),
    "'": (compile_possessive(rf"(?P<quote>'')|(?P<fold>{_FOLD})"), Syntax.YAML_SINGLE),
    '"': (
        compile_possessive(
            r"\\(?:(?P<code>x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8})|(?P<join>\r?\n[ \t]*+)|(?P<sign>.))"
            rf"|(?P<fold>{_FOLD})"
        ),
        Syntax.YAML_DOUBLE,
    ),
}
"""How each style of scalar but the block ones has what does not stand for itself, and how words are written in it."""


def read_yaml(source: str, path: str, keys: Keys = ANY_KEY) -> Document:
    """Return the copy among the values of *source*.

    Raises:
        DocumentError: when it is no YAML.
    """
    builder = Builder(source, "yaml", path, Syntax.TEXT)
    embed_entries(builder, yaml_entries(source, path, builder, keys.deepest), keys, path)
    return builder.finish()


def yaml_entries(
    source: str, path: str, builder: Builder | None = None, deepest: int = ANY_KEY.deepest
) -> Iterator[Entry]:
    """Yield every string value of *source*, one or more YAML documents; tell *builder* the comments.

    Raises:
        DocumentError: when it is no YAML.
    """
    frames: list[_Frame] = []
    told = 0  # up to where comments have been told
    for event in _events(source, path):
        if isinstance(event, yaml.NodeEvent):
            is_key = frames[-1].step(event) if frames else False
            if isinstance(event, yaml.CollectionStartEvent):
                if len(frames) >= deepest:
                    raise refuse(source, _place(event.start_mark), path, too_deep(deepest))
                frames.append(_Frame(isinstance(event, yaml.MappingStartEvent)))
            elif isinstance(event, yaml.ScalarEvent):
                start, end = _content(source, event)
                if builder is not None:
                    _tell_comments(builder, told, start)
                told = end
                if not is_key and _is_string(event):
                    yield Entry(tuple(frame.key for frame in frames), _value(source, start, end, event))
        elif isinstance(event, yaml.CollectionEndEvent):
            frames.pop()
    if builder is not None:
        _tell_comments(builder, told, len(source))


@dataclass(slots=True)
class _Frame:
    """A collection that is being read."""

    is_mapping: bool
    key: str = ""
    """The present key, or place."""
    nodes: int = 0

    def step(self, event: yaml.NodeEvent) -> bool:
        """Take note of a node; return whether it is a key."""
        self.nodes += 1
        if not self.is_mapping:
            self.key = str(self.nodes - 1)
            return False
        if self.nodes % 2 == 0:
            return False
        self.key = event.value if isinstance(event, yaml.ScalarEvent) else "?"
        return True


def _events(source: str, path: str) -> Iterator[yaml.Event]:
    try:
        yield from yaml.parse(source, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or error.context or "is no YAML"
        raise refuse(source, _place(mark), path, problem) from error
    except yaml.reader.ReaderError as error:
        raise refuse(source, error.position, path, error.reason) from error


def _place(mark: Any) -> int:  # the libraries' two kinds of marks have no type in common
    return mark.index if mark else 0


def _content(source: str, event: yaml.ScalarEvent) -> tuple[int, int]:
    """Return where the text of a scalar stands, without its properties, its quotation marks, its header."""
    start, end = _place(event.start_mark), _place(event.end_mark)
    properties = _PROPERTIES.match(source, start, end)
    start = properties.end() if properties else start
    if event.style in ("'", '"'):
        return start + 1, end - 1
    header = _HEADER.match(source, start, end)
    return (header.end() if header and event.style in ("|", ">") else start), end


def _tell_comments(builder: Builder, start: int, end: int) -> None:
    for comment in _COMMENT.finditer(builder.source, start, end):
        builder.comment(*comment.span(), comment["text"])


def _is_string(event: yaml.ScalarEvent) -> bool:
    if event.tag:
        return event.tag == _STRING or not event.tag.startswith(_STANDARD)
    return not event.implicit[0] or _resolve(yaml.ScalarNode, event.value, (True, False)) == _STRING


def _value(source: str, start: int, end: int, event: yaml.ScalarEvent) -> Value:
    """Return the value of a scalar; as a whole when our own reading of it is not PyYAML's."""
    if event.style in ("|", ">"):
        value = _decode_block(source, start, end, event.style == ">")
    else:
        pattern, layer = _FLOW[event.style or ""]
        value = _decode_flow(source, start, end, pattern, layer)
    return value if value.text == event.value else whole(event.value, start, end, value.layer)


def _decode_flow(source: str, start: int, end: int, pattern: re.Pattern[str], layer: Syntax) -> Value:
    decoder = Decoder(source)
    at = start
    for sign in pattern.finditer(source, start, end):
        decoder.copy(at, sign.start())
        at = sign.end()
        match sign.lastgroup:
            case "fold":
                breaks = sign.group().count("\n")
                decoder.atom(" " if breaks == 1 else "\n" * (breaks - 1), *sign.span())
            case "quote":
                decoder.atom("'", *sign.span())
            case "code":
                decoder.atom(_character(sign["code"][1:]), *sign.span())
            case "sign":
                decoder.atom(_SIGNS.get(sign["sign"], sign["sign"]), *sign.span())
            case _:  # a line that goes on in the next, with nothing between
                pass
    decoder.copy(at, end)
    return decoder.value(layer)


def _character(code: str) -> str:
    number = int(code, 16)
    return chr(number) if number <= sys.maxunicode else ""


def _decode_block(source: str, start: int, end: int, folded: bool) -> Value:
    """Return the value of a block scalar; its header, right before *start*, tells what its last line breaks become."""
    header = source[source.rfind("\n", 0, start - 1) + 1 : start]
    decoder = Decoder(source)
    lines = [line.span(1) for line in _LINE.finditer(source, start, end)]
    indent = next((len(found.group()) for found in (_INDENT.match(source, *line) for line in lines) if found), 0)
    last, breaks, was_deeper = start, 0, False  # the end of what was told, the line breaks since
    for at, stop in lines:
        content = min(at + indent, stop)
        if content < stop:
            is_deeper = source[content] in " \t"
            if last == start:
                between = "\n" * breaks
            elif folded and not is_deeper and not was_deeper:
                between = "\n" * (breaks - 1) or " "
            else:
                between = "\n" * breaks
            if between:
                decoder.atom(between, last, content)
            decoder.copy(content, stop)
            last, breaks, was_deeper = stop, 0, is_deeper
        breaks += 1
    ending = source.count("\n", last, end) if _KEEP.search(header) else 0 if _STRIP.search(header) else 1
    if ending and last < end:
        decoder.atom("\n" * ending, last, end)
    return decoder.value(Syntax.YAML_BLOCK)
