"""How an audit compares with simple searches, in one run: one pass of `re`, a loop of all expressions, processes.

    python benchmarks/ratios.py [--size 1] [--rounds 3] [--json FILE]

Processor time on the same texts, medians. Machines are noisy: trust ratios.
"""

from __future__ import annotations

import argparse
import gc
import json
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from corpus import dense_paragraphs, documents, mixed_paragraphs, ordinary_paragraphs

from kaudit import jobs
from kaudit.auditor import Auditor
from kaudit.catalog.pattern import regex_of
from kaudit.normalise import normalise
from kaudit.workspace import Workspace

NEW = "dense, all new"
"""Text of which the auditor has seen no paragraph before; the other kinds repeat some hundreds of paragraphs."""
PHRASES = 100
LOOP_SIZE = 20_000
"""Characters that the loop over all expressions is timed on; it is linear."""


def seconds(work: Callable[[], object], rounds: int) -> float:
    """Return the median processor time of *work*."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


def compare(texts: list[str], fresh: list[list[str]], auditor: Auditor) -> dict[str, float]:
    """Return megabytes per processor second of each way to search *texts*; audits are timed on *fresh* ones."""
    rounds = len(fresh)
    size = sum(map(len, texts)) / 1e6
    rules = auditor.catalog.rules.values()
    phrases = sorted({anchor for rule in rules for pattern in rule.match for anchor in pattern.anchors[:1]})
    one = re.compile(
        rf"\b(?:{'|'.join(map(re.escape, phrases[:: len(phrases) // PHRASES][:PHRASES]))})\b", re.IGNORECASE
    )
    every = [re.compile(regex_of(pattern.tree)) for rule in rules for pattern in rule.match if not pattern.raw]
    sample = normalise("\n".join(texts)[:LOOP_SIZE]).text
    for text in texts[:20]:
        auditor.audit(text)
    gc.collect()
    gc.freeze()  # as the command does
    findings = sum(len(auditor.audit(text).findings) for text in texts)
    return {
        "findings per MB": findings / size,
        "audit": statistics.median(
            sum(map(len, those)) / 1e6 / seconds(lambda those=those: [auditor.audit(text) for text in those], 1)
            for those in fresh
        ),
        "one pass of re": size / seconds(lambda: [one.findall(text) for text in texts], rounds),
        "loop of all expressions": len(sample) / 1e6 / seconds(lambda: [each.findall(sample) for each in every], 1),
    }


def processes(texts: list[str]) -> float:
    """Return how many times faster two processes are than one, by the clock."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number:05}.txt" for number in range(len(texts))]
        for path, text in zip(paths, texts, strict=True):
            path.write_text(text, encoding="utf-8")
        took = []
        for count in (1, 2):
            workspace = Workspace()
            workspace.auditor_of(paths[0])
            start = time.perf_counter()
            for _ in jobs.audit_files(paths, workspace, count):
                pass
            took.append(time.perf_counter() - start)
    return took[0] / took[1]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=float, default=1, help="megabytes of each kind of text")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    auditor = Auditor()
    found: dict[str, dict[str, float]] = {}
    size = int(options.size * 1_000_000)
    for name, paragraphs in (("ordinary", ordinary_paragraphs()), ("dense", dense_paragraphs()), (NEW, ())):
        if name == NEW:
            texts, *fresh = (list(documents(mixed_paragraphs(seed), size)) for seed in range(options.rounds + 1))
        else:
            texts = list(documents(paragraphs, size))
            fresh = [texts] * options.rounds
        found[name] = compare(texts, fresh, auditor)
        speed = found[name]
        print(f"{name} text, {speed['findings per MB']:.0f} findings per MB, {len(auditor.rules)} rules")
        for way in ("audit", "one pass of re", "loop of all expressions"):
            print(f"  {way:25} {speed[way]:8.3f} MB/s  audit is x{speed['audit'] / speed[way]:.2f}")
        print(f"  two processes are x{processes(texts):.2f} as fast as one")
    if options.json:
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
