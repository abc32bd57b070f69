"""Cache: a compiled catalog in, plain JSON out and back, so that a warm start needs neither yaml nor pydantic.

Kept in the user's cache folder under a name made of everything that it depends on; ignored when it cannot be read or
written. It holds data only, never code: patterns are compiled from their source when they are needed.

The first line says what was compiled, and how long the rest is. Of that each line is a value by itself, understood when
it is asked for: the parts of a catalog, then lists, sets of words and patterns, which others refer to by number.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterable
from itertools import accumulate
from pathlib import Path
from typing import Any

from kaudit.catalog.anchors import Need
from kaudit.catalog.compiled import (
    Catalog,
    CategoryInfo,
    Disclosure,
    Pattern,
    Rewrite,
    Rule,
    Source,
    Subject,
)
from kaudit.catalog.cues import Cues
from kaudit.catalog.template import (
    Edge,
    Gap,
    Listed,
    Node,
    Number,
    Optional,
    Raw,
    Sequence,
    Sign,
    Slot,
    Word,
)
from kaudit.model import Category, Confidence, Context, Hedging, Jurisdiction, Severity

COMPILER_VERSION = 16
"""Raised whenever the same catalog would be compiled differently."""

FOLDER_VARIABLE = "KAUDIT_CACHE_DIR"


def cache_folder() -> Path | None:
    """Return where compiled catalogs are kept: $KAUDIT_CACHE_DIR, else the user's cache; None when it is set empty."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    if chosen is not None:
        return Path(chosen) if chosen else None
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        base = str(Path("~/Library/Caches").expanduser())
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    return Path(base) / "kaudit" if base and not base.startswith("~") else None


def cache_path(digest: str) -> Path | None:
    """Return the file for the catalog whose texts have this *digest*, or None when there is no cache."""
    folder = cache_folder()
    if folder is None:
        return None
    from kaudit.catalog import VERSION

    key = hashlib.sha256(f"{digest} {VERSION} {COMPILER_VERSION}".encode()).hexdigest()
    return folder / f"catalog-{key[:32]}.json"


SHIPPED = Path(__file__).parent / "compiled_catalog.json"
"""The built-in catalog, compiled when the package was built (see hatch_build.py); a checkout may have none."""


def read_cached(digest: str) -> Catalog | None:
    """Return the compiled catalog whose texts have this *digest*, or None when none is kept or it cannot be used."""
    path = cache_path(digest)
    return _read(path, digest) if path else None


def read_shipped(digest: str) -> Catalog | None:
    """Return the compiled catalog that comes with kaudit, or None when it was made from other texts."""
    return _read(SHIPPED, digest)


def write_shipped(catalog: Catalog) -> None:
    """Compile *catalog* into the package; raises OSError."""
    SHIPPED.write_text(catalog_to_json(catalog), encoding="ascii", newline="\n")


def catalog_to_json(catalog: Catalog) -> str:
    """Return *catalog* as text, for another process."""
    lines = _Writer().catalog(catalog)
    body = "\n".join(lines)
    return f"{_head(catalog.digest, len(body))}\n{body}"


def _head(digest: str, length: int) -> str:
    return f"kaudit {COMPILER_VERSION} {digest} {length}"


def catalog_from_json(text: str) -> Catalog:
    """Return what `catalog_to_json` was given; by the same version of kaudit."""
    return _Reader(text.partition("\n")[2].split("\n")).catalog()


def _read(path: Path, digest: str) -> Catalog | None:
    try:
        with path.open(encoding="ascii", newline="\n") as file:
            head = file.readline(200)
            if not head.startswith(_head(digest, 0)[:-1]):
                return None
            body = file.read()
        if head != f"{_head(digest, len(body))}\n":
            return None
        return _Reader(body.split("\n")).catalog()
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return None


