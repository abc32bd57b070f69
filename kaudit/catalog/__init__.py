"""The catalog: YAML that people write in, compiled rules out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaudit.model import CATALOG_LIMITS, CatalogLimits
from kaudit.version import VERSION

if TYPE_CHECKING:
    from kaudit.catalog.compiled import Catalog
    from kaudit.catalog.texts import CatalogText

__all__ = ["VERSION", "compile_texts", "json_schema", "load_catalog"]


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
    from kaudit.catalog.texts import lexicon_text, read_all_texts

    texts = read_all_texts(paths, limits)
    if lexicons:
        texts.append(lexicon_text(lexicons))
    if not cached:
        from kaudit.catalog.load import load_texts

        return load_texts(texts)
    catalog = _kept(texts)
    if catalog is None:
        from kaudit.catalog.cache import write_cached

        catalog = compile_texts(texts)
        write_cached(catalog)
    return catalog


def compile_texts(texts: list[CatalogText]) -> Catalog:
    """Return the catalog that *texts* make together, compiled anew but for a built-in one that others extend.

    Raises:
        CatalogError: with every problem found.
    """
    from kaudit.catalog.load import load_texts
    from kaudit.catalog.texts import BUILTIN

    return load_texts(texts, _kept(texts[:1]) if len(texts) > 1 and texts[0].path == BUILTIN else None)


def _kept(texts: list[CatalogText]) -> Catalog | None:
    """Return the compiled copy of the catalog that *texts* make together, if there is one."""
    from kaudit.catalog.cache import read_cached, read_shipped
    from kaudit.catalog.texts import digest_of

    digest = digest_of(texts)
    return read_shipped(digest) or read_cached(digest)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a catalog file, for editors."""
    from kaudit.catalog.schema import CatalogFile

    return CatalogFile.model_json_schema(by_alias=True)
