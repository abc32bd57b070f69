"""Install kaudit with every supported Python that is here, and compare what each says of the same documents.

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
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent / "fuzz"), str(Path(__file__).parent)]

from random_documents import Maker  # noqa: E402
from waiver_catalog import CATALOG  # noqa: E402

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "build" / "pythons"
SUPPORTED = ("3.11", "3.12", "3.13", "3.14")
SEED, COUNT = 7, 80
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


def wheel() -> Path:
    """Return what people install, built once, so that every Python runs the same bytes."""
    folder = BUILD / "wheel"
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT]
    subprocess.run([*map(str, command)], check=True)
    (built,) = folder.glob("*.whl")
    return built


def installed(python: str, version: str, built: Path) -> Path | None:
    """Return kaudit as *python* runs it; None where that can make no environment."""
    home = BUILD / version
    try:
        made = subprocess.run([python, "-m", "venv", "--clear", home], capture_output=True, check=False)
    except OSError:
        return None
    if made.returncode:
        return None
    subprocess.run([home / "bin" / "python", "-m", "pip", "install", "--quiet", f"{built}[pdf]"], check=True)
    return home / "bin" / "kaudit"


def digest(kaudit: Path, folder: Path) -> str:
    """Return a digest of all that *kaudit* says of *folder*."""
    told = hashlib.sha256()
    surroundings = {**os.environ, "KAUDIT_CACHE_DIR": ""}
    check = [str(kaudit), "check", "--no-cache", "--as-of", "2027-01-01"]
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
    built = wheel()
    told: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        site = Path(shutil.copytree(ROOT / "seeds", Path(folder) / "site"))
        (site / "own.yaml").write_text(CATALOG, encoding="utf-8")
        for number in range(COUNT):
            name, raw = Maker(SEED, number).document()
            (site / f"{number:03}-{name}").write_bytes(raw)
        for version in SUPPORTED:
            kaudit = installed(here[version], version, built) if version in here else None
            if kaudit:
                told[version] = digest(kaudit, site)
            reason = "has no venv module" if version in here else "is not here"
            print(f"Python {version}: {told.get(version, f'skipped, for it {reason}')}", flush=True)
    print(f"{len(told)} Pythons, {len(set(told.values()))} outcome(s)")
    return 0 if len(set(told.values())) <= 1 else 1


if __name__ == "__main__":
    sys.exit(main())
