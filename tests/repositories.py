"""Git repositories for tests: this one as it is, and others that use it as people do."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent


def surroundings(home: Path) -> dict[str, str]:
    """Return variables with which git, pre-commit and kaudit keep all that they keep below *home*."""
    # A hook or a rebase that runs these tests sets GIT_DIR and the like.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "KAUDIT_"))}
    return {
        **kept,
        "PRE_COMMIT_HOME": str(home),
        "KAUDIT_CACHE_DIR": str(home / "kaudit"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.org",
    }


def run(*command: str | Path, folder: Path, home: Path) -> subprocess.CompletedProcess[str]:
    """Return what *command* does in *folder*."""
    return subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env=surroundings(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=600,
        text=True,
        encoding="utf-8",
    )


def git(*arguments: str, folder: Path, home: Path) -> str:
    """Return what git says in *folder*; it has to succeed."""
    ran = run("git", *arguments, folder=folder, home=home)
    assert ran.returncode == 0, ran.stdout
    return ran.stdout


def commit_checkout(folder: Path, home: Path) -> str:
    """Commit this checkout, with what is not committed yet, to a new repository, and return the revision."""
    for name in git("ls-files", "--cached", "--others", "--exclude-standard", "-z", folder=ROOT, home=home).split("\0"):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    git("init", "--quiet", folder=folder, home=home)
    git("add", "--all", folder=folder, home=home)
    git("commit", "--quiet", "--message", "As it is", folder=folder, home=home)
    return git("rev-parse", "HEAD", folder=folder, home=home).strip()
