"""The baseline: what it keeps silent whatever happens around it, and what every stronger claim brings back."""

from __future__ import annotations

import html
import json
import random
import re
import textwrap
from collections import Counter
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
from kaudit.normalise import normalise
from kaudit.waive.baseline import _is_slip, load_baseline
from kaudit.workspace import Workspace

CLINIC = """\
The Harbour clinic

We opened our doors in 2011 and have looked after people from all over the county.

! Our drops have minimal side effects.
They come in a blue bottle.

! The tea may be a miracle drug for some people, says our longstanding gardener.

! Studies show that the tabletop lamp works.
We sell it in two sizes.

! It may cure depression in some people who rest.

Parking is free behind the house, and there is a ramp at the side door.

! In a trial the lotion truly had a 70% success rate among our international guests.

You can call the front desk between nine and five, or write to us.

! Our clinic offers the fastest relief in town.
! Our drops have minimal side effects, as the label says.

The waiting room has a fish tank and a shelf of old magazines.
"""
"""Sentences a line, paragraphs with a blank line between; those that make a claim begin with an exclamation mark."""
SPA = """\
# Infusions at the Old Mill

The mill stands by the river, a short walk from the station.
! Our ketamine infusions may help many guests feel like themselves again within hours.

## The guest book

! "It truly cured my depression," says Elisabeth, a schoolteacher from the village.
We asked forty guests in a questionnaire last winter.
! Of those, 87% recovered completely after their second appointment.

## Treatments

! Our proprietary blend is perfectly safe and has virtually no side effects, according to our own laboratory.
Each visit takes about two hours, and there is a quiet room to rest in afterwards.
! It is possibly the best treatment for chronic pain in the northern counties.

A light lunch is served in the orangery from noon.

! Studies prove that a single session erases decades of trauma.
! Our physicians guarantee lasting relief for anxiety, usually after several appointments.

## Getting here

Buses stop at the bridge every half hour, and the car park is free of charge on weekdays.
! Book your consultation today.
"""
"""A page that sells, in Markdown."""
WRITTEN = {"page.txt": CLINIC, "spa.md": SPA, "spa.html": SPA}
EDITS = 1_000
FORMATS = {".txt": "text", ".md": "markdown", ".html": "html"}
Blocks = list[list[str]]


def blocks_of(page: str) -> Blocks:
    """Return the sentences of each block."""
    return [block.split("\n") for block in page.strip().split("\n\n")]


def render(path: str, blocks: Blocks, chance: random.Random | None = None) -> str:
    """Return *blocks* as the document at *path*, with line breaks where *chance* will have them."""
    written = []
    for block in blocks:
        text = " ".join(sentence.removeprefix("! ") for sentence in block)
        level = len(text) - len(text.lstrip("#"))
        if chance and not level:
            wrapped = textwrap.wrap(text, chance.randrange(40, 110), break_long_words=False, break_on_hyphens=False)
            ends = [chance.choice(["\n", " \n", "\r\n"] if path.endswith(".txt") else ["\n"]) for _ in wrapped]
            text = "".join(map("".join, zip(wrapped, ends, strict=True))).strip()
        if path.endswith(".html"):
            tag = f"h{level}" if level else "p"
            text = f"<{tag}>{html.escape(text.lstrip('# '), quote=False)}</{tag}>"
        written.append(text)
    return "\n\n".join(written) + "\n"


PAGE = render("page.txt", blocks_of(CLINIC))


@pytest.fixture(scope="module")
def built_in() -> Catalog:
    return load_catalog()


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


# Edits that touch no claim. Each takes the blocks of a page and returns others.

