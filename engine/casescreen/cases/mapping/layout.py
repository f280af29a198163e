"""The mapping that sheets laid out as casescreen writes them have by their own names and headings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from attrs import Factory, define, evolve

from casescreen.cases.mapping.model import BoundMapping, CaseMapping, MappedColumn, MappedRows, Only, Step
from casescreen.cases.schema import ASIDE, DAY_FIRST, RecordSchema, has_label
from casescreen.cases.tables.cells import DateOrder
from casescreen.cases.tables.sheet import KEEP_ONE, MOST_PROBLEMS, NOT_READ, HeadedSheet, Sheet, letters, with_headings
from casescreen.model.case import (
    ANSWER,
    ANSWERED_ON,
    ANSWERS,
    CASES,
    CRITERION,
    HAS,
    ID,
    ITEM,
    READER,
    REASON,
    SOURCE,
)
from casescreen.model.dictionary import Field, Kind
from casescreen.model.problem import Advice, Fault, Place, Problem, ProblemCollector, joined
from casescreen.text import folded, in_words, listed, nearest

_BY_MAPPING = Advice(
    "Headings and sheets of other names, and headings that stand further down, can be read by a mapping: "
    "casescreen mapping suggest FILE drafts one.",
    "The workbook to fill in has every heading as it is read.",
)
_ASKED = "asked."
"""What the name of a column of the answers begins with that is headed by a question: its id follows."""
_BESIDE = (REASON, READER, ANSWERED_ON, SOURCE)
"""What is told once of all answers of a row that are headed by questions."""


def layout_mapping(sheets: Sequence[Sheet], schema: RecordSchema) -> BoundMapping | tuple[Problem, ...]:
    """The mapping that the names of the sheets and their headings make, or everything that stands in the way.

    A sheet is called as its table is, by name or label, in any capitals; if only one sheet has anything in it, it
    holds the cases whatever it is called. Headings are the names of fields or their labels; of answers also questions,
    each with its answer below it.
    """
    layout = _Layout(schema, DateOrder.DAY_FIRST if any(map(_says_day_first, sheets)) else None)
    bound = layout.bind(sheets)
    if bound is None or layout.problems.problems:
        return (*layout.problems.problems, *layout.left_aside.problems)
    return bound


@define
class _Layout:
    """The sheets as they are mapped; what does not fit is noted.

    Attributes:
        schema: what a record may have.
        order: how days in figures are read; None where each column itself must tell.
        problems: what leaves nothing to be read.
        left_aside: what is not read, where the rest is.
        unreadable: the tables that cannot be read for any case.
    """

    schema: RecordSchema
    order: DateOrder | None = None
    problems: ProblemCollector = Factory(lambda: ProblemCollector(MOST_PROBLEMS))
    left_aside: ProblemCollector = Factory(lambda: ProblemCollector(MOST_PROBLEMS))
    unreadable: dict[str, Fault] = Factory(dict)

    def bind(self, sheets: Sequence[Sheet]) -> BoundMapping | None:
        named = self._tables(sheets)
        headed = {name: found for name, sheet in named.items() if (found := with_headings(sheet))}
        for name in named.keys() - headed.keys():
            advice = joined(f'Write the names of the fields above the rows, "{ID}" among them.', _BY_MAPPING)
            self._note_unusable(name, named[name].place(0), "there are no headings in it", advice)
        if CASES not in headed:
            return None
        tables: dict[str, HeadedSheet] = {}
        columns: dict[str, dict[str, MappedColumn]] = {}
        for name, sheet in headed.items():
            self.left_aside.extend(islice(sheet.problems(), MOST_PROBLEMS))
            tables[name], columns[name] = self._columns(name, sheet)
        if ID not in columns[CASES]:
            return None
        case_id, cases = columns[CASES].pop(ID), columns.pop(CASES)
        ids = {name: found.pop(ID) for name, found in columns.items() if ID in found}
        mapping = CaseMapping(
            "",
            tables[CASES].place(tables[CASES].header),
            CASES,
            case_id.heading,
            columns=[column for name, column in cases.items() if not name.startswith(HAS)],
            listed={name.removeprefix(HAS): column for name, column in cases.items() if name.startswith(HAS)},
            rows=[
                rows
                for name, id_ in ids.items()
                for rows in self._rows(name, [Step(name, case_id.heading, id_.heading, id_.place)], columns[name])
            ],
        )
        hidden = tuple(problem for sheet in tables.values() for problem in sheet.hidden())
        return BoundMapping(mapping, tables, tuple(self.left_aside.problems), hidden, self.unreadable)

    def _rows(self, table: str, steps: Sequence[Step], columns: Mapping[str, MappedColumn]) -> Iterator[MappedRows]:
        """The rows of a table; of answers also one for each cell that is filled in below a question."""
        asked = {name.removeprefix(_ASKED): one for name, one in columns.items() if name.startswith(_ASKED)}
        named = {name: one for name, one in columns.items() if not name.startswith(_ASKED)}
        if not asked:
            yield MappedRows(table, steps, [*named.values()], {}, ())
        elif CRITERION in named:
            yield MappedRows(table, steps, [*named.values()], {}, [_filled(named[CRITERION])])
        for criterion, column in asked.items():
            # The row that a question is about is told beside it only if it is asked of rows.
            is_of_rows = self.schema.questions[folded(criterion)].per is not None
            told = [one for name, one in named.items() if name in _BESIDE or (name == ITEM and is_of_rows)]
            yield MappedRows(table, steps, [column, *told], {CRITERION: criterion}, [_filled(column)])

    def _tables(self, sheets: Sequence[Sheet]) -> dict[str, Sheet]:
        """The sheets by the tables that they hold."""
        labels = {folded(table.label): name for name, table in self.schema.tables.items()}
        known = {CASES: CASES, **labels, **{folded(name): name for name in self.schema.tables}}
        filled = [sheet for sheet in sheets if sheet.is_filled and not is_aside(sheet)]
        if len(filled) == 1 and folded(filled[0].called) not in known:
            return {CASES: filled[0]}
        tables: defaultdict[str, list[Sheet]] = defaultdict(list)
        for sheet in filled:
            if (name := known.get(folded(sheet.called))) is None:
                close = nearest(folded(sheet.called), known)
                names = listed(dict.fromkeys(known.values()))
                advice = f'Did you mean "{known[close]}"?' if close else f"A sheet can be called {names}."
                if not close and self._may_hold_cases(sheet):
                    advice = f'If it has cases too, put its rows into the sheet "{CASES}", or into a file of their own.'
                what = f'"{in_words(sheet.called)}" is not a table of a case'
                self.left_aside.add(sheet.place(0), what, joined(advice, _BY_MAPPING), NOT_READ)
            else:
                tables[name].append(sheet)
        for name, (first, *others) in tables.items():
            for sheet in others:
                self._note_unusable(name, sheet.place(0), f"{first.place(0)} holds the {name} too")
        if CASES not in tables:
            advice = f'Call the sheet that has a row for each case "{CASES}".'
            self.problems.add((filled or sheets)[0].place(0), "there is no sheet of cases", advice)
        return {name: several[0] for name, several in tables.items() if len(several) == 1}

    def _may_hold_cases(self, sheet: Sheet) -> bool:
        """Whether the id and other fields of the case stand among its headings."""
        headed, names = with_headings(sheet), heading_names(self.schema, CASES)
        known = {names.get(folded(heading)) for heading in headed.columns} - {None} if headed else set()
        return ID in known and len(known) > 1

    def _note_unusable(self, table: str, place: Place, what: str, advice: str = KEEP_ONE, why: str = "") -> None:
        """Note why a table cannot be read: without the cases there is nothing to read, without another the rest is."""
        if table == CASES:
            self.problems.add(place, what, advice, why)
        else:
            self.unreadable[table] = Fault(f"the table cannot be read: {place}: {what}", advice)
            self.left_aside.add(place, what, advice, NOT_READ)

    def _columns(self, table: str, sheet: HeadedSheet) -> tuple[HeadedSheet, dict[str, MappedColumn]]:
        """The columns of a table by the names of their fields; a heading that is not known or stands twice is noted."""
        known, names = _known(self.schema, table), heading_names(self.schema, table)
        found: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        for index, heading in sheet.headings():
            if (name := names.get(folded(heading))) is not None:
                found[name].append((index, heading))
                continue
            close = nearest(folded(heading), names)
            advice = joined(f'Did you mean "{close}"?' if close else "", _BY_MAPPING)
            what = f'"{in_words(heading)}" is not the name of a field'
            self.left_aside.add(sheet.sheet.place(sheet.header, index), what, advice, NOT_READ)
        for name, ((first, _), *others) in found.items():
            for index, heading in others:
                again = f'the heading "{in_words(heading)}" means the same as that of column {letters(first)}'
                place = sheet.sheet.place(sheet.header, index)
                if name == ID:
                    self._note_unusable(table, place, again)
                else:
                    self.left_aside.add(place, f"{again}, and neither is read", KEEP_ONE, NOT_READ)
        if ID not in found:
            advice = joined(f'Give the column that has the id of the case the heading "{ID}".', _BY_MAPPING)
            why = "Without it nobody knows which case a row is about."
            self._note_unusable(table, sheet.place(sheet.header), f'no heading is "{ID}"', advice, why)
        columns = {
            name: MappedColumn(
                known[name], several[0][1], {}, None, frozenset(), self.order, sheet.place(sheet.header, several[0][1])
            )
            for name, several in found.items()
            if name != ID or len(several) == 1
        }
        repeated = {several[0][1]: [index for index, _ in several] for several in found.values() if len(several) > 1}
        return evolve(sheet, repeated=repeated), columns


def _known(schema: RecordSchema, table: str) -> Mapping[str, Field]:
    """What may stand in the columns of a table, by name."""
    fields = {field.name: field for section in schema.sections.values() for field in section.values()}
    if table != CASES:
        columns = schema.tables[table].columns
        questions = schema.questions.values() if table == ANSWERS else ()
        return {ID: fields[ID], **columns, **{f"{_ASKED}{one.id}": columns[ANSWER] for one in questions}}
    tables = schema.tables.items()
    return {**fields, **{f"{HAS}{n}": Field(f"{HAS}{n}", has_label(t), Kind.YES_NO, "") for n, t in tables}}


def heading_names(schema: RecordSchema, table: str) -> Mapping[str, str]:
    """The names of the columns of a table by what their headings may be, folded.

    These are their names, the labels that only one of them has, and of answers what questions may be called.
    """
    known = _known(schema, table)
    often = Counter(folded(field.label) for field in known.values())
    labels = {folded(field.label): name for name, field in known.items() if often[folded(field.label)] == 1}
    full = {} if table == CASES else {folded(f"{table}.{name}"): name for name in known}
    asked = schema.questions.items() if table == ANSWERS else ()
    questions = {name: f"{_ASKED}{one.id}" for name, one in asked}
    return {**questions, **full, **labels, **{folded(name): name for name in known}}


def _filled(column: MappedColumn) -> Only:
    return Only(column.heading, frozenset(), column.place)


def is_aside(sheet: Sheet) -> bool:
    """Whether it is one of the sheets of a template that hold no cases, and not another one of that name."""
    headed = with_headings(sheet)
    return folded(sheet.called) in ASIDE and (headed is None or ID not in map(folded, headed.columns))


def _says_day_first(sheet: Sheet) -> bool:
    """Whether it is the first sheet of a template, and says how days in figures are read."""
    if folded(sheet.called) != ASIDE[0]:
        return False
    return any(isinstance(cell, str) and DAY_FIRST in cell for row in sheet.rows for cell in row)
