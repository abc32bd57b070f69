"""Match: a sentence in, the words of it that fit a rule out, before any judgement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kaudit.catalog.alphabet import gate
from kaudit.catalog.compiled import Rule
from kaudit.model import Span
from kaudit.search import PatternIndex, Vocabulary, longest


@dataclass(frozen=True, slots=True)
class Match:
    """Words that fit a rule."""

    rule: Rule
    span: Span
    """In the text that the sentence is part of."""


@dataclass
class Matcher:
    """All rules of a catalog, ready to be looked for."""

    rules: Mapping[str, Rule]
    index: PatternIndex = field(init=False)

    def __post_init__(self) -> None:
        self._rules = tuple(self.rules.values())
        self.index = PatternIndex(
            (number, pattern) for number, rule in enumerate(self._rules) for pattern in rule.match
        )

    def find_matches(self, sentence: str, start: int, vocabulary: Vocabulary) -> list[Match]:
        """Return the matches in a normalised *sentence* that begins at *start* of its text, in reading order."""
        found: dict[int, list[Span]] = {}
        for frame in self.index.candidates(gate(sentence)):
            spans = vocabulary.spans_of(frame.pattern, sentence)
            if spans:
                found.setdefault(frame.owner, []).extend(spans)
        matches: list[Match] = []
        for owner, spans in found.items():
            rule = self._rules[owner]
            matches.extend(
                Match(rule, span.shifted(start)) for span in apply_conditions(rule, spans, sentence, vocabulary)
            )
        return sorted(matches, key=lambda match: match.span)


def apply_conditions(rule: Rule, spans: list[Span], sentence: str, vocabulary: Vocabulary) -> list[Span]:
    """Return those of *spans* that the rule's `beside` and `unless` leave, the longest of those that overlap."""
    if rule.beside and not any(vocabulary.spans_of(pattern, sentence) for pattern in rule.beside):
        return []
    if rule.unless:
        excused = [span for pattern in rule.unless for span in vocabulary.spans_of(pattern, sentence)]
        spans = [span for span in spans if not any(span.overlaps(other) for other in excused)]
    return longest(spans)
