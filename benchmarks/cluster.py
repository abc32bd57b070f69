"""How an audit grows with a Spark cluster: a master and workers, processes of this machine, with one worker and two.

    python benchmarks/cluster.py [--documents 10000] [--rounds 3] [--json FILE]

Needs `pip install 'kaudit[spark]'` and Java. Times are by the clock, since the work is done by other processes: close
what else runs on the machine. Each worker has one core, so that a machine of two cores is full with two of them.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from corpus import SEED, dense_paragraphs, documents, ordinary_paragraphs

from kaudit.auditor import Auditor

HERE = "127.0.0.1"
LENGTH = 4_000
"""Characters of a document."""
DENSE = 0.1
"""So many of the documents are full of claims."""
WARM = 200
"""Documents that each worker sees before the clock starts: it makes its auditor."""
PATIENCE = 60


def pages(count: int) -> list[str]:
    """Return *count* documents, most of them ordinary English."""
    chance = random.Random(SEED)
    ordinary = documents(ordinary_paragraphs(), count * LENGTH * 2, of=LENGTH)
    dense = documents(dense_paragraphs(), count * LENGTH * 2, of=LENGTH)
    return [next(dense if chance.random() < DENSE else ordinary) for _ in range(count)]


@contextmanager
def program(name: str, *arguments: str, log: Path) -> Iterator[None]:
    """Run one of Spark's programs until the end of the block."""
    import pyspark

    home = Path(pyspark.__file__).parent
    command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}", *arguments]
    environment = {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": HERE}
    with log.open("wb") as output:
        running = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT, cwd=log.parent)
        try:
            yield
        finally:
            running.terminate()
            running.wait()


def free_port() -> int:
    """Return the number of a port that nobody listens on."""
    with socket.socket() as found:
        found.bind((HERE, 0))
        return int(found.getsockname()[1])


def wait_for(told: str, log: Path) -> None:
    """Wait until a program has *told* something.

    Raises:
        TimeoutError: when it does not.
    """
    end = time.monotonic() + PATIENCE
    while told not in log.read_text(encoding="utf-8", errors="replace"):
        if time.monotonic() > end:
            raise TimeoutError(f"no {told!r} in {log}:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}")
        time.sleep(0.2)


def clock(texts: list[str], workers: int, rounds: int, folder: Path) -> tuple[float, int]:
    """Return the median seconds that a cluster of so many *workers* takes for *texts*, and how many rows it finds."""
    from pyspark.sql import SparkSession

    from kaudit import spark

    port = free_port()
    address = f"spark://{HERE}:{port}"
    with ExitStack() as cluster:
        log = folder / f"master-{workers}.log"
        master = ("--host", HERE, "--port", str(port), "--webui-port", str(free_port()))
        cluster.enter_context(program("master.Master", *master, log=log))
        wait_for("I have been elected leader", log)
        for number in range(workers):
            own = ("--cores", "1", "--memory", "1g", "--webui-port", str(free_port()), "--work-dir", str(folder))
            cluster.enter_context(
                program("worker.Worker", "--host", HERE, *own, address, log=folder / f"worker-{workers}-{number}.log")
            )
            wait_for("Successfully registered", folder / f"worker-{workers}-{number}.log")
        settings = {
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.driver.host": HERE,
            "spark.driver.bindAddress": HERE,
            "spark.executor.memory": "700m",
            "spark.log.level": "ERROR",
        }
        builder: Any = SparkSession.builder
        builder = builder.master(address).appName("kaudit")
        for key, value in settings.items():
            builder = builder.config(key, value)
        session = builder.getOrCreate()
        cluster.callback(session.stop)
        table = folder / f"pages-{workers}.parquet"
        frame = session.createDataFrame([(text,) for text in texts], "body string")
        frame.repartition(8 * workers).write.parquet(str(table))
        frame = session.read.parquet(str(table)).repartition(8 * workers).cache()
        frame.count()
        spark.audit(frame.limit(WARM * workers).repartition(workers), text="body").count()
        times: list[float] = []
        rows = 0
        for _ in range(rounds):
            start = time.perf_counter()
            rows = spark.audit(frame, text="body").count()
            times.append(time.perf_counter() - start)
    return statistics.median(times), rows


def alone(texts: list[str], rounds: int) -> float:
    """Return the median seconds that one process takes for *texts* without Spark, by the clock."""
    auditor = Auditor()
    for text in texts[:WARM]:
        auditor.audit(text)
    times: list[float] = []
    for _ in range(rounds):
        start = time.perf_counter()
        for text in texts:
            auditor.audit(text)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    os.environ["PYSPARK_PYTHON"] = sys.executable  # what Spark starts, here and in its workers
    texts = pages(options.documents)
    plain = alone(texts, options.rounds)
    with tempfile.TemporaryDirectory() as folder:
        one, rows = clock(texts, 1, options.rounds, Path(folder))
        two, same = clock(texts, 2, options.rounds, Path(folder))
    if rows != same:
        raise SystemExit(f"one worker found {rows} rows, two found {same}")
    found = {
        "documents": len(texts),
        "rows": rows,
        "without spark": plain,
        "one worker": one,
        "two workers": two,
        "two workers against one": one / two,
        "overhead": one / plain - 1,
    }
    print(f"{len(texts)} documents of {LENGTH} characters, {rows} rows")
    print(f"  one process without Spark  {plain:7.2f} s")
    print(f"  a cluster of one worker    {one:7.2f} s, {found['overhead']:+.0%}")
    print(f"  a cluster of two workers   {two:7.2f} s, x{found['two workers against one']:.2f} as fast as one")
    if options.json:
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
