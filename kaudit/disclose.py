"""Disclose: a document and what was found in it in, the disclosures that it lacks out.

A document owes a disclosure once it promotes the treatment that the disclosure is about: by a benefit that it asserts,
or by naming the treatment beside a call to action. Only a real statement satisfies one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from kaudit.catalog.compiled import Disclosure
from kaudit.model import Category, Jurisdiction, Span
from kaudit.search import PatternIndex, Searcher

BENEFITS = frozenset(
    {
        Category.CURE,
        Category.EFFICACY,
        Category.STATISTIC,
        Category.SUPERIORITY,
        Category.TIMING,
        Category.TESTIMONIAL,
        Category.SUITABILITY,
        Category.SCOPE,
        Category.HYPERBOLE,
    }
)
"""Categories whose claims say that a treatment does some good."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A normalised sentence, and its words as `gate` gives them."""

    text: str
    words: bytes
    share: float = 0.0
    """How much of the document stands before it."""


class DisclosureChecker:
    """The disclosures of a catalog, ready to be looked for."""

    def __init__(self, disclosures: Mapping[str, Disclosure]) -> None:
        self.disclosures = tuple(disclosures.values())
        self._statements = [
            (owner, number, pattern)
            for owner, entry in enumerate(self.disclosures)
            for number, pattern in enumerate(entry.satisfied_by)
        ]
        self.index = PatternIndex((place, entry[2]) for place, entry in enumerate(self._statements))

    def told_in(self, text: str, words: bytes, searcher: Searcher) -> Iterator[Span]:
        """Yield what of a sentence makes a disclosure; *words* is its gate."""
        for frame in self.index.candidates(words):
            if self.disclosures[self._statements[frame.owner][0]].at_least == 1:
                yield from searcher.spans_of(frame.pattern, text)

    def made_in(self, sentence: Sentence, searcher: Searcher, is_denied: Callable[[str, Span], bool]) -> list[int]:
        """Return the numbers of the statements in a sentence.

        *is_denied* tells whether it takes back the words at a span: "does not slow breathing" names no risk.
        """
        return [
            frame.owner
            for frame in self.index.candidates(sentence.words)
            if any(
                not is_denied(sentence.text, span)
                for span in searcher.spans_of(self._statements[frame.owner][2], sentence.text)
            )
        ]

    def missing(
        self,
        sentences: Iterable[Sentence],
        promoted: frozenset[str],
        chief: frozenset[str],
        jurisdictions: frozenset[Jurisdiction],
        made_in: Callable[[Sentence], Iterable[int]],
    ) -> list[Disclosure]:
        """Return the disclosures about the *promoted* subjects that no sentence makes, in catalog order.

        *chief* are those of them that the document is chiefly about; *made_in* gives the statements of a sentence.
        """
        owed = [
            number
            for number, entry in enumerate(self.disclosures)
            if entry.subjects & (chief if entry.chiefly else promoted)
            and (not entry.jurisdictions or entry.jurisdictions & jurisdictions)
        ]
        if not owed:
            return []
        said: dict[int, set[int]] = {number: set() for number in owed}
        for sentence in sentences:
            for statement in made_in(sentence):
                owner, number, _ = self._statements[statement]
                if owner in said and sentence.share < self.disclosures[owner].within:
                    said[owner].add(number)
        lacking = {
            entry.id: entry for number in owed if len(said[number]) < (entry := self.disclosures[number]).at_least
        }
        return [entry for entry in lacking.values() if entry.buried not in lacking]
