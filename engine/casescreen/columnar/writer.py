"""Caseloads written as co-partitioned Parquet: parts of the same ranges of cases in all files, with their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from itertools import count
from pathlib import Path
from shutil import rmtree

import polars as pl

from casescreen.columnar.expressions import is_foreign, type_of
from casescreen.columnar.frames import (
    ROW,
    SIZE,
    CaseFrames,
    as_ours,
    each_frame,
    partition,
    presence_fields,
    within_calendar,
    without_blanks,
)
from casescreen.columnar.io import collect, sink
from casescreen.columnar.links import check_ids, link_rows, refuse_orphans
from casescreen.model.case import ANSWER, ANSWERED_ON, ANSWERS, ANSWERS_TABLE, CASES, CRITERION, ID
from casescreen.model.dictionary import Dictionary, Field
from casescreen.model.problem import CasescreenError
from casescreen.text import counted, in_words

_STAGE = ".staged"


def write_parquet(parts: Iterable[CaseFrames], dictionary: Dictionary, folder: Path, *, size: int = SIZE) -> int:
    """Write a caseload into a new or empty folder, about ``size`` cases a part, in order of case id within each.

    Choices are written as the dictionary's words with their numbers, which are the quickest to read.

    Returns:
        How many cases were written.

    Raises:
        CasescreenError: the folder is not empty, or a part cannot be read.
    """
    if folder.exists() and any(folder.iterdir()):
        raise CasescreenError(
            f"{in_words(str(folder))} is not empty.",
            why="what stands there would be mixed with what is written.",
            advice="name a new folder.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    smaller = (one for part in parts for one in _divided(part, folder / _STAGE, size))
    with closing(smaller):  # so that what is staged is gone before a refusal is told
        return sum(_write(part, dictionary, folder / f"part-{number:05}") for number, part in enumerate(smaller))


def _divided(part: CaseFrames, stage: Path, size: int) -> Iterator[CaseFrames]:
    """Smaller parts. What is divided is read several times, so it is first put into files that can be read in parts."""
    names = count()

    def staged(frame: pl.LazyFrame) -> pl.LazyFrame:
        file = stage / f"{next(names)}.parquet"
        sink(frame.drop(ROW, strict=False), file)
        return pl.scan_parquet(file)

    stage.mkdir()
    try:
        yield from partition(each_frame(part, staged), size)
    finally:
        rmtree(stage)


def _write(part: CaseFrames, dictionary: Dictionary, folder: Path) -> int:
    folder.mkdir(parents=True)
    ordered = refuse_orphans(link_rows(each_frame(part, _by_id)))
    check_ids(ordered.cases)
    cases = _typed(CASES, ordered.cases, {**dictionary.fields, **presence_fields(dictionary)})
    sink(cases.lazy(), folder / f"{CASES}.parquet")
    for name, frame in ordered.tables.items():
        sink(_typed(name, frame, dictionary.tables[name].columns).lazy(), folder / f"{name}.parquet")
    if ordered.answers is not None:
        answers = _typed(ANSWERS, ordered.answers, {ANSWERED_ON: ANSWERS_TABLE.columns[ANSWERED_ON]})
        # What recurs is written as numbers of the words that there are, which are looked up once a file.
        recurring = [answers[name] for name in (CRITERION, ANSWER) if answers.schema.get(name) == pl.String]
        words = (column.cast(pl.Enum(column.unique().drop_nulls().sort())) for column in recurring)
        sink(answers.with_columns(words).lazy(), folder / f"{ANSWERS}.parquet")
    return len(cases)


def _by_id(frame: pl.LazyFrame) -> pl.LazyFrame:
    """In order of case, the rows of a case as they come."""
    return collect(frame.drop(ROW, strict=False).sort(ID, maintain_order=True)).lazy()


def _typed(table: str, frame: pl.LazyFrame, fields: Mapping[str, Field]) -> pl.DataFrame:
    """The columns, those of the fields in their types and order, whatever they were kept as."""
    there = frame.collect_schema()
    known = [name for name in fields if name in there and name != ID]
    others = [name for name in there if name not in fields and name not in {ID, ROW}]
    stored = collect(frame.select(ID, ROW, *known, *others))
    return stored.with_columns(_in_its_type(table, stored, fields[name]) for name in known)


def _in_its_type(table: str, frame: pl.DataFrame, field: Field) -> pl.Series:
    column = without_blanks(frame[field.name])
    if column.dtype == pl.Date:
        typed = within_calendar(column)
        column = column.to_physical()  # what is told of a day that no calendar has
    elif is_foreign(field, column.dtype):
        typed = as_ours(column, field)
    else:
        return column.cast(type_of(field))
    if typed.null_count() > column.null_count():
        where = typed.is_null() & column.is_not_null()
        lost, given = frame.filter(where), column.filter(where)
        raise CasescreenError(
            f'The {field.name} of case "{in_words(str(lost[ID][0]))}" in {table} cannot be kept: '
            f'"{in_words(str(given[0]))}".',
            why="it would be lost, as it is not what the dictionary allows there.",
            advice=f"mend it; {counted(len(lost), 'row has', 'rows have')} such values there.",
        )
    return typed
