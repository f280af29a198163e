"""A whole caseload at once: rates over all of it and over groups, what follows from them, and outcomes as rows."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

import polars as pl

from casescreen.columnar.aggregate import (
    BY,
    GROUP,
    Aggregate,
    ConclusionsOnCases,
    aggregate_part,
    cases_of,
    conclusion_column,
    count_of,
    total,
    worst_of,
)
from casescreen.columnar.criteria import on_cases
from casescreen.columnar.execute import plan
from casescreen.columnar.frames import CaseFrames, frames_of
from casescreen.columnar.io import map_ordered
from casescreen.columnar.outcomes import OUTCOMES, outcome_rows
from casescreen.evaluate.conclusions import rates_from
from casescreen.evaluate.criteria import Evaluation
from casescreen.evaluate.inference.inferrer import Engine, inferrer
from casescreen.evaluate.screening import check_calendar, conclusions_on_groups
from casescreen.evaluate.split_counts import split_from
from casescreen.model.case import Case
from casescreen.model.dictionary import Field, Kind
from casescreen.model.outcome import Outcome
from casescreen.model.problem import InternalFaultError
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import ConclusionCount, Rate, Summary
from casescreen.model.split import Split
from casescreen.rulebook.parameters import with_local_holidays
from casescreen.text import visible


class ColumnarOutcomes:
    """What every criterion comes to for every case that can be screened, before any case is looked at by itself."""

    by = "Polars, for all cases at once"

    def __init__(self, rulebook: Rulebook, cases: Iterable[Case], as_of: date) -> None:
        """Compute all outcomes."""
        self._rows: defaultdict[str, deque[tuple[str, str, Outcome]]] = defaultdict(deque)
        rows = outcome_rows(plan(rulebook, as_of), frames_of(cases, rulebook.dictionary))
        for case, criterion, item, outcome in rows.iter_rows():
            self._rows[case].append((rulebook.criteria[criterion].id, item or "", OUTCOMES[outcome]))

    def take(self, case: Case, asked: Iterable[Evaluation]) -> list[Outcome]:
        """The outcomes of all that was asked of the case, in that order.

        Raises:
            InternalFaultError: something else was asked in bulk; never the user's mistake.
        """
        rows = self._rows[case.id]
        outcomes = []
        for one in asked:
            criterion, item, outcome = rows.popleft() if rows else ("", "", Outcome.NOT_EVIDENCED)
            # In columns a row whose key is not known has no name: it is told apart by its order.
            if criterion != one.criterion.id or item not in ("", one.item):
                raise InternalFaultError(f"bulk asked {criterion} {item}, and the case {one.criterion.id} {one.item}")
            outcomes.append(outcome)
        return outcomes

    def check_all_taken(self) -> None:
        """Hold that no case was screened in bulk alone.

        Raises:
            InternalFaultError: one was.
        """
        if left := sum(map(len, self._rows.values())):
            raise InternalFaultError(f"bulk has {left} outcomes of cases that were left out")


def screen_frames(
    rulebook: Rulebook,
    parts: Iterable[CaseFrames],
    *,
    as_of: date,
    taken_on: date | None = None,
    engine: Engine = "auto",
    holidays: Iterable[date] = (),
    split: Field | None = None,
) -> Summary:
    """Screen a caseload, two parts at a time; memory is that of the two largest.

    With a characteristic, the figures of its groups are set beside one another.

    Raises:
        CasescreenError: the calendar does not cover the as-of date, a part cannot be read, or a day cannot be a local
            holiday.
    """
    check_calendar(rulebook, as_of)
    rulebook = with_local_holidays(rulebook, holidays)
    ready = plan(rulebook, as_of, taken_on)
    conclusions, by = ConclusionsOnCases(ready, inferrer(rulebook, engine)), rulebook.roles.fields
    worst = split is not None
    by = by if split is None else (*by, split.name)
    counted = total(map_ordered(lambda part: aggregate_part(ready, part, by, conclusions, worst=worst), parts))
    return concluded(rulebook, counted, as_of=as_of, engine=engine, split=split)


def concluded(
    rulebook: Rulebook, counted: Aggregate, *, as_of: date, engine: Engine = "auto", split: Field | None = None
) -> Summary:
    """The rates of what was counted, here or elsewhere, by the fields of its roles; and what follows from them.

    Conclusions on cases must have been counted too; and where groups of a characteristic are asked for, the worst of
    each case, and by that field: see ``aggregate_part``.
    """
    roles, over_all = rulebook.roles, _groups(counted, "")
    by_manager, by_team = (_groups(counted, by) if by else {} for by in (roles.manager, roles.team))
    rates, manager_rates, team_rates = (_rates(rulebook, groups) for groups in (over_all, by_manager, by_team))
    sample_rates = rates.get("", rates_from(rulebook, {}, {}))
    conclusion_counts = []
    for rule in on_cases(rulebook):
        column = conclusion_column(rule.id)
        every, managers, teams = (
            {name: row[column] for name, row in groups.items()} for groups in (over_all, by_manager, by_team)
        )
        conclusion_counts.append(ConclusionCount(rule, every.get("", 0), managers, teams))
    infer = inferrer(rulebook, engine)
    return Summary(
        as_of=as_of,
        rulebook=rulebook,
        engine=f"{ColumnarOutcomes.by}; conclusions by {infer.name}",
        cases=counted.cases,
        left_out=counted.left_out,
        rates=sample_rates,
        by_manager=manager_rates,
        by_team=team_rates,
        manager_sizes=_sizes(rulebook, manager_rates),
        team_sizes=_sizes(rulebook, team_rates),
        conclusions=tuple(conclusions_on_groups(rulebook, infer, sample_rates, manager_rates, team_rates)),
        on_cases=tuple(conclusion_counts),
        orphans=counted.orphans,
        rejected=counted.rejected,
        not_begun=counted.not_begun,
        later=counted.later,
        issue_counts=counted.issues,
        examples=counted.examples,
        closed=counted.closed,
        split=None if split is None else _split(rulebook, _groups(counted, split.name), split),
    )


def _split(rulebook: Rulebook, groups: Mapping[str, Mapping[str, int]], field: Field) -> Split:
    """Each group of a characteristic beside everyone else; a yes or no is called true or false in columns."""
    words = {"true": "yes", "false": "no"} if field.kind is Kind.YES_NO else {}
    named = {words.get(name, visible(name)): row for name, row in groups.items()}
    criteria = [one.id for one in rulebook.criteria]
    counts = {
        one: {name: {outcome: row.get(worst_of(one, outcome), 0) for outcome in Outcome} for name, row in named.items()}
        for one in criteria
    }
    # Of every criterion each case has one outcome that is the worst.
    sizes = {name: sum(counts[criteria[0]][name].values()) if criteria else 0 for name in named}
    return split_from(field, sizes, criteria, counts)


def _sizes(rulebook: Rulebook, groups: Mapping[str, tuple[Rate, ...]]) -> dict[str, int]:
    """How many cases each group has: as many as there are outcomes of any criterion that is asked once of each."""
    once = next((place for place, criterion in enumerate(rulebook.criteria) if criterion.per is None), None)
    return {name: 0 if once is None else rates[once].findings for name, rates in groups.items()}


def bulk_rates(
    rulebook: Rulebook, parts: Iterable[CaseFrames], *, as_of: date, taken_on: date | None = None, by: str = ""
) -> dict[str, tuple[Rate, ...]]:
    """The rates over each group of cases that have one value of the field ``by``, by that value as text.

    Where the field is not recorded the group is called "". Without a field there is one group of all cases, called so.

    Raises:
        CasescreenError: the calendar does not cover the as-of date, or a part cannot be read.
    """
    check_calendar(rulebook, as_of)
    ready = plan(rulebook, as_of, taken_on)
    counted = total(map_ordered(lambda part: aggregate_part(ready, part, [by] if by else []), parts))
    return rates_by(rulebook, counted, by)


def rates_by(rulebook: Rulebook, counted: Aggregate, by: str = "") -> dict[str, tuple[Rate, ...]]:
    """The rates that were counted over each group of cases."""
    return _rates(rulebook, _groups(counted, by))


def _rates(rulebook: Rulebook, groups: Mapping[str, Mapping[str, int]]) -> dict[str, tuple[Rate, ...]]:
    each = ((criterion.id, outcome) for criterion in rulebook.criteria for outcome in Outcome)
    columns = {one: count_of(*one) for one in each}
    of_rows = {criterion.id: cases_of(criterion.id) for criterion in rulebook.criteria if criterion.per is not None}
    return {
        name: rates_from(
            rulebook,
            {one: row.get(column, 0) for one, column in columns.items()},
            {criterion: (row.get(known, 0), row.get(asked, 0)) for criterion, (known, asked) in of_rows.items()},
        )
        for name, row in groups.items()
    }


def _groups(counted: Aggregate, by: str) -> dict[str, dict[str, int]]:
    """The counts of each group of cases with one value of a field, by that value."""
    rows = counted.counts.filter(pl.col(BY) == by).sort(GROUP).drop(BY)
    return {row.pop(GROUP): row for row in rows.to_dicts()}


def bulk_outcomes(
    rulebook: Rulebook,
    parts: Iterable[CaseFrames],
    *,
    as_of: date,
    taken_on: date | None = None,
    only: Collection[Outcome] = OUTCOMES,
) -> Iterator[pl.DataFrame]:
    """The outcomes of a caseload as rows, part by part, in their order: see ``outcome_rows``.

    Raises:
        CasescreenError: the calendar does not cover the as-of date, or a part cannot be read.
    """
    check_calendar(rulebook, as_of)
    ready = plan(rulebook, as_of, taken_on)
    return map_ordered(lambda part: outcome_rows(ready, part, only), parts)
