"""The HTML report, for people: each document as its readers see it, with the claims marked and the notes beside them.

One file that needs no other and runs no script: filters are check boxes that the style sheet heeds, and the page's own
policy forbids everything but that style sheet. Elements are built as values, so that nothing that a document, a path
or a catalog says can become markup.
"""

from __future__ import annotations

import base64
import hashlib
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from itertools import groupby, pairwise
from xml.etree.ElementTree import Element, tostring

from kaudit.errors import DocumentError
from kaudit.model import (
    Audit,
    Block,
    BlockKind,
    Category,
    Document,
    Finding,
    Piece,
    PieceKind,
    Report,
    Severity,
    Span,
)
from kaudit.read import read
from kaudit.report.cited import CitedSource, cite_rules, cite_sources
from kaudit.report.notes import is_step, missing, rated, reason_text, whole_words
from kaudit.report.sums import count, summary_line
from kaudit.report.view import View
from kaudit.version import VERSION

WORST = sorted(Severity, reverse=True)
WAIVED = "waived"
"""How a finding that is waived looks, whatever its severity."""

BAR = 100
"""Width of the longest bar of the plot, in units of its own."""

LONG = 20
"""From so many documents on, the plot scrolls by itself, so that the documents are not far below it."""

OBJECT_SHOWN = 80
"""How much is shown of code or of an address, in characters."""

_UNSEEN = {BlockKind.ALT: "alternative text", BlockKind.META: "meta text"}
_NO_TEXT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\x7f-\x9f]")

Inside = Element | str | None


