"""Enquiry sheets in casescreen.html: seen, saved, filled in, and used with the cases that they are of."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from page_visitor import KEPT_ON_DISK, Browser, Visitor
from somerset_sheets import SOMERSET, filled

from casescreen.review.enquiry import ANSWERS_OFFERED, SOURCES_OFFERED, sheet_anchor

_DAY = "2016-05-09"
_CASES = ("SOM-01", "SOM-02")
_ANSWER = {"initial-assessment": (ANSWERS_OFFERED[1], SOURCES_OFFERED[0], "Nothing on why.")}


def _in_sheet(browser: Browser, script: str) -> object:
    """The value of a script about ``page``, the document of the sheet that is shown."""
    return browser.until(
        "(() => { const page = document.getElementById('sheet').contentDocument; "
        f"return page && page.readyState === 'complete' && page.querySelector('article') && ({script}); }})()"
    )


def _at_the_sheets(visitor: Visitor) -> None:
    """Go from the first button to the sheets of the made-up cases."""
    visitor.press("Try it with made-up cases")
    visitor.shows("findings")
    visitor.press("Enquiry sheets")
    visitor.shows("sheets")
    _in_sheet(visitor.browser, "true")


def test_sheets_are_shown_saved_filled_in_and_used(one_file: Path, either: Browser, tmp_path: Path) -> None:
    """Each case is shown by itself; all are saved at once; two that come back are used, and what is wrong is said."""
    visitor = Visitor(either, one_file)
    _at_the_sheets(visitor)
    assert "20 cases have a sheet" in visitor.text("#sheets-sums")
    assert _in_sheet(either, "page.querySelector('article').id") == sheet_anchor("SOM-01")
    visitor.press("The next case")
    assert _in_sheet(either, f"page.querySelector('#{sheet_anchor('SOM-02')} h2').textContent") == "Case SOM-02"
    assert either.run("document.getElementById('sheets-case').value") == "SOM-02"
    either.until(
        "(frame => frame.clientHeight === frame.contentDocument.documentElement.scrollHeight)"
        "(document.getElementById('sheet'))"
    )
    with zipfile.ZipFile(visitor.saved("Save all as Word documents")) as archive:
        sheets = {name: archive.read(name) for name in archive.namelist()}
    assert len(sheets) == 20
    with zipfile.ZipFile(visitor.saved("Save all as workbooks")) as archive:
        assert len(archive.namelist()) == 20
    assert either.run(KEPT_ON_DISK % "document") == []
    back = []
    for case in _CASES:
        answers = _ANSWER if case == "SOM-01" else {"initial-assessment": ("perhaps", "", "")}
        back.append(tmp_path / f"{case}.docx")
        back[-1].write_bytes(filled(sheets[f"{case}.docx"], answers, reader="Mina Harker"))
    either.open(one_file)
    either.choose("#files", [*(SOMERSET / f"{case}.toml" for case in _CASES), *back])
    either.run(f"for (const id of ['as-of', 'taken-on']) document.getElementById(id).value = '{_DAY}'")
    visitor.press("Read these files")
    visitor.shows("reading")
    said = visitor.text("#reading-parts")
    assert "Answers on filled sheets: Mina Harker: 1 answer of 2 cases (filled sheets), in place of" in said
    assert "perhaps" in said
    visitor.press("Show the findings")
    visitor.shows("findings")
    assert "Mina Harker: 1 answer of 2 cases" in str(
        visitor.in_report("page.querySelector('header').textContent.replace(/\\s+/g, ' ')")
    )
    assert either.complaints() == []


def test_the_sheets_can_be_read_by_anybody(
    one_file: Path, browser: Browser, faults: Callable[[], list[str]], accessible: Callable[[], list[str]]
) -> None:
    """axe-core finds no fault in the step, nor in the sheets of all cases, on a telephone or a desk."""
    visitor = Visitor(browser, one_file)
    _at_the_sheets(visitor)
    browser.run("document.querySelector('#sheets details').open = true")
    assert faults() == []
    page = visitor.saved("Save all as one page")
    for width in (320, 1280):
        browser.open(page, width)
        assert browser.run("document.querySelectorAll('article.sheet').length") == 20
        assert accessible() == []
        assert browser.run("document.documentElement.scrollWidth") <= width


def test_the_sheets_are_reached_by_keyboard(one_file: Path, browser: Browser) -> None:
    """The Tab key leads from the heading to who reads, to the case, and to what saves; the next case is shown by it."""
    visitor = Visitor(browser, one_file)
    _at_the_sheets(visitor)
    visitor.tab_to("sheets-reader")
    visitor.key("Tab")
    assert browser.run("document.activeElement.id") == "sheets-case"
    while not browser.run("document.activeElement.textContent.startsWith('The next case')"):
        visitor.key("Tab")
    visitor.key("Enter")
    browser.until("document.getElementById('sheets-case').value === 'SOM-02'")
    assert browser.complaints() == []
