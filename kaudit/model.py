"""The values that the stages hand on: documents, segments, matches, judgements, findings.

All offsets count Unicode code points from 0; lines and columns start at 1. Which text a span belongs to is part of
its meaning: *source* is the file as decoded, *visible* what its readers see, *normalised* what patterns are matched on.
"""

from __future__ import annotations

import enum
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import NamedTuple, Self

from kaudit.errors import DocumentError


class Severity(enum.IntEnum):
    """How much harm a claim can do; defined in docs/severity.md."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2
    CRITICAL = 3

    def __str__(self) -> str:
        return self.name.lower()

    @classmethod
    def parse(cls, name: str) -> Self:
        """Return the member called *name*; raises KeyError."""
        return cls[name.upper()]


class Confidence(enum.IntEnum):
    """How often a careful reader agrees that the words are a claim that goes too far."""

    LOW = 0
    """Only a pedant wants to see it; shown with --pedantic."""
    MEDIUM = 1
    HIGH = 2

    def __str__(self) -> str:
        return self.name.lower()

    @classmethod
    def parse(cls, name: str) -> Self:
        """Return the member called *name*; raises KeyError."""
        return cls[name.upper()]


class Category(enum.StrEnum):
    """What kind of overclaim it is."""

    HYPERBOLE = "hyperbole"
    CURE = "cure"
    EFFICACY = "efficacy"
    STATISTIC = "statistic"
    SUPERIORITY = "superiority"
    SAFETY = "safety"
    TIMING = "timing"
    APPROVAL = "approval"
    MECHANISM = "mechanism"
    EVIDENCE = "evidence"
    TESTIMONIAL = "testimonial"
    SUITABILITY = "suitability"
    SCOPE = "scope"
    AUTHORITY = "authority"
    PRESSURE = "pressure"
    NATURAL = "natural"
    DISCLOSURE = "disclosure"
    """Not a claim, but what a whole document leaves out."""
    WAIVER = "waiver"
    """Not a claim either, but an ignore comment that is of no use."""


class Jurisdiction(enum.StrEnum):
    """Whose rules are applied."""

    US = "us"
    UK = "uk"
    EU = "eu"
    AU = "au"
    CA = "ca"


class BlockKind(enum.StrEnum):
    """What part of a page a stretch of visible text is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    CELL = "cell"
    ALT = "alt"
    """Text for those who do not see a picture, or who point at something: alt, title, aria-label and the like."""
    META = "meta"
    """What search engines and previews show: title, description; of a page, its front matter or a data file."""


class Syntax(enum.StrEnum):
    """How words have to be written at a place in the source, so that readers see them as they are."""

    TEXT = "text"
    MARKDOWN = "markdown"
    MARKDOWN_CELL = "markdown-cell"
    MARKDOWN_TITLE = "markdown-title"
    """The title of a link or picture, in quotation marks."""
    HTML = "html"
    HTML_TEXT = "html-text"
    """Character references, but no tags: <title>, <textarea>."""
    ATTRIBUTE_DOUBLE = "attribute-double"
    ATTRIBUTE_SINGLE = "attribute-single"
    ATTRIBUTE_BARE = "attribute-bare"
    JSON = "json"
    YAML_PLAIN = "yaml-plain"
    YAML_SINGLE = "yaml-single"
    YAML_DOUBLE = "yaml-double"
    YAML_BLOCK = "yaml-block"
    TOML_BASIC = "toml-basic"
    TOML_LITERAL = "toml-literal"
    RST = "rst"
    CSV_BARE = "csv-bare"
    CSV_QUOTED = "csv-quoted"
    PO = "po"


class PieceKind(enum.IntEnum):
    """How a stretch of the source shows."""

    COPY = 0
    """Character for character."""
    ATOM = 1
    """As a whole: an entity, an escape; half of it shows nothing."""
    BREAK = 2
    """A line break inside a block, with the blanks around it; shows as a blank."""
    HARD_BREAK = 3
    """A line break that readers see as one; shows as a blank."""
    OBJECT = 4
    """Something that is no text, shows as OBJECT: code, a picture, an address, an expression of a template."""


