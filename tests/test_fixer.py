"""What is fixed is found no more, nothing new is found, nothing else is changed, and a second run changes nothing."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_catalogs import catalog_of

import kaudit
from kaudit.auditor import Auditor
from kaudit.catalog.texts import read_texts
from kaudit.errors import DocumentError
from kaudit.examples import read_examples
from kaudit.fixer import GUESSED, NO_PLACE, UNENCODABLE, fix_bytes, fix_file, fix_text, write_whole
from kaudit.model import Audit, Category, Document
from kaudit.read.replacing import LOSES_MARKUP, OBJECT_INSIDE

CATALOG = """
claims:
  - id: wonder
    category: hyperbole
    severity: high
    message: Too much.
    why: Nobody knows.
    sources: [law]
    match: ['wonder drug']
    rewrite: [{match: 'wonder drug', to: 'medicine'}]
    examples: {flag: ['[[wonder drug]]'], pass: [y], fix: [{from: A wonder drug., to: A medicine.}]}
  - id: harmless
    category: safety
    severity: critical
    message: Too safe.
    why: Nobody is.
    sources: [law]
    match: ['harmless wonder', 'gentle wonder', 'harmless~ curing']
    rewrite:
      - {match: 'gentle wonder', to: '[name the harms] new'}
      - {match: 'harmless wonder', to: '[name the harms] wonder'}
      - {match: '{v:(harmless~)} curing', at: v, to: 'wonder drug'}
    examples:
      flag: ['[[harmless wonder]]']
      pass: [y]
      fix: [{from: A harmless wonder., to: 'A [name the harms] wonder.'}]
  - id: dear
    category: efficacy
    severity: low
    message: Too dear.
    why: It costs.
    sources: [law]
    match: ['costly']
    rewrite: [{match: 'costly', to: '\u20ac 5'}]
    examples: {flag: ['[[costly]]'], pass: [y], fix: [{from: A costly y., to: "A \u20ac 5 y."}]}
