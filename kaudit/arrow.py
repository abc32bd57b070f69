"""Arrow: a batch of texts in, a batch of findings out; the same for pyarrow, Polars, DuckDB and Spark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import pyarrow as pa

from kaudit.auditor import Auditor
from kaudit.errors import DocumentError, KauditError
from kaudit.model import Audit, Finding
from kaudit.report.as_json import finding_fields

FINDING = pa.schema(
    [
        pa.field("rule", pa.string()),
        pa.field("category", pa.string()),
        pa.field("severity", pa.string()),
        pa.field("confidence", pa.string()),
        pa.field("start", pa.int32()),
        pa.field("end", pa.int32()),
        pa.field("line", pa.int32()),
        pa.field("column", pa.int32()),
        pa.field("place", pa.string()),
        pa.field("words", pa.string()),
        pa.field("message", pa.string()),
        pa.field("suggestion", pa.string()),
        pa.field("fingerprint", pa.string()),
        pa.field("waived_by", pa.string()),
        pa.field("error", pa.string()),
    ]
)
"""Columns of a finding: those of docs/json.md, the first suggestion, and why a text could not be audited.

A text with findings gives a row for each; one without gives none; one that cannot be audited gives one row that holds
nothing but *error* and the columns that were kept.
"""


def schema_of(columns: pa.Schema, text: str, keep: Sequence[str] | None = None) -> pa.Schema:
    """Return the schema of what `audit_batch` makes of batches with these *columns*.

    Raises:
        KauditError: when a column is missing, or is called as one of a finding.
    """
    kept = [name for name in columns.names if name != text] if keep is None else list(keep)
    missing = [name for name in (text, *kept) if name not in columns.names]
    if missing:
        raise KauditError(f"there is no column {missing[0]!r}; there are {', '.join(columns.names)}")
    twice = [name for name in kept if name in FINDING.names]
    if twice:
        raise KauditError(f"column {twice[0]!r} is called as one of a finding; rename it, or leave it out of `keep`")
    return pa.schema([*(columns.field(name) for name in kept), *FINDING])


def audit_batch(
    batch: pa.RecordBatch | pa.Table,
    *,
    text: str = "text",
    format: str = "text",
    keep: Sequence[str] | None = None,
    auditor: Auditor | None = None,
) -> pa.RecordBatch:
    """Return the findings in column *text* of *batch*, beside those columns to *keep*, or else all others.

    Raises:
        KauditError: when a column is missing, or is called as one of a finding.
    """
    schema = schema_of(batch.schema, text, keep)
    kept = schema.names[: len(schema.names) - len(FINDING.names)]
    numbers: list[int] = []
    rows: list[dict[str, Any]] = []
    for number, value in enumerate(batch.column(text).to_pylist()):
        for row in _rows(value, format, auditor or _default()):
            numbers.append(number)
            rows.append(row)
    chosen = pa.array(numbers, pa.int32())
    columns = [_whole(batch.column(name)).take(chosen) for name in kept]
    columns += [pa.array([row.get(field.name) for row in rows], field.type) for field in FINDING]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


@cache
def _default() -> Auditor:
    return Auditor()


def _whole(column: Any) -> Any:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _rows(value: object, format: str, auditor: Auditor) -> Iterator[dict[str, Any]]:
    if not isinstance(value, str | bytes):
        yield {"error": "no text"}
        return
    try:
        audit = _audit(value, format, auditor)
    except DocumentError as error:
        yield {"error": error.reason}
        return
    yield from map(_row, audit.findings)


def _audit(value: str | bytes, format: str, auditor: Auditor) -> Audit:
    from kaudit.read import read, read_bytes

    document = read(value, format=format) if isinstance(value, str) else read_bytes(value, format=format)
    return auditor.audit_document(document)


def _row(found: Finding) -> dict[str, Any]:
    first = found.suggestions[0].text if found.suggestions else None
    return {**finding_fields(found), "words": found.text, "suggestion": first}
