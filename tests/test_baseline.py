"""The baseline: what it keeps silent whatever happens around it, and what every stronger claim brings back."""

from __future__ import annotations

import json
import random
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from waiver_catalog import PLACE, put_settings, small_catalog

from kaudit.auditor import Auditor
from kaudit.catalog import load_catalog
from kaudit.catalog.compiled import Catalog
from kaudit.cli import main
from kaudit.config import Config
from kaudit.errors import ConfigError
from kaudit.model import Finding
from kaudit.waive.baseline import load_baseline
from kaudit.workspace import Workspace

PAGE = """\
The Harbour clinic

We opened our doors in 2011 and have looked after people from all over the county.

Our drops have minimal side effects. They come in a blue bottle.

The tea may be a miracle drug for some people, says our gardener.

Studies show that the lamp works. We sell it in two sizes.

It may cure depression in some people who rest.

Parking is free behind the house, and there is a ramp at the side door.

In a trial the lotion had a 70% success rate among our guests.

You can call the front desk between nine and five, or write to us.

Our clinic offers the fastest relief in town. Our drops have minimal side effects, as the label says.

The waiting room has a fish tank and a shelf of old magazines.
"""
CLAIMS = (
    "minimal side effects",
    "may be a miracle drug for some people",
    "Studies show",
    "may cure depression in some people",
    "70% success rate",
    "offers the fastest relief",
)
EDITS = 1_000


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return small_catalog()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    put_settings()
    Path("page.txt").write_text(PAGE, encoding="utf-8")
    return tmp_path


def write_baseline(*paths: str) -> Path:
    assert main(["baseline", *paths]) == 0
    return Path("kaudit-baseline.json")


def unwaived(auditor: Auditor, text: str, path: str = "page.txt") -> list[Finding]:
    return [found for found in auditor.audit(text, path=path).findings if found.waived_by is None]


# Edits that touch no claim. Each takes the paragraphs of a page and returns others.

NEUTRAL = ("The garden is open.", "Bring a coat in winter.", "Our staff speak Dutch.", "We close at noon on Fridays.")
Edit = Callable[[random.Random, list[str]], list[str]]


def insert_paragraph(chance: random.Random, page: list[str]) -> list[str]:
    at = chance.randrange(len(page) + 1)
    return [*page[:at], chance.choice(NEUTRAL), *page[at:]]


def drop_paragraph(chance: random.Random, page: list[str]) -> list[str]:
    droppable = [at for at, paragraph in enumerate(page) if not makes_claim(paragraph)]
    at = chance.choice(droppable) if len(droppable) > 2 else len(page)
    return [*page[:at], *page[at + 1 :]]


def swap_paragraphs(chance: random.Random, page: list[str]) -> list[str]:
    one, two = chance.randrange(len(page)), chance.randrange(len(page))
    changed = list(page)
    changed[one], changed[two] = changed[two], changed[one]
    return changed


def add_sentence(chance: random.Random, page: list[str]) -> list[str]:
    at = chance.randrange(len(page))
    whole = " ".join(page[at].split())  # a long line beside short ones would be a paragraph of its own
    joined = (f"{whole} {chance.choice(NEUTRAL)}", f"{chance.choice(NEUTRAL)} {whole}")
    return [*page[:at], chance.choice(joined) if whole.endswith(".") else page[at], *page[at + 1 :]]


def rewrap(chance: random.Random, page: list[str]) -> list[str]:
    at = chance.randrange(len(page))
    wrapped = textwrap.wrap(page[at], chance.randrange(40, 110), break_long_words=False)
    ends = [chance.choice(["\n", " \n", "\r\n"]) for _ in wrapped]
    return [*page[:at], "".join(map("".join, zip(wrapped, ends, strict=True))).strip(), *page[at + 1 :]]


def retype(chance: random.Random, page: list[str]) -> list[str]:
    at = chance.randrange(len(page))
    pairs = [
        ("'", "\u2019"),
        ("ff", "\ufb00"),
        ("fi", "\ufb01"),
        ("side", "Side"),
        ("drops", "DROPS"),
        ("success", "suc\u00adcess"),
    ]
    before, after = chance.choice(pairs)
    return [*page[:at], page[at].replace(before, after), *page[at + 1 :]]


