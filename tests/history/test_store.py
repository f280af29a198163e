"""A history: what is put in comes out again, in order, and can be taken out for good."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from made_up_runs import RULES, a_year

from casescreen.history.comparison import compare
from casescreen.history.run_rows import Identity, RunState
from casescreen.history.store import History
from casescreen.model.change import ChangeKind, RunFinding, RunRule, ScreeningRun
from casescreen.model.outcome import Outcome
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Severity

Build = Callable[..., ScreeningRun]

_IDENTITY = Identity("bikes", "north")
# No id that was read has half a character in it.
_NAMES = st.text(st.characters(codec="utf-8"), max_size=4)
_KILLS = Path(__file__).with_name("kills.py")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "north.db"


def _days(file: Path) -> list[int]:
    with History(file) as history:
        return [one.as_of.day for one in history.runs() if one.counts_in_time]


def test_a_run_comes_out_as_it_was_put_in(file: Path, run: Build) -> None:
    """With every finding, owner and day, the rules in their order, and the identity of the history."""
    kept = run()
    with History(file, _IDENTITY) as history:
        history.add(kept, RunState.PARTIAL)
    with History(file) as history:
        [record] = history.runs()
        again = history.run(record)
    assert again == kept
    assert list(again.rules) == ["report", "plan"]
    assert (record.state, record.cases, record.rejected) == (RunState.PARTIAL, 2, 3)
    assert history.identity == _IDENTITY


def test_what_was_open_before_is_what_the_runs_say(file: Path) -> None:
    """Read at once, of more runs than a number of SQLite holds, and under the ids that criteria have now."""
    runs = a_year(3, weeks=70)
    renamed = {"z": evolve(RULES["a"], renamed_from=("a",)), "b": RULES["b"]}
    for week in range(40, 70):
        found = {
            (case, "z" if id_ == "a" else id_, item): one for (case, id_, item), one in runs[week].findings.items()
        }
        runs[week] = evolve(runs[week], rules=renamed, findings=found)
    kinds, sinces = set(), set()
    with History(file, Identity("sqs")) as history:
        for one in runs:
            history.add(one, RunState.COMPLETED)
        records = history.runs()
        for week in range(64, 70):
            past = history.past(records[: week - 1], runs[week])
            compared = compare(runs[week - 1], runs[week], past)
            assert compared == compare(runs[week - 1], runs[week], runs[: week - 1])
            assert {key[1] for key in past.open_in} <= {"z", "b"}
            kinds |= {one.kind for one in compared.changes}
            sinces |= {runs[week].as_of - one.since for one in compared.changes if one.since}
    assert kinds >= {ChangeKind.REOPENED, ChangeKind.STILL_OPEN}
    assert max(sinces).days > 21


@given(
    st.dictionaries(
        st.tuples(_NAMES, st.sampled_from(["plan", "report"]), _NAMES),
        st.builds(
            RunFinding,
            st.sampled_from(Outcome),
            st.sampled_from(Severity),
            _NAMES,
            st.none() | st.dates(),
            st.integers(0, 10_000),
            st.none() | st.dates(),
        ),
        max_size=20,
    )
)
def test_whatever_a_run_holds_comes_out(findings: dict[tuple[str, str, str], RunFinding]) -> None:
    """Any names, in any language, and any day."""
    kept = ScreeningRun(
        as_of=date(2024, 6, 1),
        rulebook="bikes",
        rules={"plan": RunRule("p"), "report": RunRule("r")},
        cases=dict.fromkeys((case for case, _, _ in findings), ""),
        findings=findings,
    )
    with TemporaryDirectory() as folder, History(Path(folder) / "h.db", Identity("bikes")) as history:
        history.add(kept, RunState.COMPLETED)
        assert history.run(history.runs()[0]) == kept


def test_runs_are_in_order_of_their_day(file: Path, run: Build) -> None:
    """However they were added: no clock is read."""
    with History(file, _IDENTITY) as history:
        for day in (9, 2, 30, 16):
            history.add(run(day), RunState.COMPLETED)
    assert _days(file) == [2, 9, 16, 30]


def test_the_same_day_again_takes_the_place(file: Path, run: Build) -> None:
    """Of the earlier one only a line is left, and nothing in the bytes of the file."""
    with History(file, _IDENTITY) as history:
        assert not history.add(run(2, ("Zq-old",)), RunState.COMPLETED)
        assert history.add(run(2, ("Zq-new",)), RunState.PARTIAL)
        [before, after] = history.runs()
        assert (before.superseded, dict(before.counts)) == (True, {})
        assert list(history.run(after).cases) == ["Zq-new"]
        with pytest.raises(CasescreenError, match="no findings"):
            history.run(before)
    assert b"Zq-old" not in file.read_bytes()


def test_a_failed_run_takes_no_place(file: Path, run: Build) -> None:
    """What was known before stays; and a run that did find something takes the place of one that failed."""
    with History(file, _IDENTITY) as history:
        history.add(run(2), RunState.COMPLETED)
        history.add_failed(date(2024, 6, 2), "1", "a" * 64)
        assert [(one.state, one.superseded) for one in history.runs()] == [
            (RunState.COMPLETED, False),
            (RunState.FAILED, False),
        ]
        assert not [one for one in history.runs() if one.state is RunState.FAILED and one.counts_in_time]
        assert history.add(run(2), RunState.COMPLETED)
        assert [one.superseded for one in history.runs()] == [True, True, False]
    with History(file.with_name("other.db"), _IDENTITY) as history:
        history.add_failed(date(2024, 6, 2), "1", "a" * 64)
        assert not history.add(run(2), RunState.COMPLETED)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Identity("cars", "north"), "is a history of the rulebook bikes, and this run is of cars"),
        (Identity("bikes", "south"), 'is a history of "north", and this run is of "south"'),
        (Identity("bikes"), 'is a history of "north", and this run is of cases without a name'),
        (Identity("bikes", "north", "f" * 16), "holds ids as they are, and this run has pseudonyms"),
    ],
)
def test_a_run_of_something_else_is_refused(file: Path, run: Build, wanted: Identity, said: str) -> None:
    """Every case would seem to be new; and what was begun with ids or with pseudonyms stays so."""
    with History(file, _IDENTITY) as history:
        history.add(run(), RunState.COMPLETED)
    before = file.read_bytes()
    with pytest.raises(CasescreenError, match=said):
        History(file, wanted)
    assert file.read_bytes() == before


def test_the_key_of_pseudonyms_is_checked(file: Path) -> None:
    """Another key, or none, is refused."""
    History(file, Identity("bikes", pseudonyms="a" * 16)).close()
    with pytest.raises(CasescreenError, match="pseudonyms of another key"):
        History(file, Identity("bikes", pseudonyms="b" * 16))
    with pytest.raises(CasescreenError, match="add --pseudonyms with the same key file"):
        History(file, Identity("bikes"))


def test_a_forgotten_case_is_in_no_byte_of_the_file(file: Path, run: Build) -> None:
    """Nor is whoever owned nothing else; the others stay as they were, and counts are of them alone."""
    gone = run(2, ("Zq-4711", "C-2"))
    owned = {key: evolve(one, owner="Xandrabeth") if key[0] == "Zq-4711" else one for key, one in gone.findings.items()}
    gone = evolve(gone, findings=owned, cases={"Zq-4711": "Quillon", "C-2": "Worker M"})
    with History(file, _IDENTITY) as history:
        history.add(gone, RunState.COMPLETED)
        history.add(run(9), RunState.COMPLETED)
        names = (b"Zq-4711", b"Xandrabeth", b"Quillon")
        assert all(name in file.read_bytes() for name in names)
        assert history.forget_case("Zq-4711") == 1
        assert history.forget_case("Zq-4711") == 0
        content = b"".join(one.read_bytes() for one in file.parent.iterdir())
        assert not [name for name in names if name in content]
        [first, second] = history.runs()
        left = history.run(first)
        assert (list(left.cases), first.forgotten) == (["C-2"], 1)
        assert {key: one for key, one in gone.findings.items() if key[0] == "C-2"} == left.findings
        assert sum(first.counts.values()) == len(left.findings) + 4
        assert history.run(second) == run(9)


def test_a_rejected_id_is_forgotten_too(file: Path, run: Build) -> None:
    """It names a child as any other does."""
    with History(file, _IDENTITY) as history:
        history.add(run(2), RunState.COMPLETED)
        assert history.forget_case("C-9") == 1
        assert history.run(history.runs()[0]).rejected == frozenset()
    assert b"C-9" not in file.read_bytes()


def test_forgotten_days_are_in_no_byte_of_the_file(file: Path, run: Build) -> None:
    """Whatever took whose place on them."""
    with History(file, _IDENTITY) as history:
        history.add_failed(date(2024, 6, 2), "1", "a" * 64)
        history.add(run(2, ("Zq-1",)), RunState.COMPLETED)
        history.add(run(2, ("Zq-2",)), RunState.COMPLETED)
        history.add(run(9), RunState.COMPLETED)
        history.forget_days([date(2024, 6, 2)])
        assert history.run(history.runs()[0]) == run(9)
    assert _days(file) == [9]
    assert b"Zq-" not in file.read_bytes()


def test_counts_are_those_of_the_findings(file: Path, run: Build) -> None:
    """By outcome and by criterion, with rows that have no key of their own."""
    kept = run()
    with History(file, _IDENTITY) as history:
        history.add(kept, RunState.COMPLETED)
        [record] = history.runs()
        by_criterion = history.counts_by_criterion(record)
    assert list(by_criterion) == ["report", "plan"]
    outcomes = [one.outcome for one in kept.findings.values()]
    expected = {outcome: outcomes.count(outcome) for outcome in Outcome}
    expected[Outcome.MET] += 6
    expected[Outcome.NOT_MET] += 2
    assert {outcome: record.counts.get(outcome, 0) for outcome in Outcome} == expected
    assert sum(sum(tally.values()) for tally in by_criterion.values()) == sum(expected.values())


def test_two_writers_wait_for_each_other(file: Path, run: Build) -> None:
    """One says that it waits, and goes on when the other has ended."""
    History(file, _IDENTITY).close()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    said: list[str] = []

    def waiting() -> None:
        said.append("waiting")
        other.execute("ROLLBACK")

    with History(file, _IDENTITY, waiting=waiting) as history:
        history.add(run(), RunState.COMPLETED)
    other.close()
    assert said == ["waiting"]
    assert _days(file) == [1]


def test_who_has_waited_long_enough_says_so(file: Path, run: Build) -> None:
    """Nothing is added then, and nothing lost."""
    History(file, _IDENTITY).close()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with (
        History(file, _IDENTITY, wait=0) as history,
        pytest.raises(CasescreenError, match=r"Another run is writing .*, so this one cannot"),
    ):
        history.add(run(), RunState.COMPLETED)
    other.execute("ROLLBACK")
    other.close()
    assert _days(file) == []


def test_two_processes_at_once_lose_nothing(file: Path) -> None:
    """All runs of both are there in the end."""
    command = [sys.executable, str(_KILLS), "--add", str(file)]
    both = [subprocess.Popen([*command, first, "8"], stdout=subprocess.PIPE) for first in ("1", "101")]
    assert [one.wait() for one in both if one.communicate()] == [0, 0]
    with History(file) as history:
        assert len(history.runs()) == 16


def test_kills_at_any_moment_lose_nothing(tmp_path: Path) -> None:
    """What was said to be added is there, whole. For 500 of them: python tests/history/kills.py 500."""
    done = subprocess.run(
        [sys.executable, str(_KILLS), "25", "--in", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "25 kills" in done.stdout
