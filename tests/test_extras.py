"""Packages that may not be installed."""

from __future__ import annotations

import sys

import pytest

from casescreen.extras import import_extra, part_missing
from casescreen.model.problem import CasescreenError


def test_a_package_that_is_missing_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message is the caller's, with the name of the very package that is missing."""
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(CasescreenError, match=r"^Not here: polars\n  What to do: Do without\.$"):
        import_extra("polars", "Not here: {package}", "Do without.")


def test_a_module_whose_package_is_missing_is_refused_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a module of casescreen imports counts as what is missing."""
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    monkeypatch.delitem(sys.modules, "casescreen.office.excel", raising=False)
    with pytest.raises(CasescreenError, match=r"^Not here: xlsxwriter\n"):
        import_extra("casescreen.office.excel", "Not here: {package}", "Do without.")


def test_a_module_of_casescreen_that_is_missing_is_a_fault() -> None:
    """No installation would mend it, so nobody is told to install anything."""
    with pytest.raises(ModuleNotFoundError):
        import_extra("casescreen.nowhere", "Not here: {package}", "Do without.")


def test_the_refusal_offers_another_way_where_there_is_one() -> None:
    """What cannot be done, what to install, and what can be done without it."""
    first = "Sheets cannot be read, because a part of casescreen is not installed."
    install = 'pip install "casescreen[tables]"'
    assert part_missing("Sheets cannot be read", "tables") == (first, f"{install}.")
    assert part_missing("Sheets cannot be read", "tables", "use CSV") == (first, f"{install}, or use CSV.")
