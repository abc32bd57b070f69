"""Ignore comments: what they waive, where, until when; and what is told of those that do not."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from waiver_catalog import small_catalog

from kaudit.auditor import Auditor
from kaudit.catalog import load, load_catalog
from kaudit.catalog.compiled import Catalog
from kaudit.config import Config
from kaudit.model import Block, BlockKind, Comment, Document, Finding, Severity, Span
from kaudit.read import FORMATS
from kaudit.waive.rules import WAIVER_RULES

TODAY = date(2026, 11, 26)
COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
BLOCK = re.compile(r"[^\n|]+")
CLAIM = "Our drops have minimal side effects."
CURE = "It cures depression."


def document(source: str) -> Document:
    """Return *source* as a document with a block for each line and for each cell, and its comments."""
    comments = tuple(Comment(Span(*found.span()), found[1]) for found in COMMENT.finditer(source))
    visible = COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), source)
    blocks = tuple(
        Block(BlockKind.PARAGRAPH, Span(found.start() + len(found[0]) - len(found[0].lstrip()), found.end()))
        for found in BLOCK.finditer(visible)
        if found[0].strip()
    )
    return Document("page.md", "markdown", source, visible, blocks, comments=comments)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return small_catalog()


@pytest.fixture(scope="module")
def auditor(catalog: Catalog) -> Auditor:
    return Auditor(catalog, clock=lambda: TODAY)


def told(found: Finding) -> tuple[str, int, str | None]:
    return found.rule, found.line, found.waived_by


def audit(auditor: Auditor, *lines: str) -> list[tuple[str, int, str | None]]:
    return [told(found) for found in auditor.audit_document(document("\n".join(lines) + "\n")).findings]


def complaints(auditor: Auditor, *lines: str) -> list[str]:
    found = auditor.audit_document(document("\n".join(lines) + "\n")).findings
    return [f"{each.rule}: {each.message}" for each in found if each.rule in WAIVER_RULES]


def test_a_comment_waives_the_next_block_and_says_why(auditor: Auditor) -> None:
    found = audit(auditor, "<!-- kaudit: ignore[minimal-side-effects] -- as printed on the box -->", CLAIM, CLAIM)

    assert found == [
        ("minimal-side-effects", 2, "ignore: as printed on the box"),
        ("minimal-side-effects", 3, None),
    ]


@pytest.mark.parametrize(
    ("lines", "waived"),
    [
        (["<!-- {} -->", "", "", CLAIM, CLAIM], [4]),
        ([f"{CLAIM} <!-- {{}} -->", CLAIM], [1]),
        ([CLAIM, "<!-- {} -->", CLAIM], [3]),
        ([f"Our drops <!-- {{}} --> have it all. {CLAIM}", CLAIM], [1]),
        ([f"<!-- {{}} --> {CLAIM}", CLAIM], [1]),
        (["<!-- {} -->", f"| {CLAIM} | {CLAIM} |", f"| {CLAIM} |"], [2]),
        ([f"| {CLAIM} | {CLAIM} | <!-- {{}} --> |", f"| {CLAIM} |"], [1]),
        ([f"| {CLAIM} <!-- {{}} --> | {CLAIM} |", f"| {CLAIM} |"], [1]),
        ([f"| {CLAIM} | <!-- {{}} --> | {CLAIM} |", f"| {CLAIM} |"], [1]),
        ([CLAIM, "<!--\n{}\n-->", CLAIM, CLAIM], [5]),
        ([CLAIM, "<!-- {} -->"], []),
    ],
)
def test_a_comment_is_about_what_it_stands_in_or_follows_else_about_what_comes_next(
    auditor: Auditor, lines: list[str], waived: list[int]
) -> None:
    directive = "kaudit: ignore[minimal-side-effects] -- why"

    found = audit(auditor, *(line.format(directive) for line in lines))

    assert [line for rule, line, reason in found if reason] == waived
    assert len([rule for rule, *_ in found if rule == "minimal-side-effects"]) == sum(
        line.count(CLAIM) for line in lines
    )


WHY = "kaudit: ignore[safety] -- why"
PAGES = {
    "markdown": f"<!-- {WHY} -->\n1:{CLAIM}\n\n0:{CLAIM}\n\n1:{CLAIM} <!-- {WHY} -->\n\n- <!-- {WHY} -->\n  1:{CLAIM}\n"
    f"- 0:{CLAIM}\n\n| a | b |\n| - | - |\n| 1:{CLAIM} | <!-- {WHY} --> |\n| 0:{CLAIM} | x |\n\n"
    f"<!-- {WHY} -->\n\n> 1:{CLAIM}\n\n```\n<!-- {WHY} -->\n```\n\n0:{CLAIM}\n",
    "html": f"<title>x</title><!-- {WHY} --><p>1:{CLAIM}</p><p>0:{CLAIM}</p><table><tr><td>1:{CLAIM}<!-- {WHY} --></td>"
    f"<td>0:{CLAIM}</td></tr></table><ul><li>0:{CLAIM}</li><!-- {WHY} --><li>1:{CLAIM}</li></ul>"
    f"<p>1:Our drops <b>have <!-- {WHY} --> minimal</b> side effects.</p>",
    "mdx": f"{{/* {WHY} */}}\n\n1:{CLAIM}\n\n0:{CLAIM}\n\n```\n{{/* {WHY} */}}\n```\n\n0:{CLAIM}\n",
    "yaml": f"a: 0:{CLAIM}\n# {WHY}\nbody: 1:{CLAIM}\nc: 0:{CLAIM}\nd: '1:{CLAIM}'  # {WHY}\ne: 0:{CLAIM}\n",
    "toml": f"a = '0:{CLAIM}'\n# {WHY}\nb = '1:{CLAIM}'\nc = '0:{CLAIM}'\nd = '1:{CLAIM}'  # {WHY}\n",
    "json": f'{{\n"a": "0:{CLAIM}",\n// {WHY}\n"b": "1:{CLAIM}",\n"c": "1:{CLAIM}", /* {WHY} */\n"d": "0:{CLAIM}"\n}}',
    "po": f'# {WHY}\nmsgid "x"\nmsgstr "1:{CLAIM}"\n\nmsgid "y"\nmsgstr "0:{CLAIM}"\n',
    "vtt": f"WEBVTT\n\nNOTE {WHY}\n\n00:01.000 --> 00:02.000\n1:{CLAIM}\n\n00:03.000 --> 00:04.000\n0:{CLAIM}\n",
    "rst": f".. {WHY}\n\n1:{CLAIM}\n\n0:{CLAIM}\n",
}
"""A page in each format; before each claim stands whether it is waived."""


@pytest.mark.parametrize("format", sorted(set(PAGES) & set(FORMATS)))
def test_comments_of_every_format_waive_what_they_stand_at(auditor: Auditor, format: str) -> None:
    source = PAGES[format]

    findings = [
        found for found in auditor.audit(source, format=format).findings if found.rule == "minimal-side-effects"
    ]

    marks = [re.findall("([01]):", source[: found.start])[-1] for found in findings]
    assert marks == ["1" if found.waived_by else "0" for found in findings]
    assert marks == re.findall("([01]):Our", source)


def test_between_begin_and_end_all_of_it_is_waived(auditor: Auditor) -> None:
    found = audit(
        auditor,
        CLAIM,
        "<!-- kaudit: ignore-begin[safety] -- outer -->",
        CLAIM,
        "<!-- kaudit: ignore-begin[cure] -- inner -->",
        CURE,
        "<!-- kaudit: ignore-end -->",
        CURE,
        CLAIM,
        "<!-- kaudit: ignore-end -->",
        CLAIM,
    )

    assert [(line, reason) for _, line, reason in found] == [
        (1, None),
        (3, "ignore: outer"),
        (5, "ignore: inner"),
        (7, None),
        (8, "ignore: outer"),
        (10, None),
    ]


def test_a_comment_for_the_file_holds_wherever_it_stands(auditor: Auditor) -> None:
    found = audit(auditor, CLAIM, CURE, "<!-- kaudit: ignore-file[safety] -- a leaflet of 1950 -->")

    assert [(line, reason) for _, line, reason in found] == [(1, "ignore: a leaflet of 1950"), (2, None)]


def test_only_what_is_named_is_waived(auditor: Auditor) -> None:
    both = f"{CLAIM} {CURE}"

    one = audit(auditor, "<!-- kaudit: ignore[cure] -- why -->", both)
    two = audit(auditor, "<!-- kaudit: ignore[cure, minimal-side-effects] -- why -->", both)

    assert [reason for *_, reason in one] == [None, "ignore: why"]
    assert [reason for *_, reason in two] == ["ignore: why", "ignore: why"]


@pytest.mark.parametrize(
    ("day", "waived"), [("2026-11-25", False), ("2026-11-26", True), ("2026-11-27", True), ("2019-01-01", False)]
)
def test_the_day_itself_still_counts(auditor: Auditor, day: str, waived: bool) -> None:
    (*complaint, (_, _, reason)) = audit(auditor, f"<!-- kaudit: ignore[safety] until={day} -- why -->", CLAIM)

    assert (reason is not None) is waived
    assert [rule for rule, *_ in complaint] == ([] if waived else ["expired-ignore"])


def test_a_waiver_ends_when_the_clock_moves(catalog: Catalog) -> None:
    days = iter([date(2027, 1, 31), date(2027, 2, 1)])
    auditor = Auditor(catalog, clock=lambda: next(days))
    lines = ("<!-- kaudit: ignore[safety] until=2027-01-31 -- why -->", CLAIM)

    before, after = audit(auditor, *lines), audit(auditor, *lines)

    assert before == [("minimal-side-effects", 2, "ignore: why")]
    assert after == [("expired-ignore", 1, None), ("minimal-side-effects", 2, None)]


@pytest.mark.parametrize(
    ("directive", "complaint"),
    [
        ("ignore[cure] -- why", "unused-ignore: Ignores what is not there: cure."),
        ("ignore[cure, safety] -- why", "unused-ignore: Ignores what is not there: cure."),
        (
            "ignore[safety] until=2026-01-01 -- why",
            "expired-ignore: Was to be ignored only until a day that is past: 2026-01-01.",
        ),
        ("ignore[safty] -- why", "malformed-ignore: There is no rule or category 'safty'; did you mean 'safety'?"),
        ("ignore[safety]", "malformed-ignore: Ignore gives no reason; write kaudit: ignore[safety] -- and why."),
        ("ignore[safety] --", "malformed-ignore: Ignore gives no reason; write"),
        ("ignore[safety] -- \n", "malformed-ignore: Ignore gives no reason; write"),
        ("ignore -- why", "malformed-ignore: Ignore names no rule; write"),
        ("ignore", "malformed-ignore: Ignore names no rule; write"),
        ("ignore[] -- why", "malformed-ignore: Ignore names no rule; write"),
        ("ignore[safety] until=tomorrow -- why", "malformed-ignore: Until=tomorrow is no day; write"),
        ("ignore[safety] until=2026-02-30 -- why", "malformed-ignore: Until=2026-02-30 is no day; write"),
        ("ignore[safety] -- why until=2099-01-31", "malformed-ignore: Until= stands behind the reason"),
        ("ingore[safety] -- why", "malformed-ignore: Kaudit knows no 'ingore'; did you mean 'ignore'?"),
        ("ignore-next-line[safety] -- why", "malformed-ignore: Kaudit knows no 'ignore-next-line'"),
        ("ignore-begin[safety] -- why", "malformed-ignore: Ignore-begin has no end; write"),
        ("ignore-end", "malformed-ignore: Ignore-end ends nothing; there is no ignore-begin before it."),
    ],
)
def test_a_comment_that_is_of_no_use_is_told(auditor: Auditor, directive: str, complaint: str) -> None:
    (found,) = complaints(auditor, f"<!-- kaudit: {directive} -->", CLAIM)

    assert found.startswith(complaint)


@pytest.mark.parametrize(
    "directive", ["ignore[safety]", "ignore-begin[safety] -- why", "ignore[safety] until=x -- why"]
)
def test_a_comment_that_is_not_understood_waives_nothing(auditor: Auditor, directive: str) -> None:
    found = audit(auditor, f"<!-- kaudit: {directive} -->", CLAIM)

    assert ("minimal-side-effects", 2, None) in found


def test_names_that_are_known_hold_beside_one_that_is_not(auditor: Auditor) -> None:
    found = audit(auditor, "<!-- kaudit: ignore[safty, safety] -- why -->", CLAIM)

    assert found == [("malformed-ignore", 1, None), ("minimal-side-effects", 2, "ignore: why")]


def test_other_comments_are_nobodys_business(auditor: Auditor) -> None:
    assert audit(auditor, "<!-- kaudit is fine -->", "<!-- see kaudit: ignore[x] -->", "<!-- todo -->", "Hello.") == []


@pytest.mark.parametrize(
    ("config", "told"),
    [
        (Config(select=("timing",)), []),
        (Config(select=("unused-ignore", "cure")), ["unused-ignore"]),
        (Config(select=("waiver", "cures-condition")), []),
        (Config(ignore=("cure",)), []),
        (Config(ignore=("unused-ignore",)), []),
        (Config(ignore=("safety",)), ["unused-ignore"]),
    ],
)
def test_a_comment_is_unused_only_when_what_it_names_was_looked_for(
    catalog: Catalog, config: Config, told: list[str]
) -> None:
    found = audit(Auditor(catalog, config), "<!-- kaudit: ignore[cure] -- why -->", "Hello.")

    assert [rule for rule, *_ in found] == told


def test_a_complaint_stands_on_its_comment_and_cannot_be_ignored(auditor: Auditor) -> None:
    source = "x <!-- kaudit: ignore[cure] -- why -->\n<!-- kaudit: ignore-file[waiver] -- no -->\n"

    found = auditor.audit_document(document(source)).findings

    assert [told(each)[:2] for each in found] == [("unused-ignore", 1), ("malformed-ignore", 2)]
    assert found[0].text == source[found[0].start : found[0].end] == "<!-- kaudit: ignore[cure] -- why -->"
    assert (found[0].column, found[0].end_line, found[0].end_column, found[0].severity) == (3, 1, 39, Severity.LOW)


def test_plain_text_has_no_comments(catalog: Catalog) -> None:
    found = Auditor(catalog).audit(f"<!-- kaudit: ignore[safety] -- why -->\n\n{CLAIM}\n").findings

    assert [(each.rule, each.waived_by) for each in found] == [("minimal-side-effects", None)]


def test_the_names_of_rules_about_comments_are_reserved() -> None:
    catalog = load_catalog()
    assert all(name.endswith(load.RESERVED) for name in WAIVER_RULES)
    assert not any(name.endswith(load.RESERVED) for name in (*catalog.rules, *catalog.disclosures))


def test_all_rules_about_comments_are_documented() -> None:
    page = (Path(__file__).parent.parent / "docs" / "waivers.md").read_text(encoding="utf-8")

    assert [name for name in WAIVER_RULES if f"`{name}`" not in page] == []
