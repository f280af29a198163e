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

_PLACE = "place"
_ORDER = [ROW, "criterion", _PLACE]
_SCHEMA = {
    ROW: pl.UInt32(),
    _PLACE: pl.UInt32(),
    ITEM.name: pl.String(),
    "criterion": pl.UInt16(),
    "outcome": pl.UInt8(),
}


def listed(plan: Plan, frames: CaseFrames, only: Collection[Outcome] = OUTCOMES) -> pl.DataFrame:
    """The outcomes, or some of them, in one part of a caseload.

    They come in the order of a screening: by case, criterion, and the record's rows.

    Returns:
        ``case.id``, ``criterion`` (its position in the rulebook), ``item`` (null where it is about the whole case)
        and ``outcome`` (its position among ``OUTCOMES``).
    """
    rest, _ = screenable(plan, frames)
    wanted = {table: [*names, *_key(plan, table)] for table, names in outcome_columns(plan, [ID]).items()}
    part = plan.worker.work_out(rest, wanted)
    found = pl.concat([pl.DataFrame(schema=_SCHEMA), *_found(plan, part, only)]).sort(_ORDER)
    ids = part.cases[ID]
    named = found.select(ids.gather(found[ROW]), "criterion", ITEM.name, "outcome")
    return named if ids.is_sorted() else named.sort(ID, maintain_order=True)


def _key(plan: Plan, table: str) -> list[str]:
    return [plan.worker.keys[table]] if table else []


def _found(plan: Plan, part: Part, only: Collection[Outcome]) -> Iterator[pl.DataFrame]:
    whole_case = pl.lit(None, pl.String)
    for number, one in enumerate(plan.asked):
        yield from _listed(part.cases, number, one.outcomes if not one.table else one.of_nothing, whole_case, only)
        if one.table:
            key = plan.worker.types[one.table][plan.worker.keys[one.table]]
            yield from _listed(part.tables[one.table], number, one.outcomes, plain(key), only)


def _listed(
    frame: pl.DataFrame, number: int, columns: Columns, item: pl.Expr, only: Collection[Outcome]
) -> Iterator[pl.DataFrame]:
    for outcome, name in columns.items():
        if outcome in only:
            place = frame[name].arg_true()
            codes = {"criterion": number, "outcome": OUTCOMES.index(outcome)}
            constants = [pl.lit(code, dtype=_SCHEMA[key]).alias(key) for key, code in codes.items()]
            rows = frame.select(ROW, item.alias(ITEM.name))[place]
            yield rows.select(ROW, place.alias(_PLACE), ITEM.name, *constants)