NEUTRAL = ("The garden is open.", "Bring a coat in winter.", "Our staff speak Dutch.", "We close at noon on Fridays.")
WORDS = (
    "garden",
    "kettle",
    "harbour",
    "wooden",
    "Tuesday",
    "gravel",
    "window",
    "seven",
    "yellow",
    "upstairs",
    "nearby",
)
LONG = ("longstanding", "tabletop", "international", "village", "schoolteacher", "laboratory", "northern", "counties")
"""Words beside claims, in which a slip of the pen is seen as one."""
RETYPED = {
    **{"'": "\u2019", "ff": "\ufb00", "fi": "\ufb01", "side": "Side", "drops": "DROPS", "success": "suc\u00adcess"},
    **{" in ": ", in ", "guests": "GUESTS", '"': "\u201d"},
}
NO_STRONGER = {
    **{" may ": " might ", " might ": " perhaps may ", " truly ": " ", "possibly": "maybe", "usually": "typically"},
    **{
        "Studies ": "Perhaps studies ",
        "Of those": "Perhaps, of those",
        "a 70%": "up to a 70%",
        "Our drops": "Our drops mostly",
    },
}
Edit = Callable[[random.Random, Blocks], Blocks]


def put(blocks: Blocks, at: int, *new: list[str]) -> Blocks:
    return [*blocks[:at], *new, *blocks[at + 1 :]]


def is_claim(sentence: str) -> bool:
    return sentence.startswith("! ")


def is_heading(block: list[str]) -> bool:
    return block[0][0] == "#"


def insert_block(chance: random.Random, page: Blocks) -> Blocks:
    at = chance.randrange(1, len(page) + 1)
    return [*page[:at], [chance.choice(NEUTRAL)], *page[at:]]


def drop_block(chance: random.Random, page: Blocks) -> Blocks:
    droppable = [at for at, block in enumerate(page) if not any(map(is_claim, block)) and not is_heading(block)]
    return put(page, chance.choice(droppable)) if len(droppable) > 2 else page


def swap_blocks(chance: random.Random, page: Blocks) -> Blocks:
    one, two = chance.sample([at for at, block in enumerate(page) if not is_heading(block)], 2)
    changed = list(page)
    changed[one], changed[two] = changed[two], changed[one]
    return changed


def add_sentence(chance: random.Random, page: Blocks) -> Blocks:
    at = chance.choice([at for at, block in enumerate(page) if block[-1].endswith(".")])
    before = chance.randrange(len(page[at]) + 1)
    return put(page, at, [*page[at][:before], chance.choice(NEUTRAL), *page[at][before:]])


def drop_sentence(chance: random.Random, page: Blocks) -> Blocks:
    at = chance.randrange(len(page))
    plain = [number for number, sentence in enumerate(page[at]) if not is_claim(sentence)]
    if not plain or len(page[at]) < 2:
        return page
    gone = chance.choice(plain)
    return put(page, at, [*page[at][:gone], *page[at][gone + 1 :]])


def change_word(chance: random.Random, page: Blocks) -> Blocks:
    """Put another word for one of a sentence or a heading that makes no claim."""

    def changed(sentence: str) -> str:
        words = sentence.split(" ")
        at = chance.randrange(1, len(words) - 1) if len(words) > 3 and not is_claim(sentence) else len(words)
        return " ".join([*words[:at], chance.choice(WORDS), *words[at + 1 :]]) if at < len(words) else sentence

    return in_a_sentence(chance, page, changed)


def retype(chance: random.Random, page: Blocks) -> Blocks:
    before, after = chance.choice([*RETYPED.items(), *((after, before) for before, after in RETYPED.items())])
    return in_a_sentence(chance, page, lambda one: one.replace(before, after))


def slip(chance: random.Random, page: Blocks) -> Blocks:
    word = chance.choice(LONG)
    at = chance.randrange(2, len(word) - 2)
    slips = (word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:], f"{word[:at]}q{word[at + 1 :]}")
    return in_a_sentence(chance, page, lambda one: one.replace(word, chance.choice(slips)))


def put_no_more_strongly(chance: random.Random, page: Blocks) -> Blocks:
    """Add a hedge or a limit to a claim, exchange hedges that say the same, or drop a booster."""
    before, after = chance.choice([*NO_STRONGER.items()])
    return in_a_sentence(
        chance, page, lambda one: one if after.strip() and after in one else one.replace(before, after)
    )


