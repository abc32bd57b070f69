"""Run the fuzz targets, guided by coverage, one after the other, each for some time.

    python fuzz/run.py                      every target for ten seconds
    python fuzz/run.py read-html --seconds 600

Needs atheris (pip install '.[fuzz]'). What each finds worth keeping goes to build/fuzz/TARGET and is where the next
run begins; an input that fails is left there as crash-…, timeout-… or oom-…, is shown, and makes the exit code 1. Such
an input belongs into fuzz/corpus/TARGET, where tests run it from then on, once the bug is fixed.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
GROWN = HERE.parent / "build" / "fuzz"
LARGEST = 4_096
"""Bytes of an input."""
SLOWEST = 25
"""Seconds for one input, on a machine that does much else, and with every branch counted."""
MEMORY = 2_048
"""MB for the process."""
CHILD = "--child"
"""Says that this process is one that the other started."""
NOT_FUZZED = re.compile(r"kaudit\.(__main__|cli|spark|arrow|lsp|mcp)\b")


def main() -> int:
    """Run what the command line asks for; return its exit code."""
    sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]
    if sys.argv[1:2] == [CHILD]:
        return _fuzz(*sys.argv[2:])
    parser = argparse.ArgumentParser(description="Run the fuzz targets.")
    parser.add_argument("targets", metavar="TARGET", nargs="*", help="default: all")
    parser.add_argument("--seconds", type=int, default=10, help="for each target (default: 10)")
    parser.add_argument("--runs", type=int, help="at most so many inputs for each target, the same ones every time")
    parser.add_argument("--log", type=Path, help="add a line of JSON for each run to this file")
    options = parser.parse_args()
    known = import_module("fuzz_targets").TARGETS
    unknown = [name for name in options.targets if name not in known]
    if unknown:
        parser.error(f"no such target: {', '.join(unknown)}; there are {', '.join(known)}")
    GROWN.mkdir(parents=True, exist_ok=True)
    failed = [name for name in options.targets or known if not _run(name, options)]
    if failed:
        print(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


def _fuzz(target: str, *arguments: str) -> int:
    """Run *target* in this process, which the fuzzer ends."""
    atheris = import_module("atheris")
    with atheris.instrument_imports(include=["kaudit"], enable_loader_override=False):
        package = import_module("kaudit")
        for module in walk_packages(package.__path__, "kaudit."):
            if not NOT_FUZZED.match(module.name):
                import_module(module.name)
        targets = import_module("fuzz_targets").TARGETS
    targets[target](b"")  # what is made once, such as a compiled catalog, is not on the first input's time
    atheris.Setup([sys.argv[0], *arguments], targets[target])
    atheris.Fuzz()
    return 0


def _run(target: str, options: argparse.Namespace) -> bool:
    """Run *target* in a process of its own; return whether nothing failed."""
    seconds, log = options.seconds, options.log
    grown = GROWN / target
    if options.runs:
        grown = Path(tempfile.mkdtemp(prefix="kaudit-fuzz-"))  # what was found before would change the inputs
    grown.mkdir(parents=True, exist_ok=True)
    arguments = [
        f"-max_total_time={seconds}",
        f"-timeout={SLOWEST}",
        f"-rss_limit_mb={MEMORY}",
        f"-max_len={LARGEST}",
        f"-dict={HERE / 'words.dict'}",
        f"-artifact_prefix={GROWN}/{target}-",
        "-print_final_stats=1",
        *(("-seed=1", f"-runs={options.runs}") if options.runs else ()),
        str(grown),
        *(str(folder) for folder in [CORPUS / target] if folder.is_dir()),
    ]
    ran = subprocess.run(
        [sys.executable, __file__, CHILD, target, *arguments], capture_output=True, text=True, errors="replace"
    )
    executions = _number(r"stat::number_of_executed_units: (\d+)", ran.stderr)
    coverage = _number(r"(?s:.*)\bcov: (\d+)", ran.stderr)
    print(
        f"{target:16} {executions:9} executions, {coverage:6} places reached{'' if not ran.returncode else ', FAILED'}"
    )
    if ran.returncode:
        print(ran.stderr[-4_000:])
    if log is not None:
        day = datetime.now(UTC).isoformat(timespec="seconds")
        entry = {"target": target, "ended": day, "seconds": seconds, "executions": executions, "code": ran.returncode}
        with log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
    return not ran.returncode


def _number(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    return int(found[1]) if found else 0


if __name__ == "__main__":
    sys.exit(main())
