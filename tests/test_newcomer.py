"""A newcomer's path: somebody with nothing but Python, git and the wheel does what the tutorial says, to the letter."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from pages import BLOCK, PROMPTS, Saved, saved, steps
from repositories import ROOT, commit_checkout, surroundings

RULES = re.compile(r"with \d+ rules")
"""The number of rules changes with every catalog; `make docs` renews it."""
TUTORIAL = ROOT / "docs" / "learn" / "tutorial.md"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (ROOT / ".git").exists(), reason="this is no checkout"),
    pytest.mark.skipif(os.name == "nt", reason="the tutorial speaks to bash"),
]


def test_the_tutorial_holds_for_somebody_who_has_nothing_yet(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    home, ours, folder = tmp_path / "home", tmp_path / "kaudit", tmp_path / "site"
    folder.mkdir()
    revision = commit_checkout(ours, home)
    variables = surroundings(home)
    variables["PATH"] = os.pathsep.join([str(folder / ".venv" / "bin"), variables["PATH"]])

    def typed(command: str) -> tuple[int, str]:
        ran = subprocess.run(
            ["bash", "-c", command.replace("pip install kaudit", f"pip install --quiet '{wheel}'")],
            cwd=folder,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=600,
            text=True,
            encoding="utf-8",
        )
        return ran.returncode, ran.stdout

    for block in BLOCK.finditer(TUTORIAL.read_text(encoding="utf-8")):
        file = saved(block)
        if file is not None:
            here = re.sub(r"repo: \S+", f"repo: {ours}", re.sub(r"rev: \S+", f"rev: {revision}", file.text))
            Saved(file.name, here).write(folder)
        elif block["language"] == "sh":
            has_prompts = PROMPTS["sh"][0] in block["body"]
            for step in steps(block["body"], "sh"):
                code, said = typed(step.command)
                if has_prompts:
                    assert code in (0, 1), said
                    assert RULES.sub("", said) == RULES.sub("", step.shown), step.command
                else:
                    assert code == 0, said

    # What the tutorial promises at its end.
    with (folder / "page.md").open("a", encoding="utf-8") as page:
        page.write("\nA miracle drug.\n")
    code, said = typed("git add page.md && git commit --message 'A promise'")
    assert code == 1
    assert "promises-miracle" in said
