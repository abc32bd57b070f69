"""Mask MDX: imports, exports and expressions of JavaScript in Markdown, under characters of the same length.

One pass, whatever is left open: an expression without an end stops at the next empty line and is text.
"""

from __future__ import annotations

import re

from kaudit.model import Comment, Span
from kaudit.read.masks import EXPRESSION, STATEMENT

_MODULE_CODE = re.compile(
    r"""^(?:import\s[^\n]*(?:from\s*['"][^'"\n]+['"]|['"][^'"\n]+['"]);?|export\s(?:[^\n]|\n(?!\n))*)$""", re.MULTILINE
)
_SIGN = re.compile(r"(?P<fence>^[ >]*(?:`{3,}|~{3,}))|(?P<gap>\n[ \t]*\n)|`+|/\*|\*/|\\.|[{}\"']", re.MULTILINE)
_STRING = re.compile(r"""\{\s*(["'`])([^"'`{}$\\<>]*)\1\s*\}$""")


def mask_mdx(source: str) -> str:
    """Return *source* with what MDX runs, and does not show, under masks; a string as attribute stays as one."""
    source = _MODULE_CODE.sub(lambda found: STATEMENT * len(found.group()), source)
    if "{" not in source:
        return source
    parts: list[str] = []
    done = 0
    for start, end in _expressions(source):
        parts.append(source[done:start])
        parts.append(_masked(source, start, end))
        done = end
    parts.append(source[done:])
    return "".join(parts)


def mdx_comments(source: str) -> tuple[Comment, ...]:
    """Return the comments {/* of MDX */}; one of HTML is none there, but is noted all the same."""
    if "{/*" not in source:
        return ()
    return tuple(
        Comment(Span(start, end), source[start + 3 : end - 3].strip())
        for start, end in _expressions(source)
        if source.startswith("{/*", start) and source.endswith("*/}", start, end)
    )


def _masked(source: str, start: int, end: int) -> str:
    expression = source[start:end]
    string = _STRING.match(expression)
    if string and source[start - 1 : start] == "=":
        before, after = string.start(2), end - start - string.end(2)
        return " " * (before - 1) + '"' + string[2] + '"' + " " * (after - 1)
    mask = STATEMENT if expression.startswith("{/*") else EXPRESSION
    return "".join("\n" if character == "\n" else mask for character in expression)


def _expressions(source: str) -> list[tuple[int, int]]:
    """Return where the outermost balanced braces outside code begin and end."""
    found: list[tuple[int, int]] = []
    depth = start = 0
    fence = code = quote = ""
    for sign in _SIGN.finditer(source):
        text = sign.group()
        if sign["fence"]:
            mark = text.strip(" >")[:3]
            fence = mark if not fence else "" if mark == fence else fence
        if fence or sign["fence"]:
            continue
        if sign["gap"]:
            depth, code, quote = 0, "", ""
        elif code:
            code = "" if text == code else code
        elif quote:
            quote = "" if text == quote else quote
        elif depth and text in ("/*", '"', "'", "`"):
            quote = "*/" if text == "/*" else text
        elif text == "{":
            start = sign.start() if not depth else start
            depth += 1
        elif text == "}" and depth:
            depth -= 1
            if not depth:
                found.append((start, sign.end()))
        elif text.startswith("`"):
            code = text
    return found
