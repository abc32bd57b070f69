"""Tone: the words of a document and the claims in it in, whether it sells something out.

Copy that sells and text that informs use different words: "our clinic", "book today" and "glowing" against "placebo",
"your doctor" and "however". Each phrase of the catalog's `tone` adds its points, each claim adds some, a grave one more
than a slight one, and their sum per hundred words decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from kaudit.catalog.alphabet import BREAK
from kaudit.model import Severity
from kaudit.search import phrase_search

CLAIM_POINTS = {Severity.LOW: 2.0, Severity.MEDIUM: 4.0, Severity.HIGH: 8.0, Severity.CRITICAL: 8.0}
"""What a sentence that makes a claim adds: sound text makes slight ones as well, and seldom a grave one."""
ENOUGH = 4.0
"""Points per hundred words from which a document sells."""
SHORT = 100
"""A shorter document sells from ENOUGH_OF_SHORT points on: more than those of a lone claim."""
ENOUGH_OF_SHORT = 8.1
MANY = 6
"""How many sentences with grave claims sell in any tone: a long article that sells informs as well."""
SHORTEST = 75
"""A shorter document is measured as one of so many words."""
LINE = 40
"""A shorter document is a line or two out of a page, whose tone cannot be heard."""
NEUTRAL = -1
"""Points of a line from which it does not inform."""
PLAIN = 0.0
"""Points per hundred words, those of claims that count everywhere among them, from which a document may sell by its
tone alone."""
TELLING = 3.0
"""Rare words of promotional rules per hundred words from which it may sell whatever its tone."""
HEALTH = 2.5
"""Words on health per hundred words from which a document is on health."""
PLAINEST = -4.0
"""Points per hundred words from which a document may sell that is not: films, books and cars are praised as well."""


@dataclass(frozen=True)
class Tone:
    """What the words of a document say of it."""

    words: int
    """How many there are; at least `SHORTEST`."""
    points: int
    """Of the phrases in it."""
    health: int = 0
    """How often it names what texts on health speak of."""
    is_line: bool = False
    """Whether it is too short for a tone."""
    count_telling: Callable[[], int] = lambda: 0
    """Tells `telling`, which few documents are asked for."""

    @cached_property
    def telling(self) -> int:
        """How often a rare word of promotional rules stands in it."""
        return self.count_telling()

    @property
    def is_bare(self) -> bool:
        """Whether it is a line that does not inform, so that a figure, an assurance or a grave claim stands bare."""
        return self.is_line and self.points >= NEUTRAL

    def may_sell(self, claims: Iterable[Severity]) -> bool:
        """Return whether it is worth looking for promotional claims, from the *claims* that count everywhere.

        Where the tone speaks against it, and hardly any word that promotional claims are made of is there, they could
        not outweigh the tone; in a text on anything but health nor do many such words outweigh a tone that is clear.
        """
        points = self.points + _points_of(claims)
        if self.is_bare or 100 * points >= PLAIN * self.words:
            return True
        if 100 * self.health < HEALTH * self.words and 100 * points < PLAINEST * self.words:
            return False
        return 100 * self.telling >= TELLING * self.words

    def sells(self, claims: Iterable[Severity]) -> bool:
        """Return whether the document sells, from its phrases and all its *claims*."""
        made = list(claims)
        if sum(severity >= Severity.HIGH for severity in made) >= MANY:
            return True
        points = self.points + _points_of(made)
        if self.is_bare and any(severity >= Severity.HIGH for severity in made):
            return True
        return 100 * points >= ENOUGH * self.words and (self.words >= SHORT or points >= ENOUGH_OF_SHORT)


def _points_of(claims: Iterable[Severity]) -> float:
    return sum(map(CLAIM_POINTS.__getitem__, claims))


class ToneMeter:
    """The phrases of a catalog's `tone`, its *telling* words and those on *health*, ready to be looked for."""

    def __init__(self, points: Mapping[str, int], telling: Iterable[str] = (), health: Iterable[str] = ()) -> None:
        is_health = dict.fromkeys(health)
        phrases = list({**dict.fromkeys(points), **is_health})
        self._points = [*points.values(), *[0] * (len(phrases) - len(points))]
        self._is_health = [phrase in is_health for phrase in phrases]
        self._search = phrase_search(phrases)
        self._search_telling = phrase_search(list(telling))

    def measure(self, words: bytes) -> Tone:
        """Return the tone of a document with these *words*, as `gate` gives them, passages apart by a BREAK."""
        found = [number for number, _ in self._search(words)]
        said = words.count(b" ") - 1 - words.count(BREAK.encode())
        return Tone(
            max(said, SHORTEST),
            sum(map(self._points.__getitem__, found)),
            sum(map(self._is_health.__getitem__, found)),
            said < LINE,
            lambda: len(self._search_telling(words)),
        )
