"""Issues in the data of very many cases: how often each occurs, counted in each part and added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from attrs import Factory, define

from casescreen.model.rulebook import Severity, worst
from casescreen.model.screening import IssueCount, IssueKind


@define(eq=False)
class IssueCounts:
    """The issues of one part.

    Attributes:
        severities: how severe each field is that a criterion reads, by its full name.
    """

    severities: Mapping[str, Severity]
    _counts: Counter[tuple[IssueKind, str, str, Severity | None]] = Factory(Counter)

    def add(self, kind: IssueKind, where: str, what: str, number: int, fields: Iterable[str] = ()) -> None:
        """Count an issue: at a field, a table or a check; of what is not known for it, or of the place itself."""
        if not number:
            return
        severity = None
        if kind in (IssueKind.UNREADABLE, IssueKind.IMPOSSIBLE):
            names = [*fields] or [where]
            severity = worst(
                severity
                for name in names
                for known, severity in self.severities.items()
                if known == name or known.startswith(f"{name}.")
            )
        self._counts[kind, where, what, severity] += number

    def counted(self) -> tuple[IssueCount, ...]:
        """All of them, in order."""
        return added_up(IssueCount(*key, number) for key, number in self._counts.items())


def added_up(each: Iterable[IssueCount]) -> tuple[IssueCount, ...]:
    """The issues of several parts, in order of kind, place and words."""
    counts: Counter[tuple[IssueKind, str, str, Severity | None]] = Counter()
    for one in each:
        counts[one.kind, one.where, one.what, one.severity] += one.number
    kinds = list(IssueKind)
    ordered = sorted(counts.items(), key=lambda item: (kinds.index(item[0][0]), item[0][1:3]))
    return tuple(IssueCount(*key, number) for key, number in ordered)
