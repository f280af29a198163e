"""Cases written as tables and as lines, and read again as the same cases."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from casescreen.cases.load import read_cases
from casescreen.cases.write.tables import cases_to_csv, cases_to_parquet
from casescreen.cases.write.toml_and_json import cases_to_json_lines
from casescreen.cases.write.workbook import cases_to_xlsx
from casescreen.model.case import Answer, Case
from casescreen.model.dictionary import LARGEST_NUMBER, Dictionary, Field, Kind, Table, Value
from casescreen.model.outcome import ReadersAnswer
from casescreen.model.problem import CasescreenError
from casescreen.text import evened, evened_lines

Give = Callable[[list[Case]], Mapping[str, bytes]]

_WORDS = ("high", "very high", "low")
_KINDS = {"text": Kind.TEXT, "level": Kind.CHOICE, "on": Kind.DATE, "shared": Kind.YES_NO, "count": Kind.NUMBER}


def _field(name: str, kind: Kind, table: str = "") -> Field:
    return Field(name, name.replace(".", " "), kind, "", _WORDS if kind is Kind.CHOICE else (), table=table)


_FIELDS = {"case.id": _field("case.id", Kind.TEXT), **{f"plan.{n}": _field(f"plan.{n}", k) for n, k in _KINDS.items()}}
_COLUMNS = {name: _field(name, kind, "reviews") for name, kind in _KINDS.items()}
_DICTIONARY = Dictionary(_FIELDS, {"reviews": Table("reviews", "reviews", "review", "", "text", _COLUMNS)})

_FORMS: Mapping[str, Give] = {
    "xlsx": lambda cases: {"a.xlsx": cases_to_xlsx(cases, _DICTIONARY)},
    "csv": lambda cases: cases_to_csv(cases, _DICTIONARY),
    "parquet": lambda cases: cases_to_parquet(cases, _DICTIONARY),
    "json lines": lambda cases: {"a.jsonl": cases_to_json_lines(cases).encode()},
}
_each_form = pytest.mark.parametrize("form", sorted(_FORMS))

# What people write, and what programs stumble over; the rest of Unicode is refused by some forms, with a message.
_TEXTS = (
    st.text(st.sampled_from("aé=+-@\"',;|<&> \n\U0001f600\u20280x_"), min_size=1)
    .map(evened_lines)
    .filter(lambda text: bool(text.strip()))
)
_HOSTILE = (
    "=1+1",
    "+1",
    "-1",
    "@a",
    "'=1",
    "''",
    "1e5",
    "TRUE",
    "2016-05-09",
    "https://a.example",
    "<b>&amp;",
    "a  b",
    "a;b",
)
_VALUES: Mapping[Kind, st.SearchStrategy[Value]] = {
    Kind.TEXT: _TEXTS | st.sampled_from(_HOSTILE).map(evened_lines),
    Kind.CHOICE: st.sampled_from(_WORDS),
    Kind.DATE: st.dates(),
    Kind.YES_NO: st.booleans(),
    Kind.NUMBER: st.integers(-LARGEST_NUMBER, LARGEST_NUMBER),
}


def _records(fields: Mapping[str, Field]) -> st.SearchStrategy[dict[str, Value]]:
    return st.fixed_dictionaries({}, optional={name: _VALUES[field.kind] for name, field in fields.items()})


# An id is kept as it is seen, and marks of text before it are none of it.
_IDS = _TEXTS.map(lambda text: evened(text).lstrip("'= ") or "A")


@st.composite
def _cases(draw: st.DrawFn) -> Case:
    fields = {**draw(_records({k: v for k, v in _FIELDS.items() if k != "case.id"})), "case.id": draw(_IDS)}
    rows = st.lists(_records(_COLUMNS).filter(bool), max_size=3)
    tables = draw(st.just({}) | st.builds(lambda given: {"reviews": tuple(given)}, rows))
    days, sources = st.none() | st.dates(), st.sampled_from(("", "file", "interview"))
    said = st.just(ReadersAnswer.NO)
    answer = st.builds(Answer, _TEXTS, said, reason=_TEXTS, answered_on=days, source=sources)
    answers = draw(st.lists(answer, max_size=2, unique_by=lambda one: one.criterion))
    return Case(str(fields["case.id"]), fields, tables, tuple(answers))


_CASELOADS = st.lists(_cases(), min_size=1, max_size=3, unique_by=lambda case: case.id)


def _read(files: Mapping[str, bytes]) -> tuple[Case, ...]:
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        caseload = read_cases([folder], _DICTIONARY, strict=True)
    assert caseload.problems == ()
    return caseload.cases


@_each_form
@settings(deadline=None, max_examples=30)
@given(cases=_CASELOADS)
def test_every_form_reads_back_as_the_same_cases(form: str, cases: list[Case]) -> None:
    """Texts that look like formulas, numbers or dates, empty tables, far dates and large numbers come back as given."""
    assert _read(_FORMS[form](cases)) == tuple(sorted(cases, key=lambda case: case.id))


@_each_form
def test_half_a_character_cannot_be_written(form: str) -> None:
    """No file can hold it, and the message says so."""
    with pytest.raises(CasescreenError, match="half of a character"):
        _FORMS[form]([Case("\ud800", {}, {})])


@pytest.mark.parametrize("text", ["\ufffe", "\uffff"])
def test_a_character_that_a_workbook_cannot_hold_is_refused(text: str) -> None:
    """The case and the field are named, and another form is offered."""
    with pytest.raises(CasescreenError, match=r'Case "A", field plan.text: it has a character(.|\n)*such as .json'):
        cases_to_xlsx([Case("A", {"case.id": "A", "plan.text": f"a{text}"}, {})], _DICTIONARY)


def test_a_text_longer_than_a_cell_is_refused() -> None:
    """Excel would cut it; and counts some characters as two."""
    with pytest.raises(CasescreenError, match="longer than the 32,767 characters"):
        cases_to_xlsx([Case("A", {"case.id": "A", "plan.text": "\U0001f600" * 16_384}, {})], _DICTIONARY)


def test_cells_of_a_workbook_are_typed_and_inert() -> None:
    """Another program finds dates as dates and no formula or link in any text."""
    case = Case(
        "A", {"case.id": "A", "plan.text": "=1+1", "plan.on": date(2016, 2, 15), "plan.count": 3}, {"reviews": ()}
    )
    sheet = load_workbook(io.BytesIO(cases_to_xlsx([case], _DICTIONARY)))["cases"]
    assert [cell.value for cell in sheet[1]] == ["case.id", "plan.text", "plan.on", "plan.count", "has.reviews"]
    assert [cell.data_type for cell in sheet[2]] == ["s", "s", "d", "n", "s"]
    assert all(cell.hyperlink is None for cell in sheet[2])
    assert sheet["E2"].value == "yes"


_MANY = [Case("A", {"case.id": "A", "plan.on": date(2016, 2, 15)}, {"reviews": ({"count": 1, "text": "a b\nc"},)})]


@_each_form
def test_the_same_cases_are_the_same_bytes(form: str) -> None:
    """Another process, with another order of hashes, writes what this one does."""
    program = (
        "import hashlib, importlib.util as u, sys; s = u.spec_from_file_location('t', sys.argv[1]);"
        "m = u.module_from_spec(s); s.loader.exec_module(m);"
        "print(hashlib.sha256(b''.join(m._FORMS[sys.argv[2]](m._MANY).values())).hexdigest())"
    )
    command = [sys.executable, "-c", program, __file__, form]
    env = {**os.environ, "PYTHONHASHSEED": "7"}
    other = subprocess.run(command, capture_output=True, text=True, check=True, env=env).stdout.strip()
    assert other == hashlib.sha256(b"".join(_FORMS[form](_MANY).values())).hexdigest()


def test_libreoffice_saves_it_with_the_same_cells(office: str, tmp_path: Path) -> None:
    """What LibreOffice opens and saves again, in its own form and Excel's, are still the same cases."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(cases_to_xlsx(_MANY, _DICTIONARY))
    for number, other in enumerate(("ods", "xlsx")):
        to = tmp_path / str(number)
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        command = [office, "--headless", profile, "--convert-to", other, "--outdir", str(to), str(path)]
        subprocess.run(command, capture_output=True, timeout=120, check=True)
        path = to / f"a.{other}"
        assert _read({path.name: path.read_bytes()}) == tuple(_MANY)
