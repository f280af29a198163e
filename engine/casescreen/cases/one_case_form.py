"""The form for a single case: as a page of the workbook to fill in, and as it is read back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import ceil
from typing import Any

from attrs import Factory, define, frozen

from casescreen.cases.mapping.layout import heading_names, is_aside
from casescreen.cases.schema import ASIDE, RecordSchema
from casescreen.cases.tables.cells import Cell, is_blank
from casescreen.cases.tables.sheet import NOT_READ, CellIndex, Sheet, with_headings
from casescreen.model.case import (
    ANSWER,
    ANSWERED_ON,
    ANSWERS,
    ANSWERS_TABLE,
    CASES,
    ID,
    ITEM,
    READER,
    REASON,
    SOURCE,
    is_example,
)
from casescreen.model.dictionary import Field, Kind
from casescreen.model.problem import Place, Problem
from casescreen.model.rulebook import Criterion
from casescreen.text import folded, listed

FORM = ASIDE[-1]
TITLE = "One case:"
NOTE = (
    "For a single case, to fill in by hand or on screen while you read its file. Saved, it is read as a row of the "
    f'sheets "{CASES}" and "{ANSWERS}", if there is no case in these.'
)
QUESTIONS = "Questions"

_NOTE_ROW = 1
_PRINTED = (QUESTIONS, "Reasons, who answered and when")  # the other as it stood in 0.5.0
_CHOICE = re.compile(r"\s*\([^()]*\)$")


@frozen(eq=False, kw_only=True)
class FormRow(Sheet):
    """A row of a table as a form has it, which knows where in the form each of its cells stands.

    Attributes:
        form: the sheet that is the form.
        places: where the value of each column stands there.
    """

    form: Sheet
    places: Sequence[CellIndex]

    def place(self, row: int, column: int | None = None, part: str = "") -> Place:
        """The cell of the form; the whole row is told by that of its first value."""
        at, index = self.places[column or 0]
        return self.form.place(at, None if column is None and row else index, part)


def with_form(sheets: Sequence[Sheet], schema: RecordSchema) -> tuple[Sequence[Sheet], tuple[Problem, ...]]:
    """The sheets with the rows of a form that is filled in, and what of it is not read.

    A form stands for a row of the cases and one of the answers. Where such a table has rows of its own, nobody knows
    whether they are meant to be one, so the form is not read, and that is told.
    """
    form = next((one for one in sheets if folded(one.called) == FORM and is_aside(one)), None)
    if form is None or not form.rows or not str(next(iter(form.rows[0]), "")).startswith(TITLE):
        return sheets, ()
    reader = _FormReader(form, schema)
    reader.read()
    problems = [*(reader.strays if schema.questions else ())]  # else the questions themselves would be taken for some
    kept = [*sheets]
    for table in (CASES, ANSWERS):
        if (row := reader.row(table)) is None:
            continue
        names = heading_names(schema, table)
        own = [one for one in kept if folded(one.called) in (table, folded(_label(schema, table)))]
        filled = next((one for one in own if _has_rows(one, names)), None)
        if filled is not None:
            what = f'this form is filled in, and so is the sheet "{filled.called}": only that is read'
            advice = "Put what the form says into a row there, or into a workbook of its own; then clear the form."
            problems.append(Problem(row.place(1, 0), what, advice, NOT_READ))
            break
        kept = [*(one for one in kept if one not in own), row]
    return kept, tuple(problems)


def _label(schema: RecordSchema, table: str) -> str:
    return schema.tables[table].label if table in schema.tables else table


def _has_rows(sheet: Sheet, names: Mapping[str, str]) -> bool:
    """Whether a table has a row beside those that only show how it is done."""
    headed = with_headings(sheet)
    ids = [heading for heading in headed.columns if names.get(folded(heading)) == ID] if headed else []
    if headed is None or not ids:
        return sheet.is_filled
    cells = (headed.cell(row, ids[0]) for row in headed.rows())
    return any(not (isinstance(cell, str) and is_example(cell.strip())) for cell in cells)


@define(eq=False)
class _FormReader:
    """Finds what stands beside each label of a form.

    Attributes:
        values: where the value of each heading stands, by table.
        strays: what stands where nothing belongs.
    """

    form: Sheet
    schema: RecordSchema
    values: dict[str, list[tuple[str, CellIndex]]] = Factory(lambda: {CASES: [], ANSWERS: []})
    strays: list[Problem] = Factory(list)

    def read(self) -> None:
        """Go through the form, a row after another."""
        known = {table: heading_names(self.schema, table) for table in (CASES, ANSWERS)}
        for number, cells in enumerate(self.form.rows):
            labels = dict(_labels(cells, known))
            taken: set[int] = set()
            ordered = sorted(labels)
            for at, column in enumerate(ordered):
                end = ordered[at + 1] if at + 1 < len(ordered) else len(cells)
                filled = (index for index in range(column + 1, end) if not is_blank(cells[index]))
                value = next(filled, column + 1)
                taken.update((column, value))
                table, heading = labels[column]
                self.values[table].append((heading, (number, value)))
            for index, cell in enumerate(cells):
                if index not in taken and not is_blank(cell) and not self._is_printed(number, cell):
                    what = "what stands here in the form belongs to no label of it"
                    self.strays.append(Problem(self.form.place(number, index), what, _ADVICE, NOT_READ))

    def row(self, table: str) -> FormRow | None:
        """The row of a table; None where nothing is filled in for it."""
        values = self.values[table]
        if all(is_blank(self._cell(at)) for _, at in values):
            return None
        ids = [] if table == CASES else [(heading, at) for heading, at in self.values[CASES] if self._is_id(heading)]
        every = [*ids, *values]
        return FormRow(
            file=self.form.file,
            name=self.form.name,
            called=table,
            rows=[[heading for heading, _ in every], [self._cell(at) for _, at in every]],
            form=self.form,
            places=[at for _, at in every],
        )

    def _is_id(self, heading: str) -> bool:
        return heading_names(self.schema, CASES).get(folded(heading)) == ID

    def _cell(self, at: CellIndex) -> Cell:
        row, column = at
        cells = self.form.rows[row]
        return cells[column] if column < len(cells) else None

    def _is_printed(self, row: int, cell: Cell) -> bool:
        """Whether a text is a part of the form that says nothing of a case."""
        text = str(cell).strip()
        return (
            (row == 0 and text.startswith(TITLE)) or text in (NOTE, QUESTIONS) or set(text.split("/")) >= {"yes", "no"}
        )


_ADVICE = "Write beside a label, and leave the labels as they are."


def _labels(cells: Sequence[Cell], known: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[int, tuple[str, str]]]:
    """The column of each label of a row, with its table and heading; what stands beside a label is its value."""
    last = -2
    for column, cell in enumerate(cells):
        if not isinstance(cell, str) or column == last + 1:
            continue
        for text in (cell.strip(), _CHOICE.sub("", cell.strip())):
            table = next((table for table, names in known.items() if folded(text) in names), None)
            if table is not None:
                last = column
                yield column, (table, text)
                break


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
