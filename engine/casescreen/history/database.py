"""The file of a history: one SQLite database, ours and of a version that is known, or left as it is."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from casescreen.model.problem import CasescreenError
from casescreen.text import visible

APPLICATION_ID = 0x63736831
"""What tells a history from other databases: "csh1" in its header."""

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE history (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        rulebook TEXT NOT NULL,
        scope TEXT NOT NULL,
        pseudonyms TEXT NOT NULL
    ) STRICT;
    CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE run (
        id INTEGER PRIMARY KEY,
        as_of TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('completed', 'partial', 'failed')),
        version TEXT NOT NULL,
        rulebook_hash TEXT NOT NULL,
        cases_hash TEXT NOT NULL,
        cases INTEGER NOT NULL CHECK (cases >= 0),
        rejected_unnamed INTEGER NOT NULL CHECK (rejected_unnamed >= 0),
        forgotten INTEGER NOT NULL DEFAULT 0 CHECK (forgotten >= 0),
        superseded_by INTEGER REFERENCES run (id)
    ) STRICT;
    CREATE TABLE rule (
        run INTEGER NOT NULL REFERENCES run (id),
        place INTEGER NOT NULL,
        criterion INTEGER NOT NULL REFERENCES name (id),
        hash TEXT NOT NULL,
        short TEXT NOT NULL,
        renamed_from TEXT NOT NULL,
        PRIMARY KEY (run, place)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE run_case (
        run INTEGER NOT NULL REFERENCES run (id),
        name INTEGER NOT NULL REFERENCES name (id),
        manager INTEGER NOT NULL REFERENCES name (id),
        state TEXT NOT NULL CHECK (state IN ('open', 'closed', 'rejected')),
        PRIMARY KEY (run, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE finding (
        run INTEGER NOT NULL REFERENCES run (id),
        name INTEGER NOT NULL REFERENCES name (id),
        criterion INTEGER NOT NULL REFERENCES name (id),
        item INTEGER NOT NULL REFERENCES name (id),
        outcome INTEGER NOT NULL CHECK (outcome BETWEEN 0 AND 5),
        severity INTEGER NOT NULL CHECK (severity BETWEEN 0 AND 2),
        owner INTEGER NOT NULL REFERENCES name (id),
        due INTEGER,
        days_late INTEGER NOT NULL,
        PRIMARY KEY (run, name, criterion, item)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE numbered (
        run INTEGER NOT NULL REFERENCES run (id),
        name INTEGER NOT NULL REFERENCES name (id),
        criterion INTEGER NOT NULL REFERENCES name (id),
        outcome INTEGER NOT NULL CHECK (outcome BETWEEN 0 AND 5),
        number INTEGER NOT NULL CHECK (number > 0),
        PRIMARY KEY (run, name, criterion, outcome)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE tally (
        run INTEGER NOT NULL REFERENCES run (id),
        criterion INTEGER NOT NULL REFERENCES name (id),
        outcome INTEGER NOT NULL CHECK (outcome BETWEEN 0 AND 5),
        number INTEGER NOT NULL CHECK (number > 0),
        PRIMARY KEY (run, criterion, outcome)
    ) STRICT, WITHOUT ROWID;
    """,
    # The last day on which somebody accepts the finding, as its number; null where nobody does.
    "ALTER TABLE finding ADD COLUMN accepted INTEGER",
)
"""What makes each version of the tables of the one before: the first of nothing. None is ever changed."""

WAIT_SECONDS = 30.0
"""How long a run waits for another that writes to the same history."""

_FIRST_WAIT = 0.2
_OLDEST_SQLITE = (3, 37, 0)  # from which on there are STRICT tables
_MAGIC = b"SQLite format 3\x00"


