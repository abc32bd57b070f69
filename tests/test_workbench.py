"""The tools of those who write rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaudit.cli import main


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text("Our drops bring fast\nrelief.\n\nA miracle drug, a wonder drug.\n", encoding="utf-8")
    return path


def test_a_template_is_tried(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalog", "try", "(miracle|wonder) drug~", str(page)]) == 0

    assert capsys.readouterr().out.splitlines() == [
        f"{page}:4:3: miracle drug",
        f"{page}:4:19: wonder drug",
        "2 places in 1 documents",
    ]


def test_a_template_uses_the_lexicons(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalog", "try", "{fast_word} relief", str(page)]) == 0

    assert f"{page}:1:17: fast relief" in capsys.readouterr().out


def test_a_wrong_template_is_told(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalog", "try", "a {fast_wor} b", str(page)]) == 2

    assert capsys.readouterr().err == "template:1:3: there is no lexicon 'fast_wor'; did you mean 'fast_word'?\n"


def test_stats_tell_what_rules_do(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalog", "stats", str(page)]) == 0

    shown = capsys.readouterr().out
    assert "promises-miracle" in shown.split("slowest templates", 1)[0]
    assert "cures-condition" in shown.split("rules without a match", 1)[1]
