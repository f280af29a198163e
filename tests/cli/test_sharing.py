"""Reports that can be shared: pseudonyms, and text only where it is asked for."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import stat
import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Protocol

import polars as pl
import pytest

from casescreen import load_rulebook
from casescreen.report.formats.registry import FORMATS


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]

# Ids, names and texts that stand nowhere but in the records, each of them in as many places as can be.
_ID, _OTHER_ID = "Zq-4711", "Zq-4712"
_NAMES = (_ID, _OTHER_ID, "Xandrabeth", "Ysoldewyn", "Quillteam")
_TEXT = "Text about Zq-4711 and Xandrabeth"
_CASE = """\
[case]
id = "{id}"
manager = "Xandrabeth {id}"
supervisor = "Ysoldewyn"
team = "Quillteam"
[order]
type = "youth rehabilitation order"
starts_on = 2016-02-01
[harm]
level = "very high"
factors_to_manage = true
victims_identified = true
[plan]
exists = true
completed_on = 2016-02-02
note = "{text}"
[vulnerability]
level = "high"
needs_plan = true
[assessment]
note = "{text}"
[[reports]]
id = "{text} R"
kind = "panel report"
analyses_why = false
[[victims]]
reference = "{text} V"
risk_analysed = false
[[other_behaviours]]
behaviour = "{text} B"
explored = false
[[harm_actions]]
action = "{text} A"
names_who = false
[[vulnerability_factors]]
factor = "{text} F"
link_to_offending = "not considered"
[[decisions]]
decision = "{text} D"
in_plan = false
[[answers]]
criterion = "panel-report-quality"
item = "{text} R"
answer = "yes"
reason = "{text}"
reader = "Xandrabeth"
[[answers]]
criterion = "initial-assessment"
answer = "n/a"
reason = "{text}"
[[answers]]
criterion = "management-oversight"
answer = "no"
reason = "{text}"
"""
_SOMERSET = Path(__file__).parents[2] / "cases" / "somerset-2016"
_ENDINGS = tuple(one.ending.removeprefix(".") for one in FORMATS.values())


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """Two cases with names and texts wherever a record has room for one, and a third that cannot be screened."""
    folder = tmp_path / f"cases of {_ID}"
    folder.mkdir()
    for one in (_ID, _OTHER_ID):
        text = _CASE.format(id=one, text=_TEXT)
        (folder / f"{one}.toml").write_text(text, encoding="utf-8")
    late = _CASE.format(id="Zq-4713", text=_TEXT).replace("completed_on = 2016-02-02", "completed_on = 2026-02-02")
    (folder / "Xandrabeth.toml").write_text(late, encoding="utf-8")
    return folder


def _parts(file: Path) -> bytes:
    """All that a file says: of a workbook or a Word document, the names and contents of its parts."""
    content = file.read_bytes()
    if content.startswith(b"PAR1"):  # compressed
        return str(pl.read_parquet(content).to_dicts()).encode()
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return b"\n".join(member.filename.encode() + package.read(member) for member in package.infolist())


def _report(run: Run, cases: Path, ending: str, *options: object) -> tuple[Ran, bytes]:
    file = cases.parent / f"report-{len(options)}.{ending}"
    if ending == "docx":
        options = (*options, "--rules", _rules_with_a_letter_of_little(cases.parent / "rules"))
    ran = run("check", cases, "--as-of", "2016-05-09", "--output", file, *options)
    return ran, _parts(file)


def _rules_with_a_letter_of_little(folder: Path) -> Path:
    """The shipped rulebook, with a letter however little is known: the records here leave most things out."""
    if not folder.exists():
        shutil.copytree(Path(__file__).parents[2] / "rules", folder)
        root = folder / "sqs-2016" / "rulebook.toml"
        head, name, rest = root.read_text(encoding="utf-8").partition("[parameters.letter_minimum_known]")
        root.write_text(head + name + rest.replace("= 60", "= 1", 1), encoding="utf-8")
    return folder / "sqs-2016"


@pytest.mark.parametrize("ending", _ENDINGS)
@pytest.mark.parametrize("by", ["theme", "case", "manager", "team"])
def test_no_name_reaches_a_report_under_pseudonyms(run: Run, planted: Path, ending: str, by: str) -> None:
    """Of ids, names, keys of rows, texts and file names, not one byte sequence is in any form of report, nor told."""
    ran, said = _report(run, planted, ending, "--by", by, "--per-owner", "--pseudonyms", planted.parent / "key")
    for name in (*_NAMES, "Text about", "Zq-4713"):
        assert name.encode() not in said
        assert name not in ran.out
        assert name not in ran.err.replace(str(planted.parent), "")
    assert b"case-" in said


@pytest.mark.parametrize("ending", _ENDINGS)
def test_text_is_shown_only_where_it_is_asked_for(run: Run, planted: Path, ending: str) -> None:
    """Notes, readers' reasons and descriptions are in a report with --with-text, and in none without."""
    _, without = _report(run, planted, ending)
    text = re.compile(rb"Text about Zq-4711 and Xandrabeth(?! R)")
    assert not text.search(without)
    assert _ID.encode() in without
    _, shown = _report(run, planted, ending, "--with-text")
    assert text.search(shown) or ending == "docx"  # a letter quotes no record


