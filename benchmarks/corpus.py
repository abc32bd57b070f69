"""Texts to measure on, built from what every machine with Python has: no downloads, the same bytes each time."""

from __future__ import annotations

import ast
import random
import re
import sysconfig
from collections.abc import Iterator
from functools import cache
from pathlib import Path

SEED = 20261122
ARTICLES = Path(__file__).parent.parent / "seeds"


@cache
def ordinary_paragraphs() -> tuple[str, ...]:
    """Return the paragraphs of the docstrings of Python's standard library: plain English, hardly a health claim."""
    library = Path(sysconfig.get_paths()["stdlib"])
    found: dict[str, None] = {}
    for path in sorted(library.glob("*.py")) + sorted(library.glob("*/*.py")):
        if "site-packages" in path.parts or "test" in path.parts:
            continue
        try:
            tree = ast.parse(path.read_text(encoding="utf-8"))
        except (SyntaxError, UnicodeDecodeError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                text = ast.get_docstring(node) or ""
                found.update(dict.fromkeys(part for part in text.split("\n\n") if len(part) > 60))
    return tuple(found)


@cache
def dense_paragraphs() -> tuple[str, ...]:
    """Return the paragraphs of our seed articles: copy full of claims."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(ARTICLES.glob("*.md")))
    return tuple(part for text in texts for part in text.split("\n\n") if part.strip())


def mixed_paragraphs(seed: int) -> tuple[str, ...]:
    """Return the same copy with its sentences in ever new paragraphs, so that none of them comes twice."""
    chance = random.Random(seed)
    lines = (part for part in dense_paragraphs() if not part.startswith(("#", "-", "|", ">")))
    sentences = [sentence for part in lines for sentence in re.split(r"(?<=[.!?]) (?=[A-Z])", part)]
    return tuple(" ".join(chance.sample(sentences, k=4)) for _ in range(10_000))


def documents(paragraphs: tuple[str, ...], size: int, *, of: int = 7_000, seed: int = SEED) -> Iterator[str]:
    """Yield documents of about *of* characters, *size* characters in all, of *paragraphs* in random order."""
    chance = random.Random(seed)
    left = size
    while left > 0:
        parts: list[str] = []
        length = 0
        while length < of:
            part = chance.choice(paragraphs)
            parts.append(part)
            length += len(part) + 2
        yield "\n\n".join(parts)
        left -= length