def render(report: Report, view: View) -> Iterator[str]:
    """Yield *report* as a page, document by document."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    worst = sorted(report.documents, key=lambda document: _rank(document, view))
    told = [document for document in worst if view.findings(document)]
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield '<meta name="referrer" content="no-referrer">\n<meta name="color-scheme" content="light dark">\n'
    yield _html(_of("title", f"kaudit: {count(len(report.documents), 'document')}"))
    yield f"<style>{style}</style>\n</head>\n<body>\n"
    yield _html(_of("a", "Skip to the documents", href="#documents", klass="skip"))
    yield _html(_header(report))
    yield "<main>\n"
    yield _html(_summary(report, told, view))
    yield _html(_filters(report, told, view))
    yield _html(_of("h2", "Documents", id="documents"))
    for number, document in enumerate(told, 1):
        yield _html(_document(document, number, view))
    yield _html(_others(report, [document for document in worst if not view.findings(document)]))
    yield _html(_sources(told, view))
    yield "</main>\n"
    yield _html(_footer(report))
    yield "</body>\n</html>\n"


# Elements


def _of(tag: str, *inside: Inside, klass: str = "", **attributes: str) -> Element:
    """Return an element with *inside* it; names of attributes have "_" for "-"."""
    element = Element(tag, {name.replace("_", "-"): _text(value) for name, value in attributes.items()})
    if klass:
        element.set("class", klass)
    last: Element | None = None
    for part in inside:
        if isinstance(part, Element):
            element.append(part)
            last = part
        elif part and last is None:
            element.text = (element.text or "") + _text(part)
        elif part and last is not None:
            last.tail = (last.tail or "") + _text(part)
    return element


def _text(text: str) -> str:
    """Return *text* without what no page can hold."""
    return _NO_TEXT.sub("\ufffd", text)


def _html(element: Element) -> str:
    return tostring(element, encoding="unicode", method="html") + "\n"


def _own(text: str) -> Element:
    """Return words of a document or a path, which may run from right to left, apart from what stands around them."""
    return _of("bdi", text)


def _style() -> str:
    """Return the style sheet, with a rule for each filter: what its box does not want is not shown."""
    filters = [("data-s", [*map(str, Severity), WAIVED]), ("data-c", [*map(str, Category)])]
    hidden = [
        f"html:has(#show-{name}:not(:checked)) :is(.note,sup)[{attribute}={name}]{{display:none}}\n"
        f"html:has(#show-{name}:not(:checked)) mark[{attribute}={name}]{{all:unset}}\n"
        for attribute, names in filters
        for name in names
    ]
    return files("kaudit.report").joinpath("page.css").read_text(encoding="utf-8") + "".join(hidden)


# The parts of the page


def _header(report: Report) -> Element:
    return _of(
        "header",
        _of("h1", "What these pages promise, and what they may not"),
        _of("p", summary_line(report), klass="lead"),
    )


def _rank(document: Audit, view: View) -> tuple[list[int], str]:
    counts = Counter(found.severity for found in view.findings(document) if found.waived_by is None)
    return [-counts[severity] for severity in WORST], document.path


def _summary(report: Report, told: list[Audit], view: View) -> Element:
    counts = report.summary()
    cards = [
        _of("li", _of("b", f"{number:,}"), f" {name}", klass="card", data_s=name) for name, number in counts.items()
    ]
    by_category = Counter((found.category, found.severity) for found in report.findings if found.waived_by is None)
    return _of(
        "section",
        _of("h2", "Summary", id="summary"),
        _of("ul", *cards, klass="cards"),
        _of("div", _by_category(by_category), _by_document(told, view), klass="tables") if told else None,
        aria_labelledby="summary",
    )


def _by_category(counts: Counter[tuple[Category, Severity]]) -> Element:
    rows = []
    for category in Category:
        numbers = [counts[category, severity] for severity in WORST]
        if any(numbers):
            rows.append(
                _of(
                    "tr",
                    _of("th", str(category), scope="row"),
                    *(_of("td", str(number) if number else "\u2013") for number in numbers),
                    _of("td", _of("b", str(sum(numbers)))),
                )
            )
    head = [_of("th", title, scope="col") for title in ("Category", *map(str, WORST), "all")]
    return _of(
        "table",
        _of("caption", "Findings by category"),
        _of("thead", _of("tr", *head)),
        _of("tbody", *rows),
        klass="counts",
    )


def _by_document(told: list[Audit], view: View) -> Element:
    """Return the plot of severity by document: a table whose rows hold their bars, so that it can be read aloud."""
    counted = [
        Counter(found.severity for found in view.findings(document) if found.waived_by is None) for document in told
    ]
    most = max((counts.total() for counts in counted), default=0) or 1
    rows = []
    for number, (document, counts) in enumerate(zip(told, counted, strict=True), 1):
        said = ", ".join(f"{counts[severity]} {severity}" for severity in WORST if counts[severity])
        rows.append(
            _of(
                "tr",
                _of("th", _of("a", _own(document.path), href=f"#d{number}"), scope="row"),
                _of("td", _bar(counts, most), _of("span", said or "all waived")),
            )
        )
    title = "Severity by document, the worst first"
    table = _of(
        "table",
        _of("caption", title),
        _of("thead", _of("tr", _of("th", "Document", scope="col"), _of("th", "Findings", scope="col"))),
        _of("tbody", *rows),
        klass="plot",
    )
    if len(told) <= LONG:
        return table
    return _of("div", table, klass="long", tabindex="0", role="region", aria_label=title)


def _bar(counts: Counter[Severity], most: int) -> Element:
    bars, at = [], 0.0
    for severity in WORST:
        width = BAR * counts[severity] / most
        if width:
            bars.append(
                _of("rect", x=f"{at:.2f}", y="0", width=f"{width:.2f}", height="8", klass="bar", data_s=str(severity))
            )
        at += width
    return _of("svg", *bars, viewBox=f"0 0 {BAR} 8", preserveAspectRatio="none", aria_hidden="true", focusable="false")


def _filters(report: Report, told: list[Audit], view: View) -> Element:
    listed = [found for document in told for found in view.findings(document)]
    severities, categories = {found.severity for found in listed}, {found.category for found in listed}
    boxes = [_box(str(severity)) for severity in WORST if severity in severities]
    if any(found.waived_by is not None for found in listed):
        boxes.append(_box(WAIVED))
    kinds = [_box(str(category)) for category in Category if category in categories]
    return _of(
        "section",
        _of("h2", "Filters", id="filters", klass="aside"),
        _of("fieldset", _of("legend", "Show"), *boxes),
        _of("details", _of("summary", "Categories"), _of("fieldset", _of("legend", "Show"), *kinds)),
        klass="filters",
        aria_labelledby="filters",
    )


def _box(name: str) -> Element:
    return _of("label", _of("input", type="checkbox", id=f"show-{name}", checked="checked"), f" {name}", data_s=name)


def _document(audit: Audit, number: int, view: View) -> Element:
    findings = view.findings(audit)
    owed = [found for found in findings if found.category is Category.DISCLOSURE]
    owed.sort(key=lambda found: -found.severity)
    told = [*owed, *(found for found in findings if found.category is not Category.DISCLOSURE)]
    names = {id(found): f"{number}-{order}" for order, found in enumerate(told, 1)}
    document = _read(audit)
    near = _Nearness(findings)
    parts = [_Part.of(document, block, near) for block in document.blocks]
    rows = []
    placed: set[int] = set()
    for has_notes, group in groupby(parts, key=lambda part: bool(part.marked)):
        texts = []
        for part in group:
            texts.append(_block(document, part, names))
            if has_notes:
                fresh = {id(found): found for _, inside in part.marked for found in inside if id(found) not in placed}
                placed |= set(fresh)
                beside = [
                    _note(found, names[key], view, audit.source, partial(part.words, document))
                    for key, found in fresh.items()
                    if found.category is not Category.DISCLOSURE
                ]
                rows.append(_row(texts, beside))
                texts = []
        if texts:
            rows.append(_row(texts, []))
    missing = [
        _note(found, names[id(found)], view, audit.source, lambda span: _squeezed(span.of(audit.source)))
        for found in told
        if found.category is Category.DISCLOSURE or id(found) not in placed
    ]
    return _of(
        "section",
        _of("h3", _own(audit.path), id=f"d{number}"),
        _of("p", f"{audit.words:,} words, read as {audit.format}", klass="aside"),
        *(_of("p", _own(note), klass="aside") for note in audit.remarks),
        _of("div", *missing, klass="whole") if missing else None,
        *rows,
        klass="document",
        aria_labelledby=f"d{number}",
    )


def _row(texts: list[Element], notes: list[Element]) -> Element:
    return _of(
        "div", _of("div", *texts, klass="text"), _of("div", *notes, klass="notes") if notes else None, klass="row"
    )


def _read(audit: Audit) -> Document:
    """Return the document once more as its readers see it: an audit keeps but its source, to be small."""
    try:
        return read(audit.source, format=audit.format, path=audit.path)
    except DocumentError:  # read from bytes; its source is the text in it, a paragraph a line
        lines = (Span(*found.span()) for found in re.finditer(r"[^\n]+", audit.source))
        blocks = tuple(Block(BlockKind.PARAGRAPH, line) for line in lines)
        return Document(audit.path, audit.format, audit.source, audit.source, blocks)


class _Nearness:
    """Findings by their place, so that a block does not ask all those of a long document."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._sorted = sorted(findings, key=lambda found: found.start)
        self._starts = [found.start for found in self._sorted]
        self._longest = max((found.end - found.start for found in self._sorted), default=0)

    def within(self, start: int, end: int) -> Iterator[Finding]:
        """Yield the findings that share a character with that stretch of the source."""
        for found in self._sorted[bisect_left(self._starts, start - self._longest) : bisect_left(self._starts, end)]:
            if found.end > start:
                yield found


