"""What the guide tells editors to look for is what a report says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kaudit.cli import main

GUIDE = (Path(__file__).parent.parent / "docs" / "guides" / "editors.md").read_text(encoding="utf-8")
PAGE = "# Drops\n\nOur drops have **minimal** side effects.\n\nThey cure depression.\n"


def block(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    monkeypatch.chdir(tmp_path)
    Path("a page.md").write_text(PAGE, encoding="utf-8")
    assert main(["check", "--select", "minimal-side-effects,cures-condition", "a page.md"]) == 1
    return capsys.readouterr().out


def test_a_matcher_of_problems_finds_every_finding_and_nothing_else(said: str) -> None:
    matcher = json.loads(block("json"))["tasks"][0]["problemMatcher"]["pattern"]

    found = [match for line in said.splitlines() if (match := re.match(matcher["regexp"], line))]

    assert [match[matcher["file"]] for match in found] == ["a page.md"] * 2
    assert [(match[matcher["line"]], match[matcher["column"]]) for match in found] == [("3", "18"), ("5", "6")]
    assert [match[matcher["code"]] for match in found] == ["minimal-side-effects", "cures-condition"]


@pytest.mark.skipif(shutil.which("vim") is None, reason="there is no vim")
def test_vim_jumps_to_every_finding(said: str, tmp_path: Path) -> None:
    Path("said.txt").write_text(said, encoding="utf-8")
    Path("set.vim").write_text(
        block("vim") + "filetype on\nedit a\\ page.md\nset filetype=markdown\n", encoding="utf-8"
    )
    shown = "call writefile(map(getqflist(), 'v:val.valid . \" \" . v:val.lnum . \" \" . v:val.col'), 'list.txt')"

    vim = ["vim", "-u", "NONE", "-N", "-es", "-S", "set.vim", "-c", "cgetfile said.txt", "-c", shown, "-c", "qa!"]
    subprocess.run(vim, timeout=60, check=False)

    assert Path("list.txt").read_text(encoding="utf-8").splitlines() == ["1 3 18", "1 5 6"]