def write_cached(catalog: Catalog) -> None:
    """Keep *catalog* for the next start; does nothing where that is impossible."""
    path = cache_path(catalog.digest)
    if path is None:
        return
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="ascii", newline="\n") as file:
            temporary = Path(file.name)
            file.write(catalog_to_json(catalog))
        temporary.replace(path)
    except OSError:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()


class _Writer:
    """Turns a catalog into JSON; strings, sets and patterns that are shared are written once."""

    def __init__(self) -> None:
        self.lists: dict[int, int] = {}
        self.written_lists: list[Any] = []
        self.sets: dict[tuple[str, ...], int] = {}
        self.patterns: dict[Pattern, int] = {}
        self.written: list[Any] = []

    def _nodes(self, tree: Sequence) -> list[list[Any]]:
        return [self._node(node) for node in tree.nodes]

    def _node(self, node: Node) -> list[Any]:
        """Return *node* as a letter and what belongs to it."""
        match node:
            case Word(forms):
                return ["w", *forms]
            case Listed():
                return ["l", self._list(node)]
            case Gap(least, most):
                return ["g", least, most]
            case Optional(inner):
                return ["o", self._node(inner)]
            case Slot(name, inner):
                return ["s", name, self._node(inner)]
            case Sequence():
                return ["q", *self._nodes(node)]
            case Sign(text):
                return ["c", text]
            case Number(words):
                return ["n", self._set(words)]
            case Edge(at_start):
                return ["e", at_start]
            case Raw(source):
                return ["r", source]
            case _:
                raise TypeError(node)

    def _list(self, listed: Listed) -> int:
        if id(listed) not in self.lists:
            others = [self._nodes(other) for other in listed.others]  # lists within come before it
            self.lists[id(listed)] = len(self.written_lists)
            self.written_lists.append([listed.phrases, others])
        return self.lists[id(listed)]

    def _set(self, words: Iterable[str]) -> int:
        return self.sets.setdefault(tuple(words), len(self.sets))

    def _pattern(self, pattern: Pattern) -> int:
        if pattern not in self.patterns:
            self.patterns[pattern] = len(self.patterns)
            self.written.append(
                [
                    self._set(pattern.anchors),
                    [[self._set(sorted(need.words)), need.before, need.after] for need in pattern.needs],
                    pattern.raw,
                    pattern.template,
                    self._nodes(pattern.tree),
                ]
            )
        return self.patterns[pattern]

    def _all(self, patterns: Iterable[Pattern]) -> list[int]:
        return [self._pattern(pattern) for pattern in patterns]

    def catalog(self, catalog: Catalog) -> list[str]:
        """Return everything of *catalog*, a line each."""
        parts = {
            "version": catalog.version,
            "digest": catalog.digest,
            "rules": [self._rule(rule) for rule in catalog.rules.values()],
            "sources": {
                key: [source.citation, source.place, source.supports, source.checked, source.verified]
                for key, source in catalog.sources.items()
            },
            "categories": {
                name: [entry.title, entry.description, entry.hedging] for name, entry in catalog.categories.items()
            },
            "subjects": [
                [subject.id, subject.name, self._all(subject.terms), dict(subject.facts)]
                for subject in catalog.subjects.values()
            ],
            "cues": catalog.cues.to_json(),
            "kept": self._all(catalog.kept),
            "promotion": self._all(catalog.promotion),
            "tone": dict(catalog.tone),
            "telling": catalog.telling,
            "health": catalog.health,
            "disclosures": [self._disclosure(entry) for entry in catalog.disclosures.values()],
            "inflections": catalog.inflections,
            "words": " ".join(sorted(catalog.words)),
            "ordinary": " ".join(sorted(catalog.ordinary)),
        }
        counts = [len(self.written_lists), len(self.sets)]
        values = [list(parts), counts, *parts.values(), *self.written_lists]
        return [*map(_line, values), *map("\t".join, self.sets), *map(_line, self.written)]

    def _rule(self, rule: Rule) -> list[Any]:
        return [
            rule.id,
            rule.klass,
            rule.category,
            rule.severity,
            rule.confidence,
            rule.message,
            rule.why,
            rule.sources,
            sorted(rule.jurisdictions),
            {place: int(severity) for place, severity in rule.severities.items()},
            sorted(rule.subjects),
            rule.hedging,
            rule.once,
            rule.promotional,
            rule.former,
            sorted(rule.despite),
            self._all(rule.match),
            self._all(rule.unless),
            self._all(rule.beside),
            [
                [
                    entry.pattern and self._pattern(entry.pattern),
                    entry.to,
                    sorted(entry.places),
                    entry.safe,
                    entry.note,
                    entry.also,
                    entry.at,
                    entry.whole,
                ]
                for entry in rule.rewrites
            ],
        ]

    def _disclosure(self, entry: Disclosure) -> list[Any]:
        return [
            entry.id,
            entry.severity,
            sorted(entry.subjects),
            sorted(entry.jurisdictions),
            self._all(entry.satisfied_by),
            entry.at_least,
            entry.message,
            entry.why,
            entry.sources,
            entry.wording,
            entry.buried,
            entry.within,
            entry.chiefly,
        ]


