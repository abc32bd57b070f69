"""What fuzzers feed: for each target a function that takes any bytes, and fails if they lead to what may not be.

A target lets through what the documentation says may be raised; every other exception, and every broken promise, is a
bug. No fuzzer is needed to run them: tests do so on the kept corpus, with every Python.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable
from functools import cache, partial
from itertools import pairwise
from pathlib import Path

from places import assert_places
from small_catalogs import HEAD, catalog_of

from kaudit.auditor import Auditor
from kaudit.catalog.load import compile_template, load_texts
from kaudit.catalog.texts import CatalogText
from kaudit.config.settings import load_settings
from kaudit.errors import CatalogError, ConfigError, DocumentError
from kaudit.fixer import PASSES, FixResult, fix_bytes
from kaudit.model import Audit, Category, Document, PieceKind, Span
from kaudit.normalise import normalise
from kaudit.read import FORMATS, read_bytes
from kaudit.read.encoding import decode
from kaudit.waive.baseline import load_baseline
from kaudit.waive.register import load_register

Target = Callable[[bytes], None]

MARKED_UP = frozenset({"markdown", "mdx", "html"})
"""Formats of whose places `assert_places` knows more."""

CATALOG = """
lexicons:
  remedy: [drug~, medicine~, pill~]
subjects:
  any: {name: 'the treatment', common_harms: '[name the harms]'}
claims:
  - id: wonder
    category: hyperbole
    severity: high
    message: Too much.
    why: Nobody knows.
    sources: [law]
    match: ['wonder {remedy}', 'magic']
    rewrite: [{match: 'wonder drug', to: 'medicine'}, {match: 'magic', to: ''}]
    examples: {flag: ['[[wonder drug]]'], pass: [y], fix: [{from: A wonder drug., to: A medicine.}]}
  - id: harmless
    category: safety
    severity: critical
    message: Too safe.
    why: Nobody is.
    sources: [law]
    match: ['harmless', 'no <0-2> (risk|harm)']
    rewrite:
      - {match: 'harmless', to: "with {subject.common_harms} & 'care'"}
      - {match: 'no <0-2> (risk|harm)', to: 'few # <risks>: "such"'}
    examples: {flag: ['[[harmless]]'], pass: [y], fix: [{from: Harmless., to: "With [name the harms] & 'care'."}]}
"""


@cache
def small_auditor() -> Auditor:
    """Return an auditor with a few rules, whose fixes need every way of writing."""
    return Auditor(catalog_of(CATALOG))


@cache
def whole_auditor() -> Auditor:
    """Return an auditor with the built-in catalog."""
    return Auditor()


def assert_read(document: Document) -> None:
    """Fail unless every visible character of *document* leads to its place in the source.

    Of some values is only known where they stand as a whole: all that shows of such a one comes from all of it.
    """
    for one, other in pairwise(document.blocks):
        assert one.span.end <= other.span.start, "blocks stand in reading order, apart"
    for block in document.blocks:
        at = block.span.start
        before = Span(0, 0)
        for piece in document.pieces(block.span):
            assert piece.start <= at < piece.end, (block, piece)
            source = Span(piece.source_start, piece.source_end)
            assert 0 <= source.start < source.end <= len(document.source), piece
            assert source.start >= before.end or source == before, "pieces of a block stand in source order"
            if piece.kind is PieceKind.COPY:
                assert document.text[piece.start : piece.end] == source.of(document.source)
            at, before = piece.end, source
        assert at >= block.span.end, "every visible character comes from somewhere"
    for comment in document.comments:
        assert 0 <= comment.span.start < comment.span.end <= len(document.source)
    has_values = any(block.layers for block in document.blocks)  # front matter
    if document.format in MARKED_UP and not has_values:
        assert_places(document)


def assert_fixed(before: Audit, after: Audit, result: FixResult, auditor: Auditor) -> None:
    """Fail unless a document that is audited as *before* and then *after* was fixed as *result* says.

    What was fixed is found no more, and nothing is found that was not there. Rules that are told once are left out, for
    another place of theirs may come to light, and so are comments, which may be idle now.
    """
    rules = auditor.rules

    def counted(audit: Audit) -> Counter[tuple[str, str]]:
        return Counter(
            (found.rule, "" if found.category is Category.DISCLOSURE else normalise(found.text).text)
            for found in audit.findings
            if found.category is not Category.WAIVER and not (found.rule in rules and rules[found.rule].once)
        )

    were, are = counted(before), counted(after)
    assert not are - were, f"found only after the fix: {are - were}"
    fixed = Counter(each.finding.rule for each in result.fixed)
    left = Counter(rule for rule, _ in are.elements())
    for rule, times in Counter(rule for rule, _ in were.elements()).items():
        assert left[rule] <= max(0, times - fixed[rule]), f"{rule} was fixed and is still found"


def assert_untouched(before: Document, after: str) -> None:
    """Fail unless all that readers do not see of *before*, and is no markup of words, stands in *after*, in order."""
    stretches: list[Span] = []
    for block in before.blocks:
        pieces = before.pieces(block.span)
        starts = [*(piece.source_start for piece in pieces), *(mark.start for mark in block.marks)]
        ends = [*(piece.source_end for piece in pieces), *(mark.end for mark in block.marks)]
        stretches.append(Span(min(starts), max(ends)))
    at = done = 0
    for span in sorted(stretches):
        if span.start > done:
            kept = before.source[done : span.start]
            found = after.find(kept, at)
            assert found >= 0, f"lost: {kept!r}"
            at = found + len(kept)
        done = max(done, span.end)
    assert after[at:].endswith(before.source[done:])


def assert_fixes(raw: bytes, path: str, auditor: Auditor, *, unsafe: bool) -> FixResult | None:
    """Fail unless fixing *raw* keeps its promises; return what came of it, or None where it cannot be read."""
    try:
        document = read_bytes(raw, path=path)
    except DocumentError:
        return None
    result = fix_bytes(raw, auditor, path=path, unsafe=unsafe)
    assert result.raw is not None
    if not result.is_changed:
        assert result.raw == raw
        return result
    fixed = read_bytes(result.raw, path=path)
    if not FORMATS[document.format].binary:
        assert fixed.source == result.text
        assert_untouched(document, fixed.source)
    assert_fixed(auditor.audit_document(document), auditor.audit_document(fixed), result, auditor)
    again = fix_bytes(result.raw, auditor, path=path, unsafe=unsafe)
    assert not again.is_changed or len(result.fixed) >= PASSES, "a second run changes nothing"
    return result


# Targets


def _read(name: str, raw: bytes) -> None:
    try:
        document = read_bytes(raw, format=name, path="fuzz")
    except DocumentError:
        return
    assert_read(document)


CONTENT_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"></Types>'


def docx_of(xml: bytes) -> bytes:
    """Return a Word document with *xml* for its body."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr(zipfile.ZipInfo("[Content_Types].xml"), CONTENT_TYPES)  # without the time of day
        file.writestr(zipfile.ZipInfo("word/document.xml"), xml)
    return packed.getvalue()


