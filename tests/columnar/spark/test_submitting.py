"""The script of docs/how-to, submitted to a cluster."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from bicycle_repairs import BIKES

from casescreen.columnar.caseload_folder import scan_folder
from casescreen.columnar.screening import screen_frames
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Rulebook, Scope
from casescreen.model.screening import Summary

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "docs" / "how-to" / "spark_submit.py"
AS_OF = date(2024, 6, 1)

Submit = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def one_machine(bikes: Rulebook, caseload: Path) -> Summary:
    return screen_frames(bikes, scan_folder(caseload, bikes.dictionary), as_of=AS_OF)


@pytest.fixture
def submit(cluster: Any, spark_home: Path) -> Submit:  # noqa: ANN401 - test modules cannot import from conftest.py
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        small = ("--driver-memory", "512m", "--executor-memory", "512m", "--total-executor-cores", "1")
        quick = "-XX:TieredStopAtLevel=1"
        python = {"PYSPARK_PYTHON": sys.executable, "SPARK_HOME": str(spark_home), "SPARK_LOCAL_IP": "127.0.0.1"}
        return subprocess.run(
            [spark_home / "bin" / "spark-submit", "--master", cluster.url, *small, "--conf", "spark.ui.enabled=false",
             "--driver-java-options", quick, "--conf", f"spark.executor.extraJavaOptions={quick}",
             SCRIPT, *arguments, "--as-of", AS_OF.isoformat(), "--rules", BIKES],
            env={**os.environ, **python}, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    return run


def test_a_caseload_is_screened(
    submit: Submit, bikes: Rulebook, caseload: Path, one_machine: Summary, tmp_path: Path
) -> None:
    """It prints the rates and what follows from them, and the workers write what is not met."""
    done = submit(str(caseload), "--findings", str(tmp_path / "findings"))
    assert done.returncode == 0, done.stderr
    screened, left_out = one_machine.cases, one_machine.left_out
    assert f"{screened} cases were screened, {left_out} left out, as of 1 June 2024." in done.stdout
    for criterion, rate in zip(bikes.criteria, one_machine.rates, strict=True):
        (line,) = [line for line in done.stdout.splitlines() if line.startswith(criterion.title)]
        assert line.removeprefix(criterion.title).split()[:2] == [str(rate.met), str(rate.of)]
    for conclusion in one_machine.conclusions:
        assert (conclusion.says in done.stdout) is (conclusion.on is Scope.SAMPLE)
    not_met = sum(rate.count(Outcome.NOT_MET) for rate in one_machine.rates)
    assert len(pl.read_parquet(tmp_path / "findings" / "*.parquet").filter(outcome="not met")) == not_met


def test_a_mistake_is_told(tmp_path: Path) -> None:
    """A folder without rules: what is wrong, and no traceback; no cluster is asked for anything."""
    command = [sys.executable, str(SCRIPT), str(tmp_path), "--as-of", AS_OF.isoformat(), "--rules", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "rulebook.toml" in done.stderr
    assert "Traceback" not in done.stderr
