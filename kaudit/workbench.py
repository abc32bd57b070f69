"""Workbench: for those who write rules. What a template finds in files; what each rule does on a corpus."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kaudit import read as reading
from kaudit.auditor import Pages
from kaudit.catalog.alphabet import gate
from kaudit.catalog.compiled import Catalog, Pattern
from kaudit.catalog.load import compile_template
from kaudit.catalog.texts import CatalogText
from kaudit.config import Config
from kaudit.match import apply_conditions
from kaudit.model import Document, Span
from kaudit.search import PatternIndex, Searcher
from kaudit.segment import segment


@dataclass(frozen=True, slots=True)
class Trial:
    """One place that a template fits."""

    path: str
    line: int
    column: int
    text: str
    """The words as the source has them."""
    sentence: str
    """Normalised."""


def try_template(template: str, texts: Sequence[CatalogText], paths: Iterable[Path]) -> Iterator[Trial]:
    """Yield every place in the documents at *paths* that *template* fits, with the lexicons of the catalog *texts*.

    Raises:
        CatalogError: when the template is wrong.
        DocumentError: when a document cannot be read.
    """
    pattern = compile_template(template, texts)
    searcher = Searcher()
    for path in paths:
        document = reading.read_file(path, Config().max_bytes)
        yield from _trials(pattern, document, searcher)


def _trials(pattern: Pattern, document: Document, searcher: Searcher) -> Iterator[Trial]:
    pages = Pages(document)
    index = PatternIndex([(0, pattern)])
    for passage in pages:
        if not index.candidates(passage.words):
            continue
        for sentence in segment(passage.plain.cased):
            text = sentence.of(passage.plain.text)
            if not index.candidates(gate(text)):
                continue
            for span in searcher.spans_of(pattern, text):
                place = passage.source_span(span.shifted(sentence.start), document)
                yield Trial(document.path, *pages.lines.position(place.start), place.of(document.source), text)


@dataclass(slots=True)
class RuleStats:
    """What one rule did on a corpus, before any judgement."""

    id: str
    matches: int = 0
    tries: int = 0
    """Sentences on which one of its templates was tried."""
    seconds: float = 0.0
    slowest: str = ""
    """The template that took longest."""
    _times: Counter[str] = field(default_factory=Counter)

    def note(self, template: str, seconds: float) -> None:
        """Add the time that a template took."""
        self.tries += 1
        self.seconds += seconds
        self._times[template] += int(seconds * 1e9)
        self.slowest = self._times.most_common(1)[0][0]


@dataclass(frozen=True, slots=True)
class CorpusStats:
    """What the rules of a catalog did on a corpus."""

    documents: int
    words: int
    rules: tuple[RuleStats, ...]
    """In catalog order."""
    overlaps: tuple[tuple[str, str, int], ...]
    """Pairs of rules that matched the same words, and how often; most often first."""


def catalog_stats(catalog: Catalog, paths: Iterable[Path]) -> CorpusStats:
    """Return what each rule of *catalog* matches in the documents at *paths*, and at what cost.

    Raises:
        DocumentError: when a document cannot be read.
    """
    rules = tuple(catalog.rules.values())
    stats = [RuleStats(rule.id) for rule in rules]
    index = PatternIndex((number, pattern) for number, rule in enumerate(rules) for pattern in rule.match)
    searcher = Searcher()
    overlaps: Counter[tuple[str, str]] = Counter()
    documents = words = 0
    for path in paths:
        document = reading.read_file(path, Config().max_bytes)
        pages = Pages(document)
        documents += 1
        words += len(document.text.split())
        for passage in pages:
            for sentence in segment(passage.plain.cased) if index.candidates(passage.words) else ():
                text = sentence.of(passage.plain.text)
                found: dict[int, list[Span]] = {}
                for frame in index.candidates(gate(text)):
                    start = time.perf_counter()
                    spans = searcher.spans_of(frame.pattern, text)
                    stats[frame.owner].note(frame.pattern.template, time.perf_counter() - start)
                    found.setdefault(frame.owner, []).extend(spans)
                kept = {
                    owner: apply_conditions(rules[owner], spans, text, searcher)
                    for owner, spans in found.items()
                    if spans
                }
                for owner, spans in kept.items():
                    stats[owner].matches += len(spans)
                overlaps.update(_overlapping(kept, stats))
    pairs = tuple((first, second, times) for (first, second), times in overlaps.most_common())
    return CorpusStats(documents, words, tuple(stats), pairs)


def _overlapping(kept: dict[int, list[Span]], stats: Sequence[RuleStats]) -> Iterator[tuple[str, str]]:
    owners = sorted(kept)
    for at, first in enumerate(owners):
        for second in owners[at + 1 :]:
            if any(span.overlaps(other) for span in kept[first] for other in kept[second]):
                yield stats[first].id, stats[second].id
