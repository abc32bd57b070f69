"""All forms of an English word: "cure" in, cure, cures, cured, curing out.

Only regular forms are made here; irregular ones come from the catalog's `inflections`. Plural, third person, past and
participle are not told apart: a template wants to find them all, and a form that does not exist finds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

VOWELS = frozenset("aeiou")
SIBILANTS = ("s", "x", "z", "ch", "sh")


def forms(word: str, irregular: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return every form of *word*, itself first."""
    known = irregular.get(word)
    made = known if known else (third_person(word), past(word), participle(word))
    return tuple(dict.fromkeys((word, *made)))


def third_person(word: str) -> str:
    """Return the -s form, of verb and noun alike: cures, relieves, remedies."""
    if word.endswith("y") and word[-2:-1] not in VOWELS:
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(SIBILANTS) else "s")


def past(word: str) -> str:
    """Return the -ed form: cured, remedied, stopped."""
    if word.endswith("e"):
        return word + "d"
    if word.endswith("y") and word[-2:-1] not in VOWELS:
        return word[:-1] + "ied"
    return _doubled(word) + "ed"


def participle(word: str) -> str:
    """Return the -ing form: curing, remedying, stopping."""
    if word.endswith("ie"):
        return word[:-2] + "ying"
    if word.endswith("e") and not word.endswith(("ee", "oe", "ye")):
        return word[:-1] + "ing"
    return _doubled(word) + "ing"


def _doubled(word: str) -> str:
    """Return *word* with its last consonant twice, where one short syllable ends in just one: stop, stopp."""
    ends = word[-3:]
    closed = len(ends) == 3 and ends[0] not in VOWELS and ends[1] in VOWELS and ends[2] not in "aeiouwxy"
    return word + word[-1] if closed and sum(letter in VOWELS for letter in word) == 1 else word


_PRESENT = {"is": "be", "are": "be", "am": "be", "has": "have", "does": "do", "goes": "go"}


def plain_form(word: str) -> str:
    """Return *word* without the -s of plural and third person, be it a word or not: cure for cures, be for is."""
    if word in _PRESENT:
        return _PRESENT[word]
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("sses", "xes", "zzes", "ches", "shes")) else word[:-1]


FORM_NAMES = ("base", "s", "ed", "ing")


def form_of(word: str, base: str, irregular: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return which form of the verb *base* the *word* is: one of FORM_NAMES, or None when it is none of them."""
    if word == base:
        return "base"
    if word not in forms(base, irregular):
        return None
    if word.endswith("ing"):
        return "ing"
    return "s" if word.endswith("s") and not base.endswith("s") else "ed"


def in_form(base: str, form: str, irregular: Mapping[str, tuple[str, ...]]) -> str:
    """Return the verb *base* in *form*, one of FORM_NAMES."""
    if form == "base":
        return base
    known = irregular.get(base, ())
    if form == "ing":
        return next((word for word in known if word.endswith("ing")), participle(base))
    if form == "s":
        return next((word for word in known if word.endswith("s")), third_person(base))
    rest = [word for word in known if not word.endswith(("s", "ing"))]
    return rest[0] if rest else past(base)


def base_of(word: str, irregular: Mapping[str, tuple[str, ...]]) -> str:
    """Return the verb of which *word* is the -s form: relieve for relieves, press for presses."""
    known = next((base for base, made in irregular.items() if word in made and word.endswith("s")), None)
    if known:
        return known
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("sses", "xes", "zzes", "ches", "shes")) else word[:-1]
