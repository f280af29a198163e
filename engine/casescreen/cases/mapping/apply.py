"""A mapping applied to the sheets that are there: the plan by which they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

from attrs import Factory, define

from casescreen.cases.mapping.model import CaseMapping, MappedColumn, MappedLookup, MappedRows, Only, Step
from casescreen.cases.schema import RecordSchema
from casescreen.cases.tables.plan import (
    HeadedSheet,
    Hop,
    PlannedColumn,
    PlannedLookup,
    PlannedRows,
    SheetPlan,
    When,
    is_filled,
    part_of,
    part_problems,
)
from casescreen.cases.tables.sheet import Sheet
from casescreen.model.problem import Place, Problem, ProblemCollector
from casescreen.text import did_you_mean, folded, in_words, nearest

_CHANGE = "Correct the mapping, or the heading in the file."
_MOST_PROBLEMS = 1_000
_MISSING = "What is not read cannot count."


def apply_mapping(
    sheets: Sequence[Sheet], terms: RecordSchema, mapping: CaseMapping
) -> SheetPlan | tuple[Problem, ...]:
    """The plan that a mapping makes for the sheets, or everything that it names and that is not there."""
    applying = _Applying(terms, mapping, {folded(sheet.called): sheet for sheet in reversed(sheets)})
    plan = applying.plan(sheets)
    problems = tuple(applying.problems.problems)
    return problems if plan is None or problems else plan


class _LackingError(Exception):
    """Something that the mapping names is not there; it has been noted, or need not be there."""


@define(eq=False)
class _Applying:
    terms: RecordSchema
    mapping: CaseMapping
    sheets: Mapping[str, Sheet]
    problems: ProblemCollector = Factory(ProblemCollector)
    parts: dict[str, HeadedSheet] = Factory(dict)

    def plan(self, sheets: Sequence[Sheet]) -> SheetPlan | None:
        try:
            cases = self._cases(sheets)
            id_ = self._index(cases, self.mapping.id, self.mapping.place)
        except _LackingError:
            return None
        looked = [one for lookup in self.mapping.lookups if (one := self._looked(cases, lookup)) is not None]
        rows = [table for some in self.mapping.rows if (table := self._rows(cases, some)) is not None]
        own = {
            id(hop.part): (hop.part, hop.to)
            for one in rows
            for hop in one.hops[:1]
            if hop.of == id_ and len(one.hops) == 1
        }
        return SheetPlan(
            cases,
            id_,
            self._columns(cases, self.mapping.columns),
            self.mapping.constants,
            complete=self.mapping.complete,
            looked=looked,
            rows=rows,
            when=self._whens(cases, self.mapping.only),
            own=tuple(own.values()),
        )

    def _cases(self, sheets: Sequence[Sheet]) -> HeadedSheet:
        if self.mapping.sheet:
            return self._part(self.mapping.sheet, self.mapping.place)
        filled = [sheet for sheet in sheets if is_filled(sheet)]
        if len(filled) == 1:
            return self._part(filled[0].called, self.mapping.place)
        what = "the mapping does not say which sheet has the cases, and there are several"
        self.problems.add(self.mapping.place, what, 'Write sheet = "..." under [cases].')
        raise _LackingError

    def _part(self, name: str, place: Place) -> HeadedSheet:
        key = folded(name)
        if key not in self.parts:
            if key not in self.sheets:
                self._note_sheet(name, place)
                raise _LackingError
            row = self.mapping.header_rows.get(key)
            sheet = self.sheets[key]
            if (part := part_of(sheet, None if row is None else row - sheet.first)) is None:
                if key not in self.mapping.optional:
                    self.problems.add(sheet.place(0), "there are no headings in it", _CHANGE, _MISSING)
                raise _LackingError
            self.problems.extend(islice(part_problems(part), _MOST_PROBLEMS))
            self.parts[key] = part
        return self.parts[key]

    def _note_sheet(self, name: str, place: Place) -> None:
        if folded(name) not in self.mapping.optional:
            there = [sheet.called for sheet in self.sheets.values()]
            advice = did_you_mean(name, there) or "Name the files of all tables, or the folder that they are in."
            what = f'there is no sheet or file called "{in_words(name)}"'
            problem = Problem(
                place, what, f'{advice} If it need not be there: optional = ["{in_words(name)}"].', _MISSING
            )
            if problem not in self.problems.problems:
                self.problems.extend([problem])

    def _index(self, part: HeadedSheet, heading: str, place: Place) -> int:
        if heading in part.columns:
            return part.columns[heading]
        by_folded = {folded(name): index for name, index in part.columns.items()}
        if folded(heading) in by_folded:
            return by_folded[folded(heading)]
        close = nearest(heading, part.columns)
        advice = f'Did you mean "{in_words(close)}"? {_CHANGE}' if close else _CHANGE
        where = part.sheet.place(part.header)
        self.problems.add(place, f'{where} has no heading "{in_words(heading)}"', advice, _MISSING)
        raise _LackingError

    def _column(self, part: HeadedSheet, column: MappedColumn) -> PlannedColumn | None:
        try:
            index = self._index(part, column.heading, column.place)
        except _LackingError:
            return None
        return PlannedColumn(column.field, index, column.words, column.other, column.none, column.order)

    def _columns(self, part: HeadedSheet, columns: Sequence[MappedColumn]) -> Sequence[PlannedColumn]:
        return [found for column in columns if (found := self._column(part, column)) is not None]

    def _whens(self, part: HeadedSheet, only: Sequence[Only]) -> Sequence[When]:
        found = []
        for one in only:
            try:
                found.append(When(self._index(part, one.heading, one.place), one.words))
            except _LackingError:
                continue
        return found

    def _hops(self, cases: HeadedSheet, steps: Sequence[Step]) -> Sequence[Hop]:
        hops: list[Hop] = []
        before = cases
        for step in steps:
            part = self._part(step.sheet, step.place)
            hops.append(Hop(part, self._index(before, step.of, step.place), self._index(part, step.to, step.place)))
            before = part
        return hops

    def _looked(self, cases: HeadedSheet, lookup: MappedLookup) -> PlannedLookup | None:
        try:
            hops = self._hops(cases, lookup.steps)
        except _LackingError:
            return None
        part = hops[-1].part
        by = None if lookup.by is None else self._column(part, lookup.by)
        return PlannedLookup(hops, self._columns(part, lookup.columns), lookup.keep, by, self._whens(part, lookup.only))

    def _rows(self, cases: HeadedSheet, rows: MappedRows) -> PlannedRows | None:
        try:
            hops = self._hops(cases, rows.steps)
        except _LackingError:
            return None
        part = hops[-1].part if hops else cases
        return PlannedRows(
            rows.table, hops, self._columns(part, rows.columns), rows.constants, self._whens(part, rows.only)
        )
