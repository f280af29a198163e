"""A screening on a Spark cluster is the one of a single machine, whatever becomes of the workers."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from attrs import evolve

from casescreen.api import screen
from casescreen.columnar.caseload_folder import scan_folder
from casescreen.columnar.screening import bulk_rates, rates_by, screen_frames
from casescreen.conditions.operators import IS, OPERATORS
from casescreen.model.calendar import Duration, Unit
from casescreen.model.case import Case, Caseload
from casescreen.model.condition import All, Compare, Literal, Within
from casescreen.model.dictionary import Field, Kind
from casescreen.model.outcome import Outcome
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import DerivedField, DerivedSource, Due, PerRow, Rulebook, Scope
from casescreen.model.screening import Screening, Summary

if not os.environ.get("CI"):
    pytest.importorskip("pyspark", reason="PySpark is not installed (pip install --group dev)")

from casescreen.columnar.spark import Findings, spark_aggregate, spark_screen

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

AS_OF = date(2024, 6, 1)
PATIENCE = 120.0


@pytest.fixture
def ordinary(screened: Callable[..., Screening], repairs: tuple[Case, ...]) -> Screening:
    return screened(*repairs, as_of=AS_OF)


@pytest.fixture
def one_machine(bikes: Rulebook, caseload: Path) -> Summary:
    return screen_frames(bikes, scan_folder(caseload, bikes.dictionary), as_of=AS_OF)


def _written(folder: Path) -> list[tuple[str, str, str, str]]:
    rows = pl.read_parquet(folder / "*.parquet").rows()
    return [(case, criterion, item or "", outcome) for case, criterion, item, outcome in rows]


def _findings(screening: Screening) -> list[tuple[str, str, str, str]]:
    return [(one.case, one.criterion, one.item, one.outcome.value) for one in screening.findings]


def test_it_is_the_screening_of_one_machine(
    session: SparkSession, bikes: Rulebook, caseload: Path, one_machine: Summary, ordinary: Screening
) -> None:
    """As in bulk and ordinarily: rates over sample, managers and teams, conclusions, and what does not count."""
    found = spark_screen(session, bikes, caseload, as_of=AS_OF)
    assert found == one_machine
    assert (found.rates, found.by_manager, found.by_team) == (ordinary.rates, ordinary.by_manager, ordinary.by_team)
    assert found.conclusions == tuple(one for one in ordinary.conclusions if one.on is not Scope.CASE)
    assert (found.cases, found.left_out) == (len(ordinary.case_ids), ordinary.left_out)
    assert found.later == ordinary.later > 0


def test_local_holidays_reach_the_workers(session: SparkSession, bikes: Rulebook, caseload: Path) -> None:
    """They count as on one machine, and change what comes out."""
    holidays = [date(2024, 5, day) for day in (7, 8, 9, 10, 13, 14, 15, 16, 17)]
    found = spark_screen(session, bikes, caseload, as_of=AS_OF, holidays=holidays)
    parts = scan_folder(caseload, bikes.dictionary)
    assert found.rates == screen_frames(bikes, parts, as_of=AS_OF, holidays=holidays).rates
    assert found.rates != screen_frames(bikes, parts, as_of=AS_OF).rates


def derived(bikes: Rulebook) -> Rulebook:
    """The rulebook with a clock that starts later for some bikes, and with reports of which most are bills."""
    fields, reports = bikes.dictionary.fields, bikes.dictionary.tables["reports"].columns
    brought, kind = fields["repair.brought_on"], reports["kind"]
    clock, sort = Field("clock.start", "start", Kind.DATE, ""), evolve(kind, name="sort")
    is_cargo = Compare(fields["bike.kind"], IS, Literal("cargo bike"))
    two_days = Literal(Duration(2, Unit.WORKING_DAY))
    is_estimate = Compare(kind, IS, Literal("estimate"))
    old = Compare(clock, OPERATORS["before"], Literal(date(2024, 5, 5)))
    timely, *others = bikes.criteria
    asked = evolve(bikes.criterion["estimate-quality"], per=PerRow("reports", Compare(sort, IS, Literal("estimate"))))
    return evolve(
        bikes,
        criteria=(
            evolve(timely, met=Within(fields["repair.done_on"], two_days, clock), due=Due(two_days, clock)),
            *(asked if one.id == asked.id else one for one in others),
        ),
        derived=(
            DerivedField(clock, (DerivedSource(is_cargo, brought, plus=two_days), DerivedSource(None, brought))),
            DerivedField(sort, (DerivedSource(All((is_estimate, old)), kind), DerivedSource(None, None, "bill"))),
        ),
    )


def test_derived_fields_are_worked_out_by_the_workers(
    session: SparkSession, bikes: Rulebook, caseload: Path, repairs: tuple[Case, ...]
) -> None:
    """As on one machine and case by case, and other than the fields that they come from."""
    rulebook = derived(bikes)
    found = spark_screen(session, rulebook, caseload, as_of=AS_OF)
    assert found == screen_frames(rulebook, scan_folder(caseload, bikes.dictionary), as_of=AS_OF)
    assert found.rates == screen(rulebook, Caseload(repairs, ""), as_of=AS_OF).rates
    before = screen_frames(bikes, scan_folder(caseload, bikes.dictionary), as_of=AS_OF).rates
    changed = {one.criterion for one, other in zip(found.rates, before, strict=True) if one != other}
    assert changed == {"repair-in-time", "estimate-quality"}


def test_workers_write_the_findings(
    session: SparkSession, bikes: Rulebook, caseload: Path, one_machine: Summary, ordinary: Screening
) -> None:
    """A file a part, with the outcomes asked for and no others; the rates are the same as without."""
    folder = caseload.parent / "findings"
    wanted = Findings(folder, frozenset({Outcome.NOT_MET, Outcome.NOT_EVIDENCED}))
    assert spark_screen(session, bikes, caseload, as_of=AS_OF, findings=wanted) == one_machine
    assert len(list(folder.iterdir())) == len(list(caseload.iterdir()))
    said = ("not met", "not evidenced")
    assert _written(folder) == [one for one in _findings(ordinary) if one[3] in said]


def test_rates_by_any_field(session: SparkSession, bikes: Rulebook, caseload: Path) -> None:
    """The rates of the cases with each value of a field, as in bulk."""
    found = spark_aggregate(session, bikes, caseload, as_of=AS_OF, by=["bike.kind"])
    expected = bulk_rates(bikes, scan_folder(caseload, bikes.dictionary), as_of=AS_OF, by="bike.kind")
    assert rates_by(bikes, found, "bike.kind") == expected


def test_everything_that_is_wrong_is_told_at_once(session: SparkSession, bikes: Rulebook, caseload: Path) -> None:
    """The problems of all parts, each with its part; nothing is left of the findings of the others."""
    cases = pl.read_parquet(caseload / "part-00001" / "cases.parquet")
    cases.rename({"bike.kind": "bike.knid"}).write_parquet(caseload / "part-00001" / "cases.parquet")
    (caseload / "part-00003" / "cases.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(CasescreenError) as told:
        spark_screen(session, bikes, caseload, as_of=AS_OF, findings=Findings(caseload.parent / "findings"))
    first, *_, second = [line for line in str(told.value).splitlines() if not line.startswith("  ")]
    assert f"{caseload / 'part-00001' / 'cases.parquet'} (bike.knid): there is no such column" in first
    assert f"{caseload / 'part-00003' / 'cases.parquet'}: it cannot be read" in second
    assert [one.name for one in caseload.parent.iterdir()] == ["caseload"]


def test_workers_without_casescreen_are_told(
    session: SparkSession, bikes: Rulebook, caseload: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Python said there, and what to see to; no traceback."""
    context: Any = session.sparkContext
    (tmp_path / "other" / "casescreen").mkdir(parents=True)
    (tmp_path / "other" / "casescreen" / "__init__.py").touch()
    python = tmp_path / "python"
    python.write_text(
        f'#!/bin/sh\nPYTHONPATH="{tmp_path / "other"}:$PYTHONPATH" exec "{context.pythonExec}" "$@"\n', "utf-8"
    )
    python.chmod(0o755)
    monkeypatch.setattr(context, "pythonExec", str(python))
    with pytest.raises(CasescreenError) as told:
        spark_screen(session, bikes, caseload, as_of=AS_OF)
    assert "No module named 'casescreen.columnar'" in str(told.value)
    assert "see that every worker has the driver's Python and casescreen" in str(told.value)
    assert len(str(told.value).splitlines()) == 3


