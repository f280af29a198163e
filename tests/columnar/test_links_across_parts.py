"""No case is counted twice because it stands in two parts."""

from __future__ import annotations

import polars as pl
import pytest

from casescreen.columnar import links
from casescreen.columnar.frames import CaseFrames
from casescreen.columnar.links import check_apart
from casescreen.model.problem import CasescreenError


def _parts(*each: list[str | None]) -> dict[str, CaseFrames]:
    frames = (pl.LazyFrame({"case.id": ids}, schema={"case.id": pl.String}) for ids in each)
    return {f"part-{number}": CaseFrames(frame) for number, frame in enumerate(frames)}


@pytest.mark.parametrize(
    "parts",
    [
        (["A", "B"], ["B", "C"]),
        (["A", "Z"], ["M"], ["N", "M"]),
        (["A", "Z"], ["B"], ["Y", "Z"]),
        (["B", "C"], ["D"], ["A", "B "]),
        (["X", " B\tC"], ["B  C"]),
        (["A", "B"], [], ["A", "B"]),
    ],
)
@pytest.mark.parametrize("at_once", [1, 2, 100])
def test_an_id_in_two_parts_is_told(
    parts: tuple[list[str | None], ...], at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many ids are compared at a time, and whatever else is between them."""
    monkeypatch.setattr(links, "_AT_ONCE", at_once)
    with pytest.raises(CasescreenError, match=r'The case "[A-Z ]+" is in part-\d and in part-\d') as told:
        check_apart(_parts(*parts))
    assert "take one record away" in str(told.value)


@pytest.mark.parametrize(
    "parts",
    [
        (["A", "B"], ["C"]),
        (["A", "D"], ["B", "C"], ["E"]),
        ([None, "A"], [None]),
        (["", "A"], [" \t", "\u00a0"]),
        (["A", "A"], ["B"]),
        (["A"],),
        ([], []),
    ],
)
@pytest.mark.parametrize("at_once", [1, 100])
def test_parts_without_a_case_in_common_are_taken(
    parts: tuple[list[str | None], ...], at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where their ranges overlap; what is wrong within one part is told where it is screened."""
    monkeypatch.setattr(links, "_AT_ONCE", at_once)
    check_apart(_parts(*parts))


@pytest.mark.parametrize("ids", [["A B", "C", "A  B"], [" A", "B", "A"], [" A", "B", "A "]])
def test_ids_that_differ_by_spaces_are_told_in_what_will_be_divided(
    ids: list[str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They would come into two parts. In what is not divided they are left out where they are screened."""
    check_apart(_parts(ids))
    monkeypatch.setattr(links, "SIZE", 2)
    with pytest.raises(CasescreenError, match=r'The case "A( B)?" is twice in part-0'):
        check_apart(_parts(ids))
    check_apart(_parts(["A  B", " B", "C"]))
    check_apart(_parts(["A", "A", "C"]))


def test_two_ids_with_one_number_are_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands for ids is only where to look."""
    monkeypatch.setattr(links, "_numbers_in_turn", lambda ids, *_: pl.Series([0] * len(ids), dtype=pl.UInt64))
    monkeypatch.setattr(pl.Series, "hash", lambda ids: pl.Series([0] * len(ids), dtype=pl.UInt64))
    check_apart(_parts(["A", "C"], ["B"]))
    with pytest.raises(CasescreenError, match="is in part-0 and in part-1"):
        check_apart(_parts(["A", "C"], ["C"]))
