"""The recipes for other systems than GitHub, as docs/guides/ci.md gives them: their commands are run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

GUIDE = Path(__file__).parent.parent / "docs" / "guides" / "ci.md"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="they run in a shell")


def recipe(language: str, heading: str) -> str:
    """Return the code below *heading*."""
    found = re.search(
        rf"^## {heading}\n.*?^```{language}\n(.*?)^```$", GUIDE.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    assert found, f"{GUIDE.name} has no {language} below {heading}"
    return found[1]


def run(folder: Path, *command: str) -> int:
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(command, cwd=folder, env={**os.environ, "PATH": programs}, timeout=120).returncode


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "page.md").write_text("Our drops have **minimal** side effects.\n", encoding="utf-8")
    return tmp_path


def test_the_recipe_for_gitlab_leaves_the_report_that_it_names(site: Path) -> None:
    job = yaml.safe_load(recipe("yaml", "GitLab"))["kaudit"]
    install, *script = job["script"]

    codes = [run(site, "sh", "-ec", line) for line in script]

    assert install == "pip install kaudit"
    assert codes == [1], "findings fail the job"
    assert job["artifacts"]["when"] == "always", "so that a job that failed has its report"
    (issue,) = json.loads((site / job["artifacts"]["reports"]["codequality"]).read_text("utf-8"))
    assert (issue["check_name"], issue["location"]["path"]) == ("minimal-side-effects", "content/page.md")


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_the_recipe_for_make_fails_as_a_check_does_and_makes_a_page(site: Path) -> None:
    (site / "Makefile").write_text(recipe("make", "make"), encoding="utf-8")

    assert run(site, "make", "claims") == 2, "as make has it when a command fails"
    assert run(site, "make", "claims.html") == 0
    assert "minimal" in (site / "claims.html").read_text("utf-8")
