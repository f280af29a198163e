"""Outcomes as rows: which case, which criterion, which item, what outcome; kept in memory or as Parquet."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
    return {table: [*names, *_key(plan, table)] for table, names in outcome_columns(plan, [ID, *of_cases]).items()}


def rows_of(plan: ExecutionPlan, part: Part, only: Collection[Outcome] = OUTCOMES) -> pl.DataFrame:
    """The same as ``outcome_rows`` of columns that have been worked out: at least those of ``columns_to_list``."""
    every = pl.concat([pl.DataFrame(schema=_SCHEMA), *_found(plan, part, only)])
    found = every.sort(ROW, maintain_order=True)  # they come by criterion
    ids = part.cases[ID]
    named = found.select(ids.gather(found[ROW]), "criterion", ITEM, "outcome")
    return named if ids.is_sorted() else named.sort(ID, maintain_order=True)


def _key(plan: ExecutionPlan, table: str) -> list[str]:
    return [plan.worker.keys[table]] if table else []


def _found(plan: ExecutionPlan, part: Part, only: Collection[Outcome]) -> Iterator[pl.DataFrame]:
    whole_case = pl.lit(None, pl.String)
    for number, one in enumerate(plan.asked):
        yield _of(part.cases, number, one.of_nothing if one.table else one.outcomes, whole_case, only)
        if one.table:
            key = plan.worker.types[one.table][plan.worker.keys[one.table]]
            yield _of(part.tables[one.table], number, one.outcomes, comparable_column(key), only)


def _of(frame: pl.DataFrame, number: int, columns: Columns, item: pl.Expr, only: Collection[Outcome]) -> pl.DataFrame:
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
            sink(named(rows, rulebook).lazy(), unfinished)
            unfinished.chmod(usual_mode(0o666))  # whoever started the run reads what its workers wrote
            unfinished.replace(file)
    except OSError as error:
        raise not_written(file, error.strerror or str(error)) from error


def named(rows: pl.DataFrame, rulebook: Rulebook) -> pl.DataFrame:
    """Outcomes, as they were listed, with words for their numbers; ``item`` is null where a case is meant."""
    criteria = [criterion.id for criterion in rulebook.criteria]
    outcomes = [outcome.value for outcome in OUTCOMES]
    words = rows.with_columns(_words("criterion", criteria), _words("outcome", outcomes))
    return words.rename({ID: "case"})


def _words(column: str, words: list[str]) -> pl.Expr:
    """Words in place of their positions."""
    return pl.lit(pl.Series(words, dtype=pl.Enum(words))).gather(pl.col(column)).alias(column)


_CONCLUSION = "conclusion"


def write_outcomes(
    rulebook: Rulebook, parts: Iterable[CaseFrames], file: Path, *, as_of: date, engine: Engine = "auto"
) -> None:
    """Write a row for each outcome, and one for each conclusion on a single case.

    The columns are ``case``, ``criterion``, ``item`` (null for the whole case), ``outcome`` and ``conclusion``. A row
    has an outcome of a criterion, or a conclusion. Those of each part come in order of case, the outcomes first.

    Raises:
        CasescreenError: a part cannot be read, or the file cannot be written.
    """
    check_calendar(rulebook, as_of)
    drawer = ConclusionsOnCases(plan(rulebook, as_of), inferrer(rulebook, engine))
    with folder_beside(file) as stage:
        staged = []
        for number, rows in enumerate(map_ordered(partial(_rows, drawer), parts)):
            staged.append(stage / f"{number:06}.parquet")
            sink(rows.lazy(), staged[-1])
        sink(pl.scan_parquet(staged), file)


def _rows(drawer: ConclusionsOnCases, frames: CaseFrames) -> pl.DataFrame:
    ready = drawer.plan
    part = validate(ready, frames, columns_to_list(ready, drawer.rests_on)).part
    outcomes = named(rows_of(ready, part), ready.rulebook)
    return pl.concat([outcomes, *_held(drawer, part.cases)], how="diagonal")


def _held(drawer: ConclusionsOnCases, cases: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The cases that conclusions hold of; the first frame has none, and says what the column holds."""
    rules = [rule.id for rule in on_cases(drawer.plan.rulebook)]
    kind = pl.Enum(rules)
    yield pl.DataFrame(schema={"case": pl.String, _CONCLUSION: kind})
    drawn = drawer.add_to(cases)
    each = [
        drawn.filter(conclusion_column(rule)).select(case=ID, conclusion=pl.lit(rule, dtype=kind)) for rule in rules
    ]
    if each:
        yield pl.concat(each).sort("case", maintain_order=True)
