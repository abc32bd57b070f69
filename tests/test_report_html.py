"""The HTML report: what is in the page, and, in a browser, what people see, hear and can reach with keys."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest
from browser import PROGRAM, Page, browser_page
from hypothesis import given
from hypothesis import strategies as st

from kaudit.auditor import Auditor
from kaudit.catalog.compiled import Catalog
from kaudit.model import Audit, Category, Confidence, Finding, Reason, Report, Severity, Span, Suggestion, Unread
from kaudit.report import render
from kaudit.report.view import View

COPY = (
    "A miracle drug for depression\n\n"
    "Ketamine brings instant relief with minimal side effects.\nIt may cure depression.\n\n"
    "- Non-addictive and completely safe\n- Open on Mondays\n\n"
    "Ask a doctor about it.\n"
)
HOSTILE = [
    "<script>document.title='taken'</script>",
    "<img src=x onerror=\"document.title='taken'\">",
    "</style><script>document.title='taken'</script>",
    "\"><svg onload=document.title='taken'>",
    "' onmouseover='document.title=1' x='",
    "javascript:document.title='taken'",
    "&lt;script&gt;document.title='taken'&lt;/script&gt;",
    "<!--<script>document.title='taken'</script>-->",
    "]]><script>document.title='taken'</script>",
    "<base href=https://example.org/>",
    "<meta http-equiv=refresh content=0;url=https://example.org/>",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "\u202egnol si siht\u202c \x00 \x1b[31m \ufffe",
]


def audited(catalog: Catalog, *texts: str, waive: bool = False) -> Report:
    auditor = Auditor(catalog)
    documents = [auditor.audit(text, path=f"page-{at}.txt").documents[0] for at, text in enumerate(texts, 1)]
    if waive:
        first = documents[0].findings
        documents[0] = replace(documents[0], findings=(replace(first[0], waived_by="the register"), *first[1:]))
    unread = (Unread("scan.txt", "binary, not text"),)
    return Report(tuple(documents), unread, catalog.version, catalog.digest, len(auditor.rules))


def page_of(report: Report, catalog: Catalog | None = None, *, show_waived: bool = False) -> str:
    return "".join(render(report, "html", View(show_waived=show_waived, catalog=catalog)))


def hostile(text: str) -> Report:
    """Return a report in which everything that others write is *text*."""
    source = f"Before {text} after."
    place = Span(7, 7 + len(text))
    found = Finding(
        rule=text,
        category=Category.SAFETY,
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        start=place.start,
        end=place.end,
        line=1,
        column=8,
        end_line=1,
        end_column=8 + len(text),
        text=text,
        message=text,
        why=text,
        reasons=(Reason("high", text, place), Reason("-1", text, place)),
        suggestions=(Suggestion(place, text, safe=True, note=text), Suggestion(Span(0, 0), text, safe=False)),
        sources=(text,),
        waived_by=text,
        fingerprint=text,
    )
    return Report((Audit(text, text, 3, (found,), source),), (Unread(text, text),), text, text, 1)


class Elements(HTMLParser):
    """What a page is made of: its tags, the names and values of its attributes, its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.words = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words += data


# What is in the page


def test_the_document_is_shown_whole_with_every_claim_marked(catalog: Catalog) -> None:
    report = audited(catalog, COPY)
    page = page_of(report, catalog)

    for found in report.findings:
        assert found.message in Elements(page).words
    for line in filter(None, COPY.splitlines()):
        shown = re.sub(r"\d+", "", Elements(page).words)
        assert line.removeprefix("- ") in shown, line
    marked = [re.sub("<.*?>", "", mark) for mark in re.findall("(?s)<mark.*?</mark>", page)]
    assert {"minimal side effects", "cure depression"} <= set(marked)


def test_what_is_read_as_no_text_is_shown_nevertheless(catalog: Catalog) -> None:
    text = "Drops with **minimal** side effects. See `miracle()` at https://example.org/cure ![a nurse](nurse.png)."
    audit = Auditor(catalog).audit(text, format="markdown")

    page = page_of(audit, catalog)

    shown = Elements(page).words
    assert "See miracle() at https://example.org/cure \u25ab." in shown
    assert "nurse.png" not in shown
    assert "<blockquote><bdi>minimal side effects</bdi></blockquote>" in page


