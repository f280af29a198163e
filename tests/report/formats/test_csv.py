"""The findings as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casescreen.model.outcome import Outcome
from casescreen.model.screening import Finding, Screening
from casescreen.report.formats.csv import COLUMNS, harmless, render
from casescreen.report.formats.registry import Options


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_there_is_a_row_a_finding(screening: Screening) -> None:
    """Every finding is a row, in the screening's order, whatever its outcome and however many there are."""
    rows = _rows(render(screening, Options()))
    assert [(row["case"], row["criterion"], row["item"].lstrip("'")) for row in rows] == [
        (finding.case, finding.criterion, finding.item) for finding in screening.findings
    ]


def test_a_row_says_all_that_a_person_acts_on(screening: Screening) -> None:
    """A row has the reason, the owner, the remedy, the deadline and what speaks against the reader."""
    rows = {(row["case"], row["criterion"]): row for row in _rows(render(screening, Options()))}
    late, doubted = rows["AN-03", "plan-timely"], rows["AN-02", "report-quality"]
    assert (late["outcome"], late["severity"], late["due"], late["theme"]) == (
        "not met", "medium", "2016-02-29", "1-reducing",
    )  # fmt: skip
    assert late["reader"] == "The reader answered yes. The facts show that it is not met."
    assert doubted["flags"] == "the report does not say why the offence happened (challenges the reader's yes)"


def test_lines_end_as_rfc_4180_has_it(screening: Screening) -> None:
    """Rows end with a carriage return and a line feed, and neither stands anywhere else."""
    text = render(screening, Options())
    assert text.endswith("\r\n")
    assert text.count("\r") == text.count("\n") == text.count("\r\n") == len(screening.findings) + 1


def test_a_byte_order_mark_is_there_only_when_asked_for(screening: Screening) -> None:
    """With ``bom`` the text begins with a byte-order mark and is otherwise the same."""
    assert render(screening, Options(bom=True)) == "\ufeff" + render(screening, Options())


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", " =1", "\n=1"])
def test_a_formula_is_made_harmless(text: str) -> None:
    """Text that a spreadsheet would take for a formula gets an apostrophe before it."""
    assert harmless(text).startswith("'")


@given(st.lists(st.text(st.sampled_from("=+-@\t\r\n\x1b\"',;ab\u202e é")), min_size=2, max_size=2))
def test_any_text_stays_in_its_cell(
    find: Callable[..., Finding], screen: Callable[..., Screening], texts: list[str]
) -> None:
    """Whatever a record says, it stays in its cell, begins no formula and holds no control character."""
    reason, owner = texts
    made = screen([find("A", "plan-timely", Outcome.NOT_MET, reason, owner=owner)])
    text = render(made, Options())
    (row,) = _rows(text)
    assert tuple(row) == COLUMNS
    assert [row["reason"], row["owner"]] == [harmless(reason), harmless(owner)]
    assert all(not cell.lstrip().startswith(("=", "+", "-", "@")) for cell in row.values())
    assert not set(text) & set("\x1b\t\u202e")