def _read_docx_body(xml: bytes) -> None:
    _read("docx", docx_of(xml))


FIXED = tuple(name for name in FORMATS if name != "pdf")
"""Formats in the order in which the first byte for the target `fix` chooses among them."""


def _fix(raw: bytes) -> None:
    """Fix *raw*, whose first byte says the format and whether unsafe suggestions are wanted."""
    if not raw:
        return
    unsafe, number = divmod(raw[0], 128)
    format = FORMATS[FIXED[number % len(FIXED)]]
    document = docx_of(raw[1:]) if format.name == "docx" else raw[1:]
    assert_fixes(document, f"fuzz{format.suffixes[0]}", small_auditor(), unsafe=bool(unsafe))


def _audit(raw: bytes) -> None:
    try:
        audit = whole_auditor().audit_document(read_bytes(raw, format="markdown", path="fuzz"))
    except DocumentError:
        return
    for found in audit.findings:
        assert found.text == found.span.of(audit.source)
        for suggestion in found.suggestions:
            assert 0 <= suggestion.span.start <= suggestion.span.end <= len(audit.source)


def _decode(raw: bytes) -> None:
    try:
        decoded = decode(raw, "fuzz")
    except DocumentError:
        return
    if decoded.is_guessed:
        return
    assert decoded.spliced(raw, ()) == raw
    if decoded.can_hold("ab"):
        middle = len(decoded.text) // 2
        spliced = decoded.spliced(raw, [(0, 0, "a"), (middle, len(decoded.text), "b")])
        assert spliced[len(decoded.mark) :].decode(decoded.encoding) == f"a{decoded.text[:middle]}b"


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", errors="replace")


LEXICONS = CatalogText("fuzz.yaml", HEAD + "lexicons: {disorder: [low mood, illness~], strong: [very, so much]}\n")


def _template(raw: bytes) -> None:
    try:
        compile_template(_text(raw), [LEXICONS])
    except CatalogError as error:
        assert error.problems
        assert all(problem.line >= 1 and problem.column >= 1 for problem in error.problems)


def _catalog(raw: bytes) -> None:
    try:
        load_texts([CatalogText("fuzz.yaml", _text(raw))])
    except CatalogError as error:
        assert error.problems
        assert all(problem.line >= 1 and problem.column >= 1 for problem in error.problems)


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="kaudit-fuzz-"))
    (folder / ".git").mkdir()  # what `extend` stays inside of
    return folder


def _file(name: str, load: Callable[[Path], object], raw: bytes) -> None:
    path = _folder() / name
    path.write_bytes(raw)
    try:
        load(path)
    except ConfigError as error:
        assert str(error)


def _plain(text: str) -> str:
    return normalise(text).text


TARGETS: dict[str, Target] = {
    **{f"read-{name}": partial(_read, name) for name in FORMATS},
    "read-docx-body": _read_docx_body,
    "decode": _decode,
    "fix": _fix,
    "audit": _audit,
    "template": _template,
    "catalog": _catalog,
    "config": partial(_file, "kaudit.toml", load_settings),
    "register": partial(_file, "claims.yaml", lambda path: load_register(path, _plain)),
    "baseline": partial(_file, "baseline.json", load_baseline),
}
"""By name."""
