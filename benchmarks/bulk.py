"""What a crawl costs: the whole command over files of 10, 100 and 1,000 MB, by processor time, clock and memory.

    python benchmarks/bulk.py [--largest 1000] [--jobs 2] [--json FILE]

The files are made first, of 7 KB each; one in fifty is full of claims, the others are ordinary English. They take as
much room on the disk as the text that is audited.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from corpus import SEED, dense_paragraphs, documents, ordinary_paragraphs

PER_FOLDER = 1_000
DENSE = 0.02
"""So many of the documents are full of claims."""


def write_pages(folder: Path, megabytes: int) -> int:
    """Write so many *megabytes* of pages below *folder*, and return how many pages that are."""
    chance = random.Random(SEED)
    size = megabytes * 1_000_000
    ordinary, dense = (documents(parts, 2 * size) for parts in (ordinary_paragraphs(), dense_paragraphs()))
    written = number = 0
    while written < size:
        text = next(dense if chance.random() < DENSE else ordinary)
        path = folder / f"{number // PER_FOLDER:04}" / f"{number % PER_FOLDER:04}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written += len(text.encode())
        number += 1
    return number


def check(folder: Path, jobs: int) -> dict[str, float]:
    """Return what a check of *folder* takes; memory is that of the largest of its processes, in megabytes."""
    code = (
        "import resource, sys\n"
        "from kaudit.cli import main\n"
        "code = main(sys.argv[1:])\n"
        "most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))\n"
        "print(most, file=sys.stderr)\n"
        "sys.exit(code)\n"
    )
    arguments = ["check", "--no-cache", "--exit-zero", "--jobs", str(jobs), "--format", "jsonl", str(folder)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        told = subprocess.run(
            [sys.executable, "-c", code, *arguments], stdout=output, stderr=subprocess.PIPE, check=True, text=True
        ).stderr
        clock = time.perf_counter() - start
        output.seek(0)
        lines = sum(1 for _ in output)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"clock": clock, "processor": spent, "memory": int(told.split()[-1]) / 1_024, "lines": lines}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--largest", type=int, default=1_000, help="megabytes of the last run")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found: dict[str, dict[str, float]] = {}
    size = 10
    while size <= options.largest:
        with tempfile.TemporaryDirectory() as folder:
            pages = write_pages(Path(folder), size)
            taken = check(Path(folder), options.jobs)
        found[f"{size} MB"] = {"pages": pages, "jobs": options.jobs, **taken}
        print(
            f"{size:5} MB, {pages} pages, {taken['lines']:.0f} findings: {taken['clock']:.0f} s by the clock, "
            f"{taken['processor'] / size:.2f} s of processor time a MB, {taken['memory']:.0f} MB of memory a process",
            flush=True,
        )
        size *= 10
    if options.json:
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
