"""The formats for other programs, against what these programs accept; from values alone, no audit."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import junitparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from kaudit.catalog.compiled import Catalog
from kaudit.cli import main
from kaudit.model import Audit, Category, Confidence, Finding, Reason, Report, Severity, Span, Suggestion, Unread
from kaudit.report import FORMATS, UNCOUNTED, render
from kaudit.report.view import View

PAGE = "Our \U0001f600 promise\n\nLasting relief with minimal side effects,\r\nday after day. Book now!\n"
SCHEMAS = Path(__file__).parent / "schemas"
SARIF, CODE_QUALITY = (
    json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    for name in ("sarif-2.1.0", "gitlab-code-quality")
)
JUNIT = etree.XMLSchema(etree.parse(SCHEMAS / "junit-10.xsd"))
WAIVER = "the register: relief-1"


def finding(words: str, severity: Severity = Severity.HIGH, **changed: Any) -> Finding:
    start = PAGE.index(words)
    line = PAGE.count("\n", 0, start) + 1
    column = start - PAGE.rfind("\n", 0, start)
    plain = Finding(
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
        reasons=(Reason("high", "minimal-side-effects", Span(0, 1)), Reason("-1", "may", Span(0, 3))),
        suggestions=(
            Suggestion(Span(start, start + len(words)), "known side effects", safe=True),
            Suggestion(Span(len(PAGE), len(PAGE)), " [name them]", safe=False, note="see the label"),
        ),
        sources=("us-21cfr202.1-e5",),
        fingerprint="f00d",
    )
    return replace(plain, **changed)


def report(*findings: Finding, path: str = "a/page.md", unread: tuple[Unread, ...] = ()) -> Report:
    return Report((Audit(path, "text", 1234, findings, PAGE), Audit("b.md", "text", 5, ())), unread, "7", "abcdef", 12)


EVERYTHING = report(
    finding("minimal side effects"),
    finding("Lasting relief", Severity.CRITICAL, rule="lasting", category=Category.TIMING),
    finding("day after day", Severity.MEDIUM, suggestions=()),
    finding("Book now", Severity.LOW, waived_by=WAIVER, text="Book |\x1b now `x`"),
    unread=(Unread("c, d:e.md", "binary, 100% not text\n"),),
)


def said(found: Report, format: str, **wanted: Any) -> str:
    return "".join(render(found, format, View(**wanted)))


# All formats


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_waived_is_listed_only_when_asked_for(format: str) -> None:
    waived = report(finding("Book now", waived_by=WAIVER, message="Hurries the reader."))

    assert "Hurries the reader" not in said(waived, format)
    assert "Hurries the reader" in said(waived, format, show_waived=True)
    assert WAIVER in said(waived, format, show_waived=True)


@pytest.mark.parametrize("format", sorted(set(FORMATS) - UNCOUNTED))
def test_what_is_waived_is_always_counted(format: str) -> None:
    found = [finding("Book now", waived_by=WAIVER, fingerprint=str(number)) for number in range(37)]

    assert re.search(r"\b37\b", said(report(*found), format))


@pytest.mark.parametrize("format", sorted(UNCOUNTED))
def test_of_a_bare_list_the_command_line_counts_what_is_waived(
    format: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kaudit.auditor.Auditor.report", lambda self, results: report(finding("Book", waived_by="x")))
    (tmp_path / "page.txt").write_text("Hello.\n", encoding="utf-8")

    code = main(["check", "--format", format, str(tmp_path)])

    assert (code, capsys.readouterr().err) == (0, "kaudit: 1 of the findings are waived\n")


@pytest.mark.parametrize("format", FORMATS)
def test_a_catalog_only_adds(format: str, catalog: Catalog) -> None:
    assert said(EVERYTHING, format, catalog=catalog, show_waived=True)


@pytest.mark.parametrize("format", ["html", "json", "jsonl", "sarif"])
def test_notes_on_a_document_are_told(format: str) -> None:
    noted = Audit("a.md", "text", 1, (finding("Book"),), PAGE, notes=("read as <cp1252>, by a guess",))

    assert "by a guess" in said(Report((noted,)), format)


# JSON Lines


def test_json_lines_hold_what_json_holds() -> None:
    lines = [json.loads(line) for line in said(EVERYTHING, "jsonl", show_waived=True).splitlines()]
    whole = json.loads(said(EVERYTHING, "json", show_waived=True))

    assert [line["type"] for line in lines] == ["run", *["finding"] * 4, "unread", "summary"]
    assert lines[0] == {"type": "run", **{key: whole[key] for key in ("schema", "tool", "catalog")}}
    for line, found in zip(lines[1:5], whole["documents"][0]["findings"], strict=True):
        assert line == {"type": "finding", "path": "a/page.md", "format": "text", **found}
    assert lines[-1] == {"type": "summary", "documents": 2, "words": 1239, **whole["summary"]}


# SARIF


def sarif_of(found: Report, **wanted: Any) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(said(found, "sarif", **wanted))
    jsonschema.Draft4Validator(SARIF).validate(log)
    run: dict[str, Any] = log["runs"][0]
    return run


@pytest.mark.parametrize("found", [EVERYTHING, Report(()), report()], ids=["all", "nothing", "clean"])
def test_sarif_is_as_its_schema_wants_it(found: Report, catalog: Catalog) -> None:
    for wanted in ({}, {"show_waived": True}, {"catalog": catalog}):
        assert sarif_of(found, **wanted)["columnKind"] == "unicodeCodePoints"


def test_sarif_places_what_was_found_and_names_its_rule() -> None:
    run = sarif_of(EVERYTHING)
    result = run["results"][0]
    place = result["locations"][0]["physicalLocation"]

    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "minimal-side-effects"
    assert place["artifactLocation"]["uri"] == "a/page.md"
    assert (place["region"]["startLine"], place["region"]["startColumn"], place["region"]["endColumn"]) == (3, 21, 41)
    assert place["region"]["snippet"]["text"] == "minimal side effects"
    assert result["partialFingerprints"] == {"kaudit/v1": "f00d"}
    assert [found["level"] for found in run["results"]] == ["error", "error", "warning"]


def test_sarif_offers_only_fixes_that_are_safe() -> None:
    (fix,) = sarif_of(EVERYTHING)["results"][0]["fixes"]
    (replacement,) = fix["artifactChanges"][0]["replacements"]

    assert replacement["insertedContent"]["text"] == "known side effects"
    assert replacement["deletedRegion"] == {"startLine": 3, "startColumn": 21, "endLine": 3, "endColumn": 41}


@pytest.mark.parametrize(
    ("format", "new", "offered"), [("text", "*a*", 1), ("markdown", "a", 1), ("markdown", "*a*", 0), ("docx", "a", 0)]
)
def test_sarif_offers_no_fix_that_could_break_the_file(format: str, new: str, offered: int) -> None:
    found = finding("minimal side effects")
    found = replace(found, suggestions=(Suggestion(found.span, new, safe=True),))

    (result,) = sarif_of(Report((Audit("a.md", format, 9, (found,), PAGE),)))["results"]

    assert len(result.get("fixes", ())) == offered


def test_sarif_rules_cite_their_sources_in_full(catalog: Catalog) -> None:
    rule = sarif_of(EVERYTHING, catalog=catalog)["tool"]["driver"]["rules"][0]

    for key in catalog.rules["minimal-side-effects"].sources:
        assert catalog.sources[key].citation in rule["help"]["text"]
    assert "](https://" in rule["help"]["markdown"]


def test_sarif_marks_as_suppressed_what_is_waived() -> None:
    results = sarif_of(EVERYTHING, show_waived=True)["results"]

    assert [len(result.get("suppressions", ())) for result in results] == [0, 0, 0, 1]
    assert results[3]["suppressions"] == [{"kind": "external", "status": "accepted", "justification": WAIVER}]
    (ignored,) = sarif_of(report(finding("Book", waived_by="ignore: why")), show_waived=True)["results"]
    assert ignored["suppressions"][0]["kind"] == "inSource"


def test_sarif_says_what_was_not_read() -> None:
    (invocation,) = sarif_of(EVERYTHING)["invocations"]

    assert not invocation["executionSuccessful"]
    (told,) = invocation["toolExecutionNotifications"]
    assert told["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "c%2C%20d%3Ae.md"


def test_sarif_makes_no_link_of_what_a_document_says() -> None:
    result = sarif_of(report(finding("Book now", message="See [this](https://example.org).")))["results"][0]

    assert result["message"]["text"].startswith("See \\[this\\](https://example.org).")


# GitHub

COMMAND = re.compile(r"::(error|warning|notice) ((?:\w+=[^,:\r\n]*,?)+)::([^\r\n]*)\n")


def commands(found: Report, **wanted: Any) -> list[re.Match[str]]:
    *lines, sums = said(found, "github", **wanted).splitlines(keepends=True)
    assert sums.startswith("Audited 2 documents")
    matched = [COMMAND.fullmatch(line) for line in lines]
    assert None not in matched, lines
    return [match for match in matched if match]


def test_github_is_told_the_worst_first() -> None:
    titles = [re.search("title=([^,]*)", command[2]) for command in commands(EVERYTHING, show_waived=True)]

    assert [title and title[1] for title in titles] == [
        "kaudit%3A not read",
        "critical%3A lasting",
        "high%3A minimal-side-effects",
        "medium%3A minimal-side-effects",
        "low%3A minimal-side-effects (waived)",
    ]


def test_github_values_are_escaped() -> None:
    hostile = "50%, a:b\r\n::error::c"
    (command,) = commands(report(finding("Book now", message=hostile, rule="r"), path=hostile))

    assert "file=50%25%2C a%3Ab%0D%0A%3A%3Aerror%3A%3Ac," in command[2]
    assert command[3].startswith("50%25, a:b%0D%0A::error::c%0A")


def test_github_drops_nothing_in_silence() -> None:
    many = [finding("Book now", severity, rule=str(severity)) for severity in Severity for _ in range(25)]

    told = commands(report(*many))

    assert [sum(command[1] == kind for command in told) for kind in ("error", "warning", "notice")] == [10, 10, 10]
    assert "critical" in told[0][2] and told[-1][3].startswith("71 more findings")


def test_github_gets_a_summary_of_the_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page, summary = tmp_path / "page.txt", tmp_path / "summary.md"
    page.write_text("Our drops have minimal side effects.\n", encoding="utf-8")
    summary.write_text("Before.\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))

    assert main(["check", "--format", "github", str(page)]) == 1

    assert re.match(r"Before\.\n## kaudit\n", summary.read_text(encoding="utf-8"))


# GitLab


def test_gitlab_gets_what_its_documentation_asks_for() -> None:
    issues = json.loads(said(EVERYTHING, "gitlab", show_waived=True))

    jsonschema.validate(issues, CODE_QUALITY)
    assert {issue["location"]["path"] for issue in issues} == {"a/page.md"}
    assert [issue["severity"] for issue in issues] == ["major", "critical", "minor", "info"]


def test_gitlab_fingerprints_are_each_their_own_and_stay() -> None:
    twice = report(finding("Book now"), finding("Book now"))
    issues = json.loads(said(twice, "gitlab"))

    assert len({issue["fingerprint"] for issue in issues}) == 2
    assert json.loads(said(report(finding("Book now", line=9)), "gitlab"))[0]["fingerprint"] == issues[0]["fingerprint"]


# JUnit


def junit_of(found: Report, **wanted: Any) -> junitparser.JUnitXml:
    """Return what the report reads back as, once the schema has nothing to say against it."""
    text = said(found, "junit", **wanted).encode()
    JUNIT.assertValid(etree.fromstring(text))
    return junitparser.JUnitXml.fromstring(text)


def test_junit_reads_back_as_it_was_meant() -> None:
    suites = list(junit_of(EVERYTHING, show_waived=True))
    cases = [list(suite) for suite in suites]

    assert [suite.name for suite in suites] == ["a/page.md", "b.md", "c, d:e.md"]
    assert [(suite.tests, suite.failures, suite.skipped, suite.errors) for suite in suites] == [
        (4, 3, 1, 0),
        (1, 0, 0, 0),
        (1, 0, 0, 1),
    ]
    assert [case.name for case in cases[0]][:2] == ["minimal-side-effects at 3:21", "lasting at 3:1"]
    assert cases[0][0].result[0].message == "Plays side effects down."
    assert isinstance(cases[0][3].result[0], junitparser.Skipped)
    assert cases[1][0].is_passed


def test_junit_sums_are_right() -> None:
    whole = junit_of(EVERYTHING)
    declared = (whole.tests, whole.failures, whole.errors)
    whole.update_statistics()  # type: ignore[no-untyped-call]

    assert (whole.tests, whole.failures, whole.errors) == declared == (5, 3, 1)


@given(st.text())
def test_junit_is_xml_whatever_a_document_says(text: str) -> None:
    hostile = finding("Book now", text=text, message=text, why=text)

    junit_of(report(hostile, path=text or "x"))


@pytest.mark.parametrize(
    ("before", "after"), [('tests="', 'number="'), ("<failure ", "<failing "), (' name="waived"', "")]
)
def test_the_schema_of_junit_sees_what_is_wrong(before: str, after: str) -> None:
    text = said(EVERYTHING, "junit")
    wrong = re.sub("</failure>", "</failing>", text) if "failing" in after else text

    assert before in wrong
    assert not JUNIT.validate(etree.fromstring(wrong.replace(before, after).encode()))


# CSV


def test_csv_reads_back_with_a_row_for_each_finding() -> None:
    rows = list(csv.DictReader(io.StringIO(said(EVERYTHING, "csv", show_waived=True))))

    assert [row["severity"] for row in rows] == ["high", "critical", "medium", "low"]
    assert rows[0]["text"] == "minimal side effects"
    assert rows[0]["suggestions"] == "known side effects; add [name them] - see the label"
    assert rows[3]["waived_by"] == WAIVER
    (row,) = csv.DictReader(io.StringIO(said(report(finding("Book", place="page 3")), "csv")))
    assert row["place"] == "page 3"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "\uff1d", "|", "%"])
def test_csv_holds_no_formula(start: str) -> None:
    text = f"{start}HYPERLINK(1)"
    rows = csv.DictReader(
        io.StringIO(said(report(finding("Book", text=text, waived_by=text), path=text), "csv", show_waived=True))
    )

    for row in rows:
        assert [row[column][0] for column in ("path", "text", "waived_by")] == ["'"] * 3


# Markdown


def test_markdown_counts_by_category_and_by_document() -> None:
    shown = said(EVERYTHING, "markdown")

    assert "| safety |  | 1 | 1 |  |\n| timing | 1 |  |  |  |\n" in shown
    assert "| `a/page.md` | 1 | 1 | 1 |  |\n" in shown
    assert "- `c, d:e.md`: binary, 100% not text" in shown


def test_markdown_is_limited_and_says_so() -> None:
    shown = said(report(*[finding("Book now")] * 250), "markdown")

    assert shown.count("- **high**") == 100
    assert "And 150 more findings." in shown


@pytest.mark.parametrize("hostile", ["<script>", "a ``` b", "`", "x\n\n# y", "![a](b)", "@somebody", "a | b"])
def test_markdown_shows_words_only_as_code(hostile: str) -> None:
    shown = said(report(finding("Book now", text=hostile, suggestions=())), "markdown")
    (line,) = (line for line in shown.splitlines() if line.startswith("- **"))

    _, fence, rest = re.split(r":\d+`: (`+)", line)

    assert rest.endswith(fence)
    assert fence not in re.findall("`+", rest[: -len(fence)])