def in_a_sentence(chance: random.Random, page: Blocks, change: Callable[[str], str]) -> Blocks:
    """Return *page* with the *change* made in one of the sentences in which there is anything to change."""
    places = [(at, number) for at, block in enumerate(page) for number in range(len(block))]
    changed = [(at, number, new) for at, number in places if (new := change(page[at][number])) != page[at][number]]
    if not changed:
        return page
    at, number, new = chance.choice(changed)
    return put(page, at, [*page[at][:number], new, *page[at][number + 1 :]])


HARMLESS: tuple[Edit, ...] = (
    insert_block,
    drop_block,
    swap_blocks,
    add_sentence,
    drop_sentence,
    change_word,
    retype,
    slip,
    put_no_more_strongly,
)


def count_returns(auditor: Auditor, path: str, edits: int) -> tuple[list[str], Counter[str], int]:
    """Return what came back over so many random edits, how many edits were of each kind, and of different pages."""
    chance = random.Random(20261126)
    returned: list[str] = []
    made: Counter[str] = Counter()
    pages = set()
    start = page = blocks_of(WRITTEN[path])
    known = {(found.rule, found.text.lower()) for found in audit_of(auditor, path, render(path, start))}
    while made.total() < edits:
        edit = chance.choice(HARMLESS)
        edited = edit(chance, page)
        if edited == page:
            continue
        made[edit.__name__] += 1
        page = edited if made.total() % 50 else start
        text = render(path, page, chance)
        pages.add(text)
        for found in audit_of(auditor, path, text):  # random words may make another claim; that is none that returns
            plain = " ".join(normalise(found.text).text.split())
            if found.waived_by is None and (found.rule, plain) in known:
                returned.append(f"{edit.__name__}: {found.rule}: {found.text}")
    return returned, made, len(pages)


def audit_of(auditor: Auditor, path: str, text: str) -> tuple[Finding, ...]:
    return auditor.audit(text, format=FORMATS[Path(path).suffix], path=path).findings


def accepting(catalog: Catalog, path: str) -> Auditor:
    """Return an auditor under the built-in *catalog* with a baseline of the page that is to be at *path*."""
    Path("kaudit.toml").unlink()
    Path(path).write_text(render(path, blocks_of(WRITTEN[path])), encoding="utf-8")
    return Auditor(catalog, Config(baseline=write_baseline(path)))


def test_no_finding_returns_over_a_thousand_edits_that_touch_no_claim(catalog: Catalog) -> None:
    auditor = Auditor(catalog, Config(baseline=write_baseline("page.txt")))

    returned, made, pages = count_returns(auditor, "page.txt", EDITS)

    assert returned == []
    assert len(made) == len(HARMLESS), made
    assert min(made.values()) > EDITS / 40, made
    assert pages > EDITS * 0.8, "edits are not undone all the time"


@pytest.mark.slow
def test_no_finding_returns_under_the_built_in_catalog(built_in: Catalog) -> None:
    auditor = accepting(built_in, "spa.md")

    assert count_returns(auditor, "spa.md", EDITS)[0] == []


# Edits that make a claim stronger, or may do so.

UNHEARD_OF = (
    *(
        "come what may",
        "no ifs, no buts",
        "with not one exception",
        "whoever you are",
        "and then some",
        "hand on heart",
    ),
    *("as sure as night follows day", "you bet", "stupendously", "beyond your wildest dreams", "like clockwork"),
    *("no strings attached", "through and through", "down to the last one", "till the cows come home", "hundredfold"),
    *("without so much as a hiccup", "in the blink of an eye", "seriously", "wholeheartedly", "rain or shine"),
    *(
        "for young and old",
        "ten times over",
        "never mind what others say",
        "to a man",
        "period",
        "big time",
        "mightily",
    ),
)
"""What adds to a claim, and stands in no list of ours."""


