"""The rows of a large table, written as XML into XlsxWriter's own file: the same bytes in a part of the time.

XlsxWriter keeps every cell as an object, and writes it attribute by attribute when the workbook is closed. Of a quarter
of a million findings that is most of the time of the workbook. This takes the place of the one method that writes the
rows of a sheet, which is no part of what XlsxWriter promises: so only with versions with which it was tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.url import Url
from xlsxwriter.worksheet import Worksheet

from casescreen.office.styles import LONGEST_TEXT, length_in_excel

TRIED = ("3.3.1",)
"""The versions of XlsxWriter with which the bytes are those of its public methods; a test compares them."""

_BLOCK = 16
"""So many rows have one span."""
_FIRST_DAY = date(1899, 12, 31)
_LEAP_DAY = 60
"""The day from which on Excel counts one too many."""


def rows_of(sheet: Worksheet, columns: int) -> Worksheet | SheetRows:
    """What the rows of a sheet below its titles are written to, from the second on, each from left to right.

    Args:
        sheet: one that keeps what it is given until the end, with all its titles in the first row.
        columns: how many titles there are.
    """
    if xlsxwriter.__version__ not in TRIED or sheet.constant_memory or sheet.excel_version != 2007:  # noqa: PLR2004
        return sheet
    return SheetRows(sheet, columns)


class SheetRows:
    """Takes rows as a sheet of XlsxWriter does, by the methods of the same names, and makes them XML at once."""

    def __init__(self, sheet: Worksheet, columns: int) -> None:
        """Begin below the titles."""
        self._sheet = sheet
        self._letters = [_letters(number) for number in range(columns)]
        self._widest = columns - 1
        self._blocks: list[str] = []
        self._open: list[list[str]] = []
        self._heads: list[tuple[int, str]] = []
        self._span = (0, columns - 1)  # of the first block, to which the titles belong
        self._looks: dict[Format, str] = {}
        self._cells: list[str] = []
        self._row = 0
        self._index = sheet.str_table._get_shared_string_index  # noqa: SLF001 - see above
        sheet._write_rows = self._write  # noqa: SLF001 - see above

    def set_row(self, row: int, height: float) -> None:
        """Begin a row of that height."""
        if row % _BLOCK == 0:
            self._close_block()
        pixels = int(height * 4.0 / 3.0 + 0.5)
        usual = pixels == self._sheet.original_row_height == self._sheet.default_row_height
        self._heads.append((row + 1, "" if usual else f' ht="{pixels * 0.75:.16g}" customHeight="1"'))
        self._row, self._cells = row + 1, []
        self._open.append(self._cells)
        self._sheet._check_dimensions(row, 0)  # noqa: SLF001 - see above

    def write_string(self, _row: int, column: int, text: str, look: Format) -> None:
        """A text, of no more than a cell holds."""
        assert len(text) <= LONGEST_TEXT // 2 or length_in_excel(text) <= LONGEST_TEXT
        self._cell(column, look, f' t="s"><v>{self._index(text)}</v></c>')

    def write_url(self, row: int, column: int, url: str, look: Format, text: str) -> None:
        """A text that leads to a place of the workbook, or to a file."""
        self.write_string(row, column, text, look)
        link = Url(url)
        link.text = text
        self._sheet.hyperlinks[row][column] = link

    def write_number(self, _row: int, column: int, number: int, look: Format) -> None:
        """A number."""
        self._cell(column, look, f"><v>{number:.16G}</v></c>")

    def write_datetime(self, _row: int, column: int, day: date, look: Format) -> None:
        """A day from the first that Excel has without doubt."""
        number = (day - _FIRST_DAY).days
        self._cell(column, look, f"><v>{number + (number >= _LEAP_DAY):.16G}</v></c>")

    def _cell(self, column: int, look: Format, rest: str) -> None:
        style = self._looks.get(look)
        if style is None:  # which number it gets is not known before the sheets before this one are written
            style = self._looks[look] = f's="#{len(self._looks)}"'
        first, last = self._span
        if column < first or column > last:
            self._span = (min(first, column), max(last, column))
        self._cells.append(f'<c r="{self._letters[column]}{self._row}" {style}{rest}')

    def _close_block(self) -> None:
        first, last = self._span
        span = f' spans="{first + 1}:{last + 1}"' if last >= 0 else ""
        for (number, height), cells in zip(self._heads, self._open, strict=True):
            row = f'<row r="{number}"{span}{height}'
            self._blocks.append(f"{row}>{''.join(cells)}</row>" if cells else f"{row}/>")
        self._heads, self._open, self._span = [], [], (self._widest + 1, -1)

    def _write(self) -> None:
        """Write the titles and the rows, where XlsxWriter would write the rows of the sheet."""
        self._close_block()
        _write_titles(self._sheet, self._widest + 1)
        styles = [(style, f's="{look._get_xf_index()}"') for look, style in self._looks.items()]  # noqa: SLF001
        for block in _joined(self._blocks):
            text = block
            for style, number in styles:
                text = text.replace(style, number)
            self._sheet.fh.write(text)


def _write_titles(sheet: Worksheet, columns: int) -> None:
    sheet._write_row(0, f"1:{columns}", sheet.row_info[0])  # noqa: SLF001 - see above
    for column in range(columns):
        sheet._write_cell(0, column, sheet.table[0][column])  # noqa: SLF001 - see above
    sheet._xml_end_tag("row")  # noqa: SLF001 - see above


def _joined(rows: Sequence[str], size: int = 1_000) -> list[str]:
    return ["".join(rows[at : at + size]) for at in range(0, len(rows), size)]


def _letters(column: int) -> str:
    """What a column is called, from the first, 0."""
    name = ""
    while column >= 0:
        column, letter = divmod(column, 26)
        name, column = chr(ord("A") + letter) + name, column - 1
    return name
