"""The page of enquiry sheets in a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from somerset_sheets import somerset

from casescreen.review.sheet_page import sheets_page


class Browser(Protocol):
    """What conftest.py drives."""

    requests: list[str]
    faults: list[str]

    def call(self, method: str, **parameters: object) -> dict[str, Any]: ...
    def open(self, page: Path, width: int) -> None: ...
    def run(self, script: str) -> Any: ...  # noqa: ANN401


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sheets of a calm case, one with much to ask, and one of which little is recorded."""
    chosen = [sheet for sheet in somerset().sheets if sheet.origin.case in ("SOM-07", "SOM-10", "SOM-13")]
    path = tmp_path_factory.mktemp("sheets") / "enquiry-sheets.html"
    path.write_text(sheets_page(chosen), encoding="utf-8")
    return path


@pytest.fixture
def dark(browser: Browser) -> Iterator[None]:
    """The colours that people choose for the evening."""
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    yield
    browser.call("Emulation.setEmulatedMedia", features=[])


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_axe_finds_nothing(browser: Browser, sheets: Path, accessible: Callable[[], list[str]], width: int) -> None:
    """axe-core finds no fault on a telephone or a desk."""
    browser.open(sheets, width)
    assert accessible() == []


@pytest.mark.usefixtures("dark")
def test_axe_finds_nothing_in_dark_mode(browser: Browser, sheets: Path, accessible: Callable[[], list[str]]) -> None:
    """Nor in the dark, the pictures among it."""
    browser.open(sheets, 1280)
    assert browser.run("matchMedia('(prefers-color-scheme: dark)').matches") is True
    assert accessible() == []


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_runs_off_the_side(browser: Browser, sheets: Path, width: int) -> None:
    """Only the timeline scrolls, by itself."""
    browser.open(sheets, width)
    assert browser.run("document.documentElement.scrollWidth") <= width


def test_it_fetches_nothing_and_its_policy_lets_its_style_be(browser: Browser, sheets: Path) -> None:
    """The page is all that is asked for, and the picture has its colours."""
    browser.open(sheets, 1280)
    assert browser.run("getComputedStyle(document.querySelector('.picture .paper')).fill") == "rgb(255, 255, 255)"
    assert browser.faults == []


def test_each_case_begins_a_sheet_of_paper(browser: Browser, sheets: Path) -> None:
    """But for the first, which stands under the title."""
    browser.open(sheets, 1280)
    browser.call("Emulation.setEmulatedMedia", media="print")
    breaks = browser.run("[...document.querySelectorAll('.sheet')].map(one => getComputedStyle(one).breakBefore)")
    browser.call("Emulation.setEmulatedMedia", media="")
    assert breaks == ["auto", "page", "page"]
