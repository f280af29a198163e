"""casescreen rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


def test_rules_list_names_every_criterion(run: Run, bikes: Path) -> None:
    """The list has every criterion's id."""
    out = run("rules", "list", "--rules", bikes).out
    assert all(id_ in out for id_ in ("repair-in-time", "faults-have-jobs", "estimate-quality"))


def test_rules_show(run: Run, bikes: Path) -> None:
    """A criterion, the dictionary and the parameters are shown in words; a wrong name is met with the right one."""
    assert "Is the repair done within the time allowed?" in run("rules", "show", "repair-in-time", "--rules", bikes).out
    assert "kind of bike" in run("rules", "show", "--dictionary", "--rules", bikes).out
    assert "local" in run("rules", "show", "--parameters", "--rules", bikes).out
    wrong = run("rules", "show", "repair", "--rules", bikes)
    assert wrong.code == 2
    assert "repair-in-time" in wrong.err
    assert run("rules", "show", "--rules", bikes).code == 2


def test_what_language_2_reads_otherwise_is_named(run: Run, bikes: Path, workshop: Path) -> None:
    """Each ``within`` of a rulebook of language 1, wherever it stands, with what to do; of language 2 none."""
    ran = run("rules", "check", bikes)
    assert (ran.code, ran.err) == (0, "")
    assert "Then write language = 2 in rulebook.toml." in ran.out
    assert ran.out.splitlines()[-1] == "  bikes/1-repair/repair-in-time.toml, line 10 (criterion repair-in-time)"
    conclusions, root = workshop / "conclusions.toml", workshop / "rulebook.toml"
    text = conclusions.read_text(encoding="utf-8").replace("{ fact =", '{ fact = "soon" }, { fact =', 1)
    conclusions.write_text(f"{SOON}\n{text}", encoding="utf-8")
    assert run("rules", "check", workshop).out.splitlines()[-2:] == [
        "  workshop/1-bookings/ready-in-time.toml, line 8 (criterion ready-in-time)",
        "  workshop/conclusions.toml, line 3 (fact soon)",
    ]
    root.write_text(f"language = 2\n{root.read_text(encoding='utf-8')}", encoding="utf-8")
    assert run("rules", "check", workshop).out.endswith("that all come out as they say.\n")


SOON = """\
[facts.soon]
says = "the job is soon ready"
when = { not = { field = "job.ready_on", within = "3 days", of = "job.booked_on" } }
"""


def test_rules_check(run: Run, bikes: Path, tmp_path: Path) -> None:
    """A sound rulebook says so; an example that does not come out is told with the reason."""
    assert run("rules", "check", bikes).out.startswith("bikes is sound: 3 criteria, ")
    copy = tmp_path / "bikes"
    for path in bikes.parent.rglob("*.toml"):
        target = tmp_path / path.relative_to(bikes.parent)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    rule = copy / "1-repair" / "repair-in-time.toml"
    rule.write_text(
        rule.read_text(encoding="utf-8").replace("done_on = 2024-05-03", "done_on = 2024-05-30"), encoding="utf-8"
    )
    ran = run("rules", "check", copy)
    assert ran.code == 2
    assert 'the outcome is "not met", and the example says "met"' in ran.err


