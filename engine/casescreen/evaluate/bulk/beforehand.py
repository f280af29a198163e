"""The outcomes of cases in memory, worked out for all of them at once, to be taken case by case."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from datetime import date

from casescreen.evaluate.asking import Asked
from casescreen.evaluate.bulk.frames import frames_of
from casescreen.evaluate.bulk.listing import OUTCOMES, listed
from casescreen.evaluate.bulk.plan import plan
from casescreen.model.case import Case
from casescreen.model.outcome import Outcome
from casescreen.model.problem import InternalFaultError
from casescreen.model.rulebook import Rulebook


class Beforehand:
    """What every criterion comes to for every case that can be screened, before any case is looked at by itself."""

    def __init__(self, rulebook: Rulebook, cases: Iterable[Case], as_of: date) -> None:
        """Work out all outcomes."""
        self._rows: defaultdict[str, deque[tuple[str, str, Outcome]]] = defaultdict(deque)
        found = listed(plan(rulebook, as_of), frames_of(cases, rulebook.dictionary))
        for case, criterion, item, outcome in found.iter_rows():
            self._rows[case].append((rulebook.criteria[criterion].id, item or "", OUTCOMES[outcome]))

    def take(self, case: Case, asked: Iterable[Asked]) -> list[Outcome]:
        """The outcomes of all that was asked of the case, in that order.

        Raises:
            InternalFaultError: something else was asked in bulk; never the user's mistake.
        """
        rows = self._rows[case.id]
        found = []
        for one in asked:
            criterion, item, outcome = rows.popleft() if rows else ("", "", Outcome.NOT_EVIDENCED)
            if (criterion, item) != (one.criterion.id, one.item):
                raise InternalFaultError(f"bulk asked {criterion} {item}, and the case {one.criterion.id} {one.item}")
            found.append(outcome)
        return found

    def check_all_taken(self) -> None:
        """Hold that no case was screened in bulk alone.

        Raises:
            InternalFaultError: one was.
        """
        if left := sum(map(len, self._rows.values())):
            raise InternalFaultError(f"bulk has {left} outcomes of cases that were left out")
