"""Files are kept under names that lead nowhere, and taken for what they hold."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from casescreen.model.problem import CasescreenError
from casescreen.page.dropped_files import CASES, FINDINGS, KEY, MAPPING, DroppedFiles


@pytest.fixture
def files() -> Iterator[DroppedFiles]:
    dropped = DroppedFiles()
    yield dropped
    dropped.close()


_NAMES = (
    *("../../etc/passwd.csv", "/etc/x.csv", "C:\\x\\..\\y.xlsx", " .. /.. /x.csv", "a/" * 60 + "b.csv"),
    *("..", ".", "", "-", "-.toml", "~$x.xlsx", "[a]*.csv", "con?.csv", "x" * 900 + ".xlsx", "\xe9" * 300),
    *("\0.csv", "a\nb.csv", "\u202ecsv.exe", "\ud800.csv"),
)


@pytest.mark.parametrize("name", _NAMES)
def test_no_name_leads_out_of_the_folder(files: DroppedFiles, name: str) -> None:
    file = files.add(name, b"case.id\nA\n")
    with files.where_they_are():
        home = Path.cwd().resolve()
        assert (home / file.name).resolve().is_relative_to(home)
        assert (home / file.name).read_bytes() == files.data(file.id)
        assert not file.name.startswith(("-", "/", "."))
        assert len(os.fsencode(Path(file.name).name)) <= 255


def test_two_files_of_one_name_are_both_kept(files: DroppedFiles) -> None:
    names = [files.add(name, b"x").name for name in ("cases.csv", "cases.csv", "Cases.CSV", "team/cases.csv")]
    assert names == ["cases.csv", "cases (2).csv", "Cases (3).CSV", "team/cases.csv"]


def test_a_file_and_a_folder_of_one_name_are_both_kept(files: DroppedFiles) -> None:
    names = [files.add(name, b"x").name for name in ("north", "north/cases.csv", "south/cases.csv", "South")]
    assert names == ["north", "cases.csv", "south/cases.csv", "South (2)"]


def test_a_file_is_taken_for_what_it_holds(files: DroppedFiles) -> None:
    mapping = b'title = "x"\n[cases]\nid = "Ref"\n'
    kinds = {
        "a.toml": (b'[case]\nid = "A"\n', CASES),
        "b.toml": (b'[[cases]]\n[cases.case]\nid = "A"\n', CASES),
        "c.toml": (mapping, MAPPING),
        "d.json": (b'{\n  "format": "casescreen/1"', FINDINGS),
        "e.json": (b'{"case": {"id": "A"}}', CASES),
        "f.key": (b"0" * 64 + b"\n", KEY),
        "g.txt": (b"0" * 63, CASES),
        "h.csv": (mapping, CASES),
    }
    assert {name: files.add(name, data).kind for name, (data, _) in kinds.items()} == {
        name: kind for name, (_, kind) in kinds.items()
    }


def test_what_is_forgotten_is_gone(files: DroppedFiles) -> None:
    kept, gone = files.add("a.csv", b"1"), files.add("b.csv", b"2")
    files.remove(gone.id)
    with pytest.raises(CasescreenError, match="no longer here"):
        files.data(gone.id)
    assert files.data(kept.id) == b"1"
    files.clear()
    assert not files.files
    with files.where_they_are():
        assert not [*Path.cwd().iterdir()]
