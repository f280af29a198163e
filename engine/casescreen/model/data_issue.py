"""What is wrong or unusual in the data of a record: told beside the findings, which never rest on it unsaid."""

from __future__ import annotations

from enum import Enum

from attrs import frozen

from casescreen.model.problem import Problem
from casescreen.model.rulebook import Severity


class IssueKind(Enum):
    """What sort of issue it is, in the order in which reports tell them.

    UNREADABLE: something stands there that cannot be read, and is not known.
    IMPOSSIBLE: it cannot be, so it is not believed, and is not known.
    UNUSUAL: it is believed, and is to be looked at.
    LEFT_ASIDE: it was read, and counts for nothing.
    """

    UNREADABLE = "cannot be read"
    IMPOSSIBLE = "not believed"
    UNUSUAL = "unusual"
    LEFT_ASIDE = "left aside"


@frozen
class DataIssue:
    """One issue of one case.

    Attributes:
        case: the case's id.
        severity: the highest of a criterion that reads what is not known for it, low if none does; None where the
            issue leaves nothing unknown.
        problem: what it is, where, why it matters and what to do.
        check: the id of the check that holds; "" where none was needed to see it.
    """

    case: str
    kind: IssueKind
    severity: Severity | None
    problem: Problem
    check: str = ""


@frozen
class IssueCount:
    """How often an issue occurs, where no case is listed.

    Attributes:
        where: the full name of a field or table, or the id of a check.
        what: what it is, in words.
        severity: as of a ``DataIssue``.
    """

    kind: IssueKind
    where: str
    what: str
    severity: Severity | None
    number: int
