"""A whole caseload at once: rates over all of it and over groups, what follows from them, and outcomes as rows."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

import polars as pl

from casescreen.columnar.aggregate import (
    BY,
    GROUP,
    ConclusionsOnCases,
    Tally,
    conclusion_column,
    count_of,
    tally,
    total,
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
from casescreen.model.case import Case
from casescreen.model.outcome import Outcome
from casescreen.model.problem import InternalFaultError
from casescreen.model.rulebook import ConclusionRule, Roles, Rulebook
from casescreen.model.screening import ConclusionCount, Rate, Summary


class ColumnarOutcomes:
    """What every criterion comes to for every case that can be screened, before any case is looked at by itself."""

    by = "Polars, for all cases at once"

    def __init__(self, rulebook: Rulebook, cases: Iterable[Case], as_of: date) -> None:
        """Work out all outcomes."""
        self._rows: defaultdict[str, deque[tuple[str, str, Outcome]]] = defaultdict(deque)
        found = outcome_rows(plan(rulebook, as_of), frames_of(cases, rulebook.dictionary))
        for case, criterion, item, outcome in found.iter_rows():
            self._rows[case].append((rulebook.criteria[criterion].id, item or "", OUTCOMES[outcome]))

    def take(self, case: Case, asked: Iterable[Evaluation]) -> list[Outcome]:
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


def screen_frames(rulebook: Rulebook, parts: Iterable[CaseFrames], *, as_of: date, engine: Engine = "auto") -> Summary:
    """Screen a caseload, two parts at a time; memory is that of the two largest.

    Raises:
        CasescreenError: the calendar does not cover the as-of date, or a part cannot be read.
    """
    check_calendar(rulebook, as_of)
    ready = plan(rulebook, as_of)
    drawer = ConclusionsOnCases(ready, inferrer(rulebook, engine))
    counted = total(map_ordered(lambda part: tally(ready, part, rulebook.roles.fields, drawer), parts))
    return concluded(rulebook, counted, as_of=as_of, engine=engine)


def concluded(rulebook: Rulebook, counted: Tally, *, as_of: date, engine: Engine = "auto") -> Summary:
    """The rates of what was counted, here or elsewhere, by the fields of its roles; and what follows from them.

    Conclusions on cases must have been counted too: see ``tally``.
    """
    over_all = rates_by(rulebook, counted).get("", rates_from(rulebook, {}))
    roles = rulebook.roles
    by_manager, by_team = (rates_by(rulebook, counted, name) if name else {} for name in (roles.manager, roles.team))
    infer = inferrer(rulebook, engine)
    return Summary(
        as_of=as_of,
        rulebook=rulebook,
        engine=f"{ColumnarOutcomes.by}; conclusions by {infer.name}",
        cases=counted.cases,
        left_out=counted.left_out,
        rates=over_all,
        by_manager=by_manager,
        by_team=by_team,
        manager_sizes=_sizes(rulebook, by_manager),
        team_sizes=_sizes(rulebook, by_team),
        conclusions=tuple(conclusions_on_groups(rulebook, infer, over_all, by_manager, by_team)),
        on_cases=tuple(_on_cases(rule, roles, counted) for rule in on_cases(rulebook)),
        orphans=counted.orphans,
        rejected=counted.rejected,
    )


def _sizes(rulebook: Rulebook, groups: Mapping[str, tuple[Rate, ...]]) -> dict[str, int]:
    """How many cases each group has: as many as there are outcomes of a criterion that is asked once of each."""
    once = {criterion.id for criterion in rulebook.criteria if criterion.per is None}
    return {
        name: max((rate.findings for rate in rates if rate.criterion in once), default=0)
        for name, rates in groups.items()
    }


def _on_cases(rule: ConclusionRule, roles: Roles, counted: Tally) -> ConclusionCount:
    column = conclusion_column(rule.id)
    by_manager, by_team = (_number_by(column, counted, by) if by else {} for by in (roles.manager, roles.team))
    return ConclusionCount(rule, _number_by(column, counted, "").get("", 0), by_manager, by_team)


def _number_by(column: str, counted: Tally, by: str) -> dict[str, int]:
    rows = counted.counts.filter(pl.col(BY) == by).sort(GROUP).to_dicts()
    return {row[GROUP]: row[column] for row in rows}


def bulk_rates(
    rulebook: Rulebook, parts: Iterable[CaseFrames], *, as_of: date, by: str = ""
) -> dict[str, tuple[Rate, ...]]:
    """The rates over each group of cases that have one value of the field ``by``, by that value as text.

    Where the field is not recorded the group is called "". Without a field there is one group of all cases, called so.

    Raises:
        CasescreenError: the calendar does not cover the as-of date, or a part cannot be read.
    """
    check_calendar(rulebook, as_of)
    ready = plan(rulebook, as_of)
    return rates_by(rulebook, total(map_ordered(lambda part: tally(ready, part, [by] if by else []), parts)), by)


def rates_by(rulebook: Rulebook, counted: Tally, by: str = "") -> dict[str, tuple[Rate, ...]]:
    """The rates that were counted over each group of cases."""
    rows = counted.counts.filter(pl.col(BY) == by).sort(GROUP).to_dicts()
    each = [(criterion.id, outcome) for criterion in rulebook.criteria for outcome in Outcome]
    return {row[GROUP]: rates_from(rulebook, {one: row.get(count_of(*one), 0) for one in each}) for row in rows}


def bulk_outcomes(
    rulebook: Rulebook, parts: Iterable[CaseFrames], *, as_of: date, only: Collection[Outcome] = OUTCOMES
) -> Iterator[pl.DataFrame]:
    """The outcomes of a caseload as rows, part by part, in their order: see ``listed``.

    Raises:
        CasescreenError: the calendar does not cover the as-of date, or a part cannot be read.
    """
    check_calendar(rulebook, as_of)
    ready = plan(rulebook, as_of)
    return map_ordered(lambda part: outcome_rows(ready, part, only), parts)
