"""PDF files: their text in paragraphs, with page and place; and that they are only read."""

from __future__ import annotations

import re
import sys

import pytest

from kaudit.auditor import Auditor
from kaudit.catalog.compiled import Catalog
from kaudit.errors import DocumentError
from kaudit.fixer import fix_bytes
from kaudit.model import BlockKind
from kaudit.read import read_bytes

Line = tuple[int, int, int, str]
"""Size of its letters, place from the left and from below, words."""


def pdf(*pages: list[Line]) -> bytes:
    """Return a PDF file with the lines of *pages*."""
    kids = " ".join(f"{3 * number + 4} 0 R" for number in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for number, lines in enumerate(pages):
        shown = "".join(f"BT /F {size} Tf {left} {foot} Td ({words}) Tj ET\n" for size, left, foot, words in lines)
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Resources<</Font<</F 3 0 R>>>>"
            f"/Contents {3 * number + 5} 0 R>>",
            f"<</Length {len(shown)}>>\nstream\n{shown}endstream",
            "<<>>",
        ]
    file, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(file))
        file += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(file)}\n%%EOF\n"
    return f"{file}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}".encode("latin-1")


PAGES = pdf(
    [
        (18, 50, 260, "About our drops"),
        (11, 50, 220, "This is a mira-"),
        (11, 50, 206, "cle drug for your"),
        (11, 50, 192, "pain. It is fine."),
        (11, 50, 150, "Another paragraph."),
        (11, 50, 136, "- An item"),
    ],
    [(11, 50, 200, "Page two.")],
)


def test_lines_make_paragraphs_with_their_page_and_place() -> None:
    document = read_bytes(PAGES, path="page.pdf")

    assert [(block.kind, block.info["page"]) for block in document.blocks] == [
        (BlockKind.HEADING, "1"),
        (BlockKind.PARAGRAPH, "1"),
        (BlockKind.PARAGRAPH, "1"),
        (BlockKind.ITEM, "1"),
        (BlockKind.PARAGRAPH, "2"),
    ]
    left, bottom, right, top = map(float, document.blocks[1].info["box"].split())
    assert 49 < left < 51
    assert 185 < bottom < 192 < 220 < top < 235
    assert 100 < right < 160
    assert document.notes


def test_a_claim_goes_on_over_lines_and_hyphens(catalog: Catalog) -> None:
    document = read_bytes(PAGES, path="page.pdf")

    findings = Auditor(catalog).audit_document(document).findings

    assert [(found.rule, found.text) for found in findings] == [("promises-miracle", "miracle drug")]


def test_a_finding_says_its_page_and_where_on_it(catalog: Catalog) -> None:
    raw = pdf([(11, 50, 200, "Page one.")], [(11, 50, 200, "It is a miracle drug for you.")])

    [found] = Auditor(catalog).audit_document(read_bytes(raw, path="page.pdf")).findings

    assert re.fullmatch(r"page 2, (49|50)\.\d points from the left and 2[01]\d\.\d from the foot", found.place)


def test_pdf_is_only_read(catalog: Catalog) -> None:
    result = fix_bytes(pdf([(11, 50, 200, "Ketamine cures depression.")]), Auditor(catalog), path="a.pdf", unsafe=True)

    assert not result.is_changed
    assert result.unfixed


@pytest.mark.parametrize("raw", [b"no PDF", b"", PAGES[:200]])
def test_what_is_no_pdf_is_refused(raw: bytes) -> None:
    with pytest.raises(DocumentError, match="is no PDF, or is under a password"):
        read_bytes(raw, path="page.pdf")


def test_without_its_library_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)

    with pytest.raises(DocumentError, match=r"pip install 'kaudit\[pdf\]'"):
        read_bytes(PAGES, path="page.pdf")
