"""Cases one after another: ours, and functions by hand. What all engines over records have in common.

Everything that a peer needs is put into the form it likes best before the clock starts: records as plain dictionaries
with dates as numbers, and derived fields and deadlines worked out beforehand, which no peer could do.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import date

from by_hand import TEN

from casescreen.conditions.compiler import context_of
from casescreen.evaluate.criteria import CriteriaEvaluator
from casescreen.evaluate.preparation import RecordPreparer
from casescreen.evaluate.screening import screen
from casescreen.model.case import Case, Caseload
from casescreen.model.outcome import decide
from casescreen.model.rulebook import Rulebook

Counts = dict[str, dict[str, int]]
Run = Callable[[], Counts]
"""What is timed. Making it is not."""


def named(name: str) -> str:
    """A name that every language takes for one."""
    return name.replace(".", "_").replace("-", "_")


def prepared(rulebook: Rulebook, cases: Sequence[Case], as_of: date) -> list[Case]:
    """The cases with their derived fields, as they are asked the criteria."""
    preparer = RecordPreparer(rulebook, as_of)
    return [preparer.prepare(case).case for case in cases]


def ordinary(rulebook: Rulebook, cases: Sequence[Case], as_of: date) -> Run:
    """Ours, case by case: the outcome of every question asked of prepared cases, without reasons."""
    asker = CriteriaEvaluator(rulebook, context_of(rulebook, as_of))

    def run() -> Counts:
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for case in cases:
            for asked in asker.ask(case):
                found[asked.criterion.id][decide(asked.standing).value] += 1
        return {id_: dict(counts) for id_, counts in found.items()}

    return run


def whole(rulebook: Rulebook, cases: Sequence[Case], as_of: date) -> Run:
    """Ours, case by case, with reasons and conclusions: what ``casescreen check`` does."""

    def run() -> Counts:
        rates = screen(rulebook, Caseload(tuple(cases), ""), as_of=as_of).rates
        return {
            one.criterion: {outcome.value: one.count(outcome) for outcome in one.counts if one.count(outcome)}
            for one in rates
        }

    return run


def by_hand(rulebook: Rulebook, cases: Sequence[Case], as_of: date) -> Run:
    """Ten criteria as functions written by hand."""

    def run() -> Counts:
        found: Counts = {}
        for id_, function in TEN.items():
            outcomes = Counter(function(case, as_of, rulebook.calendar).value for case in cases)
            found[id_] = dict(outcomes)
        return found

    return run
