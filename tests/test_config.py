"""Configuration: which file holds for a document, what it may say, and where what is wrong with it is wrong."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaudit.auditor import Auditor
from kaudit.catalog.compiled import Catalog
from kaudit.cli import main
from kaudit.config import Config, Glob
from kaudit.config.settings import key_of, load_settings
from kaudit.config.toml_text import read_toml
from kaudit.errors import ConfigError
from kaudit.model import Jurisdiction, Severity
from kaudit.workspace import Workspace

CLAIM = "Our drops have minimal side effects.\n"


@pytest.fixture(autouse=True)
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder, which is the working folder."""
    work = tmp_path / "site"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


def put(path: str, text: str) -> Path:
    place = Path(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    return place


def config(path: str = "page.md") -> Config:
    return Workspace().settings_of(path).config


# Globs


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("blog/**", "blog/a.md", True),
        ("blog/**", "blog/2026/a.md", True),
        ("blog/**", "old/blog/a.md", False),
        ("blog", "old/blog/a.md", True),
        ("blog/", "blog/a.md", True),
        ("/blog", "old/blog/a.md", False),
        ("*.md", "old/blog/a.md", True),
        ("blog/*.md", "blog/a.md", True),
        ("blog/*.md", "blog/2026/a.md", False),
        ("blog/**/a.md", "blog/a.md", True),
        ("**/draft-?.md", "blog/2026/draft-1.md", True),
        ("**/draft-?.md", "blog/2026/draft-10.md", False),
        ("page[0-9].md", "page7.md", True),
        ("page[!0-9].md", "page7.md", False),
        ("a.md", "aXmd", False),
        ("blog", "weblog/a.md", False),
        ("./blog/**", "blog/../blog/a.md", True),
        ("**", "../elsewhere.md", False),
    ],
)
def test_globs_fit_as_in_gitignore(pattern: str, path: str, fits: bool) -> None:
    assert Glob(pattern).matches(path) is fits


# Files


def test_the_nearest_file_with_our_table_holds_alone() -> None:
    put("kaudit.toml", 'fail-on = "low"\npedantic = true\n')
    put("shop/pyproject.toml", '[tool.kaudit]\nfail-on = "high"\n')
    put("shop/tea/pyproject.toml", '[project]\nname = "kaudit-tea"\n')
    put("shop/tea/black/kaudit.toml", "exit-zero = true\n")

    assert config("page.md") == Config(fail_on=Severity.LOW, pedantic=True)
    assert config("shop/page.md") == config("shop/tea/page.md") == Config(fail_on=Severity.HIGH)
    assert config("shop/tea/black/page.md") == Config(exit_zero=True)


def test_our_own_file_beats_the_shared_one_beside_it() -> None:
    put("pyproject.toml", "[tool.kaudit]\npedantic = true\n")
    put("kaudit.toml", "exit-zero = true\n")

    assert config() == Config(exit_zero=True)


def test_without_a_file_the_defaults_hold() -> None:
    assert config() == Config()


def test_every_field_can_be_set_in_a_file(site: Path) -> None:
    put(
        "kaudit.toml",
        """
        fail-on = "high"
        pedantic = true
        select = ["cure", "safety"]
        ignore = ["timing"]
        jurisdictions = ["uk", "eu"]
        include = ["content/**"]
        exclude = ["drafts"]
        catalog = ["own.yaml"]
        baseline = "known.json"
        claims = "approved_claims.yaml"
        exit-zero = true
        max-bytes = 1_000
        max-line = 500
        max-nesting = 10
        max-findings = 5
        max-pattern-ms = 100
        max-catalog-bytes = 100_000
        max-catalog-depth = 12
        max-catalog-aliases = 3
        copy-keys = ["hero.*"]
        skip-keys = ["internal"]
        [lexicons]
        minimiser = ["teeny"]
        [per-path."legal/**"]
        off = true
        """,
    )

    settings = Workspace().settings_of("page.md")

    assert set(settings.origins) == {field.name for field in dataclasses.fields(Config)}
    assert all(
        getattr(settings.config, field.name) != getattr(Config(), field.name) for field in dataclasses.fields(Config)
    )
    assert settings.config.catalog == (site / "own.yaml",)
    assert settings.config.jurisdictions == (Jurisdiction.UK, Jurisdiction.EU)


