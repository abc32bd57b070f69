"""Audit a crawl with Spark: Parquet of pages in, Parquet of findings and a summary out.

    spark-submit examples/crawl_audit.py PAGES.parquet FINDINGS.parquet [--text body] [--format html]

PAGES has a page a row: its text in one column, whatever names it (such as `url`) in others. FINDINGS gets a row for
each finding, and one for each page that could not be audited, with the reason in `error`. The summary says how many
findings of each severity and rule there are.
"""

from __future__ import annotations

import argparse

from pyspark.sql import SparkSession
from pyspark.sql import functions as column

from kaudit import spark as kaudit


def main() -> None:
    """Run the job."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages")
    parser.add_argument("findings")
    parser.add_argument("--text", default="body", help="column with the text of the page (default: body)")
    parser.add_argument("--format", default="html", help="what the text is written in (default: html)")
    options = parser.parse_args()
    session = SparkSession.builder.appName("kaudit").getOrCreate()
    found = kaudit.audit(session.read.parquet(options.pages), text=options.text, format=options.format)
    found.write.mode("overwrite").parquet(options.findings)
    kept = session.read.parquet(options.findings)
    kept.groupBy("severity").count().orderBy(column.desc("count")).show()
    kept.groupBy("rule", "error").count().orderBy(column.desc("count")).show(30, truncate=False)
    session.stop()


if __name__ == "__main__":
    main()
