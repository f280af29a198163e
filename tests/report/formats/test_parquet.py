"""Findings as Parquet."""

from __future__ import annotations

import io
import sys
from datetime import date

import polars as pl
import pytest
from attrs import evolve

from casescreen.model.problem import CasescreenError
from casescreen.model.screening import Screening
from casescreen.report.formats.parquet import render
from casescreen.report.formats.registry import FORMATS, Options


def _read(screening: Screening) -> pl.DataFrame:
    return pl.read_parquet(io.BytesIO(render(screening, Options())))


def test_every_finding_is_a_row_in_order(screening: Screening) -> None:
    """Case, criterion, item, outcome, reason and deadline stand as the screening has them; null is nothing."""
    found = _read(screening).select("case", "criterion", "item", "outcome", "reason", "due", "owner").rows()
    assert found == [
        (one.case, one.criterion, one.item or None, one.outcome.value, one.reason, one.due, one.owner or None)
        for one in screening.findings
    ]


def test_a_row_says_what_run_it_is_of(screening: Screening) -> None:
    """Rows of several runs can stand in one table and be told apart, by date and rulebook."""
    runs = _read(screening).select("as_of", "rulebook", "rulebook_version").unique().rows()
    assert runs == [(screening.as_of, screening.rulebook.id, screening.rulebook.version)]


def test_types_do_not_depend_on_what_was_found(screening: Screening) -> None:
    """A run without findings has the same columns, so that files of many runs can be read together."""
    assert _read(evolve(screening, findings=())).schema == _read(screening).schema
    assert _read(screening).schema["due"] == pl.Date


def test_text_is_kept_as_it_is(screening: Screening) -> None:
    """What looks like a formula, or cannot be seen, is data here."""
    text = "=1+1\n\u202e\x1b"
    finding = evolve(screening.findings[0], owner=text, reason=text, due=date(1899, 5, 1))
    row = _read(evolve(screening, findings=(finding,))).row(0, named=True)
    assert (row["owner"], row["reason"], row["due"]) == (text, text, date(1899, 5, 1))


def test_polars_is_asked_for_where_it_is_missing(screening: Screening, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Polars, the error names it and says how to install it."""
    for module in ("casescreen.report.formats.parquet", "casescreen.columnar.outcomes"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(CasescreenError, match=r'(?s)polars is not installed.*pip install "casescreen\[bulk\]"'):
        FORMATS["parquet"].render(screening, Options())


def test_the_same_screening_gives_the_same_bytes(screening: Screening) -> None:
    """Files can be compared by their hash."""
    first, second = (render(screening, Options()) for _ in range(2))
    assert first == second
