"""Replace: words in a document in, the changed source out, its markup kept; or the reason why not.

A replacement speaks of visible text. Where that is one stretch of the source, the stretch is replaced. Where markup
stands inside, ways to keep it are tried, such as the whole of the new text in one of its parts. A way counts only if
the changed source, read again, shows exactly the text that is wanted, has all its markup but emphasis that had nothing
left to emphasise, and is unchanged in all other blocks. So the rules below decide only how often the answer is yes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kaudit.errors import DocumentError
from kaudit.model import LOCKED, Block, Document, Mark, MarkKind, Piece, PieceKind, Role, Span, Syntax
from kaudit.read.spell import spellings

ReadAgain = Callable[[str], Document]


@dataclass(frozen=True, slots=True, order=True)
class Replacement:
    """Words to put in place of others."""

    span: Span
    """In the visible text; within one block."""
    text: str
    """As readers are to see it."""
    note: str = ""
    """What to tell whoever is asked to accept it, in a file that has room for that."""


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """A stretch of the source, and what to write there instead."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A replacement that is not made."""

    replacement: Replacement
    reason: str


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A document with replacements made."""

    document: Document
    """As read again."""
    refused: tuple[Refusal, ...] = ()
    edits: tuple[Edit, ...] = ()
    """In the source of the document as it was, in order; of one that is made of text."""
    raw: bytes = b""
    """The new file, of one that is not."""


OBJECT_INSIDE = "there is code, a picture, an address or a template expression among the words"
HALF = "it would cut a character in half"
EMPTY = "it would leave nothing of its heading, paragraph or cell"
OVERLAP = "it overlaps another one"
HARD_BREAK = "there is a line break among the words that readers see"
LOSES_MARKUP = "a link, or other markup that must stay, would have no words left"
UNCERTAIN = "the changed document would not show exactly the new words"
UNPLACED = "it is no part of one heading, paragraph or cell"


class Replacer:
    """Makes replacements in one document, as often as one likes: what it found out about each is not tried again."""

    def __init__(self, document: Document, read_again: ReadAgain) -> None:
        """*read_again* reads a changed source as *document* was read."""
        self.document = document
        self._read_again = read_again
        self._known: dict[Replacement, _Way] = {}
        """Ways that did."""
        self._hopeless: dict[Replacement, str] = {}
        """What cannot be done, and why."""

    def replace(self, replacements: Iterable[Replacement]) -> Rewritten:
        """Return the document with *replacements* made, but for those that cannot be without harm to it."""
        wanted, refused = _settled(self.document, replacements)
        plans = [_Plan(self.document, replacement, block) for replacement, block in wanted]
        made, after = self._made([plan for plan in plans if self._is_hopeful(plan)], [], self.document)
        self._known.update({way.replacement: way for way in made})
        replaced = {way.replacement for way in made}
        refused += [
            Refusal(plan.replacement, self._hopeless.get(plan.replacement, plan.reason))
            for plan in plans
            if plan.replacement not in replaced
        ]
        return Rewritten(after, tuple(refused), tuple(sorted(way.edit for way in made)))

    def _is_hopeful(self, plan: _Plan) -> bool:
        """Return whether there is any way for *plan* that is not known to fail."""
        if plan.replacement not in self._hopeless and next(self._ways(plan), None) is None:
            self._hopeless[plan.replacement] = plan.reason
        return plan.replacement not in self._hopeless

    def _made(self, plans: list[_Plan], made: list[_Way], after: Document) -> tuple[list[_Way], Document]:
        """Return what of *plans* can be done besides what is *made*, with this, and what becomes of *after*.

        All in their plainest ways; where that will not do, one half after the other, so that the document is read
        seldom.
        """
        if len(plans) > 1:
            plainest = [next(self._ways(plan)) for plan in plans]
            read = self._verified([*made, *plainest])
            if read:
                return [*made, *plainest], read
            for half in (plans[: len(plans) // 2], plans[len(plans) // 2 :]):
                made, after = self._made(half, made, after)
            return made, after
        for plan in plans:
            way, read = self._first_good(plan, made)
            if way and read:
                return [*made, way], read
            if not made or self._first_good(plan, [])[0] is None:
                self._hopeless[plan.replacement] = plan.reason
        return made, after

    def _ways(self, plan: _Plan) -> Iterator[_Way]:
        """Yield the ways of *plan*, first that which did before."""
        known = self._known.get(plan.replacement)
        if known:
            yield known
        yield from plan.ways()

    def _first_good(self, plan: _Plan, made: list[_Way]) -> tuple[_Way | None, Document | None]:
        for way in self._ways(plan):
            after = self._verified([*made, way])
            if after:
                return way, after
        return None, None

    def _verified(self, ways: Sequence[_Way]) -> Document | None:
        return _verified(self.document, ways, self._read_again)


def replace_words(document: Document, replacements: Iterable[Replacement], read_again: ReadAgain) -> Rewritten:
    """Return *document* with *replacements* made, but for those that cannot be without harm to it.

    *read_again* reads a changed source as the document was read.
    """
    return Replacer(document, read_again).replace(replacements)


def apply(source: str, edits: Iterable[Edit]) -> str:
    """Return *source* with *edits* made."""
    parts: list[str] = []
    done = 0
    for edit in sorted(edits):
        parts += (source[done : edit.span.start], edit.text)
        done = edit.span.end
    return "".join(parts) + source[done:]


def _settled(
    document: Document, replacements: Iterable[Replacement]
) -> tuple[list[tuple[Replacement, int]], list[Refusal]]:
    """Return the *replacements* that stand apart, each with the number of its block, and the others."""
    wanted: list[tuple[Replacement, int]] = []
    refused: list[Refusal] = []
    for replacement in sorted(replacements):
        number = _block_of(document, replacement.span)
        if number is None:
            refused.append(Refusal(replacement, UNPLACED))
        elif any(other.span.overlaps(replacement.span) for other, _ in wanted[-1:]):
            refused.append(Refusal(replacement, OVERLAP))
        elif document.blocks[number].info.get(LOCKED):
            refused.append(Refusal(replacement, document.blocks[number].info[LOCKED]))
        else:
            wanted.append((replacement, number))
    return wanted, refused


def _block_of(document: Document, span: Span) -> int | None:
    number = bisect_right(document.blocks, span.start, key=lambda block: block.span.start) - 1
    return number if number >= 0 and len(span) and document.blocks[number].span.contains(span) else None


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to make a replacement."""

    replacement: Replacement
    block: int
    edit: Edit
    dropped: frozenset[int]
    """Pairs of marks that go."""