def riskier(chance: random.Random, sentence: str, claim: str) -> Iterator[str]:
    """Yield *sentence* with a booster, a word that nobody knows, another word or one less, beside its *claim*."""
    start = sentence.index(claim)
    end = start + len(claim)
    words = [found.span() for found in re.finditer(r"[\w%']+", sentence)]
    for here, after in words:
        if start <= here < end:
            continue
        unknown = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randrange(3, 12)))
        for word in (chance.choice(UNHEARD_OF), unknown):
            yield f"{sentence[:here]}{word} {sentence[here:]}"
        if sentence[here:after] not in HARMLESS_TO_LOSE:
            yield sentence[:here] + sentence[after:].lstrip()
            yield sentence[:here] + chance.choice(WORDS) + sentence[after:]
    yield f"{sentence[:-1]}, {chance.choice(UNHEARD_OF)}."


HARMLESS_TO_LOSE = ("truly", "completely", "perfectly", "guarantee")
"""Boosters; the claims that they are part of are lost with them."""


@pytest.mark.slow
def test_every_other_edit_of_its_sentence_brings_a_claim_back(built_in: Catalog) -> None:
    """What adds to it cannot be listed, so whatever is not known to be harmless does."""
    path = "spa.html"
    auditor = accepting(built_in, path)
    page = blocks_of(WRITTEN[path])
    chance = random.Random(26112026)

    def audit(blocks: Blocks) -> tuple[Finding, ...]:
        return auditor.audit(render(path, blocks), format=FORMATS[Path(path).suffix], path=path).findings

    silent, lost, made = [], [], 0
    for at, number, sentence, claim in [
        (at, number, sentence.removeprefix("! "), found)
        for at, block in enumerate(page)
        for number, sentence in enumerate(block)
        for found in audit(page)
        if is_claim(sentence) and found.text in sentence and found.category != "disclosure"
    ]:
        for edited in riskier(chance, sentence, claim.text):
            made += 1
            found = audit(put(page, at, [*page[at][:number], edited, *page[at][number + 1 :]]))
            here = [one.waived_by for one in found if (one.rule, one.text) == (claim.rule, claim.text)]
            lost += [edited] if not here else []
            silent += [f"{claim.rule}: {edited}"] if here and all(here) else []

    assert made > 300
    assert silent == []
    assert len(lost) < made / 5, lost


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
        ("Studies show that the tabletop lamp works. ", ""),
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
    *("for months", "in clinical trials", "after three days", "with not one exception"),
)


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


@pytest.mark.parametrize(
    ("before", "after", "returns"),
    [
        (
            "Our drops, in short:\n\n- have minimal side effects",
            "Our drops, for you:\n\n- have minimal side effects",
            True,
        ),
        ("# Drops\n\n- minimal side effects", "# Drips\n\n- minimal side effects", False),
        ("It cures depression. We mean it.", "It cures depression. Truly.", True),
        ("It cures depression. We mean it.", "It cures depression. No ifs or buts.", True),
        ("It cures depression.", "It cures depression. The tea is hot.", False),
        ("It cures depression.", "Our cups are blue. It cures depression.", False),
        ("It cures depression.", "It cures depression. No ifs or buts.", True),
        ("It cures depression.", "No doubt whatever. It cures depression.", True),
        ("It cures depression. In some cases.", "It cures depression.", True),
        ("It cures depression. Call us in the morning.", "It cures depression. Come to us on Monday.", False),
        ("It cures depression.\n\nThe end.", "It cures depression.\n\nTruly.", False),
        ("It cures depression. We mean it.", "It cures depression. Truly, we mean it, all of us.", False),
        ("It may cure depression for long.", "It may cure depression in some people for long.", False),
        ("It cures depression.", "It may cure depression.", False),
        ("It is a miracle drug.", "It may be a miracle drug.", False),
        ("It was a miracle drug.", "It is a miracle drug.", True),
        ("It is a miracle drug.", "It is the miracle drug.", True),
        ("12 lamps, a miracle drug each", "13 lamps, a miracle drug each", True),
    ],
)
def test_a_claim_is_touched_when_its_sentence_is(catalog: Catalog, before: str, after: str, returns: bool) -> None:
    Path("page.md").write_text(before, encoding="utf-8")
    auditor = Auditor(catalog, Config(baseline=write_baseline("page.md")))

    found = auditor.audit(after, format="markdown", path="page.md").findings

    assert [one.waived_by for one in found] == [None if returns else "baseline"]


