"""One run: every criterion asked of every case, outcomes and conclusions inferred, and the two checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Protocol

from casescreen.conditions.compiler import context_of
from casescreen.evaluate.conclusions import conclusions_drawn, grouped_rates, rates
from casescreen.evaluate.criteria import CriteriaEvaluator, Evaluation, answer_problems
from casescreen.evaluate.data_issues import DataIssues, counts_working_days
from casescreen.evaluate.findings import FindingBuilder
from casescreen.evaluate.inference.inferrer import Engine, Inferrer, inferrer
from casescreen.evaluate.preparation import RecordPreparer
from casescreen.model.case import Case, Caseload
from casescreen.model.outcome import Outcome, decide
from casescreen.model.problem import CasescreenError, InternalFaultError
from casescreen.model.rulebook import Rulebook, Scope
from casescreen.model.screening import Conclusion, DataIssue, Finding, Quoting, Rate, Screening
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
    for done, case in enumerate(caseload.cases):
        if progress is not None:
            progress(done)
        run.screen(case)
    if precomputed is not None:
        precomputed.check_all_taken()
    return run.screening(caseload)


class _Run:
    """What stays the same from case to case, and what came of those that were screened."""

    def __init__(
        self, rulebook: Rulebook, as_of: date, infer: Inferrer, quoting: Quoting, precomputed: Precomputed | None
    ) -> None:
        self._precomputed = precomputed
        context = context_of(rulebook, as_of, quoting)
        self._rulebook, self._as_of, self._infer, self._quoting = rulebook, as_of, infer, quoting
        self._evaluator, self._builder = CriteriaEvaluator(rulebook, context), FindingBuilder(rulebook, context)
        self._cases: list[str] = []
        self._findings: list[Finding] = []
        self._conclusions: list[Conclusion] = []
        self._preparer, self._data_issues = RecordPreparer(rulebook, as_of), DataIssues(rulebook, context)
        self._issues: list[DataIssue] = []
        self._not_begun: list[str] = []
        self._later = 0
        self._begins = next((field.name for field in rulebook.dictionary.fields.values() if field.begins), "")
        self._began: dict[str, date] = {}
        self._closed: list[str] = []
        self._managers: dict[str, str] = {}
        self._teams: dict[str, str] = {}
        self._sample = {name: Counter[str]() for name in rulebook.letter.sample}
        self._characteristics = {field.name: dict[str, str]() for field in rulebook.dictionary.characteristics}

    def screen(self, read: Case) -> None:
        """Keep the findings and conclusions of the case, and the issues in its data; or that it had not begun."""
        prepared = self._preparer.prepare(read)
        case = prepared.case
        if not prepared.begun:
            self._not_begun.append(case.id)
            return
        evaluations = self._evaluator.ask(case)
        self._later += prepared.later
        if isinstance(began := case.fields.get(self._begins), date):
            self._began[case.id] = began
        self._conclude(case, evaluations, self._evaluator.facts(case))
        left_aside = answer_problems(case, self._rulebook, evaluations, read)
        self._issues += islice(self._data_issues.of(read, prepared, evaluations, left_aside), _MOST_ISSUES)

    def _conclude(self, case: Case, evaluations: tuple[Evaluation, ...], facts: Iterable[str]) -> None:
        flags = [(one.criterion.id, flag.id) for one in evaluations for flag in one.flags]
        standings = [(one.criterion.id, one.standing) for one in evaluations]
        closed = self._evaluator.is_closed(case)
        self._closed += [case.id] if closed else []
        inference = self._infer.on_case(standings, facts, flags, is_open=not closed)
        outcomes: Iterable[Outcome | None] = map(inference.outcomes.get, standings)
        if self._precomputed is not None:
            outcomes = self._precomputed.take(case, evaluations)
        decided = []
        for outcome, one in zip(outcomes, evaluations, strict=True):
            direct = decide(one.standing)
            if outcome is not direct:
                raise InternalFaultError(
                    f"inference says {outcome} and the outcome table {direct} for {one.criterion.id}: {one.standing}"
                )
            decided.append((one, direct))
        findings = self._builder.findings(case, decided)
        self._findings += findings
        self._conclusions += conclusions_drawn(self._rulebook, case.id, inference.conclusions, findings=findings)
        self._cases.append(case.id)
        self._managers[case.id] = str(case.fields.get(self._rulebook.roles.manager) or "")
        self._teams[case.id] = str(case.fields.get(self._rulebook.roles.team) or "")
        for name, count in self._sample.items():
            count[str(case.fields.get(name) or "")] += 1
        for name, group in self._characteristics.items():
            value = case.fields.get(name)
            group[case.id] = "" if value is None else in_words(value)

    def screening(self, caseload: Caseload) -> Screening:
        """Everything that was found, as one value."""
        over_all = rates(self._rulebook, self._findings)
        by_manager = grouped_rates(self._rulebook, self._findings, self._managers)
        by_team = grouped_rates(self._rulebook, self._findings, self._teams)
        on_groups = conclusions_on_groups(self._rulebook, self._infer, over_all, by_manager, by_team)
        by = "" if self._precomputed is None else f"{self._precomputed.by}; conclusions by "
        return Screening(
            as_of=self._as_of,
            rulebook=self._rulebook,
            cases_hash=caseload.hash,
            cases=len(self._cases),
            case_ids=tuple(self._cases),
            managers=self._managers,
            teams=self._teams,
            findings=tuple(self._findings),
            rates=over_all,
            by_manager=by_manager,
            by_team=by_team,
            manager_sizes=Counter(self._managers.values()),
            team_sizes=Counter(self._teams.values()),
            conclusions=(*on_groups, *self._conclusions),
            engine=f"{by}{self._infer.name}",
            left_out=caseload.left_out,
            rejected=caseload.rejected,
            examples=caseload.examples,
            assumed=caseload.assumed,
            not_begun=len(self._not_begun),
            later=self._later,
            cases_not_begun=tuple(self._not_begun),
            began=self._began,
            issues=tuple(self._issues),
            quoting=self._quoting,
            closed=len(self._closed),
            closed_cases=tuple(self._closed),
            sample=self._sample,
            characteristics=self._characteristics,
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
                cases = {rate.criterion: rate.cases_known for rate in group}
                drawn = infer.on_group(scope, {rate.criterion: rate.band for rate in group}, cases)
                yield from conclusions_drawn(rulebook, name, drawn.conclusions, rates=group)


def check_calendar(rulebook: Rulebook, as_of: date) -> None:
    """Hold that the calendar covers the as-of date, where the rulebook counts working days.

    Raises:
        CasescreenError: it does not.
    """
    calendar = rulebook.calendar
    if not calendar.covers(as_of) and counts_working_days(rulebook):
        raise CasescreenError(
            f"The as-of date, {in_words(as_of)}, is outside the calendar of public holidays.",
            why="deadlines in working days would be wrong.",
            advice=f"give a date from {in_words(calendar.covers_from)} to {in_words(calendar.covers_until)},"
            f" or bring the calendar {calendar.id} up to date.",
        )
