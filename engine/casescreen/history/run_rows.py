"""One run as rows of a history: what stands in its list, and how all of it is written and read."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import Enum

from attrs import frozen

from casescreen.history.comparison import new_ids
from casescreen.model.change import OPEN, FindingKey, Past, RunFinding, RunRule, ScreeningRun, Tally
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Severity


class RunState(Enum):
    """How a run ended.

    COMPLETED: every record was screened.
    PARTIAL: some records were left out.
    FAILED: nothing was screened.
    """

    COMPLETED = "completed"
    PARTIAL = "partial"
    FAILED = "failed"


@frozen
class Identity:
    """What all runs of a history have in common, for good.

    Attributes:
        rulebook: the rulebook's id.
        scope: which cases they are, in a word that somebody chose; "" where nobody did.
        pseudonyms: the fingerprint of the key by which names are replaced; "" where they stand as they are.
    """

    rulebook: str
    scope: str = ""
    pseudonyms: str = ""


@frozen
class RunRecord:
    """A run in the list of a history.

    Attributes:
        id: its number, in the order in which runs were added.
        cases: how many cases were screened.
        rejected: how many records could not be used.
        counts: how many findings have each outcome.
        forgotten: how many of its cases were taken out since.
        superseded: whether a later run as at the same day took its place; then nothing is left but this line.
    """

    id: int
    as_of: date
    state: RunState
    version: str
    rulebook_hash: str
    cases_hash: str
    cases: int
    rejected: int
    counts: Tally
    forgotten: int = 0
    superseded: bool = False

    @property
    def counts_in_time(self) -> bool:
        """Whether it says how things stood as at its day."""
        return not self.superseded and self.state is not RunState.FAILED


# Kept in files for good: the place of each is its number there.
OUTCOMES = (
    Outcome.MET,
    Outcome.NOT_MET,
    Outcome.NOT_APPLICABLE,
    Outcome.NOT_YET_DUE,
    Outcome.NOT_EVIDENCED,
    Outcome.NEEDS_JUDGEMENT,
)
_SEVERITIES = (Severity.HIGH, Severity.MEDIUM, Severity.LOW)
_NAMES_USED = """
    SELECT criterion FROM rule UNION SELECT name FROM run_case UNION SELECT manager FROM run_case
    UNION SELECT name FROM finding UNION SELECT criterion FROM finding UNION SELECT item FROM finding
    UNION SELECT owner FROM finding UNION SELECT name FROM numbered UNION SELECT criterion FROM numbered
