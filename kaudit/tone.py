"""Tone: the words of a document and the claims in it in, whether it sells something out.

Copy that sells and text that informs use different words: "our clinic", "book today" and "glowing" against "placebo",
"your doctor" and "however". Each phrase of the catalog's `tone` adds its points, each claim adds some, and their sum
per hundred words decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kaudit.model import Confidence
from kaudit.search import phrase_search

CLAIM_POINTS = {Confidence.HIGH: 3.0, Confidence.MEDIUM: 1.5, Confidence.LOW: 0.0}
"""What one claim adds: a sure one more than one that sound text could hold too."""
ENOUGH = 3.5
"""Points per hundred words from which a document sells."""
SHORTEST = 25
"""A shorter document is measured as one of so many words, since a phrase or two says little about its tone."""


class ToneMeter:
    """The phrases of a catalog's `tone`, ready to be looked for."""

    def __init__(self, points: Mapping[str, int]) -> None:
        self._points = tuple(points.values())
        self._search = phrase_search(list(points))

    def sells(self, passages: Iterable[bytes], claims: Iterable[Confidence]) -> bool:
        """Return whether a document sells, from the words of its *passages* (as `gate` gives them) and its *claims*."""
        words = b"".join(passages)
        points = sum(map(CLAIM_POINTS.__getitem__, claims))
        points += sum(self._points[number] for number, _ in self._search(words))
        return 100 * points >= ENOUGH * max(len(words.split()), SHORTEST)
