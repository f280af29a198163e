"""check --split: groups of one characteristic, each beside everyone else, in every form and by every engine."""

from __future__ import annotations

import io
import json
import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import polars as pl
import pytest
from jsonschema import Draft202012Validator

from casescreen.cli import check_columnar
from casescreen.report.formats.json import json_schema


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]

_FORMS = ("r.json", "r.html", "r.xlsx", "r.md", "r.txt")
_HEADING = "Groups by kind of bike, each beside everyone else"


@pytest.fixture
def rules(bikes: Path, tmp_path: Path) -> Path:
    """The bicycle repairs, in which the kind of a bike is a characteristic."""
    copy = tmp_path / "workshop"
    shutil.copytree(bikes.parent, copy)
    dictionary = copy / bikes.name / "dictionary.toml"
    text = dictionary.read_text(encoding="utf-8")
    words = 'allowed = ["city bike", "cargo bike"]'
    dictionary.write_text(text.replace(words, f"{words}\ncharacteristic = true"), encoding="utf-8")
    return copy / bikes.name


@pytest.fixture
def repairs(tmp_path: Path) -> Path:
    """Twenty city bikes, of which twelve were repaired in time, and twenty cargo bikes, of which six; and four more.

    Of one of those it is not recorded what it is, of one that cannot be read; of two nothing else is known.
    """
    kinds = ["city bike"] * 20 + ["cargo bike"] * 20 + [None, "unicycle", "city bike", "city bike"]
    lines = []
    for number, kind in enumerate(kinds):
        done = number % 20 < (12 if number < 20 else 6)
        repair: dict[str, Any] = {"brought_on": "2024-04-02"}
        if number < 42:
            repair |= {"done_on": "2024-04-03"} if done else {"done": False}
        bike = {"wheels": 2} | ({} if kind is None else {"kind": kind})
        case = {"id": f"B-{number:02}", "manager": f"Worker {number % 2}"}
        lines.append(json.dumps({"case": case, "bike": bike, "repair": repair}))
    file = tmp_path / "repairs.jsonl"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


@pytest.fixture
def split(run: Run, rules: Path, repairs: Path) -> Run:
    """Checks the repairs."""

    def call(*arguments: object) -> Ran:
        return run("check", repairs, "--rules", rules, "--as-of", "2024-06-01", "--width", 100, *arguments)

    return call


def _flowing(text: str) -> str:
    """The text without its layout."""
    return " ".join(text.split())


def test_each_group_stands_beside_everyone_else(split: Run) -> None:
    """After the first screen, what can be compared: k of n, the difference in points, and the ratio of the shares."""
    ran = split("--split", "bike.kind")
    assert ran.out.count(_HEADING) == 1
    assert "\ncity bike: 22 cases\n" in ran.out
    assert " 12 of 20 6 of 20 +30 points 2.00 " in _flowing(ran.out)
    assert "A difference says where to look, and not why" in ran.out
    assert "p-value" not in ran.out
    assert "significant" not in ran.out


def test_what_cannot_be_read_is_in_the_group_that_is_not_recorded(split: Run) -> None:
    """It is said so; and of so few, figures stand, and nothing is compared."""
    ran = split("--split", "bike.kind", "--full")
    assert "\nnot recorded: 2 cases\n" in ran.out
    assert '"Not recorded" has the cases whose value cannot be read, too.' in _flowing(ran.out)
    assert "The repair is done in time - 18 of 40 too few to compare" in _flowing(ran.out)


def test_what_is_not_shown_is_no_failure(split: Run) -> None:
    """Two city bikes of which nothing is known are in no share; how much is not shown stands apart."""
    whole = json.loads(split("--split", "bike.kind", "--format", "json").out)["split"]
    city = next(group for group in whole["groups"] if group["name"] == "city bike")
    repair = next(one for one in city["figures"] if one["criterion"] == "repair-in-time")
    assert (city["cases"], repair["met"]["of"]) == (22, 20)
    assert (repair["not_evidenced"]["count"], repair["not_evidenced"]["of"]) == (2, 22)


@pytest.mark.parametrize("more", [(), ("--suppress-under", "3")])
def test_every_form_has_the_groups(split: Run, tmp_path: Path, more: tuple[str, ...]) -> None:
    """And JSON follows its schema."""
    outputs = [word for form in _FORMS for word in ("--output", tmp_path / form)]
    split("--split", "bike.kind", *more, *outputs)
    for form in _FORMS:
        data = (tmp_path / form).read_bytes()
        if form.endswith("xlsx"):
            with zipfile.ZipFile(io.BytesIO(data)) as book:
                data = book.read("xl/sharedStrings.xml")
        words = (b"kind of bike", b"city bike", b"others" if form.endswith("json") else b"everyone else")
        assert all(word in data.lower() for word in words), form
    made = json.loads((tmp_path / "r.json").read_bytes())
    schema = json.loads(json_schema("shared" if more else "screening"))
    assert not list(Draft202012Validator(schema).iter_errors(made))
    names = [group["name"] for group in made["split"]["groups"]]
    assert names == (["city bike", "cargo bike or not recorded"] if more else ["city bike", "cargo bike", ""])


