"""Audit and fix random documents of every format: generated from claims and markup, then spoilt.

    python fuzz/random_documents.py --count 10000 --seed 1

Each document is the work of its own number and the seed alone, so that one that fails can be made again with --only.
What is checked: nothing but the documented errors is raised, every visible character has its place in the source, no
step takes more than a second for each 100 KB, and a fixed document is clean of what was fixed (see assert_fixes).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
import traceback
from collections import Counter
from functools import cache
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent / "tests")]
# ruff: noqa: E402, SIM905

from fuzz_targets import assert_fixes, assert_read, docx_of, whole_auditor
from nasty_documents import HTML_SEEN, MARKDOWN_SEEN, MDX_SEEN

from kaudit.catalog.texts import read_texts
from kaudit.errors import DocumentError
from kaudit.examples import MARKED, read_examples
from kaudit.fixer import PASSES, TRIALS
from kaudit.model import Document
from kaudit.read import FORMATS, read_bytes

SECONDS_FOR_100_KB = 1.0
"""Of processor time, of auditing a document once; one that is smaller may take as long."""
STEPS = 2 * (PASSES + TRIALS)
"""How many audits fixing twice may cost."""
SIGNS = [*"*_`~[]()<>!#&|\\{}\"'=:;-,.?%$\n\t\0\u00a0\u00ad\u200b\ufeff\ufffc", "\r\n", "\n\n", "&amp;", "<b>", "</b>"]
SIGNS += [
    "<!--",
    "-->",
    "{{",
    "}}",
    "{%",
    "%}",
    "> ",
    "- ",
    "    ",
    "```",
    "http://a.b",
    "<br>",
    "[^1]",
    "\u202e",
    "\r",
]
WORDS = (
    "the of and a to in is you that it he was for on are with as his they at be this from have or by one had not but"
).split()
LONG = 0.01
"""How many documents are long."""


@cache
def sentences() -> list[str]:
    """Return what the catalog's examples say."""
    listed = [MARKED.sub(r"\1", example.text) for example in read_examples(read_texts(None)[0])]
    return [text for text in listed if len(text) < 400]


