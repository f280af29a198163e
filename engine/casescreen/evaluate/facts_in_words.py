"""The facts that decided a proof in words, what is missing for it to be decided, and by how much it was late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import repeat

from attrs import evolve, frozen

from casescreen.conditions.description import (
    ConditionText,
    bounds_in_words,
    quote_label,
    quoted,
    supplied_in_words,
)
from casescreen.conditions.operators import (
    AFTER,
    AT_LEAST,
    AT_MOST,
    BEFORE,
    LESS_THAN,
    MORE_THAN,
    ON_OR_AFTER,
    ON_OR_BEFORE,
)
from casescreen.conditions.proof import deciding, deciding_in_rows, rows_true
from casescreen.model.calendar import Duration, WorkingCalendar
from casescreen.model.case import Unreadable
from casescreen.model.condition import (
    AsOf,
    Compare,
    Count,
    Covered,
    FromField,
    OverRows,
    Quantifier,
    Recorded,
    Truth,
    Within,
)
from casescreen.model.dictionary import Dictionary, Kind, Table
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Proof, Reading
from casescreen.text import counted, full_stop, in_words

_MOST_ROWS = 3
_MOST_NAMES = 5
_OTHERWISE = {
    AT_LEAST: LESS_THAN,
    LESS_THAN: AT_LEAST,
    AT_MOST: MORE_THAN,
    MORE_THAN: AT_MOST,
    BEFORE: ON_OR_AFTER,
    ON_OR_AFTER: BEFORE,
    AFTER: ON_OR_BEFORE,
    ON_OR_BEFORE: AFTER,
}
"""Of each operator that puts values in order, the one that holds where it does not."""
_WORDS = (Kind.TEXT, Kind.CHOICE)


class FactsInWords:
    """Puts the deciding facts of a proof into words."""

    def __init__(self, rulebook: Rulebook, *, with_places: bool = True) -> None:
        """Keep what names things, and whether it is said where something stands that cannot be used."""
        self._with_places = with_places
        self._wording = ConditionText(rulebook)
        self._dictionary: Dictionary = rulebook.dictionary
        self._calendar: WorkingCalendar = rulebook.calendar

    def of(self, proof: Proof, *, short: bool = False) -> str:
        """The facts that decided a proof that is true or false; ``short`` if that is why something is not met."""
        facts: dict[str, bool] = {}
        for test in _telling(proof):
            facts[self._fact(test, short=short)] = isinstance(test.condition, OverRows)
        sentences, before = list[str](), True
        for fact, over_rows in facts.items():
            # One that another begins with says no more than that.
            if True not in map(str.startswith, facts, repeat(f"{fact},")):
                if before or over_rows:
                    sentences.append(fact)
                else:
                    sentences[-1] += f"; {fact}"
                before = over_rows
        return sentences[0] if len(sentences) == 1 else " ".join(map(full_stop, sentences))

    def missing(self, proof: Proof) -> str:
        """What the record would have to say for an unknown proof to be decided, in sentences."""
        missing = dict.fromkeys((one.label, one.unreadable) for one in self._missing(proof))
        labels = [label for label, unreadable in missing if unreadable is None]
        sentences = [f"Not recorded: {'; '.join(labels)}."] if labels else []
        sentences += [
            f"The record holds something for {label} that cannot be used: {one.what}{self._place(one)}."
            if one.is_mistake
            else f"For {label}, {one.what}{self._place(one)}."
            for label, one in missing
            if one is not None
        ]
        return " ".join(sentences)

    def waits_for(self, proof: Proof | None) -> tuple[str, ...]:
        """The full names of what is missing for a proof to be decided: fields, columns, and tables as a whole."""
        if proof is None or proof.truth is not Truth.UNKNOWN:
            return ()
        return tuple(dict.fromkeys(one.name for one in self._missing(proof) if one.name))

    def _place(self, unreadable: Unreadable) -> str:
        place = unreadable.place.in_file if self._with_places else ""
        return f" ({place})" if place else ""

    def said(self, proof: Proof | None, *, short: bool = False) -> str:
        """The facts that decided a proof, or what is missing for it to be decided; "" where there is none."""
        if proof is None:
            return ""
        if proof.truth is Truth.UNKNOWN:
            return self.missing(proof)
        facts = self.of(proof, short=short)
        return full_stop(facts) if facts else ""

    def _fact(self, test: Proof, *, short: bool) -> str:
        match test.condition:
            case Compare():
                return _compared(test, test.condition)
            case Recorded():
                return _said(test.readings[0])
            case Within():
                return self._elapsed(test)
            case OverRows():
                return self._rows(test, test.condition, short=short)
            case Count(table=name):
                table, where, number = self._dictionary.tables[name], self._where(test.condition), rows_true(test)
                if not number and Truth.UNKNOWN not in [row.truth for row in test.parts]:
                    return f"no {table.label}{where}"
                beside = "" if test.truth is Truth.TRUE else f", not {bounds_in_words(test.condition)}"
                return f"number of {table.label}{where}: {number:,}{beside}"
            case Covered(table=name, by=by):
                rows, among = self._dictionary.tables[name], self._dictionary.tables[by.table].label
                if test.truth is Truth.TRUE:
                    chosen = [row for row in test.parts if row.where is None or row.where.truth is Truth.TRUE]
                    return f"{counted(len(chosen), rows.one, rows.label)}, each found among the {among}"
                lacking = [quoted(row.readings[0].value) for row in test.parts if row.truth is Truth.FALSE]
                return f"not found among the {among}: {_first_of(dict.fromkeys(lacking))}"
            case _:
                return ""

    def _elapsed(self, test: Proof) -> str:
        """A date, and how it lies to the one that its time runs from."""
        (day, start), limit, early = _days(test), test.expected, test.early
        start_label = test.readings[1].field.label
        said, begins = _said(test.readings[0]), f"{in_words(start)} ({start_label})"
        first = self._calendar.deadline(start, -early) if isinstance(early, Duration) else date.min
        if day < first == start:
            return f"{said}, before {begins}, when its time began"
        if day < first:
            span = f"{early} before {in_words(start)}, {start_label}"
            return f"{said}, before {in_words(first)}, when its time began ({span})"
        if test.truth is Truth.TRUE:
            if day >= start:
                return f"{said}, within {limit} of {begins}"
            return (
                f"{said}, within {early} before {begins}" if isinstance(early, Duration) else f"{said}, before {begins}"
            )
        last = _last_day(test, self._calendar)
        span = f": {limit} from {in_words(start)}, {start_label}" if last != start else ""
        return f"{said}, {counted((day - last).days, 'day')} late (due {in_words(last)}{span})"

    def _where(self, condition: OverRows | Count) -> str:
        return "" if condition.where is None else f" where {self._wording.condition(condition.where)}"

    def _rows(self, test: Proof, condition: OverRows, *, short: bool) -> str:
        table = self._dictionary.tables[condition.table]
        chosen = [row for row in test.parts if row.where is None or row.where.truth is not Truth.FALSE]
        if not chosen:
            return f"no {table.label}{self._where(condition)}"
        of_them = counted(len(chosen), table.one, table.label)
        if condition.quantifier is Quantifier.SOME and test.truth is Truth.FALSE:
            none = f"none of {of_them} has" if len(chosen) > 1 else f"the one {table.one} does not have"
            return f"{none} this: {self._wording.condition(condition.satisfies)}"
        decided = [row for row in chosen if row.truth is test.truth]
        rows = _first_of((self._row(row, short=short) for row in decided), "; ", _MOST_ROWS)
        if short:
            return f"{_how_many_fall_short(chosen, test.truth, table)}: {rows}"
        return f"{len(decided)} of {of_them}: {rows}" if test.truth is Truth.TRUE else f"it is not so of {rows}"

    def _row(self, row: Proof, *, short: bool) -> str:
        """The name of a row, and what decided it: of what chose it, the days that had passed by the as-of date."""
        days = [] if row.where is None or not short else list(deciding(row.where))
        facts = [self.of(part, short=short) for part in row.parts]
        facts += [_said(day.readings[0]) for day in days if _is_past(day)]
        said = "; ".join(filter(None, dict.fromkeys(facts)))
        return f"{row.row}, {said}" if "(" in said else f"{row.row} ({said})" if said else row.row

    def _missing(self, proof: Proof) -> Iterator[_Missing]:
        for test in deciding(proof):
            match test.condition:
                case OverRows(table=table) | Count(table=table) | Covered(table=table) if test.absent:
                    yield _Missing(self._dictionary.tables[table].label, table, test.unreadable)
                case OverRows() | Count() | Covered():
                    for row in test.parts:
                        if row.truth is Truth.UNKNOWN:
                            yield from self._missing_in_row(row)
                case _:
                    unknown = [reading for reading in test.readings if reading.value is None]
                    yield from map(_missing_reading, unknown)
                    for why in test.parts:  # a derived field is not known
                        yield from self._missing(why)
                    if not unknown and not test.parts:  # then a date lies outside the calendar of public holidays
                        yield _Missing(f"working days as early or late as {quote_label(test.readings[0].field)}", "")

    def _missing_in_row(self, row: Proof) -> Iterator[_Missing]:
        for part in (row.where, *row.parts):
            if part is None or part.truth is not Truth.UNKNOWN:
                continue
            condition = part.condition
            if not isinstance(condition, Covered):
                yield from (evolve(one, label=f"{one.label} ({row.row})") for one in self._missing(part))
            elif part.readings[0].value is None:
                one = _missing_reading(part.readings[0])
                yield evolve(one, label=f"{one.label} ({row.row})")
            else:
                among = self._dictionary.tables[condition.by.table].label
                if part.absent:
                    yield _Missing(among, condition.by.table)
                else:
                    yield _Missing(f"{condition.by.label} of each of the {among}", condition.by.full_name)


@frozen
class _Missing:
    """What is missing, as people call it, its full name, and what stands there that cannot be used."""

    label: str
    name: str
    unreadable: Unreadable | None = None


def _missing_reading(reading: Reading) -> _Missing:
    return _Missing(reading.field.label, reading.field.full_name, reading.unreadable)


def _telling(proof: Proof) -> Iterator[Proof]:
    """The deciding tests that say something which no other says.

    Left out is that a date is not recorded, where what it would date is recorded not to be so; and that a date lies
    after another, where it is late.
    """
    tests = list(deciding(proof))
    denied = {(one.field.table, one.field.name) for test in tests for one in test.readings if one.value is False}
    timed = {test.readings[0].field for test in tests if isinstance(test.condition, Within)}
    for test in tests:
        condition, first = test.condition, next(iter(test.readings), None)
        if first is None:
            yield test
        elif (
            isinstance(condition, Recorded) and first.value is None and (first.field.table, first.field.dates) in denied
        ):
            continue
        elif not (isinstance(condition, Compare) and condition.operator in _OTHERWISE and first.field in timed):
            yield test


def _is_past(test: Proof) -> bool:
    """Whether the test is that a day of the record had passed by the as-of date."""
    condition = test.condition
    return isinstance(condition, Compare) and condition.operator is BEFORE and isinstance(condition.operand, AsOf)


def _first_of(words: Iterable[str], by: str = ", ", most: int = _MOST_NAMES) -> str:
    """The first of the words, and how many more there are."""
    every = list(words)
    more = [f"and {len(every) - most:,} more"] if len(every) > most else []
    return by.join([*every[:most], *more])


def _how_many_fall_short(chosen: Sequence[Proof], failing: Truth, table: Table) -> str:
    """How many of the rows are as asked, before those that are not; that all fall short, where they do."""
    number = [row.truth for row in chosen].count(failing)
    if number == len(chosen):
        every = "both" if number == 2 else f"all {number:,}"  # noqa: PLR2004 - two are both
        return f"it is not so of the one {table.one}" if number == 1 else f"{every} {table.label} fall short"
    unknown = [row.truth for row in chosen].count(Truth.UNKNOWN)
    met = len(chosen) - number - unknown
    said = f"{met:,} of {len(chosen):,} {table.label} {'meets' if met == 1 else 'meet'} this"
    said += f", {unknown:,} cannot be told" if unknown else ""
    return f"{said}, and {'this one does' if number == 1 else 'these do'} not"


def _compared(test: Proof, condition: Compare) -> str:
    """A value, and how it lies to what it was held against, where that is not plain from the value."""
    said, operator, field = _said(test.readings[0]), condition.operator, condition.field
    of_another = isinstance(condition.operand, FromField)
    plain = field.kind is Kind.YES_NO or operator.denies or (field.kind in _WORDS and not of_another)
    if test.truth is Truth.TRUE or plain:
        return said
    how = _OTHERWISE[operator].words if operator in _OTHERWISE else f"not {operator.words}"
    beside = f" ({test.readings[1].field.label})" if of_another else ""
    return f"{said}, {how}{supplied_in_words(test.expected)}{beside}"


def _said(reading: Reading) -> str:
    return f"{reading.field.label}: {quoted(reading.value)}"


def days_late(proof: Proof, calendar: WorkingCalendar) -> int:
    """How many days the latest date lies after its last day, of the tests that decided; 0 where none is late."""
    late = [
        (_days(test)[0] - _last_day(test, calendar)).days
        for test in deciding_in_rows(proof, choosing=False)
        if isinstance(test.condition, Within) and test.truth is Truth.FALSE
    ]
    return max((0, *late))


def _days(test: Proof) -> tuple[date, date]:
    """The date of elapsed time that was decided, and the one that its time runs from."""
    day, start = (reading.value for reading in test.readings[:2])
    assert isinstance(day, date)
    assert isinstance(start, date)
    return day, start


def _last_day(test: Proof, calendar: WorkingCalendar) -> date:
    assert isinstance(test.expected, Duration), "a test that was decided has its limit"
    return calendar.deadline(_days(test)[1], test.expected)
