"""How well the judge reads negation and speculation, on sentences that others have labelled.

    python benchmarks/context.py CATALOG FILE...

CATALOG is a claim catalog, for its cues. Each line of a FILE is a JSON object with `text`, `span` (start and end of the
words to be judged) and either `label` (negated or affirmed: the NegEx and ConText test kits) or the booleans `negated`
and `speculated` (SFU Review Corpus). Each span is judged as if a rule had matched it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kaudit import load_catalog
from kaudit.catalog.cues import Cues
from kaudit.judge import find_cues, judge
from kaudit.model import BlockKind, Context, Segment, Span
from kaudit.normalise import normalise

NEGATED = (Context.NEGATED,)
SPECULATED = (Context.HEDGED, Context.CONDITIONAL)
UNLABELLED = frozenset(
    (
        *("usually", "often", "sometimes", "generally", "typically", "frequently", "roughly", "at times"),
        *("lack", "lacks", "lacked", "lacking", "lack of", "absence of", "instead of", "rather than", "other than"),
        *("far from", "anything but", "unable to", "resisting"),
    )
)
"""Cues that change a claim and that the SFU corpus leaves out: how often, and words that deny by their sense alone."""


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence with labelled words."""

    segment: Segment
    span: Span
    is_negated: bool
    is_speculated: bool | None
    shown: str


@dataclass(slots=True)
class Score:
    """Counts of right and wrong answers."""

    hits: int = 0
    false_alarms: list[str] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)

    def add(self, said: bool, right: bool, shown: str) -> None:
        """Count one answer."""
        if said and right:
            self.hits += 1
        elif said:
            self.false_alarms.append(shown)
        elif right:
            self.misses.append(shown)

    def __str__(self) -> str:
        precision = self.hits / ((self.hits + len(self.false_alarms)) or 1)
        recall = self.hits / ((self.hits + len(self.misses)) or 1)
        f1 = 2 * precision * recall / ((precision + recall) or 1)
        return f"P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}  (n = {self.hits + len(self.misses)})"


def read_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a file, normalised."""
    for line in path.read_text(encoding="utf-8").strip().split("\n"):
        row = json.loads(line)
        text = row["text"].replace("\x92", "'")  # an apostrophe that went through the wrong encoding
        start, end = row["span"]
        before, marked, after = text[:start], text[start:end], text[end:]
        plain = normalise(text)
        head = len(normalise(before + "x").text) - 1
        length = len(normalise(marked).text)
        segment = Segment(plain.text, plain.cased, 0, BlockKind.PARAGRAPH)
        shown = f"{before[-90:]}[[{marked}]]{after[:60]}"
        is_negated = row["negated"] if "negated" in row else row["label"] == "negated"
        yield Row(segment, Span(head, head + length), is_negated, row.get("speculated"), " ".join(shown.split()))


def measure(rows: Iterable[Row], cues: Cues, contexts: tuple[Context, ...], label: Callable[[Row], bool]) -> Score:
    """Return how often the judge's *contexts* agree with a *label*."""
    score = Score()
    for row in rows:
        judgement = judge(row.span, row.segment, find_cues(row.segment, cues))
        said = any(
            (effect.context in contexts or (contexts is SPECULATED and effect.cue.endswith(("if", "whether"))))
            and (row.is_speculated is None or effect.cue not in UNLABELLED)
            for effect in judgement.effects
        )
        score.add(said, label(row), row.shown)
    return score


def main() -> None:
    """Print precision, recall and F1 for each file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("catalog", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="show the first N errors of each kind")
    options = parser.parse_args()
    cues = load_catalog(options.catalog).cues
    for path in options.files:
        rows = list(read_rows(path))
        begin = time.perf_counter()
        scores = {"negated": measure(rows, cues, NEGATED, lambda row: row.is_negated)}
        seconds = time.perf_counter() - begin
        if rows[0].is_speculated is not None:
            scores["speculated"] = measure(rows, cues, SPECULATED, lambda row: bool(row.is_speculated))
        lines = [f"{path.name}: {len(rows)} rows, {seconds / len(rows) * 1e6:.0f} microseconds each"]
        for name, score in scores.items():
            lines.append(f"  {name:12}{score}")
            lines += [f"    wrongly {name}: {shown}" for shown in score.false_alarms[: options.errors]]
            lines += [f"    missed: {shown}" for shown in score.misses[: options.errors]]
        sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
