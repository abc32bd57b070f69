"""The hook that we offer, as others use it: pre-commit itself, in a repository that is not ours."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (ROOT / ".git").exists(), reason="this is no checkout"),
]


def run(*command: str | Path, folder: Path, home: Path) -> subprocess.CompletedProcess[str]:
    # A hook or a rebase that runs these tests sets GIT_DIR and the like.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env={
            **kept,
            "PRE_COMMIT_HOME": str(home),
            "KAUDIT_CACHE_DIR": str(home / "kaudit"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_AUTHOR_NAME": "A",
            "GIT_AUTHOR_EMAIL": "a@example.org",
            "GIT_COMMITTER_NAME": "A",
            "GIT_COMMITTER_EMAIL": "a@example.org",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=600,
        text=True,
        encoding="utf-8",
    )


def test_the_hook_finds_and_never_writes(tmp_path: Path) -> None:
    home = tmp_path / "home"

    def git(folder: Path, *arguments: str) -> str:
        ran = run("git", *arguments, folder=folder, home=home)
        assert ran.returncode == 0, ran.stdout
        return ran.stdout

    def hooks() -> subprocess.CompletedProcess[str]:
        return run(sys.executable, "-m", "pre_commit", "run", "--all-files", folder=theirs, home=home)

    ours, theirs = tmp_path / "kaudit", tmp_path / "site"
    # This checkout as it is, with what is not committed yet.
    for name in git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z").split("\0"):
        if (ROOT / name).is_file():
            (ours / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, ours / name)
    for folder in (ours, theirs):
        folder.mkdir(exist_ok=True)
        git(folder, "init", "--quiet")
    git(ours, "add", "--all")
    git(ours, "commit", "--quiet", "--message", "As it is")
    revision = git(ours, "rev-parse", "HEAD").strip()

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"(?ms)^```yaml\n(.*?)^```$", readme)
    config = re.sub(r"repo: \S+", f"repo: {ours}", re.sub(r"rev: \S+", f"rev: {revision}", shown))
    (theirs / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")
    page = theirs / "page.md"
    page.write_text("Ketamine is a miracle drug.\n", encoding="utf-8")
    (theirs / "code.py").write_text("# a miracle drug\n", encoding="utf-8")
    git(theirs, "add", "--all")

    found = hooks()
    assert found.returncode == 1, found.stdout
    assert "page.md:1:15: " in found.stdout
    assert "code.py" not in found.stdout
    assert page.read_text(encoding="utf-8") == "Ketamine is a miracle drug.\n"

    page.write_text("Ask your doctor about ketamine.\n", encoding="utf-8")
    git(theirs, "add", "--all")

    passed = hooks()
    assert passed.returncode == 0, passed.stdout
