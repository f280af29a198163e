"""The issues in the data of a record, each as severe as the criteria that read what is not known for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from operator import attrgetter

from attrs import evolve

from casescreen.conditions.analysis import fields_read
from casescreen.conditions.compiler import Context, supply
from casescreen.evaluate.criteria import applies_condition
from casescreen.evaluate.preparation import PreparedRecord
from casescreen.model.calendar import Duration, OutsideCalendarError
from casescreen.model.case import Case, RecordPath, Row, path_in_words
from casescreen.model.condition import Condition, Within, parts_of
from casescreen.model.dictionary import Field
from casescreen.model.outcome import Outcome
from casescreen.model.problem import Problem
from casescreen.model.rulebook import CheckKind, Criterion, Rulebook, Severity, worst
from casescreen.model.screening import DataIssue, Finding, IssueKind
from casescreen.text import in_words


class DataIssues:
    """Tells the issues of one record after another."""

    def __init__(self, rulebook: Rulebook, context: Context) -> None:
        """Keep how severe each field is that a criterion reads, and the clocks of its deadlines."""
        self._calendar = context.calendar
        self._clocks = {
            (clock.of, clock.limit): supply(clock.limit, context)
            for condition in _conditions(rulebook)
            for clock in _clocks_in(condition)
        }
        self._severities = severities(rulebook)

    def of(
        self, read: Case, prepared: PreparedRecord, findings: Iterable[Finding], left_aside: Iterable[Problem]
    ) -> Iterator[DataIssue]:
        """The issues of a case: what cannot be read, what checks hold, and what counts for nothing.

        A day from which a deadline cannot be worked out is one only where a finding is not evidenced for it.
        """
        case, place = prepared.case, evolve(read.place, part=f"case {read.id}")
        for one in filter(attrgetter("is_mistake"), read.unreadable):
            yield DataIssue(case.id, IssueKind.UNREADABLE, self._severity(one.path), one.problem)
        for result in prepared.results:
            check, impossible = result.check, result.check.kind is CheckKind.IMPOSSIBLE
            each = (self._severities.get(field.full_name, Severity.LOW) for field in check.disbelieved)
            severity = worst(each) if impossible else None
            where = "" if result.row is None else f"{path_in_words((check.table, result.row))}: "
            problem = Problem(place, f"{where}{check.says}", check.advice or "Look at the record, and correct it.")
            kind = IssueKind.IMPOSSIBLE if impossible else IssueKind.UNUSUAL
            yield DataIssue(case.id, kind, severity, problem, check.id)
        yield from self._beyond_the_calendar(case, findings)
        for problem in left_aside:
            yield DataIssue(case.id, IssueKind.LEFT_ASIDE, None, problem)

    def _beyond_the_calendar(self, case: Case, findings: Iterable[Finding]) -> Iterator[DataIssue]:
        """The days from which a deadline cannot be worked out, each once."""
        days: dict[RecordPath, OutsideCalendarError] = {}
        wanting = {
            reading.field
            for finding in findings
            if finding.outcome is Outcome.NOT_EVIDENCED
            for reading in finding.values
        }
        for (of, _), limit in self._clocks.items() if wanting else ():
            if of not in wanting:
                continue
            for path, row in _rows_with(of, case):
                start, allowed = row.get(of.name), limit(case, row)
                if isinstance(start, date) and isinstance(allowed, Duration):
                    try:
                        self._calendar.deadline(start, allowed)
                    except OutsideCalendarError as error:
                        days.setdefault(path, error)
        covered = f"{in_words(self._calendar.covers_from)} to {in_words(self._calendar.covers_until)}"
        for path, beyond in days.items():
            what = f"a deadline needs {in_words(beyond.needed)}, which the calendar of public holidays does not cover"
            advice = f"Check the day. The calendar runs from {covered}."
            why = "A deadline that cannot be worked out is not known."
            place = evolve(case.place, part=f"case {case.id}")
            problem = Problem(place, f"{path_in_words(path)}: {what}", advice, why)
            yield DataIssue(case.id, IssueKind.UNREADABLE, self._severity(path), problem)

    def _severity(self, path: RecordPath) -> Severity:
        """That of the field at the path, or the worst of all that a section or table holds."""
        name = ".".join(key for key in path if isinstance(key, str))
        within = (one for known, one in self._severities.items() if known == name or known.startswith(f"{name}."))
        return worst(within)


def severities(rulebook: Rulebook) -> Mapping[str, Severity]:
    """How severe each field and table is that criteria read, by its full name: as the worst of those."""
    known: dict[str, Severity] = {}
    for criterion in rulebook.criteria:
        for name in _names_read(criterion, rulebook):
            known[name] = worst((known.get(name, Severity.LOW), criterion.severity))
    return known


def _conditions(rulebook: Rulebook) -> Iterator[Condition]:
    for criterion in rulebook.criteria:
        due = None if criterion.due is None else criterion.due.known
        each = (applies_condition(criterion), criterion.met, due, *(flag.when for flag in criterion.flags))
        yield from (condition for condition in each if condition is not None)
    yield from (fact.when for fact in rulebook.facts)


def _clocks_in(condition: Condition) -> Iterator[Within]:
    if isinstance(condition, Within):
        yield condition
    for part in parts_of(condition):
        yield from _clocks_in(part)


def _rows_with(field: Field, case: Case) -> Iterator[tuple[RecordPath, Row]]:
    """Where the field stands in the record, and what it stands in."""
    if not field.table:
        yield tuple(field.name.split(".", 1)), case.fields
        return
    for number, row in enumerate(case.tables.get(field.table, ())):
        yield (field.table, number, field.name), row


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
    for table, field in fields_read(condition, rulebook.parameters):
        if table:
            yield table
        if field is not None:
            yield field.full_name
