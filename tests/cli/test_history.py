"""casescreen check --history, and casescreen history."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest

from casescreen.history.store import History
from casescreen.model.problem import CasescreenError


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]

_TEXT = "Text about Zq-1 and Xandrabeth"
_CASE = """\
[case]
id = "{id}"
manager = "Xandrabeth Bell"
team = "Quillteam"
[bike]
kind = "cargo bike"
wheels = 3
[repair]
brought_on = 2024-04-02
done = false
[[answers]]
criterion = "estimate-clear"
answer = "n/a"
reason = "{text}"
"""


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    folder = tmp_path / "bike-cases"
    folder.mkdir()
    for one in ("Zq-1", "Zq-2"):
        (folder / f"{one}.toml").write_text(_CASE.format(id=one, text=_TEXT), encoding="utf-8")
    return folder


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "north.db"


@pytest.fixture
def keep(run: Run, bikes: Path, cases: Path, file: Path) -> Run:
    file.parent.mkdir()

    def call(day: str = "2024-06-01", *options: object) -> Ran:
        return run("check", cases, "--rules", bikes, "--as-of", day, "--history", file, *options)

    return call


def test_a_run_is_added(run: Run, keep: Run, file: Path) -> None:
    """And what check prints and says by its exit code is as without."""
    without = keep("2024-06-01", "--history", file.parent / "other.db")
    ran = keep()
    assert (ran.code, ran.out) == (without.code, without.out) == (1, ran.out)
    assert "Added to the history as at 1 June 2024: 2 cases." in ran.err
    keep("2024-06-08")
    listed = run("history", "list", file)
    assert listed.code == 0
    assert re.search(r"1 June 2024 +completed +2 +0", listed.out)
    assert listed.out.index("1 June 2024") < listed.out.index("8 June 2024")
    assert "cases without a name (--scope), ids as they are" in listed.out


def test_the_same_day_again_is_said(run: Run, keep: Run, file: Path) -> None:
    """The list has the later run, and the other one only where it is asked for."""
    keep()
    assert "takes the place of the run as at the same day" in keep().err
    listed = run("history", "list", file)
    assert listed.out.count("1 June 2024") == 1
    assert "1 run not listed" in listed.err
    assert "replaced" in run("history", "list", file, "--all").out


def test_no_text_of_a_record_is_kept(keep: Run, file: Path) -> None:
    """Not even where it is shown: only ids, owners, and keys of rows."""
    keep("2024-06-01", "--with-text", "--full")
    content = file.read_bytes()
    assert _TEXT.encode() not in content
    assert b"Text" not in content
    assert b"Zq-1" in content
    assert b"Xandrabeth Bell" in content


def test_no_name_is_kept_under_pseudonyms(run: Run, keep: Run, cases: Path, file: Path) -> None:
    """Nor the id of a record that was left out; a case can be named by its id with the key, or by its pseudonym."""
    (cases / "Xandra.toml").write_text(_CASE.format(id="Zq-2", text="x"), "utf-8")
    key = file.parent / "key"
    assert keep("2024-06-01", "--pseudonyms", key).code == 2
    content = file.read_bytes()
    for name in (b"Zq", b"Xandra", b"Quill", _TEXT.encode()):
        assert name not in content
    with History(file) as history:
        [record] = history.runs()
        kept = history.run(record)
    assert (len(kept.cases), len(kept.rejected), kept.rejected_unnamed) == (1, 1, 0)
    assert keep("2024-06-08").code == 2
    assert "add --pseudonyms with the same key file" in keep("2024-06-08").err
    assert "holds pseudonyms of another key" in keep("2024-06-08", "--pseudonyms", file.parent / "other").err
    assert run("history", "forget", file, "--case", "Zq-1", "--yes").code == 2
    assert (
        "Taken: case Zq-1 out of 1 run" in run("history", "forget", file, "--case", "Zq-1", "--key", key, "--yes").err
    )


def test_a_run_in_which_nothing_was_screened_failed(run: Run, keep: Run, cases: Path, file: Path) -> None:
    """It is in the list, so that a gap is known for what it is; and it takes no place."""
    keep("2024-06-01")
    for one in cases.iterdir():
        one.write_text("[case\n", encoding="utf-8")
    assert keep("2024-06-01").code == 2
    listed = run("history", "list", file).out
    assert re.search(r"1 June 2024 +completed +2", listed)
    assert re.search(r"1 June 2024 +failed +0", listed)


def test_a_run_that_could_not_be_added_failed(run: Run, keep: Run, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What went wrong is told, and the history has that the run failed."""

    def add(*_: object) -> bool:
        raise CasescreenError("It could not be added.")

    with monkeypatch.context() as failing:
        failing.setattr(History, "add", add)
        ran = keep("2024-06-01")
    assert ran.code == 2
    assert "It could not be added." in ran.err
    assert "Added to the history as at 1 June 2024: the run failed." in ran.err
    assert re.search(r"1 June 2024 +failed +0", run("history", "list", file).out)


