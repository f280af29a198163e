"""A Parquet file as a sheet, read by a compiled library that is kept from failing for a single value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from io import BytesIO
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from casescreen.cases.tables.cells import Cell
from casescreen.cases.tables.limits.budget import MOST_CELLS, TEXT_TIMES, Budget, Extent
from casescreen.cases.tables.limits.parquet_pages import PagesError, unpacked_size
from casescreen.cases.tables.sheet import Sheet
from casescreen.extras import LibraryError, call_library, import_extra, part_missing, without_last_words
from casescreen.model.problem import Fault, FaultError
from casescreen.text import in_words

if TYPE_CHECKING:
    from polars import DataFrame, Series

_MOST_BYTES = 384 * 1024 * 1024
# A column that numbers the cases for bulk work, and says nothing about them.
_NUMBERS = "case.row"
_UNREADABLE = Fault("it cannot be read as Parquet", "Write the file again, or export it as CSV.")
_IN_BULK = "Put it into a folder of its own as cases.parquet, to be screened in bulk."
_TOO_LARGE = Fault("unpacked it is too large to be read row by row", _IN_BULK)
# A day is left at each end, as a time zone can lead out of the calendar.
_FIRST, _LAST = (day - date(1970, 1, 1) for day in (date.min + timedelta(1), date.max - timedelta(1)))
_MOST_KEPT = 2**63 - 1
_PARTS_OF_DAY = {"ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}


def parquet_sheet(file: str, data: bytes) -> Sheet | Fault:
    """The one sheet of a Parquet file, its first row the names of the columns; or why there is none.

    A date that is in no calendar is the number that it is kept as.

    Raises:
        CasescreenError: what reads Parquet is not installed.
    """
    pl = import_extra("polars", *part_missing("Parquet cannot be read", "bulk", "export the table as CSV"))
    try:
        if unpacked_size(data, _MOST_BYTES) > _MOST_BYTES:
            return _TOO_LARGE
        with without_last_words():
            return Sheet(file, "", PurePath(file).stem, _rows(data, pl))
    except FaultError as error:
        return error.fault
    except (LibraryError, PagesError):
        return _UNREADABLE


def _rows(data: bytes, pl: Any) -> Sequence[Sequence[Cell]]:  # noqa: ANN401 - a module that may not be there
    types = call_library(pl.read_parquet_schema, BytesIO(data))
    for name, stored in types.items():
        if not (isinstance(stored, _plain(pl)) or stored.is_integer() or stored.is_float()):
            what = f'the column "{in_words(name)}" holds neither text, numbers, dates nor yes and no'
            raise FaultError(Fault(what, "Give it one of these types."))
    lazy = call_library(pl.scan_parquet, BytesIO(data))
    height = call_library(lambda: lazy.select(pl.len()).collect().item())
    if height * len(types) > MOST_CELLS:
        raise FaultError(Fault(f"it has {height:,} rows, which is too many to read one by one", _IN_BULK))
    frame = call_library(lambda: lazy.select([name for name in types if name != _NUMBERS]).collect())
    return call_library(_cells, frame, pl)


def _plain(pl: Any) -> Any:  # noqa: ANN401 - the same
    return pl.String | pl.Categorical | pl.Enum | pl.Boolean | pl.Null | pl.Date | pl.Datetime


def _cells(frame: DataFrame, pl: Any) -> Sequence[Sequence[Cell]]:  # noqa: ANN401 - the same
    frame = frame.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))
    text = TEXT_TIMES * sum(int(column.str.len_bytes().sum()) for column in frame if column.dtype == pl.String)
    filled = sum(len(column) - column.null_count() for column in frame)
    Budget().take(Extent(frame.height, frame.width, filled, text))
    strange: dict[tuple[int, int], int] = {}
    for number, column in enumerate(frame):
        if column.dtype.is_temporal():
            kept, in_calendar = column.to_physical(), _in_calendar(column)
            outside = (~in_calendar).fill_null(value=False).arg_true()
            strange |= {(row, number): kept[row] for row in outside}
            if len(outside):
                frame = frame.with_columns(column.set(~in_calendar, None))
    rows: list[Sequence[Cell]] = [tuple(frame.columns), *frame.rows()]
    for (row, number), value in strange.items():
        cells = [*rows[row + 1]]
        cells[number] = value
        rows[row + 1] = cells
    return rows


def _in_calendar(column: Series) -> Series:
    """Whether each day is one of the years from 1 to 9999."""
    parts = _PARTS_OF_DAY[unit] if (unit := getattr(column.dtype, "time_unit", None)) else 1
    # Of billionths of a second fewer years can be kept than there are.
    return column.to_physical().is_between(max(_FIRST.days * parts, -_MOST_KEPT), min(_LAST.days * parts, _MOST_KEPT))
