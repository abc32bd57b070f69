"""Hedge: a verb in its sentence in, the same verb with a hedge in front of it out, or None where it is no plain verb.

There is no parser here. A place is taken for that of a verb only where the words around it leave little doubt; where
they do not, it is better to say nothing than to spoil a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile

from kaudit.model import Span

_WORDS = re.compile(r"\d+(?:[.,]\d+)+|[\w'-]+|[^\w\s]")
_DETERMINERS = frozenset(
    """a an the this these those my your his her its our their any each every no some such more most less very much
    many few all both what which's one two three so too""".split()  # noqa: SIM905
)
_PREPOSITIONS = frozenset(
    """of in on at by for from with without into onto over under about through during after before between against
    within across along among around behind beyond despite like near off out per since than toward towards until up
    upon via while as""".split()  # noqa: SIM905
)
_MODALS = frozenset("will can could would may might shall must should".split())  # noqa: SIM905
_BE = frozenset("is are was were".split())  # noqa: SIM905
_HAVE = frozenset("has have had".split())  # noqa: SIM905
_NO_SUBJECT = (
    _DETERMINERS
    | _PREPOSITIONS
    | _BE
    | _HAVE
    | frozenset("to not be been being do does did let lets make makes get gets only just who i if when how why".split())  # noqa: SIM905
) - {"this", "these", "those", "all", "both", "which's"}
_JOINS = frozenset((",", "and", "or", "&"))
_PLURAL = frozenset("they these those which that all both cells people men women children it".split())  # noqa: SIM905
_PEOPLE = frozenset(
    "you patients clients people users customers men women individuals guests members readers".split()  # noqa: SIM905
)
_HELPED = _PEOPLE | frozenset(("them", "your body", "your brain", "your skin", "the body", "the brain", "the skin"))
_MEANT = frozenset(
    """designed formulated intended meant made created crafted developed built engineered blended used shown known
    proven said believed reported able""".split()  # noqa: SIM905
)
_TRYING = re.compile(r"(?:work|aim|seek|strive|act|serve|promise|go)s?$")
_HELP = {"help": "base", "helps": "s", "helped": "ed", "helping": "ing"}
_BARE = frozenset(_HELP) | frozenset(
    "let lets letting make makes made making see sees saw watch watched hear heard".split()  # noqa: SIM905
)
"""Verbs that take another one without "to": "helped 4,000 parents sleep", where no hedge can stand."""
_REACH = 8
"""How many words in front of a verb are looked through for one of them, as far as the clause goes."""
_ADJECTIVES = frozenset(
    "better clear calm free open slow quiet even smooth steady warm cool level firm light lower dry thin".split()  # noqa: SIM905
)
"""Verbs that are adjectives as often."""
_ADVERBS = frozenset("always often still just now then soon never ever really actually thus once again".split())  # noqa: SIM905
_BEFORE_HEDGE = ("also", "even")
"""Adverbs that follow the hedge at once: "may also, in some people, help"."""
_OPENS_CLAUSE = frozenset((",", "and", "that", "so", ":", ";", "-", "--"))
_BEHIND_A_NOUN = frozenset("of is are was were has have had will can may might".split())  # noqa: SIM905
_CLOSES = _PREPOSITIONS | frozenset(
    "and or but so because that which who when where then even to & if though although plus not".split()  # noqa: SIM905
)
_ANOTHER = re.compile(r"(?:[,;.] |\band |\bor |& )(?:\w+ly )?\w+[^s\W]s\b")
"""What may be another verb beside an -s form."""
FINITE = re.compile(r"(?:may|might|can|is|are|has|have|does|was|were)\b")


@dataclass(frozen=True, slots=True)
class Hedged:
    """What to write, and instead of what."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb at its place in a sentence."""

    span: Span
    form: str
    """One of `inflect.FORM_NAMES`."""
    in_form: Callable[[str], str]
    """The verb to write, in the form that is asked for."""