@pytest.mark.parametrize(
    ("one", "other", "is_slip"),
    [
        ("recieve", "receive", True),
        ("colour", "color", True),
        ("traled", "travelled", False),
        ("eight", "eighty", False),
        ("sixty", "sixth", False),
        ("cured", "cures", False),
        ("some", "same", False),
        ("10000", "10001", False),
        ("likely", "unlikely", False),
    ],
)
def test_a_slip_of_the_pen_is_within_a_long_word(one: str, other: str, is_slip: bool) -> None:
    assert _is_slip(one, other) is _is_slip(other, one) is is_slip


def test_a_sentence_without_end_makes_no_long_entry(catalog: Catalog) -> None:
    Path("page.txt").write_text("and so on " * 500 + "it cures depression " + "and so on " * 500, encoding="utf-8")

    entry = json.loads(write_baseline("page.txt").read_text(encoding="utf-8"))["documents"]["page.txt"][0]

    assert len(entry["around"].split()) == 123


@pytest.mark.parametrize(("where", "returns"), [("far", True), ("elsewhere", False)])
def test_a_sentence_without_end_is_held_whole(catalog: Catalog, where: str, returns: bool) -> None:
    page = "and so on " * 40 + "it cures depression " + "and so on " * 40 + "for some. The end of it is nigh at last."
    Path("page.txt").write_text(page, encoding="utf-8")
    auditor = Auditor(catalog, Config(baseline=write_baseline("page.txt")))
    edited = page.replace("for some.", "for each.") if where == "far" else page.replace("nigh", "near")

    assert bool(unwaived(auditor, edited)) is returns


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
    assert value["schema"] == 2
    assert entries == sorted(entries, key=lambda entry: (entry["rule"], entry["words"]))
    assert [line.count('"rule"') for line in baseline.splitlines() if '"rule"' in line] == [1] * len(entries)
    assert set(entries[0]) <= {"rule", "words", "severity", "less", "more", "around", "fingerprint"}
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
    Path("page.txt").write_text(PAGE.replace("Studies show that the tabletop lamp works. ", ""), encoding="utf-8")
    capsys.readouterr()

    code = main(["check", "--baseline", "kaudit-baseline.json", "page.txt"])

    out, err = capsys.readouterr()
    assert code == 0
    assert "; 6 waived." in out
    assert err == "kaudit: page.txt: no longer there, but in kaudit-baseline.json: unnamed-studies: studies show\n"


def test_a_claim_that_is_back_because_it_is_put_otherwise_is_not_told_as_gone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_baseline("page.txt")
    Path("page.txt").write_text(PAGE.replace("lamp works", "lamp works wonders"), encoding="utf-8")
    capsys.readouterr()

    code = main(["check", "--baseline", "kaudit-baseline.json", "page.txt"])

    assert code == 1
    told = "not put as it was, so that kaudit-baseline.json no longer covers it: unnamed-studies: studies show"
    assert capsys.readouterr().err == f"kaudit: page.txt: {told}\n"


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
        ('{"schema": 7, "documents": {}}', "schema 7; this kaudit reads 2"),
        ('{"documents": {}}', "no baseline as `kaudit baseline` writes it"),
        ('{"schema": 2, "documents": {"a": [{"rule": "x"}]}}', "no baseline as `kaudit baseline` writes it"),
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
