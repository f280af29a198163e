"""One run: every criterion asked of every case, outcomes and conclusions inferred, and the two checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Protocol

from attrs import frozen

from casescreen.conditions.compiler import context_of
from casescreen.evaluate.conclusions import conclusions_drawn, grouped_rates, rates
from casescreen.evaluate.criteria import CriteriaEvaluator, Evaluation, answer_problems
from casescreen.evaluate.data_issues import DataIssues
from casescreen.evaluate.findings import FindingBuilder
from casescreen.evaluate.inference.inferrer import Engine, Inferrer, inferrer
from casescreen.evaluate.preparation import PreparedRecord, RecordPreparer
from casescreen.model.case import Case, Caseload
from casescreen.model.data_issue import DataIssue
from casescreen.model.outcome import Outcome, decide
from casescreen.model.problem import CasescreenError, InternalFaultError
from casescreen.model.rulebook import Rulebook, Scope
from casescreen.model.screening import Conclusion, Finding, Quoting, Rate, Screening
from casescreen.text import in_words

Progress = Callable[[int], None]

_MOST_ISSUES = 1_000  # of one case, far more than anybody reads


class Precomputed(Protocol):
    """Outcomes of whole cases that were worked out before any case is looked at by itself."""

    by: str
    """What worked them out, in words."""

    def take(self, case: Case, asked: Iterable[Evaluation], /) -> list[Outcome]:
        """The outcomes of all that was asked of the case, in that order."""

    def check_all_taken(self) -> None:
        """Hold that no outcome is left of a case that was not screened."""


def screen(
    rulebook: Rulebook,
    caseload: Caseload,
    *,
    as_of: date,
    engine: Engine = "auto",
    quoting: Quoting = Quoting.REFERENCES,
    progress: Progress | None = None,
    precomputed: Precomputed | None = None,
) -> Screening:
    """Screen the cases as at a date.

    Args:
        rulebook: what to ask, from ``load_rulebook``.
        caseload: what to ask it of, from ``read_cases``.
        as_of: the date as at which to judge; what was due later is not yet due.
        engine: what draws the inferences; "auto" is durable-rules where it is installed.
        quoting: how much of the text of the records the reasons and values quote.
        progress: called before each case with the number done.
        precomputed: outcomes that take the place of the inferred ones; the outcome table must say the same.

    Returns:
        The findings, rates and conclusions, and the issues in the data. A case that had not begun is set apart.

    Raises:
        CasescreenError: the calendar does not cover the as-of date, or what was asked for is not installed.
        InternalFaultError: inference and the outcome table disagree; never the user's mistake.
    """
    check_calendar(rulebook, as_of)
    run = _Run(rulebook, as_of, inferrer(rulebook, engine), quoting, precomputed)
    screened: list[_Screened] = []
    not_begun: list[str] = []
    for done, case in enumerate(caseload.cases):
        if progress is not None:
            progress(done)
        prepared = run.preparer.prepare(case)
        if prepared.begun:
            screened.append(run.screen(case, prepared))
        else:
            not_begun.append(case.id)
    if precomputed is not None:
        precomputed.check_all_taken()
    return run.gather(caseload, screened, tuple(not_begun))


@frozen
class _Screened:
    """What came of one case."""

    case: Case
    later: int
    findings: tuple[Finding, ...]
    conclusions: tuple[Conclusion, ...]
    issues: tuple[DataIssue, ...]


class _Run:
    """What stays the same from case to case."""

    def __init__(
        self, rulebook: Rulebook, as_of: date, infer: Inferrer, quoting: Quoting, precomputed: Precomputed | None
    ) -> None:
        self._precomputed = precomputed
        context = context_of(rulebook, as_of, quoting)
        self._rulebook, self._as_of, self._infer, self._quoting = rulebook, as_of, infer, quoting
        self._asker, self._finder = CriteriaEvaluator(rulebook, context), FindingBuilder(rulebook, context)
        self.preparer, self._issues = RecordPreparer(rulebook, as_of), DataIssues(rulebook, context)

    def screen(self, read: Case, prepared: PreparedRecord) -> _Screened:
        """The findings and conclusions of one case, and the issues in its data."""
        case = prepared.case
        asked = self._asker.ask(case)
        findings, conclusions = self._conclude(case, asked, self._asker.facts(case))
        left_aside = answer_problems(case, self._rulebook, asked)
        issues = tuple(islice(self._issues.of(read, prepared, left_aside), _MOST_ISSUES))
        return _Screened(case, prepared.later, findings, conclusions, issues)

    def _conclude(
        self, case: Case, asked: tuple[Evaluation, ...], facts: Iterable[str]
    ) -> tuple[tuple[Finding, ...], tuple[Conclusion, ...]]:
        flags = [(one.criterion.id, flag.id) for one in asked for flag in one.flags]
        drawn = self._infer.on_case([(one.criterion.id, one.standing) for one in asked], facts, flags)
        if self._precomputed is None:
            inferred = [drawn.outcomes.get((one.criterion.id, one.standing)) for one in asked]
        else:
            inferred = [*self._precomputed.take(case, asked)]
        findings = []
        for outcome, one in zip(inferred, asked, strict=True):
            direct = decide(one.standing)
            if outcome is not direct:
                raise InternalFaultError(
                    f"inference says {outcome} and the outcome table {direct} for {one.criterion.id}: {one.standing}"
                )
            findings.append(self._finder.finding(case, one, direct))
        conclusions = conclusions_drawn(self._rulebook, case.id, drawn.conclusions, findings=findings)
        return tuple(findings), tuple(conclusions)

    def gather(self, caseload: Caseload, screened: list[_Screened], not_begun: tuple[str, ...]) -> Screening:
        """Everything that was found, as one value."""
        findings = tuple(finding for one in screened for finding in one.findings)
        managers, teams = (
            {one.case.id: str(one.case.fields.get(role) or "") for one in screened}
            for role in (self._rulebook.roles.manager, self._rulebook.roles.team)
        )
        over_all = rates(self._rulebook, findings)
        by_manager = grouped_rates(self._rulebook, findings, managers)
        by_team = grouped_rates(self._rulebook, findings, teams)
        conclusions = (
            *conclusions_on_groups(self._rulebook, self._infer, over_all, by_manager, by_team),
            *(conclusion for one in screened for conclusion in one.conclusions),
        )
        by = "" if self._precomputed is None else f"{self._precomputed.by}; conclusions by "
        return Screening(
            as_of=self._as_of,
            rulebook=self._rulebook,
            cases_hash=caseload.hash,
            cases=len(screened),
            case_ids=tuple(one.case.id for one in screened),
            managers=managers,
            teams=teams,
            findings=findings,
            rates=over_all,
            by_manager=by_manager,
            by_team=by_team,
            manager_sizes=Counter(managers.values()),
            team_sizes=Counter(teams.values()),
            conclusions=conclusions,
            engine=f"{by}{self._infer.name}",
            left_out=caseload.left_out,
            rejected=caseload.rejected,
            not_begun=len(not_begun),
            later=sum(one.later for one in screened),
            cases_not_begun=not_begun,
            issues=tuple(issue for one in screened for issue in one.issues),
            quoting=self._quoting,
        )


def conclusions_on_groups(
    rulebook: Rulebook,
    infer: Inferrer,
    over_all: tuple[Rate, ...],
    by_manager: Mapping[str, tuple[Rate, ...]],
    by_team: Mapping[str, tuple[Rate, ...]],
) -> Iterator[Conclusion]:
    """What follows from the rates for the sample, then for each manager and each team that has a name."""
    for scope, groups in ((Scope.SAMPLE, {"": over_all}), (Scope.MANAGER, by_manager), (Scope.TEAM, by_team)):
        for name, group in groups.items():
            if scope is Scope.SAMPLE or name:
                drawn = infer.on_group(scope, {rate.criterion: rate.band for rate in group})
                yield from conclusions_drawn(rulebook, name, drawn.conclusions, rates=group)


def check_calendar(rulebook: Rulebook, as_of: date) -> None:
    """Hold that the calendar covers the as-of date.

    Raises:
        CasescreenError: it does not.
    """
    calendar = rulebook.calendar
    if not calendar.covers(as_of):
        raise CasescreenError(
            f"The as-of date, {in_words(as_of)}, is outside the calendar of public holidays.",
            why="deadlines in working days would be wrong.",
            advice=f"give a date from {in_words(calendar.covers_from)} to {in_words(calendar.covers_until)},"
            f" or bring the calendar {calendar.id} up to date.",
        )
