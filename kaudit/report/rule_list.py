"""Every rule of a catalog in one list: for people, for programs, and as the page docs/rules.md."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from kaudit.catalog.compiled import Catalog
from kaudit.model import Category, Confidence, Jurisdiction, Severity
from kaudit.report.display import harmless, table
from kaudit.report.rule_page import VERIFIED


@dataclass(frozen=True, slots=True)
class Row:
    """What a list says of a rule, be it about a claim or about what a document leaves out."""

    id: str
    category: Category
    severity: Severity
    confidence: Confidence
    message: str
    why: str
    sources: tuple[str, ...]
    jurisdictions: tuple[Jurisdiction, ...]


def rows(catalog: Catalog, categories: frozenset[Category] = frozenset()) -> list[Row]:
    """Return a row for each rule of these *categories* (all when empty), by category, then by id."""
    order = list(Category)
    found = [
        Row(
            rule.id,
            rule.category,
            rule.severity,
            rule.confidence,
            rule.message,
            rule.why,
            rule.sources,
            _in_order(rule.jurisdictions),
        )
        for rule in catalog.rules.values()
    ]
    found += [
        Row(
            disclosure.id,
            Category.DISCLOSURE,
            disclosure.severity,
            Confidence.HIGH,
            disclosure.message,
            disclosure.why,
            disclosure.sources,
            _in_order(disclosure.jurisdictions),
        )
        for disclosure in catalog.disclosures.values()
    ]
    wanted = (row for row in found if not categories or row.category in categories)
    return sorted(wanted, key=lambda row: (order.index(row.category), row.id))


def _in_order(jurisdictions: frozenset[Jurisdiction]) -> tuple[Jurisdiction, ...]:
    return tuple(place for place in Jurisdiction if not jurisdictions or place in jurisdictions)


def _as_text(catalog: Catalog, listed: list[Row]) -> Iterator[str]:
    head = ("rule", "category", "severity", "confidence", "message")
    cells = [(row.id, row.category, str(row.severity), str(row.confidence), harmless(row.message)) for row in listed]
    for line in table([head, *cells], width=120):
        yield line + "\n"


def _as_json(catalog: Catalog, listed: list[Row]) -> Iterator[str]:
    report = {
        "schema": 1,
        "catalog": {"version": catalog.version, "digest": catalog.digest},
        "rules": [
            {
                "rule": row.id,
                "category": str(row.category),
                "severity": str(row.severity),
                "confidence": str(row.confidence),
                "message": row.message,
                "why": row.why,
                "sources": list(row.sources),
                "jurisdictions": [str(place) for place in row.jurisdictions],
            }
            for row in listed
        ],
    }
    yield json.dumps(report, ensure_ascii=False, indent=1) + "\n"


def _as_markdown(catalog: Catalog, listed: list[Row]) -> Iterator[str]:
    yield "# Rules\n\nMade from `claim_catalog.yaml` by `make docs`; change it there.\n"
    yield "`kaudit explain RULE` shows a rule's sources, examples and templates.\n"
    for category, group in groupby(listed, key=lambda row: row.category):
        described = catalog.categories.get(category)
        yield f"\n## {category}\n\n"
        if described:
            yield f"{described.title}: {described.description}\n\n"
        yield "| rule | severity | confidence | what is wrong | why | sources |\n"
        yield "| --- | --- | --- | --- | --- | --- |\n"
        for row in group:
            cells = (f"`{row.id}`", row.severity, row.confidence, row.message, row.why, ", ".join(row.sources))
            yield _markdown_row(*map(str, cells))
    yield from _sources_as_markdown(catalog, listed)


def _sources_as_markdown(catalog: Catalog, listed: list[Row]) -> Iterator[str]:
    """Yield what the rules rest on: each source with its place, when it was looked up, and whether it was verified."""
    wanted = {key for row in listed for key in row.sources}
    yield "\n## Sources\n\nA source that nobody has verified at its own place says so.\n\n"
    yield "| source | citation | what it supports | where | looked up |\n| --- | --- | --- | --- | --- |\n"
    for key, source in catalog.sources.items():
        if key in wanted:
            looked_up = (source.checked or "not yet") + VERIFIED[source.verified]
            yield _markdown_row(f"`{key}`", source.citation, source.supports, source.place, looked_up)


def _markdown_row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


LISTS: Mapping[str, Callable[[Catalog, list[Row]], Iterator[str]]] = {
    "text": _as_text,
    "json": _as_json,
    "markdown": _as_markdown,
}
"""Name of a format -> the function that renders rows in it."""
