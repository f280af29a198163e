"""Problems gathered for telling."""

from __future__ import annotations

import copy
import pickle

from casescreen.model.problem import Place, Problem, ProblemsError, grouped


def _cells(rows: range, column: str = "D", advice: str = "Mend it.") -> list[Problem]:
    return [
        Problem(Place("a.xlsx", row, f"case {row}", "cases", column), f"cell {row} is wrong", advice) for row in rows
    ]


def test_many_cells_of_a_column_are_one_line() -> None:
    """With the first of them, how many more there are, and down to where."""
    [told] = grouped(_cells(range(2, 5)))
    assert told.what == "cell 2 is wrong; and so in 2 more cells of the column, down to row 4"
    assert told.place == Place("a.xlsx", 2, "case 2", "cases", "D")


def test_two_cells_are_told_one_by_one() -> None:
    """Few enough to be read as they are."""
    assert grouped(_cells(range(2, 4))) == tuple(_cells(range(2, 4)))


def test_what_is_mended_in_another_way_stays_apart() -> None:
    """Another column, sheet, file or advice is another line; places without a column are never put together."""
    lines = [Problem(Place("a.toml", row), "it is wrong", "Mend it.") for row in range(5)]
    several = [*_cells(range(2, 5)), *_cells(range(2, 5), "E"), *_cells(range(2, 5), advice="Mend it so."), *lines]
    assert len(grouped(several)) == 3 + 5


def test_an_error_of_problems_crosses_processes_whole() -> None:
    """Pickled or copied, it has the same problems, in order, and says the same."""
    error = ProblemsError(_cells(range(2, 5)))
    for same in (pickle.loads(pickle.dumps(error)), copy.copy(error)):  # noqa: S301 - of our own making
        assert (same.problems, same.args, str(same)) == (error.problems, error.args, str(error))