def test_a_run_without_some_records_is_partial(run: Run, keep: Run, cases: Path, file: Path) -> None:
    """With the ids that were left out, so that they do not seem to have left."""
    (cases / "a.toml").write_text('[case]\nid = "Zq-1"\n', encoding="utf-8")
    assert keep().code == 2
    shown = run("history", "show", file).out
    assert "State: partial" in shown
    assert "among them Zq-1" in shown


def test_another_caseload_is_refused_before_it_is_screened(keep: Run, file: Path) -> None:
    """By the scope that was named."""
    assert keep("2024-06-01", "--scope", "north team").code == 1
    before = file.read_bytes()
    ran = keep("2024-06-08", "--scope", "south team")
    assert (ran.code, ran.out) == (2, "")
    assert 'is a history of "north team", and this run is of "south team"' in ran.err
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--suppress-under", "5"), "--suppress-under cannot go with --history"),
        (("--scope", "x" * 61), "of at most 60 characters"),
    ],
)
def test_what_cannot_go_together_is_refused(keep: Run, file: Path, options: tuple[str, ...], said: str) -> None:
    """Before anything is read or kept."""
    ran = keep("2024-06-01", *options)
    assert (ran.code, ran.out) == (2, "")
    assert said in " ".join(ran.err.split())
    assert not file.exists()


def test_a_history_is_never_replaced_by_a_report(keep: Run, file: Path) -> None:
    """Nor is a file of cases taken for one."""
    keep()
    before = file.read_bytes()
    assert keep("2024-06-08", "--output", file, "--format", "csv", "--force").code == 2
    assert file.read_bytes() == before


def test_one_run_is_shown(run: Run, keep: Run, file: Path) -> None:
    """The latest, or that of a day; which days there are is said."""
    keep("2024-06-01")
    keep("2024-06-08")
    assert "The run as at 8 June 2024" in run("history", "show", file).out
    shown = run("history", "show", file, "--as-of", "2024-06-01")
    assert "The run as at 1 June 2024" in shown.out
    wrong = run("history", "show", file, "--as-of", "2024-06-02")
    assert wrong.code == 2
    assert "the latest are as at: 1 June 2024, 8 June 2024." in wrong.err


def test_all_that_is_kept_can_be_written_out(run: Run, keep: Run, file: Path, tmp_path: Path) -> None:
    """A row for each finding of each run, as a spreadsheet reads it."""
    keep("2024-06-01")
    keep("2024-06-08")
    out = tmp_path / "out.csv"
    assert run("history", "export", file, "--output", out).code == 0
    rows = list(csv.DictReader(out.read_text("utf-8-sig").splitlines()))
    assert {row["as_of"] for row in rows} == {"2024-06-01", "2024-06-08"}
    [late] = [row for row in rows if (row["case"], row["criterion"]) == ("Zq-1", "repair-in-time")][:1]
    assert (late["outcome"], late["owner"], late["due"], late["days_late"]) == (
        *("not met", "Xandrabeth Bell"),
        *("2024-05-02", ""),
    )
    assert run("history", "export", file, "--output", out).code == 2
    assert run("history", "export", file, "--output", file, "--force").code == 2
    assert run("history", "export", file, "--output", tmp_path / "out.pdf").code == 2


def test_nothing_is_forgotten_without_yes(run: Run, keep: Run, file: Path) -> None:
    """What would go is said; with --yes it is in no byte of the file."""
    keep("2024-06-01")
    keep("2024-06-08")
    before = file.read_bytes()
    asked = run("history", "forget", file, "--case", "Zq-1")
    assert asked.code == 2
    assert "This would take case Zq-1 out of 2 runs" in asked.err
    assert file.read_bytes() == before
    assert run("history", "forget", file, "--case", "Zq-1", "--yes").code == 0
    assert b"Zq-1" not in file.read_bytes()
    assert "There is no case Zq-1" in run("history", "forget", file, "--case", "Zq-1", "--yes").err
    assert "Forgotten since: 1 case" in run("history", "show", file).out


def test_old_runs_are_forgotten(run: Run, keep: Run, file: Path) -> None:
    """Those before a day, or that of a day."""
    for day in ("2024-06-01", "2024-06-08", "2024-06-15"):
        keep(day)
    assert "2 runs as at 1 June 2024 to 8 June 2024" in run("history", "forget", file, "--before", "2024-06-15").err
    run("history", "forget", file, "--before", "2024-06-08", "--yes")
    run("history", "forget", file, "--as-of", "2024-06-15", "--yes")
    listed = run("history", "list", file).out
    assert "8 June 2024" in listed
    assert "15 June" not in listed
    assert not re.search(r"\b1 June 2024", listed)
    assert run("history", "forget", file, "--as-of", "2024-06-15", "--yes").code == 2
    assert run("history", "forget", file).code == 2


def test_a_network_drive_is_said(keep: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run goes on."""
    monkeypatch.setattr("casescreen.history.database.network_drive", lambda _: "network drive (cifs)")
    ran = keep()
    assert "is on a network drive (cifs), on which two runs at once can damage a history" in ran.err
    assert ran.code == 1
