"""Tables of cases in the small dictionary of the intake's tests, and ways of writing them as files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest

Rows = Sequence[Sequence[object]]
Workbook = Callable[[Mapping[str, Rows]], Path]
Delimited = Callable[..., Path]


@pytest.fixture
def workbook(tmp_path: Path) -> Workbook:
    """A function that writes sheets of rows as a workbook, by a program that is not ours."""

    def written(sheets: Mapping[str, Rows], name: str = "book.xlsx") -> Path:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
        book.save(tmp_path / name)
        return tmp_path / name

    return written


@pytest.fixture
def delimited(tmp_path: Path) -> Delimited:
    """A function that writes rows as text with delimiters."""

    def written(rows: Rows, name: str = "cases.csv", *, delimiter: str = ",", encoding: str = "utf-8") -> Path:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=delimiter).writerows(rows)
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(text.getvalue().encode(encoding))
        return file

    return written
