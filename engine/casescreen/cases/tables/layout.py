"""Sheets laid out as casescreen writes them, planned by their own names and headings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice

from attrs import Factory, define

from casescreen.cases.schema import ASIDE, RecordSchema, has_label
from casescreen.cases.tables.cells import is_blank
from casescreen.cases.tables.plan import (
    HeadedSheet,
    Hop,
    PlannedColumn,
    PlannedRows,
    SheetPlan,
    is_filled,
    part_of,
    part_problems,
)
from casescreen.cases.tables.sheet import Sheet
from casescreen.model.case import CASES, HAS, ID
from casescreen.model.dictionary import Field, Kind
from casescreen.model.problem import Problem, ProblemCollector
from casescreen.text import folded, in_words, listed, nearest

_MOST_PROBLEMS = 1_000
_NOT_READ = "What is not read cannot count."
_WHICH = "Which of them counts cannot be known: keep one."
_BY_MAPPING = (
    "Headings and sheets of other names, and headings that stand further down, can be read by a mapping: "
    "casescreen mapping suggest FILE drafts one."
)


def plan_layout(sheets: Sequence[Sheet], terms: RecordSchema) -> SheetPlan | tuple[Problem, ...]:
    """The plan that the names of the sheets and their headings make, or everything that stands in the way.

    A sheet is called as its table is, by name or label, in any capitals; if only one sheet has anything in it, it
    holds the cases whatever it is called. Headings are the names of fields or their labels.
    """
    layout = _Layout(terms)
    plan = layout.plan(sheets)
    problems = tuple(layout.problems.problems)
    return problems if plan is None or problems else plan


@define
class _Layout:
    """The sheets as they are planned; what does not fit is noted."""

    terms: RecordSchema
    problems: ProblemCollector = Factory(lambda: ProblemCollector(_MOST_PROBLEMS))

    def plan(self, sheets: Sequence[Sheet]) -> SheetPlan | None:
        parts = {name: part for name, sheet in self._named(sheets).items() if (part := self._part(sheet))}
        if CASES not in parts:
            return None
        ids, found = {}, {}
        for name, part in parts.items():
            found[name] = self._columns(part, self._known(name), "" if name == CASES else name)
            ids[name] = self._id(part, found[name])
        own = {name: index for name, index in ids.items() if name != CASES and index is not None}
        if (id_ := ids[CASES]) is None:
            return None
        by_case = {name: Hop(parts[name], id_, index) for name, index in own.items()}
        return SheetPlan(
            parts[CASES],
            id_,
            [column for name, column in found[CASES].items() if name != ID and not name.startswith(HAS)],
            has={name.removeprefix(HAS): column for name, column in found[CASES].items() if name.startswith(HAS)},
            rows=[PlannedRows(name, (hop,), _without_id(found[name])) for name, hop in by_case.items()],
            own=[(parts[name], index) for name, index in own.items()],
        )

    def _note(self, sheet: Sheet, row: int, column: int | None, what: str, advice: str, why: str = "") -> None:
        self.problems.add(sheet.place(row, column), what, advice, why)

    def _named(self, sheets: Sequence[Sheet]) -> dict[str, Sheet]:
        """The sheets by the tables that they hold."""
        known = _table_names(self.terms)
        filled = [sheet for sheet in sheets if is_filled(sheet) and not _is_aside(sheet)]
        if len(filled) == 1 and folded(filled[0].called) not in known:
            return {CASES: filled[0]}
        found: dict[str, Sheet] = {}
        for sheet in filled:
            if (name := known.get(folded(sheet.called))) is None:
                self._note_stray(sheet, known)
            elif name in found:
                self._note(sheet, 0, None, f"another sheet holds the {name} too", "Put them into one sheet.")
            else:
                found[name] = sheet
        if CASES not in found and not self.problems.problems:
            advice = f'Call the sheet that has a row for each case "{CASES}".'
            self._note((filled or sheets)[0], 0, None, "there is no sheet of cases", advice)
        return found

    def _note_stray(self, sheet: Sheet, known: Mapping[str, str]) -> None:
        close = nearest(folded(sheet.called), known)
        names = listed(dict.fromkeys(known.values()))
        advice = f'Did you mean "{known[close]}"?' if close else f"A sheet can be called {names}."
        what = f'"{in_words(sheet.called)}" is not a table of a case'
        self._note(sheet, 0, None, what, f"{advice} {_BY_MAPPING}", _NOT_READ)

    def _part(self, sheet: Sheet) -> HeadedSheet | None:
        """The sheet below its headings; one that stands there twice is noted."""
        if (part := part_of(sheet)) is None:
            return None
        first: dict[str, int] = {}
        for index, cell in enumerate(sheet.rows[part.header]):
            if not isinstance(cell, str) or not cell.strip():
                continue
            if first.setdefault(cell.strip(), index) != index:
                self._note(sheet, part.header, index, f'the heading "{in_words(cell)}" stands here again', _WHICH)
        self.problems.extend(islice(part_problems(part), _MOST_PROBLEMS))
        self._note_unheaded(part)
        return part

    def _note_unheaded(self, part: HeadedSheet) -> None:
        """Note what stands in columns that have no heading."""
        rows = part.sheet.rows
        headed = {index for index, cell in enumerate(rows[part.header]) if not is_blank(cell)}
        width = max(map(len, rows), default=0)
        if not (unheaded := [index for index in range(width) if index not in headed]):
            return
        for row in range(part.header + 1, len(rows)):
            for index in unheaded:
                if index < len(rows[row]) and not is_blank(rows[row][index]):
                    what = "something stands in a column that has no heading"
                    self._note(part.sheet, row, index, what, "Give the column a heading, or clear it.", _NOT_READ)

    def _known(self, name: str) -> Mapping[str, Field]:
        """What may stand in the columns of a table, by name."""
        fields = {field.name: field for section in self.terms.sections.values() for field in section.values()}
        if name != CASES:
            return {ID: fields[ID], **self.terms.tables[name].columns}
        tables = self.terms.tables.items()
        return {**fields, **{f"{HAS}{n}": Field(f"{HAS}{n}", has_label(t), Kind.YES_NO, "") for n, t in tables}}

    def _columns(self, part: HeadedSheet, known: Mapping[str, Field], table: str) -> dict[str, PlannedColumn]:
        """The columns by the names of their fields; a heading that is not known is noted."""
        names = _heading_names(known, table)
        found: dict[str, PlannedColumn] = {}
        for heading, index in part.columns.items():
            if (name := names.get(folded(heading))) is None:
                self._note_heading(part, heading, index, names)
            elif name in found:
                what = f'"{in_words(heading)}" means the same field as an earlier heading'
                self._note(part.sheet, part.header, index, what, _WHICH)
            else:
                found[name] = PlannedColumn(known[name], index)
        return found

    def _note_heading(self, part: HeadedSheet, heading: str, index: int, names: Mapping[str, str]) -> None:
        close = nearest(folded(heading), names)
        advice = f'Did you mean "{close}"? {_BY_MAPPING}' if close else _BY_MAPPING
        self._note(
            part.sheet, part.header, index, f'"{in_words(heading)}" is not the name of a field', advice, _NOT_READ
        )

    def _id(self, part: HeadedSheet, found: Mapping[str, PlannedColumn]) -> int | None:
        if ID in found:
            return found[ID].index
        advice = f'Give the column that has the id of the case the heading "{ID}". {_BY_MAPPING}'
        what = f'no heading is "{ID}"'
        self._note(part.sheet, part.header, None, what, advice, "Without it nobody knows which case a row is about.")
        return None


def _is_aside(sheet: Sheet) -> bool:
    """Whether it is one of the sheets of a template that hold no cases, and not another one of that name."""
    part = part_of(sheet)
    return folded(sheet.called) in ASIDE and (part is None or ID not in map(folded, part.columns))


def _table_names(terms: RecordSchema) -> dict[str, str]:
    labels = {folded(table.label): name for name, table in terms.tables.items()}
    return {CASES: CASES, **labels, **{folded(name): name for name in terms.tables}}


def _heading_names(known: Mapping[str, Field], table: str) -> dict[str, str]:
    """The names of fields by what their headings may be: their names, and the labels that only one of them has."""
    often = Counter(folded(field.label) for field in known.values())
    labels = {folded(field.label): name for name, field in known.items() if often[folded(field.label)] == 1}
    full = {folded(f"{table}.{name}"): name for name in known} if table else {}
    return {**full, **labels, **{folded(name): name for name in known}}


def _without_id(found: Mapping[str, PlannedColumn]) -> Sequence[PlannedColumn]:
    return [column for name, column in found.items() if name != ID]
