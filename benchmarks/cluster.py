"""How an audit grows with a Spark cluster: a master and workers, processes of this machine, with one worker and two.

    python benchmarks/cluster.py [--documents 2000] [--rounds 5] [--json FILE]

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
TASKS = 16
"""Tasks of a worker: enough that none waits long for the other at the end."""
DENSE = 0.1
"""So many of the documents are full of claims."""
WARM = 500
"""Documents that each worker sees before the clock starts: it makes its auditor, and Java compiles what is hot."""
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


def clock(warm: list[str], rounds: list[list[str]], workers: int, folder: Path) -> tuple[float, int]:
    """Return the median seconds that a cluster of *workers* takes for a round of texts, and the rows of all rounds."""
    from pyspark.sql import SparkSession

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
            "spark.locality.wait": "0s",  # a free worker takes what lies with the other
            "spark.scheduler.minRegisteredResourcesRatio": "1.0",  # no work before all workers are there
            "spark.log.level": "ERROR",
        }
        builder: Any = SparkSession.builder
        builder = builder.master(address).appName("kaudit")
        for key, value in settings.items():
            builder = builder.config(key, value)
        session = builder.getOrCreate()
        cluster.callback(session.stop)
        _count(session, warm[: WARM * workers], workers, folder / f"warm-{workers}.parquet")
        times: list[float] = []
        rows = 0
        for number, texts in enumerate(rounds):
            seconds, found = _count(session, texts, workers, folder / f"pages-{workers}-{number}.parquet")
            times.append(seconds)
            rows += found
    return statistics.median(times), rows


def _count(session: Any, texts: list[str], workers: int, table: Path) -> tuple[float, int]:
    """Return the seconds that an audit of *texts* takes, once they lie in *table*, and how many rows it finds."""
    from kaudit import spark

    parts = TASKS * workers
    session.createDataFrame([(text,) for text in texts], "body string").repartition(parts).write.parquet(str(table))
    frame = session.read.parquet(str(table)).repartition(parts).cache()
    frame.count()
    start = time.perf_counter()
    found = spark.audit(frame, text="body").count()
    seconds = time.perf_counter() - start
    frame.unpersist()
    return seconds, found


def alone(warm: list[str], rounds: list[list[str]]) -> float:
    """Return the median seconds that one process takes for the texts of a round without Spark, by the clock."""
    auditor = Auditor()
    for text in warm[:WARM]:
        auditor.audit(text)
    times: list[float] = []
    for texts in rounds:
        start = time.perf_counter()
        for text in texts:
            auditor.audit(text)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    os.environ["PYSPARK_PYTHON"] = sys.executable  # what Spark starts, here and in its workers
    texts = pages(options.documents * (options.rounds + 1))  # all new: an auditor remembers what it has seen
    warm, *rounds = (texts[at : at + options.documents] for at in range(0, len(texts), options.documents))
    plain = alone(warm, rounds)
    with tempfile.TemporaryDirectory() as folder:
        one, rows = clock(warm, rounds, 1, Path(folder))
        two, same = clock(warm, rounds, 2, Path(folder))
    if rows != same:
        raise SystemExit(f"one worker found {rows} rows, two found {same}")
    found = {
        "documents": options.documents,
        "rows": rows,
        "without spark": plain,
        "one worker": one,
        "two workers": two,
        "two workers against one": one / two,
        "overhead": one / plain - 1,
    }
    print(f"{options.rounds} rounds of {options.documents} documents of {LENGTH} characters, {rows} rows")
    print(f"  one process without Spark  {plain:7.2f} s")
    print(f"  a cluster of one worker    {one:7.2f} s, {found['overhead']:+.0%}")
    print(f"  a cluster of two workers   {two:7.2f} s, x{found['two workers against one']:.2f} as fast as one")
    if options.json:
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
