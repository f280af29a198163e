"""A record read as a case of the dictionary: what cannot be read is named and counts as not recorded."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import lru_cache

from attrs import Factory, evolve, frozen

from casescreen.cases.documents import Record
from casescreen.cases.schema import RecordSchema
from casescreen.model.case import (
    ANSWER,
    ANSWERED_ON,
    ANSWERS,
    ANSWERS_TABLE,
    CRITERION,
    ID,
    ITEM,
    READER,
    REASON,
    SOURCE,
    Answer,
    Case,
    RecordPath,
    Row,
    Unreadable,
)
from casescreen.model.dictionary import MOST_ROWS, SAID_INSTEAD, Field, Kind, Table, Value
from casescreen.model.outcome import ReadersAnswer
from casescreen.model.problem import Advice, Fault, NoValue, Problem, no_value
from casescreen.text import did_you_mean, evened, folded, in_words, listed

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NO_ID = 'Give each case an id of its own, in the section "case".'
_NOT_A_CASE = Fault("this is not a case", 'A case is a group of sections, of which one is called "case" and has an id.')
_NO_CASE = Fault("it holds no case records", _NOT_A_CASE.advice)
_WITHOUT_ID = Fault("the case has no id", _NO_ID)
_NULL = Fault("null is not a value", "Leave it out if it is not known.")
_WHAT_THERE_IS = Advice(
    "casescreen rules show --dictionary lists what a record may have.",
    "The workbook to fill in lists what a record may have.",
)
_WHAT_IS_ASKED = Advice("casescreen rules list names every criterion.", "The report names every criterion.")
_TAKEN_ON = Advice(
    "Correct the date, or say with --taken-on when the records were taken.",
    "Correct the date, or give the right day on which the records were taken.",
)
_NOT_COUNTED = "What is not read cannot count."
_NOT_APPLICABLE = ReadersAnswer.NOT_APPLICABLE.value
# An enum takes ten times as long to look a value up.
_READERS_ANSWERS: Mapping[object, ReadersAnswer] = {answer.value: answer for answer in ReadersAnswer}
_MOST_PROBLEMS = 50
_MORE = Fault("there are more problems in this record", "Mend these first, and screen again.")
_MOST_LIKENESSES = 50
"""Of how many unknown names in a record the likest known one is looked for, which is slow."""


@frozen(eq=False)
class ReadRecord:
    """What came of one record.

    Attributes:
        record: what was read.
        id: the id that it gives; "" if it gives none that can be used.
        case: the case; None if it cannot be told which case it is, or if everything must be readable.
        problems: why there is no case.
    """

    record: Record
    id: str
    case: Case | None
    problems: tuple[Problem, ...] = ()


def read_record(record: Record, schema: RecordSchema) -> ReadRecord:
    """The record as a case, with what cannot be read in it named; or why it is none."""
    content = record.content
    if not isinstance(content, dict):
        return ReadRecord(record, "", None, (_NOT_A_CASE.at(record.place()),))
    if not any(name in schema.sections or name in schema.tables for name in content):
        return ReadRecord(record, "", None, (_NO_CASE.at(record.place()),))
    case_id = _id_in(content)
    if isinstance(case_id, Fault):
        place = record.place() if case_id is _WITHOUT_ID else record.place("case", "id")
        why = "Findings are told by it."
        return ReadRecord(record, "", None, (Problem(place, case_id.said(quoted=schema.quoted), case_id.advice, why),))
    case = _RecordReader(record, f"case {case_id}", schema).case(case_id, content)
    if not (schema.strict and case.unreadable):
        return ReadRecord(record, case_id, case)
    problems = [one.problem for one in case.unreadable[:_MOST_PROBLEMS]]
    if len(case.unreadable) > _MOST_PROBLEMS:
        problems.append(_MORE.at(case.unreadable[_MOST_PROBLEMS].place))
    return ReadRecord(record, case_id, None, tuple(problems))


def _id_in(content: Mapping[str, object]) -> str | Fault:
    section = content.get("case")
    if isinstance(section, Fault):
        return evolve(section, what=f"case: {section.what}", unquoted=f"case: {section.said(quoted=False)}")
    written = section.get("id") if isinstance(section, dict) else None
    if isinstance(written, str) and (case_id := evened(written)):
        return case_id
    if isinstance(written, str):
        return Fault("case.id: it is empty", _NO_ID)
    if isinstance(written, Fault):
        unquoted = f"case.id: {written.said(quoted=False)}"
        return evolve(written, what=f"case.id: {written.what}", unquoted=unquoted)
    if isinstance(section, dict) and "id" in section:
        return Fault(
            f"case.id: {in_words(written)} is not text",
            'Write it in quotes, as in "123".',
            unquoted="case.id: it is not text",
        )
    return _WITHOUT_ID


@lru_cache(maxsize=1_024)
def _similar(word: str, known: frozenset[str]) -> str:
    """Advice that names the nearest known word, or all of them if they are few."""
    # The same slip often stands in every record, and likeness is slow to work out.
    return did_you_mean(word, known)


def _as_text(written: object) -> str:
    """What is written, whole, for the hash; Python refuses to print some numbers, which their sizes stand for."""
    try:
        return json.dumps(written, sort_keys=True, default=_part_as_text)
    except ValueError:
        return f"a number of {written.bit_length():,} bits" if isinstance(written, int) else repr(type(written))


def _part_as_text(part: object) -> str:
    # Not where a fault stands, which would make another case of the same words in another line.
    return part.written if isinstance(part, Fault) else str(part)


@frozen(eq=False)
class _RecordReader:
    """Reads one record; what cannot be read is noted and passed over."""

    record: Record
    part: str
    schema: RecordSchema
    unreadable: list[Unreadable] = Factory(list)

    def case(self, case_id: str, content: Mapping[str, object]) -> Case:
        fields: dict[str, Value | None] = {}
        tables: dict[str, tuple[Row, ...]] = {}
        known = {*self.schema.sections, *self.schema.tables}
        for name, written in content.items():
            if written is None:
                self._note((name,), _NULL, written)
            elif name in self.schema.sections:
                fields.update(self._section(name, written))
            elif name in self.schema.tables:
                if (rows := self._rows(self.schema.tables[name], written)) is not None:
                    tables[name] = rows
            else:
                self._note_unknown((name,), "it is not a section or table of a case", name, known, written)
        answers = tuple(self._answers(tables.pop(ANSWERS, ())))
        return Case(case_id, {**fields, ID: case_id}, tables, answers, self.record.whole, tuple(self.unreadable))

    def _note(self, path: RecordPath, fault: Fault, written: object, why: str = "") -> None:
        place = self.record.place(*path, part=self.part)
        text, is_mistake = fault.written or _as_text(written), not isinstance(fault, NoValue)
        what = fault.said(quoted=self.schema.quoted)
        self.unreadable.append(Unreadable(path, text, what, fault.advice, why, place, is_mistake))

    def _note_unknown(self, path: RecordPath, what: str, name: str, known: Collection[str], written: object) -> None:
        """Note a name that is not known, with the section where there is such a field, or the nearest known name."""
        homes = [f'"{section}.{name}"' for section, fields in self.schema.sections.items() if name in fields]
        advice = f"Did you mean {listed(homes)}? Put it in that section." if homes else ""
        if not advice and len(self.unreadable) < _MOST_LIKENESSES:
            advice = _similar(name, frozenset(known))
        self._note(path, Fault(what, advice or _WHAT_THERE_IS), written, _NOT_COUNTED)

    def _section(self, name: str, written: object) -> Row:
        if not isinstance(written, dict):
            advice = self.record.as_written(f"Begin it with [{name}].", f'Write "{name}": {{ ... }}.')
            fault = Fault("it is a section, and stands here as something else", advice)
            self._note((name,), written if isinstance(written, Fault) else fault, written)
            return dict.fromkeys(field.name for field in self.schema.sections[name].values())
        return self._values((name,), self.schema.sections[name], written)

    def _rows(self, table: Table, written: object) -> tuple[Row, ...] | None:
        """The rows; None where it cannot be told which there are."""
        if isinstance(written, list) and len(written) <= MOST_ROWS:
            rows = tuple(self._row(table, index, row) for index, row in enumerate(written))
            return self._with_own_keys(table, rows) if table.key and table is not ANSWERS_TABLE else rows
        if isinstance(written, Fault):
            fault = written
        elif isinstance(written, list):
            advice = f"A case can have up to {MOST_ROWS:,} rows in a table. Check that they belong to this one case."
            fault = Fault(f"the table has {len(written):,} rows", advice)
        else:
            advice = self.record.as_written(f"Begin each row with [[{table.name}]].", f'Write "{table.name}": [ ... ].')
            fault = Fault("it is a table of rows, and stands here as something else", advice)
        self._note((table.name,), fault, written)
        return None

    def _row(self, table: Table, index: int, written: object) -> Row:
        path = (table.name, index)
        if isinstance(written, dict):
            for name, raw in written.items():
                column = table.columns.get(name)
                if column is None or not column.holds(raw) or (column.past and self._is_later(raw)):
                    return self._values(path, table.columns, written)
            return written  # so it is nearly always
        fault = Fault("it is not a row", f"A row is a group of columns: {', '.join(table.columns)}.")
        self._note(path, written if isinstance(written, Fault) else fault, written)
        return dict.fromkeys(table.columns)

    def _with_own_keys(self, table: Table, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        """The rows with the keys that tell them apart; a key that is missing or stands twice is noted."""
        keys = [row.get(table.key) for row in rows]
        if None not in keys and len(set(keys)) == len(keys):
            return rows
        numbers = Counter(key for key in keys if key is not None)
        first = {key: index for index, key in reversed([*enumerate(keys)])}
        read = []
        for index, row in enumerate(rows):
            path, key = (table.name, index, table.key), row.get(table.key)
            if key is not None and numbers[key] > 1:
                other = next(n for n, one in enumerate(keys) if one == key and n != index)
                also = f"is also the {table.key} of row {(other if index == first[key] else first[key]) + 1}"
                advice = f"Give each {table.one} a different {table.key}."
                self._note(path, Fault(f'"{in_words(key)}" {also}', advice, unquoted=f"it {also}"), key)
            elif table.key not in row:
                why = f"Give each {table.one} a different {table.key}, which tells the {table.label} apart."
                self._note(path, Fault("it is missing", why), None)
            read.append(row if key is not None and numbers[key] == 1 else {**row, table.key: None})
        return tuple(read)

    def _values(self, path: RecordPath, known: Mapping[str, Field], written: Mapping[str, object]) -> Row:
        """What is written of fields, by their names; what cannot be read is None."""
        values: dict[str, Value | None] = {}
        for name, raw in written.items():
            field = known.get(name)
            if field is not None and field.holds(raw) and not (field.past and self._is_later(raw)):
                values[field.name] = raw  # so it is nearly always, and the rest is slow
                continue
            if field is None:
                of = "column of this table" if len(path) > 1 else "field of this section"
                self._note_unknown((*path, name), f"it is not a {of}", name, known, raw)
                continue
            if isinstance(raw, NoValue):
                # A mapping says that nothing is recorded: the value is absent, and why is kept where nothing is lost.
                if not self.schema.strict:
                    self._note((*path, name), raw, raw)
                continue
            value = self._value(field, raw)
            if isinstance(value, Fault):
                value = value if self.schema.strict else _said_instead(field, raw) or value
                self._note((*path, name), value, raw)
            values[field.name] = None if isinstance(value, Fault) else value
        return values

    def _is_later(self, value: Value) -> bool:
        """Whether it is a day after that on which the records were taken."""
        taken_on = self.schema.taken_on
        return taken_on is not None and isinstance(value, date) and value > taken_on

    def _value(self, field: Field, raw: object) -> Value | Fault:
        if raw is None:
            return _NULL
        if isinstance(raw, Fault):
            return raw
        in_text = field.kind is Kind.DATE and isinstance(raw, str) and self.record.document.dates_as_text
        value = _date_in(str(raw)) if in_text else field.read(raw)
        if field.past and not isinstance(value, Fault) and self._is_later(value):
            later = f"is later than the day on which the records were taken, {in_words(self.schema.taken_on)}"
            return Fault(f"{in_words(value)} {later}", _TAKEN_ON, unquoted=f"it {later}")
        return value

    def _with_id(self, answer: Row) -> Row:
        """An answer that calls its criterion by its id."""
        called = answer.get(CRITERION)
        if not isinstance(called, str) or called in (self.schema.criteria or ()):
            return answer
        criterion = self.schema.questions.get(folded(called))
        return answer if criterion is None else {**answer, CRITERION: criterion.id}

    def _answers(self, rows: tuple[Row, ...]) -> Iterator[Answer]:
        """The answers that can be told; what is wrong with others is noted."""
        rows = tuple(map(self._with_id, rows))
        about = [(row.get(CRITERION), row.get(ITEM)) for row in rows]
        numbers = Counter(about)
        noted = {
            one.path[:2] for one in self.unreadable if {*one.path[2:]} & {CRITERION, ANSWER, ITEM} or not one.path[2:]
        }
        for index, row in enumerate(rows):
            path = (ANSWERS, index)
            if path in noted:
                continue
            criterion, answer = row.get(CRITERION), row.get(ANSWER)
            if criterion is None or answer is None:
                missing = CRITERION if criterion is None else ANSWER
                advice = "Write the id or title of the criterion that is answered, and the answer: yes, no or n/a."
                self._note((*path, missing), Fault("it is missing", advice), row)
            elif self.schema.criteria is not None and criterion not in self.schema.criteria:
                advice = _similar(str(criterion), frozenset(self.schema.criteria))
                what = "is not a criterion of the rulebook"
                fault = Fault(f'"{in_words(criterion)}" {what}', advice or _WHAT_IS_ASKED, unquoted=f"it {what}")
                self._note((*path, CRITERION), fault, row, _NOT_COUNTED)
            elif numbers[about[index]] > 1:
                other = next(n for n, one in enumerate(about) if one == about[index] and n != index)
                advice = "Keep one of them: a question has one answer."
                self._note(path, Fault(f"it answers the same question as row {other + 1}", advice), row)
            elif answer == _NOT_APPLICABLE and row.get(REASON) is None:
                self._note(path, Fault("the answer is n/a, and no reason is given", "Write the reader's reason."), row)
            else:
                yield _answer(row)


def _answer(row: Row) -> Answer:
    day = row.get(ANSWERED_ON)
    return Answer(
        criterion=str(row[CRITERION]),
        answer=_READERS_ANSWERS[row[ANSWER]],
        item=str(row.get(ITEM) or ""),
        reason=str(row.get(REASON) or ""),
        reader=str(row.get(READER) or ""),
        answered_on=day if isinstance(day, date) else None,
        source=str(row.get(SOURCE) or ""),
    )


def _said_instead(field: Field, raw: object) -> NoValue | None:
    """What the record says in place of a value that is no text, by a word that is known everywhere."""
    written = raw.written if isinstance(raw, Fault) else raw
    if field.kind is Kind.TEXT or not isinstance(written, str):
        return None
    said = SAID_INSTEAD.get(folded(written))
    return None if said is None else no_value(said, written)


def _date_in(written: str) -> date | Fault:
    advice = 'Write the date as year-month-day in quotes, as in "2016-05-09".'
    if not _ISO_DATE.fullmatch(written):
        return Fault(f'"{in_words(written)}" is not a date', advice, unquoted="it is not a date")
    try:
        return date.fromisoformat(written)
    except ValueError:
        is_not = "is not a day in the calendar"
        return Fault(f"{written} {is_not}", advice, unquoted=f"it {is_not}")