@dataclass(frozen=True, slots=True)
class _Part:
    """A block of a document, and what was found in it."""

    block: Block
    pieces: list[Piece]
    marked: list[tuple[Span, list[Finding]]]
    """The stretches that are claims, in the visible text, each with its findings."""

    @classmethod
    def of(cls, document: Document, block: Block, near: _Nearness) -> _Part:
        """Return *block* with what is found near it."""
        pieces = document.pieces(block.span)
        if not pieces:
            return cls(block, [], [])
        spans = [
            (span, found)
            for found in near.within(pieces[0].source_start, pieces[-1].source_end)
            for span in _visible(pieces, found.span)
        ]
        edges = sorted({edge for span, _ in spans for edge in (span.start, span.end)})
        stretches = [Span(start, end) for start, end in pairwise(edges)]
        covered = [(stretch, [found for span, found in spans if span.contains(stretch)]) for stretch in stretches]
        return cls(block, pieces, [(stretch, inside) for stretch, inside in covered if inside])

    def words(self, document: Document, place: Span) -> str:
        """Return what readers see of *place* in the source, or the source itself where it does not show."""
        for span in _visible(self.pieces, place):
            return _squeezed(span.of(document.text))
        return _squeezed(place.of(document.source))


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _visible(pieces: list[Piece], place: Span) -> list[Span]:
    """Return the stretch of the visible text that *place* of the source shows as, if any."""
    shown = []
    for piece in pieces:
        start, end = max(piece.source_start, place.start), min(piece.source_end, place.end)
        if start >= end or piece.kind is PieceKind.OBJECT:
            continue
        if piece.kind is PieceKind.COPY:
            start, end = (at - piece.source_start + piece.start for at in (start, end))
        else:
            start, end = piece.start, piece.end
        shown.append(Span(start, end))
    return [Span(shown[0].start, shown[-1].end)] if shown else []


