"""What the command says and how it ends, through `main`; a catalog of our own keeps it apart from the built-in one."""

from __future__ import annotations

import dataclasses
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kaudit.cli import main
from kaudit.config import Config

CATALOG = r"""
schema: 1
version: '7'
categories:
  cure: {title: Cure, description: Says that an illness is ended., hedging: holds}
  hyperbole: {title: Hyperbole, description: Presents it as beyond description.}
  testimonial: {title: Testimonial, description: Tells one outcome as typical.}
sources:
  a-rule:
    citation: A rule about claims
    place: Book 1, page 2
    supports: Claims need evidence.
    checked: '2026-11-22'
    verified: 'yes'
  hearsay: {citation: Somebody, place: Somewhere, supports: Something.}
subjects:
  any: {name: it}
cues:
  - {type: negation, words: [is not], direction: forward, reach: 6}
  - {type: hedge, words: [may], direction: forward, reach: 6}
lexicons:
  wonder: [miracle, wonder]
claims:
  - id: miracle-drug
    category: hyperbole
    severity: high
    message: Promises a miracle.
    why: No treatment is one.
    sources: [a-rule, hearsay]
    former: [wonder-drug]
    match: ['{wonder} drug~']
    rewrite:
      - {match: 'a {wonder} drug', to: 'a medicine'}
    examples:
      flag: ['It is a [[miracle drug]].']
      pass: ['It is not a miracle drug.']
      fix: [{from: 'It is a miracle drug.', to: 'It is a medicine.'}]
  - id: cures-everything
    category: cure
    severity: critical
    message: Says that it cures.
    why: It does not.
    sources: [a-rule]
    jurisdictions: [uk]
    match: [cures everything]
    examples:
      flag: ['It [[cures everything]].']
      pass: ['It cures ham.']
  - id: success-story
    category: testimonial
    severity: low
    message: Tells a success.
    why: One is not all.
    sources: [a-rule]
    match: [success story]
    examples:
      flag: ['A [[success story]].']
      pass: ['A story.']
  - id: lovely
    category: hyperbole
    severity: high
    confidence: low
    message: Gushes.
    why: It is only a word.
    sources: [a-rule]
    match: [lovely]
    examples:
      flag: ['A [[lovely]] story.']
      pass: ['A story.']
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder to work in, with the catalog beside it."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("KAUDIT_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "catalog.yaml").write_text(CATALOG, encoding="utf-8")
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


class Ran:
    """What became of a command."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        self.code = main(arguments)
        self.out, self.err = capsys.readouterr()

    @property
    def report(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.out)
        return parsed

    @property
    def rules(self) -> list[str]:
        return [found["rule"] for document in self.report["documents"] for found in document["findings"]]


def check(capsys: pytest.CaptureFixture[str], *arguments: str) -> Ran:
    return Ran(capsys, "check", "--catalog", "../catalog.yaml", *arguments)


def feed(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def page(path: str, text: str) -> Path:
    place = Path(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    return place


# Exit codes


@pytest.mark.parametrize(
    ("text", "arguments", "code"),
    [
        pytest.param("A plain sentence.", [], 0, id="clean"),
        pytest.param("It is a miracle drug.", [], 1, id="high"),
        pytest.param("It is not a miracle drug.", [], 0, id="denied"),
        pytest.param("A success story.", [], 0, id="low"),
        pytest.param("A success story.", ["--fail-on", "low"], 1, id="low-asked-for"),
        pytest.param("It is a miracle drug.", ["--fail-on", "critical"], 0, id="high-below-critical"),
        pytest.param("It is a miracle drug.", ["--exit-zero"], 0, id="exit-zero"),
        pytest.param("A lovely story.", ["--pedantic", "--fail-on", "low"], 0, id="low-confidence-never-fails"),
        pytest.param("It is a miracle drug.", ["--ignore", "hyperbole"], 0, id="ignored"),
        pytest.param("", [], 0, id="empty"),
    ],
)
def test_exit_code(capsys: pytest.CaptureFixture[str], text: str, arguments: list[str], code: int) -> None:
    page("page.txt", text)

    assert check(capsys, "page.txt", *arguments).code == code


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["check", "--catalog", "../catalog.yaml", "nowhere.txt"], "nowhere.txt: No such file or directory"),
        (["check", "--fail-on", "hgh"], "'hgh' is none of low, medium, high, critical"),
        (["check", "--jurisdiction", "us,mars"], "'mars' is none of us, uk, eu, au, ca"),
        (["check", "--format", "xml"], "invalid choice: 'xml'"),
        (["check", "--format", "sariff"], "; did you mean 'sarif'?\n"),
        (["chekc", "page.md"], "; did you mean 'check'?\n"),
        (["check", "--selct=cure", "page.md"], "unrecognized arguments: --selct=cure; did you mean '--select'?\n"),
        (["fix", "--unsave", "page.md"], "; did you mean '--unsafe'?\n"),
        (["check", "--pedant"], "--pedant"),
        (["check", "--catalog", "nowhere.yaml"], "nowhere.yaml:1:1: cannot be read"),
        (["rules", "--category", "cures"], "'cures' is none of hyperbole, cure,"),
        (["catalog", "check", "nowhere.yaml"], "nowhere.yaml:1:1: cannot be read"),
        (["chekc"], "chekc"),
        ([], "COMMAND"),
    ],
)
def test_bad_usage_is_told_and_ends_with_two(
    capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
) -> None:
    ran = Ran(capsys, *arguments)

    assert (ran.code, complaint in ran.err) == (2, True), ran.err


