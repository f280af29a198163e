"""casescreen check --signed: every report says who signed, and whether it is of what they signed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Protocol
from zipfile import ZipFile

import openpyxl
import pytest
from jsonschema import Draft202012Validator
from signed_desk import SignedDesk

from casescreen.report.formats.json import json_schema


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]

_BY = "by A. Wright, owner of the shop, on 4 June 2024"


@pytest.fixture
def signed(desk: SignedDesk) -> SignedDesk:
    assert desk.sign().code == 0
    return desk


def _said(desk: SignedDesk, *arguments: object) -> str:
    """What the first screen says of it."""
    ran = desk.check("--signed", desk.statements, *arguments)
    return " ".join(ran.out.split()).partition("SIGNED ")[2]


def test_every_report_says_so(signed: SignedDesk) -> None:
    """On the first screen, in the whole report, in Markdown, on the page, on the cover, in JSON and in the letter."""
    names = ["r.txt", "r.md", "r.html", "r.xlsx", "r.json"]
    outputs = [part for name in names for part in ("--output", signed.home / name)]
    assert _said(signed, *outputs).startswith(f"{_BY}: matches")
    for name in ("r.txt", "r.md", "r.html"):
        text = " ".join((signed.home / name).read_text(encoding="utf-8").split())
        assert f"Signed {_BY}: matches. Compared are the rules, the cases and the findings" in text.replace("\\", "")
        assert "not who signed" in text
    cover = openpyxl.load_workbook(signed.home / "r.xlsx").worksheets[0]
    assert f"{_BY}: matches" in [cell for row in cover.iter_rows(values_only=True) for cell in row]
    made = json.loads((signed.home / "r.json").read_text(encoding="ascii"))
    Draft202012Validator(json.loads(json_schema("screening"))).validate(made)
    assert made["signed"] == {
        "by": "A. Wright",
        "role": "owner of the shop",
        "on": "2024-06-04",
        "number": 1,
        "as_of": "2024-06-01",
        "matches": True,
        "changed": [],
    }


def test_the_letter_says_so(run: Run, tmp_path: Path) -> None:
    """In the appendix that says how it was made."""
    cases = Path(__file__).parents[2] / "cases" / "somerset-2016"
    day = ("--as-of", "2016-05-09")
    run("check", cases, *day, "--output", tmp_path / "f.json")
    words = ("--statement", "s", "--by", "A. Wright", "--role", "owner of the shop", "--on", "2024-06-04")
    assert run("sign", tmp_path / "s.jsonl", cases, "--findings", tmp_path / "f.json", *words).code == 0
    run("check", cases, *day, "--signed", tmp_path / "s.jsonl", "--output", tmp_path / "letter.docx")
    with ZipFile(tmp_path / "letter.docx") as parts:
        assert f"Signed {_BY}: matches." in parts.read("word/document.xml").decode()


def test_without_statements_nothing_is_another(signed: SignedDesk) -> None:
    """And what is found is the same to the byte, but for the one key."""
    outputs = {name: signed.home / name for name in ("a.json", "b.json", "a.csv", "b.csv")}
    signed.check("--output", outputs["a.json"], "--output", outputs["a.csv"])
    signed.check("--output", outputs["b.json"], "--output", outputs["b.csv"], "--signed", signed.statements)
    without, with_ = (json.loads(outputs[name].read_text(encoding="ascii")) for name in ("a.json", "b.json"))
    assert with_.pop("signed")["matches"]
    assert with_ == without
    assert "signed" not in without
    assert outputs["a.csv"].read_bytes() == outputs["b.csv"].read_bytes()
    assert list(csv.reader(io.StringIO(outputs["a.csv"].read_text(encoding="utf-8-sig"))))


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("cases/B-1.toml", "wheels = 2", "wheels = 3", "changed since: cases"),
        ("cases/B-1.toml", "done = false", "done = true\ndone_on = 2024-04-02", "changed since: cases, findings"),
        ("rules/bikes", 'remedy = "Repair', 'remedy = "Mend', "changed since: rules"),
        ("profile/shop.toml", "6 working", "1 working", "changed since: rules, findings"),
        ("cases/B-1.toml", "wheels", "# a remark\nwheels", "matches"),
    ],
)
def test_what_changed_is_named(signed: SignedDesk, name: str, old: str, new: str, said: str) -> None:
    """And nothing else; a file that was saved again, and says the same, is no change of a run."""
    file = signed.files[name]
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    shown = _said(signed)
    rest = shown.removeprefix(_BY).lstrip("; :")
    assert rest.startswith(f"{said} ")
    assert rest.removeprefix(f"{said} ").partition(" ")[0].isupper()


def test_a_run_as_at_another_day_says_as_at_which_day_it_was_signed(signed: SignedDesk) -> None:
    """Findings of a later day are others."""
    assert "changed since: findings (as at 1 June 2024 then)" in _said(signed, "--as-of", "2024-06-02")


def test_it_is_the_last_statement_that_counts(signed: SignedDesk) -> None:
    """Who signs again signs what is there now."""
    file = signed.files["cases/B-1.toml"]
    file.write_text(file.read_text(encoding="utf-8").replace("wheels = 2", "wheels = 3"), encoding="utf-8")
    signed.check("--output", signed.home / "findings.json", "--force")
    signed.sign(by="B. Smith")
    assert _said(signed).startswith("by B. Smith, owner of the shop, on 4 June 2024: matches")


def test_names_stay_out_of_pseudonymous_copies(signed: SignedDesk) -> None:
    """That it matches is told, and on which day it was signed; what is compared is the record with its names."""
    names = ["r.txt", "r.html", "r.json", "r.xlsx"]
    outputs = [part for name in names for part in ("--output", signed.home / name)]
    ran = signed.check("--signed", signed.statements, "--pseudonyms", signed.home / "key", *outputs)
    texts = [ran.out, *((signed.home / name).read_text(encoding="utf-8") for name in names[:3])]
    texts.append(str([row for sheet in openpyxl.load_workbook(signed.home / "r.xlsx") for row in sheet.values]))
    hashes = _contents_of_cases(signed)
    assert len(hashes) == 3
    for text in texts:
        assert "Wright" not in text
        assert "owner of the shop" not in text
        assert not [one for one in hashes if one[:12] in text]
    assert "SIGNED         on 4 June 2024: matches" in ran.out
    made = json.loads(texts[3])
    assert (made["signed"]["by"], made["signed"]["matches"]) == ("", True)
    assert "B-1" not in texts[3]


def _contents_of_cases(desk: SignedDesk) -> list[str]:
    [line] = desk.statements.read_text(encoding="ascii").splitlines()
    subjects = [one for one in json.loads(line)["subject"] if one["name"].startswith("cases")]
    return [one["digest"]["casescreenContentV1"] for one in subjects]


def test_findings_of_a_sample_are_signed_and_match_a_run_of_it(run: Run, tmp_path: Path) -> None:
    """What is signed is all case files; what is compared is the cases that were screened."""
    cases = Path(__file__).parents[2] / "cases" / "somerset-2016"
    day = ("--as-of", "2016-05-09", "--taken-on", "2016-05-09")
    plan = tmp_path / "plan.toml"
    plan.write_text('title = "Sample"\nas_of = 2016-05-09\nsize = 5\n', encoding="utf-8")
    drawn = run("sample", "draw", plan, cases, "--seed", "4711", "--output", tmp_path / "sample.json")
    assert drawn.code == 0, drawn.err
    sample = ("--sample", tmp_path / "sample.json")
    run("check", cases, *day, *sample, "--output", tmp_path / "f.json")
    named = (tmp_path / "s.jsonl", cases, "--findings", tmp_path / "f.json")
    words = ("--statement", "s", "--by", "A. Wright", "--role", "owner of the shop", "--on", "2024-06-04")
    refused = run("sign", *named, *words, *day[2:])
    assert refused.code == 2
    assert "of cases with the hash" in refused.err
    assert run("sign", *named, *sample, *words, *day[2:]).code == 0
    assert run("verify", *named, *sample).code == 0
    assert f"{_BY}: matches" in " ".join(run("check", cases, *day, *sample, "--signed", named[0]).out.split())
    assert f"{_BY}; changed since: cases, findings" in " ".join(
        run("check", cases, *day, "--signed", named[0]).out.split()
    )


def test_small_counts_cannot_be_hidden_with_it(signed: SignedDesk) -> None:
    """Whether a copy is of what was signed would tell which cases it is of."""
    refused = signed.check("--signed", signed.statements, "--suppress-under", "5")
    assert refused.code == 2
    assert "--signed, which tells whether two runs are of the same cases" in refused.err


def test_statements_that_are_not_as_they_were_stop_the_run(signed: SignedDesk) -> None:
    """Nothing is said to match that somebody may have written since; nor is a missing file passed over."""
    content = signed.statements.read_bytes()
    for changed in (content.replace(b"Wright", b"Knight"), content[:-9], b"# mine\n", b""):
        signed.statements.write_bytes(changed)
        ran = signed.check("--signed", signed.statements)
        assert ran.code == 2
        assert "SIGNED" not in ran.out
    signed.statements.unlink()
    assert "there is no such file" in signed.check("--signed", signed.statements).err


def test_a_report_is_never_written_over_the_statements(signed: SignedDesk) -> None:
    """Whatever may be replaced."""
    before = signed.statements.read_bytes()
    output = ("--format", "json", "--output", signed.statements, "--force")
    assert signed.check("--signed", signed.statements, *output).code == 2
    assert signed.statements.read_bytes() == before


def test_what_somebody_typed_as_a_name_does_nothing(desk: SignedDesk) -> None:
    """In no report: markup, a formula, a link."""
    desk.sign(by='=HYPERLINK("http://x") <b>[x](y)</b>')
    names = ["r.md", "r.html", "r.xlsx"]
    outputs = [part for name in names for part in ("--output", desk.home / name)]
    desk.check("--signed", desk.statements, *outputs)
    page = (desk.home / "r.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;[x](y)" in page
    assert "<b>[x]" not in page
    assert "\\[x\\]" in (desk.home / "r.md").read_text(encoding="utf-8")
    cells = openpyxl.load_workbook(desk.home / "r.xlsx").worksheets[0].iter_rows()
    assert not [cell for row in cells for cell in row if cell.data_type == "f"]