class Maker:
    """Makes one document."""

    def __init__(self, seed: int, number: int) -> None:
        self.random = random.Random(f"{seed} {number}")

    def document(self) -> tuple[str, bytes]:
        """Return the name of a file, and what is in it."""
        format = self.random.choice(list(FORMATS.values()))
        make = getattr(self, f"_{format.name}", self._text)
        parts = self.random.randint(60, 400) if self.random.random() < LONG else self.random.randint(1, 8)
        made = make(parts)
        raw = made if isinstance(made, bytes) else self._encoded(self._spoilt(made))
        return f"random{self.random.choice(format.suffixes)}", raw

    def _one(self, *choices: str) -> str:
        return self.random.choice(choices)

    def _sentence(self) -> str:
        if self.random.random() < 0.6:
            return self.random.choice(sentences())
        return " ".join(self.random.choices(WORDS, k=self.random.randint(3, 14))).capitalize() + self._one(*".?!:")

    def _paragraph(self) -> str:
        return " ".join(self._sentence() for _ in range(self.random.randint(1, 3)))

    def _marked_up(self, text: str, *pairs: tuple[str, str]) -> str:
        """Return *text* with some of its words, or of its letters, within markup, and some blanks as line breaks."""
        for _ in range(self.random.randint(0, 3)):
            start = self.random.randint(0, len(text))
            end = self.random.randint(start, min(len(text), start + 30))
            opening, closing = self.random.choice(pairs)
            text = text[:start] + opening + text[start:end] + closing + text[end:]
        blanks = [at for at, sign in enumerate(text) if sign == " "]
        for at in self.random.sample(blanks, min(len(blanks), self.random.randint(0, 2))):
            text = text[:at] + "\n" + text[at + 1 :]
        return text

    def _text(self, parts: int) -> str:
        return self._one("\n\n", "\n").join(self._paragraph() for _ in range(parts))

    def _markdown(self, parts: int) -> str:
        pairs = (
            ("**", "**"),
            ("*", "*"),
            ("[", "](http://a.b)"),
            ("`", "`"),
            ("<b>", "</b>"),
            ("~~", "~~"),
            ("", "[^1]"),
        )
        begin = ("", "# ", "## ", "- ", "1. ", "> ", "> - ", "| ", "    ")
        listed = [self._one(*begin) + self._marked_up(self._paragraph(), *pairs) for _ in range(parts)]
        listed += self.random.choices(MARKDOWN_SEEN, k=self.random.randint(0, 2))
        self.random.shuffle(listed)
        head = f"---\ntitle: {self._sentence()}\n---\n\n" if self.random.random() < 0.2 else ""
        return head + "\n\n".join(listed) + self._one("", "\n")

    def _mdx(self, parts: int) -> str:
        return "\n\n".join([self._markdown(parts), *self.random.choices(MDX_SEEN, k=2), "<A b={1}>\n", "</A>"])

    def _html(self, parts: int) -> str:
        pairs = (
            ("<b>", "</b>"),
            ("<em class=x>", "</em>"),
            ("<a href='#'>", "</a>"),
            ("", "<br>"),
            ("", "&shy;"),
            ("<!--", "-->"),
        )
        tags = ("p", "h1", "li", "td", "div", "blockquote", "span", "title", "pre")
        listed = []
        for _ in range(parts):
            tag = self._one(*tags)
            title = f' title="{self._sentence()}"' if self.random.random() < 0.2 else ""
            listed.append(f"<{tag}{title}>{self._marked_up(self._paragraph(), *pairs)}" + self._one("", f"</{tag}>"))
        return "\n".join([*listed, *self.random.choices(HTML_SEEN, k=self.random.randint(0, 2))])

    def _rst(self, parts: int) -> str:
        pairs = (("**", "**"), ("*", "*"), ("``", "``"), ("`", " <http://a.b>`_"))
        listed = [
            self._one("", "- ", "  ", ".. note:: ") + self._marked_up(self._paragraph(), *pairs) for _ in range(parts)
        ]
        title = self._sentence()
        return "\n\n".join([f"{title}\n{'=' * len(title)}", *listed])

    def _json(self, parts: int) -> str:
        value = {f"{self._one('title', 'text', 'label', 'id')}{number}": self._paragraph() for number in range(parts)}
        return json.dumps({"items": [value, self._sentence()]}, ensure_ascii=self.random.random() < 0.5, indent=2)

    def _notebook(self, parts: int) -> str:
        cells = [{"cell_type": "markdown", "source": self._markdown(1).splitlines(keepends=True)} for _ in range(parts)]
        return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})

    def _yaml(self, parts: int) -> str:
        listed = []
        for number in range(parts):
            text = self._paragraph()
            style = self._one("plain", "'", '"', "|", ">-")
            if style in "|>-":
                text = f"{style}\n" + "\n".join(f"    {line}" for line in text.replace(". ", ".\n").splitlines())
            elif style in "'\"":
                text = f"'{text.replace(chr(39), chr(39) * 2)}'" if style == "'" else json.dumps(text)
            listed.append(f"  text{number}: {text}")
        return "\n".join(["page:", *listed, ""])

    def _toml(self, parts: int) -> str:
        listed = []
        for number in range(parts):
            text = self._paragraph()
            listed.append(
                f"text{number} = " + self._one(json.dumps(text), f"'''\n{text}'''", f'"""{text}\\\n  more"""')
            )
        return "\n".join(listed)

    def _csv(self, parts: int) -> str:
        rows = [
            f'{number},"{self._paragraph().replace(chr(34), chr(34) * 2)}",{self._sentence()}'
            for number in range(parts)
        ]
        return self._one("\n", "\r\n").join(["id,text,title", *rows])

    def _po(self, parts: int) -> str:
        return "\n\n".join(
            f"#: a.c:1\nmsgid {json.dumps(self._sentence())}\nmsgstr {json.dumps(self._sentence())}"
            for _ in range(parts)
        )

    def _srt(self, parts: int) -> str:
        return "\n\n".join(
            f"{number}\n00:00:{number % 60:02},000 --> 00:00:{number % 60:02},900\n"
            + self._marked_up(self._sentence(), ("<i>", "</i>"), ("{\\an8}", ""))
            for number in range(1, parts + 1)
        )

    def _vtt(self, parts: int) -> str:
        return "WEBVTT\n\n" + self._srt(parts).replace(",", ".")

    def _docx(self, parts: int) -> bytes:
        word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        paragraphs = []
        for _ in range(parts):
            text = self._paragraph()
            cut = sorted(self.random.sample(range(len(text)), min(3, len(text))))
            runs = [text[start:end] for start, end in zip([0, *cut], [*cut, len(text)], strict=True)]
            inner = "".join(
                f'<w:r>{self._one("", "<w:rPr><w:b/></w:rPr>")}<w:t xml:space="preserve">{_escaped(run)}</w:t></w:r>'
                for run in runs
            )
            paragraphs.append(f"<w:p>{inner}</w:p>")
        xml = f'<w:document xmlns:w="{word}"><w:body>{"".join(paragraphs)}</w:body></w:document>'
        if self.random.random() < 0.15:
            xml = self._spoilt(xml)
        raw = docx_of(xml.encode(errors="replace"))
        return self._encoded(raw.decode("latin-1"), "latin-1") if self.random.random() < 0.05 else raw

    def _pdf(self, parts: int) -> bytes:
        lines = [f"({_escaped_in_pdf(self._sentence())}) Tj 0 -{self._one('12', '30')} Td" for _ in range(parts)]
        stream = f"BT /F1 {self._one('10', '18')} Tf 20 700 Td {' '.join(lines)} ET"
        font = "/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
        pdf = (
            "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
            f"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R{font}>>endobj\n"
            f"4 0 obj<</Length {len(stream)}>>stream\n{stream}\nendstream endobj\ntrailer<</Root 1 0 R>>\n"
        )
        return (self._spoilt(pdf) if self.random.random() < 0.2 else pdf).encode("latin-1", errors="replace")

    def _spoilt(self, text: str) -> str:
        """Return *text* with signs put in, stretches taken out, or stretches twice; half of the time as it is."""
        for _ in range(self.random.choice((0, 0, 0, 1, 2, 5))):
            at = self.random.randint(0, len(text))
            end = min(len(text), at + self.random.choice((0, 1, 5, 40)))
            put = self.random.choice((self.random.choice(SIGNS), "", text[at:end] * 2, self.random.choice(SIGNS) * 50))
            text = text[:at] + put + text[end:]
        return text

    def _encoded(self, text: str, encoding: str | None = None) -> bytes:
        """Return *text* in some encoding, rarely with bytes that do not fit."""
        chosen = encoding or self.random.choice(("utf-8",) * 12 + ("utf-8-sig", "utf-16", "cp1252"))
        raw = text.encode(chosen, errors="replace")
        if self.random.random() < 0.03:
            at = self.random.randint(0, len(raw))
            raw = raw[:at] + self.random.randbytes(self.random.randint(1, 8)) + raw[at:]
        return raw


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _escaped_in_pdf(text: str) -> str:
    return "".join(f"\\{sign}" if sign in "()\\" else sign for sign in text)


