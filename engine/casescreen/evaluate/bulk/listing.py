"""Outcomes as rows: which case, which criterion, which item, what outcome."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import polars as pl

from casescreen.evaluate.bulk.criteria import Columns
from casescreen.evaluate.bulk.frames import ID, ITEM, ROW, CaseFrames
from casescreen.evaluate.bulk.plan import Plan
from casescreen.evaluate.bulk.reading import Part
from casescreen.evaluate.bulk.tallying import outcome_columns
from casescreen.evaluate.bulk.troubles import screenable
from casescreen.evaluate.bulk.values import plain
from casescreen.model.outcome import Outcome

OUTCOMES = tuple(Outcome)
"""Outcomes stand in frames as their position here."""

_POSITION = "position"
_ORDER = [ROW, "criterion", _POSITION]


def listed(plan: Plan, frames: CaseFrames, only: Collection[Outcome] = OUTCOMES) -> pl.DataFrame:
    """The outcomes in one part of a caseload, in the order of a screening: case, criterion, the record's rows.

    Args:
        only: the outcomes to list.

    Returns:
        ``case.id``, ``criterion`` (its position in the rulebook), ``item`` (null where it is about the whole case)
        and ``outcome`` (its position among ``OUTCOMES``).
    """
    rest, _ = screenable(plan, frames)
    columns = {table: [*names, *_key(plan, table)] for table, names in outcome_columns(plan, [ID]).items()}
    part = plan.worker.work_out(rest, columns)
    found = pl.concat(list(_found(plan, part, only))).sort(_ORDER)
    ids = part.cases[ID]
    named = found.select(ids.gather(found[ROW]), "criterion", ITEM.name, "outcome")
    return named if ids.is_sorted() else named.sort(ID, maintain_order=True)


def _key(plan: Plan, table: str) -> list[str]:
    return [plan.worker.keys[table]] if table else []


def _found(plan: Plan, part: Part, only: Collection[Outcome]) -> Iterator[pl.DataFrame]:
    yield pl.DataFrame(schema={ROW: pl.UInt32, _POSITION: pl.UInt32, ITEM.name: pl.String} | _CODES)
    nothing = pl.lit(None, pl.String)
    for number, one in enumerate(plan.asked):
        if one.table:
            key = plan.worker.types[one.table][plan.worker.keys[one.table]]
            yield from _of(part.tables[one.table], number, one.outcomes, plain(key), only)
            yield from _of(part.cases, number, one.of_nothing, nothing, only)
        else:
            yield from _of(part.cases, number, one.outcomes, nothing, only)


_CODES = {"criterion": pl.UInt16, "outcome": pl.UInt8}


def _of(
    frame: pl.DataFrame, number: int, columns: Columns, item: pl.Expr, only: Collection[Outcome]
) -> Iterator[pl.DataFrame]:
    for outcome, name in columns.items():
        if outcome in only:
            position = pl.int_range(pl.len(), dtype=pl.UInt32).alias(_POSITION)
            codes = {"criterion": number, "outcome": OUTCOMES.index(outcome)}
            constants = [pl.lit(code, dtype=_CODES[key]).alias(key) for key, code in codes.items()]
            yield frame.lazy().select(ROW, position, item.alias(ITEM.name), *constants, name).filter(name).drop(
                name
            ).collect()
