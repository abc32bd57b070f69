"""What reports say, from values alone: no catalog, no audit."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kaudit
from kaudit.catalog.compiled import Catalog
from kaudit.model import (
    Audit,
    Category,
    Confidence,
    Finding,
    Reason,
    Report,
    Severity,
    Span,
    Suggestion,
    Unread,
)
from kaudit.report import FORMATS, render
from kaudit.report.display import Style, cells, harmless, head, lines, paint, table, tail, wrapped
from kaudit.report.excerpt import excerpt
from kaudit.report.view import View

PAGE = "Our promise\n\nLasting relief with minimal side effects, day after day. Book now!\n"


def finding(source: str, words: str, severity: Severity = Severity.HIGH) -> Finding:
    start = source.index(words)
    line = source.count("\n", 0, start) + 1
    column = start - source.rfind("\n", 0, start)
    return Finding(
        rule="minimal-side-effects",
        category=Category.SAFETY,
        severity=severity,
        confidence=Confidence.HIGH,
        start=start,
        end=start + len(words),
        line=line,
        column=column,
        end_line=line,
        end_column=column + len(words),
        text=words,
        message="Plays side effects down.",
        why="They are common in the trials.",
        sources=("us-21cfr202.1", "a-trial"),
        fingerprint="f00d",
    )


def report(source: str, *findings: Finding, path: str = "page.txt", unread: Iterable[Unread] = ()) -> Report:
    return Report((Audit(path, "text", 1234, findings, source),), tuple(unread), "7", "abcdef", 12)


def text_of(found: Report, *, colour: bool = False) -> str:
    return "".join(render(found, "text", View(colour=colour)))


def json_of(found: Report) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads("".join(render(found, "json")))
    return parsed


# Text


def test_a_finding_is_shown_with_its_sentence_and_what_to_do() -> None:
    found = replace(
        finding(PAGE, "minimal side effects"),
        reasons=(Reason("high", "minimal-side-effects", Span(35, 55)), Reason("-1", "may", Span(0, 3))),
        suggestions=(
            Suggestion(Span(33, 53), "side effects such as nausea", safe=True),
            Suggestion(Span(28, 53), "[name them]", safe=False, note="see the label"),
        ),
    )

    assert text_of(report(PAGE, found)) == (
        "page.txt:3:21: high minimal-side-effects: Plays side effects down.\n"
        "  |\n"
        "  | Lasting relief with minimal side effects, day after day.\n"
        "  |                     ^^^^^^^^^^^^^^^^^^^^\n"
        "  = why: They are common in the trials.\n"
        '  = severity: high to begin with; -1 for "may"\n'
        "  = instead: side effects such as nausea\n"
        '  = needs you: [name them] (for "with minimal side effects") - see the label\n'
        "  = sources: us-21cfr202.1, a-trial\n"
        "\n"
        "Audited 1 document (1,234 words) with 12 rules: 1 high.\n"
    )


@pytest.mark.parametrize(
    ("suggestion", "said"),
    [
        (Suggestion(Span(28, 53), "with risks", safe=True), 'instead: with risks (for "'),
        (Suggestion(Span(13, 68), "", safe=False), 'needs you: leave out "Lasting relief with minimal'),
        (Suggestion(Span(56, 56), " Nausea is common.", safe=False), "needs you: add Nausea is common."),
        (Suggestion(Span(13, 22), "R", safe=True), 'instead: Relief (for "Lasting relief")'),
    ],
)
def test_a_suggestion_says_what_it_is_for_in_whole_words(suggestion: Suggestion, said: str) -> None:
    found = replace(finding(PAGE, "minimal side effects"), suggestions=(suggestion,))

    assert f"  = {said}" in text_of(report(PAGE, found))


def test_reasons_are_left_out_when_nothing_changed_the_severity() -> None:
    found = replace(finding(PAGE, "minimal"), reasons=(Reason("high", "minimal-side-effects", Span(0, 1)),))

    assert "severity:" not in text_of(report(PAGE, found))


def test_the_summary_counts_all_there_is_to_count() -> None:
    findings = (
        finding(PAGE, "Lasting relief", Severity.CRITICAL),
        finding(PAGE, "minimal", Severity.LOW),
        replace(finding(PAGE, "Book now"), waived_by="register"),
    )

    said = text_of(report(PAGE, *findings, unread=[Unread("b.txt", "binary, not text")]))

    assert said.endswith("1 critical, 1 low; 1 waived; 1 document not read.\n")
    assert "Book now" not in said.replace("Book now!", "")


def test_nothing_found_is_said() -> None:
    assert text_of(report(PAGE)) == "Audited 1 document (1,234 words) with 12 rules: no findings.\n"
    assert "(1 word)" in text_of(Report((Audit("a.md", "text", 1, ()),)))
    assert text_of(Report((), (), rules=1)) == "Audited 0 documents (0 words) with 1 rule: no findings.\n"


def test_colours_are_only_added() -> None:
    found = report(PAGE, finding(PAGE, "minimal"), finding(PAGE, "Book", Severity.LOW))
    coloured = text_of(found, colour=True)

    assert "\x1b[31m^^^^^^^\x1b[0m" in coloured
    for style in Style:
        coloured = coloured.replace(f"\x1b[{style.value}m", "")
    assert coloured.replace("\x1b[0m", "") == text_of(found)


@pytest.mark.parametrize(
    "hostile", ["\x1b[2J", "\x9b31m", "\r", "\x07", "\u202e", "\u2066", "\u2028", "\x00", "\ud800"]
)
def test_no_document_or_name_commands_the_terminal(hostile: str) -> None:
    source = f"Lasting {hostile} relief with minimal{hostile}side effects."
    found = replace(finding(source, f"minimal{hostile}side"), message=f"Plays{hostile}down.", why=hostile)
    found = replace(found, suggestions=(Suggestion(found.span, f"a{hostile}b", safe=True, note=hostile),))

    said = text_of(report(source, found, path=f"a{hostile}b.txt"))

    assert hostile[0] not in said


@pytest.mark.parametrize("severity", Severity)
def test_each_severity_has_a_style(severity: Severity) -> None:
    assert Style[severity.name] is not Style.PLAIN


# The sentence and its underline


@pytest.mark.parametrize(
    ("source", "words", "shown"),
    [
        pytest.param("It works. It cures pain! Call.", "cures", ["It cures pain!", "   ^^^^^"], id="sentence"),
        pytest.param(
            "Safe Care\nWe cure\nall pain.", "cure\nall", ["We cure all pain.", "   ^^^^^^^^"], id="soft-break"
        ),
        pytest.param("- It cures.\n- It heals.", "heals", ["- It heals.", "     ^^^^^"], id="item"),
        pytest.param("# Safe\nIt cures.", "Safe", ["# Safe", "  ^^^^"], id="heading"),
        pytest.param("a  b\t cures\u00a0 c", "cures", ["a b cures c", "    ^^^^^"], id="blanks"),
        pytest.param("\u6c38\u4e45 cures \u75db", "cures", ["\u6c38\u4e45 cures \u75db", "     ^^^^^"], id="wide"),
        pytest.param("caf\u0065\u0301 cures", "cures", ["caf\u0065\u0301 cures", "     ^^^^^"], id="combining"),
        pytest.param("x\x1b cu\u200bres", "cu\u200bres", ["x\\x1b cu\\u200bres", "      ^^^^^^^^^^^"], id="escapes"),
        pytest.param("It cures", "", ["...It cures", "^^^"], id="nothing-marked"),
    ],
)
def test_excerpt(source: str, words: str, shown: list[str]) -> None:
    start = source.index(words)

    assert [line for pair in excerpt(source, Span(start, start + len(words))) for line in pair] == shown


def test_a_long_sentence_is_cut_at_both_ends_of_the_words() -> None:
    source = f"{'before ' * 40}cures pain {'after ' * 40}"
    start = source.index("cures")

    ((text, carets),) = excerpt(source, Span(start, start + 10), width=60)

    assert text.startswith("... before") and text.endswith("after ...")
    assert len(text) <= 60
    assert text[carets.index("^") : len(carets)] == "cures pain"


@given(
    st.text(alphabet="ab \n.\t\u00ad\u200b\u0301\u65e5\x1b\U0001f600", max_size=300),
    st.integers(0, 300),
    st.integers(1, 120),
    st.integers(24, 100),
)
def test_the_underline_is_as_wide_as_the_words(source: str, start: int, length: int, width: int) -> None:
    marked = Span(min(start, len(source)), min(start + length, len(source)))
    words = "".join(harmless(marked.of(source)).split())

    underlined = 0
    for text, carets in excerpt(source, marked, width=width):
        assert cells(text) <= width
        assert cells(carets) <= cells(text)
        underlined += carets.count("^")

    assert underlined >= cells(words)
    assert underlined <= cells(harmless(marked.of(source))) or not words


# Display


@pytest.mark.parametrize(
    ("text", "width"),
    [("abc", 3), ("\u65e5\u672c", 4), ("e\u0301", 1), ("\uff21", 2), ("\U0001f600", 2), ("\u200d", 0)],
)
def test_cells(text: str, width: int) -> None:
    assert cells(text) == width


def test_long_text_is_wrapped_under_its_own_beginning() -> None:
    assert list(wrapped("one two three", "  = ", width=12)) == ["  = one two", "    three"]
    assert list(wrapped("", "  = ", width=12)) == ["  = "]
    assert list(wrapped("unbreakable", "> ", width=6)) == ["> unbr", "  eaka", "  ble"]


def test_text_is_cut_between_words() -> None:
    assert head("one two three", 9) == "one ..."
    assert tail("one two three", 10) == "... three"
    assert head("one two", 7) == tail("one two", 7) == "one two"


@given(st.text(max_size=80), st.integers(1, 40))
def test_lines_lose_nothing_but_blanks(text: str, width: int) -> None:
    shown = harmless(text)

    found = [line.of(shown) for line in lines(shown, max(width, 2))]

    assert "".join(found).replace(" ", "") == shown.replace(" ", "")
    assert all(cells(line) <= max(width, 2) for line in found)


def test_columns_are_aligned() -> None:
    assert list(table([("a", "one"), ("\u65e5\u672c", "two")])) == ["a     one", "\u65e5\u672c  two"]


def test_plain_text_is_not_painted() -> None:
    assert paint("a", Style.PLAIN, colour=True) == paint("a", Style.BOLD, colour=False) == "a"


# JSON


def test_json_has_the_promised_fields_in_order() -> None:
    found = replace(
        finding(PAGE, "minimal side effects"),
        reasons=(Reason("-1", "may", Span(1, 4)),),
        suggestions=(Suggestion(Span(2, 5), "such as nausea", safe=True),),
    )

    said = json_of(report(PAGE, found, unread=[Unread("b.txt", "binary, not text")]))

    assert list(said) == ["schema", "tool", "catalog", "documents", "unread", "summary"]
    assert said["schema"] == 1
    assert said["catalog"] == {"version": "7", "digest": "abcdef", "rules": 12}
    assert said["unread"] == [{"path": "b.txt", "reason": "binary, not text"}]
    assert said["summary"] == {"critical": 0, "high": 1, "medium": 0, "low": 0, "waived": 0}
    document = said["documents"][0]
    assert list(document) == ["path", "format", "words", "notes", "gaps", "findings"]
    assert (document["path"], document["format"], document["words"], document["notes"]) == (
        "page.txt",
        "text",
        1234,
        [],
    )
    assert list(document["findings"][0].items()) == [
        ("rule", "minimal-side-effects"),
        ("category", "safety"),
        ("severity", "high"),
        ("confidence", "high"),
        ("start", 33),
        ("end", 53),
        ("line", 3),
        ("column", 21),
        ("end_line", 3),
        ("end_column", 41),
        ("place", ""),
        ("text", "minimal side effects"),
        ("message", "Plays side effects down."),
        ("why", "They are common in the trials."),
        ("reasons", [{"effect": "-1", "cue": "may", "start": 1, "end": 4}]),
        ("suggestions", [{"start": 2, "end": 5, "text": "such as nausea", "safe": True, "note": None}]),
        ("sources", ["us-21cfr202.1", "a-trial"]),
        ("fingerprint", "f00d"),
        ("waived_by", None),
    ]


def test_json_leaves_out_nothing_that_a_finding_knows() -> None:
    document = json_of(report(PAGE, finding(PAGE, "minimal")))["documents"][0]

    assert set(document["findings"][0]) == {field.name for field in fields(Finding)}


@pytest.mark.parametrize("count", [0, 1, 3])
def test_json_has_a_line_for_each_document(count: int) -> None:
    audits = tuple(Audit(f"{number}.txt", "text", number, ()) for number in range(count))

    said = "".join(render(Report(audits), "json"))

    assert [document["path"] for document in json.loads(said)["documents"]] == [audit.path for audit in audits]
    assert len(said.splitlines()) == (count + 2 if count else 1)


def test_json_survives_a_name_that_is_no_unicode() -> None:
    said = "".join(render(report(PAGE, path="caf\udce9.txt"), "json"))

    written = said.encode("utf-8", "backslashreplace")

    assert json.loads(written)["documents"][0]["path"] == "caf\udce9.txt"


def test_every_format_renders_an_empty_report() -> None:
    for name in FORMATS:
        assert "".join(render(Report(()), name)).endswith("\n")


def test_the_library_renders_as_the_command_line_does(catalog: Catalog) -> None:
    found = report(PAGE, finding(PAGE, "minimal"))

    for name in FORMATS:
        assert list(kaudit.render(found, name)) == list(render(found, name, View(catalog=catalog)))


def test_the_place_is_told_to_people_and_programs() -> None:
    found = replace(finding(PAGE, "minimal side effects"), place="page 3, under Results")
    value = report(PAGE, found)

    assert "= place: page 3, under Results\n" in "".join(render(value, "text"))
    assert "page 3, under Results" in "".join(render(value, "html"))
    assert json.loads("".join(render(value, "json")))["documents"][0]["findings"][0]["place"] == "page 3, under Results"