class Database:
    """An open history. Whatever is wrong with it is told as a ``CasescreenError``."""

    def __init__(
        self,
        path: Path,
        *,
        create: bool = False,
        wait: float = WAIT_SECONDS,
        waiting: Callable[[], None] = lambda: None,
        migrations: Sequence[str] = MIGRATIONS,
    ) -> None:
        """Open the file.

        Args:
            path: where it is.
            create: whether it is made where it is not there, or is empty.
            wait: how many seconds to wait for another run that writes to it.
            waiting: called when it turns out that there is one.
            migrations: the versions of the tables.

        Raises:
            CasescreenError: it is not there, is none of ours, is of a later version, or cannot be opened.
        """
        self.path, self._wait, self._waiting, self._migrations = path, wait, waiting, migrations
        self._check_sqlite()
        self._check_file(create=create)
        with self.errors_in_words():
            self.connection = sqlite3.connect(path, timeout=_FIRST_WAIT, isolation_level=None)
        try:
            self._prepare(create=create)
        except BaseException:
            self.connection.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    @contextmanager
    def errors_in_words(self) -> Iterator[None]:
        """Tell whatever SQLite says of the file as a person is told it."""
        try:
            yield
        except sqlite3.Error as error:
            raise self._in_words(error) from error
        except UnicodeDecodeError as error:  # SQLite quotes what stands there
            raise self.damaged() from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One change: all of it is in the file in the end, or nothing of it, whatever happens in between.

        Raises:
            CasescreenError: another run writes to it for longer than one waits, or it cannot be written.
        """
        with self.errors_in_words():
            self._begin("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self._begin("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The file as it stands at one moment, whoever writes to it meanwhile."""
        with self.errors_in_words():
            self._begin("BEGIN")
            try:
                yield self.connection
            finally:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")

    def compact(self) -> None:
        """Write the file anew, with nothing in it of what was taken out."""
        with self.errors_in_words():
            self._begin("VACUUM")

    def _begin(self, statement: str) -> None:
        """Execute what another run can hold up: wait for it, and say so once."""
        try:
            self.connection.execute(statement)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            self._waiting()
            self.connection.execute(f"PRAGMA busy_timeout = {int(self._wait * 1000)}")
            self.connection.execute(statement)

    def _check_sqlite(self) -> None:
        if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
            raise CasescreenError(
                f"The SQLite of this Python is {sqlite3.sqlite_version}, and a history needs 3.37 or later.",
                advice="use a Python of python.org, which brings a later one.",
            )

    def _check_file(self, *, create: bool) -> None:
        """Refuse what is not there or is no database, without touching it."""
        if not self.path.exists() and not (create and self.path.parent.is_dir()):
            what = "no folder for it" if create else "no such file"
            begin = "Or make that folder" if create else "casescreen check CASES --history FILE begins one"
            raise CasescreenError(
                f"{visible(str(self.path))} cannot be opened as a history: there is {what}.",
                advice=f"look at the spelling, and at the folder that you are in. {begin}.",
            )
        if create and not os.access(self.path if self.path.exists() else self.path.parent, os.W_OK):
            raise self._read_only()
        if not self.path.exists():
            return
        if not self.path.is_file():
            raise self._foreign()
        try:
            with self.path.open("rb") as file:
                head = file.read(100)
        except OSError as error:
            raise CasescreenError(
                f"{visible(str(self.path))} could not be read: {error.strerror or error}.",
                advice="check that you may read it.",
            ) from error
        begun = int.from_bytes(head[68:72], "big") in (0, APPLICATION_ID)
        if (head and not (head.startswith(_MAGIC) and begun)) or not (head or create):
            raise self._foreign()

    def _prepare(self, *, create: bool) -> None:
        with self.errors_in_words():
            for pragma in (
                "trusted_schema = OFF",
                "cell_size_check = ON",
                "foreign_keys = ON",
                "secure_delete = ON",
                "synchronous = FULL",
                "temp_store = MEMORY",  # nothing of a history is in any other file
                "journal_mode = DELETE",
            ):
                self.connection.execute(f"PRAGMA {pragma}")
            version = self._version()
        if version < len(self._migrations):
            if version == 0 and not create:
                raise self._foreign()
            with self.writing() as connection:
                self._migrate(connection)
        self._check_schema()

    def _version(self) -> int:
        """Which version of the tables it has; 0 where there is nothing in it.

        Raises:
            CasescreenError: it is none of ours, or of a later version.
        """
        self._begin("BEGIN")  # what it says of itself is said of one moment
        try:
            [application] = self.connection.execute("PRAGMA application_id").fetchone()
            [version] = self.connection.execute("PRAGMA user_version").fetchone()
            [tables] = self.connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        finally:
            self.connection.execute("ROLLBACK")
        if (application, version, tables) == (0, 0, 0):
            return 0
        if application != APPLICATION_ID or version < 1:
            raise self._foreign()
        if version > len(self._migrations):
            raise CasescreenError(
                f"{visible(str(self.path))} is a history of a later version of casescreen, and was left as it is.",
                advice="use that version, or a later one.",
            )
        return int(version)

    def _migrate(self, connection: sqlite3.Connection) -> None:
        """Bring the tables to the latest version, inside one change."""
        [version] = connection.execute("PRAGMA user_version").fetchone()  # another run can have been the first
        for number, script in enumerate(self._migrations[version:], version + 1):
            for statement in script.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")

    def _check_schema(self) -> None:
        """Refuse a file whose tables are not exactly ours: anything else in it could act when it is read."""
        query = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"
        ours = sqlite3.connect(":memory:", isolation_level=None)
        try:
            self._migrate(ours)
            wanted = ours.execute(query).fetchall()
        finally:
            ours.close()
        with self.reading() as connection:
            there = connection.execute(query).fetchall()
        if there != wanted:
            raise self._foreign()

    def damaged(self) -> CasescreenError:
        """The error that what stands in the file is not what was written there."""
        return CasescreenError(
            f"{visible(str(self.path))} is damaged.",
            why="what changed from week to week cannot be told from it.",
            advice="put back a copy of the file. Without one, begin another, and screen again as at earlier days.",
        )

    def _foreign(self) -> CasescreenError:
        return CasescreenError(
            f"{visible(str(self.path))} is not a history of casescreen, and was left as it is.",
            advice="name a history, or a file that is not there yet.",
        )

    def _read_only(self) -> CasescreenError:
        return CasescreenError(
            f"{visible(str(self.path))} cannot be written to: the file, or its folder, is read-only.",
            advice="ask whoever looks after the folder for access, or keep the history in another one.",
        )

    def _in_words(self, error: sqlite3.Error) -> CasescreenError:
        file, code = visible(str(self.path)), getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return CasescreenError(
                f"Another run is writing to {file}, and has not ended in {self._wait:g} seconds, so this one cannot.",
                advice="run it again when that one has ended.",
            )
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CONSTRAINT, 0):
            return self.damaged()
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
            return self._read_only()
        if code == sqlite3.SQLITE_FULL:
            return CasescreenError(f"{file} could not be written: the disk is full.", advice="make room there.")
        return CasescreenError(
            f"{file} could not be read or written: {visible(str(error))}.",
            advice="check that its folder is there and that you may write in it.",
        )


def network_drive(path: Path, mounts: str | None = None) -> str:
    """What sort of network drive the file is on, in a word or two; "" where it is on none, or that cannot be told.

    Args:
        path: the file.
        mounts: what stands in /proc/mounts; read where it is not given.
    """
    place = os.path.realpath(path)
    if place.startswith(("\\\\", "//")):
        return "network drive"
    if mounts is None:
        try:
            mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
    best, kind = "", ""
    for line in mounts.splitlines():
        _, where, sort, *_ = [*line.split(" "), "", "", ""]
        root = where.replace("\\040", " ").rstrip("/")
        if (place == root or place.startswith(f"{root}/")) and len(root) >= len(best):
            best, kind = root, sort
    return f"network drive ({kind})" if kind.startswith(_NETWORK) else ""


_NETWORK = ("nfs", "cifs", "smb", "afs", "9p", "fuse.sshfs", "davfs", "fuse.rclone")
