"""The claim grammar: a template as written in, a tree of nodes out; the language is taught in docs/catalog.md.

A node says what may stand in the text, nothing of how it is searched: see pattern.py (regular expressions) and
anchors.py (the words that every match contains).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from kaudit.catalog import inflect

MAX_GAP = 12
MAX_GAPS = 3
MAX_DEPTH = 12
MAX_LENGTH = 2_000
MAX_WORDS = 100
"""How many words a template or an entry of a list may come to, with the most that lists and gaps in it hold."""
MAX_LISTS = 20
"""How deep lists may name each other."""
MAX_STEPS = 1_000
"""How many parts a template may come to, with the parts of the lists in it that are no lists of phrases."""
MAX_RAW_SIZE = 100_000
"""How long a regular expression may be once its counted repeats are written out, which engines do."""
SIGNS = "%#$&+,:!"
NUMBER = "number"
NUMBER_WORDS = "number_word"


class TemplateError(ValueError):
    """A template is wrong; *column* counts from 0 in the template."""

    def __init__(self, column: int, message: str) -> None:
        super().__init__(message)
        self.column = column
        self.message = message


@dataclass(frozen=True, slots=True)
class Word:
    """One word, in each of its *forms*."""

    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign, such as the per cent sign."""

    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number in digits or in *words*, which may be joined: twenty-five."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """From *least* to *most* words of any kind."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Raw:
    """A regular expression as written."""

    source: str


@dataclass(frozen=True, slots=True)
class Edge:
    """The start or the end of a sentence, heading or item."""

    at_start: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Any entry of a list; the entries are shared, not copied."""

    name: str
    entries: tuple[Sequence, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several branches."""

    branches: tuple[Sequence, ...]


@dataclass(frozen=True, slots=True)
class Optional:
    """With or without."""

    node: Node


@dataclass(frozen=True, slots=True)
class Slot:
    """A node whose words are remembered under a name."""

    name: str
    node: Node


