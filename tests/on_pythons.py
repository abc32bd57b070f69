"""Run kaudit with every supported Python that is here, and compare what each says of the same documents.

The documents are those in seeds/ and random ones of every format. Prints a line for each Python, also for one that is
not here; ends with 1 when one of them differs by a byte, in any format of report. Run it as `make test-pythons`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent / "fuzz"), str(Path(__file__).parent)]

from random_documents import Maker  # noqa: E402
from waiver_catalog import CATALOG  # noqa: E402

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "build" / "pythons"
SUPPORTED = ("3.11", "3.12", "3.13", "3.14")
SEED, COUNT = 7, 40
LONGEST = 240
"""Seconds after which no further Python is begun, so that CI ends on a slow machine, too."""
FORMATS = ("text", "json", "jsonl", "sarif", "csv", "html", "markdown", "junit", "gitlab", "github")


def pythons() -> dict[str, str]:
    """Return the supported Pythons that run here, by their versions."""
    found: dict[str, str] = {}
    versions = Path(os.environ.get("PYENV_ROOT", str(Path("~/.pyenv").expanduser()))) / "versions"
    for version in SUPPORTED:
        others = sorted(map(str, versions.glob(f"{version}.*/bin/python{version}")))
        for program in [*others, shutil.which(f"python{version}") or "", sys.executable]:
            told = _output(program, "-c", "import sys; print(*sys.version_info[:2], sep='.')") if program else ""
            if told.strip() == version:
                found[version] = program
                break
    return found


def _output(*command: str | Path) -> str:
    try:
        return subprocess.run([*map(str, command)], capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""


def needed() -> list[str]:
    """Return what kaudit needs, as pip is to be asked for it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [*project["dependencies"], *project["optional-dependencies"]["pdf"]]


def made(python: str, version: str) -> Path | None:
    """Return *python* with what kaudit needs; None where that cannot be installed."""
    home = BUILD / version
    venv = subprocess.run([python, "-m", "venv", "--clear", home], capture_output=True, check=False)
    own = home / "bin" / "python"
    if venv.returncode or subprocess.run([own, "-m", "pip", "install", "--quiet", *needed()], check=False).returncode:
        return None
    return own


def digest(python: Path, folder: Path) -> str:
    """Return a digest of all that kaudit says of *folder* when it runs with *python*."""
    told = hashlib.sha256()
    surroundings = {**os.environ, "KAUDIT_CACHE_DIR": "", "PYTHONPATH": str(ROOT)}
    check = [str(python), "-m", "kaudit", "check", "--no-cache", "--as-of", "2027-01-01"]
    commands = [[*check, "--format", format, "."] for format in FORMATS]
    commands.append([*check, "--catalog", "own.yaml", "--format", "json", "."])  # which each Python compiles itself
    for command in commands:
        ran = subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, check=False)
        assert b"Traceback" not in ran.stderr, ran.stderr.decode()
        assert ran.stdout, ran.stderr.decode()
        told.update(b"%d\0%s\0%s\0" % (ran.returncode, ran.stdout, ran.stderr))
    return told.hexdigest()[:16]


def main() -> int:
    """Compare; return the exit code."""
    here = pythons()
    if len(here) < 2:
        print(f"Only {', '.join(here) or 'no supported Python'} of {', '.join(SUPPORTED)} is here: nothing to compare.")
        return 0
    start = time.monotonic()
    told: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        site = Path(shutil.copytree(ROOT / "seeds", Path(folder) / "site"))
        (site / "own.yaml").write_text(CATALOG, encoding="utf-8")
        for number in range(COUNT):
            name, raw = Maker(SEED, number).document()
            (site / f"{number:03}-{name}").write_bytes(raw)
        for version in SUPPORTED:
            reason = "it is not here"
            if version in here and time.monotonic() - start > LONGEST:
                reason = f"the others took over {LONGEST} s"
            elif version in here:
                reason = "what kaudit needs cannot be installed"
                program = made(here[version], version)
                if program:
                    told[version] = digest(program, site)
            print(f"Python {version}: {told.get(version, f'skipped, for {reason}')}", flush=True)
    print(f"{len(told)} Pythons, {len(set(told.values()))} outcome(s)")
    return 0 if len(set(told.values())) <= 1 else 1


if __name__ == "__main__":
    sys.exit(main())
