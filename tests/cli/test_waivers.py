"""casescreen waivers: a finding is accepted, listed, and checked against the cases."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Protocol

import pytest

from casescreen.cli import waivers
from casescreen.model.rulebook import Rulebook
from casescreen.model.waiver import Waiver
from casescreen.rulebook.waiver_file import with_waiver


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "waivers.toml"


@pytest.fixture
def add(run: Run, bikes: Path, file: Path) -> Run:
    def call(**changed: str) -> Ran:
        usual = {
            "case": "B-1",
            "criterion": "repair-in-time",
            "accepts": "not met",
            "until": "2024-07-31",
            "reason": "A part is on order.",
            "by": "A. Wright",
            "role": "owner",
            "on": "2024-05-01",
        }
        options = [part for name, value in {**usual, **changed}.items() for part in (f"--{name}", value)]
        return run("waivers", "add", file, *options, "--rules", bikes)

    return call


def test_what_is_added_is_accepted(run: Run, add: Run, bikes: Path, file: Path, late: Path) -> None:
    """The file is made with a head that says what stands in it, and the second waiver stands below the first."""
    added = add()
    assert added.code == 0
    assert "B-1, repair-in-time, not met, accepted until 31 July 2024" in added.err
    assert file.read_text(encoding="utf-8").startswith("# Waivers")
    before = file.read_bytes()
    assert add(criterion="faults-have-jobs", accepts="not evidenced", evidence="The order book").code == 0
    assert file.read_bytes().startswith(before)
    checked = run("waivers", "check", file, late, "--rules", bikes, "--as-of", "2024-06-01")
    assert checked.code == 0
    assert "The repair is done in time: of 1 not met, 1 accepted until 31 July 2024." in checked.out
    assert "Evidence: The order book" in checked.out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"until": "2025-01-01"}, "the new waiver (B-1, repair-in-time): it ends more than 6 months"),
        ({"criterion": "repair-on-time"}, 'Did you mean "repair-in-time"?'),
        ({"criterion": "estimate-quality"}, "no item says which is meant"),
        ({"item": "R1"}, "and not of rows"),
        ({"reason": " "}, "the text is empty"),
        ({"until": "31.7.2024"}, "is not a date"),
        ({"accepts": "met"}, "is not one of"),
        ({"reason": "\udcff"}, "half of a character"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(
    add: Run, file: Path, options: dict[str, str], words: str
) -> None:
    """Of a file that is there, not a byte is another."""
    refused = add(**options)
    assert refused.code == 2
    assert words in refused.err
    assert not file.exists()
    file.write_bytes(b"# mine\r\n")
    assert add(**options).code == 2
    assert file.read_bytes() == b"# mine\r\n"


def test_a_file_that_changes_meanwhile_is_left_as_it_is(add: Run, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's waiver is lost."""
    add()

    def slow(old: bytes, waiver: Waiver, name: str, rulebook: Rulebook) -> bytes:
        made = with_waiver(old, waiver, name, rulebook)
        file.write_bytes(file.read_bytes() + b"# somebody else\n")
        return made

    monkeypatch.setattr(waivers, "with_waiver", slow)
    refused = add(case="B-2")
    assert refused.code == 2
    assert "was changed while the waiver was added" in refused.err
    assert file.read_bytes().endswith(b"# somebody else\n")
    assert [one.name for one in file.parent.iterdir()] == ["waivers.toml"]