def test_explain_shows_text_only_where_it_is_asked_for(run: Run, planted: Path) -> None:
    """Rows are called by number and reasons left out, unless --with-text is given."""
    arguments = ("explain", planted / f"{_ID}.toml", "--as-of", "2016-05-09")
    assert "Text about Zq-4711 and Xandrabeth B" in run(*arguments, "--with-text").out
    plain = run(*arguments).out
    assert "Xandrabeth B" not in plain
    assert "harmful behaviour 1" in plain
    assert "with a reason." in plain


def test_the_key_file_is_made_once_and_only_for_its_owner(run: Run, planted: Path, tmp_path: Path) -> None:
    """A new key is told of and readable by its owner only; the next run uses it, and says nothing."""
    key = tmp_path / "key"
    first = run("check", planted, "--as-of", "2016-05-09", "--pseudonyms", key)
    made = key.read_text(encoding="ascii")
    assert re.fullmatch(r"[0-9a-f]{64}\n", made)
    assert "Keep it apart from the reports" in first.err
    if os.name == "posix":
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    second = run("check", planted, "--as-of", "2016-05-09", "--pseudonyms", key)
    assert (second.out, key.read_text(encoding="ascii")) == (first.out, made)
    assert "new key" not in second.err
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("text", ["", "abc", "a" * 62, "g" * 64, "a" * 65, "a" * 64 + "\n" + "b" * 64, "a" * 5_000])
def test_a_damaged_key_file_is_refused_and_kept(run: Run, planted: Path, tmp_path: Path, text: str) -> None:
    """A file that holds no whole key stops the run before anything is written, and stays as it is."""
    key, out = tmp_path / "key", tmp_path / "out.txt"
    key.write_text(text, encoding="ascii")
    ran = run("check", planted, "--pseudonyms", key, "--output", out)
    assert ran.code == 2
    assert "does not hold a key" in ran.err
    assert "What to do: put back a copy" in ran.err
    assert key.read_text(encoding="ascii") == text
    assert not out.exists()


def test_a_key_file_in_no_folder_is_told(run: Run, planted: Path, tmp_path: Path) -> None:
    """Where no key file can be made, the user is told, without a traceback."""
    ran = run("check", planted, "--pseudonyms", tmp_path / "nowhere" / "key")
    assert (ran.code, "could not be read or made" in ran.err) == (2, True)


def test_text_and_pseudonyms_do_not_go_together(run: Run, planted: Path, tmp_path: Path) -> None:
    """A text can name anybody, so both at once are refused before a key is made."""
    ran = run("check", planted, "--with-text", "--pseudonyms", tmp_path / "key")
    assert (ran.code, "a text can name anybody" in ran.err) == (2, True)
    assert not (tmp_path / "key").exists()


def test_no_key_is_made_where_there_is_no_such_file(run: Run, planted: Path, tmp_path: Path) -> None:
    """A name that leads nowhere is told as it was typed, without any that stands beside it, and no key is made."""
    ran = run("check", planted / "Xandrabeht.toml", "--pseudonyms", tmp_path / "key")
    assert ran.code == 2
    assert "Xandrabeht.toml: there is no such file or folder\n  What to do: Look at the spelling" in ran.err
    assert "Xandrabeth.toml" not in ran.err
    assert not (tmp_path / "key").exists()


def test_problems_are_only_counted_where_no_record_can_be_screened(run: Run, tmp_path: Path) -> None:
    """Under pseudonyms, a run without a single sound record names no file and quotes nothing either."""
    (tmp_path / "Xandrabeth.toml").write_text(
        '[case]\nid = ["Zq-4711"]\n[plan]\nexists = "Xandrabeth"\n', encoding="utf-8"
    )
    ran = run("check", tmp_path, "--pseudonyms", tmp_path / "key")
    assert ran.code == 2
    assert "1 problem with the records" in ran.err
    assert "Xandrabeth" not in ran.err.replace(str(tmp_path), "")


