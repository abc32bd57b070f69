"""Word documents: what people read in them, and changes that they accept or reject."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from itertools import pairwise
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mapped import assert_mapped, shown

from kaudit.auditor import Auditor
from kaudit.catalog.compiled import Catalog
from kaudit.errors import DocumentError
from kaudit.fixer import fix_bytes
from kaudit.model import BlockKind, Document, Span
from kaudit.read import FORMATS, read, read_bytes
from kaudit.read.ooxml import LARGEST_MEMBER
from kaudit.read.replacing import Replacement, Rewritten

SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMES = f'xmlns:w="{SPACE}" xmlns:wp="urn:wp" xmlns:mc="urn:mc"'
HEAD = f'<?xml version="1.0" encoding="UTF-8"?>\n<w:document {NAMES}><w:body>'
FOOT = "<w:sectPr/></w:body></w:document>"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def packed(members: dict[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return file.getvalue()


def word(body: str, **others: str) -> bytes:
    """Return a Word document with *body*, and members of `word/` by their names."""
    members: dict[str, str | bytes] = {"[Content_Types].xml": TYPES, "_rels/.rels": RELATIONS}
    members["word/document.xml"] = f"{HEAD}{body}{FOOT}"
    members |= {f"word/{name}.xml": content for name, content in others.items()}
    return packed(members)


def run(text: str, properties: str = "") -> str:
    written = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{written}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str, properties: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{''.join(runs)}</w:p>"


def opened(raw: bytes) -> Document:
    document = read_bytes(raw, path="page.docx")
    assert_mapped(document)
    return document


BOX = f"<w:txbxContent>{paragraph(run('box'))}</w:txbxContent>"
TWICE = (
    f"<mc:AlternateContent><mc:Choice><w:drawing>{BOX}</w:drawing></mc:Choice>"
    f"<mc:Fallback><w:pict>{BOX}</w:pict></mc:Fallback></mc:AlternateContent>"
)
BODIES: dict[str, tuple[str, list[str]]] = {
    "runs are joined": (
        paragraph(run("A mira"), run("cle", "<w:b/>"), run(" drug &amp; more")),
        ["A miracle drug & more"],
    ),
    "breaks and tabs are blanks": (
        paragraph("<w:r><w:t>A</w:t><w:br/><w:t>B</w:t><w:tab/><w:t>C</w:t></w:r>"),
        ["A B C"],
    ),
    "hyphens that do not break show, soft ones do not": (
        paragraph("<w:r><w:t>a</w:t><w:noBreakHyphen/><w:t>b</w:t><w:softHyphen/><w:t>c</w:t></w:r>"),
        ["a-bc"],
    ),
    "what was deleted is gone": (
        paragraph(run("A "), "<w:del><w:r><w:delText>bad</w:delText></w:r></w:del>", run("B")),
        ["A B"],
    ),
    "what was inserted is there": (paragraph(run("A "), f'<w:ins w:id="1">{run("good")}</w:ins>'), ["A good"]),
    "links are text": (
        paragraph(run("A "), f"<w:hyperlink>{run('miracle')}</w:hyperlink>", run(" drug")),
        ["A miracle drug"],
    ),
    "instructions of fields are none": (paragraph("<w:r><w:instrText>PAGE</w:instrText></w:r>", run("1")), ["1"]),
    "hidden text is none": (
        paragraph(run("A "), run("secret ", "<w:vanish/>"), run("B", '<w:vanish w:val="0"/>')),
        ["A B"],
    ),
    "properties of a paragraph are none": (
        paragraph(run("A"), properties="<w:tabs><w:tab/></w:tabs><w:rPr><w:vanish/></w:rPr>"),
        ["A"],
    ),
    "what its format was before counts no more": (
        paragraph(run("A", "<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>")),
        ["A"],
    ),
    "pictures are objects": (paragraph(run("A"), "<w:r><w:drawing/></w:r>", run("B")), ["A\ufffcB"]),
    "a text box is read once": (paragraph(run("A"), f"<w:r>{TWICE}</w:r>", run("B")), ["A\ufffcB", "box"]),
    "alternative texts": (
        paragraph(run("A"), '<w:r><w:drawing><wp:docPr descr="A &quot;cure&quot;"/></w:drawing></w:r>'),
        ["A\ufffc", 'A "cure"'],
    ),
    "addresses are objects": (paragraph(run("See https://a.example/b")), ["See " + "\ufffc" * 19]),
    "a CDATA section is text": (paragraph("<w:r><w:t><![CDATA[A & B]]></w:t></w:r>"), ["A & B"]),
    "characters outside of ASCII": (
        paragraph(run("\u00e9\u20ac\U0001f600 "), run("so")),
        ["\u00e9\u20ac\U0001f600 so"],
    ),
}


@pytest.mark.parametrize("case", BODIES)
def test_paragraphs_are_what_people_read(case: str) -> None:
    body, texts = BODIES[case]

    assert shown(opened(word(body))) == texts


def test_headings_lists_and_cells_are_known_by_styles_and_structure() -> None:
    styles = (
        f'<w:styles xmlns:w="{SPACE}"><w:style w:styleId="T1"><w:name w:val="heading 1"/></w:style>'
        '<w:style w:styleId="Own"><w:name w:val="Own"/><w:basedOn w:val="T1"/></w:style>'
        '<w:style w:styleId="Loop"><w:basedOn w:val="Pool"/></w:style>'
        '<w:style w:styleId="Pool"><w:basedOn w:val="Loop"/></w:style></w:styles>'
    )
    body = (
        paragraph(run("one"), properties='<w:pStyle w:val="T1"/>')
        + paragraph(run("two"), properties='<w:pStyle w:val="Own"/><w:numPr/>')
        + paragraph(run("three"), properties="<w:numPr/>")
        + paragraph(run("four"), properties='<w:outlineLvl w:val="2"/>')
        + f"<w:tbl><w:tr><w:tc>{paragraph(run('five'))}</w:tc></w:tr></w:tbl>"
        + paragraph(run("six"), properties='<w:pStyle w:val="Loop"/>')
    )

    document = opened(word(body, styles=styles))

    heading = BlockKind.HEADING
    assert [block.kind for block in document.blocks] == [
        *(heading, heading, BlockKind.ITEM, heading, BlockKind.CELL, BlockKind.PARAGRAPH)
    ]


def test_notes_heads_and_feet_are_read_and_comments_are_not() -> None:
    def part(root: str, text: str) -> str:
        return f'<w:{root} xmlns:w="{SPACE}">{paragraph(run(text))}</w:{root}>'

    document = opened(
        word(
            paragraph(run("text")),
            header1=part("hdr", "head"),
            footnotes=part("footnotes", "note"),
            comments=part("comments", "remark"),
        )
    )

    assert document.source == "text\nnote\nhead"
    assert [dict(block.info) for block in document.blocks] == [
        {"member": "word/document.xml", "paragraph": "1"},
        {"member": "word/footnotes.xml", "paragraph": "1"},
        {"member": "word/header1.xml", "paragraph": "1"},
    ]


ENTITIES = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


def unpacked(xml: str) -> bytes:
    return packed({"word/document.xml": xml})


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"not a zip file", "is no such document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "is under a password, or of an older program"),
        (packed({"a.txt": "x"}), "it has no word/document.xml"),
        (unpacked("<w:document"), "word/document.xml is no XML"),
        (unpacked(ENTITIES + "<w>&b;</w>"), "word/document.xml has a DTD"),
        (unpacked(EXTERNAL + "<w>&a;</w>"), "word/document.xml has a DTD"),
        (unpacked("<a>" * 100_000), "is nested more than 500 deep"),
        (packed({"word/document.xml": b"\xff\xfe<"}), "is not UTF-8"),
        (packed({"word/document.xml": b" " * (LARGEST_MEMBER + 1)}), "is over 67108864 bytes when unpacked"),
        (packed({f"word/{n}.xml": "" for n in range(20_001)}), "has more than 20000 parts"),
    ],
    ids=["no-zip", "password", "no-text", "no-xml", "entities", "external", "deep", "utf-16", "bomb", "parts"],
)
def test_what_is_broken_or_hostile_is_refused(raw: bytes, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        opened(raw)


@pytest.mark.slow
def test_a_part_with_more_tags_than_memory_is_refused() -> None:
    with pytest.raises(DocumentError, match="has more than 3000000 tags"):
        opened(unpacked(f"<a>{'<b/>' * 1_500_001}</a>"))


def test_word_documents_are_no_text() -> None:
    with pytest.raises(DocumentError, match="docx is read from bytes"):
        read("x", format="docx")


def changed(raw: bytes, *changes: tuple[str, str]) -> Rewritten:
    """Return *raw* with the first of each words replaced, in the order of the text."""
    document = opened(raw)
    wanted = [
        Replacement(Span(found.start(), found.end()), new, "rule: why")
        for old, new in changes
        for found in [re.search(re.escape(old), document.text)]
        if found
    ]
    assert len(wanted) == len(changes)
    rewritten = FORMATS["docx"].rewrite(raw, document, wanted)
    assert rewritten is not None
    return rewritten


def main_part(raw: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(raw)).read("word/document.xml").decode()


def rejected(raw: bytes) -> bytes:
    """Return *raw* as it is when all its changes have been rejected."""
    xml = re.sub(r"<w:ins .*?</w:ins>", "", main_part(raw))
    xml = re.sub(r"</?w:del(?: [^>]*)?>", "", xml).replace("w:delText", "w:t")
    return word(xml.removeprefix(HEAD).removesuffix(FOOT))


SPLIT = paragraph(run("A mira"), run("cle", "<w:b/>"), run(" drug &amp; more.")) + paragraph(run("Another."))


def test_changes_are_tracked_over_runs_and_keep_their_formatting() -> None:
    rewritten = changed(word(SPLIT), ("miracle drug &", "new <treatment> and"), ("Another", "One"))

    assert not rewritten.refused
    assert rewritten.document.source == "A new <treatment> and more.\nOne."
    assert opened(rewritten.raw).source == rewritten.document.source
    assert opened(rejected(rewritten.raw)).source == "A miracle drug & more.\nAnother."
    xml = main_part(rewritten.raw)
    assert xml.count("<w:del ") == 4
    assert '<w:r><w:rPr><w:b/></w:rPr><w:delText xml:space="preserve">cle</w:delText></w:r>' in xml
    numbers = re.findall(r'<w:(?:ins|del|commentRangeStart) w:id="(\d+)"', xml)
    assert len(set(numbers)) == len(numbers)


def test_each_change_carries_its_rule_as_a_comment() -> None:
    raw = word(SPLIT)
    rewritten = changed(raw, ("miracle drug", "treatment"))

    again = changed(rewritten.raw, ("Another", "One"))

    document = docx.Document(io.BytesIO(again.raw))
    assert [comment.text for comment in document.comments] == ["rule: why", "rule: why"]
    before, after = (zipfile.ZipFile(io.BytesIO(each)) for each in (rewritten.raw, again.raw))
    same = set(before.namelist()) - {"word/document.xml", "word/comments.xml"}
    assert all(before.read(name) == after.read(name) for name in same)


@pytest.mark.parametrize(
    ("body", "old", "reason"),
    [
        (paragraph("<w:r><w:t>A</w:t><w:tab/><w:t>B</w:t></w:r>"), "A B", "there is a tab, a line break or a picture"),
        (paragraph(run("A")) + paragraph(run("B")), "A\nB", "it is no part of one heading"),
        (paragraph('<w:r><w:drawing><wp:docPr descr="alt"/></w:drawing></w:r>'), "alt", "the description of a picture"),
    ],
)
def test_what_cannot_be_tracked_is_refused_with_its_reason(body: str, old: str, reason: str) -> None:
    raw = word(body)
    rewritten = changed(raw, (old, "new"))

    assert rewritten.raw == raw
    assert reason in rewritten.refused[0].reason


def test_signed_documents_are_not_changed() -> None:
    with zipfile.ZipFile(io.BytesIO(word(SPLIT))) as file:
        members: dict[str, str | bytes] = {name: file.read(name) for name in file.namelist()}
    signed = packed({**members, "_xmlsignatures/sig1.xml": "<x/>"})

    assert changed(signed, ("miracle", "new")).refused[0].reason == "the document is signed, which a change would undo"


@settings(deadline=None, max_examples=80)
@given(
    st.text(st.sampled_from("ab &<>\u00e9"), min_size=1, max_size=30),
    st.lists(st.integers(0, 30), max_size=6),
    st.integers(0, 30),
    st.integers(1, 30),
    st.text(st.sampled_from("xy &<>"), max_size=8),
)
def test_any_words_of_any_runs_can_be_changed_and_changed_back(
    text: str, cuts: list[int], start: int, length: int, new: str
) -> None:
    borders = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    parts = [text[a:b] for a, b in pairwise(borders)]
    escaped = [part.replace("&", "&amp;").replace("<", "&lt;") for part in parts]
    raw = word(paragraph(run("."), *(run(part) for part in escaped), run(".")))
    document = opened(raw)
    span = Span(min(start, len(text)) + 1, min(start + length, len(text)) + 1)

    rewritten = FORMATS["docx"].rewrite(raw, document, [Replacement(span, new, "why")])

    assert rewritten is not None
    if len(span):
        assert not rewritten.refused
        assert opened(rewritten.raw).source == f".{text}."[: span.start] + new + f".{text}."[span.end :]
        assert opened(rejected(rewritten.raw)).source == f".{text}."


def test_fixing_a_word_document_tracks_safe_suggestions_and_then_has_nothing_more_to_do(catalog: Catalog) -> None:
    document = docx.Document()
    document.add_heading("About us", 1)
    words = document.add_paragraph("Ketamine cures ")
    words.add_run("depression").bold = True
    words.add_run(". We are open daily.")
    file = io.BytesIO()
    document.save(file)
    auditor = Auditor(catalog)

    result = fix_bytes(file.getvalue(), auditor, path="page.docx", unsafe=True)

    assert result.fixed
    assert result.raw is not None
    assert "Ketamine cures depression" not in opened(result.raw).source
    comments = docx.Document(io.BytesIO(result.raw)).comments
    assert any(comment.text.startswith("cures-condition: ") for comment in comments)
    assert not fix_bytes(result.raw, auditor, path="page.docx", unsafe=True).is_changed


@pytest.mark.program
@pytest.mark.slow
def test_libreoffice_opens_the_changed_document_and_shows_its_changes(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("needs LibreOffice Writer")
    document = docx.Document()
    paragraph_ = document.add_paragraph("A mira")
    paragraph_.add_run("cle").bold = True
    paragraph_.add_run(" drug & more.")
    document.sections[0].header.paragraphs[0].text = "Miracle head"
    file = io.BytesIO()
    document.save(file)
    rewritten = changed(file.getvalue(), ("miracle drug", "new <treatment>"), ("Miracle head", "Head"))
    (tmp_path / "page.docx").write_bytes(rewritten.raw)

    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "fodt", "--outdir", str(tmp_path), "page.docx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=300)

    flat = (tmp_path / "page.fodt").read_text(encoding="utf-8")
    assert flat.count("<text:insertion>") == 2
    assert flat.count("<text:deletion>") >= 2
    assert "<dc:creator>kaudit</dc:creator>" in flat
    assert "new &lt;treatment&gt;" in flat
    assert "rule: why" in flat
