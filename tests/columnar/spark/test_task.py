"""What a worker does, without Spark."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from casescreen.columnar.caseload_folder import part_folders, scan_folder
from casescreen.columnar.screening import concluded, screen_frames
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import number

if not os.environ.get("CI"):
    pytest.importorskip("pyarrow", reason="pyarrow is not installed (pip install --group dev)")

import pyarrow as pa

from casescreen.columnar.spark import KEYS, Findings, Task, aggregate_of_rows, numbers

AS_OF = date(2024, 6, 1)


@pytest.fixture
def task(bikes: Rulebook, caseload: Path) -> Task:
    parts = tuple(part_folders(caseload))
    return Task(pickle.dumps(bikes), AS_OF, parts, bikes.roles.fields, numbers(bikes))


def _sent(task: Task) -> pl.DataFrame:
    """What a worker sends of all parts, which come to it one by one, after it was itself sent."""
    batches = [pa.record_batch({"id": [number]}) for number in range(len(task.parts))]
    return pl.DataFrame(pa.Table.from_batches(pickle.loads(pickle.dumps(task))(batches)))  # noqa: S301 - our own


def _added(rows: pl.DataFrame) -> pa.Table:
    return rows.group_by(KEYS).agg(pl.all().sum()).to_arrow()


def test_what_parts_send_adds_up(bikes: Rulebook, caseload: Path, task: Task) -> None:
    """However it is added, it makes the screening of the whole, by managers and teams too."""
    found = concluded(bikes, aggregate_of_rows(_added(_sent(task))), as_of=AS_OF)
    assert found == screen_frames(bikes, scan_folder(caseload, bikes.dictionary), as_of=AS_OF)
    assert number(found.cases) + number(found.left_out) == 200


def test_rows_of_no_case_are_sent_too(bikes: Rulebook, tmp_path: Path) -> None:
    """How many there are, and the first by id, over all parts."""
    for part in ("a", "b"):
        (tmp_path / part).mkdir()
        pl.DataFrame({"case.id": [part]}).write_parquet(tmp_path / part / "cases.parquet")
        rows = pl.DataFrame({"case.id": [part, f"no {part}", "nobody"], "part": ["brake"] * 3})
        rows.write_parquet(tmp_path / part / "jobs.parquet")
    parts = tuple(part_folders(tmp_path))
    task = Task(pickle.dumps(bikes), AS_OF, parts, bikes.roles.fields, numbers(bikes))
    found = concluded(bikes, aggregate_of_rows(_added(_sent(task))), as_of=AS_OF)
    assert found == screen_frames(bikes, scan_folder(tmp_path, bikes.dictionary), as_of=AS_OF)
    assert (found.cases, found.left_out, found.orphans) == (2, 0, 4)
    assert [(one.case, one.records) for one in found.rejected] == [("no a", 1), ("no b", 1), ("nobody", 2)]


def test_a_rulebook_that_was_sent_is_the_same(bikes: Rulebook) -> None:
    """All that it says arrives; its calendar too."""
    arrived = pickle.loads(pickle.dumps(bikes))  # noqa: S301 - our own
    assert (arrived.hash, arrived.criteria, arrived.dictionary) == (bikes.hash, bikes.criteria, bikes.dictionary)
    assert (arrived.conclusions, arrived.parameters, arrived.bands) == (
        bikes.conclusions,
        bikes.parameters,
        bikes.bands,
    )
    assert arrived.calendar.holidays == bikes.calendar.holidays


def test_a_part_done_twice_leaves_one_file(caseload: Path, task: Task, tmp_path: Path) -> None:
    """A task that Spark repeats, or does twice at once, writes the same file again, and sends the same."""
    (tmp_path / "out").mkdir()
    parts = tuple(part_folders(caseload))
    twice = Task(task.rulebook, AS_OF, parts, task.by, task.names, Findings(tmp_path / "out"))
    first = _sent(twice)
    written = {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()}
    assert _sent(twice).sort(KEYS).equals(first.sort(KEYS))
    assert {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()} == written
    assert len(written) == len(parts)


def test_workers_of_another_version_count_nothing(task: Task) -> None:
    """The same rule could come to something else there: it is told, once."""
    other = Task(task.rulebook, AS_OF, task.parts, task.by, task.names, version="0.0.1")
    with pytest.raises(CasescreenError, match=r"A worker has casescreen .*, and the driver 0\.0\.1") as told:
        aggregate_of_rows(_added(_sent(other)))
    assert len(str(told.value).splitlines()) == 3


def test_nothing_of_spark_is_imported_unasked() -> None:
    """Neither the command nor bulk imports PySpark or pyarrow, and the command no Polars."""
    code = (
        "import sys, casescreen.cli; assert 'polars' not in sys.modules;"
        "import casescreen.columnar.screening; print({'pyspark', 'pyarrow', 'pandas'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
