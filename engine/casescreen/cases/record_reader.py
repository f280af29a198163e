"""A record as it was written, read as a case of the dictionary; nothing is converted or guessed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from functools import lru_cache

from attrs import Factory, define, frozen

from casescreen.cases.documents import Record
from casescreen.cases.schema import RecordSchema
from casescreen.model.case import ANSWERS, ID, Answer, Case, Row
from casescreen.model.dictionary import MOST_ROWS, Field, Kind, Table, Value
from casescreen.model.outcome import ReadersAnswer
from casescreen.model.problem import Fault, Problem, ProblemCollector
from casescreen.text import did_you_mean, in_words, listed, visible

MOST_PROBLEMS = 50
_MORE = Fault("there are more problems in this record", "Mend these first, and screen again.")
_LONGEST_NAME = 60

Key = str | int


@define
class RecordProblems:
    """The problems of one record, and what the record is called in them.

    Attributes:
        record: what is read.
        part: the case by its id, or the record by its number.
    """

    record: Record
    part: str
    _collector: ProblemCollector = Factory(lambda: ProblemCollector(MOST_PROBLEMS, _MORE))

    @property
    def problems(self) -> list[Problem]:
        """What has been found."""
        return self._collector.problems

    @property
    def full(self) -> bool:
        """Whether so much is wrong already that nothing more is noted."""
        return self._collector.full

    def add(self, keys: tuple[Key, ...], what: str, advice: str, why: str = "") -> None:
        """Note a problem at a key of the record. After ``MOST_PROBLEMS`` only that there are more."""
        if not self.full:  # a place takes work to find
            what = f"{told(keys)}: {what}" if keys else what
            self._collector.add(self.record.place(*keys, part=self.part), what, advice, why)

    def unknown(self, keys: tuple[Key, ...], what: str, advice: str) -> None:
        """Note a name or word that is not known."""
        self.add(keys, what, advice, "What is not read cannot count.")


def told(keys: tuple[Key, ...]) -> str:
    """A key path as a person says it: ``order.type``; ``reviews, row 2, done_on``."""
    words = ""
    for key in keys:
        if isinstance(key, int):
            words += f", row {key + 1}"
        elif words:
            words += f", {visible(key, _LONGEST_NAME)}" if "," in words else f".{visible(key, _LONGEST_NAME)}"
        else:
            words = visible(key, _LONGEST_NAME)
    return words


@lru_cache(maxsize=1_024)
def similar(word: str, known: frozenset[str]) -> str:
    """Advice that names the nearest known word, or all of them if they are few."""
    # The same slip often stands in every record, and likeness is slow to work out.
    return did_you_mean(word, known)


def answers_of(rows: tuple[Row, ...], notes: RecordProblems, criteria: Collection[str] | None) -> tuple[Answer, ...]:
    """The answers that the rows of a record give; what is wrong with them is noted."""
    first: dict[tuple[Value | None, Value | None], int] = {}
    for index, row in enumerate(rows):
        _check(index, row, notes, criteria)
        about = row.get("criterion"), row.get("item")
        if about[0] is None:
            continue
        if about in first:
            what = f"it answers the same question as row {first[about] + 1}"
            notes.add((ANSWERS, index), what, "Keep one of them: a question has one answer.")
        first.setdefault(about, index)
    return () if notes.problems else tuple(_answer(row) for row in rows)


def _check(index: int, row: Row, notes: RecordProblems, criteria: Collection[str] | None) -> None:
    criterion = row.get("criterion")
    if criteria is not None and criterion is not None and criterion not in criteria:
        what = f'"{in_words(criterion)}" is not a criterion of the rulebook'
        advice = similar(str(criterion), frozenset(criteria)) or "casescreen rules list names every criterion."
        notes.unknown((ANSWERS, index, "criterion"), what, advice)
    if row.get("answer") == ReadersAnswer.NOT_APPLICABLE.value and "reason" not in row:
        notes.add((ANSWERS, index), "the answer is n/a, and no reason is given", "Write the reader's reason.")


def _answer(row: Row) -> Answer:
    day = row.get("answered_on")
    return Answer(
        criterion=str(row["criterion"]),
        answer=ReadersAnswer(row["answer"]),
        item=str(row.get("item", "")),
        reason=str(row.get("reason", "")),
        reader=str(row.get("reader", "")),
        answered_on=day if isinstance(day, date) else None,
    )


_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NO_ID = 'Give each case an id of its own, in the section "case".'
_NOT_A_CASE = ("this is not a case", 'A case is a group of sections, of which one is called "case" and has an id.')
_NULL = ("null is not a value", "Leave it out if it is not known.")
_NOT_YET = "What had not happened by then cannot count as done."


@frozen(eq=False)
class ReadRecord:
    """What came of one record.

    Attributes:
        record: what was read.
        id: the id that it gives, even where the rest of it is wrong; "" if it gives none.
        case: the case, or None if there are problems.
        problems: what is wrong with it.
    """

    record: Record
    id: str
    case: Case | None
    problems: tuple[Problem, ...]


def read_record(record: Record, terms: RecordSchema) -> ReadRecord:
    """The record as a case, or everything that is wrong with it."""
    content = record.content
    section = content.get("case") if isinstance(content, dict) else None
    written = section.get("id") if isinstance(section, dict) else None
    case_id = written if isinstance(written, str) and written.strip() else ""
    notes = RecordProblems(record, f"case {case_id}" if case_id else record.numbered)
    case = None
    if isinstance(content, dict):
        case = _Typing(notes, terms).case(case_id, content)
    else:
        notes.add((), *_NOT_A_CASE)
    return ReadRecord(record, case_id, None if notes.problems else case, tuple(notes.problems))


@frozen
class _Typing:
    """One record's content against the terms; what does not fit is noted and passed over."""

    notes: RecordProblems
    terms: RecordSchema

    def case(self, case_id: str, content: Mapping[str, object]) -> Case:
        fields: dict[str, Value] = {}
        tables: dict[str, tuple[Row, ...]] = {}
        for name, raw in content.items():
            if self.notes.full:
                break
            if raw is None:
                self.notes.add((name,), *_NULL)
            elif name in self.terms.sections:
                fields.update(self._section(name, raw))
            elif name in self.terms.tables:
                tables[name] = self._rows(self.terms.tables[name], raw)
            else:
                known = {*self.terms.sections, *self.terms.tables}
                self.notes.unknown((name,), "it is not a section or table of a case", self._meant(name, known))
        section = content.get("case", {})
        if isinstance(section, dict) and "id" not in section:
            self.notes.add((), "the case has no id", _NO_ID, "Findings are told by it.")
        answers = answers_of(tables.pop(ANSWERS, ()), self.notes, self.terms.criteria)
        return Case(case_id, fields, tables, answers, self.notes.record.whole)

    def _section(self, name: str, raw: object) -> Mapping[str, Value]:
        if not isinstance(raw, dict):
            advice = self.notes.record.as_written(f"Begin it with [{name}].", f'Write "{name}": {{ ... }}.')
            self.notes.add((name,), "it is a section, and stands here as something else", advice)
            return {}
        known = self.terms.sections[name]
        return {f"{name}.{key}": value for key, value in self._values((name,), known, raw).items()}

    def _rows(self, table: Table, raw: object) -> tuple[Row, ...]:
        if isinstance(raw, Fault):
            self.notes.add((table.name,), raw.what, raw.advice)
            return ()
        if not isinstance(raw, list):
            advice = self.notes.record.as_written(
                f"Begin each row with [[{table.name}]].", f'Write "{table.name}": [ ... ].'
            )
            self.notes.add((table.name,), "it is a table of rows, and stands here as something else", advice)
            return ()
        if len(raw) > MOST_ROWS:
            what = f"the table has {len(raw):,} rows"
            advice = f"A case can have up to {MOST_ROWS:,} rows in a table. Check that they belong to this one case."
            self.notes.add((table.name,), what, advice)
            return ()
        rows = tuple(self._row(table, index, row) for index, row in enumerate(raw))
        self._check_keys(table, rows)
        return rows

    def _row(self, table: Table, index: int, raw: object) -> Row:
        keys = (table.name, index)
        if not isinstance(raw, dict):
            self.notes.add(keys, "it is not a row", f"A row is a group of columns: {', '.join(table.columns)}.")
            return {}
        for needed in self.terms.needed(table):
            if needed not in raw:
                self.notes.add((*keys, needed), "it is missing", self.terms.why_needed(table))
        return self._values(keys, table.columns, raw)

    def _check_keys(self, table: Table, rows: tuple[Row, ...]) -> None:
        first: dict[Value, int] = {}
        for index, row in enumerate(rows):
            key = row.get(table.key)
            if key is None:
                continue
            if key in first:
                what = f'"{in_words(key)}" is also the {table.key} of row {first[key] + 1}'
                self.notes.add((table.name, index, table.key), what, f"Give each {table.one} a different {table.key}.")
            first.setdefault(key, index)

    def _values(self, keys: tuple[Key, ...], known: Mapping[str, Field], raw: Mapping[str, object]) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for name, written in raw.items():
            if self.notes.full:
                break
            if (field := known.get(name)) is None:
                of = "column of this table" if len(keys) > 1 else "field of this section"
                self.notes.unknown((*keys, name), f"it is not a {of}", self._meant(name, known))
            elif (value := self._value((*keys, name), field, written)) is not None:
                values[name] = value
        return values

    def _value(self, keys: tuple[Key, ...], field: Field, written: object) -> Value | None:
        if written is None:
            self.notes.add(keys, *_NULL)
            return None
        read = self._read(field, written)
        if isinstance(read, Fault):
            self.notes.add(keys, read.what, read.advice)
            return None
        as_of = self.terms.as_of
        if field.past and as_of is not None and isinstance(read, date) and read > as_of:
            what = (
                f"work recorded as done after the as-of date: {in_words(read)}, and the as-of date is {in_words(as_of)}"
            )
            self.notes.add(keys, what, "Correct the date, or screen as at a later date.", _NOT_YET)
            return None
        return read

    def _read(self, field: Field, written: object) -> Value | Fault:
        if isinstance(written, Fault):
            return written
        if field.kind is Kind.DATE and isinstance(written, str) and self.notes.record.document.dates_as_text:
            return _date_in(written)
        if field.name == ID and isinstance(written, str) and not written.strip():
            return Fault("it is empty", _NO_ID)
        return field.read(written)

    def _meant(self, name: str, known: Collection[str]) -> str:
        """Advice for an unknown name: the section where there is such a field, or the nearest known name."""
        homes = [f'"{section}.{name}"' for section, fields in self.terms.sections.items() if name in fields]
        if homes:
            return f"Did you mean {listed(homes)}? Put it in that section."
        return similar(name, frozenset(known)) or "casescreen rules show --dictionary lists what a record may have."


def _date_in(written: str) -> date | Fault:
    advice = 'Write the date as year-month-day in quotes, as in "2016-05-09".'
    if not _ISO_DATE.fullmatch(written):
        return Fault(f'"{in_words(written)}" is not a date', advice)
    try:
        return date.fromisoformat(written)
    except ValueError:
        return Fault(f"{written} is not a day in the calendar", advice)
