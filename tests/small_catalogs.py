"""Small catalogs from text, for tests of stages."""

from __future__ import annotations

from textwrap import dedent

from kaudit.catalog.compiled import Catalog
from kaudit.catalog.load import load_texts
from kaudit.catalog.texts import CatalogText

HEAD = """\
schema: 1
version: test
categories:
  hyperbole: {title: Hyperbole, description: Too much., hedging: lowers}
  cure: {title: Cure, description: Ended., hedging: holds}
  safety: {title: Safety, description: No risk., hedging: holds}
  efficacy: {title: Efficacy, description: Works., hedging: clears}
sources:
  law: {citation: A law, place: A book, supports: Truth.}
"""
RULE = """\
  - id: {id}
    category: {category}
    severity: high
    message: Too much.
    why: Nobody knows.
    sources: [law]
    match: {match}
    examples: {{flag: ['[[x]]'], pass: [y]}}
"""


def catalog_of(body: str) -> Catalog:
    """Return the catalog that HEAD and *body* make."""
    return load_texts([CatalogText("test.yaml", HEAD + dedent(body))])


def rule(match: str, name: str = "too-much", category: str = "hyperbole") -> str:
    """Return a rule that looks for *match*, a YAML list of templates."""
    return RULE.format(id=name, category=category, match=match)
