"""Fix, baseline and register together: whatever people do in whatever order, no claim is lost and none waived twice."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from waiver_catalog import CATALOG

from kaudit.catalog.compiled import Catalog
from kaudit.fixer import fix_file
from kaudit.model import Audit, Category, Finding
from kaudit.normalise import normalise
from kaudit.waive.baseline import Baseline
from kaudit.workspace import Workspace

CLAIMS = {
    "It has minimal side effects.": "minimal-side-effects",
    "It has no side effects.": "no-side-effects",
    "It is a miracle drug.": "exaggerates",
    "Studies show that it works.": "unnamed-studies",
    "It cures depression.": "cures-condition",
    "It may cure anxiety.": "cures-condition",
}
"""Sentences, and the rule that each breaks."""
PLAIN = ("Ask your doctor.", "The clinic opens at nine.", "Some people feel better.")
NAMES = ("a.md", "b.md", "sub/c.md")
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
        self.approved: dict[str, tuple[date, date]] = {}
        self.accepted: dict[str, Counter[str]] = {}
        self.written: dict[str, list[str]] = {}

    def teardown(self) -> None:
        shutil.rmtree(self.root)

    @initialize()
    def settings_are_written(self) -> None:
        lines = ["catalog = ['catalog.yaml']", "baseline = 'baseline.json'", "claims = 'claims.yaml'"]
        (self.root / "kaudit.toml").write_text("\n".join(lines), encoding="utf-8")
        self._write_baseline({})
        self._write_register()

    # What people do

    @rule(target=pages, name=st.sampled_from(NAMES), sentences=st.lists(SENTENCE, min_size=1, max_size=5))
    def a_page_is_written(self, name: str, sentences: list[str]) -> str:
        self._write(name, sentences)
        return name

    @rule(name=pages, sentence=SENTENCE)
    def a_sentence_is_added(self, name: str, sentence: str) -> None:
        self._write(name, [*self.written[name], sentence])

    @rule(name=pages, at=st.integers(0, 9))
    def a_sentence_is_taken_out(self, name: str, at: int) -> None:
        left = [each for number, each in enumerate(self.written[name]) if number != at]
        self._write(name, left or [PLAIN[0]])

    @rule(name=pages)
    def sentences_are_turned_round(self, name: str) -> None:
        self._write(name, self.written[name][::-1])

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
            name: Counter(each for each in sentences if each in CLAIMS and not self._is_approved(each))
            for name, sentences in self.written.items()
        }

    @rule(sentence=st.sampled_from(list(CLAIMS)), start=st.integers(-30, 30), days=st.integers(0, 60))
    def a_claim_is_approved(self, sentence: str, start: int, days: int) -> None:
        begin = self.day + timedelta(days=start)
        self.approved[sentence] = (begin, begin + timedelta(days=days))
        self._write_register()

    @rule(sentence=st.sampled_from(list(CLAIMS)))
    def an_approval_is_taken_back(self, sentence: str) -> None:
        self.approved.pop(sentence, None)
        self._write_register()

    @rule(days=st.integers(-40, 40))
    def the_clock_moves(self, days: int) -> None:
        self.day += timedelta(days=days)

    @rule(name=pages)
    def a_page_is_fixed(self, name: str) -> None:
        path = self.root / name
        before = self._audit(name)
        waived = Counter((found.rule, words(found)) for found in before.findings if found.waived_by)

        result = fix_file(path, self._workspace().auditor_of(path))

        after = self._audit(name)
        assert all(each.finding.waived_by is None for each in result.fixed), "nothing that is waived is fixed"
        assert not waived - Counter((found.rule, words(found)) for found in after.findings), "it is left as it is"
        left = Counter(found.rule for found in after.findings)
        for fixed, times in Counter(each.finding.rule for each in result.fixed).items():
            assert left[fixed] == Counter(found.rule for found in before.findings)[fixed] - times
        assert path.read_text(encoding="utf-8") == result.text
        assert not fix_file(path, self._workspace().auditor_of(path)).is_changed, "a second run changes nothing"
        self.written[name] = result.text.rstrip("\n").split("\n\n")

    # What holds at all times

    @invariant()
    def every_claim_is_found_and_only_what_somebody_answers_for_is_waived(self) -> None:
        for name, sentences in self.written.items():
            audit = self._audit(name)
            found = [each for each in audit.findings if each.category is not Category.WAIVER]
            claims = [sentence for sentence in sentences if sentence in CLAIMS]
            assert [each.rule for each in found] == [CLAIMS[sentence] for sentence in claims], "nothing is lost"
            free = Counter(self.accepted.get(name, ()))
            for sentence in claims:
                free[sentence] -= 1
            open_claims = Counter(
                {each: -missing for each, missing in free.items() if missing < 0 and not self._is_approved(each)}
            )
            told = Counter(sentence for each, sentence in zip(found, claims, strict=True) if each.waived_by is None)
            assert told == open_claims, "an entry of the baseline waives one claim, an approval its own on its days"

    # Files

    def _is_approved(self, sentence: str) -> bool:
        begin, end = self.approved.get(sentence, (date.max, date.min))
        return begin <= self.day <= end

    def _write(self, name: str, sentences: list[str]) -> None:
        path = self.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n\n".join(sentences) + "\n", encoding="utf-8")
        self.written[name] = list(sentences)

    def _write_baseline(self, documents: dict[str, object]) -> None:
        (self.root / "baseline.json").write_text(json.dumps({"schema": 1, "documents": documents}), encoding="utf-8")

    def _write_register(self) -> None:
        entries = [
            {
                "id": f"claim-{list(CLAIMS).index(sentence)}",
                "wording": [sentence],
                "evidence": [{"citation": "A study."}],
                "approved_by": "Ann",
                "approved_on": begin.isoformat(),
                "until": end.isoformat(),
            }
            for sentence, (begin, end) in self.approved.items()
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


def words(found: Finding) -> str:
    return normalise(found.text).text


Waivers.TestCase.settings = settings(
    deadline=None, max_examples=15, stateful_step_count=15, suppress_health_check=list(HealthCheck)
)
TestWaivers = Waivers.TestCase
