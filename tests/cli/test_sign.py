"""casescreen sign: what is signed is what was found, and nothing is half written."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

import pytest
from signed_desk import SignedDesk
from two_readers import reading

from casescreen.model.sign_off import SignedSubject
from casescreen.review.agreement_files import agreement_csv
from casescreen.review.answer_files import write_answer_set
from casescreen.review.pairing import agreement_of
from casescreen.review.signed_subjects import ContentReader, PresentSubject, with_contents
from casescreen.rulebook.load import load_rulebook


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


def _subjects(desk: SignedDesk) -> dict[str, dict[str, str]]:
    [line] = desk.statements.read_text(encoding="ascii").splitlines()
    return {one["name"]: one["digest"] for one in json.loads(line)["subject"]}


def test_what_is_signed_is_written_down(desk: SignedDesk) -> None:
    """Every sort of thing with its name and digests, who says what, and a code for the minutes."""
    signed = desk.sign()
    assert signed.code == 0, signed.err
    assert '"This is what we found." A. Wright, owner of the shop, on 4 June 2024.' in signed.out
    assert "1 rulebook, 1 profile, 2 case files, 1 findings file, 1 file of answers" in " ".join(signed.out.split())
    shown = " ".join(desk.code()[at : at + 4] for at in range(0, 32, 4))
    assert shown in signed.out.splitlines()
    assert "not who signed" in " ".join(signed.out.split())
    subjects = _subjects(desk)
    assert list(subjects) == ["rules/bikes", "profile/shop.toml", "cases", *list(desk.files)[2:]]
    assert list(subjects["documents/letter.docx"]) == ["sha256"]
    assert all("casescreenContentV1" in one for name, one in subjects.items() if not name.startswith("documents"))


def test_contents_are_those_of_reports(desk: SignedDesk) -> None:
    """The hashes of rules and cases in a statement are those that stand in the findings."""
    desk.sign()
    findings = json.loads((desk.home / "findings.json").read_text(encoding="utf-8"))
    subjects = _subjects(desk)
    assert subjects["rules/bikes"]["casescreenContentV1"] == findings["rulebook"]["hash"]
    assert subjects["cases"]["casescreenContentV1"] == findings["cases_hash"]


def test_the_same_is_the_same_bytes_anywhere(desk: SignedDesk, tmp_path: Path, run: Run) -> None:
    """No clock, no path and no order of arguments enters a statement whose days are given."""
    desk.sign()
    shutil.copytree(desk.home, moved := tmp_path / "moved" / "elsewhere")
    (moved / "statements.jsonl").unlink()
    SignedDesk(moved, run).sign()
    assert (moved / "statements.jsonl").read_bytes() == desk.statements.read_bytes()


def test_statements_follow_one_another(desk: SignedDesk) -> None:
    """The second is the second, and the first stays as it was."""
    desk.sign()
    before = desk.statements.read_bytes()
    assert "statement 2" in desk.sign(says="Again.").out
    assert desk.statements.read_bytes().startswith(before)
    assert desk.verify("--code", desk.code()).code == 0


@pytest.mark.parametrize(
    ("changed", "old", "new", "words"),
    [
        ("cases/B-1.toml", "wheels = 2", "wheels = 3", "the findings are of cases with the hash"),
        ("rules/bikes", "high", "low", "the findings are by rules bikes, hash"),
        ("profile/shop.toml", "6 working", "7 working", "the findings are by rules bikes, hash"),
        ("findings/findings.json", '"outcome": "not met"', '"outcome": "met"', "is not met, and the file says met"),
        ("findings/findings.json", '"days_late": ', '"days_late": 1', "do not find this"),
        ("findings/findings.json", '"of": ', '"of": 1', "its rates or conclusions are not those of its findings"),
        ("findings/findings.json", '"pseudonyms": ""', '"pseudonyms": "00"', "has pseudonyms"),
        ("findings/findings.json", "{", "{{", "it is damaged"),
        ("waivers/waivers.toml", "not met", "met", "leaves nothing to accept"),
        ("answers/first.json", '"yes"', '"maybe"', "maybe"),
        ("sample/sample.json", "{", "[", "sample.json"),
    ],
)
def test_what_does_not_belong_together_is_not_signed(
    desk: SignedDesk, changed: str, old: str, new: str, words: str
) -> None:
    """What is wrong is told, and no file of statements is made."""
    file = desk.files[changed]
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    refused = desk.sign()
    assert refused.code == 2
    assert words in " ".join(refused.err.split())
    assert not desk.statements.exists()


def test_all_that_differs_is_told_at_once(desk: SignedDesk) -> None:
    """Rules and cases both."""
    for name in ("cases/B-1.toml", "profile/shop.toml"):
        file = desk.files[name]
        file.write_text(file.read_text(encoding="utf-8").replace("6", "7").replace("04-01", "04-02"), encoding="utf-8")
    refused = desk.sign()
    assert "by rules" in refused.err
    assert "of cases with the hash" in refused.err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        (" \t", "is empty"),
        ("a\nb", "line break"),
        ("a\u202eb", "cannot be seen"),
        ("a\u2028b", "cannot be seen"),
        ("a\udcffb", "cannot be seen"),
        ("x" * 1_001, "more than 1,000 characters"),
    ],
)
def test_what_nobody_can_read_is_not_signed(desk: SignedDesk, text: str, words: str) -> None:
    """Of what is stated and of names alike."""
    for refused in (desk.sign(says=text), desk.sign(by=text)):
        assert refused.code == 2
        assert words in refused.err
    assert not desk.statements.exists()


def test_what_is_read_is_never_written_to(desk: SignedDesk, run: Run) -> None:
    """Nor are statements put among the cases, where the next run would take them for records."""
    for file in (desk.home / "findings.json", desk.home / "letter.docx", desk.home / "cases" / "B-1.toml"):
        before = file.read_bytes()
        words = ("--statement", "s", "--by", "b", "--role", "r")
        findings = ("--findings", desk.home / "findings.json", "--also", desk.home / "letter.docx")
        refused = run("sign", file, desk.home / "cases", *findings, *words)
        assert refused.code == 2
        assert "was left as it is" in refused.err
        assert file.read_bytes() == before


def test_a_file_that_is_no_file_of_statements_is_left_as_it_is(desk: SignedDesk) -> None:
    """Whatever it holds; an empty one can be begun."""
    desk.statements.write_bytes(b"my notes\n")
    assert desk.sign().code == 2
    assert desk.statements.read_bytes() == b"my notes\n"
    desk.statements.write_bytes(b"")
    assert desk.sign().code == 0


def test_nothing_is_added_to_statements_that_were_changed(desk: SignedDesk) -> None:
    """It would be covered up."""
    desk.sign()
    desk.statements.write_bytes(changed := desk.statements.read_bytes().replace(b"Wright", b"Knight"))
    refused = desk.sign()
    assert refused.code == 2
    assert "Line 1: it was changed since it was written" in refused.err
    assert "casescreen verify" in refused.err
    assert desk.statements.read_bytes() == changed


def test_standard_input_cannot_be_signed(desk: SignedDesk, run: Run) -> None:
    """Nobody could hold it against the statement later."""
    words = ("--statement", "s", "--by", "b", "--role", "r")
    refused = run("sign", desk.statements, "-", "--findings", desk.home / "findings.json", *words)
    assert refused.code == 2
    assert "standard input cannot be signed" in refused.err


def test_what_is_not_there_is_told_all_at_once(desk: SignedDesk) -> None:
    """Before anything is screened."""
    desk.files["sample/sample.json"].unlink()
    desk.files["documents/letter.docx"].unlink()
    refused = desk.sign()
    assert refused.code == 2
    assert "sample.json: there is no such file" in refused.err
    assert "letter.docx: there is no such file" in refused.err


def test_a_file_that_changes_meanwhile_is_not_signed(desk: SignedDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was hashed and what was read would be two things."""

    def slow(present: Iterable[PresentSubject], reader: ContentReader) -> tuple[SignedSubject, ...]:
        (desk.home / "letter.docx").write_bytes(b"another letter")
        return with_contents(present, reader)

    monkeypatch.setattr("casescreen.cli.sign.with_contents", slow)
    refused = desk.sign()
    assert refused.code == 2
    assert "changed while it was being signed" in refused.err
    assert not desk.statements.exists()


