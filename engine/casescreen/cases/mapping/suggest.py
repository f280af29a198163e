"""A mapping suggested from the headings and words of somebody's tables, with all that it takes for granted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from attrs import Factory, define, evolve, frozen

from casescreen.cases.mapping.bind import apply_mapping
from casescreen.cases.mapping.build import BuiltRecords, build_records
from casescreen.cases.mapping.cell_reading import How
from casescreen.cases.mapping.heading_match import HeadingMatcher, Match, Matches
from casescreen.cases.mapping.headings import HeadingWords, all_differ, likeliest_headings, likely_ids, texts_below
from casescreen.cases.mapping.model import (
    NO_CHOICES,
    CaseMapping,
    Choices,
    Keep,
    MappedColumn,
    MappedLookup,
    MappedRows,
    MissingField,
    OfferedSheet,
    Step,
    SuggestedField,
    Suggestion,
    UnusedHeading,
)
from casescreen.cases.mapping.row_reader import assumptions
from casescreen.cases.mapping.row_selection import passed_over, sections_unread
from casescreen.cases.mapping.vocabulary import Vocabulary
from casescreen.cases.tables.cells import DateOrder, is_blank, order_of
from casescreen.cases.tables.sheet import HeadedSheet, Sheet, headings_in, letters, with_headings
from casescreen.conditions.analysis import deciding_fields
from casescreen.model.case import CASES, ID
from casescreen.model.dictionary import Dictionary, Kind
from casescreen.model.problem import Advice, Place, Problem, joined
from casescreen.model.rulebook import Rulebook
from casescreen.text import counted, folded, in_words, listed

ORDER_ASKED = "do days in figures begin with the day or with the month"
_SAY_MARKS = Advice(
    "It is not read until the mapping says yes or no", "It is not read: write yes or no in those cells to have it read"
)
_WRITE_ONE = Advice(
    "Write a mapping: casescreen mapping show plain-workbook prints one to copy and change.",
    "Give each column a heading that says what is in it, or move the rows into the workbook to fill in.",
)
_NO_CASES = "Without it nobody knows which case a row is about."
_READ = frozenset({How.AS_WRITTEN, How.SHORT_YEAR, How.WORD, How.OTHER})
_LAST_MONTH = 12
_FIGURES = re.compile(r"\s*\d{1,2}[/.-]\d")
_LIKE_CASES = 3
_FEW = 3


def suggest(
    sheets: Sequence[Sheet],
    rulebook: Rulebook,
    vocabulary: Vocabulary,
    taken_on: date | None = None,
    choices: Choices = NO_CHOICES,
) -> Suggestion | tuple[Problem, ...]:
    """What the sheets are likely to mean, or why that cannot be told.

    Only headings, the words of the trade, and whether the cells below a heading can be read decide.

    Args:
        sheets: the sheets as they were read.
        rulebook: what a case may say, and what decides which criteria.
        vocabulary: the words of the trade.
        taken_on: the day on which the records were taken, for years of two figures.
        choices: what a person has said of columns.
    """
    return _Suggesting(sheets, rulebook, HeadingWords(vocabulary), taken_on, choices).suggestion()


@frozen(eq=False)
class _Candidate:
    """A sheet that may be the one of the cases."""

    sheet: HeadedSheet
    matcher: HeadingMatcher
    id: str
    ids: Sequence[str]
    matches: Matches


@define(eq=False)
class _Suggesting:
    sheets: Sequence[Sheet]
    rulebook: Rulebook
    words: HeadingWords
    taken_on: date | None
    choices: Choices
    offered: list[OfferedSheet] = Factory(list)
    matchers: list[tuple[HeadedSheet, HeadingMatcher, Sequence[Match]]] = Factory(list)
    unused: list[UnusedHeading] = Factory(list)
    not_read: list[str] = Factory(list)
    chosen: list[str] = Factory(list)
    asked: list[str] = Factory(list)
    asks_order: bool = False

    @property
    def dictionary(self) -> Dictionary:
        return self.rulebook.dictionary

    def suggestion(self) -> Suggestion | tuple[Problem, ...]:
        filled = [sheet for sheet in self.sheets if sheet.is_filled]
        columns = [self.words.table_targets(table) for table in self.dictionary.tables.values()]
        targets = [*self.words.case_targets(self.dictionary), *(target for table in columns for target in table)]
        headed = [part for sheet in filled if (part := likeliest_headings(sheet, self.words, targets)) is not None]
        if not headed:
            file = self.sheets[0].file if self.sheets else ""
            what = "there are no headings in it"
            return (Problem(Place(file), what, "Give each column a heading, in one row above the cases."),)
        candidates = [self._candidate(sheet) for sheet in headed]
        cases = max(candidates, key=_likeness_to_cases)
        if (problem := _without_cases(cases)) is not None:
            return (problem,)
        self._take(cases.sheet, cases.matcher, cases.matches)
        own = self.words.case_targets(self.dictionary)
        self.offered.append(OfferedSheet(cases.matcher, own, cases.id, holds_cases=True))
        self._tell_id(cases)
        others = [one for one in candidates if one is not cases]
        rows = [*self._own_rows(cases.matches.matched), *filter(None, (self._rows(one, cases) for one in others))]
        placed = {step.sheet for one in rows for step in one.steps}
        lookups = [
            lookup
            for one in others
            if folded(one.sheet.sheet.called) not in placed and (lookup := self._lookup(one, cases)) is not None
        ]
        placed |= {step.sheet for lookup in lookups for step in lookup.steps}
        used = [cases.sheet, *(one.sheet for one in others if folded(one.sheet.sheet.called) in placed)]
        self._note_sheets([sheet for sheet in filled if sheet not in [one.sheet for one in used]], candidates, cases)
        return self._finished(self._mapping(cases, rows, lookups, used, several=len(filled) > 1))

    def _candidate(self, sheet: HeadedSheet) -> _Candidate:
        matcher = HeadingMatcher(sheet, self.words, self.dictionary, self.taken_on)
        chosen, targets = self._chosen(sheet), self.words.case_targets(self.dictionary)
        ids = [heading for heading in likely_ids(sheet, self.words, targets) if chosen.get(heading, ID) == ID]
        ids = [*(heading for heading in sheet.columns if chosen.get(heading) == ID), *ids]
        case_id = ids[0] if ids else ""
        return _Candidate(sheet, matcher, case_id, ids, matcher.match(targets, case_id, chosen))

    def _chosen(self, sheet: HeadedSheet) -> Mapping[str, str | None]:
        return self.choices.of_sheet(folded(sheet.sheet.called))

    def _tell_id(self, cases: _Candidate) -> None:
        if self._chosen(cases.sheet).get(cases.id) == ID:
            return
        if not self.words.is_id(cases.id):
            self.chosen.append(f'"{in_words(cases.id)}" is taken for the id of a case, as no two cells of it are alike')
        elif rest := cases.ids[1:]:
            also = listed((f'"{in_words(heading)}"' for heading in rest), "and")
            self.chosen.append(f'"{in_words(cases.id)}" is taken for the id of a case; {also} could be it too')

    def _take(self, sheet: HeadedSheet, matcher: HeadingMatcher, matches: Matches) -> None:
        self.matchers.append((sheet, matcher, matches.matched))
        called = sheet.sheet.called
        self.unused += [UnusedHeading(called, one.heading, one.why) for one in matches.unmatched]
        self.unused += _without_heading(sheet)

    def _own_rows(self, matched: Sequence[Match]) -> Iterator[MappedRows]:
        """The rows of tables that stand in the row of a case."""
        by_rows: dict[int, list[Match]] = {}
        for match in matched:
            if match.target.rows is not None:
                by_rows.setdefault(id(match.target.rows), []).append(match)
        for several in by_rows.values():
            rows = several[0].target.rows
            assert rows is not None
            yield MappedRows(rows.table, (), [match.column for match in several], rows.constants, ())

    def _rows(self, other: _Candidate, cases: _Candidate) -> MappedRows | None:
        """The rows of the one table that a sheet is called after and that its columns fit."""
        link = self._link(other, cases)
        named = self.words.tables_named(other.sheet.sheet.called, self.dictionary) if link else ()
        chosen = self._chosen(other.sheet)
        each = [(table, other.matcher.match(self.words.table_targets(table), link, chosen)) for table in named]
        fitting = [(table, matches) for table, matches in each if matches.matched]
        if len(fitting) != 1:
            return None
        [(table, matches)] = fitting
        self._take(other.sheet, other.matcher, matches)
        columns = self.words.table_targets(table)
        self.offered.append(OfferedSheet(other.matcher, columns, link, holds_cases=False))
        step = self._step(other, cases, link)
        return MappedRows(table.name, (step,), [match.column for match in matches.matched], {}, ())

    def _lookup(self, other: _Candidate, cases: _Candidate) -> MappedLookup | None:
        """The fields of a sheet that has one row for each case."""
        link = self._link(other, cases)
        read = {match.column.field.name for _, _, several in self.matchers for match in several}
        targets = [t for t in self.words.case_targets(self.dictionary) if t.rows is None and t.field.name not in read]
        if not link or not all_differ(other.sheet, link):
            return None
        matches = other.matcher.match(targets, link, self._chosen(other.sheet))
        if not matches.matched:
            return None
        self._take(other.sheet, other.matcher, matches)
        self.offered.append(OfferedSheet(other.matcher, targets, link, holds_cases=False))
        step = self._step(other, cases, link)
        return MappedLookup((step,), [match.column for match in matches.matched], Keep.ONLY, None, ())

    def _link(self, other: _Candidate, cases: _Candidate) -> str:
        """The heading of a sheet below which ids of the cases stand; "" if there is none."""
        known = {*texts_below(cases.sheet, cases.id)}
        named = [heading for heading in other.sheet.columns if folded(heading) == folded(cases.id)]
        return next((heading for heading in (*named, *other.ids) if known & {*texts_below(other.sheet, heading)}), "")

    def _step(self, other: _Candidate, cases: _Candidate, link: str) -> Step:
        return Step(folded(other.sheet.sheet.called), cases.id, link, other.sheet.place(other.sheet.header, link))

    def _note_sheets(self, left: Sequence[Sheet], candidates: Sequence[_Candidate], cases: _Candidate) -> None:
        """Note the sheets that are not read, and first those that seem to hold cases too."""
        of = {one.sheet.sheet: one for one in candidates}
        alike = [sheet for sheet, one in of.items() if one.id and len(one.matches.matched) >= _LIKE_CASES]
        for sheet in sorted(left, key=lambda sheet: sheet not in alike):
            if sheet in alike:
                why = "it looks like another sheet of cases, and one is read: put them into one sheet, or one file each"
            else:
                why = self._why_not_read(of[sheet], cases) if sheet in of else "there are no headings in it"
            self.not_read.append(joined(f'"{in_words(sheet.called)}":', why))

    def _why_not_read(self, other: _Candidate, cases: _Candidate) -> str:
        """Why a sheet is not read, and what can be done if it is to be."""
        link, called = self._link(other, cases), other.sheet.sheet.called
        if not link:
            return "no id of a case stands in it"
        headings = [heading for heading in other.sheet.columns if heading != link]
        tables = self.words.tables_named(called, self.dictionary) or self.words.tables_like(headings, self.dictionary)
        name = tables[0].name if len(tables) == 1 else "NAME"
        to = "" if folded(link) == folded(cases.id) else f', to = "{in_words(link)}"'
        labels = [f'"{table.label}"' for table in tables]
        asked = f" (is it {listed(labels)}?)" if 0 < len(labels) <= _FEW else ""
        names = "" if name != "NAME" else " (casescreen rules show --dictionary lists the names of tables)"
        what = f"the ids of cases stand in it, but it could not be told what its columns are{asked}:"
        return joined(
            what,
            Advice(
                f'say so in the mapping, under [[tables.{name}]]{names}: sheet = "{in_words(called)}", '
                f'of = "{in_words(cases.id)}"{to}, and a heading for each column that is to be read',
                "call the sheet by what a row of it is about, as the sheets of the workbook to fill in are called",
            ),
        )

    def _mapping(
        self,
        cases: _Candidate,
        rows: Sequence[MappedRows],
        lookups: Sequence[MappedLookup],
        used: Sequence[HeadedSheet],
        *,
        several: bool,
    ) -> CaseMapping:
        orders = self._orders()
        headers = {folded(one.sheet.called): one for one in used if one.header_rows != _first_filled(one.sheet)}
        return CaseMapping(
            "Suggested from the headings",
            cases.sheet.place(cases.sheet.header),
            cases.sheet.sheet.called if several else "",
            cases.id,
            {name: [one.sheet.first + row for row in one.header_rows] for name, one in headers.items()},
            [orders.get(match.column, match.column) for match in cases.matches.matched if match.target.rows is None],
            lookups=[evolve(one, columns=[orders.get(c, c) for c in one.columns]) for one in lookups],
            rows=[evolve(one, columns=[orders.get(c, c) for c in one.columns]) for one in rows],
            only_cases=True,
            confirmed=False,
            manager=self.dictionary.fields.get(self.rulebook.roles.manager),
        )

    def _orders(self) -> Mapping[MappedColumn, MappedColumn]:
        """The columns of days with the order in which days in figures are read, where some column makes it plain."""
        dated = [
            (match.column, matcher.cells(match.column.heading))
            for _, matcher, several in self.matchers
            for match in several
            if match.column.field.kind is Kind.DATE
        ]
        texts = {column: [cell for cell in cells if isinstance(cell, str)] for column, cells in dated}
        if self.choices.order is not None:
            return {column: evolve(column, order=self.choices.order) for column, _ in dated}
        own = {column: order_of(texts[column], beside_dates=False) for column, _ in dated}
        plain = {DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST}.intersection(own.values())
        if len(plain) != 1:
            self._ask_order([column for column, _ in dated if any(_FIGURES.match(text) for text in texts[column])])
            return {}
        order = plain.pop()
        tells = [f'"{in_words(column.heading)}"' for column, _ in dated if own[column] is order]
        told = f"{order.value.replace('-', ' ')}, as {listed(tells, 'and')} can be read in no other way"
        self.chosen.append(f"days in figures are read {told}")
        settled = {}
        for column, cells in dated:
            days = [cell for cell in cells if isinstance(cell, date)]
            if own[column] is order and _may_be_swapped(days, texts[column]):
                what = "real dates beside days in figures may have day and month swapped, so the figures are not read"
                self.chosen.append(f'"{in_words(column.heading)}": {what}')
                self.asks_order = True
            elif own[column] is not DateOrder.MIXED:
                settled[column] = evolve(column, order=order)
        return settled

    def _ask_order(self, columns: Sequence[MappedColumn]) -> None:
        if columns:
            self.asks_order = True
            where = listed((f'"{in_words(column.heading)}"' for column in columns), "and")
            why = "Those that can be read both ways are not read until the mapping says"
            self.asked.append(f"{ORDER_ASKED}, in {where}? {why}")

    def _finished(self, mapping: CaseMapping) -> Suggestion | tuple[Problem, ...]:
        bound = apply_mapping(self.sheets, mapping)
        if isinstance(bound, tuple):
            return bound
        built = build_records(bound, self.taken_on)
        cases = bound.sheets[bound.mapping.sheet]
        return Suggestion(
            mapping,
            cases.sheet.called,
            [cases.sheet.first + row for row in cases.header_rows],
            [*self._fields(built)],
            [*self._missing()],
            self.unused,
            self.not_read,
            self.chosen,
            [*assumptions(built.counts, told=frozenset(How))],
            [
                *_asked_id(cases, bound.mapping.id, built),
                *self.asked,
                *self._asked(),
                *sections_unread(built.aside, mapping),
            ],
            [*passed_over(built.aside)],
            asks_order=self.asks_order,
            offered=self.offered,
        )

    def _fields(self, built: BuiltRecords) -> Iterator[SuggestedField]:
        for sheet, _, several in self.matchers:
            for match in several:
                column, rows = match.column, match.target.rows
                said = {} if rows is None else rows.constants
                counts = [
                    count
                    for count in built.counts
                    if count.column.heading == column.heading and count.column.field == column.field
                ]
                cells = sum(count.cells for count in counts)
                read = [count for count in counts if count.how in _READ]
                value = next((count.example for count in read if count.example is not None), None)
                yield SuggestedField(
                    column.field,
                    said,
                    sheet.sheet.called,
                    column.heading,
                    cells,
                    sum(count.cells for count in read),
                    cells - sum(count.cells for count in counts if count.how in {*_READ, How.UNREAD}),
                    None if column.field.kind is Kind.TEXT else value,
                    match.sure,
                )

    def _missing(self) -> Iterator[MissingField]:
        """The fields that decide criteria of high severity and are not read, the one that decides most first."""
        read = {name for _, _, several in self.matchers for match in several for name in _read_by(match)}
        known = {name.partition(".")[0] for name in self.words.vocabulary.headings} | {*self.words.vocabulary.tables}
        seldom = self.dictionary.tables.keys() - known - {rows.table for rows in self.words.vocabulary.rows}
        for field, criteria in deciding_fields(self.rulebook, seldom):
            if field.full_name not in read:
                yield MissingField(field, criteria)

    def _asked(self) -> Iterator[str]:
        """The marks that may mean yes or no, by the column that they stand in."""
        for _, matcher, several in self.matchers:
            for match in several:
                marks = [cell for cell in matcher.cells(match.column.heading) if matcher.is_mark(cell)]
                if marks and match.column.field.kind is not Kind.TEXT:
                    which = listed((f'"{in_words(mark)}"' for mark in dict.fromkeys(map(str, marks))), "and")
                    where = f'{counted(len(marks), "cell")} of "{in_words(match.column.heading)}"'
                    yield joined(f"what does {which} mean in {where}?", _SAY_MARKS)


def _asked_id(cases: HeadedSheet, heading: str, built: BuiltRecords) -> Iterator[str]:
    """Ask for the id where that which was taken is that of several cases, which are left out."""
    often = Counter(texts_below(cases, heading, apart={one.place.line for one in built.aside}))
    if again := sum(times > 1 for times in often.values()):
        what = f'{counted(again, "id")} of "{in_words(heading)}" {"stands" if again == 1 else "stand"} more than once'
        yield f"{what}: is another column the id of a case? Those rows are left out"


def _read_by(match: Match) -> Iterator[str]:
    """The full names of what a column says, and of what always stands beside it."""
    field, rows = match.target.field, match.target.rows
    prefix = f"{field.table}." if field.table else ""
    yield field.full_name
    yield from (f"{prefix}{name}" for name in (field.dates, *(rows.constants if rows else ())) if name)


def _may_be_swapped(days: Sequence[date], texts: Sequence[str]) -> bool:
    """Whether a program may have taken some days of a column for others: all dates could be, and no text could."""
    figures = [text for text in texts if order_of([text], beside_dates=False) is not DateOrder.UNCLEAR]
    unclear = [text for text in texts if text[:1].isdigit() and text not in figures]
    return bool(days) and bool(figures) and not unclear and all(day.day <= _LAST_MONTH for day in days)


def _first_filled(sheet: Sheet) -> Sequence[int]:
    headed = with_headings(sheet)
    return () if headed is None else headed.header_rows


def _without_heading(sheet: HeadedSheet) -> Iterator[UnusedHeading]:
    """The columns below whose missing heading something stands."""
    headed = {index for index, heading in enumerate(headings_in(sheet.sheet, sheet.header_rows)) if heading}
    filled = {index for row in sheet.rows() for index, cell in enumerate(sheet.sheet.rows[row]) if not is_blank(cell)}
    for index in sorted(filled - headed):
        yield UnusedHeading(sheet.sheet.called, f"column {letters(index)}", "it has no heading")


def _likeness_to_cases(candidate: _Candidate) -> tuple[bool, int, bool, int]:
    """How much a sheet looks like the one that has a row for each case."""
    matched = candidate.matches.matched
    named = folded(candidate.sheet.sheet.called) in {CASES, "case", "caseload"}
    return bool(candidate.id and matched), len(matched), named, len(candidate.sheet.sheet.rows)


def _without_cases(cases: _Candidate) -> Problem | None:
    """Why a sheet cannot be that of the cases; None if it can."""
    place = cases.sheet.place(cases.sheet.header)
    if not cases.id:
        what = "no heading looks like that of the id of a case"
        return Problem(place, what, 'Give the column of the id the heading "Case ref".', _NO_CASES)
    if not cases.matches.matched:
        headings = listed((f'"{in_words(heading)}"' for heading in list(cases.sheet.columns)[:12]), "and")
        what = f"nothing could be matched but an id: its headings are {headings}"
        return Problem(place, what, _WRITE_ONE, "Nothing would be read, and so nothing would be found.")
    return None
