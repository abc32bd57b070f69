"""Fix: a document in, the same with its suggestions applied out, its markup kept and audited again.

Safe suggestions are applied unseen, the others when they are asked for. A fix holds only if what it was for is no
longer found, nothing is found that was not there before, and the document shows the new words and is otherwise the
same.
"""

from __future__ import annotations

import difflib
import errno
import os
import tempfile
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from kaudit import read as reading
from kaudit.auditor import Auditor
from kaudit.errors import DocumentError
from kaudit.model import Audit, Category, Document, Finding, Keys, Suggestion
from kaudit.normalise import normalise
from kaudit.overlap import Apart
from kaudit.read.encoding import decode
from kaudit.read.replacing import Refusal, Replacement, Replacer, Rewritten

PASSES = 10
"""How often what a fix brings to light, or what overlapped one, is fixed in its turn."""

TRIALS = 40
"""How often fixes that do harm together are tried apart, in one document; each costs an audit of it."""

UNTRIED = "too many other fixes of this document do harm for all to be tried"
NO_PLACE = "where it is told is for you to decide"
GUESSED = "the encoding of the file is only guessed"
UNENCODABLE = "the encoding of the file has no such characters"
READ_ONLY = "files of this format are only read"
CHANGED = "was changed by another program while it was fixed; it is left as that wrote it"


@dataclass(frozen=True, slots=True)
class Fixed:
    """A finding, and the suggestion that was applied."""

    finding: Finding
    """Its place is that in the document before the pass that fixed it."""
    suggestion: Suggestion


@dataclass(frozen=True, slots=True)
class Unfixed:
    """A finding whose suggestion could not be applied, and why."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class FixResult:
    """What became of one document."""

    path: str
    format: str
    before: str = field(repr=False)
    """Its source."""
    text: str = field(repr=False)
    """Its source with the fixes in it; the same when there is none."""
    fixed: tuple[Fixed, ...] = ()
    unfixed: tuple[Unfixed, ...] = ()
    raw: bytes | None = field(repr=False, default=None)
    """The file with the fixes in it, when it was read from one."""
    gaps: tuple[str, ...] = ()
    """What was not audited, and why; empty when all was."""

    @property
    def is_changed(self) -> bool:
        """Whether any fix was applied."""
        return bool(self.fixed)

    def diff(self) -> str:
        """Return the fixes as a unified diff."""
        before, after = self.before.splitlines(keepends=True), self.text.splitlines(keepends=True)
        lines = difflib.unified_diff(before, after, f"a/{self.path}", f"b/{self.path}")
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def fix_text(
    text: str, auditor: Auditor, *, format: str = "text", path: str = "<text>", unsafe: bool = False
) -> FixResult:
    """Return what becomes of *text*.

    Raises:
        DocumentError: when there is no such format, or it is not made of text.
    """
    kept = _Text(lambda source: reading.read(source, format=format, path=path, keys=auditor.config.keys))
    return _Fixes(auditor.for_path(path), kept.read(text), kept, unsafe).result()


def fix_bytes(raw: bytes, auditor: Auditor, *, path: str, unsafe: bool = False) -> FixResult:
    """Return what becomes of the file *raw*, in the format that *path* says.

    Raises:
        DocumentError: when it cannot be read.
    """
    keys = auditor.config.keys
    document = reading.read_bytes(raw, path=path, keys=keys)
    format = reading.FORMATS[document.format]
    kept = _BinaryFile(raw, format) if format.binary else _TextFile(raw, path, format, keys)
    result = _Fixes(auditor.for_path(path), document, kept, unsafe).result()
    return replace(result, raw=kept.raw)


def fix_file(path: Path, auditor: Auditor, *, unsafe: bool = False, write: bool = True) -> FixResult:
    """Return what becomes of the file at *path*; *write* it, too, whole or not at all.

    Raises:
        DocumentError: when it cannot be read or written.
    """
    raw = reading.raw_file(path, auditor.config.max_bytes)
    result = fix_bytes(raw, auditor, path=str(path), unsafe=unsafe)
    if write and result.is_changed and result.raw is not None:
        if reading.raw_file(path, auditor.config.max_bytes) != raw:
            raise DocumentError(str(path), CHANGED)
        try:
            write_whole(path, result.raw)
        except OSError as error:
            raise DocumentError(str(path), f"cannot be written: {error.strerror or error}") from error
    return result


def write_whole(path: Path, raw: bytes) -> None:
    """Write *raw* to the file at *path*, which is the old one or the new one whenever the machine stops.

    Its permissions stay, if it is there; where *path* is a link, the file that it leads to is written.
    """
    target = path.resolve()
    if target.exists() and not os.access(target, os.W_OK):  # to exchange it needs no such right
        with target.open("r+b"):  # which tells why it may not be written
            pass
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
            temporary.chmod(_mode_of(target))
            file.close()  # before it is moved, for Windows
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def _mode_of(target: Path) -> int:
    """Return the permissions of *target*, or those of a new file."""
    try:
        return target.stat().st_mode & 0o7777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


class _Kept(Protocol):
    """Where a document is kept: knows how to put words into it."""

    def rewrite(self, document: Document, wanted: list[Replacement]) -> Rewritten:
        """Return *document* with what is *wanted* in it."""
        ...

    def keep(self, rewritten: Rewritten) -> None:
        """Take *rewritten*, which stood up to its audit, for the document as it is now."""
        ...


class _Text:
    """A text in memory."""

    def __init__(self, read: Callable[[str], Document]) -> None:
        self.read = read
        self._replacer: Replacer | None = None

    def rewrite(self, document: Document, wanted: list[Replacement]) -> Rewritten:
        if self._replacer is None or self._replacer.document is not document:
            self._replacer = Replacer(document, self.read)
        return self._replacer.replace(wanted)

    def keep(self, rewritten: Rewritten) -> None:
        """Nothing is kept but the document."""


class _TextFile(_Text):
    """A file that is made of text; its bytes stay but for those of the words that are replaced."""

    def __init__(self, raw: bytes, path: str, format: reading.Format, keys: Keys) -> None:
        super().__init__(lambda source: format.read(source, path, keys))
        self.raw = raw
        self._decoded = decode(raw, path)

    def rewrite(self, document: Document, wanted: list[Replacement]) -> Rewritten:
        if self._decoded.is_guessed:
            return _all_refused(document, wanted, GUESSED)
        made = [each for each in wanted if self._decoded.can_hold(each.text)]
        rewritten = super().rewrite(document, made)
        unmade = (each for each in wanted if not self._decoded.can_hold(each.text))
        refused = tuple(Refusal(each, UNENCODABLE) for each in unmade)
        return replace(rewritten, refused=(*rewritten.refused, *refused))

    def keep(self, rewritten: Rewritten) -> None:
        edits = ((edit.span.start, edit.span.end, edit.text) for edit in rewritten.edits)
        self.raw = self._decoded.spliced(self.raw, edits)
        self._decoded = replace(self._decoded, text=rewritten.document.source)


class _BinaryFile:
    """A file that its format's own rewriter changes, if it has one."""

    def __init__(self, raw: bytes, format: reading.Format) -> None:
        self.raw = raw
        self._format = format

    def rewrite(self, document: Document, wanted: list[Replacement]) -> Rewritten:
        rewritten = self._format.rewrite(self.raw, document, wanted)
        return rewritten or _all_refused(document, wanted, READ_ONLY)

    def keep(self, rewritten: Rewritten) -> None:
        self.raw = rewritten.raw