def test_waivers_that_are_not_named_are_mentioned(desk: SignedDesk, run: Run) -> None:
    """Where the findings say that something is accepted."""
    desk.check("--output", desk.home / "findings.json", "--force", "--waivers", desk.home / "waivers.toml")
    assert "--waivers" not in desk.sign().err
    named = [one for one in desk.named if one not in ("--waivers", desk.home / "waivers.toml")]
    words = ("--statement", "s", "--by", "b", "--role", "r", "--taken-on", "2024-06-03")
    signed = run("sign", *named, *words)
    assert signed.code == 0
    assert "name their file with --waivers" in signed.err


def test_findings_by_a_readers_answers_are_signed_with_them(desk: SignedDesk) -> None:
    """And with what was moderated of them; without the file that was used they are not those of these cases."""
    first, second = (reading(name, {"B-1": said, "B-2": "no"}) for name, said in (("A. One", "yes"), ("B. Two", "no")))
    rulebook = load_rulebook(desk.home / "workshop" / "bikes")
    for answers in (first, second):
        write_answer_set(desk.home / answers.source, answers, rulebook, force=False)
    rows = [*csv.DictReader(io.StringIO(agreement_csv(agreement_of(first, second, rulebook)).lstrip("\ufeff")))]
    rows[0] |= {"Moderated answer": "no", "By": "C. Lead", "On": "2024-05-30", "Reason": "It was late."}
    with (desk.home / "moderated.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0]])
        writer.writeheader()
        writer.writerows(rows)
    used, moderated = ("--answers", desk.home / "a.xlsx"), ("--moderated", desk.home / "moderated.csv")
    both = (*used, "--answers", desk.home / "b.xlsx", *moderated)
    for options, signed in (((), ()), (used, used), ((*used, *moderated), both)):
        desk.check("--output", desk.home / "findings.json", "--force", *options)
        if options:
            assert "of cases with the hash" in desk.sign().err
        ran = desk.sign(*signed)
        assert ran.code == 0, ran.err
        assert desk.verify(*signed).code == 0
        assert "SIGNED         by A. Wright" in (said := desk.check("--signed", desk.statements, *options).out)
        assert "2024: matches" in said
    sheet = desk.home / "moderated.csv"
    sheet.write_text(sheet.read_text(encoding="utf-8").replace("It was late", "It was not"), encoding="utf-8")
    changed = desk.verify(*both)
    assert changed.code == 1
    assert "moderated/moderated.csv (changed)" in " ".join(changed.out.split())


def test_columns_that_nobody_has_confirmed_are_not_signed(run: Run, bikes: Path, tmp_path: Path) -> None:
    """A suggestion is for whoever looks at it."""
    table = tmp_path / "export.csv"
    table.write_text("Ref,Bike type,Wheels\nB-1,city bike,2\n", encoding="utf-8")
    days = ("--rules", bikes, "--taken-on", "2024-06-01")
    run("check", table, *days, "--as-of", "2024-06-01", "--output", tmp_path / "findings.json")
    words = ("--statement", "s", "--by", "b", "--role", "r")
    refused = run("sign", tmp_path / "s.jsonl", table, "--findings", tmp_path / "findings.json", *words, *days)
    assert refused.code == 2
    assert not (tmp_path / "s.jsonl").exists()
