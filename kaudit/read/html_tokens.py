"""Tokens of HTML, as browsers see them, each with its place: a string in, tags, text and references out.

Most tokens are tags after some text, so that a tag and the text before it are one token; and most tags of a page are
written like others, so that each way to write one is read once.

Follows the tokenizer of the HTML standard, parse errors and all, but for NUL and for what only a tree builder knows.
Linear on any input: every group that repeats is possessive, and what was looked for in vain is not looked for again.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.entities import html5 as entities
from typing import NamedTuple

from kaudit.read.possessive import compile_possessive


class TokenKind(enum.IntEnum):
    """What a token is."""

    TEXT = 0
    REFERENCE = 1
    """A character reference; *value* is what it stands for."""
    START = 2
    """A start tag; *value* is its name in lower case."""
    END = 3
    COMMENT = 4
    """A comment, a doctype, an instruction, or a tag that never ends."""
    RAW = 5
    """What an element holds that has no markup inside, such as a script; *value* is its name."""


TEXT, REFERENCE, START, END, COMMENT, RAW = TokenKind


@dataclass(frozen=True, slots=True, eq=False)
class Tag:
    """A start or end tag, wherever it stands; equal to no other, so that a table of them is quick."""

    kind: TokenKind
    name: str
    """In lower case."""
    name_end: int = 0
    """Where the name of a start tag ends and its attributes begin, from its own beginning."""
    is_plain: bool = True
    """Whether it has no attributes."""
    is_closed: bool = False
    """Whether a start tag ends with "/>"."""


class Token(NamedTuple):
    """A stretch of HTML, and what it is."""

    kind: TokenKind
    start: int
    end: int
    value: str = ""
    tag: Tag | None = None
    """Of a start or end tag."""
    before: int = -1
    """Where the text begins that goes before a tag, and belongs to no other token; -1 when there is none."""


class Attribute(NamedTuple):
    """An attribute with a value, and where that stands."""

    name: str
    start: int
    end: int
    quote: str
    """The sign around the value, if any."""


_RAW_ELEMENTS = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes"})
_TEXT_ELEMENTS = frozenset({"title", "textarea"})
_OPAQUE = _RAW_ELEMENTS | _TEXT_ELEMENTS | {"plaintext"}
"""Elements whose content is no markup."""
_BLANK = r"\t\n\f\r \ue002"
"""With the mask of what a container writes at the beginning of a line (masks.py)."""
_TAG = compile_possessive(
    rf"(?:</([a-zA-Z][^{_BLANK}/>]*+)[{_BLANK}]*+>"
    rf"|<([a-zA-Z][^{_BLANK}/>]*+)"
    rf"""((?:[{_BLANK}]++[^{_BLANK}/>"'<=]++(?:[{_BLANK}]*+=[{_BLANK}]*+"""
    rf"""(?:"[^"]*+"|'[^']*+'|[^{_BLANK}"'=<>`]++))?+)*+)[{_BLANK}]*+(/?)>)"""
)
"""An end tag or a start tag without errors."""
_OFTEN = 250
"""Characters of a tag that is likely to be written again; bounded, so that a sign that never comes costs nothing."""
_TAG_NAME = re.compile(rf"[^{_BLANK}/>]+")
_ATTRIBUTE = compile_possessive(
    rf"[{_BLANK}/]*+(?:(>)|(=?[^{_BLANK}/>=]*+)(?:[{_BLANK}]*+=[{_BLANK}]*+"
    rf"""(?:"([^"]*+)"|'([^']*+)'|(["'])|([^{_BLANK}>"'][^{_BLANK}>]*+)|(?=>)))?+)"""
)
_COMMENT_END = re.compile(r"--!?>")
_REFERENCE = re.compile(r"&(?:#[0-9]++;?|#[xX][0-9a-fA-F]++;?|[A-Za-z][A-Za-z0-9]*+;?)")
_SCRIPT_SIGN = re.compile(rf"<!--|-->|<script(?=[{_BLANK}/>])|</script(?=[{_BLANK}/>])", re.IGNORECASE)
_LONGEST_ENTITY = max(map(len, entities))
_WINDOWS = bytes(range(0x80, 0xA0)).decode("cp1252", "replace")
"""What references to control characters of Latin-1 stand for."""


def tokens(
    source: str, start: int = 0, end: int | None = None, known: dict[str, Tag] | None = None
) -> Iterator[tuple[TokenKind, int, int, str, Tag | None, int]]:
    """Yield the tokens of *source* from *start* to *end*, which cover it without a gap; as bare tuples, for speed.

    Tags are looked up among those that are *known* by how they are written, and added to them.
    """
    stop = len(source) if end is None else end
    known = {} if known is None else known
    at = start
    close = ampersand = -1  # behind the next ">", and the next "&"
    find = source.find
    while at < stop:
        first = find("<", at, stop)
        if first < 0:
            yield from references(source, at, stop)
            return
        before = -1
        if first > at:
            if ampersand < at:
                ampersand = find("&", at, stop)
                if ampersand < 0:
                    ampersand = stop
            if ampersand < first:
                yield from references(source, at, first)
            else:
                before = at
        if close <= first:
            close = find(">", first, stop) + 1 or stop + _OFTEN
        tag = known.get(source[first:close]) if close - first < _OFTEN else None
        at = close
        if tag is None:
            found = _TAG.match(source, first, stop)
            if found is None:
                if before >= 0:
                    yield Token(TEXT, before, first)
                    before = -1
                token = _irregular(source, first, stop)
                at = token.end
                if token.tag is None:
                    yield from references(source, first, at) if token.kind is TEXT else (token,)
                    continue
                tag = token.tag
            else:
                tag = _regular(found)
                at = found.end()
                if at == close < first + _OFTEN:
                    known[found.group()] = tag
        yield tag.kind, first, at, tag.name, tag, before
        if tag.name in _OPAQUE and tag.kind is START:
            end_of_content = _content_end(source, tag.name, at, stop)
            yield from _content(source, tag.name, at, end_of_content)
            at = end_of_content


def _regular(found: re.Match[str]) -> Tag:
    """Return the tag without errors that was *found*."""
    ended, name, told, slash = found.groups()
    if ended is not None:
        return Tag(END, ended.lower())
    return Tag(START, name.lower(), 1 + len(name), not told, bool(slash))


def references(source: str, start: int, end: int, *, in_attribute: bool = False) -> Iterator[Token]:
    """Yield the text and the character references from *start* to *end*."""
    done = start
    at = source.find("&", start, end)
    while at >= 0:
        found = _REFERENCE.match(source, at, end)
        following = source[found.end() : found.end() + 1] if found and found.end() < end else ""
        decoded = _decode(found.group(), following, in_attribute) if found else None
        if decoded:
            if at > done:
                yield Token(TEXT, done, at)
            characters, length = decoded
            yield Token(REFERENCE, at, at + length, characters)
            done = at + length
            at = source.find("&", done, end)
        else:
            at = source.find("&", at + 1, end)
    if done < end:
        yield Token(TEXT, done, end)


def attributes(source: str, start: int, end: int) -> list[Attribute]:
    """Return the attributes that have a value, each name once, in the rest of a start tag from *start* to *end*."""
    return [attribute for attribute in _attributes(source, start, end)[0] if attribute.start >= 0]


def has_attribute(source: str, start: int, end: int, name: str) -> bool:
    """Return whether that rest of a start tag has an attribute *name*, with a value or without."""
    return any(attribute.name == name for attribute in _attributes(source, start, end)[0])


def _attributes(source: str, at: int, stop: int) -> tuple[list[Attribute], bool, int]:
    """Return the attributes from *at*, whether the tag ends with "/>", and where; -1 when it never does."""
    found: list[Attribute] = []
    seen: set[str] = set()
    while True:
        match = _ATTRIBUTE.match(source, at, stop)
        if match is None:
            return found, False, -1
        end = match.end()
        if match[1] is not None:
            return found, end - 2 >= match.start() and source[end - 2] == "/", end
        if end == at or (match[2] == "" and end >= stop) or match[5] is not None:
            return found, False, -1
        name = match[2].lower()
        if name not in seen:
            seen.add(name)
            group, quote = next(
                ((group, quote) for group, quote in ((3, '"'), (4, "'"), (6, "")) if match[group] is not None), (0, "")
            )
            start, value_end = match.span(group) if group else (-1, -1)
            found.append(Attribute(name, start, value_end, quote))
        at = end


def _irregular(source: str, at: int, stop: int) -> Token:
    """Return the text up to the next "<", or the token at one that begins no tag without errors."""
    if source[at] != "<":
        end = source.find("<", at, stop)
        return Token(TEXT, at, stop if end < 0 else end)
    following = source[at + 1 : at + 2]
    if following == "!":
        return Token(COMMENT, at, _comment_end(source, at, stop))
    if following == "?":
        close = "?>" if source.startswith(("<?php", "<?="), at) else ">"
        return Token(COMMENT, at, _after(source, close, at + 2, stop))
    if following == "/" and at + 2 < stop:
        if not _is_letter(source[at + 2]):
            return Token(COMMENT, at, _after(source, ">", at + 2, stop))
        name = _TAG_NAME.match(source, at + 2, stop)
        assert name
        end = _attributes(source, name.end(), stop)[2]
        return _tagged(Tag(END, name.group().lower()), at, end) if end >= 0 else Token(COMMENT, at, stop)
    if not _is_letter(following):
        end = source.find("<", at + 1, stop)
        return Token(TEXT, at, stop if end < 0 else end)
    name = _TAG_NAME.match(source, at + 1, stop)
    assert name
    found, is_closed, end = _attributes(source, name.end(), stop)
    if end < 0:
        return Token(COMMENT, at, stop)
    return _tagged(Tag(START, name.group().lower(), name.end() - at, not found, is_closed), at, end)


def _tagged(tag: Tag, start: int, end: int) -> Token:
    return Token(tag.kind, start, end, tag.name, tag)


def _comment_end(source: str, at: int, stop: int) -> int:
    if not source.startswith("<!--", at):
        return _after(source, ">", at + 2, stop)
    if source.startswith("<!-->", at):
        return at + 5
    if source.startswith("<!--->", at):
        return at + 6
    found = _COMMENT_END.search(source, at + 4, stop)
    return found.end() if found else stop


def _after(source: str, sign: str, at: int, stop: int) -> int:
    end = source.find(sign, at, stop)
    return stop if end < 0 else end + len(sign)


def _is_letter(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _content(source: str, name: str, start: int, end: int) -> Iterator[Token]:
    """Yield what an opaque element *name* holds."""
    if end == start:
        return
    if name in _RAW_ELEMENTS:
        yield Token(RAW, start, end, name)
    elif name in _TEXT_ELEMENTS:
        yield from references(source, start, end)
    else:
        yield Token(TEXT, start, end)


def _content_end(source: str, name: str, start: int, stop: int) -> int:
    """Return where the content of an opaque element *name* ends."""
    if name == "plaintext":
        return stop
    found = _end_tag(name).search(source, start, stop)
    if found is None:
        return stop
    return _script_end(source, start, stop) if name == "script" else found.start()


_end_tags: dict[str, re.Pattern[str]] = {}


def _end_tag(name: str) -> re.Pattern[str]:
    pattern = _end_tags.get(name)
    if pattern is None:
        pattern = _end_tags[name] = re.compile(rf"</{name}(?=[{_BLANK}/>])", re.IGNORECASE)
    return pattern


def _script_end(source: str, start: int, stop: int) -> int:
    """Return where a script ends; one inside a comment inside a script hides its end tag."""
    in_comment = in_script = False
    for found in _SCRIPT_SIGN.finditer(source, start, stop):
        sign = found.group().lower()
        if sign == "<!--":
            in_comment = not source.startswith(("<!-->", "<!--->"), found.start())
            in_script = in_script and in_comment
        elif sign == "-->":
            in_comment = in_script = False
        elif sign == "<script":
            in_script = in_script or in_comment
        elif in_script:
            in_script = False
        else:
            return found.start()
    return stop


def _decode(reference: str, following: str, in_attribute: bool) -> tuple[str, int] | None:
    """Return what *reference* stands for, and how much of it does; None when it is plain text."""
    if reference[1] == "#":
        digits = reference[2:].rstrip(";")
        # Any number of more than seven digits is out of range, unless they are noughts.
        hexadecimal = digits[0] in "xX"
        digits = (digits[1:] if hexadecimal else digits).lstrip("0")
        number = int(digits or "0", 16 if hexadecimal else 10) if len(digits) <= 7 else 0
        if 0x80 <= number < 0xA0:
            windows = _WINDOWS[number - 0x80]
            return (chr(number) if windows == "\ufffd" else windows), len(reference)
        valid = 0 < number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF
        return (chr(number) if valid else "\ufffd"), len(reference)
    name = reference[1:]
    if name.endswith(";") and name in entities:
        return entities[name], len(reference)
    for length in range(min(len(name), _LONGEST_ENTITY), 1, -1):
        if name[:length] in entities:
            after = name[length : length + 1] or following
            if (
                in_attribute
                and not name[:length].endswith(";")
                and (after == "=" or (after.isascii() and after.isalnum()))
            ):
                return None
            return entities[name[:length]], length + 1
    return None