class MarkKind(enum.IntEnum):
    """What becomes of markup when the words that it wraps are replaced."""

    FORMAT = 0
    """Emphasis without attributes: may go when nothing is left in it."""
    KEEP = 1
    """Links, elements with attributes, notes, comments, tags of templates: must stay."""
    SOFT = 2
    """Shows nothing and carries nothing, such as a soft hyphen: may go."""
    PREFIX = 3
    """What a container writes at the beginning of a line, such as "> ": goes with the line break before it."""


class Role(enum.IntEnum):
    """Whether markup begins, ends or stands alone."""

    OPEN = 0
    CLOSE = 1
    VOID = 2


class Hedging(enum.StrEnum):
    """What "may" and a stated limit do to a claim; TAXONOMY of severities in docs/severity.md."""

    CLEARS = "clears"
    """A hedge lowers it by one level; a hedge and a limit together clear it."""
    LOWERS = "lowers"
    """A hedge lowers it by one level; below low there is no finding."""
    HOLDS = "holds"
    """A hedge lowers it by one level, and never clears it: cures, absence of risk."""


class Context(enum.StrEnum):
    """How a sentence uses the words of a match."""

    NEGATED = "negated"
    ASKED = "asked"
    PRESUPPOSED = "presupposed"
    """Asked, but the question takes the claim for granted: "Why is it so effective?"."""
    QUOTED = "quoted"
    """Inside quotation marks, in a sentence that says more: where the document sells nothing, it is reported."""
    CRITICISED = "criticised"
    """Quoted or attributed in order to doubt it."""
    WARNED = "warned"
    """The reader is told to beware of it."""
    RISK = "risk"
    """Part of a plain statement of risk."""
    HEDGED = "hedged"
    LIMITED = "limited"
    """Says for whom, how long, how much or how surely; clears nothing alone."""
    SOURCED = "sourced"
    COMPARED = "compared"
    """Gives both the population and the comparator."""
    VULNERABLE = "vulnerable"
    BOOSTED = "boosted"
    CONDITIONAL = "conditional"
    """Supposed, wished, guessed or recommended; recorded, changes no severity."""


