"""Cache: a compiled catalog in, plain JSON out and back, so that a warm start needs neither yaml nor pydantic.

Kept in the user's cache folder under a name made of everything that it depends on; ignored when it cannot be read or
written. It holds data only, never code: patterns are compiled from their source when they are needed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterable
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

COMPILER_VERSION = 6
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
    SHIPPED.write_text(json.dumps(_Writer().catalog(catalog), separators=(",", ":")), encoding="utf-8", newline="\n")


def catalog_to_json(catalog: Catalog) -> str:
    """Return *catalog* as text, for another process."""
    return json.dumps(_Writer().catalog(catalog), separators=(",", ":"))


def catalog_from_json(text: str) -> Catalog:
    """Return what `catalog_to_json` was given; by the same version of kaudit."""
    return _Reader(json.loads(text)).catalog()


def _read(path: Path, digest: str) -> Catalog | None:
    try:
        value = json.loads(path.read_bytes())
        if value["digest"] != digest or value["compiler"] != COMPILER_VERSION:
            return None
        return _Reader(value).catalog()
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
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
            temporary = Path(file.name)
            json.dump(_Writer().catalog(catalog), file, separators=(",", ":"))
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
                    pattern.template,
                    self._nodes(pattern.tree),
                    self._set(pattern.anchors),
                    [[self._set(sorted(need.words)), need.before, need.after] for need in pattern.needs],
                    pattern.raw,
                ]
            )
        return self.patterns[pattern]

    def _all(self, patterns: Iterable[Pattern]) -> list[int]:
        return [self._pattern(pattern) for pattern in patterns]

    def catalog(self, catalog: Catalog) -> dict[str, Any]:
        """Return everything of *catalog*."""
        value = {
            "version": catalog.version,
            "digest": catalog.digest,
            "compiler": COMPILER_VERSION,
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
            "promotion": self._all(catalog.promotion),
            "tone": dict(catalog.tone),
            "disclosures": [self._disclosure(entry) for entry in catalog.disclosures.values()],
            "inflections": catalog.inflections,
        }
        return {**value, "lists": self.written_lists, "sets": list(self.sets), "patterns": self.written}

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
                [self._pattern(entry.pattern), entry.to, sorted(entry.places), entry.safe, entry.note, entry.also]
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
        ]


class _Reader:
    """Turns JSON back into a catalog."""

    def __init__(self, value: dict[str, Any]) -> None:
        self.value = value
        self.sets = [tuple(words) for words in value["sets"]]
        self.lists: list[Listed] = []
        for phrases, others in value["lists"]:
            self.lists.append(Listed(tuple(phrases), tuple([self._tree(other) for other in others])))
        frozen: dict[int, frozenset[str]] = {}

        def needs(written: list[list[int]]) -> tuple[Need, ...]:
            for number, _, _ in written:
                if number not in frozen:
                    frozen[number] = frozenset(self.sets[number])
            return tuple([Need(frozen[number], before, after) for number, before, after in written])

        self.patterns = [
            Pattern(template, self._tree(nodes), self.sets[anchors], needs(needed), raw)
            for template, nodes, anchors, needed, raw in value["patterns"]
        ]

    def _tree(self, nodes: list[list[Any]]) -> Sequence:
        return Sequence(tuple([self._node(*node) for node in nodes]))

    def _node(self, letter: str, *fields: Any) -> Node:
        match letter:
            case "w":
                return Word(fields)
            case "l":
                listed: Listed = self.lists[fields[0]]
                return listed
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
                return Number(self.sets[fields[0]])
            case "e":
                return Edge(*fields)
            case "r":
                return Raw(*fields)
        raise ValueError(letter)

    def _all(self, numbers: list[int]) -> tuple[Pattern, ...]:
        return tuple([self.patterns[number] for number in numbers])

    def catalog(self) -> Catalog:
        """Return the catalog."""
        value = self.value
        rules = [self._rule(*fields) for fields in value["rules"]]
        return Catalog(
            version=value["version"],
            digest=value["digest"],
            rules={rule.id: rule for rule in rules},
            sources={key: Source(*fields) for key, fields in value["sources"].items()},
            categories={
                Category(name): CategoryInfo(title, description, Hedging(hedging))
                for name, (title, description, hedging) in value["categories"].items()
            },
            subjects={
                name: Subject(name, title, self._all(terms), facts) for name, title, terms, facts in value["subjects"]
            },
            cues=Cues.from_json(value["cues"]),
            promotion=self._all(value["promotion"]),
            tone=value["tone"],
            disclosures={fields[0]: self._disclosure(*fields) for fields in value["disclosures"]},
            inflections={base: tuple(forms) for base, forms in value["inflections"].items()},
        )

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
                Rewrite(self.patterns[pattern], to, frozenset(places), safe, note, also)
                for pattern, to, places, safe, note, also in rewrites
            ),
        )

    def _disclosure(self, *fields: Any) -> Disclosure:
        name, severity, subjects, jurisdictions, satisfied_by, at_least, message, why, sources, *rest = fields
        wording, buried, within = rest
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
        )
