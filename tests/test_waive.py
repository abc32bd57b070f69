"""Waivers together: applied once, whichever they are, before the exit code and every report."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from waiver_catalog import put_settings

from kaudit.cli import main
from kaudit.report import FORMATS

PAGE = "Our drops have minimal side effects.\n\n" + "It cures depression.\n\n" * 22
SETTINGS = """\
claims = "claims.yaml"
baseline = "known.json"
"""
REGISTER = """\
schema: 1
claims:
  - id: drops
    wording: Our drops have minimal side effects.
    evidence: [{citation: A trial}]
    approved_by: Dr. A
    approved_on: 2026-01-01
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder where the register waives one finding, and the baseline all others."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    put_settings(SETTINGS)
    Path("claims.yaml").write_text(REGISTER, encoding="utf-8")
    Path("page.txt").write_text(PAGE, encoding="utf-8")
    assert main(["baseline"]) == 0


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_counts_what_is_waived_and_fails_on_nothing_of_it(
    format: str, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()

    code = main(["check", "--format", format, "page.txt"])

    out, err = capsys.readouterr()
    assert code == 0
    assert re.search(r"\b23\b", out + err)


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_lists_what_is_waived_when_asked_to(format: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "--format", format, "page.txt"])
    silent = capsys.readouterr().out

    code = main(["check", "--format", format, "--show-waived", "page.txt"])

    shown = capsys.readouterr().out
    assert code == 0
    assert "cures-condition" in shown
    assert "cures-condition" not in silent


def test_what_is_waived_is_not_rewritten(capsys: pytest.CaptureFixture[str]) -> None:
    claim = "Our drops have minimal side effects.\n"
    put_settings()
    Path("waived.md").write_text(f"<!-- kaudit: ignore-file[safety] -- a title -->\n\n{claim}", encoding="utf-8")
    Path("bare.md").write_text(claim, encoding="utf-8")
    before = Path("waived.md").read_text(encoding="utf-8")

    main(["fix", "--unsafe", "waived.md", "bare.md"])

    assert Path("waived.md").read_text(encoding="utf-8") == before
    assert Path("bare.md").read_text(encoding="utf-8") != claim


def test_results_that_are_kept_for_one_day_are_not_used_for_another(capsys: pytest.CaptureFixture[str]) -> None:
    put_settings()
    Path("site").mkdir()
    comment = "<!-- kaudit: ignore-file[safety] until=2026-11-26 -- a title -->"
    Path("site/page.md").write_text(f"{comment}\n\nOur drops have minimal side effects.\n", encoding="utf-8")

    codes = [main(["check", "--as-of", day, "site"]) for day in ("2026-11-26", "2026-11-27", "2026-11-26")]

    assert codes == [0, 1, 0]
