"""The register of approved claims: what it covers, word for word, where, and until when."""

from __future__ import annotations

import textwrap
from datetime import date
from pathlib import Path

import pytest
from waiver_catalog import put_settings, small_catalog

from kaudit.auditor import Auditor
from kaudit.catalog.compiled import Catalog
from kaudit.cli import main
from kaudit.config import Config
from kaudit.errors import ConfigError
from kaudit.model import Jurisdiction
from kaudit.normalise import normalise
from kaudit.waive.register import load_register
from kaudit.waive.wording import WordingError, parse_wording

TODAY = date(2026, 11, 26)
CLAIM = "Our drops have minimal side effects."
REGISTER = Path("approved_claims.yaml")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return small_catalog()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    put_settings()


def entry(wording: str = CLAIM, more: str = "", name: str = "drops") -> str:
    return (
        f"  - id: {name}\n    wording: '{wording}'\n"
        "    evidence:\n      - {citation: A trial of 2020, document: evidence/trial.pdf}\n"
        f"    approved_by: Dr. Ada Jones\n    approved_on: 2026-05-01\n{textwrap.indent(more, '    ')}"
    )


def write(*entries: str) -> Path:
    REGISTER.write_text("schema: 1\nclaims:\n" + "\n".join(entries), encoding="utf-8")
    return REGISTER


def waivers(catalog: Catalog, text: str, *, path: str = "page.txt", config: Config | None = None) -> list[str | None]:
    config = config or Config(claims=REGISTER)
    return [found.waived_by for found in Auditor(catalog, config, clock=lambda: TODAY).audit(text, path=path).findings]


# Wording


def covers(wording: str, text: str, claim: str) -> bool:
    plain = normalise(text).text
    start = plain.index(claim)
    from kaudit.model import Span
    from kaudit.segment import segment

    sentences = segment(normalise(text).cased)
    return parse_wording(wording, lambda written: normalise(written).text).covers(
        plain, Span(start, start + len(claim)), sentences
    )


@pytest.mark.parametrize(
    ("wording", "text", "covered"),
    [
        (CLAIM, CLAIM, True),
        (CLAIM, "our drops have\nMINIMAL side-effects!", True),
        (CLAIM, "Hello there. Our drops have minimal side effects. Bye.", True),
        (CLAIM, "All our drops have minimal side effects.", False),
        (CLAIM, "Our drops have minimal side effects for all.", False),
        (CLAIM, "Our drops have truly minimal side effects.", False),
        (CLAIM, "Our pills have minimal side effects.", False),
        ("\u2026 minimal side effects", "Our drops have minimal side effects.", True),
        ("\u2026 minimal side effects", "Our drops have minimal side effects for all.", False),
        ("Our drops have minimal side effects \u2026", "Our drops have minimal side effects for all.", True),
        ("... minimal side effects ...", "Our drops have minimal side effects for all.", True),
        ("Our {word} have minimal side effects.", "Our pills have minimal side effects.", True),
        ("Our {word} have minimal side effects.", "Our blue pills have minimal side effects.", False),
        ("Our \u2026 minimal side effects.", "Our blue pills have minimal side effects.", True),
        ("Our \u2026 minimal side effects.", "Our a b c d e f g h minimal side effects.", True),
        ("Our \u2026 minimal side effects.", "Our a b c d e f g h i minimal side effects.", False),
        ("Our {word} side effects.", "Our minimal side effects.", False),
        ("In {number} people minimal side effects.", "In 1,200 people minimal side effects.", True),
        ("In {number} people minimal side effects.", "In many people minimal side effects.", False),
        ("In 30% of people minimal side effects.", "In 30 of people minimal side effects.", False),
        ("In 30% of people minimal side effects.", "In 30 % of people minimal side effects.", True),
        ("It helps. It has minimal side effects.", "It helps. It has minimal side effects.", True),
        ("It helps. It has minimal side effects.", "It has minimal side effects. It helps.", False),
    ],
)
def test_a_wording_covers_what_is_written_just_so(wording: str, text: str, covered: bool) -> None:
    assert covers(wording, text, "minimal side") is covered


