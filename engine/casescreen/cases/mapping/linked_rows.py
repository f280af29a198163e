"""The rows of other sheets that belong to a case, those that belong to none, and links that lead nowhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from attrs import Factory, define

from casescreen.cases.mapping.cell_reading import word_in
from casescreen.cases.mapping.ids import id_in, same_ids
from casescreen.cases.mapping.model import BoundMapping, MappedLookup, MappedRows, Only, Step
from casescreen.cases.tables.cells import Cell, error_in, is_blank
from casescreen.cases.tables.sheet import NOT_READ, HeadedSheet
from casescreen.model.case import is_example
from casescreen.model.problem import Fault, Problem
from casescreen.text import in_words

_NO_CASE = "It counts for no case, and what is not read cannot count."


def row_counts(sheet: HeadedSheet, row: int, only: Sequence[Only]) -> bool:
    """Whether a row fulfils all conditions."""
    cells = [(sheet.cell(row, condition.heading), condition.words) for condition in only]
    return all(word_in(cell) in words if words else not is_blank(cell) for cell, words in cells)


@define(eq=False)
class SheetLinks:
    """The ways from the sheet of the cases to the rows of others.

    Attributes:
        bound: the mapping and the sheets.
        passed_over: the indexes of the rows of the sheet of the cases that are none.
    """

    bound: BoundMapping
    passed_over: Collection[int] = ()
    _keys_of: dict[tuple[HeadedSheet, str], Mapping[int, str]] = Factory(dict)
    _links: dict[tuple[HeadedSheet, Step], Mapping[str, Sequence[int]]] = Factory(dict)

    @property
    def cases(self) -> HeadedSheet:
        """The sheet of the cases."""
        return self.bound.sheets[self.bound.mapping.sheet]

    def reached(self, steps: Sequence[Step], only: Sequence[Only], row: int) -> tuple[HeadedSheet, Sequence[int]]:
        """The sheet that steps lead to from the row of a case, and the rows there that count."""
        sheet, rows = self.cases, [row]
        for step in steps:
            keys = dict.fromkeys(self._keys(sheet, step.of).get(at, "") for at in rows)
            linked = self._linked(sheet, step)
            rows = list(dict.fromkeys(at for key in keys for at in linked.get(key, ())))
            sheet = self.bound.sheets[step.sheet]
        return sheet, [at for at in rows if row_counts(sheet, at, only)]

    def _keys(self, sheet: HeadedSheet, heading: str) -> Mapping[int, str]:
        """What the rows of a sheet say in a column that links, where they say anything."""
        if (sheet, heading) not in self._keys_of:
            passed_over = self.passed_over if sheet is self.cases else ()
            ids = ((row, id_in(sheet.cell(row, heading))) for row in sheet.rows() if row not in passed_over)
            self._keys_of[sheet, heading] = {row: key for row, key in ids if key and isinstance(key, str)}
        return self._keys_of[sheet, heading]

    def _linked(self, before: HeadedSheet, step: Step) -> Mapping[str, Sequence[int]]:
        """The rows that a step leads to, by what the sheet before says in its ``of``."""
        if (before, step) not in self._links:
            sheet = self.bound.sheets[step.sheet]
            rows: defaultdict[str, list[int]] = defaultdict(list)
            for row, key in self._keys(sheet, step.to).items():
                rows[key].append(row)
            same = same_ids(self._keys(before, step.of).values(), rows)
            self._links[before, step] = {key: rows[meant] for key, meant in same.found.items()}
        return self._links[before, step]

    def leading_nowhere(self) -> Iterator[Problem]:
        """The cases that name a row of another sheet, other than by their id, and there is no such row."""
        mapping = self.bound.mapping
        first = {(step.of, step.sheet, step.to): step for one in mapping.lookups for step in one.steps[:1]}
        for (heading, _, _), step in first.items():
            linked = self._linked(self.cases, step)
            for row, key in self._keys(self.cases, heading).items() if heading != mapping.id else ():
                wanted = row_counts(self.cases, row, mapping.only) and not self._shows_how(row)
                if key not in linked and wanted:
                    called = in_words(self.bound.sheets[step.sheet].sheet.called)
                    what = f'there is no "{in_words(key)}" in {called}, or more than one can be meant'
                    advice = f'Correct it, or add the row to "{called}".'
                    yield Problem(self.cases.place(row, heading), what, advice, NOT_READ)

    def _shows_how(self, row: int) -> bool:
        return is_example(self._keys(self.cases, self.bound.mapping.id).get(row, ""))

    def without_case(self) -> Iterator[Problem]:
        """The rows that belong to no case, in the sheets that have its id."""
        ways: defaultdict[tuple[str, str], list[Sequence[Only]]] = defaultdict(list)
        reached: list[MappedRows | MappedLookup] = [*self.bound.mapping.rows, *self.bound.mapping.lookups]
        for mapped in reached:
            if len(mapped.steps) == 1 and mapped.steps[0].of == self.bound.mapping.id:
                ways[mapped.steps[0].sheet, mapped.steps[0].to].append(mapped.only)
        ids = self._keys(self.cases, self.bound.mapping.id)
        for (name, heading), conditions in ways.items():
            sheet = self.bound.sheets[name]
            keys = self._keys(sheet, heading)
            same = same_ids(ids.values(), keys.values())
            known = set(same.found.values())
            for row in sheet.rows():
                key = keys.get(row, "")
                if key in known or is_example(key) or not any(row_counts(sheet, row, only) for only in conditions):
                    continue
                fault = _without_case(sheet.cell(row, heading), key, unclear=key in same.unclear)
                yield fault.at(sheet.place(row, heading), _NO_CASE)


def _without_case(cell: Cell, key: str, *, unclear: bool) -> Fault:
    """Why a row belongs to no case."""
    if unclear:
        return Fault(
            f'more than one case can be meant by "{in_words(key)}"', "Write the id as it stands with the case."
        )
    if key:
        return Fault(f'there is no case "{in_words(key)}"', "Correct the id, or add the case to the sheet of cases.")
    return error_in(cell) or Fault("the row has no case id", "Correct the id, or add the case to the sheet of cases.")
