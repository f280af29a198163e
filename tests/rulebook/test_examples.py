"""Which outcomes a criterion can have, and so must have an example of."""

import pytest

from casescreen.conditions.analysis import can_lack_evidence, outcomes_by_shape
from casescreen.conditions.operators import IS
from casescreen.model.calendar import Duration, Unit
from casescreen.model.condition import (
    All,
    Any,
    Compare,
    Condition,
    Count,
    Covered,
    FromField,
    FromParameter,
    Literal,
    Not,
    OverRows,
    Quantifier,
    Recorded,
    Within,
)
from casescreen.model.dictionary import Field, Kind
from casescreen.model.outcome import Basis
from casescreen.model.rulebook import Criterion, Document, Due, Parameter, PerRow, Severity, Source, Status, Variation

A, B = (Field(f"case.{name}", name, Kind.YES_NO, name) for name in "ab")
D, E = (Field(f"case.{name}", name, Kind.DATE, name) for name in "de")
C = Field("c", "c", Kind.YES_NO, "c", table="rows")
SOURCE = Source(Document("book", "The book"))
HAS_A, HAS_B, HAS_C, HAS_D = (Recorded(field, expected=True) for field in (A, B, C, D))
IS_A, IS_B, IS_C = (Compare(field, IS, Literal(value=True)) for field in (A, B, C))
DAY = Duration(1, Unit.DAY)
LIMIT = Parameter("limit", "limit", DAY, Status.OURS, SOURCE, (Variation(B, True, DAY),))
DUE = Due(Literal(DAY), D)


def criterion(
    met: Condition | None = None, applies: Condition | None = None, due: Due | None = None, per: PerRow | None = None
) -> Criterion:
    """A criterion of these parts: evidence if something meets it, else judgement."""
    return Criterion(
        "id", "theme", "t", "q", Basis.EVIDENCE if met else Basis.JUDGEMENT, Severity.LOW, SOURCE, "r", "case.manager",
        applies=applies, met=met, due=due, per=per,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "outcomes"),
    [
        (criterion(IS_A), "met, not met, not evidenced"),
        (criterion(IS_A, IS_B), "met, not met, not applicable, not evidenced"),
        (criterion(IS_C, per=PerRow("rows", None)), "met, not met, not applicable, not evidenced"),
        (criterion(IS_A, due=DUE), "met, not met, not yet due, not evidenced"),
        (criterion(), "met, not met, not applicable, needs judgement"),
        (criterion(applies=IS_A), "met, not met, not applicable, not evidenced, needs judgement"),
        (criterion(due=DUE), "met, not met, not applicable, not yet due, needs judgement"),
    ],
)
def test_the_shape_leaves_room_for_outcomes(asked: Criterion, outcomes: str) -> None:
    """What decides a criterion, and whether it has conditions and a deadline, says which outcomes there can be."""
    assert ", ".join(outcome.value for outcome in outcomes_by_shape(asked)) == outcomes


@pytest.mark.parametrize(
    "asked",
    [
        criterion(IS_A),
        criterion(HAS_A, applies=IS_A),
        criterion(IS_B, applies=HAS_A),
        criterion(HAS_A, due=DUE),
        criterion(HAS_A, applies=HAS_D, due=Due(FromParameter("limit"), D)),
        criterion(Any((HAS_A, IS_A, IS_B))),
        criterion(Not(IS_A)),
        criterion(Within(D, Literal(DAY), E), applies=HAS_D),
        criterion(Within(D, FromParameter("limit"), E), applies=All((HAS_D, Recorded(E, expected=True)))),
        criterion(Compare(A, IS, FromField(B)), applies=HAS_A),
        criterion(Count("rows", None, 1, None)),
        criterion(Covered("rows", None, C, Field("c", "c", Kind.YES_NO, "c", table="others"))),
        criterion(HAS_A, applies=OverRows(Quantifier.SOME, "rows", None, Recorded(C, expected=True))),
        criterion(Count("rows", IS_C, 1, None), applies=Count("rows", None, 1, None)),
        criterion(Not(OverRows(Quantifier.EVERY, "rows", HAS_C, All((HAS_C, IS_C))))),
        criterion(HAS_A, per=PerRow("rows", None)),
        criterion(applies=IS_A),
    ],
)
def test_a_record_can_leave_it_open(asked: Criterion) -> None:
    """A criterion that some record leaves undecided by what it does not say must show that in an example."""
    assert can_lack_evidence(asked, {"limit": LIMIT})


@pytest.mark.parametrize(
    "asked",
    [
        criterion(HAS_A),
        criterion(Not(HAS_A), applies=HAS_B),
        criterion(IS_A, applies=HAS_A),
        criterion(All((HAS_A, IS_A))),
        criterion(Any((Not(HAS_A), IS_A))),
        criterion(HAS_A, applies=HAS_D, due=DUE),
        criterion(IS_A, applies=All((HAS_A, HAS_D)), due=DUE),
        criterion(applies=HAS_A),
        criterion(),
    ],
)
def test_no_record_can_leave_it_open(asked: Criterion) -> None:
    """No example is demanded of what cannot come about: the tests that could be unknown are guarded."""
    assert not can_lack_evidence(asked, {"limit": LIMIT})
