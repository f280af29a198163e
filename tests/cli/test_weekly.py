"""casescreen weekly: the newest export is screened by a settings file, and a page says how it went."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import IO, Protocol

import pytest

from casescreen.cli import weekly_page, weekly_run, weekly_state
from casescreen.cli.screening_run import read_and_screen
from casescreen.history.store import History
from casescreen.model.problem import CasescreenError

_KILLS = Path(__file__).parents[1] / "history" / "kills.py"
_SETTINGS = """\
scope = "north"
history = "north.db"
rules = '{rules}'
{more}
[exports]
folder = "exports"
pattern = "export-*.json"
[reports]
folder = "reports"
write = ["page", "workbook", "findings"]
[warn]
holidays = false
"""


class Ran(Protocol):
    code: int
    out: str
    err: str


class Team:
    """A folder with settings, and exports of repairs."""

    def __init__(self, home: Path, run: Callable[..., Ran], rules: Path) -> None:
        self.home, self._run, self._rules = home, run, rules
        self.exports, self.reports = home / "exports", home / "reports"
        self.settings = home / "north.toml"
        self.exports.mkdir(parents=True)
        self.write()

    def write(self, more: str = "", **parts: str) -> None:
        text = _SETTINGS.format(rules=self._rules, more=more)
        for old, new in parts.items():
            text = text.replace(f'{old} = "', f'{old} = "{new}" # "', 1)
        self.settings.write_text(text, encoding="utf-8")

    def export(self, name: str, *ids: str, done: str = "false", fields: str = "") -> Path:
        path = self.exports / name
        cases = [
            {
                "case": {"id": one, "manager": "Worker A"},
                "bike": {"kind": "cargo bike", "wheels": 3},
                "repair": {"brought_on": "2024-04-02", "done": done == "true"},
            }
            for one in ids
        ]
        for one in cases:
            one.pop(fields, None)
        path.write_text(json.dumps(cases), encoding="utf-8")
        return path

    def run(self, *arguments: str, day: str = "2024-06-01") -> Ran:
        return self._run("weekly", self.settings, "--as-of", day, *arguments)

    @property
    def page(self) -> str:
        return self.settings.with_name("north-last-run.html").read_text(encoding="utf-8")

    @property
    def says(self) -> str:
        """The words of the page."""
        text = re.sub(r"<style>.*?</style>", "", self.page, flags=re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())

    @property
    def runs(self) -> list[tuple[str, str]]:
        with History(self.home / "north.db") as history:
            return [(run.as_of.isoformat(), run.state.value) for run in history.runs()]


@pytest.fixture
def team(tmp_path: Path, run: Callable[..., Ran], bikes: Path) -> Team:
    return Team(tmp_path / "Größe team", run, bikes)


def test_a_run_leaves_reports_a_history_and_a_page(team: Team) -> None:
    """Reports are named by settings and day, the run is in the history, and the page says what was read."""
    team.export("export-2024-05-31.json", "B-1", "B-2")
    ran = team.run()
    assert ran.code == 1, ran.err
    names = {path.name for path in team.reports.iterdir()}
    assert names == {f"north-2024-06-01{ending}" for ending in (".html", ".xlsx", ".json")}
    assert team.runs == [("2024-06-01", "completed")]
    assert "Needs attention" in team.says
    assert '"export-2024-05-31.json", taken on 31 May 2024 (the date in its name)' in team.says
    for name in names - {"north-2024-06-01.json"}:
        assert f'href="reports/{name}"' in team.page
    assert "Needs attention" in ran.out


def test_nothing_to_act_on_is_ok(team: Team) -> None:
    """Exit code 0 and OK go together, and with nothing else."""
    team.write('fail_on = "never"')
    team.export("export-2024-05-31.json", "B-1")
    ran = team.run()
    assert (ran.code, "Last run: OK" in team.says) == (0, True), ran.err


def test_what_changed_is_told_in_few_lines_with_a_link(team: Team) -> None:
    """The second week tells what changed since the first, and links to every change."""
    team.export("export-2024-05-31.json", "B-1", "B-2")
    team.run()
    assert "What changed Nothing can be told yet" in team.says
    team.export("export-2024-06-07.json", "B-1", "B-3", done="true")
    team.run(day="2024-06-08")
    assert "What changed since 1 June 2024" in team.says
    [changed] = re.findall(r'<h2 id="changed">.*?</section>', team.page, re.DOTALL)
    assert 1 <= changed.count("<li>") <= 5
    assert 'href="reports/north-2024-06-08-changes.html"' in changed
    assert "B-2" in (team.reports / "north-2024-06-08-changes.html").read_text(encoding="utf-8")


def test_the_same_day_again_takes_the_place_of_its_own_reports(team: Team) -> None:
    """And of no other run's, whose files are left as they are."""
    team.export("export-2024-05-31.json", "B-1")
    team.run()
    first = (team.reports / "north-2024-06-01.json").read_bytes()
    team.export("export-2024-06-01.json", "B-1", "B-2")
    assert team.run().code == 1
    assert (team.reports / "north-2024-06-01.json").read_bytes() != first
    assert team.runs[-1][1] == "completed"
    (team.reports / "north-2024-06-02.html").write_text("mine", encoding="utf-8")
    ran = team.run(day="2024-06-02")
    assert ran.code == 2
    assert "was not written by a run of these settings" in ran.err
    assert (team.reports / "north-2024-06-02.html").read_text(encoding="utf-8") == "mine"
    assert "FAILED" in team.says


