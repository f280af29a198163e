"""Faults of single records that intake finds too, whatever the rules ask: the cases that have one are left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import polars as pl

from casescreen.evaluate.bulk.frames import ANSWERED_ON, ANSWERS, GIVEN, HAS, ID, ITEM, REASON, ROW, CaseFrames
from casescreen.evaluate.bulk.identity import evened, of_examples, of_several
from casescreen.evaluate.bulk.leaving import Trouble
from casescreen.evaluate.bulk.reading import Part, Wanted
from casescreen.model.case import EXAMPLE
from casescreen.model.dictionary import MOST_ROWS
from casescreen.model.outcome import ReadersAnswer

_LARGEST = 2**31  # bits: a quarter of a gigabyte


def columns_to_check(keys: Mapping[str, str], frames: CaseFrames) -> Wanted:
    """What must be read of the frames to find faults: keys, what answers say, and which tables are said to be there."""
    found = {table: [keys[table]] if table in keys else [] for table in frames.tables}
    found[""] = [ID, *(name for name in frames.cases.collect_schema() if name.startswith(HAS))]
    if frames.answers is not None:
        found[ANSWERS] = ["criterion", *(field.name for field in (GIVEN, ITEM, REASON, ANSWERED_ON))]
    return found


def faulty(keys: Mapping[str, str], found: Part, as_of: date) -> Iterator[Trouble]:
    """The cases with faults, by fault; there may be none with one."""
    yield from _of_ids(found.cases)
    for table, rows in found.tables.items():
        yield Trouble(f"it has more than {MOST_ROWS:,} rows of {table}", _too_many(rows))
        if table in keys:
            yield Trouble(f"a row of {table} has no {keys[table]}", rows[ROW].filter(rows[keys[table]].is_null()))
            yield Trouble(f"two rows of {table} have the same {keys[table]}", _twice(rows.select(ROW, keys[table])))
        if (there := f"{HAS}{table}") in found.cases.columns:
            denied = rows[ROW].filter(found.cases[there].gather(rows[ROW]).not_())
            yield Trouble(f"{table} has rows of it, and {there} says that it is not there", denied)
    if (answers := found.tables.get(ANSWERS)) is not None and REASON.name in answers.columns:
        yield from _of_answers(answers, as_of)


def _of_ids(cases: pl.DataFrame) -> Iterator[Trouble]:
    ids = evened(cases[ID])
    yield Trouble(f"it has no {ID}", cases[ROW].filter(ids.is_null()))
    yield Trouble(f"another case has the same {ID}", cases[ROW].filter(of_several(ids)))
    yield Trouble(f"its {ID} is {EXAMPLE}, which is never read", cases[ROW].filter(of_examples(ids)))


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
    criteria = len(answers.schema["criterion"].categories)  # type: ignore[attr-defined]
    places = pl.col(ROW).cast(pl.UInt64) * criteria + pl.col("criterion").to_physical()
    of = answers.select(places).to_series().drop_nulls()
    size = int(of.max()) + 1 if len(of) else 0  # type: ignore[arg-type]
    if size < _LARGEST and pl.repeat(False, size, dtype=pl.Boolean, eager=True).scatter(of, True).sum() == len(of):
        return answers[ROW].clear()
    return _twice(answers)


def _of_answers(answers: pl.DataFrame, as_of: date) -> Iterator[Trouble]:
    """An answer given twice, one that says that a criterion does not apply and not why, or one from the future."""
    about_rows = answers[ITEM.name].is_not_null()
    of_cases, of_rows = answers.filter(~about_rows), answers.filter(about_rows)
    yield Trouble("two answers are to one criterion", _asked_twice(of_cases.select(ROW, "criterion")))
    yield Trouble("two answers are about one row", _twice(of_rows.select(ROW, "criterion", ITEM.name)))
    without_reason = (answers[GIVEN.name] == ReadersAnswer.NOT_APPLICABLE.value) & answers[REASON.name].is_null()
    later = answers[ANSWERED_ON.name] > as_of
    yield Trouble("an answer is n/a, and says not why", answers[ROW].filter(without_reason.fill_null(value=False)))
    yield Trouble("an answer was given after the as-of date", answers[ROW].filter(later.fill_null(value=False)))
