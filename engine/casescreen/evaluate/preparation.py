"""A record made ready to be asked the criteria: what cannot be is not believed, and what is later had not happened."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from attrs import evolve, frozen

from casescreen.conditions.compiler import NO_ROW, Context, Derivation, Test, compile_condition, context_of
from casescreen.model.case import ANSWERS, Case, RecordPath, Row, Unreadable
from casescreen.model.condition import Truth
from casescreen.model.dictionary import Dictionary, Field, Value
from casescreen.model.problem import Place
from casescreen.model.rulebook import Check, Rulebook
from casescreen.text import in_words, listed

_ON_CASE = 2  # how long the path of a field of the case is: a column's has the number of the row too


@frozen(eq=False)
class CheckResult:
    """A check that holds of a case, or of one of its rows.

    Attributes:
        row: the number of the row from 0; None where it is about the case.
    """

    check: Check
    row: int | None = None


class RecordChecker:
    """Checks one record after another. All checks read the record as it came, and none sees what another does."""

    def __init__(self, rulebook: Rulebook, context: Context) -> None:
        """Compile the checks."""
        self._checks: tuple[tuple[Check, Test], ...] = tuple(
            (check, compile_condition(check.when, context)) for check in rulebook.checks
        )

    def results(self, case: Case) -> tuple[CheckResult, ...]:
        """Every check that holds of the case, in the rulebook's order."""
        results: list[CheckResult] = []
        for check, test in self._checks:
            if check.table:
                rows = case.tables.get(check.table, ())
                results += [CheckResult(check, n) for n, row in enumerate(rows) if test(case, row) is Truth.TRUE]
            elif test(case, NO_ROW) is Truth.TRUE:
                results.append(CheckResult(check))
        return tuple(results)


def without_impossible(case: Case, results: tuple[CheckResult, ...]) -> Case:
    """The case without the values that are not believed: they stand in it, and are not known."""
    disbelieved: dict[RecordPath, Unreadable] = {}
    for result in results:
        for field in result.check.disbelieved:
            path = _path(field, result.row)
            row = case.tables[field.table][int(path[1])] if field.table else case.fields
            value = row.get(field.name)
            if value is not None and path not in disbelieved:
                what = f"it is not believed: {result.check.says}"
                disbelieved[path] = Unreadable(path, str(value), what, result.check.advice, place=case.place)
    if not disbelieved:
        return case
    fields, tables = dict(case.fields), {name: list(rows) for name, rows in case.tables.items()}
    for path in disbelieved:
        if len(path) == _ON_CASE:
            fields[f"{path[0]}.{path[1]}"] = None
        else:
            table, number, name = str(path[0]), int(path[1]), str(path[2])
            tables[table][number] = {**tables[table][number], name: None}
    return evolve(
        case,
        fields=fields,
        tables={name: tuple[Row, ...](rows) for name, rows in tables.items()},
        unreadable=(*case.unreadable, *disbelieved.values()),
    )


def _path(field: Field, row: int | None) -> RecordPath:
    if field.table:
        assert row is not None, "a column is disbelieved only of the row that a check is about"
        return (field.table, row, field.name)
    section, _, name = field.name.partition(".")
    return (section, name)


def under_new_ids(case: Case, renamed: Mapping[str, str]) -> tuple[Case, tuple[Unreadable, ...]]:
    """The case with answers to ids that criteria had before as answers to what they are called now.

    Two of one question count for nothing, as where they stand under one id: those come too.
    """
    if not any(answer.criterion in renamed for answer in case.answers):
        return case, ()
    given = {(one.criterion, one.item): one for one in case.answers}.values()  # of two under one id, the last
    answers = [evolve(one, criterion=renamed.get(one.criterion, one.criterion)) for one in given]
    written: dict[tuple[str, str], list[str]] = {}
    for one, before in zip(answers, given, strict=True):
        written.setdefault((one.criterion, one.item), []).append(before.criterion)
    twice = [ids for one in answers if len(ids := written[one.criterion, one.item]) > 1]
    single = tuple(one for one in answers if len(written[one.criterion, one.item]) == 1)
    return evolve(case, answers=single), tuple(_answered_twice(ids, case.place) for ids in twice)


def _answered_twice(written: Iterable[str], place: Place) -> Unreadable:
    names = listed(map(in_words, sorted(written)), "and")
    advice = "Keep one of them: a question has one answer."
    return Unreadable((ANSWERS,), names, f"{names} are one question, and all are answered", advice, place=place)


@frozen(eq=False)
class PastRecord:
    """A record as at a day.

    Attributes:
        case: the case as at that day.
        begun: whether it had begun.
        later: how many dates, rows and answers are left out of it, since they are of later days.
    """

    case: Case
    begun: bool
    later: int


