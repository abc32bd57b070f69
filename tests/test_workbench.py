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
        "2 places in 1 document",
    ]


def test_a_template_uses_the_lexicons(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalog", "try", "fast {benefit}", str(page)]) == 0

    assert f"{page}:1:17: fast relief" in capsys.readouterr().out


def test_a_wrong_template_is_told(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalog", "try", "a {benefi} b", str(page)]) == 2

    assert capsys.readouterr().err == "template:1:3: there is no lexicon 'benefi'; did you mean 'benefit'?\n"


def test_stats_tell_what_rules_do(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalog", "stats", str(page)]) == 0

    shown = capsys.readouterr().out
    assert "promises-miracle" in shown.split("slowest templates", 1)[0]
    assert "cures-condition" in shown.split("rules without a match", 1)[1]


def test_stats_tell_templates_that_are_tried_too_often(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalog", "stats", str(page)]) == 0

    shown = capsys.readouterr().out.split("templates whose rarest word is common", 1)[1].split("\noverlaps", 1)[0]
    counts = [float(line.split()[0]) for line in shown.splitlines()[1:] if line]
    assert counts == sorted(counts, reverse=True)


def test_what_is_hardly_meant_is_told_with_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        """\
schema: 1
version: '1'
extends: builtin
claims:
  - id: too-zippy
    category: hyperbole
    severity: high
    message: Too zippy.
    why: Nobody knows.
    sources: [us-ftc-act]
    match:
      - 'zippy (drops?|pill~)?'
      - 'zingy <0-2> , pill'
    unless: ['old tale~']
    examples: {flag: ['A [[zippy]] one.'], pass: ['Not a zippy thing, says the old tale.']}
""",
        encoding="utf-8",
    )

    assert main(["catalog", "check", str(path)]) == 0

    told = capsys.readouterr().out.split("hardly meant\n", 1)[1].splitlines()
    assert [line.split(" ", 1)[0] for line in told] == [f"{path}:{place}:" for place in ("12:9", "13:9", "14:14")]
    assert "write drop~ or (drop|drops)" in told[0]
    assert "the comma behind <0-2>" in told[1]
    assert "does not touch it" in told[2]
