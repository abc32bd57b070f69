"""Jupyter notebooks: the lines of a cell are strings of the file, and one text to read."""

from __future__ import annotations

import json
from pathlib import Path

from mapped import assert_mapped, place_of, shown

from kaudit.read import format_of, read


def notebook(*cells: tuple[str, str | list[str]]) -> str:
    return json.dumps(
        {"cells": [{"source": source, "cell_type": kind, "metadata": {}} for kind, source in cells], "nbformat": 4},
        indent=1,
    )


def test_text_cells_are_read_over_their_lines_and_code_is_not() -> None:
    source = notebook(
        ("markdown", ["# Our drug\n", "\n", "It is a \u00e9mir\n", "miracle\n", "drug."]),
        ("code", ["print('a miracle drug')"]),
        ("markdown", "Another miracle drug."),
    )

    document = read(source, format="notebook")

    assert_mapped(document)
    assert shown(document)[0].endswith("Our drug")
    assert shown(document)[1:] == ["It is a \u00e9mir miracle drug.", "Another miracle drug."]
    assert place_of(document, "miracle\ndrug" if "miracle\ndrug" in document.text else "miracle drug") == (
        'miracle\\n",\n    "drug'
    )
    assert [block.info["key"] for block in document.blocks] == ["cells.0.source", "cells.0.source", "cells.2.source"]


def test_older_notebooks_keep_their_cells_in_worksheets() -> None:
    source = json.dumps({"worksheets": [{"cells": [{"cell_type": "heading", "level": 1, "source": ["A cure"]}]}]})

    assert shown(read(source, format="notebook")) == ["A cure"]
    assert format_of(Path("page.ipynb")) == "notebook"
