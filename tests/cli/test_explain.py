"""casescreen explain."""

from __future__ import annotations

import shutil
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
    ran = run("explain", late, "repair-in-time", "--proof", "--rules", bikes, *AS_OF)
    assert ran.code == 0
    for part in (
        "Outcome: not met",
        "brought in: 2 April 2024",
        "1 month (status: local",
        "What would have to be true",
    ):
        assert part in ran.out


def test_a_local_holiday_moves_the_last_day(run: Run, bikes: Path, tmp_path: Path) -> None:
    """By one working day, in check as in explain; both say which day was added, and for what it counts."""
    path = tmp_path / "case.toml"
    path.write_text(
        '[case]\nid = "B-1"\n[bike]\nkind = "city bike"\nwheels = 2\n[repair]\nbrought_on = 2024-04-02\n'
        "done = true\ndone_on = 2024-04-10\n",
        encoding="utf-8",
    )
    command = ("explain", path, "repair-in-time", "--proof", "--rules", bikes, *AS_OF)
    assert "Outcome: not met" in run(*command).out
    ran = run(*command, "--holiday", "2024-04-03")
    assert "Outcome: met" in ran.out
    told = "Local holidays added: 3 April 2024. They count for: time allowed for a repair."
    assert told in " ".join(ran.out.split())
    listed = run(
        "check", "--full", path, "--rules", bikes, *AS_OF, "--holiday", "2024-04-03", "--holiday", "2024-04-04"
    )
    assert "Local holidays added: 3 April 2024 and 4 April 2024." in " ".join(listed.out.split())
    wrong = run("check", "--full", path, "--rules", bikes, *AS_OF, "--holiday", "2024-04-06", "--holiday", "2024-04-07")
    assert (wrong.code, wrong.out) == (2, "")
    assert "6 April 2024 is a Saturday" in wrong.err
    assert "7 April 2024 is a Sunday" in wrong.err


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


def test_a_case_is_named_as_it_is_seen(run: Run, bikes: Path, tmp_path: Path) -> None:
    """However its letters are composed and spaced: as ids are read."""
    (tmp_path / "a.toml").write_text('[case]\nid = "\u00c9va 1"\n', encoding="utf-8")
    told = run("explain", tmp_path, "--case", " E\u0301va  1", "--rules", bikes, "--as-of", "2024-06-01")
    assert (told.code, told.err) == (0, "")


def test_a_case_that_was_not_used_is_said_so(run: Run, bikes: Path, late: Path) -> None:
    """Left out, an example, or not in the files: each with why, and what to do."""
    example = late.parent / "example.toml"
    example.write_text('[case]\nid = "EXAMPLE"\n', encoding="utf-8")
    for name in ("one.toml", "two.toml"):
        (late.parent / name).write_text('[case]\nid = "B-7"\n', encoding="utf-8")
    rules = ("--rules", bikes, *AS_OF)
    for source, options in ((late.parent, ("--case", "example")), (example, ())):
        ran = run("explain", source, *options, *rules)
        assert ran.code == 2
        assert "Case EXAMPLE was not used: a record of that id only shows how one is written." in ran.err
        assert "What to do: if it is a case, give it an id of its own." in ran.err
    ran = run("explain", late.parent, "--case", "Z-9", *rules)
    assert ran.code == 2
    assert 'There is no case "Z-9".' in ran.err
    assert "1 case can be explained; is its file among them?" in " ".join(ran.err.split())
    ran = run("explain", late.parent, "--case", "B-7", *rules)
    assert ran.code == 2
    assert "Case B-7 was left out" in ran.err


def test_a_finding_is_explained_in_short_first(run: Run, bikes: Path, late: Path) -> None:
    """Without --proof, what it came to and what to do; of a case, a line for each finding."""
    ran = run("explain", late, "repair-in-time", "--rules", bikes, *AS_OF)
    assert "What to do: Repair it now." in ran.out
    assert "What would have to be true" not in ran.out
    assert "What would have to be true" not in run("explain", late, "--rules", bikes, *AS_OF).out
    assert "What would have to be true" in run("explain", late, "--proof", "--rules", bikes, *AS_OF).out


