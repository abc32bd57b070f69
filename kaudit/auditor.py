"""Audit: the pipeline, from a document to its findings."""

from __future__ import annotations

import hashlib
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property, partial
from itertools import accumulate
from operator import itemgetter
from pathlib import Path
from typing import TypeAlias

from kaudit import read as reading
from kaudit.catalog import load_catalog
from kaudit.catalog.alphabet import BREAK, gate
from kaudit.catalog.compiled import Catalog, Disclosure, Pattern, Rule, Subject
from kaudit.catalog.cues import Cues, CueType, SlowCueError
from kaudit.catalog.inflect import plain_form
from kaudit.config import Config, Override, check_names
from kaudit.disclose import BENEFITS, DisclosureChecker, Sentence
from kaudit.errors import DocumentError
from kaudit.judge import FoundCues, find_cues, find_slots, judge, weigh
from kaudit.match import Match, Matcher
from kaudit.memory import Memory
from kaudit.model import (
    DISGUISED,
    MISSING,
    Audit,
    Block,
    BlockKind,
    Category,
    Confidence,
    Context,
    Document,
    Finding,
    Judgement,
    Lines,
    Reason,
    Report,
    Segment,
    Severity,
    Span,
    Suggestion,
    Unread,
    Weight,
)
from kaudit.normalise import Plain, in_ascii, is_disguised, normalise
from kaudit.overlap import resolve
from kaudit.plain import audit_of, fields_of
from kaudit.rate import DENIED, NOTHING, Rating, rate
from kaudit.search import Candidates, Frame, Hits, PatternIndex, Searcher, frames_of
from kaudit.segment import segment
from kaudit.spool import Spool
from kaudit.suggest import Draft, suggest
from kaudit.tone import ToneMeter
from kaudit.unmask import Disguises, Unmasked, Unmasker
from kaudit.waive import Claimed, Waivers
from kaudit.waive.baseline import load_baseline
from kaudit.waive.ignores import RuleNames, rule_names
from kaudit.waive.register import load_register
from kaudit.waive.rules import WAIVER_RULES

PATTERN_TEXT = 1_000_000
"""For each so many characters a pattern in slashes has its time once more."""

MOST_CLAIMS = 12
"""In a sentence with more claims nothing is suggested for any: each suggestion is audited with all the others."""

ANYTHING = "any"
"""The subject whose facts are placeholders, for texts about nothing that the catalog knows."""

SAID_ALONE = frozenset({Category.STATISTIC, Category.TIMING, Category.SAFETY})
"""What a line by itself claims in any tone, if it does not inform: figures, dates and assurances are checkable."""

LONGEST_LIST = 50
"""How many items of a list at most are passed over to what leads it in."""


@dataclass(frozen=True)
class Passage:
    """A block, normalised; the rest is worked out when it is asked for."""

    block: Block
    plain: Plain

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """The sentences, in the normalised text."""
        return segment(self.plain.cased)

    @cached_property
    def words(self) -> bytes:
        """The words of the block, as `gate` gives them."""
        return gate(self.plain.text)

    @cached_property
    def sentence_words(self) -> bytes:
        """The words of its sentences, a BREAK between."""
        text = self.plain.text
        return gate(BREAK.join([text[span.start : span.end] for span in self.sentences]))

    def meant(self, span: Span) -> Iterator[str]:
        """Yield the words at *span* if they are disguised in the document."""
        shown = self.plain.origin.span(span).of(self.plain.visible)
        if is_disguised(shown) or (isinstance(self.plain, Unmasked) and self.plain.is_disguised(span)):
            yield span.of(self.plain.text)

    def visible_span(self, span: Span) -> Span:
        """Return where *span* of the normalised text stands in the visible text, accents on its end included."""
        place = self.plain.origin.span(span)
        visible, end = self.plain.visible, place.end
        while end < len(visible) and visible[end] > "\x7f" and unicodedata.combining(visible[end]):
            end += 1
        return Span(place.start, end).shifted(self.block.span.start)

    def source_span(self, span: Span, document: Document) -> Span:
        """Return where *span* of the normalised text stands in the source."""
        return document.origin.span(self.visible_span(span))


@dataclass(frozen=True, slots=True)
class Claim:
    """A match that stood up to judgement."""

    passage: Passage
    segment: Segment
    match: Match
    rating: Rating
    judgement: Judgement
    cues: FoundCues
    """Those of its sentence."""

    @property
    def words(self) -> str:
        """The words that make it, normalised."""
        return self.match.span.of(self.passage.plain.text)

    @property
    def is_quoted(self) -> bool:
        """Whether somebody else says it; what patients say is told by the document all the same."""
        return self.match.rule.category is not Category.TESTIMONIAL and bool(self.judgement.first(Context.QUOTED))

    @property
    def needs_selling(self) -> bool:
        """Whether it is a claim of the document's only where the document sells something."""
        return self.match.rule.promotional or self.is_quoted

    @property
    def stands_alone(self) -> bool:
        """Whether it is one of the document's even in a line that sells nothing."""
        return self.match.rule.category in SAID_ALONE and not self.is_quoted


