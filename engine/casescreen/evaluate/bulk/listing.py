"""Outcomes as rows: which case, which criterion, which item, what outcome."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import polars as pl

from casescreen.evaluate.bulk.criteria import Columns
from casescreen.evaluate.bulk.frames import ID, ITEM, ROW, CaseFrames
from casescreen.evaluate.bulk.plan import Plan
from casescreen.evaluate.bulk.reading import Part, Wanted
from casescreen.evaluate.bulk.tallying import outcome_columns
from casescreen.evaluate.bulk.troubles import screened
from casescreen.evaluate.bulk.values import plain
from casescreen.model.outcome import Outcome

OUTCOMES = tuple(Outcome)
"""Outcomes stand in frames as their position here."""

_SCHEMA = {ROW: pl.UInt32(), ITEM.name: pl.String(), "criterion": pl.UInt16(), "outcome": pl.UInt8()}


def listed(plan: Plan, frames: CaseFrames, only: Collection[Outcome] = OUTCOMES) -> pl.DataFrame:
    """The outcomes, or some of them, in one part of a caseload.

    They come in the order of a screening: by case, criterion, and the record's rows.

    Returns:
        ``case.id``, ``criterion`` (its position in the rulebook), ``item`` (null where it is about the whole case)
        and ``outcome`` (its position among ``OUTCOMES``).
    """
    return listed_of(plan, screened(plan, frames, columns_to_list(plan)).part, only)


def columns_to_list(plan: Plan, of_cases: Sequence[str] = ()) -> Wanted:
    """The columns of all outcomes, those that say what each is about, and what else is to be read of the cases."""
    return {table: [*names, *_key(plan, table)] for table, names in outcome_columns(plan, [ID, *of_cases]).items()}


def listed_of(plan: Plan, part: Part, only: Collection[Outcome] = OUTCOMES) -> pl.DataFrame:
    """The same as ``listed`` of columns that have been worked out: at least those of ``columns_to_list``."""
    every = pl.concat([pl.DataFrame(schema=_SCHEMA), *_found(plan, part, only)])
    found = every.sort(ROW, maintain_order=True)  # they come by criterion
    ids = part.cases[ID]
    named = found.select(ids.gather(found[ROW]), "criterion", ITEM.name, "outcome")
    return named if ids.is_sorted() else named.sort(ID, maintain_order=True)


def _key(plan: Plan, table: str) -> list[str]:
    return [plan.worker.keys[table]] if table else []


def _found(plan: Plan, part: Part, only: Collection[Outcome]) -> Iterator[pl.DataFrame]:
    whole_case = pl.lit(None, pl.String)
    for number, one in enumerate(plan.asked):
        yield _of(part.cases, number, one.of_nothing if one.table else one.outcomes, whole_case, only)
        if one.table:
            key = plan.worker.types[one.table][plan.worker.keys[one.table]]
            yield _of(part.tables[one.table], number, one.outcomes, plain(key), only)


def _of(frame: pl.DataFrame, number: int, columns: Columns, item: pl.Expr, only: Collection[Outcome]) -> pl.DataFrame:
    """What one criterion comes to, in the order of the frame, where that is an outcome to list."""
    outcome = pl.lit(None, pl.UInt8)
    for each, name in columns.items():
        if each in only:
            outcome = pl.when(name).then(pl.lit(OUTCOMES.index(each), pl.UInt8)).otherwise(outcome)
    criterion = pl.lit(number, pl.UInt16).alias("criterion")
    rows = frame.lazy().select(ROW, item.alias(ITEM.name), criterion, outcome.alias("outcome"))
    return rows.filter(pl.col("outcome").is_not_null()).collect()
