"""A mapping applied to the sheets that are there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import TypeVar

from attrs import Factory, define, evolve

from casescreen.cases.mapping.model import (
    BoundMapping,
    CaseMapping,
    MappedColumn,
    MappedLookup,
    MappedRows,
    Only,
    Step,
)
from casescreen.cases.tables.sheet import MOST_PROBLEMS, NOT_READ, HeadedSheet, Sheet, with_headings
from casescreen.model.problem import Place, Problem, ProblemCollector
from casescreen.text import did_you_mean, folded, in_words, nearest

_CHANGE = "Correct the mapping, or the heading in the file."

_Reached = TypeVar("_Reached", MappedLookup, MappedRows)
_Headed = TypeVar("_Headed", MappedColumn, Only)


def apply_mapping(sheets: Sequence[Sheet], mapping: CaseMapping) -> BoundMapping | tuple[Problem, ...]:
    """The mapping bound to the sheets, or everything that it names and that is not there."""
    binding = _Binding(mapping, {folded(sheet.called): sheet for sheet in reversed(sheets)})
    with suppress(_MissingError):
        bound = binding.bind(sheets)
        if not binding.problems.problems:
            return bound
    return tuple(binding.problems.problems)


class _MissingError(Exception):
    """Something that the mapping names is not there; it has been noted, or need not be there."""


@define(eq=False)
class _Binding:
    mapping: CaseMapping
    there: Mapping[str, Sheet]
    problems: ProblemCollector = Factory(ProblemCollector)
    passed: ProblemCollector = Factory(ProblemCollector)
    sheets: dict[str, HeadedSheet] = Factory(dict)

    def bind(self, sheets: Sequence[Sheet]) -> BoundMapping:
        name = self.mapping.sheet or self._only_sheet(sheets)
        cases = self._sheet(name, self.mapping.place)
        mapping = evolve(
            self.mapping,
            sheet=folded(name),
            id=self._heading(cases, self.mapping.id, self.mapping.place),
            columns=self._headed(cases, self.mapping.columns),
            only=self._headed(cases, self.mapping.only),
            lookups=[self._with_by(lookup) for lookup in self._reached(cases, self.mapping.lookups)],
            rows=self._reached(cases, self.mapping.rows),
        )
        return BoundMapping(mapping, self.sheets, tuple(self.passed.problems))

    def _only_sheet(self, sheets: Sequence[Sheet]) -> str:
        filled = [sheet.called for sheet in sheets if sheet.is_filled]
        if len(filled) == 1:
            return filled[0]
        what = "the mapping does not say which sheet has the cases, and there are several"
        self.problems.add(self.mapping.place, what, 'Write sheet = "..." under [cases].')
        raise _MissingError

    def _reached(self, cases: HeadedSheet, mapped: Sequence[_Reached]) -> list[_Reached]:
        """Those whose sheets are all there, with the headings as they are written in them."""
        bound = []
        for reached in mapped:
            with suppress(_MissingError):
                sheet, steps = cases, list[Step]()
                for step in reached.steps:
                    before, sheet = sheet, self._sheet(step.sheet, step.place)
                    of = self._heading(before, step.of, step.place)
                    to = self._heading(sheet, step.to, step.place)
                    steps.append(evolve(step, sheet=folded(step.sheet), of=of, to=to))
                columns, only = self._headed(sheet, reached.columns), self._headed(sheet, reached.only)
                bound.append(evolve(reached, steps=steps, columns=columns, only=only))
        return bound

    def _with_by(self, lookup: MappedLookup) -> MappedLookup:
        sheet = self.sheets[lookup.steps[-1].sheet]
        return evolve(lookup, by=next(iter(self._headed(sheet, [lookup.by] if lookup.by else [])), None))

    def _headed(self, sheet: HeadedSheet, mapped: Sequence[_Headed]) -> list[_Headed]:
        """Those whose heading is there, with it as it is written there."""
        bound = []
        for headed in mapped:
            with suppress(_MissingError):
                bound.append(evolve(headed, heading=self._heading(sheet, headed.heading, headed.place)))
        return bound

    def _sheet(self, name: str, place: Place) -> HeadedSheet:
        key = folded(name)
        if key not in self.sheets:
            if key not in self.there:
                self._note_sheet(name, place)
                raise _MissingError
            sheet, rows = self.there[key], self.mapping.header_rows.get(key, ())
            if (headed := with_headings(sheet, [row - sheet.first for row in rows])) is None:
                if key not in self.mapping.optional:
                    self.problems.add(sheet.place(0), "there are no headings in it", _CHANGE, NOT_READ)
                raise _MissingError
            # In a tracker, a cell merged over rows is a group of cases: what is below its first row is not known.
            passable = self.mapping.only_cases and sheet.name
            (self.passed if passable else self.problems).extend(islice(headed.problems(), MOST_PROBLEMS))
            self.sheets[key] = headed
        return self.sheets[key]

    def _note_sheet(self, name: str, place: Place) -> None:
        if folded(name) in self.mapping.optional:
            return
        called = [sheet.called for sheet in self.there.values()]
        advice = did_you_mean(name, called) or "Name the files of all tables, or the folder that they are in."
        advice += f' If it need not be there: optional = ["{in_words(name)}"].'
        problem = Problem(place, f'there is no sheet or file called "{in_words(name)}"', advice, NOT_READ)
        if problem not in self.problems.problems:
            self.problems.extend([problem])

    def _heading(self, sheet: HeadedSheet, heading: str, place: Place) -> str:
        """The heading as it is written in the sheet, whatever its spaces and capitals."""
        if heading in sheet.columns:
            return heading
        by_folded = {folded(written): written for written in sheet.columns}
        if folded(heading) in by_folded:
            return by_folded[folded(heading)]
        close = nearest(heading, sheet.columns)
        advice = f'Did you mean "{in_words(close)}"? {_CHANGE}' if close else _CHANGE
        what = f'{sheet.place(sheet.header)} has no heading "{in_words(heading)}"'
        self.problems.add(place, what, advice, NOT_READ)
        raise _MissingError
