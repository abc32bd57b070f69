"""What an audit costs: by size of text, by number of rules, and at a cold start. Prints ratios of one run.

    python benchmarks/cost.py [--largest 100] [--json FILE]

Processor time of the whole pipeline, from text to findings; medians. Machines are noisy: trust ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from corpus import dense_paragraphs, documents, ordinary_paragraphs
from rules import catalog_of

from kaudit.auditor import Auditor
from kaudit.catalog.compiled import Catalog

BASE = "import pydantic, regex, yaml"


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time of *work*."""
    start = time.process_time()
    work()
    return time.process_time() - start


def audit_all(auditor: Auditor, texts: Iterable[str]) -> None:
    """Audit every text."""
    for text in texts:
        auditor.audit(text)


def audit_seconds(auditor: Auditor, texts: list[str]) -> float:
    """Return the processor time of auditing every text."""
    return seconds(lambda: audit_all(auditor, texts))


def by_size(largest: int) -> dict[str, float]:
    """Return seconds per MB for 1, 10, … MB of ordinary English, in documents of 7 KB."""
    auditor = Auditor(catalog_of(300))
    audit_all(auditor, documents(ordinary_paragraphs(), 3_000_000))  # patterns are compiled once
    found: dict[str, float] = {}
    size = 1
    while size <= largest:
        texts = list(documents(ordinary_paragraphs(), size * 1_000_000))
        found[f"{size} MB"] = audit_seconds(auditor, texts) / size
        size *= 10
    return found


def by_rules(counts: tuple[int, ...], size: int, rounds: int) -> dict[str, dict[int, float]]:
    """Return seconds per MB for each number of rules, on ordinary and on dense text."""
    auditors = {count: Auditor(_catalog(count)) for count in counts}
    found: dict[str, dict[int, float]] = {}
    for name, paragraphs in (("ordinary", ordinary_paragraphs()), ("dense", dense_paragraphs())):
        texts = list(documents(paragraphs, size))
        times: dict[int, list[float]] = {count: [] for count in counts}
        for auditor in auditors.values():
            audit_all(auditor, texts[:20])
        for _ in range(rounds):
            for count, auditor in auditors.items():
                times[count].append(audit_seconds(auditor, texts))
        found[name] = {count: statistics.median(measured) * 1_000_000 / size for count, measured in times.items()}
    return found


def _catalog(count: int) -> Catalog:
    return catalog_of(count)


def child_seconds(command: list[str], environment: dict[str, str]) -> float:
    """Return the processor time of a whole process."""
    before = os.times()
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system


def cold_start(rounds: int) -> dict[str, float]:
    """Return processor seconds of a check of one line: without and with a compiled catalog, and of three imports."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.txt"
        page.write_text("Ketamine is a miracle drug with minimal side effects.\n", encoding="utf-8")
        check = [sys.executable, "-m", "kaudit", "check", "--exit-zero", str(page)]
        warm = {**os.environ, "KAUDIT_CACHE_DIR": str(Path(folder) / "cache")}
        child_seconds(check, warm)
        times: dict[str, list[float]] = {"imports": [], "first": [], "warm": []}
        for _ in range(rounds):
            times["imports"].append(child_seconds([sys.executable, "-c", BASE], warm))
            times["first"].append(child_seconds(check, {**os.environ, "KAUDIT_CACHE_DIR": ""}))
            times["warm"].append(child_seconds(check, warm))
    return {name: statistics.median(measured) for name, measured in times.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--largest", type=int, default=100, help="most text to audit, in MB: 1, 10, 100")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    sizes = by_size(options.largest)
    rules = by_rules((100, 300, 1_000, 3_000), 2_000_000, options.rounds)
    start = cold_start(options.rounds)
    print("by size of text, ordinary English, 300 rules")
    for name, cost in sizes.items():
        print(f"  {name:>7}  {cost:6.3f} s/MB  x{cost / sizes['1 MB']:.2f}")
    for name, costs in rules.items():
        print(f"by number of rules, {name} text")
        for count, cost in costs.items():
            print(f"  {count:>7}  {cost:6.3f} s/MB  {1 / cost:5.1f} MB/s  x{cost / costs[100]:.2f}")
    print(f"start of a check of one line, in times of python -c '{BASE}' ({start['imports']:.3f} s)")
    print(f"  without a compiled catalog x{start['first'] / start['imports']:.2f}")
    print(f"  with one                   x{start['warm'] / start['imports']:.2f}")
    if options.json:
        options.json.write_text(
            json.dumps({"sizes": sizes, "rules": rules, "start": start}, indent=1), encoding="utf-8"
        )


if __name__ == "__main__":
    main()
