"""Ours on Spark, in one process and its workers: the same rates from the same Parquet files."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Rulebook

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

CORES = 2
Counts = dict[str, dict[str, int]]


def spark(rulebook: Rulebook, folder: Path, as_of: date) -> Callable[[], Counts]:
    """Ours on Spark, made ready: Java is started, and one run has compiled what Spark compiles.

    Raises:
        ImportError: PySpark or Java is not installed.
    """
    return _ready(lambda session: partial(_screen, session, rulebook, folder, as_of))


def spark_findings(rulebook: Rulebook, folder: Path, as_of: date) -> Callable[[], Counts]:
    """The same, in which the workers write a row for every not met.

    Raises:
        ImportError: PySpark or Java is not installed.
    """
    return _ready(lambda session: partial(_screen, session, rulebook, folder, as_of, folder / ".spark-findings"))


def _ready(run: Callable[[SparkSession], Callable[[], Counts]]) -> Callable[[], Counts]:
    from pyspark.sql import SparkSession  # noqa: PLC0415 - measured only where it is installed

    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        raise ImportError("no Java is installed (apt install openjdk-17-jre-headless)")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    quiet = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR"}
    builder = SparkSession.builder.master(f"local[{CORES}]").config(map=dict(quiet))
    ready = run(builder.config("spark.executorEnv.POLARS_MAX_THREADS", "1").getOrCreate())
    ready()
    return ready


def _screen(
    session: SparkSession, rulebook: Rulebook, folder: Path, as_of: date, findings: Path | None = None
) -> Counts:
    from casescreen.columnar.spark import Findings, spark_screen  # noqa: PLC0415 - Spark is not always there

    if findings is not None:
        shutil.rmtree(findings, ignore_errors=True)
    wanted = None if findings is None else Findings(findings, frozenset({Outcome.NOT_MET}))
    found = spark_screen(session, rulebook, folder, as_of=as_of, findings=wanted)
    return {
        rate.criterion: {one.value: count for one in rate.counts if (count := rate.count(one))} for rate in found.rates
    }