@dataclass(frozen=True, slots=True)
class Sequence:
    """Nodes one after the other."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """What a lexicon or a choice comes down to: phrases, and what is no list of phrases. Shared, equal to itself."""

    phrases: tuple[str, ...]
    others: tuple[Sequence, ...]
    """Tried before the phrases, in this order."""


Node = Word | Sign | Number | Gap | Raw | Edge | Lexicon | Choice | Listed | Optional | Slot | Sequence

TOKEN = re.compile(
    r"""(?P<blank>[\s-]+)
      | <(?:(?P<gap_slot>[a-z]\w*):)?(?P<least>\d+)-(?P<most>\d+)>
      | \{(?P<slot_open>[a-z]\w*):(?=\()
      | (?P<brace>\})
      | \{(?:(?P<slot>[a-z]\w*):)?(?P<name>[a-z]\w*)\}
      | (?P<open>\()
      | (?P<bar>\|)
      | (?P<close>\))
      | (?P<optional>\?)
      | (?P<tilde>~)
      | (?P<start>\^)
      | (?P<end>\$end\b)
      | /(?P<raw>(?:[^/\\]|\\.)+)/
      | (?P<word>[A-Za-z0-9](?:[A-Za-z0-9']*[A-Za-z0-9])?'?)
      | (?P<sign>["""
    + re.escape(SIGNS)
    + r"""])
    """,
    re.VERBOSE,
)

_COUNTED = re.compile(r"\{(?P<least>\d*)(?:,(?P<most>\d*))?\}")

SIMPLE = re.compile(r"(?P<words>[A-Za-z0-9]+(?:[ -][A-Za-z0-9]+){0,9})(?P<tilde>~?)")
"""What most lexicon entries are: plain words."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """What templates may refer to: lexicons by name, irregular forms by word."""

    lexicons: Mapping[str, Lexicon]
    irregular: Mapping[str, tuple[str, ...]]


def parse(text: str, grammar: Grammar, *, finite: bool = False) -> Sequence:
    """Return the tree of a template; *finite* (lexicon entries, cues) allows no gaps, slots, edges or raw patterns.

    Raises:
        TemplateError: at the place of the first mistake.
    """
    simple = SIMPLE.fullmatch(text)
    if simple:
        words = [Word((word,)) for word in simple["words"].lower().replace("-", " ").split()]
        last = Word(inflect.forms(words[-1].forms[0], grammar.irregular)) if simple["tilde"] else words[-1]
        return Sequence((*words[:-1], last))
    if len(text) > MAX_LENGTH:
        raise TemplateError(MAX_LENGTH, f"a template has at most {MAX_LENGTH} characters; split it")
    parser = _Parser(text, grammar, finite)
    tree = parser.branch_list(0)
    if parser.gaps > MAX_GAPS:
        raise TemplateError(0, f"{parser.gaps} gaps in one template; at most {MAX_GAPS}: write two templates")
    return tree


class _Parser:
    """Recursive descent over the tokens of one template."""

    def __init__(self, text: str, grammar: Grammar, finite: bool) -> None:
        self.text = text
        self.grammar = grammar
        self.finite = finite
        self.gaps = 0
        self.slots: set[str] = set()
        self.tokens = list(self._tokens())
        self.at = 0

    def _tokens(self) -> Iterator[re.Match[str]]:
        place = 0
        while place < len(self.text):
            token = TOKEN.match(self.text, place)
            if token is None:
                raise TemplateError(place, self._misread(place))
            place = token.end()
            if token.lastgroup != "blank":
                yield token

    def _misread(self, place: int) -> str:
        sign = self.text[place]
        if sign == "{":
            return "a lexicon is written {name} or {slot:name}, in lower case"
        if sign == "<":
            return "a gap is written <0-3>: the fewest and the most words that may stand between"
        if sign == "/":
            return "a raw pattern ends with a slash: /…/"
        if sign.isalpha():
            return f"templates are written in plain ASCII, which finds accented letters too: not {sign!r}"
        return f"{sign!r} cannot stand in a template; words, {SIGNS} and the signs of docs/catalog.md can, or use /…/"

    def branch_list(self, depth: int) -> Sequence:
        """Parse branches up to the closing bracket or the end."""
        branches = [self.sequence(depth)]
        while self.at < len(self.tokens) and self.tokens[self.at].lastgroup == "bar":
            self.at += 1
            branches.append(self.sequence(depth))
        if len(branches) == 1:
            return branches[0]
        return Sequence((Choice(tuple(branches)),))

    def sequence(self, depth: int) -> Sequence:
        """Parse nodes up to a bar, a closing bracket or the end."""
        nodes: list[Node] = []
        begin = self.tokens[self.at].start() if self.at < len(self.tokens) else len(self.text)
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            kind = token.lastgroup
            if kind == "bar":
                break
            if kind == "close":
                if depth == 0:
                    raise TemplateError(token.start(), "this ) closes nothing; add the ( or drop it")
                break
            self.at += 1
            if kind in ("optional", "tilde"):
                if not nodes:
                    raise TemplateError(token.start(), f"{token.group()} follows the word or bracket that it is about")
                nodes.append(self._after(nodes.pop(), token))
            else:
                nodes.append(self._node(token, depth))
        if not nodes:
            raise TemplateError(begin, "a branch is empty; make the bracket optional instead: (a|b)?")
        if _is_gap(nodes[0]) or _is_gap(nodes[-1]):
            raise TemplateError(begin, "a gap stands between two words, not at an end")
        if any(isinstance(node, Edge) and node.at_start and _is_gap(after) for node, after in pairwise(nodes)):
            raise TemplateError(begin, "a gap begins behind a word, so that it fits nowhere behind ^; drop one of them")
        return Sequence(tuple(nodes))

    def _after(self, node: Node, token: re.Match[str]) -> Node:
        if token.lastgroup == "optional":
            if isinstance(node, Gap | Edge | Optional):
                raise TemplateError(token.start(), "only words, lists and brackets can be optional")
            return Optional(node)
        inflected = self._inflected(node)
        if inflected is None:
            raise TemplateError(token.start(), "~ follows a word, or a bracket whose branches end in one")
        return inflected

    def _inflected(self, node: Node) -> Node | None:
        match node:
            case Word((word,)):
                return Word(inflect.forms(word, self.grammar.irregular))
            case Sequence((*first, last)):
                ending = self._inflected(last)
                return None if ending is None else Sequence((*first, ending))
            case Choice(branches):
                changed = [self._inflected(branch) for branch in branches]
                kept = tuple(branch for branch in changed if isinstance(branch, Sequence))
                return Choice(kept) if len(kept) == len(branches) else None
            case _:
                return None

    def _node(self, token: re.Match[str], depth: int) -> Node:
        kind = token.lastgroup
        if kind == "word":
            return Word((token.group().lower(),))
        if kind == "sign":
            return Sign(token.group())
        if kind == "open":
            return self._bracket(token, depth)
        if kind == "name":
            return self._lexicon(token)
        if kind == "slot_open":
            return self._slot(token["slot_open"], self._slotted(token, depth), token)
        if kind == "brace":
            raise TemplateError(token.start(), "this } closes nothing; add the { or drop it")
        if self.finite:
            raise TemplateError(token.start(), "entries of lexicons and cues have no gaps, slots, ^, $end or /…/")
        if kind == "start" or kind == "end":
            return Edge(kind == "start")
        if kind == "raw":
            return self._raw(token)
        return self._gap(token)

    def _bracket(self, token: re.Match[str], depth: int) -> Node:
        if depth >= MAX_DEPTH:
            raise TemplateError(token.start(), f"brackets nest at most {MAX_DEPTH} deep; use a lexicon")
        inside = self.branch_list(depth + 1)
        if self.at >= len(self.tokens):
            raise TemplateError(token.start(), "this ( is not closed; add the )")
        self.at += 1
        return inside.nodes[0] if len(inside.nodes) == 1 else inside

    def _slotted(self, token: re.Match[str], depth: int) -> Node:
        """Parse the bracket in {x:(a|b)~}, and the closing brace."""
        opening = self.tokens[self.at]
        self.at += 1
        node = self._bracket(opening, depth)
        if self.at < len(self.tokens) and self.tokens[self.at].lastgroup == "tilde":
            node = self._after(node, self.tokens[self.at])
            self.at += 1
        if self.at >= len(self.tokens) or self.tokens[self.at].lastgroup != "brace":
            raise TemplateError(token.start(), "a slot over a bracket is closed with a brace: {x:(a|b)}")
        self.at += 1
        return node

    def _slot(self, name: str | None, node: Node, token: re.Match[str]) -> Node:
        if name is None:
            return node
        if self.finite:
            raise TemplateError(token.start(), "entries of lexicons and cues have no slots")
        if name in self.slots:
            raise TemplateError(token.start(), f"slot {name!r} stands twice; give the second another name")
        self.slots.add(name)
        return Slot(name, node)

    def _lexicon(self, token: re.Match[str]) -> Node:
        name = token["name"]
        if name == NUMBER:
            return self._slot(token["slot"], Number(self._number_words()), token)
        lexicon = self.grammar.lexicons.get(name)
        if lexicon is None:
            raise UnknownLexiconError(token.start(), name, tuple(self.grammar.lexicons))
        return self._slot(token["slot"], lexicon, token)

    def _number_words(self) -> tuple[str, ...]:
        lexicon = self.grammar.lexicons.get(NUMBER_WORDS)
        return tuple(expand(lexicon, 1_000) or ()) if lexicon else ()

    def _gap(self, token: re.Match[str]) -> Node:
        least, most = int(token["least"]), int(token["most"])
        if not (least <= most and 1 <= most <= MAX_GAP):
            raise TemplateError(token.start(), f"a gap is <m-n> with m <= n and n from 1 to {MAX_GAP}")
        self.gaps += 1
        return self._slot(token["gap_slot"], Gap(least, most), token)

    def _raw(self, token: re.Match[str]) -> Node:
        source = token["raw"].replace(r"\/", "/")
        problem = raw_problem(source)
        if problem:
            raise TemplateError(token.start(), problem)
        if re.compile(source).groups:
            raise TemplateError(token.start(), "a raw pattern has no capturing groups; write (?:…)")
        return Raw(source)


def raw_problem(source: str) -> str | None:
    """Return what is wrong with a regular expression that people wrote; None when nothing is."""
    try:
        re.compile(source)
    except (re.error, OverflowError, RecursionError) as error:
        return f"the raw pattern is no regular expression: {error}"
    size = len(source)
    for counts in _COUNTED.finditer(source):
        size *= max(int(counts["most"] or counts["least"] or 1), 1)
    if size > MAX_RAW_SIZE:
        told = f"written out, the repeats of this raw pattern come to {size} signs; at most {MAX_RAW_SIZE}"
        return f"{told}: use smaller numbers in {{…}}, or + or *"
    return None


def _is_gap(node: Node) -> bool:
    return isinstance(node.node if isinstance(node, Slot) else node, Gap)


class UnknownLexiconError(TemplateError):
    """A template names a lexicon that there is not."""

    def __init__(self, column: int, name: str, known: tuple[str, ...]) -> None:
        super().__init__(column, f"there is no lexicon {name!r}")
        self.name = name
        self.known = known


Expansions = dict[str, list[str] | None]
"""The phrases of each lexicon, by its name."""


def expand(node: Node, limit: int, known: Expansions | None = None) -> list[str] | None:
    """Return every phrase that *node* stands for, words apart by one blank; None when there are over *limit*.

    Numbers, gaps and raw patterns stand for too many to tell: None. What lexicons stand for is *known* from other calls
    with this limit, and added to that.
    """
    known = {} if known is None else known
    match node:
        case Word(forms):
            return list(forms)
        case Sign(text):
            return [text]
        case Slot(_, inner):
            return expand(inner, limit, known)
        case Optional(inner):
            found = expand(inner, limit, known)
            return None if found is None else ["", *found]
        case Lexicon(name, branches):
            if name not in known:
                known[name] = _union(branches, limit, known)
            return known[name]
        case Choice(branches):
            return _union(branches, limit, known)
        case Sequence(nodes):
            phrases = [""]
            for inner in nodes:
                found = expand(inner, limit, known)
                if found is None or len(found) * len(phrases) > limit:
                    return None
                phrases = [_joined(left, right) for left in phrases for right in found]
            return list(dict.fromkeys(phrases))
        case Listed(listed, others):
            return None if others or len(listed) > limit else list(listed)
        case Number() | Gap() | Raw() | Edge():
            return None


def _union(branches: Iterable[Sequence], limit: int, known: Expansions) -> list[str] | None:
    union: dict[str, None] = {}
    for branch in branches:
        found = expand(branch, limit, known)
        if found is None:
            return None
        union.update(dict.fromkeys(found))
        if len(union) > limit:
            return None
    return list(union)


def extent(node: Node, known: dict[str, tuple[int, int]]) -> tuple[int, int]:
    """Return how many words *node* covers at most, and how deep lexicons name each other in it.

    What is *known* of lexicons is used, and added to.
    """
    match node:
        case Gap(_, most):
            return most, 0
        case Slot(_, inner) | Optional(inner):
            return extent(inner, known)
        case Lexicon(name, branches):
            if name not in known:
                words, depth = _largest(branches, known)
                known[name] = words, depth + 1
            return known[name]
        case Choice(branches):
            return _largest(branches, known)
        case Sequence(nodes):
            inner_ones = [extent(inner, known) for inner in nodes]
            return sum(words for words, _ in inner_ones), max((depth for _, depth in inner_ones), default=0)
        case _:
            return 1, 0


def _largest(branches: Iterable[Sequence], known: dict[str, tuple[int, int]]) -> tuple[int, int]:
    extents = [extent(branch, known) for branch in branches]
    return max((words for words, _ in extents), default=0), max((depth for _, depth in extents), default=0)


def steps(node: Node, known: dict[Listed, int]) -> int:
    """Return of how many parts a written-out *node* consists, a list of phrases being one; *known* is added to."""
    match node:
        case Slot(_, inner) | Optional(inner):
            return 1 + steps(inner, known)
        case Sequence(nodes):
            return sum(steps(inner, known) for inner in nodes)
        case Listed(_, others):
            if node not in known:
                known[node] = 1 + sum(steps(other, known) for other in others)
            return known[node]
        case _:
            return 1


def _joined(left: str, right: str) -> str:
    return f"{left} {right}" if left and right else left or right
