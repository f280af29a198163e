"""A mapping applied to the sheets that are there."""

from __future__ import annotations

from collections import defaultdict
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
from casescreen.cases.tables.sheet import KEEP_ONE, MOST_PROBLEMS, NOT_READ, HeadedSheet, Sheet, letters, with_headings
from casescreen.model.problem import Fault, Place, Problem, ProblemCollector
from casescreen.text import did_you_mean, folded, in_words, nearest

_CHANGE = "Correct the mapping, or the heading in the file."

_Reached = TypeVar("_Reached", MappedLookup, MappedRows)


def apply_mapping(sheets: Sequence[Sheet], mapping: CaseMapping) -> BoundMapping | tuple[Problem, ...]:
    """The mapping bound to the sheets, or everything that it names and that is not there."""
    there: defaultdict[str, list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        there[folded(sheet.called)].append(sheet)
    binding = _Binding(mapping, there)
    with suppress(_MissingError):
        bound = binding.bind(sheets)
        if not binding.problems.problems:
            return bound
    return tuple(binding.problems.problems)


class _MissingError(Exception):
    """Something that the mapping names is not there; it has been noted, or need not be there."""


class _RepeatedError(Exception):
    """A heading that must stand once stands several times."""

    def __init__(self, problem: Problem) -> None:
        """Keep what is to be told."""
        self.problem = problem
        super().__init__(problem.what)


@define(eq=False)
class _Binding:
    mapping: CaseMapping
    there: Mapping[str, Sequence[Sheet]]
    problems: ProblemCollector = Factory(ProblemCollector)
    left_aside: ProblemCollector = Factory(ProblemCollector)
    sheets: dict[str, HeadedSheet] = Factory(dict)
    repeated: defaultdict[HeadedSheet, dict[str, Sequence[int]]] = Factory(lambda: defaultdict(dict))
    unreadable: dict[str, Fault] = Factory(dict)

    def bind(self, sheets: Sequence[Sheet]) -> BoundMapping:
        name = self.mapping.sheet or self._only_sheet(sheets)
        cases = self._sheet(name, self.mapping.place)
        try:
            case_id = self._heading(cases, self.mapping.id, self.mapping.place)
            only = self._only(cases, self.mapping.only)
        except _RepeatedError as error:
            self.problems.extend([error.problem])
            raise _MissingError from None
        mapping = evolve(
            self.mapping,
            sheet=folded(name),
            id=case_id,
            columns=self._headed(cases, self.mapping.columns),
            only=only,
            lookups=[self._with_by(lookup) for lookup in self._reached(cases, self.mapping.lookups)],
            rows=self._reached(cases, self.mapping.rows),
        )
        bound = {key: evolve(sheet, repeated=self.repeated[sheet]) for key, sheet in self.sheets.items()}
        hidden = tuple(problem for sheet in bound.values() for problem in sheet.hidden())
        return BoundMapping(mapping, bound, tuple(dict.fromkeys(self.left_aside.problems)), hidden, self.unreadable)

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
                try:
                    bound.append(self._bound(cases, reached))
                except _RepeatedError as error:
                    fault = Fault(f"{error.problem.place}: {error.problem.what}", error.problem.advice)
                    self.left_aside.extend([error.problem])
                    self.unreadable.update(dict.fromkeys(_names(reached), fault))
        return bound

    def _bound(self, cases: HeadedSheet, reached: _Reached) -> _Reached:
        sheet, steps = cases, list[Step]()
        for step in reached.steps:
            before, sheet = sheet, self._sheet(step.sheet, step.place)
            of = self._heading(before, step.of, step.place)
            to = self._heading(sheet, step.to, step.place)
            steps.append(evolve(step, sheet=folded(step.sheet), of=of, to=to))
        only = self._only(sheet, reached.only)
        return evolve(reached, steps=steps, columns=self._headed(sheet, reached.columns), only=only)

    def _with_by(self, lookup: MappedLookup) -> MappedLookup:
        sheet = self.sheets[lookup.steps[-1].sheet]
        return evolve(lookup, by=next(iter(self._headed(sheet, [lookup.by] if lookup.by else [])), None))

    def _only(self, sheet: HeadedSheet, conditions: Sequence[Only]) -> list[Only]:
        bound = []
        for only in conditions:
            with suppress(_MissingError):
                bound.append(evolve(only, heading=self._heading(sheet, only.heading, only.place)))
        return bound

    def _headed(self, sheet: HeadedSheet, mapped: Sequence[MappedColumn]) -> list[MappedColumn]:
        """Those whose heading is there, with it as it is written there; one that stands twice is noted."""
        bound = []
        for column in mapped:
            with suppress(_MissingError):
                try:
                    heading = self._heading(sheet, column.heading, column.place)
                except _RepeatedError as error:
                    self.left_aside.extend([error.problem])
                    same = [
                        (i, written) for i, written in sheet.headings() if folded(written) == folded(column.heading)
                    ]
                    heading = same[0][1]
                    self.repeated[sheet][heading] = [index for index, _ in same]
                bound.append(evolve(column, heading=heading))
        return bound

    def _sheet(self, name: str, place: Place) -> HeadedSheet:
        key = folded(name)
        if key not in self.sheets:
            if key not in self.there:
                self._note_sheet(name, place)
                raise _MissingError
            sheet, *others = [one for one in self.there[key] if one.is_filled] or self.there[key]
            for other in others:
                self.problems.add(other.place(0), f"another sheet is called so too: {sheet.place(0)}", KEEP_ONE)
            rows = self.mapping.header_rows.get(key, ())
            if (headed := with_headings(sheet, [row - sheet.first for row in rows])) is None:
                if key not in self.mapping.optional:
                    self.problems.add(sheet.place(0), "there are no headings in it", _CHANGE, NOT_READ)
                raise _MissingError
            self.left_aside.extend(islice(headed.problems(), MOST_PROBLEMS))
            self.sheets[key] = headed
        return self.sheets[key]

    def _note_sheet(self, name: str, place: Place) -> None:
        if folded(name) in self.mapping.optional:
            return
        called = [sheet.called for sheet, *_ in self.there.values()]
        advice = did_you_mean(name, called) or "Name the files of all tables, or the folder that they are in."
        advice += f' If it need not be there: optional = ["{in_words(name)}"].'
        problem = Problem(place, f'there is no sheet or file called "{in_words(name)}"', advice, NOT_READ)
        if problem not in self.problems.problems:
            self.problems.extend([problem])

    def _heading(self, sheet: HeadedSheet, heading: str, place: Place) -> str:
        """The heading as it is written in the sheet, whatever its spaces and capitals.

        Raises:
            _MissingError: no heading is so; it has been noted.
            _RepeatedError: several are.
        """
        same = [(index, written) for index, written in sheet.headings() if folded(written) == folded(heading)]
        if len(same) == 1:
            return same[0][1]
        if same:
            what = f'the heading "{in_words(heading)}" stands here again, as in column {letters(same[0][0])}'
            again = sheet.sheet.place(sheet.header, same[1][0])
            raise _RepeatedError(Problem(again, f"{what}, and neither is read", KEEP_ONE, NOT_READ))
        close = nearest(heading, sheet.columns)
        advice = f'Did you mean "{in_words(close)}"? {_CHANGE}' if close else _CHANGE
        what = f'{sheet.place(sheet.header)} has no heading "{in_words(heading)}"'
        self.problems.add(place, what, advice, NOT_READ)
        raise _MissingError


def _names(reached: MappedLookup | MappedRows) -> list[str]:
    """The fields or the table that it fills."""
    return [reached.table] if isinstance(reached, MappedRows) else [column.field.name for column in reached.columns]
