"""Masks: what parsers of Markdown and HTML would take for text, or trip over, under characters of the same length.

Templates are masked before parsing, so that places stay; what is masked shows as an object or not at all. Addresses are
found only in what shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kaudit.model import OBJECT, MarkKind
from kaudit.read.builder import Builder

EXPRESSION = "\ue000"
"""Masks something that a template fills in: shows as one object."""

STATEMENT = "\ue001"
"""Masks what a template only does: shows nothing."""

PREFIX = "\ue002"
"""Masks what a container of a block writes at the beginning of its lines, such as "> "."""

_TEMPLATE = re.compile(
    r"(\{\{[<%]/?.{0,2000}?[%>]\}\}"  # Hugo
    r"|\{%.{0,2000}?%\}|\{#.{0,2000}?#\}|\{\{!--.{0,2000}?--\}\}"  # Jinja, Liquid, Handlebars
    r"|<%--.{0,2000}?--%>|<%[^=].{0,2000}?%>)"  # ERB
    r"|(\{\{\{?.{0,500}?\}\}\}?|<%=.{0,500}?%>|\$\{[^{}\n]{0,200}\})",
    re.DOTALL,
)
_TEMPLATE_SIGNS = ("{{", "{%", "{#", "<%", "${")
_ADDRESS = (
    r"\b[A-Za-z][A-Za-z+.-]{1,10}://[^\s<>\ue000-\ue002]++|\bwww\.[^\s<>\ue000-\ue002]++"
    r"|(?<![\w.+-])[\w.+-]++@[\w-]++\.[\w.]++"
)
_URL = re.compile(_ADDRESS)
_ADDRESS_SIGN = re.compile(r"://|www\.|@")
_MASK = re.compile(f"[{EXPRESSION}-{PREFIX}]")
_MASKED = re.compile(rf"{EXPRESSION}++|{STATEMENT}++|{PREFIX}++|{_ADDRESS}")
_REGISTER = re.compile(r"\b(?:pubmed|doi|clinicaltrials)\b")
_AFTER_ADDRESS = ".,;:!?)'\""
_SHORTEST_ADDRESS = 5


def mask_templates(source: str) -> str:
    """Return *source* with the syntax of Jinja, Liquid, Hugo, Handlebars, ERB and ${...} under masks."""
    if not any(sign in source for sign in _TEMPLATE_SIGNS):
        return source
    return _TEMPLATE.sub(lambda found: (STATEMENT if found[1] else EXPRESSION) * len(found.group()), source)


def has_addresses(text: str) -> bool:
    """Return whether *text* may hold a web or mail address."""
    return "://" in text or "www." in text or "@" in text


def mask_addresses(text: str) -> str:
    """Return *text* with web and mail addresses under objects of the same length."""
    if not has_addresses(text):
        return text
    parts: list[str] = []
    done = 0
    for found in _addresses(text):
        length = _address_end(found) - found.start()
        if length >= _SHORTEST_ADDRESS:
            parts += text[done : found.start()], shown_address(found.group())[:length].ljust(length, OBJECT)
            done = found.start() + length
    return "".join(parts) + text[done:]


def _addresses(text: str) -> Iterator[re.Match[str]]:
    """Yield the addresses in *text*; looked for around the signs that each has, since a search for all is slow."""
    done = 0
    for sign in _ADDRESS_SIGN.finditer(text):
        start = sign.start()
        if start < done:
            continue
        while start > done and (text[start - 1].isalnum() or text[start - 1] in "_.+-"):
            start -= 1
        for at in range(start, sign.start() + 1):
            found = _URL.match(text, at)
            if found:
                done = found.end()
                yield found
                break


def _address_end(found: re.Match[str]) -> int:
    return found.start() + len(found.group().rstrip(_AFTER_ADDRESS))


def shown_address(address: str) -> str:
    """Return what an address shows as: the name of a register of studies, for that is a source; else an object."""
    register = _REGISTER.search(address)
    return f"{register.group()} " if register else OBJECT


class MaskedBuilder(Builder):
    """A builder that is told text as it was parsed, under masks."""

    def show(self, text: str, start: int) -> None:
        """Tell *text*, the source from *start* on under masks."""
        if self.muted or not text:
            return
        is_plain = not ("://" in text or "www." in text or "@" in text)  # has_addresses, without the price of a call
        if is_plain and (text.isascii() or not _MASK.search(text)):
            self.copied(self.source[start : start + len(text)], start)  # MDX masks quotation marks with others
            return
        done = 0
        for found in _MASKED.finditer(text):
            at, end = found.span()
            first = text[at]
            if first not in (EXPRESSION, STATEMENT, PREFIX):
                end = _address_end(found)
                if end - at < _SHORTEST_ADDRESS:
                    continue
            self.copy(start + done, start + at)
            if first == EXPRESSION:
                self.object(start + at, start + end)
            elif first == STATEMENT:
                self.void(start + at, start + end, "template")
            elif first == PREFIX:
                self.void(start + at, start + end, "prefix", MarkKind.PREFIX)
            else:
                self.object(start + at, start + end, shown_address(found.group()))
            done = end
        self.copy(start + done, start + len(text))