class Slot(enum.StrEnum):
    """What a sound figure on outcomes tells, in the order in which people ask for it."""

    POPULATION = "population"
    """Who was studied."""
    NUMBER = "number"
    """How many they were."""
    COMPARATOR = "comparator"
    OUTCOME = "outcome"
    """What was measured."""
    TIME = "time"
    """After how long."""
    SOURCE = "source"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of some text, from *start* up to but without *end*."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def shifted(self, by: int) -> Span:
        """Return the same stretch, *by* characters further on."""
        return Span(self.start + by, self.end + by)

    def overlaps(self, other: Span) -> bool:
        """Return whether the two share at least one character."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Return whether *other* lies wholly within."""
        return self.start <= other.start and other.end <= self.end

    def of(self, text: str) -> str:
        """Return the words that the span marks in *text*."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """From a text to the one that it was made of: at each break, what to add from there on.

    Empty when both are the same, character for character. Between breaks the two run in step.
    """

    breaks: tuple[int, ...] = ()
    shifts: tuple[int, ...] = ()

    def __call__(self, offset: int) -> int:
        """Return where the character at *offset* comes from."""
        at = bisect_right(self.breaks, offset)
        return offset + self.shifts[at - 1] if at else offset

    def span(self, span: Span) -> Span:
        """Return the stretch that *span* was made of; it ends right after its last character."""
        if not self.breaks:
            return span
        return Span(self(span.start), self(span.end - 1) + 1 if span.end > span.start else self(span.start))


class Lines:
    """Where the lines of a source begin. Lines and columns count from 1, columns in code points."""

    def __init__(self, source: str) -> None:
        self._source = source

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        at = self._source.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self._source.find("\n", at + 1)
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column of *offset*."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def region(self, span: Span) -> tuple[int, int, int, int]:
        """Return first line and column of *span*, and the line and column behind its end."""
        return *self.position(span.start), *self.position(span.end)


@dataclass(frozen=True, slots=True)
class Keys:
    """Which values in a file of data are copy, by the keys that lead to them.

    A pattern is a key, or several joined by full stops, with * for anything; all that stands below it is meant.
    """

    read: tuple[str, ...] = ()
    """When given, only these are; otherwise what looks like prose, or has a key such as "title"."""
    skip: tuple[str, ...] = ()
    """These are not, whatever *read* says."""
    deepest: int = 200
    """Files whose values are nested deeper are not read: nobody writes them, and they are made to break programs."""


@dataclass(frozen=True, slots=True)
class CatalogLimits:
    """How large a catalog may be that people write."""

    bytes: int
    depth: int
    aliases: int


CATALOG_LIMITS = CatalogLimits(bytes=2 * 1024 * 1024, depth=20, aliases=0)
"""What holds when nothing else is said."""


OBJECT = "\ufffc"
"""What stands in visible text for something that is no text, so that the words around it do not join."""

LOCKED = "locked"
"""What in `info` of a block says why its words cannot be changed where they are."""

NOTHING: Mapping[str, str] = MappingProxyType({})


class Piece(NamedTuple):
    """A stretch of visible text, and the stretch of the source that shows as it.

    A NamedTuple and no dataclass, because a page has thousands, and making one costs a third.
    """

    start: int
    """In the visible text."""
    end: int
    source_start: int
    source_end: int
    kind: PieceKind = PieceKind.COPY


class Mark(NamedTuple):
    """Markup between pieces of one block, in the source; a NamedTuple for the same reason."""

    start: int
    end: int
    name: str
    """Such as "strong", "a", "footnote", "prefix"."""
    kind: MarkKind
    role: Role = Role.VOID
    pair: int = -1
    """The same number on what opens and on what closes it."""


@dataclass(frozen=True, slots=True)
class PieceMap:
    """From a text to the one that it was made of, where they do not run in step: piece by piece."""

    pieces: tuple[Piece, ...]
    """In order, apart from each other in the visible text."""

    def within(self, span: Span) -> list[Piece]:
        """Return the pieces that *span* touches, cut to it where they are copies."""
        at = bisect_right(self.pieces, span.start, key=_end_of)
        found: list[Piece] = []
        while at < len(self.pieces) and self.pieces[at].start < span.end:
            piece = self.pieces[at]
            if piece.kind is PieceKind.COPY:
                start, end = max(piece.start, span.start), min(piece.end, span.end)
                shift = piece.source_start - piece.start
                piece = Piece(start, end, start + shift, end + shift)
            found.append(piece)
            at += 1
        return found

    def span(self, span: Span) -> Span:
        """Return the stretch from where the first to where the last character of *span* comes from."""
        found = self.within(span if span.end > span.start else Span(span.start, span.start + 1))
        if not found:
            end = self.pieces[-1].source_end if self.pieces else 0
            return Span(end, end)
        start = found[0].source_start
        return Span(start, found[-1].source_end if span.end > span.start else start)


def _end_of(piece: Piece) -> int:
    return piece.end


def _span_of(block: Block) -> Span:
    return block.span


class Block(NamedTuple):
    """A heading, paragraph, list item, cell: sentences never cross its borders."""

    kind: BlockKind
    span: Span
    """In the visible text of its document."""
    syntax: Syntax = Syntax.TEXT
    """How words must be written here."""
    layers: tuple[Syntax, ...] = ()
    """How what was written so must be written once more for what it is embedded in, from inside out."""
    marks: tuple[Mark, ...] = ()
    """The markup in it, in source order."""
    info: Mapping[str, str] = NOTHING
    """What else is known of its place: "name" of an attribute or property, "key", "member", "paragraph", "page",
    "time", "landmark"; and LOCKED."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment of its author, which no reader sees."""

    span: Span
    """In the source, with the signs that make it a comment."""
    text: str
    """Without them."""


_LINE_BREAK = re.compile(r"[ \t]*\r?\n[ \t]*")


