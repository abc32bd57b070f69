"""A small catalog for tests of waivers, so that they do not change with the built-in one."""

from __future__ import annotations

from pathlib import Path

from kaudit.catalog.compiled import Catalog
from kaudit.catalog.load import load_texts
from kaudit.catalog.texts import CatalogText

TEXT = """\
schema: 1
version: test
categories:
  hyperbole: {title: Hyperbole, description: Too much., hedging: lowers}
  cure: {title: Cure, description: Ended., hedging: holds}
  safety: {title: Safety, description: No risk., hedging: holds}
  efficacy: {title: Efficacy, description: Works., hedging: clears}
  evidence: {title: Evidence, description: Proof., hedging: lowers}
  statistic: {title: Statistic, description: Figures., hedging: lowers}
sources:
  law: {citation: A law, place: A book, supports: Truth.}
subjects:
  any: {name: it}
lexicons:
  condition: [depression, anxiety]
cues:
  - {type: hedge, words: [may, might], direction: forward, reach: 6, stands_for: may}
  - {type: limit, words: [in some people, for some people, perhaps], direction: both}
  - {type: narrower, words: [mostly, up to], direction: both}
  - {type: booster, words: [truly], direction: both}
  - {type: vulnerable, words: [suicidal teenagers], direction: both}
claims:
"""
RULE = """\
  - id: {id}
    category: {category}
    severity: {severity}
    message: Too much.
    why: Nobody knows.
    sources: [law]
    match: ['{match}']
{rewrite}    examples: {{flag: ['[[x]]'], pass: [y]{fix}}}
"""
REWRITE = "    rewrite: [{match: minimal side effects, to: side effects}]\n"
RULES = (
    ("minimal-side-effects", "safety", "high", "minimal side effects"),
    ("no-side-effects", "safety", "critical", "no side effects"),
    ("exaggerates", "hyperbole", "high", "miracle drug"),
    ("unnamed-studies", "evidence", "medium", "studies (show|prove)"),
    ("cures-condition", "cure", "critical", "(cure|cures) {condition}"),
    ("success-rate", "statistic", "high", "{number} % success rate"),
    ("helps-reader", "efficacy", "high", "(offers|guarantees) the fastest relief"),
)
CATALOG = TEXT + "".join(
    RULE.format(
        id=name,
        category=category,
        severity=severity,
        match=match,
        rewrite=REWRITE if name == "minimal-side-effects" else "",
        fix=", fix: [{from: minimal side effects, to: side effects}]" if name == "minimal-side-effects" else "",
    )
    for name, category, severity, match in RULES
)
PLACE = "catalog.yaml"
SETTINGS = f'catalog = ["{PLACE}"]\n'


def small_catalog() -> Catalog:
    """Return the catalog."""
    return load_texts([CatalogText(PLACE, CATALOG)])


def put_settings(more: str = "") -> None:
    """Write the catalog to the working folder, with settings that ask for it and say *more*."""
    Path(PLACE).write_text(CATALOG, encoding="utf-8")
    Path("kaudit.toml").write_text(SETTINGS + more, encoding="utf-8")
