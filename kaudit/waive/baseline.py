"""The baseline: what was found when kaudit came to a project, so that only what is new fails.

A finding is known by its rule and its words, not by its place, and each entry is for one finding of one document. An
entry also says how its sentence put the claim: it covers one that is put as it was or in a way that is known to be
weaker, because nobody can list all that makes a claim stronger. The file is JSON with an entry a line, sorted, without
dates and line numbers, so that it changes only when the claims do and merges line by line.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

from kaudit.catalog.inflect import plain_form
from kaudit.config.globs import absolute
from kaudit.errors import ConfigError
from kaudit.model import Severity
from kaudit.waive.claimed import Claimed

SCHEMA = 2

_SHORTEST_SLIP = 5
"""Letters of a word at least in which one that is wrong, lacking or too many is taken for a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One claim that was there."""

    rule: str
    words: str
    """Normalised; none for what a whole document leaves out."""
    fingerprint: str
    """Made of the two, and of nothing else."""
    severity: Severity
    less: tuple[str, ...] = ()
    """The words around that took from it."""
    more: tuple[str, ...] = ()
    """Those that added to it."""
    around: str = ""
    """The other words of its sentence."""
    note: str = ""
    """What people wrote to it; kept."""

    @classmethod
    def of(cls, claim: Claimed) -> Entry:
        """Return the entry that covers *claim* and nothing stronger."""
        found, put = claim.finding, claim.weigh()
        return cls(found.rule, claim.words, claim.bare_fingerprint, found.severity, put.less, put.more, put.around)

    def covers(self, claim: Entry) -> bool:
        """Return whether *claim* is this one, put no stronger than it was."""
        return (
            self.fingerprint == claim.fingerprint
            and claim.severity <= self.severity
            and Counter(self.less) <= Counter(claim.less)
            and Counter(claim.more) <= Counter(self.more)
            and _is_same(self.around, claim.around)
        )

    @property
    def order(self) -> tuple[str, str, str, int, tuple[str, ...], tuple[str, ...], str]:
        """What entries are sorted by."""
        return self.rule, self.words, self.around, self.severity, self.less, self.more, self.note

    def __str__(self) -> str:
        return f"{self.rule}: {self.words}" if self.words else self.rule


@dataclass(frozen=True, slots=True)
class Baseline:
    """The entries of every document, by its path from the folder of the file."""

    path: Path
    documents: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    """Those of *documents* that are no longer there; they may have got another name."""

    def match(self, document: str, claimed: Sequence[Claimed]) -> tuple[list[bool], list[Entry]]:
        """Return for each of *claimed* in *document* whether an entry covers it, and the entries that cover nothing.

        An entry covers one finding, and the softest that will do is taken, so that one more of equal words is new.
        """
        free = list(self.documents.get(self.key(document), ()))
        moved = [entry for name in self.gone for entry in self.documents[name]]
        covered = [False] * len(claimed)
        for at, claim in enumerate(map(Entry.of, claimed)):
            for entries in (free, moved):
                fitting = min((entry for entry in entries if entry.covers(claim)), key=_strength, default=None)
                if fitting is not None:
                    entries.remove(fitting)
                    covered[at] = True
                    break
        return covered, free

    def key(self, document: str) -> str:
        """Return how the file names *document*."""
        return Path(os.path.relpath(absolute(document), absolute(self.path).parent)).as_posix()

    def updated(self, audited: Mapping[str, Iterable[Claimed]]) -> Baseline:
        """Return the baseline with what is there now in the documents that were *audited*; notes are kept.

        Entries of other documents stay, unless the documents are gone.
        """
        folder = absolute(self.path).parent
        documents = {name: entries for name, entries in self.documents.items() if (folder / name).exists()}
        for document, claimed in audited.items():
            noted = [entry for entry in self.documents.get(self.key(document), ()) if entry.note]
            entries = []
            for entry in map(Entry.of, claimed):
                before = next((old for old in noted if replace(old, note="") == entry), None)
                if before is not None:
                    noted.remove(before)
                entries.append(before or entry)
            documents[self.key(document)] = tuple(sorted(entries, key=lambda entry: entry.order))
        return Baseline(self.path, {name: entries for name, entries in sorted(documents.items()) if entries})

    def to_json(self) -> str:
        """Return the file."""
        documents = ",\n".join(
            f"  {_dump(name)}: [\n" + ",\n".join(f"   {_dump(_fields(entry))}" for entry in entries) + "\n  ]"
            for name, entries in self.documents.items()
        )
        return f'{{\n "schema": {SCHEMA},\n "documents": {{\n{documents}\n }}\n}}\n'

    def __len__(self) -> int:
        return sum(map(len, self.documents.values()))


def _strength(entry: Entry) -> tuple[int, int]:
    return entry.severity, len(entry.more) - len(entry.less)


def _is_same(before: str, after: str) -> bool:
    """Return whether two texts have the same words, but for plurals, verbs in the third person and slips of the pen."""
    pairs = list(zip_longest(before.split(), after.split(), fillvalue=""))
    return before == after or all(
        one == other or plain_form(one) == plain_form(other) or _is_slip(one, other) for one, other in pairs
    )


def _is_slip(one: str, other: str) -> bool:
    """Return whether only a slip inside of a longer word is between *one* and *other*; never one of figures."""
    short, long = sorted((one, other), key=len)
    if len(short) < _SHORTEST_SLIP or len(long) - len(short) > 1 or not (short + long).isalpha():
        return False
    if short[0] != long[0] or short[-1] != long[-1]:
        return False
    at = next((at for at, letter in enumerate(short) if letter != long[at]), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    is_turned = short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
    return is_turned or short[at + 1 :] == long[at + 1 :]


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _fields(entry: Entry) -> dict[str, object]:
    return {
        "rule": entry.rule,
        "words": entry.words,
        "severity": str(entry.severity),
        **({"less": entry.less} if entry.less else {}),
        **({"more": entry.more} if entry.more else {}),
        **({"around": entry.around} if entry.around else {}),
        "fingerprint": entry.fingerprint,
        **({"note": entry.note} if entry.note else {}),
    }


def load_baseline(path: Path) -> Baseline:
    """Return the baseline in the file at *path*.

    Raises:
        ConfigError: when it cannot be read, or is none.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}; `kaudit baseline` writes it") from error
    except ValueError as error:  # no UTF-8 or no JSON
        raise ConfigError(f"{path}: no JSON: {error}") from error
    try:
        if value["schema"] != SCHEMA:
            told = f"schema {value['schema']!r}; this kaudit reads {SCHEMA}"
            raise ConfigError(f"{path}: {told}; delete the file, and `kaudit baseline` writes it anew")
        documents = {name: tuple(map(_entry, entries)) for name, entries in value["documents"].items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConfigError(f"{path}: no baseline as `kaudit baseline` writes it: {error!r}") from error
    folder = absolute(path).parent
    return Baseline(path, documents, tuple(name for name in documents if not (folder / name).exists()))


def _entry(value: Mapping[str, Any]) -> Entry:
    return Entry(
        str(value["rule"]),
        str(value["words"]),
        str(value["fingerprint"]),
        Severity.parse(value["severity"]),
        _texts(value, "less"),
        _texts(value, "more"),
        str(value.get("around", "")),
        str(value.get("note", "")),
    )


def _texts(value: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(sorted(map(str, value.get(key, ()))))
