"""What values are in cells of spreadsheets."""

from __future__ import annotations

from datetime import date

from casescreen.intake.giving.layout import GivenTable
from casescreen.intake.tables.sheet import Cell
from casescreen.model.dictionary import Value
from casescreen.model.problem import CasescreenError
from casescreen.text import in_words

MOST_ROWS = 1_048_576
LONGEST_TEXT = 32_767
# Excel takes 1900 for a leap year, and no number says which day of its first two months is meant.
FIRST_DAY = date(1900, 3, 1)
# Beyond it a number of a spreadsheet no longer holds every whole number.
_EXACT = 2**53


def in_cell(value: Value) -> Cell:
    """What a value is written as: dates and numbers as text where a cell cannot hold them as such."""
    if isinstance(value, bool):
        return in_words(value)
    if isinstance(value, date) and value < FIRST_DAY:
        return value.isoformat()
    if isinstance(value, int) and abs(value) >= _EXACT:
        return str(value)
    return value


def too_long(text: str) -> str:
    """Why a cell cannot hold the text; Excel counts a character beyond the first 65,536 as two."""
    if len(text.encode("utf-16-le", "surrogatepass")) > 2 * LONGEST_TEXT:
        return f"is longer than the {LONGEST_TEXT:,} characters that a cell of a workbook can hold"
    return ""


def check_rows(table: GivenTable) -> None:
    """Refuse a table that is longer than a sheet."""
    if len(table.rows) >= MOST_ROWS:
        raise CasescreenError(
            f'The table "{table.name}" has {len(table.rows):,} rows, and a sheet holds {MOST_ROWS - 1:,}.\n'
            "  What to do: convert to CSV or Parquet: add --form csv or --form parquet."
        )
