"""Writing a workbook: text stays text, dates are dates, and the same content gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from math import ceil

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from casescreen.office.sheet_rows import SheetRows, rows_of
from casescreen.office.styles import (
    COLOURS,
    FIRST_DAY,
    LONGEST_LINK,
    LOOKS,
    MOST_LINKS,
    BarChart,
    Cell,
    FileLink,
    Line,
    SheetColumn,
    SheetContent,
    SheetLink,
    Tone,
    cut_to_cell,
    fitting,
    sheet_name,
)
from casescreen.text import in_words

MOST_AT_ONCE = 250_000
_SHORT = 300
_A4 = 9
# In points. A row of more is not shown by Excel.
_TALLEST, _LINE, _GAP = 409, 13, 3
_LETTERS = 1.15  # how many of a text stand in the width of one figure, on average and with room for whole words
# Of a chart: room in points above its bars and for each, and its width in pixels.
_CHART_TOP, _BAR, _CHART_WIDTH, _POINTS_IN_PIXELS = 40, 26, 860, 0.75
_CHART_FONT = {"name": "Arial", "size": 10, "bold": False}
_INK = "#1F3A4D"
_STARTS_A_FORMULA = ("=", "+", "-", "@")
_COVER_WIDTHS = (26, 100)
_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 1, 1)  # no day that somebody fills in lies outside
_INERT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def open_workbook(
    to: io.BytesIO, title: str, made: date, *, streams: bool = False, in_memory: bool = False
) -> xlsxwriter.Workbook:
    """A workbook to be written to a buffer, in which no text becomes a formula, a link or a number.

    Args:
        to: where it is when it has been closed: the same content, the same bytes.
        title: the title in its properties.
        made: the only date in them.
        streams: whether each row is let go when the next begins; else cells may be written in any order.
        in_memory: whether its parts are put together in memory, and not in files that are gone in the end.
    """
    book = xlsxwriter.Workbook(to, {"constant_memory": streams, "in_memory": in_memory, **_INERT})
    created = datetime.combine(made, time())
    book.set_properties({"title": fitting(title)[:255], "author": "casescreen", "created": created})
    return book


class Book:
    """A workbook that is written a sheet at a time, and then asked for its bytes."""

    def __init__(self, title: str, as_of: date, *, rows: int = 0) -> None:
        """Begin a workbook; its only date is that of the screening.

        Args:
            title: what it is about.
            as_of: the date.
            rows: about how many rows it will have. Up to ``MOST_AT_ONCE`` it is kept in memory until it is asked for,
                which takes a third less time and makes a smaller file; beyond that each row is let go when it is
                written.
        """
        self._to = io.BytesIO()
        self._streams = rows > MOST_AT_ONCE
        self._book = open_workbook(self._to, title, as_of, streams=self._streams, in_memory=not self._streams)
        self._looks = {name: self._book.add_format(look) for name, look in LOOKS.items()}
        self._tones = {tone: self._book.add_format(colours) for tone, colours in COLOURS.items()}
        self._names: list[str] = []
        self._links = 0  # on the sheet that is being written

    def write_cover(self, lines: Iterable[Line | BarChart]) -> None:
        """A first sheet of labels and what is said of each, with charts of tables that are written after it."""
        sheet = self._sheet("Cover")
        sheet.hide_gridlines(2)
        sheet.set_portrait()
        sheet.fit_to_pages(1, 1)
        for number, width in enumerate(_COVER_WIDTHS):
            sheet.set_column(number, number, width)
        for row, line in enumerate(lines):
            if isinstance(line, BarChart):
                self._insert(sheet, row, line)
            elif line.said:
                sheet.set_row(row, _height((line.about, line.said), _COVER_WIDTHS))
                sheet.write_string(row, 0, fitting(line.about), self._looks["label"])
                self._write(sheet, row, 1, line.said)
            else:
                sheet.set_row(row, 34 if row else 30)
                sheet.write_string(row, 0, fitting(line.about), self._looks["heading" if row else "title"])

    def write_table(self, content: SheetContent, *, large: bool = False) -> None:
        """A sheet with one table, its titles frozen above it and printed on every page.

        Args:
            content: what stands in it; there is a row at least, if it is ``large``.
            large: whether it may have very many rows. No chart can be drawn of them.
        """
        sheet = self._sheet(content.name)
        sheet.set_row(0, 30)
        for number, column in enumerate(content.columns):
            sheet.set_column(number, number, column.width, self._looks["empty day" if column.is_day else "empty"])
            sheet.write_string(0, number, column.title, self._header(column))
        widths, last = [column.width for column in content.columns], 0
        rows = rows_of(sheet, len(widths)) if large else sheet
        for last, row in enumerate(content.rows, 1):
            rows.set_row(last, _height(row, widths))
            for number, cell in enumerate(row):
                self._write(rows, last, number, cell)
        if not last:
            last = 1
            sheet.write_string(1, 0, fitting(content.nothing), self._looks["text"])
        titles = [{"header": column.title, "header_format": self._header(column)} for column in content.columns]
        options = {"name": f"Table{len(self._names)}", "style": "Table Style Light 1", "columns": titles}
        # A sheet that gives its rows up as it goes refuses tables, only because of the titles: it cannot go back to
        # write them. Here they are in the sheet before any row, so for this one call it may hold what it is given.
        sheet.constant_memory = False
        sheet.add_table(0, 0, last, len(titles) - 1, options)
        sheet.constant_memory = self._streams
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        for number, column in enumerate(content.columns):
            for word, tone in column.tones.items():
                quoted = '"' + fitting(word)[:200].replace('"', '""') + '"'
                rule = {"type": "cell", "criteria": "==", "value": quoted, "format": self._tones[tone]}
                sheet.conditional_format(1, number, last, number, rule)
            if column.wanted_with is not None:
                self._want(sheet, content.columns, number, last, *column.wanted_with)
            if (check := _check(column)) is not None:
                sheet.data_validation(1, number, last, number, check)

    def _header(self, column: SheetColumn) -> Format:
        return self._looks["to fill in" if column.hint else "header"]

    def _want(
        self, sheet: Worksheet, columns: Sequence[SheetColumn], number: int, last: int, title: str, word: str
    ) -> None:
        """Colour the cells of a column that are empty although a word below another title asks for them."""
        other = [one.title for one in columns].index(title)
        there, here = (xl_rowcol_to_cell(1, at, col_abs=True) for at in (other, number))
        rule = {"type": "formula", "criteria": f'=AND({there}="{word}",{here}="")', "format": self._tones[Tone.BAD]}
        sheet.conditional_format(1, number, last, number, rule)

    def _insert(self, sheet: Worksheet, row: int, content: BarChart) -> None:
        """Put a chart into a row of its own, the first bar above the others."""
        tall = _CHART_TOP + _BAR * len(content.said)
        sheet.set_row(row, tall)
        chart = self._book.add_chart({"type": "bar"})
        cells = (
            [1, content.labels, len(content.said), content.labels],
            [1, content.shares, len(content.said), content.shares],
        )
        labels = {"value": True, "custom": [{"value": fitting(one)} for one in content.said], "font": _CHART_FONT}
        categories, values = ([content.sheet, *where] for where in cells)
        series = {"categories": categories, "values": values, "data_labels": labels, "gap": 60, "fill": {"color": _INK}}
        chart.add_series(series)
        chart.set_title({"name": fitting(content.title), "overlay": False, "name_font": {**_CHART_FONT, "size": 12}})
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True, "num_font": _CHART_FONT, "line": {"none": True}, "major_tick_mark": "none"})
        chart.set_x_axis({"min": 0, "max": 100, "visible": False, "major_gridlines": {"visible": False}})
        chart.set_chartarea({"border": {"none": True}})
        chart.set_size({"width": _CHART_WIDTH, "height": int(tall / _POINTS_IN_PIXELS) - 4})
        placed = {"description": fitting(content.about)[:1_000], "object_position": 2, "x_offset": 4, "y_offset": 2}
        sheet.insert_chart(row, 0, chart, placed)

    def to_bytes(self) -> bytes:
        """The whole workbook. Nothing can be written after it."""
        self._book.close()
        return self._to.getvalue()

    def _sheet(self, wanted: str) -> Worksheet:
        name = sheet_name(wanted, self._names)
        self._names.append(name)
        self._links = 0
        sheet = self._book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer("&L&A&RPage &P of &N")
        return sheet

    def _write(self, sheet: Worksheet | SheetRows, row: int, column: int, cell: Cell) -> None:
        if isinstance(cell, str):  # asked first, as nearly all are
            if cell:
                shown, look = _dressed(cell) if len(cell) > _SHORT else _dressed_once(cell)
                sheet.write_string(row, column, shown, self._looks[look])
        elif isinstance(cell, SheetLink | FileLink):
            self._write_link(sheet, row, column, cell)
        elif isinstance(cell, tuple):
            below = cut_to_cell("\n".join(map(fitting, cell)))
            look = "guarded" if below.lstrip().startswith(_STARTS_A_FORMULA) else "text"
            sheet.write_string(row, column, below, self._looks[look])
        elif isinstance(cell, int):
            sheet.write_number(row, column, cell, self._looks["count"])
        elif isinstance(cell, date) and cell >= FIRST_DAY:
            sheet.write_datetime(row, column, cell, self._looks["day"])
        elif isinstance(cell, date):
            self._write(sheet, row, column, in_words(cell))

    def _write_link(self, sheet: Worksheet | SheetRows, row: int, column: int, link: SheetLink | FileLink) -> None:
        """A text with its link; without, where it is too long or the sheet has as many as Excel takes."""
        if self._links >= MOST_LINKS or len(link.target) > LONGEST_LINK:
            self._write(sheet, row, column, link.says)
            return
        self._links += 1
        shown, look = _dressed_once(link.says)
        sheet.write_url(row, column, link.target, self._looks["link" if look == "text" else "guarded link"], shown)


def _check(column: SheetColumn) -> dict[str, object] | None:
    """What Excel checks where somebody fills a column in, and tells them; None where it is nothing."""
    if not (column.choices or column.is_day or column.hint):
        return None
    check: dict[str, object] = {"validate": "any"}
    if column.choices:
        check = {"validate": "list", "source": list(column.choices)}
    elif column.is_day:
        check = {"validate": "date", "criteria": "between", "minimum": _EARLIEST, "maximum": _LATEST}
    if column.hint:
        check |= {"input_title": column.title, "input_message": column.hint}
        if check["validate"] != "any":
            check |= {"error_title": column.title, "error_message": column.hint}
    return check


def _dressed(text: str) -> tuple[str, str]:
    """A text as it fits a cell, and the look of it."""
    shown = fitting(text)
    return shown, "guarded" if shown.lstrip().startswith(_STARTS_A_FORMULA) else "text"


# The same titles, names and remedies stand in very many cells. Long texts seldom do, and would fill the memory.
_dressed_once = lru_cache(maxsize=4_000)(_dressed)


def _height(row: Iterable[Cell], widths: Sequence[int]) -> float:
    """Room for the cell that needs the most lines; not every program works it out for itself."""
    longest = 1.0
    for cell, width in zip(row, widths, strict=True):
        if isinstance(cell, str) and len(cell) > longest * width:
            longest = len(cell) / width
        elif isinstance(cell, tuple):
            longest = max(longest, lines_needed(cell, width))
        elif isinstance(cell, SheetLink | FileLink):
            longest = max(longest, len(cell.says) / width)
    return min(_TALLEST, _LINE * ceil(longest) + _GAP)


def lines_needed(cell: Iterable[str], width: int) -> int:
    """How many lines of a cell the texts take below each other: letters are narrower than the figures of a width."""
    return sum(max(1, ceil(len(text) / (_LETTERS * width))) for text in cell)


MOST_LINES = (_TALLEST - _GAP) // _LINE
"""How many lines of a cell Excel shows at most."""
