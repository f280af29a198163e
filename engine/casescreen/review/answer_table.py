"""A table of answers as records: laid out as the tables of cases are, with the list of the cases or without it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import evolve, frozen

from casescreen.cases.documents import Record
from casescreen.cases.mapping.build import build_records
from casescreen.cases.mapping.cell_reading import id_in
from casescreen.cases.mapping.layout import heading_names, is_aside, layout_mapping
from casescreen.cases.schema import RecordSchema
from casescreen.cases.tables.cells import Cell, is_blank
from casescreen.cases.tables.sheet import HeadedSheet, Sheet, with_headings
from casescreen.model.case import ANSWER, ANSWERS, ANSWERS_TABLE, CASES, CRITERION, ID, REASON
from casescreen.model.problem import Fault, Place, Problem, ProblemsError
from casescreen.text import counted, folded, listed, visible

_MOST_ROWS = 200_000
_FEW = 5
_WHY = "What is not read cannot be compared."


@frozen(eq=False)
class AnswerTable:
    """What sheets hold of answers.

    Attributes:
        records: a record for each case, with its answers and nothing else.
        notices: what is not read of it, or is to be looked at.
    """

    records: Sequence[Record]
    notices: tuple[Problem, ...]


def answer_table(sheets: Sequence[Sheet], schema: RecordSchema) -> AnswerTable | None:
    """The answers in sheets; None if these are cases with all that records have.

    A sheet "answers" has a row for each answer, and a sheet "cases" the ids of the cases. Without the latter the cases
    are those that the rows name: then one without an answer has a row with its id alone.

    Raises:
        ProblemsError: there is no sheet of answers, or everything that is wrong in it.
    """
    named = {folded(sheet.called): sheet for sheet in sheets if sheet.is_filled and not is_aside(sheet)}
    cases, answers = named.get(CASES), named.get(ANSWERS)
    if len(named) == 1 and cases is None:
        [answers] = named.values()
    if named and answers is None and cases is None:
        first = next(iter(named.values()))
        advice = f'Call the sheet that has a row for each answer "{ANSWERS}". {_headings_wanted()}'
        raise ProblemsError([Problem(Place(first.file), "there is no sheet of answers in it", advice)])
    if answers is None or (cases is not None and not _has_ids_alone(cases)):
        return None
    headed = _headed(evolve(answers, called=ANSWERS), schema)
    if cases is None:
        cases = _cases_of(headed, schema)
    bound = layout_mapping([cases, _without_blanks(headed, schema)], schema)
    if isinstance(bound, tuple):
        raise ProblemsError(bound)
    built = build_records(bound, schema.taken_on, bare=True)
    if built.problems:
        raise ProblemsError(built.problems)
    return AnswerTable(built.records, (*bound.left_aside, *bound.noticed))


def _has_ids_alone(sheet: Sheet) -> bool:
    headed = with_headings(sheet)
    return headed is not None and [folded(heading) for _, heading in headed.headings()] == [ID]


def _headed(sheet: Sheet, schema: RecordSchema) -> HeadedSheet:
    """The sheet of answers from its headings down.

    Raises:
        ProblemsError: it cannot be one, or has too many rows.
    """
    headed = with_headings(sheet)
    if headed is None:
        raise ProblemsError([Problem(sheet.place(0), "there are no headings in it", _headings_wanted())])
    names = _columns(headed, schema)
    asked = {CRITERION, ANSWER} <= names.keys() or any(name.startswith("asked.") for name in names)
    if ID not in names or not asked:
        there = listed((f'"{visible(heading)}"' for _, heading in [*headed.headings()][:_FEW]), "and")
        what = f"it is no table of answers: its headings are {there}"
        raise ProblemsError([Problem(sheet.place(headed.header), what, _headings_wanted(), _WHY)])
    if len(headed.rows()) > _MOST_ROWS:
        what = f"it holds {counted(len(headed.rows()), 'row')}"
        raise ProblemsError([Problem(sheet.place(0), what, f"A file can hold up to {_MOST_ROWS:,} answers.")])
    return headed


def _headings_wanted() -> str:
    return f"The headings are {listed([ID, *ANSWERS_TABLE.columns], 'and')}; {ID}, criterion and answer are needed."


def _columns(headed: HeadedSheet, schema: RecordSchema) -> Mapping[str, str]:
    """The headings by the names of the columns that they stand for."""
    names = heading_names(schema, ANSWERS)
    return {names[folded(heading)]: heading for _, heading in headed.headings() if folded(heading) in names}


def _cases_of(headed: HeadedSheet, schema: RecordSchema) -> Sheet:
    """The sheet of cases that a sheet of answers stands for: the id of each case, where it stands first."""
    column = headed.columns[_columns(headed, schema)[ID]]
    seen: set[str] = set()
    rows: list[Sequence[Cell]] = []
    for number, cells in enumerate(headed.sheet.rows):
        cell = cells[column] if number >= headed.header and column < len(cells) else None
        key = id_in(cell)
        is_new = not is_blank(cell) and (isinstance(key, Fault) or key not in seen)
        rows.append([*[None] * column, cell] if is_new else [])
        if isinstance(key, str):
            seen.add(key)
    return evolve(headed.sheet, called=CASES, rows=rows)


def _without_blanks(headed: HeadedSheet, schema: RecordSchema) -> Sheet:
    """The sheet of answers without the rows in which nothing is answered and no reason given."""
    columns = _columns(headed, schema)
    if ANSWER not in columns:
        return headed.sheet
    said = [headed.columns[columns[name]] for name in (ANSWER, REASON) if name in columns]
    rows: list[Sequence[Cell]] = []
    for number, cells in enumerate(headed.sheet.rows):
        is_said = any(index < len(cells) and not is_blank(cells[index]) for index in said)
        rows.append(cells if number <= headed.header or is_said else [])
    return evolve(headed.sheet, rows=rows)
