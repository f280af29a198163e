"""Cases that cannot be screened, and are rejected as in an ordinary run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl
from attrs import frozen

from casescreen.columnar.execute import ExecutionPlan
from casescreen.columnar.expressions import comparable_column, is_foreign
from casescreen.columnar.frames import ROW, CaseFrames, columns_of
from casescreen.columnar.links import link_rows
from casescreen.columnar.normalise import normalised_id, of_examples, of_several
from casescreen.columnar.reader import Part, Wanted, merged, read
from casescreen.columnar.rejects import first_by_id, first_reasons, first_rejected, reject
from casescreen.model.case import ANSWER, ANSWERED_ON, ANSWERS, CRITERION, EXAMPLE, HAS, ID, ITEM, REASON, Rejected
from casescreen.model.dictionary import MOST_ROWS
from casescreen.model.outcome import ReadersAnswer

_LARGEST = 2**31  # bits: a quarter of a gigabyte
_TO_NOTHING = "an answer is to nothing that is asked of the case"


@frozen(eq=False)
class Validated:
    """What was computed of the cases that can be screened.

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

    What is computed for a case rests on it alone, so those cases can be left out at the end, and all is read once.

    Raises:
        CasescreenError: the cases cannot be read, or told apart.
    """
    linked = link_rows(frames)
    known, executor = linked.frames, plan.executor
    asked_of_rows = [one for one in plan.asked if one.table and known.answers is not None]
    keys = ({one.table: [one.chosen, executor.keys[one.table]]} for one in asked_of_rows)
    projection = executor.project(merged(wanted, *keys))
    stored, rejections = read(known, executor.types, merged(projection.read, _columns_to_check(plan, known)))
    part = executor.compute(stored, projection)
    rejections += _beyond_the_calendar(plan, known, stored)
    rejections += _in_the_future(plan, stored)
    if known.answers is not None:
        rejections += _unasked(plan, stored.tables[ANSWERS], part)
    if not known.sound:
        rejections += _faults(plan, stored)
    rejected = first_reasons(rejections)
    named = first_by_id((*linked.rejected, *first_rejected(rejected, stored.cases[ID])))
    return Validated(part.without(rejected[ROW]), len(rejected), linked.orphans, named)


def _columns_to_check(plan: ExecutionPlan, frames: CaseFrames) -> Wanted:
    """What is read to see whether cases can be screened: dates, and words that are not the dictionary's own.

    Of frames that may be faulty also ids and keys, all that answers say, and which tables are said to be there.
    """
    columns: dict[str, list[str]] = {"": [ID]}
    starts = {field for field, _, _ in plan.starts}
    for table, frame in frames.by_table.items():
        there = frame.collect_schema()
        if table == ANSWERS:
            columns[ANSWERS] = [CRITERION, ANSWER, ITEM, *([] if frames.sound else [REASON, ANSWERED_ON])]
            continue
        fields = [field for field in columns_of(plan.rulebook.dictionary, table).values() if field.name in there]
        names = [one.name for one in fields if one.past or one in starts or is_foreign(one, there[one.name])]
        if not frames.sound:
            names += [plan.executor.keys[table]] if table in plan.executor.keys else []
            names += [name for name in there if not table and name.startswith(HAS)]
        if names or not frames.sound:
            columns[table] = [*columns.get(table, ()), *names]
    return columns


def _faults(plan: ExecutionPlan, stored: Part) -> Iterator[pl.DataFrame]:
    """The cases with faults that reading records one by one would find, by fault; there may be none with one."""
    numbers, ids = stored.cases[ROW], normalised_id(stored.cases[ID])
    yield reject(numbers.filter(ids.is_null()), f"it has no {ID}")
    yield reject(numbers.filter(of_several(ids)), f"another case has the same {ID}")
    yield reject(numbers.filter(of_examples(ids)), f"its {ID} is {EXAMPLE}, which is never read")
    for table, rows in stored.tables.items():
        of = rows[ROW]
        yield reject(_too_many(of), f"it has more than {MOST_ROWS:,} rows of {table}")
        if (key := plan.executor.keys.get(table)) in rows.columns:
            yield reject(of.filter(rows[key].is_null()), f"a row of {table} has no {key}")
            yield reject(_twice(rows.select(ROW, key)), f"two rows of {table} have the same {key}")
        if (there := f"{HAS}{table}") in stored.cases.columns:
            denied = of.filter(stored.cases[there].gather(of).not_())
            yield reject(denied, f"{table} has rows of it, and {there} says that it is not there")
    if (answers := stored.tables.get(ANSWERS)) is not None and REASON in answers.columns:
        yield from _faulty_answers(answers, plan.as_of)


def _too_many(of: pl.Series) -> pl.Series:
    """More rows than any case has. Those of a case stand together in nearly all files, and then nothing is sorted."""
    of = of if of.is_sorted() else of.sort()
    return of.filter((of == of.shift(MOST_ROWS)).fill_null(value=False))


def _twice(rows: pl.DataFrame) -> pl.Series:
    """The cases in which two rows are the same. Only cases that have several rows are looked at."""
    several = rows.filter(rows[ROW].is_duplicated())
    return several[ROW].filter(several.is_duplicated())


def _faulty_answers(answers: pl.DataFrame, as_of: date) -> Iterator[pl.DataFrame]:
    """An answer given twice, one that says that a criterion does not apply and not why, or one from the future."""
    about_rows = answers[ITEM].is_not_null()
    of_cases, of_rows = answers.filter(~about_rows), answers.filter(about_rows)
    yield reject(_asked_twice(of_cases.select(ROW, CRITERION)), "two answers are to one criterion")
    yield reject(_twice(of_rows.select(ROW, CRITERION, ITEM)), "two answers are about one row")
    unexplained = (pl.col(ANSWER) == ReadersAnswer.NOT_APPLICABLE.value) & pl.col(REASON).is_null()
    yield reject(answers.filter(unexplained)[ROW], "an answer is n/a, and says not why")
    yield reject(answers.filter(pl.col(ANSWERED_ON) > as_of)[ROW], "an answer was given after the as-of date")


def _asked_twice(answers: pl.DataFrame) -> pl.Series:
    """The same of answers about cases, of which there are many: each marks a place of its own if there is no such."""
    criteria = len(answers.schema[CRITERION].categories)  # type: ignore[attr-defined]
    places = pl.col(ROW).cast(pl.UInt64) * criteria + pl.col(CRITERION).to_physical()
    of = answers.select(places).to_series().drop_nulls()
    size = int(of.max()) + 1 if len(of) else 0  # type: ignore[arg-type]
    if size < _LARGEST and pl.repeat(False, size, dtype=pl.Boolean, eager=True).scatter(of, True).sum() == len(of):
        return answers[ROW].clear()
    return _twice(answers)


def _beyond_the_calendar(plan: ExecutionPlan, frames: CaseFrames, stored: Part) -> Iterator[pl.DataFrame]:
    """Which deadline is needed is computed only where some date could have one that is not known."""
    tables = stored.by_table
    for field, first, last in plan.starts if plan.faults else ():
        frame = tables.get(field.table)
        if frame is None or field.name not in frame.columns:
            continue
        day = frame[field.name]
        if (day > last).any() or (first is not None and (day < first).any()):
            projection = plan.executor.project({"": plan.faults})
            cases = plan.executor.compute(read(frames, plan.executor.types, projection.read)[0], projection).cases
            yield reject(cases.filter(pl.any_horizontal(plan.faults))[ROW], "a deadline lies beyond the calendar")
            return


def _in_the_future(plan: ExecutionPlan, stored: Part) -> Iterator[pl.DataFrame]:
    """The cases that record as done what lies after the as-of date, in a field or in a row."""
    for table, frame in stored.by_table.items():
        for field in columns_of(plan.rulebook.dictionary, table).values() if table != ANSWERS else ():
            if field.past and field.name in frame.columns and (later := frame[field.name] > plan.as_of).any():
                where = f"{table}.{field.name}" if table else field.name
                yield reject(frame[ROW].filter(later), f"{where} is after the as-of date")


def _unasked(plan: ExecutionPlan, answers: pl.DataFrame, part: Part) -> Iterator[pl.DataFrame]:
    """The cases with an answer to no criterion, about a row that it is not asked of, or about none where it asks."""
    of_rows = [one for one in plan.asked if one.table]
    asks_rows = pl.col(CRITERION).is_in([one.criterion.id for one in of_rows])
    misplaced = pl.col(ITEM).is_null() == asks_rows
    to_nothing = pl.col(CRITERION).is_null() | pl.col(ANSWER).is_null() | misplaced
    yield reject(answers.filter(to_nothing)[ROW], _TO_NOTHING)
    about_rows = answers.filter(pl.col(ITEM).is_not_null())
    for one in of_rows:
        given = about_rows.filter(pl.col(CRITERION) == one.criterion.id)
        if len(given):
            key = plan.executor.types[one.table][plan.executor.keys[one.table]]
            asked = part.tables[one.table].filter(pl.col(one.chosen)).select(ROW, comparable_column(key).alias(ITEM))
            yield reject(given.join(asked, on=[ROW, ITEM], how="anti")[ROW], _TO_NOTHING)
