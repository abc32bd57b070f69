"""The GitHub Action: what its own script does, with bash, on a page; GitHub itself is not there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).parent.parent
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"] if "name" in step}

pytestmark = pytest.mark.skipif(os.name == "nt", reason="it runs in bash")


def audit(folder: Path, *, paths: str = ".", fail_on: str = "medium", arguments: str = "") -> tuple[int, str]:
    """Return exit code and output of the audit's script, as GitHub runs it."""
    temporary = folder.parent / "runner"
    temporary.mkdir(exist_ok=True)
    ran = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS["Audit"]["run"]],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "KAUDIT_CACHE_DIR": os.environ["KAUDIT_CACHE_DIR"],
            "RUNNER_TEMP": str(temporary),
            "GITHUB_OUTPUT": str(temporary / "output"),
            "GITHUB_STEP_SUMMARY": str(temporary / "summary.md"),
            "KAUDIT_PATHS": paths,
            "KAUDIT_FAIL_ON": fail_on,
            "KAUDIT_ARGUMENTS": arguments,
            "KAUDIT_PROGRAMS": str(Path(sys.executable).parent),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=120,
    )
    return ran.returncode, ran.stdout


@pytest.mark.slow
def test_its_steps_run_one_after_the_other_as_github_runs_them(site: Path) -> None:
    """Expressions are filled in, each step has what those before left, and what is uploaded is SARIF."""
    runner = site.parent / "runner"
    runner.mkdir()
    values = {f"inputs.{name}": str(given.get("default", "")) for name, given in ACTION["inputs"].items()}
    codes = {}
    for step in [step for step in ACTION["runs"]["steps"] if "run" in step]:
        output = runner / "output"
        output.write_text("", encoding="utf-8")
        variables = {name: filled_in(written, values) for name, written in step.get("env", {}).items()}
        variables |= {"RUNNER_TEMP": str(runner), "GITHUB_OUTPUT": str(output), "GITHUB_ACTION_PATH": str(ROOT)}
        variables |= {"PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
        assert step["shell"] == "bash"
        codes[step["name"]] = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", filled_in(step["run"], values)],
            cwd=site,
            env={**os.environ, **variables},
            check=False,
            timeout=600,
        ).returncode
        left = [line.split("=", 1) for line in output.read_text(encoding="utf-8").splitlines()]
        values |= {f"steps.{step['id']}.outputs.{name}": value for name, value in left}

    assert codes == {"Install kaudit": 0, "Audit": 1}
    upload = STEPS["Upload to code scanning"]
    log = json.loads(Path(filled_in(upload["with"]["sarif_file"], values)).read_text(encoding="utf-8"))
    jsonschema.validate(log, json.loads((ROOT / "tests/schemas/sarif-2.1.0.json").read_text(encoding="utf-8")))
    assert [result["ruleId"] for result in log["runs"][0]["results"]] == ["minimal-side-effects"]
    assert filled_in(ACTION["outputs"]["sarif-file"]["value"], values) == str(runner / "kaudit.sarif")


def filled_in(written: str, values: Mapping[str, str]) -> str:
    return re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda found: values[found[1]], str(written))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "a page.txt").write_text("Our drops have minimal side effects.\n", encoding="utf-8")
    (folder / "other.txt").write_text("Call us on Monday.\n", encoding="utf-8")
    return folder


def test_it_annotates_fails_and_leaves_a_sarif_file_and_a_summary(site: Path) -> None:
    code, said = audit(site)

    runner = site.parent / "runner"
    assert code == 1, said
    assert said.startswith("::error file=a page.txt,line=1,")
    (sarif,) = (runner / "output").read_text(encoding="utf-8").splitlines()
    log = json.loads(Path(sarif.removeprefix("sarif-file=")).read_text(encoding="utf-8"))
    assert [result["ruleId"] for result in log["runs"][0]["results"]] == ["minimal-side-effects"]
    assert "minimal side effects" in (runner / "summary.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"paths": "other.txt"}, 0),
        ({"paths": "other.txt\na page.txt\n"}, 1),
        ({"fail_on": "critical"}, 0),
        ({"fail_on": "never"}, 0),
        ({"arguments": "--ignore=safety\n"}, 0),
        ({"paths": "gone.txt"}, 2),
        ({"paths": "$(touch taken); `touch taken`", "arguments": "--select=cure"}, 2),
    ],
)
def test_inputs_are_heeded_and_are_no_code(site: Path, wanted: dict[str, str], code: int) -> None:
    assert audit(site, **wanted)[0] == code
    assert not (site / "taken").exists()


def test_inputs_reach_scripts_only_as_variables() -> None:
    assert [name for name, step in STEPS.items() if "${{" in step.get("run", "")] == []
    used = {word for step in ACTION["runs"]["steps"] for word in ACTION["inputs"] if f"inputs.{word}" in str(step)}
    assert used == set(ACTION["inputs"])
