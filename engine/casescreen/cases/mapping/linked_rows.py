"""The rows of other sheets that belong to a case, those that belong to none, and links that lead nowhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from attrs import Factory, define

from casescreen.cases.mapping.cell_reading import word_in
from casescreen.cases.mapping.ids import SameIds, id_in, same_ids
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
    _ids: dict[str, str | Fault] = Factory(dict)
    _keys_of: dict[tuple[HeadedSheet, str], Mapping[int, str]] = Factory(dict)
    _same_of: dict[tuple[HeadedSheet, str, str, str], SameIds] = Factory(dict)
    _links: dict[tuple[HeadedSheet, Step], Mapping[str, Sequence[int]]] = Factory(dict)
    _ways: dict[MappedRows | MappedLookup, Mapping[int, Sequence[int]]] = Factory(dict)

    @property
    def cases(self) -> HeadedSheet:
        """The sheet of the cases."""
        return self.bound.sheets[self.bound.mapping.sheet]

    def sheet_of(self, mapped: MappedRows | MappedLookup) -> HeadedSheet:
        """The sheet that the steps of a part of the mapping lead to."""
        return self.bound.sheets[mapped.steps[-1].sheet] if mapped.steps else self.cases

    def reached(self, mapped: MappedRows | MappedLookup, row: int) -> Sequence[int]:
        """The rows of that sheet that belong to the row of a case, and count."""
        if mapped not in self._ways:
            self._ways[mapped] = self._way(mapped)
        return self._ways[mapped].get(row, ())

    def _way(self, mapped: MappedRows | MappedLookup) -> Mapping[int, Sequence[int]]:
        """The rows that each row of the cases leads to."""
        sheet = self.cases
        way: dict[int, Sequence[int]] = {row: (row,) for row in sheet.rows()}
        for step in mapped.steps:
            keys, linked = self._keys(sheet, step.of), self._linked(sheet, step)
            way = {row: _followed(rows, keys, linked) for row, rows in way.items()}
            sheet = self.bound.sheets[step.sheet]
        if not mapped.only:
            return way
        return {row: [at for at in rows if row_counts(sheet, at, mapped.only)] for row, rows in way.items()}

    def _keys(self, sheet: HeadedSheet, heading: str) -> Mapping[int, str]:
        """What the rows of a sheet say in a column that links, where they say anything."""
        if (sheet, heading) not in self._keys_of:
            passed_over = self.passed_over if sheet is self.cases else ()
            ids = ((row, self._id(cell)) for row, cell in sheet.cells(heading) if row not in passed_over)
            self._keys_of[sheet, heading] = {row: key for row, key in ids if key and isinstance(key, str)}
        return self._keys_of[sheet, heading]

    def _id(self, cell: Cell) -> str | Fault:
        if not isinstance(cell, str):
            return id_in(cell)
        # The id of a case stands in many rows.
        if (found := self._ids.get(cell)) is None:
            found = self._ids[cell] = id_in(cell)
        return found

    def _linked(self, before: HeadedSheet, step: Step) -> Mapping[str, Sequence[int]]:
        """The rows that a step leads to, by what the sheet before says in its ``of``."""
        if (before, step) not in self._links:
            sheet = self.bound.sheets[step.sheet]
            rows: defaultdict[str, list[int]] = defaultdict(list)
            for row, key in self._keys(sheet, step.to).items():
                rows[key].append(row)
            same = self._same(before, step.of, step.sheet, step.to)
            self._links[before, step] = {key: rows[meant] for key, meant in same.found.items()}
        return self._links[before, step]

    def _same(self, before: HeadedSheet, of: str, name: str, to: str) -> SameIds:
        """Which of the ids in a column of a sheet are those in a column of another, by its name in the mapping."""
        key = before, of, name, to
        if key not in self._same_of:
            theirs = self._keys(self.bound.sheets[name], to).values()
            self._same_of[key] = same_ids(self._keys(before, of).values(), theirs)
        return self._same_of[key]

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
        for (name, heading), conditions in ways.items():
            sheet = self.bound.sheets[name]
            keys = self._keys(sheet, heading)
            same = self._same(self.cases, self.bound.mapping.id, name, heading)
            known = set(same.found.values())
            for row in sheet.rows():
                key = keys.get(row, "")
                if key in known or is_example(key) or not any(row_counts(sheet, row, only) for only in conditions):
                    continue
                fault = _without_case(sheet.cell(row, heading), key, unclear=key in same.unclear)
                yield fault.at(sheet.place(row, heading), _NO_CASE)


def _followed(rows: Sequence[int], keys: Mapping[int, str], linked: Mapping[str, Sequence[int]]) -> Sequence[int]:
    """The rows that those of one case lead to, each once."""
    if len(rows) == 1:
        return linked.get(keys.get(rows[0], ""), ())
    named = dict.fromkeys(keys.get(row, "") for row in rows)
    return list(dict.fromkeys(at for key in named for at in linked.get(key, ())))


def _without_case(cell: Cell, key: str, *, unclear: bool) -> Fault:
    """Why a row belongs to no case."""
    if unclear:
        return Fault(
            f'more than one case can be meant by "{in_words(key)}"', "Write the id as it stands with the case."
        )
    if key:
        return Fault(f'there is no case "{in_words(key)}"', "Correct the id, or add the case to the sheet of cases.")
    return error_in(cell) or Fault("the row has no case id", "Correct the id, or add the case to the sheet of cases.")
