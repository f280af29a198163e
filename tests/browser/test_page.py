"""The HTML report in a browser."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest


class Browser(Protocol):
    """What conftest.py drives."""

    requests: list[str]
    faults: list[str]

    def call(self, method: str, **parameters: object) -> dict[str, Any]: ...
    def open(self, page: Path, width: int) -> None: ...
    def run(self, script: str) -> Any: ...  # noqa: ANN401
    def press(self, key: str, text: str = "", code: int = 0) -> None: ...


_SHOWN = "document.querySelectorAll('article.case:not([hidden])').length"
_FOCUS = "document.activeElement.id || document.activeElement.className || document.activeElement.tagName"


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("opened", [False, True])
def test_axe_finds_nothing(
    browser: Browser, page: Path, accessible: Callable[[], list[str]], width: int, opened: bool
) -> None:
    """axe-core finds no fault on a telephone or a desk, with what can be opened closed or open."""
    browser.open(page, width)
    browser.run(f"document.querySelectorAll('details').forEach(one => one.open = {str(opened).lower()})")
    assert accessible() == []


@pytest.mark.parametrize("width", [320, 1280])
def test_groups_can_be_read_by_all(
    browser: Browser, page_of_groups: Path, accessible: Callable[[], list[str]], width: int
) -> None:
    """Bars and tables of groups have no fault, and nothing of them runs off the side; also in a copy to share."""
    browser.open(page_of_groups, width)
    browser.run("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert browser.run("document.querySelectorAll('[aria-labelledby=beside] svg.chart[role]').length") > 0
    assert accessible() == []
    assert browser.run("document.documentElement.scrollWidth") <= width


def test_axe_would_find_a_fault(browser: Browser, page: Path, accessible: Callable[[], list[str]]) -> None:
    """A page that is broken on purpose is told of, so the test above is not silent by mistake."""
    browser.open(page, 1280)
    browser.run("document.documentElement.removeAttribute('lang')")
    assert any(fault.startswith("html-has-lang") for fault in accessible())


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_runs_off_the_side(browser: Browser, page: Path, width: int) -> None:
    """The page needs no sideways scrolling, even with everything open; only tables scroll, each on its own."""
    browser.open(page, width)
    browser.run("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert browser.run("document.documentElement.scrollWidth") <= width


def test_it_fetches_nothing_and_its_policy_lets_its_own_style_and_script_be(browser: Browser, page: Path) -> None:
    """The page is all that is asked for, and nothing in it runs into its own policy."""
    browser.open(page, 1280)
    assert browser.run("getComputedStyle(document.querySelector('.tile b')).fontWeight") == "600"
    assert browser.run("document.getElementById('filters').hidden") is False
    assert browser.requests == [page.as_uri()]
    assert browser.faults == []


def test_the_policy_stops_what_is_not_its_own(browser: Browser, page: Path) -> None:
    """A script or a style that got into the page would not run."""
    browser.open(page, 1280)
    browser.run(
        "const one = document.createElement('script'); one.textContent = 'window.ran = 1'; document.body.append(one)"
    )
    assert browser.run("window.ran") is None


def test_the_cases_are_filtered_by_keyboard(browser: Browser, page: Path) -> None:
    """Keys alone reach a filter and choose in it; the number of cases shown is said."""
    browser.open(page, 1280)
    assert browser.run(_SHOWN) == 20
    browser.run("document.getElementById('by-show').focus()")
    browser.press("t", "t", 84)
    assert browser.run("document.getElementById('by-show').value") == "act"
    assert browser.run(_SHOWN) == 8
    assert browser.run("document.getElementById('shown').textContent") == "8 of 20 cases are shown."
    browser.press("Tab", code=9)
    assert browser.run(_FOCUS) == "by-question"


def test_a_case_opens_by_keyboard(browser: Browser, page: Path) -> None:
    """Cases are closed at first; a key opens the one that has the focus."""
    browser.open(page, 1280)
    assert browser.run("document.querySelectorAll('article.case > details[open]').length") == 0
    browser.run("document.querySelector('article.case summary').focus()")
    browser.press("Enter", "\r", 13)
    assert browser.run("document.querySelectorAll('article.case > details[open]').length") == 1


def test_cases_are_found_and_put_in_order(browser: Browser, page: Path) -> None:
    """Every word that is asked for has to be in a case, closed or not; an order is of what it says."""
    browser.open(page, 1280)
    browser.run("document.getElementById('by-text').value = 'som-05 exploitation'")
    browser.run("document.getElementById('by-show').dispatchEvent(new Event('change', {bubbles: true}))")
    assert browser.run(_SHOWN) == 1
    browser.run("const one = document.getElementById('by-order'); one.value = 'name'")
    browser.run("document.getElementById('by-order').dispatchEvent(new Event('change', {bubbles: true}))")
    names = browser.run("[...document.querySelectorAll('article.case h3')].map(one => one.textContent)")
    assert names == sorted(names)
    assert len(names) == 20


def test_it_is_seen_in_a_minute(browser: Browser, page: Path) -> None:
    """Opened, the page of twenty cases is no taller than 12,000 pixels; on a telephone it is no wider than that."""
    browser.open(page, 1280)
    assert browser.run("document.documentElement.scrollHeight") <= 12_000
    browser.open(page, 390)
    assert browser.run("document.documentElement.scrollWidth") <= 390


def test_axe_finds_nothing_in_dark_mode(browser: Browser, page: Path, accessible: Callable[[], list[str]]) -> None:
    """Colours are told apart and letters are read on a dark ground, too."""
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    try:
        browser.open(page, 1280)
        browser.run("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert browser.run("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
        assert accessible() == []
    finally:
        browser.call("Emulation.setEmulatedMedia", features=[])


def test_the_first_tab_stop_skips_to_the_content(browser: Browser, page: Path) -> None:
    """The first key press reaches a visible link past the contents, and it leads there."""
    browser.open(page, 1280)
    browser.press("Tab", code=9)
    assert browser.run(_FOCUS) == "skip"
    assert browser.run("document.activeElement.getBoundingClientRect().left") >= 0
    browser.press("Enter", "\r", 13)
    assert browser.run(_FOCUS) == "main"


def test_a_link_to_a_case_that_is_filtered_out_still_leads_there(browser: Browser, page: Path) -> None:
    """Following a link to a hidden case shows all cases again, and opens that one."""
    browser.open(page, 1280)
    browser.run(
        "const by = document.getElementById('by-show'); by.value = 'act';"
        "by.dispatchEvent(new Event('change', {bubbles: true}))"
    )
    browser.run(
        "new Promise(done => { addEventListener('hashchange', () => setTimeout(done)); location.hash = '#case-12' })"
    )
    assert browser.run(_SHOWN) == 20
    assert browser.run("document.getElementById('case-12').closest('details').open") is True


def test_without_script_all_is_there(browser: Browser, page: Path) -> None:
    """With script off every case is there, and no filter that would do nothing."""
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(page, 1280)
        assert browser.run("getComputedStyle(document.getElementById('filters')).display") == "none"
        assert browser.run(_SHOWN) == 20
    finally:
        browser.call("Emulation.setScriptExecutionDisabled", value=False)


_BEHIND = "document.querySelector('.behind-it > div').id"


def _follow(browser: Browser, place: str) -> None:
    browser.run(
        f"new Promise(done => {{ addEventListener('hashchange', () => setTimeout(done)); location.hash = '{place}' }})"
    )


def test_a_figure_leads_to_its_cases_and_from_there_to_the_finding(browser: Browser, page: Path) -> None:
    """A bar opens the list of its cases; each opens at the line of that very criterion, which leads back."""
    browser.open(page, 1280)
    browser.run("document.querySelector('.bars a').dispatchEvent(new MouseEvent('click', {bubbles: true}))")
    place = browser.run("location.hash")
    assert browser.run(f"document.querySelector('{place}').checkVisibility()") is True
    browser.run(f"document.querySelector('{place} [data-outcome=not-met] a').click()")
    browser.run("new Promise(done => setTimeout(done, 100))")
    case = browser.run("location.hash")
    assert case.startswith("#case-")
    opened = (
        f"document.querySelector('{case}').closest('article').querySelector('details.line[open] a[href=\"{place}\"]')"
    )
    assert browser.run(f"{opened}.checkVisibility()") is True
    browser.run(f"{opened}.click()")
    assert browser.run("location.hash") == place


def test_a_list_behind_a_figure_is_all_that_is_shown(browser: Browser, page: Path) -> None:
    """With script the cases of a list are chosen by one press, and the filters say which they are."""
    browser.open(page, 1280)
    part = browser.run(_BEHIND)
    _follow(browser, f"#{part}")
    browser.run(f"document.querySelector('#{part} [data-outcome] button').click()")
    listed = browser.run(f"document.querySelector('#{part} [data-outcome]').querySelectorAll('a').length")
    assert 0 < listed < 20
    assert browser.run(_SHOWN) == listed
    assert browser.run("document.getElementById('by-question').value") == part
    assert browser.run("document.activeElement.id") == "by-question"
    named = "new Set([...document.querySelectorAll('article.case:not([hidden]) h3')].map(one => one.textContent))"
    links = f"[...document.querySelector('#{part} [data-outcome]').querySelectorAll('a')]"
    assert browser.run(f"{links}.every(one => {named}.has(one.textContent))") is True


def test_a_criterion_is_chosen_by_outcome_and_what_does_not_apply_is_the_rest(browser: Browser, page: Path) -> None:
    """Of a criterion, the cases of each outcome and those to which it does not apply are all cases, each once."""
    browser.open(page, 1280)
    browser.run("document.getElementById('by-question').selectedIndex = 5")
    asked = []
    for outcome in ("met", "not-met", "not-evidenced", "needs-judgement", "not-yet-due", "not-applicable"):
        browser.run(f"document.getElementById('by-show').value = '{outcome}'")
        browser.run("document.getElementById('by-show').dispatchEvent(new Event('change', {bubbles: true}))")
        asked.append(browser.run(_SHOWN))
    assert sum(asked) >= 20
    assert asked[-1] < 20


def test_a_cell_of_the_matrix_leads_to_its_finding(browser: Browser, page: Path) -> None:
    """Pressing where a case and a criterion cross opens the case at that finding."""
    browser.open(page, 1280)
    row, column = "matrix.querySelector('text.case-name')", "matrix.querySelector('text.name')"
    browser.run(
        "const matrix = document.querySelector('svg.matrix[role=group]');"
        f"const at = new DOMPoint({column}.transform.baseVal[0].matrix.e - 4, {row}.y.baseVal[0].value - 4)"
        ".matrixTransform(matrix.getScreenCTM());"
        "const options = {bubbles: true, clientX: at.x, clientY: at.y};"
        "matrix.dispatchEvent(new MouseEvent('click', options))"
    )
    browser.run("new Promise(done => setTimeout(done, 100))")
    assert browser.run("location.hash") == "#case-1"
    assert browser.run("document.getElementById('case-1').closest('details').open") is True


def test_without_script_a_figure_leads_to_its_cases_too(browser: Browser, page: Path) -> None:
    """With script off a link to a list opens what it stands in, as the browser does by itself."""
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(page, 1280)
        place = browser.run("document.querySelector('.bars a').getAttribute('href')")
        at = "(one => [one.x + 20, one.y + 10])(document.querySelector('.bars a').getBoundingClientRect())"
        browser.run("document.querySelector('.bars a').scrollIntoView()")
        x, y = browser.run(at)
        for kind in ("mousePressed", "mouseReleased"):
            browser.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
        assert browser.run("location.hash") == place
        assert browser.run(f"document.querySelector('{place}').checkVisibility()") is True
    finally:
        browser.call("Emulation.setScriptExecutionDisabled", value=False)


def test_its_summary_prints_on_two_sheets(browser: Browser, page: Path) -> None:
    """With nothing opened it prints on two sheets of A4, and nothing is wider than the sheet; what is open follows."""

    def sheets() -> int:
        pdf = b64decode(browser.call("Page.printToPDF", preferCSSPageSize=True)["data"])
        return len(re.findall(rb"/Type\s*/Page\b", pdf))

    browser.open(page, 1280)
    assert sheets() == 2
    browser.run("document.querySelector('article.case > details').open = true")
    assert sheets() > 2
    browser.call("Emulation.setEmulatedMedia", media="print")
    browser.call("Emulation.setDeviceMetricsOverride", width=688, height=1000, deviceScaleFactor=1, mobile=False)
    assert browser.run("document.documentElement.scrollWidth") <= 688
    browser.call("Emulation.setEmulatedMedia", media="")
