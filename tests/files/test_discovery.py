"""The case files that a person means by naming files, folders and patterns."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from casescreen.files import discovery
from casescreen.files.discovery import Search, find_files


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of case files, which is where the user is."""
    monkeypatch.chdir(tmp_path)
    for name in (
        "b.toml",
        "a.json",
        "B.TOML",
        "notes.md",
        ".hidden.toml",
        "in/c.toml",
        "in/deep/d.json",
        ".git/e.toml",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


def _told(search: Search) -> list[str]:
    return [f"{problem.place.file}: {problem.what}" for problem in search.problems]


def test_a_folder_is_read_to_the_bottom_in_order() -> None:
    """Every case file in it and below counts, hidden ones and others do not."""
    search = find_files(["."])
    found = [Path(path).as_posix() for path in search.files]
    assert found == ["B.TOML", "a.json", "b.toml", "in/c.toml", "in/deep/d.json"]
    assert not search.problems


def test_names_keep_their_order_and_each_file_counts_once(folder: Path) -> None:
    """A file that is named twice, in whatever way, is read once."""
    (folder / "link.toml").symlink_to("b.toml")
    search = find_files(["in", "b.toml", "./b.toml", "link.toml", str(folder / "b.toml"), "in/", "-", "-"])
    assert [Path(path).as_posix() for path in search.files] == ["in/c.toml", "in/deep/d.json", "b.toml", "-"]
    assert not search.problems


def test_a_link_to_nothing_is_found_and_told_when_it_is_opened(folder: Path) -> None:
    """Named or found in a folder, it stands for a case that is missing."""
    (folder / "in" / "broken.toml").symlink_to("gone.toml")
    broken = Path("in", "broken.toml")
    assert find_files([str(broken)]).files == [str(broken)]
    assert str(broken) in find_files(["in"]).files


def test_a_hidden_file_that_is_named_is_read() -> None:
    """Only what is found by itself is passed over."""
    assert find_files([".hidden.toml"]).files == [".hidden.toml"]


def test_a_pattern_is_filled_in_here() -> None:
    """Some systems hand it over as it is; a folder that fits is read to the bottom."""
    assert find_files(["?.toml"]).files == ["b.toml"]
    assert [Path(path).as_posix() for path in find_files(["i*", "*.md", "[ab].*"]).files] == [
        "in/c.toml",
        "in/deep/d.json",
        "a.json",
        "b.toml",
    ]


def test_two_asterisks_are_one(folder: Path) -> None:
    """They do not walk, so links cannot lead them in a circle."""
    (folder / "in" / "up").symlink_to(folder, target_is_directory=True)
    assert [Path(path).as_posix() for path in find_files(["**/c.toml"]).files] == ["in/c.toml"]


def test_a_file_whose_name_looks_like_a_pattern_is_itself(folder: Path) -> None:
    """What is there counts for more than what fits."""
    (folder / "[ab].toml").touch()
    assert find_files(["[ab].toml"]).files == ["[ab].toml"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("c.tom", "c.tom: there is no such file or folder"),
        ("", ": there is no such file or folder"),
        ("b.toml/x", "b.toml/x: there is no such file or folder"),
        ("*.csv", "*.csv: no case file fits the pattern"),
        ("*.md", "*.md: no case file fits the pattern"),
        ("notes.md", "notes.md: its name ends as no case file's does"),
        ("a\0*", "a\0*: its name has a character that no name can have"),
        ("x" * 5000, "x" * 5000 + f": it cannot be read: {os.strerror(errno.ENAMETOOLONG)}"),
    ],
)
def test_a_name_that_leads_nowhere_is_told(name: str, told: str) -> None:
    """Each mistake is told with its own advice."""
    search = find_files([name])
    assert _told(search) == [told]
    assert search.problems[0].advice
    assert not search.files


def test_the_nearest_name_is_offered() -> None:
    """A slip in a name is answered with what is there."""
    assert find_files(["in/c.tml"]).problems[0].advice == f'Did you mean "{Path("in", "c.toml")}"?'


def test_a_folder_without_case_files_is_told(folder: Path) -> None:
    """An empty result would look like an empty caseload."""
    (folder / "none").mkdir()
    (folder / "none" / "x.txt").touch()
    assert _told(find_files(["none"])) == ["none: there is no case file in the folder"]


def test_no_name_at_all_is_told() -> None:
    """Nothing named is a mistake, not an empty caseload."""
    assert _told(find_files([])) == ["cases: no file or folder is named"]


