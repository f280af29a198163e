"""casescreen sample: from the plan to the draw, by hand, and by anyone again."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest
from jsonschema import Draft202012Validator

from casescreen.cli import check_columnar
from casescreen.model.answer_set import AnswerSet
from casescreen.report.formats.json import json_schema
from casescreen.review.answer_files import write_answer_set
from casescreen.review.sample_record import read_sample_record
from casescreen.rulebook.load import load_rulebook


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]
SEED = "20260501-417"
PLAN = """\
title = "Repairs"
as_of = 2024-06-01
size = 4
reserves = 2

[eligible.cargo]
says = "It is a cargo bike"
reason = "It is another bike"
when = { field = "bike.kind", is = "cargo bike" }
"""
REPAIR = """\
[case]
id = "{id}"
manager = "Worker A"
[bike]
kind = "{kind}"
wheels = 3
[repair]
brought_on = 2024-04-02
done_on = 2024-04-{day:02}
"""


@pytest.fixture
def repairs(tmp_path: Path) -> Path:
    """Twelve repairs, of which two are of other bikes."""
    folder = tmp_path / "repairs"
    folder.mkdir()
    for number in range(12):
        kind = "city bike" if number > 9 else "cargo bike"
        text = REPAIR.format(id=f"B-{number:02}", kind=kind, day=5 + number)
        (folder / f"{number:02}.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.toml"
    path.write_text(PLAN, encoding="utf-8")
    return path


@pytest.fixture
def sample(run: Run, bikes: Path, repairs: Path, plan: Path, tmp_path: Path) -> Path:
    path = tmp_path / "sample.json"
    ran = run("sample", "draw", plan, repairs, "--seed", SEED, "--output", path, "--rules", bikes)
    assert ran.code == 0
    return path


def test_from_the_list_to_the_draw(run: Run, bikes: Path, repairs: Path, plan: Path, tmp_path: Path) -> None:
    """The list has a code for the minutes, and the draw that holds to it is the same for anyone who repeats it."""
    listed, path = tmp_path / "list.json", tmp_path / "sample.json"
    rules = ("--rules", bikes)
    commit = run("sample", "commit", plan, repairs, "--output", listed, *rules)
    assert commit.code == 0
    assert "10 eligible cases. 4 will be drawn." in commit.out
    code = commit.out.partition("For the minutes: ")[2].strip()
    drawn = run("sample", "draw", plan, repairs, "--seed", SEED, "--commitment", listed, "--output", path, *rules)
    assert drawn.code == 0
    assert "4 drawn of 10 eligible cases." in drawn.out
    assert "No list was committed to" not in drawn.err
    again = run("sample", "check", path, plan, repairs, *rules)
    assert (again.code, code in again.out) == (0, True)
    shown = run("sample", "show", path)
    assert f"List: {code}. It was committed to before the seed was known" in " ".join(shown.out.split())
    assert all(case in shown.out for case in read_sample_record(path).ids)


def test_each_step_gives_the_next_as_it_is_typed(
    run: Run, bikes: Path, repairs: Path, plan: Path, tmp_path: Path
) -> None:
    """With the same names and rules, so that it can be copied."""
    listed, path = tmp_path / "list.json", tmp_path / "sample.json"
    ran = run("sample", "commit", plan, repairs, "--output", listed, "--rules", bikes)
    assert f"casescreen sample draw {plan} {repairs} --rules {bikes} --seed SEED --commitment {listed}" in ran.err
    ran = run("sample", "draw", plan, repairs, "--seed", SEED, "--output", path, "--rules", bikes)
    for command, ending in (("enquiry write", " --output sheets"), ("check", "")):
        assert f"casescreen {command} {repairs} --rules {bikes} --sample {path}{ending}\n" in ran.err


def test_what_cannot_be_told_is_to_be_filled_in_only_before_the_draw(
    run: Run, bikes: Path, repairs: Path, plan: Path, tmp_path: Path
) -> None:
    """Once the lot has fallen, whoever uses the sample has to say so instead."""
    file = repairs / "03.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('kind = "cargo bike"\n', ""), encoding="utf-8")
    asked = (plan, repairs, "--rules", bikes, "--output")
    assert "fill in what is missing and commit again" in run("sample", "commit", *asked, tmp_path / "list.json").err
    said = run("sample", "draw", *asked, tmp_path / "sample.json", "--seed", SEED).err
    assert "It was left out, and may be eligible: say so wherever this sample is used." in said


def test_without_strata_no_column_is_empty(run: Run, sample: Path) -> None:
    """Those in reserve are named in a line, and nothing says stratum of them."""
    said = run("sample", "show", sample).out
    waiting = read_sample_record(sample).waiting("")[:2]
    assert f"In reserve, the next first\n--------------------------\n\n{', '.join(waiting)}." in said
    assert "Stratum" not in said


def test_what_needs_a_part_that_is_not_installed_says_so(
    run: Run, bikes: Path, repairs: Path, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is no fault of casescreen itself."""
    monkeypatch.setitem(sys.modules, "polars", None)
    ran = run("sample", "extract", sample, repairs, tmp_path / "drawn", "--rules", bikes)
    assert (ran.code, 'pip install "casescreen[bulk]"' in ran.err) == (2, True)
    assert not (tmp_path / "drawn").exists()


