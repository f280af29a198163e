"""The page on the last run."""

from __future__ import annotations

import re

from attrs import evolve
from made_up_runs import made_up_run

from casescreen.history.comparison import compare
from casescreen.model.outcome import Outcome
from casescreen.report.formats.html.last_run import (
    LastRun,
    RunFile,
    RunNotice,
    RunVerdict,
    changes_page,
    last_run_page,
)

_RUN = LastRun(
    verdict=RunVerdict.ATTENTION,
    settings="north.toml",
    ran="29 November 2026, 07:00",
    says="Needs attention: 1 warning.",
    warnings=(RunNotice("Fewer <b>cases</b>.", "It can be half an export.", "Look."),),
    files=(RunFile("Page to read", "north.html", "reports/north%20team.html"),),
)


def test_what_goes_on_the_page_can_do_nothing_there() -> None:
    """Every text is escaped, no script runs, and nothing is fetched."""
    page = last_run_page(evolve(_RUN, said=("<script>alert(1)</script>", "a\u202eb")))
    assert "<script" not in page
    assert "Fewer &lt;b&gt;cases&lt;/b&gt;." in page
    assert "\u202e" not in page
    assert "default-src &#39;none&#39;" in page
    assert not re.search(r'(?:src|href)="(?!#|reports/north%20team\.html)', page)


def test_a_part_stands_where_there_is_something_in_it() -> None:
    """And the verdict is the first thing, and the title of the window."""
    page = last_run_page(_RUN)
    assert "<h1>Last run: Needs attention</h1>" in page
    assert "<title>Needs attention: north.toml" in page
    assert re.findall(r'<h2 id="(\w+)"', page) == ["warnings", "reports"]


def test_every_change_stands_on_its_page() -> None:
    """With the case and what became of it."""
    old = made_up_run(0, {("C-1", "a", ""): Outcome.MET})
    new = made_up_run(1, {("C-1", "a", ""): Outcome.NOT_MET})
    page = changes_page(compare(old, new))
    assert page.count("<h1>") == 1
    assert "C-1" in page
    assert "first: not met, was met" in page
