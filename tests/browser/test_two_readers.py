"""The page on two readers in a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest
from attrs import evolve
from bicycle_repairs import BIKES
from two_readers import OF_ROWS, answer, reading

from casescreen.review.agreement_report import agreement_page
from casescreen.review.pairing import agreement_of
from casescreen.rulebook.load import load_rulebook


class Browser(Protocol):
    """What conftest.py drives."""

    def open(self, page: Path, width: int) -> None: ...
    def run(self, script: str) -> Any: ...  # noqa: ANN401


@pytest.fixture
def readers(tmp_path: Path) -> Path:
    """The page on two readers of sixty repairs, with every part that it can have."""
    said = [("yes", "yes"), ("yes", "no"), ("no", "no"), ("n/a", "no")]
    first, second = (
        reading(name, {f"B-{n}": (answer(said[n % 4][i]), answer(said[n % 3][i], OF_ROWS, f"R{n}")) for n in range(60)})
        for i, name in enumerate(("A. Reader", "B. Reader"))
    )
    agreement = agreement_of(
        first, evolve(second, cases=(*second.cases, "B-99")), load_rulebook(BIKES), shows_text=True
    )
    file = tmp_path / "agree.html"
    file.write_text(agreement_page(agreement), encoding="utf-8")
    return file


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing(browser: Browser, readers: Path, accessible: Callable[[], list[str]], width: int) -> None:
    """axe-core finds no fault on a telephone or a desk."""
    browser.open(readers, width)
    assert accessible() == []


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_runs_off_the_side(browser: Browser, readers: Path, width: int) -> None:
    """The page needs no sideways scrolling; only tables scroll, each on its own."""
    browser.open(readers, width)
    assert browser.run("document.documentElement.scrollWidth") <= width


def test_a_question_leads_to_its_cases(browser: Browser, readers: Path) -> None:
    """The link in its row goes to the part that lists them, and back again."""
    browser.open(readers, 1280)
    browser.run("document.querySelector('a[href^=\"#question-\"]').click()")
    assert browser.run("location.hash") == "#question-repair-in-time"
    there = "document.getElementById('question-repair-in-time').getBoundingClientRect().top"
    assert abs(browser.run(there)) < 300
