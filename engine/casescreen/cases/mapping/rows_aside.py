"""Rows of the sheet of the cases that are none: totals, sections, repeated headings and remarks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum

from attrs import frozen

from casescreen.cases.mapping.model import CaseMapping, MappedColumn
from casescreen.cases.tables.cells import Cell, is_blank, text_in
from casescreen.cases.tables.sheet import HeadedSheet
from casescreen.model.dictionary import Kind
from casescreen.model.problem import Place
from casescreen.text import counted, folded, listed

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
