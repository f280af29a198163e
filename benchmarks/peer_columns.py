"""Engines that take whole columns, all from the same Parquet files: ours in bulk, DuckDB, pandas, and Polars alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray
from peer_formulas import Formulas
from peer_logic import OUTCOMES, SIGNS, CannotSayError, Dialect, Rules

from casescreen.columnar.caseload_folder import scan_folder
from casescreen.columnar.frames import ROW
from casescreen.columnar.screening import bulk_outcomes, bulk_rates
from casescreen.conditions.operators import IS
from casescreen.model.calendar import Duration, OutsideCalendarError, Unit, WorkingCalendar
from casescreen.model.case import ANSWERS, HAS
from casescreen.model.condition import Operator
from casescreen.model.dictionary import Field, Kind, Value
from casescreen.model.outcome import Outcome, ReadersAnswer
from casescreen.model.rulebook import Criterion, DerivedField, Rulebook

if TYPE_CHECKING:
    import pandas as pd

Counts = dict[str, dict[str, int]]
Flags = NDArray[np.bool_]
NOT_KNOWN = " not known"
"""What the name of a column ends with that says of a derived field where it is not known."""


def days_of(calendar: WorkingCalendar) -> list[date]:
    """Every day that the calendar covers."""
    length = (calendar.covers_until - calendar.covers_from).days + 1
    return [calendar.covers_from + timedelta(number) for number in range(length)]


@cache
def deadlines(calendar: WorkingCalendar, allowed: Duration) -> list[date | None]:
    """The last day within so many working days of each day that the calendar covers, or the first, counted back."""

    def last(day: date) -> date | None:
        try:
            return calendar.deadline(day, allowed)
        except OutsideCalendarError:
            return None

    return [last(day) for day in days_of(calendar)]


def bulk(rulebook: Rulebook, folder: Path, as_of: date) -> Counts:
    """Ours, whole columns: rates over all cases."""
    (rates,) = bulk_rates(rulebook, scan_folder(folder, rulebook.dictionary), as_of=as_of).values()
    return {rate.criterion: {one.value: count for one in rate.counts if (count := rate.count(one))} for rate in rates}


def bulk_findings(rulebook: Rulebook, folder: Path, as_of: date, out: Path) -> Counts:
    """Ours: a row for every not met, written to Parquet."""
    found: Counts = {}
    ids = [criterion.id for criterion in rulebook.criteria]
    parts = bulk_outcomes(rulebook, scan_folder(folder, rulebook.dictionary), as_of=as_of, only=[Outcome.NOT_MET])
    for number, frame in enumerate(parts):
        frame.write_parquet(out / f"{number}.parquet")
        for place, count in frame["criterion"].value_counts().iter_rows():
            words = found.setdefault(ids[place], {Outcome.NOT_MET.value: 0})
            words[Outcome.NOT_MET.value] += count
    return found


class Sql(Formulas):
    """DuckDB's SQL: one aggregate a child table, joined to the cases.

    Derived fields of the case are columns of a view, each in a query over those before it. Those of rows are written
    out where they are named, so that rows are joined to their cases once.
    """

    same = "="
    joint, disjoint, negation = " AND ", " OR ", "NOT "

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.folds: dict[str, dict[str, str]] = defaultdict(dict)
        self.joins: dict[str, dict[str, str]] = defaultdict(dict)
        self.limits: dict[Duration, str] = {}
        self.of_rows: dict[str, tuple[str, str]] = {}
        self.with_cases: set[str] = set()

    def value(self, field: Field) -> str:
        if field.full_name in self.of_rows:
            return self.of_rows[field.full_name][0]
        return f'r."{field.name}"' if field.table else self.of_case(field.name)

    def unknown(self, field: Field) -> str:
        return self.of_rows[field.full_name][1] if field.table else self.of_case(f"{field.name}{NOT_KNOWN}")

    def of_case(self, name: str) -> str:
        self.with_cases.add(self.table)
        return f'c."{name}"'

    def nothing(self) -> str:
        return "NULL"

    def known(self, field: Field) -> str:
        return f"({self.value(field)} IS NOT NULL)"

    def literal(self, value: Value) -> str:
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, date):
            return f"DATE '{value.isoformat()}'"
        return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"

    def some(self, table: str, row: str | None) -> str:
        if self.table:
            raise CannotSayError(f"some row of {table} for a row of {self.table}")
        names = self.folds[table]
        name = names.setdefault(row or "TRUE", f"b{len(names)}")
        return f"COALESCE(a_{table}.{name}, FALSE)"

    def present(self, table: str) -> str:
        return f'c."has.{table}"'

    def answered(self, criterion: Criterion, answer: ReadersAnswer) -> str:
        if criterion.per is None:
            item = "r.item IS NULL"
            return self.some("answers", f"(r.criterion = '{criterion.id}' AND r.answer = '{answer.value}' AND {item})")
        name = f"a{len(self.joins[criterion.per.table])}"
        key = self.rulebook.dictionary.tables[criterion.per.table].key
        on = f"{{name}}.k = r.k AND {{name}}.item = r.\"{key}\" AND {{name}}.criterion = '{criterion.id}'"
        join = f"LEFT JOIN answers {{name}} ON {on}"
        name = self.joins[criterion.per.table].setdefault(join, name)
        return f"COALESCE({name}.answer = '{answer.value}', FALSE)"

    def found(self, field: Field, by: Field) -> str:
        names = self.joins[field.table]
        other = f'(SELECT DISTINCT k, "{by.name}" AS v FROM {by.table} WHERE "{by.name}" IS NOT NULL)'  # noqa: S608
        join = f'LEFT JOIN {other} {{name}} ON {{name}}.k = r.k AND {{name}}.v = r."{field.name}"'
        return f"({names.setdefault(join, f'a{len(names)}')}.v IS NOT NULL)"

    def deadline(self, of: Field, allowed: Duration) -> str:
        if allowed.unit is not Unit.WORKING_DAY:
            return f"CAST({self.value(of)} + INTERVAL ({allowed.count}) {allowed.unit.name} AS DATE)"
        name = self.limits.setdefault(allowed, f"limit{len(self.limits)}")
        first = self.literal(self.rulebook.calendar.covers_from)
        return f"getvariable('{name}')[{self.value(of)} - {first} + 1]"

    def when(self, test: str, then: str, other: str) -> str:
        return f"(CASE WHEN {test} THEN {then} ELSE {other} END)"

    def from_rows(self, table: str) -> str:
        joins = " ".join(join.format(name=name) for join, name in self.joins[table].items())
        cases = "JOIN cases c ON c.k = r.k" if table in self.with_cases else ""
        return f"FROM {table} r {cases} {joins}"

    def cases(self, rules: Rules[str], read: str) -> str:
        """The query for the cases with their derived fields, from one for what was read."""
        for derived in rules.rulebook.derived:
            value, unknown = rules.derive(derived)
            field, said = derived.field, rules.expression(unknown)
            if field.table:
                self.of_rows[field.full_name] = value, said
            else:
                columns = f'{value} AS "{field.name}", {said} AS "{field.name}{NOT_KNOWN}"'
                read = f"SELECT c.*, {columns} FROM ({read}) c"  # noqa: S608 - our own rules
        return read


def duckdb(rulebook: Rulebook, folder: Path, as_of: date) -> Counts:
    """The same rules as DuckDB SQL: one query for what is asked of the cases, and one for each table that is asked."""
    import duckdb as engine  # noqa: PLC0415 - measured only where it is installed

    sql = Sql(rulebook)
    rules = Rules(sql, rulebook, as_of)
    cases = sql.cases(rules, "SELECT * FROM cases_read")
    asked: dict[str, dict[str, tuple[str, list[Outcome]]]] = defaultdict(dict)
    for criterion in rulebook.criteria:
        for table, code, outcomes in _asked(rules, criterion):
            asked[table][code] = (criterion.id, outcomes)
    connection = engine.connect()
    for name in {path.stem for path in folder.glob("part-*/*.parquet")}:
        files = f"read_parquet('{folder}/part-*/{name}.parquet')"
        view = "cases_read" if name == "cases" else name
        connection.execute(
            f'CREATE VIEW {view} AS SELECT file_index::BIGINT * 4294967296 + "case.row" AS k, * FROM {files}'  # noqa: S608
        )
    for allowed, limit in sql.limits.items():
        connection.execute(f"SET VARIABLE {limit} = ?::DATE[]", [deadlines(rulebook.calendar, allowed)])
    connection.execute(f"CREATE VIEW cases AS {cases}")
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for table, columns in asked.items():
        row = connection.execute(_query(sql, table, columns)).fetchone()
        assert row is not None
        counts = iter(row)
        for id_, outcomes in columns.values():
            for outcome in outcomes:
                found[id_][outcome.value] += next(counts)
    return {id_: {word: count for word, count in counts.items() if count} for id_, counts in found.items()}


def _asked(rules: Rules[str], criterion: Criterion) -> Iterator[tuple[str, str, list[Outcome]]]:
    """Of what a criterion is asked, its outcome's place among ``OUTCOMES`` as one expression, and which it can be."""
    code = rules.code(rules.outcomes(criterion))
    if not criterion.per:
        yield "", code, list(rules.outcomes(criterion))
        return
    yield criterion.per.table, f"CASE WHEN {rules.chosen(criterion)} THEN {code} END", list(rules.outcomes(criterion))
    nothing = rules.of_nothing(criterion)
    is_nothing = rules.expression(rules.either(*nothing.values()))
    yield "", f"CASE WHEN {is_nothing} THEN {rules.code(nothing)} END", list(nothing)


