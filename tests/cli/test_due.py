"""casescreen due."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]
Golden = Callable[[str, str], None]
_ROOT = Path(__file__).parents[2]
_AS_OF = ("--as-of", "2016-02-25")
_BIKE = """\
[case]
id = "{id}"
manager = "{manager}"
[bike]
kind = "cargo bike"
wheels = 3
[repair]
brought_on = 2024-05-20
"""


@pytest.fixture
def bike_cases(tmp_path: Path) -> Path:
    folder = tmp_path / "bike-cases"
    folder.mkdir()
    for number, manager in enumerate(("Xandra Bell", "xandra/bell", "Ysolde")):
        text = _BIKE.format(id=f"Zq-{number}", manager=manager)
        (folder / f"{number}.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def due(run: Run, bikes: Path, bike_cases: Path) -> Run:
    def call(*arguments: object) -> Ran:
        return run("due", bike_cases, "--rules", bikes, "--as-of", "2024-06-01", *arguments)

    return call


@pytest.mark.parametrize("width", [80, 100, 140])
def test_the_list_of_the_shipped_cases(run: Run, golden: Golden, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    """By owner, with what is to be known beside it; the exit code is 0 whatever falls due."""
    monkeypatch.chdir(_ROOT)
    ran = run("due", "cases/somerset-2016", *_AS_OF, "--width", width)
    assert (ran.code, ran.err) == (0, "")
    golden(f"due-{width}.txt", ran.out)


def test_the_days_can_be_chosen(due: Run) -> None:
    """What falls due later is counted."""
    assert "3 things fall due, in 3 cases." in due("--days", "19").out
    fewer = due("--days", "18").out
    assert "Nothing falls due in these 18 days." in fewer
    assert "Later: 3 things fall due from 20 June 2024 on." in fewer


def test_a_workbook_has_what_the_table_has(due: Run, tmp_path: Path) -> None:
    """The owners stand in it; with --per-owner on sheets of their own."""
    file = tmp_path / "due.xlsx"
    assert due("--output", file, "--per-owner").code == 0
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as book:
        text = b"".join(book.read(name) for name in book.namelist()).decode()
    for part in ("Zq-0", "Zq-2", 'name="Due"', 'name="Ysolde"', "20 June 2024"):
        assert part in text


def test_a_calendar_names_nobody(due: Run, tmp_path: Path) -> None:
    """No id, no worker, no criterion; the table says beside each case what the calendar calls it."""
    file, key = tmp_path / "due.ics", tmp_path / "pseudonyms.key"
    ran = due("--output", file, "--key", key)
    text = file.read_bytes().decode()
    assert text.count("BEGIN:VEVENT") == 3
    for name in ("Zq", "andra", "Ysolde", "repair", "B-1"):
        assert name not in text
    for name in re.findall(r"SUMMARY:(\S+) due", text):
        assert re.search(rf"Zq-\d\s+{name}", ran.out)
    assert [one.name for one in tmp_path.glob("*.ics")] == ["due.ics"]


def test_the_same_key_gives_the_same_calendar(due: Run, tmp_path: Path) -> None:
    """Byte for byte, whether the table names cases or not."""
    key = tmp_path / "pseudonyms.key"
    due("--output", tmp_path / "a.ics", "--key", key)
    hidden = due("--output", tmp_path / "b.ics", "--output", tmp_path / "b.xlsx", "--pseudonyms", key)
    assert (tmp_path / "a.ics").read_bytes() == (tmp_path / "b.ics").read_bytes()
    with zipfile.ZipFile(tmp_path / "b.xlsx") as book:
        written = b"".join(book.read(name) for name in book.namelist()).decode()
    for said in (hidden.out, written):
        assert "Zq" not in said
        assert "andra" not in said
        assert "bike-cases" not in said


def test_files_are_named_for_owners_only_where_asked(due: Run, tmp_path: Path) -> None:
    """Each owner has their own days; no two files have one name, in any capitals, and no name leads elsewhere."""
    assert due("--output", tmp_path / "due.ics", "--per-owner", "--key", tmp_path / "key").code == 0
    files = {one.name: one.read_text("utf-8") for one in tmp_path.glob("*.ics")}
    assert files.keys() == {"due.ics", "due-Xandra-Bell.ics", "due-xandra-bell-2.ics", "due-Ysolde.ics"}
    assert [text.count("BEGIN:VEVENT") for _, text in sorted(files.items())] == [1, 1, 1, 3]


def test_all_places_are_checked_before_the_first_file_is_written(due: Run, tmp_path: Path) -> None:
    """The calendar of one owner that is there already stops those of all; so does one that is named as an output."""
    there, asked = tmp_path / "due-Ysolde.ics", ("--output", tmp_path / "due.ics", "--per-owner")
    key = ("--key", tmp_path / "key")
    ran = due(*asked, "--output", there, *key, "--force")
    assert (ran.code, list(tmp_path.glob("*.ics"))) == (2, [])
    assert "named twice" in ran.err
    there.write_text("mine", encoding="utf-8")
    ran = due(*asked, *key)
    assert (ran.code, list(tmp_path.glob("*.ics"))) == (2, [there])
    assert there.name in ran.err
    assert there.read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--output", "due.ics"), "add --key pseudonyms.key"),
        (("--output", "due.pdf"), "let the name end in .xlsx or .ics"),
        (("--key", "a", "--pseudonyms", "b"), "both name a key"),
        (("--per-owner",), "--per-owner is about files"),
        (("--suppress-under", "5"), "one more copy to subtract from the others"),
        (("--days", "400"), "400"),
    ],
)
def test_what_cannot_be_done_is_refused(
    due: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], said: str
) -> None:
    """Before anything is read or written, with what to do."""
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.iterdir())
    ran = due(*options)
    assert (ran.code, ran.out) == (2, "")
    assert said in " ".join(ran.err.split())
    assert set(tmp_path.iterdir()) == before


def test_no_file_is_replaced_unasked(due: Run, tmp_path: Path) -> None:
    """Nor is one that is read, whatever is asked."""
    file = tmp_path / "due.xlsx"
    file.write_bytes(b"mine")
    assert due("--output", file).code == 2
    assert file.read_bytes() == b"mine"
    assert due("--output", file, "--force").code == 0
    key = tmp_path / "key.ics"
    assert due("--key", key, "--output", key, "--force").code == 2


def test_a_record_that_cannot_be_used_is_told(due: Run, bike_cases: Path) -> None:
    """The others are listed, and the exit code is 2."""
    (bike_cases / "broken.toml").write_text("[case\n", encoding="utf-8")
    ran = due()
    assert ran.code == 2
    assert "broken.toml" in ran.err
    assert "3 things fall due" in ran.out
