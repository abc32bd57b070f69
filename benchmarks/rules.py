"""Catalogs to measure with: the built-in one, cut down or grown to a number of rules by a generator."""

from __future__ import annotations

import random
from dataclasses import replace

from kaudit.catalog import load_catalog
from kaudit.catalog.compiled import Catalog
from kaudit.catalog.load import load_texts
from kaudit.catalog.texts import CatalogText, read_texts

SEED = 20261122
SHAPES = (
    "{{hype_adjective}} {coined} {{treatment}}",
    "{coined} <0-2> {{side_effect}}",
    "{{benefit_verb}} <0-3> {coined}",
    "(the|our)? {coined} (of|for) {{condition}}",
    "{{minimiser}} <0-1> {coined} {{benefit}}",
    "{coined} (is|are) {{best_adjective}}",
)
SYLLABLES = ("vel", "tor", "mi", "zan", "qui", "lor", "bex", "na", "dru", "fel", "ost", "ix", "ume", "pra")


def catalog_of(rules: int) -> Catalog:
    """Return a catalog with *rules* claims: the first ones of the built-in catalog, then generated ones.

    A generated rule has the shapes and the lexicons of real ones around a coined word, so that it is compiled, indexed
    and carried along as they are, but hardly ever fires.
    """
    builtin = load_catalog()
    if rules <= len(builtin.rules):
        return replace(builtin, rules=dict(list(builtin.rules.items())[:rules]), digest=f"first-{rules}")
    chance = random.Random(SEED)
    claims = []
    for number in range(rules - len(builtin.rules)):
        coined = "".join(chance.choices(SYLLABLES, k=4))
        shape = SHAPES[number % len(SHAPES)].format(coined=coined)
        claims.append(
            f"  - {{id: generated-{number}, category: hyperbole, severity: low, message: m, why: w,"
            f" sources: [us-ftc-hpcg], match: ['{shape}'], examples: {{flag: ['[[x]]'], pass: [y]}}}}"
        )
    grown = "schema: 1\nversion: grown\nextends: builtin\nclaims:\n" + "\n".join(claims) + "\n"
    return load_texts([*read_texts(None), CatalogText("grown", grown)])
