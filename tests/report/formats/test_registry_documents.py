"""The formats that give bytes, together."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from casescreen.model.problem import CasescreenError
from casescreen.model.screening import Screening
from casescreen.report.formats.registry import FORMATS, Options


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A function that makes a package one that is not installed."""

    def remove(package: str) -> None:
        rooms = ("casescreen.report.formats.excel", "casescreen.office", "casescreen.report.letter")
        for module in [one for one in sys.modules if one.startswith((*rooms, f"{package}."))]:
            monkeypatch.delitem(sys.modules, module)
        monkeypatch.setitem(sys.modules, package, None)

    return remove


def test_a_package_that_is_not_installed_is_told(screening: Screening, without: Callable[[str], None]) -> None:
    """Without the package, the error names it and says how to install it."""
    without("xlsxwriter")
    with pytest.raises(
        CasescreenError, match=r'(?s)XlsxWriter is not installed.*pip install "casescreen\[documents\]"'
    ):
        FORMATS["xlsx"].render(screening, Options())


def test_a_letter_needs_no_package(screening: Screening, without: Callable[[str], None]) -> None:
    """Without python-docx there is a letter, and neither it nor lxml was imported to write it."""
    without("docx")
    without("lxml")
    made = FORMATS["docx"].render(screening, Options())
    assert isinstance(made, bytes)
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert package.namelist()[0] == "[Content_Types].xml"


def test_only_a_template_needs_a_package(screening: Screening, without: Callable[[str], None], tmp_path: Path) -> None:
    """The error says what is missing, how to install it, and that a plain letter needs nothing."""
    without("docx")
    with pytest.raises(
        CasescreenError, match=r'(?s)python-docx is not installed.*pip install "casescreen\[documents\]".*leave out --t'
    ):
        FORMATS["docx"].render(screening, Options(template=tmp_path / "ours.docx"))


def test_writers_are_imported_only_when_used() -> None:
    """The plain command does not wait for the packages that write documents."""
    packages = ("xlsxwriter", "docx", "lxml", "polars")
    code = f"import sys, casescreen.report; print([m for m in {packages} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
