"""What goes over a limit is told with the name of the setting, and the exit code says that something is missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_catalogs import HEAD, rule

from kaudit.cli import main

SLOW = HEAD + "claims:\n" + rule("['hooray /(?:(?:a|aa)+)+[0-9]/']", "slow") + rule("['miracle drug']", "quick")
AAAH = f"A miracle drug. We say hooray {'a' * 60}.\n"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "site").mkdir()
    return tmp_path


def put(name: str, text: str) -> None:
    Path(name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("setting", "name", "text", "told"),
    [
        ("max-bytes = 10", "page.md", "A miracle drug.\n", "over 10 bytes (max-bytes)"),
        ("max-line = 10", "page.md", "A\n\nmiracle drug.\n", "line 3 has 13 characters; max-line allows 10"),
        ("max-nesting = 2", "page.json", '[[["a"]]]', "nested more than 2 deep, which is what max-nesting allows"),
        (
            "max-nesting = 2",
            "page.yaml",
            "a: {b: {c: d}}\n",
            "nested more than 2 deep, which is what max-nesting allows",
        ),
        ("max-nesting = 1", "page.toml", "a = [[1]]\n", "nested more than 1 deep, which is what max-nesting allows"),
        (
            "max-findings = 1",
            "page.md",
            "A miracle drug.\n\n" * 3,
            "over 1 claims (max-findings); the rest was left out",
        ),
    ],
)
def test_a_document_over_a_limit_is_told(
    site: Path, capsys: pytest.CaptureFixture[str], setting: str, name: str, text: str, told: str
) -> None:
    put(name, text)
    put("kaudit.toml", setting)

    code = main(["check", name, "--exit-zero"])

    assert code == 2
    assert told in capsys.readouterr().err
    put("kaudit.toml", "")
    assert main(["check", name, "--exit-zero"]) == 0


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("max-catalog-bytes = 100", "c.yaml:1:1: "),
        ("max-catalog-depth = 2", "nested more than 2 deep; max-catalog-depth allows no more"),
    ],
)
def test_a_catalog_over_a_limit_is_told(
    site: Path, capsys: pytest.CaptureFixture[str], setting: str, told: str
) -> None:
    put("c.yaml", SLOW)
    put("page.md", "A miracle drug.\n")
    put("kaudit.toml", f'catalog = ["c.yaml"]\n{setting}\n')

    assert main(["check", "page.md"]) == 2
    assert told in capsys.readouterr().err


def test_a_slow_rule_is_named_and_the_others_are_told(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put("c.yaml", SLOW)
    put("kaudit.toml", 'catalog = ["c.yaml"]\nmax-pattern-ms = 50\n')
    put("site/slow.md", AAAH)
    put("site/other.md", "A miracle drug. We say hooray aa7.\n")
    gap = "slow was left out: a pattern in slashes of it takes over 50 ms (max-pattern-ms)"

    for _ in range(2):  # what is incomplete is not kept
        assert main(["check", "site", "--format", "json"]) == 2
        out, err = capsys.readouterr()
        documents = {each["path"]: each for each in json.loads(out)["documents"]}

        assert err == f"kaudit: {Path('site/slow.md')}: {gap}\n"
        other, slow = documents[str(Path("site/other.md"))], documents[str(Path("site/slow.md"))]
        assert [found["rule"] for found in other["findings"]] == ["quick", "slow"]
        assert [found["rule"] for found in slow["findings"]] == ["quick"]
        assert (other["gaps"], slow["gaps"]) == ([], [gap])


def test_a_fix_of_what_was_not_audited_whole_is_told(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put("c.yaml", SLOW)
    put("kaudit.toml", 'catalog = ["c.yaml"]\nmax-pattern-ms = 50\n')
    put("slow.md", AAAH)

    assert main(["fix", "slow.md", "--check"]) == 2
    assert "slow was left out" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["jsonl", "sarif", "html"])
def test_reports_for_programs_tell_what_was_left_out(site: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    put("page.md", "A miracle drug.\n\n" * 3)
    put("kaudit.toml", "max-findings = 1")

    main(["check", "page.md", "--format", form])

    assert "over 1 claims (max-findings); the rest was left out" in capsys.readouterr().out