def test_of_a_format_that_is_read_from_bytes_each_line_is_a_paragraph(catalog: Catalog) -> None:
    (audit,) = audited(catalog, "Our drops\nThey have minimal side effects.").documents

    page = page_of(Report((replace(audit, format="docx"),)))

    assert re.findall('<p dir="auto" class="paragraph">(.*?)[<.]', page) == ["Our drops", "They have "]


def test_links_within_the_page_lead_somewhere(catalog: Catalog) -> None:
    page = page_of(audited(catalog, COPY, COPY, waive=True), catalog, show_waived=True)
    elements = Elements(page)
    names = [value for name, value in elements.attributes if name == "id"]

    assert len(names) == len(set(names))
    assert {value[1:] for name, value in elements.attributes if name == "href" and value[0] == "#"} <= set(names)


def test_notes_cite_their_sources_in_full(catalog: Catalog) -> None:
    report = audited(catalog, COPY)
    words = Elements(page_of(report, catalog)).words

    for found in report.findings:
        for key in found.sources:
            assert catalog.sources[key].citation in words


def test_the_worst_document_comes_first(catalog: Catalog) -> None:
    page = page_of(audited(catalog, "Our drops have minimal side effects.", "Nothing here.", COPY), catalog)

    assert re.findall(r'<h3 id="d\d"><bdi>(.*?)</bdi>', page) == ["page-3.txt", "page-1.txt"]
    assert "page-2.txt" in page.partition("Nothing to say")[2]


def test_the_page_needs_nothing_else_and_runs_nothing(catalog: Catalog) -> None:
    page = page_of(audited(catalog, COPY), catalog)
    elements = Elements(page)
    (style,) = re.findall("(?s)<style>(.*?)</style>", page)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    assert {"script", "link", "img", "iframe", "object"} & set(elements.tags) == set()
    assert [name for name, _ in elements.attributes if name.startswith("on") or name in ("src", "style")] == []
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in page
    assert "url(" not in style and "@import" not in style


@pytest.mark.parametrize("text", HOSTILE)
def test_what_others_write_never_becomes_markup(text: str) -> None:
    plain, odd = (Elements(page_of(hostile(words), show_waived=True)) for words in ("x", text))

    # An address in the text is set apart, which takes a <span> of our own.
    assert set(odd.tags) <= set(plain.tags)
    assert {name for name, _ in odd.attributes} <= {name for name, _ in plain.attributes}
    for tag in ("meta", "title", "style", "a", "article", "p", "h3", "h4"):
        assert odd.tags.count(tag) <= plain.tags.count(tag)


@given(st.text(min_size=1))
def test_no_words_change_the_page_around_them(text: str) -> None:
    tags = Elements(page_of(hostile(text), show_waived=True)).tags

    assert "script" not in tags
    assert tags.count("article") == 1


# What people see

