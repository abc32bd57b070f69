"""Spark: a DataFrame of texts in, a DataFrame of findings out, by `mapInArrow`.

The compiled catalog travels to each executor once, as data; each Python process makes an auditor of it when it gets its
first batch, and keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from kaudit.arrow import audit_batch, schema_of
from kaudit.auditor import Auditor
from kaudit.catalog import load_catalog
from kaudit.catalog.cache import catalog_from_json, catalog_to_json
from kaudit.config import Config

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

    from kaudit.catalog.compiled import Catalog


def audit(
    df: DataFrame,
    text: str = "text",
    format: str = "text",
    *,
    keep: Sequence[str] | None = None,
    config: Config | None = None,
) -> DataFrame:
    """Return the findings in column *text* of *df*, read in *format*, beside those columns to *keep* (else all others).

    Its columns are those of `kaudit.arrow.FINDING`: a row for each finding, and one with an `error` for each text that
    could not be audited. What *config* says of single paths does not hold here.

    Raises:
        CatalogError: when the catalog of *config* is wrong.
        ConfigError: when *config* names a rule or category that there is not.
        KauditError: when a column is missing, or is called as one of a finding.
    """
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

    config = config or Config()
    catalog = load_catalog(*config.catalog, lexicons=config.lexicons, limits=config.catalog_limits)
    Auditor(catalog, config)  # what is wrong with names is told here, not by every executor
    schema = from_arrow_schema(schema_of(to_arrow_schema(df.schema), text, keep))
    compiled = _sent(df, catalog)
    digest = catalog.digest

    def findings(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        auditor = _auditor(f"{digest} {config!r}", lambda: Auditor(catalog_from_json(compiled()), config))
        for batch in batches:
            yield audit_batch(batch, text=text, format=format, keep=keep, auditor=auditor)

    return df.mapInArrow(findings, schema)


def _sent(df: DataFrame, catalog: Catalog) -> Callable[[], str]:
    """Return how an executor gets at the compiled *catalog*: broadcast, or with the function over Spark Connect."""
    try:
        context = df.sparkSession.sparkContext
    except (AttributeError, NotImplementedError, RuntimeError):
        compiled = catalog_to_json(catalog)
        return lambda: compiled
    broadcast = _broadcast(context, catalog)
    return lambda: str(broadcast.value)


_BROADCASTS: WeakKeyDictionary[Any, dict[str, Any]] = WeakKeyDictionary()
"""What was broadcast by which context, by the digests of the catalogs."""


def _broadcast(context: Any, catalog: Catalog) -> Any:
    known = _BROADCASTS.setdefault(context, {})
    if catalog.digest not in known:
        known[catalog.digest] = context.broadcast(catalog_to_json(catalog))
    return known[catalog.digest]


@lru_cache(maxsize=4)
def _known(key: str) -> list[Auditor]:
    return []


def _auditor(key: str, made: Callable[[], Auditor]) -> Auditor:
    """Return this process's auditor for a catalog and a configuration, whose digest is *key*.

    It is *made* by the first task of a process; the later ones do not even fetch the catalog.
    """
    known = _known(key)
    if not known:
        known.append(made())
    return known[0]
