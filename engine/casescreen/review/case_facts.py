"""What the record of a case says, for people: in groups by the dictionary, and as dates in lanes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from casescreen.model.case import ID, Case, Row, path_in_words
from casescreen.model.dictionary import Field, Kind, Table, Value
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Quoting
from casescreen.review.enquiry import FactGroup
from casescreen.review.timeline import TimelineEvent
from casescreen.text import WITHHELD, in_words

_MOST_ROWS = 12
_NONE = "None, as the record says"
_UNREADABLE = "What cannot be read, or is not believed"


class CaseFacts:
    """Puts the records of one rulebook into words."""

    def __init__(self, rulebook: Rulebook, quoting: Quoting) -> None:
        """Keep what names people, and how much of what somebody wrote is shown."""
        owners = (criterion.owner for criterion in rulebook.criteria if criterion.owner)
        self._head = [name for name in dict.fromkeys((*rulebook.roles.fields, *owners)) if name != ID]
        self._dictionary, self._references, self._quoting = rulebook.dictionary, rulebook.references, quoting
        self._lanes = {lane: number for number, lane in enumerate(rulebook.dictionary.lanes)}

    def head(self, case: Case) -> tuple[tuple[str, str], ...]:
        """Who is responsible for the case: what each is called, and who it is."""
        fields = (self._dictionary.fields[name] for name in self._head)
        return tuple((f.label, self._said(f, case.fields.get(f.name)) or "not recorded") for f in fields)

    def groups(self, case: Case) -> tuple[FactGroup, ...]:
        """What is recorded of each section and in each table, in the dictionary's order, and what cannot be read."""
        groups = list[FactGroup]()
        for section in self._dictionary.sections:
            said = tuple(self._section(section, case))
            groups += [FactGroup(_capital(self._dictionary.title_of(section)), said)] if said else []
        recorded = [table for table in self._dictionary.tables.values() if table.name in case.tables]
        for table in recorded:
            if rows := case.tables[table.name]:
                groups.append(FactGroup(_capital(table.label), (self._table(table, rows),)))
        if none := [table.label for table in recorded if not case.tables[table.name]]:
            groups.append(FactGroup(_NONE, (f"{_capital('; '.join(none))}.",)))
        unreadable = tuple(f"{path_in_words(one.path)}: {one.what}." for one in case.unreadable)
        return (*groups, FactGroup(_UNREADABLE, unreadable)) if unreadable else tuple(groups)

    def _section(self, section: str, case: Case) -> Iterator[str]:
        """What the fields of a section say; yes and no together, so that they are taken in at a glance."""
        fields = [
            field
            for name, field in self._dictionary.fields.items()
            if name.partition(".")[0] == section and name not in (ID, *self._head)
        ]
        values = {field: value for field in fields if (value := case.fields.get(field.name)) is not None}
        stated = {field: value for field, value in values.items() if field.kind is not Kind.YES_NO}
        if stated:
            said = (f"{field.label}: {self._said(field, value)}" for field, value in stated.items())
            yield f"{_capital('; '.join(said))}."
        for answer in (True, False):
            labels = [field.label for field, value in values.items() if value is answer]
            if labels:
                yield f"{_capital(in_words(answer))}: {'; '.join(labels)}."

    def _table(self, table: Table, rows: tuple[Row, ...]) -> str:
        said = [self._row(table, number, row) for number, row in enumerate(rows[:_MOST_ROWS], 1)]
        more = len(rows) - len(said)
        return f"{'; '.join([*said, *([f'and {more:,} more'] if more else [])])}."

    def _row(self, table: Table, number: int, row: Row) -> str:
        """A row: what it is called, and in brackets what else stands in it."""
        name = self._name(table, row) or f"{table.one} {number}"
        others = [
            self._cell(column, row[column.name])
            for column in table.columns.values()
            if column.name != table.named_by and row.get(column.name) is not None
        ]
        return f"{name} ({', '.join(others)})" if others else name

    def _cell(self, column: Field, value: Value | None) -> str:
        return column.label if value is True else f"{column.label}: {self._said(column, value)}"

    def _name(self, table: Table, row: Row) -> str:
        """What a row is called; "" where that is not known, or is text that is not shown."""
        column = table.columns[table.named_by]
        said = self._said(column, row.get(column.name))
        return "" if said == WITHHELD else said

    def _said(self, field: Field, value: Value | None) -> str:
        """A value in words, or that there is text which is not shown; "" of none."""
        if value is None:
            return ""
        if field.kind is Kind.TEXT and self._quoting is not Quoting.EVERYTHING:
            shown = self._quoting is Quoting.REFERENCES and field.full_name in self._references
            return in_words(value) if shown else WITHHELD
        return in_words(value)

    def events(self, case: Case) -> Iterator[TimelineEvent]:
        """The dates of the case that the dictionary gives a lane, as it lists them."""
        for field in self._dictionary.fields.values():
            yield from self._event(field, case.fields, "")
        for table in self._dictionary.tables.values():
            columns = [column for column in table.columns.values() if column.lane]
            for row in case.tables.get(table.name, ()) if columns else ():
                for column in columns:
                    yield from self._event(column, row, "" if column.name == table.named_by else self._of(table, row))

    def _of(self, table: Table, row: Row) -> str:
        """Which row an event is of, where that is not itself a day."""
        return "" if isinstance(row.get(table.named_by), date) else self._name(table, row)

    def _event(self, field: Field, values: Mapping[str, Value | None], of: str) -> Iterator[TimelineEvent]:
        day = values.get(field.name) if field.lane else None
        if isinstance(day, date):
            yield TimelineEvent(day, self._lanes[field.lane], field.event or field.label, of, is_due=not field.past)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