def check(seed: int, number: int) -> str:
    """Check one document, and return what became of it.

    Raises:
        Exception: whatever should not be.
    """
    name, raw = Maker(seed, number).document()
    allowed = SECONDS_FOR_100_KB * max(1.0, len(raw) / 100_000)
    start = time.process_time()
    try:
        document = read_bytes(raw, path=name)
    except DocumentError:
        assert time.process_time() - start < allowed, "took too long to be refused"
        return "refused"
    assert_read(document)
    took = _seconds_to_audit(document)
    if took >= allowed:  # once more, for patterns are compiled when they are first needed
        took = _seconds_to_audit(document)
    assert took < allowed, f"took {took:.1f} s for {len(raw)} bytes"
    start = time.process_time()
    result = assert_fixes(raw, name, whole_auditor(), unsafe=number % 3 == 0)
    took = time.process_time() - start
    assert took < STEPS * allowed, f"fixing took {took:.1f} s for {len(raw)} bytes"
    return "fixed" if result and result.is_changed else "read"


def _seconds_to_audit(document: Document) -> float:
    start = time.process_time()
    whole_auditor().audit_document(document)
    return time.process_time() - start


def main() -> int:
    """Check what the command line asks for; return its exit code."""
    parser = argparse.ArgumentParser(description="Audit and fix random documents.")
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the number of the first document (default: 0)")
    parser.add_argument("--only", type=int, help="check this document alone, and write it to stdout first")
    options = parser.parse_args()
    if options.only is not None:
        name, raw = Maker(options.seed, options.only).document()
        print(name, raw)
        print(check(options.seed, options.only))
        return 0
    became: Counter[str] = Counter()
    start = time.process_time()
    for number in range(options.first, options.first + options.count):
        try:
            became[check(options.seed, number)] += 1
        except Exception:  # noqa: BLE001 - each that fails is told
            became["FAILED"] += 1
            print(f"--only {number} --seed {options.seed}: {Maker(options.seed, number).document()[0]}")
            traceback.print_exc(limit=-3, file=sys.stdout)
        if (number + 1) % 500 == 0:
            print(f"{number + 1}: {dict(became)}, {time.process_time() - start:.0f} s", flush=True)
    print(f"{options.count} documents: {dict(became)}, {time.process_time() - start:.0f} s of processor time")
    return 1 if became["FAILED"] else 0


if __name__ == "__main__":
    sys.exit(main())
