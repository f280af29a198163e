"""Measure bulk on Spark against bulk without it, as ratios from one run on the same cases.

python benchmarks/spark.py            the figures of benchmarks/README.md, in about a minute
python benchmarks/spark.py --smoke    the same on very little: that it runs and that the counts agree
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import polars as pl
from pyspark.sql import SparkSession
from run import AS_OF, generated
from tabulate import tabulate

from casescreen import load_rulebook
from casescreen.evaluate.bulk.folder import scan_folder
from casescreen.evaluate.bulk.frames import ID, ROW, CaseFrames, each_frame, frames_of
from casescreen.evaluate.bulk.screening import BulkScreening, bulk_screen
from casescreen.evaluate.bulk.spark.screening import spark_screen
from casescreen.evaluate.bulk.spark.task import Findings
from casescreen.evaluate.bulk.writing import write_parquet
from casescreen.model.dictionary import Dictionary
from casescreen.model.outcome import Outcome

CORES = 2


def caseload(dictionary: Dictionary, different: int, copies: int, parts: int) -> Iterator[CaseFrames]:
    """Parts of generated cases, each with so many copies of each case under other ids."""
    some = frames_of(generated(dictionary, different), dictionary)
    for part in range(parts):
        yield each_frame(some, partial(_copied, numbers=range(part * copies, (part + 1) * copies)))


def _copied(frame: pl.LazyFrame, numbers: range) -> pl.LazyFrame:
    named = pl.format("{}-{}", pl.col("copy").cast(pl.String).str.zfill(6), pl.col(ID)).alias(ID)
    return pl.LazyFrame({"copy": numbers}).join(frame, how="cross").with_columns(named).drop("copy", ROW)


def session() -> SparkSession:
    """Spark in one process, with as many tasks at a time as there are cores."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    quiet = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR"}
    builder = SparkSession.builder.master(f"local[{CORES}]").config(map=dict(quiet))
    return builder.config("spark.executorEnv.POLARS_MAX_THREADS", "1").getOrCreate()


def timed(work: Callable[[], BulkScreening]) -> tuple[float, BulkScreening]:
    """How many seconds it takes, and what it gives."""
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def measured(folder: Path, repeats: int) -> list[tuple[str, str, str]]:
    """Rates without Spark and with it, and with findings; the run stops unless the counts are the same."""
    rulebook = load_rulebook()
    start = time.perf_counter()
    spark = session()
    started = time.perf_counter() - start

    def bulk() -> BulkScreening:
        return bulk_screen(rulebook, scan_folder(folder, rulebook.dictionary), as_of=AS_OF)

    def rates() -> BulkScreening:
        return spark_screen(spark, rulebook, folder, as_of=AS_OF)

    def findings() -> BulkScreening:
        shutil.rmtree(folder.parent / "findings", ignore_errors=True)
        wanted = Findings(folder.parent / "findings", frozenset({Outcome.NOT_MET}))
        return spark_screen(spark, rulebook, folder, as_of=AS_OF, findings=wanted)

    first, found = timed(rates)
    # In turn, so that what else the machine does falls on all of them.
    runs = [[timed(work) for work in (bulk, rates, findings)] for _ in range(repeats)]
    spark.stop()
    base, later, both = (min(took for took, _ in run) for run in zip(*runs, strict=True))
    if any(one != found for run in runs for _, one in run):
        raise SystemExit("bulk and Spark do not agree: nothing was measured")
    rows = [
        ("bulk, one process", base),
        ("starting Spark", started),
        (f"Spark local[{CORES}], the first time", first),
        (f"Spark local[{CORES}], from then on", later),
        ("the same, writing a finding for every not met", both),
    ]
    return [(what, f"{took:.2f} s", f"{took / base:.2f}") for what, took in rows]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--smoke", action="store_true", help="very little, once")
    smoke = parser.parse_args().smoke
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        told = "Spark was not measured: no Java is installed (apt install openjdk-17-jre-headless)."
        sys.exit(told if os.environ.get("CI") else print(told))
    different, copies, parts, repeats = (50, 2, 3, 1) if smoke else (5000, 25, 8, 3)
    rulebook = load_rulebook()
    scratch = Path(tempfile.mkdtemp(prefix="casescreen-spark-"))
    try:
        written = write_parquet(
            caseload(rulebook.dictionary, different, copies, parts), rulebook.dictionary, scratch / "cases"
        )
        rows = measured(scratch / "cases", repeats)
    finally:
        shutil.rmtree(scratch)
    print(f"{written:,} cases in {parts} parts, {len(rulebook.criteria)} criteria\n")
    print(tabulate(rows, ("what", "wall", "ratio"), tablefmt="github", disable_numparse=True))


if __name__ == "__main__":
    main()
