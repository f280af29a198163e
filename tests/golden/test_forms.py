"""The shipped cases in every form that cases can have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from casescreen import load_rulebook, read_cases, screen
from casescreen.cases.write.tables import cases_to_csv, cases_to_parquet
from casescreen.cases.write.toml_and_json import cases_to_json, cases_to_json_lines, cases_to_toml
from casescreen.cases.write.workbook import cases_to_xlsx
from casescreen.model.case import Case
from casescreen.model.dictionary import Dictionary
from casescreen.report.formats.registry import FORMATS, Options

_ROOT = Path(__file__).resolve().parents[2]
_AS_OF = date(2016, 5, 9)
_Files = dict[str, bytes]
_FORMS: dict[str, Callable[[tuple[Case, ...], Dictionary], _Files]] = {
    "toml": lambda cases, _: {"a.toml": cases_to_toml(cases).encode()},
    "json": lambda cases, _: {"a.json": cases_to_json(cases).encode()},
    "json lines": lambda cases, _: {"a.jsonl": cases_to_json_lines(cases).encode()},
    "csv": lambda cases, dictionary: dict(cases_to_csv(cases, dictionary)),
    "xlsx": lambda cases, dictionary: {"a.xlsx": cases_to_xlsx(cases, dictionary)},
    "parquet": lambda cases, dictionary: dict(cases_to_parquet(cases, dictionary)),
}


def _findings(source: Path) -> str:
    rulebook = load_rulebook()
    caseload = read_cases([source], rulebook.dictionary, criteria=rulebook.criterion, taken_on=_AS_OF)
    assert not caseload.problems
    return str(FORMATS["json"].render(screen(rulebook, caseload, as_of=_AS_OF), Options()))


@pytest.mark.parametrize("form", _FORMS)
def test_the_findings_are_the_same_from_every_form(form: str, tmp_path: Path) -> None:
    """Byte for byte, with every value, reason and conclusion."""
    shipped = _ROOT / "cases" / "somerset-2016"
    dictionary = load_rulebook().dictionary
    for name, content in _FORMS[form](read_cases([shipped], dictionary).cases, dictionary).items():
        (tmp_path / name).write_bytes(content)
    assert _findings(tmp_path) == _findings(shipped)
