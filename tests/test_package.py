"""What people install: the wheel, in an empty environment, in a folder of theirs."""

from __future__ import annotations

import os
import subprocess
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from kaudit.version import VERSION

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.slow


def run(*command: str | Path, folder: Path, code: int = 0) -> str:
    """Run *command* with as few variables as can be, and return what it says."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "SYSTEMROOT")}
    ran = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env={**kept, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "KAUDIT_CACHE_DIR": str(folder / "cache")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=600,
        text=True,
        encoding="utf-8",
    )
    assert ran.returncode == code, ran.stdout
    return ran.stdout


def test_the_wheel_has_what_the_package_needs_and_nothing_else(built: Path) -> None:
    (wheel,) = built.glob("*.whl")

    names = set(zipfile.ZipFile(wheel).namelist())

    assert {"kaudit/claim_catalog.yaml", "kaudit/catalog/compiled_catalog.json", "kaudit/py.typed"} <= names
    assert any(name.endswith("/LICENSE") for name in names)
    assert [name for name in names if not name.startswith(("kaudit/", f"kaudit-{VERSION}.dist-info/"))] == []


def test_the_source_distribution_can_test_itself(built: Path) -> None:
    (archive,) = built.glob("*.tar.gz")

    with tarfile.open(archive) as opened:
        names = {name.partition("/")[2] for name in opened.getnames()}

    wanted = {"claim_catalog.yaml", "hatch_build.py", "pyproject.toml", "Makefile", "LICENSE", "tests/test_package.py"}
    assert wanted <= names


def test_the_wheel_works_in_an_empty_environment(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    programs = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    venv.create(tmp_path / "venv", with_pip=True, symlinks=True)
    run(programs / "python", "-m", "pip", "install", "--quiet", wheel, folder=tmp_path)
    (tmp_path / "page.txt").write_text("Our ketamine clinic offers a miracle drug.\n", encoding="utf-8")

    said = run(programs / "kaudit", "check", "page.txt", folder=tmp_path, code=1)
    version = run(programs / "python", "-m", "kaudit", "--version", folder=tmp_path)
    checked = run(programs / "python", "-c", "import kaudit; print(kaudit.__file__)", folder=tmp_path)

    assert "page.txt:1:30: " in said
    assert not (tmp_path / "cache").exists(), "the catalog comes compiled"
    assert version == f"kaudit {VERSION}\n"
    assert Path(checked.strip()).is_relative_to((tmp_path / "venv").resolve())