def test_a_draw_from_another_list_is_refused(run: Run, bikes: Path, repairs: Path, plan: Path, tmp_path: Path) -> None:
    """Whoever knows the seed can no longer choose who is on the list."""
    listed, path = tmp_path / "list.json", tmp_path / "sample.json"
    run("sample", "commit", plan, repairs, "--output", listed, "--rules", bikes)
    (repairs / "03.toml").unlink()
    ran = run(
        "sample", "draw", plan, repairs, "--seed", SEED, "--commitment", listed, "--output", path, "--rules", bikes
    )
    assert ran.code == 2
    assert "On the list, and not eligible now: B-03." in ran.err
    assert not path.exists()


def test_one_who_was_replaced_stays_in_the_file(run: Run, bikes: Path, repairs: Path, plan: Path, sample: Path) -> None:
    """The next ticket takes the place; the reason stays, and whoever repeats the draw comes to the same."""
    before = read_sample_record(sample)
    asked = ("--reason", "The bike is at the court.", "--by", "J. Okafor", "--on", "2024-06-03")
    ran = run("sample", "replace", sample, "--case", before.ids[1], *asked)
    assert ran.code == 0
    assert f"{before.waiting('')[0]} is read in the place of {before.ids[1]}." in ran.out
    assert "1 of the 4 drawn was replaced: more than 10 per cent" in ran.err
    after = read_sample_record(sample)
    assert after.strata == before.strata
    assert after.ids == (before.ids[0], before.waiting("")[0], *before.ids[2:])
    assert "The bike is at the court." in run("sample", "show", sample).out
    assert run("sample", "check", sample, plan, repairs, "--rules", bikes).code == 0


def test_a_sample_that_comes_out_otherwise_says_how(
    run: Run, bikes: Path, repairs: Path, plan: Path, sample: Path
) -> None:
    """Exit code 1, and the case by name."""
    (repairs / "03.toml").unlink()
    ran = run("sample", "check", sample, plan, repairs, "--rules", bikes)
    assert ran.code == 1
    assert "On the list of the sample, and not eligible: B-03." in ran.out


def test_a_copy_to_share_names_nobody(run: Run, sample: Path) -> None:
    """Counts alone; a copy of so small a sample that nothing can be told is refused."""
    ran = run("sample", "show", sample, "--suppress-under", 3)
    assert ran.code == 0
    assert "4 drawn of the eligible cases, the number of which is withheld" in " ".join(ran.out.split())
    assert not any(text in ran.out for text in ("B-0", SEED, read_sample_record(sample).list_hash[:8]))
    assert run("sample", "show", sample, "--suppress-under", 5).code == 2


def test_a_plan_to_start_from_cannot_be_drawn_by(run: Run, tmp_path: Path, repairs: Path) -> None:
    """It is the rulebook's, and what only its owner can say has to be filled in."""
    path = tmp_path / "new.toml"
    assert run("sample", "new", path).code == 0
    assert run("sample", "new", path).code == 2
    ran = run("sample", "commit", path, repairs, "--output", tmp_path / "list.json")
    assert ran.code == 2
    assert '"parameters.announced_on.value" has not been filled in' in ran.err
    assert run("sample", "new", tmp_path / "new.txt").code == 2