def test_what_looks_like_a_person_is_warned_of_and_stops_nothing(run: Run, tmp_path: Path) -> None:
    """The warning is on standard error, without the value; the report and the exit code are as they would be."""
    text = '[case]\nid = "A-1"\n[plan]\nnote = "Jayden Oakley, TA1 1AA"\n'
    (tmp_path / "one.toml").write_text(text, encoding="utf-8")
    warned = run("check", "--full", tmp_path, "--as-of", "2016-05-09")
    (tmp_path / "one.toml").write_text(text.replace("Jayden Oakley, TA1 1AA", "Nothing"), encoding="utf-8")
    plain = run("check", "--full", tmp_path, "--as-of", "2016-05-09")
    assert "a postcode, in 1 record: A-1 (note on the plan)" in warned.err
    assert "TA1 1AA" not in warned.err + warned.out
    assert (plain.err, plain.code) == ("", warned.code)
    assert "As at 9 May 2016. 1 case screened." in warned.out


@pytest.mark.parametrize("ending", ["txt", "md", "json", "html", "xlsx", "docx"])
@pytest.mark.parametrize("by", ["theme", "manager", "team"])
def test_a_copy_to_share_has_no_single_case(run: Run, tmp_path: Path, ending: str, by: str) -> None:
    """No case is named in any form, no reason or remedy of a finding is in it, and it says what was left out."""
    file = tmp_path / f"copy.{ending}"
    run("check", _SOMERSET, "--as-of", "2016-05-09", "--suppress-under", "5", "--by", by, "--output", file)
    said = _parts(file)
    assert b"SOM-" not in said
    assert b"The reader answered" not in said
    assert b"Left out is all that is about single cases" in b" ".join(said.split())


def test_figures_are_the_same_in_every_form_of_a_copy(run: Run, tmp_path: Path) -> None:
    """A count that is shown in one form is shown in all; one that is kept back is kept back in all."""
    files = {ending: tmp_path / f"copy.{ending}" for ending in ("md", "json", "html")}
    outputs = [part for file in files.values() for part in ("--output", file)]
    run("check", _SOMERSET, "--as-of", "2016-05-09", "--suppress-under", "5", *outputs)
    made = json.loads(files["json"].read_text(encoding="utf-8"))
    page, text = files["html"].read_text(encoding="utf-8"), files["md"].read_text(encoding="utf-8")
    shown = {"few": "<5", "withheld": "[c]", 0: "-"}
    assert len(made["figures"]) == len(load_rulebook().criteria)
    rows = [line for line in text.splitlines() if line.startswith("| ") and "[c]" in line.replace("\\", "")]
    assert rows
    for one in made["figures"]:
        cells = [str(shown.get(count, count)) for count in one["counts"].values()]
        assert "".join(f'<td class="figures">{escape(cell)}</td>' for cell in cells[2:]) in page
        assert " | ".join(re.sub(r"([<\[\]-])", r"\\\1", cell).replace("\\-", "-") for cell in cells[2:]) in text


@pytest.mark.parametrize("options", [("--with-text",), ("--by", "case")])
def test_what_shows_single_cases_cannot_go_with_suppression(run: Run, tmp_path: Path, options: tuple[str, ...]) -> None:
    """Options that ask for what is left out are refused, with the reason."""
    ran = run("check", tmp_path, "--suppress-under", "5", *options)
    assert ran.code == 2
    assert "cannot go with --suppress-under" in ran.err


def test_a_list_of_findings_is_no_copy_to_share(run: Run, tmp_path: Path) -> None:
    """CSV has nothing but single cases, so it is refused before anything is written."""
    ran = run("check", _SOMERSET, "--as-of", "2016-05-09", "--suppress-under", "5", "--output", tmp_path / "x.csv")
    assert (ran.code, "no csv form" in ran.err, (tmp_path / "x.csv").exists()) == (2, True, False)


def test_a_threshold_of_two_is_refused(run: Run, tmp_path: Path) -> None:
    """Under 2 there is only 1, so "fewer than 2" would tell the count."""
    assert run("check", tmp_path, "--suppress-under", "2").code == 2


def test_a_copy_under_pseudonyms_names_no_worker(run: Run, tmp_path: Path) -> None:
    """Both can be asked for at once: then managers are under pseudonyms too."""
    key = ("--pseudonyms", tmp_path / "key")
    out = run("check", _SOMERSET, "--as-of", "2016-05-09", "--suppress-under", "3", "--by", "manager", *key).out
    assert "person-" in out
    assert "Worker" not in out


def test_a_copy_under_pseudonyms_tells_the_same_groups(run: Run, tmp_path: Path) -> None:
    """Which managers are told together is decided by their names, so the two copies cannot be subtracted."""
    options = (
        "check",
        _SOMERSET,
        "--as-of",
        "2016-05-09",
        "--suppress-under",
        "3",
        "--by",
        "manager",
        "--format",
        "json",
    )
    plain = json.loads(run(*options).out)["groups"]
    renamed = json.loads(run(*options, "--pseudonyms", tmp_path / "key").out)["groups"]
    assert {"Other managers"} <= {one["name"] for one in plain} & {one["name"] for one in renamed}
    assert sorted(one["cases"] for one in plain) == sorted(one["cases"] for one in renamed)
