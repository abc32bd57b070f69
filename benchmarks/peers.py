"""kaudit beside other tools that look for phrases: processor time of whole programs on the same files, in one run.

    python benchmarks/peers.py [--size 0.3] [--rounds 3] [--only proselint,codespell] [--json FILE]

Each peer is installed in an environment of its own under build/peers (pip or npm; a few hundred megabytes in all), is
given a hundred phrases of the catalog where it can hold them, and is run in turn with kaudit, whose whole catalog
counts. A peer that cannot be installed is named and left out. Machines are noisy: trust ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from corpus import dense_paragraphs, documents, ordinary_paragraphs

from kaudit.catalog import load_catalog

ROOT = Path(__file__).parent.parent
HOME = ROOT / "build" / "peers"
SCRIPTS = Path(__file__).parent / "peer_programs"
PHRASES = 100
SLOW = 0.05
"""The part of the texts that slow peers get; throughput is per megabyte that they were given."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A tool, how it is installed, and how it is run on the text files of a folder."""

    name: str
    what: str
    pip: tuple[str, ...] = ()
    npm: tuple[str, ...] = ()
    prepare: Callable[[Path, Sequence[str]], None] = lambda folder, phrases: None
    command: Callable[[Path, Path, Path], list[str]] = lambda home, work, texts: []
    is_slow: bool = False

    @property
    def home(self) -> Path:
        """Its environment."""
        return HOME / self.name.replace(" ", "-")

    def install(self) -> bool:
        """Install it where that was not done yet; return whether it is there."""
        done = self.home / "installed"
        if done.exists():
            return True
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True)
        steps: list[list[str]] = []
        if self.pip:
            steps += [[sys.executable, "-m", "venv", str(self.home)]]
            steps += [[str(self.home / "bin" / "pip"), "install", "--quiet", *self.pip]]
        if self.npm:
            steps += [["npm", "install", "--silent", "--prefix", str(self.home), *self.npm]]
        for step in steps:
            try:
                subprocess.run(step, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.home)
            except (OSError, subprocess.CalledProcessError):
                return False
        done.touch()
        return True


def _one_word_each(folder: Path, phrases: Sequence[str]) -> None:
    words = dict.fromkeys(word for phrase in phrases for word in phrase.split() if word.isalpha() and len(word) > 3)
    (folder / "words.txt").write_text("".join(f"{word}->{word}x\n" for word in words), encoding="utf-8")


def _prh(folder: Path, phrases: Sequence[str]) -> None:
    rules = [{"expected": f"[{phrase}]", "pattern": f"/\\b{phrase}\\b/i"} for phrase in phrases]
    (folder / "prh.yml").write_text(json.dumps({"version": 1, "rules": rules}), encoding="utf-8")
    settings = {"rules": {"prh": {"rulePaths": ["prh.yml"]}}}
    (folder / ".textlintrc.json").write_text(json.dumps(settings), encoding="utf-8")


def _python(script: str) -> Callable[[Path, Path, Path], list[str]]:
    return lambda home, work, texts: [
        str(home / "bin" / "python"),
        str(SCRIPTS / script),
        str(work / "phrases.json"),
        str(texts),
    ]


PEERS = (
    Peer(
        "proselint",
        "its own checks",
        pip=("proselint==0.16.0",),
        command=lambda home, work, texts: [str(home / "bin" / "proselint"), "check", str(texts)],
    ),
    Peer(
        "codespell",
        "a dictionary of the phrases' words",
        pip=("codespell==2.4.3",),
        prepare=_one_word_each,
        command=lambda home, work, texts: [
            str(home / "bin" / "codespell"),
            "--dictionary",
            str(work / "words.txt"),
            str(texts),
        ],
    ),
    Peer(
        "textlint",
        "prh with 100 phrases",
        npm=("textlint", "textlint-rule-prh"),
        prepare=_prh,
        command=lambda home, work, texts: [
            str(home / "node_modules" / ".bin" / "textlint"),
            "--config",
            str(work / ".textlintrc.json"),
            "--rules-base-directory",
            str(home / "node_modules"),
            str(texts),
        ],
        is_slow=True,
    ),
    Peer(
        "write-good",
        "its own checks",
        npm=("write-good",),
        command=lambda home, work, texts: [
            str(home / "node_modules" / ".bin" / "write-good"),
            *map(str, sorted(texts.glob("*.txt"))),
        ],
    ),
    Peer("spacy", "PhraseMatcher, 100 phrases", pip=("spacy",), command=_python("spacy_phrases.py")),
    Peer(
        "medspacy",
        "100 targets and ConText",
        pip=("medspacy",),
        command=_python("medspacy_context.py"),
        is_slow=True,
    ),
    Peer(
        "regex loop",
        "100 phrases, one after the other",
        command=lambda home, work, texts: [
            sys.executable,
            str(SCRIPTS / "regex_loop.py"),
            str(work / "phrases.json"),
            str(texts),
        ],
    ),
)


