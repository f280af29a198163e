"""The columns that are needed of a part of a caseload, read into memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import polars as pl
from attrs import frozen

from casescreen.evaluate.bulk.collecting import collected
from casescreen.evaluate.bulk.frames import ANSWERS, HAS, ROW, CaseFrames
from casescreen.evaluate.bulk.values import WORDS, type_of
from casescreen.model.dictionary import Field, Kind
from casescreen.model.problem import CasescreenError

Types = Mapping[str, Mapping[str, Field]]
"""The columns that each table may have, by name; "" stands for the cases."""

Wanted = Mapping[str, Collection[str]]
"""The columns that are needed of each table; "" stands for the cases."""


@frozen(eq=False)
class Part:
    """Cases in memory.

    Attributes:
        cases: the wanted columns, a row a case, the case with number 0 first.
        tables: the wanted columns of each wanted table, with ``case.row``; the answers among them.
    """

    cases: pl.DataFrame
    tables: Mapping[str, pl.DataFrame]


def read(frames: CaseFrames, types: Types, wanted: Wanted) -> Part:
    """The wanted columns of frames whose rows are numbered. What a frame lacks is not recorded.

    Raises:
        CasescreenError: the numbers of the cases are not 0, 1 and so on, or a row has the number of no case.
    """
    cases = _read(frames.cases, types[""], wanted.get("", ()))
    if not (cases[ROW] == pl.int_range(len(cases), dtype=pl.UInt32, eager=True)).all():
        raise _misnumbered("the cases are not numbered from 0 in the order in which they stand")
    sources = {**frames.tables, ANSWERS: frames.answers}
    tables = {name: _read(sources.get(name), types[name], wanted[name]) for name in sorted(wanted) if name}
    for name, rows in tables.items():
        if len(rows) and (rows[ROW].null_count() or rows[ROW].max() >= len(cases)):  # type: ignore[operator]
            raise _misnumbered(f"a row of {name} has the number of no case")
    return Part(cases, tables)


def _read(frame: pl.LazyFrame | None, fields: Mapping[str, Field], wanted: Collection[str]) -> pl.DataFrame:
    source = pl.LazyFrame(schema={ROW: pl.UInt32}) if frame is None else frame
    there = source.collect_schema()
    columns = [_column(name, fields.get(name), there.get(name)) for name in sorted(wanted) if name != ROW]
    found = collected(source.select(pl.col(ROW).cast(pl.UInt32), *columns))
    return found.with_columns(_words(column, fields[column.name]) for column in found if _are_plain(column, fields))


def _are_plain(column: pl.Series, fields: Mapping[str, Field]) -> bool:
    """Whether these are words of a choice that are kept as text, or as the words of another list."""
    field = fields.get(column.name)
    return field is not None and field.kind is Kind.CHOICE and column.dtype != type_of(field)


def _words(column: pl.Series, field: Field) -> pl.Series:
    """The words as the dictionary's own. Others are not recorded: ``troubles`` leaves their cases out."""
    return column.cast(pl.String).cast(type_of(field), strict=False)


def _column(name: str, field: Field | None, stored: pl.DataType | None) -> pl.Expr:
    if name.startswith(HAS):
        return (pl.lit(False) if stored is None else pl.col(name).fill_null(False)).alias(name)
    assert field is not None
    if stored is None:
        return pl.lit(None, dtype=type_of(field)).alias(name)
    return pl.col(name) if _fits(field, stored) else pl.col(name).cast(type_of(field))


def _fits(field: Field, stored: pl.DataType) -> bool:
    return stored == type_of(field) or (
        field.kind in WORDS and isinstance(stored, pl.String | pl.Enum | pl.Categorical)
    )


def _misnumbered(what: str) -> CasescreenError:
    return CasescreenError(
        f"The cases cannot be told apart: {what}.\n"
        "  Why it matters: rows would be counted for the wrong case.\n"
        f"  What to do: write the files anew with casescreen convert, or take the column {ROW} out of all of them."
    )
