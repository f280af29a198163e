"""What people wrote beside Refs, put where it belongs."""

from __future__ import annotations

import pytest

from casescreen.model.problem import CasescreenError
from casescreen.report.carried_over import NO_REF, NO_SUCH_REF, CarriedOver, WrittenBeside, joined
from casescreen.report.refs import ref_of

_A, _B = (ref_of("A-1", (theme, "case.manager")) for theme in ("one", "two"))


def _row(ref: str, progress: str = "to do", *notes: str) -> WrittenBeside:
    return WrittenBeside(ref, progress=progress, notes=notes)


def _among(*rows: WrittenBeside, refs: tuple[str, ...] = (_A, _B)) -> tuple[object, ...]:
    return CarriedOver(rows).among({ref: ref for ref in refs})


def test_what_is_written_stands_beside_its_ref_whatever_its_capitals() -> None:
    """And by what an action was called before."""
    beside, apart = CarriedOver((_row(_A.lower(), "done"), _row("OLD-1", "doing"))).among({_A: _A, "OLD-1": _B})
    assert (beside[_A].progress, beside[_B].progress, apart) == ("done", "doing", ())


def test_capitals_are_told_apart_where_they_must_be() -> None:
    """Two cases can differ in them alone."""
    small = ref_of("a-1", ("one", "case.manager"))
    beside, _ = CarriedOver((_row(small, "done"),)).among({_A: _A, small: small})
    assert set(beside) == {small}


def test_what_belongs_to_nothing_is_kept_with_why() -> None:
    """What is done, what is mistyped, and what has no Ref at all; nothing twice."""
    gone, mistyped, none = _row(_A, "done"), _row("A-1-XXXX", "done"), _row("", "to do", "call")
    beside, apart = CarriedOver((gone, mistyped, none, none, gone)).among({_B: _B})
    assert not beside
    assert [one.why for one in apart] == ["nothing of it is left to do", NO_SUCH_REF, NO_REF]


@pytest.mark.parametrize(
    ("rows", "progress", "notes"),
    [
        ((("done", "a"), ("done", "a")), "done", ("a",)),
        ((("to do", "a"), ("done",)), "done", ("a",)),
        ((("to do", "a"), ("to do", "a", "b")), "to do", ("a", "b")),
        ((("to do", "a", "b"), ("to do", "b")), "to do", ("a", "b")),
        ((("to do", "a"), ("to do", "c")), "to do", ("a", "c")),
        ((("done", "a"), ("doing", "b")), "doing", ("a", "b", "Progress: done")),
        ((("done",), ("waiting",), ("done",)), "waiting", ("Progress: done",)),
    ],
)
def test_rows_of_one_ref_are_put_together(
    rows: tuple[tuple[str, ...], ...], progress: str, notes: tuple[str, ...]
) -> None:
    """Nothing is dropped, nothing is said twice, and of what is not alike that is taken which claims least."""
    beside, _ = joined([CarriedOver((_row(_A, *row),)) for row in rows]).among({_A: _A})
    assert (beside[_A].progress, beside[_A].notes) == (progress, notes)


def test_rows_put_together_say_the_same_when_they_are_put_together_again() -> None:
    """A workbook is written over every week."""
    beside, _ = CarriedOver((_row(_A, "done", "a"), _row(_A, "doing", "b"))).among({_A: _A})
    again, _ = CarriedOver((beside[_A], beside[_A])).among({_A: _A})
    assert again == beside


def test_more_than_a_cell_holds_is_refused() -> None:
    """Cut, a part of it would be lost."""
    rows = tuple(_row(_A, "to do", letter * 20_000) for letter in "ab")
    with pytest.raises(CasescreenError, match=f"beside {_A} is more than a cell can hold"):
        CarriedOver(rows).among({_A: _A})
    assert CarriedOver(rows[:1]).among({_A: _A})