@pytest.mark.parametrize(
    ("name", "nearest"), [("miracle-drugs", "miracle-drug"), ("hyperbol", "hyperbole"), ("wondr-drug", "wonder-drug")]
)
@pytest.mark.parametrize("flag", ["--select", "--ignore"])
def test_an_unknown_rule_is_told_with_the_nearest(
    capsys: pytest.CaptureFixture[str], flag: str, name: str, nearest: str
) -> None:
    ran = check(capsys, flag, f"cure,{name}")

    assert ran.code == 2
    assert ran.err == f"kaudit: there is no rule or category {name!r}; did you mean {nearest!r}?\n"


def test_what_cannot_be_read_outranks_findings_and_stops_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    page("page.txt", "It is a miracle drug.")
    Path("image.txt").write_bytes(b"\x89PNG\x00\x00")

    ran = check(capsys, "nowhere.txt", "page.txt", "image.txt", "--exit-zero", "--format", "json")

    assert ran.code == 2
    assert ran.rules == ["miracle-drug"]
    assert [unread["path"] for unread in ran.report["unread"]] == ["nowhere.txt", "image.txt"]
    assert ran.err == "kaudit: nowhere.txt: No such file or directory\nkaudit: image.txt: binary, not text\n"


def test_what_is_no_text_in_a_folder_is_told_and_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    page("site/page.txt", "A plain sentence.")
    Path("site/image.txt").write_bytes(b"\x89PNG\x00\x00")

    ran = check(capsys, "site")

    image = Path("site/image.txt")
    assert ran.code == 0
    assert ran.err == f"kaudit: {image}: skipped: binary, not text\n"
    assert "1 document not read" in ran.out


def test_a_link_to_nowhere_in_a_folder_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    Path("gone.md").symlink_to("nowhere.md")

    assert check(capsys, ".").code == 2


