"""What reading costs beside the parsers that others use: Markdown, HTML, and what they import. Ratios of one run.

    python benchmarks/readers.py [--size 400000] [--rounds 5] [--json FILE]

Our readers give visible text with the place of each character in the source; the others parse, no more. Processor time,
the best of some rounds, in turn. Needs markdown-it-py and html5lib, as developers have.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import html5lib
from corpus import SEED, dense_paragraphs, documents, ordinary_paragraphs
from markdown_it import MarkdownIt

from kaudit.read import read

WANTED = {"markdown": 1.5, "html": 3.0}
"""How many times as fast as the other parser a reader is to be at least."""


def marked_up(text: str, chance: random.Random) -> str:
    """Return a plain *text* as somebody might have written it in Markdown."""
    parts = []
    for paragraph in text.split("\n\n"):
        words = " ".join(paragraph.split()).replace("<", "&lt;").split(" ")
        for at in range(chance.randrange(9), len(words), chance.randrange(9, 24)):
            words[at] = chance.choice(("**{}**", "*{}*", "[{}](https://example.org/a)", "`{}`", "{}&nbsp;")).format(
                words[at]
            )
        written = " ".join(words)
        parts.append(
            chance.choice(("{}", "{}", "{}", "- {}", "> {}", "## {}", "| a | b |\n|---|---|\n| {} | c |")).format(
                written
            )
        )
    return "\n\n".join(parts)


def as_page(body: str, chance: random.Random) -> str:
    """Return the page that a site makes of a *body*: menus, cards and classes around it."""
    entry = (
        '<li class="menu-item menu-item-{0}"><a class="nav-link" href="/topic/{0}/"><span>Topic {0}</span></a></li>\n'
    )
    menu = "".join(entry.format(chance.randrange(900)) for _ in range(30))
    for name in ("p", "h2", "li", "blockquote", "td"):
        body = body.replace(f"<{name}>", f'<{name} class="text text-{name}" data-block="{name}">')
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>A page</title>\n'
        '<meta name="description" content="What the page is about">\n<link rel="stylesheet" href="/site.css">\n'
        f'<style>p {{ margin: 0 }}</style>\n</head>\n<body class="home">\n'
        f'<nav id="top"><ul class="menu">\n{menu}</ul></nav>\n'
        f'<main class="grid"><div class="row"><div class="column">\n{body}\n</div></div></main>\n'
        f'<footer class="foot"><ul class="menu">\n{menu}</ul></footer>\n</body>\n</html>\n'
    )


def corpora(size: int) -> dict[str, list[str]]:
    """Return documents of about *size* characters in all, in each format."""
    chance = random.Random(SEED)
    texts = documents((*dense_paragraphs(), *ordinary_paragraphs()), size)
    markdown = [marked_up(text, chance) for text in texts]
    rendered = [MarkdownIt("commonmark").enable("table").render(text) for text in markdown]
    html = [as_page(text, chance) for text in rendered]
    return {"markdown": markdown, "html": html}


def best_seconds(works: Sequence[Callable[[str], object]], texts: Sequence[str], rounds: int) -> list[float]:
    """Return the least processor time that each of *works* takes for all *texts*, tried in turn."""
    best = [float("inf")] * len(works)
    for _ in range(rounds):
        for number, work in enumerate(works):
            start = time.process_time()
            for text in texts:
                work(text)
            best[number] = min(best[number], time.process_time() - start)
    return best


def imports(statement: str) -> set[str]:
    """Return the modules that a fresh Python has loaded after *statement*."""
    told = f"import sys; {statement}; print(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", told], capture_output=True, check=True, text=True).stdout.split())


def main() -> int:
    """Measure, print, and return 1 when a reader is too slow."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=400_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    others: dict[str, Callable[[str], object]] = {
        "markdown": MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse,
        "html": html5lib.parse,
    }
    ratios: dict[str, float] = {}
    for format, texts in corpora(options.size).items():
        characters = sum(map(len, texts))

        def ours(text: str, format: str = format) -> object:
            return read(text, format=format)

        mine, other = best_seconds([ours, others[format]], texts, options.rounds)
        ratios[format] = other / mine
        print(
            f"{format:9} {characters:8} characters: ours {characters / mine / 1e6:5.2f} MB/s, "
            f"other {characters / other / 1e6:5.2f} MB/s, {ratios[format]:4.2f} times as fast (wanted {WANTED[format]})"
        )
    loaded = imports("from kaudit.read import read; read('a')")
    print("plain text loads neither parser:", not loaded & {"pyromark", "kaudit.read.html", "kaudit.read.markdown"})
    if options.json:
        options.json.write_text(json.dumps(ratios), encoding="utf-8")
    return int(any(ratios[format] < wanted for format, wanted in WANTED.items()))


if __name__ == "__main__":
    sys.exit(main())
