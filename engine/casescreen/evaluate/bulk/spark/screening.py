"""A whole caseload on Spark: what the workers counted, and what follows from it."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
from attrs import evolve
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException, PythonException
from pyspark.sql import SparkSession, functions

from casescreen.evaluate.bulk.folder import part_folders, scan_folder
from casescreen.evaluate.bulk.screening import BulkScreening, concluded, grouped_by
from casescreen.evaluate.bulk.spark.rows import KEYS, numbers, tally_of
from casescreen.evaluate.bulk.spark.staging import staged
from casescreen.evaluate.bulk.spark.task import Findings, Task
from casescreen.evaluate.bulk.tallying import Tally
from casescreen.evaluate.inference import Engine
from casescreen.evaluate.screening import check_calendar
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Rulebook
from casescreen.text import visible

_PARTS_ADDED_AT_ONCE = 16
_CAUSED = "Caused by: "


def spark_screen(
    session: SparkSession,
    rulebook: Rulebook,
    folder: Path,
    *,
    as_of: date,
    findings: Findings | None = None,
    engine: Engine = "auto",
) -> BulkScreening:
    """Screen a caseload of co-partitioned Parquet or CSV; the workers read it, and only counts come back.

    Args:
        session: of a cluster whose workers have this casescreen and see ``folder`` under the same path.
        rulebook: sent to the workers as it is.
        folder: the caseload, as ``casescreen.evaluate.bulk.folder`` has it.
        as_of: the date of the screening.
        findings: where workers write outcomes as rows, if they are wanted.
        engine: what draws the conclusions: those on cases on the workers, the others on the driver.

    Raises:
        CasescreenError: the calendar does not cover the as-of date, a part cannot be read, a folder for findings is
            there already, or the cluster could not do the work.
    """
    counted = spark_tally(
        session, rulebook, folder, as_of=as_of, by=grouped_by(rulebook), findings=findings, engine=engine
    )
    return concluded(rulebook, counted, as_of=as_of, engine=engine)


def spark_tally(
    session: SparkSession,
    rulebook: Rulebook,
    folder: Path,
    *,
    as_of: date,
    by: Sequence[str] = (),
    findings: Findings | None = None,
    engine: Engine = "auto",
) -> Tally:
    """Count the outcomes of a caseload and its conclusions on cases, over all of it and over groups: see ``rates_by``.

    Raises:
        CasescreenError: as for ``spark_screen``.
    """
    check_calendar(rulebook, as_of)
    scan_folder(folder, rulebook.dictionary)
    parts = tuple(part.absolute() for part in part_folders(folder))
    task = Task(pickle.dumps(rulebook), as_of, parts, tuple(by), numbers(rulebook), engine=engine)
    if findings is None:
        return tally_of(_added(session, task))
    with staged(findings.folder.absolute()) as stage:
        return tally_of(_added(session, evolve(task, findings=evolve(findings, folder=stage))))


def _added(session: SparkSession, task: Task) -> pa.Table:
    """What all workers send back, the rows of each group added up."""
    types = (*((key, "string") for key in KEYS), *((name, "bigint") for name in task.names))
    parts, keys = len(task.parts), [_quoted(key) for key in KEYS]
    schema = ", ".join(f"{_quoted(name)} {of}" for name, of in types)
    sent = session.range(0, parts, 1, parts).mapInArrow(task, schema)
    # As many adders as are worth it: Spark's own choice, two hundred, takes longer than a million cases.
    together = sent.repartition(-(-parts // _PARTS_ADDED_AT_ONCE), *keys)
    sums = [functions.sum(_quoted(name)).alias(name) for name in task.names]
    try:
        return together.groupBy(*keys).agg(*sums).toArrow()
    except (PySparkException, Py4JError) as error:
        raise CasescreenError(
            f"Spark could not do the work: {_cause(error)}\n"
            "  Why it matters: nothing was counted.\n"
            "  What to do: see that every worker has the driver's Python and casescreen, and sees the caseload and the "
            "folder for findings under the same paths. The logs of the workers say more."
        ) from error


def _quoted(name: str) -> str:
    return f"`{name}`"


def _cause(error: Exception) -> str:
    """The line that says what went wrong, of what Python or Java tell of it."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    if isinstance(error, PythonException):
        return visible(lines[-1])
    caused = [line for line in lines if line.startswith(_CAUSED)]
    return visible(caused[-1].removeprefix(_CAUSED) if caused else lines[0])
