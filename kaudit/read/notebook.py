"""Read Jupyter notebooks: their Markdown cells, each line of which is a string of its own in the file."""

from __future__ import annotations

from kaudit.model import Document, Syntax
from kaudit.read import FORMATS, TEXT
from kaudit.read.builder import Builder, Value
from kaudit.read.json import json_entries
from kaudit.read.values import joined

_WRITTEN = frozenset({"markdown", "heading"})
"""Types of cells that people read as text; the rest is code, and what it put out."""


def read_notebook(source: str, path: str) -> Document:
    """Return the text cells of *source*.

    Raises:
        DocumentError: when it is no JSON.
    """
    builder = Builder(source, "notebook", path, Syntax.TEXT)
    types: dict[str, str] = {}
    lines: dict[str, list[Value]] = {}
    for entry in json_entries(source, path):
        if "cells" not in entry.path[:-2]:
            continue
        at = entry.path.index("cells") + 2
        cell = ".".join(entry.path[:at])
        if entry.path[at:] == ("cell_type",):
            types[cell] = entry.value.text
        elif entry.path[at] == "source":
            lines.setdefault(cell, []).append(entry.value)
    markdown = FORMATS.get("markdown", TEXT)
    for cell, values in lines.items():
        if types.get(cell) in _WRITTEN:
            value = joined(values)
            builder.embed(value, markdown.read(value.text, path), info={"key": f"{cell}.source"})
    return builder.finish()
