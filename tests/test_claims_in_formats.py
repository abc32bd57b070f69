"""A claim is found in whatever file it stands, and where it stands."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mapped import assert_mapped

from kaudit.auditor import Auditor
from kaudit.catalog.compiled import Catalog
from kaudit.catalog.texts import read_texts
from kaudit.examples import MARKED, read_examples
from kaudit.model import Category, Document
from kaudit.normalise import normalise
from kaudit.read import read_bytes

EXAMPLES = [MARKED.sub(r"\1", example.text) for example in read_examples(read_texts(None)[0]) if example.kind == "flag"]
CLAIMS = [text for text in EXAMPLES if re.fullmatch(r"[A-Z][A-Za-z0-9,.' -]+\.", text)]
"""Those without signs that mean something in some format."""


def as_notebook(text: str) -> bytes:
    lines = text.replace(" ", " \n", 1).splitlines(keepends=True)
    return json.dumps({"cells": [{"cell_type": "markdown", "source": lines}]}, indent=1).encode()


def as_subtitles(text: str) -> bytes:
    half = text.index(" ", len(text) // 2) if " " in text[len(text) // 2 :] else len(text)
    cues = [
        f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{part}\n" for n, part in enumerate((text[:half], text[half:])) if part
    ]
    return "\n".join(cues).encode()


def as_docx(text: str) -> bytes:
    document = docx.Document()
    paragraph = document.add_paragraph()
    for number, word in enumerate(re.findall(r"\S+\s*", text)):
        paragraph.add_run(word).bold = number % 2 == 0
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


WRITERS: dict[str, Callable[[str], bytes]] = {
    "page.ipynb": as_notebook,
    "page.srt": as_subtitles,
    "page.vtt": lambda text: b"WEBVTT\n\n" + as_subtitles(text).replace(b",", b"."),
    "page.docx": as_docx,
    "page.rst": lambda text: f"Page\n====\n\n.. note:: {text.replace(' ', chr(10) + '   ', 1)}\n".encode(),
}


def found(document: Document, auditor: Auditor) -> list[tuple[str, str]]:
    """Return the rule and the first and last word of each finding, without the quotation marks of notebooks."""
    findings = [each for each in auditor.audit_document(document).findings if each.category is not Category.DISCLOSURE]
    words = [normalise(each.text).text.replace('"', " ").split() for each in findings]
    return [(each.rule, f"{inside[0]} {inside[-1]}") for each, inside in zip(findings, words, strict=True)]


@pytest.mark.parametrize("path", WRITERS)
@settings(
    deadline=None, max_examples=6, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(text=st.sampled_from(CLAIMS))
def test_a_claim_is_found_in_any_format_where_it_stands(path: str, text: str, catalog: Catalog) -> None:
    auditor = Auditor(catalog)
    document = read_bytes(WRITERS[path](text.replace(",", "")), path=path)

    assert_mapped(document)
    assert found(document, auditor) == found(read_bytes(text.replace(",", "").encode(), path="page.txt"), auditor)


def placed(raw: bytes, path: str, catalog: Catalog) -> set[str]:
    return {found.place for found in Auditor(catalog).audit_document(read_bytes(raw, path=path)).findings}


def test_a_finding_says_where_it_stands_when_lines_say_little(catalog: Catalog) -> None:
    word = docx.Document()
    word.add_heading("Results")
    word.add_paragraph("What we saw.")
    word.add_paragraph("It is a miracle drug.")
    word.sections[0].footer.paragraphs[0].text = "A miracle drug."
    file = io.BytesIO()
    word.save(file)
    cues = b"1\n00:00:01,000 --> 00:00:02,000\nHello.\n\n2\n00:01:02,500 --> 00:01:04,000\nIt is a miracle drug.\n"
    values = json.dumps({"cards": [{"title": "Care"}, {"title": "It is a miracle drug."}]}).encode()

    assert placed(file.getvalue(), "page.docx", catalog) == {'paragraph 3, under "Results"', "footer1, paragraph 1"}
    assert placed(cues, "page.srt", catalog) == {"00:01:02,500"}
    assert placed(values, "page.json", catalog) == {"key cards.1.title"}
    assert placed(b"It is a miracle drug.", "page.md", catalog) == {""}
