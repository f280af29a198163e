"""The form for a single case, as a page of the workbook to fill in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import ceil
from typing import Any

from attrs import define

from casescreen.cases.one_case_form import NOTE, QUESTIONS, TITLE
from casescreen.model.case import ANSWER, ANSWERED_ON, ANSWERS_TABLE, ID, ITEM, READER, REASON, SOURCE
from casescreen.model.dictionary import Field, Kind
from casescreen.model.rulebook import Criterion
from casescreen.text import listed

# A label and a box, twice beside each other.
_WIDTHS = (36, 16, 2, 36, 16)
_HALF, _LAST, _ROW, _LINE, _A4 = 3, 4, 26, 14, 9
_FEW_WORDS, _REASON_ROWS = 4, 4
_YES_NO = ("yes", "no")


def words_of(column: Field) -> tuple[str, ...]:
    """The words that may stand in a column; none where it is not one of words."""
    return _YES_NO if column.kind is Kind.YES_NO else column.allowed


@define(eq=False)
class FormSheet:
    """The sheet while it is written.

    Attributes:
        sheet: a new sheet.
        looks: the looks of cells, by name.
        validation: what a cell takes, by the title and the field of it.
    """

    sheet: Any
    looks: Mapping[str, Any]
    validation: Callable[[str, Field], Mapping[str, object]]

    def write(
        self, title: str, facts: Mapping[str, Field], answers: Mapping[str, Field], judged: Sequence[Criterion]
    ) -> None:
        """Write the facts in two columns, the questions below them, and what is told of all answers.

        Args:
            title: what the cases are for.
            facts: by their headings on the sheet of the cases.
            answers: what may stand on the sheet of the answers, by its heading.
            judged: the criteria that a reader answers.
        """
        self.sheet.hide_gridlines(2)
        self.sheet.set_paper(_A4)
        self.sheet.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.5)
        self.sheet.fit_to_pages(1, 1)
        for number, width in enumerate(_WIDTHS):
            self.sheet.set_column(number, number, width)
        self.sheet.write_string(0, 0, f"{TITLE} {title}", self.looks["title"])
        self.sheet.set_row(0, 24)
        self.sheet.merge_range(1, 0, 1, _LAST, NOTE, self.looks["asked"])
        self.sheet.set_row(1, 2 * _LINE)
        row = self._write_pairs(3, facts)
        asked = {heading: one for heading, one in answers.items() if one.kind is Kind.CHOICE and _is_question(one)}
        if asked:
            row = self._write_questions(row + 1, asked)
            by_name = {one.name: (heading, one) for heading, one in answers.items()}
            told = [by_name[name] for name in (READER, ANSWERED_ON, SOURCE)]
            if of_rows := dict.fromkeys(one.per.table for one in judged if one.per is not None):
                heading, item = by_name[ITEM]
                told.append((f"{heading} (of {listed(of_rows)})", item))
            row = self._write_pairs(row, dict(told))
            row = self._write_reason(row, *by_name[REASON])
        self.sheet.print_area(0, 0, row - 1, _LAST)

    def _write_pairs(self, start: int, facts: Mapping[str, Field]) -> int:
        half = ceil(len(facts) / 2)
        for number, (heading, fact) in enumerate(facts.items()):
            row, column = start + number % half, 0 if number < half else _HALF
            self.sheet.set_row(row, _ROW)
            words = words_of(fact)
            choice = f" ({'/'.join(words)})" if words and len(words) <= _FEW_WORDS else ""
            self.sheet.write_string(row, column, f"{heading}{choice}", self.looks["asked"])
            self._write_box(row, column + 1, heading, fact)
        return start + half

    def _write_questions(self, start: int, asked: Mapping[str, Field]) -> int:
        self.sheet.write_string(start, 0, QUESTIONS, self.looks["heading"])
        self.sheet.write_string(start, _LAST, "/".join(ANSWERS_TABLE.columns[ANSWER].allowed), self.looks["heading"])
        for row, (heading, one) in enumerate(asked.items(), start + 1):
            self.sheet.set_row(row, _ROW)
            self.sheet.merge_range(row, 0, row, _LAST - 1, heading, self.looks["asked"])
            self._write_box(row, _LAST, "answer", one)
        return start + len(asked) + 1

    def _write_reason(self, row: int, heading: str, reason: Field) -> int:
        self.sheet.write_string(row, 0, f"{heading} (needed for n/a)", self.looks["asked"])
        self.sheet.merge_range(row, 1, row + _REASON_ROWS - 1, _LAST, "", self.looks["box"])
        self.sheet.data_validation(row, 1, row, 1, self.validation(heading, reason))
        return row + _REASON_ROWS

    def _write_box(self, row: int, column: int, heading: str, one: Field) -> None:
        self.sheet.write_blank(row, column, None, self.looks["box day" if one.kind is Kind.DATE else "box"])
        self.sheet.data_validation(row, column, row, column, self.validation(heading, one))


def _is_question(column: Field) -> bool:
    return column.name not in {ID, *ANSWERS_TABLE.columns}