def test_a_folder_may_be_named_like_a_file(folder: Path) -> None:
    """What it is counts, not what it is called."""
    (folder / "x.toml").mkdir()
    (folder / "x.toml" / "y.toml").touch()
    assert [Path(path).as_posix() for path in find_files(["x.toml"]).files] == ["x.toml/y.toml"]
    assert "x.toml/y.toml" in [Path(path).as_posix() for path in find_files(["."]).files]


def test_links_between_folders_do_not_lead_in_a_circle(folder: Path) -> None:
    """A linked folder is read, and none is entered twice."""
    other = folder / "other"
    other.mkdir()
    (other / "f.toml").touch()
    (folder / "in" / "up").symlink_to(folder, target_is_directory=True)
    (folder / "in" / "self").symlink_to(folder / "in" / "self")
    (folder / "in" / "other").symlink_to(other, target_is_directory=True)
    search = find_files(["in"])
    real = [os.path.realpath(path) for path in search.files]
    assert len(real) == len(set(real))
    assert {Path(path).name for path in real} == {"c.toml", "d.json", "f.toml", "a.json", "b.toml", "B.TOML"}


def test_many_circles_cost_no_more_than_one(folder: Path) -> None:
    """Two links back would double the way at every turn."""
    for name in ("one", "two"):
        (folder / "in" / name).symlink_to(folder / "in", target_is_directory=True)
    search = find_files(["in"])
    assert len(search.files) == 2
    assert not search.problems


def test_a_walk_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A link to a whole disk ends in a problem, not in an hour."""
    monkeypatch.setattr(discovery, "MOST_ENTRIES", 3)
    assert _told(find_files(["."])) == [".: more than 200,000 files and folders stand in it"]


def test_a_folder_that_cannot_be_read_is_told_and_the_others_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases that cannot be seen are not silently absent."""
    scandir = os.scandir

    def guarded(path: str) -> object:
        if path.endswith("deep"):
            raise PermissionError(13, "refused")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    search = find_files(["in"])
    assert [Path(path).as_posix() for path in search.files] == ["in/c.toml"]
    assert _told(search) == [f"{Path('in', 'deep')}: there is no permission to read it"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a.fods", "flat OpenDocument"),
        ("a.dif", "Data Interchange Format"),
        ("a.slk", "Symbolic Link"),
        ("a.numbers", "Apple Numbers"),
        ("a.NUMBERS", "Apple Numbers"),
        ("a.xml", "XML Spreadsheet 2003"),
        ("a.docx", "document of Word"),
        ("a.zip", "an archive"),
    ],
)
def test_a_file_of_another_program_is_told_for_what_it_is(tmp_path: Path, name: str, told: str) -> None:
    """With what to do, so that nobody has to know what its name ends in."""
    (tmp_path / name).touch()
    [problem] = find_files([str(tmp_path / name)]).problems
    assert told in problem.what
    assert problem.advice


_FLAT = b'<?xml version="1.0"?>\n<office:document office:mimetype="application/vnd.oasis.opendocument.spreadsheet">'
_OF_2003 = b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook>'


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.numbers", b""), ("a.fods", _FLAT), ("A.DIF", b""), ("a.xml", _OF_2003), ("a.xml", _FLAT), ("a.gsheet", b"{}")],
)
def test_a_spreadsheet_of_another_kind_in_a_folder_is_told(tmp_path: Path, name: str, content: bytes) -> None:
    """Cases may be in it, so it is not passed over in silence, and what can be read is."""
    folder = tmp_path / "of its own"
    folder.mkdir()
    (folder / "b.toml").touch()
    (folder / name).write_bytes(content)
    search = find_files([str(folder)])
    assert search.files == [str(folder / "b.toml")]
    assert [problem.place.file for problem in search.problems] == [str(folder / name)]


@pytest.mark.parametrize("name", ["settings.xml", "letter.docx", "old.zip", "notes.txt", "scan.pdf"])
def test_other_files_in_a_folder_are_nothing_to_tell(tmp_path: Path, name: str) -> None:
    """They are no tables, and reports are often written beside the cases."""
    folder = tmp_path / "of its own"
    folder.mkdir()
    (folder / "b.toml").touch()
    (folder / name).write_bytes(b'<?xml version="1.0"?><settings/>')
    assert find_files([str(folder)]).problems == []
