"""casescreen rules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol


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