def _first_good(
    document: Document, made: list[_Way], plan: _Plan, read_again: ReadAgain
) -> tuple[_Way | None, Document | None]:
    for way in plan.ways():
        after = _verified(document, [*made, way], read_again)
        if after:
            return way, after
    return None, None


def _verified(document: Document, ways: Sequence[_Way], read_again: ReadAgain) -> Document | None:
    """Return the document that *ways* lead to, if it is as it should be."""
    spans = sorted(way.edit.span for way in ways)
    if any(one.overlaps(other) or one == other for one, other in pairwise(spans)):
        return None
    try:
        after = read_again(apply(document.source, (way.edit for way in ways)))
    except DocumentError:  # no longer a file of its format
        return None
    if len(after.blocks) != len(document.blocks) or after.notes != document.notes:
        return None
    by_block: dict[int, list[_Way]] = {}
    for way in ways:
        by_block.setdefault(way.block, []).append(way)
    for number, (old, new) in enumerate(zip(document.blocks, after.blocks, strict=True)):
        here = by_block.get(number, [])
        text = _squeezed(_with_words(document, old, here))
        if old.kind is not new.kind or _squeezed(new.span.of(after.text)) != text:
            return None
        dropped = frozenset[int]().union(*(way.dropped for way in here))
        if _skeleton(old.marks, dropped) != _skeleton(new.marks):
            return None
    return after


