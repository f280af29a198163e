"""How each case stands: what needs attention in it, and what cannot be told, the worst case first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from operator import attrgetter

from attrs import frozen

from casescreen.model.condition import Truth
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import ConclusionKind, Scope, Severity
from casescreen.model.screening import Conclusion, Finding, Screening

_FEWEST_ASKED = 5
UNDECIDED = (Outcome.NOT_EVIDENCED, Outcome.NEEDS_JUDGEMENT)


@frozen
class CaseSummary:
    """One case.

    Attributes:
        manager: who manages it; "" where the record does not say.
        counts: how many findings have each outcome.
        actions: the conclusions that call for action now, worst first.
        others: the other conclusions on the case.
        failed: the findings that are not met, worst first.
        doubted: findings that are not among those, where facts and the reader's answer do not go together.
        undecided: the findings that are not evidenced or need judgement.
        serious: those of them that would be serious if they were not met, first those that are asked for certain;
            none of a closed case.
        closed: whether the case is closed: then it counts in rates, and nothing is to be done in it.
    """

    id: str
    manager: str
    team: str
    counts: Mapping[Outcome, int]
    actions: tuple[Conclusion, ...]
    others: tuple[Conclusion, ...]
    failed: tuple[Finding, ...]
    doubted: tuple[Finding, ...]
    undecided: tuple[Finding, ...]
    serious: tuple[Finding, ...]
    closed: bool = False

    @property
    def is_thin(self) -> bool:
        """Whether the record says next to nothing: of what may be asked of it, three quarters are not shown."""
        asked = sum(self.counts.values()) - self.counts[Outcome.NOT_APPLICABLE] - self.counts[Outcome.NOT_YET_DUE]
        return not self.closed and asked >= _FEWEST_ASKED and 4 * len(self.undecided) >= 3 * asked

    @property
    def is_untold(self) -> bool:
        """Whether none of what is asked of it is known to be met or not met, and some of it is open."""
        return bool(self.undecided) and not self.counts[Outcome.MET] and not self.counts[Outcome.NOT_MET]

    @property
    def at_stake(self) -> tuple[int, int, int]:
        """How much would be serious if it were not done, to put cases in order.

        How many questions of high severity are asked for certain and open, how many may be asked, and how many are open
        at all. So a case of which it is known what it needs comes before one of which nothing is known.
        """
        certain = sum(not _is_doubtful(one) for one in self.serious)
        return certain, len(self.serious), len(self.undecided)

    @property
    def needs_attention(self) -> bool:
        """Whether there is anything in it to act on or to look at again."""
        return not self.closed and self.shows_failure

    @property
    def shows_failure(self) -> bool:
        """Whether anything in it is not met or in doubt, closed or not."""
        return bool(self.actions or self.failed or self.doubted)


def case_summaries(screening: Screening) -> tuple[CaseSummary, ...]:
    """Every case of the screening, the worst first."""
    findings, conclusions = defaultdict[str, list[Finding]](list), defaultdict[str, list[Conclusion]](list)
    for finding in screening.findings:
        findings[finding.case].append(finding)
    for conclusion in screening.conclusions:
        if conclusion.on is Scope.CASE:
            conclusions[conclusion.subject].append(conclusion)
    closed = frozenset(screening.closed_cases)
    cases = [_summary(screening, case, findings[case], conclusions[case], closed) for case in screening.case_ids]
    gravest = {rule.id: number for number, rule in enumerate(screening.rulebook.conclusions)}
    return tuple(sorted(cases, key=lambda case: _standing(case, gravest)))


def _summary(
    screening: Screening,
    case: str,
    findings: list[Finding],
    conclusions: list[Conclusion],
    closed_cases: frozenset[str],
) -> CaseSummary:
    counts = dict.fromkeys(Outcome, 0)
    failed, doubted, undecided = list[Finding](), list[Finding](), list[Finding]()
    for finding in findings:
        counts[finding.outcome] += 1
        if finding.outcome is Outcome.NOT_MET:
            failed.append(finding)
            continue
        if finding.outcome in UNDECIDED:
            undecided.append(finding)
        if finding.reader or True in map(_CHALLENGES, finding.flags):
            doubted.append(finding)
    actions, others = list[Conclusion](), list[Conclusion]()
    for conclusion in conclusions:
        (actions if conclusion.kind is ConclusionKind.ACTION else others).append(conclusion)
    closed = case in closed_cases
    serious = (one for one in undecided if one.severity is Severity.HIGH)
    return CaseSummary(
        id=case,
        manager=screening.managers.get(case, ""),
        team=screening.teams.get(case, ""),
        counts=counts,
        actions=tuple(sorted(actions, key=_severity)),
        others=tuple(others),
        failed=tuple(sorted(failed, key=_severity)),
        doubted=tuple(doubted),
        undecided=tuple(undecided),
        serious=() if closed else tuple(sorted(serious, key=_is_doubtful)),
        closed=closed,
    )


_SEVERITIES = tuple(Severity)  # the worst first
_CHALLENGES = attrgetter("challenges")


def _is_doubtful(finding: Finding) -> bool:
    return finding.standing.applies is not Truth.TRUE


def _severity(judged: Finding | Conclusion) -> int:
    return _SEVERITIES.index(judged.severity)


def _standing(case: CaseSummary, gravest: Mapping[str, int]) -> tuple[object, ...]:
    """Actions come first, by the gravest of them, which the rulebook lists first, and then by how many there are.

    Then what is not met, by how many are high, medium and low; then doubts. Closed cases come after all others.

    Args:
        case: the case.
        gravest: the place of each conclusion in the rulebook.
    """
    worst = min(((_severity(one), gravest[one.id]) for one in case.actions), default=(len(_SEVERITIES), 0))
    severities = [one.severity for one in case.failed]
    failed = (-severities.count(severity) for severity in _SEVERITIES)
    return (case.closed, *worst, -len(case.actions), *failed, -len(case.doubted), case.id)