def test_words_in_a_gap_are_not_approved_with_it() -> None:
    assert not covers(
        "We offer \u2026 and minimal side effects.", "We offer a cure and minimal side effects.", "a cure"
    )
    assert covers("We offer {number} minimal side effects.", "We offer 3 minimal side effects.", "3 minimal")


@pytest.mark.parametrize(
    ("wording", "told"),
    [
        ("{nmber} people", "there is no slot 'nmber'; did you mean 'number'?; there are number, word and \u2026"),
        ("\u2026 {number} \u2026", "there must be words in it, not only slots"),
        ("!", "there must be words in it, not only slots"),
        ("a \u2026 b ... c \u2026 d \u2026 e", "at most 3 times \u2026 between words; write them out, or two wordings"),
    ],
)
def test_a_wording_that_says_nothing_is_refused(wording: str, told: str) -> None:
    with pytest.raises(WordingError) as caught:
        parse_wording(wording, lambda written: normalise(written).text)

    assert str(caught.value) == told


# Entries


def test_an_approved_claim_is_waived_and_names_its_entry(catalog: Catalog) -> None:
    write(entry())

    assert waivers(catalog, CLAIM) == ["claim: drops, approved by Dr. Ada Jones on 2026-05-01"]


@pytest.mark.parametrize(
    "edited",
    [
        "Our drops have no side effects.",
        "Our drops truly have minimal side effects.",
        "Our drops have minimal side effects in children.",
        "Our new drops have minimal side effects.",
    ],
)
def test_an_edited_claim_comes_back(catalog: Catalog, edited: str) -> None:
    write(entry())

    assert None in waivers(catalog, edited)


@pytest.mark.parametrize(
    ("more", "waived"),
    [
        ("until: 2026-11-25\n", False),
        ("until: 2026-11-26\n", True),
        ("paths: ['blog/**']\n", False),
        ("paths: ['blog/**', '*.txt']\n", True),
        ("jurisdictions: [uk]\n", False),
        ("jurisdictions: [uk, us]\n", True),
    ],
)
def test_an_entry_holds_where_and_until_when_it_says(catalog: Catalog, more: str, waived: bool) -> None:
    write(entry(more=more))

    assert (waivers(catalog, CLAIM) != [None]) is waived


def test_an_entry_holds_only_when_it_is_for_all_jurisdictions_of_the_audit(catalog: Catalog) -> None:
    write(entry(more="jurisdictions: [us]\n"))
    both = (Jurisdiction.US, Jurisdiction.UK)

    assert waivers(catalog, CLAIM, config=Config(claims=REGISTER, jurisdictions=both)) == [None]


def test_an_entry_does_not_hold_before_it_was_approved(catalog: Catalog) -> None:
    write(entry().replace("2026-05-01", "2026-11-27"))

    assert waivers(catalog, CLAIM) == [None]


def test_one_entry_may_have_several_wordings(catalog: Catalog) -> None:
    write(entry().replace(f"'{CLAIM}'", f"['{CLAIM}', 'The drops: minimal side effects']"))

    assert None not in waivers(catalog, f"{CLAIM} The drops: minimal side effects.")