def test_an_extending_file_is_laid_over_the_other() -> None:
    put(
        "base/kaudit.toml",
        'fail-on = "high"\nignore = ["cure"]\n[lexicons]\na = ["b"]\n[per-path]\n"x/**".off = true\n',
    )
    put(".git/HEAD", "")
    put("shop/kaudit.toml", 'extend = "../base/kaudit.toml"\nignore = ["timing"]\n[lexicons]\nc = ["d"]\n')

    holds = config("shop/page.md")

    assert (holds.fail_on, holds.ignore) == (Severity.HIGH, ("timing",))
    assert holds.lexicons == {"a": ("b",), "c": ("d",)}
    assert holds.why_not("base/x/page.md") == "switched off for 'x/**'", "patterns count from the file that has them"
    assert holds.why_not("shop/x/page.md") is None


def refused(text: str, name: str = "kaudit.toml") -> list[str]:
    put(name, text)
    with pytest.raises(ConfigError) as caught:
        load_settings(Path(name).absolute())
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("pedantik = true\n", "1:1: there is no setting 'pedantik'; did you mean 'pedantic'?"),
        ("\n  fail-om = 1\n", "2:3: there is no setting 'fail-om'; did you mean 'fail-on'?"),
        ('fail_on = "low"\n', "1:1: there is no setting 'fail_on'; did you mean 'fail-on'?"),
        ('fail-on = "huge"\n', "1:1: fail-on: 'huge' is none of low, medium, high, critical"),
        ("pedantic = 1\n", "1:1: pedantic: 1 is neither true nor false"),
        ("max-bytes = true\n", "1:1: max-bytes: True is no whole number from 0 on"),
        ('ignore = "cure"\n', "1:1: ignore: 'cure' is not a list; write [\"…\"]"),
        ("ignore = [\n  'cure', # why\n  7,\n]\n", "3:3: ignore: 7 is not a text in quotation marks"),
        ('jurisdictions = ["us", "uk", "fr"]\n', "1:30: jurisdictions: 'fr' is none of us, uk, eu, au, ca"),
        ("per-path = 3\n", "1:1: per-path: 3 is not a table"),
        ('[per-path."a b/**"]\nof = true\n', "2:1: there is no setting 'of'; did you mean 'off'?"),
        ('[per-path]\n"x" = { ignore = [], of = true }\n', "2:22: there is no setting 'of'; did you mean 'off'?"),
        ("a = \n", "1:5: no TOML: invalid value"),
        ("extend = 3\n", "1:1: extend: 3 is not the path of a file"),
        ('extend = "none.toml"\n', "1:1: there is no file 'none.toml'"),
        ('pedantic = true\nextend = "kaudit.toml"\n', "2:1: 'kaudit.toml' leads back here; extend it only once"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, problem: str) -> None:
    assert refused(text) == [f"kaudit.toml:{problem}"]


def test_all_problems_are_told_at_once() -> None:
    assert len(refused('fail-on = "huge"\npedantik = true\n[lexicons]\na = 1\n')) == 3


def test_in_a_shared_file_only_our_table_is_ours() -> None:
    text = '[project]\nname = "x"\n[[tool.other]]\na = 1\n[[tool.other]]\n[tool]\nkaudit.pedantic = 3\n'

    assert refused(text, "pyproject.toml") == ["pyproject.toml:7:1: pedantic: 3 is neither true nor false"]


