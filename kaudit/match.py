"""Match: a sentence in, the words of it that fit a rule out, before any judgement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kaudit.catalog.compiled import Rule
from kaudit.model import Span
from kaudit.search import Frame, PatternIndex, Searcher, longest


@dataclass(frozen=True, slots=True)
class Match:
    """Words that fit a rule."""

    rule: Rule
    span: Span
    """In the text that the sentence is part of."""


@dataclass(eq=False)
class Matcher:
    """All rules of a catalog, ready to be looked for. Equal only to itself."""

    rules: Mapping[str, Rule]
    index: PatternIndex = field(init=False)

    def __post_init__(self) -> None:
        self._rules = tuple(self.rules.values())
        self.index = PatternIndex(
            (number, pattern) for number, rule in enumerate(self._rules) for pattern in rule.match
        )

    def rule_of(self, frame: Frame) -> Rule:
        """Return the rule that a pattern of the index belongs to."""
        return self._rules[frame.owner]

    def find_matches(self, frames: Iterable[Frame], sentence: str, start: int, searcher: Searcher) -> list[Match]:
        """Return where *frames* match in a normalised *sentence* that begins at *start* of its text, in reading order.

        Of the index's frames, those that the sentence may match; all of a rule's or none.
        """
        found: dict[int, list[Span]] = {}
        for frame in frames:
            spans = searcher.spans_of(frame.pattern, sentence)
            if spans:
                found.setdefault(frame.owner, []).extend(spans)
        matches: list[Match] = []
        for owner, spans in found.items():
            rule = self._rules[owner]
            matches.extend(
                Match(rule, span.shifted(start)) for span in apply_conditions(rule, spans, sentence, searcher)
            )
        return sorted(matches, key=lambda match: match.span)


def apply_conditions(rule: Rule, spans: list[Span], sentence: str, searcher: Searcher) -> list[Span]:
    """Return those of *spans* that the rule's `beside` and `unless` leave, the longest of those that overlap."""
    if rule.beside and next(searcher.spans_of_any(rule.beside, sentence), None) is None:
        return []
    if rule.unless and spans:
        excused = list(searcher.spans_of_any(rule.unless, sentence))
        spans = [span for span in spans if not any(span.overlaps(other) for other in excused)]
    return longest(spans)
