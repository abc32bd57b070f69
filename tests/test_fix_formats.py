"""A fix in every format: other bytes than the words stay, another parser reads it, and a second run changes nothing."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import html5lib
import polib
import pytest
import yaml
from markdown_it import MarkdownIt
from small_catalogs import catalog_of

from kaudit.auditor import Auditor
from kaudit.fixer import fix_bytes
from kaudit.read import FORMATS, format_of

CATALOG = """
claims:
  - id: wonder
    category: hyperbole
    severity: high
    message: Too much.
    why: Nobody knows.
    sources: [law]
    match: ['wonder drug']
    rewrite: [{match: 'wonder drug', to: 'plain medicine'}]
    examples: {flag: ['[[wonder drug]]'], pass: [y], fix: [{from: A wonder drug., to: A plain medicine.}]}
"""


def of_html(raw: str) -> str:
    page = html5lib.parse(raw, namespaceHTMLElements=False)
    return "|".join([*page.itertext(), *(value for each in page.iter() for value in each.attrib.values())])


def of_csv(raw: str) -> str:
    return "|".join(cell for row in csv.reader(io.StringIO(raw, newline="")) for cell in row)


def of_po(raw: str) -> str:
    return "|".join(f"{entry.msgid}={entry.msgstr}" for entry in polib.pofile(raw))


def of_cues(raw: str) -> str:
    return re.sub(r"(?m)^[\d:,.]+ --> .*$|^\d+\s*$|</?i>", "", raw)


def of_values(value: object) -> str:
    """Return what a file of values holds, in order; lines of a list go on."""
    match value:
        case dict():
            return "|".join(f"{key}={of_values(each)}" for key, each in value.items())
        case list():
            return "".join(map(of_values, value))
    return str(value)


def of_json(raw: str) -> str:
    return of_values(json.loads(raw))


def of_yaml(raw: str) -> str:
    return of_values(yaml.safe_load(raw))


def of_toml(raw: str) -> str:
    return of_values(tomllib.loads(raw))


CASES: list[tuple[str, str, Callable[[str], str]]] = [
    # a name, what is in the file, with guillemets around the words, and what another parser sees in it
    ("page.txt", "\tCaf\u00e9 \r\n\r\nA «wonder\r\ndrug»  here.\r\n\x0b", str),
    ("page.md", "Caf\u00e9 `a`\r\n\r\n* A [«wonder\r\n  drug»](x 'y')  &copy;\r\n", MarkdownIt().render),
    ("page.mdx", "import A from 'a'\r\n\r\n<A b={1}>\r\n\r\nA «wonder drug» &copy;\r\n\r\n</A>\r\n", str),
    ("page.html", "<!doctype html><P Class=a>Caf\u00e9 &eacute;<br/>A «wonder&#32;drug» <b >x<td>\r\n", of_html),
    ("page.rst", "Page\r\n====\r\n\r\n.. note:: a ``b``\r\n\r\n   A «wonder\r\n   drug» *here* |x|\r\n", str),
    ("page.json", '{"id" : 1.0,\r\n "body":"Caf\\u00e9: a «wonder\\u0020drug» here", "x":[]}\r\n', of_json),
    ("page.yaml", "# note\r\nid:   0x1\r\nbody: >-\r\n  Caf\u00e9: a «wonder\r\n  drug» here\r\nz: [ ]\r\n", of_yaml),
    ("page.toml", '# note\r\nid = 0x1\r\nbody   = """Caf\\u00e9: a «wonder \\\r\n   drug» here"""\r\n', of_toml),
    ("page.csv", 'id,body\r\n 1 ,"Caf\u00e9: ""a"" «wonder drug», here"\r\n', of_csv),
    ("page.po", '# note\nmsgid "a"\nmsgstr "Caf\\"\u00e9: a «wonder "\n"drug» here"\n', of_po),
    ("page.ipynb", '{"cells": [{"cell_type": "markdown", "metadata": {},\n   "source": ["A «wonder\\n", '
     '"drug» here"]}],'
     ' "nbformat": 4}\n', of_json),
    ("page.srt", "1\r\n00:00:01,000 --> 00:00:02,000\r\nCaf\u00e9: a <i>«wonder</i>\r\ndrug» here\r\n", of_cues),
    ("page.vtt", "WEBVTT\r\n\r\nNOTE\r\n\r\n00:01.000 --> 00:02.000 line:1\r\nA «wonder drug» &amp;\r\n", of_cues),
]  # fmt: skip
FILES = [case[0] for case in CASES]
ENCODINGS = [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe")]


@pytest.fixture(scope="module")
def auditor() -> Auditor:
    return Auditor(catalog_of(CATALOG))


def in_words(text: str) -> str:
    """Return what is visible of *text*, apart from the way that its blanks are written."""
    return " ".join(text.replace("\\n", " ").split())


def test_every_format_of_text_has_a_case() -> None:
    assert {format_of(Path(name)) for name in FILES} == {name for name, format in FORMATS.items() if not format.binary}


@pytest.mark.parametrize(("encoding", "mark"), ENCODINGS)
@pytest.mark.parametrize("case", CASES, ids=FILES)
def test_only_the_words_are_other_bytes(
    case: tuple[str, str, Callable[[str], str]], encoding: str, mark: bytes, auditor: Auditor
) -> None:
    path, form, parsed = case
    before, words, after = re.split("[\u00ab\u00bb]", form)
    source = before + words + after

    result = fix_bytes(mark + source.encode(encoding), auditor, path=path)

    assert [left.reason for left in result.unfixed] == []
    assert result.raw is not None
    assert result.raw.startswith(mark + before.encode(encoding))
    assert result.raw.endswith(after.encode(encoding))
    seen, wanted = parsed(result.raw[len(mark) :].decode(encoding)), parsed(source)
    assert in_words(seen) == in_words(re.sub(r"wonder.*drug", "plain medicine", wanted, flags=re.DOTALL))
    assert not fix_bytes(result.raw, auditor, path=path).is_changed