def change_neutral_word(chance: random.Random, page: list[str]) -> list[str]:
    at = chance.randrange(len(page))
    pairs = [("drops", "pills"), ("lamp", "lantern"), ("lotion", "cream"), ("guests", "visitors"), ("tea", "brew")]
    pairs += [("blue", "green"), ("county", "valley"), ("town", "village"), ("gardener", "cook"), ("two", "three")]
    before, after = chance.choice([*pairs, *((after, before) for before, after in pairs)])
    return [*page[:at], page[at].replace(before, after), *page[at + 1 :]]


def makes_claim(paragraph: str) -> bool:
    plain = " ".join(paragraph.replace("\u00ad", "").replace("\ufb00", "ff").replace("\ufb01", "fi").lower().split())
    return any(claim.lower() in plain for claim in CLAIMS)


HARMLESS: tuple[Edit, ...] = (
    insert_paragraph,
    drop_paragraph,
    swap_paragraphs,
    add_sentence,
    rewrap,
    retype,
    change_neutral_word,
)


def count_returns(auditor: Auditor, edits: int, *, exact: bool = True) -> tuple[list[str], int]:
    """Return what came back over so many random edits, and how many different pages there were.

    When it is *exact*, every claim is found in each of them.
    """
    chance = random.Random(20261126)
    returned: list[str] = []
    pages = set()
    page = PAGE.rstrip().split("\n\n")
    claims = len(auditor.audit(PAGE, path="page.txt").findings)
    number = 0
    while number < edits:
        edit = chance.choice(HARMLESS)
        edited = edit(chance, page)
        if edited == page:
            continue
        number += 1
        page = edited if number % 100 else PAGE.rstrip().split("\n\n")
        text = "\n\n".join(page) + "\n"
        pages.add(text)
        findings = auditor.audit(text, path="page.txt").findings
        assert len(findings) == claims or not exact, f"edit {number} ({edit.__name__}) touched a claim:\n{text}"
        returned += [f"edit {number} ({edit.__name__}): {found.text}" for found in findings if found.waived_by is None]
    return returned, len(pages)


def test_no_finding_returns_over_a_thousand_edits_that_touch_no_claim(catalog: Catalog) -> None:
    auditor = Auditor(catalog, Config(baseline=write_baseline("page.txt")))

    returned, pages = count_returns(auditor, EDITS)

    assert returned == []
    assert pages > EDITS * 0.8, "edits are not undone all the time"


@pytest.mark.slow
def test_no_finding_returns_under_the_built_in_catalog() -> None:
    Path("kaudit.toml").unlink()
    auditor = Auditor(config=Config(baseline=write_baseline("page.txt")))

    assert count_returns(auditor, EDITS, exact=False)[0] == []


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ("blue bottle.", "blue bottle. The bottle has minimal side effects.", "minimal-side-effects"),
        ("Our drops have minimal side effects. They", "Our drops have no side effects. They", "no-side-effects"),
        ("70% success rate", "95% success rate", "success-rate"),
        ("70% success rate", "700% success rate", "success-rate"),
        ("may cure depression in some people", "cures depression in some people", "cures-condition"),
        ("may cure depression in some people", "may cure depression in people", "cures-condition"),
        ("may cure depression", "may cure anxiety", "cures-condition"),
        ("may cure depression in some people who rest", "may truly cure depression in some people", "cures-condition"),
        ("may cure depression", "will cure depression", "cures-condition"),
        ("Studies show", "Ten studies prove", "unnamed-studies"),
        ("offers the fastest relief", "guarantees the fastest relief", "helps-reader"),
        (
            "offers the fastest relief in town",
            "offers the fastest relief in town to suicidal teenagers",
            "helps-reader",
        ),
        ("may be a miracle drug for some people", "is a miracle drug", "exaggerates"),
    ],
)
def test_an_edit_that_strengthens_a_claim_brings_it_back(catalog: Catalog, before: str, after: str, rule: str) -> None:
    auditor = Auditor(catalog, Config(baseline=write_baseline("page.txt")))
    assert PAGE.count(before) == 1

    returned = unwaived(auditor, PAGE.replace(before, after))

    assert rule in {found.rule for found in returned}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("70% success rate", "70% success rate, in some people, perhaps"),
        ("Our drops have minimal side effects. They", "Our drops may have minimal side effects. They"),
        ("Studies show that the lamp works. ", ""),
    ],
)
def test_an_edit_that_weakens_or_drops_a_claim_brings_nothing_back(catalog: Catalog, before: str, after: str) -> None:
    auditor = Auditor(catalog, Config(baseline=write_baseline("page.txt")))

    assert unwaived(auditor, PAGE.replace(before, after)) == []


