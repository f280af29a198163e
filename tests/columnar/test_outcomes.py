"""What is kept of a caseload: every outcome, and every conclusion on a single case."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
from attrs import evolve

from casescreen.columnar.frames import CaseFrames, frames_of, partition
from casescreen.columnar.outcomes import write_outcomes
from casescreen.evaluate.screening import screen
from casescreen.model.case import Case, Caseload
from casescreen.model.rulebook import Rulebook, Scope

AS_OF = date(2024, 6, 1)


def test_outcomes_and_conclusions_are_those_of_an_ordinary_run(
    bikes: Rulebook, repairs: tuple[Case, ...], frames: CaseFrames, tmp_path: Path
) -> None:
    """In order of case, however the cases are divided; a row has an outcome or a conclusion."""
    ordinary = screen(bikes, Caseload(repairs, ""), as_of=AS_OF)
    drawn = [(one.subject, one.id) for one in ordinary.conclusions if one.on is Scope.CASE]
    found = [(one.case, one.criterion, one.item or None, one.outcome.value) for one in ordinary.findings]
    assert drawn
    for size in (1000, 70):
        file = tmp_path / f"{size}.parquet"
        write_outcomes(bikes, partition(frames, size), file, as_of=AS_OF)
        rows = pl.read_parquet(file)
        assert rows.columns == ["case", "criterion", "item", "outcome", "conclusion"]
        outcomes, conclusions = (rows.filter(pl.col(name).is_null()) for name in ("conclusion", "outcome"))
        assert len(outcomes) + len(conclusions) == len(rows)
        assert outcomes.drop("conclusion").rows() == found
        assert conclusions.select("case", "conclusion").rows() == sorted(drawn)
        assert conclusions.select("criterion", "item").null_count().row(0) == (len(drawn), len(drawn))


def test_order_of_cases_does_not_matter(
    bikes: Rulebook, repairs: tuple[Case, ...], frames: CaseFrames, tmp_path: Path
) -> None:
    """Cases that stand backwards give the same bytes."""
    files = [tmp_path / "on.parquet", tmp_path / "back.parquet"]
    for file, one in zip(files, (frames, frames_of(reversed(repairs), bikes.dictionary)), strict=True):
        write_outcomes(bikes, [one], file, as_of=AS_OF)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_nothing_to_conclude_is_kept_as_such(bikes: Rulebook, frames: CaseFrames, tmp_path: Path) -> None:
    """Without conclusions on cases, or without cases, the columns are there."""
    silent = evolve(bikes, conclusions=())
    write_outcomes(silent, [frames], tmp_path / "silent.parquet", as_of=AS_OF)
    assert pl.read_parquet(tmp_path / "silent.parquet")["conclusion"].null_count() > 0
    write_outcomes(bikes, [frames_of((), bikes.dictionary)], tmp_path / "none.parquet", as_of=AS_OF)
    assert pl.read_parquet(tmp_path / "none.parquet").shape == (0, 5)
