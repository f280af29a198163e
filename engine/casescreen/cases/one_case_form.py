"""The form for a single case, which a workbook to fill in has beside its tables: read as rows of these."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from attrs import Factory, define, frozen

from casescreen.cases.mapping.layout import heading_names, is_aside
from casescreen.cases.schema import ASIDE, RecordSchema
from casescreen.cases.tables.cells import Cell, is_blank
from casescreen.cases.tables.sheet import NOT_READ, CellIndex, Sheet, with_headings
from casescreen.model.case import ANSWERS, CASES, ID, is_example
from casescreen.model.problem import Place, Problem
from casescreen.text import folded

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
