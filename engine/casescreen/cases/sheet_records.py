"""The records of workbooks, CSV and Parquet files: their sheets, what their headings mean, and what the rows hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from attrs import Factory, define, evolve

from casescreen.cases.documents import MOST_RECORDS, BatchRecords, unusable
from casescreen.cases.mapping.bind import apply_mapping
from casescreen.cases.mapping.build import build_records
from casescreen.cases.mapping.cell_reading import How
from casescreen.cases.mapping.headings import has_own_headings
from casescreen.cases.mapping.layout import is_aside, layout_mapping
from casescreen.cases.mapping.model import BoundMapping, CaseMapping
from casescreen.cases.mapping.row_reader import ALWAYS, assumptions
from casescreen.cases.mapping.row_selection import passed_over, sections_unread
from casescreen.cases.one_case_form import with_form
from casescreen.cases.schema import RecordSchema
from casescreen.cases.tables.readers import read_sheets
from casescreen.cases.tables.sheet import Sheet
from casescreen.files.content import place_of, read_bytes
from casescreen.model.case import NOT_CONFIRMED
from casescreen.model.dictionary import Dictionary
from casescreen.model.problem import Fault, Problem
from casescreen.text import counted, in_words

# A mapping can leave rows out, and a case can have several rows in another table.
_MOST_ROWS = 4 * MOST_RECORDS
_MOST_TABLE_BYTES = 256 * 1024 * 1024
_MOST_TOLD = 1_000

SheetsRead = tuple[Sequence[Sheet], Sequence[Problem]]
"""Sheets, and why files have none."""


@define(eq=False)
class TableReader:
    """Reads files of tables, each once.

    Attributes:
        schema: what their records are read against.
    """

    schema: RecordSchema
    _read: dict[str, SheetsRead] = Factory(dict)

    def sheets(self, files: Sequence[str]) -> SheetsRead:
        """The sheets of the files, and why some have none."""
        for file in files:
            if file not in self._read:
                self._read[file] = sheets_in(file)
        return _joined(self._read[file] for file in files)

    def need_mapping(self, files: Sequence[str], dictionary: Dictionary) -> bool:
        """Whether files can be read, and none of their headings is the dictionary's."""
        sheets, problems = self.sheets(files)
        return not problems and not has_own_headings(sheets, dictionary)

    def fit(self, files: Sequence[str], mapping: CaseMapping) -> bool:
        """Whether files have the headings of a mapping."""
        return not isinstance(apply_mapping(self.sheets(files)[0], mapping), tuple)

    def records(self, files: Sequence[str], mapping: CaseMapping | None) -> BatchRecords:
        """The records of files that belong together, by a mapping or by headings of the dictionary."""
        sheets, problems = self.sheets(files)
        records = unusable(*problems) if problems else _records_of_sheets(sheets, self.schema, mapping)
        return evolve(records, damage=tuple(islice(_damage(sheets), _MOST_TOLD)))


def sheets_of(files: Iterable[str]) -> SheetsRead:
    """The sheets of workbooks, CSV and Parquet files, and why some have none."""
    return _joined(map(sheets_in, files))


def _joined(each: Iterable[SheetsRead]) -> SheetsRead:
    """The sheets of several files together."""
    read = [*each]
    return [sheet for sheets, _ in read for sheet in sheets], [one for _, problems in read for one in problems]


def sheets_in(file: str) -> SheetsRead:
    """The sheets of a workbook, a CSV or a Parquet file, or why it has none."""
    data = read_bytes(file, _MOST_TABLE_BYTES)
    match data if isinstance(data, Problem) else read_sheets(file, data):
        case Problem() as problem:
            return (), (problem,)
        case Fault() as fault:
            return (), (fault.at(place_of(file)),)
        case sheets:
            return sheets, ()


def _records_of_sheets(sheets: Sequence[Sheet], schema: RecordSchema, mapping: CaseMapping | None) -> BatchRecords:
    unread: tuple[Problem, ...] = ()
    if mapping is None:
        sheets, unread = with_form(sheets, schema)
    bound = layout_mapping(sheets, schema) if mapping is None else apply_mapping(sheets, mapping)
    if isinstance(bound, tuple):
        return unusable(*bound, *unread)
    bound = evolve(bound, left_aside=(*bound.left_aside, *unread))
    if schema.strict and bound.left_aside:
        return unusable(*bound.left_aside)
    if (problem := _too_many_rows(bound)) is not None:
        return unusable(problem)
    built = build_records(bound, schema.taken_on, bare=schema.strict)
    notices = (*bound.left_aside, *bound.noticed, *built.noticed)
    cases = bound.sheets[bound.mapping.sheet]
    if not built.records and not built.problems and not built.examples:
        advice = "Fill in a row for each case."
        return unusable(Problem(cases.place(cases.header), "there is no case in it", advice), *notices)
    told = ALWAYS if bound.mapping.confirmed else frozenset(How)
    called = in_words(cases.sheet.called)
    aside = (f"{called}: {line}, passed over" for line in passed_over(built.aside))
    sections = (f"{called}: {line}" for line in sections_unread(built.aside, bound.mapping))
    assumed = (*assumptions(built.counts, told=told), *aside, *sections)
    if built.ids_alone:
        rows = counted(built.ids_alone, "row with an id and nothing else is", "rows with an id and nothing else are")
        assumed += (f"{called}: {rows} taken for no case",)
    if not bound.mapping.confirmed:
        assumed = (NOT_CONFIRMED, *assumed)
    if mapping is None:  # of a suggestion it is told why not, too
        assumed += tuple(_not_read(sheets, bound))
    return BatchRecords(built.records, built.problems, built.strays, built.examples, notices, assumed)


def _not_read(sheets: Sequence[Sheet], bound: BoundMapping) -> Iterator[str]:
    """The sheets in which something stands that is not read, as each report tells it."""
    read = [headed.sheet for headed in bound.sheets.values()]
    for sheet in sheets:
        if sheet.name and sheet.is_filled and not any(sheet is one for one in read) and not is_aside(sheet):
            yield f'the sheet "{in_words(sheet.called)}" is not read'


def _too_many_rows(bound: BoundMapping) -> Problem | None:
    """The problem that a sheet has more rows than can be made records of, before it is tried."""
    for name, sheet in bound.sheets.items():
        holds_cases = name == bound.mapping.sheet
        number = len(sheet.rows())
        if number > (MOST_RECORDS if holds_cases and not bound.mapping.only else _MOST_ROWS):
            what = f"it holds {counted(number, 'record' if holds_cases else 'row')}"
            advice = f"Split it: a file can hold up to {MOST_RECORDS:,} records, and {_MOST_ROWS:,} rows in a table."
            return Problem(sheet.place(sheet.header), what, advice)
    return None


def _damage(sheets: Iterable[Sheet]) -> Iterator[Problem]:
    for sheet in sheets:
        for row in sorted(sheet.damaged_rows):
            what = "a date or time stands here that no calendar has, so the file is damaged"
            why = "What stands there counts as not known. The rest was read."
            yield Problem(sheet.place(row), what, "Correct it, and save the file.", why)