PUT_MILDLY = {
    "Our drops have minimal side effects.": (),
    "The infusion may be a miracle drug for some people, says our doctor.": (
        "may ",
        " for some people",
        ", says our doctor",
    ),
    "It may cure depression in some people who rest.": (" in some people", " who rest"),
    "Our clinic is usually the best option for you.": ("usually ",),
    "The tea relieves back pain in up to 60% of nurses.": ("up to ",),
    "For most guests, our lamp relieves back pain.": ("For most guests, ",),
    "The treatment is safe for suitable adults.": (" for suitable adults",),
    "According to our doctor, the cream erases wrinkles in a study of nurses.": (
        "According to our doctor, ",
        " in a study of nurses",
    ),
}
"""Claims, each in a sentence of its own, and the words that hold it back."""
SELLS = "Welcome to our clinic. Book your visit with our team today.\n\n"
"""So that they stand in a page that sells something."""
STRONGER = (
    *("always", "every time", "each time", "completely", "totally", "fully", "entirely", "for everyone", "for good"),
    *("for life", "forever", "in every case", "without fail", "guaranteed", "truly", "for all patients", "permanently"),
    *("instantly", "overnight", "in just days", "effortlessly", "dramatically", "100%", "once and for all"),
)


@pytest.fixture(scope="module")
def built_in() -> Catalog:
    return load_catalog()


def strengthened(page: str, holding: tuple[str, ...], found: Finding) -> Iterator[str]:
    """Yield *page* with its last sentence put more strongly: with a booster, or without one that holds it."""
    for word in STRONGER:
        yield f"{page[: found.start]}{word} {page[found.start :]}"
        yield f"{page[:-1]} {word}."
    for words in holding:
        yield page.replace(words, "")


@pytest.mark.parametrize("sentence", PUT_MILDLY)
def test_under_the_built_in_catalog_every_boost_and_every_limit_that_goes_brings_a_claim_back(
    built_in: Catalog, sentence: str
) -> None:
    Path("kaudit.toml").unlink()
    page = SELLS + sentence
    Path("page.txt").write_text(page, encoding="utf-8")
    auditor = Auditor(built_in, Config(baseline=write_baseline("page.txt"), ignore=("disclosure",)))
    claim = next(found for found in auditor.audit(page, path="page.txt").findings if found.start >= len(SELLS))
    assert unwaived(auditor, page) == []

    silent = [edit for edit in strengthened(page, PUT_MILDLY[sentence], claim) if not unwaived(auditor, edit)]

    assert silent == []


@pytest.mark.parametrize("stronger", ["It truly cures depression.", "For suicidal teenagers, it cures depression."])
def test_a_critical_claim_that_cannot_rise_comes_back_when_it_is_boosted(catalog: Catalog, stronger: str) -> None:
    Path("page.txt").write_text("It cures depression.\n", encoding="utf-8")
    auditor = Auditor(catalog, Config(baseline=write_baseline("page.txt")))

    assert unwaived(auditor, "It cures depression.\n") == []
    assert [found.text for found in unwaived(auditor, stronger)] == ["cures depression"]


def test_a_claim_comes_back_when_its_severity_has_risen(catalog: Catalog) -> None:
    baseline = write_baseline("page.txt")
    baseline.write_text(baseline.read_text(encoding="utf-8").replace('"high"', '"medium"'), encoding="utf-8")

    returned = unwaived(Auditor(catalog, Config(baseline=baseline)), PAGE)

    assert {str(found.severity) for found in returned} == {"high"}