def _all_refused(document: Document, wanted: list[Replacement], reason: str) -> Rewritten:
    return Rewritten(document, tuple(Refusal(each, reason) for each in wanted))


@dataclass(frozen=True, slots=True)
class _Wish:
    """A finding, the suggestion to apply, and what that means for the document."""

    finding: Finding
    suggestion: Suggestion
    replacement: Replacement


class _Fixes:
    """One document while it is fixed.

    Each pass applies what stands apart; what is still to be done, or has come to light, is for the next. The last one
    changes nothing, and so would another run.
    """

    def __init__(self, auditor: Auditor, document: Document, kept: _Kept, unsafe: bool) -> None:
        self._auditor = auditor
        self._first = self._document = document
        self._kept = kept
        self._unsafe = unsafe
        self._fixed: list[Fixed] = []
        self._unfixed: list[Unfixed] = []
        self._trials = 0

    def result(self) -> FixResult:
        """Fix, and return what came of it."""
        for _ in range(PASSES):
            before = len(self._fixed)
            self._unfixed.clear()
            audit = self._auditor.audit_document(self._document)
            self._apply(audit, self._wishes(audit))
            if len(self._fixed) == before:
                break
        first = self._first
        unfixed = tuple(sorted(self._unfixed, key=lambda each: each.finding.span))
        return FixResult(
            first.path, first.format, first.source, self._document.source, tuple(self._fixed), unfixed, gaps=audit.gaps
        )

    def _wishes(self, audit: Audit) -> list[_Wish]:
        """Return what to apply in this pass: of suggestions that share words, that for the worst finding."""
        wishes: list[_Wish] = []
        taken = Apart()
        for found in sorted(audit.findings, key=lambda found: (-found.severity, -found.confidence, found.start)):
            chosen = next((each for each in found.suggestions if each.safe or self._unsafe), None)
            if chosen is None or found.waived_by is not None:
                continue
            if chosen.visible is None or not len(chosen.visible):
                self._unfixed.append(Unfixed(found, NO_PLACE))
                continue
            replacement = Replacement(chosen.visible, chosen.text, f"{found.rule}: {found.message}")
            if taken.add(replacement.span):
                wishes.append(_Wish(found, chosen, replacement))
        return wishes

    def _apply(self, audit: Audit, wishes: list[_Wish]) -> None:
        """Apply *wishes*, without those that do harm."""
        done, rewritten = self._harmless(audit, wishes, [], None)
        if done and rewritten:
            self._fixed += [Fixed(wish.finding, wish.suggestion) for wish in done]
            self._kept.keep(rewritten)
            self._document = rewritten.document

    def _harmless(
        self, audit: Audit, wishes: list[_Wish], done: list[_Wish], rewritten: Rewritten | None
    ) -> tuple[list[_Wish], Rewritten | None]:
        """Return what of *wishes* can be done besides what is *done*, with this, and the document with all of it.

        All together; if that does harm, what most likely does none before the rest.
        """
        if not wishes:
            return done, rewritten
        if self._trials > TRIALS:
            self._unfixed += [Unfixed(wish.finding, UNTRIED) for wish in wishes]
            return done, rewritten
        trial, good, harm = self._tried(audit, [*done, *wishes])
        if not harm:
            self._refuse(trial, wishes)
            return good, trial
        self._trials += 1
        for part in self._parted(wishes, harm):
            done, rewritten = self._harmless(audit, part, done, rewritten)
        return done, rewritten

    def _parted(self, wishes: list[_Wish], harm: _Harm) -> tuple[list[_Wish], list[_Wish]]:
        """Return what to try first of *wishes*, which do *harm* together, and what then.

        A fix is to blame if it is the only one in a block with harm, and of several there half may be. Where harm is
        seen only in blocks that none of them is in, half of all may be.
        """
        in_block = _Places(self._document).by_block(wishes)
        if harm.keys().isdisjoint(in_block):
            if len(wishes) == 1:
                self._unfixed.append(Unfixed(wishes[0].finding, next(iter(harm.values()))))
                return [], []
            return wishes[: len(wishes) // 2], wishes[len(wishes) // 2 :]
        first: list[_Wish] = []
        then: list[_Wish] = []
        for block, here in in_block.items():
            if block not in harm:
                first += here
            elif len(here) == 1:
                self._unfixed.append(Unfixed(here[0].finding, harm[block]))
            else:
                first += here[: len(here) // 2]
                then += here[len(here) // 2 :]
        return first, then

    def _tried(self, audit: Audit, wishes: list[_Wish]) -> tuple[Rewritten, list[_Wish], _Harm]:
        """Return the document with *wishes* in it, those that could be applied, and what harm they do."""
        rewritten = self._kept.rewrite(self._document, [wish.replacement for wish in wishes])
        refused = {refusal.replacement for refusal in rewritten.refused}
        done = [wish for wish in wishes if wish.replacement not in refused]
        if not done:
            return rewritten, done, {}
        after = self._auditor.audit_document(rewritten.document, suggesting=False)
        return rewritten, done, self._harm(audit.findings, rewritten.document, after.findings, done)

    def _refuse(self, rewritten: Rewritten, wishes: list[_Wish]) -> None:
        reasons = {refusal.replacement: refusal.reason for refusal in rewritten.refused}
        for wish in wishes:
            if wish.replacement in reasons:
                self._unfixed.append(Unfixed(wish.finding, reasons[wish.replacement]))

    def _harm(
        self, before: Iterable[Finding], rewritten: Document, after: Iterable[Finding], done: list[_Wish]
    ) -> _Harm:
        """Return in which blocks something is found *after* that should not be, given what was *done*.

        Comments that are needed no more are no harm, nor is another place of what is told once.
        """
        harm: _Harm = {}
        once = {name for name, rule in self._auditor.rules.items() if rule.once}
        places, new_places = _Places(self._document), _Places(rewritten)
        known = Counter((places.block_of(found), found.rule, _words(found)) for found in before)
        left = Counter((places.block_of(found), found.rule) for found in before)
        fixed = Counter((places.block_of(wish.finding), wish.finding.rule) for wish in done)
        left.subtract(fixed)
        for found in after:
            block = new_places.block_of(found)
            known[block, found.rule, _words(found)] -= 1
            left[block, found.rule] -= 1
            if found.category is Category.WAIVER or found.rule in once:
                continue
            if known[block, found.rule, _words(found)] < 0:
                harm.setdefault(block, f"the new words would be found by {found.rule}: {found.text!r}")
            elif left[block, found.rule] < 0 and fixed[block, found.rule]:
                harm.setdefault(block, f"{found.rule} would still be found")
        return harm


_Harm = dict[int, str]
"""What fixes do that they should not, by the number of the block in which it shows."""

NOWHERE = -1
"""The block of a missing disclosure, which is the same wherever it is told."""


class _Places:
    """Tells in which block of a document a finding is."""

    def __init__(self, document: Document) -> None:
        starts = ((document.origin.span(block.span).start, at) for at, block in enumerate(document.blocks))
        self._starts = sorted(starts)

    def block_of(self, found: Finding) -> int:
        """Return the number of the block."""
        at = bisect_right(self._starts, (found.start, len(self._starts))) - 1
        return NOWHERE if at < 0 or found.category is Category.DISCLOSURE else self._starts[at][1]

    def by_block(self, wishes: Iterable[_Wish]) -> dict[int, list[_Wish]]:
        """Return *wishes* by the numbers of their blocks."""
        found: dict[int, list[_Wish]] = {}
        for wish in wishes:
            found.setdefault(self.block_of(wish.finding), []).append(wish)
        return found


def _words(found: Finding) -> str:
    """Return the words of *found*, which tell it from others of its rule."""
    return "" if found.category is Category.DISCLOSURE else normalise(found.text).text