def _block(document: Document, part: _Part, names: dict[int, str]) -> Element:
    block, marked = part.block, part.marked
    inside: list[Inside] = []
    if block.kind in _UNSEEN:
        inside.append(_of("span", block.info.get("name", _UNSEEN[block.kind]), klass="kind"))
        inside.append(" ")
    at = block.span.start
    begun: set[int] = set()
    for number, (span, findings) in enumerate(marked):
        inside += _words(document, Span(at, span.start))
        fresh = [found for found in findings if id(found) not in begun]
        begun |= {id(found) for found in fresh}
        inside.append(_mark(_words(document, span), findings, fresh, names))
        later = {id(found) for _, others in marked[number + 1 :] for found in others}
        ended = [found for found in findings if id(found) not in later and found.category is not Category.DISCLOSURE]
        inside += [_reference(found, names[id(found)]) for found in ended]
        at = span.end
    inside += _words(document, Span(at, block.span.end))
    return _of("p", *inside, klass=str(block.kind), dir="auto")


def _mark(words: list[Inside], findings: list[Finding], fresh: list[Finding], names: dict[int, str]) -> Element:
    """Return *words* marked by the worst claim in them, with a place for each finding to lead back to.

    What a whole document leaves out is no fault of the words at which it is told.
    """
    claims = [found for found in findings if found.category is not Category.DISCLOSURE]
    worst = max(claims, key=lambda found: (found.waived_by is None, found.severity), default=None)
    marked = _of("mark", *words, data_s=_state(worst), data_c=str(worst.category)) if worst else _of("span", *words)
    for found in fresh:
        marked = _of("span", marked, id=f"c{names[id(found)]}")
    return marked


def _words(document: Document, span: Span) -> list[Inside]:
    """Return what readers see of *span*; code and addresses, which are no text to judge, as they are written."""
    shown: list[Inside] = []
    for piece in document.pieces(span) if span.end > span.start else ():
        if piece.kind is PieceKind.OBJECT:
            written = document.source[piece.source_start : piece.source_end]
            shown.append(_of("span", _object(written), klass="object"))
        else:
            shown.append(document.text[max(piece.start, span.start) : min(piece.end, span.end)])
    return shown


def _object(written: str) -> str:
    """Return what stands for something that is no text: a sign for a picture, else its source without the fences."""
    if written.startswith(("!", "<")):
        return "\u25ab"
    bare = written.strip("`")
    return bare if len(bare) <= OBJECT_SHOWN else f"{bare[:OBJECT_SHOWN]}\u2026"


def _reference(found: Finding, name: str) -> Element:
    told = f"Finding {name.partition('-')[2]}, {found.severity}: {found.message}"
    link = _of("a", name.partition("-")[2], href=f"#f{name}", aria_label=told)
    return _of("sup", link, data_s=_state(found), data_c=str(found.category))


def _state(found: Finding) -> str:
    return WAIVED if found.waived_by is not None else str(found.severity)


