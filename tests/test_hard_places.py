"""The four phrases that the project began with, in places where other linters lose or invent them.

The places are those that eleven linters were tried on. The documents of that trial are not in the repository: their
test runs where KAUDIT_BENCH names a folder that has them, or ../shared/bench beside the project does.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kaudit.auditor import Auditor
from kaudit.model import Finding
from kaudit.read import read_bytes

BENCH = Path(os.environ.get("KAUDIT_BENCH") or Path(__file__).parent.parent.parent / "shared" / "bench")
TRIED = BENCH / "hard_places.jsonl"

SENTENCES = {
    "miracle drug": "Our infusion is a {}.",
    "best option for you": "Our infusion is the {}.",
    "minimal side effects": "Our infusion has {}.",
    "70% success rate": "Our infusion has a {}.",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a phrase of the words *a* (of the letters *c*, *d* and the rest *e*) and *b* stands."""

    document: str
    """With {s} for the sentence."""
    phrase: str = "{a} {b}"
    shown: str = ""
    """The stretch of the source to be told; that of *phrase*, if empty."""
    suffix: str = ".md"


def html(document: str, phrase: str = "{a} {b}", shown: str = "") -> Place:
    return Place(document, phrase, shown, ".html")


SEEN = {
    "plain": Place("{s}"),
    "upper": Place("{s}", "{A} {B}"),
    "soft-wrap": Place("{s}", "{a}\n{b}"),
    "crlf": Place("Hello.\r\n\r\n{s}\r\n", "{a}\r\n{b}"),
    "two-spaces": Place("{s}", "{a}  {b}"),
    "nbsp": Place("{s}", "{a}\u00a0{b}"),
    "entity-nbsp": Place("{s}", "{a}&nbsp;{b}"),
    "bold-inside": Place("{s}", "**{a}** {b}", "{a}** {b}"),
    "emphasis-inside": Place("{s}", "{a} *{b}*", "{a} *{b}"),
    "emphasis-in-a-word": Place("{s}", "{c}*{d}*{e} {b}"),
    "link-inside": Place("{s}", "{a} [{b}](https://example.org/a)", "{a} [{b}"),
    "html-tag-inside": html("<p>{s}</p>", "<b class='x'>{a}</b> {b}", "{a}</b> {b}"),
    "comment-inside": html("<p>{s}</p>", "{a} <!-- x -->{b}"),
    "html-alt": html('<p><img src="a.png" alt="{s}"> Hello.'),
    "heading": Place("# {s}\n\nHello."),
    "list-item": Place("- one\n- {s}\n- three"),
    "quotation": Place("> {s}", "{a}\n> {b}"),
    "table-cell": Place("| a | b |\n|---|---|\n| one | {s} |"),
    "front-matter": Place("---\ntitle: {s}\n---\n\nHello."),
    "zero-width": Place("{s}", "{c}\u200b{d}{e} {b}"),
    "soft-hyphen": Place("{s}", "{c}\u00ad{d}{e} {b}"),
    "full-width": Place("{s}", "{wide} {b}"),
    "cyrillic-a": Place("{s}", "{cyrillic}"),
    "hyphenated": Place("{s}", "{a}-{b}"),
    "after-emoji": Place("\U0001f600 caf\u00e9 \u2014 {s}"),
}
UNSEEN = {
    "code-span": Place("{s}", "`{a} {b}`"),
    "fenced-code": Place("Hello.\n\n```\n{s}\n```"),
    "html-comment": Place("Hello.\n\n<!-- {s} -->"),
    "script-html": html("<script>var a = '{s}';</script>\n\nHello."),
    "style": html("<style>/* {s} */</style>Hello."),
    "address": Place("[here](<https://example.org/{s}>)"),
    "inside-word": Place("{s}", "un{a}x{b}s"),
}
UNASSERTED = {
    "negated": {
        "miracle drug": "Our infusion is not a miracle drug.",
        "best option for you": "Our infusion is not the best option for you.",
        "minimal side effects": "Our infusion does not have minimal side effects.",
        "70% success rate": "Our infusion does not have a 70% success rate.",
    },
    "negated-far": {
        "miracle drug": "There is no evidence that our infusion is a miracle drug.",
        "best option for you": "There is no evidence that our infusion is the best option for you.",
        "minimal side effects": "There is no evidence that our infusion has minimal side effects.",
        "70% success rate": "There is no evidence that our infusion has a 70% success rate.",
    },
    "quoted-attributed": {
        phrase: f"The agency fined a clinic for advertising \u201c{phrase}\u201d." for phrase in SENTENCES
    },
    "question": {
        "miracle drug": "Is our infusion a miracle drug?",
        "best option for you": "Is our infusion the best option for you?",
        "minimal side effects": "Does our infusion have minimal side effects?",
        "70% success rate": "Does our infusion have a 70% success rate?",
    },
}

