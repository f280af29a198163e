"""The file of a history: ours, or left as it is."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casescreen.history.database import APPLICATION_ID, MIGRATIONS, Database, network_drive
from casescreen.history.run_rows import Identity
from casescreen.history.store import History
from casescreen.model.problem import CasescreenError

_IDENTITY = Identity("bikes")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "h.db"
    History(path, _IDENTITY).close()
    return path


def _changed(file: Path, *statements: str) -> None:
    connection = sqlite3.connect(file, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def test_the_header_says_whose_it_is_and_of_which_version(file: Path) -> None:
    """Other programs can tell; it is one file, with a rollback journal that is gone when nothing is written."""
    connection = sqlite3.connect(file)
    said = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
    [mode] = connection.execute("PRAGMA journal_mode").fetchone()
    tables = connection.execute("SELECT sql FROM sqlite_schema WHERE type = 'table'").fetchall()
    connection.close()
    assert said == [APPLICATION_ID, len(MIGRATIONS)]
    assert mode == "delete"
    assert all("STRICT" in sql for (sql,) in tables)
    assert [one.name for one in file.parent.iterdir()] == ["h.db"]


@pytest.mark.parametrize("content", [b"id,name\n1,Ann\n", b"PK\x03\x04", b"SQLite format 3\x00", b"x" * 5_000])
@pytest.mark.parametrize("identity", [_IDENTITY, None])
def test_what_is_no_database_is_left_as_it_is(tmp_path: Path, content: bytes, identity: Identity | None) -> None:
    """Also where a history is to be begun."""
    path = tmp_path / "cases.csv"
    path.write_bytes(content)
    with pytest.raises(CasescreenError):
        History(path, identity)
    assert path.read_bytes() == content
    assert [one.name for one in tmp_path.iterdir()] == ["cases.csv"]


@pytest.mark.parametrize("mark", ["PRAGMA application_id = 0", "PRAGMA application_id = 7"])
def test_a_database_of_another_program_is_left_as_it_is(tmp_path: Path, mark: str) -> None:
    """Whether it says whose it is or not."""
    path = tmp_path / "other.db"
    _changed(path, "CREATE TABLE run (id INTEGER)", "PRAGMA user_version = 1", mark)
    before = path.read_bytes()
    for identity in (_IDENTITY, None):
        with pytest.raises(CasescreenError, match="is not a history of casescreen, and was left as it is"):
            History(path, identity)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER t AFTER INSERT ON run BEGIN DELETE FROM finding; END",
        "CREATE VIEW v AS SELECT * FROM run",
        "CREATE TABLE extra (note TEXT)",
        "ALTER TABLE run ADD COLUMN note TEXT",
        "DROP TABLE finding",
    ],
)
def test_tables_that_are_not_ours_are_refused(file: Path, statement: str) -> None:
    """What somebody has put into the file could act, or hold text."""
    _changed(file, statement)
    with pytest.raises(CasescreenError, match="is not a history"):
        History(file)


def test_a_later_version_is_refused(file: Path) -> None:
    """It may hold what this one would lose."""
    _changed(file, f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(CasescreenError, match="a later version of casescreen"):
        History(file, _IDENTITY)


def test_an_earlier_version_is_brought_up(file: Path) -> None:
    """In one change, with what it holds; nothing is done where it is up already."""
    later = (*MIGRATIONS, "ALTER TABLE run ADD COLUMN profile TEXT NOT NULL DEFAULT ''; CREATE TABLE b (c ANY) STRICT")
    for _ in range(2):
        database = Database(file, migrations=later)
        with database.reading() as connection:
            assert connection.execute("PRAGMA user_version").fetchone() == (len(later),)
            assert connection.execute("SELECT rulebook FROM history").fetchone() == ("bikes",)
        database.close()
    with pytest.raises(CasescreenError, match="a later version"):
        History(file)


def test_a_migration_that_fails_changes_nothing(file: Path) -> None:
    """The file is of the version that it was of."""
    before = file.read_bytes()
    with pytest.raises(CasescreenError):
        Database(file, migrations=(*MIGRATIONS, "CREATE TABLE b (c ANY) STRICT; CREATE TABLE run (id ANY) STRICT"))
    assert file.read_bytes() == before
    History(file).close()


def test_an_empty_file_is_begun_and_not_shown(tmp_path: Path) -> None:
    """It is what a run leaves that was killed as it began."""
    path = tmp_path / "h.db"
    path.touch()
    with pytest.raises(CasescreenError, match="is not a history"):
        History(path)
    History(path, _IDENTITY).close()
    History(path).close()


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    """To look at it does not make it; nor is a folder made."""
    with pytest.raises(CasescreenError, match="no such file"):
        History(tmp_path / "h.db")
    with pytest.raises(CasescreenError, match="no folder for it") as error:
        History(tmp_path / "none" / "h.db", _IDENTITY)
    assert "make that folder" in error.value.advice
    assert "casescreen check" not in error.value.advice  # which is what was typed
    with pytest.raises(CasescreenError, match="is not a history"):
        History(tmp_path, _IDENTITY)
    assert not list(tmp_path.iterdir())


_PAGE = 4096


@given(at=st.integers(100, 6 * _PAGE), content=st.binary(min_size=1, max_size=200))
def test_a_damaged_file_is_told_and_never_a_fault(
    tmp_path_factory: pytest.TempPathFactory, at: int, content: bytes
) -> None:
    """Whatever was written over whichever part of it: it is read, or told to be damaged or none of ours."""
    path = tmp_path_factory.mktemp("damaged") / "h.db"
    with History(path, _IDENTITY) as history:
        history.add_failed(date(2024, 6, 1), "1", "a")
    whole = bytearray(path.read_bytes())
    whole[at : at + len(content)] = content
    path.write_bytes(whole)
    with suppress(CasescreenError), History(path) as history:
        for one in history.runs():
            history.counts_by_criterion(one)


@pytest.mark.parametrize(
    ("mounts", "expected"),
    [
        ("//srv/share {folder} cifs rw 0 0", "network drive (cifs)"),
        ("srv:/home {folder} nfs4 rw 0 0", "network drive (nfs4)"),
        ("/dev/sda1 / ext4 rw 0 0\nsrv:/x /elsewhere nfs rw 0 0", ""),
        ("srv:/ / nfs rw 0 0\n/dev/sda1 {folder} ext4 rw 0 0", ""),
        ("broken", ""),
        ("", ""),
    ],
)
def test_a_network_drive_is_known(tmp_path: Path, mounts: str, expected: str) -> None:
    """By what is mounted where: the innermost place counts."""
    assert network_drive(tmp_path / "h.db", mounts.format(folder=tmp_path)) == expected


def test_a_share_of_windows_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its name, to which a drive letter leads."""
    monkeypatch.setattr("os.path.realpath", lambda _: r"\\server\share\h.db")
    assert network_drive(Path("Z:/h.db")) == "network drive"


def test_a_history_from_before_there_were_waivers_is_brought_up(tmp_path: Path) -> None:
    """Its findings are as they were, and nobody accepts them."""
    path = tmp_path / "old.db"
    Database(path, create=True, migrations=MIGRATIONS[:1]).close()
    _changed(
        path,
        "INSERT INTO history VALUES (1, 'bikes', '', '')",
        "INSERT INTO name VALUES (1, 'B-1'), (2, 'plan'), (3, '')",
        "INSERT INTO run VALUES (1, '2024-06-01', 'completed', '1', '', '', 1, 0, 0, NULL)",
        "INSERT INTO rule VALUES (1, 0, 2, 'h', 'plan', '')",
        "INSERT INTO run_case VALUES (1, 1, 3, 'open')",
        "INSERT INTO finding VALUES (1, 1, 2, 3, 1, 0, 3, NULL, 2)",
    )
    with History(path, _IDENTITY) as history:
        [record] = history.runs()
        [found] = history.run(record).findings.values()
    assert (found.days_late, found.accepted) == (2, None)
    with History(path) as history:
        assert len(history.runs()) == 1
