"""The columns that are needed of a part of a caseload, read into memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import polars as pl
from attrs import frozen

from casescreen.cases.tables.cells import ZONED
from casescreen.columnar.expressions import is_foreign, is_text, type_of
from casescreen.columnar.frames import (
    ROW,
    CaseFrames,
    as_ours,
    normalised_text,
    unknown_column,
    within_calendar,
    without_blanks,
    zoned,
)
from casescreen.columnar.io import collect_all
from casescreen.columnar.issues import IssueCounts
from casescreen.model.dictionary import SAID_INSTEAD, Field, Kind
from casescreen.model.problem import CasescreenError
from casescreen.model.screening import IssueKind
from casescreen.text import folded

Types = Mapping[str, Mapping[str, Field]]
"""The columns that each table may have, by name; "" stands for the cases."""

Wanted = Mapping[str, Collection[str]]
"""The columns that are needed of each table; "" stands for the cases."""

_NOT_ALLOWED = {
    Kind.CHOICE: "a word that is not one of those allowed",
    Kind.YES_NO: "what is not yes or no",
    Kind.NUMBER: "what is not a whole number",
    Kind.DATE: "what is not a day such as 2016-05-09",
}


def merged(*each: Wanted) -> Wanted:
    """All columns of some lists of columns."""
    tables = dict.fromkeys(table for wanted in each for table in wanted)
    return {table: list({name: None for wanted in each for name in wanted.get(table, ())}) for table in tables}


@frozen(eq=False)
class Part:
    """Cases in memory.

    Attributes:
        cases: the wanted columns, a row a case, the case with number 0 first.
        tables: the wanted columns of each wanted table, with ``case.row``; the answers among them.
    """

    cases: pl.DataFrame
    tables: Mapping[str, pl.DataFrame]

    @property
    def by_table(self) -> dict[str, pl.DataFrame]:
        """All frames, that of the cases as ""."""
        return {"": self.cases, **self.tables}

    def without(self, rejected: pl.Series) -> Part:
        """The same but for the cases with these numbers, in ascending order; the rest are numbered anew."""
        if rejected.is_empty():
            return self
        gone, number = rejected.cast(pl.UInt32), pl.col(ROW)
        rest = number.is_in(gone.implode()).not_()
        anew = number - pl.lit(gone).search_sorted(number).cast(pl.UInt32)
        frames = {name: frame.filter(rest).with_columns(anew) for name, frame in self.by_table.items()}
        return Part(frames.pop(""), frames)


def read(frames: CaseFrames, types: Types, wanted: Wanted, issues: IssueCounts) -> Part:
    """The wanted columns of frames whose rows are numbered.

    What a frame lacks is not recorded. What is not allowed stands there, and is not known: that is an issue.

    Raises:
        CasescreenError: the numbers of the cases are not 0, 1 and so on, or a row has the number of no case.
    """
    sources = frames.by_table
    names = ["", *sorted(name for name in wanted if name)]
    stored = collect_all(_select(sources.get(name), types[name], wanted.get(name, ())) for name in names)
    tables = dict(zip(names, stored, strict=True))
    _check_numbers(tables)
    normalised = {
        name: _normalised(name, frame, types[name], issues, sound=frames.sound) for name, frame in tables.items()
    }
    return Part(normalised.pop(""), normalised)


def _select(frame: pl.LazyFrame | None, fields: Mapping[str, Field], wanted: Collection[str]) -> pl.LazyFrame:
    source = pl.LazyFrame(schema={ROW: pl.UInt32}) if frame is None else frame
    there = source.collect_schema()
    names = sorted({*wanted} - {ROW})
    columns = [_column(fields[name], there.get(name)) if name in fields else _marker(name, there) for name in names]
    return source.select(pl.col(ROW).cast(pl.UInt32), *columns)


def _marker(name: str, there: pl.Schema) -> pl.Expr:
    return pl.col(name).fill_null(False) if name in there else pl.lit(False).alias(name)


def _column(field: Field, stored: pl.DataType | None) -> pl.Expr:
    column, ours = pl.col(field.name), type_of(field)
    if stored is None:
        return pl.lit(None, dtype=ours).alias(field.name)
    is_plain_text = field.kind is Kind.TEXT and is_text(stored)
    return column if is_plain_text or stored == ours or is_foreign(field, stored) else column.cast(ours)


def _check_numbers(frames: Mapping[str, pl.DataFrame]) -> None:
    cases, wrong = frames[""][ROW], ""
    if cases.null_count() or not (cases == pl.int_range(len(cases), dtype=pl.UInt32, eager=True)).all():
        wrong = "the cases are not numbered from 0 in the order in which they stand"
    for name, rows in frames.items() if not wrong else ():
        if len(rows) and (rows[ROW].null_count() or rows[ROW].max() >= len(cases)):  # type: ignore[operator]
            wrong = f"a row of {name} has the number of no case"
    if wrong:
        raise CasescreenError(
            f"The cases cannot be told apart: {wrong}.",
            why="rows would be counted for the wrong case.",
            advice=f"write the files anew with casescreen convert, or take the column {ROW} out of all of them.",
        )


def _mistakes(lost: pl.Series) -> int:
    """How many values that are not known say nothing of why there is none."""
    if not is_text(lost.dtype):
        return len(lost)
    words = lost.cast(pl.String)
    said = [word for word in words.unique().to_list() if folded(word) in SAID_INSTEAD]
    return len(lost) - int(words.is_in(said).sum())


def _normalised(
    table: str, frame: pl.DataFrame, fields: Mapping[str, Field], issues: IssueCounts, *, sound: bool
) -> pl.DataFrame:
    """Text as it is seen; and words of choices that are kept as text, or of another list, as the dictionary's own."""
    changed = []
    for stored in frame:
        field = fields.get(stored.name)
        is_text_of_others = field is not None and field.kind is Kind.TEXT and is_text(stored.dtype) and not sound
        column = normalised_text(stored) if is_text_of_others else without_blanks(stored)
        if field is not None and (column.dtype == pl.Date or is_foreign(field, column.dtype)):
            text, column = column, within_calendar(column) if column.dtype == pl.Date else as_ours(column, field)
            if column.null_count() > text.null_count():
                where = f"{table}.{field.name}" if table else field.name
                with_zone = int(zoned(text).sum()) if field.kind is Kind.DATE else 0
                mistakes = _mistakes(text.filter(column.is_null() & text.is_not_null()))
                issues.add(IssueKind.UNREADABLE, where, f"it {ZONED}", with_zone)
                issues.add(IssueKind.UNREADABLE, where, f"it holds {_NOT_ALLOWED[field.kind]}", mistakes - with_zone)
                if (marker := unknown_column(field.name)) in frame.columns:
                    changed.append(frame[marker] | (column.is_null() & text.is_not_null()))
        if column is not stored:
            changed.append(column)
    return frame.with_columns(changed)
