"""Cues: phrases that say how the words near them are meant, compiled so that one pass finds all of a sentence.

A cue is looked up by its words, the longest phrase first, so that "not only" hides the "not" in it. What is found means
nothing yet: see judge.py.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypedDict

from kaudit.model import Span

TOKEN = re.compile(r"""[a-z_]\w*(?:'\w+)*|\d[\w,.]*\w|\d|(?<=\s)-+(?=\s)|--+|\.\.+|[^\s\w"'.-]""")
"""A word or a clause mark of normalised text; quote marks, full stops and the hyphens in words are neither."""

OPENS = "^"
"""Marks the phrases that count only where a question, or a sentence after one, opens."""
ABOVE = "^^"
"""Marks the phrases that count only in a heading."""
_CLAUSE_MARKS = (";", ")", "?", "!", "-", "--", "..", "...")


class CueType(enum.StrEnum):
    """What a cue says about the words in its scope."""

    NEGATION = "negation"
    PSEUDO = "pseudo"
    """Looks like another cue and is none; hides it."""
    HEDGE = "hedge"
    CONDITION = "condition"
    """Supposed, wished or guessed; recorded, changes nothing."""
    LIMIT = "limit"
    BOOSTER = "booster"
    QUESTION = "question"
    """Opens a question; in a heading even without its mark."""
    WH = "wh"
    """Opens a question that needs its mark: "what", "which"."""
    INDIRECT = "indirect"
    """Opens a question within a statement: "ask whether"."""
    PRESUPPOSING = "presupposing"
    """Opens a question that takes its own words for granted."""
    CRITICISM = "criticism"
    WARNING = "warning"
    RISK = "risk"
    SOURCE = "source"
    COMPARATOR = "comparator"
    POPULATION = "population"
    """Who was studied."""
    SAMPLE = "sample"
    """How many they were."""
    OUTCOME = "outcome"
    """What was measured, and how."""
    TIME = "time"
    """After how long."""
    VULNERABLE = "vulnerable"
    WIDER = "wider"
    """Makes a claim say more; no severity changes, but a baseline knows that a claim without it is no stronger."""
    NARROWER = "narrower"
    """Makes it say less; a baseline knows that a claim with it is no stronger."""
    NO = "no"
    """An answer in the next sentence."""
    YES = "yes"
    REBUTTAL = "rebuttal"
    """A next sentence that takes the statement back."""
    HEADING = "heading"
    """Heads a list of things not to be believed."""
    END = "end"
    """Ends the scope of any cue."""


_PREFIXES = {
    **dict.fromkeys(
        (CueType.QUESTION, CueType.WH, CueType.PRESUPPOSING, CueType.NO, CueType.YES, CueType.REBUTTAL), f"{OPENS} "
    ),
    CueType.HEADING: f"{ABOVE} ",
}


class Direction(enum.StrEnum):
    """On which side of a cue its scope lies."""

    FORWARD = "forward"
    BACKWARD = "backward"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class CueEntry:
    """An entry of `cues`, its words expanded."""

    type: CueType
    phrases: tuple[str, ...]
    """Plain phrases; one between slashes is a regular expression."""
    direction: Direction = Direction.FORWARD
    reach: int | None = None
    """At most so many words between cue and match; None: anywhere in the sentence."""
    ends: tuple[str, ...] = ()
    """Phrases that end the scope, besides those of type END; a comma between the items of a list does not."""
    flips: bool = False
    """Whether a negation in the scope is taken back: "it is a myth that it does not work"."""
    two_edged: bool = False
    """Whether its words take from some claims and add to others: "for months", "in clinical trials"."""
    stands_for: str = ""
    """The word that a baseline takes all of its words for, because one says no more than another."""
    timed: bool = False
    """Whether its regular expressions need a time limit."""


@dataclass(frozen=True, slots=True)
class CueKind:
    """What all the phrases of an entry share."""

    type: CueType
    direction: Direction
    reach: int | None
    flips: bool
    two_edged: bool = False
    stands_for: str = ""


@dataclass(frozen=True)
class Mark:
    """A cue that is a regular expression, compiled for the first text that may hold it."""

    source: str
    kind: int
    timed: bool = False
    """Whether it comes from a catalog of the user's own, so that it needs a time limit."""

    @cached_property
    def needs_digit(self) -> bool:
        """Whether only a text with a digit can hold it."""
        return r"\d" in self.source

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(self.source)

    @cached_property
    def _timed_pattern(self) -> Any:
        import regex

        return regex.compile(self.source)

    def spans(self, text: str) -> list[Span]:
        """Return where it stands in the text of a sentence; raises SlowCueError."""
        if not self.timed:
            return [Span(*found.span()) for found in self._pattern.finditer(text)]
        try:
            return [Span(*found.span()) for found in self._timed_pattern.finditer(text, timeout=MARK_SECONDS)]
        except TimeoutError as error:
            raise SlowCueError(self) from error