REMEMBERED = 2_000
"""How many answers of a kind are remembered from one document to the next: those to some hundred pages."""

Stance: TypeAlias = "tuple[Match, Rating, Judgement, FoundCues]"
"""A match that stands up to judgement, with the cues of its sentence."""


class Memories:
    """What was found out about blocks and sentences with the cues of a catalog."""

    def __init__(self) -> None:
        self.matches: Memory[tuple[Matcher, str, str], list[tuple[int, list[Match]]]] = Memory(REMEMBERED)
        """The matches in each sentence of a block, by its words and its capitals."""
        self.stances: Memory[tuple[Matcher, str, Segment], list[Stance]] = Memory(REMEMBERED)
        """Those of a sentence that stand up, by its block and its neighbours."""
        self.needed: Memory[str, list[Span]] = Memory(REMEMBERED)
        """What readers must not lose of a sentence."""
        self.named: Memory[str, list[tuple[int, int]]] = Memory(REMEMBERED)
        """The subjects that a block names, and how often."""
        self.disclosed: Memory[str, list[int]] = Memory(REMEMBERED)
        """The statements in a sentence that make disclosures."""
        self.drafts: Memory[Asked, tuple[Draft, ...]] = Memory(REMEMBERED)
        """What to write instead of a claim."""


Asked: TypeAlias = "tuple[str, Span, Segment, str, str | None, tuple[tuple[str, Span], ...]]"
"""What a suggestion depends on: rule, place, sentence, the block as written, subject, all claims of the sentence."""


@dataclass(frozen=True, slots=True)
class Means:
    """What a document is looked through with."""

    unmasker: Unmasker
    searcher: Searcher
    cues: Cues
    memories: Memories

    def is_whole(self) -> bool:
        """Return whether every pattern was searched for to the end, so that what was found may be remembered."""
        return not self.searcher.slow


class Instruments:
    """What a catalog is searched with, whichever of its rules are wanted."""

    def __init__(self, catalog: Catalog) -> None:
        subjects = enumerate(catalog.subjects.values())
        self.searcher = Searcher()
        self.unmasker = Unmasker(catalog.words, catalog.ordinary)
        self.tone = ToneMeter(catalog.tone, catalog.telling, catalog.health)
        self.statements = DisclosureChecker(catalog.disclosures)
        self.subjects = PatternIndex((number, pattern) for number, subject in subjects for pattern in subject.terms)
        self.kept = PatternIndex(enumerate(catalog.kept))
        self.promotion = PatternIndex(enumerate(catalog.promotion))


