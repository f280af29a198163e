"""The figures of a screening as they may be shared: no case, and no small count, is in them or can be worked out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

from attrs import evolve, frozen

from casescreen.evaluate.case_summary import case_summaries
from casescreen.evaluate.split_counts import GroupCounts, split_from, worst_of_each_case
from casescreen.model.dictionary import Field
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
from casescreen.model.split import Split, groups_in_order, not_recorded
from casescreen.privacy.withholding import (
    decided_by_group,
    in_order,
    is_few,
    shown_row,
    with_small_groups_joined,
)
from casescreen.text import listed


def suppressed(screening: Screening, under: int, by: Scope | None, split: Field | None = None) -> Summary:
    """What may be shared of the screening, with the figures of each manager or team if ``by`` says so.

    So too with those of each group of the characteristic ``split``. Where the cases are few, nothing is told of them.
    What is withheld is the same whatever is asked for: of one screening, all copies together tell no more than each.
    Cases are counted, and never rows.
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
        states={} if few else _states(screening, outcomes, rates, under),
        rates=rates,
        by_manager={name: group.rates for name, group in managers.items()},
        by_team={name: group.rates for name, group in teams.items()},
        manager_sizes={name: group.size for name, group in managers.items()},
        team_sizes={name: group.size for name, group in teams.items()},
        conclusions=() if few else tuple(_conclusions(screening, rates)),
        quoting=Quoting.NOTHING,
        answers_used=None if screening.answers_used is None else screening.answers_used.without_counts,
        split=None if few or split is None else _split(screening, outcomes, rates, under, split),
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
    told = _told_together(screening, under)
    groups = told.managers if by is Scope.MANAGER else told.teams
    if groups is None:
        return {}
    sizes = Counter(groups.values())
    rates_of = {name: list[Rate]() for name in sorted(sizes, key=in_order)}
    cells = told.cells(groups)
    for rate in rates:
        counts = decided_by_group(outcomes.get(rate.criterion, {}), cells, under) if rate.shown else None
        if counts is not None:
            for name, of_group in rates_of.items():
                summed = _summed(row for (group, _), row in counts.items() if group == name)
                of_group.append(Rate(rate.criterion, summed, ""))
    return {name: _Group(sizes[name], tuple(of_group)) for name, of_group in rates_of.items()}


Groups = Mapping[str, str]
"""The group of each case, by its id."""


@frozen
class _ToldTogether:
    """The groups that are told of: small ones are joined. The same for every copy.

    Attributes:
        whole: that all cases are one group.
        teams: None where no way of putting small ones together is good enough.
        managers: the same.
    """

    whole: Groups
    teams: Groups | None
    managers: Groups | None

    def cells(self, groups: Groups) -> Mapping[str, tuple[str, str]]:
        """What each of the groups has in each team."""
        parts = self.teams or self.whole
        return {case: (group, parts[case]) for case, group in groups.items()}

    def finest(self, outcomes: Mapping[str, Outcome], under: int) -> Mapping[str, Hashable]:
        """The cells of the finest table by which one criterion is told: of managers in teams, of teams, or of all."""
        for groups in (self.managers, self.teams):
            cells = None if groups is None else self.cells(groups)
            if cells is not None and decided_by_group(outcomes, cells, under) is not None:
                return cells
        return self.whole


def _told_together(screening: Screening, under: int) -> _ToldTogether:
    whole = dict.fromkeys(screening.case_ids, "")
    teams = _joined(screening, screening.teams, whole, under, Scope.TEAM.value)
    managers = _joined(screening, screening.managers, teams or whole, under, Scope.MANAGER.value)
    return _ToldTogether(whole, teams, managers)


def _joined(screening: Screening, named: Groups, within: Groups, under: int, one: str) -> Groups | None:
    groups = {case: named.get(case, "") for case in screening.case_ids}
    return with_small_groups_joined(groups, within, under, _others(named, one))


def _others(named: Groups, one: str) -> str:
    """What groups that go together are called: as no group is."""
    others = f"Other {one}s"
    while others in named.values():
        others += " together"
    return others


def _split(
    screening: Screening,
    outcomes: Mapping[str, Mapping[str, Outcome]],
    rates: Sequence[Rate],
    under: int,
    field: Field,
) -> Split:
    """The groups of a characteristic, with the criteria that can be told by them.

    A criterion is told by it where no count is small in any group of it, in any cell of all that the criterion is told
    by anyhow: managers, teams, and the characteristics before it in the dictionary. So every copy is made of sums of
    the cells of one table, and none of them is small.
    """
    told, characteristics = _told_together(screening, under), screening.rulebook.dictionary.characteristics
    until = characteristics[: characteristics.index(field) + 1]
    groups_of = [_groups_told(one, screening.characteristics[one.name], under) for one in until]
    counts, groups = dict[str, GroupCounts](), groups_of[-1]
    for rate in rates if groups is not None else ():
        of_cases = outcomes.get(rate.criterion, {})
        of_groups = _decided_by_last(of_cases, told.finest(of_cases, under), groups_of, under) if rate.shown else None
        if of_groups is not None:
            counts[rate.criterion] = of_groups
    sizes = Counter(() if groups is None else groups.values())
    return evolve(
        split_from(field, sizes, counts, counts, decided_only=True),
        together=next((name for name in sizes if name not in set(screening.characteristics[field.name].values())), ""),
        withheld=tuple(rate.criterion for rate in rates if rate.criterion not in counts),
    )