def kaudit_command(texts: Path) -> list[str]:
    """Return how kaudit is run on a folder: one process, nothing kept, a report in JSON."""
    return [sys.executable, "-m", "kaudit", "check", "--no-cache", "--exit-zero", "--format", "json", str(texts)]


def phrases_of_catalog() -> list[str]:
    """Return a hundred phrases that anchor patterns of the built-in catalog."""
    anchors = {
        pattern.anchors[0] for rule in load_catalog().rules.values() for pattern in rule.match if pattern.anchors
    }
    found = sorted(anchor for anchor in anchors if anchor.replace(" ", "").isalpha())
    return found[:: max(len(found) // PHRASES, 1)][:PHRASES]


def processor_seconds(command: Sequence[str], work: Path) -> float:
    """Return the processor time of a whole program and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PYTHONUTF8": "1"}
    done = subprocess.run(command, check=False, capture_output=True, cwd=work, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode < 0 or b"Traceback" in done.stderr or b"Error:" in done.stderr[:200]:
        raise RuntimeError(done.stderr.decode(errors="replace")[-500:])
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def write_texts(folder: Path, paragraphs: tuple[str, ...], size: float) -> float:
    """Write documents of *size* megabytes into *folder*, and return how many megabytes there are."""
    folder.mkdir()
    written = 0
    for number, text in enumerate(documents(paragraphs, int(size * 1e6))):
        (folder / f"{number:05}.txt").write_text(text, encoding="utf-8")
        written += len(text.encode())
    return written / 1e6


def compare(peers: Sequence[Peer], size: float, rounds: int) -> dict[str, dict[str, float]]:
    """Return for each peer, on each kind of text, how many times as fast kaudit is, and its own speed."""
    phrases = phrases_of_catalog()
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        (work / "phrases.json").write_text(json.dumps(phrases), encoding="utf-8")
        for kind, paragraphs in (("ordinary", ordinary_paragraphs()), ("dense", dense_paragraphs())):
            whole, part = work / kind, work / f"{kind}-part"
            sizes = {whole: write_texts(whole, paragraphs, size), part: write_texts(part, paragraphs, size * SLOW)}
            for peer in peers:
                texts = part if peer.is_slow else whole
                peer.prepare(work, phrases)
                command = peer.command(peer.home, work, texts)
                pairs = [
                    (processor_seconds(command, work), processor_seconds(kaudit_command(texts), work))
                    for _ in range(rounds)
                ]
                theirs, ours = (statistics.median(times) for times in zip(*pairs, strict=True))
                row = found.setdefault(peer.name, {})
                row[f"{kind} MB/s"] = sizes[texts] / theirs
                row[f"{kind} kaudit MB/s"] = sizes[texts] / ours
                row[f"{kind} ratio"] = theirs / ours
    return found


def table(found: Mapping[str, Mapping[str, float]]) -> str:
    """Return *found* as a table in Markdown."""
    what = {peer.name: peer.what for peer in PEERS}
    lines = ["| peer | what it looks for | ordinary English | dense copy |", "| --- | --- | --- | --- |"]
    for name, row in found.items():
        cells = [
            f"{row[f'{kind} MB/s']:.3f} MB/s, kaudit x{row[f'{kind} ratio']:.2f}" for kind in ("ordinary", "dense")
        ]
        lines.append(f"| {name} | {what[name]} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Install, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=float, default=0.3, help="megabytes of each kind of text")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default=",".join(peer.name for peer in PEERS), help="names, apart by commas")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    wanted = [peer for peer in PEERS if peer.name in options.only.split(",")]
    peers = [peer for peer in wanted if peer.install()]
    for peer in wanted:
        if peer not in peers:
            print(f"{peer.name} cannot be installed here, and is left out")
    found = compare(peers, options.size, options.rounds)
    print(table(found))
    if options.json:
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
