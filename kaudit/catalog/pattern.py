"""A template's tree in, a regular expression on normalised text out, in parts to be joined for a document.

Word lists become prefix trees, so that a list of a thousand words costs about as much as its longest one; gaps and
joints exclude each other's characters, so that nothing is tried twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from kaudit.catalog.alphabet import GAP_JOINT, JOINT, SIGNS, WORD, gate
from kaudit.catalog.template import (
    Choice,
    Edge,
    Gap,
    Lexicon,
    Node,
    Number,
    Optional,
    Raw,
    Sequence,
    Sign,
    Slot,
    Word,
    expand,
)

MAX_PHRASES = 20_000
NEVER = "(?!)"
"""Matches nothing."""
DIGITS = r"\b\d++(?:[.,]\d++)*+(?:k|m)?\b"


_REFERENCE = "\0"


class PatternWriter:
    """Writes patterns; a lexicon is written once and shared by all patterns that use it."""

    def __init__(self) -> None:
        self._lexicons: dict[str, PhraseList] = {}

    def write(self, tree: Sequence) -> Parts:
        """Return a regular expression for *tree* in parts: text, and lists that vary with the document."""
        return self._parts(self._sequence(tree.nodes))

    def _parts(self, source: str) -> Parts:
        parts = source.split(_REFERENCE)
        return tuple(self._lexicons[part] if at % 2 else part for at, part in enumerate(parts) if part)

    def _sequence(self, nodes: tuple[Node, ...]) -> str:
        written: list[str] = []
        joint = ""
        for node in nodes:
            match node:
                case Gap():
                    written.append(self._gap(node))
                    joint = GAP_JOINT
                case Slot(name, Gap() as gap):
                    written.append(
                        f"{GAP_JOINT}(?P<{name}>{WORD}{self._more_words(gap)})"
                        if gap.least
                        else f"(?:{GAP_JOINT}(?P<{name}>{WORD}{self._more_words(gap)}))??"
                    )
                    joint = GAP_JOINT
                case Edge(at_start):
                    written.append(r"\A\W*" if at_start else r"(?=\W*\Z)")
                case Optional(inner):
                    body = self._node(inner)
                    written.append(f"(?:{joint}{body})?" if joint else f"(?:{body}{JOINT})?")
                case _:
                    written.append(joint + self._node(node))
                    joint = JOINT
        return "".join(written)

    @staticmethod
    def _gap(gap: Gap) -> str:
        return f"(?:{GAP_JOINT}{WORD}){{{gap.least},{gap.most}}}?"

    @staticmethod
    def _more_words(gap: Gap) -> str:
        return f"(?:{GAP_JOINT}{WORD}){{{max(gap.least - 1, 0)},{gap.most - 1}}}?"

    def _node(self, node: Node) -> str:
        match node:
            case Word(forms):
                return phrases_pattern(forms)
            case Sign(text):
                return re.escape(text)
            case Number(words):
                spelled = phrases_pattern(words) if words else ""
                return f"(?:{DIGITS}|{spelled}(?:[ -](?:and )?{spelled}){{0,4}})" if spelled else DIGITS
            case Raw(source):
                return f"(?:{source})"
            case Slot(name, inner):
                return f"(?P<{name}>{self._node(inner)})"
            case Lexicon(name, entries):
                if name not in self._lexicons:
                    phrases, others = self._split(entries)
                    self._lexicons[name] = PhraseList(tuple(phrases), tuple(map(self._parts, others)))
                return f"{_REFERENCE}{name}{_REFERENCE}"
            case Choice(branches):
                return self._branches(branches)
            case Sequence(nodes):
                return f"(?:{self._sequence(nodes)})"
            case Optional() | Gap() | Edge():
                return f"(?:{self._sequence((node,))})"

    def _branches(self, branches: tuple[Sequence, ...]) -> str:
        phrases, others = self._split(branches)
        if phrases:
            others.append(phrases_pattern(phrases))
        return others[0] if len(others) == 1 else f"(?:{'|'.join(others)})"

    def _split(self, branches: tuple[Sequence, ...]) -> tuple[list[str], list[str]]:
        """Return the phrases of those branches that have a list of them, and the sources of the others."""
        phrases: dict[str, None] = {}
        others: list[str] = []
        for branch in branches:
            found = expand(branch, MAX_PHRASES)
            if found is None:
                others.append(self._sequence(branch.nodes))
            else:
                phrases.update(dict.fromkeys(phrase for phrase in found if phrase))
        return list(phrases), others


@dataclass(frozen=True, slots=True, eq=False)
class PhraseList:
    """A lexicon in a pattern: any of its phrases, or of the patterns of entries that are no phrases.

    Kept apart from the pattern, because of hundreds of phrases a document holds a few: written out in full it costs
    tens of milliseconds to compile, with those few less than one.
    """

    phrases: tuple[str, ...]
    others: tuple[Parts, ...]


Parts: TypeAlias = "tuple[str | PhraseList, ...]"


def phrases_in(listed: PhraseList, words: frozenset[str]) -> list[str]:
    """Return those phrases of *listed* whose words all stand in a text with these *words*."""
    found: list[str] = []
    index = _index(listed)
    for word in index.keys() & words if len(index) < len(words) else words & index.keys():
        found.extend(phrase for phrase, rest in index[word] if rest <= words)
    return found


@lru_cache(maxsize=4_000)
def _index(listed: PhraseList) -> dict[str, list[tuple[str, frozenset[str]]]]:
    """Return the phrases of *listed* by their first word, each with its other words."""
    index: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for phrase in listed.phrases:
        first, *rest = gate(phrase).decode("ascii").split()
        index.setdefault(first, []).append((phrase, frozenset(rest)))
    return index


def source_of(parts: Parts, chosen: Callable[[PhraseList], Iterable[str]]) -> str:
    """Return the regular expression of *parts*, each list cut down to its *chosen* phrases."""
    written: list[str] = []
    for part in parts:
        if isinstance(part, str):
            written.append(part)
            continue
        branches = [source_of(other, chosen) for other in part.others]
        phrases = chosen(part)
        if phrases:
            branches.append(phrases_pattern(phrases))
        written.append(branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})" if branches else NEVER)
    return "".join(written)


def phrases_pattern(phrases: Iterable[str]) -> str:
    """Return a pattern for any of *phrases*, longer ones first where one begins another."""
    kinds: dict[tuple[bool, bool], list[str]] = {}
    for phrase in phrases:
        kinds.setdefault((phrase[0].isalnum(), phrase[-1].isalnum()), []).append(phrase)
    written = []
    for (word_first, word_last), group in kinds.items():
        body = _trie_pattern(group)
        guard = r"\b(?!'t)" if any(phrase.endswith("n") for phrase in group) else r"\b"
        written.append((r"\b" if word_first else "") + body + (guard if word_last else ""))
    return written[0] if len(written) == 1 else f"(?:{'|'.join(written)})"


_Trie: TypeAlias = "dict[str, _Trie]"
_BLANK_BEFORE_SIGN = re.compile(f" (?=[{re.escape(SIGNS)}])")
_TO_SIGN = "\0"


def _trie_pattern(phrases: list[str]) -> str:
    root: _Trie = {}
    for phrase in phrases:
        node = root
        for letter in _BLANK_BEFORE_SIGN.sub(_TO_SIGN, phrase):
            node = node.setdefault(letter, {})
        node[""] = {}
    return _branch_pattern(root, nested=True)


def _branch_pattern(node: _Trie, *, nested: bool) -> str:
    letters = sorted(letter for letter in node if letter)
    branches: list[str] = []
    single: list[str] = []
    for letter in letters:
        rest = _branch_pattern(node[letter], nested=False)
        written = {" ": JOINT + r"\b", _TO_SIGN: JOINT}.get(letter) or re.escape(letter)
        if rest:
            branches.append(written + rest)
        else:
            single.append(written)
    if single:
        branches.append(single[0] if len(single) == 1 else f"[{''.join(single)}]")
    if not branches:
        return ""
    ends_here = "" in node
    if len(branches) == 1 and not ends_here:
        return f"(?:{branches[0]})" if nested else branches[0]
    return f"(?:{'|'.join(branches)})" + ("?" if ends_here else "")
