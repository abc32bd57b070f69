"""Fix, baseline and register together: whatever people do in whatever order, no claim is lost and none waived twice."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from waiver_catalog import CATALOG

from kaudit.catalog.compiled import Catalog
from kaudit.fixer import fix_file
from kaudit.model import Audit, Category, Finding
from kaudit.normalise import normalise
from kaudit.waive.baseline import SCHEMA, Baseline
from kaudit.workspace import Workspace

CLAIMS = {
    "It has minimal side effects.": "minimal-side-effects",
    "It has no side effects.": "no-side-effects",
    "It is a miracle drug.": "exaggerates",
    "It is perhaps a miracle drug.": "exaggerates",
    "It is a miracle drug for everyone.": "exaggerates",
    "Studies show that it works.": "unnamed-studies",
    "It cures depression.": "cures-condition",
    "It may cure anxiety.": "cures-condition",
}
"""Sentences, and the rule that each breaks."""
STRONGER = {"It is perhaps a miracle drug.": "It is a miracle drug."}
"""What, once it is accepted, covers a softer sentence, too."""
PLAIN = ("Ask your doctor.", "The clinic opens at nine.", "Some people feel better.")
NAMES = ("a.md", "sub/b.md")
START = date(2027, 1, 1)
SENTENCE = st.sampled_from([*CLAIMS, *PLAIN])


class Waivers(RuleBasedStateMachine):
    """A folder of documents, what its owners accepted and approved, and the day; the model knows what must be found."""

    pages = Bundle("pages")
    catalog: Catalog | None = None

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="kaudit-machine-"))
        (self.root / "catalog.yaml").write_text(CATALOG, encoding="utf-8")
        self.day = START
        self.approved: dict[str, tuple[date, date, str | None]] = {}
        self.accepted: dict[str, Counter[str]] = {}
        self.written: dict[str, list[str]] = {}

    def teardown(self) -> None:
        shutil.rmtree(self.root)

    @initialize(target=pages, sentences=st.lists(SENTENCE, min_size=3, max_size=6), are_accepted=st.booleans())
    def settings_and_a_page_are_written(self, sentences: list[str], are_accepted: bool) -> str:
        lines = ["catalog = ['catalog.yaml']", "baseline = 'baseline.json'", "claims = 'claims.yaml'"]
        (self.root / "kaudit.toml").write_text("\n".join(lines), encoding="utf-8")
        self._write_baseline({})
        self._write_register()
        self._write(NAMES[0], sentences)
        if are_accepted:
            self.all_that_is_there_is_accepted()
        return NAMES[0]

    # What people do

    @rule(target=pages, name=st.sampled_from(NAMES), sentences=st.lists(SENTENCE, min_size=1, max_size=5))
    def a_page_is_written(self, name: str, sentences: list[str]) -> str:
        self._write(name, sentences)
        return name

    @rule(name=pages, sentence=SENTENCE)
    def a_sentence_is_added(self, name: str, sentence: str) -> None:
        self._write(name, [*self.written.get(name, []), sentence])

    @rule(name=pages, at=st.integers(0, 9))
    def a_sentence_is_taken_out(self, name: str, at: int) -> None:
        left = [each for number, each in enumerate(self.written.get(name, [])) if number != at]
        self._write(name, left or [PLAIN[0]])

    @rule(name=pages, at=st.integers(0, 4))
    def a_sentence_is_said_again(self, name: str, at: int) -> None:
        there = self.written.get(name, [PLAIN[0]])
        self._write(name, [*there, there[at % len(there)]])

    @rule(name=pages)
    def claims_are_put_harder(self, name: str) -> None:
        self._write(name, [STRONGER.get(each, each) for each in self.written.get(name, [PLAIN[0]])])

    @rule(name=pages)
    def claims_are_put_softer(self, name: str) -> None:
        softer = {hard: soft for soft, hard in STRONGER.items()}
        self._write(name, [softer.get(each, each) for each in self.written.get(name, [PLAIN[0]])])

    @rule(name=pages)
    def sentences_are_turned_round(self, name: str) -> None:
        self._write(name, self.written.get(name, [PLAIN[0]])[::-1])

    @rule(name=pages)
    def a_page_is_removed(self, name: str) -> None:
        (self.root / name).unlink(missing_ok=True)
        self.written.pop(name, None)

    @rule(target=pages, name=pages, other=st.sampled_from(NAMES))
    def a_page_gets_another_name(self, name: str, other: str) -> str:
        if name in self.written and name != other:
            sentences = self.written[name]
            self.a_page_is_removed(name)
            self._write(other, sentences)
        return other

    @rule()
    def all_that_is_there_is_accepted(self) -> None:
        workspace = self._workspace(renewing=True)
        (baseline,), unread = (
            workspace.baselines(self._paths(), self.root / "baseline.json")
            if self.written
            else (
                [Baseline(self.root / "baseline.json")],
                [],
            )
        )
        assert not unread
        (self.root / "baseline.json").write_text(baseline.to_json(), encoding="utf-8")
        self.accepted = {
            name: Counter(each for each in sentences if each in CLAIMS and not self._is_approved(each, name))
            for name, sentences in self.written.items()
        }

    @rule(
        sentence=st.sampled_from(list(CLAIMS)),
        start=st.sampled_from([-30, -1, 0, 1, 30]),
        days=st.sampled_from([0, 1, 30, 60]),
        only=st.sampled_from([None, *NAMES]),
    )
    def a_claim_is_approved(self, sentence: str, start: int, days: int, only: str | None) -> None:
        begin = self.day + timedelta(days=start)
        self.approved[sentence] = (begin, begin + timedelta(days=days), only)
        self._write_register()

    @rule(sentence=st.sampled_from(list(CLAIMS)))
    def an_approval_is_taken_back(self, sentence: str) -> None:
        self.approved.pop(sentence, None)
        self._write_register()

    @rule(days=st.sampled_from([-40, -1, 1, 2, 30, 31]))
    def the_clock_moves(self, days: int) -> None:
        self.day += timedelta(days=days)

    @rule(name=pages, unsafe=st.booleans())
    def a_page_is_fixed(self, name: str, unsafe: bool) -> None:
        if name not in self.written:
            return
        path = self.root / name
        before = self._audit(name)
        waived = Counter((found.rule, words(found)) for found in before.findings if found.waived_by)

        result = fix_file(path, self._workspace().auditor_of(path), unsafe=unsafe)

        assert len(result.fixed) >= len(
            [found for found in before.findings if found.suggestions and not found.waived_by]
        )
        after = self._audit(name)
        assert all(each.finding.waived_by is None for each in result.fixed), "nothing that is waived is fixed"
        assert not waived - Counter((found.rule, words(found)) for found in after.findings), "it is left as it is"
        left = Counter(found.rule for found in after.findings)
        for fixed, times in Counter(each.finding.rule for each in result.fixed).items():
            assert left[fixed] == Counter(found.rule for found in before.findings)[fixed] - times
        assert path.read_text(encoding="utf-8") == result.text
        again = fix_file(path, self._workspace().auditor_of(path), unsafe=unsafe)
        assert not again.is_changed, "a second run changes nothing"
        self.written[name] = result.text.rstrip("\n").split("\n\n")

    # What holds at all times

    @invariant()
    def every_claim_is_found_and_only_what_somebody_answers_for_is_waived(self) -> None:
        audits = self._workspace().audit_files(self.root / name for name in self.written)
        for (name, sentences), audit in zip(self.written.items(), audits, strict=True):
            assert isinstance(audit, Audit)
            found = [each for each in audit.findings if each.category is not Category.WAIVER]
            claims = [sentence for sentence in sentences if sentence in CLAIMS]
            assert [each.rule for each in found] == [CLAIMS[sentence] for sentence in claims], "nothing is lost"
            open_claims = Counter(
                sentence
                for sentence, is_covered in zip(claims, self._covered(name, claims), strict=True)
                if not is_covered and not self._is_approved(sentence, name)
            )
            told = Counter(sentence for each, sentence in zip(found, claims, strict=True) if each.waived_by is None)
            assert told == open_claims, "an entry of the baseline waives one claim, an approval its own on its days"

    def _covered(self, name: str, claims: list[str]) -> list[bool]:
        """Return for each of *claims* whether the baseline covers it; entries of pages that are gone may, anywhere."""
        gone = [sentences for other, sentences in self.accepted.items() if other not in self.written]
        entries = [Counter(self.accepted.get(name, ())), sum(gone, Counter[str]())]
        covered = []
        for claim in claims:
            fitting = ((free, each) for free in entries for each in (claim, STRONGER.get(claim, "")) if free[each] > 0)
            free, each = next(fitting, (Counter[str](), ""))
            free[each] -= 1
            covered.append(bool(each))
        return covered

    # Files

    def _is_approved(self, sentence: str, name: str) -> bool:
        begin, end, only = self.approved.get(sentence, (date.max, date.min, None))
        return begin <= self.day <= end and only in (None, name)

    def _write(self, name: str, sentences: list[str]) -> None:
        path = self.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n\n".join(sentences) + "\n", encoding="utf-8")
        self.written[name] = list(sentences)

    def _write_baseline(self, documents: dict[str, object]) -> None:
        (self.root / "baseline.json").write_text(
            json.dumps({"schema": SCHEMA, "documents": documents}), encoding="utf-8"
        )

    def _write_register(self) -> None:
        entries = [
            {
                "id": f"claim-{list(CLAIMS).index(sentence)}",
                "wording": [sentence],
                "evidence": [{"citation": "A study."}],
                "approved_by": "Ann",
                "approved_on": begin.isoformat(),
                "until": end.isoformat(),
                **({"paths": [only]} if only else {}),
            }
            for sentence, (begin, end, only) in self.approved.items()
        ]
        text = json.dumps({"schema": "1", "claims": entries}, indent=1)  # JSON is YAML
        (self.root / "claims.yaml").write_text(text, encoding="utf-8")

    def _paths(self) -> list[Path]:
        return [self.root / name for name in sorted(self.written)]

    def _workspace(self, *, renewing: bool = False) -> Workspace:
        return Workspace(file=self.root / "kaudit.toml", clock=lambda: self.day, renewing=renewing)

    def _audit(self, name: str) -> Audit:
        (audit,) = self._workspace().audit_files([self.root / name])
        assert isinstance(audit, Audit)
        return audit


Step = Callable[[Waivers], object]
A, B = NAMES
HARD, SOFT, MORE = "It is a miracle drug.", "It is perhaps a miracle drug.", "It is a miracle drug for everyone."
FIXABLE = "It has minimal side effects."
ACCEPT: Step = Waivers.all_that_is_there_is_accepted
PATHS: dict[str, tuple[list[str], list[Step]]] = {
    "a softer claim that was accepted is put harder": ([SOFT, HARD], [ACCEPT, lambda it: it.claims_are_put_harder(A)]),
    "a harder claim that was accepted is put softer": ([HARD, SOFT], [ACCEPT, lambda it: it.claims_are_put_softer(A)]),
    "more is said of what was accepted": ([HARD], [ACCEPT, lambda it: it.a_page_is_written(A, [MORE])]),
    "more is said of what was approved": (
        [HARD, MORE, SOFT],
        [lambda it: it.a_claim_is_approved(HARD, 0, 30, None), lambda it: it.an_approval_is_taken_back(HARD)],
    ),
    "two that were accepted are turned round": (
        [HARD, SOFT, HARD],
        [ACCEPT, lambda it: it.sentences_are_turned_round(A), lambda it: it.a_sentence_is_taken_out(A, 0)],
    ),
    "what was accepted is said again": ([HARD], [ACCEPT, lambda it: it.a_sentence_is_said_again(A, 0)]),
    "a page that was accepted gets another name": (
        [HARD, FIXABLE],
        [ACCEPT, lambda it: it.a_page_gets_another_name(A, B), lambda it: it.a_page_is_written(A, [HARD]), ACCEPT],
    ),
    "a page that was accepted is said on another": ([HARD], [ACCEPT, lambda it: it.a_page_is_written(B, [HARD])]),
    "pages are accepted, removed and written anew": (
        [HARD],
        [
            ACCEPT,
            lambda it: it.a_page_is_written(B, [FIXABLE]),
            lambda it: it.a_page_is_removed(A),
            ACCEPT,
            lambda it: it.a_page_is_written(A, [HARD]),
        ],
    ),
    "a claim is accepted no more once it is gone": (
        [HARD, FIXABLE],
        [
            ACCEPT,
            lambda it: it.a_sentence_is_taken_out(A, 0),
            ACCEPT,
            lambda it: it.a_sentence_is_added(A, HARD),
        ],
    ),
    "what was approved is not accepted besides": (
        [HARD],
        [
            lambda it: it.a_claim_is_approved(HARD, 0, 30, None),
            ACCEPT,
            lambda it: it.an_approval_is_taken_back(HARD),
        ],
    ),
    "what was accepted is approved besides and said again": (
        [HARD, SOFT],
        [
            ACCEPT,
            lambda it: it.a_claim_is_approved(SOFT, 0, 30, None),
            lambda it: it.a_sentence_is_said_again(A, 1),
            lambda it: it.a_sentence_is_said_again(A, 0),
        ],
    ),
    "an approval is for one page": (
        [HARD],
        [lambda it: it.a_claim_is_approved(HARD, 0, 30, B), lambda it: it.a_page_is_written(B, [HARD, SOFT])],
    ),
    "an approval holds on its day alone": (
        [HARD],
        [
            lambda it: it.a_claim_is_approved(HARD, 1, 0, None),
            lambda it: it.the_clock_moves(1),
            lambda it: it.the_clock_moves(1),
        ],
    ),
    "what is waived is not fixed": (
        [FIXABLE, "It cures depression."],
        [
            ACCEPT,
            lambda it: it.a_sentence_is_said_again(A, 0),
            lambda it: it.a_page_is_fixed(A, unsafe=True),
            lambda it: it.a_claim_is_approved(FIXABLE, 0, 0, None),
            lambda it: it.a_page_is_fixed(A, unsafe=False),
        ],
    ),
}
"""What chance may miss: sentences of a page, and what is done then."""


@pytest.mark.parametrize("name", PATHS)
def test_what_chance_may_miss_holds_too(name: str) -> None:
    sentences, steps = PATHS[name]
    machine = Waivers()
    try:
        machine.settings_and_a_page_are_written(sentences, are_accepted=False)
        for step in steps:
            step(machine)
            machine.every_claim_is_found_and_only_what_somebody_answers_for_is_waived()
    finally:
        machine.teardown()


def words(found: Finding) -> str:
    return normalise(found.text).text


Waivers.TestCase.settings = settings(
    deadline=None, max_examples=25, stateful_step_count=20, suppress_health_check=list(HealthCheck)
)
TestWaivers = Waivers.TestCase