def _query(sql: Sql, table: str, asked: Mapping[str, tuple[str, list[Outcome]]]) -> str:
    codes = ", ".join(f"{code} AS o{number}" for number, code in enumerate(asked))
    counts = ", ".join(
        f"count_if(o{number} = {OUTCOMES.index(outcome)})"
        for number, (_, outcomes) in enumerate(asked.values())
        for outcome in outcomes
    )
    if table:
        return f"SELECT {counts} FROM (SELECT {codes} {sql.from_rows(table)})"  # noqa: S608 - our own rules
    folded = ", ".join(
        f"a_{name} AS (SELECT r.k, {', '.join(f'bool_or({row}) AS {fold}' for row, fold in folds.items())} "
        f"{sql.from_rows(name)} GROUP BY r.k)"
        for name, folds in sql.folds.items()
    )
    joined = " ".join(f"LEFT JOIN a_{name} ON a_{name}.k = c.k" for name in sql.folds)
    return f"WITH {folded} SELECT {counts} FROM (SELECT {codes} FROM cases c {joined})"  # noqa: S608 - our own rules


class Frames(Dialect[Any]):
    """pandas: masks over columns, each of which is read once, or worked out once where it is derived."""

    def __init__(self, rulebook: Rulebook, folder: Path, as_of: date) -> None:
        self.rulebook, self.folder, self.as_of = rulebook, folder, as_of
        self.read: dict[tuple[str, str], Any] = {}
        self.of_case: dict[tuple[str, str], Any] = {}
        self.first = np.datetime64(rulebook.calendar.covers_from)
        self.derived = {(one.field.table, one.field.name): one for one in rulebook.derived}

    def column(self, table: str, name: str) -> Any:
        if (table, name) not in self.read:
            if (table, name) in self.derived:
                self.derive(self.derived[table, name])
            else:
                self.read[table, name] = self.load(table, name)
        return self.read[table, name]

    def derive(self, derived: DerivedField) -> None:
        import pandas as pd  # noqa: PLC0415 - measured only where it is installed

        field = derived.field
        value, unknown = Rules[Any](self, self.rulebook, self.as_of).derive(derived)
        rows = len(self.column(field.table, ROW))
        self.read[field.table, field.name] = pd.Series(value)
        self.read[field.table, f"{field.name}{NOT_KNOWN}"] = np.broadcast_to(unknown, rows)

    def here(self, table: str, name: str) -> Any:
        """A column of the case in the rows of a table, where that is asked."""
        if table or not self.table:
            return self.column(table, name)
        if (self.table, name) not in self.of_case:
            of = self.column(self.table, ROW).to_numpy()
            column = self.column("", name)
            self.of_case[self.table, name] = (
                column[of] if isinstance(column, np.ndarray) else column.take(of).reset_index(drop=True)
            )
        return self.of_case[self.table, name]

    def load(self, table: str, name: str) -> pd.Series[Any]:
        import pandas as pd  # noqa: PLC0415 - measured only where it is installed
        import pyarrow as pa  # noqa: PLC0415
        from pyarrow import parquet  # noqa: PLC0415

        table_read = parquet.read_table(self.folder / f"{table or 'cases'}.parquet", columns=[name])
        booleans = {pa.bool_(): pd.BooleanDtype()}
        return cast("pd.Series[Any]", table_read.to_pandas(date_as_object=False, types_mapper=booleans.get)[name])

    def value(self, field: Field) -> Any:
        return self.here(field.table, field.name)

    def known(self, field: Field) -> Flags:
        return cast("Flags", self.value(field).notna().to_numpy())

    def unknown(self, field: Field) -> Flags:
        self.value(field)  # which works it out
        return cast("Flags", self.here(field.table, f"{field.name}{NOT_KNOWN}"))

    def nothing(self) -> Any:
        return np.datetime64("NaT")

    def literal(self, value: Value) -> Any:
        return np.datetime64(value) if isinstance(value, date) else value

    def compares(self, operator: Operator, field: Field, other: Any) -> Flags:
        column = self.value(field)
        if operator is IS and field.kind is Kind.YES_NO:
            return _plain(column if other else ~column)
        if operator is IS:
            return _plain(column == other)
        other = other.to_numpy() if hasattr(other, "to_numpy") else other
        test = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}[SIGNS[operator]]
        return cast("Flags", test(column.to_numpy(), other))

    def less(self, one: Any, other: Any) -> Flags:
        return cast("Flags", one < other)

    def every(self, parts: list[Any]) -> Any:
        return np.logical_and.reduce(np.broadcast_arrays(*parts))

    def either(self, parts: list[Any]) -> Any:
        return np.logical_or.reduce(np.broadcast_arrays(*parts))

    def no(self, part: Any) -> Any:
        return np.logical_not(part)

    def some(self, table: str, row: Any) -> Flags:
        if self.table:
            raise CannotSayError(f"some row of {table} for a row of {self.table}")
        of = self.column(table, ROW).to_numpy()
        found = np.zeros(len(self.column("", ROW)), dtype=np.bool_)
        found[of if row is None else of[row]] = True
        return found

    def present(self, table: str) -> Flags:
        return _plain(self.column("", f"has.{table}"))

    def answered(self, criterion: Criterion, answer: ReadersAnswer) -> Flags:
        to = _plain(self.column("answers", "criterion") == criterion.id)
        said = to & _plain(self.column("answers", "answer") == answer.value)
        if criterion.per is None:
            return self.some("answers", said & self.column("answers", "item").isna().to_numpy())
        key = self.rulebook.dictionary.tables[criterion.per.table].key
        given = self._named(self.column("answers", ROW)[said], self.column("answers", "item")[said])
        rows = self._named(self.column(criterion.per.table, ROW), self.column(criterion.per.table, key))
        return cast("Flags", rows.isin(given).to_numpy())

    def _named(self, of: Any, item: Any) -> Any:
        return of.astype("str") + " " + item.astype("str")

    def found(self, field: Field, by: Field) -> Flags:
        sides = []
        for one in (field, by):
            codes = self.column(one.table, one.name).astype("category").cat.set_categories(field.allowed).cat.codes
            key = self.column(one.table, ROW).to_numpy().astype(np.int64) * 256 + codes.to_numpy()
            sides.append(key[codes.to_numpy() >= 0] if one is by else key)
        return np.isin(sides[0], sides[1])

    def deadline(self, of: Field, allowed: Duration) -> Any:
        import pandas as pd  # noqa: PLC0415 - measured only where it is installed

        if allowed.unit is not Unit.WORKING_DAY:
            later = pd.DatetimeIndex(self.value(of)) + pd.DateOffset(**{f"{allowed.unit.value}s": allowed.count})
            return later.to_numpy().astype("datetime64[D]")
        column = self.value(of).to_numpy().astype("datetime64[D]")
        place = np.where(np.isnat(column), 0, (column - self.first).astype(np.int64))
        found = np.array(deadlines(self.rulebook.calendar, allowed), dtype="datetime64[D]")[place]
        return np.where(np.isnat(column), np.datetime64("NaT"), found)

    def when(self, test: Any, then: Any, other: Any) -> Any:
        return np.where(test, then, other)