class Surroundings:
    """A normalised sentence, heading or list item, and what stands around a place in it."""

    def __init__(self, text: str, *, is_prose: bool) -> None:
        self.text = text
        self.is_prose = is_prose
        """Whether it is a sentence rather than a heading or a list item."""
        self._words = [(found.start(), found.group()) for found in _WORDS.finditer(text)]

    def before(self, place: int) -> list[tuple[int, str]]:
        """Return the words and signs before *place* with where they start, the nearest first."""
        return [each for each in reversed(self._words) if each[0] < place]

    def after(self, place: int) -> str:
        """Return the first word or sign from *place* on, or nothing."""
        return next((word for start, word in self._words if start >= place), "")

    def speaks_to(self, place: int) -> bool:
        """Return whether the reader is spoken to from *place* on."""
        return any(word in ("you", "your", "yourself") for start, word in self._words if start >= place)

    def is_closed(self, place: int) -> bool:
        """Return whether no word that belongs to what stands before *place* follows there."""
        following = self.after(place)
        return not following or not following[0].isalnum() or following in _CLOSES

    def takes_verb(self, place: int) -> bool:
        """Return whether a verb such as "may" can follow what stands before *place*."""
        before = self.before(place)
        if not before:
            return not self.is_prose
        word = before[0][1]
        return word[0].isalnum() and word not in _NO_SUBJECT | _MODALS and not word.endswith("ly")


def hedge(verb: Verb, around: Surroundings, limit: str) -> Hedged | None:
    """Return *verb* hedged: "calms" as "may calm", ", calming" as ", possibly calming"; *limit* says in whom.

    *limit* is set between commas, or nothing.
    """
    span = verb.span
    if around.text[span.start - 1 : span.start] == "-" or around.text[span.end : span.end + 1] == "-":
        return None
    following = around.after(span.end)
    if following in _JOINS or (verb.form in ("s", "base") and following in _BEHIND_A_NOUN):
        return None
    before = around.before(span.start)
    words = [word for _, word in before] + [""] * 5
    if words[0] in _ADVERBS:
        return None
    if following in _PEOPLE:
        limit = ""  # they would be named twice
    if words[0] in _JOINS:
        is_clear = verb.form in ("s", "ing") or (verb.form == "base" and around.after(span.end) in _DETERMINERS)
        return Hedged(span, f"possibly{limit} {verb.in_form(verb.form)}") if words[1] and is_clear else None
    match verb.form:
        case "s":
            return _third_person(verb, around, limit, before, words)
        case "base":
            return _base(verb, around, limit, before, words)
        case "ed":
            return _past(verb, around, limit, before, words)
        case _:
            return _participle(verb, limit, before, words)


_Before = list[tuple[int, str]]


def _third_person(verb: Verb, around: Surroundings, limit: str, before: _Before, words: list[str]) -> Hedged | None:
    start, adverb, at = _adverb(verb, before, words)
    word = words[at]
    if not word:
        alone = not around.is_prose and not _ANOTHER.search(around.text, verb.span.end)
        return _may(verb, start, limit, adverb) if alone else None
    if not word[0].isalnum() or word in _NO_SUBJECT | _MODALS | {"i", "we", "they", "you", "these", "those"}:
        return None
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return None  # a noun: "the skin cells boosts"
    if not adverb and _ANOTHER.search(around.text, verb.span.end):
        return Hedged(verb.span, f"possibly{limit} {verb.in_form('s')}")  # "calms the skin and softens it"
    return _may(verb, start, limit, adverb)


def _base(verb: Verb, around: Surroundings, limit: str, before: _Before, words: list[str]) -> Hedged | None:
    start, adverb, at = _adverb(verb, before, words)
    word = words[at]
    if not word:
        return None if around.is_prose or around.speaks_to(verb.span.end) else _may(verb, start, limit, adverb)
    if word == "to" and not adverb:
        return _infinitive(verb, around, limit, before, words)
    if word in _HELP and not adverb:
        return _helping(verb, around, limit, before, 0, "")
    for width in (1, 2):
        helped = " ".join(reversed(words[:width]))
        if helped in _HELPED and words[width] in _HELP and not adverb:
            people = helped in _PEOPLE or helped == "them"
            if people and around.speaks_to(verb.span.end):
                return None
            return _helping(verb, around, "" if people else limit, before, width, "some people" if people else helped)
    if word in _MODALS:
        start, at = before[at][0], at + 1
        if words[at] in _PEOPLE:
            return _people(verb, around, before, words, at, adverb)
        subject = words[at]
        fits = subject[:1].isalnum() and subject not in _NO_SUBJECT | {"we", "i"}
        return _may(verb, start, limit, adverb) if fits else None
    if word in _PEOPLE:
        return _people(verb, around, before, words, at, adverb)
    if verb.span.of(around.text) in _ADJECTIVES:
        return None
    if _depends(words):
        return None
    if word in _PLURAL or (word.endswith("s") and not word.endswith(("ss", "us", "is", "ous"))):
        return _may(verb, start, limit, adverb) if word not in _NO_SUBJECT else None
    return None


