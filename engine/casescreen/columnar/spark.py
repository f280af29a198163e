"""A whole caseload on Spark: each worker screens parts of it, and what they counted is added up."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from pathlib import Path
from shutil import rmtree

import polars as pl
import pyarrow as pa
from attrs import evolve, frozen
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException, PythonException
from pyspark.sql import SparkSession, functions

from casescreen import __version__
from casescreen.columnar.aggregate import (
    BY,
    GROUP,
    ConclusionsOnCases,
    Tally,
    aggregate,
    conclusion_column,
    count_of,
    outcome_columns,
)
from casescreen.columnar.criteria import on_cases
from casescreen.columnar.execute import plan
from casescreen.columnar.outcomes import OUTCOMES, columns_to_list, rows_of, write_findings
from casescreen.columnar.rejects import first_by_id
from casescreen.columnar.scan import part_folders, scan_folder, scan_parts
from casescreen.columnar.screening import concluded
from casescreen.columnar.validate import validate
from casescreen.evaluate.inference.inferrer import Engine, inferrer
from casescreen.evaluate.screening import check_calendar
from casescreen.model.case import Rejected
from casescreen.model.outcome import Outcome
from casescreen.model.problem import CasescreenError, ProblemsError
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Summary
from casescreen.text import in_words, visible


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """A folder to write into, which becomes ``folder`` if all goes well, and is removed if not.

    What stands in it under a name with a dot before it was left by a process that was cut off, and is taken out.

    Raises:
        CasescreenError: ``folder`` is there already, or a run that was cut off has left what it wrote.
    """
    stage = folder.with_name(f"{folder.name}.unfinished")
    for taken in (folder, stage):
        if taken.exists():
            raise CasescreenError(
                f"{in_words(str(taken))} is there already.",
                why="findings of two runs would be mixed.",
                advice="name a new folder, or take that one away.",
            )
    stage.mkdir(parents=True)
    try:
        yield stage
        for left in stage.glob(".*"):
            left.unlink()
        stage.rename(folder)
    finally:
        rmtree(stage, ignore_errors=True)


PROBLEM = "problem"
KEYS = (BY, GROUP, PROBLEM)
_CASES, _LEFT_OUT, _ASTRAY = "cases", "left out", "orphans"
_NAMED = "left out: "  # where others have a field: the reason follows, and the group is the case


def numbers(rulebook: Rulebook) -> tuple[str, ...]:
    """The names of all columns that are added up."""
    counts = (count_of(criterion.id, outcome) for criterion in rulebook.criteria for outcome in Outcome)
    drawn = (conclusion_column(rule.id) for rule in on_cases(rulebook))
    return (_CASES, _LEFT_OUT, _ASTRAY, *counts, *drawn)


def tally_rows(counted: Tally, names: Sequence[str]) -> pa.Table:
    """What was counted in a part."""
    over_all = pl.col(BY) == ""
    totals = {_CASES: counted.cases, _LEFT_OUT: counted.left_out, _ASTRAY: counted.orphans}
    once = {name: over_all * pl.lit(number) for name, number in totals.items()}
    each = {name: once.get(name, pl.col(name) if name in counted.counts.columns else pl.lit(0)) for name in names}
    counts = counted.counts.select(BY, GROUP, pl.lit("").alias(PROBLEM), **each)
    return pa.concat_tables([_sent(counts, names), *(_sent(_named(one, names), names) for one in counted.rejected)])


def _named(one: Rejected, names: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame(
        {BY: _NAMED + one.why, GROUP: one.case, PROBLEM: "", **dict.fromkeys(names, 0), _LEFT_OUT: one.records}
    )


def problem_row(told: str, names: Sequence[str]) -> pa.Table:
    """A part that could not be screened."""
    return _sent(pl.DataFrame({BY: "", GROUP: "", PROBLEM: told, **dict.fromkeys(names, 0)}), names)


def tally_of(rows: pa.Table) -> Tally:
    """The rows of all parts, once they have been added up.

    Raises:
        CasescreenError: everything that is wrong with any part.
    """
    frame = pl.DataFrame(rows)
    told = sorted(problem for problem in frame[PROBLEM] if problem)
    if told:
        raise CasescreenError("\n".join(told))
    is_named = pl.col(BY).str.starts_with(_NAMED)
    counted, named = frame.filter(~is_named), frame.filter(is_named)
    counts = counted.drop(PROBLEM, _CASES, _LEFT_OUT, _ASTRAY).sort(BY, GROUP)
    cases, left_out, orphans = (int(counted[name].sum()) for name in (_CASES, _LEFT_OUT, _ASTRAY))
    return Tally(counts, cases, left_out, orphans, first_by_id(_left_out(named)))


def _left_out(named: pl.DataFrame) -> Iterator[Rejected]:
    for why, case, records in named.select(BY, GROUP, _LEFT_OUT).iter_rows():
        yield Rejected(case, why.removeprefix(_NAMED), records)


def _sent(frame: pl.DataFrame, names: Sequence[str]) -> pa.Table:
    """The frame in the types that Spark was told of."""
    types = [*((key, pa.string()) for key in KEYS), *((name, pa.int64()) for name in names)]
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(pa.schema(types))


@frozen
class Findings:
    """That workers write outcomes as rows, a file a part.

    Attributes:
        folder: where; the driver and all workers see it under this path.
        only: which outcomes.
    """

    folder: Path
    only: frozenset[Outcome] = frozenset(OUTCOMES)


@frozen
class Task:
    """Screens parts of a caseload, each by its number, wherever it is sent.

    Attributes:
        rulebook: pickled; a worker makes one drawer of it for all the parts that it is given.
        parts: the folders of all parts, which every worker sees under the same paths.
        by: the fields that name groups of cases.
        names: the columns of what is sent back.
        engine: what draws the conclusions on cases.
        version: which casescreen sends it.
    """

    rulebook: bytes
    as_of: date
    parts: tuple[Path, ...]
    by: tuple[str, ...]
    names: tuple[str, ...]
    findings: Findings | None = None
    engine: Engine = "auto"
    version: str = __version__

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """What was counted in the parts with these numbers, or what is wrong with them."""
        for batch in batches:
            for number in batch.column(0).to_pylist():
                yield from self._rows(number).to_batches()

    def _rows(self, number: int) -> pa.Table:
        if self.version != __version__:
            return problem_row(str(_other_version(self.version)), self.names)
        try:
            return tally_rows(self._screen(_drawer(self.rulebook, self.as_of, self.engine), number), self.names)
        except ProblemsError as error:
            return problem_row(str(error), self.names)
        except CasescreenError as error:
            return problem_row(f"{visible(str(self.parts[number]))}: {error}", self.names)

    def _screen(self, drawer: ConclusionsOnCases, number: int) -> Tally:
        ready = drawer.plan
        (frames,) = scan_parts([self.parts[number]], ready.rulebook.dictionary)
        of_cases = (*self.by, *drawer.rests_on)
        wanted = outcome_columns(ready, of_cases) if self.findings is None else columns_to_list(ready, of_cases)
        found = validate(ready, frames, wanted)
        if self.findings is not None:
            file = self.findings.folder / f"part-{number:05}.parquet"
            write_findings(rows_of(ready, found.part, self.findings.only), ready.rulebook, file)
        return aggregate(ready, found, self.by, drawer)


@lru_cache(maxsize=1)
def _drawer(pickled: bytes, as_of: date, engine: Engine) -> ConclusionsOnCases:
    rulebook = pickle.loads(pickled)  # noqa: S301 - it comes from our own driver, as this code does
    return ConclusionsOnCases(plan(rulebook, as_of), inferrer(rulebook, engine))


def _other_version(theirs: str) -> CasescreenError:
    return CasescreenError(
        f"A worker has casescreen {__version__}, and the driver {theirs}.",
        why="the same rule could come to different outcomes.",
        advice="send the workers the environment of the driver; see docs/how-to/scale.md.",
    )


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
) -> Summary:
    """Screen a caseload of co-partitioned Parquet or CSV; the workers read it, and only counts come back.

    Args:
        session: of a cluster whose workers have this casescreen and see ``folder`` under the same path.
        rulebook: sent to the workers as it is.
        folder: the caseload, as ``casescreen.columnar.scan`` has it.
        as_of: the date of the screening.
        findings: where workers write outcomes as rows, if they are wanted.
        engine: what draws the conclusions: those on cases on the workers, the others on the driver.

    Raises:
        CasescreenError: the calendar does not cover the as-of date, a part cannot be read, a folder for findings is
            there already, or the cluster could not do the work.
    """
    counted = spark_tally(
        session, rulebook, folder, as_of=as_of, by=rulebook.roles.fields, findings=findings, engine=engine
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
            f"Spark could not do the work: {_cause(error)}",
            why="nothing was counted.",
            advice="see that every worker has the driver's Python and casescreen, and sees the caseload and the "
            "folder for findings under the same paths. The logs of the workers say more.",
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
