"""What the documents show is what happens: every command with a prompt is run, and what it shows is compared.

With KAUDIT_UPDATE_DOCS set, what is shown is written anew instead; that is what `make docs` does.
"""

from __future__ import annotations

import ast
import contextlib
import io
import os
import re
import subprocess
import sys
import tomllib
import venv
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest
import yaml
from pages import BLOCK, PROMPTS, blocks, followed, saved, steps

from kaudit.catalog import load_catalog
from kaudit.cli import main
from kaudit.model import Finding
from kaudit.report.rule_list import LISTS, rows

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
UPDATE = os.environ.get("KAUDIT_UPDATE_DOCS", "") not in ("", "0")
WHOLE_BUILDS = ("make audit", "make test")  # .ci/run and whoever clones the repository run these
PAGES = sorted(path for path in [README, *ROOT.glob("docs/**/*.md")] if "decisions" not in path.parts)


def pages_with(language: str) -> list[object]:
    """Return the pages that show what commands in that language do."""
    wanted = [
        path
        for path in PAGES
        if any(PROMPTS[language][0] in block["body"] for block in blocks(path.read_text(encoding="utf-8"), language))
    ]
    return [pytest.param(path, id=str(path.relative_to(ROOT))) for path in wanted]


def compare(page: Path, language: str, run: Callable[[str], str], folder: Path) -> None:
    """Do what *page* says, and compare or write what it shows."""
    after, shown, said = followed(page, language, run, folder)
    if UPDATE:
        page.write_text(after, encoding="utf-8", newline="\n")
    else:
        assert shown
        assert said == shown


def with_kaudit_on_the_path() -> dict[str, str]:
    programs = str(Path(sys.executable).parent)
    return {
        **{name: value for name, value in os.environ.items() if name != "KAUDIT_UPDATE_DOCS"},
        "PATH": os.pathsep.join([programs, os.environ["PATH"]]),
    }


@pytest.mark.parametrize("page", pages_with("sh"))
def test_commands_show_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()

    def run(command: str) -> str:
        ran = subprocess.run(
            ["bash", "-c", command],
            cwd=work,
            env=with_kaudit_on_the_path(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=60,
            text=True,
            encoding="utf-8",
        )
        assert ran.returncode in (0, 1), ran.stdout
        return ran.stdout

    compare(page, "sh", run, work)


@pytest.mark.parametrize("page", pages_with("pycon"))
def test_python_shows_what_the_page_shows(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}

    def run(command: str) -> str:
        with contextlib.redirect_stdout(io.StringIO()) as output:
            exec(compile(command, page.name, "single"), names)
        return output.getvalue()

    compare(page, "pycon", run, tmp_path)


@pytest.mark.slow
def test_other_commands_of_the_readme_run(tmp_path: Path) -> None:
    readme = README.read_text(encoding="utf-8")
    bare = [block["body"] for block in blocks(readme, "sh") if "$ " not in block["body"]]
    commands = [step.command for body in bare for step in steps(body, "sh") if step.command not in WHOLE_BUILDS]
    venv.create(tmp_path / "venv", with_pip=True, symlinks=True)
    programs = str(tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin"))
    surroundings = {**os.environ, "PATH": os.pathsep.join([programs, os.environ["PATH"]])}

    for command in commands:
        subprocess.run(["bash", "-c", command], cwd=ROOT, env=surroundings, check=True, timeout=600)

    assert commands


@pytest.mark.slow
def test_the_rule_that_the_guide_writes_proves_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "guides" / "write-a-rule.md").read_text(encoding="utf-8")
    for file in filter(None, map(saved, BLOCK.finditer(page))):
        file.write(tmp_path)
    monkeypatch.chdir(tmp_path)

    assert "kaudit catalog check clinic.yaml\n" in page
    assert main(["catalog", "check", "clinic.yaml"]) == 0


def test_the_readme_names_only_flags_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README.read_text(encoding="utf-8")))
    known = set()
    for command in ([], ["check"], ["fix"], ["explain"], ["rules"], ["config", "show"]):
        main([*command, "--help"])
        known |= set(re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out))

    assert named - known == set()


def test_the_readme_does_as_it_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prose = BLOCK.sub("", README.read_text(encoding="utf-8"))
    page = tmp_path / "README.md"
    page.write_text(prose, encoding="utf-8")

    code = main(["check", str(page)])

    assert code == 0, capsys.readouterr().out


@pytest.mark.parametrize(
    ("language", "parse"), [("python", ast.parse), ("toml", tomllib.loads), ("yaml", yaml.safe_load)]
)
def test_what_pages_show_is_well_formed(language: str, parse: Callable[[str], object]) -> None:
    shown = [block["body"] for page in PAGES for block in blocks(page.read_text(encoding="utf-8"), language)]

    for body in shown:
        parse(body)

    assert shown


def test_the_list_of_rules_is_current() -> None:
    catalog = load_catalog(cached=False)
    page = ROOT / "docs" / "rules.md"
    wanted = "".join(LISTS["markdown"](catalog, rows(catalog)))
    if UPDATE:
        page.write_text(wanted, encoding="utf-8", newline="\n")

    assert page.read_text(encoding="utf-8") == wanted, "run `make docs`"


def test_the_list_of_rules_says_which_sources_nobody_verified() -> None:
    catalog = load_catalog()
    page = "".join(LISTS["markdown"](catalog, rows(catalog)))

    for key in {key for row in rows(catalog) for key in row.sources}:
        (line,) = (line for line in page.splitlines() if line.startswith(f"| `{key}` |"))
        assert catalog.sources[key].citation in line
        assert ("not verified" in line) == (catalog.sources[key].verified == "no")


def test_every_field_of_the_json_report_is_described() -> None:
    page = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")

    assert [field.name for field in fields(Finding) if f"`{field.name}`" not in page] == []


def test_each_decision_has_a_number_of_its_own() -> None:
    numbers = [path.name[:4] for path in sorted(ROOT.glob("docs/decisions/*.md"))]

    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
