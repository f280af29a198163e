"""Which rows of mapped sheets count: no totals or remarks, and of other sheets those that belong to a case."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from enum import Enum

from attrs import Factory, define, frozen

from casescreen.cases.mapping.cell_reading import SameIds, id_in, same_ids, word_in
from casescreen.cases.mapping.model import BoundMapping, CaseMapping, MappedColumn, MappedLookup, MappedRows, Only, Step
from casescreen.cases.tables.cells import Cell, error_in, is_blank, text_in
from casescreen.cases.tables.sheet import NOT_READ, HeadedSheet
from casescreen.model.case import is_example
from casescreen.model.dictionary import Kind
from casescreen.model.problem import Fault, Place, Problem
from casescreen.text import counted, folded, in_words, listed

_TOTAL = re.compile(r"(?:grand |sub[ -]?)?totals?\b|average\b|mean\b|sum\b|count\b|number of\b|no\.? of\b")
_LONGEST_ID = 20
_PARTS = re.compile(r"\d+|[^\W\d_]+")
_MOST_NUMBERS = 12


class Aside(Enum):
    """What a row is that is no case, in words."""

    TOTAL = "a row of totals"
    REPEATED = "the headings again"
    SECTION = "a heading of a section"
    FOOTER = "a remark below the cases"


@frozen
class RowAside:
    """A row that was passed over.

    Attributes:
        kind: what it is.
        place: where it stands.
    """

    kind: Aside
    place: Place


def rows_aside(
    sheet: HeadedSheet, mapping: CaseMapping, says: Callable[[int, MappedColumn], bool]
) -> Mapping[int, RowAside]:
    """The rows that are passed over, by their index.

    A row is a case if anything in it can be read beside text, if its id is of the form that those of such rows have, or
    if its id has figures and something stands beside it: rather one too many than one lost. A row without an id in
    which something can be read is no case and is not passed over: its id is missing.

    Args:
        sheet: the sheet of the cases.
        mapping: what its columns mean.
        says: whether a cell of a row can be read for a column.
    """
    columns = [*mapping.columns, *(column for rows in mapping.rows if not rows.steps for column in rows.columns)]
    typed = [column for column in columns if column.field.kind is not Kind.TEXT] or columns
    rows = [*sheet.rows()]
    plainly = {row for row in rows if any(says(row, column) for column in typed)}
    ids = {row: _text(sheet.cell(row, mapping.id)) for row in rows}
    usual = {_form(ids[row]) for row in plainly if ids[row] and not _is_total(sheet, row)}
    if not usual:
        usual = {_form(ids[row]) for row in rows if ids[row] and len(_filled(sheet, row)) > 1}
    aside: dict[int, Aside] = {}
    headings = _headings(sheet)
    last = 0
    for row in rows:
        if _repeats(sheet, row, headings):
            aside[row] = Aside.REPEATED
        elif _is_total(sheet, row) and not (row in plainly and "9" in _form(ids[row])):
            aside[row] = Aside.TOTAL
        elif row in plainly or (ids[row] and _may_be_case(ids[row], len(_filled(sheet, row)), usual)):
            last = row
        elif not ids[row] and all(not isinstance(cell, str) for cell in _filled(sheet, row)):
            aside[row] = Aside.TOTAL
        else:
            aside[row] = Aside.SECTION
    kinds = {row: Aside.FOOTER if kind is Aside.SECTION and row > last else kind for row, kind in aside.items()}
    return {row: RowAside(kind, sheet.place(row)) for row, kind in kinds.items()}


def _text(cell: Cell) -> str:
    text = "" if is_blank(cell) else text_in(cell)
    return text.strip() if isinstance(text, str) else ""


def _filled(sheet: HeadedSheet, row: int) -> Sequence[Cell]:
    return [cell for cell in sheet.sheet.rows[row] if not is_blank(cell)]


def _form(text: str) -> str:
    """The form of an id: figures as 9 and letters as a, however many."""
    return _PARTS.sub(lambda part: "9" if part[0].isdigit() else "a", text)


def _may_be_case(case_id: str, filled: int, usual: set[str]) -> bool:
    """Whether a row in which nothing can be read but text may be a case, by its id and how many cells are filled."""
    form = _form(case_id)
    has_figures = "9" in form
    if form in usual:
        return has_figures or filled > 2  # noqa: PLR2004 - an id, and one remark
    return has_figures and filled > 1 and len(case_id) <= _LONGEST_ID


def _is_total(sheet: HeadedSheet, row: int) -> bool:
    """Whether one of the first two cells of the row says that it sums up."""
    return any(_TOTAL.match(folded(cell)) for cell in _filled(sheet, row)[:2] if isinstance(cell, str))


def _headings(sheet: HeadedSheet) -> Mapping[int, frozenset[str]]:
    """What each column may be headed by, folded: both rows of its heading, or the lower one."""
    columns = sheet.columns.items()
    return {index: frozenset({folded(heading), folded(heading.rpartition(" / ")[2])}) for heading, index in columns}


def _repeats(sheet: HeadedSheet, row: int, headings: Mapping[int, frozenset[str]]) -> bool:
    """Whether what stands in the row are the headings of its columns, or of some of them."""
    filled = [(index, cell) for index, cell in enumerate(sheet.sheet.rows[row]) if not is_blank(cell)]
    return len(filled) > 1 and all(
        isinstance(cell, str) and folded(cell) in headings.get(index, ()) for index, cell in filled
    )


def passed_over(aside: Iterable[RowAside]) -> Iterator[str]:
    """The rows that were passed over, a line for each kind."""
    by_kind: defaultdict[Aside, list[int]] = defaultdict(list)
    for one in aside:
        by_kind[one.kind].append(one.place.line)
    for kind in Aside:
        if numbers := by_kind[kind]:
            rows = [str(number) for number in numbers[:_MOST_NUMBERS]]
            if len(numbers) > _MOST_NUMBERS:
                rows.append(f"{len(numbers) - _MOST_NUMBERS:,} more")
            yield f"{'row' if len(numbers) == 1 else 'rows'} {listed(rows, 'and')}: {kind.value}"


def sections_unread(aside: Iterable[RowAside], mapping: CaseMapping) -> Iterator[str]:
    """That rows between the cases may name who holds those below, where the mapping has no column for it."""
    columns = [*mapping.columns, *(column for lookup in mapping.lookups for column in lookup.columns)]
    sections = [one.place.line for one in aside if one.kind is Aside.SECTION]
    manager = mapping.manager
    if manager is None or not sections or manager.name in {*(one.field.name for one in columns), *mapping.constants}:
        return
    rows = counted(len(sections), "row between the cases is a heading", "rows between the cases are headings")
    yield (
        f"{rows}, as in row {sections[0]}: where that names the {manager.label} of the cases below, it is not read. "
        "Give the cases a column for it"
    )


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
