"""Read gettext catalogues, PO and POT: what their users see, each string where it stands.

That is the translation, or, where there is none or only a guess ("fuzzy"), the words that were to be translated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kaudit.model import Document, Keys, Syntax
from kaudit.read import ANY_KEY
from kaudit.read.builder import Builder, Value
from kaudit.read.json import decode_escapes
from kaudit.read.possessive import compile_possessive
from kaudit.read.values import Entry, embed_entries, refuse

_LINE = compile_possessive(
    r"""(?m)^[ \t]*+(?:
        \#(?P<comment>[^\r\n]*+)
      | (?:(?P<field>msgctxt|msgid_plural|msgid|msgstr)(?:\[\d+\])?[ \t]*+)?
        "(?P<string>[^"\\\r\n]*+(?:\\[^\r\n][^"\\\r\n]*+)*+)"[ \t]*+
      | (?P<other>[^\s][^\r\n]*+)
      | (?P<blank>)
    )\r?$""",
    re.VERBOSE,
)
_IS_KEY = "it is what the program looks its translations up by; change it in the program"
_FUZZY = re.compile(r",.*\bfuzzy\b")


@dataclass(slots=True)
class _Message:
    """An entry that is being read."""

    fields: list[tuple[str, list[tuple[int, int]]]] = field(default_factory=list)
    """Each with the stretches of the source that make up its string."""
    is_fuzzy: bool = False

    @property
    def is_translated(self) -> bool:
        return any(name == "msgstr" for name, _ in self.fields)

    def entries(self, source: str) -> Iterator[Entry]:
        """Yield what users see of it; nothing of the head, which is no message."""
        strings = [(name, decode_escapes(source, tuple(stretches), Syntax.PO)) for name, stretches in self.fields]
        originals = _of(strings, "msgid")
        translations = _of(strings, "msgstr")
        if not any(original.text for original in originals):
            return
        context = tuple(value.text for value in _of(strings, "msgctxt"))
        is_shown = translations and not self.is_fuzzy and all(value.text for value in translations)
        for value in translations if is_shown else originals:
            yield Entry((*context, "msgstr"), value) if is_shown else Entry((*context, "msgid"), value, _IS_KEY)


def _of(strings: list[tuple[str, Value]], name: str) -> list[Value]:
    return [value for known, value in strings if known.startswith(name)]


def read_po(source: str, path: str, keys: Keys = ANY_KEY) -> Document:
    """Return what users see of the messages of *source*.

    Raises:
        DocumentError: when it is no PO.
    """
    builder = Builder(source, "po", path, Syntax.TEXT)
    embed_entries(builder, po_entries(source, path, builder), keys, path)
    return builder.finish()


def po_entries(source: str, path: str, builder: Builder | None = None) -> Iterator[Entry]:
    """Yield every string of *source* that its users see; tell *builder* the comments.

    Raises:
        DocumentError: when it is no PO.
    """
    message = _Message()
    for line in _LINE.finditer(source):
        if line["other"] is not None:
            raise refuse(source, line.start("other"), path, 'is no PO: wanted msgid, msgstr or a "string"')
        starts = line["comment"] is not None or line["field"] in ("msgid", "msgctxt")
        if message.is_translated and (starts or line["string"] is None):
            yield from message.entries(source)
            message = _Message()
        if line["comment"] is not None:
            message.is_fuzzy |= _FUZZY.match(line["comment"]) is not None
            if builder is not None:
                builder.comment(line.start("comment") - 1, line.end("comment"), line["comment"])
        elif line["field"]:
            message.fields.append((line["field"], [line.span("string")]))
        elif line["string"] is not None:
            if not message.fields:
                raise refuse(source, line.start("string"), path, "is no PO: a string without msgid or msgstr")
            message.fields[-1][1].append(line.span("string"))
    yield from message.entries(source)