def test_a_file_that_is_read_is_never_written_over(
    run: Run, bikes: Path, repairs: Path, plan: Path, sample: Path
) -> None:
    """Not even with --force."""
    asked = ("--seed", SEED, "--rules", bikes, "--force")
    assert run("sample", "draw", plan, repairs, "--output", plan, *asked).code == 2
    assert plan.read_text(encoding="utf-8") == PLAN
    assert run("sample", "draw", plan, repairs, "--output", sample, "--seed", SEED, "--rules", bikes).code == 2


def test_what_makes_a_draw_doubtful_is_said(run: Run, bikes: Path, repairs: Path, plan: Path, tmp_path: Path) -> None:
    """No commitment, a seed that can be tried out, and fewer cases than the plan asks for."""
    plan.write_text(PLAN.replace("size = 4", "size = 40"), encoding="utf-8")
    ran = run("sample", "draw", plan, repairs, "--seed", "7", "--output", tmp_path / "s.json", "--rules", bikes)
    assert ran.code == 0
    for words in ("No list was committed to", "fewer than 8 characters", "The plan asks for 40, and 10 cases are"):
        assert words in ran.err


def test_a_record_that_cannot_be_used_is_told_with_its_place(
    run: Run, bikes: Path, repairs: Path, plan: Path, tmp_path: Path
) -> None:
    """It would have had no chance of being drawn."""
    (repairs / "twice.toml").write_text((repairs / "03.toml").read_text(encoding="utf-8"), encoding="utf-8")
    ran = run("sample", "draw", plan, repairs, "--seed", SEED, "--output", tmp_path / "s.json", "--rules", bikes)
    assert ran.code == 2
    assert "twice.toml" in ran.err