def test_one_more_of_equal_words_is_new_wherever_it_stands(catalog: Catalog) -> None:
    auditor = Auditor(catalog, Config(baseline=write_baseline("page.txt")))
    more = "Our pills have minimal side effects.\n\n"

    assert len(unwaived(auditor, more + PAGE)) == len(unwaived(auditor, PAGE + "\n" + more)) == 1


def test_of_equal_words_the_stronger_takes_no_place_of_a_weaker(catalog: Catalog) -> None:
    Path("page.txt").write_text("It may cure depression, perhaps.\n\nIt will cure depression.\n", encoding="utf-8")
    auditor = Auditor(catalog, Config(baseline=write_baseline("page.txt")))

    returned = unwaived(auditor, "It will cure depression.\n\nIt will cure depression.\n")

    assert [found.line for found in returned] == [3]


def test_a_baseline_is_for_the_document_it_was_written_for(catalog: Catalog) -> None:
    Path("other.txt").write_text("Nothing.\n", encoding="utf-8")
    auditor = Auditor(catalog, Config(baseline=write_baseline(".")))

    assert unwaived(auditor, PAGE, "page.txt") == []
    assert len(unwaived(auditor, PAGE, "other.txt")) == len(auditor.audit(PAGE).findings)


def test_a_document_that_got_another_name_keeps_its_entries(catalog: Catalog) -> None:
    baseline = write_baseline("page.txt")
    Path("page.txt").rename("renamed.txt")
    auditor = Auditor(catalog, Config(baseline=baseline))

    assert unwaived(auditor, PAGE, "renamed.txt") == []


def test_where_it_is_run_makes_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    write_baseline("page.txt")
    Path("sub").mkdir()
    monkeypatch.chdir("sub")

    assert main(["check", "--baseline", "../kaudit-baseline.json", "../page.txt"]) == 0
    assert main(["check", "../page.txt"]) == 1


# The file


def test_the_file_has_a_sorted_line_for_each_claim_and_no_places() -> None:
    baseline = write_baseline("page.txt").read_text(encoding="utf-8")

    value = json.loads(baseline)
    entries = value["documents"]["page.txt"]
    assert value["schema"] == 1
    assert entries == sorted(entries, key=lambda entry: (entry["rule"], entry["words"]))
    assert [line.count('"rule"') for line in baseline.splitlines() if '"rule"' in line] == [1] * len(entries)
    assert set(entries[0]) <= {"rule", "words", "severity", "less", "more", "fingerprint"}
    assert [entry["less"] for entry in entries if entry["rule"] == "cures-condition"] == [["in some people", "may"]]


def test_writing_it_again_changes_nothing_when_lines_have_moved() -> None:
    before = write_baseline("page.txt").read_bytes()
    paragraphs = PAGE.rstrip().split("\n\n")
    Path("page.txt").write_text("\n\n\n".join(reversed(paragraphs)) + "\n", encoding="utf-8")

    assert write_baseline("page.txt").read_bytes() == before


def test_writing_it_for_one_document_keeps_the_rest_and_drops_what_is_gone() -> None:
    for name in ("gone.txt", "other.txt"):
        Path(name).write_text("It has minimal side effects.\n", encoding="utf-8")
    write_baseline(".")
    Path("gone.txt").unlink()
    Path("page.txt").write_text("It cures depression.\n", encoding="utf-8")

    documents = load_baseline(write_baseline("page.txt")).documents

    assert list(documents) == ["other.txt", "page.txt"]
    assert [entry.words for entry in documents["page.txt"]] == ["cures depression"]


def test_a_note_that_somebody_wrote_to_an_entry_is_kept() -> None:
    place = write_baseline("page.txt")
    value = json.loads(place.read_text(encoding="utf-8"))
    value["documents"]["page.txt"][0]["note"] = "settled in the meeting"
    place.write_text(json.dumps(value), encoding="utf-8")

    renewed = json.loads(write_baseline("page.txt").read_text(encoding="utf-8"))

    notes = [entry.get("note") for entry in renewed["documents"]["page.txt"]]
    assert notes == ["settled in the meeting", *[None] * (len(notes) - 1)]


