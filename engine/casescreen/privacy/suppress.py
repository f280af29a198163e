"""The figures of a screening as they may be shared: no case, and no small count, is in them or can be worked out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import evolve, frozen

from casescreen.evaluate.case_summary import case_summaries
from casescreen.model.outcome import ASKED, KNOWN, Outcome
from casescreen.model.rulebook import (
    Concluded,
    ConclusionKind,
    ConclusionRule,
    FlagIs,
    OutcomeIs,
    Premise,
    RateIn,
    Rulebook,
    Scope,
)
from casescreen.model.screening import CaseState, Conclusion, Count, Quoting, Rate, Screening, Summary, Suppressed
from casescreen.privacy.withholding import (
    decided_by_group,
    in_order,
    is_few,
    shown_row,
    with_small_groups_joined,
    worst_of_each_case,
)


def suppressed(screening: Screening, under: int, by: Scope | None) -> Summary:
    """What may be shared of the screening, with the figures of each manager or team if ``by`` says so.

    Where the cases are few, nothing is told of them. What is withheld is the same whatever ``by`` says: of one
    screening, all copies together tell no more than each. Cases are counted, and never rows.
    """
    few = is_few(len(screening.case_ids), under)
    outcomes = {} if few else worst_of_each_case(screening.findings)
    rates = () if few else tuple(_rates(screening.rulebook, outcomes, under))
    groups = {} if few or by is None else _groups(screening, outcomes, rates, under, by)
    managers, teams = (groups if by is scope else {} for scope in (Scope.MANAGER, Scope.TEAM))
    return Summary(
        as_of=screening.as_of,
        rulebook=screening.rulebook,
        engine=screening.engine,
        suppressed_under=under,
        cases=Suppressed.FEW if few else len(screening.case_ids),
        left_out=_lone_count(screening.left_out, under),
        not_begun=_lone_count(len(screening.cases_not_begun), under),
        states={} if few else _states(screening, rates, under),
        rates=rates,
        by_manager={name: group.rates for name, group in managers.items()},
        by_team={name: group.rates for name, group in teams.items()},
        manager_sizes={name: group.size for name, group in managers.items()},
        team_sizes={name: group.size for name, group in teams.items()},
        conclusions=() if few else tuple(_conclusions(screening, rates)),
        quoting=Quoting.NOTHING,
        answers_used=None if screening.answers_used is None else screening.answers_used.without_counts,
    )


def _lone_count(count: int, under: int) -> Count:
    """A count that no other one goes with."""
    return Suppressed.FEW if is_few(count, under) else count


def _rates(rulebook: Rulebook, outcomes: Mapping[str, Mapping[str, Outcome]], under: int) -> Iterator[Rate]:
    for criterion in rulebook.criteria:
        counts = Counter(outcomes.get(criterion.id, {}).values())
        yield Rate(criterion.id, shown_row({outcome: counts[outcome] for outcome in Outcome}, under), "")


@frozen
class _Group:
    """How many cases a group has, and of the criteria that are told by group, how many are met and not met."""

    size: int
    rates: tuple[Rate, ...]


def _groups(
    screening: Screening, outcomes: Mapping[str, Mapping[str, Outcome]], rates: Iterable[Rate], under: int, by: Scope
) -> dict[str, _Group]:
    """The groups that can be told; none where no way of putting small ones together is good enough.

    A criterion is told by team where no count of it is small in any team, and by manager where none is small in what
    each manager has in each team: so whatever a team's figures leave of a manager's is not small either.
    """
    whole = dict.fromkeys(screening.case_ids, "")
    teams = with_small_groups_joined(
        _group_of_each(screening, screening.teams), whole, under, _others(screening.teams, by=Scope.TEAM)
    )
    groups, parts = teams, teams or whole
    if by is Scope.MANAGER:
        others = _others(screening.managers, by)
        groups = with_small_groups_joined(_group_of_each(screening, screening.managers), parts, under, others)
    if groups is None:
        return {}
    sizes = Counter(groups.values())
    rates_of = {name: list[Rate]() for name in sorted(sizes, key=in_order)}
    cells = {case: (group, parts[case]) for case, group in groups.items()}  # what each manager has in each team
    for rate in rates:
        counts = decided_by_group(outcomes.get(rate.criterion, {}), cells, under) if rate.shown else None
        if counts is not None:
            for name, of_group in rates_of.items():
                summed = _summed(row for (group, _), row in counts.items() if group == name)
                of_group.append(Rate(rate.criterion, summed, ""))
    return {name: _Group(sizes[name], tuple(of_group)) for name, of_group in rates_of.items()}


def _group_of_each(screening: Screening, named: Mapping[str, str]) -> dict[str, str]:
    return {case: named.get(case, "") for case in screening.case_ids}


def _others(named: Mapping[str, str], by: Scope) -> str:
    """What groups that go together are called: as no group is."""
    others = f"Other {by.value}s"
    while others in named.values():
        others += " together"
    return others


def _summed(rows: Iterable[Mapping[Outcome, int]]) -> dict[Outcome, Count]:
    summed = Counter[Outcome]()
    for row in rows:
        summed.update(row)
    return dict(summed)


def _states(screening: Screening, rates: Sequence[Rate], under: int) -> dict[CaseState, Count]:
    """How the cases stand; nothing where that is a small count, or would narrow one that is withheld.

    A case in which anything is not met needs attention. So no count of what is not met is more than the cases that do,
    and those are no more than what is not met comes to, and what is in doubt.
    """
    cases = case_summaries(screening)
    urgent = sum(bool(case.actions) for case in cases)
    acting = sum(case.shows_failure for case in cases)  # closed or not: how many are closed is not told
    nothing = len(cases) - acting
    at_most = max((_most_not_met(rate, len(cases), under) for rate in rates), default=0)
    known = sum(count for rate in rates if isinstance(count := rate.counts[Outcome.NOT_MET], int))
    if is_few(acting, under) or is_few(nothing, under) or acting < at_most or known < acting:
        return {}
    in_full = {rate.criterion for rate in rates if all(isinstance(count, int) for count in rate.counts.values())}
    few = any(is_few(count, under) for count in (urgent, acting - urgent))
    # Of closed cases no action is concluded: beside what is not met, how many there are would tell of those.
    if few or screening.rulebook.open_cases or not _read_by_actions(screening) <= in_full:
        return {CaseState.ACT_OR_ATTENTION: acting, CaseState.NOTHING: nothing}
    return {CaseState.ACT_NOW: urgent, CaseState.ATTENTION: acting - urgent, CaseState.NOTHING: nothing}


def _most_not_met(rate: Rate, cases: int, under: int) -> int:
    """What is not met must be free to come to, so that the row tells what it would alone."""
    match rate.counts[Outcome.NOT_MET]:
        case int(count):
            return count
        case Suppressed.WITHHELD:  # and one or more are met
            return cases - sum(count for count in rate.counts.values() if isinstance(count, int)) - 1
        case _:
            return under - 1


def _read_by_actions(screening: Screening) -> set[str]:
    """The criteria by which it is concluded that a case needs action now: how many do tells of their counts."""
    rules = screening.rulebook.conclusions
    actions = [rule.id for rule in rules if rule.on is Scope.CASE and rule.kind is ConclusionKind.ACTION]
    premises = (premise for action in actions for premise in _premises(action, {rule.id: rule for rule in rules}))
    return {premise.criterion for premise in premises if isinstance(premise, OutcomeIs | FlagIs)}


def _conclusions(screening: Screening, rates: Iterable[Rate]) -> Iterator[Conclusion]:
    """Those on all cases of rules that read no rate kept back: else that they hold, or not, would narrow it.

    A rule that reads a rate of rows is left out too, since rows are not told.
    """
    rulebook = screening.rulebook
    rules = {rule.id: rule for rule in rulebook.conclusions}
    read = ASKED if rulebook.bands.known else KNOWN  # what the band of a rate rests on
    shown = {rate.criterion for rate in rates if all(isinstance(rate.counts[one], int) for one in read)}
    shown -= {criterion.id for criterion in rulebook.criteria if criterion.per is not None}
    for conclusion in screening.conclusions:
        if conclusion.on is not Scope.SAMPLE:
            continue
        rests_on = {one.criterion for one in _premises(conclusion.id, rules) if isinstance(one, RateIn)}
        if rests_on <= shown:
            titles = "; ".join(rulebook.criterion[criterion].title for criterion in conclusion.rates)
            yield evolve(conclusion, because=(titles,) if titles else ())


def _premises(conclusion: str, rules: Mapping[str, ConclusionRule]) -> Iterator[Premise]:
    """Every premise of a conclusion, and of those that it rests on."""
    for premise in rules[conclusion].premises:
        yield premise
        if isinstance(premise, Concluded):
            yield from _premises(premise.conclusion, rules)
