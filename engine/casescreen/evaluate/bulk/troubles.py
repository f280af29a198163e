"""Cases that cannot be screened, and are left out as in an ordinary run.

A word is not one of those allowed, a date is needed that is beyond the calendar, work is recorded as done after the
as-of date, or an answer belongs to nothing: see ``refusing``.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from attrs import frozen

from casescreen.evaluate.bulk.criteria import AskedOfAll
from casescreen.evaluate.bulk.faults import columns_to_check, faulty
from casescreen.evaluate.bulk.frames import ANSWERS, GIVEN, ID, ITEM, ROW, CaseFrames, columns_of
from casescreen.evaluate.bulk.leaving import LeftOut, Trouble, first_by_id, first_of, troubled
from casescreen.evaluate.bulk.numbering import numbered
from casescreen.evaluate.bulk.plan import Plan
from casescreen.evaluate.bulk.reading import Part, Wanted, read
from casescreen.evaluate.bulk.values import is_foreign, plain

_TO_NOTHING = "an answer is to nothing that is asked of the case"


@frozen(eq=False)
class Screened:
    """What was worked out of the cases that can be screened.

    Attributes:
        part: the wanted columns.
        left_out: how many cases could not be screened.
        astray: how many rows belong to no case.
        named: the first of both, by id.
    """

    part: Part
    left_out: int
    astray: int
    named: tuple[LeftOut, ...]


def screened(plan: Plan, frames: CaseFrames, wanted: Wanted) -> Screened:
    """The wanted columns of a part of a caseload, but for the cases that cannot be screened.

    What is worked out for a case rests on it alone, so those cases can be left out at the end, and all is read once.

    Raises:
        CasescreenError: the cases cannot be read, or told apart.
    """
    by_number = numbered(frames)
    known = by_number.frames
    watched = merged(wanted, _watched_rows(plan, known))
    looked_at = {"": [ID]} if known.sound else columns_to_check(plan.worker.keys, known)
    found = read(known, plan.worker.types, merged(plan.worker.to_read(watched), _watched(plan, known), looked_at))
    part = plan.worker.work_out(found.part, watched)
    troubles = [*found.misworded, *_beyond_the_calendar(plan, known, found.part), *_in_the_future(plan, found.part)]
    if known.answers is not None:
        troubles += _unasked(plan, found.part.tables[ANSWERS], part)
    if not known.sound:
        troubles += faulty(plan.worker.keys, found.part, plan.as_of)
    left_out = troubled(troubles)
    named = first_by_id((*by_number.named, *first_of(left_out, found.part.cases[ID])))
    return Screened(part.without(left_out[ROW]), len(left_out), by_number.astray, named)


def merged(*each: Wanted) -> Wanted:
    """All columns of some lists of columns."""
    tables = dict.fromkeys(table for wanted in each for table in wanted)
    return {table: list({name: None for wanted in each for name in wanted.get(table, ())}) for table in tables}


def _watched(plan: Plan, frames: CaseFrames) -> Wanted:
    """What is read to see whether cases can be screened: dates, and words that are not the dictionary's own."""
    found: dict[str, list[str]] = {}
    starts = {field for field, _, _ in plan.starts}
    for table, source in {"": frames.cases, **frames.tables}.items():
        there = source.collect_schema()
        fields = [field for field in columns_of(plan.rulebook.dictionary, table).values() if field.name in there]
        if names := [one.name for one in fields if one.past or one in starts or is_foreign(one, there[one.name])]:
            found[table] = names
    if frames.answers is not None:
        found[ANSWERS] = ["criterion", GIVEN.name, ITEM.name]
    return found


def _watched_rows(plan: Plan, frames: CaseFrames) -> Wanted:
    """Which rows a criterion is asked of, with their keys, where there are answers about rows."""
    if frames.answers is None:
        return {}
    return merged(*({one.table: [one.chosen, plan.worker.keys[one.table]]} for one in plan.asked if one.table))


def _beyond_the_calendar(plan: Plan, frames: CaseFrames, found: Part) -> Iterator[Trouble]:
    """Which deadline is needed is worked out only where some date could have one that is not known."""
    if plan.faults and any(_may_be_beyond(plan, found)):
        wanted = {"": plan.faults}
        all_read = read(frames, plan.worker.types, plan.worker.to_read(wanted)).part
        cases = plan.worker.work_out(all_read, wanted).cases
        yield Trouble("a deadline lies beyond the calendar", cases.filter(pl.any_horizontal(plan.faults))[ROW])


def _may_be_beyond(plan: Plan, found: Part) -> Iterator[bool]:
    for field, first, last in plan.starts:
        frame = found.tables.get(field.table) if field.table else found.cases
        if frame is not None and field.name in frame.columns:
            day = frame[field.name]
            yield bool((day > last).any()) or (first is not None and bool((day < first).any()))


def _in_the_future(plan: Plan, found: Part) -> Iterator[Trouble]:
    """The cases that record as done what lies after the as-of date, in a field or in a row."""
    for table, frame in {"": found.cases, **found.tables}.items():
        for field in columns_of(plan.rulebook.dictionary, table).values() if table != ANSWERS else ():
            if field.past and field.name in frame.columns and (later := frame[field.name] > plan.as_of).any():
                where = f"{table}.{field.name}" if table else field.name
                yield Trouble(f"{where} is after the as-of date", frame[ROW].filter(later))


def _unasked(plan: Plan, answers: pl.DataFrame, part: Part) -> Iterator[Trouble]:
    """The cases with an answer to no criterion, about a row that it is not asked of, or about none where it asks."""
    of_rows = [one for one in plan.asked if one.table]
    asks_rows = pl.col("criterion").is_in([one.criterion.id for one in of_rows])
    misplaced = pl.col(ITEM.name).is_null() == asks_rows
    to_nothing = pl.col("criterion").is_null() | pl.col(GIVEN.name).is_null() | misplaced
    yield Trouble(_TO_NOTHING, answers.filter(to_nothing)[ROW])
    about_rows = answers.filter(pl.col(ITEM.name).is_not_null())
    for one in of_rows:
        given = about_rows.filter(pl.col("criterion") == one.criterion.id)
        if len(given):
            yield Trouble(_TO_NOTHING, _unasked_of_rows(plan, part, one, given))


def _unasked_of_rows(plan: Plan, part: Part, one: AskedOfAll, given: pl.DataFrame) -> pl.Series:
    """Answers about a row that the criterion is not asked of."""
    key = plan.worker.types[one.table][plan.worker.keys[one.table]]
    asked = part.tables[one.table].filter(pl.col(one.chosen)).select(ROW, plain(key).alias(ITEM.name))
    return given.join(asked, on=[ROW, ITEM.name], how="anti")[ROW]
