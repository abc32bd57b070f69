"""Findings in tables: the same as those of the library, with the columns that name the text."""

from __future__ import annotations

import importlib.util

import pytest

import kaudit
from kaudit.errors import KauditError

pa = pytest.importorskip("pyarrow")

if importlib.util.find_spec("pyarrow"):
    from kaudit.arrow import FINDING, audit_batch

CLAIM = "Our miracle cure has no side effects."
PAGES = {
    "url": ["a", "b", "c"],
    "body": [CLAIM, "Plain words.", None],
}


def test_a_batch_gives_a_row_for_each_finding_and_each_text_that_cannot_be_audited() -> None:
    table = audit_batch(pa.RecordBatch.from_pydict(PAGES), text="body").to_pylist()

    wanted = kaudit.audit(CLAIM).findings
    assert [(row["url"], row["rule"], row["words"], row["start"]) for row in table[:-1]] == [
        ("a", found.rule, found.text, found.start) for found in wanted
    ]
    assert len(wanted) > 1
    assert {name: value for name, value in table[-1].items() if value is not None} == {"url": "c", "error": "no text"}


def test_a_table_of_several_chunks_is_as_good() -> None:
    batch = pa.RecordBatch.from_pydict(PAGES)

    twice = audit_batch(pa.Table.from_batches([batch, batch]), text="body", keep=["url"])

    assert twice.num_rows == 2 * audit_batch(batch, text="body").num_rows
    assert twice.schema.names == ["url", *FINDING.names]


def test_a_column_that_is_not_there_is_told() -> None:
    with pytest.raises(KauditError, match="no column 'text'; there are url, body"):
        audit_batch(pa.RecordBatch.from_pydict(PAGES))


def test_a_column_that_is_called_as_one_of_a_finding_is_told() -> None:
    batch = pa.RecordBatch.from_pydict({"text": ["x"], "rule": ["y"]})

    with pytest.raises(KauditError, match="'rule' is called as one of a finding"):
        audit_batch(batch)
    assert audit_batch(batch, keep=[]).num_rows == 0