"""


@pytest.fixture(scope="module")
def auditor() -> Auditor:
    return Auditor(catalog_of(CATALOG.replace("\\u20ac", "\u20ac")))


def test_safe_suggestions_are_applied_and_the_others_when_asked(auditor: Auditor) -> None:
    source = "Our **wonder** drug is a harmless wonder.\n"

    safe = fix_text(source, auditor, format="markdown")
    unsafe = fix_text(source, auditor, format="markdown", unsafe=True)

    assert safe.text == "Our **medicine** is a harmless wonder.\n"
    assert unsafe.text == "Our **medicine** is a [name the harms] wonder.\n"
    assert [fixed.finding.rule for fixed in safe.fixed] == ["wonder"]


def test_of_suggestions_that_share_words_the_worst_findings_comes_first(auditor: Auditor) -> None:
    result = fix_text("It is a gentle wonder drug.", auditor, unsafe=True)

    assert result.text == "It is a [name the harms] new drug."
    assert [fixed.finding.rule for fixed in result.fixed] == ["harmless"]


def test_words_that_would_leave_part_of_another_claim_are_not_offered(auditor: Auditor) -> None:
    result = fix_text("It is a harmless wonder drug.", auditor, unsafe=True)

    assert result.text == "It is a harmless medicine."
    assert [fixed.finding.rule for fixed in result.fixed] == ["wonder"]


def test_a_fix_that_would_be_found_itself_is_refused(auditor: Auditor) -> None:
    result = fix_text("A harmless curing and a wonder drug.", auditor, unsafe=True)

    assert result.text == "A harmless curing and a medicine."
    assert [left.reason for left in result.unfixed] == ["the new words would be found by wonder: 'wonder drug'"]


@pytest.mark.parametrize("between", ["\n\n", " "])
def test_few_audits_find_which_of_many_fixes_do_harm(
    auditor: Auditor, monkeypatch: pytest.MonkeyPatch, between: str
) -> None:
    """Each audit is one of the whole document; halving alone would need 60 for eight among 128."""
    audits: list[Document] = []
    audit = Auditor.audit_document

    def counted(self: Auditor, document: Document, *, suggesting: bool = True) -> Audit:
        audits.append(document)
        return audit(self, document, suggesting=suggesting)

    monkeypatch.setattr(Auditor, "audit_document", counted)
    parts = ["A harmless curing." if number % 16 == 5 else "A wonder drug." for number in range(128)]
    paragraphs = [between.join(parts[at : at + 2]) for at in range(0, len(parts), 2)]

    result = fix_text("\n\n".join(paragraphs), auditor, unsafe=True)

    assert len(result.fixed) == 120
    assert [left.finding.rule for left in result.unfixed] == ["harmless"] * 8
    assert len(audits) <= 8


def test_a_fix_that_makes_an_ignore_comment_idle_is_applied(auditor: Auditor) -> None:
    result = fix_text("<!-- kaudit: ignore[harmless] -- why -->\nA harmless wonder drug.\n", auditor, format="markdown")

    assert result.text.endswith("\nA harmless medicine.\n")


@pytest.mark.parametrize(
    ("source", "reason"),
    [("a [wonder](x) [drug](y)", LOSES_MARKUP), ("a wonder `x` drug", None), ("a wonder drug", None)],
)
def test_what_cannot_be_replaced_is_told_with_the_reason(auditor: Auditor, source: str, reason: str | None) -> None:
    result = fix_text(source, auditor, format="markdown")

    assert [left.reason for left in result.unfixed] == ([reason] if reason else [])
    assert OBJECT_INSIDE not in [left.reason for left in result.unfixed], "words with an object inside are no claim"


def test_words_to_add_are_for_a_person_to_place() -> None:
    result = kaudit.fix("Book your ketamine infusion today.", unsafe=True)

    assert NO_PLACE in [left.reason for left in result.unfixed]


def test_the_differences_are_shown_as_a_unified_diff(auditor: Auditor) -> None:
    result = fix_text("A\nwonder drug", auditor, path="a/page.txt")

    assert result.diff() == (
        "--- a/a/page.txt\n+++ b/a/page.txt\n@@ -1,2 +1,2 @@\n A\n-wonder drug\n\\ No newline at end of file\n"
        "+medicine\n\\ No newline at end of file\n"
    )
    assert fix_text("A page.", auditor).diff() == ""


BYTES = "caf\u00e9 \u2013 a wonder&nbsp;drug\r\n\r\n<p>\tb  \u00a0c"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(b"", "utf-8"), (b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"", "utf-16-be")],
)
def test_encoding_mark_and_line_ends_stay(auditor: Auditor, mark: bytes, encoding: str) -> None:
    raw = mark + BYTES.encode(encoding)

    result = fix_bytes(raw, auditor, path="page.html")

    assert result.raw == mark + BYTES.replace("wonder&nbsp;drug", "medicine").encode(encoding)


def test_nothing_is_fixed_on_a_guessed_encoding(auditor: Auditor) -> None:
    raw = BYTES.encode("cp1252")

    result = fix_bytes(raw, auditor, path="page.html")

    assert (result.raw, [left.reason for left in result.unfixed]) == (raw, [GUESSED])


def test_words_that_the_encoding_does_not_have_are_refused(auditor: Auditor) -> None:
    raw = "<meta charset=iso-8859-2><p>A costly wonder drug.".encode("iso-8859-2")

    result = fix_bytes(raw, auditor, path="page.html")

    assert result.raw == b"<meta charset=iso-8859-2><p>A costly medicine."
    assert [left.reason for left in result.unfixed] == [UNENCODABLE]


# Files


def test_a_file_is_written_whole_with_its_mode_and_through_links(auditor: Auditor, tmp_path: Path) -> None:
    page, link = tmp_path / "page.txt", tmp_path / "link.txt"
    page.write_text("A wonder drug.", encoding="utf-8")
    page.chmod(0o640)
    link.symlink_to(page)

    fix_file(link, auditor)

    assert page.read_text(encoding="utf-8") == "A medicine."
    assert link.is_symlink()
    assert page.stat().st_mode & 0o777 == 0o640
    assert sorted(tmp_path.iterdir()) == [link, page]


def test_a_file_with_nothing_to_fix_is_not_touched(auditor: Auditor, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("A medicine.", encoding="utf-8")
    os.utime(page, (1, 1))

    fix_file(page, auditor)
    fix_file(page, auditor, write=False)

    assert page.stat().st_mtime == 1


def test_a_file_that_is_missing_or_cannot_be_written_is_told(
    auditor: Auditor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.txt"
    page.write_text("A wonder drug.", encoding="utf-8")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)

    with pytest.raises(DocumentError, match="No such file"):
        fix_file(tmp_path / "none.txt", auditor)
    with pytest.raises(DocumentError, match="cannot be written: No space left"):
        fix_file(page, auditor)
    assert page.read_text(encoding="utf-8") == "A wonder drug."
    assert list(tmp_path.iterdir()) == [page]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize("at", ["os.fsync", "pathlib.Path.chmod", "pathlib.Path.replace"])
def test_when_killed_the_file_is_the_old_one(tmp_path: Path, at: str) -> None:
    page = tmp_path / "page.txt"
    page.write_bytes(b"old")
    kill = (
        "import os, pathlib, signal\n"
        "from kaudit.fixer import write_whole\n"
        f"{at} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"write_whole(pathlib.Path({str(page)!r}), b'new' * 100_000)"
    )

    ran = subprocess.run([sys.executable, "-c", kill], check=False, timeout=60)

    assert ran.returncode == -9
    assert page.read_bytes() == b"old"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
def test_when_killed_at_any_moment_the_file_is_an_old_one_or_a_new_one(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_bytes(b"a" * 300_000)
    write = (
        "import itertools, pathlib\n"
        "from kaudit.fixer import write_whole\n"
        "for letter in itertools.cycle((b'b', b'a')):\n"
        f"    write_whole(pathlib.Path({str(page)!r}), letter * 300_000)\n"
        "    print(flush=True)"
    )
    chance = random.Random(20261126)

    for _ in range(5):
        with subprocess.Popen([sys.executable, "-c", write], stdout=subprocess.PIPE) as writer:
            assert writer.stdout
            writer.stdout.readline()
            time.sleep(chance.random() / 20)
            writer.kill()
        assert page.read_bytes() in (b"a" * 300_000, b"b" * 300_000)


def test_a_file_that_may_not_be_written_is_not_exchanged(
    auditor: Auditor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.txt"
    page.write_text("A wonder drug.", encoding="utf-8")
    monkeypatch.setattr(os, "access", lambda *_: False)  # a superuser may write whatever its mode says

    with pytest.raises(DocumentError, match="cannot be written: Permission denied"):
        fix_file(page, auditor)
    assert page.read_text(encoding="utf-8") == "A wonder drug."


def test_a_file_is_the_new_one_once_it_is_written(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_bytes(b"old")

    write_whole(page, b"new")

    assert page.read_bytes() == b"new"


# The built-in catalog

FIXES = [example for example in read_examples(read_texts(None)[0]) if example.kind == "fix"]
PLAIN = [example.text for example in FIXES if not set(example.text) & set("#*_`[]<>&|\\{}~+=")]
WRAPPERS = ["{}", "**{}**", "- {}", "> {}", "# {}", "*a* {}", "[b](c) {}", "| {} |\n|---|", "<p>{}</p>", "{}\n`x`"]


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(PLAIN), st.sampled_from(WRAPPERS)), min_size=1, max_size=4), st.booleans())
def test_fixed_documents_audit_clean_for_what_was_fixed(parts: list[tuple[str, str]], unsafe: bool) -> None:
    source = "\n\n".join(wrapper.format(text) for text, wrapper in parts)
    before = kaudit.audit(source, format="markdown").findings

    result = kaudit.fix(source, format="markdown", unsafe=unsafe)

    after = kaudit.audit(result.text, format="markdown").findings
    again = kaudit.fix(result.text, format="markdown", unsafe=unsafe)
    were, are = [found.rule for found in before], [found.rule for found in after]
    fixed = [each.finding.rule for each in result.fixed]
    assert again.text == result.text, "a second run changes nothing"
    assert len(are) <= len(were)
    for found in after:
        assert found.category is Category.DISCLOSURE or found.rule in were
    for rule in fixed:
        assert are.count(rule) < were.count(rule) + fixed.count(rule)
    if not fixed:
        assert result.text == source