def test_very_many_cases_are_asked_all_at_once(
    run: Run, bikes: Path, repairs: Path, plan: Path, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And come to the same sample, but for the hash of the cases, which nobody has then."""
    folder, path = tmp_path / "many", tmp_path / "many.json"
    folder.mkdir()
    for form in ("parquet", "csv"):
        assert run("convert", repairs, folder / form, "--form", form, "--rules", bikes).code == 0
        monkeypatch.setattr(check_columnar, "MOST_LISTED", 3)
        asked = ("--seed", SEED, "--output", path, "--rules", bikes, "--force")
        assert run("sample", "draw", plan, folder / form, *asked).code == 0
        one, other = (json.loads(file.read_text(encoding="utf-8")) for file in (sample, path))
        assert other.pop("cases_hash") == ""
        assert one.pop("cases_hash")
        assert one == other


def test_the_cases_of_a_sample_can_be_handed_over_by_themselves(
    run: Run, bikes: Path, repairs: Path, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From few cases and from very many: those that were drawn, with their rows, and no other."""
    many = tmp_path / "many"
    assert run("convert", repairs, many, "--form", "csv", "--rules", bikes).code == 0
    for number, source in enumerate((repairs, many)):
        out = tmp_path / f"out-{number}"
        with monkeypatch.context() as patched:
            patched.setattr(check_columnar, "MOST_LISTED", 3)
            ran = run("sample", "extract", sample, source, out, "--rules", bikes)
        assert (ran.code, "4 of the 4 cases" in ran.out) == (0, True)
        found = findings(run, bikes, out, "--sample", sample)
        assert [one["id"] for one in found["cases"]] == sorted(read_sample_record(sample).ids)
    monkeypatch.setattr(check_columnar, "MOST_LISTED", 3)
    ran = checked(run, bikes, many, "--sample", sample)
    assert ran.code == 2
    assert "casescreen sample extract" in ran.err


# check --sample


def checked(run: Run, bikes: Path, *arguments: object) -> Ran:
    return run("check", *arguments, "--rules", bikes, "--as-of", "2024-06-01")


def findings(run: Run, bikes: Path, *arguments: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(checked(run, bikes, *arguments, "--format", "json").out)
    return found


def test_only_the_cases_of_the_sample_are_screened(run: Run, bikes: Path, repairs: Path, sample: Path) -> None:
    """The first screen says so, and the report in full says in how many of all it can be so."""
    ran = checked(run, bikes, repairs, "--sample", sample)
    assert "A sample: 4 of 10 eligible cases" in ran.out
    found = findings(run, bikes, repairs, "--sample", sample)
    assert [one["id"] for one in found["cases"]] == sorted(read_sample_record(sample).ids)
    assert found["sample"]["eligible"] == 10
    assert found["sample"]["rules"] == ["The case had begun by 1 June 2024", "It is a cargo bike"]
    Draft202012Validator(json.loads(json_schema("screening"))).validate(found)
    assert found["sample"]["intervals"][0]["met"] == {"sampled": 4, "low": 6, "high": 10}
    full = checked(run, bikes, repairs, "--sample", sample, "--full").out
    assert "Met, of" in full
    assert "6 to 10" in full


def test_findings_of_a_sample_are_compared_with_those_of_the_same_alone(
    run: Run, bikes: Path, repairs: Path, sample: Path, tmp_path: Path
) -> None:
    """Beside those of all cases, every case that was not drawn would seem to have left."""
    drawn, every = tmp_path / "drawn.json", tmp_path / "every.json"
    checked(run, bikes, repairs, "--sample", sample, "--output", drawn)
    checked(run, bikes, repairs, "--output", every)
    assert run("compare", drawn, drawn).code == 0
    for refused in (run("compare", every, drawn), checked(run, bikes, repairs, "--since", drawn)):
        assert (refused.code, "Only one of them is of a sample" in refused.err) == (2, True)


def test_answers_of_cases_that_were_not_drawn_are_not_used(
    run: Run, bikes: Path, repairs: Path, sample: Path, tmp_path: Path
) -> None:
    """A reader may have answered more: whose answers are used is said of the cases of the sample alone."""
    ids, answers = [f"B-{number:02}" for number in range(10)], tmp_path / "answers.json"
    write_answer_set(answers, AnswerSet("A. Reader", tuple(ids), {}, ""), load_rulebook(bikes), force=False)
    used = findings(run, bikes, repairs, "--sample", sample, "--answers", answers)["answers_used"]
    assert (used["cases"], used["absent"], used["others"]) == (4, len(ids) - 4, 0)


def test_drawn_cases_that_are_not_there_are_counted(run: Run, bikes: Path, repairs: Path, sample: Path) -> None:
    """They are no failure and no clean bill, and nothing is said of all cases then."""
    gone = read_sample_record(sample).ids[0]
    (repairs / f"{gone[2:]}.toml").unlink()
    ran = checked(run, bikes, repairs, "--sample", sample)
    assert "1 case of the sample was not screened" in ran.err
    assert "1 not screened" in ran.out
    found = findings(run, bikes, repairs, "--sample", sample)
    assert found["sample"]["not_screened"] == [gone]
    assert found["sample"]["intervals"] == []


def test_a_run_of_none_of_them_is_none(run: Run, bikes: Path, late: Path, sample: Path) -> None:
    """The exit code says that nothing was screened."""
    assert checked(run, bikes, late, "--sample", sample).code == 2


def test_what_is_wrong_in_a_case_that_was_named_counts_for_the_exit_code(
    run: Run, bikes: Path, repairs: Path, plan: Path, tmp_path: Path
) -> None:
    """It enters no rate, and is still something to act on."""
    path, outside = tmp_path / "named.json", "B-11"
    late = REPAIR.format(id=outside, kind="city bike", day=30)
    (repairs / "11.toml").write_text(late, encoding="utf-8")
    plan.write_text(f'{PLAN}[[must_include]]\ncase = "{outside}"\nreason = "Asked for."\n', encoding="utf-8")
    assert run("sample", "draw", plan, repairs, "--seed", SEED, "--output", path, "--rules", bikes).code == 0
    asked = (repairs, "--sample", path, "--fail-on", "high")
    assert checked(run, bikes, *asked).code == 1
    found = findings(run, bikes, *asked)
    rate = next(one for one in found["rates"] if one["criterion"] == "repair-in-time")
    assert (rate["met"], rate["of"]) == (4, 4)
    assert found["sample"]["must_include"] == [outside]
    table = checked(run, bikes, *asked, "--format", "csv").out.splitlines()
    assert table[0].endswith(",drawn_as")
    assert {line.rpartition(",")[2] for line in table if line.startswith(outside)} == {"must include"}
    assert {line.rpartition(",")[2] for line in table if line.startswith("B-0")} == {"drawn"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--suppress-under", 5), "--suppress-under cannot go with --sample"),
        (("--history", "h.db"), "--history cannot go with --sample"),
        (("--since", "old.json"), "--since cannot go with --sample"),
    ],
)
def test_what_a_sample_would_falsify_is_refused(
    run: Run, bikes: Path, repairs: Path, sample: Path, options: tuple[object, ...], words: str
) -> None:
    """A part of the cases is never told as the whole, and never taken from it."""
    ran = checked(run, bikes, repairs, "--sample", sample, *options)
    assert ran.code == 2
    assert words in " ".join(ran.err.split())


def test_a_sample_that_was_changed_by_hand_is_refused(run: Run, bikes: Path, repairs: Path, sample: Path) -> None:
    """Nobody is read in place of who was drawn without a word."""
    text = sample.read_text(encoding="utf-8")
    first, other = read_sample_record(sample).ids[0], "B-11"
    sample.write_text(text.replace(f'"{first}"', '"B-1x"').replace(f'"{other}"', f'"{first}"'), encoding="utf-8")
    ran = checked(run, bikes, repairs, "--sample", sample)
    assert ran.code == 2
    assert "changed after it was drawn" in ran.err


def test_a_copy_with_pseudonyms_has_neither_ids_nor_what_somebody_wrote(
    run: Run, bikes: Path, repairs: Path, sample: Path, tmp_path: Path
) -> None:
    """Not the title of the sample, and not the hash of a file that holds ids, tickets and seed."""
    gone = read_sample_record(sample).ids[0]
    (repairs / f"{gone[2:]}.toml").unlink()
    key = ("--pseudonyms", tmp_path / "key")
    found = findings(run, bikes, repairs, "--sample", sample, *key)
    assert (found["sample"]["title"], found["sample"]["hash"], found["sample"]["rules"]) == ("", "", [])
    Draft202012Validator(json.loads(json_schema("screening"))).validate(found)
    assert gone not in json.dumps(found)
    assert len(found["sample"]["not_screened"]) == 1
    assert "Repairs" not in checked(run, bikes, repairs, "--sample", sample, *key, "--full").out.partition("sample")[2]


def test_every_form_says_that_it_is_a_sample(
    run: Run, bikes: Path, repairs: Path, sample: Path, tmp_path: Path
) -> None:
    """Page, text and Markdown carry the words, and a workbook its columns; nothing else changes without a sample."""
    outputs = [tmp_path / f"report.{ending}" for ending in ("html", "md", "txt", "xlsx", "docx", "parquet")]
    options = [part for path in outputs for part in ("--output", path)]
    ran = checked(run, bikes, repairs, "--sample", sample, *options)
    assert ran.code in (0, 1), ran.err
    for path in outputs[:3]:
        text = path.read_text(encoding="utf-8")
        assert "drawn by lot" in text
        assert "of all 10" in text
    from openpyxl import load_workbook  # noqa: PLC0415 - one test needs it

    book = load_workbook(outputs[3])
    assert [cell.value for cell in book["Criteria"][1]][-4:] == [
        f"{what}, of all 10: {end}" for what in ("Met", "Not met") for end in ("from", "to")
    ]
    assert book["Findings"].cell(1, book["Findings"].max_column).value == "Drawn as"


def test_nothing_is_added_to_a_sample_that_was_changed_by_hand(
    run: Run, bikes: Path, repairs: Path, sample: Path, tmp_path: Path
) -> None:
    """A replacement would cover it up, and nobody is handed cases that somebody may have chosen."""
    text = sample.read_text(encoding="utf-8")
    sample.write_text(text.replace('["", 10, 4, 2]', '["", 10, 3, 2]'), encoding="utf-8")
    changed = sample.read_text(encoding="utf-8")
    assert changed != text
    case = read_sample_record(sample).ids[0]
    day = ("--sample", sample, "--rules", bikes, "--as-of", "2024-06-01")
    for ran in (
        run("sample", "replace", sample, "--case", case, "--reason", "Ill.", "--by", "J. Okafor"),
        run("sample", "extract", sample, repairs, tmp_path / "out", "--rules", bikes),
        run("check", repairs, *day),
        run("enquiry", "write", repairs, *day, "--form", "docx", "--output", tmp_path / "sheets"),
    ):
        assert ran.code == 2
        assert "was changed after it was drawn. Of all 3 are drawn" in ran.err
    assert sample.read_text(encoding="utf-8") == changed
    assert not (tmp_path / "out").exists()