@pytest.mark.skipif(sys.platform == "win32", reason="who comes second is told there that the file was changed")
@pytest.mark.parametrize("is_there", [False, True])
def test_two_that_are_added_at_once_are_both_there(
    add: Run, file: Path, bikes: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    """One waits for the other, whether the file is there already or is made."""
    if is_there:
        add()
    both = threading.Barrier(2)

    def at_once(old: bytes, waiver: Waiver, name: str, rulebook: Rulebook) -> bytes:
        made = with_waiver(old, waiver, name, rulebook)
        with suppress(threading.BrokenBarrierError):  # the other one waits, as it should
            both.wait(0.5)
        return made

    monkeypatch.setattr(waivers, "with_waiver", at_once)
    options = ("--criterion", "repair-in-time", "--accepts", "not met", "--until", "2024-07-31", "--on", "2024-05-01")
    said = ("--reason", "Parts are late.", "--by", "A. Wright", "--role", "owner", "--rules", str(bikes))

    def second(case: str) -> None:
        waivers.command.main(["add", str(file), "--case", case, *options, *said], standalone_mode=False)

    threads = [threading.Thread(target=second, args=(case,)) for case in ("B-2", "B-3")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    text = file.read_text(encoding="utf-8")
    assert [f'"{case}"' in text for case in ("B-2", "B-3")] == [True, True]
    assert text.count("\n[[waiver]]\n") == 2 + is_there


def test_a_list_goes_by_days_alone(run: Run, add: Run, bikes: Path, file: Path) -> None:
    """What has expired comes first."""
    add(until="2024-05-10")
    add(case="B-2", until="2024-06-10")
    add(case="B-3")
    listed = run("waivers", "list", file, "--rules", bikes, "--as-of", "2024-06-01")
    assert listed.code == 0
    assert "1 expired, 1 ends soon and 1 active" in listed.out
    assert listed.out.index("B-1") < listed.out.index("B-2") < listed.out.index("B-3")
    assert "By: A. Wright, owner, on 1 May 2024" in listed.out


@pytest.mark.parametrize(
    ("changed", "words", "code"),
    [
        ({"until": "2024-05-31"}, "Expired (1)", 1),
        ({"accepts": "not evidenced"}, "Void (1)", 1),
        ({"case": "B-9"}, "Case not there (1)", 0),
        ({"from": "2024-06-02"}, "Not started (1)", 0),
        ({"until": "2024-06-01"}, "ends within 14 days (1)", 0),
    ],
)
def test_a_check_says_by_its_exit_code_what_somebody_has_to_mend(
    run: Run, add: Run, bikes: Path, file: Path, late: Path, changed: dict[str, str], words: str, code: int
) -> None:
    """One where any has expired, is void or is not needed."""
    add(**changed)
    checked = run("waivers", "check", file, late, "--rules", bikes, "--as-of", "2024-06-01")
    assert (checked.code, words in checked.out) == (code, True)


def test_what_is_met_now_needs_no_waiver(run: Run, add: Run, bikes: Path, file: Path, late: Path) -> None:
    """And a record that cannot be used is told, with another exit code."""
    add()
    late.write_text(
        late.read_text(encoding="utf-8").replace("done = false", "done = true\ndone_on = 2024-04-03"), encoding="utf-8"
    )
    arguments = ("--rules", bikes, "--as-of", "2024-06-01")
    checked = run("waivers", "check", file, late, *arguments)
    assert checked.code == 1
    assert "No longer needed (1)" in checked.out
    late.write_text("[case\n", encoding="utf-8")
    assert run("waivers", "check", file, late, *arguments).code == 2


def test_the_last_day_is_that_of_whoever_asks(
    run: Run, add: Run, bikes: Path, file: Path, late: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The day turns at midnight where the user is, and no other clock is read."""
    add(until="2024-06-30")
    for day, words in ((date(2024, 6, 30), "ends within 14 days (1)"), (date(2024, 7, 1), "Expired (1)")):
        monkeypatch.setattr("casescreen.cli.option_groups.today", lambda day=day: day)
        assert words in run("waivers", "check", file, late, "--rules", bikes).out


def test_a_missing_file_says_how_it_is_made(run: Run, bikes: Path, file: Path) -> None:
    """With the rules that were named."""
    missing = run("waivers", "list", file, "--rules", bikes)
    assert missing.code == 2
    assert f"casescreen waivers add {file} --case ID --criterion ID --rules {bikes} ..." in missing.err