class Auditor:
    """A catalog and a configuration, built once, for any number of documents and threads.

    Without a *catalog* it is the one that *config* asks for. What is waived until a day goes by the day of *clock*.
    Auditors of the same catalog, or of some of its rules, may share their *instruments*.

    Raises:
        CatalogError: when that catalog is wrong.
        ConfigError: when *config* names a rule or category that there is not.
    """

    def __init__(
        self,
        catalog: Catalog | None = None,
        config: Config | None = None,
        *,
        clock: Callable[[], date] = date.today,
        instruments: Instruments | None = None,
    ) -> None:
        self.config = config or Config()
        self._clock = clock
        self.catalog = catalog or load_catalog(
            *self.config.catalog, lexicons=self.config.lexicons, limits=self.config.catalog_limits
        )
        self._select = current_names(self.config.select, self.catalog)
        self._ignore = current_names(self.config.ignore, self.catalog)
        for override in self.config.per_path:
            current_names(override.ignore, self.catalog)
        self._overridden: dict[tuple[Override, ...], Auditor] = {}
        self._jurisdictions = frozenset(self.config.jurisdictions)
        self.rules = {name: rule for name, rule in self.catalog.rules.items() if self._is_wanted(rule)}
        sure = {name: rule for name, rule in self.rules.items() if not rule.promotional}
        self._order = {name: number for number, name in enumerate(self.rules)}
        self._matcher = Matcher(sure)
        self._promotional = Matcher({name: rule for name, rule in self.rules.items() if name not in sure})
        self.instruments = instruments or Instruments(self.catalog)
        self._memories = Memories()
        disclosures = {
            name: entry
            for name, entry in self.catalog.disclosures.items()
            if self._is_selected(name, Category.DISCLOSURE)
        }
        all_wanted = len(disclosures) == len(self.catalog.disclosures)
        self._checker = self.instruments.statements if all_wanted else DisclosureChecker(disclosures)
        applied = frozenset({*self.rules, *disclosures})
        self.waivers = Waivers(
            self._rule_names(applied),
            applied,
            clock,
            load_baseline(Path(self.config.baseline)) if self.config.baseline else None,
            load_register(Path(self.config.claims), _plain) if self.config.claims else None,
        )
        self._subjects = tuple(self.catalog.subjects.values())

    def _is_selected(self, name: str, category: Category) -> bool:
        chosen, left_out = self._select, self._ignore
        names = (name, str(category))
        return not any(word in left_out for word in names) and (not chosen or any(word in chosen for word in names))

    def _rule_names(self, applied: frozenset[str]) -> RuleNames:
        rules = {name: rule.category for name, rule in self.catalog.rules.items()}
        rules.update(dict.fromkeys(self.catalog.disclosures, Category.DISCLOSURE))
        return rule_names(rules, former_names(self.catalog), applied, self._select)

    def _is_wanted(self, rule: Rule) -> bool:
        loud = rule.confidence > Confidence.LOW or self.config.pedantic
        return loud and rule.holds_in(self._jurisdictions) and self._is_selected(rule.id, rule.category)

    def for_path(self, path: str | Path) -> Auditor:
        """Return the auditor for the document at *path*: this one, unless its configuration says something else there.

        What it says of documents that are not to be audited is for those to heed who choose documents.
        """
        overrides = self.config.overrides_of(path)
        if not overrides:
            return self
        if overrides not in self._overridden:
            config = replace(self.config.overridden(overrides), per_path=())
            self._overridden[overrides] = Auditor(self.catalog, config, clock=self._clock, instruments=self.instruments)
        return self._overridden[overrides]

    def audit(self, text: str, *, format: str = "text", path: str | None = None) -> Report:
        """Return what is found in *text*.

        Raises:
            DocumentError: when there is no such format.
        """
        document = reading.read(text, format=format, path=path or "<text>", keys=self.config.keys)
        return self.report([self.for_path(document.path).audit_document(document)])

    def audit_file(self, path: str | Path) -> Report:
        """Return what is found in the file at *path*.

        Raises:
            DocumentError: when it cannot be read.
        """
        return self.report([self._audit_file(Path(path))])

    def audit_files(self, paths: Iterable[str | Path]) -> Iterator[Audit | Unread]:
        """Yield what is found in each file, one after the other; one that cannot be read does not stop the rest."""
        for path in paths:
            try:
                yield self._audit_file(Path(path))
            except DocumentError as error:
                yield Unread.of(error)

    def _audit_file(self, path: Path) -> Audit:
        return self.for_path(path).audit_document(reading.read_file(path, self.config.max_bytes, self.config.keys))

    def report(self, results: Iterable[Audit | Unread]) -> Report:
        """Return *results* as one report; when they are many, most of them wait in a temporary file."""
        documents: Spool[Audit] = Spool(_cost, fields_of, audit_of)
        unread: list[Unread] = []
        for result in results:
            if isinstance(result, Audit):
                documents.append(result)
            else:
                unread.append(result)
        catalog = self.catalog
        kept = documents if documents.is_in_file else tuple(documents)
        return Report(kept, tuple(unread), catalog.version, catalog.digest, len(self.rules))

    def audit_document(self, document: Document, *, suggesting: bool = True) -> Audit:
        """Return every finding in *document*, in reading order; without *suggesting* none has a suggestion.

        Raises:
            DocumentError: when it has a line that is too long.
        """
        self._check_lines(document)
        claims, gaps = self._claims_of(document, suggesting=suggesting)
        waived = self.waivers.waive(document, claims)
        return Audit(
            document.path,
            document.format,
            len(document.text.split()),
            tuple(found for found in waived.findings if self._is_selected(found.rule, found.category)),
            document.source,
            (*document.notes, *waived.notes),
            waived.approvals,
            gaps,
        )

    def _check_lines(self, document: Document) -> None:
        """Refuse a document with a longer line than the configuration allows; raises DocumentError."""
        most = self.config.max_line
        if len(document.source) > most:
            for number, line in enumerate(document.source.split("\n"), 1):
                if len(line) > most:
                    told = f"line {number} has {len(line)} characters; max-line allows {most}"
                    raise DocumentError(document.path, told, is_usual=True)

    def accept(self, path: Path) -> tuple[Claimed, ...]:
        """Return what a baseline has to hold of the document at *path*: all that nothing else waives.

        Raises:
            DocumentError: when it cannot be read.
        """
        auditor = self.for_path(path)
        document = reading.read_file(path, self.config.max_bytes, self.config.keys)
        return auditor.waivers.waive(document, auditor._claims_of(document, suggesting=False)[0]).left

    def _claims_of(self, document: Document, *, suggesting: bool) -> tuple[list[Claimed], tuple[str, ...]]:
        """Return every finding in *document* with the claim that it is about, in reading order; and what was left out.

        What a document makes slow is: cues that are, one after the other, and all rules with a pattern that is.
        """
        limit = self.config.max_pattern_ms
        seconds = limit / 1_000 * (1 + len(document.text) // PATTERN_TEXT)
        searcher = self.instruments.searcher.afresh(seconds)
        means = Means(self.instruments.unmasker, searcher, self.catalog.cues, self._memories)
        slow_cues: list[str] = []
        while True:
            try:
                claimed, gaps = self._claims_by(means, document, suggesting=suggesting)
                break
            except SlowCueError as slow:
                means = replace(means, cues=means.cues.without(slow.mark), memories=Memories())
                slow_cues.append(f"{slow}; it was left out")
        late = self._named(means.searcher.slow)
        told = [
            f"{name} was left out: a pattern in slashes of it takes over {limit} ms (max-pattern-ms)" for name in late
        ]
        return [claim for claim in claimed if claim.finding.rule not in late], (*dict.fromkeys(gaps), *slow_cues, *told)

    def _named(self, slow: Iterable[Pattern]) -> list[str]:
        """Return the rules, disclosures and subjects that have a *slow* pattern."""
        patterns = {*slow}
        if not patterns:
            return []
        named: dict[str, tuple[Pattern | None, ...]] = {
            **{
                name: (*rule.match, *rule.unless, *rule.beside, *(entry.pattern for entry in rule.rewrites))
                for name, rule in self.rules.items()
            },
            **{name: entry.satisfied_by for name, entry in self.catalog.disclosures.items()},
            **{f"subject {subject.id}": subject.terms for subject in self._subjects},
            "kept": self.catalog.kept,
            "promotion": self.catalog.promotion,
        }
        return [name for name, own in named.items() if not patterns.isdisjoint(own)]

    def _claims_by(self, means: Means, document: Document, *, suggesting: bool) -> tuple[list[Claimed], list[str]]:
        """Return every finding in *document*, and what was not looked for."""
        pages = Pages(document, means.unmasker)
        claims = self._claims(pages, means)
        is_about = claims or self._promotes(pages, means.searcher)
        subjects = self._subjects_of(pages, means) if is_about else Counter()
        main = next((name for name, _ in subjects.most_common(1)), None)
        claims = [
            claim for claim in claims if not claim.match.rule.subjects or claim.match.rule.subjects & set(subjects)
        ]
        told = [(self._finding(claim, document, pages), claim) for claim in _first_only(claims)]
        said = _by_sentence(claims)
        claims_at = {_place_of(found): claim for found, claim in told}
        findings = resolve((found, len(claim.match.span)) for found, claim in told)
        findings += self._missing(document, pages, claims, subjects, means)
        findings.sort(key=_place_of)
        fingerprints = Fingerprints()
        claimed: list[Claimed] = []
        for found in findings:
            claim = claims_at.get(_place_of(found))
            words = claim.words if claim and not claim.match.rule.once else ""
            suggestions = found.suggestions
            if claim and suggesting:
                suggestions = self._suggestions(claim, document, main, said[_sentence_of(claim)], means)
            whole = replace(found, suggestions=suggestions, fingerprint=fingerprints.of_next(found.rule, words))
            claimed.append(self._claimed(whole, words, claim))
        return claimed, pages.gaps

    def _claims(self, pages: Pages, means: Means) -> list[Claim]:
        """Return the claims of a document, in reading order; promotional rules and quotations only when it sells.

        Most text does not speak as if it sold, and holds hardly a word of which promotional claims are made; there
        their rules are not even tried.
        """
        claims = self._claims_in(pages, self._matcher, means)
        tone = self.instruments.tone.measure(pages.words)
        if not tone.may_sell(_plainly_said(claims)):
            return [claim for claim in claims if not claim.is_quoted]
        claims += self._claims_in(pages, self._promotional, means)
        if not tone.sells(_plainly_said(claims)):
            claims = [claim for claim in claims if not claim.needs_selling or (tone.is_bare and claim.stands_alone)]
        claims.sort(key=lambda claim: (claim.passage.block.span, claim.match.span, self._order[claim.match.rule.id]))
        return self._first_of(claims, pages)

    def _claims_in(self, pages: Pages, matcher: Matcher, means: Means) -> list[Claim]:
        """Return the claims that rules of *matcher* find: match, judge, rate; not many more than may be found."""
        claims: list[Claim] = []
        for at in pages.candidates(matcher.index):
            passage = pages[at]
            plain = passage.plain
            matched = means.memories.matches.recall(
                (matcher, plain.text, plain.cased),
                partial(_matches_in, pages, at, matcher, means.searcher),
                means.is_whole,
            )
            for number, matches in matched:
                sentence = pages.segment(at, number)
                stances = means.memories.stances.recall(
                    (matcher, plain.text, sentence),
                    partial(self._stances, pages, at, number, matches, means),
                    means.is_whole,
                )
                claims += [Claim(passage, sentence, *stance) for stance in stances]
                if len(claims) > self.config.max_findings:
                    return self._first_of(claims, pages)
        return claims

    def _first_of(self, claims: list[Claim], pages: Pages) -> list[Claim]:
        """Return as many of *claims* as a document may have; tell it where that is not all."""
        most = self.config.max_findings
        if len(claims) > most:
            pages.gaps.append(f"it has over {most} claims (max-findings); the rest was left out")
        return claims[:most]

    def _stances(self, pages: Pages, at: int, number: int, matches: list[Match], means: Means) -> list[Stance]:
        """Return those of *matches* in sentence *number* of block *at* that judgement leaves."""
        return list(self._stood_up(matches, pages.segment(at, number), pages.cues(at, number, means.cues), means.cues))

    def _stood_up(self, matches: list[Match], sentence: Segment, cues: FoundCues, known: Cues) -> Iterator[Stance]:
        """Yield those of *matches* that judgement leaves; the sentence has *cues* of all that are *known*."""
        for match in matches:
            rule = match.rule
            base = rule.severity_in(self._jurisdictions)
            judgement = judge(match.span, sentence, cues).without(rule.despite)
            told = find_slots(sentence, known) if rule.category is Category.STATISTIC else NOTHING
            rating = rate(rule.category, base, rule.hedging, judgement, told)
            if rating is not None:
                yield match, rating, judgement, cues

    def _claimed(self, found: Finding, words: str, claim: Claim | None) -> Claimed:
        """Return *found* with what waivers need to know; a missing disclosure is about no *claim*."""
        if claim is None:
            return Claimed(found)
        rule, plain = claim.match.rule, claim.passage.plain
        return Claimed(
            found,
            words,
            Weight if rule.once else partial(weigh, claim.match.span, claim.segment, claim.cues, self.catalog.cues),
            self._jurisdictions & (rule.jurisdictions or self._jurisdictions),
            plain.text,
            claim.match.span,
            segment(plain.cased) if self.waivers.register else (),
        )

    def _subjects_of(self, pages: Pages, means: Means) -> Counter[str]:
        """Return how often each subject is named."""
        named: Counter[str] = Counter()
        for at, candidates in pages.candidates(self.instruments.subjects).items():
            text = pages[at].plain.text
            for owner, times in means.memories.named.recall(
                text, partial(_times_of, candidates, text, means.searcher), means.is_whole
            ):
                named[self._subjects[owner].id] += times
        return named

    def _promotes(self, pages: Pages, searcher: Searcher) -> list[tuple[Passage, Span]]:
        """Return the calls to action that stand in one block with the name of a subject."""
        named = pages.candidates(self.instruments.subjects)
        calls = pages.candidates(self.instruments.promotion) if named else {}
        return [
            (pages[at], span)
            for at, candidates in calls.items()
            if at in named
            for frame in frames_of(candidates)
            for span in searcher.spans_of(frame.pattern, pages[at].plain.text)[:1]
        ]

    def _subject(self, name: str | None) -> Subject | None:
        return self.catalog.subjects.get(name) if name else None

    def _is_needed(self, claim: Claim, means: Means) -> bool:
        """Return whether the sentence of *claim* also tells readers of a risk or a limit, which must stay."""
        sentence = claim.segment
        span = claim.match.span.shifted(-sentence.start)
        needed = means.memories.needed.recall(
            sentence.text, lambda: list(self._needed_in(sentence.text, means.searcher)), means.is_whole
        )
        return any(not found.overlaps(span) for found in needed) or any(
            cue.kind.type in (CueType.RISK, CueType.WARNING) and not cue.span.overlaps(span) for cue in claim.cues.cues
        )

    def _needed_in(self, text: str, searcher: Searcher) -> Iterator[Span]:
        """Yield the words of a sentence that make a disclosure, or that readers must not lose for another reason."""
        words = gate(text)
        yield from self.instruments.statements.told_in(text, words, searcher)
        for frame in self.instruments.kept.candidates(words):
            yield from searcher.spans_of(frame.pattern, text)

    def _is_clean(self, draft: Draft, claim: Claim, said: Iterable[Claim], means: Means) -> bool:
        """Return whether the sentence of *claim* with *draft* in it makes no claim but those *said* elsewhere in it.

        A hedge makes none of its own, so that there only the rules that saw its words are asked again.
        """
        old = claim.segment
        span = draft.span.shifted(-old.start)
        here = [each for each in said if each.match.span.overlaps(claim.match.span)]
        left = Counter((each.match.rule.id, each.words) for each in said if each not in here)
        rules = {each.match.rule.id for each in here}
        text = old.cased[: span.start] + normalise(draft.text).cased + old.cased[span.end :]
        found: list[tuple[Segment, list[Match]]] = []
        for place in segment(text):
            new = replace(old, text=place.of(text).lower(), cased=place.of(text), start=0)
            words = gate(new.text)
            matches: list[Match] = []
            for matcher in (self._matcher, self._promotional):
                frames = matcher.index.candidates(words)
                if draft.is_hedge:
                    frames = [frame for frame in frames if matcher.rule_of(frame).id in rules]
                matches += matcher.find_matches(frames, new.text, 0, means.searcher)
            if matches:
                found.append((new, matches))
        named = Counter((match.rule.id, match.span.of(new.text)) for new, matches in found for match in matches)
        if named <= left:  # however they are judged
            return True
        made = Counter(
            (match.rule.id, match.span.of(new.text))
            for new, matches in found
            for match, *_ in self._stood_up(matches, new, find_cues(new, means.cues), means.cues)
        )
        return made <= left

    def _suggestions(
        self,
        claim: Claim,
        document: Document,
        subject: str | None,
        said: list[Claim],
        means: Means,
    ) -> tuple[Suggestion, ...]:
        """Return what to write instead of *claim* in a document about *subject*, with all that is *said* in it."""
        if len(said) > MOST_CLAIMS:
            return ()
        rule, span, passage = claim.match.rule, claim.match.span, claim.passage
        others = tuple((each.match.rule.id, each.match.span) for each in said)
        drafts = means.memories.drafts.recall(
            (rule.id, span, claim.segment, passage.plain.visible, subject, others),
            lambda: suggest(
                rule.rewrites,
                span,
                claim.segment,
                self._subject(subject),
                self._subject(ANYTHING),
                self.catalog.inflections,
                lambda span: passage.visible_span(span).of(document.text),
                means.searcher,
                cache(lambda: self._is_needed(claim, means)),
                lambda draft: self._is_clean(draft, claim, said, means),
            ),
            means.is_whole,
        )
        return tuple(_placed(draft, passage, document) for draft in drafts)

    def _finding(self, claim: Claim, document: Document, pages: Pages) -> Finding:
        """Return what is to be told of *claim*, without suggestions, which only findings that stay need."""
        rule, passage = claim.match.rule, claim.passage
        place = passage.source_span(claim.match.span, document)
        line, column, end_line, end_column = pages.lines.region(place)
        return Finding(
            rule=rule.id,
            category=rule.category,
            severity=claim.rating.severity,
            confidence=rule.confidence,
            start=place.start,
            end=place.end,
            line=line,
            column=column,
            end_line=end_line,
            end_column=end_column,
            text=place.of(document.source),
            message=rule.message,
            why=rule.why,
            reasons=(
                Reason(str(claim.rating.base), rule.id, place),
                *(
                    Reason(f"{step.by:+d}", step.effect.cue, passage.source_span(step.effect.span, document))
                    for step in claim.rating.steps
                ),
                *(Reason(MISSING, str(slot), place) for slot in claim.rating.missing),
                *(Reason(DISGUISED, meant, place) for meant in passage.meant(claim.match.span)),
            ),
            sources=rule.sources,
            place=document.place_of(passage.block, place.start),
        )

    def _missing(
        self,
        document: Document,
        pages: Pages,
        claims: list[Claim],
        subjects: Counter[str],
        means: Means,
    ) -> list[Finding]:
        """Return a finding for each disclosure that the document owes and does not make."""
        if not subjects or not self._checker.disclosures:
            return []
        spoken = [(claim.passage, claim.match.span) for claim in claims if claim.match.rule.category in BENEFITS]
        spoken += self._promotes(pages, means.searcher)
        if not spoken:
            return []
        place, block = min(
            ((passage.source_span(span, document), passage.block) for passage, span in spoken), key=itemgetter(0)
        )
        whole = pages[len(pages) - 1].block.span.end
        sentences = [
            Sentence(text, gate(text), passage.visible_span(span).start / whole)
            for passage in (pages[at] for at in pages.candidates(self._checker.index))
            for span, text in ((span, span.of(passage.plain.text)) for span in passage.sentences)
        ]
        most = max(subjects.values())
        chief = frozenset(name for name, times in subjects.items() if 2 * times >= most)
        return [
            self._disclosure_finding(entry, place, document, pages, document.place_of(block, place.start))
            for entry in self._checker.missing(
                sentences, frozenset(subjects), chief, self._jurisdictions, partial(self._disclosed_in, means)
            )
        ]

    def _disclosed_in(self, means: Means, sentence: Sentence) -> list[int]:
        """Return the numbers of the statements that make disclosures in *sentence*."""
        return means.memories.disclosed.recall(
            sentence.text,
            lambda: self._checker.made_in(sentence, means.searcher, partial(_is_denied, means.cues)),
            means.is_whole,
        )

    def _disclosure_finding(
        self, entry: Disclosure, place: Span, document: Document, pages: Pages, place_in_words: str
    ) -> Finding:
        line, column, end_line, end_column = pages.lines.region(place)
        end = len(document.source)
        note = "where the benefits are told"
        wordings = (Suggestion(Span(end, end), entry.wording, safe=False, note=note),) if entry.wording else ()
        return Finding(
            rule=entry.id,
            category=Category.DISCLOSURE,
            severity=entry.severity,
            confidence=Confidence.HIGH,
            start=place.start,
            end=place.end,
            line=line,
            column=column,
            end_line=end_line,
            end_column=end_column,
            text=place.of(document.source),
            message=entry.message,
            why=entry.why,
            reasons=(Reason(str(entry.severity), entry.id, place),),
            suggestions=wordings,
            sources=entry.sources,
            place=place_in_words,
        )


def _is_denied(cues: Cues, sentence: str, span: Span) -> bool:
    """Return whether a normalised *sentence* takes back the words at *span*."""
    alone = Segment(sentence, sentence, 0, BlockKind.PARAGRAPH)
    return judge(span, alone, find_cues(alone, cues)).first(*DENIED) is not None


def current_names(names: Iterable[str], catalog: Catalog, *, categories: bool = True) -> tuple[str, ...]:
    """Return *names* of rules (and of *categories*) with the present ids for former ones.

    Raises:
        ConfigError: when there is no such rule or category.
    """
    former = former_names(catalog)
    listed = tuple(names)
    if listed:
        others = map(str, Category if categories else ())
        check_names(listed, [*former, *catalog.rules, *catalog.disclosures, *WAIVER_RULES, *others])
    return tuple(former.get(name, name) for name in listed)


def former_names(catalog: Catalog) -> dict[str, str]:
    """Return the present id of each rule by those that it had."""
    return {old: rule.id for rule in catalog.rules.values() for old in rule.former}


class Pages:
    """The blocks of a document: their words, searched all at once, and each normalised when it is asked for.

    Words in disguise are read as they are meant if there is an *unmasker*.
    """

    def __init__(self, document: Document, unmasker: Unmasker | None = None) -> None:
        self._document = document
        self.gaps: list[str] = []
        """What was not audited, and why."""
        self._passages: list[Passage | None] = [None] * len(document.blocks)
        texts = BREAK.join([document.text[block.span.start : block.span.end] for block in document.blocks])
        if texts.count(BREAK) >= len(document.blocks) > 0:
            texts = BREAK.join([block.span.of(document.text).replace(BREAK, " ") for block in document.blocks])
        texts = in_ascii(texts).lower().replace("`", "'")
        self.words = gate(texts)
        """The words of all blocks, as `gate` gives them, apart by a BREAK."""
        disguises = unmasker.find(texts.replace(BREAK, " "), self.words) if unmasker else None
        if unmasker and disguises and self._passages:
            self._unmask(unmasker, disguises, texts)
        self._candidates: dict[PatternIndex, dict[int, Candidates]] = {}
        self._segments: dict[tuple[int, int], Segment] = {}
        self._cues: dict[tuple[int, int], FoundCues] = {}
        self.lines = Lines(document.source)

    def _unmask(self, unmasker: Unmasker, disguises: Disguises, texts: str) -> None:
        """Read every word as it is meant; *texts* are those of all blocks, a BREAK between."""
        starts = list(accumulate((len(text) + 1 for text in texts.split(BREAK)), initial=0))
        for at in sorted({bisect_right(starts, place) - 1 for place in disguises.places(texts)}):
            masked = self[at]
            plain = unmasker.unmask(masked.plain, disguises)
            if plain is not masked.plain:
                self._passages[at] = Passage(masked.block, plain)
                self.gates[at] = gate(plain.text)
        self.words = BREAK.encode().join(self.gates)

    @cached_property
    def gates(self) -> list[bytes]:
        """The words of each block, as `gate` gives them."""
        return self.words.split(BREAK.encode()) if self._passages else []

    def __len__(self) -> int:
        return len(self._passages)

    def __getitem__(self, at: int) -> Passage:
        passage = self._passages[at]
        if passage is None:
            block = self._document.blocks[at]
            passage = self._passages[at] = Passage(block, normalise(block.span.of(self._document.text)))
        return passage

    def __iter__(self) -> Iterator[Passage]:
        return map(self.__getitem__, range(len(self)))

    def candidates(self, index: PatternIndex) -> Mapping[int, Candidates]:
        """Return the blocks that patterns of *index* may match in, in reading order, with those patterns."""
        found = self._candidates.get(index)
        if found is None:
            found = self._candidates[index] = dict(_worth_trying(index, self.words, self.gates))
        return found

    def by_sentence(self, index: PatternIndex, at: int) -> Iterable[tuple[int, list[Frame]]]:
        """Return those sentences of block *at* that patterns of *index* may match in, with those patterns."""
        passage = self[at]
        candidates = self.candidates(index)[at]
        if not passage.sentences:  # there are only signs that nobody sees
            return []
        if len(passage.sentences) == 1:
            return [(0, frames_of(candidates))]
        words = passage.sentence_words
        gates = words.split(BREAK.encode())
        starts = list(accumulate((gate.count(b" ") - 1 for gate in gates), initial=0))
        if index.always or starts[-1] != self.gates[at].count(b" ") - 1:
            return [(number, frames_of(found)) for number, found in _worth_trying(index, words, gates)]
        chosen: dict[int, dict[Frame, None]] = {}
        for word, frame in candidates:
            chosen.setdefault(bisect_right(starts, word) - 1, {})[frame] = None
        return [(number, list(chosen[number])) for number in sorted(chosen)]

    def cues(self, at: int, number: int, cues: Cues) -> FoundCues:
        """Return those of *cues* that sentence *number* of block *at* holds."""
        found = self._cues.get((at, number))
        if found is None:
            found = self._cues[at, number] = find_cues(self.segment(at, number), cues)
        return found

    def segment(self, at: int, number: int) -> Segment:
        """Return sentence *number* of block *at*, with its neighbours."""
        found = self._segments.get((at, number))
        if found is None:
            found = self._segments[at, number] = self._segment(at, number)
        return found

    def _segment(self, at: int, number: int) -> Segment:
        passage = self[at]
        sentences = passage.sentences
        span = sentences[number]
        text = passage.plain.text
        lead = self._lead(at)
        goes_on = sentences[number + 1].of(text) if number + 1 < len(sentences) else ""
        return Segment(
            text=span.of(text),
            cased=span.of(passage.plain.cased),
            start=span.start,
            kind=passage.block.kind,
            before=sentences[number - 1].of(text) if number else "",
            after=goes_on or self._opening(at + 1),
            heading=f"{self._heading(at)} {lead}".strip(),
            lead=lead,
            goes_on=goes_on,
            marks_before=-1 if text.count('"') % 2 else text.count('"', 0, span.start),
        )

    def _opening(self, at: int) -> str:
        if at >= len(self):
            return ""
        passage = self[at]
        return passage.sentences[0].of(passage.plain.text) if passage.sentences else ""

    def _heading(self, at: int) -> str:
        """Return the nearest heading above block *at*."""
        above = bisect_left(self._headings, at)
        return self[self._headings[above - 1]].plain.text if above else ""

    def _lead(self, at: int) -> str:
        """Return what leads in the list that block *at* stands in."""
        if not self._is_listed(at):
            return ""
        first = next(
            (number for number in range(at - 1, max(at - LONGEST_LIST, -1), -1) if not self._is_listed(number)), at
        )
        lead = self[first].plain.text
        return self[first].sentences[-1].of(lead) if lead.endswith(":") else ""

    @cached_property
    def _headings(self) -> list[int]:
        return [at for at, block in enumerate(self._document.blocks) if block.kind is BlockKind.HEADING]

    def _is_listed(self, at: int) -> bool:
        """Return whether block *at* is an item of a list, or a quotation."""
        return self._document.blocks[at].kind is BlockKind.ITEM or self[at].plain.text.startswith('"')


def _worth_trying(index: PatternIndex, words: bytes, gates: list[bytes]) -> Iterator[tuple[int, Candidates]]:
    """Yield the numbers of those *gates*, which *words* joins, that patterns of *index* may match in, with these."""
    hits: dict[int, Hits] = {at: [] for at in range(len(gates) if index.always else 0)}
    found = index.hits(words)
    if found:
        starts = list(accumulate((len(gate) + 1 for gate in gates), initial=0))
        for numbers, place in found:
            at = bisect_right(starts, place) - 1
            hits.setdefault(at, []).append((numbers, place - starts[at]))
    for at in sorted(hits):
        candidates = index.worth_trying(hits[at], gates[at])
        if candidates:
            yield at, candidates


def _matches_in(pages: Pages, at: int, matcher: Matcher, searcher: Searcher) -> list[tuple[int, list[Match]]]:
    """Return the numbers of those sentences of block *at* that rules of *matcher* match, with the matches."""
    passage = pages[at]
    text = passage.plain.text
    found: list[tuple[int, list[Match]]] = []
    for number, frames in pages.by_sentence(matcher.index, at):
        span = passage.sentences[number]
        matches = matcher.find_matches(frames, span.of(text), span.start, searcher)
        if matches:
            found.append((number, matches))
    return found


def _times_of(candidates: Candidates, text: str, searcher: Searcher) -> list[tuple[int, int]]:
    """Return how often patterns of each owner stand in *text*; of those only that do."""
    counted = ((frame.owner, len(searcher.spans_of(frame.pattern, text))) for frame in frames_of(candidates))
    return [(owner, times) for owner, times in counted if times]


def _plainly_said(claims: Iterable[Claim]) -> Iterable[Severity]:
    """Return how grave the gravest claim is of each sentence in which the document itself claims a thing."""
    gravest: dict[Segment, Severity] = {}
    for claim in claims:
        if not claim.is_quoted:
            severity = claim.rating.severity
            gravest[claim.segment] = max(gravest.get(claim.segment, severity), severity)
    return gravest.values()


def _placed(draft: Draft, passage: Passage, document: Document) -> Suggestion:
    visible = passage.visible_span(draft.span)
    return Suggestion(document.origin.span(visible), draft.text, draft.safe, draft.note, visible)


def _by_sentence(claims: Iterable[Claim]) -> Mapping[tuple[int, int], list[Claim]]:
    """Return all *claims* by the sentence that makes them."""
    said: dict[tuple[int, int], list[Claim]] = {}
    for claim in claims:
        said.setdefault(_sentence_of(claim), []).append(claim)
    return said


def _sentence_of(claim: Claim) -> tuple[int, int]:
    return id(claim.passage), claim.segment.start


def _first_only(claims: list[Claim]) -> Iterator[Claim]:
    """Yield *claims*, of rules that are told once only the first."""
    told: set[str] = set()
    for claim in claims:
        rule = claim.match.rule
        if not rule.once or rule.id not in told:
            yield claim
        told.add(rule.id)


def _plain(text: str) -> str:
    return normalise(text).text


def _cost(audit: Audit) -> int:
    """Return how many bytes *audit* takes in memory, roughly."""
    return 500 + len(audit.source) + 2_500 * len(audit.findings)


def _place_of(found: Finding) -> tuple[int, int, str]:
    return found.start, found.end, found.rule


class Fingerprints:
    """Names of findings that stay when what is around them changes: rule and words, and which of equals.

    A hedge turns "cures" into "may cure", and that is the same claim.
    """

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def of_next(self, rule: str, words: str) -> str:
        """Return the name of the next finding of *rule* about these *words*."""
        plain = " ".join(map(plain_form, words.split()))
        digest = hashlib.sha256(f"{rule}\0{plain}".encode()).hexdigest()[:16]
        self._seen[digest] += 1
        return digest if self._seen[digest] == 1 else f"{digest}-{self._seen[digest]}"
