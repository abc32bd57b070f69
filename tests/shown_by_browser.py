"""What a reader sees of HTML, by an independent parser: the oracle for our own reader.

It shares with the reader only the choice of what is text and what is not.
"""

from __future__ import annotations

import re
from urllib.parse import unquote
from xml.etree.ElementTree import Element

import html5lib

from kaudit.model import OBJECT, Document
from kaudit.read.html import BLOCKS
from kaudit.read.masks import mask_addresses

_HIDDEN = {"canvas", "iframe", "listing", "noembed", "noframes", "object", "plaintext", "pre"}
_HIDDEN |= {"script", "style", "svg", "template", "xmp"}
_BLOCK_HIDDEN = {"pre", "xmp", "listing"}
_NOTHING = {"script", "style", "template", "base", "link", "meta", "wbr"}
_OBJECTS = {"img", "embed", "input", "area", "code", "kbd", "samp", "tt", "var", "math"}
_TOLD = {"alt", "title", "aria-label", "placeholder", "label", "summary", "caption", "headline", "heading"}
_NOT_SHOWN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")


def squeezed(text: str) -> str:
    """Return *text* with single blanks, without what does not show, each run of objects as one."""
    text = _NOT_SHOWN.sub("", mask_addresses(text)).replace("\0", "\ufffd")
    return re.sub(f"{OBJECT}+", OBJECT, " ".join(text.split()))


def seen(document: Document) -> list[str]:
    """Return the blocks of *document* as they are compared."""
    texts = [squeezed(block.span.of(document.text)) for block in document.blocks]
    return sorted(text for text in texts if text)


def shown_by_browser(html: str) -> list[str]:
    """Return the blocks that *html* shows."""
    shown = _Shown()
    shown.walk(html5lib.parse(html, namespaceHTMLElements=False))
    shown.end_block()
    return sorted(text for text in map(squeezed, shown.blocks) if text)


def _is_address(link: Element) -> bool:
    """Return whether a link shows nothing but where it leads."""
    target, text = link.get("href") or "", link.text or ""
    return (":" in text or "@" in text) and unquote(target).removeprefix("mailto:") == unquote(text)


class _Shown:
    def __init__(self) -> None:
        self.blocks: list[str] = []
        self.text = ""

    def end_block(self) -> None:
        self.blocks.append(self.text)
        self.text = ""

    def walk(self, element: Element) -> None:
        name: object = element.tag
        if not isinstance(name, str):  # a comment
            return
        name = name.rpartition("}")[2]
        is_block = name in BLOCKS or name in _BLOCK_HIDDEN
        if is_block:
            self.end_block()
        self.tell_attributes(name, element)
        if name == "br":
            self.text += " "
        elif name == "a" and _is_address(element):
            self.text += OBJECT
        elif name in _HIDDEN | _OBJECTS | _NOTHING:
            self.text += "" if name in _NOTHING or is_block else OBJECT
        else:
            self.text += element.text or ""
            for child in element:
                self.walk(child)
                self.text += child.tail or ""
        if is_block:
            self.end_block()

    def tell_attributes(self, name: str, element: Element) -> None:
        if name == "meta":
            told = (element.get("name") or element.get("property") or "").lower()
            if re.match("description|og:title|og:description|twitter:description", told):
                self.blocks.append(element.get("content") or "")
            return
        self.blocks += [value for key, value in element.attrib.items() if key in _TOLD]
        if name == "input" and element.get("type") in ("submit", "button", "reset"):
            self.blocks.append(element.get("value") or "")
