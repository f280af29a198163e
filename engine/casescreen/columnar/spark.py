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
    Aggregate,
    ConclusionsOnCases,
    aggregate,
    cases_of,
    conclusion_column,
    count_of,
    outcome_columns,
)
from casescreen.columnar.caseload_folder import part_folders, scan_folder, scan_parts
from casescreen.columnar.criteria import on_cases
from casescreen.columnar.execute import plan
from casescreen.columnar.issues import added_up, first_by_id
from casescreen.columnar.outcomes import OUTCOMES, columns_to_list, rows_of, write_findings
from casescreen.columnar.screening import concluded
from casescreen.columnar.validate import validate
from casescreen.evaluate.inference.inferrer import Engine, inferrer
from casescreen.evaluate.screening import check_calendar
from casescreen.model.case import Rejected
from casescreen.model.outcome import Outcome
from casescreen.model.problem import CasescreenError, ProblemsError
from casescreen.model.rulebook import Rulebook, Severity
from casescreen.model.screening import IssueCount, IssueKind, Summary
from casescreen.rulebook.parameters import with_local_holidays
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
_TOTALS = ("cases", "left_out", "orphans", "not_begun", "later", "examples", "closed")  # attributes of an ``Aggregate``
_REJECTED = "rejected: "  # where others have a field: the reason follows, and the group is the case
_ISSUE = "issue: "  # the same: kind, severity and words follow, and the group is where it is
_APART = "\t"


def numbers(rulebook: Rulebook) -> tuple[str, ...]:
    """The names of all columns that are added up."""
    counts = (count_of(criterion.id, outcome) for criterion in rulebook.criteria for outcome in Outcome)
    cases = (name for criterion in rulebook.criteria if criterion.per is not None for name in cases_of(criterion.id))
    return (*_TOTALS, *counts, *cases, *(conclusion_column(rule.id) for rule in on_cases(rulebook)))


def rows_of_aggregate(counted: Aggregate, names: Sequence[str]) -> pa.Table:
    """What was counted in a part, as rows that can be added up."""
    over_all = pl.col(BY) == ""
    totals = {name: over_all * pl.lit(getattr(counted, name)) for name in _TOTALS}
    rejected = [{BY: _REJECTED + one.why, GROUP: one.case, "left_out": one.records} for one in counted.rejected]
    issues = [{BY: _ISSUE + _issue_words(one), GROUP: one.where, "left_out": one.number} for one in counted.issues]
    frames = [counted.counts.with_columns(**totals), pl.DataFrame(rejected), pl.DataFrame(issues)]
    return _arrow(pl.concat(frames, how="diagonal_relaxed"), names)


def _arrow(rows: pl.DataFrame, names: Sequence[str]) -> pa.Table:
    """The rows in the columns and types that Spark was told of; what they lack is "" or 0."""
    lacking = {**dict.fromkeys(KEYS, pl.lit("")), **dict.fromkeys(names, pl.lit(0))}
    columns = {name: pl.col(name).fill_null(none) if name in rows.columns else none for name, none in lacking.items()}
    types = [*((key, pa.string()) for key in KEYS), *((name, pa.int64()) for name in names)]
    return rows.select(**columns).to_arrow(compat_level=pl.CompatLevel.oldest()).cast(pa.schema(types))


def aggregate_of_rows(rows: pa.Table) -> Aggregate:
    """The rows of all parts, once they have been added up.

    Raises:
        CasescreenError: everything that is wrong with any part.
    """
    frame = pl.DataFrame(rows)
    if problems := sorted(filter(None, frame[PROBLEM])):
        raise CasescreenError("\n".join(problems))
    is_rejected, is_issue = (pl.col(BY).str.starts_with(start) for start in (_REJECTED, _ISSUE))
    counts = frame.filter(~is_rejected & ~is_issue)
    rejected, issues = (frame.filter(one).select(GROUP, BY, "left_out").iter_rows() for one in (is_rejected, is_issue))
    totals = {name: int(counts[name].sum()) for name in _TOTALS}
    return Aggregate(
        counts.drop(PROBLEM, *_TOTALS).sort(BY, GROUP),
        totals["cases"],
        totals["left_out"],
        totals["orphans"],
        first_by_id(Rejected(case, why.removeprefix(_REJECTED), records) for case, why, records in rejected),
        totals["not_begun"],
        totals["later"],
        added_up(_issue(where, words.removeprefix(_ISSUE), number) for where, words, number in issues),
        totals["examples"],
        totals["closed"],
    )


def _issue_words(one: IssueCount) -> str:
    return _APART.join((one.kind.value, "" if one.severity is None else one.severity.value, one.what))