@pytest.fixture
def held(session: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The worker that comes first to the last part says its process id into this pipe, and goes no further."""
    pipe, first = tmp_path / "held", str(tmp_path / "first")
    os.mkfifo(pipe)
    frame = type(session.range(1))
    map_in_arrow, name = frame.mapInArrow, str(pipe)

    def holding(parts: Any, task: Any, schema: str) -> Any:  # noqa: ANN401 - as Spark has it
        last = parts.count() - 1

        def hold(batches: Iterator[Any]) -> Iterator[Any]:
            for batch in batches:
                if batch.column(0).to_pylist() == [last] and not os.path.exists(first):  # noqa: PTH110 - sent to workers
                    os.close(os.open(first, os.O_CREAT | os.O_EXCL))
                    with open(name, "w", encoding="ascii") as told:  # noqa: PTH123 - the same
                        told.write(str(os.getpid()))
                    signal.pause()
                yield from task([batch])

        return map_in_arrow(parts, hold, schema)

    monkeypatch.setattr(frame, "mapInArrow", holding)
    return pipe


def _read(pipe: Path) -> int:
    """The process id that is said into a pipe."""
    end = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        ready, _, _ = select.select([end], [], [], PATIENCE)
        assert ready, f"no worker came to the last part in {PATIENCE:.0f} seconds"
        return int(os.read(end, 100))
    finally:
        os.close(end)


def test_a_lost_worker_changes_nothing(
    session: SparkSession,
    cluster: Any,  # noqa: ANN401 - test modules cannot import the classes of conftest.py
    bikes: Rulebook,
    caseload: Path,
    one_machine: Summary,
    ordinary: Screening,
    held: Path,
) -> None:
    """One that is killed while it screens a part, after others, is made up for: counts and findings are exact."""
    folder = caseload.parent / "findings"
    with ThreadPoolExecutor(1) as aside:
        found = aside.submit(spark_screen, session, bikes, caseload, as_of=AS_OF, findings=Findings(folder))
        try:
            holder = _read(held)
            (lost,) = [worker for worker in cluster.workers if holder in worker.processes()]
            lost.kill()
            assert found.result(PATIENCE) == one_machine
        finally:
            session.sparkContext.cancelAllJobs()
    assert not lost.processes()
    assert one_machine.rates == ordinary.rates
    assert _written(folder) == _findings(ordinary)
    assert sorted(one.name for one in folder.iterdir()) == [
        f"part-{number:05}.parquet" for number in range(len(list(caseload.iterdir())))
    ]
