"""What statements rest on: criteria with their figures and cases, and conclusions with their premises."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from casescreen.model.outcome import Outcome
from casescreen.model.screening import Conclusion, Finding, Rate, Screening
from casescreen.report.letter.statement import Ground
from casescreen.report.naming import BESIDE, first
from casescreen.report.proportion import k_of_n


@frozen
class Grounds:
    """The grounds that a screening gives.

    Attributes:
        rates: by criterion.
        failed: the findings that are not met, by criterion.
        most: how many cases are named before the rest is only counted; 0 is all.
    """

    screening: Screening
    rates: dict[str, Rate]
    failed: dict[str, list[Finding]]
    most: int

    def of_criterion(self, criterion: str) -> Ground:
        """A criterion's figures, and the cases in which it is not met."""
        rate = self.rates[criterion]
        beside = (f"{outcome.value}: {rate.counts[outcome]:,}" for outcome in BESIDE if rate.counts[outcome])
        cases = self._named(_case_and_item(finding) for finding in self.failed.get(criterion, ()))
        title = self.screening.rulebook.criterion[criterion].title
        return Ground(f"{title} ({criterion})", k_of_n(rate.met, rate.of), cases or "none", "; ".join(beside) or "none")

    def of_conclusion(self, conclusion: Conclusion) -> tuple[Ground, ...]:
        """The criteria whose rates it rests on; where it rests on none, its premises in words."""
        if conclusion.rates:
            return tuple(self.of_criterion(criterion) for criterion in conclusion.rates)
        return tuple(Ground(reason) for reason in conclusion.because)

    def of_cases(self, said: str, cases: Iterable[str]) -> Ground:
        """Cases named for one reason."""
        return Ground(said, cases=self._named(cases))

    def _named(self, cases: Iterable[str]) -> str:
        shown, more = first(cases, self.most)
        rest = (f"and {more:,} more",) if more else ()
        return ", ".join((*shown, *rest))


def grounds_of(screening: Screening, most: int) -> Grounds:
    """The grounds of everything that the letter can state about a screening."""
    failed: dict[str, list[Finding]] = {}
    for finding in screening.findings:
        if finding.outcome is Outcome.NOT_MET:
            failed.setdefault(finding.criterion, []).append(finding)
    return Grounds(screening, {rate.criterion: rate for rate in screening.rates}, failed, most)


def _case_and_item(finding: Finding) -> str:
    return f"{finding.case} ({finding.item})" if finding.item else finding.case
