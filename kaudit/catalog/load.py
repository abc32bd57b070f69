"""Load: catalog files in, a Catalog out; every problem of all of them at once, each with its place.

A file may extend another one: its lists and rules are laid over those of the other before anything is compiled.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from kaudit.catalog.alphabet import gate
from kaudit.catalog.anchors import AnchorFinder
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
from kaudit.catalog.cues import CueEntry, Cues
from kaudit.catalog.pattern import MAX_ALL_PHRASES, TreeWriter, regex_of
from kaudit.catalog.spelling import ordinary_words, words_of
from kaudit.catalog.template import (
    MAX_LISTS,
    MAX_STEPS,
    MAX_WORDS,
    NUMBER_WORDS,
    Grammar,
    Lexicon,
    Listed,
    Node,
    Raw,
    Sequence,
    TemplateError,
    UnknownLexiconError,
    expand,
    extent,
    parse,
    raw_problem,
    steps,
)
from kaudit.catalog.texts import BUILTIN, CatalogText, digest_of, places_of
from kaudit.catalog.yaml_text import Places, read_yaml
from kaudit.errors import MAX_PROBLEMS, CatalogError, Problem
from kaudit.model import Category, Confidence, Hedging, Severity

MAX_CUE_PHRASES = 500
"""A cue that stands for more is looked for as a pattern."""
MAX_COUNTED_PHRASES = 5_000
"""What is counted in a document may stand for more: one template of `tone`, or of `health`."""
MANY_NAMES = 2_000
"""Among more names the nearest is not looked for, which takes as long as there are names."""
RESERVED = "-ignore"
"""How the ids of rules end that are about ignore comments, not about claims."""
_NAMED = re.compile(r"\{(?:[a-z]\w*:)?([a-z]\w*)\}")
"""A lexicon in a template."""
_Trail = tuple[str | int, ...]


def load_texts(texts: list[CatalogText], base: Catalog | None = None) -> Catalog:
    """Return the catalog that *texts* make together; of the first one alone, *base* was compiled before.

    Raises:
        CatalogError: with every problem found.
    """
    merged = _Merged()
    merged.lay_over(texts[0])
    lexicons, inflections = dict(merged.lexicons), dict(merged.inflections)
    for text in texts[1:]:
        merged.lay_over(text)
    compiler = _Compiler(merged, digest_of(texts))
    if base is not None and merged.inflections == inflections:
        compiler.build_on(base, lexicons)
    return compiler.compile()


def compile_template(template: str, texts: Iterable[CatalogText]) -> Pattern:
    """Return *template* compiled with the lexicons of the catalog that *texts* make.

    Raises:
        CatalogError: when it, or the catalog, is wrong; the place is in a file called "template".
    """
    merged = _Merged()
    for text in texts:
        merged.lay_over(text)
    return _Compiler(merged, "").single(template)


def validate(text: CatalogText) -> Any:
    """Return *text* as a `schema.CatalogFile`.

    Raises:
        CatalogError: with every problem of form.
    """
    from kaudit.catalog.schema import CatalogFile
    from kaudit.catalog.validate import validated

    values = read_yaml(text.text, text.path, limits=text.limits)
    return validated(CatalogFile, values, text.path, lambda: places_of(text))


class _Merged:
    """The files of a catalog laid over each other, and where each part was written."""

    def __init__(self) -> None:
        self.version = ""
        self.categories: dict[Category, tuple[Any, CatalogText]] = {}
        self.inflections: dict[str, tuple[str, ...]] = {}
        self.sources: dict[str, Any] = {}
        self.lexicons: dict[str, list[tuple[str, CatalogText, _Trail]]] = {}
        self.subjects: dict[str, tuple[Any, CatalogText]] = {}
        self.cues: list[tuple[Any, CatalogText, int]] = []
        self.kept: list[tuple[str, CatalogText, _Trail]] = []
        self.promotion: list[tuple[str, CatalogText, _Trail]] = []
        self.tone: list[tuple[Any, CatalogText, int]] = []
        self.health: list[tuple[list[str], CatalogText]] = []
        self.claims: dict[str, tuple[Any, CatalogText, int]] = {}
        self.disclosures: dict[str, tuple[Any, CatalogText, int]] = {}
        self.problems: list[Problem] = []
        self._places: dict[str, Places] = {}
        self._lines: dict[str, list[str]] = {}

    def problem(self, text: CatalogText, trail: _Trail, message: str, inside: int = 0) -> None:
        """Note what is wrong with the value at *trail*, *inside* characters from its start."""
        if text.path not in self._places:
            self._places[text.path] = places_of(text)
            self._lines[text.path] = text.text.splitlines()
        places = self._places[text.path]
        while trail and trail not in places:
            trail = trail[:-1]
        line, column = places.get(trail, (1, 1))
        source_line = self._lines[text.path][line - 1]
        quoted = source_line[column - 1 : column] in ("'", '"')
        self.problems.append(Problem(text.path, line, column + quoted + inside, message))
        if len(self.problems) >= MAX_PROBLEMS:
            raise CatalogError(tuple(sorted(set(self.problems))))

    def lay_over(self, text: CatalogText) -> None:
        """Add what *text* says to what the files before it said."""
        file = validate(text)
        self.version = f"{self.version}+{file.version}" if self.version else file.version
        self.categories.update({name: (entry, text) for name, entry in file.categories.items()})
        self.inflections.update({base: tuple(forms) for base, forms in file.inflections.items()})
        self.sources.update(file.sources)
        for name, entries in file.lexicons.items():
            if entries[:1] == ["+"] and name not in self.lexicons:
                told = f"there is no lexicon {name!r} to add to{_nearest(name, self.lexicons)}"
                self.problem(text, ("lexicons", name), told)
            placed: list[tuple[str, CatalogText, _Trail]]
            placed = [(entry, text, ("lexicons", name, at)) for at, entry in enumerate(entries) if entry != "+"]
            self.lexicons[name] = self.lexicons.get(name, []) + placed if entries[:1] == ["+"] else placed
        self.subjects.update({name: (subject, text) for name, subject in file.subjects.items()})
        self.cues.extend((cue, text, at) for at, cue in enumerate(file.cues))
        self.kept.extend((entry, text, ("kept", at)) for at, entry in enumerate(file.kept))
        self.promotion.extend((entry, text, ("promotion", at)) for at, entry in enumerate(file.promotion))
        self.tone.extend((group, text, at) for at, group in enumerate(file.tone))
        self.health.append((file.health, text))
        self._lay_over_claims(file, text)
        for at, disclosure in enumerate(file.disclosures):
            self.disclosures[disclosure.id] = (disclosure, text, at)

    def _lay_over_claims(self, file: Any, text: CatalogText) -> None:
        here: set[str] = set()
        known = {**self.claims, **self.disclosures}
        for at, rule_id in enumerate(file.off):
            if rule_id not in known:
                self.problem(text, ("off", at), f"there is no rule {rule_id!r}{_nearest(rule_id, known)}")
            self.claims.pop(rule_id, None)
            self.disclosures.pop(rule_id, None)
        for rule_id, change in file.change.items():
            if rule_id not in self.claims:
                self.problem(text, ("change", rule_id), f"there is no rule {rule_id!r}{_nearest(rule_id, known)}")
                continue
            claim, origin, at = self.claims[rule_id]
            changes = {key: value for key, value in change.model_dump().items() if value is not None}
            self.claims[rule_id] = (claim.model_copy(update=changes), origin, at)
        for at, claim in enumerate(file.claims):
            if claim.id in here:
                self.problem(text, ("claims", at, "id"), f"two rules are called {claim.id!r}; ids are unique")
            here.add(claim.id)
            self.claims[claim.id] = (claim, text, at)


def _nearest(word: str, known: Iterable[str]) -> str:
    listed = list(known)
    close = get_close_matches(word, listed, 1) if len(listed) <= MANY_NAMES else []
    return f"; did you mean {close[0]!r}?" if close else ""


def word_frequency() -> Mapping[str, float]:
    """Return occurrences per million words of frequent English words; the rest are rare."""
    place = Path(__file__).parent / "word_frequency.json"
    frequency: dict[str, float] = json.loads(place.read_text(encoding="utf-8"))
    return frequency


class _Compiler:
    """Turns a merged catalog into patterns; collects problems and raises them together."""

    def __init__(self, merged: _Merged, digest: str) -> None:
        self.merged = merged
        self.digest = digest
        self.writer = TreeWriter()
        self.finder = AnchorFinder(word_frequency())
        self.lexicons: dict[str, Lexicon] = {}
        self.grammar = Grammar(self.lexicons, merged.inflections)
        self.patterns: dict[str, Pattern | None] = {}
        self._base: Catalog | None = None
        self._ready: dict[str, Pattern] = {}
        self._extents: dict[str, tuple[int, int]] = {}
        self._steps: dict[Listed, int] = {}

    def build_on(self, base: Catalog, lexicons: Mapping[str, Any]) -> None:
        """Take over from *base*, compiled with *lexicons*, the templates that mean now what they meant there."""
        other = {name for name, entries in self.merged.lexicons.items() if entries is not lexicons.get(name)}
        if NUMBER_WORDS in other:  # which no template names
            return
        inside = {
            name: {inner for entry, *_ in entries for inner in _NAMED.findall(entry)}
            for name, entries in self.merged.lexicons.items()
        }
        while more := {name for name, inner in inside.items() if name not in other and not other.isdisjoint(inner)}:
            other |= more
        self._base = base
        self._ready = {
            pattern.template: pattern
            for pattern in base.patterns()
            if not other or other.isdisjoint(_NAMED.findall(pattern.template))
        }

    def compile(self) -> Catalog:
        """Return the catalog; raises CatalogError."""
        merged = self.merged
        self._lexicons()
        categories = {
            name: CategoryInfo(entry.title, entry.description, entry.hedging)
            for name, (entry, _) in merged.categories.items()
        }
        fallbacks = {
            name: self._rewrites(entry.rewrite, text, "categories", name, "rewrite")
            for name, (entry, text) in merged.categories.items()
        }
        rules = {name: self._rule(*placed, categories, fallbacks) for name, placed in merged.claims.items()}
        subjects = {name: self._subject(name, *placed) for name, placed in merged.subjects.items()}
        cues = Cues.build([self._cues(*placed) for placed in merged.cues])
        promotion = self._patterns([(entry, text, trail) for entry, text, trail in merged.promotion])
        tone = {phrase: points for placed in merged.tone for phrase, points in self._tone(*placed)}
        health = {phrase: None for placed in merged.health for phrase in self._gated(*placed, ("health",))}
        disclosures = {name: self._disclosure(*placed) for name, placed in merged.disclosures.items()}
        if merged.problems:
            raise CatalogError(tuple(sorted(set(merged.problems))))
        words = words_of(filter(None, self.patterns.values()), [*cues.phrases, *cues.stops, *tone])
        return Catalog(
            version=merged.version,
            digest=self.digest,
            rules=rules,
            sources={
                key: Source(entry.citation, entry.place, entry.supports, entry.checked, entry.verified)
                for key, entry in merged.sources.items()
            },
            categories=categories,
            subjects=subjects,
            cues=cues,
            kept=self._patterns(merged.kept),
            promotion=promotion,
            tone=tone,
            telling=self.finder.rare(
                anchor
                for rule in rules.values()
                if rule.promotional
                for pattern in rule.match
                for anchor in pattern.anchors
            ),
            health=tuple(health),
            disclosures=disclosures,
            inflections=merged.inflections,
            words=words,
            ordinary=ordinary_words(words, self._base),
        )

    def single(self, template: str) -> Pattern:
        """Return one *template* compiled; raises CatalogError."""
        self._lexicons()
        written = CatalogText("template", json.dumps({"t": template}, ensure_ascii=False))
        pattern = self._pattern(template, written, ("t",))
        if pattern is None or self.merged.problems:
            problems = (replace(problem, column=max(problem.column - 7, 1)) for problem in self.merged.problems)
            raise CatalogError(tuple(sorted(set(problems))))
        return pattern

    def _lexicons(self) -> None:
        pending = dict(self.merged.lexicons)
        known = tuple(pending)
        opened: list[str] = []

        def build(name: str) -> None:
            opened.append(name)
            entries: list[Sequence] = []
            for entry, text, trail in pending.pop(name):
                while True:
                    try:
                        tree = parse(entry, self.grammar, finite=True)
                        self._check_words(tree)
                        entries.append(tree)
                    except UnknownLexiconError as error:
                        if error.name in pending and len(opened) <= MAX_LISTS:
                            build(error.name)
                            continue
                        if error.name in pending:
                            told = f"lists in lists in lists, over {MAX_LISTS} deep; name the inner ones here"
                            self.merged.problem(text, trail, told, error.column)
                            break
                        circle = error.name in opened
                        told = f"lexicon {error.name!r} leads back here" if circle else error.message
                        near = "" if circle else _nearest(error.name, known)
                        self.merged.problem(text, trail, told + near, error.column)
                    except TemplateError as error:
                        self.merged.problem(text, trail, error.message, error.column)
                    break
            self.lexicons[name] = Lexicon(name, tuple(entries))
            opened.pop()

        if NUMBER_WORDS in pending:  # {number} means more once this is there
            build(NUMBER_WORDS)
        while pending:
            build(next(iter(pending)))

    def _check_words(self, tree: Sequence) -> None:
        """Refuse what comes to too many words; raises TemplateError."""
        words, depth = extent(tree, self._extents)
        if depth > MAX_LISTS:
            told = f"lists in lists in lists, {depth} deep; at most {MAX_LISTS}: name the inner ones here"
            raise TemplateError(0, told)
        if words > MAX_WORDS:
            told = f"with the lists in it this comes to {words} words; at most {MAX_WORDS}: name fewer lists"
            raise TemplateError(0, told)

    def _pattern(self, template: str, text: CatalogText, trail: _Trail) -> Pattern | None:
        if template in self._ready:
            self.patterns[template] = self._ready[template]
        if template in self.patterns:
            return self.patterns[template]
        try:
            tree = parse(template, self.grammar)
            self._check_words(tree)
        except TemplateError as error:
            near = _nearest(error.name, error.known) if isinstance(error, UnknownLexiconError) else ""
            self.merged.problem(text, trail, error.message + near, error.column)
            return None
        anchors = self.finder.anchors(tree)
        raw = _has_raw(tree)
        if not anchors.phrases and not raw:
            told = "nothing in this template must be there; add a word or a list that every match contains"
            self.merged.problem(text, trail, told)
        written = self.writer.write(tree)
        parts = steps(written, self._steps)
        if parts > MAX_STEPS:
            told = f"with the lists in it this template comes to {parts} parts; at most {MAX_STEPS}: name fewer lists"
            self.merged.problem(text, trail, told)
        if self.writer.phrases > MAX_ALL_PHRASES:
            told = f"up to here, lists come to over {MAX_ALL_PHRASES} phrases; use shorter ones, or fewer in one choice"
            self.merged.problem(text, trail, told)
            raise CatalogError(tuple(sorted(set(self.merged.problems))))
        pattern = Pattern(template, written, anchors.phrases, anchors.needs, raw)
        self.patterns[template] = pattern
        return pattern

    def _patterns(self, placed: list[tuple[str, CatalogText, _Trail]]) -> tuple[Pattern, ...]:
        found = (self._pattern(*entry) for entry in placed)
        return tuple(pattern for pattern in found if pattern is not None)

    def _listed(self, templates: list[str], text: CatalogText, *trail: str | int) -> tuple[Pattern, ...]:
        return self._patterns([(template, text, (*trail, at)) for at, template in enumerate(templates)])

    def _rewrites(self, entries: list[Any], text: CatalogText, *trail: str | int) -> tuple[Rewrite, ...]:
        rewrites: list[Rewrite] = []
        for number, entry in enumerate(entries):
            here = (*trail, number)
            if entry.match is None and not entry.whole:
                self.merged.problem(text, here, "`match` is missing: only a `whole` rewrite fits anything")
                continue
            pattern = self._pattern(entry.match, text, (*here, "match")) if entry.match else None
            if pattern is not None or not entry.match:
                rewrites.append(
                    Rewrite(
                        pattern,
                        entry.to,
                        frozenset(entry.places),
                        entry.safe and not entry.whole,
                        entry.note,
                        entry.also,
                        entry.at,
                        entry.whole,
                    )
                )
        return tuple(rewrites)

    def _rule(
        self,
        claim: Any,
        text: CatalogText,
        at: int,
        categories: Mapping[Category, CategoryInfo],
        fallbacks: Mapping[Category, tuple[Rewrite, ...]],
    ) -> Rule:
        here: _Trail = ("claims", at)
        for number, key in enumerate(claim.sources):
            if key not in self.merged.sources:
                told = f"there is no source {key!r}{_nearest(key, self.merged.sources)}"
                self.merged.problem(text, (*here, "sources", number), told)
        for number, name in enumerate(claim.subjects):
            self._check_subject(name, text, (*here, "subjects", number))
        if claim.rewrite and not claim.examples.fix:
            self.merged.problem(text, (*here, "examples"), "a rule that has a `rewrite` has `fix` examples, too")
        if claim.examples.fix and not (claim.rewrite or fallbacks.get(claim.category)):
            self.merged.problem(text, (*here, "examples"), "`fix` examples need a `rewrite`")
        if claim.category is Category.DISCLOSURE:
            self.merged.problem(text, (*here, "category"), "disclosures have a list of their own, `disclosures`")
        if claim.id.endswith(RESERVED):
            told = f"ids that end in {RESERVED} are for kaudit's own rules about ignore comments"
            self.merged.problem(text, (*here, "id"), told)
        if claim.category is Category.WAIVER:
            self.merged.problem(text, (*here, "category"), "this category is for kaudit's own rules about waivers")
        category = categories.get(claim.category)
        if category is None:
            told = f"category {claim.category} has no entry in `categories`"
            self.merged.problem(text, (*here, "category"), told)
        return Rule(
            id=claim.id,
            klass=claim.class_,
            category=claim.category,
            severity=Severity.parse(claim.severity),
            confidence=Confidence.parse(claim.confidence),
            message=claim.message,
            why=claim.why,
            sources=tuple(claim.sources),
            jurisdictions=frozenset(claim.jurisdictions),
            severities={place: Severity.parse(name) for place, name in claim.severities.items()},
            subjects=frozenset(claim.subjects),
            hedging=claim.hedging or (category.hedging if category else Hedging.LOWERS),
            once=claim.once,
            promotional=claim.promotional,
            former=tuple(claim.former),
            despite=frozenset(claim.despite),
            match=self._listed(claim.match, text, *here, "match"),
            unless=self._listed(claim.unless, text, *here, "unless"),
            beside=self._listed(claim.beside, text, *here, "beside"),
            rewrites=self._rewrites(claim.rewrite, text, *here, "rewrite") + fallbacks.get(claim.category, ()),
        )

    def _check_subject(self, name: str, text: CatalogText, trail: _Trail) -> None:
        if name not in self.merged.subjects:
            self.merged.problem(text, trail, f"there is no subject {name!r}{_nearest(name, self.merged.subjects)}")

    def _subject(self, name: str, subject: Any, text: CatalogText) -> Subject:
        facts = {key: str(value) for key, value in (subject.model_extra or {}).items()}
        return Subject(name, subject.name, self._listed(subject.terms, text, "subjects", name, "terms"), facts)

    def _cues(self, group: Any, text: CatalogText, at: int) -> CueEntry:
        here: _Trail = ("cues", at)
        words = self._phrases(group.words, text, (*here, "words"))
        ends = self._phrases(group.ends, text, (*here, "ends"))
        is_own = text.path != BUILTIN
        shared = (group.direction, group.reach, ends, group.flips, group.two_edged, group.stands_for, is_own)
        return CueEntry(group.type, words, *shared)

    def _tone(self, group: Any, text: CatalogText, at: int) -> Iterator[tuple[str, int]]:
        """Yield each phrase of *group* with its points, as it stands among the words of a document."""
        for phrase in self._gated(group.words, text, ("tone", at, "words")):
            yield phrase, group.points

    def _gated(self, templates: list[str], text: CatalogText, trail: _Trail) -> Iterator[str]:
        """Yield every phrase that *templates* stand for, as it stands among the words of a document."""
        for phrase in self._phrases(templates, text, trail, only_phrases=True):
            words = gate(phrase).decode("ascii").strip()
            if words:
                yield words

    def _phrases(
        self, templates: list[str], text: CatalogText, trail: _Trail, *, only_phrases: bool = False
    ) -> tuple[str, ...]:
        """Return every phrase that *templates* stand for; regular expressions between slashes as they are.

        What stands for too many phrases is such an expression as well, and a problem where *only_phrases* are wanted.
        """
        phrases: list[str] = []
        for number, template in enumerate(templates):
            if len(template) < 3 or not template.strip("*;:,?!()-"):  # a bare sign
                phrases.append(template)
                continue
            if template[0] == template[-1] == "/":
                problem = "only phrases are counted, no patterns in slashes" if only_phrases else None
                problem = problem or raw_problem(template[1:-1])
                if problem:
                    self.merged.problem(text, (*trail, number), problem)
                phrases.append(template)
                continue
            try:
                tree = parse(template, self.grammar, finite=True)
            except TemplateError as error:
                self.merged.problem(text, (*trail, number), error.message, error.column)
                continue
            found = expand(tree, MAX_COUNTED_PHRASES if only_phrases else MAX_CUE_PHRASES)
            if found is None and only_phrases:
                told = f"stands for over {MAX_COUNTED_PHRASES} phrases; split it into several"
                self.merged.problem(text, (*trail, number), told)
                continue
            if found is None:
                found = [f"/{regex_of(self.writer.write(tree))}/"]
            phrases.extend(phrase for phrase in found if phrase)
        return tuple(phrases)

    def _disclosure(self, entry: Any, text: CatalogText, at: int) -> Disclosure:
        here: _Trail = ("disclosures", at)
        for number, name in enumerate(entry.subjects):
            self._check_subject(name, text, (*here, "subjects", number))
        for number, key in enumerate(entry.sources):
            if key not in self.merged.sources:
                told = f"there is no source {key!r}{_nearest(key, self.merged.sources)}"
                self.merged.problem(text, (*here, "sources", number), told)
        listed, trail = entry.satisfied_by, (*here, "satisfied_by")
        if entry.buried is not None:
            other = self.merged.disclosures.get(entry.buried)
            if other is None:
                told = f"there is no disclosure {entry.buried!r}{_nearest(entry.buried, self.merged.disclosures)}"
                self.merged.problem(text, (*here, "buried"), told)
            elif not listed:
                listed, text, trail = other[0].satisfied_by, other[1], ("disclosures", other[2], "satisfied_by")
        if not listed:
            self.merged.problem(text, here, "a disclosure needs `satisfied_by`: templates of what makes it")
        return Disclosure(
            id=entry.id,
            severity=Severity.parse(entry.severity),
            subjects=frozenset(entry.subjects),
            jurisdictions=frozenset(entry.jurisdictions),
            satisfied_by=self._listed(listed, text, *trail),
            at_least=entry.at_least,
            message=entry.message,
            why=entry.why,
            sources=tuple(entry.sources),
            wording=entry.wording,
            buried=entry.buried or "",
            within=entry.within,
            chiefly=entry.chiefly,
        )


def _has_raw(node: Node) -> bool:
    if isinstance(node, Raw):
        return True
    children = getattr(node, "nodes", None) or getattr(node, "branches", None) or ()
    inner = getattr(node, "node", None)
    return any(map(_has_raw, children)) or (inner is not None and _has_raw(inner))
