"""Run every benchmark and write docs/performance.md from what they print and measure.

    python benchmarks/run.py [--quick] [--only ratios,cost] [--page-only]

The figures of each are kept in build/benchmarks as JSON, so that one can be measured anew without the others.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import peers

HERE = Path(__file__).parent
KEPT = HERE.parent / "build" / "benchmarks"
PAGE = HERE.parent / "docs" / "performance.md"
QUICK = {
    "ratios": ["--size", "0.5", "--rounds", "3"],
    "cost": ["--largest", "10", "--rounds", "1"],
    "stages": ["--size", "0.5", "--rounds", "1"],
    "readers": ["--rounds", "3"],
    "peers": ["--size", "0.2", "--rounds", "1"],
    "cluster": ["--documents", "2000", "--rounds", "1"],
    "bulk": ["--largest", "10"],
}
"""The benchmarks, with what makes each short."""


def measure(name: str, *, quick: bool) -> None:
    """Run one benchmark and keep its figures."""
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = KEPT / f"{name}.json"
    subprocess.run(
        [sys.executable, str(HERE / f"{name}.py"), *(QUICK[name] if quick else []), "--json", str(kept)], check=False
    )
    if kept.exists():
        figures = json.loads(kept.read_text(encoding="utf-8"))
        busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
        figures["measured"] = {
            "on": date.today().isoformat(),
            "python": platform.python_version(),
            "cores": os.cpu_count(),
            "load": round(busy, 1),
            "quick": quick,
        }
        kept.write_text(json.dumps(figures, indent=1), encoding="utf-8")


def page() -> str:
    """Return the page, of all figures that are kept."""
    parts = [
        "# Performance\n\nThis page is generated: `python benchmarks/run.py` measures everything anew and writes it, "
        "`--quick` in a few minutes, `--only NAME` one part. All times are processor time, and machines are noisy: "
        "trust ratios within a part, not figures across parts."
    ]
    for name, tell in (
        ("ratios", _ratios),
        ("stages", _stages),
        ("cost", _cost),
        ("readers", _readers),
        ("peers", _peers),
        ("bulk", _bulk),
        ("cluster", _cluster),
    ):
        kept = KEPT / f"{name}.json"
        if kept.exists():
            figures = json.loads(kept.read_text(encoding="utf-8"))
            measured = figures.pop("measured")
            short = ", short run" if measured["quick"] else ""
            told = (
                f"Measured on {measured['on']} with Python {measured['python']} on {measured['cores']} cores, "
                f"load {measured['load']}{short}: `python benchmarks/{name}.py`."
            )
            parts.append("\n\n".join([*tell(figures), told]))
    return "\n\n".join(parts) + "\n"


def _ratios(figures: dict[str, Any]) -> Iterator[str]:
    yield "## Beside simple searches"
    yield (
        "The whole pipeline, from text to findings, beside one pass of `re` over a hundred phrases in one alternation, "
        "and beside a loop of all rules' expressions, which find neither context nor severity."
    )
    lines = [
        "| text | findings per MB | kaudit | one pass of `re` | kaudit is | loop | kaudit is |",
        "| " + "--- | " * 7,
    ]
    for kind, row in figures.items():
        one, loop = row["one pass of re"], row["loop of all expressions"]
        lines.append(
            f"| {kind} | {row['findings per MB']:.0f} | {row['audit']:.2f} MB/s | {one:.2f} MB/s "
            f"| x{row['audit'] / one:.2f} | {loop:.3f} MB/s | x{row['audit'] / loop:.0f} |"
        )
    yield "\n".join(line.rstrip() for line in lines)


def _stages(figures: dict[str, Any]) -> Iterator[str]:
    yield "## Where the time goes"
    memory = figures.pop("memory")
    names = [name for name in next(iter(figures.values())) if name not in ("blocks", "findings")]
    lines = [f"| ms per MB | {' | '.join(names)} |", "| " + "--- | " * (len(names) + 1)]
    lines += [f"| {kind} | {' | '.join(f'{row[name]:.0f}' for name in names)} |" for kind, row in figures.items()]
    yield "\n".join(line.rstrip() for line in lines)
    peaks = ", ".join(f"{peak:.0f} MB for {size} of text" for size, peak in memory.items())
    yield f"Peak memory of a check in one process: {peaks}."


def _cost(figures: dict[str, Any]) -> Iterator[str]:
    yield "## Growth and start"
    first = next(iter(figures["sizes"].values()))
    sizes = ", ".join(f"{size}: x{cost / first:.2f}" for size, cost in figures["sizes"].items())
    yield f"By size of text, time per megabyte: {sizes}."
    for kind, costs in figures["rules"].items():
        least = next(iter(costs.values()))
        yield f"By number of rules, {kind} text: {', '.join(f'{n}: x{cost / least:.2f}' for n, cost in costs.items())}."
    start = figures["start"]
    yield (
        "A check of one line, in times of importing pydantic, regex and yaml: "
        f"x{start['first'] / start['imports']:.2f} where nothing can be kept, "
        f"x{start['warm'] / start['imports']:.2f} with the compiled catalog."
    )


def _readers(figures: dict[str, Any]) -> Iterator[str]:
    yield "## Reading"
    yield (
        f"Markdown is read {figures['markdown']:.1f} times as fast as markdown-it-py parses it, "
        f"HTML {figures['html']:.1f} times as fast as html5lib; ours with the place of each character."
    )


def _peers(figures: dict[str, Any]) -> Iterator[str]:
    yield "## Beside other tools"
    yield "Whole programs on the same files, in turn; kaudit with its whole catalog, start included."
    yield peers.table(figures)


def _bulk(figures: dict[str, Any]) -> Iterator[str]:
    yield "## At a gigabyte"
    yield (
        "The whole command over folders of pages of 7 KB, one in fifty full of claims, from files to JSON Lines; "
        "the memory is that of the largest process."
    )
    lines = ["| text | pages | findings | seconds | processor seconds per MB | memory |", "| " + "--- | " * 6]
    lines += [
        f"| {size} | {row['pages']:,} | {row['lines']:,} | {row['clock']:.0f} with {row['jobs']} processes "
        f"| {row['processor'] / int(size.split()[0]):.2f} | {row['memory']:.0f} MB |"
        for size, row in figures.items()
    ]
    yield "\n".join(line.rstrip() for line in lines)


def _cluster(figures: dict[str, Any]) -> Iterator[str]:
    yield "## On a cluster"
    yield (
        f"{figures['documents']} documents of 4 KB, mostly ordinary English, on Spark with a master and workers of "
        f"one core as processes of one machine, by the clock: one worker takes {figures['overhead']:.0%} longer than a "
        f"process without Spark, two workers are x{figures['two workers against one']:.2f} as fast as one."
    )


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="less text and fewer rounds")
    parser.add_argument("--only", default=",".join(QUICK), help="names, apart by commas")
    parser.add_argument("--page-only", action="store_true", help="write the page of what was measured before")
    options = parser.parse_args()
    for name in () if options.page_only else options.only.split(","):
        measure(name, quick=options.quick)
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