def _issue(where: str, words: str, number: int) -> IssueCount:
    kind, severity, what = words.split(_APART, 2)
    return IssueCount(IssueKind(kind), where, what, Severity(severity) if severity else None, number)


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
        rulebook: pickled; a worker makes one plan of it for all the parts that it is given.
        parts: the folders of all parts, which every worker sees under the same paths.
        by: the fields that name groups of cases.
        names: the columns of what is sent back.
        engine: what draws the conclusions on cases.
        version: which casescreen sends it.
        taken_on: the day on which the records were taken; None if not known.
    """

    rulebook: bytes
    as_of: date
    parts: tuple[Path, ...]
    by: tuple[str, ...]
    names: tuple[str, ...]
    findings: Findings | None = None
    engine: Engine = "auto"
    version: str = __version__
    taken_on: date | None = None

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """What was counted in the parts with these numbers, or what is wrong with them."""
        for batch in batches:
            for number in batch.column(0).to_pylist():
                yield from self._rows(number).to_batches()

    def _rows(self, number: int) -> pa.Table:
        try:
            return rows_of_aggregate(self._screen(number), self.names)
        except (ProblemsError, _OtherVersionError) as error:
            problem = str(error)
        except CasescreenError as error:
            problem = f"{visible(str(self.parts[number]))}: {error}"
        return _arrow(pl.DataFrame({PROBLEM: problem}), self.names)

    def _screen(self, number: int) -> Aggregate:
        if self.version != __version__:
            raise _OtherVersionError(
                f"A worker has casescreen {__version__}, and the driver {self.version}.",
                why="the same rule could come to different outcomes.",
                advice="send the workers the environment of the driver; see docs/how-to/scale.md.",
            )
        conclusions = _conclusions(self.rulebook, self.as_of, self.taken_on, self.engine)
        ready = conclusions.plan
        (frames,) = scan_parts([self.parts[number]], ready.rulebook.dictionary)
        of_cases = (*self.by, *conclusions.rests_on)
        wanted = outcome_columns(ready, of_cases) if self.findings is None else columns_to_list(ready, of_cases)
        validated = validate(ready, frames, wanted)
        if self.findings is not None:
            file = self.findings.folder / f"part-{number:05}.parquet"
            write_findings(rows_of(ready, validated.part, self.findings.only), ready.rulebook, file)
        return aggregate(ready, validated, self.by, conclusions)


class _OtherVersionError(CasescreenError):
    """The worker has another casescreen than the driver, whatever part it was given."""


@lru_cache(maxsize=1)
def _conclusions(pickled: bytes, as_of: date, taken_on: date | None, engine: Engine) -> ConclusionsOnCases:
    rulebook = pickle.loads(pickled)  # noqa: S301 - it comes from our own driver, as this code does
    return ConclusionsOnCases(plan(rulebook, as_of, taken_on), inferrer(rulebook, engine))


_PARTS_ADDED_AT_ONCE = 16
_CAUSED = "Caused by: "


def spark_screen(
    session: SparkSession,
    rulebook: Rulebook,
    folder: Path,
    *,
    as_of: date,
    taken_on: date | None = None,
    findings: Findings | None = None,
    engine: Engine = "auto",
    holidays: Iterable[date] = (),
) -> Summary:
    """Screen a caseload of co-partitioned Parquet or CSV; the workers read it, and only counts come back.

    Args:
        session: of a cluster whose workers have this casescreen and see ``folder`` under the same path.
        rulebook: sent to the workers as it is.
        folder: the caseload, as ``casescreen.columnar.caseload_folder`` has it.
        as_of: the date of the screening.
        taken_on: the day on which the records were taken; not known, if None.
        findings: where workers write outcomes as rows, if they are wanted.
        engine: what draws the conclusions: those on cases on the workers, the others on the driver.
        holidays: local holidays, which count for limits that no law and no national standard sets.

    Raises:
        CasescreenError: the calendar does not cover the as-of date, a part cannot be read, a folder for findings is
            there already, a day is no local holiday, or the cluster could not do the work.
    """
    rulebook = with_local_holidays(rulebook, holidays)
    counted = spark_aggregate(session, rulebook, folder, as_of, rulebook.roles.fields, findings, engine, taken_on)
    return concluded(rulebook, counted, as_of=as_of, engine=engine)


def spark_aggregate(
    session: SparkSession,
    rulebook: Rulebook,
    folder: Path,
    as_of: date,
    by: Sequence[str],
    findings: Findings | None = None,
    engine: Engine = "auto",
    taken_on: date | None = None,
) -> Aggregate:
    """Count the outcomes of a caseload and its conclusions on cases, over all of it and over groups: see ``rates_by``.

    Raises:
        CasescreenError: as for ``spark_screen``.
    """
    check_calendar(rulebook, as_of)
    scan_folder(folder, rulebook.dictionary)
    parts = tuple(part.absolute() for part in part_folders(folder))
    task = Task(pickle.dumps(rulebook), as_of, parts, tuple(by), numbers(rulebook), engine=engine, taken_on=taken_on)
    if findings is None:
        return aggregate_of_rows(_added(session, task))
    with staged(findings.folder.absolute()) as stage:
        return aggregate_of_rows(_added(session, evolve(task, findings=evolve(findings, folder=stage))))


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