def _note(found: Finding, name: str, view: View, written: str, words: Callable[[Span], str]) -> Element:
    """Return all about *found*; *words* says what stands at a place in the source."""
    facts: list[Inside] = []
    if found.waived_by is not None:
        facts += [_of("dt", "Waived by"), _of("dd", _own(found.waived_by))]
    if any(map(is_step, found.reasons)):
        facts += [_of("dt", "Severity"), _of("dd", "; ".join(map(reason_text, rated(found))))]
    if untold := missing(found):
        facts += [_of("dt", "Missing"), _of("dd", untold)]
    for suggestion in found.suggestions:
        place, text = whole_words(suggestion, written)
        facts += [
            _of("dt", "Instead" if suggestion.safe else "Needs you"),
            _suggestion(text, words(place), suggestion.note),
        ]
    sources = cite_sources(found.sources, view.catalog)
    if sources:
        cited: list[Inside] = []
        for source in sources:
            cited += ["; " if cited else None, _of("a", source.citation, href=f"#source-{source.key}")]
        facts += [_of("dt", "Sources"), _of("dd", *cited)]
    is_missing = found.category is Category.DISCLOSURE
    return _of(
        "article",
        _of(
            "h4",
            _of(
                "a",
                name.partition("-")[2],
                href=f"#c{name}",
                klass="number",
                aria_label=f"Finding {name.partition('-')[2]}, to the claim",
            ),
            " ",
            _of("span", str(found.severity), klass="chip", data_s=str(found.severity)),
            " ",
            found.message,
        ),
        None if is_missing else _of("blockquote", _own(words(found.span))),
        _of("p", found.why),
        _of("dl", *facts) if facts else None,
        _of(
            "p",
            _of("code", found.rule),
            f" \u00b7 {found.category} \u00b7 {found.confidence} confidence \u00b7 ",
            found.place or f"line {found.line}",
            klass="aside",
        ),
        klass="note",
        id=f"f{name}",
        data_s=_state(found),
        data_c=str(found.category),
    )


def _suggestion(text: str, replaced: str, note: str | None) -> Element:
    said: list[Inside] = []
    match (replaced, text):
        case ("", text):
            said = ["add ", _of("ins", _own(text.strip()))]
        case (_, ""):
            said = ["leave out ", _of("del", _own(replaced))]
        case (_, text):
            said = [_of("ins", _own(text)), " for ", _of("del", _own(replaced))]
    return _of("dd", *said, f" \u2013 {note}" if note else None)


def _others(report: Report, clean: list[Audit]) -> Element:
    listed = [_of("li", _own(document.path)) for document in clean]
    unread = [_of("li", _own(unread.path), f": {unread.reason}") for unread in report.unread]
    return _of(
        "section",
        _of("h2", "Not read", id="unread") if unread else None,
        _of("ul", *unread) if unread else None,
        _of("h2", "Nothing to say", id="clean") if clean else None,
        _of("details", _of("summary", count(len(clean), "document")), _of("ul", *listed)) if clean else None,
    )


def _sources(told: list[Audit], view: View) -> Element:
    findings = (found for document in told for found in view.findings(document))
    cited: dict[str, CitedSource] = {
        source.key: source for rule in cite_rules(findings, view.catalog).values() for source in rule.sources
    }
    listed = [
        _of(
            "li",
            _of("b", source.citation),
            ". " if source.supports else None,
            source.supports or None,
            " " if source.place else None,
            _place(source),
            id=f"source-{source.key}",
        )
        for source in sorted(cited.values(), key=lambda source: source.citation)
    ]
    if not listed:
        return _of("section")
    return _of(
        "section", _of("h2", "Sources", id="sources"), _of("ul", *listed), klass="sources", aria_labelledby="sources"
    )


def _place(source: CitedSource) -> Inside:
    if source.url:
        return _of("a", source.place, href=source.url, rel="noreferrer noopener")
    return _of("span", source.place) if source.place else None


def _footer(report: Report) -> Element:
    digest = f" ({report.catalog_digest[:12]})" if report.catalog_digest else ""
    made = f"Made by kaudit {VERSION} with catalog {report.catalog_version or 'unknown'}{digest}, "
    meaning = "A finding says that a text is at odds with a rule or with the evidence; it is no legal advice, "
    return _of("footer", _of("p", f"{made}{count(report.rules, 'rule')}. {meaning}and a person decides."))
