"""Segment: the normalised text of one block in, the spans of its sentences out.

A sentence ends at . ! ? before a capital, a digit or a quotation mark, but not after an abbreviation or an initial.
What is a heading or a list item is the reader's business (see read/), and a block's border always ends a sentence.
"""

from __future__ import annotations

import re

from kaudit.model import Span

MAX_LENGTH = 2_000
"""Longer stretches without a full stop are cut at a blank, so that no sentence costs without bound."""

_NO_END = (
    "dr mr ms st vs co jr sr al pp ed eg ie cf ca mt ft rd",
    "mrs etc fig inc ltd jan feb mar apr jun jul aug sep oct nov dec est vol esp e.g i.e u.s u.k a.m p.m ave",
    "prof corp sept dept dose ph.d",
    "approx",
)


def _not_after(words: str) -> str:
    """Return a look-behind for abbreviations, which must all have the same length."""
    lengths: dict[int, list[str]] = {}
    for word in words.split():
        lengths.setdefault(len(word), []).append(re.escape(word))
    return "".join(rf"(?<!\b(?i:{'|'.join(group)})\.)" for _, group in sorted(lengths.items()))


_END = re.compile(
    r"(?:[!?]+|\.(?<!\b[A-HJ-Z]\.)" + "".join(map(_not_after, _NO_END)) + r"|\.{2,})"
    r"[\"')\]*_^]{0,3} (?=[\"'(\[*_#]{0,3}[A-Z0-9])"
)
_END_TIGHT = re.compile(r"(?<=[a-z]{2}[a-z)])[.!?]\"?(?=[A-Z][a-z]+[ ,])")
"""A forgotten blank: "the brain.It helps"."""
_END_AFTER_ALL = re.compile(
    r"\b(?:[Uu]\.[SsKk]|[ap]\.m)\. (?=(?:The|This|He|She|It|We|They|You|I|In|But|And|Our|Your)\b)"
)
"""An abbreviation that ends its sentence: what follows can only begin one."""
_NUMBER_SIGN = re.compile(r"\b[Nn]o\. (?=\d{1,3}\b(?! ?%))")


def segment(cased: str) -> tuple[Span, ...]:
    """Return the spans of the sentences of *cased*, a block's normalised text with its capitals."""
    ends = {found.end() for found in _END.finditer(cased)}
    ends |= {found.end() for found in _END_TIGHT.finditer(cased)}
    ends |= {found.end() for found in _END_AFTER_ALL.finditer(cased)}
    if ends and "o. " in cased:
        ends -= {found.end() for found in _NUMBER_SIGN.finditer(cased)}
    spans: list[Span] = []
    start = 0
    for end in (*sorted(ends), len(cased)):
        stop = end - 1 if end < len(cased) and cased[end - 1] == " " else end
        while stop - start > MAX_LENGTH:
            cut = cased.rfind(" ", start, start + MAX_LENGTH)
            cut = cut if cut > start else start + MAX_LENGTH
            spans.append(Span(start, cut))
            start = cut + 1 if cased[cut] == " " else cut
        if stop > start:
            spans.append(Span(start, stop))
        start = end
    return tuple(spans)