@dataclass(frozen=True, slots=True)
class Document:
    """A named text as its readers see it, and where each character stands in the source."""

    path: str
    format: str
    source: str
    """The file, decoded; findings and fixes speak of places in it."""
    text: str
    """What a reader sees; the same as *source* in plain text, but for addresses."""
    blocks: tuple[Block, ...]
    """In reading order, apart from each other; what lies between them is not read."""
    origin: OffsetMap | PieceMap = field(default_factory=OffsetMap)
    """From *text* to *source*."""
    comments: tuple[Comment, ...] = ()
    """In source order."""
    notes: tuple[str, ...] = ()
    """What whoever reads the report should know of how it was read."""

    def place_of(self, block: Block, start: int) -> str:
        """Return where *block* is, for people who see no lines: the page, the paragraph, the key; else "".

        Of subtitles it is the time of what is said at *start* in the source.
        """
        match block.info:
            case {"page": page, "box": box}:
                left, _, _, top = box.split()
                return f"page {page}, {left} points from the left and {top} from the foot"
            case {"paragraph": number, "member": member}:
                part = PurePosixPath(member).stem
                place = f"paragraph {number}" if part == "document" else f"{part}, paragraph {number}"
                heading = self._heading_above(block)
                return f'{place}, under "{heading}"' if heading else place
            case {"time": time}:
                times = [mark.name for mark in block.marks if mark.end <= start and mark.name[:1].isdigit()]
                return times[-1] if times else time
            case {"key": key}:
                return f"key {key}"
        return ""

    def _heading_above(self, block: Block) -> str:
        """Return the nearest heading above *block*, in the same part of the file; "" when it is one itself."""
        if block.kind is BlockKind.HEADING:
            return ""
        at = bisect_left(self.blocks, block.span, key=_span_of)
        above = (other for other in reversed(self.blocks[:at]) if other.kind is BlockKind.HEADING)
        found = next(above, block)
        is_above = found is not block and found.info.get("member") == block.info.get("member")
        return " ".join(found.span.of(self.text).split()) if is_above else ""

    def pieces(self, span: Span) -> list[Piece]:
        """Return what *span* of the visible text is made of."""
        if isinstance(self.origin, PieceMap):
            return self.origin.within(span)
        pieces: list[Piece] = []
        start = span.start
        for found in _LINE_BREAK.finditer(self.text, span.start, span.end):
            pieces += self._copied(start, found.start())
            pieces.append(self._piece(*found.span(), PieceKind.BREAK))
            start = found.end()
        return [*pieces, *self._copied(start, span.end)]

    def _copied(self, start: int, end: int) -> Iterator[Piece]:
        """Yield what shows as it is written, and the objects that stand in place of what is not to be read."""
        place = self.origin.span(Span(start, end))
        if start < end and self.text[start:end] == place.of(self.source):
            yield self._piece(start, end, PieceKind.COPY)
            return
        same = [shown == written for shown, written in zip(self.text[start:end], place.of(self.source), strict=True)]
        at = start
        for is_copy, group in groupby(same):
            length = len(list(group))
            yield self._piece(at, at + length, PieceKind.COPY if is_copy else PieceKind.OBJECT)
            at += length

    def _piece(self, start: int, end: int, kind: PieceKind) -> Piece:
        source = self.origin.span(Span(start, end))
        return Piece(start, end, source.start, source.end, kind)


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence, heading or list item of normalised text, with its neighbours."""

    text: str
    """Normalised: ASCII, lower case, single blanks."""
    cased: str
    """The same, capitals as written; same length."""
    start: int
    """Offset of *text* in the document's normalised text."""
    kind: BlockKind
    before: str = ""
    """The sentence before, in lower case; "" when there is none."""
    after: str = ""
    """The sentence after, in lower case, in the same block or the next; "" when there is none."""
    heading: str = ""
    """The nearest heading above, in lower case; behind it what leads in the list that it stands in."""
    lead: str = ""
    """What leads in that list, by itself."""
    goes_on: str = ""
    """The sentence after, if it stands in the same block."""
    marks_before: int = -1
    """How many quotation marks stand before it in its block; -1 where those of the block do not pair."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One cue, and what it makes of a match."""

    context: Context
    cue: str
    span: Span
    """Place of the cue in the document's normalised text."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a sentence uses the words of a match: every effect, with its cue. Empty: plainly asserted."""

    effects: tuple[Effect, ...] = ()

    def without(self, contexts: frozenset[Context]) -> Judgement:
        """Return the same without the effects of these *contexts*."""
        if not contexts:
            return self
        return Judgement(tuple(effect for effect in self.effects if effect.context not in contexts))

    def first(self, *contexts: Context) -> Effect | None:
        """Return the first effect of one of these *contexts*."""
        return next((effect for effect in self.effects if effect.context in contexts), None)