def _plain(column: Any) -> Flags:
    return cast("Flags", column.to_numpy(dtype=bool, na_value=False))


def pandas(rulebook: Rulebook, folder: Path, as_of: date) -> Counts:
    """The same rules as masks in pandas, a part after another."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for part in sorted(folder.glob("part-*")):
        for id_, outcome, flags in _masks(Frames(rulebook, part, as_of), rulebook, as_of):
            found[id_][outcome.value] += int(np.count_nonzero(flags))
    return {id_: {word: count for word, count in counts.items() if count} for id_, counts in found.items()}


def _masks(frames: Frames, rulebook: Rulebook, as_of: date) -> Iterator[tuple[str, Outcome, Flags]]:
    rules = Rules[Any](frames, rulebook, as_of)
    for criterion in rulebook.criteria:
        for outcome, where in rules.outcomes(criterion).items():
            yield (
                criterion.id,
                outcome,
                cast("Flags", rules.every(rules.chosen(criterion), where) if criterion.per else where),
            )
        if criterion.per:
            for outcome, where in rules.of_nothing(criterion).items():
                yield criterion.id, outcome, cast("Flags", where)


class Used(Sql):
    """Notes which columns the outcomes rest on, by file."""

    def __init__(self, rulebook: Rulebook) -> None:
        super().__init__(rulebook)
        self.columns: dict[str, set[str]] = defaultdict(lambda: {ROW})

    def value(self, field: Field) -> str:
        self.columns[field.table or "cases"].add(field.name)
        return super().value(field)

    def unknown(self, field: Field) -> str:
        return self.value(field)

    def some(self, table: str, row: str | None) -> str:
        self.columns[table].add(ROW)
        return super().some(table, row)

    def present(self, table: str) -> str:
        self.columns["cases"].add(f"{HAS}{table}")
        return super().present(table)

    def answered(self, criterion: Criterion, answer: ReadersAnswer) -> str:
        self.columns[ANSWERS].update(("criterion", "answer", "item"))
        if criterion.per is not None:
            self.columns[criterion.per.table].add(self.rulebook.dictionary.tables[criterion.per.table].key)
        return super().answered(criterion, answer)

    def found(self, field: Field, by: Field) -> str:
        self.columns[by.table].add(by.name)
        return super().found(field, by)


def columns_used(rulebook: Rulebook, as_of: date) -> dict[str, list[str]]:
    """The columns that the outcomes rest on, by file, with the number that links a row to its case."""
    used = Used(rulebook)
    rules = Rules(used, rulebook, as_of)
    for criterion in rulebook.criteria:
        rules.outcomes(criterion)
        if criterion.per is not None:
            rules.of_nothing(criterion)
    for derived in reversed(rulebook.derived):  # each after those that name it
        columns = used.columns[derived.field.table or "cases"]
        if derived.field.name in columns:
            columns.remove(derived.field.name)
            rules.derive(derived)
    return {table: sorted(names) for table, names in sorted(used.columns.items())}


def scan(columns: Mapping[str, list[str]], folder: Path) -> Counts:
    """The limit: Polars reads the columns that are used, part by part, and does nothing with them."""
    import polars as pl  # noqa: PLC0415 - beside the others

    for part in sorted(folder.glob("part-*")):
        for table, names in columns.items():
            pl.scan_parquet(part / f"{table}.parquet").select(names).collect()
    return {}
