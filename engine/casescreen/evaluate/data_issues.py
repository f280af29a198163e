"""The issues in the data of a record, each as severe as the criteria that read what is not known for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING

from attrs import evolve

from casescreen.conditions.analysis import all_reads, asks_calendar, in_working_days
from casescreen.conditions.compiler import NO_ROW, Context, Derivation, field_value, supply
from casescreen.evaluate.criteria import Evaluation, applies_condition
from casescreen.evaluate.preparation import PreparedRecord
from casescreen.model.calendar import Duration, OutsideCalendarError
from casescreen.model.case import Case, RecordPath, Row, path_in_words
from casescreen.model.condition import Condition, Count, Covered, OverRows, Truth, Within, walk
from casescreen.model.dictionary import Field
from casescreen.model.outcome import Deadline, Outcome, decide
from casescreen.model.problem import Problem
from casescreen.model.rulebook import CheckKind, Criterion, DerivedField, Rulebook, Severity, worst
from casescreen.model.screening import DataIssue, IssueKind, Proof
from casescreen.text import in_words

if TYPE_CHECKING:
    from casescreen.conditions.proof import Prover

_Gap = tuple[OutsideCalendarError, Field]
"""Why there is no deadline from a day, and the field of the record that the day comes from."""


class DataIssues:
    """Finds the issues of one record after another."""

    def __init__(self, rulebook: Rulebook, context: Context) -> None:
        """Keep the clocks that count working days."""
        self._calendar = context.calendar
        self._clocks = {
            (clock.of, *end): supply(end[0], context)
            for condition in _conditions(rulebook)
            for clock in walk(condition)
            if isinstance(clock, Within)
            for end in clock.ends
            if in_working_days(end[0], context.parameters)
        }
        self._rulebook, self._context = rulebook, context

    # Few caseloads have an issue that asks for these, and two of them go through every condition of the rulebook.

    @cached_property
    def _prover(self) -> Prover:
        from casescreen.conditions.proof import Prover  # noqa: PLC0415 - the same

        return Prover(self._rulebook, self._context)

    @cached_property
    def _derived(self) -> list[Derivation]:
        return [Derivation(one, self._context) for one in deciding_derived(self._rulebook)]

    @cached_property
    def _severities(self) -> Mapping[str, Severity]:
        return severities(self._rulebook)

    def of(
        self, read: Case, prepared: PreparedRecord, evaluations: Iterable[Evaluation], left_aside: Iterable[Problem]
    ) -> Iterator[DataIssue]:
        """The issues of a case: what cannot be read, what checks hold, and what counts for nothing.

        A day from which a deadline cannot be worked out is one only where an outcome is open for it, or a derived field
        on which outcomes rest.
        """
        case, place = prepared.case, evolve(read.place, part=f"case {read.id}")
        for one in filter(attrgetter("is_mistake"), (*read.unreadable, *prepared.twice)):
            yield DataIssue(case.id, IssueKind.UNREADABLE, self._severity(one.path), one.problem)
        for result in prepared.results:
            check, impossible = result.check, result.check.kind is CheckKind.IMPOSSIBLE
            each = (self._severities.get(field.full_name, Severity.LOW) for field in check.disbelieved)
            severity = worst(each) if impossible else None
            where = "" if result.row is None else f"{path_in_words((check.table, result.row))}: "
            problem = Problem(place, f"{where}{check.says}", check.advice or "Look at the record, and correct it.")
            kind = IssueKind.IMPOSSIBLE if impossible else IssueKind.UNUSUAL
            yield DataIssue(case.id, kind, severity, problem, check.id)
        yield from self._beyond_the_calendar(case, evaluations)
        for problem in left_aside:
            yield DataIssue(case.id, IssueKind.LEFT_ASIDE, None, problem)

    def _beyond_the_calendar(self, case: Case, evaluations: Iterable[Evaluation]) -> Iterator[DataIssue]:
        """The days for which an outcome is open since the calendar does not cover a deadline from them, each once."""
        days: dict[RecordPath, _Gap] = {}
        may_lie_beyond = self._may_lie_beyond(case)
        for derived in self._derived if may_lie_beyond else ():
            days.update(self._gaps_of(derived, case))
        for one in evaluations if may_lie_beyond else ():
            per, number = one.criterion.per, 0
            if per is not None:
                number = next((n for n, row in enumerate(case.tables.get(per.table, ())) if row is one.row), 0)
            for condition in _open_conditions(one):
                days.update(self._gaps(self._prover.prove(condition, case, one.row), case, number, one.row))
        covered = f"{in_words(self._calendar.covers_from)} to {in_words(self._calendar.covers_until)}"
        for path, (beyond, of) in sorted(days.items(), key=lambda item: _order(item[0])):
            what = f"a deadline needs {in_words(beyond.needed)}, which the calendar of public holidays does not cover"
            day = "the day" if of.full_name == _name(path) else f"{of.full_name}, from which it comes"
            advice = f"Check {day}. The calendar runs from {covered}."
            why = "A deadline that cannot be worked out is not known."
            place = evolve(case.place, part=f"case {case.id}")
            problem = Problem(place, f"{path_in_words(path)}: {what}", advice, why)
            yield DataIssue(case.id, IssueKind.UNREADABLE, self._severity(path), problem)

    def _gaps_of(self, derived: Derivation, case: Case) -> Iterator[tuple[RecordPath, _Gap]]:
        """Where the days stand for which a derived field is not known."""
        table = derived.field.table
        for number, row in enumerate(case.tables.get(table, ()) if table else (NO_ROW,)):
            source, reached = derived.source(case, row)
            open_ = None if source is None else source.when if reached is Truth.UNKNOWN else source.known
            if open_ is not None:
                yield from self._gaps(self._prover.prove(open_, case, row), case, number, row)

    def _may_lie_beyond(self, case: Case) -> bool:
        """Whether some deadline, wanted or not, cannot be worked out: what it leaves open is seldom looked for."""
        return any(
            self._beyond(start, length(case, row), back=back) is not None
            for (of, _, back), length in self._clocks.items()
            for row in (case.tables.get(of.table, ()) if of.table else (case.fields,))
            if isinstance(start := row.get(of.name), date)
        )

    def _beyond(self, start: date, allowed: object, *, back: bool) -> OutsideCalendarError | None:
        """Why there is no deadline, or no first day, where the calendar does not cover it."""
        if isinstance(allowed, Duration):
            try:
                self._calendar.deadline(start, -allowed if back else allowed)
            except OutsideCalendarError as error:
                return error
        return None

    def _gaps(self, proof: Proof, case: Case, number: int, row: Row) -> Iterator[tuple[RecordPath, _Gap]]:
        """Where the days stand for which a condition is open: all between it and a test of them is unknown too.

        Args:
            proof: of the condition.
            case: of which it was asked.
            number: the number of the row of which it was asked, if any.
            row: that row.
        """
        if proof.truth is not Truth.UNKNOWN:
            return
        match proof.condition:
            case Within(field, of=of):
                start, known = field_value(of, case, row), field_value(field, case, row) is not None
                for length, back in proof.condition.ends if known else ():
                    supplied = self._clocks.get((of, length, back))
                    allowed = None if supplied is None else supplied(case, row)
                    if isinstance(start, date) and (error := self._beyond(start, allowed, back=back)) is not None:
                        path = (of.table, number, of.name) if of.table else tuple(of.name.split(".", 1))
                        yield path, (error, self._prover.origin(of, case, row))
            case OverRows(table=table) | Count(table=table) | Covered(table=table):
                for at, one in enumerate(proof.parts):
                    for part in (one.where, *one.parts) if one.truth is Truth.UNKNOWN else ():
                        if part is not None:
                            yield from self._gaps(part, case, at, case.tables[table][at])
            case _:
                for part in proof.parts:
                    yield from self._gaps(part, case, number, row)

    def _severity(self, path: RecordPath) -> Severity:
        """That of the field at the path, or the worst of all that a section or table holds."""
        name = _name(path)
        within = (one for known, one in self._severities.items() if known == name or known.startswith(f"{name}."))
        return worst(within)


def severities(rulebook: Rulebook) -> Mapping[str, Severity]:
    """How severe each field and table is that criteria read, by its full name: as the worst of those."""
    known: dict[str, Severity] = {}
    for criterion in rulebook.criteria:
        for name in _names_read(criterion, rulebook):
            known[name] = worst((known.get(name, Severity.LOW), criterion.severity))
    return known


def counts_working_days(rulebook: Rulebook) -> bool:
    """Whether any limit of the rulebook is in working days, so that its calendar is needed."""
    conditions = (*_conditions(rulebook), *(check.when for check in rulebook.checks))
    return any(asks_calendar(condition, rulebook.parameters) for condition in conditions)


def _conditions(rulebook: Rulebook) -> Iterator[Condition]:
    for criterion in rulebook.criteria:
        due = None if criterion.due is None else criterion.due.known
        each = (applies_condition(criterion), criterion.met, due, *(flag.when for flag in criterion.flags))
        yield from (condition for condition in each if condition is not None)
    yield from (fact.when for fact in rulebook.facts)
    yield from (condition for derived in rulebook.derived for condition in derived.conditions)


def deciding_derived(rulebook: Rulebook) -> tuple[DerivedField, ...]:
    """The derived fields on which the outcomes of criteria rest, in the rulebook's order."""
    if not rulebook.derived:
        return ()
    read = set[Field | None]()
    for criterion in rulebook.criteria:
        due = None if criterion.due is None else criterion.due.known
        for condition in (applies_condition(criterion), criterion.met, due):
            reads = () if condition is None else all_reads(condition, rulebook.parameters, rulebook.derived)
            read.update(field for _, field in reads)
    return tuple(one for one in rulebook.derived if one.field in read)


