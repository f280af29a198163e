"""The columns that are needed of a part of a caseload, read into memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import polars as pl
from attrs import frozen

from casescreen.columnar.expressions import is_foreign, is_text, type_of
from casescreen.columnar.frames import ROW, CaseFrames
from casescreen.columnar.io import collect_all
from casescreen.columnar.normalise import as_ours, without_blanks
from casescreen.columnar.rejects import RejectReason
from casescreen.model.case import ANSWERS
from casescreen.model.dictionary import Field, Kind
from casescreen.model.problem import CasescreenError

Types = Mapping[str, Mapping[str, Field]]
"""The columns that each table may have, by name; "" stands for the cases."""

Wanted = Mapping[str, Collection[str]]
"""The columns that are needed of each table; "" stands for the cases."""


_NOT = {
    Kind.CHOICE: "a word that is not one of those allowed",
    Kind.YES_NO: "what is not yes or no",
    Kind.NUMBER: "what is not a whole number",
    Kind.DATE: "what is not a day such as 2016-05-09",
}


@frozen(eq=False)
class Part:
    """Cases in memory.

    Attributes:
        cases: the wanted columns, a row a case, the case with number 0 first.
        tables: the wanted columns of each wanted table, with ``case.row``; the answers among them.
    """

    cases: pl.DataFrame
    tables: Mapping[str, pl.DataFrame]

    def without(self, left_out: pl.Series) -> Part:
        """The same but for the cases with these numbers, in ascending order; the rest are numbered anew."""
        if left_out.is_empty():
            return self
        gone = left_out.cast(pl.UInt32)
        number = pl.col(ROW)
        rest = number.is_in(gone.implode()).not_()
        anew = number - pl.lit(gone).search_sorted(number).cast(pl.UInt32)
        tables = {name: rows.filter(rest).with_columns(anew) for name, rows in self.tables.items()}
        return Part(self.cases.filter(rest).with_columns(anew), tables)


@frozen(eq=False)
class ReadColumns:
    """What was read.

    Attributes:
        part: the wanted columns.
        misworded: the cases that hold a word which is not one of those allowed; it is taken as not recorded.
    """

    part: Part
    misworded: tuple[RejectReason, ...]


def read(frames: CaseFrames, types: Types, wanted: Wanted) -> ReadColumns:
    """The wanted columns of frames whose rows are numbered. What a frame lacks is not recorded.

    Raises:
        CasescreenError: the numbers of the cases are not 0, 1 and so on, or a row has the number of no case.
    """
    sources = {"": frames.cases, **frames.tables, ANSWERS: frames.answers}
    names = ["", *sorted(name for name in wanted if name)]
    found = collect_all(_columns(sources.get(name), types[name], wanted.get(name, ())) for name in names)
    as_stored = dict(zip(names, found, strict=True))
    _check_numbers(as_stored)
    misworded: list[RejectReason] = []
    worded = {name: _worded(name, frame, types[name], misworded) for name, frame in as_stored.items()}
    cases = worded.pop("")
    return ReadColumns(Part(cases, worded), tuple(misworded))


def _check_numbers(frames: Mapping[str, pl.DataFrame]) -> None:
    cases = len(frames[""])
    if not (frames[""][ROW] == pl.int_range(cases, dtype=pl.UInt32, eager=True)).all():
        raise _misnumbered("the cases are not numbered from 0 in the order in which they stand")
    for name, rows in frames.items():
        if len(rows) and (rows[ROW].null_count() or rows[ROW].max() >= cases):  # type: ignore[operator]
            raise _misnumbered(f"a row of {name or 'cases'} has the number of no case")


def _columns(frame: pl.LazyFrame | None, fields: Mapping[str, Field], wanted: Collection[str]) -> pl.LazyFrame:
    source = pl.LazyFrame(schema={ROW: pl.UInt32}) if frame is None else frame
    there = source.collect_schema()
    columns = [_column(name, fields.get(name), there.get(name)) for name in sorted(set(wanted)) if name != ROW]
    return source.select(pl.col(ROW).cast(pl.UInt32), *columns)


def _worded(
    table: str, frame: pl.DataFrame, fields: Mapping[str, Field], misworded: list[RejectReason]
) -> pl.DataFrame:
    """Text without blanks; and words of choices that are kept as text, or of another list, as the dictionary's own."""
    changed = [text for column in frame if (text := without_blanks(column)) is not column]
    plain = frame.with_columns(changed) if changed else frame
    words = []
    for column in _not_ours(plain, fields):
        field = fields[column.name]
        words.append(as_ours(column, field))
        if words[-1].null_count() > column.null_count():
            where = f"{table}.{column.name}" if table else column.name
            lost = frame[ROW].filter(words[-1].is_null() & column.is_not_null())
            misworded.append(RejectReason(f"{where} holds {_NOT[field.kind]}", lost))
    return plain.with_columns(words) if words else plain


def _not_ours(frame: pl.DataFrame, fields: Mapping[str, Field]) -> Iterator[pl.Series]:
    for column in frame:
        field = fields.get(column.name)
        if field is not None and is_foreign(field, column.dtype):
            yield column


def _column(name: str, field: Field | None, stored: pl.DataType | None) -> pl.Expr:
    assert field is not None
    if stored is None:
        return pl.lit(None, dtype=type_of(field)).alias(name)
    if stored == type_of(field) or is_foreign(field, stored):
        return pl.col(name)
    return pl.col(name) if field.kind is Kind.TEXT and is_text(stored) else pl.col(name).cast(type_of(field))


def _misnumbered(what: str) -> CasescreenError:
    return CasescreenError(
        f"The cases cannot be told apart: {what}.",
        why="rows would be counted for the wrong case.",
        advice=f"write the files anew with casescreen convert, or take the column {ROW} out of all of them.",
    )