def test_what_cannot_be_read_keeps_no_other_document_from_being_written_down(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("binary.txt").write_bytes(b"\x00\x01\x02\x00")

    assert main(["baseline", "."]) == 0
    assert "binary.txt: skipped: " in capsys.readouterr().err
    assert main(["baseline", "binary.txt", "page.txt"]) == 2
    assert load_baseline(Path("kaudit-baseline.json")).documents.keys() == {"page.txt"}


def test_it_is_written_where_the_settings_say() -> None:
    put_settings('baseline = "known.json"\n')

    assert main(["baseline"]) == 0
    assert main(["check"]) == 0
    assert load_baseline(Path("known.json")).documents.keys() == {"page.txt"}


def test_what_a_comment_or_the_register_waives_is_not_written_down() -> None:
    put_settings('claims = "approved_claims.yaml"\n')
    Path("approved_claims.yaml").write_text(
        "schema: 1\nclaims:\n  - id: drops\n    wording: Our drops have minimal side effects.\n"
        "    evidence: [{citation: A trial}]\n    approved_by: Dr. A\n    approved_on: 2026-01-01\n",
        encoding="utf-8",
    )

    words = [entry.words for entry in load_baseline(write_baseline()).documents["page.txt"]]

    assert words.count("minimal side effects") == 1


# What is told


def test_entries_that_are_no_longer_met_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    write_baseline("page.txt")
    Path("page.txt").write_text(PAGE.replace("Studies show that the lamp works. ", ""), encoding="utf-8")
    capsys.readouterr()

    code = main(["check", "--baseline", "kaudit-baseline.json", "page.txt"])

    out, err = capsys.readouterr()
    assert code == 0
    assert "; 6 waived." in out
    assert err == "kaudit: page.txt: no longer there, but in kaudit-baseline.json: unnamed-studies: studies show\n"


def test_documents_that_are_gone_are_told_when_a_folder_was_audited(capsys: pytest.CaptureFixture[str]) -> None:
    write_baseline("page.txt")
    Path("page.txt").unlink()
    Path("other.txt").write_text("Hello.\n", encoding="utf-8")
    capsys.readouterr()

    assert main(["check", "--baseline", "kaudit-baseline.json"]) == 0
    assert capsys.readouterr().err == "kaudit: page.txt: this document is gone, but in kaudit-baseline.json\n"


def test_entries_of_rules_that_are_not_looked_for_are_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    write_baseline("page.txt")
    capsys.readouterr()

    assert main(["check", "--baseline", "kaudit-baseline.json", "--select", "cure", "page.txt"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "cannot be read: No such file or directory; `kaudit baseline` writes it"),
        ("{", "no JSON"),
        ('{"schema": 7, "documents": {}}', "schema 7; this kaudit reads 1"),
        ('{"documents": {}}', "no baseline as `kaudit baseline` writes it"),
        ('{"schema": 1, "documents": {"a": [{"rule": "x"}]}}', "no baseline as `kaudit baseline` writes it"),
        ("[]", "no baseline as `kaudit baseline` writes it"),
    ],
)
def test_a_file_that_is_no_baseline_is_refused(text: str | None, told: str) -> None:
    place = Path("b.json")
    if text is not None:
        place.write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError, match=r"b\.json: ") as caught:
        Auditor(config=Config(baseline=place))

    assert told in str(caught.value)


def test_a_workspace_heeds_the_baseline_of_each_configuration() -> None:
    for name in ("a", "b"):
        Path(name).mkdir()
        Path(name, "kaudit.toml").write_text(f'catalog = ["../{PLACE}"]\nbaseline = "known.json"\n', encoding="utf-8")
        Path(name, "page.txt").write_text(PAGE, encoding="utf-8")

    assert main(["baseline", "a", "b"]) == 0

    results = list(Workspace().audit_files(["a/page.txt", "b/page.txt", "page.txt"]))
    waived = [{found.waived_by for found in getattr(result, "findings", ())} for result in results]
    assert waived == [{"baseline"}, {"baseline"}, {None}]
