"""Wrong catalogs are refused: every problem, each with its place and with what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from small_catalogs import HEAD, catalog_of, rule

from kaudit import CatalogError, load_catalog
from kaudit.catalog import json_schema
from kaudit.catalog.load import load_texts
from kaudit.catalog.texts import CatalogText

LINES = HEAD.count("\n")


def problems(text: str) -> list[str]:
    with pytest.raises(CatalogError) as told:
        load_texts([CatalogText("c.yaml", text)])
    return [str(problem) for problem in told.value.problems]


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("claims: [", ["no YAML"]),
        ("claims: &a []\ndisclosures: *a", ["no aliases"]),
        ("version: again", ["the key 'version' stands twice"]),
        ('lexicons: {drug: ["\\b"]}', ["control character"]),
        ("lexicon: {}", ["unknown key 'lexicon'; did you mean 'lexicons'?"]),
        ("lexicons: {drug: [a (b]}", ["this ( is not closed"]),
        ("lexicons: {a: ['{b}'], b: ['{a}']}", ["leads back here"]),
        ("lexicons: {drug: [x]}\nclaims:\n" + rule("['{drugs}']"), ["no lexicon 'drugs'; did you mean 'drug'?"]),
        (
            "claims:\n" + rule("['a? <0-1> {number}']"),
            ["nothing in this template must be"],
        ),
        ("claims:\n" + rule("[miracle]").replace("high", "huge"), ["severity: input should be 'low'"]),
        ("claims:\n" + rule("[miracle]").replace("[law]", "[lax]"), ["no source 'lax'; did you mean 'law'?"]),
        ("claims:\n" + rule("[miracle]") + rule("[magic]"), ["two rules are called 'too-much'"]),
        (
            "claims:\n" + rule("[miracle]").replace("why", "wy"),
            ["unknown key 'wy'; did you mean 'why'?", "why is missing"],
        ),
        ("claims:\n" + rule("[miracle]", category="timing"), ["category timing has no entry"]),
        ("claims:\n" + rule("[miracle]") + "    rewrite: [{match: a, to: b}]\n", ["has `fix` examples, too"]),
        ("claims:\n" + rule("[miracle]") + "    rewrite: [{to: b}]\n", ["`match` is missing"]),
        ("health: ['{drug}', 'a? b? c? d? e? f? g? h? i? j? k? l? m?']", ["no lexicon 'drug'", "over 5000 phrases"]),
        ("tone: [{points: 1, words: [/ours?/]}]", ["no patterns in slashes"]),
        ("off: [nothing]", ["there is no rule 'nothing'"]),
        ("change: {nothing: {severity: low}}", ["there is no rule 'nothing'"]),
    ],
)
def test_wrong_catalogs_are_refused(body: str, wanted: list[str]) -> None:
    found = problems(HEAD + body + "\n")

    assert len(found) >= len(wanted)
    for message in wanted:
        assert any(message in problem for problem in found), found
    for problem in found:
        path, line, column, _ = problem.split(":", 3)
        assert path == "c.yaml"
        assert int(line) >= 1
        assert int(column) >= 1


def test_places_are_those_of_the_mistake() -> None:
    body = "claims:\n" + rule("['fine words', 'a {nothing} b']")

    (problem,) = problems(HEAD + body)

    line = (HEAD + body).splitlines().index("    match: ['fine words', 'a {nothing} b']")
    column = (HEAD + body).splitlines()[line].index("{nothing}")
    assert problem.startswith(f"c.yaml:{line + 1}:{column + 1}: ")


def test_all_problems_are_told_at_once() -> None:
    body = "claims:\n" + rule("['{a}']", "one") + rule("['(b']", "two") + rule("['/(/ c']", "three")

    assert len(problems(HEAD + body)) == 3


def test_bottomless_nesting_is_refused() -> None:
    assert "deep" in problems("a: " + "[" * 500)[0]


def test_scalars_stay_text() -> None:
    catalog = catalog_of("lexicons: {answer: [no, 10, yes]}\nclaims:\n" + rule("['say {answer}']"))

    (pattern,) = catalog.rules["too-much"].match
    assert set(pattern.anchors) == {"say no", "say 10", "say yes"}


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


BASE = HEAD + "lexicons: {drug: [aspirin]}\nclaims:\n" + rule("['{drug} cures']", "a") + rule("[magic]", "b")


def test_catalogs_extend_change_and_switch_off(tmp_path: Path) -> None:
    write(tmp_path, "base.yaml", BASE)
    mine = write(
        tmp_path,
        "mine.yaml",
        "schema: 1\nversion: '2'\nextends: base.yaml\nlexicons: {drug: [+, zenexol]}\noff: [b]\n"
        "change: {a: {severity: low, message: Mild.}}\nclaims:\n" + rule("[wonder]", "c"),
    )

    catalog = load_catalog(mine, cached=False)

    assert list(catalog.rules) == ["a", "c"]
    assert str(catalog.rules["a"].severity) == "low"
    assert catalog.rules["a"].message == "Mild."
    assert set(catalog.rules["a"].match[0].anchors) == {"aspirin cures", "zenexol cures"}


def test_catalogs_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    one = write(tmp_path, "one.yaml", "schema: 1\nversion: '1'\nextends: two.yaml\n")
    write(tmp_path, "two.yaml", "schema: 1\nversion: '1'\nextends: one.yaml\n")

    with pytest.raises(CatalogError, match="leads back here"):
        load_catalog(one, cached=False)


def test_catalogs_do_not_reach_outside_their_folder(tmp_path: Path) -> None:
    write(tmp_path, "base.yaml", BASE)
    (tmp_path / "sub").mkdir()
    mine = write(tmp_path / "sub", "mine.yaml", "schema: 1\nversion: '1'\nextends: ../base.yaml\n")

    with pytest.raises(CatalogError, match="outside the folder"):
        load_catalog(mine, cached=False)


def test_a_missing_catalog_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="cannot be read"):
        load_catalog(tmp_path / "none.yaml")


def test_the_schema_names_every_key() -> None:
    schema = json_schema()

    assert {"claims", "lexicons", "cues", "disclosures", "extends"} <= set(schema["properties"])
    assert schema["properties"]["schema"]["enum"] == [1, "1"]
    assert "class" in schema["$defs"]["ClaimEntry"]["properties"]


def test_a_parser_that_is_all_python_reads_our_catalog() -> None:
    """It is stricter than the one in C, which few other programs use."""
    text = (Path(__file__).parent.parent / "claim_catalog.yaml").read_text(encoding="utf-8")

    assert sum(1 for _ in yaml.parse(text, Loader=yaml.SafeLoader)) > 10_000


def test_rules_have_what_a_reader_needs() -> None:
    catalog = load_catalog()

    assert len(catalog.rules) >= 60
    assert {found.category for found in catalog.rules.values()} == set(catalog.categories) - {"disclosure"}
    for key in {key for found in catalog.rules.values() for key in found.sources}:
        assert catalog.sources[key].place
        assert catalog.sources[key].checked


def test_no_rule_of_ours_is_tried_on_every_sentence() -> None:
    catalog = load_catalog()
    everywhere = [
        (rule.id, pattern.template) for rule in catalog.rules.values() for pattern in rule.match if not pattern.anchors
    ]

    assert not everywhere, "give each template a word that every match contains"