def test_an_interrupted_run_says_that_it_is_incomplete(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kaudit.read.discover.find_documents", interrupt)

    ran = check(capsys, ".")

    assert (ran.code, ran.out, ran.err) == (2, "", "kaudit: interrupted; the audit is incomplete\n")


def test_a_bug_is_told_and_no_finding(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr("kaudit.read.discover.find_documents", fail)

    ran = check(capsys, ".")

    assert (ran.code, ran.out) == (2, "")
    assert "ZeroDivisionError: by nought" in ran.err
    assert ran.err.endswith("kaudit: this is a bug in kaudit, please report it; the audit is incomplete\n")


def test_a_document_in_a_folder_that_is_broken_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    page("site/page.txt", "A plain sentence.")
    page("site/letter.docx", "no zip")

    ran = check(capsys, "site")

    assert ran.code == 2
    assert ran.err.startswith(f"kaudit: {Path('site/letter.docx')}: is no such document")


# What is audited


def test_folders_are_walked_in_order_for_documents_alone(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("b.txt", "a/z.md", "a/y.markdown", "c.text", "code.py", "a/README", "A.TXT"):
        page(name, "It is a miracle drug.")
    for name in (".git/x.md", ".hidden.md", "node_modules/m/x.md", "venv/x.md", "__pycache__/x.txt"):
        page(name, "It is a miracle drug.")
    page("env/pyvenv.cfg", "")
    page("env/licence.txt", "It is a miracle drug.")

    ran = check(capsys, ".", "--format", "json")

    wanted = ["A.TXT", "a/y.markdown", "a/z.md", "b.txt", "c.text"]
    assert [Path(document["path"]).as_posix() for document in ran.report["documents"]] == wanted


def test_this_folder_is_audited_when_none_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    page("page.txt", "It is a miracle drug.")

    assert check(capsys).code == 1


def test_a_folder_is_entered_once(capsys: pytest.CaptureFixture[str]) -> None:
    page("a/page.txt", "It is a miracle drug.")
    Path("a/again").symlink_to(Path("a").resolve(), target_is_directory=True)
    Path("b").symlink_to("a", target_is_directory=True)

    ran = check(capsys, ".", "--format", "json")

    assert len(ran.report["documents"]) == 1


def test_links_that_lead_in_a_loop_are_told_and_the_rest_is_audited(capsys: pytest.CaptureFixture[str]) -> None:
    page("page.txt", "It is a miracle drug.")
    Path("one.md").symlink_to("two.md")
    Path("two.md").symlink_to("one.md")

    ran = check(capsys, ".", "--format", "json")

    assert ran.code == 2
    assert [document["path"] for document in ran.report["documents"]] == ["page.txt"]
    assert {unread["path"] for unread in ran.report["unread"]} == {"one.md", "two.md"}


def test_a_document_named_twice_is_audited_once(capsys: pytest.CaptureFixture[str]) -> None:
    page("page.txt", "It is a miracle drug.")

    ran = check(capsys, "page.txt", ".", "./page.txt", "--format", "json")

    assert [document["path"] for document in ran.report["documents"]] == ["page.txt"]


def test_a_named_file_is_read_whatever_it_is_called(capsys: pytest.CaptureFixture[str]) -> None:
    page(".draft", "It is a miracle drug.")

    assert check(capsys, ".draft").code == 1


def test_a_folder_without_documents_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    Path("empty").mkdir()

    ran = check(capsys, "empty")

    assert (ran.code, ran.err) == (0, "kaudit: empty: there is no document in this folder\n")


@pytest.mark.parametrize(("arguments", "name"), [([], "<stdin>"), (["--stdin-filename", "a/b.md"], "a/b.md")])
def test_stdin(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: list[str], name: str
) -> None:
    feed(monkeypatch, "\u00a1It is a miracle drug!".encode())

    ran = check(capsys, "-", *arguments)

    assert (ran.code, ran.out.splitlines()[0]) == (1, f"{name}:1:10: high miracle-drug: Promises a miracle.")


def test_stdin_that_is_no_text_is_an_error(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    page("page.txt", "A plain sentence.")
    feed(monkeypatch, b"\x89PNG\x00\x00")

    ran = check(capsys, "-", "--stdin-filename", "page.txt")

    assert (ran.code, ran.err) == (2, "kaudit: page.txt: binary, not text\n")


# Settings


@pytest.mark.parametrize(
    ("arguments", "rules"),
    [
        pytest.param([], ["miracle-drug", "success-story"], id="default"),
        pytest.param(["--pedantic"], ["miracle-drug", "success-story", "lovely"], id="pedantic"),
        pytest.param(
            ["--jurisdiction", "us,uk"], ["miracle-drug", "cures-everything", "success-story"], id="jurisdictions"
        ),
        pytest.param(["--jurisdiction", "au", "--jurisdiction", "uk", "--select", "cure"], ["cures-everything"]),
        pytest.param(["--select", "testimonial"], ["success-story"], id="category"),
        pytest.param(["--select", "miracle-drug, testimonial"], ["miracle-drug", "success-story"], id="list"),
        pytest.param(["--select", "miracle-drug", "--select", "cure"], ["miracle-drug"], id="repeated"),
        pytest.param(["--ignore", "hyperbole"], ["success-story"], id="ignore"),
        pytest.param(["--select", "hyperbole", "--ignore", "miracle-drug"], [], id="ignore-beats-select"),
        pytest.param(["--select", "wonder-drug"], ["miracle-drug"], id="former-id"),
    ],
)
def test_which_rules_apply(capsys: pytest.CaptureFixture[str], arguments: list[str], rules: list[str]) -> None:
    page("page.txt", "It is a miracle drug. It cures everything. A success story. Lovely!")

    assert check(capsys, "page.txt", "--format", "json", *arguments).rules == rules


FOR_FILES = ["include", "exclude", "per_path", "lexicons"]
FOR_FILES += ["max_bytes", "max_line", "max_nesting", "max_findings", "max_pattern_ms"]
FOR_FILES += ["max_catalog_bytes", "max_catalog_depth", "max_catalog_aliases", "copy_keys", "skip_keys"]


def test_every_setting_has_a_flag_but_those_for_files(capsys: pytest.CaptureFixture[str]) -> None:
    shown = Ran(capsys, "check", "--help").out

    flags = {field.name: "--" + field.name.replace("_", "-") for field in dataclasses.fields(Config)}
    flags["jurisdictions"] = "--jurisdiction"
    assert [name for name, flag in flags.items() if flag not in shown] == FOR_FILES


# Output


def test_the_report_is_text_unless_asked(capsys: pytest.CaptureFixture[str]) -> None:
    page("page.txt", "It may be a miracle drug.\n")

    assert check(capsys, "page.txt").out == (
        "page.txt:1:13: medium miracle-drug: Promises a miracle.\n"
        "  |\n"
        "  | It may be a miracle drug.\n"
        "  |             ^^^^^^^^^^^^\n"
        "  = why: No treatment is one.\n"
        '  = severity: high to begin with; -1 for "may"\n'
        '  = instead: a medicine (for "a miracle drug")\n'
        "  = sources: a-rule, hearsay\n"
        "\n"
        "Audited 1 document (6 words) with 2 rules: 1 medium.\n"
    )


def test_the_report_can_go_to_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    page("page.txt", "It is a miracle drug \u2013 truly.")

    ran = check(capsys, "page.txt", "--format", "json", "--output", "report.json")

    assert (ran.code, ran.out, ran.err) == (1, "", "")
    assert json.loads(Path("report.json").read_text(encoding="utf-8"))["summary"]["high"] == 1


def test_a_report_that_cannot_be_written_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    page("page.txt", "It is a miracle drug.")

    ran = check(capsys, "page.txt", "--output", "nowhere/report.txt")

    assert (ran.code, ran.err) == (2, "kaudit: nowhere/report.txt: cannot be written: No such file or directory\n")


def test_a_catalog_with_mistakes_has_each_told_at_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = CATALOG.replace("severity: critical", "severity: huge").replace("sources: [a-rule]", "sources: [a-rul]")
    page("wrong.yaml", wrong)

    ran = Ran(capsys, "check", "--catalog", "wrong.yaml", ".")

    assert ran.code == 2
    assert ran.err.startswith("wrong.yaml:")
    assert "huge" in ran.err


# Commands about rules


def test_explain_tells_all_about_a_rule(capsys: pytest.CaptureFixture[str]) -> None:
    ran = Ran(capsys, "explain", "miracle-drug", "--catalog", "../catalog.yaml")

    assert ran.code == 0
    assert ran.out == (
        "miracle-drug: Promises a miracle.\n"
        "\n"
        "  why            No treatment is one.\n"
        "  category       hyperbole: Presents it as beyond description.\n"
        "  severity       high, plainly asserted\n"
        "  confidence     high\n"
        "  hedging        lowers: a hedge lowers it by one level; below low there is no\n"
        "                 finding\n"
        "  jurisdictions  all\n"
        "  formerly       wonder-drug\n"
        "\n"
        "Sources\n"
        "  a-rule (checked 2026-11-22)\n"
        "    A rule about claims\n"
        "    Book 1, page 2\n"
        "    Claims need evidence.\n"
        "  hearsay (not looked up yet, not verified)\n"
        "    Somebody\n"
        "    Somewhere\n"
        "    Something.\n"
        "\n"
        "Flagged\n"
        "  It is a [[miracle drug]].\n"
        "\n"
        "Not flagged\n"
        "  It is not a miracle drug.\n"
        "\n"
        "Rewritten\n"
        "  - It is a miracle drug.\n"
        "  + It is a medicine.\n"
        "\n"
        "Looked for\n"
        "  {wonder} drug~\n"
    )


def test_explain_knows_a_rule_by_its_former_id(capsys: pytest.CaptureFixture[str]) -> None:
    ran = Ran(capsys, "explain", "wonder-drug", "--catalog", "../catalog.yaml")

    assert ran.out.startswith("miracle-drug:")


def test_explain_names_the_nearest_rule(capsys: pytest.CaptureFixture[str]) -> None:
    ran = Ran(capsys, "explain", "lovly", "--catalog", "../catalog.yaml")

    assert (ran.code, "did you mean 'lovely'?" in ran.err) == (2, True)


def test_rules_are_listed_by_category(capsys: pytest.CaptureFixture[str]) -> None:
    ran = Ran(capsys, "rules", "--catalog", "../catalog.yaml")

    assert ran.out == (
        "rule              category     severity  confidence  message\n"
        "lovely            hyperbole    high      low         Gushes.\n"
        "miracle-drug      hyperbole    high      high        Promises a miracle.\n"
        "cures-everything  cure         critical  high        Says that it cures.\n"
        "success-story     testimonial  low       high        Tells a success.\n"
    )


def test_rules_of_some_categories_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    ran = Ran(
        capsys,
        "rules",
        "--catalog",
        "../catalog.yaml",
        "--format",
        "json",
        "--category",
        "cure",
        "--category",
        "natural",
    )

    assert ran.report["rules"] == [
        {
            "rule": "cures-everything",
            "category": "cure",
            "severity": "critical",
            "confidence": "high",
            "message": "Says that it cures.",
            "why": "It does not.",
            "sources": ["a-rule"],
            "jurisdictions": ["uk"],
        }
    ]


def test_catalog_check_runs_the_examples(capsys: pytest.CaptureFixture[str]) -> None:
    page("wrong.yaml", CATALOG.replace("A [[success story]].", "A [[story]].").replace("A story.", "A lovely story."))

    right = Ran(capsys, "catalog", "check", "../catalog.yaml")
    wrong = Ran(capsys, "catalog", "check", "wrong.yaml")

    assert (right.code, right.out) == (0, "../catalog.yaml: 4 rules and 0 disclosures, no problems\n")
    assert (wrong.code, wrong.out) == (2, "")
    assert [line.split(": ")[1] for line in wrong.err.splitlines()] == ["success-story, flag", "lovely, pass"]


def test_catalog_schema_knows_every_key(capsys: pytest.CaptureFixture[str]) -> None:
    schema = Ran(capsys, "catalog", "schema").report

    assert {"schema", "version", "extends", "claims", "disclosures"} <= set(schema["properties"])
    assert "pass" in schema["$defs"]["Examples"]["properties"]


# The process


def run(*arguments: str, **settings: Any) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "kaudit", *arguments]
    return subprocess.run(command, capture_output=True, check=False, timeout=60, **settings)


def test_the_module_runs_and_speaks_utf_8_whatever_the_locale() -> None:
    page("caf\u00e9.txt", "It is a miracle drug \u2013 truly.")
    surroundings = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}

    ran = run("check", "--catalog", "../catalog.yaml", ".", env=surroundings)

    assert (ran.returncode, ran.stderr) == (1, b"")
    assert "caf\u00e9.txt:1:9: high" in ran.stdout.decode("utf-8")
    assert "drug \u2013 truly" in ran.stdout.decode("utf-8")


def test_a_reader_that_stops_early_is_no_error() -> None:
    for number in range(300):
        page(f"{number}.txt", "It is a miracle drug. " * 20)
    command = [sys.executable, "-m", "kaudit", "check", "--catalog", "../catalog.yaml", "."]

    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        complaint = process.stderr.read()

    assert (process.returncode, complaint) == (1, b"")


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no pseudo-terminals here")
@pytest.mark.parametrize(("settings", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_colour_is_for_terminals(settings: dict[str, str], coloured: bool) -> None:
    page("page.txt", "It is a miracle drug.")
    here, there = os.openpty()
    surroundings = {**os.environ, "TERM": "xterm", **settings}

    subprocess.run(
        [sys.executable, "-m", "kaudit", "check", "--catalog", "../catalog.yaml", "page.txt"],
        stdout=there,
        check=False,
        timeout=60,
        env=surroundings,
    )
    os.close(there)
    shown = os.read(here, 65536)
    os.close(here)

    assert (b"\x1b[31mhigh\x1b[0m" in shown, b"high" in shown) == (coloured, True)


def test_a_start_loads_nothing_that_it_does_not_need() -> None:
    told = "import sys, kaudit.cli; print(*sorted(sys.modules))"
    modules = subprocess.run([sys.executable, "-c", told], capture_output=True, check=True, text=True).stdout.split()

    assert {"rich", "pydantic", "yaml", "regex", "importlib.metadata", "kaudit.auditor"} & set(modules) == set()
