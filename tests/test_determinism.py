"""The same input gives the same bytes: whatever the seed of hashes, the number of processes and the order of files."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from random_documents import Maker

from kaudit.report import FORMATS

pytestmark = pytest.mark.slow

SEED, COUNT = 7, 40


def written(folder: Path, order: random.Random) -> Path:
    """Write the same documents of every format into *folder*, one after the other in some order."""
    made = [(f"{number % 3}/{number:02}-{name}", raw) for number, (name, raw) in enumerate(DOCUMENTS)]
    order.shuffle(made)
    for name, raw in made:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(raw)
    return folder


DOCUMENTS = [Maker(SEED, number).document() for number in range(COUNT)]


def report(folder: Path, format: str, *arguments: str, hash_seed: int = 0) -> tuple[int, bytes, bytes]:
    """Return exit code, output and complaints of an audit."""
    command = [sys.executable, "-m", "kaudit", "check", "--no-cache", "--format", format, "--as-of", "2027-01-01"]
    surroundings = {**os.environ, "PYTHONHASHSEED": str(hash_seed)}
    ran = subprocess.run(
        [*command, *arguments], cwd=folder, env=surroundings, capture_output=True, check=False, timeout=300
    )
    assert b"Traceback" not in ran.stderr, ran.stderr
    return ran.returncode, ran.stdout, ran.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("first") / "site", random.Random(1))


@pytest.mark.parametrize("format", FORMATS)
def test_every_report_is_the_same_by_other_hashes_processes_and_order_of_files(
    format: str, folder: Path, tmp_path: Path
) -> None:
    other = written(tmp_path / "site", random.Random(2))

    first = report(folder, format, "--jobs", "1", ".")

    assert first[0] in (1, 2)
    assert len(first[1]) > 1_000
    assert report(other, format, "--jobs", "2", ".", hash_seed=42) == first


@pytest.mark.parametrize(("jobs", "hash_seed"), [("1", 1), ("2", 2), ("4", 3)])
def test_each_document_is_judged_the_same_in_any_order(folder: Path, jobs: str, hash_seed: int) -> None:
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    _, straight, _ = report(folder, "json", *names)
    random.Random(hash_seed).shuffle(names)

    _, mixed, _ = report(folder, "json", "--jobs", jobs, *names, hash_seed=hash_seed)

    one, other = json.loads(straight), json.loads(mixed)
    for key in ("documents", "unread"):
        assert sorted(other[key], key=lambda each: each["path"]) == one[key]
    assert one["summary"] == other["summary"]


def test_fixes_are_the_same_by_other_hashes(folder: Path, tmp_path: Path) -> None:
    fixed = []
    for hash_seed in (0, 42):
        copy = shutil.copytree(folder, tmp_path / str(hash_seed) / "site")
        command = [sys.executable, "-m", "kaudit", "fix", "--unsafe", "."]
        surroundings = {**os.environ, "PYTHONHASHSEED": str(hash_seed), "SOURCE_DATE_EPOCH": "1800000000"}
        ran = subprocess.run(command, cwd=copy, env=surroundings, capture_output=True, check=False, timeout=300)
        files = {path.name: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
        fixed.append((ran.returncode, ran.stderr, files))

    assert fixed[0] == fixed[1]
    assert fixed[0][2] != {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