GAP = "\u2026"
"""Stands for a claim among the words around it."""


@dataclass(frozen=True, slots=True)
class Weight:
    """How strongly a sentence puts a claim. It is no stronger with more of *less*, or with less of *more*."""

    less: tuple[str, ...] = ()
    """The words that take from it, such as hedges and limits; sorted."""
    more: tuple[str, ...] = ()
    """Those that add to it, such as boosters; sorted."""
    around: str = ""
    """All its other words, with a GAP for the claim: any that comes, goes or changes may make it stronger."""


DISGUISED = "disguised"
"""The effect of a reason that says what words stand for that are not written as they are meant."""

MISSING = "missing"
"""The effect of a reason that names a slot which a figure leaves empty."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One step from the base severity to the final one."""

    effect: str
    """Such as "-1", "+1", or "high" for the base severity; MISSING for what a figure does not tell."""
    cue: str
    """The words that caused it; the rule's id for the base severity; the name of the slot that is missing."""
    span: Span
    """Place of the cue in the source."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Words to use instead; a person decides."""

    span: Span
    """What to replace, in the source; may be wider than the finding."""
    text: str
    safe: bool
    """Whether it can be applied unseen, because it keeps what is supported, invents nothing, needs no decision."""
    note: str | None = None
    visible: Span | None = None
    """What to replace, in the visible text; None for words to add, whose place a person chooses."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What the user is told about one claim."""

    rule: str
    category: Category
    severity: Severity
    confidence: Confidence
    start: int
    """In the source, code points from 0."""
    end: int
    line: int
    column: int
    end_line: int
    end_column: int
    text: str
    """The words as the source has them."""
    message: str
    why: str
    reasons: tuple[Reason, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    sources: tuple[str, ...] = ()
    """Keys of the catalog's sources."""
    waived_by: str | None = None
    fingerprint: str = ""
    place: str = ""
    """Where it stands, in words for people, where lines do not say it: `Document.place_of`."""

    @property
    def span(self) -> Span:
        """The place in the source."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found in one document."""

    path: str
    format: str
    words: int
    findings: tuple[Finding, ...]
    source: str = field(repr=False, default="")
    notes: tuple[str, ...] = ()
    """What to know of how the document was read, and of waivers that are no longer needed or no longer hold."""
    approvals: frozenset[str] = frozenset()
    """Ids of the approved claims that it makes."""
    gaps: tuple[str, ...] = ()
    """What was not audited in it, and why; empty when all was."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What its notes and gaps say."""
        return (*self.notes, *self.gaps)


@dataclass(frozen=True, slots=True)
class Unread:
    """A document that could not be audited, and why."""

    path: str
    reason: str
    is_usual: bool = False
    """Whether folders hold such files: see DocumentError."""

    @classmethod
    def of(cls, error: DocumentError) -> Self:
        """Return the document that *error* tells of."""
        return cls(error.path, error.reason, error.is_usual)


@dataclass(frozen=True, slots=True)
class Report:
    """What a run found: every document that was audited, and every one that could not be."""

    documents: Sequence[Audit]
    unread: tuple[Unread, ...] = ()
    catalog_version: str = ""
    catalog_digest: str = ""
    rules: int = 0

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, document by document, in reading order."""
        return tuple(found for document in self.documents for found in document.findings)

    def summary(self) -> Mapping[str, int]:
        """Return how many findings there are of each severity, worst first, and how many are waived."""
        counts = {str(severity): 0 for severity in sorted(Severity, reverse=True)}
        waived = 0
        for found in (found for document in self.documents for found in document.findings):
            if found.waived_by is None:
                counts[str(found.severity)] += 1
            else:
                waived += 1
        return {**counts, "waived": waived}
