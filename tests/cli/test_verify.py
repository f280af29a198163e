"""casescreen verify: whatever changed is named, and nothing that did not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest
from signed_desk import SignedDesk


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def signed(desk: SignedDesk) -> SignedDesk:
    assert desk.sign().code == 0
    return desk


def _states(desk: SignedDesk, *arguments: object) -> tuple[int, dict[str, str]]:
    """The exit code, and how each subject stands."""
    output = desk.home / "verified.json"
    ran = desk.verify("--output", output, "--force", *arguments)
    made = json.loads(output.read_text(encoding="ascii"))
    assert made["matches"] is (ran.code == 0)
    return ran.code, {one["name"]: one["state"] for one in made["subjects"]}


def _apart(states: dict[str, str]) -> dict[str, str]:
    return {name: state for name, state in states.items() if state != "matches"}


def test_what_did_not_change_matches(signed: SignedDesk) -> None:
    """All of it; that it shows change and not who signed is said, and that without a code a cut is not seen."""
    ran = signed.verify()
    said = " ".join(ran.out.split())
    assert ran.code == 0
    assert "Everything that was signed matches." in said
    assert "It shows change, and not who signed" in said
    assert "cannot be seen without the code in the minutes" in said
    with_code = signed.verify("--code", signed.code())
    assert with_code.code == 0
    assert "cannot be seen" not in " ".join(with_code.out.split())
    assert "The statement is whole, and the code is that of statement 1. Nothing was cut off." in with_code.out
    assert "What to do" not in ran.out


def test_what_changed_comes_with_what_to_do(signed: SignedDesk, run: Run) -> None:
    """And things that nothing was named for are counted in a sentence that reads."""
    file = next((signed.home / "cases").rglob("*.toml"))
    file.write_text(file.read_text(encoding="utf-8").replace("2024-04", "2024-05", 1), encoding="utf-8")
    said = " ".join(signed.verify().out.split())
    assert "What to do ---------- Hold what changed against the copy that you kept." in said
    alone = " ".join(run("verify", signed.statements).out.split())
    assert "things could not be looked at, as no file was named for them." in alone


@pytest.mark.parametrize(
    "name",
    [
        *("rules/bikes", "profile/shop.toml", "cases/B-1.toml", "cases/more/B-2.toml", "findings/findings.json"),
        *("answers/first.json", "waivers/waivers.toml", "sample/sample.json", "documents/letter.docx"),
    ],
)
def test_a_byte_that_is_flipped_names_its_subject(signed: SignedDesk, name: str) -> None:
    """At places all over the file, and no other subject but what holds it; put back, all matches again.

    Where a profile no longer says by which rules it is, those cannot be looked at.
    """
    file = signed.files[name]
    content = file.read_bytes()
    for place in range(0, len(content), max(1, len(content) // 12)):
        changed = bytearray(content)
        changed[place] ^= 1 << (place % 8)
        file.write_bytes(changed)
        code, states = _states(signed)
        assert code == 1, place
        states.pop("cases")
        if name.startswith("profile") and states["rules/bikes"] == "not given":
            states.pop("rules/bikes")
        assert set(_apart(states)) == {name}, place
        assert states[name] in ("changed", "saved again")
    file.write_bytes(content)
    assert _states(signed)[0] == 0


@pytest.mark.parametrize(
    ("name", "added"),
    [
        ("rules/bikes", "\n# a remark\n"),
        ("profile/shop.toml", "\n# a remark\n"),
        ("cases/B-1.toml", "\n# a remark\n"),
        ("findings/findings.json", "\n\n"),
        ("answers/first.json", "\n\n"),
        ("waivers/waivers.toml", "\n# a remark\n"),
        ("sample/sample.json", "\n\n"),
    ],
)
def test_what_was_saved_again_is_named_and_told_apart(signed: SignedDesk, name: str, added: str) -> None:
    """Other bytes that say the same are no other content; the exit code is 1 all the same."""
    file = signed.files[name]
    file.write_text(file.read_text(encoding="utf-8") + added, encoding="utf-8")
    code, states = _states(signed)
    assert code == 1
    assert states[name] == "saved again"
    assert "what is read in them is the same" in " ".join(signed.verify().out.split())


def test_findings_whose_words_alone_changed_are_not_said_to_be_the_same(signed: SignedDesk) -> None:
    """Nor is it said that an outcome is another."""
    file = signed.files["findings/findings.json"]
    file.write_text(file.read_text(encoding="utf-8").replace('"reason": "', '"reason": "Not so. '), encoding="utf-8")
    said = " ".join(signed.verify().out.split())
    assert "saved again the same outcomes, case by case; something else in it is not, such as words" in said


def test_the_findings_that_changed_are_named(signed: SignedDesk) -> None:
    """With what was signed and what is there, where a copy of the file is given; else how to get that is said."""
    file = signed.files["findings/findings.json"]
    old = file.read_text(encoding="utf-8")
    (signed.home / "old.json").write_text(old, encoding="utf-8")
    file.write_text(old.replace('"outcome": "not met"', '"outcome": "met"', 1), encoding="utf-8")
    assert "name it with --old-findings" in " ".join(signed.verify().out.split())
    ran = signed.verify("--old-findings", signed.home / "old.json")
    assert ran.code == 1
    assert "Findings that changed (1)" in ran.out
    [row] = [line for line in ran.out.splitlines() if line.startswith("B-1 ")]
    assert row.split()[-3:] == ["not", "met", "met"]
    output = signed.home / "verified.json"
    signed.verify("--old-findings", signed.home / "old.json", "--output", output)
    [finding] = json.loads(output.read_text(encoding="ascii"))["findings"]
    expected = {"case": "B-1", "criterion": "repair-in-time", "item": "", "then": "not met", "now": "met"}
    assert finding == expected


def test_a_copy_of_other_findings_is_refused(signed: SignedDesk) -> None:
    """What was signed cannot be told from it."""
    other = signed.home / "old.json"
    content = signed.files["findings/findings.json"].read_text(encoding="utf-8")
    other.write_text(content.replace('"outcome": "not met"', '"outcome": "met"', 1), encoding="utf-8")
    refused = signed.verify("--old-findings", other)
    assert refused.code == 2
    assert "is not the findings file that was signed with statement 1" in refused.err


def test_files_that_moved_or_are_called_otherwise_match(signed: SignedDesk, run: Run, tmp_path: Path) -> None:
    """On another machine, in other folders; the names that they have now are said."""
    shutil.copytree(signed.home, moved := tmp_path / "another" / "machine")
    (moved / "cases" / "B-1.toml").rename(moved / "cases" / "first.toml")
    (moved / "letter.docx").rename(moved / "sent.docx")
    (moved / "cases").rename(moved / "records")
    names = {"cases": "records", "letter.docx": "sent.docx"}
    ran = run(
        "verify", *(moved / names.get(one.name, one.name) if isinstance(one, Path) else one for one in signed.named)
    )
    assert ran.code == 0, ran.out
    assert "matches, under another name" in ran.out
    assert "cases/first.toml" in ran.out


def test_files_that_are_gone_or_came_are_named(signed: SignedDesk) -> None:
    """And a case that changed its name and a byte is not taken for another."""
    cases = signed.home / "cases"
    new = (cases / "B-1.toml").read_text(encoding="utf-8").replace("B-1", "B-3")
    (cases / "B-3.toml").write_text(new, encoding="utf-8")
    (cases / "B-1.toml").unlink()
    code, states = _states(signed)
    assert code == 1
    assert _apart(states) == {"cases": "changed", "cases/B-1.toml": "not there", "cases/B-3.toml": "was not signed"}


def test_a_case_file_in_another_folder_is_known_by_its_name(signed: SignedDesk) -> None:
    """Also where it was changed, and names count from another folder."""
    case = signed.home / "cases" / "more" / "B-2.toml"
    case.write_text(case.read_text(encoding="utf-8") + "# x\n", encoding="utf-8")
    (signed.home / "cases" / "more").rename(signed.home / "cases" / "others")
    code, states = _states(signed)
    assert code == 1
    assert _apart(states) == {"cases": "saved again", "cases/more/B-2.toml": "saved again"}


def test_what_is_not_given_is_not_said_to_match(signed: SignedDesk, run: Run) -> None:
    """It could not be looked at, and what to name is said; what changed beside it is told first."""
    ran = run(
        "verify", signed.statements, "--also", signed.home / "letter.docx", "--rules", signed.home / "workshop/bikes"
    )
    assert ran.code == 2
    said = " ".join(ran.out.split())
    assert "8 things could not be looked at" in said
    assert "name the cases after the file of statements" in said
    assert "Everything that was signed matches" not in said
    (signed.home / "letter.docx").write_bytes(b"another")
    again = run("verify", signed.statements, "--also", signed.home / "letter.docx")
    assert again.code == 1


def test_tables_that_belong_together_are_told_apart(run: Run, bikes: Path, tmp_path: Path) -> None:
    """What was saved again, what says something else; and that no case is read from one of them alone."""
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "cases.csv").write_text("case.id,bike.wheels\nB-1,2\nB-2,2\n", encoding="utf-8")
    faults = folder / "faults.csv"
    faults.write_text("case.id,part\nB-1,brake\nB-2,chain\n", encoding="utf-8")
    days = ("--rules", bikes, "--taken-on", "2024-06-03")
    run("check", folder, *days, "--as-of", "2024-06-01", "--output", tmp_path / "f.json")
    named = (tmp_path / "s.jsonl", folder, "--findings", tmp_path / "f.json", "--rules", bikes)
    words = ("--statement", "s", "--by", "b", "--role", "r", "--taken-on", "2024-06-03")
    signed = run("sign", *named, *words)
    assert signed.code == 0, signed.err

    def rows(text: str) -> dict[str, str]:
        faults.write_text(text, encoding="utf-8")
        lines = run("verify", *named).out.splitlines()
        return {line.split()[0]: " ".join(line.split()[1:3]) for line in lines if line.startswith("cases/")}

    assert rows("case.id,part\nB-2,chain\nB-1,brake\n") == {
        "cases/cases.csv": "matches",
        "cases/faults.csv": "saved again",
    }
    assert rows("case.id,part\nB-2,chain\nB-1,light\n") == {
        "cases/cases.csv": "matches",
        "cases/faults.csv": "changed it",
    }


def test_other_rules_than_the_signed_ones_are_not_held_against_them(signed: SignedDesk, run: Run) -> None:
    """Where none are named, those that come with casescreen count: which are to be named is said."""
    shop = ("--rules", signed.home / "workshop" / "bikes")
    days = ("--as-of", "2024-06-01", "--taken-on", "2024-06-03")
    run("check", signed.home / "cases", *shop, *days, "--output", signed.home / "own.json")
    named = (signed.home / "own.jsonl", signed.home / "cases", "--findings", signed.home / "own.json")
    words = ("--statement", "s", "--by", "b", "--role", "r", "--taken-on", "2024-06-03")
    assert run("sign", *named, *shop, *words).code == 0
    assert run("verify", *named, *shop).code == 0
    ran = run("verify", *named)
    assert ran.code == 2
    [row] = [line for line in ran.out.splitlines() if line.startswith("rules/bikes")]
    assert "not given" in row
    assert "name them with --rules" in row


def test_a_named_file_that_is_not_there_is_told_beside_the_rest(signed: SignedDesk) -> None:
    """As not there, with what may be wrong."""
    signed.files["sample/sample.json"].unlink()
    code, states = _states(signed)
    assert code == 1
    assert _apart(states) == {"sample/sample.json": "not there"}
    assert "there is no such file" in " ".join(signed.verify().out.split())


def test_a_folder_that_is_misspelt_is_no_change(signed: SignedDesk, run: Run) -> None:
    """It is wrong use: else every case would seem to be gone."""
    ran = run("verify", signed.statements, signed.home / "kases", "--profile", signed.home / "shop.toml")
    assert ran.code == 2
    assert 'Did you mean "' in ran.err


def test_a_cut_at_the_end_is_found_with_the_code(signed: SignedDesk) -> None:
    """And without it verify says that it cannot see that."""
    signed.sign(says="Another.")
    code = signed.code()
    first = signed.statements.read_bytes().splitlines(keepends=True)[0]
    signed.statements.write_bytes(first)
    without = signed.verify()
    assert without.code == 0
    assert "cut off cannot be seen" in " ".join(without.out.split())
    found = signed.verify("--code", code)
    assert found.code == 1
    assert "taken off the end of the file, or was changed" in " ".join(found.out.split())


def test_the_code_says_which_statement_is_meant(signed: SignedDesk) -> None:
    """The minutes of May are of what was signed in May, whatever was signed since."""
    code = signed.code()
    signed.sign(says="Another.")
    ran = signed.verify("--code", code)
    assert ran.code == 0
    assert ran.out.startswith("Statement 1 of 2")
    assert "1 statement more was added after it." in " ".join(ran.out.split())
    assert signed.verify().out.startswith("Statement 2 of 2")
    assert signed.verify("--number", 1).out.startswith("Statement 1 of 2")


def test_a_code_that_is_mistyped_is_told_as_that(signed: SignedDesk) -> None:
    """It accuses nobody."""
    code = signed.code()
    wrong = ("0" if code[0] != "0" else "1") + code[1:]
    ran = signed.verify("--code", wrong)
    assert ran.code == 2
    assert "it differs in 1 character from that of statement 1" in ran.err
    assert signed.verify("--code", "7f3a").code == 2


def test_lines_that_changed_are_named_and_the_rest_is_verified(signed: SignedDesk) -> None:
    """The line, what is wrong with it, and what to do; a statement of another line still counts for what it says."""
    signed.sign(says="Another.")
    signed.statements.write_bytes(signed.statements.read_bytes().replace(b"A. Wright", b"A. Knight", 1))
    ran = signed.verify()
    said = " ".join(ran.out.split())
    assert ran.code == 1
    assert "line 1: it was changed since it was written" in said
    assert "Put back a copy of the file as it was." in said
    assert "Changed since it was signed" not in said


def test_lines_that_changed_places_are_named(signed: SignedDesk) -> None:
    """As out of their order."""
    signed.sign(says="Another.")
    lines = signed.statements.read_bytes().splitlines(keepends=True)
    signed.statements.write_bytes(b"".join(reversed(lines)))
    ran = signed.verify()
    assert ran.code == 1
    assert "those before it were taken out or moved" in " ".join(ran.out.split())


def test_a_statement_that_cannot_be_read_is_unusable(signed: SignedDesk) -> None:
    """And so is a file that holds none, or a number that it does not have."""
    signed.sign(says="Another.")
    content = signed.statements.read_bytes()
    signed.statements.write_bytes(content[:-200])
    ran = signed.verify()
    assert ran.code == 2
    assert "line 2: it cannot be read" in ran.err
    assert signed.verify("--number", 1).code == 1
    assert signed.verify("--number", 9).code == 2
    signed.statements.write_bytes(b"# nothing\n")
    assert signed.verify().code == 2


@pytest.mark.parametrize("ending", [".txt", ".md", ".json"])
def test_what_came_of_it_is_written(signed: SignedDesk, ending: str) -> None:
    """In the form that the name ends in, the same bytes each time; never over what is read, nor over another file."""
    output = signed.home / f"verified{ending}"
    assert signed.verify("--output", output).code == 0
    first = output.read_bytes()
    assert b"cases" in first
    assert signed.verify("--output", output).code == 2
    assert signed.verify("--output", output, "--force").code == 0
    assert output.read_bytes() == first
    for taken in (signed.statements, signed.home / "findings.json"):
        assert signed.verify("--output", taken, "--force").code == 2
    assert signed.verify("--output", signed.home / "verified.pdf").code == 2


def test_names_in_a_statement_do_nothing(signed: SignedDesk) -> None:
    """What somebody writes in the place of a name is shown, and safe to print."""
    case = signed.home / "cases" / "\u202egnp.toml"
    (signed.home / "cases" / "B-1.toml").rename(case)
    ran = signed.verify("--output", signed.home / "v.md")
    assert ran.code == 0
    assert "\u202e" not in ran.out + (signed.home / "v.md").read_text(encoding="utf-8")


def test_settings_and_holidays_of_the_run_are_those_of_the_statement(desk: SignedDesk) -> None:
    """They need not be typed again."""
    options = ("--set", "repair_due=3 working days", "--holiday", "2024-04-03")
    desk.check("--output", desk.home / "findings.json", "--force", *options)
    assert desk.sign().code == 2
    assert desk.sign(*options).code == 0
    case = desk.files["cases/B-1.toml"]
    case.write_text(case.read_text(encoding="utf-8") + "# x\n", encoding="utf-8")
    rules = desk.files["rules/bikes"]
    rules.write_text(rules.read_text(encoding="utf-8") + "# x\n", encoding="utf-8")
    _, states = _states(desk)
    assert _apart(states) == dict.fromkeys(("rules/bikes", "cases", "cases/B-1.toml"), "saved again")


def test_a_table_under_another_name_is_read_as_something_else(desk: SignedDesk) -> None:
    """The bytes of every file are the same, and what they say together is not: the name of a table says what it is."""
    for file in (desk.home / "cases").rglob("*.toml"):
        file.unlink()
    cases = desk.home / "cases" / "cases.csv"
    cases.write_text("case.id,bike.kind,bike.wheels,repair.brought_on\nB-1,city bike,2,2024-04-01\n", encoding="utf-8")
    parts = desk.home / "cases" / "faults.csv"
    parts.write_text("case.id,part\nB-1,chain\n", encoding="utf-8")
    assert desk.check("--output", desk.home / "findings.json", "--force").code in {0, 1}
    signed = desk.sign()
    assert signed.code == 0, signed.err
    assert desk.verify().code == 0
    parts.rename(desk.home / "cases" / "bits.csv")
    code, states = _states(desk)
    assert code == 1
    assert states["cases"] == "changed"
    assert states["cases/faults.csv"] == "matches, under another name"
