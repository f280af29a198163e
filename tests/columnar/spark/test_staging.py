"""Folders that appear whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from casescreen.columnar.spark import staged
from casescreen.model.problem import CasescreenError


def test_a_folder_appears_when_all_is_written(tmp_path: Path) -> None:
    """Not before, and without what a lost worker left half written."""
    with staged(tmp_path / "out") as stage:
        (stage / "part-00000.parquet").touch()
        (stage / ".part-00000.parquet.0123").touch()
        assert not (tmp_path / "out").exists()
    assert [one.relative_to(tmp_path).as_posix() for one in tmp_path.rglob("*")] == ["out", "out/part-00000.parquet"]


def test_nothing_stays_of_a_run_that_fails(tmp_path: Path) -> None:
    """What was written so far is removed."""

    def fail() -> None:
        with staged(tmp_path / "out") as stage:
            (stage / "part-00000.parquet").touch()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("taken", ["out", "out.unfinished"])
def test_nothing_is_mixed_with_another_run(tmp_path: Path, taken: str) -> None:
    """A folder that is there, or that another run is writing, is let be."""
    (tmp_path / taken).mkdir()
    with pytest.raises(CasescreenError, match=f"{taken} is there already"), staged(tmp_path / "out"):
        pass
    assert [one.name for one in tmp_path.iterdir()] == [taken]
