"""What is written reads back the same, in whatever form and order, and no bytes do harm."""

from __future__ import annotations

import re
import tempfile
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from random import Random

import attrs
import pytest
import toml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from strategies import caseloads

from casescreen.cases.load import read_cases
from casescreen.cases.write.tables import cases_to_csv, cases_to_parquet
from casescreen.cases.write.toml_and_json import cases_to_json, cases_to_json_lines, cases_to_toml
from casescreen.cases.write.workbook import cases_to_xlsx
from casescreen.model.case import Case, Caseload
from casescreen.model.dictionary import Dictionary, Field, Kind, Table, Value
from casescreen.model.problem import CasescreenError, ProblemsError

# These tests touch files, and a busy machine is no failure.
_UNHURRIED = settings(deadline=None)

_WORDS = ("high", "very high", "low")
_FIELDS = {
    name: Field(name, name, kind, "", _WORDS if kind is Kind.CHOICE else ())
    for name, kind in {
        "case.id": Kind.TEXT,
        "case.manager": Kind.TEXT,
        "harm.level": Kind.CHOICE,
        "harm.assessed_on": Kind.DATE,
        "plan.shared": Kind.YES_NO,
        "plan.objectives": Kind.NUMBER,
    }.items()
}
_COLUMNS = {
    name: Field(name, name, kind, "", table="reviews")
    for name, kind in {"of": Kind.TEXT, "done_on": Kind.DATE, "late": Kind.YES_NO, "count": Kind.NUMBER}.items()
}
_DICTIONARY = Dictionary(_FIELDS, {"reviews": Table("reviews", "reviews", "review", "", "of", _COLUMNS)})

_CASELOADS = caseloads(_DICTIONARY)


def _read(texts: Mapping[str, str | bytes]) -> Caseload:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in texts.items():
            (Path(folder) / name).write_bytes(text.encode() if isinstance(text, str) else text)
        # As it is read to be converted: a case of which only the id is recorded is one.
        return read_cases([folder], _DICTIONARY, strict=True)


def _is_read_or_told(texts: Mapping[str, str | bytes]) -> bool:
    try:
        caseload = _read(texts)
    except ProblemsError as error:
        return bool(str(error))
    return bool(caseload.cases or caseload.problems)


@_UNHURRIED
@given(_CASELOADS)
def test_a_caseload_is_the_same_in_toml_and_json(cases: list[Case]) -> None:
    """Both forms hold every case: the same cases and the same hash come back."""
    in_toml, in_json = _read({"a.toml": cases_to_toml(cases)}), _read({"a.json": cases_to_json(cases)})
    assert in_toml.problems == in_json.problems == ()
    assert in_toml.cases == in_json.cases == tuple(sorted(cases, key=lambda case: case.id))
    assert in_toml.hash == in_json.hash


@_UNHURRIED
@given(_CASELOADS, st.randoms(use_true_random=False))
def test_the_order_of_files_and_rows_makes_no_difference(cases: list[Case], random: Random) -> None:
    """Cases one a file under any names, with rows and answers in any order: the same hash."""
    whole = _read({"all.toml": cases_to_toml(cases)})
    names = random.sample(range(100), len(cases))
    files: dict[str, str | bytes] = {}
    for name, case in zip(names, cases, strict=True):
        rows = {table: tuple(random.sample(rows, len(rows))) for table, rows in case.tables.items()}
        answers = tuple(random.sample(case.answers, len(case.answers)))
        files[f"{name}.toml"] = cases_to_toml([Case(case.id, case.fields, rows, answers)])
    divided = _read(files)
    assert divided.hash == whole.hash
    assert [case.id for case in divided.cases] == [case.id for case in whole.cases]


@_UNHURRIED
@given(
    st.dictionaries(st.text("abc_-1", min_size=1), st.dates() | st.booleans() | st.integers() | st.text("aé \"'\n#"))
)
def test_what_the_toml_package_writes_the_standard_library_reads(record: dict[str, Value]) -> None:
    """The two packages that write and read TOML agree about plain values."""
    assert tomllib.loads(toml.dumps({"case": record})) == {"case": record}


