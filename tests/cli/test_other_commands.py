"""casescreen explain, rules, new and convert."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]
AS_OF = ("--as-of", "2024-06-01")


def test_explain_shows_the_proof(run: Run, bikes: Path, late: Path) -> None:
    """The proof of a finding shows each condition, the value read, and the parameter with its status."""
    ran = run("explain", late, "repair-in-time", "--rules", bikes, *AS_OF)
    assert ran.code == 0
    for part in (
        "Outcome: not met",
        "brought in: 2 April 2024",
        "1 month (status: local",
        "What would have to be true",
    ):
        assert part in ran.out


def test_explain_a_whole_case(run: Run, bikes: Path, late: Path) -> None:
    """Without a criterion, every finding on the case is explained."""
    ran = run("explain", late, "--rules", bikes, *AS_OF)
    assert ran.code == 0
    for title in ("The repair is done in time", "Every serious fault has a job", "The estimate is clear"):
        assert title in ran.out


def test_explain_one_of_several(run: Run, bikes: Path, late: Path) -> None:
    """Of several cases, one is chosen by its id; without it, or with a wrong one, the ids are told."""
    (late.parent / "other.toml").write_text('[case]\nid = "B-2"\n', encoding="utf-8")
    arguments = ("explain", late.parent, "repair-in-time", "--rules", bikes, *AS_OF)
    assert "B-2" in run(*arguments, "--case", "B-2").out
    without = run(*arguments)
    assert without.code == 2
    assert "--case. They are: B-1, B-2." in without.err
    wrong = run(*arguments, "--case", "B-3")
    assert wrong.code == 2
    assert 'Did you mean "B-' in wrong.err


def test_explain_an_unknown_criterion(run: Run, bikes: Path, late: Path) -> None:
    """A criterion that is not there is met with the nearest one."""
    ran = run("explain", late, "repair-in-tme", "--rules", bikes, *AS_OF)
    assert ran.code == 2
    assert 'Did you mean "repair-in-time"?' in ran.err


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


def test_new_makes_a_case_that_can_be_screened(run: Run, bikes: Path, tmp_path: Path) -> None:
    """The starter folder can be screened as it is, and names every field of the dictionary."""
    folder = tmp_path / "mine"
    made = run("new", folder, "--rules", bikes)
    assert made.code == 0
    text = (folder / "case-001.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text)["case"] == {"id": "CASE-001"}
    assert all(part in text for part in ("# brought_on = ", "# [[faults]]", "# [[answers]]", "# serious = "))
    checked = run("check", folder, "--rules", bikes, *AS_OF)
    assert (checked.code, checked.err) == (0, "")
    again = run("new", folder, "--rules", bikes)
    assert again.code == 2
    assert "is there already" in again.err


def test_new_with_every_line_filled_in_is_read(run: Run, bikes: Path, tmp_path: Path) -> None:
    """With the # taken off every line that can be filled in, the starter case is still a case that can be read."""
    run("new", tmp_path / "mine", "--rules", bikes)
    path = tmp_path / "mine" / "case-001.toml"
    lines = [line.removeprefix("# ") for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("\n".join(lines).replace("2026-01-31", "2024-05-01"), encoding="utf-8")
    checked = run("check", path, "--rules", bikes, *AS_OF)
    assert "CASE-001" in checked.out
    assert "unknown" not in checked.err


def test_convert_and_back(run: Run, bikes: Path, late: Path, tmp_path: Path) -> None:
    """A case converted to JSON and back is screened the same, and never overwrites a file unasked."""
    there, back = tmp_path / "out" / "a.json", tmp_path / "out" / "b.toml"
    there.parent.mkdir()
    assert run("convert", late, there, "--rules", bikes).code == 0
    assert run("convert", there, back, "--rules", bikes).code == 0
    reports = [run("check", path, "--rules", bikes, *AS_OF, "--format", "csv").out for path in (late, there, back)]
    assert reports[0] == reports[1] == reports[2]
    assert run("convert", late, there, "--rules", bikes).code == 2


def test_convert_never_loses_a_record(run: Run, bikes: Path, tmp_path: Path) -> None:
    """Where a record has a mistake nothing is written, also not over the file itself."""
    path = tmp_path / "two.toml"
    text = '[[cases]]\n[cases.case]\nid = "G"\n[[cases]]\n[cases.case]\nid = "B"\nfoo = 1\n'
    path.write_text(text, encoding="utf-8")
    ran = run("convert", path, path, "--force", "--rules", bikes)
    assert ran.code == 2
    assert "Nothing was written" in ran.err
    assert path.read_text(encoding="utf-8") == text


def test_explain_gets_through_where_check_does(run: Run, bikes: Path, tmp_path: Path) -> None:
    """A date outside the calendar that decides nothing stops neither the screening nor the explanation."""
    path = tmp_path / "old.toml"
    path.write_text(
        '[case]\nid = "B-1"\n[bike]\nkind = "city bike"\nwheels = 0\n[repair]\nbrought_on = 1999-01-01\n'
        "done_on = 1999-01-02\n",
        encoding="utf-8",
    )
    assert run("check", path, "--rules", bikes, *AS_OF).code == 0
    ran = run("explain", path, "--rules", bikes, *AS_OF)
    assert (ran.code, ran.err) == (0, "")


def test_convert_to_an_unknown_form(run: Run, bikes: Path, late: Path, tmp_path: Path) -> None:
    """A target whose form is not known is refused with what can be written."""
    ran = run("convert", late, tmp_path / "a.docx", "--rules", bikes)
    assert ran.code == 2
    assert ".toml, .json, .jsonl, .xlsx or .csv" in ran.err


@pytest.mark.parametrize("name", ["a.ods", "A.ODS"])
def test_convert_to_ods(run: Run, bikes: Path, late: Path, tmp_path: Path, name: str) -> None:
    """It is refused before anything is read or written, and the form is named that the same programs open."""
    ran = run("convert", late, tmp_path / name, "--rules", bikes)
    assert ran.code == 2
    assert f"{name} cannot be written" in ran.err
    assert "end in .xlsx, which LibreOffice opens" in ran.err
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize(
    "command", [(), ("check",), ("explain",), ("rules",), ("rules", "show"), ("new",), ("convert",)]
)
def test_help_has_examples(run: Run, command: tuple[str, ...]) -> None:
    """Every command has help, and those that take arguments show examples."""
    ran = run(*command, "--help")
    assert ran.code == 0
    assert "casescreen" in ran.out


def test_version(run: Run) -> None:
    """The version is told."""
    assert run("--version").out.startswith("casescreen, version ")


def test_unknown_command(run: Run) -> None:
    """A command that is not there exits 2."""
    assert run("chek").code == 2
