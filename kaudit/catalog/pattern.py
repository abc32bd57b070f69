"""A template's tree in; out comes the same tree with its lists of phrases written out, or a regular expression for it.

The regular expression says what a template means on normalised text. Only patterns that people wrote in part are
searched with it (search.py); the others are fitted to the words of a sentence (fitter.py), which finds the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

from kaudit.catalog.alphabet import DIGITS, GAP_JOINT, JOINT, SIGNS, WORD
from kaudit.catalog.template import (
    Choice,
    Edge,
    Expansions,
    Gap,
    Lexicon,
    Listed,
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
MAX_ALL_PHRASES = 600_000
"""How many phrases the lists of all templates of a catalog may come to."""
NEVER = "(?!)"
"""Matches nothing."""


class TreeWriter:
    """Writes out lexicons and choices as lists of phrases; a lexicon once, shared by all trees that use it."""

    def __init__(self) -> None:
        self._lexicons: dict[str, Listed] = {}
        self._expansions: Expansions = {}
        self.phrases = 0
        """How many have been written out."""

    def write(self, tree: Sequence) -> Sequence:
        """Return *tree* with its lexicons and choices written out.

        A gap behind nothing but what is optional is part of that: `very? <0-2> safe` is `(very <0-2>)? safe`.
        """
        nodes: list[Node] = []
        for node in map(self._node, tree.nodes):
            match node, nodes[-1:]:
                case ((Gap() | Slot(_, Gap())), [Optional(inner)]) if all(isinstance(one, Optional) for one in nodes):
                    nodes[-1] = Optional(Sequence((inner, node)))
                case _:
                    nodes.append(node)
        return Sequence(tuple(nodes))

    def _node(self, node: Node) -> Node:
        match node:
            case Lexicon(name, entries):
                if name not in self._lexicons:
                    self._lexicons[name] = self._listed(entries)
                return self._lexicons[name]
            case Choice(branches):
                return self._listed(branches)
            case Slot(name, inner):
                return Slot(name, self._node(inner))
            case Optional(inner):
                return Optional(self._node(inner))
            case Sequence():
                return self.write(node)
            case _:
                return node

    def _listed(self, branches: Iterable[Sequence]) -> Listed:
        phrases: dict[str, None] = {}
        others: list[Sequence] = []
        for branch in branches:
            found = expand(branch, MAX_PHRASES, self._expansions)
            if found is None:
                others.append(self.write(branch))
            else:
                phrases.update(dict.fromkeys(phrase for phrase in found if phrase))
        self.phrases += len(phrases)
        return Listed(tuple(phrases), tuple(others))


def regex_of(tree: Sequence) -> str:
    """Return the regular expression that a written-out *tree* stands for."""
    return _sequence(tree.nodes)


def _sequence(nodes: tuple[Node, ...]) -> str:
    written: list[str] = []
    joint = ""
    for node in nodes:
        match node:
            case Gap():
                written.append(_gap(node))
                joint = GAP_JOINT
            case Slot(name, Gap() as gap):
                written.append(
                    f"{GAP_JOINT}(?P<{name}>{WORD}{_more_words(gap)})"
                    if gap.least
                    else f"(?:{GAP_JOINT}(?P<{name}>{WORD}{_more_words(gap)}))??"
                )
                joint = GAP_JOINT
            case Edge(at_start):
                written.append(r"\A\W*" if at_start else r"(?=\W*\Z)")
            case Optional(inner):
                body = _node(inner)
                written.append(f"(?:{joint}{body})?" if joint else f"(?:{body}{JOINT})?")
            case _:
                written.append(joint + _node(node))
                joint = JOINT
    return "".join(written)


def _gap(gap: Gap) -> str:
    return f"(?:{GAP_JOINT}{WORD}){{{gap.least},{gap.most}}}?"


def _more_words(gap: Gap) -> str:
    return f"(?:{GAP_JOINT}{WORD}){{{max(gap.least - 1, 0)},{gap.most - 1}}}?"


def _node(node: Node) -> str:
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
            return f"(?P<{name}>{_node(inner)})"
        case Listed(phrases, others):
            branches = [_sequence(other.nodes) for other in others]
            if phrases:
                branches.append(phrases_pattern(phrases))
            return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})" if branches else NEVER
        case Sequence(nodes):
            return f"(?:{_sequence(nodes)})"
        case Optional() | Gap() | Edge():
            return f"(?:{_sequence((node,))})"
        case Lexicon() | Choice():
            return _node(TreeWriter().write(Sequence((node,))).nodes[0])


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
