"""Ignore comments: what the authors of a document ask not to be told, where, until when, and why.

    kaudit: ignore[rule, category] until=2027-01-31 -- why      the block that it stands in or behind, else the next one
    kaudit: ignore-begin[...] -- why ... kaudit: ignore-end     all that is between
    kaudit: ignore-file[...] -- why                             the whole document

Only what is a comment in the format of the document counts; plain text has no comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from kaudit.config import did_you_mean
from kaudit.model import Category, Comment, Confidence, Document, Finding, Lines, Reason, Span, Syntax
from kaudit.waive.rules import EXPIRED, MALFORMED, UNUSED, WaiverRule

_DIRECTIVE = re.compile(r"\s*kaudit\s*:\s*(?P<verb>[\w-]*)\s*(?P<rest>.*)", re.DOTALL | re.IGNORECASE)
_REST = re.compile(
    r"\[(?P<names>[^\]]*)\]\s*(?:until\s*=\s*(?P<until>\S+)\s+)?(?:-+(?!-)|\u2014|\u2013)\s*(?P<why>\S.*)", re.DOTALL
)
_LATE_DAY = re.compile(r"\buntil\s*=", re.IGNORECASE)
_NEXT, _BEGIN, _END, _FILE = "ignore", "ignore-begin", "ignore-end", "ignore-file"
_VERBS = (_NEXT, _BEGIN, _END, _FILE)
_FORM = "kaudit: {verb}[rule, category] until=2027-01-31 -- why; the day may be left out"


@dataclass(frozen=True, slots=True)
class RuleNames:
    """The names that a comment may use, and what they stand for in this audit."""

    rules: Mapping[str, frozenset[str]]
    """Rule, former rule or category -> the rules that it stands for."""
    judged: frozenset[str]
    """Those names that can be called unused: what they stand for was looked for."""


@dataclass(slots=True)
class _Ignore:
    """One comment that is understood."""

    comment: Comment
    names: tuple[str, ...]
    why: str
    until: date | None
    places: list[Span] = field(default_factory=list)
    """In the source."""
    used: set[str] = field(default_factory=set)
    """Those of *names* that waived something."""

    def covers(self, found: Finding) -> bool:
        return any(place.overlaps(found.span) or place.contains(found.span) for place in self.places)


class Ignores:
    """The ignore comments of one document."""

    def __init__(self, document: Document, names: RuleNames, today: date) -> None:
        self._document = document
        self._lines = Lines(document.source)
        self._names = names
        self._today = today
        self._ignores: list[_Ignore] = []
        self._complaints: list[Finding] = []

    @classmethod
    def of(cls, document: Document, names: RuleNames, today: date) -> Self:
        """Return those of *document*, for an audit that is made *today*."""
        ignores = cls(document, names, today)
        if any("kaudit" in comment.text.lower() for comment in document.comments):
            ignores._read()
        return ignores

    def reasons(self, found: Finding) -> Iterator[str]:
        """Yield why *found* is waived, for each comment that waives it."""
        for ignore in self._ignores:
            if not ignore.covers(found):
                continue
            fitting = [name for name in ignore.names if found.rule in self._names.rules[name]]
            ignore.used.update(fitting)
            if fitting and not self._is_over(ignore):
                yield f"ignore: {ignore.why}"

    def complaints(self) -> list[Finding]:
        """Return what is wrong with the comments, once all findings are known."""
        found = list(self._complaints)
        for ignore in self._ignores:
            if self._is_over(ignore):
                told = f"{EXPIRED.message[:-1]}: {ignore.until}."
                found.append(self._finding(EXPIRED, ignore.comment, told))
                continue
            idle = [name for name in ignore.names if name not in ignore.used and name in self._names.judged]
            if idle:
                told = f"{UNUSED.message[:-1]}: {', '.join(idle)}."
                found.append(self._finding(UNUSED, ignore.comment, told))
        return found

    def _is_over(self, ignore: _Ignore) -> bool:
        return ignore.until is not None and ignore.until < self._today

    def _read(self) -> None:
        opened: list[tuple[Comment, _Ignore | None]] = []
        for comment in self._document.comments:
            directive = _DIRECTIVE.match(comment.text)
            if directive is None:
                continue
            verb = directive["verb"].lower()
            if verb == _END:
                if opened:
                    begun, ignore = opened.pop()
                    if ignore:
                        ignore.places.append(Span(begun.span.end, comment.span.start))
                else:
                    self._malformed(comment, f"{_END} ends nothing; there is no {_BEGIN} before it")
                continue
            ignore = self._understood(comment, verb, directive["rest"])
            if verb == _BEGIN:
                opened.append((comment, ignore))
            elif ignore:
                whole = Span(0, len(self._document.source))
                ignore.places.extend([whole] if verb == _FILE else self._next_to(comment))
        for begun, ignore in opened:
            if ignore:
                self._ignores.remove(ignore)
                self._malformed(begun, f"{_BEGIN} has no end; write a comment kaudit: {_END} where it ends")

    def _understood(self, comment: Comment, verb: str, rest: str) -> _Ignore | None:
        """Return what a comment says; None, with a complaint, when it says nothing that can be heeded."""
        if verb not in _VERBS:
            said = did_you_mean(verb, _VERBS) or f"; write {' or '.join(_VERBS)}"
            self._malformed(comment, f"kaudit knows no {verb!r}{said}")
            return None
        form = _FORM.format(verb=verb)
        parts = _REST.fullmatch(rest.strip())
        if parts is None:
            told, names, _ = rest.partition("]")
            if names and told.startswith("[") and told.strip("[ "):
                form = f"kaudit: {verb}[{told[1:].strip()}] -- and why"
                missing = "gives no reason"
            else:
                missing = "names no rule"
            self._malformed(comment, f"{verb} {missing}; write {form}")
            return None
        if _LATE_DAY.search(parts["why"]):
            self._malformed(comment, f"until= stands behind the reason, where it is only words; write {form}")
            return None
        until = None
        if parts["until"]:
            try:
                until = date.fromisoformat(parts["until"])
            except ValueError:
                self._malformed(comment, f"until={parts['until']} is no day; write it as until=2027-01-31")
                return None
        written = [name for part in parts["names"].split(",") if (name := part.strip())]
        if not written:
            self._malformed(comment, f"{verb} names no rule; write {form}")
        known = [name for name in written if name in self._names.rules]
        for name in written:
            if name not in self._names.rules:
                told = f"there is no rule or category {name!r}{did_you_mean(name, self._names.rules)}"
                self._malformed(comment, told)
        if not known:
            return None
        ignore = _Ignore(comment, tuple(known), " ".join(parts["why"].split()), until)
        self._ignores.append(ignore)
        return ignore

    def _next_to(self, comment: Comment) -> list[Span]:
        """Return the blocks that a comment is about.

        It is the one that it stands in or right behind; else, when nothing more begins on its line, the last one there;
        else the next one. Of a row of a Markdown table, before which no comment can stand alone, it is all cells.
        """
        source = self._document.source
        blocks = [(self._document.origin.span(block.span), block.syntax) for block in self._document.blocks]
        line = Span(source.rfind("\n", 0, comment.span.start) + 1, _line_end(source, comment.span.end))
        around = [place for place, _ in blocks if place.start < comment.span.start and comment.span.end <= place.end]
        if around:
            return around
        before = [pair for pair in blocks if line.start < pair[0].end <= comment.span.start]
        after = [pair for pair in blocks if pair[0].start >= comment.span.end]
        if before:
            last = max(before, key=lambda pair: pair[0].end)
            if not source[last[0].end : comment.span.start].strip(" \t"):
                return [last[0]]
            if not any(place.start < line.end for place, _ in after):
                return self._row(last, blocks)
        return self._row(min(after, key=lambda pair: pair[0].start), blocks) if after else []

    def _row(self, block: tuple[Span, Syntax], blocks: list[tuple[Span, Syntax]]) -> list[Span]:
        """Return the place of *block*; of a cell of a Markdown table, of all cells in its row."""
        place, syntax = block
        if syntax is not Syntax.MARKDOWN_CELL:
            return [place]
        source = self._document.source
        line = Span(source.rfind("\n", 0, place.start) + 1, _line_end(source, place.start))
        return [other for other, _ in blocks if line.contains(other)]

    def _malformed(self, comment: Comment, told: str) -> None:
        self._complaints.append(
            self._finding(MALFORMED, comment, f"{told[:1].upper()}{told[1:]}{'' if told.endswith('?') else '.'}")
        )

    def _finding(self, rule: WaiverRule, comment: Comment, message: str) -> Finding:
        place = comment.span
        line, column, end_line, end_column = self._lines.region(place)
        return Finding(
            rule=rule.id,
            category=Category.WAIVER,
            severity=rule.severity,
            confidence=Confidence.HIGH,
            start=place.start,
            end=place.end,
            line=line,
            column=column,
            end_line=end_line,
            end_column=end_column,
            text=place.of(self._document.source),
            message=message,
            why=rule.why,
            reasons=(Reason(str(rule.severity), rule.id, place),),
        )


def _line_end(source: str, offset: int) -> int:
    end = source.find("\n", offset)
    return end if end >= 0 else len(source)


def rule_names(
    rules: Mapping[str, Category], former: Mapping[str, str], ran: frozenset[str], select: Sequence[str]
) -> RuleNames:
    """Return the names of *rules* for comments, of which those that are *former* stand for others.

    With *select*, only those of its categories were looked for as a whole.
    """
    names = {name: frozenset({name}) for name in rules}
    names.update({old: frozenset({new}) for old, new in former.items()})
    members: dict[str, set[str]] = {}
    for name, category in rules.items():
        members.setdefault(str(category), set()).add(name)
    names.update({category: frozenset(found) for category, found in members.items()})
    judged = frozenset(
        name for name, meant in names.items() if meant & ran and (not select or name not in members or name in select)
    )
    return RuleNames(names, judged)
