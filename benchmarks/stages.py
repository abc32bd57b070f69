"""Where an audit's time goes, stage by stage, and how much memory a run takes as the text grows.

    python benchmarks/stages.py [--size 1] [--rounds 3] [--json FILE]

Milliseconds of processor time per megabyte, medians; peak memory of a whole process in megabytes.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parent))

from corpus import dense_paragraphs, ordinary_paragraphs
from corpus import documents as documents_of

from kaudit.auditor import Auditor, Pages
from kaudit.read import read

MEMORY_SIZES = (1, 4, 16)
"""Megabytes of text, in files of 7 KB, of the runs whose memory is measured."""


Thing = TypeVar("Thing")


def milliseconds(work: Callable[[Thing], object], things: Iterable[Thing], size: float, rounds: int) -> float:
    """Return the median processor time of doing *work* on all *things*, per megabyte of *size*."""
    listed = list(things)
    times = []
    for _ in range(rounds):
        start = time.process_time()
        for thing in listed:
            work(thing)
        times.append(time.process_time() - start)
    return 1_000 * statistics.median(times) / size


def stages(texts: list[str], auditor: Auditor, rounds: int) -> dict[str, float]:
    """Return what each stage costs on *texts*; the last one is the whole."""
    size = sum(map(len, texts)) / 1e6
    for text in texts:
        auditor.audit(text)
    gc.collect()
    gc.freeze()
    documents = [read(text) for text in texts]
    words = milliseconds(Pages, documents, size, rounds)
    return {
        "read": milliseconds(read, texts, size, rounds),
        "words": words,
        "find, judge, suggest": milliseconds(auditor.audit_document, documents, size, rounds) - words,
        "whole": milliseconds(auditor.audit, texts, size, rounds),
        "blocks": sum(len(document.blocks) for document in documents) / size,
        "findings": sum(len(auditor.audit(text).findings) for text in texts) / size,
    }


def peak_memory(size: float) -> float:
    """Return the most memory, in megabytes, that a check of *size* megabytes takes in one process."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, text in enumerate(documents_of(ordinary_paragraphs(), int(size * 1e6))):
            (folder / f"{number:05}.txt").write_text(text, encoding="utf-8")
        program = (
            "import resource, sys; from kaudit.cli import main\n"
            "try: main()\n"
            "except SystemExit: pass\n"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
        )
        check = ["check", "--no-cache", "--exit-zero", "--format", "jsonl", str(folder)]
        done = subprocess.run([sys.executable, "-c", program, *check], capture_output=True, check=True)
        return int(done.stderr.split()[-1]) / (1024 if sys.platform != "darwin" else 1024**2)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=float, default=1, help="megabytes of each kind of text")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    auditor = Auditor()
    found: dict[str, dict[str, float]] = {}
    for kind, paragraphs in (("ordinary", ordinary_paragraphs()), ("dense", dense_paragraphs())):
        texts = list(documents_of(paragraphs, int(options.size * 1e6 * (1 if kind == "ordinary" else 0.2))))
        found[kind] = stages(texts, auditor, options.rounds)
        print(kind, ", ".join(f"{name} {cost:.0f}" for name, cost in found[kind].items()))
    found["memory"] = {f"{size} MB": peak_memory(size) for size in MEMORY_SIZES}
    print("peak memory", ", ".join(f"{name}: {peak:.0f} MB" for name, peak in found["memory"].items()))
    if options.json:
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