def test_what_people_wrote_stands_in_the_next_workbook(team: Team) -> None:
    """What stands in Notes of last week's workbook stands in this week's."""
    openpyxl = pytest.importorskip("openpyxl")
    team.export("export-2024-05-31.json", "B-1")
    team.run()
    book = openpyxl.load_workbook(team.reports / "north-2024-06-01.xlsx")
    sheet = book["Actions"]
    heads = {cell.value: cell.column for row in sheet.iter_rows() for cell in row if cell.value in ("Ref", "Notes")}
    [first] = [row[0].row for row in sheet.iter_rows() if any(cell.value == "Ref" for cell in row)]
    sheet.cell(first + 1, heads["Notes"]).value = "asked on Friday"
    book.save(team.reports / "north-2024-06-01.xlsx")
    team.export("export-2024-06-07.json", "B-1", "B-2")
    ran = team.run(day="2024-06-08")
    assert "carried over" in ran.err
    again = openpyxl.load_workbook(team.reports / "north-2024-06-08.xlsx")["Actions"]
    assert "asked on Friday" in [cell.value for row in again.iter_rows() for cell in row]


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda team: team.settings.unlink(), "There is no settings file"),
        (lambda team: team.settings.write_text("scope = ", encoding="utf-8"), "north.toml, line 1"),
        (lambda team: (team.settings.unlink(), team.settings.mkdir()), "this is not an ordinary file"),
        (lambda team: shutil.rmtree(team.exports), "the folder of exports"),
        (lambda team: (team.exports / "export-2024-05-31.json").unlink(), "no file in"),
        (lambda team: (team.exports / "export-2024-05-31.json").write_text("[{", encoding="utf-8"), "export-2024-05"),
        (lambda team: team.write('mapping = "nowhere.toml"'), "nowhere.toml"),
        (
            lambda team: team.settings.write_text(_SETTINGS.format(rules="nowhere", more=""), encoding="utf-8"),
            "nowhere",
        ),
        (lambda team: team.reports.write_text("", encoding="utf-8"), "the folder of reports"),
        (lambda team: (team.home / "north.db").write_text("not a history", encoding="utf-8"), "is not a history"),
    ],
    ids=["missing", "broken", "folder", "no-folder", "none", "unreadable", "mapping", "rules", "reports", "history"],
)
def test_whatever_goes_wrong_stands_on_the_page(team: Team, spoil: Callable[[Team], object], told: str) -> None:
    """The page says FAILED and why, in the words of standard error; nothing of an earlier page is left."""
    team.export("export-2024-05-31.json", "B-1")
    team.settings.with_name("north-last-run.html").write_text("OK", encoding="utf-8")
    spoil(team)
    ran = team.run()
    assert ran.code == 2
    assert told in ran.err
    assert "Last run: FAILED" in team.says
    assert told in team.says
    assert not list(team.home.rglob("*.tmp"))


