"""Repairs of bicycles by the hundred, as cases, as frames, and as files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random

import polars as pl
import pytest
from bicycle_repairs import bikes, case, screened

from casescreen.columnar.frames import CaseFrames, frames_of
from casescreen.evaluate.inference.inferrer import Engine
from casescreen.model.case import Answer, Case
from casescreen.model.dictionary import Value
from casescreen.model.outcome import ReadersAnswer
from casescreen.model.rulebook import Rulebook

__all__ = ["bikes", "case", "engine", "frames", "put", "repairs", "screened"]

_PARTS = ("brake", "chain", "light")


def _perhaps(random: Random, fields: dict[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in fields.items() if random.random() < 0.8}


def _repair(random: Random, number: int) -> Case:
    brought = date(2024, 4, 20) + timedelta(random.randrange(40))
    done = brought + timedelta(random.randrange(12) + 20 * (number % 3 == 1))  # one of three mechanics is slow
    said: dict[str, Value] = {
        "case.manager": f"Mechanic {number % 3}",
        "case.team": random.choice(("north", "south")),
        "bike.kind": random.choice(("city bike", "cargo bike")),
        "bike.wheels": number % 3,
        "repair.brought_on": brought,
        "repair.done": random.random() < 0.5,
        "repair.done_on": done,
        "repair.note": "=1+1",
    }
    id_ = f"B-{number:04}"
    fields = {"case.id": id_, **_perhaps(random, said)}
    faults = [_perhaps(random, {"part": random.choice(_PARTS), "serious": n == 1}) for n in range(number % 4)]
    jobs = [_perhaps(random, {"part": random.choice(_PARTS)}) for _ in range(number % 5)]
    kinds = [random.choice(("estimate", "bill")) for _ in range(number % 3)]
    reports = [{"id": f"R{n}", **_perhaps(random, {"kind": kind})} for n, kind in enumerate(kinds)]
    tables = {"faults": faults, "jobs": jobs, "reports": reports}
    there = {name: tuple(rows) for name, rows in tables.items() if random.random() < 0.8}
    answers = [
        Answer("estimate-quality", random.choice((ReadersAnswer.YES, ReadersAnswer.NO)), str(row["id"]))
        for row in there.get("reports", ())
        if row.get("kind") == "estimate" and random.random() < 0.7
    ]
    return Case(id_, fields, there, tuple(answers))


@pytest.fixture(scope="session")
def repairs() -> tuple[Case, ...]:
    """Two hundred repairs, in order of id, with gaps, absent and empty tables, and answers."""
    random = Random(7)  # noqa: S311 - made-up cases need no secrets
    return tuple(_repair(random, number) for number in range(200))


@pytest.fixture(scope="session")
def frames(repairs: tuple[Case, ...], bikes: Rulebook) -> CaseFrames:
    return frames_of(repairs, bikes.dictionary)


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., Path]:
    """Write frames as files, as a program that does not know us would: no numbers, and words as text."""

    def write(frames: CaseFrames, suffix: str = ".parquet", folder: str = "caseload") -> Path:
        path = tmp_path / folder
        path.mkdir(parents=True)
        assert frames.answers is not None
        for name, frame in {"cases": frames.cases, **frames.tables, "answers": frames.answers}.items():
            plain = frame.drop("case.row").cast({pl.Enum: pl.String})
            if suffix == ".csv":
                plain.sink_csv(path / f"{name}.csv")
            else:
                plain.sink_parquet(path / f"{name}.parquet")
        return path

    return write


@pytest.fixture
def engine() -> Engine:
    """What bulk is held against: the ordinary engine."""
    return "auto"