@_UNHURRIED
@given(st.binary(), st.sampled_from(["a.toml", "a.json"]))
@example(b"[[[[", "a.json")
@example(b'{"case": {"id": "\\ud83d"}}', "a.json")
@example(b'[case]\nid = "A"\nmanager = 0x' + b"f" * 10_000, "a.toml")
@example(b'[case]\nid = "A"\nmanager = inf', "a.toml")
@example(b'[case]\nid = "A"\nmanager = 07:32:00', "a.toml")
def test_no_bytes_do_harm(data: bytes, name: str) -> None:
    """Whatever stands in a file, it is read or its problems are told."""
    assert _is_read_or_told({name: data})


@_UNHURRIED
@given(st.text("[]{}=\"'.,:\ncaseid0 1-") | st.sampled_from(['{"case": {"id": "A"}}', '[case]\nid = "A"\n']), st.data())
def test_no_text_that_is_nearly_a_case_does_harm(text: str, data: st.DataObject) -> None:
    """A text with a piece cut out, or made of what case files are made of, is read or its problems are told."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    part = text[:start] + text[end:]
    assert _is_read_or_told({"a.toml": part})
    assert _is_read_or_told({"a.json": part})


def test_dates_are_dates_to_the_ends_of_the_calendar() -> None:
    """The first and the last date there is survive in both forms."""
    case = Case("A", {"case.id": "A", "harm.assessed_on": date.min}, {"reviews": ({"done_on": date.max},)})
    assert _read({"a.toml": cases_to_toml([case])}).cases == _read({"a.json": cases_to_json([case])}).cases == (case,)


def _in_lines(cases: list[Case], _: Dictionary) -> Mapping[str, str | bytes]:
    return {"a.jsonl": cases_to_json_lines(cases)}


def _in_workbook(cases: list[Case], dictionary: Dictionary) -> Mapping[str, str | bytes]:
    return {"a.xlsx": cases_to_xlsx(cases, dictionary)}


# What each form cannot hold in a text: nothing, or U+FFFE and U+FFFF.
_FORMS = {
    "json lines": (_in_lines, ""),
    "csv": (cases_to_csv, ""),
    "parquet": (cases_to_parquet, ""),
    "xlsx": (_in_workbook, "[\ufffe\uffff]"),
}


@pytest.mark.parametrize("form", _FORMS)
@_UNHURRIED
@given(_CASELOADS)
@example([Case("1+1", {"case.id": "1+1", "case.manager": "'@x"}, {"reviews": ({"of": "a b\n\nc"},)})])
@example([Case("A", {"case.id": "A", "case.manager": "_x000D_\nb", "plan.objectives": 2**53 + 1}, {})])
@example(
    [Case("A", {"case.id": "A", "harm.assessed_on": date(1, 1, 1)}, {"reviews": ({"done_on": date(1900, 2, 28)},)})]
)
@example([Case("001", {"case.id": "001", "case.manager": "1e5"}, {"reviews": ()}), Case("1", {"case.id": "1"}, {})])
def test_a_caseload_is_the_same_in_every_form_of_tables(form: str, cases: list[Case]) -> None:
    """The same cases and the same hash come back, field by field, or the text that the form cannot hold is told."""
    write, unfit = _FORMS[form]
    texts = [str(value) for case in cases for value in _values(case)]
    if unfit and any(re.search(unfit, text) for text in texts):
        with pytest.raises(CasescreenError, match="cannot hold"):
            write(cases, _DICTIONARY)
        return
    found = _read(write(cases, _DICTIONARY))
    assert found.problems == ()
    assert found.cases == tuple(sorted(cases, key=lambda case: case.id))
    assert found.hash == _read({"a.toml": cases_to_toml(cases)}).hash


def _values(case: Case) -> list[object]:
    rows = [value for some in case.tables.values() for row in some for value in row.values()]
    return [*case.fields.values(), *rows, *(value for answer in case.answers for value in attrs.astuple(answer))]


@pytest.mark.parametrize("form", _FORMS)
def test_the_same_cases_are_the_same_bytes(form: str) -> None:
    """Nothing of the day or the machine is in them."""
    cases = [Case("A", {"case.id": "A", "harm.assessed_on": date(2016, 5, 9)}, {"reviews": ({"of": "x"},)})]
    assert _FORMS[form][0](cases, _DICTIONARY) == _FORMS[form][0](cases, _DICTIONARY)


def test_the_id_of_examples_is_refused() -> None:
    """Rows of that id are never read, so a case of that id would be lost."""
    with pytest.raises(CasescreenError, match="EXAMPLE"):
        cases_to_csv([Case("EXAMPLE", {"case.id": "EXAMPLE"}, {})], _DICTIONARY)