def _depends(words: list[str]) -> bool:
    """Return whether a verb behind *words*, the nearest first, depends on one of `_BARE` in its clause."""
    clause = takewhile(lambda word: word and word not in _OPENS_CLAUSE, words[:_REACH])
    return not _BARE.isdisjoint(clause)


def _infinitive(verb: Verb, around: Surroundings, limit: str, before: _Before, words: list[str]) -> Hedged | None:
    head = words[1]
    if head in _HELP:
        return _helping(verb, around, limit, before, 1, "to")
    if head in _MEANT:
        if words[2] in _BE:
            return _may(verb, before[2][0], limit, "") if around.takes_verb(before[2][0]) else None
        noun = words[2][:1].isalpha() and words[2] not in _NO_SUBJECT | _MODALS and not words[2].endswith("ly")
        return Hedged(Span(before[1][0], verb.span.end), f"that {_hedged(verb, limit, '')}") if noun else None
    if _TRYING.match(head) and around.takes_verb(before[1][0]):
        return _may(verb, before[1][0], limit, "")
    if not limit:
        return Hedged(verb.span, f"possibly {verb.in_form('base')}")
    return None


def _helping(verb: Verb, around: Surroundings, limit: str, before: _Before, at: int, between: str) -> Hedged | None:
    """Return "helps" with the *verb* that depends on it hedged."""
    place, word = before[at]
    tail = " ".join(part for part in (between, verb.in_form("base")) if part)
    head = Verb(Span(place, verb.span.end), _HELP[word], lambda form: f"{_help_in(form)} {tail}")
    return hedge(head, around, limit)


def _help_in(form: str) -> str:
    return next(word for word, name in _HELP.items() if name == form)


def _people(verb: Verb, around: Surroundings, before: _Before, words: list[str], at: int, adverb: str) -> Hedged | None:
    """Return "some people may" with the *verb* that people do."""
    if around.speaks_to(verb.span.end):
        return None
    noun = "people" if words[at] == "you" else words[at]
    start = before[at][0]
    while words[at] != "you" and words[at + 1] in ("our", "the", "most", "many", "all", "of", "these", "those"):
        at += 1
        start = before[at][0]
    opens = words[at + 1] in _OPENS_CLAUSE or not words[at + 1]
    return Hedged(Span(start, verb.span.end), f"some {noun} may {adverb}{verb.in_form('base')}") if opens else None


def _past(verb: Verb, around: Surroundings, limit: str, before: _Before, words: list[str]) -> Hedged | None:
    word = words[0]
    span = verb.span
    form = verb.in_form("ed")
    if word in _BE and around.takes_verb(before[0][0]):
        be = "be" if word in ("is", "are") else "have been"
        return Hedged(Span(before[0][0], span.end), f"may{limit} {be} {form}")
    if word in _HAVE and around.takes_verb(before[0][0]):
        return Hedged(Span(before[0][0], span.end), f"may{limit} have {form}")
    active = not around.is_closed(span.end)
    if active and around.takes_verb(span.start) and before and word not in _PEOPLE:
        return Hedged(span, f"may{limit} have {form}")
    return None


def _participle(verb: Verb, limit: str, before: _Before, words: list[str]) -> Hedged | None:
    word = words[0]
    if word in _BE:
        return Hedged(Span(before[0][0], verb.span.end), f"may{limit} be {verb.in_form('ing')}")
    if word in ("by", "of", "through", "while"):
        return Hedged(verb.span, f"possibly{limit} {verb.in_form('ing')}")
    return None


def _adverb(verb: Verb, before: _Before, words: list[str]) -> tuple[int, str, int]:
    """Return where the verb begins with the adverb in front of it, that adverb, and how many words that were."""
    if words[0] in _BEFORE_HEDGE or (words[0].endswith("ly") and len(words[0]) > 4):
        return before[0][0], f"{words[0]} ", 1
    return verb.span.start, "", 0


def _hedged(verb: Verb, limit: str, adverb: str) -> str:
    if adverb.strip() in _BEFORE_HEDGE:
        return f"may {adverb.strip()}{limit} {verb.in_form('base')}"
    return f"may{limit} {adverb}{verb.in_form('base')}"


def _may(verb: Verb, start: int, limit: str, adverb: str) -> Hedged:
    return Hedged(Span(start, verb.span.end), _hedged(verb, limit, adverb))
