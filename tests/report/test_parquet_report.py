"""The findings as Parquet."""

from __future__ import annotations

import io
import sys

import polars as pl
import pytest
from attrs import evolve

from casescreen.model.problem import CasescreenError
from casescreen.model.screening import Screening
from casescreen.report import DOCUMENTS, Options


def test_there_is_a_typed_row_a_finding(screening: Screening) -> None:
    """Every finding in order, in flat columns; text as it is, and the deadline as a date or nothing."""
    read = pl.read_parquet(io.BytesIO(DOCUMENTS["parquet"](screening, Options(most=1))))
    assert [tuple(row) for row in read.select("case", "criterion", "item", "outcome", "reason", "due").rows()] == [
        (one.case, one.criterion, one.item, one.outcome.value, one.reason, one.due) for one in screening.findings
    ]
    assert read["due"].null_count() not in {0, len(read)}


def test_the_same_screening_has_the_same_bytes(screening: Screening) -> None:
    """Nothing of the moment or the machine is written."""
    assert DOCUMENTS["parquet"](screening, Options()) == DOCUMENTS["parquet"](screening, Options())


def test_no_findings_are_an_empty_table(screening: Screening) -> None:
    """The columns are there, and their types."""
    read = pl.read_parquet(io.BytesIO(DOCUMENTS["parquet"](evolve(screening, findings=()), Options())))
    assert (len(read), str(read.schema["case"]), str(read.schema["due"])) == (0, "String", "Date")


def test_it_needs_polars(screening: Screening, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Polars is not installed, that is said, and what to do."""
    monkeypatch.setitem(sys.modules, "polars", None)
    monkeypatch.delitem(sys.modules, "casescreen.report.parquet_report", raising=False)
    with pytest.raises(CasescreenError, match=r'pip install "casescreen\[bulk\]"'):
        DOCUMENTS["parquet"](screening, Options())
