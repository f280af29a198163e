"""A record made ready to be asked the criteria: what cannot be is not believed, and what is later had not happened."""

from __future__ import annotations

from datetime import date

from attrs import frozen

from casescreen.conditions.compiler import context_of
from casescreen.evaluate.as_at import RecordsAsAt
from casescreen.evaluate.checks import CheckResult, RecordChecker, without_impossible
from casescreen.model.case import Case
from casescreen.model.rulebook import Rulebook


@frozen(eq=False)
class PreparedRecord:
    """A record as it is asked the criteria.

    Attributes:
        case: the case, without what is not believed, as at the as-of date.
        begun: whether the case had begun by then.
        later: how many dates, rows and answers are left out, since they are of later days.
        results: the checks that hold of the record as it came.
    """

    case: Case
    begun: bool
    later: int
    results: tuple[CheckResult, ...]


class RecordPreparer:
    """Makes one record after another ready."""

    def __init__(self, rulebook: Rulebook, as_of: date) -> None:
        """Keep the checks, and what is dated."""
        self._checker = RecordChecker(rulebook, context_of(rulebook, as_of))
        self._records = RecordsAsAt(rulebook.dictionary, as_of)

    def prepare(self, case: Case) -> PreparedRecord:
        """The record made ready."""
        results = self._checker.results(case)
        past = self._records.take_back(without_impossible(case, results) if results else case)
        return PreparedRecord(past.case, past.begun, past.later, results)