class RecordsAsAt:
    """Takes one record after another back to a day. Facts without a date stay as they are."""

    def __init__(self, dictionary: Dictionary, as_of: date) -> None:
        """Keep which fields and columns date something that was done."""
        self._as_of = as_of
        self._fields = dating_fields(dictionary.fields)
        self._columns = {
            name: columns for name, table in dictionary.tables.items() if (columns := dating_fields(table.columns))
        }
        # Whether a fact is dated by several dates matters where some of them are later.
        self._dated = {
            "": dated_by(self._fields),
            **{name: dated_by(columns) for name, columns in self._columns.items()},
        }

    def take_back(self, case: Case) -> PastRecord:
        """The case as at the day."""
        begun = not any(field.begins and self._is_later(case.fields.get(field.name)) for field in self._fields)
        fields, later = self._taken_back(case.fields, self._fields, "")
        tables, kept_rows = dict(case.tables), dict[str, list[int]]()
        for name, columns in self._columns.items():
            rows = case.tables.get(name, ())
            if any(self._is_later(row.get(column.name)) for row in rows for column in columns):
                kept = [n for n, row in enumerate(rows) if not self._begins_later(row, columns)]
                cut = [self._taken_back(rows[n], columns, name) for n in kept]
                tables[name], kept_rows[name] = tuple(row for row, _ in cut), kept
                later += len(rows) - len(kept) + sum(number for _, number in cut)
        answers = tuple(answer for answer in case.answers if not self._is_later(answer.answered_on))
        later += len(case.answers) - len(answers)
        if not later:
            return PastRecord(case, begun, 0)
        unreadable = tuple(_renumbered(case.unreadable, kept_rows))
        return PastRecord(
            evolve(case, fields=fields, tables=tables, answers=answers, unreadable=unreadable), begun, later
        )

    def _is_later(self, value: Value | None) -> bool:
        return isinstance(value, date) and value > self._as_of

    def _begins_later(self, row: Row, columns: Iterable[Field]) -> bool:
        return any(column.begins and self._is_later(row.get(column.name)) for column in columns)

    def _taken_back(self, row: Row, dating: Iterable[Field], table: str) -> tuple[Row, int]:
        """The fields without the dates that are later, and how many those are; what only they date was not done."""
        later = {field.name for field in dating if self._is_later(row.get(field.name))}
        if not later:
            return row, 0
        earlier = {name: value for name, value in row.items() if name not in later}
        for fact, dates in self._dated[table].items():
            recorded = {name for name in dates if name in row}
            if later & recorded and all(name in later or row[name] is None for name in recorded):
                earlier[fact] = False if recorded <= later else None
        return earlier, len(later)


def dating_fields(fields: Mapping[str, Field]) -> tuple[Field, ...]:
    """The dates of what happened."""
    return tuple(field for field in fields.values() if field.past or field.begins)


def dated_by(dating: Iterable[Field]) -> Mapping[str, Collection[str]]:
    """The dates of each yes-no that is dated."""
    by: dict[str, list[str]] = {}
    for field in dating:
        if field.dates:
            by.setdefault(field.dates, []).append(field.name)
    return by


def _renumbered(unreadable: Iterable[Unreadable], kept_rows: Mapping[str, list[int]]) -> Iterable[Unreadable]:
    """What cannot be read, with the numbers that its rows have now; nothing of rows that are gone."""
    for one in unreadable:
        kept = kept_rows.get(str(one.path[0]))
        if kept is None or len(one.path) == 1:
            yield one
        elif one.path[1] in kept:
            yield evolve(one, path=(one.path[0], kept.index(int(one.path[1])), *one.path[2:]))


class DerivedFields:
    """Works out the derived fields of one case after another."""

    def __init__(self, rulebook: Rulebook, context: Context) -> None:
        """Compile them, in the rulebook's order: each after those that it names."""
        self._of_case: list[Derivation] = []
        self._of_rows: dict[str, list[Derivation]] = {}
        for derived in rulebook.derived:
            table = derived.field.table
            (self._of_rows.setdefault(table, []) if table else self._of_case).append(Derivation(derived, context))

    def add_to(self, case: Case) -> Case:
        """The case with its derived fields, and those of its rows."""
        if self._of_case:
            fields = dict(case.fields)
            case = evolve(case, fields=fields)
            for one in self._of_case:
                fields.update(one.value(case, NO_ROW))
        if not self._of_rows:
            return case
        tables = dict(case.tables)
        for table in self._of_rows.keys() & tables.keys():
            tables[table] = tuple([self._with_derived(case, table, row) for row in tables[table]])
        return evolve(case, tables=tables)

    def _with_derived(self, case: Case, table: str, row: Row) -> Row:
        derived = dict(row)
        for one in self._of_rows[table]:
            derived.update(one.value(case, row))
        return derived


@frozen(eq=False)
class PreparedRecord:
    """A record as it is asked the criteria.

    Attributes:
        case: the case, without what is not believed, as at the as-of date, with the derived fields.
        begun: whether the case had begun by then.
        later: how many dates, rows and answers are left out, since they are of later days.
        results: the checks that hold of the record as it came.
        twice: the answers that count for nothing, since another is to the same question under another id.
    """

    case: Case
    begun: bool
    later: int
    results: tuple[CheckResult, ...]
    twice: tuple[Unreadable, ...] = ()


class RecordPreparer:
    """Makes one record after another ready."""

    def __init__(self, rulebook: Rulebook, as_of: date) -> None:
        """Keep the checks, what is dated, what is derived, and what criteria were called before."""
        context = context_of(rulebook, as_of)
        self._checker = RecordChecker(rulebook, context)
        self._records = RecordsAsAt(rulebook.dictionary, as_of)
        self._derived = DerivedFields(rulebook, context)
        self._renamed = rulebook.renamed

    def prepare(self, case: Case) -> PreparedRecord:
        """The record made ready."""
        results = self._checker.results(case)
        past = self._records.take_back(without_impossible(case, results) if results else case)
        ready, twice = under_new_ids(past.case, self._renamed)
        return PreparedRecord(self._derived.add_to(ready), past.begun, past.later, results, twice)
