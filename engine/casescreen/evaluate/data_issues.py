"""The issues in the data of a record, each as severe as the criteria that read what is not known for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from casescreen.conditions.reads import fields_read
from casescreen.evaluate.checks import CheckResult
from casescreen.evaluate.criteria import applies_condition
from casescreen.model.case import Case, RecordPath, path_in_words
from casescreen.model.condition import Condition
from casescreen.model.data_issue import DataIssue, IssueKind
from casescreen.model.problem import Problem
from casescreen.model.rulebook import CheckKind, Criterion, Rulebook, Severity

_WORST_FIRST = tuple(Severity)


class DataIssues:
    """Tells the issues of one record after another."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Keep how severe each field is that a criterion reads."""
        self._severities: dict[str, Severity] = {}
        for criterion in rulebook.criteria:
            for name in _names_read(criterion, rulebook):
                known = self._severities.get(name, Severity.LOW)
                self._severities[name] = min(known, criterion.severity, key=_WORST_FIRST.index)

    def of(self, case: Case, results: Iterable[CheckResult], left_aside: Iterable[Problem]) -> Iterator[DataIssue]:
        """The issues of a case, as it was read: what cannot be read, what checks hold, and what counts for nothing."""
        for one in case.unreadable:
            yield DataIssue(case.id, IssueKind.UNREADABLE, self._severity(one.path), one.problem)
        for result in results:
            check, impossible = result.check, result.check.kind is CheckKind.IMPOSSIBLE
            severities = [self._severities.get(field.full_name, Severity.LOW) for field in check.disbelieved]
            severity = min(severities, key=_WORST_FIRST.index) if impossible else None
            where = "" if result.row is None else f"{path_in_words((check.table, result.row))}: "
            problem = Problem(case.place, f"{where}{check.says}", check.advice or "Look at the record, and correct it.")
            kind = IssueKind.IMPOSSIBLE if impossible else IssueKind.UNUSUAL
            yield DataIssue(case.id, kind, severity, problem, check.id)
        for problem in left_aside:
            yield DataIssue(case.id, IssueKind.LEFT_ASIDE, None, problem)

    def _severity(self, path: RecordPath) -> Severity:
        """That of the field at the path, or the worst of all that a section or table holds."""
        name = ".".join(key for key in path if isinstance(key, str))
        within = (one for known, one in self._severities.items() if known == name or known.startswith(f"{name}."))
        return min(within, key=_WORST_FIRST.index, default=Severity.LOW)


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
