"""A small dictionary that has a field of every kind, and how tests write cases and read them against it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from casescreen.cases.load import read_cases
from casescreen.model.case import Caseload
from casescreen.model.dictionary import Dictionary, Field, Kind, Table
from casescreen.model.problem import Problem, ProblemsError
from casescreen.model.screening import Quoting

Read = Callable[..., Caseload]
ReadText = Callable[..., Caseload]
Problems = Callable[..., tuple[Problem, ...]]
Rows = Sequence[Sequence[object]]
Workbook = Callable[[Mapping[str, Rows]], Path]
Delimited = Callable[..., Path]

_FIELDS = (
    Field("case.id", "id", Kind.TEXT, "Its number."),
    Field("case.manager", "case manager", Kind.TEXT, "Who holds it."),
    Field("order.type", "type of order", Kind.CHOICE, "Which.", ("referral order", "reparation order")),
    Field("order.starts_on", "order started", Kind.DATE, "When.", past=True),
    Field("order.ends_on", "order ends", Kind.DATE, "When."),
    Field("plan.shared", "the plan was shared", Kind.YES_NO, "Whether."),
    Field("plan.objectives", "objectives in the plan", Kind.NUMBER, "How many."),
)
_REPORTS = Table(
    "reports",
    "reports",
    "report",
    "Reports written.",
    "kind",
    {
        "id": Field("id", "id", Kind.TEXT, "Its number.", table="reports"),
        "kind": Field("kind", "kind", Kind.TEXT, "Which.", table="reports"),
        "done_on": Field("done_on", "done on", Kind.DATE, "When.", past=True, table="reports"),
    },
    key="id",
)
_REVIEWS = Table(
    "reviews",
    "reviews",
    "review",
    "Reviews held.",
    "of",
    {
        "of": Field("of", "of", Kind.TEXT, "What.", table="reviews"),
        "due_on": Field("due_on", "due on", Kind.DATE, "When.", table="reviews"),
    },
)


@pytest.fixture(scope="session")
def dictionary() -> Dictionary:
    """A dictionary of three sections and two tables."""
    return Dictionary({field.name: field for field in _FIELDS}, {"reports": _REPORTS, "reviews": _REVIEWS})


@pytest.fixture(scope="session")
def read(dictionary: Dictionary) -> Read:
    """A function that reads sources that were taken on 9 May 2016, against two criteria."""

    def reading(*sources: str | Path, strict: bool = True) -> Caseload:
        return read_cases(
            sources,
            dictionary,
            criteria=("plan-timely", "plan-shared"),
            taken_on=date(2016, 5, 9),
            quoting=Quoting.EVERYTHING,
            strict=strict,
        )

    return reading


@pytest.fixture
def read_text(read: Read, tmp_path: Path) -> ReadText:
    """A function that reads a text or bytes as a file of the name given."""

    def reading(content: str | bytes, name: str = "case.toml") -> Caseload:
        file = tmp_path / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return read(file)

    return reading


@pytest.fixture(scope="session")
def problems(read: Read) -> Problems:
    """A function that gives the problems of sources, whether they are raised or handed back."""

    def finding(*sources: str | Path) -> tuple[Problem, ...]:
        try:
            return read(*sources).problems
        except ProblemsError as error:
            return error.problems

    return finding


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