def _with_words(document: Document, block: Block, ways: Iterable[_Way]) -> str:
    """Return the text that *block* is to show."""
    start = block.span.start
    edits = (Edit(way.replacement.span.shifted(-start), way.replacement.text) for way in ways)
    return apply(block.span.of(document.text), edits)


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _skeleton(marks: Iterable[Mark], dropped: frozenset[int] = frozenset()) -> list[tuple[str, Role]]:
    return [
        (mark.name, mark.role)
        for mark in marks
        if mark.kind in (MarkKind.FORMAT, MarkKind.KEEP) and not (mark.pair >= 0 and mark.pair in dropped)
    ]


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of the words to replace, or a mark between them."""

    start: int
    end: int
    piece: Piece | None
    mark: Mark | None

    @property
    def is_break(self) -> bool:
        return self.piece is not None and self.piece.kind in (PieceKind.BREAK, PieceKind.HARD_BREAK)


class _Plan:
    """One replacement, and the ways to make it."""

    def __init__(self, document: Document, replacement: Replacement, block: int) -> None:
        self.replacement = replacement
        self.reason = UNCERTAIN
        self._document = document
        self._number = block
        self._block = document.blocks[block]
        self._source = document.source

    def ways(self) -> Iterator[_Way]:
        """Yield the ways, the plainest first; `reason` says why none will do."""
        text = self.replacement.text
        span, block = self.replacement.span, self._block
        pieces = self._document.pieces(span)
        reason = _obstacle(pieces, span)
        before = self._document.text[block.span.start : span.start]
        if not text.strip() and not before.strip() and not self._rest().strip():
            reason = EMPTY
        if reason:
            self.reason = reason
            return
        start, end, marks = self._grown(pieces, wraps=not text)
        if not marks and not any(piece.kind in (PieceKind.BREAK, PieceKind.HARD_BREAK) for piece in pieces):
            if _is_contiguous(pieces):
                for spelling in self._spelt(text):
                    yield self._way(start, end, spelling)
                yield from self._with_label([_Filled([0], frozenset())], start, end)
            return
        parts = self._parts(pieces, marks)
        if parts is None:
            return
        yield from self._keeping_a_break(parts, start, end)
        if any(part.piece and part.piece.kind is PieceKind.HARD_BREAK for part in parts):
            self.reason = HARD_BREAK
            return
        filled = self._filled_in_one_part(parts)
        self.reason = UNCERTAIN if filled else LOSES_MARKUP
        for each in filled:
            for spelling in self._spelt(text):
                yield self._way(start, end, _written(each.parts, (spelling,)), each.dropped)
                yield from self._with_blank_moved(each, spelling, start, end)
        yield from self._with_label(filled, start, end)

    def _rest(self) -> str:
        return self._document.text[self.replacement.span.end : self._block.span.end]

    def _spelt(self, text: str) -> Iterator[str]:
        return spellings(text, self._block.syntax, self._block.layers)

    def _way(self, start: int, end: int, written: str, dropped: frozenset[int] = frozenset()) -> _Way:
        innermost, layers = self._block.syntax, self._block.layers
        outermost = layers[-1] if layers else innermost
        if outermost is Syntax.CSV_BARE or (innermost is Syntax.ATTRIBUTE_BARE and not layers):
            place = self._document.origin.span(self._block.span)
            value = self._source[place.start : start] + written + self._source[end : place.end]
            quoted = _quoted(value, written, outermost)
            if quoted:
                start, end, written = place.start, place.end, quoted
        return _Way(self.replacement, self._number, Edit(Span(start, end), written), dropped)

    def _grown(self, pieces: list[Piece], *, wraps: bool) -> tuple[int, int, list[Mark]]:
        """Return the stretch to rewrite, with the pairs of marks that wrap nothing but the words, and all marks in it.

        Pairs that wrap all of the words count only when *wraps* says so: what is written instead may stay in them.
        """
        start, end = pieces[0].source_start, pieces[-1].source_end
        block_marks = self._block.marks
        marks = [mark for mark in block_marks if start <= mark.start and mark.end <= end]
        wrapping: set[int] = set()
        if wraps:
            opened = {mark.pair for mark in block_marks if mark.role is Role.OPEN and mark.end == start}
            wrapping = {mark.pair for mark in block_marks if mark.role is Role.CLOSE and mark.start == end} & opened
        grew = bool(marks or wrapping)
        while grew:
            grew = False
            inside = wrapping | {mark.pair for mark in marks if mark.pair >= 0}
            for mark in block_marks:
                opens = mark.role is Role.OPEN and mark.end == start
                closes = mark.role is Role.CLOSE and mark.start == end
                if mark.pair in inside and (opens or closes):
                    marks.append(mark)
                    start, end, grew = min(start, mark.start), max(end, mark.end), True
        return start, end, marks

    def _parts(self, pieces: list[Piece], marks: list[Mark]) -> list[_Part] | None:
        """Return pieces and marks in source order, if nothing stands between them that neither accounts for."""
        parts = [_Part(piece.source_start, piece.source_end, piece, None) for piece in pieces]
        parts += [_Part(mark.start, mark.end, None, mark) for mark in marks]
        parts.sort(key=lambda part: (part.start, part.end))
        covered = all(one.end == other.start for one, other in pairwise(parts))
        return parts if covered else None

    def _keeping_a_break(self, parts: list[_Part], start: int, end: int) -> Iterator[_Way]:
        """Yield ways that put the new words on both sides of a line break, at a blank of theirs."""
        hard = [number for number, part in enumerate(parts) if part.piece and part.piece.kind is PieceKind.HARD_BREAK]
        breaks = hard or [number for number, part in enumerate(parts) if part.is_break][:1]
        if len(hard) > 1:
            return
        words = _homes(parts, self._source)
        for number in breaks:
            before = [home for home in words if home < number]
            after = [home for home in words if home > number]
            if not before or not after:
                continue
            for first in dict.fromkeys((before[0], before[-1])):
                for second in dict.fromkeys((after[0], after[-1])):
                    filled = _filled(parts, self._source, {first: 0, second: 1}, number)
                    if filled is None:
                        continue
                    for spelling in self._spelt(self.replacement.text):
                        halves = _halves(spelling)
                        if halves:
                            yield self._way(start, end, _written(filled.parts, halves), filled.dropped)

    def _filled_in_one_part(self, parts: list[_Part]) -> list[_Filled]:
        """Return what to write with the new words in one of the parts, first in that with most of the old ones."""
        source = self._source
        homes = sorted(_homes(parts, source), key=lambda home: parts[home].start - parts[home].end)
        tried = [{home: 0} for home in homes]
        filled = [_filled(parts, source, each) for each in (tried if self.replacement.text else [{}])]
        return [each for each in filled if each]

    def _with_blank_moved(self, filled: _Filled, spelling: str, start: int, end: int) -> Iterator[_Way]:
        """Yield ways that move a blank over a sign that would stand before it, which then emphasises nothing."""
        source, parts = self._source, filled.parts
        words = [number for number, part in enumerate(parts) if isinstance(part, int)]
        if not words:
            return
        after = parts[words[-1] + 1 :]
        if any(after) and source[end : end + 1] in (" ", "\t"):
            moved = [*parts[: words[-1] + 1], source[end], *after]
            yield self._way(start, end + 1, _written(moved, (spelling,)), filled.dropped)
        before = parts[: words[0]]
        if any(before) and source[start - 1 : start] in (" ", "\t"):
            moved = [*before, source[start - 1], *parts[words[0] :]]
            yield self._way(start - 1, end, _written(moved, (spelling,)), filled.dropped)

    def _with_label(self, filled: list[_Filled], start: int, end: int) -> Iterator[_Way]:
        """Yield ways for a link whose words are its label, too: `[words]` becomes `[new words][words]`."""
        source, marks = self._source, self._block.marks
        opened = {
            mark.pair: mark for mark in marks if mark.role is Role.OPEN and mark.name == "a" and mark.end <= start
        }
        for closing in marks:
            opening = opened.get(closing.pair)
            is_label = source[closing.start : closing.end] in ("]", "][]")
            if closing.role is not Role.CLOSE or opening is None or not is_label or closing.start < end:
                continue
            label = source[opening.end : closing.start]
            for each in filled:
                for spelling in self._spelt(self.replacement.text):
                    words = _written(each.parts, (spelling,)) + source[end : closing.start]
                    yield self._way(start, closing.end, f"{words}][{label}]", each.dropped)


def _quoted(value: str, new: str, syntax: Syntax) -> str | None:
    """Return the bare *value* of a cell or an attribute in quotation marks, if what is *new* in it needs them."""
    if syntax is Syntax.ATTRIBUTE_BARE:
        return '"' + value.replace('"', "&quot;") + '"' if re.search(r"[\s\"'=<>`]", value) else None
    needed = re.search(r"[,;\t|]", new) or value.startswith('"')
    return '"' + value.replace('"', '""') + '"' if needed else None


@dataclass(frozen=True, slots=True)
class _Filled:
    """What to write: strings as they are, numbers for the new words or a half of them."""

    parts: list[str | int]
    dropped: frozenset[int]


def _obstacle(pieces: list[Piece], span: Span) -> str | None:
    if not pieces:
        return UNPLACED
    if any(piece.kind is PieceKind.OBJECT for piece in pieces):
        return OBJECT_INSIDE
    return HALF if pieces[0].start < span.start or pieces[-1].end > span.end else None


def _is_contiguous(pieces: list[Piece]) -> bool:
    return all(one.source_end == other.source_start for one, other in pairwise(pieces))


def _homes(parts: list[_Part], source: str) -> list[int]:
    """Return which parts can take new words: those with words in them, in source order."""
    homes = [number for number, part in enumerate(parts) if part.piece and not part.is_break]
    return [home for home in homes if source[parts[home].start : parts[home].end].strip()] or homes


def _filled(parts: list[_Part], source: str, homes: dict[int, int], kept_break: int = -1) -> _Filled | None:
    """Return what to write with new words at *homes*; None when markup that must stay would have nothing left in it."""
    written: list[str | int] = []
    dropped: set[int] = set()
    opened: dict[int, tuple[int, int]] = {}
    pairs = [part.mark.pair for part in parts if part.mark and part.mark.pair >= 0]
    whole = {pair for pair in pairs if pairs.count(pair) == 2}
    content = 0
    keeps_prefix = False
    for number, part in enumerate(parts):
        as_is = source[part.start : part.end]
        mark = part.mark
        if mark is None:
            if number in homes:
                written.append(homes[number])
                content += 1
            elif part.is_break:
                keeps_prefix = number == kept_break
                if keeps_prefix:
                    written.append(as_is)
                    content += 1
        elif mark.kind is MarkKind.PREFIX:
            if keeps_prefix:
                written.append(as_is)
        elif mark.role is Role.VOID:
            if mark.kind is MarkKind.KEEP:
                written.append(as_is)
                content += 1
        elif mark.pair not in whole:
            written.append(as_is)
        elif mark.role is Role.OPEN:
            opened[mark.pair] = (len(written), content)
            written.append(as_is)
        else:
            at, before = opened.get(mark.pair, (0, -1))
            if content != before:
                written.append(as_is)
            elif mark.kind is MarkKind.KEEP:
                return None
            else:
                written[at] = ""
                dropped.add(mark.pair)
    return _Filled(written, frozenset(dropped))


def _written(parts: Iterable[str | int], words: Sequence[str]) -> str:
    return "".join(part if isinstance(part, str) else words[part] for part in parts)


def _halves(text: str) -> tuple[str, str] | None:
    """Return *text* parted at the blank that is nearest to its middle."""
    blanks = [found.start() for found in re.finditer(r"(?<=\S) (?=\S)", text)]
    if not blanks:
        return None
    at = min(blanks, key=lambda blank: abs(2 * blank - len(text)))
    return text[:at], text[at + 1 :]
