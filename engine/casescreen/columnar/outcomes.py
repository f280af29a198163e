"""Outcomes as rows: which case, which criterion, which item, what outcome; kept in memory or as Parquet."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import polars as pl

from casescreen.columnar.aggregate import ConclusionsOnCases, conclusion_column, outcome_columns
from casescreen.columnar.criteria import Columns, on_cases
from casescreen.columnar.execute import ExecutionPlan, plan
from casescreen.columnar.expressions import comparable_column
from casescreen.columnar.frames import ROW, CaseFrames
from casescreen.columnar.io import map_ordered, sink
from casescreen.columnar.reader import Part, Wanted
from casescreen.columnar.validate import validate
from casescreen.evaluate.inference.inferrer import Engine, inferrer
from casescreen.evaluate.screening import check_calendar
from casescreen.files.atomic import file_beside, folder_beside, not_written, usual_mode
from casescreen.model.case import ID, ITEM
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Rulebook

_TYPES: dict[type, pl.DataType] = {str: pl.String(), date: pl.Date()}


def parquet(columns: Mapping[str, tuple[type, Sequence[str | date | None]]]) -> bytes:
    """The columns, each of texts or of dates, as one file: the same columns, the same bytes."""
    frame = pl.DataFrame([pl.Series(name, values, dtype=_TYPES[kind]) for name, (kind, values) in columns.items()])
    to = io.BytesIO()
    frame.write_parquet(to)
    return to.getvalue()


OUTCOMES = tuple(Outcome)
"""Outcomes stand in frames as their position here."""

_SCHEMA = {ROW: pl.UInt32(), ITEM: pl.String(), "criterion": pl.UInt16(), "outcome": pl.UInt8()}


def outcome_rows(plan: ExecutionPlan, frames: CaseFrames, only: Collection[Outcome] = OUTCOMES) -> pl.DataFrame:
    """The outcomes, or some of them, in one part of a caseload.

    They come in the order of a screening: by case, criterion, and the record's rows.

    Returns:
        ``case.id``, ``criterion`` (its position in the rulebook), ``item`` (null where it is about the whole case)
        and ``outcome`` (its position among ``OUTCOMES``).
    """
    return rows_of(plan, validate(plan, frames, columns_to_list(plan)).part, only)


def columns_to_list(plan: ExecutionPlan, of_cases: Sequence[str] = ()) -> Wanted:
    """The columns of all outcomes, those that say what each is about, and what else is to be read of the cases."""
    keys = plan.executor.keys
    columns = outcome_columns(plan, [ID, *of_cases])
    return {table: [*names, keys[table]] if table else names for table, names in columns.items()}


def rows_of(plan: ExecutionPlan, part: Part, only: Collection[Outcome] = OUTCOMES) -> pl.DataFrame:
    """The same as ``outcome_rows`` of columns that have been computed: at least those of ``columns_to_list``."""
    whole_case, each = pl.lit(None, pl.String), [pl.DataFrame(schema=_SCHEMA)]
    for number, one in enumerate(plan.asked):
        each.append(_rows(part.cases, number, one.of_nothing if one.table else one.outcomes, whole_case, only))
        if one.table:
            key = comparable_column(plan.executor.types[one.table][plan.executor.keys[one.table]])
            each.append(_rows(part.tables[one.table], number, one.outcomes, key, only))
    rows, ids = pl.concat(each).sort(ROW, maintain_order=True), part.cases[ID]  # they come by criterion
    with_ids = rows.select(ids.gather(rows[ROW]), "criterion", ITEM, "outcome")
    return with_ids if ids.is_sorted() else with_ids.sort(ID, maintain_order=True)


def _rows(frame: pl.DataFrame, number: int, columns: Columns, item: pl.Expr, only: Collection[Outcome]) -> pl.DataFrame:
    """What one criterion comes to, in the order of the frame, where that is an outcome to list."""
    outcome = pl.lit(None, pl.UInt8)
    for each, name in columns.items():
        if each in only:
            outcome = pl.when(name).then(pl.lit(OUTCOMES.index(each), pl.UInt8)).otherwise(outcome)
    criterion = pl.lit(number, pl.UInt16).alias("criterion")
    rows = frame.lazy().select(ROW, item.alias(ITEM), criterion, outcome.alias("outcome"))
    return rows.filter(pl.col("outcome").is_not_null()).collect()


def write_findings(rows: pl.DataFrame, rulebook: Rulebook, file: Path) -> None:
    """Write outcomes, as they were listed, as the columns ``case``, ``criterion``, ``item`` and ``outcome``.

    The file appears whole, in place of one that was there, so that it does not matter how often a part is written, nor
    where a run is cut off. What a run leaves that was cut off has a name with a dot before it.

    Raises:
        CasescreenError: the file cannot be written.
    """
    try:
        with file_beside(file) as unfinished:
            sink(labelled(rows, rulebook).lazy(), unfinished)
            unfinished.chmod(usual_mode(0o666))  # whoever started the run reads what its workers wrote
            unfinished.replace(file)
    except OSError as error:
        raise not_written(file, error.strerror or str(error)) from error


def labelled(rows: pl.DataFrame, rulebook: Rulebook) -> pl.DataFrame:
    """Outcomes, as they were listed, with words for their numbers; ``item`` is null where a case is meant."""
    words = {"criterion": [criterion.id for criterion in rulebook.criteria], "outcome": [one.value for one in OUTCOMES]}
    columns = {name: pl.lit(pl.Series(of, dtype=pl.Enum(of))).gather(pl.col(name)) for name, of in words.items()}
    return rows.with_columns(**columns).rename({ID: "case"})


def write_outcomes(
    rulebook: Rulebook,
    parts: Iterable[CaseFrames],
    file: Path,
    *,
    as_of: date,
    taken_on: date | None = None,
    engine: Engine = "auto",
) -> None:
    """Write a row for each outcome, and one for each conclusion on a single case.

    The columns are ``case``, ``criterion``, ``item`` (null for the whole case), ``outcome`` and ``conclusion``. A row
    has an outcome of a criterion, or a conclusion. Those of each part come in order of case, the outcomes first.

    Raises:
        CasescreenError: a part cannot be read, or the file cannot be written.
    """
    check_calendar(rulebook, as_of)
    conclusions = ConclusionsOnCases(plan(rulebook, as_of, taken_on), inferrer(rulebook, engine))
    with folder_beside(file) as stage:
        staged = []
        for number, rows in enumerate(map_ordered(partial(_with_conclusions, conclusions), parts)):
            staged.append(stage / f"{number:06}.parquet")
            sink(rows.lazy(), staged[-1])
        sink(pl.scan_parquet(staged), file)


def _with_conclusions(conclusions: ConclusionsOnCases, frames: CaseFrames) -> pl.DataFrame:
    """The outcomes of a part, and the conclusions that hold of its cases."""
    ready = conclusions.plan
    part = validate(ready, frames, columns_to_list(ready, conclusions.rests_on)).part
    cases, rules = conclusions.add_to(part.cases), [rule.id for rule in on_cases(ready.rulebook)]
    kind = pl.Enum(rules)
    each = [cases.filter(conclusion_column(one)).select(case=ID, conclusion=pl.lit(one, dtype=kind)) for one in rules]
    none = pl.DataFrame(schema={"case": pl.String, "conclusion": kind})
    held = pl.concat([none, *each]).sort("case", maintain_order=True)
    return pl.concat([labelled(rows_of(ready, part), ready.rulebook), held], how="diagonal")
