"""Parquet files as sheets."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR
from io import BytesIO
from pathlib import PurePath
from typing import Any

from casescreen.extras import needed
from casescreen.files.archive import MOST_CELLS
from casescreen.intake.tables.sheet import Sheet
from casescreen.model.dictionary import Mismatch
from casescreen.text import in_words

# A column that numbers the cases for bulk work, and says nothing about them.
_NUMBERS = "case.row"


def parquet_sheet(file: str, data: bytes) -> Sheet | Mismatch:
    """The one sheet of a Parquet file, its first row the names of the columns; or why there is none.

    Raises:
        CasescreenError: what reads Parquet is not installed.
    """
    pl = needed("polars", "Parquet cannot be read", "bulk", "export the table as CSV")
    try:
        columns = pl.read_parquet_schema(BytesIO(data))
        lazy = pl.scan_parquet(BytesIO(data))
        height = lazy.select(pl.len()).collect().item()
        if height * len(columns) > MOST_CELLS:
            what = f"it has {height:,} rows, which is too many to read one by one"
            return Mismatch(what, "Put it into a folder of its own as cases.parquet, to be screened in bulk.")
        frame = lazy.collect()
    except (pl.exceptions.PolarsError, OSError, ValueError):
        return Mismatch("it cannot be read as Parquet", "Write the file again, or export it as CSV.")
    kept = [name for name in columns if name != _NUMBERS]
    if odd := [name for name in kept if not _is_plain(pl, columns[name])]:
        what = f'the column "{in_words(odd[0])}" holds neither text, numbers, dates nor yes and no'
        return Mismatch(what, "Give it one of these types.")
    if far := [name for name in kept if _is_far(frame[name])]:
        what = f'the column "{in_words(far[0])}" holds a day before the year 1 or after 9999'
        return Mismatch(what, "Correct it where the file comes from.")
    rows = frame.select(kept).rows()
    return Sheet(file, "", PurePath(file).stem, [tuple(kept), *rows])


def _is_far(column: Any) -> bool:  # noqa: ANN401 - a column of a module that may not be there
    """Whether a day in the column is in no calendar that Python has."""
    return column.dtype.is_temporal() and not column.dt.year().is_between(MINYEAR, MAXYEAR).all()


def _is_plain(pl: Any, stored: Any) -> bool:  # noqa: ANN401 - a module that may not be there, and its types
    words = pl.String | pl.Categorical | pl.Enum | pl.Boolean | pl.Null
    return isinstance(stored, words | pl.Date | pl.Datetime) or stored.is_integer() or stored.is_float()
