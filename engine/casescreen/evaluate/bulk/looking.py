"""Columns of rows that come from the rows of another table of the same case."""

from __future__ import annotations

import polars as pl

from casescreen.evaluate.bulk.frames import GIVEN, ITEM, ROW
from casescreen.evaluate.bulk.values import plain
from casescreen.evaluate.bulk.workbook import Looked
from casescreen.model.dictionary import Field, Kind

_LARGEST = 2**31  # bits: a quarter of a gigabyte


def look_up(rows: pl.DataFrame, others: pl.DataFrame, looked: Looked, cases: int) -> pl.Series:
    """Whether each row's value stands in the other table's column, in the same case; false where it has none."""
    words = _words(looked)
    if words and cases * len(words) < _LARGEST:
        return _marked(_places(rows, looked.field, words), _places(others, looked.by, words), cases * len(words))
    return _joined(rows, others, looked)


def _words(looked: Looked) -> tuple[str, ...]:
    if looked.field.kind is looked.by.kind is Kind.YES_NO:
        return ("false", "true")
    return tuple(dict.fromkeys((*looked.field.allowed, *looked.by.allowed)))


def _places(rows: pl.DataFrame, field: Field, words: tuple[str, ...]) -> pl.Series:
    """A number of its own for each case and word."""
    wanted, column = pl.Enum(words), pl.col(field.name)
    word = column if rows.schema[field.name] == wanted else column.cast(pl.String).cast(wanted, strict=False)
    return rows.select(pl.col(ROW).cast(pl.UInt64) * len(words) + word.to_physical()).to_series()


def _marked(asked: pl.Series, there: pl.Series, places: int) -> pl.Series:
    """Whether each of the places that are asked for is among those that are there, by a mark in each of those."""
    marks = pl.repeat(False, places, dtype=pl.Boolean, eager=True).scatter(there.drop_nulls(), True)
    return marks.gather(asked).fill_null(False)


def _joined(rows: pl.DataFrame, others: pl.DataFrame, looked: Looked) -> pl.Series:
    there = others.lazy().select(ROW, value=plain(looked.by)).unique().with_columns(found=pl.lit(True))
    asked = rows.lazy().select(ROW, value=plain(looked.field))
    joined = asked.join(there, on=[ROW, "value"], how="left", maintain_order="left")
    return joined.select(pl.col("found").fill_null(False)).collect().to_series()


def answers_to(rows: pl.DataFrame, key: Field, answers: pl.DataFrame, criterion: str) -> pl.Series:
    """What was answered to a criterion about each row; null where nothing was."""
    given = answers.lazy().filter(pl.col("criterion") == criterion).select(ROW, ITEM.name, GIVEN.name)
    asked = rows.lazy().select(ROW, plain(key).alias("key")).with_row_index("place")
    # Cases are matched first, by number: most answers are to the only row there is.
    found = given.join(asked, on=ROW).filter(pl.col(ITEM.name) == pl.col("key")).select("place", GIVEN.name).collect()
    answered = pl.repeat(None, len(rows), dtype=found[GIVEN.name].dtype, eager=True)
    return answered.scatter(found["place"], found[GIVEN.name])
