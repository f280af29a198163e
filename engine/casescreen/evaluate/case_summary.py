"""How each case stands: what needs attention in it, and what cannot be told, the worst case first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TypeVar

from attrs import frozen

from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import ConclusionKind, Scope, Severity
from casescreen.model.screening import Conclusion, Finding, Screening

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

    @property
    def needs_attention(self) -> bool:
        """Whether there is anything in it to act on or to look at again."""
        return bool(self.actions or self.failed or self.doubted)


def case_summaries(screening: Screening) -> tuple[CaseSummary, ...]:
    """Every case of the screening, the worst first."""
    findings: dict[str, list[Finding]] = {case: [] for case in screening.case_ids}
    conclusions: dict[str, list[Conclusion]] = {case: [] for case in screening.case_ids}
    for finding in screening.findings:
        findings[finding.case].append(finding)
    for conclusion in screening.conclusions:
        if conclusion.on is Scope.CASE:
            conclusions[conclusion.subject].append(conclusion)
    cases = [_summary(screening, case, findings[case], conclusions[case]) for case in screening.case_ids]
    # Actions come first, then what is not met, each by how many are high, medium and low; then doubts.
    return tuple(
        sorted(cases, key=lambda case: (_tally(case.actions), _tally(case.failed), -len(case.doubted), case.id))
    )


def _summary(screening: Screening, case: str, findings: list[Finding], conclusions: list[Conclusion]) -> CaseSummary:
    counts = Counter(finding.outcome for finding in findings)
    others = [finding for finding in findings if finding.outcome is not Outcome.NOT_MET]
    return CaseSummary(
        id=case,
        manager=screening.managers.get(case, ""),
        team=screening.teams.get(case, ""),
        counts={outcome: counts[outcome] for outcome in Outcome},
        actions=_worst_first(c for c in conclusions if c.kind is ConclusionKind.ACTION),
        others=tuple(c for c in conclusions if c.kind is not ConclusionKind.ACTION),
        failed=_worst_first(f for f in findings if f.outcome is Outcome.NOT_MET),
        doubted=tuple(f for f in others if f.reader or any(flag.challenges for flag in f.flags)),
        undecided=tuple(f for f in others if f.outcome in UNDECIDED),
    )


_SEVERITIES = tuple(Severity)  # the worst first
_Ranked = TypeVar("_Ranked", Finding, Conclusion)


def _worst_first(things: Iterable[_Ranked]) -> tuple[_Ranked, ...]:
    return tuple(sorted(things, key=lambda thing: _SEVERITIES.index(thing.severity)))


def _tally(things: Iterable[Finding | Conclusion]) -> tuple[int, ...]:
    tally = Counter(thing.severity for thing in things)
    return tuple(-tally[severity] for severity in _SEVERITIES)
