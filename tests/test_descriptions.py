"""What describes kaudit to GitHub, GitLab and pre-commit is what these ask for; nothing of theirs is asked."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "guides" / "ci.md").read_text(encoding="utf-8")


def recipe(heading: str) -> str:
    """Return the YAML below *heading* of the guide."""
    found = re.search(rf"^## {heading}\n.*?^```yaml\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
    assert found, heading
    return found[1]


def problems(schema: str, text: str) -> list[str]:
    """Return what *schema* finds wrong with YAML, read as version 1.2 has it: `on` is a word."""
    value: dict[Any, Any] = yaml.safe_load(text)
    value = {"on" if key is True else key: entry for key, entry in value.items()}
    described = json.loads((ROOT / "tests" / "schemas" / schema).read_text(encoding="utf-8"))
    checked = jsonschema.validators.validator_for(described)(described)
    return [f"{error.json_path}: {error.message[:200]}" for error in checked.iter_errors(value)]


DESCRIBED = {
    "github-actions.json": (ROOT / "action.yml").read_text(encoding="utf-8"),
    "github-workflows.json": recipe("GitHub"),
    "gitlab-ci.json": recipe("GitLab"),
}


@pytest.mark.parametrize("schema", DESCRIBED)
def test_what_we_publish_is_what_its_schema_asks_for(schema: str) -> None:
    assert problems(schema, DESCRIBED[schema]) == []


@pytest.mark.parametrize(
    ("schema", "before", "after"),
    [
        ("github-actions.json", "using: composite", "using: shell"),
        ("github-actions.json", "      shell: bash\n", ""),
        ("github-workflows.json", "runs-on: ubuntu-latest", "runs: ubuntu-latest"),
        ("github-workflows.json", "security-events: write", "security-events: always"),
        ("gitlab-ci.json", "when: always", "when: never-ever"),
        ("gitlab-ci.json", "codequality: ", "codekwality: "),
    ],
)
def test_the_schemas_see_what_is_wrong(schema: str, before: str, after: str) -> None:
    text = DESCRIBED[schema]
    assert before in text

    assert problems(schema, text.replace(before, after)) != []


@pytest.mark.parametrize(("command", "file"), [("manifest", ".pre-commit-hooks.yaml"), ("config", None)])
def test_pre_commit_takes_our_hooks_and_our_recipe(command: str, file: str | None, tmp_path: Path) -> None:
    path = ROOT / file if file else tmp_path / "config.yaml"
    if not file:
        path.write_text(recipe("pre-commit"), encoding="utf-8")

    ran = subprocess.run(
        [sys.executable, "-m", "pre_commit", f"validate-{command}", str(path)],
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (ran.returncode, ran.stdout + ran.stderr) == (0, "")


def test_an_action_is_called_with_inputs_that_it_has() -> None:
    action = yaml.safe_load(DESCRIBED["github-actions.json"])
    (job,) = yaml.safe_load(DESCRIBED["github-workflows.json"])["jobs"].values()
    given = next(step["with"] for step in job["steps"] if "kaudit" in step["uses"])

    assert given.keys() <= action["inputs"].keys()
