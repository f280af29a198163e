"""Cases that cannot be screened, and are rejected as in an ordinary run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import polars as pl
from attrs import frozen

from casescreen.columnar.criteria import EvaluatedCriterion
from casescreen.columnar.execute import ExecutionPlan
from casescreen.columnar.expressions import comparable_column, is_foreign
from casescreen.columnar.frames import ROW, CaseFrames, columns_of
from casescreen.columnar.links import link_rows
from casescreen.columnar.normalise import normalised_id, of_examples, of_several
from casescreen.columnar.reader import Part, Wanted, read
from casescreen.columnar.rejects import RejectReason, first_by_id, first_of, rejected
from casescreen.model.case import ANSWER, ANSWERED_ON, ANSWERS, CRITERION, EXAMPLE, HAS, ID, ITEM, REASON, Rejected
from casescreen.model.dictionary import MOST_ROWS
from casescreen.model.outcome import ReadersAnswer

_LARGEST = 2**31  # bits: a quarter of a gigabyte


def columns_to_check(keys: Mapping[str, str], frames: CaseFrames) -> Wanted:
    """What must be read of the frames to find faults: keys, what answers say, and which tables are said to be there."""
    found = {table: [keys[table]] if table in keys else [] for table in frames.tables}
    found[""] = [ID, *(name for name in frames.cases.collect_schema() if name.startswith(HAS))]
    if frames.answers is not None:
        found[ANSWERS] = [CRITERION, ANSWER, ITEM, REASON, ANSWERED_ON]
    return found


def faulty(keys: Mapping[str, str], found: Part, as_of: date) -> Iterator[RejectReason]:
    """The cases with faults, by fault; there may be none with one."""
    yield from _of_ids(found.cases)
    for table, rows in found.tables.items():
        yield RejectReason(f"it has more than {MOST_ROWS:,} rows of {table}", _too_many(rows))
        if table in keys:
            yield RejectReason(f"a row of {table} has no {keys[table]}", rows[ROW].filter(rows[keys[table]].is_null()))
            yield RejectReason(
                f"two rows of {table} have the same {keys[table]}", _twice(rows.select(ROW, keys[table]))
            )
        if (there := f"{HAS}{table}") in found.cases.columns:
            denied = rows[ROW].filter(found.cases[there].gather(rows[ROW]).not_())
            yield RejectReason(f"{table} has rows of it, and {there} says that it is not there", denied)
    if (answers := found.tables.get(ANSWERS)) is not None and REASON in answers.columns:
        yield from _of_answers(answers, as_of)


def _of_ids(cases: pl.DataFrame) -> Iterator[RejectReason]:
    ids = normalised_id(cases[ID])
    yield RejectReason(f"it has no {ID}", cases[ROW].filter(ids.is_null()))
    yield RejectReason(f"another case has the same {ID}", cases[ROW].filter(of_several(ids)))
    yield RejectReason(f"its {ID} is {EXAMPLE}, which is never read", cases[ROW].filter(of_examples(ids)))


def _too_many(rows: pl.DataFrame) -> pl.Series:
    """More rows than any case has. Those of a case stand together in nearly all files, and then nothing is sorted."""
    of = rows[ROW] if rows[ROW].is_sorted() else rows[ROW].sort()
    return of.filter((of == of.shift(MOST_ROWS)).fill_null(value=False))


def _twice(rows: pl.DataFrame) -> pl.Series:
    """The cases in which two rows are the same. Only cases that have several rows are looked at."""
    several = rows.filter(rows[ROW].is_duplicated())
    return several[ROW].filter(several.is_duplicated())


def _asked_twice(answers: pl.DataFrame) -> pl.Series:
    """The same of answers about cases, of which there are many: each marks a place of its own if there is no such."""
    criteria = len(answers.schema[CRITERION].categories)  # type: ignore[attr-defined]
    places = pl.col(ROW).cast(pl.UInt64) * criteria + pl.col(CRITERION).to_physical()
    of = answers.select(places).to_series().drop_nulls()
    size = int(of.max()) + 1 if len(of) else 0  # type: ignore[arg-type]
    if size < _LARGEST and pl.repeat(False, size, dtype=pl.Boolean, eager=True).scatter(of, True).sum() == len(of):
        return answers[ROW].clear()
    return _twice(answers)


def _of_answers(answers: pl.DataFrame, as_of: date) -> Iterator[RejectReason]:
    """An answer given twice, one that says that a criterion does not apply and not why, or one from the future."""
    about_rows = answers[ITEM].is_not_null()
    of_cases, of_rows = answers.filter(~about_rows), answers.filter(about_rows)
    yield RejectReason("two answers are to one criterion", _asked_twice(of_cases.select(ROW, CRITERION)))
    yield RejectReason("two answers are about one row", _twice(of_rows.select(ROW, CRITERION, ITEM)))
    without_reason = (answers[ANSWER] == ReadersAnswer.NOT_APPLICABLE.value) & answers[REASON].is_null()
    later = answers[ANSWERED_ON] > as_of
    yield RejectReason("an answer is n/a, and says not why", answers[ROW].filter(without_reason.fill_null(value=False)))
    yield RejectReason("an answer was given after the as-of date", answers[ROW].filter(later.fill_null(value=False)))


_TO_NOTHING = "an answer is to nothing that is asked of the case"


@frozen(eq=False)
class Validated:
    """What was worked out of the cases that can be screened.

    Attributes:
        part: the wanted columns.
        left_out: how many cases could not be screened.
        orphans: how many rows belong to no case.
        rejected: the first of both, by id.
    """

    part: Part
    left_out: int
    orphans: int
    rejected: tuple[Rejected, ...]


def validate(plan: ExecutionPlan, frames: CaseFrames, wanted: Wanted) -> Validated:
    """The wanted columns of a part of a caseload, but for the cases that cannot be screened.

    What is worked out for a case rests on it alone, so those cases can be left out at the end, and all is read once.

    Raises:
        CasescreenError: the cases cannot be read, or told apart.
    """
    by_number = link_rows(frames)
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
    left_out = rejected(troubles)
    named = first_by_id((*by_number.rejected, *first_of(left_out, found.part.cases[ID])))
    return Validated(part.without(left_out[ROW]), len(left_out), by_number.orphans, named)


def merged(*each: Wanted) -> Wanted:
    """All columns of some lists of columns."""
    tables = dict.fromkeys(table for wanted in each for table in wanted)
    return {table: list({name: None for wanted in each for name in wanted.get(table, ())}) for table in tables}


def _watched(plan: ExecutionPlan, frames: CaseFrames) -> Wanted:
    """What is read to see whether cases can be screened: dates, and words that are not the dictionary's own."""
    found: dict[str, list[str]] = {}
    starts = {field for field, _, _ in plan.starts}
    for table, source in {"": frames.cases, **frames.tables}.items():
        there = source.collect_schema()
        fields = [field for field in columns_of(plan.rulebook.dictionary, table).values() if field.name in there]
        if names := [one.name for one in fields if one.past or one in starts or is_foreign(one, there[one.name])]:
            found[table] = names
    if frames.answers is not None:
        found[ANSWERS] = [CRITERION, ANSWER, ITEM]
    return found


