"""Claims in disguise are found as if they were written out, and what is no disguise stays as it is."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import cache

import pytest
from disguises import DISGUISES, IN_HTML, IN_MARKDOWN, Disguise, disguised

from kaudit import fix
from kaudit.auditor import Auditor
from kaudit.catalog import load_catalog
from kaudit.catalog.spelling import Spelling, is_edit
from kaudit.catalog.texts import read_texts
from kaudit.examples import MARKED, Example, Prover, read_examples
from kaudit.model import DISGUISED

EXAMPLES = [example for text in read_texts(None) for example in read_examples(text) if example.kind == "flag"]
ALL = {
    **{(name, "text"): disguise for name, disguise in DISGUISES.items()},
    **{(name, "html"): disguise for name, disguise in IN_HTML.items()},
    **{(name, "markdown"): disguise for name, disguise in IN_MARKDOWN.items()},
}


@cache
def prover() -> Prover:
    return Prover(load_catalog())


@cache
def auditor() -> Auditor:
    return Auditor(load_catalog())


def kept(examples: Sequence[Example], disguise: Disguise, format: str) -> list[bool]:
    """Return for each example that the disguise changes whether all its findings are where they were."""
    told = []
    for example in examples:
        text, places = disguised(example.text, disguise, MARKED, escape=format == "html")
        if text != MARKED.sub(r"\1", example.text):
            found = [(finding.start, finding.end) for finding in prover().found(example.rule, text, format=format)]
            told.append(all(place in found for place in places))
    return told


@pytest.mark.parametrize(("name", "format"), ALL)
def test_a_claim_in_disguise_is_found_where_it_stands(name: str, format: str) -> None:
    told = kept(EXAMPLES[::15], ALL[name, format], format)

    assert sum(told) >= 0.8 * len(told) > 0


@pytest.mark.slow
def test_nearly_every_claim_of_the_catalog_is_found_in_every_disguise() -> None:
    table = {name: kept(EXAMPLES, disguise, name[1]) for name, disguise in ALL.items()}

    shares = {name: sum(told) / len(told) for name, told in table.items()}
    assert {name: share for name, share in shares.items() if share < 0.9} == {}
    assert sum(map(sum, table.values())) >= 0.98 * sum(map(len, table.values()))


def readings(text: str) -> list[tuple[str, str]]:
    return [
        (finding.text, reason.cue)
        for finding in auditor().audit(text).findings
        for reason in finding.reasons
        if reason.effect == DISGUISED
    ]


@pytest.mark.parametrize(
    ("text", "words", "meant"),
    [
        ("It is 100% saf3.", "100% saf3", "100% safe"),
        ("A M1R4CL3 CUR3 for all.", "M1R4CL3 CUR3", "miracle cure"),
        ("A m i r a c l e   c u r e for all.", "m i r a c l e   c u r e", "miracle cure"),
        ("A m i r a c l e c u r e for all.", "m i r a c l e c u r e", "miracle cure"),
        ("A m.i.r.a.c.l.e cure.", "m.i.r.a.c.l.e cure", "miracle cure"),
        ("A miiiracle cuuure.", "miiiracle cuuure", "miracle cure"),
        ("A mmiirraaccllee cure.", "mmiirraaccllee cure", "miracle cure"),
        ("It has no_side_effects at all.", "no_side_effects", "no side effects"),
        ("It has no.side.effects at all.", "no.side.effects", "no side effects"),
        ("N0 s1de eff3cts at all.", "N0 s1de eff3cts", "no side effects"),
        ("We give guar-\nanteed results.", "guar-\nanteed results", "guaranteed results"),
        ("We give guarenteed results.", "guarenteed results", "guaranteed results"),
        ("We give gauranteed results.", "gauranteed results", "guaranteed results"),
        ("A mir\u0430cle cure.", "mir\u0430cle cure", "miracle cure"),
        ("A mir\u200bacle cure.", "mir\u200bacle cure", "miracle cure"),
        ("A \uff4diracle cure.", "\uff4diracle cure", "miracle cure"),
    ],
)
def test_a_finding_says_what_disguised_words_stand_for(text: str, words: str, meant: str) -> None:
    assert (words, meant) in readings(text)


def test_a_denial_in_disguise_is_one() -> None:
    assert not auditor().audit("It is n0t a m1racle cure.").findings


@pytest.mark.parametrize(
    "text",
    [
        "Level5 of phase3, 10mins a day, vitamin B12, COVID-19, CAR-T and an x-ray in the U.S.A.",
        "Vitamins A, B, C, D and E; plans a b c d e f.",
        "short- and long-term care; see table5, results1,2 and section2.1 of the file side_menu.py",
        "Write to safe@example.com or see https://example.com/m1racle-cur3, or @safely on the net",
        "He was prescribed mediation, not meditation; an infection, not an injection.",
        "It came to $100, or 100$; it's hers, don't you think; aaah, hmmm, www.",
        "A na\u00efve caf\u00e9, a \ufb01rst \u00adstep, 5 \u00d7 3 \u2013 \u201cso\u201d \u2026 \U0001f600",
        "Bengali: \u09ac\u09be\u0982\u09b2\u09be. Russian: \u0431\u0435\u0437 \u0440\u0438\u0441\u043a\u0430.",
    ],
)
def test_text_without_disguises_is_read_as_it_stands(text: str) -> None:
    assert readings(text) == []
    assert auditor().audit(text).findings == ()


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("A m1racle drug.", "A drug."),
        ("A m i r a c l e   drug.", "A drug."),
        ("A mir_acle dr\u0336u\u0336g\u0336.", "A dr\u0336u\u0336g\u0336."),
    ],
)
def test_a_disguised_claim_is_fixed_whole(text: str, fixed: str) -> None:
    assert fix(text).text == fixed


@pytest.mark.parametrize(
    "unit",
    [
        "m1racle cur3 ",
        "m i r a c l e ",
        "a b ",
        "mir*acle-cure_for.all ",
        "guarenteed gaurantee ",
        "contaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaing ",
        "1l1l1l1l1l1l1l1l1l1l1l1l1l1l1l ",
        "guar- anteed ",
        "\U0001f600 \U0001f600 ",
        "m\u0456r\u0430cle\u0336 ",
        "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u ",
    ],
)
def test_disguises_without_end_take_a_moment(unit: str) -> None:
    start = time.process_time()

    auditor().audit(unit * (50_000 // len(unit)))

    assert time.process_time() - start < 3  # a few tenths on a machine that does nothing else


def test_a_word_is_an_edit_from_those_that_differ_by_one_letter_or_a_swap() -> None:
    others = ["miraacle", "mircle", "mirocle", "miarcle", "miracle", "marcle", "mraicel"]

    assert [is_edit(other, "miracle") for other in others] == [True, True, True, True, False, False, False]


def test_a_misspelling_keeps_the_first_letter_and_the_last_two() -> None:
    spelling = Spelling(["effective", "claims"])

    assert spelling.meant("efective") == "effective"
    assert spelling.meant("affective") is None
    assert spelling.meant("effectivly") is None
    assert spelling.meant("clains") is None, "too short"