def test_an_extended_file_stays_within_the_repository(tmp_path: Path) -> None:
    put("../outside.toml", "pedantic = true\n")
    put("deep/kaudit.toml", 'extend = "../kaudit.toml"\n')
    put("kaudit.toml", 'extend = "../outside.toml"\n')

    for name in ("kaudit.toml", "deep/kaudit.toml"):
        with pytest.raises(ConfigError, match="lies outside"):
            load_settings(Path(name).absolute())
    put("../.git/HEAD", "")

    assert config("deep/page.md").pedantic


@pytest.mark.skipif(os.name == "nt", reason="links need a right of their own there")
def test_a_link_does_not_lead_out_of_the_repository() -> None:
    put("../outside.toml", "pedantic = true\n")
    Path("inside.toml").symlink_to("../outside.toml")

    assert "lies outside" in refused('extend = "inside.toml"\n')[0]


def test_files_that_extend_each_other_in_a_circle_are_refused() -> None:
    put("b.toml", 'extend = "kaudit.toml"\n')

    assert refused('extend = "b.toml"\n') == ["b.toml:1:1: 'kaudit.toml' leads back here; extend it only once"]


KEYS = st.text(st.sampled_from("abZ09-_ .\"'#[]=\\é\n"), min_size=1, max_size=6)
VALUES = st.recursive(
    st.booleans() | st.integers(0, 99) | st.text(st.sampled_from("ab\"'#[]{}=,\\é\n"), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


def quoted(text: str) -> str:
    return '"' + "".join(f"\\u{ord(sign):04x}" if sign in '"\\\n' else sign for sign in text) + '"'


def written(value: object) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{quoted(key)} = {written(inner)}" for key, inner in value.items()) + "}"
        case list():
            return "[ # a comment ]\n" + ",\n".join(map(written, value)) + "]"
        case str() if "\n" in value and "'" not in value:
            return f"'''\n{value}'''"
        case str():
            return quoted(value)
        case _:
            return str(value).lower()


def trails(value: object, here: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    match value:
        case dict():
            return {here}.union(*(trails(inner, (*here, key)) for key, inner in value.items()))
        case list():
            return {here}.union(*(trails(inner, (*here, number)) for number, inner in enumerate(value)))
        case _:
            return {here}


@settings(deadline=None)
@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_every_key_and_entry_of_any_toml_has_a_place(values: dict[str, object]) -> None:
    text = "".join(f"{quoted(key)} = {written(value)}\n" for key, value in values.items())

    read, places = read_toml(text, "x.toml")

    lines = text.splitlines()
    assert read == values
    assert set(places) == trails(values) - {()}
    assert all(lines[places[key,][0] - 1].startswith(quoted(key)) for key in values)


# What holds


KNOWN = {"minimal-side-effects", "names-prescription-medicine"}
"""The rules of which these tests speak; whatever else finds fault with their texts is none of their concern."""


def findings(*paths: str, workspace: Workspace | None = None) -> dict[str, set[str]]:
    results = (workspace or Workspace()).audit_files(paths)
    return {result.path: {found.rule for found in getattr(result, "findings", ())} & KNOWN for result in results}


def test_each_document_is_audited_as_its_own_folder_says() -> None:
    put("kaudit.toml", 'ignore = ["safety"]\n')
    put("shop/kaudit.toml", "")
    pages = ("page.md", "shop/page.md", "page2.md")
    for page in pages:
        put(page, CLAIM)

    assert findings(*pages) == {"page.md": set(), "shop/page.md": {"minimal-side-effects"}, "page2.md": set()}


def test_overrides_hold_for_the_paths_that_fit() -> None:
    put("kaudit.toml", '[per-path]\n"blog/**" = { ignore = ["safety"] }\n"uk" = { jurisdictions = ["uk"] }\n')
    text = "Our clinic offers Ketamine. It is a cure for you. " + CLAIM
    pages = ("page.md", "blog/page.md", "uk/page.md")
    for page in pages:
        put(page, text)

    found = findings(*pages)

    assert "minimal-side-effects" in found["page.md"]
    assert "minimal-side-effects" not in found["blog/page.md"]
    assert "names-prescription-medicine" in found["uk/page.md"]
    assert "names-prescription-medicine" not in found["page.md"]


def test_the_library_heeds_overrides_too(catalog: Catalog) -> None:
    put("kaudit.toml", '[per-path]\n"blog/**" = { ignore = ["safety"] }\n')
    auditor = Auditor(catalog, config())

    assert auditor.audit(CLAIM, path="page.md").findings
    assert not auditor.audit(CLAIM, path="blog/page.md").findings


def test_a_flag_beats_a_file_and_a_file_beats_a_default() -> None:
    put("kaudit.toml", 'fail-on = "low"\njurisdictions = ["uk"]\n')

    holds = Workspace({"fail_on": Severity.HIGH}).settings_of("page.md").config

    assert holds == Config(fail_on=Severity.HIGH, jurisdictions=(Jurisdiction.UK,))


def test_words_are_added_to_lists_of_the_catalog() -> None:
    put("kaudit.toml", '[lexicons]\nminimiser = ["teeny"]\n')
    put("page.md", "Our drops have teeny side effects and minimal side effects.\n")
    put("other/kaudit.toml", "")
    put("other/page.md", "Our drops have teeny side effects.\n")

    assert findings("page.md", "other/page.md") == {"page.md": {"minimal-side-effects"}, "other/page.md": set()}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('ignore = ["safty"]\n', "1:11: there is no rule or category 'safty'; did you mean 'safety'?"),
        ('select = ["safety",\n "cures-conditon"]\n', "2:2: there is no rule or category 'cures-conditon'"),
        ('[per-path]\n"a".ignore = ["safty"]\n', "2:15: there is no rule or category 'safty'"),
        (
            '[lexicons]\nminimizer = ["a"]\n',
            "2:1: there is no lexicon 'minimizer' to add to; did you mean 'minimiser'?",
        ),
        ('[lexicons]\nminimiser = ["a", "b (c"]\n', "2:22: this ( is not closed; add the )"),
        ('catalog = ["none.yaml"]\n', None),
    ],
)
def test_what_only_the_catalog_knows_is_told_with_its_place(
    text: str, problem: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    put("kaudit.toml", text)
    put("page.md", CLAIM)

    code = main(["check", "page.md"])

    assert code == 2
    assert f"kaudit.toml:{problem}" in capsys.readouterr().err if problem else True


def test_a_flag_hides_what_the_file_names_wrongly_in_its_place() -> None:
    put("kaudit.toml", 'select = ["nonsense"]\n')
    put("page.md", CLAIM)

    assert main(["check", "--select", "safety", "page.md"]) == 1
    assert main(["check", "page.md"]) == 2


def test_the_library_refuses_names_that_there_are_not(catalog: Catalog) -> None:
    with pytest.raises(ConfigError, match="did you mean 'safety'"):
        Auditor(catalog, Config(ignore=("safty",)))


# The command line


def test_documents_that_are_left_out_are_told_when_they_were_named(capsys: pytest.CaptureFixture[str]) -> None:
    put("kaudit.toml", 'exclude = ["drafts"]\n[per-path]\n"legal/**".off = true\n')
    for page in ("drafts/a.md", "legal/b.md", "c.md"):
        put(page, CLAIM)

    code = main(["check", "drafts/a.md", "legal/b.md", "."])

    out, err = capsys.readouterr()
    assert code == 1
    assert out.count("minimal-side-effects") == 1
    assert err.splitlines() == [
        "kaudit: drafts/a.md: not audited: excluded by 'drafts'",
        "kaudit: legal/b.md: not audited: switched off for 'legal/**'",
    ]


def test_files_of_our_own_are_no_documents(capsys: pytest.CaptureFixture[str]) -> None:
    put("kaudit.toml", 'extend = "shared.toml"\nclaims = "approved.md"\n')
    put("shared.toml", "exclude = ['It has minimal side effects.']\n")
    put("approved.md", "schema: 1\nclaims: []\n# It has minimal side effects.\n")
    put("page.md", CLAIM)
    put("kaudit-baseline.json", '{"text": "It has minimal side effects."}')

    code = main(["check"])
    out = capsys.readouterr().out
    assert (code, out.count("page.md:1:"), "Audited 1 document " in out) == (1, 1, True)
    assert main(["check", "approved.md", "kaudit-baseline.json", "shared.toml"]) == 0
    assert capsys.readouterr().err.count("not audited: it is a file of kaudit's own") == 3
    assert main(["config", "show", "shared.toml"]) == 0
    assert "# shared.toml is not audited: it is a file of kaudit's own" in capsys.readouterr().out


def test_only_included_documents_are_audited(capsys: pytest.CaptureFixture[str]) -> None:
    put("kaudit.toml", 'include = ["content/**"]\n')
    put("content/a.md", CLAIM)
    put("other/b.md", CLAIM)

    assert main(["check"]) == 1
    assert "Audited 1 document" in capsys.readouterr().out
    assert main(["check", "other"]) == 0
    assert "leaves out every document" in capsys.readouterr().err


def test_each_document_fails_as_its_own_folder_says() -> None:
    put("kaudit.toml", 'fail-on = "critical"\n')
    put("strict/kaudit.toml", "")
    put("page.md", CLAIM)
    put("strict/page.md", CLAIM)

    assert main(["check", "page.md"]) == 0
    assert main(["check", "page.md", "strict/page.md"]) == 1


def test_a_configuration_that_was_named_holds_for_all() -> None:
    put("kaudit.toml", "")
    put("easy.toml", "exit-zero = true\n")
    put("page.md", CLAIM)

    assert main(["check", "page.md"]) == 1
    assert main(["check", "--config", "easy.toml", "page.md"]) == 0
    assert main(["check", "--config", "none.toml", "page.md"]) == 2


def test_config_show_tells_what_holds_and_where_it_was_said(capsys: pytest.CaptureFixture[str]) -> None:
    put("kaudit.toml", 'fail-on = "high"\nignore = ["timing"]\n[per-path]\n"blog/**" = { ignore = ["safety"] }\n')

    code = main(["config", "show", "blog/page.md"])

    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert code == 0
    assert lines[0] == "# set by kaudit.toml"
    assert 'fail-on = "high" # kaudit.toml:1:1' in lines
    assert 'ignore = ["timing", "safety"] # kaudit.toml:2:1, per-path blog/**' in lines
    assert "pedantic = false # default" in lines


def test_what_config_show_says_is_a_configuration(capsys: pytest.CaptureFixture[str]) -> None:
    put(
        "kaudit.toml", '[per-path]\n"a b/**" = { ignore = ["safety"], off = true }\n[lexicons]\nminimiser = ["teeny"]\n'
    )
    before = config()
    main(["config", "show"])

    put("kaudit.toml", capsys.readouterr().out)

    assert config() == before


def test_other_commands_know_the_catalogs_of_the_settings(capsys: pytest.CaptureFixture[str]) -> None:
    put("own.yaml", "schema: 1\nversion: mine\nextends: builtin\noff: [minimal-side-effects]\n")
    put("kaudit.toml", 'catalog = ["own.yaml"]\n')

    assert main(["rules"]) == 0
    assert "minimal-side-effects" not in capsys.readouterr().out
    assert main(["explain", "minimal-side-effects"]) == 2


def test_every_setting_is_documented() -> None:
    page = (Path(__file__).parent.parent / "docs" / "configuration.md").read_text(encoding="utf-8")

    assert [field.name for field in dataclasses.fields(Config) if f"`{key_of(field.name)}`" not in page] == []
