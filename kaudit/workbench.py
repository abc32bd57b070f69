"""Workbench: for those who write rules. What a template finds in files; what each rule does on a corpus."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kaudit import read as reading
from kaudit.auditor import Pages
from kaudit.catalog.alphabet import gate
from kaudit.catalog.anchors import AnchorFinder, Anchors
from kaudit.catalog.compiled import Catalog, Pattern
from kaudit.catalog.load import compile_template, validate, word_frequency
from kaudit.catalog.texts import CatalogText, places_of
from kaudit.config import Config
from kaudit.errors import Problem
from kaudit.match import apply_conditions
from kaudit.model import Document, Span
from kaudit.normalise import normalise
from kaudit.search import PatternIndex, Searcher
from kaudit.segment import segment

MARKED = re.compile(r"\[\[(.+?)\]\]")
_OPTIONAL_PLURAL = re.compile(r"\b([a-z]{3,}s)\?")
_COMMA_BEHIND_GAP = re.compile(r"(<(?:\w+:)?\d+-\d+>) ?,(?!\|)")


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


COSTLY = 300.0
"""How often per million words of ordinary English the words of a template may be expected before it is told."""


def costly_templates(catalog: Catalog) -> list[tuple[float, str, str]]:
    """Return the templates whose rarest words are common, with their rule and how often they are tried, worst first.

    Every template is tried where one of its rarest words stands, in a million words of ordinary English so often.
    """
    finder = AnchorFinder(word_frequency())
    found = [
        (finder.cost(Anchors(pattern.anchors, pattern.needs)), rule.id, pattern.template)
        for rule in catalog.rules.values()
        for pattern in rule.match
    ]
    return sorted((each for each in found if each[0] >= COSTLY), reverse=True)


def traps(texts: Sequence[CatalogText], catalog: Catalog) -> Iterator[Problem]:
    """Yield what the templates of *texts* may say and hardly mean: each with its place and what would be right."""
    for text in texts:
        places = places_of(text)
        file: Any = validate(text)
        for at, claim in enumerate(file.claims):
            written = [
                *((template, ("match", number)) for number, template in enumerate(claim.match)),
                *((template, ("unless", number)) for number, template in enumerate(claim.unless)),
                *((template, ("beside", number)) for number, template in enumerate(claim.beside)),
                *((entry.match or "", ("rewrite", number, "match")) for number, entry in enumerate(claim.rewrite)),
            ]
            told = [(trail, message) for template, trail in written for message in _traps_in(template)]
            told += _idle_excuses(claim, catalog)
            for trail, message in told:
                line, column = places.get(("claims", at, *trail), (1, 1))
                yield Problem(text.path, line, column, f"{claim.id}: {message}")


def _traps_in(template: str) -> Iterator[str]:
    if template.startswith("/"):
        return
    for word in _OPTIONAL_PLURAL.findall(template):
        one = word[:-1]
        yield f"{word}? makes the whole word optional; for one or many write {one}~ or ({one}|{word})"
    for gap in _COMMA_BEHIND_GAP.findall(template):
        yield f"the comma behind {gap} is never met, since a gap ends at a blank; put it before the gap"


def _idle_excuses(claim: Any, catalog: Catalog) -> list[tuple[tuple[str, int], str]]:
    """Return the `unless` of *claim* that stand beside a match in one of its examples and touch none in any."""
    rule = catalog.rules.get(claim.id)
    if rule is None or len(rule.unless) != len(claim.unless):
        return []
    searcher = Searcher()
    sentences = [
        normalise(MARKED.sub(r"\1", example)).text for example in (*claim.examples.flag, *claim.examples.pass_)
    ]
    matches = [[span for pattern in rule.match for span in searcher.spans_of(pattern, text)] for text in sentences]
    told: list[tuple[tuple[str, int], str]] = []
    for number, pattern in enumerate(rule.unless):
        beside = [
            any(excuse.overlaps(span) for excuse in searcher.spans_of(pattern, text) for span in spans)
            for text, spans in zip(sentences, matches, strict=True)
            if spans and searcher.spans_of(pattern, text)
        ]
        if beside and not any(beside):
            message = "this excuse stands beside a match and does not touch it; bridge them with a gap"
            told.append((("unless", number), message))
    return told


def _overlapping(kept: dict[int, list[Span]], stats: Sequence[RuleStats]) -> Iterator[tuple[str, str]]:
    owners = sorted(kept)
    for at, first in enumerate(owners):
        for second in owners[at + 1 :]:
            if any(span.overlaps(other) for span in kept[first] for other in kept[second]):
                yield stats[first].id, stats[second].id
