"""The mapping that sheets laid out as casescreen writes them have by their own names and headings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice

from attrs import Factory, define

from casescreen.cases.mapping.model import BoundMapping, CaseMapping, MappedColumn, MappedRows, Step
from casescreen.cases.schema import ASIDE, RecordSchema, has_label
from casescreen.cases.tables.cells import is_blank
from casescreen.cases.tables.sheet import MOST_PROBLEMS, NOT_READ, HeadedSheet, Sheet, with_headings
from casescreen.model.case import CASES, HAS, ID
from casescreen.model.dictionary import Field, Kind
from casescreen.model.problem import Problem, ProblemCollector
from casescreen.text import folded, in_words, listed, nearest

_WHICH = "Which of them counts cannot be known: keep one."
_BY_MAPPING = (
    "Headings and sheets of other names, and headings that stand further down, can be read by a mapping: "
    "casescreen mapping suggest FILE drafts one."
)


def layout_mapping(sheets: Sequence[Sheet], terms: RecordSchema) -> BoundMapping | tuple[Problem, ...]:
    """The mapping that the names of the sheets and their headings make, or everything that stands in the way.

    A sheet is called as its table is, by name or label, in any capitals; if only one sheet has anything in it, it
    holds the cases whatever it is called. Headings are the names of fields or their labels.
    """
    layout = _Layout(terms)
    bound = layout.bind(sheets)
    problems = tuple(layout.problems.problems)
    return problems if bound is None or problems else bound


@define
class _Layout:
    """The sheets as they are mapped; what does not fit is noted."""

    terms: RecordSchema
    problems: ProblemCollector = Factory(lambda: ProblemCollector(MOST_PROBLEMS))

    def bind(self, sheets: Sequence[Sheet]) -> BoundMapping | None:
        tables = {name: headed for name, sheet in self._tables(sheets).items() if (headed := self._headed(sheet))}
        if CASES not in tables:
            return None
        columns = {name: self._columns(name, sheet) for name, sheet in tables.items()}
        if not all(ID in found for found in columns.values()):
            return None
        ids = {name: found.pop(ID) for name, found in columns.items()}
        cases, case_id = columns.pop(CASES), ids.pop(CASES)
        mapping = CaseMapping(
            "",
            tables[CASES].place(tables[CASES].header),
            CASES,
            case_id.heading,
            columns=[column for name, column in cases.items() if not name.startswith(HAS)],
            listed={name.removeprefix(HAS): column for name, column in cases.items() if name.startswith(HAS)},
            rows=[
                MappedRows(
                    name, [Step(name, case_id.heading, id_.heading, id_.place)], [*columns[name].values()], {}, ()
                )
                for name, id_ in ids.items()
            ],
        )
        return BoundMapping(mapping, tables)

    def _note(self, sheet: Sheet, row: int, column: int | None, what: str, advice: str, why: str = "") -> None:
        self.problems.add(sheet.place(row, column), what, advice, why)

    def _tables(self, sheets: Sequence[Sheet]) -> dict[str, Sheet]:
        """The sheets by the tables that they hold."""
        labels = {folded(table.label): name for name, table in self.terms.tables.items()}
        known = {CASES: CASES, **labels, **{folded(name): name for name in self.terms.tables}}
        filled = [sheet for sheet in sheets if sheet.is_filled and not _is_aside(sheet)]
        if len(filled) == 1 and folded(filled[0].called) not in known:
            return {CASES: filled[0]}
        tables: dict[str, Sheet] = {}
        for sheet in filled:
            if (name := known.get(folded(sheet.called))) is None:
                close = nearest(folded(sheet.called), known)
                names = listed(dict.fromkeys(known.values()))
                advice = f'Did you mean "{known[close]}"?' if close else f"A sheet can be called {names}."
                what = f'"{in_words(sheet.called)}" is not a table of a case'
                self._note(sheet, 0, None, what, f"{advice} {_BY_MAPPING}", NOT_READ)
            elif name in tables:
                self._note(sheet, 0, None, f"another sheet holds the {name} too", "Put them into one sheet.")
            else:
                tables[name] = sheet
        if CASES not in tables and not self.problems.problems:
            advice = f'Call the sheet that has a row for each case "{CASES}".'
            self._note((filled or sheets)[0], 0, None, "there is no sheet of cases", advice)
        return tables

    def _headed(self, sheet: Sheet) -> HeadedSheet | None:
        """The sheet below its headings; one that stands there twice, and what has none, is noted."""
        if (headed := with_headings(sheet)) is None:
            self._note(
                sheet, 0, None, "there are no headings in it", f"Write one above each column. {_BY_MAPPING}", NOT_READ
            )
            return None
        header = sheet.rows[headed.header]
        for index, cell in enumerate(header):
            if isinstance(cell, str) and cell.strip() and headed.columns[cell.strip()] != index:
                what = f'the heading "{in_words(cell)}" stands here again'
                self._note(sheet, headed.header, index, what, _WHICH)
        self.problems.extend(islice(headed.problems(), MOST_PROBLEMS))
        width = max(map(len, sheet.rows))
        unheaded = [index for index in range(width) if index >= len(header) or is_blank(header[index])]
        for row, cells in enumerate(sheet.rows[headed.header + 1 :] if unheaded else (), headed.header + 1):
            for index in unheaded:
                if index < len(cells) and not is_blank(cells[index]):
                    what = "something stands in a column that has no heading"
                    self._note(sheet, row, index, what, "Give the column a heading, or clear it.", NOT_READ)
        return headed

    def _columns(self, table: str, sheet: HeadedSheet) -> dict[str, MappedColumn]:
        """The columns of a table by the names of their fields; a heading that is not known is noted."""
        known = self._known(table)
        names = _heading_names(known, "" if table == CASES else table)
        columns: dict[str, MappedColumn] = {}
        for heading, index in sheet.columns.items():
            if (name := names.get(folded(heading))) is None:
                close = nearest(folded(heading), names)
                advice = f'Did you mean "{close}"? {_BY_MAPPING}' if close else _BY_MAPPING
                what = f'"{in_words(heading)}" is not the name of a field'
                self._note(sheet.sheet, sheet.header, index, what, advice, NOT_READ)
            elif name in columns:
                what = f'"{in_words(heading)}" means the same field as an earlier heading'
                self._note(sheet.sheet, sheet.header, index, what, _WHICH)
            else:
                place = sheet.place(sheet.header, heading)
                columns[name] = MappedColumn(known[name], heading, {}, None, frozenset(), None, place)
        if ID not in columns:
            advice = f'Give the column that has the id of the case the heading "{ID}". {_BY_MAPPING}'
            why = "Without it nobody knows which case a row is about."
            self._note(sheet.sheet, sheet.header, None, f'no heading is "{ID}"', advice, why)
        return columns

    def _known(self, table: str) -> Mapping[str, Field]:
        """What may stand in the columns of a table, by name."""
        fields = {field.name: field for section in self.terms.sections.values() for field in section.values()}
        if table != CASES:
            return {ID: fields[ID], **self.terms.tables[table].columns}
        tables = self.terms.tables.items()
        return {**fields, **{f"{HAS}{n}": Field(f"{HAS}{n}", has_label(t), Kind.YES_NO, "") for n, t in tables}}


def _is_aside(sheet: Sheet) -> bool:
    """Whether it is one of the sheets of a template that hold no cases, and not another one of that name."""
    headed = with_headings(sheet)
    return folded(sheet.called) in ASIDE and (headed is None or ID not in map(folded, headed.columns))


def _heading_names(known: Mapping[str, Field], table: str) -> dict[str, str]:
    """The names of fields by what their headings may be: their names, and the labels that only one of them has."""
    often = Counter(folded(field.label) for field in known.values())
    labels = {folded(field.label): name for name, field in known.items() if often[folded(field.label)] == 1}
    full = {folded(f"{table}.{name}"): name for name in known} if table else {}
    return {**full, **labels, **{folded(name): name for name in known}}