def test_without_it_nothing_is_different(split: Run) -> None:
    """The report in full is the same but for the part on groups."""
    plain, with_groups = split("--full").out, split("--split", "bike.kind", "--full").out
    before, _, after = with_groups.partition(_HEADING)
    assert plain.startswith(before)
    assert plain.endswith(after[-2_000:])
    assert "split" not in json.loads(split("--format", "json").out)


@pytest.mark.parametrize("engine", ["durable-rules", "bulk"])
def test_every_engine_finds_the_same(split: Run, engine: str) -> None:
    """The figures of groups are those of the plain engine."""
    if engine == "durable-rules":
        pytest.importorskip("durable")
    groups = [
        json.loads(split("--split", "bike.kind", "--format", "json", "--engine", one).out)["split"]
        for one in ("plain", engine)
    ]
    assert groups[0] == groups[1]


def test_very_many_cases_have_the_same_groups(
    run: Run, rules: Path, split: Run, repairs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Figures of a folder too large to list have the groups that a list of its cases has."""
    folder = tmp_path / "many"
    folder.mkdir()
    records = [json.loads(line) for line in repairs.read_text(encoding="utf-8").splitlines()]
    flat = [{f"{part}.{name}": said for part, of in one.items() for name, said in of.items()} for one in records]
    days = pl.col("repair.brought_on", "repair.done_on").str.to_date()
    pl.DataFrame(flat, infer_schema_length=None).with_columns(days).write_parquet(folder / "cases.parquet")
    monkeypatch.setattr(check_columnar, "MOST_LISTED", 3)
    ran = run("check", folder, "--rules", rules, "--as-of", "2024-06-01", "--split", "bike.kind", "--format", "json")
    figures = json.loads(ran.out)
    assert figures["format"] == "casescreen-figures/1"
    assert not list(Draft202012Validator(json.loads(json_schema("figures"))).iter_errors(figures))
    assert figures["split"] == json.loads(split("--split", "bike.kind", "--format", "json").out)["split"]


def test_the_page_and_the_workbook_say_what_has_no_groups(split: Run, tmp_path: Path) -> None:
    """The letter and lists of findings have none, and that is said."""
    ran = split("--split", "bike.kind", "--output", tmp_path / "l.docx", "--output", tmp_path / "f.csv")
    assert "There are no groups in csv and docx." in ran.err
    with zipfile.ZipFile(tmp_path / "l.docx") as letter:
        assert b"everyone else" not in letter.read("word/document.xml")


@pytest.mark.parametrize(
    ("named", "said", "advice"),
    [
        ("bike.wheels", "bike.wheels is not marked as a characteristic", "it can be: bike.kind."),
        ("case.manager", "case.manager names who works on a case", "it can be: bike.kind."),
        ("case.team", "case.team names who works on a case", "it can be: bike.kind."),
        ("reports.kind", "reports.kind is no field of the case", "it can be: bike.kind."),
        ("bike.kinds", "has no field bike.kinds", 'Did you mean "bike.kind"?'),
        ("kind", "has no field kind", 'Did you mean "bike.kind"?'),
        ("\x1b[31m", "has no field", "It can be: bike.kind."),
    ],
)
def test_only_a_characteristic_makes_groups(split: Run, named: str, said: str, advice: str) -> None:
    """Whatever else is named is refused before anything is read, with what can be named."""
    ran = split("--split", named)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert advice in ran.err
    assert "\x1b" not in ran.err


def test_a_rulebook_without_characteristics_says_how_to_have_one(check: Run, repairs: Path) -> None:
    """Nothing can be named, so it is said where it is marked."""
    ran = check(repairs, "--split", "bike.kind")
    assert ran.code == 2
    assert "mark a choice or a yes-no with characteristic = true." in ran.err


def test_two_are_not_crossed(split: Run) -> None:
    """Two fields are refused, and the same one twice is one."""
    ran = split("--split", "bike.kind", "--split", "bike.wheels")
    assert (ran.code, "one field" in ran.err) == (2, True)
    assert split("--split", "bike.kind", "--split", "bike.kind").code == 1


def test_a_copy_to_share_needs_suppression(split: Run, tmp_path: Path) -> None:
    """Pseudonyms alone leave small counts; with both, no small count is in it."""
    key = tmp_path / "key"
    ran = split("--split", "bike.kind", "--pseudonyms", key)
    assert (ran.code, "--suppress-under" in ran.err, key.exists()) == (2, True, False)
    shared = json.loads(
        split("--split", "bike.kind", "--pseudonyms", key, "--suppress-under", 3, "--format", "json").out
    )
    assert [group["cases"] for group in shared["split"]["groups"]] == [22, 22]
    assert "Worker" not in json.dumps(shared)


def test_a_history_keeps_nothing_of_it(split: Run, tmp_path: Path) -> None:
    """What is added is the same with groups as without."""
    kept = []
    for name, more in (("one.db", ()), ("two.db", ("--split", "bike.kind"))):
        split("--history", tmp_path / name, "--scope", "north", *more)
        kept.append((tmp_path / name).read_bytes())
    assert b"city bike" not in kept[1]


def test_a_run_without_it_does_not_load_it() -> None:
    """Who does not split does not wait for it."""
    code = "import sys, casescreen.cli.check; print('casescreen.evaluate.split_counts' in sys.modules)"
    import subprocess  # noqa: PLC0415 - another process has loaded nothing yet

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