def test_where_no_case_can_be_explained_it_is_told_what_to_do(run: Run, bikes: Path, late: Path) -> None:
    """The problems of the record come first; then the advice, on a line of its own as everywhere."""
    late.write_text("[case]\nid = 1\n", encoding="utf-8")
    ran = run("explain", late, "--rules", bikes, *AS_OF)
    assert ran.code == 2
    assert "There is no case here that can be explained.\n  What to do: mend the problems told above." in ran.err


def test_explain_an_unknown_criterion(run: Run, bikes: Path, late: Path) -> None:
    """A criterion that is not there is met with the nearest one."""
    ran = run("explain", late, "repair-in-tme", "--rules", bikes, *AS_OF)
    assert ran.code == 2
    assert 'Did you mean "repair-in-time"?' in ran.err


def test_a_criterion_is_known_by_its_title(run: Run, bikes: Path, late: Path) -> None:
    """As reports print it, in any capitals and spaces; one that is nearly so is met with the nearest."""
    named = run("explain", late, "repair-in-time", "--rules", bikes, *AS_OF)
    for title in ("The repair is done in time", "the REPAIR is done  in time"):
        assert run("explain", late, title, "--rules", bikes, *AS_OF).out == named.out
    wrong = run("explain", late, "The repair is done in tim", "--rules", bikes, *AS_OF)
    assert wrong.code == 2
    assert 'Did you mean "The repair is done in time"?' in " ".join(wrong.err.split())


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


def test_an_old_id_is_told_by_its_new_name(run: Run, bikes: Path, tmp_path: Path) -> None:
    """What a criterion was called before finds it, with a word on what it is called now; an answer to it counts."""
    copied = tmp_path / bikes.name
    shutil.copytree(bikes.parent, tmp_path, dirs_exist_ok=True)
    with (copied / "rulebook.toml").open("a", encoding="utf-8") as head:
        head.write('\n[renamed]\nestimate-clear = "estimate-quality"\n')
    path = tmp_path / "case.toml"
    path.write_text(
        '[case]\nid = "B-1"\n[[reports]]\nid = "R1"\nkind = "estimate"\n'
        '[[answers]]\ncriterion = "estimate-clear"\nitem = "R1"\nanswer = "yes"\n',
        encoding="utf-8",
    )
    ran = run("explain", path, "estimate-clear", "--rules", copied, *AS_OF)
    assert (ran.code, ran.err) == (0, "estimate-clear is called estimate-quality now.\n\n")
    assert "Met. The reader answered yes." in ran.out
    shown = run("rules", "show", "estimate-clear", "--rules", copied)
    assert (shown.code, shown.err) == (0, ran.err)
    assert "Criterion: estimate-quality" in shown.out


@pytest.mark.parametrize("how", [(), ("--proof",)])
def test_a_limit_that_nobody_verified_is_said_beside_what_was_measured_by_it(run: Run, how: tuple[str, ...]) -> None:
    """Where a number behind a time limit is unverified, explain says so; where none is, it does not."""
    cases = ("cases/somerset-2016/SOM-05.toml", "--as-of", "2016-05-09", "--width", "400", *how)
    assert (
        "unverified: time allowed for the child sexual exploitation tool"
        in run("explain", cases[0], "cse-tool-completed", *cases[1:]).out
    )
    assert "unverified" not in run("explain", cases[0], "victim-safety-addressed", *cases[1:]).out


def test_the_page_says_which_limits_are_unverified(run: Run, tmp_path: Path) -> None:
    """Beside a finding that was measured by a number that nobody could verify, the page says which number."""
    page = tmp_path / "page.html"
    run("check", "cases/somerset-2016", "--as-of", "2016-05-09", "--output", page)
    assert "It is measured by what is unverified: time allowed for" in page.read_text(encoding="utf-8")
