"""The catalog: YAML that people write in, compiled rules out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaudit.model import CATALOG_LIMITS, CatalogLimits
from kaudit.version import VERSION

if TYPE_CHECKING:
    from kaudit.catalog.compiled import Catalog

__all__ = ["VERSION", "json_schema", "load_catalog"]


def load_catalog(
    *paths: str | Path,
    lexicons: Mapping[str, Sequence[str]] | None = None,
    cached: bool = True,
    limits: CatalogLimits = CATALOG_LIMITS,
) -> Catalog:
    """Return the catalog in the files at *paths*, with those that they extend; the built-in one when there are none.

    The built-in one comes compiled; of others a compiled copy is kept in the user's cache folder and used as long as
    nothing changed. With *cached* false all is read and compiled anew. The entries of *lexicons* are added to the
    lists of these names. A file may be as large as *limits* say.

    Raises:
        CatalogError: with every problem found, each with file, line and column.
    """
    from kaudit.catalog import cache
    from kaudit.catalog.texts import digest_of, lexicon_text, read_all_texts

    texts = read_all_texts(paths, limits)
    if lexicons:
        texts.append(lexicon_text(lexicons))
    digest = digest_of(texts)
    known = (cache.read_shipped(digest) or cache.read_cached(digest)) if cached else None
    if known is not None:
        return known
    from kaudit.catalog.load import load_texts

    catalog = load_texts(texts)
    if cached:
        cache.write_cached(catalog)
    return catalog


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a catalog file, for editors."""
    from kaudit.catalog.schema import CatalogFile

    return CatalogFile.model_json_schema(by_alias=True)