# The file


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("wording:", "wordng:"), "4:13: unknown key 'wordng'; did you mean 'wording'?"),
        (("citation:", "citatoin:"), "6:20: unknown key 'citatoin'; did you mean 'citation'?"),
        (("    approved_by: Dr. Ada Jones\n", ""), "3:5: claims.0.approved_by is missing; add it"),
        (("2026-05-01", "1 May"), "8:18: claims.0.approved_on: a day is written as 2027-01-31, not '1 May'"),
        (("minimal", "{minimal}"), "4:14: there is no slot 'minimal'; there are number, word and \u2026"),
        (("schema: 1", "schema: 2"), "1:9: schema: input should be '1', not '2'"),
        (("id: drops", "id: My Drops"), "3:9: claims.0.id: string should match pattern"),
        (("A trial of 2020, ", "'', "), "6:20: claims.0.evidence.0.citation: string should have at least 1 character"),
        (("claims:\n", "claims: *x\n"), "2:9: no aliases (*x) in a register; write the value out"),
        (("approved_on: 2026-05-01", "approved_on: 2026-05-01\n    until: 2026-04-30"), "9:12: it ends on 2026-04-30"),
        (
            ("approved_on: 2026-05-01", "approved_on: 2026-05-01\n    jurisdictions: [fr]"),
            "9:21: claims.0.jurisdictions.0: ",
        ),
    ],
)
def test_what_is_wrong_with_a_register_is_told_with_its_place(change: tuple[str, str], problem: str) -> None:
    write(entry())
    text = REGISTER.read_text(encoding="utf-8")
    assert change[0] in text
    REGISTER.write_text(text.replace(*change), encoding="utf-8")

    with pytest.raises(ConfigError) as caught:
        load_register(REGISTER, str.lower)

    assert any(line.startswith(f"approved_claims.yaml:{problem}") for line in str(caught.value).splitlines()), (
        caught.value
    )


def test_ids_are_unique() -> None:
    write(entry(), entry())

    with pytest.raises(ConfigError, match="two entries are called 'drops'"):
        load_register(REGISTER, str.lower)


def test_a_register_that_is_not_there_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    Path("page.txt").write_text(CLAIM, encoding="utf-8")

    assert main(["check", "--claims", "none.yaml", "page.txt"]) == 2
    assert "none.yaml: cannot be read" in capsys.readouterr().err


# What is told


def check(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["check", "--claims", str(REGISTER), "--as-of", str(TODAY), *arguments])
    return code, *capsys.readouterr()


def test_waived_claims_are_counted_and_shown_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    write(entry())
    Path("page.txt").write_text(CLAIM, encoding="utf-8")

    code, out, err = check(capsys, "page.txt")
    _, shown, _ = check(capsys, "--show-waived", "page.txt")

    assert (code, err) == (0, "")
    assert "no findings; 1 waived." in out
    assert "drops" not in out
    assert "waived by: claim: drops, approved by Dr. Ada Jones on 2026-05-01" in " ".join(shown.split())


def test_an_approval_that_ended_is_told_where_its_claim_comes_back(capsys: pytest.CaptureFixture[str]) -> None:
    write(entry(more="until: 2026-11-25\n"))
    Path("page.txt").write_text(CLAIM, encoding="utf-8")

    code, _, err = check(capsys, "page.txt")

    assert code == 1
    assert err == "kaudit: page.txt: approved_claims.yaml:3:9: the approval 'drops' ended on 2026-11-25\n"


def test_entries_that_no_document_makes_are_told_when_a_folder_was_audited(capsys: pytest.CaptureFixture[str]) -> None:
    write(
        entry(), entry("Our pills have no side effects.", name="pills"), entry(more="until: 2020-01-01\n", name="old")
    )
    text = REGISTER.read_text(encoding="utf-8").replace(
        "approved_on: 2026-05-01\n    until", "approved_on: 2019-05-01\n    until"
    )
    REGISTER.write_text(text, encoding="utf-8")
    Path("page.txt").write_text(CLAIM, encoding="utf-8")

    assert check(capsys, ".")[2] == "kaudit: approved_claims.yaml:10:9: no document makes the approved claim 'pills'\n"
    assert "pills" not in check(capsys, "page.txt")[2]
    assert "pills" not in check(capsys, ".", "--select", "cure")[2], "its rule was not looked for"
    Path("blog").mkdir()
    Path("blog/page.txt").write_text(CLAIM, encoding="utf-8")
    assert "pills" not in check(capsys, "blog")[2], "a page of another folder may make it"


def test_the_keys_of_a_register_are_documented() -> None:
    from kaudit.waive.schema import ApprovalEntry, EvidenceEntry

    page = (Path(__file__).parent.parent / "docs" / "waivers.md").read_text(encoding="utf-8")
    keys = [*ApprovalEntry.model_fields, *EvidenceEntry.model_fields]

    assert [key for key in keys if f"`{key}`" not in page] == []
