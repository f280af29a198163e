"""Cases that cannot be screened, and are left out as in an ordinary run.

A word is not one of those allowed, a date is needed that is beyond the calendar, work is recorded as done after the
as-of date, or an answer belongs to nothing: see ``refusing``.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from attrs import evolve

from casescreen.evaluate.bulk.collecting import collected
from casescreen.evaluate.bulk.criteria import AskedOfAll
from casescreen.evaluate.bulk.frames import ANSWERS, GIVEN, ITEM, ROW, CaseFrames, columns_of
from casescreen.evaluate.bulk.numbering import numbered, without
from casescreen.evaluate.bulk.plan import Plan
from casescreen.evaluate.bulk.reading import read
from casescreen.evaluate.bulk.values import plain, type_of
from casescreen.model.dictionary import Kind

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
    found = [_beyond_the_calendar(plan, frames), *_not_allowed(plan, frames), *_in_the_future(plan, frames)]
    found += _unasked(plan, frames)
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


def _not_allowed(plan: Plan, frames: CaseFrames) -> Iterator[pl.Series]:
    """The cases that hold a word, in a field or in a row, that is not one of those allowed for it."""
    for table, source in {"": frames.cases, **frames.tables}.items():
        there = source.collect_schema()
        for field in columns_of(plan.rulebook.dictionary, table).values():
            if field.kind is Kind.CHOICE and field.name in there and there[field.name] != type_of(field):
                word = pl.col(field.name).cast(pl.String)
                wrong = word.is_not_null() & word.is_in(list(field.allowed)).not_()
                yield collected(source.filter(wrong).select(pl.col(ROW).cast(pl.UInt32)))[ROW]


def _in_the_future(plan: Plan, frames: CaseFrames) -> Iterator[pl.Series]:
    """The cases that record as done what lies after the as-of date, in a field or in a row."""
    dictionary = plan.rulebook.dictionary
    for table, source in {"": frames.cases, **frames.tables}.items():
        there = source.collect_schema()
        past = [field.name for field in columns_of(dictionary, table).values() if field.past and field.name in there]
        if past:
            later = pl.any_horizontal(pl.col(name).cast(pl.Date) > plan.as_of for name in past)
            yield collected(source.filter(later).select(pl.col(ROW).cast(pl.UInt32)))[ROW]


def _unasked(plan: Plan, frames: CaseFrames) -> Iterator[pl.Series]:
    """The cases with an answer to no criterion, about a row that it is not asked of, or about none where it asks."""
    if frames.answers is None:
        return
    answers = read(frames, plan.worker.types, {ANSWERS: ["criterion", GIVEN.name, ITEM.name]}).tables[ANSWERS]
    of_rows = [one for one in plan.asked if one.table]
    ids = [one.criterion.id for one in of_rows]
    asks_rows = pl.col("criterion").is_in(ids)
    misplaced = pl.col(ITEM.name).is_null() == asks_rows
    yield answers.filter(pl.col("criterion").is_null() | pl.col(GIVEN.name).is_null() | misplaced)[ROW]
    for one in of_rows:
        given = answers.filter((pl.col("criterion") == one.criterion.id) & pl.col(ITEM.name).is_not_null())
        if len(given):
            yield _unasked_of_rows(plan, frames, one, given)


def _unasked_of_rows(plan: Plan, frames: CaseFrames, one: AskedOfAll, given: pl.DataFrame) -> pl.Series:
    """Answers about a row that the criterion is not asked of."""
    key = plan.worker.types[one.table][plan.worker.keys[one.table]]
    rows = plan.worker.work_out(frames, {one.table: [one.chosen, key.name]}).tables[one.table]
    asked = rows.filter(pl.col(one.chosen)).select(ROW, plain(key).alias(ITEM.name))
    return given.join(asked, on=[ROW, ITEM.name], how="anti")[ROW]
