"""The formats that give bytes, together."""

from __future__ import annotations

import subprocess
import sys

import pytest

from casescreen.model.problem import CasescreenError
from casescreen.model.screening import Screening
from casescreen.report.formats.registry import FORMATS, Options


@pytest.mark.parametrize(
    ("kind", "package", "name"), [("xlsx", "xlsxwriter", "XlsxWriter"), ("docx", "docx", "python-docx")]
)
def test_a_package_that_is_not_installed_is_told(
    screening: Screening, monkeypatch: pytest.MonkeyPatch, kind: str, package: str, name: str
) -> None:
    """Without the package, the error names it and says how to install it."""
    rooms = ("casescreen.report.formats.excel", "casescreen.office", "casescreen.report.letter")
    for module in [one for one in sys.modules if one.startswith(rooms)]:
        monkeypatch.delitem(sys.modules, module)
    for module in [m for m in sys.modules if m == package or m.startswith(f"{package}.")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(CasescreenError, match=rf'(?s){name} is not installed.*pip install "casescreen\[documents\]"'):
        FORMATS[kind].render(screening, Options())


def test_writers_are_imported_only_when_used() -> None:
    """The plain command does not wait for the packages that write documents."""
    packages = ("xlsxwriter", "docx", "lxml", "polars")
    code = f"import sys, casescreen.report; print([m for m in {packages} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