@pytest.fixture
def north(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "north.toml"
    path.write_text(_NORTH, encoding="utf-8")
    return path


_NORTH = """\
extends = "sqs-2016"
[parameters.plan_due]
value  = "10 working days"
source = "North team, 2026"
reason = "Agreed by the board."
[off.likelihood-reduced]
reason      = "Asked in supervision."
conclusions = []
[severity.reviews-held]
value  = "low"
reason = "Few are missed."
"""
_BROKEN = """\
extends = "sqs-2016"
[parameters.plan_du]
value  = "10 working days"
source = "North team, 2026"
reason = "Agreed by the board."
[off.plan-timly]
reason = "Asked in supervision."
[severity.reviews-held]
value  = "lw"
reason = "Few are missed."
"""


def _row(out: str, name: str) -> str:
    """The row of a table that begins with a name, in one line, with those that go on with it."""
    found = re.search(rf"^{name} .*\n(?: .*\n)*", out, re.MULTILINE)
    assert found is not None, name
    return " ".join(found[0].split())


def test_origin_says_who_set_each_value(run: Run, north: Path) -> None:
    """The file and line of what is local, what it overrode, and that the rulebook set the rest."""
    ran = run("rules", "show", "--origin", "--profile", north.name, "--set", "review_interval=2 months")
    assert (ran.code, ran.err) == (0, "")
    due = _row(ran.out, "plan_due")
    assert due.startswith("plan_due 10 working days")
    assert "north.toml, line 2" in due
    assert "the rulebook" in due
    assert "north.toml, line 2" in _row(ran.out, "plan_late_after")
    assert "--set" in _row(ran.out, "review_interval")
    assert _row(ran.out, "assessment_due_longest") == "assessment_due_longest 20 working days the rulebook sqs-2016"
    assert "north.toml, line 9" in _row(ran.out, "reviews-held")
    assert "north.toml" not in run("rules", "show", "--origin").out


def test_origin_names_each_profile_of_a_chain(run: Run, north: Path) -> None:
    """The last that set a value, and what those before it said."""
    text = _NORTH.replace("sqs-2016", "north.toml").replace("10 working", "8 working")
    (north.parent / "hill.toml").write_text(text, encoding="utf-8")
    due = _row(run("rules", "show", "--origin", "--profile", "hill.toml").out, "plan_due")
    assert "hill.toml, line 2" in due
    assert "north.toml, line 2" in due
    assert due.index("hill.toml") < due.index("north.toml")


def test_diff_names_what_is_different(run: Run, north: Path, bikes: Path) -> None:
    """Under a profile, and in another rulebook; of the same rulebook that nothing is."""
    ran = run("rules", "diff", "--profile", north)
    assert (ran.code, ran.err) == (0, "")
    for part in (r"plan_due +15 working days", r"plan_late_after +25 working days", "likelihood-reduced"):
        assert re.search(part, ran.out)
    assert re.search(r"reviews-held +high +low", ran.out)
    assert "review_interval" not in ran.out
    nothing = "No number, band, question, severity or conclusion is different."
    assert nothing in run("rules", "diff", "sqs-2016").out
    assert nothing not in ran.out
    other = run("rules", "diff", "sqs-2016", "--rules", bikes)
    assert (other.code, "plan-timely" in other.out, "repair-in-time" in other.out) == (0, True, True)
    assert "Name another rulebook, or give --profile or --set." in run("rules", "diff").err


def test_a_broken_profile_is_told_all_at_once(run: Run, tmp_path: Path) -> None:
    """Each problem with its line and what was meant; and no case is screened with it."""
    file = tmp_path / "broken.toml"
    file.write_text(_BROKEN, encoding="utf-8")
    for command in (("rules", "check"), ("rules", "list"), ("check", tmp_path), ("profile", "effect", tmp_path)):
        ran = run(*command, "--profile", file)
        assert (ran.code, ran.out) == (2, "")
        for line, meant in ((2, "plan_due"), (6, "plan-timely"), (9, "low")):
            assert re.search(rf'broken\.toml, line {line} .*\n  What to do: Did you mean "{meant}"\?', ran.err)


def test_what_is_off_is_not_shown(run: Run, north: Path) -> None:
    """Who asks for it is told who switched it off and why; the list names it apart."""
    ran = run("rules", "show", "likelihood-reduced", "--profile", north)
    assert (ran.code, ran.out) == (2, "")
    assert "is switched off here" in ran.err
    assert "Asked in supervision." in ran.err
    assert "leave --profile out" in ran.err
    assert "is switched off here" in run("rules", "list", "--profile", north).out
