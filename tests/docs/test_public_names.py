"""The names that the documentation imports are those that casescreen promises."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

import casescreen
from casescreen import api

_ROOT = Path(__file__).resolve().parents[2]
_PAGES = sorted(
    [_ROOT / "README.md", *(_ROOT / "docs").rglob("*.md"), *(_ROOT / "docs").rglob("*.py")],
)
_IMPORT = re.compile(r"^[ >]*from (casescreen[.\w]*) import (\([^)]*\)|[^\n]*)", re.MULTILINE)

ALSO = {
    "casescreen.model.screening.Summary": "what a screening past one machine gives",
    "casescreen.columnar.spark.Findings": "the same",
    "casescreen.columnar.spark.spark_screen": "needs Spark, which few have",
    "casescreen.model.outcome.Outcome": "what the counts of that screening are by",
    "casescreen.model.rulebook.Scope": "what its conclusions are on",
    "casescreen.page.session.Session": "what the page of one file asks, for who changes that page",
    **dict.fromkeys(
        (
            "casescreen.conditions.description.parameter_in_words",
            "casescreen.model.outcome.Basis",
            "casescreen.model.rulebook.Criterion",
            "casescreen.model.rulebook.Parameter",
            "casescreen.model.rulebook.Rulebook",
            "casescreen.model.rulebook.Source",
            "casescreen.model.rulebook.Status",
            "casescreen.report.formats.markdown.inert",
            "casescreen.report.formats.markdown.to_markdown",
            "casescreen.report.rulebook_guide.among_in_words",
            "casescreen.report.rulebook_guide.criterion_blocks",
            "casescreen.report.rulebook_guide.example_blocks",
            "casescreen.report.rulebook_guide.fields_of",
            "casescreen.report.rulebook_guide.limits_in_words",
            "casescreen.report.wording.bands_in_words",
            "casescreen.report.wording.unverified_in_words",
        ),
        "for docs/rule_pages.py, a script of ours",
    ),
    "casescreen.text.in_words": "for its table",
}
"""What is imported from elsewhere, and why it is not in ``casescreen.__all__``."""


def _imported(page: Path) -> set[str]:
    found = set()
    for module, names in _IMPORT.findall(page.read_text(encoding="utf-8")):
        plain = re.sub(r"#.*", "", names).strip("() ")
        found |= {f"{module}.{name.split(' as ')[0].strip()}" for name in plain.split(",") if name.strip()}
    return found


def test_public_names_are_there() -> None:
    """Each of them, and the same from both modules that say which they are."""
    assert set(casescreen.__all__) == {*api.__all__, "__version__"}
    for name in casescreen.__all__:
        assert getattr(casescreen, name)
    for name in api.__all__:
        assert getattr(casescreen, name) is getattr(api, name)


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.relative_to(_ROOT).as_posix())
def test_a_page_imports_public_names(page: Path) -> None:
    """What a page imports is promised, and is imported from where it is promised."""
    assert _imported(page) <= {f"casescreen.{name}" for name in casescreen.__all__} | ALSO.keys()


def test_what_else_is_imported_is_there() -> None:
    """Names that no page imports any more are not listed, and those that are listed exist."""
    assert set().union(*(_imported(page) for page in _PAGES)) >= ALSO.keys()
    for name in ALSO:
        module, _, attribute = name.rpartition(".")
        if module != "casescreen.columnar.spark":  # imports pyspark, which may not be there
            assert hasattr(import_module(module), attribute)
