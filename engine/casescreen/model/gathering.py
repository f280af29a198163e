"""Problems gathered for telling, so that one wrong column is one line and not thousands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import evolve

from casescreen.model.problem import Problem
from casescreen.model.text import counted

_FEW = 2


def gathered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems in their order, those of one column that are mended in one way told once, at the first of them."""
    alike: dict[object, list[Problem]] = {}
    for number, problem in enumerate(problems):
        place = problem.place
        column = (place.file, place.sheet, place.column, problem.advice, problem.why)
        alike.setdefault(column if place.column else number, []).append(problem)
    return tuple(told for several in alike.values() for told in _told(several))


def _told(several: Sequence[Problem]) -> Sequence[Problem]:
    if len(several) <= _FEW:
        return several
    first, last = several[0], several[-1]
    what = (
        f"{first.what}; and so in {counted(len(several) - 1, 'more cell')} of the column, down to row {last.place.line}"
    )
    return (evolve(first, what=what),)
