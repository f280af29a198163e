"""Cases that cannot be screened, and are left out as in an ordinary run.

A date is needed that is beyond the calendar, something is recorded as done after the as-of date, or an answer belongs
to a question that there is not or that is not asked.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from attrs import evolve

from casescreen.evaluate.bulk.collecting import collected
from casescreen.evaluate.bulk.criteria import AskedOfAll
from casescreen.evaluate.bulk.frames import ANSWERS, ITEM, ROW, CaseFrames
from casescreen.evaluate.bulk.numbering import numbered, without
from casescreen.evaluate.bulk.plan import Plan
from casescreen.evaluate.bulk.reading import read
from casescreen.evaluate.bulk.values import plain, type_of

_NONE = pl.Series(ROW, [], dtype=pl.UInt32)


def screenable(plan: Plan, frames: CaseFrames) -> tuple[CaseFrames, int]:
    """The cases that can be screened, numbered, and how many cannot."""
    known = _with_answers_at_hand(plan, numbered(frames))
    left_out = troubled(plan, known)
    return without(known, left_out), len(left_out)


def _with_answers_at_hand(plan: Plan, frames: CaseFrames) -> CaseFrames:
    """Answers are read twice, to see whether they can be screened and to screen them."""
    if frames.answers is None:
        return frames
    types = plan.worker.types
    # A criterion that there is not is the trouble of its case alone, so it is no error here: it is not recorded.
    known = pl.col("criterion").cast(pl.String).cast(type_of(types[ANSWERS]["criterion"]), strict=False)
    named = evolve(frames, answers=frames.answers.with_columns(known))
    return evolve(frames, answers=read(named, types, {ANSWERS: list(types[ANSWERS])}).tables[ANSWERS].lazy())


def troubled(plan: Plan, frames: CaseFrames) -> pl.Series:
    """The numbers of the cases that cannot be screened, in ascending order."""
    found = [_beyond_the_calendar(plan, frames), *_after_the_as_of_date(plan, frames), *_unasked(plan, frames)]
    return pl.concat(found).unique().sort()


def _beyond_the_calendar(plan: Plan, frames: CaseFrames) -> pl.Series:
    """Which deadline is needed is worked out only where some date could have one that is not known."""
    if not plan.faults or not any(_may_be_beyond(plan, frames)):
        return _NONE
    cases = plan.worker.work_out(frames, {"": plan.faults}).cases
    return cases.filter(pl.any_horizontal(plan.faults))[ROW]


def _may_be_beyond(plan: Plan, frames: CaseFrames) -> Iterator[bool]:
    for field, first, last in plan.starts:
        source = frames.tables.get(field.table) if field.table else frames.cases
        if source is not None and field.name in source.collect_schema():
            day = pl.col(field.name)
            beyond = day > last if first is None else (day > last) | (day < first)
            yield bool(collected(source.select(beyond.any())).item())


def _after_the_as_of_date(plan: Plan, frames: CaseFrames) -> Iterator[pl.Series]:
    for table, fields in plan.worker.types.items():
        source = frames.tables.get(table) if table else frames.cases
        there = () if source is None else source.collect_schema()
        late = [
            pl.col(one.name).cast(pl.Date) > plan.as_of for one in fields.values() if one.past and one.name in there
        ]
        if source is not None and late:
            yield collected(source.filter(pl.any_horizontal(late)).select(pl.col(ROW).cast(pl.UInt32)))[ROW]


def _unasked(plan: Plan, frames: CaseFrames) -> Iterator[pl.Series]:
    if frames.answers is None:
        return
    answers = read(frames, plan.worker.types, {ANSWERS: ["criterion", ITEM.name]}).tables[ANSWERS]
    of_rows = [one for one in plan.asked if one.table]
    about_a_row = answers.filter(pl.col(ITEM.name).is_not_null())
    ids = [one.criterion.id for one in of_rows]
    yield answers.filter(pl.col("criterion").is_null())[ROW]
    yield about_a_row.filter(pl.col("criterion").is_in(ids).not_())[ROW]
    for one in of_rows:
        given = answers.filter(pl.col("criterion") == one.criterion.id)
        if len(given):
            yield _unasked_of_rows(plan, frames, one, given)


def _unasked_of_rows(plan: Plan, frames: CaseFrames, one: AskedOfAll, given: pl.DataFrame) -> pl.Series:
    """Answers about a row that the criterion is not asked of, or about no row."""
    key = plan.worker.types[one.table][plan.worker.keys[one.table]]
    rows = plan.worker.work_out(frames, {one.table: [one.chosen, key.name]}).tables[one.table]
    asked = rows.filter(pl.col(one.chosen)).select(ROW, plain(key).alias(ITEM.name))
    about_a_row, about_none = given.filter(pl.col(ITEM.name).is_not_null()), given.filter(pl.col(ITEM.name).is_null())
    astray = about_a_row.join(asked, on=[ROW, ITEM.name], how="anti")
    return pl.concat([astray[ROW], about_none[ROW]])