"""


def count_findings(connection: sqlite3.Connection, run: int) -> None:
    """Count the findings of a run anew."""
    connection.execute("DELETE FROM tally WHERE run = ?", (run,))
    connection.execute(
        "INSERT INTO tally SELECT ?1, criterion, outcome, sum(number) FROM ("
        "SELECT criterion, outcome, count(*) AS number FROM finding WHERE run = ?1 GROUP BY criterion, outcome "
        "UNION ALL SELECT criterion, outcome, sum(number) FROM numbered WHERE run = ?1 GROUP BY criterion, outcome"
        ") GROUP BY criterion, outcome",
        (run,),
    )


def forget_unused_names(connection: sqlite3.Connection) -> None:
    """Take out the names that nothing names any more."""
    connection.execute(f"DELETE FROM name WHERE id NOT IN ({_NAMES_USED})")  # noqa: S608 - a constant


class RunWriter:
    """Writes what one run found."""

    def __init__(self, connection: sqlite3.Connection, run: int) -> None:
        """Begin, inside a change; ``run`` is its number."""
        self._connection, self._run = connection, run
        self._numbers: dict[str, int] = dict(connection.execute("SELECT text, id FROM name").fetchall())

    def _number(self, name: str) -> int:
        if name not in self._numbers:
            cursor = self._connection.execute("INSERT INTO name (text) VALUES (?)", (name,))
            assert cursor.lastrowid is not None
            self._numbers[name] = cursor.lastrowid
        return self._numbers[name]

    def write(self, run: ScreeningRun) -> None:
        """Write all of it but its own line."""
        many, number, of = self._connection.executemany, self._number, self._run
        many(
            "INSERT INTO rule VALUES (?, ?, ?, ?, ?, ?)",
            [
                (of, place, number(id_), rule.hash, rule.short, "\n".join(rule.renamed_from))
                for place, (id_, rule) in enumerate(run.rules.items())
            ],
        )
        cases = [
            (of, number(case), number(manager), "closed" if case in run.closed else "open")
            for case, manager in run.cases.items()
        ]
        rejected = [(of, number(case), number(""), "rejected") for case in sorted(run.rejected - run.cases.keys())]
        many("INSERT INTO run_case VALUES (?, ?, ?, ?)", [*cases, *rejected])
        many("INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", self._findings(run))
        many(
            "INSERT INTO numbered VALUES (?, ?, ?, ?, ?)",
            [
                (of, number(case), number(criterion), OUTCOMES.index(outcome), count)
                for (case, criterion), tally in run.numbered.items()
                for outcome, count in tally.items()
                if count
            ],
        )

    def _findings(self, run: ScreeningRun) -> Iterator[tuple[int | None, ...]]:
        number = self._number
        outcomes = {outcome: place for place, outcome in enumerate(OUTCOMES)}
        for (case, criterion, item), one in run.findings.items():
            yield (
                self._run,
                number(case),
                number(criterion),
                number(item),
                outcomes[one.outcome],
                _SEVERITIES.index(one.severity),
                number(one.owner),
                None if one.due is None else one.due.toordinal(),
                one.days_late,
                None if one.accepted is None else one.accepted.toordinal(),
            )


class RunReader:
    """Reads what one run found."""

    def __init__(self, connection: sqlite3.Connection, record: RunRecord, identity: Identity) -> None:
        """Begin with the line of a run, and what all runs of the history have in common."""
        self._connection, self._record, self._identity = connection, record, identity
        self._names: dict[int, str] = dict(connection.execute("SELECT id, text FROM name").fetchall())

    def _rows(self, table: str, columns: str) -> sqlite3.Cursor:
        query = f"SELECT {columns} FROM {table} WHERE run = ?"  # noqa: S608 - names of our tables
        return self._connection.execute(query, (self._record.id,))

    def run(self, rejected_unnamed: int) -> ScreeningRun:
        """All of it; how many records without an id were rejected stands in its line."""
        names, record = self._names, self._record
        cases = self._rows("run_case", "name, manager, state").fetchall()
        return ScreeningRun(
            as_of=record.as_of,
            rulebook=self._identity.rulebook,
            version=record.version,
            rulebook_hash=record.rulebook_hash,
            cases_hash=record.cases_hash,
            rules={
                names[criterion]: RunRule(hash_, short, tuple(before.split("\n")) if before else ())
                for _, criterion, hash_, short, before in sorted(
                    self._rows("rule", "place, criterion, hash, short, renamed_from")
                )
            },
            cases={names[case]: names[manager] for case, manager, state in cases if state != "rejected"},
            closed=frozenset(names[case] for case, _, state in cases if state == "closed"),
            rejected=frozenset(names[case] for case, _, state in cases if state == "rejected"),
            rejected_unnamed=rejected_unnamed,
            findings=dict(self._findings()),
            numbered=self._numbered(),
            pseudonyms=self._identity.pseudonyms,
        )

    def _findings(self) -> Iterator[tuple[FindingKey, RunFinding]]:
        names = self._names
        columns = "name, criterion, item, outcome, severity, owner, due, days_late, accepted"
        for case, criterion, item, outcome, severity, owner, due, late, accepted in self._rows("finding", columns):
            day = None if due is None else date.fromordinal(due)
            until = None if accepted is None else date.fromordinal(accepted)
            finding = RunFinding(OUTCOMES[outcome], _SEVERITIES[severity], names[owner], day, late, until)
            yield (names[case], names[criterion], names[item]), finding

    def _numbered(self) -> dict[tuple[str, str], Counter[Outcome]]:
        tallies: dict[tuple[str, str], Counter[Outcome]] = {}
        for case, criterion, outcome, number in self._rows("numbered", "name, criterion, outcome, number"):
            tallies.setdefault((self._names[case], self._names[criterion]), Counter())[OUTCOMES[outcome]] = number
        return tallies


_MOST_AT_ONCE = 60
"""Of how many runs one whole number of SQLite can say in which of them something was open."""


def read_past(connection: sqlite3.Connection, records: Sequence[RunRecord], now: ScreeningRun) -> Past:
    """What was open in runs, of what is open now, and nothing else: all of many would take long.

    Args:
        connection: to the file.
        records: the runs, the earliest first.
        now: the run that is looked at.
    """
    open_now = {key for key, finding in now.findings.items() if finding.outcome in OPEN}
    names: dict[int, str] = dict(connection.execute("SELECT id, text FROM name").fetchall())
    called = [_called_now(connection, record, now) for record in records]
    renamed = {id_ for run in called for id_ in run}
    open_in: dict[FindingKey, int] = {}
    for first in range(0, len(records), _MOST_AT_ONCE):
        ids = [record.id for record in records[first : first + _MOST_AT_ONCE]]
        for case, criterion, item, places in connection.execute(_open_in(len(ids)), [*ids, *_OPEN_PLACES]):
            id_, where = names[criterion], places << first
            for new_id, of_it in _new_names(id_, where, called) if id_ in renamed else ((id_, where),):
                key = (names[case], new_id, names[item])
                if key in open_now:
                    open_in[key] = open_in.get(key, 0) | of_it
    return Past(tuple(record.as_of for record in records), open_in)


_OPEN_PLACES = [OUTCOMES.index(outcome) for outcome in OPEN]


def _open_in(number: int) -> str:
    """The query for what was open in so many runs, and for each in which."""
    runs = ", ".join(f"(?, {1 << place})" for place in range(number))
    return (
        f"WITH asked (run, place) AS (VALUES {runs}) SELECT name, criterion, item, sum(place) "  # noqa: S608 - ours
        "FROM asked JOIN finding ON finding.run = asked.run WHERE outcome IN (?, ?) GROUP BY name, criterion, item"
    )


def _called_now(connection: sqlite3.Connection, record: RunRecord, now: ScreeningRun) -> dict[str, str]:
    """What criteria of a run are called now, where it is otherwise."""
    query = "SELECT text FROM rule JOIN name ON name.id = criterion WHERE run = ?"
    return new_ids({text for (text,) in connection.execute(query, (record.id,))}, now)


def _new_names(id_: str, places: int, called: Sequence[Mapping[str, str]]) -> Iterator[tuple[str, int]]:
    """What a criterion is called now, and in which of the runs it was that: it can differ from run to run."""
    same = places
    for place, names in enumerate(called):
        if id_ in names and places >> place & 1:
            same &= ~(1 << place)
            yield names[id_], 1 << place
    if same:
        yield id_, same