def test_a_failed_run_is_a_gap_in_the_history(team: Team) -> None:
    """That there was no export that week is kept."""
    team.run()
    assert team.runs == [("2024-06-01", "failed")]


def test_a_fault_of_ours_is_told_on_the_page(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 3, and a page that says so."""

    def fault(*_: object, **__: object) -> None:
        raise ZeroDivisionError("of ours")

    team.export("export-2024-05-31.json", "B-1")
    monkeypatch.setattr(weekly_run, "read_and_screen", fault)
    assert team.run().code == 3
    assert "casescreen itself has a fault (ZeroDivisionError: of ours)" in team.says


def test_a_run_that_fails_after_it_was_added_is_to_be_made_again_for_its_day(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the next one would be compared with it, and what was new in it would stand in no report."""
    team.export("export-2024-05-31.json", "B-1")

    def full(*_: object) -> None:
        raise CasescreenError("There is no room.")

    with monkeypatch.context() as failing:
        failing.setattr(weekly_run, "give", full)
        assert team.run().code == 2
    again = "Run it again as at that day: casescreen weekly north.toml --as-of 2024-06-01."
    assert (team.runs, again in team.says) == ([("2024-06-01", "completed")], True)
    (team.home / "exports" / "export-2024-05-31.json").unlink()
    assert team.run(day="2024-06-08").code == 2
    assert "Run it again: casescreen weekly north.toml" in team.says


def test_who_stops_it_is_told(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that is asked to end leaves a page that says that it was stopped."""

    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    team.export("export-2024-05-31.json", "B-1")
    monkeypatch.setattr(weekly_run, "read_and_screen", stopped)
    assert team.run().code == 130
    assert "The run was stopped before its end" in team.says


def test_while_it_runs_the_page_says_so(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left of a run that was killed is no verdict of an earlier one."""
    team.export("export-2024-05-31.json", "B-1")
    seen = []

    def look(*_: object, **__: object) -> None:
        seen.append(team.says)
        raise KeyboardInterrupt

    monkeypatch.setattr(weekly_run, "read_and_screen", look)
    team.run()
    assert "Last run: Not finished" in seen[0]


def test_a_page_that_cannot_be_written_is_no_success(team: Team) -> None:
    """Success is what the page says: where there is none, the exit code says so."""
    team.write('fail_on = "never"')
    team.export("export-2024-05-31.json", "B-1")
    team.settings.with_name("north-last-run.html").mkdir()
    ran = team.run()
    assert ran.code == 2
    assert "If a page is there, it is of an earlier run" in ran.err


def test_a_full_disk_leaves_the_page(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no room for a second file, the first is written over."""
    team.export("export-2024-05-31.json", "B-1")
    team.run()

    def full(path: Path, *_: object, **__: object) -> None:
        raise CasescreenError(f"{path} could not be written: no space is left.")

    monkeypatch.setattr(weekly_page, "write_whole", full)
    team.run(day="2024-06-08")
    assert "8 June 2024" in team.says


def test_warnings_stand_before_findings(team: Team) -> None:
    """The same records, fewer cases and a field that is suddenly empty are told before any figure, and printed."""
    team.export("export-2024-05-31.json", *(f"B-{n}" for n in range(10)))
    team.run()
    team.export("export-2024-06-07.json", *(f"B-{n}" for n in range(10)))
    ran = team.run(day="2024-06-08")
    assert "The records are the same as in the run as at 1 June 2024" in ran.err
    assert team.says.index("The records are the same") < team.says.index("First figures")
    team.export("export-2024-06-14.json", *(f"B-{n}" for n in range(6)), fields="bike")
    ran = team.run(day="2024-06-15")
    assert "There are 40 per cent fewer cases than in the run as at 8 June 2024: 6 now, 10 then" in ran.err
    assert "Nothing stands any more in" in team.says
    assert "The records are the same" not in team.says


def test_a_warning_alone_needs_attention(team: Team) -> None:
    """An unchanged export is exit code 1, whatever was found."""
    team.write('fail_on = "never"')
    team.export("export-2024-05-31.json", "B-1")
    assert [team.run().code, team.run(day="2024-06-08").code] == [0, 1]
    text = team.settings.read_text(encoding="utf-8")
    team.settings.write_text(f"{text}unchanged = false\n", encoding="utf-8")
    assert team.run(day="2024-06-15").code == 0


def test_advice_names_settings_and_no_option(team: Team) -> None:
    """A day after the one in the file's name is mended there; --taken-on is nothing that anybody types here."""
    path = team.export("export-2024-05-01.json", "B-1")
    path.write_text(path.read_text(encoding="utf-8").replace("2024-04-02", "2024-05-02"), encoding="utf-8")
    ran = team.run()
    assert "the name of the file" in ran.err
    report = (team.reports / "north-2024-06-01.json").read_text(encoding="utf-8")
    assert "--taken-on" not in ran.err + team.page + report


def test_a_history_of_others_names_the_setting(team: Team) -> None:
    """The error of a history of another scope says which setting to change."""
    team.export("export-2024-05-31.json", "B-1")
    team.run()
    team.write(scope="south")
    ran = team.run(day="2024-06-08")
    assert ran.code == 2
    assert 'the setting "scope"' in ran.err
    assert "--scope" not in ran.err + team.page


def test_pseudonyms_hide_names_everywhere(team: Team) -> None:
    """Neither the page nor a report names a case or a worker."""
    team.write('pseudonyms = "key.txt"')
    team.export("export-2024-05-31.json", "Zq-1")
    assert team.run().code == 1
    for path in (*team.reports.glob("*.html"), *team.reports.glob("*.json"), *team.home.glob("*last-run*")):
        assert "Zq-1" not in path.read_text(encoding="utf-8")
        assert "Worker A" not in path.read_text(encoding="utf-8")


_WAIVER = """\
[[waiver]]
case = "B-1"
criterion = "repair-in-time"
accepts = "{accepts}"
reason = "Parts are late."
by = "Xandra Wright"
role = "head of repairs"
on = 2024-05-01
until = 2024-06-{until:02}
{rule}
"""


@pytest.mark.parametrize(
    ("waiver", "label", "told"),
    [
        ({"until": 2}, "", ""),
        ({"accepts": "not evidenced"}, "Void", "1 waiver does not count, as the outcome is another: B-1, "),
        ({"rule": f'rule = "{"0" * 64}"'}, "Rule changed", "since 1 waiver was given: look again"),
        ({"until": 1}, "Expired", "1 waiver counts no more: B-1, "),
    ],
    ids=["counts", "void", "rule changed", "expired"],
)
def test_what_was_accepted_and_is_to_be_looked_at_stands_before_the_figures(
    team: Team, waiver: dict[str, object], label: str, told: str
) -> None:
    """As a warning with what to do, so that the run needs attention; of a waiver that counts there is none."""
    team.write('fail_on = "never"\nwaivers = "waivers.toml"')
    text = _WAIVER.format(**{"accepts": "not met", "until": 30, "rule": "", **waiver})
    (team.home / "waivers.toml").write_text(text, encoding="utf-8")
    team.export("export-2024-05-31.json", "B-1")
    ran = team.run(day="2024-06-02")
    if not label:
        assert (ran.code, "Last run: OK" in team.says) == (0, True), ran.err
        return
    assert (ran.code, "Last run: Needs attention" in team.says) == (1, True), ran.err
    warned = team.says.index(f"{label}: {told}")
    assert warned < team.says.index("The page to read lists them, under Accepted.") < team.says.index("First figures")
    assert f"{label}: {told}" in ran.err


def test_a_rulebook_that_is_another_than_the_profile_was_written_for_is_a_warning(team: Team, bikes: Path) -> None:
    """With what is known to have changed in it; the profile is used all the same."""
    team.write('fail_on = "never"\nprofile = "profile.toml"')
    profile = (
        f'extends = \'{bikes}\'\nversion = "{{}}"\n[parameters.repair_due]\nvalue = "4 working days"\n'
        'source = "North"\nreason = "Agreed."\nrulebook_has = "{} working days"\n'
    )
    team.export("export-2024-05-31.json", "B-1")
    (team.home / "profile.toml").write_text(profile.format("1", 5), encoding="utf-8")
    assert (team.run().code, "Last run: OK" in team.says) == (0, True)
    (team.home / "profile.toml").write_text(profile.format("0", 7), encoding="utf-8")
    ran = team.run()
    assert (ran.code, "Last run: Needs attention" in team.says) == (1, True), ran.err
    moved = "profile.toml was written for bikes, version 0, and the rulebook is now version 1"
    changed = "time allowed for a repair: the rulebook had 7 working days, and has 5 working days now."
    assert team.says.index(moved) < team.says.index(changed) < team.says.index("First figures")
    assert moved in ran.err
    assert "1 number changed; the rulebook has changed since" in team.says


def test_pseudonyms_hide_what_is_wrong_with_waivers(team: Team) -> None:
    """A waiver that is wrong names a case, and the page that nobody watches is where it would stand."""
    team.write('pseudonyms = "key.txt"\nwaivers = "waivers.toml"')
    (team.home / "waivers.toml").write_text('[[waiver]]\ncase = "Zq-1"\nuntil = "for Xandra"\n', encoding="utf-8")
    team.export("export-2024-05-31.json", "Zq-1")
    ran = team.run()
    assert ran.code == 2
    assert "with the waivers" in ran.err
    assert "with the waivers" in team.page
    assert not any(word in ran.out + ran.err + team.page for word in ("Xandra", "Zq-1"))


def test_personal_data_is_a_warning(team: Team) -> None:
    """What looks like a name in an id is told on the page, before the findings."""
    team.export("export-2024-05-31.json", "Daniel Smith")
    team.run()
    assert "look like what tells who somebody is" in team.says
    assert team.says.index("look like what tells") < team.says.index("First figures")


def test_no_mapping_is_used_that_nobody_confirmed(team: Team) -> None:
    """As check --unattended has it: columns that no mapping names are not guessed."""
    team.settings.write_text(team.settings.read_text(encoding="utf-8").replace("*.json", "*.csv"), encoding="utf-8")
    (team.exports / "export-2024-05-31.csv").write_text("Reference,Mechanic\nB-1,Worker A\n", encoding="utf-8")
    ran = team.run()
    assert ran.code == 2
    assert "nobody has confirmed" in ran.err
    assert 'the setting "mapping"' in ran.err


def test_a_second_run_waits_and_says_so(team: Team) -> None:
    """It begins when the first has ended."""
    team.export("export-2024-05-31.json", "B-1")
    with _held(team.settings.with_name("north-last-run.lock")) as lock:
        threading.Timer(0.3, lock.close).start()
        ran = team.run()
    assert "is under way: waiting until it has ended" in ran.err
    assert ran.code == 1


def test_a_run_that_never_ends_is_told(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits does so for a while, and then says that nothing was done."""
    monkeypatch.setattr(weekly_state, "WAIT_SECONDS", 0.0)
    with _held(team.settings.with_name("north-last-run.lock")):
        ran = team.run()
    assert ran.code == 2
    assert "has not ended" in ran.err
    assert "Last run: FAILED" in team.says


@contextmanager
def _held(path: Path) -> Iterator[IO[bytes]]:
    with path.open("ab") as file:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX)
        yield file


def test_two_runs_at_once_add_one_after_the_other(team: Team) -> None:
    """As two schedulers would start them: both end, and the history has their one day once."""
    team.export("export-2024-05-31.json", "B-1")
    command = [sys.executable, "-m", "casescreen", "weekly", str(team.settings), "--as-of", "2024-06-01"]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    ended = [(*one.communicate(), one.returncode) for one in both]
    assert [code for *_, code in ended] == [1, 1], ended
    assert [state for _, state in team.runs] == ["completed", "completed"]


def test_it_runs_where_a_scheduler_knows_nothing(team: Team) -> None:
    """Without a home, in the C locale, with a time zone that is none, from a folder that is not its own."""
    team.export("export-2024-05-31.json", "B-1")
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": os.environ.get("PYTHONPATH", ""), "LC_ALL": "C", "TZ": "Odd/Zone"}
    command = [sys.executable, "-m", "casescreen", "weekly", str(team.settings), "--as-of", "2024-06-01"]
    ran = subprocess.run(command, env=env, cwd="/", capture_output=True, check=False)
    assert ran.returncode == 1, ran.stderr
    assert "Needs attention" in team.says


def test_new_makes_settings_that_can_be_filled_in(run: Callable[..., Ran], tmp_path: Path) -> None:
    """The starter is whole as it stands, says what can be added, and replaces nothing."""
    path = tmp_path / "north team.toml"
    assert run("weekly", path, "--new").code == 0
    text = path.read_text(encoding="utf-8")
    assert '\n# profile = "north-team/profile.toml"\n' in text
    assert '\n# waivers = "north-team/waivers.toml"\n' in text
    (tmp_path / "exports").mkdir()
    assert "no file in" in run("weekly", path).err
    assert run("weekly", path, "--new").code == 2
    assert path.read_text(encoding="utf-8") == text


def test_options_that_do_not_go_together_are_refused(run: Callable[..., Ran], tmp_path: Path) -> None:
    """Each is told, and nothing is written."""
    path = tmp_path / "north.toml"
    assert "go with --schedule" in run("weekly", path, "--at", "Monday 07:00").err
    assert "do not go together" in run("weekly", path, "--new", "--schedule", "cron").err
    assert "not the name of a settings file" in run("weekly", tmp_path / "north.txt", "--new").err
    assert not list(tmp_path.iterdir())


def test_nothing_that_a_run_writes_is_an_export(team: Team) -> None:
    """Nothing that a run writes is an export of the next, even where they stand in one folder."""
    team.settings.write_text(
        team.settings.read_text(encoding="utf-8").replace('"exports"', '"."').replace("export-*.json", "*.json"),
        encoding="utf-8",
    )
    old = team.export("../caseload 2024-05-31.json", "B-1")
    assert team.run().code == 1
    assert team.run(day="2024-06-08").code == 1
    assert f'"{old.name}"' in team.says


def test_kills_at_any_moment_lose_nothing(tmp_path: Path) -> None:
    """No run, no report, and no page that says more than was done. For 500: tests/history/kills.py 500 --weekly."""
    command = [sys.executable, str(_KILLS), "25", "--weekly", "--in", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "25 kills" in done.stdout


def test_an_export_that_changes_while_it_is_read_fails_the_run(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of it can be of another: nothing is found in it."""
    path, real = team.export("export-2024-05-31.json", "B-1"), read_and_screen

    def read(*given: object, **more: object) -> object:
        result = real(*given, **more)  # type: ignore[arg-type]
        path.write_text("[]", encoding="utf-8")
        return result

    monkeypatch.setattr(weekly_run, "read_and_screen", read)
    ran = team.run()
    assert (ran.code, team.runs) == (2, [("2024-06-01", "failed")])
    assert "was changed while it was read" in team.says


def test_an_earlier_day_again_is_compared_with_the_run_before_it(team: Team) -> None:
    """And not with what came after."""
    team.export("export-2024-05-31.json", "B-1")
    for day in ("2024-06-01", "2024-06-08", "2024-06-15", "2024-06-08"):
        team.run(day=day)
    assert "What changed since 1 June 2024" in team.says
