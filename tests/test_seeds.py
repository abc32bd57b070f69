"""What kaudit says about whole pages: the articles in seeds/, and the pages they were written after.

seeds/README says what a record holds. The pages belong to others and are not in the repository: their tests run where
KAUDIT_SEEDS names a folder that has them, or ../shared/seeds beside the project does.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

import kaudit
from kaudit.model import Category, Finding, Severity, Span

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
SNAPSHOTS = ROOT / "tests" / "snapshots"
PAGES = Path(os.environ.get("KAUDIT_SEEDS") or ROOT.parent / "shared" / "seeds")
UPDATE = os.environ.get("KAUDIT_UPDATE_SNAPSHOTS", "") not in ("", "0")

LONGEST_SHARED_RUN = 5  # words in a row that an article may have in common with its page
LONGEST_QUOTE = 12  # words of a page that a record may quote in a row
WORD = re.compile(r"[^\W_]+")

needs_pages = pytest.mark.skipif(not PAGES.is_dir(), reason=f"the original pages are not here: no folder {PAGES}")


@dataclass(frozen=True, slots=True)
class Label:
    """A claim that goes too far, as a careful reader marked it."""

    span: Span
    quote: str
    """The first words of a page's claim; an article's claim in full."""
    categories: frozenset[Category]
    severity: Severity
    must: bool


@dataclass(frozen=True, slots=True)
class Page:
    """An original page as its record describes it."""

    path: Path
    sha256: str
    bytes: int
    characters: int
    labels: tuple[Label, ...]
    missing: frozenset[str]
    either: frozenset[str]

    @property
    def text(self) -> str:
        return self.path.read_bytes().decode("utf-8")


@dataclass(frozen=True, slots=True)
class Article:
    """An article of ours as its record describes it."""

    path: Path
    text: str
    labels: tuple[Label, ...]
    silent: tuple[str, ...]
    missing: frozenset[str]

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()


@dataclass(frozen=True, slots=True)
class Seed:
    """One record of seeds/."""

    page: Page
    article: Article


def label(entry: dict[str, Any], span: Span) -> Label:
    return Label(
        span=span,
        quote=entry["quote"],
        categories=frozenset(Category(name) for name in (entry["category"], *entry["also"])),
        severity=Severity.parse(entry["severity"]),
        must=entry["must"],
    )


@functools.cache
def load(record: Path) -> Seed:
    """Return the seed of *record*; a quote that an article does not have gets an empty span, and fails its own test."""
    parts = yaml.safe_load(record.read_text(encoding="utf-8"))
    page, article = parts["original"], parts["article"]
    path = record.with_suffix(".md")
    text = path.read_text(encoding="utf-8")
    return Seed(
        page=Page(
            path=PAGES / page["file"],
            sha256=page["sha256"],
            bytes=page["bytes"],
            characters=page["characters"],
            labels=tuple(label(entry, Span(entry["start"], entry["end"])) for entry in page["spans"]),
            missing=frozenset(page["missing"]),
            either=frozenset(page["either"]),
        ),
        article=Article(
            path=path,
            text=text,
            labels=tuple(label(entry, place(entry["quote"], text)) for entry in article["spans"]),
            silent=tuple(article["silent"]),
            missing=frozenset(article["missing"]),
        ),
    )


def place(quote: str, text: str) -> Span:
    start = text.find(quote)
    return Span(start, start + len(quote)) if start >= 0 else Span(0, 0)


def words(text: str) -> list[str]:
    return WORD.findall(re.sub("['\u2019]", "", text).lower())  # the curly one is an apostrophe, too


def runs(text: str, length: int) -> set[str]:
    found = words(text)
    return {" ".join(found[at : at + length]) for at in range(len(found) - length + 1)}


@functools.cache
def audit(text: str, name: str) -> tuple[Finding, ...]:
    return tuple(kaudit.audit(text, format="text", path=name).findings)


def claims(findings: Iterable[Finding]) -> list[Finding]:
    return [found for found in findings if found.category != Category.DISCLOSURE]


def disclosures(findings: Iterable[Finding]) -> set[str]:
    return {found.rule for found in findings if found.category == Category.DISCLOSURE}


def points_at(found: Finding, label: Label) -> bool:
    """Return whether *found* touches *label*, and is not so long that it points at nothing."""
    return found.span.overlaps(label.span) and len(found.span) <= 2 * len(label.span) + 60


def unlabelled(findings: Sequence[Finding], labels: Sequence[Label]) -> list[tuple[str, str]]:
    return [(found.rule, found.text) for found in claims(findings) if not any(points_at(found, one) for one in labels)]


def unfound(findings: Sequence[Finding], labels: Sequence[Label]) -> list[str]:
    return [one.quote for one in labels if one.must and not any(points_at(found, one) for found in claims(findings))]


RECORDS = sorted(SEEDS.glob("*.yaml"))
each_record = pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.stem)


# The records themselves


def test_every_article_has_a_record() -> None:
    assert RECORDS
    assert [path.stem for path in RECORDS] == sorted(path.stem for path in SEEDS.glob("*.md"))


@each_record
def test_article_has_each_quote_once(record: Path) -> None:
    article = load(record).article
    quotes = [one.quote for one in article.labels] + list(article.silent)

    assert [quote for quote in quotes if article.text.count(quote) != 1] == []


@each_record
def test_labels_are_in_order_and_apart(record: Path) -> None:
    seed = load(record)

    for labels in (seed.page.labels, seed.article.labels):
        assert [after.quote for before, after in pairwise(labels) if before.span.end > after.span.start] == []


@each_record
def test_silent_sentences_have_no_label(record: Path) -> None:
    article = load(record).article

    assert article.silent
    for sentence in article.silent:
        assert [one.quote for one in article.labels if one.span.overlaps(place(sentence, article.text))] == []


@each_record
def test_article_lacks_the_disclosures_of_its_page(record: Path) -> None:
    seed = load(record)

    assert seed.page.missing <= seed.article.missing <= seed.page.missing | seed.page.either


@each_record
def test_page_is_quoted_in_few_words(record: Path) -> None:
    assert [one.quote for one in load(record).page.labels if len(one.quote.split()) > LONGEST_QUOTE] == []


# The articles


@each_record
def test_every_claim_of_the_article_is_found(record: Path) -> None:
    article = load(record).article

    assert unfound(audit(article.text, article.name), article.labels) == []


@each_record
def test_nothing_else_in_the_article_is_a_claim(record: Path) -> None:
    article = load(record).article

    assert unlabelled(audit(article.text, article.name), article.labels) == []


@each_record
def test_nine_in_ten_claims_have_the_right_category(record: Path) -> None:
    article = load(record).article
    findings = claims(audit(article.text, article.name))
    wanted = [one for one in article.labels if one.must]

    wrong = [
        (one.quote, sorted({str(found.category) for found in findings if points_at(found, one)}))
        for one in wanted
        if not any(points_at(found, one) and found.category in one.categories for found in findings)
    ]

    assert len(wrong) <= len(wanted) / 10, wrong


@each_record
def test_nine_in_ten_claims_are_rated_within_one_level(record: Path) -> None:
    article = load(record).article
    findings = claims(audit(article.text, article.name))
    wanted = [one for one in article.labels if one.must]

    wrong = []
    for one in wanted:
        here = [found for found in findings if points_at(found, one)]
        right = [found for found in here if found.category in one.categories]
        worst = max((found.severity for found in right or here), default=None)
        if worst is None or abs(worst - one.severity) > 1:
            wrong.append((one.quote, str(one.severity), str(worst)))

    assert len(wrong) <= len(wanted) / 10, wrong


@each_record
def test_sound_sentences_are_left_alone(record: Path) -> None:
    article = load(record).article
    findings = claims(audit(article.text, article.name))

    for sentence in article.silent:
        at = place(sentence, article.text)
        assert [(found.rule, found.text, sentence) for found in findings if found.span.overlaps(at)] == []


@each_record
def test_missing_disclosures_of_the_article_are_found(record: Path) -> None:
    article = load(record).article

    assert disclosures(audit(article.text, article.name)) == article.missing


@each_record
def test_markdown_has_the_same_claims_as_its_text(record: Path) -> None:
    article = load(record).article
    as_text = audit(article.text, article.name)

    as_markdown = kaudit.audit_file(article.path).findings

    assert {(found.rule, found.text) for found in as_markdown} == {(found.rule, found.text) for found in as_text}


@each_record
def test_findings_on_the_article_are_as_before(record: Path) -> None:
    article = load(record).article
    snapshot = SNAPSHOTS / f"{record.stem}.json"
    findings = [
        {"line": found.line, "rule": found.rule, "severity": str(found.severity), "text": found.text}
        for found in audit(article.text, article.name)
    ]
    if UPDATE:
        rows = ",\n".join(json.dumps(finding, ensure_ascii=False) for finding in findings)
        snapshot.parent.mkdir(exist_ok=True)
        snapshot.write_text(f"[\n{rows}\n]\n", encoding="utf-8", newline="\n")

    assert snapshot.is_file(), "no snapshot yet: run `make seeds`, and read what it writes"
    assert findings == json.loads(snapshot.read_text(encoding="utf-8"))


# The original pages


@needs_pages
@each_record
def test_page_is_the_one_on_record(record: Path) -> None:
    page = load(record).page
    content = page.path.read_bytes()

    assert (len(content), len(page.text)) == (page.bytes, page.characters)
    assert hashlib.sha256(content).hexdigest() == page.sha256


@needs_pages
@each_record
def test_quotes_stand_where_the_record_says(record: Path) -> None:
    page = load(record).page

    assert [one.quote for one in page.labels if not one.span.of(page.text).startswith(one.quote)] == []


@needs_pages
@each_record
def test_article_is_in_our_own_words(record: Path) -> None:
    seed = load(record)
    length = LONGEST_SHARED_RUN + 1

    assert runs(seed.article.text, length) & runs(seed.page.text, length) == set()


@needs_pages
def test_claims_of_the_pages_are_found() -> None:
    missed: list[str] = []
    wanted = 0
    for page in (load(record).page for record in RECORDS):
        wanted += sum(one.must for one in page.labels)
        missed += unfound(audit(page.text, page.path.name), page.labels)

    assert 1 - len(missed) / wanted >= 0.96, missed


@needs_pages
def test_findings_on_the_pages_are_claims() -> None:
    wrong: list[tuple[str, str]] = []
    findings = 0
    for page in (load(record).page for record in RECORDS):
        found = audit(page.text, page.path.name)
        findings += len(claims(found))
        wrong += unlabelled(found, page.labels)

    assert findings
    assert len(wrong) / findings <= 0.04, wrong


@needs_pages
@each_record
def test_missing_disclosures_of_the_page_are_found(record: Path) -> None:
    page = load(record).page

    said = disclosures(audit(page.text, page.path.name))

    assert page.missing <= said <= page.missing | page.either
