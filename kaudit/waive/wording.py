"""Wording: words that somebody approved, as people write them, in; where a text says exactly that, out.

    Of {number} adults in the trial, 70% … felt better.

Capitals, punctuation, line breaks and emphasis make no difference; every word does. `{number}` stands for a number in
figures, `{word}` for one word, `…` for up to eight; at the start or the end `…` says that more may stand in the same
sentence. Without it the wording is a whole sentence, or several. What stands in `{word}` or `…` is not approved itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kaudit.config import did_you_mean
from kaudit.model import Span

GAP = 8
"""How many words `…` stands for at most."""

MAX_GAPS = 3
"""How many a wording has at most between its words, because each multiplies the work."""

_SLOT = re.compile(r"\{(?P<name>[^{}]*)\}|(?P<gap>\u2026|\.\.\.)")
_SLOTS = {"number": r"[0-9][0-9.,]*", "word": r"[a-z0-9][^ ]*"}
_TOKEN = re.compile(r"[a-z0-9]+(?:['.,][a-z0-9]+)*|[%$#+&]")


class WordingError(ValueError):
    """A wording cannot be understood; the text says why, *column* counts from 0."""

    def __init__(self, column: int, message: str) -> None:
        super().__init__(message)
        self.column = column


@dataclass(frozen=True, slots=True)
class Wording:
    """Words to look for."""

    pattern: re.Pattern[str]
    """Of tokens, each with a blank behind; groups are what must be as it was approved."""
    open_start: bool
    open_end: bool

    def covers(self, text: str, span: Span, sentences: Sequence[Span]) -> bool:
        """Return whether the normalised *text* says this, with all words at *span* among those that were approved."""
        tokens = list(_TOKEN.finditer(text))
        joined = "".join(f"{token.group()} " for token in tokens)
        starts = [0]
        for token in tokens:
            starts.append(starts[-1] + len(token.group()) + 1)
        wanted = [at for at, token in enumerate(tokens) if span.overlaps(Span(*token.span()))]
        return any(self._holds(found, starts, tokens, wanted, sentences) for found in self._found(joined))

    def _found(self, joined: str) -> Iterator[re.Match[str]]:
        at = 0
        while at < len(joined):
            found = self.pattern.match(joined, at)
            if found:
                yield found
            at = joined.index(" ", at) + 1

    def _holds(
        self,
        found: re.Match[str],
        starts: Sequence[int],
        tokens: Sequence[re.Match[str]],
        wanted: Sequence[int],
        sentences: Sequence[Span],
    ) -> bool:
        first, last = starts.index(found.start()), starts.index(found.end()) - 1
        approved = [Span(*found.span(group)) for group in range(1, self.pattern.groups + 1)]
        if not wanted or not all(
            any(span.contains(Span(starts[at], starts[at + 1])) for span in approved) for at in wanted
        ):
            return False
        begins = self.open_start or self._edge(tokens, first, first - 1, sentences)
        return begins and (self.open_end or self._edge(tokens, last, last + 1, sentences))

    def _edge(self, tokens: Sequence[re.Match[str]], inner: int, outer: int, sentences: Sequence[Span]) -> bool:
        """Return whether the tokens *inner* and *outer*, side by side, are not in one sentence."""
        if not 0 <= outer < len(tokens):
            return True
        pair = (tokens[inner].start(), tokens[outer].start())
        return not any(all(span.start <= place < span.end for place in pair) for span in sentences)


def parse_wording(written: str, plain: Callable[[str], str]) -> Wording:
    """Return *written* as something to look for in text that was made plain by *plain*.

    Raises:
        WordingError: when there is no such slot, or nothing but slots.
    """
    parts: list[str] = []
    at = 0
    for slot in (*_SLOT.finditer(written), None):
        words = _TOKEN.findall(plain(written[at : slot.start() if slot else len(written)]))
        if words:
            parts.append("".join(f"{re.escape(word)} " for word in words))
        if slot is None:
            break
        at = slot.end()
        if slot["gap"]:
            parts.append("")
        elif slot["name"] in _SLOTS:
            parts.append(f"\0{_SLOTS[slot['name']]} ")
        else:
            told = f"there is no slot {slot['name']!r}{did_you_mean(slot['name'], _SLOTS)}"
            raise WordingError(slot.start(), f"{told}; there are {', '.join(_SLOTS)} and \u2026")
    open_start, open_end = parts[:1] == [""], parts[-1:] == [""]
    inner = parts[1 if open_start else 0 : -1 if open_end else None]
    if not any(part and not part.startswith("\0") for part in inner):
        raise WordingError(0, "there must be words in it, not only slots")
    if inner.count("") > MAX_GAPS:
        raise WordingError(0, f"at most {MAX_GAPS} times \u2026 between words; write them out, or two wordings")
    pattern = "".join(_written(part) for part in inner)
    return Wording(re.compile(pattern), open_start, open_end)


def _written(part: str) -> str:
    if not part:
        return rf"(?:[^ ]+ ){{0,{GAP}}}?"
    if part.startswith("\0"):
        return part[1:] if part[1:].startswith(_SLOTS["word"]) else f"({part[1:]})"
    return f"({part})"
