"""No catalog, however made, takes long or gets through in silence; and none takes long on any text."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hostile_catalogs import TEXTS, CatalogFiles
from small_catalogs import HEAD, catalog_of, rule

from kaudit.auditor import Auditor
from kaudit.catalog import load_catalog
from kaudit.catalog.spelling import ordinary_words
from kaudit.catalog.texts import CatalogText, places_of
from kaudit.catalog.yaml_text import read_yaml
from kaudit.config import Config
from kaudit.errors import CatalogError
from kaudit.model import CatalogLimits, Category

HOSTILE_TEXT = "miracle " + "a " * 300 + "b hooray " + "a" * 60 + " x x x drug 1 2 3 drug drug cure " * 30
SECONDS = 2.0


@pytest.fixture(scope="module", autouse=True)
def _english_is_known() -> None:
    ordinary_words(frozenset())


def load(folder: Path, files: CatalogFiles) -> list[str]:
    """Load c.yaml, audit a hostile text with it, and return what is wrong with the catalog."""
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    try:
        catalog = load_catalog(folder / "c.yaml", cached=False)
    except CatalogError as error:
        return list(map(str, error.problems))
    Auditor(catalog, Config(max_pattern_ms=100)).audit(HOSTILE_TEXT)
    return []


@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_catalog_is_refused_or_harmless(name: str, tmp_path: Path) -> None:
    content, wanted = TEXTS[name]
    start = time.process_time()

    problems = load(tmp_path, {"c.yaml": content})

    assert time.process_time() - start < SECONDS
    if wanted is None:
        assert problems == []
    else:
        assert any(wanted in problem for problem in problems), problems[:5]
        assert len(problems) <= 200
        for problem in problems:
            assert re.match(r".+?:\d+:\d+: .", problem), problem


def test_there_are_fifty_hostile_catalogs() -> None:
    assert len(TEXTS) >= 50


def test_what_is_no_file_is_no_catalog(tmp_path: Path) -> None:
    for place in (tmp_path, Path("/dev/zero")):
        if place.exists():
            with pytest.raises(CatalogError, match="is no file; a catalog is a file of YAML"):
                load_catalog(place)


def test_catalogs_that_extend_one_another_without_end_are_refused(tmp_path: Path) -> None:
    files: CatalogFiles = {f"c{at}.yaml": f"extends: c{at + 1}.yaml\n{HEAD}" for at in range(20)}

    (problem,) = load(tmp_path, {**files, "c.yaml": f"extends: c0.yaml\n{HEAD}"})

    assert "extend it only once" in problem


def test_limits_of_catalogs_can_be_set() -> None:
    text = "a: &a [x, x]\nb: [*a, *a]\n"

    with pytest.raises(CatalogError, match="at most 1 aliases"):
        read_yaml(text, "c.yaml", limits=CatalogLimits(1_000, 20, 1))
    assert read_yaml(text, "c.yaml", limits=CatalogLimits(1_000, 20, 2)) == {"a": ["x", "x"], "b": [["x", "x"]] * 2}
    with pytest.raises(CatalogError, match="nested more than 1 deep"):
        read_yaml(text, "c.yaml", limits=CatalogLimits(1_000, 1, 2))
    with pytest.raises(CatalogError, match="at most 10"):
        read_yaml(text, "c.yaml", limits=CatalogLimits(10, 20, 2))


def test_aliases_that_are_allowed_stand_for_so_much_and_never_for_themselves() -> None:
    laughs, _ = TEXTS["a bomb of aliases"]

    with pytest.raises(CatalogError, match="aliases stand for over 100000 values"):
        read_yaml(str(laughs), "c.yaml", limits=CatalogLimits(1_000_000, 20, 1_000))
    with pytest.raises(CatalogError, match="or it holds itself"):
        read_yaml("a: &a [*a]\n", "c.yaml", limits=CatalogLimits(1_000_000, 20, 1_000))


def test_places_behind_aliases_are_those_of_the_file() -> None:
    text = CatalogText("c.yaml", "a: &a [x]\nb: *a\nc: d\n", CatalogLimits(1_000, 20, 1))

    assert places_of(text)[("c",)] == (3, 1) or places_of(text)[("c",)] == (3, 4)


SLOW = "claims:\n" + rule("['hooray /(?:(?:a|aa)+)+[0-9]/']", "slow") + rule("['miracle drug']", "quick")
SLOW_CUE = "claims:\n" + rule("['miracle drug']", "quick") + "cues: [{type: hedge, words: ['/(?:(?:a|aa)+)+[0-9]/']}]\n"
AAAH = "A miracle drug. We say hooray " + "a" * 60 + ". A miracle drug, we say: " + "a" * 60 + ".\n"


def test_a_rule_that_takes_too_long_is_left_out_and_named_and_the_others_hold() -> None:
    auditor = Auditor(catalog_of(SLOW), Config(max_pattern_ms=50))
    start = time.process_time()

    (audit,) = auditor.audit(AAAH * 20).documents

    assert time.process_time() - start < 1
    assert audit.gaps == ("slow was left out: a pattern in slashes of it takes over 50 ms (max-pattern-ms)",)
    assert [found.rule for found in audit.findings] == ["quick"] * 40
    assert auditor.audit("We say hooray aa7.").documents[0].gaps == (), "in other documents it holds"
    assert [found.rule for found in auditor.audit("We say hooray aa7.").findings] == ["slow"]


def test_a_cue_that_takes_too_long_is_left_out_and_named() -> None:
    (audit,) = Auditor(catalog_of(SLOW_CUE), Config()).audit(AAAH).documents

    assert audit.gaps == ("the cue /(?:(?:a|aa)+)+[0-9]/ takes over 0.05 s on one sentence; it was left out",)
    assert [found.rule for found in audit.findings] == ["quick", "quick"]


def test_many_slow_rules_share_their_time() -> None:
    many = "".join(rule(f"['hooray{at} /(?:(?:a|aa)+)+[0-9]/']", f"slow{at}") for at in range(50))
    auditor = Auditor(catalog_of(f"claims:\n{many}"), Config(max_pattern_ms=50))
    start = time.process_time()

    (audit,) = auditor.audit("\n\n".join(f"hooray{at} {'a' * 60}" for at in range(50))).documents

    assert time.process_time() - start < 2
    assert len(audit.gaps) == 50


def test_of_too_many_claims_the_first_are_told() -> None:
    catalog = catalog_of("claims:\n" + rule("['miracle drug']", "quick"))

    (audit,) = Auditor(catalog, Config(max_findings=7)).audit("A miracle drug.\n\n" * 20).documents

    assert len(audit.findings) == 7
    assert audit.gaps == ("it has over 7 claims (max-findings); the rest was left out",)


@pytest.mark.parametrize("most", [1, 4, 9])
def test_claims_of_both_kinds_of_rules_are_counted_together(most: int) -> None:
    """Promotional rules are tried after the others."""
    text = "It is a miracle drug. Our clinic has world-class experts. It cures depression. Book now.\n\n" * 6

    (audit,) = Auditor(config=Config(max_findings=most)).audit(text).documents

    told = [found for found in audit.findings if found.category is not Category.DISCLOSURE]
    assert 0 < len(told) <= most
    assert audit.gaps == (f"it has over {most} claims (max-findings); the rest was left out",)


def test_optional_parts_take_no_longer_than_the_text() -> None:
    """Each of ninety parts may be there or not: 2 to the power of 90 ways."""
    catalog = catalog_of("claims:\n" + rule("['miracle " + "(a|b)? " * 90 + "end']"))
    start = time.process_time()

    Auditor(catalog).audit("miracle " + "a " * 900)

    assert time.process_time() - start < 1
