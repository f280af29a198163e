"""Findings as Parquet files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from casescreen.columnar.frames import CaseFrames
from casescreen.columnar.outcomes import write_findings
from casescreen.columnar.screening import bulk_outcomes
from casescreen.model.case import Case
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Screening

AS_OF = date(2024, 6, 1)


@pytest.fixture
def rows(bikes: Rulebook, frames: CaseFrames) -> pl.DataFrame:
    (rows,) = bulk_outcomes(bikes, [frames], as_of=AS_OF)
    return rows


def test_findings_say_in_words_what_an_ordinary_screening_finds(
    bikes: Rulebook, rows: pl.DataFrame, screened: object, repairs: tuple[Case, ...], tmp_path: Path
) -> None:
    """Case, criterion, item and outcome by name, in the ordinary order."""
    assert callable(screened)
    ordinary = screened(*repairs, as_of=AS_OF)
    assert isinstance(ordinary, Screening)
    write_findings(rows, bikes, tmp_path / "findings.parquet")
    found = pl.read_parquet(tmp_path / "findings.parquet")
    assert found.columns == ["case", "criterion", "item", "outcome"]
    assert found.rows() == [(one.case, one.criterion, one.item or None, one.outcome.value) for one in ordinary.findings]


def test_a_file_is_whole_or_not_there(
    bikes: Rulebook, rows: pl.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written again takes the place of what was there at once, and a run that is cut off changes nothing."""
    file = tmp_path / "findings.parquet"
    write_findings(rows, bikes, file)
    write_findings(rows.head(3), bikes, file)
    assert [one.name for one in tmp_path.iterdir()] == [file.name]

    def cut_off(_: pl.LazyFrame, unfinished: Path) -> None:
        unfinished.write_bytes(b"PAR1")
        raise KeyboardInterrupt

    monkeypatch.setattr(pl.LazyFrame, "sink_parquet", cut_off)
    with pytest.raises(KeyboardInterrupt):
        write_findings(rows, bikes, file)
    assert len(pl.read_parquet(file)) == 3
    assert [one.name for one in tmp_path.iterdir()] == [file.name]


def test_a_file_that_cannot_be_put_there_is_told(bikes: Rulebook, rows: pl.DataFrame, tmp_path: Path) -> None:
    """A folder that a worker does not see is refused as what it is, and others may read what it wrote elsewhere."""
    with pytest.raises(CasescreenError, match="could not be written: No such file"):
        write_findings(rows, bikes, tmp_path / "nowhere" / "findings.parquet")
    file = tmp_path / "findings.parquet"
    write_findings(rows, bikes, file)
    (tmp_path / "other").touch()
    assert file.stat().st_mode == (tmp_path / "other").stat().st_mode