def _groups_told(field: Field, groups: Groups, under: int) -> Groups | None:
    """The groups of a characteristic, small ones joined, and called by the words of those that are.

    What goes with them is first what is not recorded, then the last in the dictionary: so most words stay alone.
    """
    order = {name: -number for number, name in enumerate(groups_in_order(field, set(groups.values())))}
    whole = dict.fromkeys(groups, "")
    others = _others(groups, "group")
    joined = with_small_groups_joined(groups, whole, under, others, lambda name: (order[name],))
    if joined is None or others not in joined.values():
        return joined
    members = {groups[case] for case, name in joined.items() if name == others}
    called = listed((name or not_recorded(field) for name in groups_in_order(field, members)), "or")
    while called in groups.values():
        called += ", together"
    return {case: called if name == others else name for case, name in joined.items()}


def _decided_by_last(
    outcomes: Mapping[str, Outcome], cells: Mapping[str, Hashable], each: Iterable[Groups | None], under: int
) -> GroupCounts | None:
    """How many cases of each group of the last characteristic are met and not met; None if it is not told by that.

    Each characteristic by which it is told makes the cells finer for those that come after it.
    """
    rows = None
    for groups in each:
        rows = None
        if groups is not None:
            finer = {case: (cells[case], group) for case, group in groups.items()}
            rows = decided_by_group(outcomes, finer, under)
            cells = cells if rows is None else finer
    if rows is None:
        return None
    counts = defaultdict[str, Counter[Outcome]](Counter)
    for (_, group), row in rows.items():
        counts[group].update(row)
    return counts


def _summed(rows: Iterable[Mapping[Outcome, int]]) -> dict[Outcome, Count]:
    summed = Counter[Outcome]()
    for row in rows:
        summed.update(row)
    return dict(summed)


def _states(
    screening: Screening, outcomes: Mapping[str, Mapping[str, Outcome]], rates: Sequence[Rate], under: int
) -> dict[CaseState, Count]:
    """How the cases stand; nothing where that is a small count, or would narrow one that is withheld.

    A case in which anything is not met needs attention. So no count of what is not met is more than the cases that do,
    and those are no more than what is not met comes to, in all and in each part that figures are told of.
    """
    cases = case_summaries(screening)
    urgent = sum(bool(case.actions) for case in cases)
    acting = sum(case.shows_failure for case in cases)  # closed or not: how many are closed is not told
    nothing = len(cases) - acting
    at_most = max((_most_not_met(rate, len(cases), under) for rate in rates), default=0)
    if is_few(acting, under) or is_few(nothing, under) or acting < at_most:
        return {}
    if _explained(outcomes, rates, _cells_told(screening, outcomes, rates, under)) < acting:
        return {}
    in_full = {rate.criterion for rate in rates if all(isinstance(count, int) for count in rate.counts.values())}
    few = any(is_few(count, under) for count in (urgent, acting - urgent))
    # Of closed cases no action is concluded: beside what is not met, how many there are would tell of those.
    if few or screening.rulebook.open_cases or not _read_by_actions(screening) <= in_full:
        return {CaseState.ACT_OR_ATTENTION: acting, CaseState.NOTHING: nothing}
    return {CaseState.ACT_NOW: urgent, CaseState.ATTENTION: acting - urgent, CaseState.NOTHING: nothing}


def _cells_told(
    screening: Screening, outcomes: Mapping[str, Mapping[str, Outcome]], rates: Sequence[Rate], under: int
) -> Mapping[str, Hashable]:
    """The part of each case among all by which any criterion is told, in whichever copy."""
    told, each = _told_together(screening, under), list[Groups]()
    for groups in filter(None, (told.managers, told.teams)):
        cells = told.cells(groups)
        shown = (outcomes.get(rate.criterion, {}) for rate in rates if rate.shown)
        if any(decided_by_group(of_cases, cells, under) is not None for of_cases in shown):
            each.append(groups)
    for field in screening.rulebook.dictionary.characteristics:
        named = _groups_told(field, screening.characteristics[field.name], under)
        if named is not None and len(_split(screening, outcomes, rates, under, field).withheld) < len(rates):
            each.append(named)
    return {case: tuple(groups[case] for groups in each) for case in screening.case_ids}


def _explained(
    outcomes: Mapping[str, Mapping[str, Outcome]], rates: Iterable[Rate], cells: Mapping[str, Hashable]
) -> int:
    """Of how many cases it can be that what is shown as not met is all that is: in no part of more than it has."""
    not_met = Counter[Hashable]()
    for rate in rates:
        if isinstance(rate.counts[Outcome.NOT_MET], int):
            of_cases = outcomes.get(rate.criterion, {})
            not_met.update(cells[case] for case, outcome in of_cases.items() if outcome is Outcome.NOT_MET)
    return sum(min(size, not_met[cell]) for cell, size in Counter(cells.values()).items())


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
