"""A history: what runs found over time, kept in one file without any text of a record."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from attrs import frozen

from casescreen.history.database import WAIT_SECONDS, Database
from casescreen.history.run_rows import (
    OUTCOMES,
    Identity,
    RunReader,
    RunRecord,
    RunState,
    RunWriter,
    count_findings,
    forget_unused_names,
    read_past,
)
from casescreen.model.change import FindingKey, Past, ScreeningRun, Tally
from casescreen.model.outcome import Outcome
from casescreen.model.problem import CasescreenError
from casescreen.text import in_words, visible

_WITH_FINDINGS = ("rule", "run_case", "finding", "numbered", "tally")
_OF_CASES = ("run_case", "finding", "numbered")


@frozen
class Duty:
    """What was to be done by a day in a case, and what became of it.

    Attributes:
        criterion: the criterion's id.
        due: its last day.
        outcome: what it came to.
    """

    criterion: str
    due: date
    outcome: Outcome


class History:
    """The runs in one file, in order of the day that they are as at."""

    def __init__(
        self,
        path: Path,
        identity: Identity | None = None,
        *,
        wait: float = WAIT_SECONDS,
        waiting: Callable[[], None] = lambda: None,
    ) -> None:
        """Open a history.

        Args:
            path: the file.
            identity: what the runs that are to be added have in common; where the file is not there, it is made. None
                where it is only looked at, or something is taken out.
            wait: how many seconds to wait for another run that writes to it.
            waiting: called when it turns out that there is one.

        Raises:
            CasescreenError: it is not there, is no history, or is one of other runs; or it cannot be opened.
        """
        self._database = Database(path, create=identity is not None, wait=wait, waiting=waiting)
        try:
            self.identity = self._identity(identity)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _identity(self, wanted: Identity | None) -> Identity:
        query = "SELECT rulebook, scope, pseudonyms FROM history"
        with self._reading() as connection:
            row = connection.execute(query).fetchone()
        if row is None and wanted is not None:
            with self._database.writing() as connection:
                values = (wanted.rulebook, wanted.scope, wanted.pseudonyms)
                connection.execute("INSERT OR IGNORE INTO history VALUES (1, ?, ?, ?)", values)
                row = connection.execute(query).fetchone()
        if row is None:
            raise self._database.damaged()
        there = Identity(*row)
        if wanted is not None:
            self._check(there, wanted)
        return there

    def _check(self, there: Identity, wanted: Identity) -> None:
        """Refuse a run that is of something else than those before it.

        Raises:
            CasescreenError: it is.
        """
        file = visible(str(self._database.path))
        if there.rulebook != wanted.rulebook:
            raise CasescreenError(
                f"{file} is a history of the rulebook {visible(there.rulebook)}, and this run is of "
                f"{visible(wanted.rulebook)}.",
                why="other questions are asked, so nothing could be told to be new or fixed.",
                advice="keep a history of its own for each rulebook.",
            )
        if there.scope != wanted.scope:
            has, asked = (f'"{visible(one)}"' if one else "cases without a name" for one in (there.scope, wanted.scope))
            raise CasescreenError(
                f"{file} is a history of {has}, and this run is of {asked}.",
                why="every case of the one would seem to have left, and every case of the other to be new.",
                advice="name the same cases with --scope, or keep a history of its own for each.",
            )
        if there.pseudonyms != wanted.pseudonyms:
            if not wanted.pseudonyms:
                what, advice = "holds pseudonyms only, and this run has none", "add --pseudonyms with the same key file"
            elif not there.pseudonyms:
                what, advice = "holds ids as they are, and this run has pseudonyms", "leave --pseudonyms out"
            else:
                what, advice = "holds pseudonyms of another key", "name the key file that it was begun with"
            raise CasescreenError(
                f"{file} {what}. A history stays as it was begun.",
                why="no case could be known again, and names would stand beside their pseudonyms.",
                advice=f"{advice}, or begin another history.",
            )

    def add(self, run: ScreeningRun, state: RunState) -> bool:
        """Add a run, in one piece, and let it take the place of earlier ones as at the same day.

        Args:
            run: what was found.
            state: whether every record was screened.

        Returns:
            Whether there was one that had found something.

        Raises:
            CasescreenError: another run writes for longer than one waits, or the file cannot be written.
        """
        with self._database.writing() as connection:
            number = self._insert_run(connection, run, state)
            RunWriter(connection, number).write(run)
            count_findings(connection, number)
            of_day = (run.as_of.isoformat(), number)
            replaced = connection.execute(
                "SELECT id, state FROM run WHERE as_of = ? AND id <> ? AND superseded_by IS NULL", of_day
            ).fetchall()
            for one, _ in replaced:
                connection.execute("UPDATE run SET superseded_by = ? WHERE id = ?", (number, one))
                for table in _WITH_FINDINGS:
                    connection.execute(f"DELETE FROM {table} WHERE run = ?", (one,))  # noqa: S608 - names of our tables
            if replaced:
                forget_unused_names(connection)
        return any(before != RunState.FAILED.value for _, before in replaced)

    def add_failed(self, as_of: date, version: str, rulebook_hash: str) -> None:
        """Add that a run failed; it takes the place of none.

        Raises:
            CasescreenError: as for ``add``.
        """
        nothing = ScreeningRun(
            as_of=as_of,
            rulebook=self.identity.rulebook,
            version=version,
            rulebook_hash=rulebook_hash,
            rules={},
            cases={},
            findings={},
        )
        with self._database.writing() as connection:
            self._insert_run(connection, nothing, RunState.FAILED)

    @staticmethod
    def _insert_run(connection: sqlite3.Connection, run: ScreeningRun, state: RunState) -> int:
        values = (
            run.as_of.isoformat(),
            state.value,
            run.version,
            run.rulebook_hash,
            run.cases_hash,
            len(run.cases),
            run.rejected_unnamed,
        )
        cursor = connection.execute(
            "INSERT INTO run (as_of, state, version, rulebook_hash, cases_hash, cases, rejected_unnamed) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            values,
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def runs(self) -> tuple[RunRecord, ...]:
        """Every run, in order of the day that it is as at; of one day, in the order in which they were added."""
        with self._reading() as connection:
            counts: dict[int, Counter[Outcome]] = {}
            tallies = "SELECT run, outcome, sum(number) FROM tally GROUP BY run, outcome"
            for run, outcome, number in connection.execute(tallies):
                counts.setdefault(run, Counter())[OUTCOMES[outcome]] = number
            rejected = dict(
                connection.execute("SELECT run, count(*) FROM run_case WHERE state = 'rejected' GROUP BY run")
            )
            rows = connection.execute(
                "SELECT id, as_of, state, version, rulebook_hash, cases_hash, cases, rejected_unnamed, forgotten, "
                "superseded_by IS NOT NULL FROM run ORDER BY as_of, id"
            ).fetchall()
            return tuple(
                RunRecord(
                    id=number,
                    as_of=date.fromisoformat(as_of),
                    state=RunState(state),
                    version=version,
                    rulebook_hash=rulebook_hash,
                    cases_hash=cases_hash,
                    cases=cases,
                    rejected=unnamed + rejected.get(number, 0),
                    counts=counts.get(number, {}),
                    forgotten=forgotten,
                    superseded=bool(gone),
                )
                for number, as_of, state, version, rulebook_hash, cases_hash, cases, unnamed, forgotten, gone in rows
            )

    def run(self, record: RunRecord) -> ScreeningRun:
        """What a run found, as it can be compared with others.

        Raises:
            CasescreenError: it is not there any more, or has no findings.
        """
        with self._reading() as connection:
            unnamed = _rejected_unnamed(connection, record)
            return RunReader(connection, record, self.identity).run(rejected_unnamed=unnamed)

    def past(self, records: Sequence[RunRecord], now: ScreeningRun) -> Past:
        """What was open in runs, the earliest first, of what is open now.

        Raises:
            CasescreenError: one of them is not there any more, or has no findings.
        """
        with self._reading() as connection:
            for record in records:
                _rejected_unnamed(connection, record)
            return read_past(connection, records, now)

    def counts_by_criterion(self, record: RunRecord) -> Mapping[str, Tally]:
        """How many findings of a run have each outcome, by criterion, in the rulebook's order."""
        with self._reading() as connection:
            counts: dict[str, Counter[Outcome]] = {}
            for criterion, outcome, number in connection.execute(
                "SELECT text, outcome, number FROM tally JOIN name ON name.id = tally.criterion "
                "JOIN rule ON rule.run = tally.run AND rule.criterion = tally.criterion "
                "WHERE tally.run = ? ORDER BY place",
                (record.id,),
            ):
                counts.setdefault(criterion, Counter())[OUTCOMES[outcome]] = number
            return counts

    def duties(self) -> tuple[Duty, ...]:
        """Each question that has a day by which it is due, once: as the latest run that asks it tells.

        What is called otherwise now has the name of the latest run.
        """
        with self._reading() as connection:
            now = _names_now(connection)
            latest: dict[FindingKey, Duty] = {}
            for case, criterion, item, outcome, due in connection.execute(
                "SELECT n.text, c.text, i.text, outcome, due FROM finding JOIN run ON run.id = finding.run "
                "JOIN name n ON n.id = finding.name JOIN name c ON c.id = criterion JOIN name i ON i.id = item "
                "WHERE due IS NOT NULL ORDER BY as_of, run.id"
            ):
                id_ = now.get(criterion, criterion)
                latest[case, id_, item] = Duty(id_, date.fromordinal(due), OUTCOMES[outcome])
            return tuple(latest.values())

    def forget_case(self, case: str) -> int:
        """Take a case out of every run, and out of the bytes of the file.

        Returns:
            Out of how many runs.
        """
        with self._database.writing() as connection:
            row = connection.execute("SELECT id FROM name WHERE text = ?", (case,)).fetchone()
            runs = [] if row is None else connection.execute("SELECT run FROM run_case WHERE name = ?", row).fetchall()
            for (run,) in runs:
                for table in _OF_CASES:
                    of_case = f"DELETE FROM {table} WHERE run = ? AND name = ?"  # noqa: S608 - names of our tables
                    connection.execute(of_case, (run, *row))
                connection.execute("UPDATE run SET forgotten = forgotten + 1 WHERE id = ?", (run,))
                count_findings(connection, run)
            forget_unused_names(connection)
        if runs:
            self._database.compact()
        return len(runs)

    def forget_days(self, days: Iterable[date]) -> None:
        """Take all runs as at those days out, and out of the bytes of the file."""
        keys = [(day.isoformat(),) for day in days]
        with self._database.writing() as connection:
            connection.executemany("UPDATE run SET superseded_by = NULL WHERE as_of = ?", keys)
            for table in _WITH_FINDINGS:
                of_day = f"DELETE FROM {table} WHERE run IN (SELECT id FROM run WHERE as_of = ?)"  # noqa: S608 - the same
                connection.executemany(of_day, keys)
            connection.executemany("DELETE FROM run WHERE as_of = ?", keys)
            forget_unused_names(connection)
        self._database.compact()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """Read, and tell what cannot be understood as damage: nobody but us writes there."""
        try:
            with self._database.reading() as connection:
                yield connection
        except (ValueError, IndexError, KeyError, TypeError, OverflowError) as error:
            raise self._database.damaged() from error


def _rejected_unnamed(connection: sqlite3.Connection, record: RunRecord) -> int:
    """How many records without an id a run could not use.

    Raises:
        CasescreenError: it is not there any more, or has no findings.
    """
    row = connection.execute(
        "SELECT rejected_unnamed FROM run WHERE id = ? AND superseded_by IS NULL AND state <> 'failed'", (record.id,)
    ).fetchone()
    if row is None:
        raise CasescreenError(
            f"The run as at {in_words(record.as_of)} has no findings any more.",
            why="another took its place, or it was taken out, while this command was reading.",
            advice="run this again.",
        )
    return int(row[0])


def _names_now(connection: sqlite3.Connection) -> dict[str, str]:
    """What criteria that had another id in an earlier run are called in the latest."""
    latest = "(SELECT run FROM rule JOIN run ON run.id = rule.run ORDER BY as_of DESC, run DESC LIMIT 1)"
    rows = connection.execute(
        f"SELECT text, renamed_from FROM rule JOIN name ON name.id = criterion WHERE run = {latest}"  # noqa: S608
    )
    return {before: id_ for id_, several in rows for before in several.split("\n") if before}
