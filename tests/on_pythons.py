"""Install kaudit with every supported Python that is here, and compare what each says of the same documents.

The documents are those in seeds/ and random ones of every format. Prints a line for each Python; ends with 1 when one
of them differs by a byte, in any format of report. Run it as `make test-pythons`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "fuzz"))

from random_documents import Maker

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


def digest(python: str, version: str, folder: Path) -> str:
    """Return a digest of all that kaudit says of *folder* when it runs with *python*."""
    home = BUILD / version
    subprocess.run([python, "-m", "venv", "--clear", home], check=True)
    subprocess.run([home / "bin" / "python", "-m", "pip", "install", "--quiet", f"{ROOT}[pdf]"], check=True)
    told = hashlib.sha256()
    surroundings = {**os.environ, "KAUDIT_CACHE_DIR": ""}
    for format in FORMATS:
        command = [
            str(home / "bin" / "kaudit"),
            "check",
            "--no-cache",
            "--as-of",
            "2027-01-01",
            "--format",
            format,
            ".",
        ]
        ran = subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, check=False)
        assert b"Traceback" not in ran.stderr, ran.stderr.decode()
        told.update(b"%d\0%s\0%s\0" % (ran.returncode, ran.stdout, ran.stderr))
    return told.hexdigest()[:16]


def main() -> int:
    """Compare; return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        site = Path(shutil.copytree(ROOT / "seeds", Path(folder) / "site"))
        for number in range(COUNT):
            name, raw = Maker(SEED, number).document()
            (site / f"{number:03}-{name}").write_bytes(raw)
        told = {version: digest(python, version, site) for version, python in pythons().items()}
    for version in SUPPORTED:
        print(f"Python {version}: {told.get(version, 'is not here')}")
    print(f"{len(told)} Pythons, {len(set(told.values()))} outcome(s)")
    return 0 if len(set(told.values())) == 1 else 1


if __name__ == "__main__":
    sys.exit(main())
