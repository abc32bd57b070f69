"""Which files of a folder are documents: what git ignores is not, whether git is there or not."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from kaudit.read.discover import find_documents

FILES = {
    ".gitignore": "build/\n*.html\n!keep.html\n/top.md\n",
    "a.md": "",
    "top.md": "",
    "keep.html": "",
    "drop.html": "",
    "build/b.md": "",
    "sub/.gitignore": "keep.html\n!drop.html\nno?.txt\n",
    "sub/top.md": "",
    "sub/keep.html": "",
    "sub/drop.html": "",
    "sub/now.txt": "",
    "sub/not.txt/a.md": "",
    "code.py": "",
}
WANTED = ["a.md", "keep.html", "sub/drop.html", "sub/top.md"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "PATH": os.environ["PATH"]}
    subprocess.run(["git", *arguments], cwd=folder, env=settings, check=True, capture_output=True)


def found(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in find_documents(folder)]


def test_ignored_files_are_passed_over_where_there_is_no_git(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    assert found(folder) == WANTED


needs_git = pytest.mark.skipif(not shutil.which("git"), reason="there is no git")


@needs_git
def test_git_says_what_it_ignores(folder: Path) -> None:
    git(folder, "init")

    assert found(folder) == WANTED


@needs_git
def test_what_git_holds_is_read_though_it_would_be_ignored(folder: Path) -> None:
    git(folder, "init")
    git(folder, "add", "--force", "build/b.md")

    assert found(folder) == sorted([*WANTED, "build/b.md"])


@needs_git
def test_a_repository_within_and_a_folder_below_the_top_are_read(folder: Path) -> None:
    git(folder, "init")
    (folder / "inner").mkdir()
    (folder / "inner" / "b.md").write_text("", encoding="utf-8")
    git(folder / "inner", "init")

    assert found(folder) == sorted([*WANTED, "inner/b.md"])
    assert found(folder / "sub") == ["drop.html", "top.md"]


@needs_git
def test_links_are_followed_and_loops_survived(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "b.md").write_text("", encoding="utf-8")
    (folder / "out").symlink_to(outside, target_is_directory=True)
    (folder / "sub" / "up").symlink_to(folder, target_is_directory=True)

    assert found(folder) == sorted([*WANTED, "out/b.md"])
    git(folder, "init")
    assert found(folder) == sorted([*WANTED, "out/b.md"])


def test_what_is_named_is_read_though_it_is_ignored(folder: Path) -> None:
    assert list(find_documents(folder / "drop.html")) == [folder / "drop.html"]