program = [pytest.mark.slow, pytest.mark.program, pytest.mark.skipif(PROGRAM is None, reason="there is no Chromium")]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with browser_page(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


@pytest.fixture
def shown(page: Page, catalog: Catalog, tmp_path: Path) -> Page:
    path = tmp_path / "report.html"
    report = audited(catalog, COPY, "Our drops have minimal side effects.", "Nothing here.", waive=True)
    path.write_text(page_of(report, catalog, show_waived=True), encoding="utf-8")
    page.events.clear()
    page.resize(1280)
    page.open(path)
    return page


class TestInABrowser:
    pytestmark = program

    @pytest.mark.parametrize("width", [1280, 360])
    @pytest.mark.parametrize("dark", [False, True])
    def test_axe_finds_nothing_to_complain_of(self, shown: Page, width: int, dark: bool) -> None:
        shown.resize(width, dark=dark)
        shown.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        shown.evaluate(files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8") + ";0")

        violations = shown.evaluate(
            "axe.run().then(({violations}) => violations.map(one => one.id + ': ' + one.nodes.map(n => n.html)))"
        )

        assert violations == []

    def test_a_plot_of_many_documents_can_be_scrolled_with_keys(
        self, page: Page, catalog: Catalog, tmp_path: Path
    ) -> None:
        path = tmp_path / "report.html"
        path.write_text(page_of(audited(catalog, *["A miracle drug."] * 60)), encoding="utf-8")
        page.resize(1280)
        page.open(path)

        page.evaluate("document.querySelector('.long').focus()")
        page.evaluate(files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8") + ";0")

        assert page.evaluate("document.activeElement.className") == "long"
        assert page.evaluate("document.querySelector('.long').offsetHeight") < 700
        assert page.evaluate("axe.run().then(({violations}) => violations.map(one => one.id))") == []

    @pytest.mark.parametrize("width", [1280, 768, 320])
    def test_nothing_is_wider_than_the_window(self, shown: Page, width: int) -> None:
        shown.resize(width)

        assert shown.evaluate("document.documentElement.scrollWidth") <= width

    def test_assistive_programs_are_told_all(self, shown: Page) -> None:
        told = shown.accessible()
        roles = [role for role, _ in told]
        headings = [name for role, name in told if role == "heading"]

        assert ("main", "") in told and "contentinfo" in roles
        assert headings[:3] == ["What these pages promise, and what they may not", "Summary", "Filters"]
        assert any(heading.endswith("Plays side effects or risks down.") for heading in headings)
        assert any(role == "link" and re.match(r"Finding \d+, high: Plays side", name) for role, name in told)
        assert ("checkbox", "high") in told
        assert roles.count("mark") == shown.evaluate("document.querySelectorAll('mark').length")

    def test_filters_work_with_keys_alone(self, shown: Page) -> None:
        visible = "[...document.querySelectorAll('.note[data-s=high]')].filter(one => one.checkVisibility()).length"
        marked = "getComputedStyle(document.querySelector('mark[data-s=high]')).textDecorationLine"
        assert shown.evaluate(visible) > 0
        assert shown.evaluate(marked) == "underline"

        for _ in range(40):
            if shown.evaluate("document.activeElement.id") == "show-high":
                break
            shown.press("Tab", 9)
        shown.press(" ", 32)

        assert shown.evaluate(visible) == 0
        assert shown.evaluate(marked) == "none"

    def test_every_filter_hides_what_it_names_and_nothing_else(self, shown: Page) -> None:
        visible = "[...document.querySelectorAll('.note, sup')].filter(one => one.checkVisibility())"
        boxes = shown.evaluate("[...document.querySelectorAll('input')].map(one => one.id.replace('show-', ''))")
        assert {"high", "waived", "safety"} <= set(boxes)

        for name in boxes:
            named = f"one.dataset.s == '{name}' || one.dataset.c == '{name}'"
            before = shown.evaluate(f"{visible}.filter(one => !({named})).length")
            shown.evaluate(f"document.getElementById('show-{name}').click()")
            assert shown.evaluate(f"{visible}.filter(one => {named}).length") == 0
            assert shown.evaluate(f"{visible}.length") == before
            shown.evaluate(f"document.getElementById('show-{name}').click()")

    def test_a_claim_leads_to_its_note_and_back(self, shown: Page) -> None:
        shown.evaluate("document.querySelector('sup a').click()")
        assert shown.evaluate("document.querySelector(':target').className") == "note"

        shown.evaluate("document.querySelector(':target .number').click()")
        assert shown.evaluate("document.querySelector(':target').querySelector('mark') !== null")

    def test_the_page_prints_without_its_filters(self, shown: Page) -> None:
        assert shown.printed().startswith(b"%PDF")

        shown.call("Emulation.setEmulatedMedia", media="print")

        assert shown.evaluate("getComputedStyle(document.querySelector('.filters')).display") == "none"
        shown.call("Emulation.setEmulatedMedia", media="")

    def test_nothing_is_fetched(self, shown: Page) -> None:
        asked = [
            event["params"]["request"]["url"]
            for event in shown.events
            if event["method"] == "Network.requestWillBeSent"
        ]

        assert len(asked) == 1 and asked[0].startswith("file:")
        assert [event for event in shown.events if event["method"] == "Log.entryAdded"] == []

    @pytest.mark.parametrize("text", HOSTILE)
    def test_hostile_words_do_nothing(self, page: Page, tmp_path: Path, text: str) -> None:
        path = tmp_path / "report.html"
        path.write_text(page_of(hostile(text), show_waived=True), encoding="utf-8")
        page.events.clear()
        page.open(path)

        assert page.evaluate("document.title") == "kaudit: 1 document"
        assert page.evaluate("document.scripts.length + document.images.length") == 0
        assert page.evaluate("location.protocol") == "file:"
        assert [event for event in page.events if event["method"] == "Network.requestWillBeSent"][1:] == []