def _open_conditions(evaluation: Evaluation) -> Iterator[Condition]:
    """What is not known if the outcome is not evidenced: whether it applies; else when it is due, and what meets it."""
    standing, criterion = evaluation.standing, evaluation.criterion
    if decide(standing) is not Outcome.NOT_EVIDENCED or (criterion.per is not None and not evaluation.item):
        return
    conditions: tuple[Condition | None, ...]
    if standing.applies is Truth.UNKNOWN:
        conditions = (applies_condition(criterion),)
    else:
        due = criterion.due if standing.deadline is Deadline.UNKNOWN else None
        conditions = (None if due is None else due.known, criterion.met)
    yield from (condition for condition in conditions if condition is not None)


def _name(path: RecordPath) -> str:
    """The full name of the field, the section or the table at the path."""
    return ".".join(key for key in path if isinstance(key, str))


def _order(path: RecordPath) -> tuple[str, str, int]:
    """In order of section or table, of field, and of row."""
    return str(path[0]), str(path[-1]), next((key for key in path if isinstance(key, int)), 0)


def _names_read(criterion: Criterion, rulebook: Rulebook) -> Iterator[str]:
    """The full names of the fields that the criterion reads, and of the tables whose rows it goes through."""
    conditions = [applies_condition(criterion), criterion.met, *(flag.when for flag in criterion.flags)]
    conditions += [None if criterion.due is None else criterion.due.known]
    if criterion.per is not None:
        table = rulebook.dictionary.tables[criterion.per.table]
        yield from (table.name, f"{table.name}.{table.key}")
    for condition in conditions:
        yield from () if condition is None else _names_in(condition, rulebook)


def _names_in(condition: Condition, rulebook: Rulebook) -> Iterator[str]:
    for table, field in all_reads(condition, rulebook.parameters, rulebook.derived):
        if table:
            yield table
        if field is not None:
            yield field.full_name