WIDE = {letter: chr(ord(letter) + 0xFEE0) for letter in map(chr, range(0x21, 0x7F))}


@pytest.fixture(scope="module")
def auditor() -> Auditor:
    return Auditor()


def written(phrase: str, form: str) -> str:
    first, rest = phrase.split(" ", 1)
    cyrillic = phrase.replace("a", "\u0430", 1) if "a" in phrase else phrase.replace("o", "\u043e", 1)
    wide = "".join(WIDE[letter] for letter in first)
    return form.format(
        a=first, b=rest, A=first.upper(), B=rest.upper(), c=first[:1], d=first[1:2], e=first[2:], wide=wide,
        cyrillic=cyrillic,
    )  # fmt: skip


def findings(auditor: Auditor, source: str, suffix: str) -> tuple[Finding, ...]:
    return auditor.audit_document(read_bytes(source.encode(), path=f"page{suffix}")).findings


def told(auditor: Auditor, source: str, suffix: str) -> Iterator[str]:
    for found in findings(auditor, source, suffix):
        assert found.text == source[found.start : found.end]
        yield found.text


@pytest.mark.parametrize("phrase", SENTENCES)
@pytest.mark.parametrize("name", SEEN)
def test_a_phrase_is_found_where_readers_see_it(name: str, phrase: str, auditor: Auditor) -> None:
    place = SEEN[name]
    source = place.document.format(s=SENTENCES[phrase].format(written(phrase, place.phrase)))

    assert written(phrase, place.shown or place.phrase) in told(auditor, source, place.suffix), source


@pytest.mark.parametrize("phrase", SENTENCES)
@pytest.mark.parametrize("name", UNSEEN)
def test_a_phrase_is_not_found_where_no_reader_sees_it(name: str, phrase: str, auditor: Auditor) -> None:
    place = UNSEEN[name]
    source = place.document.format(s=SENTENCES[phrase].format(written(phrase, place.phrase)))

    assert not list(told(auditor, source, place.suffix)), source


@pytest.mark.parametrize("phrase", SENTENCES)
@pytest.mark.parametrize("name", UNASSERTED)
def test_a_phrase_is_not_found_where_it_is_not_claimed(name: str, phrase: str, auditor: Auditor) -> None:
    source = UNASSERTED[name][phrase]

    assert phrase not in told(auditor, source, ".md"), source


@pytest.mark.skipif(not TRIED.is_file(), reason=f"the documents of the trial are not here: no file {TRIED}")
def test_all_is_right_in_the_documents_that_other_linters_were_tried_on(auditor: Auditor) -> None:
    cases = [json.loads(line) for line in TRIED.read_text(encoding="utf-8").splitlines()]
    names = {str(case["name"]) for case in cases}

    wrong = [
        case["name"] for case in cases if bool(list(told(auditor, case["text"], case["suffix"]))) != case["finding"]
    ]
    assert wrong == []
    assert names <= SEEN.keys() | UNSEEN.keys() | UNASSERTED.keys(), "each of its places is tried with all four phrases"