def _watched_rows(plan: ExecutionPlan, frames: CaseFrames) -> Wanted:
    """Which rows a criterion is asked of, with their keys, where there are answers about rows."""
    if frames.answers is None:
        return {}
    return merged(*({one.table: [one.chosen, plan.worker.keys[one.table]]} for one in plan.asked if one.table))


def _beyond_the_calendar(plan: ExecutionPlan, frames: CaseFrames, found: Part) -> Iterator[RejectReason]:
    """Which deadline is needed is worked out only where some date could have one that is not known."""
    if plan.faults and any(_may_be_beyond(plan, found)):
        wanted = {"": plan.faults}
        all_read = read(frames, plan.worker.types, plan.worker.to_read(wanted)).part
        cases = plan.worker.work_out(all_read, wanted).cases
        yield RejectReason("a deadline lies beyond the calendar", cases.filter(pl.any_horizontal(plan.faults))[ROW])


def _may_be_beyond(plan: ExecutionPlan, found: Part) -> Iterator[bool]:
    for field, first, last in plan.starts:
        frame = found.tables.get(field.table) if field.table else found.cases
        if frame is not None and field.name in frame.columns:
            day = frame[field.name]
            yield bool((day > last).any()) or (first is not None and bool((day < first).any()))


def _in_the_future(plan: ExecutionPlan, found: Part) -> Iterator[RejectReason]:
    """The cases that record as done what lies after the as-of date, in a field or in a row."""
    for table, frame in {"": found.cases, **found.tables}.items():
        for field in columns_of(plan.rulebook.dictionary, table).values() if table != ANSWERS else ():
            if field.past and field.name in frame.columns and (later := frame[field.name] > plan.as_of).any():
                where = f"{table}.{field.name}" if table else field.name
                yield RejectReason(f"{where} is after the as-of date", frame[ROW].filter(later))


def _unasked(plan: ExecutionPlan, answers: pl.DataFrame, part: Part) -> Iterator[RejectReason]:
    """The cases with an answer to no criterion, about a row that it is not asked of, or about none where it asks."""
    of_rows = [one for one in plan.asked if one.table]
    asks_rows = pl.col(CRITERION).is_in([one.criterion.id for one in of_rows])
    misplaced = pl.col(ITEM).is_null() == asks_rows
    to_nothing = pl.col(CRITERION).is_null() | pl.col(ANSWER).is_null() | misplaced
    yield RejectReason(_TO_NOTHING, answers.filter(to_nothing)[ROW])
    about_rows = answers.filter(pl.col(ITEM).is_not_null())
    for one in of_rows:
        given = about_rows.filter(pl.col(CRITERION) == one.criterion.id)
        if len(given):
            yield RejectReason(_TO_NOTHING, _unasked_of_rows(plan, part, one, given))


def _unasked_of_rows(plan: ExecutionPlan, part: Part, one: EvaluatedCriterion, given: pl.DataFrame) -> pl.Series:
    """Answers about a row that the criterion is not asked of."""
    key = plan.worker.types[one.table][plan.worker.keys[one.table]]
    asked = part.tables[one.table].filter(pl.col(one.chosen)).select(ROW, comparable_column(key).alias(ITEM))
    return given.join(asked, on=[ROW, ITEM], how="anti")[ROW]
