"""Packages that may not be installed."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from casescreen.extras import import_extra, part_missing, without_last_words
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


def test_last_words_are_kept_back_for_all_threads_and_standard_error_is_there_after(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """One that goes before another has ended neither opens nor loses what is kept back."""
    together = Barrier(2)

    def work(number: int) -> None:
        with without_last_words():
            together.wait(10)
            os.write(2, f"thread {number} panicked at once\n".encode())

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    with without_last_words():
        os.write(2, b"a warning\n")
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "a warning\nafter\n"
