"""Spark finds what the library finds; a row that cannot be audited is kept with its reason."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from typing import Any

import pytest

import kaudit

pytest.importorskip("pyspark")
pytest.importorskip("pyarrow")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

if importlib.util.find_spec("pyspark"):
    from kaudit.spark import audit


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    made = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    yield made
    made.stop()


def test_spark_finds_what_the_library_finds(session: Any) -> None:
    texts = ["Our miracle cure has no side effects.", "Plain words.", "A wonder drug that cures depression."]
    pages = session.createDataFrame([*enumerate(texts), (3, None)], "id int, body string")

    rows = audit(pages, text="body").collect()

    wanted = {
        (number, found.rule, found.start) for number, text in enumerate(texts) for found in kaudit.audit(text).findings
    }
    assert {(row["id"], row["rule"], row["start"]) for row in rows if not row["error"]} == wanted
    assert [(row["id"], row["error"]) for row in rows if row["error"]] == [(3, "no text")]