MARK_SECONDS = 0.05
"""How long a cue of a user's own that is a regular expression may take on one sentence."""


class SlowCueError(Exception):
    """A cue took too long on a sentence."""

    def __init__(self, mark: Mark) -> None:
        super().__init__(f"the cue /{mark.source}/ takes over {MARK_SECONDS} s on one sentence")
        self.mark = mark


class CuesJson(TypedDict):
    """Compiled cues, for the cache."""

    kinds: list[tuple[str, str, int | None, bool, bool, str]]
    phrases: dict[str, int]
    stops: dict[str, list[int]]
    marks: list[tuple[str, int, bool]]
    widths: dict[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Cues:
    """All cues of a catalog, by their words."""

    kinds: tuple[CueKind, ...]
    phrases: Mapping[str, int]
    """Words apart by single blanks -> index in *kinds*."""
    widths: Mapping[str, tuple[int, ...]]
    """First word -> numbers of words of the phrases that begin with it, largest first."""
    stops: Mapping[str, frozenset[int]]
    """Phrases that end a scope -> the kinds that they end."""
    stop_widths: Mapping[str, tuple[int, ...]]
    marks: tuple[Mark, ...]
    """What is no phrase: reference marks, numbers of people."""

    @classmethod
    def build(cls, entries: Iterable[CueEntry]) -> Cues:
        """Return the table of *entries*; of two equal phrases the later one counts."""
        kinds: list[CueKind] = []
        phrases: dict[str, int] = {}
        stops: dict[str, set[int]] = {}
        marks: list[tuple[str, int, bool]] = []
        common = list(_CLAUSE_MARKS)
        for entry in entries:
            if entry.type is CueType.END:
                common += [_key(phrase) for phrase in entry.phrases]
                continue
            kind = len(kinds)
            kinds.append(
                CueKind(entry.type, entry.direction, entry.reach, entry.flips, entry.two_edged, entry.stands_for)
            )
            prefix = _PREFIXES.get(entry.type, "")
            for phrase in entry.phrases:
                if len(phrase) > 1 and phrase[0] == phrase[-1] == "/":
                    marks.append((phrase[1:-1], kind, entry.timed))
                else:
                    phrases[prefix + _key(phrase)] = kind
            for phrase in entry.ends:
                stops.setdefault(_key(phrase), set()).add(kind)
        for phrase in common:
            stops[phrase] = set(range(len(kinds)))
        return cls._make(tuple(kinds), phrases, {phrase: frozenset(of) for phrase, of in stops.items()}, marks)

    @classmethod
    def from_json(cls, value: CuesJson) -> Cues:
        """Return what `to_json` was made of."""
        kinds = tuple(
            CueKind(CueType(kind), Direction(direction), reach, flips, two_edged, stands_for)
            for kind, direction, reach, flips, two_edged, stands_for in value["kinds"]
        )
        stops = {phrase: frozenset(of) for phrase, of in value["stops"].items()}
        return cls._make(kinds, value["phrases"], stops, value["marks"], value["widths"])

    def without(self, mark: Mark) -> Cues:
        """Return all but *mark*."""
        return replace(self, marks=tuple(other for other in self.marks if other is not mark))

    def to_json(self) -> CuesJson:
        """Return the table as strings, numbers, lists and dicts."""
        return {
            "kinds": [
                (str(kind.type), str(kind.direction), kind.reach, kind.flips, kind.two_edged, kind.stands_for)
                for kind in self.kinds
            ],
            "phrases": dict(self.phrases),
            "stops": {phrase: sorted(of) for phrase, of in self.stops.items()},
            "marks": [(mark.source, mark.kind, mark.timed) for mark in self.marks],
            "widths": dict(self.widths),
        }

    @classmethod
    def _make(
        cls,
        kinds: tuple[CueKind, ...],
        phrases: Mapping[str, int],
        stops: Mapping[str, frozenset[int]],
        marks: Iterable[tuple[str, int, bool]],
        widths: Mapping[str, tuple[int, ...]] | None = None,
    ) -> Cues:
        listed = tuple(Mark(*mark) for mark in marks)
        return cls(kinds, phrases, widths or _widths(phrases), stops, _widths(stops), listed)


def _key(phrase: str) -> str:
    return " ".join(TOKEN.findall(f" {phrase} "))


def _widths(phrases: Iterable[str]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for phrase in phrases:
        first, *rest = phrase.split(" ")
        found.setdefault(first, set()).add(1 + len(rest))
    return {first: tuple(sorted(widths, reverse=True)) for first, widths in found.items()}
