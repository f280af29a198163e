"""Records of which something cannot be read: the case is there, and what stands there is not known."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from casescreen.cases.load import read_cases
from casescreen.model.case import Case, Caseload, RecordPath
from casescreen.model.dictionary import Dictionary

_SOUND = {
    "case": {"id": "A"},
    "plan": {"shared": True, "objectives": 3},
    "order": {"starts_on": "2016-02-15"},
    "reports": [{"id": "R1", "kind": "panel"}, {"id": "R2", "kind": "court"}],
    "answers": [{"criterion": "plan-timely", "answer": "yes"}],
}
_MARK = "zqtext"


def _caseload(dictionary: Dictionary, folder: Path, changed: dict[str, object]) -> Caseload:
    (folder / "case.json").write_text(json.dumps({**_SOUND, **changed}), encoding="utf-8")
    criteria = ("plan-timely", "plan-shared")
    return read_cases([folder / "case.json"], dictionary, criteria=criteria, taken_on=date(2016, 5, 9))


def _read(dictionary: Dictionary, folder: Path, changed: dict[str, object]) -> Case:
    caseload = _caseload(dictionary, folder, changed)
    assert (caseload.left_out, caseload.problems) == (0, ())
    return caseload.cases[0]


@pytest.mark.parametrize(
    ("changed", "path", "field"),
    [
        ({"plan": {"shared": _MARK}}, ("plan", "shared"), "plan.shared"),
        ({"plan": {"objectives": "3"}}, ("plan", "objectives"), "plan.objectives"),
        ({"plan": {"objectives": None}}, ("plan", "objectives"), "plan.objectives"),
        ({"plan": {"objectives": 2**70}}, ("plan", "objectives"), "plan.objectives"),
        ({"order": {"starts_on": f"{_MARK} 2016"}}, ("order", "starts_on"), "order.starts_on"),
        ({"order": {"starts_on": "2016-02-30"}}, ("order", "starts_on"), "order.starts_on"),
        ({"order": {"starts_on": "2016-05-10"}}, ("order", "starts_on"), "order.starts_on"),
        ({"order": {"type": _MARK}}, ("order", "type"), "order.type"),
        ({"order": _MARK}, ("order",), "order.starts_on"),
        ({"order": [{"starts_on": "2016-02-15"}]}, ("order",), "order.starts_on"),
        ({"case": {"id": "A", "manager": 7}}, ("case", "manager"), "case.manager"),
    ],
)
def test_a_field_stands_there_and_is_not_known(
    dictionary: Dictionary, tmp_path: Path, changed: dict[str, object], path: RecordPath, field: str
) -> None:
    """It is no blank: whether it is recorded is not known either. Its text is not told, and is in what was written."""
    case = _read(dictionary, tmp_path, changed)
    assert field in case.fields
    assert case.fields[field] is None
    [one] = case.unreadable
    assert one.path == path
    assert _MARK not in str(one.problem)
    if _MARK in json.dumps(changed):
        assert _MARK in one.written
    other = next(name for name in ("plan.shared", "order.starts_on") if name.split(".")[0] not in changed)
    assert case.fields[other] is not None


@pytest.mark.parametrize("row", [_MARK, 3, None, [], ["R2"]])
def test_what_is_no_row_is_a_row_of_which_nothing_is_known(dictionary: Dictionary, tmp_path: Path, row: object) -> None:
    """The other rows are what they are."""
    case = _read(dictionary, tmp_path, {"reports": [{"id": "R1", "kind": "panel"}, row]})
    assert case.tables["reports"] == ({"id": "R1", "kind": "panel"}, {"id": None, "kind": None, "done_on": None})
    assert [one.path for one in case.unreadable] == [("reports", 1)]


@pytest.mark.parametrize("table", [_MARK, 3, {"id": "R1"}, [{"id": str(number)} for number in range(5_001)]])
def test_a_table_that_cannot_be_read_is_not_known_and_not_empty(
    dictionary: Dictionary, tmp_path: Path, table: object
) -> None:
    """Nobody knows which rows there are."""
    case = _read(dictionary, tmp_path, {"reports": table})
    assert "reports" not in case.tables
    assert [one.path for one in case.unreadable] == [("reports",)]


def test_of_two_rows_of_one_key_neither_key_is_known(dictionary: Dictionary, tmp_path: Path) -> None:
    """The rest of them is."""
    case = _read(dictionary, tmp_path, {"reports": [{"id": "R1", "kind": "panel"}, {"id": "R1", "kind": "court"}]})
    assert case.tables["reports"] == ({"id": None, "kind": "panel"}, {"id": None, "kind": "court"})
    assert [one.path for one in case.unreadable] == [("reports", 0, "id"), ("reports", 1, "id")]


def test_a_row_without_its_key_is_a_row(dictionary: Dictionary, tmp_path: Path) -> None:
    """Its key is not known."""
    case = _read(dictionary, tmp_path, {"reports": [{"kind": "panel"}]})
    assert case.tables["reports"] == ({"id": None, "kind": "panel"},)
    assert [one.path for one in case.unreadable] == [("reports", 0, "id")]


@pytest.mark.parametrize(
    ("answers", "paths"),
    [
        ([{"criterion": "no-such", "answer": "yes"}], [("answers", 0, "criterion")]),
        ([{"criterion": "plan-timely", "answer": _MARK}], [("answers", 0, "answer")]),
        ([{"criterion": "plan-timely"}], [("answers", 0, "answer")]),
        ([{"answer": "yes"}], [("answers", 0, "criterion")]),
        ([{"criterion": "plan-timely", "answer": "n/a"}], [("answers", 0)]),
        ([{"criterion": "plan-timely", "answer": "n/a", "reason": 3}], [("answers", 0, "reason"), ("answers", 0)]),
        ([{"criterion": "plan-timely", "answer": "yes", "item": 3}], [("answers", 0, "item")]),
        (
            [{"criterion": "plan-timely", "answer": "yes"}, {"criterion": "plan-timely", "answer": "no"}],
            [("answers", 0), ("answers", 1)],
        ),
        (
            [{"criterion": "plan-timely", "answer": "yes"}, {"criterion": "plan-timely", "answer": "yes"}],
            [("answers", 0), ("answers", 1)],
        ),
        ([_MARK], [("answers", 0)]),
        (_MARK, [("answers",)]),
    ],
)
def test_an_answer_that_cannot_be_told_is_none(
    dictionary: Dictionary, tmp_path: Path, answers: object, paths: list[RecordPath]
) -> None:
    """Of two to one question neither counts, and n/a needs its reason."""
    case = _read(dictionary, tmp_path, {"answers": answers})
    assert case.answers == ()
    assert [one.path for one in case.unreadable] == paths
    assert not any(_MARK in str(one.problem) for one in case.unreadable)


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"zqtext": 1}, ("zqtext",)),
        ({"plan": {"shared": True, "zqtext": 1}}, ("plan", "zqtext")),
        ({"reports": [{"id": "R1", "zqtext": 1}]}, ("reports", 0, "zqtext")),
    ],
)
def test_a_name_that_is_not_known_is_named_and_the_rest_read(
    dictionary: Dictionary, tmp_path: Path, changed: dict[str, object], path: RecordPath
) -> None:
    """What it holds counts for nothing, and has no place among the values."""
    case = _read(dictionary, tmp_path, changed)
    assert [one.path for one in case.unreadable] == [path]
    assert case.fields["plan.shared"] is True
    assert not any("zqtext" in name for name in case.fields)


def test_the_hash_is_of_what_cannot_be_read_too(dictionary: Dictionary, tmp_path: Path) -> None:
    """Wherever it stands, another text is another caseload, and the same is the same."""
    changes: list[dict[str, object]] = [
        {},
        {"plan": {"shared": "perhaps", "objectives": 3}},
        {"plan": {"shared": "perhaps not", "objectives": 3}},
        {"plan": {"objectives": 3}},
        {"plan": "perhaps"},
        {"reports": "perhaps"},
        {"answers": [{"criterion": "plan-timely", "answer": "perhaps"}]},
        {"answers": [{"criterion": "plan-timely", "answer": "perhaps not"}]},
        {"unheard_of": 1},
        {"unheard_of": 2},
    ]
    hashes = [_caseload(dictionary, tmp_path, changed).hash for changed in changes]
    assert len(set(hashes)) == len(changes)
    assert hashes == [_caseload(dictionary, tmp_path, changed).hash for changed in changes]