def _line(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


class _KeptCatalog(Catalog):
    """A catalog whose parts are read when they are first asked for."""

    __slots__ = ("_reader",)
    _reader: _Reader

    def __getattr__(self, name: str) -> Any:
        """Return the part *name*, which is not there yet."""
        value = self._reader.part(name)
        object.__setattr__(self, name, value)
        return value


class _KeptPattern(Pattern):
    """A pattern whose parts are read when they are first asked for."""

    __slots__ = ("_number", "_reader")
    _number: int
    _reader: _Reader

    def __getattr__(self, name: str) -> Any:
        """Return the part *name*, which is not there yet."""
        value = self._reader.pattern_part(self._number, name)
        object.__setattr__(self, name, value)
        return value


class _Reader:
    """Turns the lines back into a catalog."""

    def __init__(self, lines: list[str]) -> None:
        names, (lists, sets) = json.loads(lines[0]), json.loads(lines[1])
        self._parts = dict(zip(names, lines[2:], strict=False))
        starts = list(accumulate((len(names), lists, sets), initial=2))
        self._list_lines, self._set_lines, self._pattern_lines = (
            lines[starts[1] : starts[2]],
            lines[starts[2] : starts[3]],
            lines[starts[3] :],
        )
        self._lists: dict[int, Listed] = {}
        self._frozen: dict[int, frozenset[str]] = {}
        self._patterns = [self._kept(number) for number in range(len(self._pattern_lines))]
        self._written: dict[int, list[Any]] = {}

    def _kept(self, number: int) -> Pattern:
        pattern = _KeptPattern.__new__(_KeptPattern)
        object.__setattr__(pattern, "_reader", self)
        object.__setattr__(pattern, "_number", number)
        return pattern

    def pattern_part(self, number: int, name: str) -> Any:
        """Return the field *name* of a pattern."""
        if name == "anchors":  # of all patterns asked for first, and alone
            return self._set(int(self._pattern_lines[number][1:].split(",", 1)[0]))
        written = self._written.get(number)
        if written is None:
            written = self._written[number] = json.loads(self._pattern_lines[number])
        _, needs, raw, template, tree = written
        match name:
            case "needs":
                return tuple([Need(self._frozenset(words), before, after) for words, before, after in needs])
            case "raw":
                return raw
            case "template":
                return template
            case "tree":
                return self._tree(tree)
        raise AttributeError(name)

    def _set(self, number: int) -> tuple[str, ...]:
        line = self._set_lines[number]
        return tuple(line.split("\t")) if line else ()

    def _frozenset(self, number: int) -> frozenset[str]:
        if number not in self._frozen:
            self._frozen[number] = frozenset(self._set(number))
        return self._frozen[number]

    def _list(self, number: int) -> Listed:
        if number not in self._lists:
            phrases, others = json.loads(self._list_lines[number])
            self._lists[number] = Listed(tuple(phrases), tuple([self._tree(other) for other in others]))
        return self._lists[number]

    def _tree(self, nodes: list[list[Any]]) -> Sequence:
        return Sequence(tuple([self._node(*node) for node in nodes]))

    def _node(self, letter: str, *fields: Any) -> Node:
        match letter:
            case "w":
                return Word(fields)
            case "l":
                return self._list(fields[0])
            case "g":
                return Gap(*fields)
            case "o":
                return Optional(self._node(*fields[0]))
            case "s":
                return Slot(fields[0], self._node(*fields[1]))
            case "q":
                return self._tree(list(fields))
            case "c":
                return Sign(*fields)
            case "n":
                return Number(self._set(fields[0]))
            case "e":
                return Edge(*fields)
            case "r":
                return Raw(*fields)
        raise ValueError(letter)

    def _all(self, numbers: list[int]) -> tuple[Pattern, ...]:
        return tuple([self._patterns[number] for number in numbers])

    def catalog(self) -> Catalog:
        """Return the catalog."""
        catalog = _KeptCatalog.__new__(_KeptCatalog)
        object.__setattr__(catalog, "_reader", self)
        return catalog

    def part(self, name: str) -> Any:
        """Return the field *name* of the catalog."""
        if name not in self._parts:
            raise AttributeError(name)
        value = json.loads(self._parts[name])
        match name:
            case "rules":
                return {fields[0]: self._rule(*fields) for fields in value}
            case "sources":
                return {key: Source(*fields) for key, fields in value.items()}
            case "categories":
                return {
                    Category(name): CategoryInfo(title, description, Hedging(hedging))
                    for name, (title, description, hedging) in value.items()
                }
            case "subjects":
                return {name: Subject(name, title, self._all(terms), facts) for name, title, terms, facts in value}
            case "cues":
                return Cues.from_json(value)
            case "promotion" | "kept":
                return self._all(value)
            case "disclosures":
                return {fields[0]: self._disclosure(*fields) for fields in value}
            case "telling" | "health":
                return tuple(value)
            case "inflections":
                return {base: tuple(forms) for base, forms in value.items()}
            case "words" | "ordinary":
                return frozenset(value.split())
        return value

    def _rule(self, *fields: Any) -> Rule:
        (name, klass, category, severity, confidence, message, why, sources, jurisdictions, severities, *rest) = fields
        (subjects, hedging, once, promotional, former, despite, match, unless, beside, rewrites) = rest
        return Rule(
            id=name,
            klass=klass,
            category=Category(category),
            severity=Severity(severity),
            confidence=Confidence(confidence),
            message=message,
            why=why,
            sources=tuple(sources),
            jurisdictions=frozenset(map(Jurisdiction, jurisdictions)),
            severities={Jurisdiction(place): Severity(level) for place, level in severities.items()},
            subjects=frozenset(subjects),
            hedging=Hedging(hedging),
            once=once,
            promotional=promotional,
            former=tuple(former),
            despite=frozenset(map(Context, despite)),
            match=self._all(match),
            unless=self._all(unless),
            beside=self._all(beside),
            rewrites=tuple(
                Rewrite(None if pattern is None else self._patterns[pattern], to, frozenset(places), *rest)
                for pattern, to, places, *rest in rewrites
            ),
        )

    def _disclosure(self, *fields: Any) -> Disclosure:
        name, severity, subjects, jurisdictions, satisfied_by, at_least, message, why, sources, *rest = fields
        wording, buried, within, chiefly = rest
        return Disclosure(
            id=name,
            severity=Severity(severity),
            subjects=frozenset(subjects),
            jurisdictions=frozenset(map(Jurisdiction, jurisdictions)),
            satisfied_by=self._all(satisfied_by),
            at_least=at_least,
            message=message,
            why=why,
            sources=tuple(sources),
            wording=wording,
            buried=buried,
            within=within,
            chiefly=chiefly,
        )
