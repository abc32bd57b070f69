"""Read subtitles, SubRip and WebVTT: what is said, over as many cues as a sentence takes.

A block ends with a sentence at the end of a cue, with a pause, and where somebody else speaks. What lies between two of
its cues is markup with the time of the second as its name.
"""

from __future__ import annotations

import html
import re

from kaudit.model import Document, MarkKind, Syntax
from kaudit.read.masks import MaskedBuilder
from kaudit.read.values import refuse

LONGEST_PAUSE = 4.0
"""Seconds; after a longer one, something new is said."""

_TIME = r"(?:\d+:)?\d{1,2}:\d{2}[.,]\d{3}"
_TIMING = rf"[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}"
_BREAK = re.compile(r"\r?\n|\r")
_CUE = re.compile(
    rf"(?m)^[ \t]*(?P<start>{_TIME})[ \t]*-->[ \t]*(?P<end>{_TIME})[^\r\n]*(?:\r?\n|\r|\Z)"
    rf"(?P<text>(?:(?!(?:[ \t]*\d+[ \t]*(?:\r?\n|\r))?{_TIMING})[ \t]*[^\s][^\r\n]*(?:\r?\n|\r|\Z))*)"
)
_LINE = re.compile(r"[^\r\n]+")
_NOTE = re.compile(r"(?m)^NOTE(?=[ \t\r\n])(?P<text>[^\r\n]*(?:(?:\r?\n|\r)[^\r\n]+)*)")
_MARKUP = re.compile(
    r"<(?P<end>/)?(?P<tag>[A-Za-z]\w*)[^<>\n]*>|(?P<void><[\d:.]+>|\{\\[^{}\n]*\})"
    r"|(?P<entity>&(?:amp|lt|gt|nbsp|quot|lrm|rlm|#\d{1,7}|#[xX][\da-fA-F]{1,6});)"
)
_NAME = r"[A-Z][A-Z .'-]{1,24}:[ \t]+"
_SPEAKER = re.compile(rf"[ \t]*(?:(?:>>+|[-\u2013](?=[ \t]*\w))[ \t]*(?:{_NAME})?|{_NAME})")
_VOICE = re.compile(r"[ \t]*<v[ .]")
_SENTENCE_END = re.compile(r"[.!?\u2026][\"')\u2019\u201d\]]*\s*(?:<[^<>\n]*>\s*)*$")
_FORMATS = frozenset({"b", "i", "u"})


def read_srt(source: str, path: str) -> Document:
    """Return what *source*, SubRip subtitles, has people say.

    Raises:
        DocumentError: when there are none in it.
    """
    return _read(source, path, "srt", Syntax.TEXT)


def read_vtt(source: str, path: str) -> Document:
    """Return what *source*, WebVTT subtitles, has people say.

    Raises:
        DocumentError: when there are none in it.
    """
    return _read(source, path, "vtt", Syntax.HTML)


def _read(source: str, path: str, format: str, syntax: Syntax) -> Document:
    builder = MaskedBuilder(source, format, path, syntax)
    told = 0  # up to where the present block has been told
    ended: float | None = None  # when the last cue did; None when its sentence did, too
    cues = list(_CUE.finditer(source))
    if source.strip() and not cues:
        raise refuse(source, 0, path, "has no cues; they begin with a line such as 00:00:01,000 --> 00:00:02,500")
    for cue in cues:
        goes_on = ended is not None and _seconds(cue["start"]) - ended <= LONGEST_PAUSE
        pairs = _pairs(cue)
        for line in _LINE.finditer(source, *cue.span("text")):
            start, end = line.span()
            speaker = _SPEAKER.match(source, start, end)
            if speaker or not goes_on or _VOICE.match(source, start, end):
                builder.block(info={"time": cue["start"]})
            else:
                ending = _BREAK.match(source, told)
                between = ending.end() if ending else start
                builder.line_break(told, between)
                builder.void(between, start, cue["start"] if between < cue.start("text") else "line")
            if speaker:
                builder.void(*speaker.span(), "speaker")
            _tell(builder, speaker.end() if speaker else start, end, pairs)
            goes_on, told = True, end
        if cue["text"]:
            ended = None if _SENTENCE_END.search(cue["text"]) else _seconds(cue["end"])
    if format == "vtt":
        _tell_notes(builder, cues)
    return builder.finish()


def _seconds(time: str) -> float:
    seconds = 0.0
    for part in time.replace(",", ".").split(":"):
        seconds = seconds * 60 + float(part)
    return seconds


def _pairs(cue: re.Match[str]) -> dict[int, int]:
    """Return the places of the tags in *cue* that open and close something, each with that of its partner."""
    pairs: dict[int, int] = {}
    waiting: list[re.Match[str]] = []
    for tag in _MARKUP.finditer(cue.string, *cue.span("text")):
        if tag["tag"] and not tag["end"]:
            waiting.append(tag)
        elif tag["tag"] and waiting and waiting[-1]["tag"].lower() == tag["tag"].lower():
            opening = waiting.pop()
            pairs[opening.start()], pairs[tag.start()] = tag.start(), opening.start()
    return pairs


def _tell(builder: MaskedBuilder, start: int, end: int, pairs: dict[int, int]) -> None:
    """Tell a line; tags over several lines are told as standing alone."""
    opened: dict[int, int] = {}
    at = start
    for sign in _MARKUP.finditer(builder.source, start, end):
        builder.show(builder.source[at : sign.start()], at)
        at = sign.end()
        partner = pairs.get(sign.start(), -1)
        kind = MarkKind.FORMAT if (sign["tag"] or "").lower() in _FORMATS else MarkKind.KEEP
        if sign["entity"]:
            builder.atom(html.unescape(sign["entity"]), *sign.span())
        elif sign.start() < partner < end:
            opened[sign.start()] = builder.open(*sign.span(), sign["tag"].lower(), kind)
        elif partner in opened:
            builder.close(*sign.span(), sign["tag"].lower(), kind, opened[partner])
        else:
            builder.void(*sign.span(), (sign["tag"] or "sign").lower())
    builder.show(builder.source[at:end], at)


def _tell_notes(builder: MaskedBuilder, cues: list[re.Match[str]]) -> None:
    """Tell the notes, which stand between cues."""
    said = [cue.span("text") for cue in cues]
    at = 0
    for note in _NOTE.finditer(builder.source):
        while at < len(said) and said[at][1] <= note.start():
            at += 1
        if at == len(said) or note.start() < said[at][0]:
            builder.comment(*note.span(), note["text"])
