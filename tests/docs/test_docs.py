"""The documentation, held to what the project does."""

from __future__ import annotations

import doctest
import importlib.util
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from attrs import evolve, fields

from casescreen import load_rulebook
from casescreen.cases.mapping.load import mapping_in
from casescreen.evaluate.examples import check_examples
from casescreen.model.outcome import Outcome
from casescreen.model.sample import ticket_of
from casescreen.rulebook.file_schema import (
    LocalBandsSpec,
    LocalParameterSpec,
    LocalSeveritySpec,
    LocalWaiversSpec,
    OffSpec,
    ProfileSpec,
)
from casescreen.rulebook.profile_files import load_profile
from casescreen.rulebook.sample_plan import (
    EligibilityRuleSpec,
    MustIncludeSpec,
    PlanParameterSpec,
    SamplePlanSpec,
    read_sample_plan,
)

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path
    for path in (ROOT, *(ROOT / "docs").rglob("*/"), ROOT / "docs", ROOT / "benchmarks")
    for path in path.glob("*.md")
)
LINK = re.compile(r"\]\(([^)#]*)(?:#([^)]+))?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@pytest.fixture
def generator(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(ROOT / "docs")
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["docs/commands.md", "docs/pictures/check.svg", "docs/pictures/house.svg"])
def test_generated_pages_are_up_to_date(generator: ModuleType, name: str) -> None:
    """What is made from the project is what the project makes; if not: python docs/generate.py."""
    assert (ROOT / name).read_text(encoding="utf-8") == generator.PAGES[name]()


def test_pages_on_rules_are_up_to_date(generator: ModuleType) -> None:
    """They are what the rulebook makes, no page is left over, and each criterion has one; else: docs/generate.py."""
    made = generator.rule_pages()
    assert {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs" / "rules").glob("*.md")} == made.keys()
    assert {f"docs/rules/{name}.md" for name in ("README", "letter", *load_rulebook().criterion)} == made.keys()
    assert not [name for name, text in made.items() if (ROOT / name).read_text(encoding="utf-8") != text]


def test_every_sentence_of_the_letter_has_what_covers_it() -> None:
    """Or why nothing can. What is named is there, and no criterion is left out that has its source in the letter."""
    file = ROOT / "docs" / "rules" / "letter-somerset-2016.toml"
    rulebook, sentences = load_rulebook(), tomllib.loads(file.read_text(encoding="utf-8"))["sentence"]
    assert all(("nothing" in one) != ("criteria" in one) for one in sentences)
    criteria = {name for one in sentences for name in one.get("criteria", ())}
    assert criteria == {one.id for one in rulebook.criteria if one.source.document.id == file.stem}
    assert {name for one in sentences for name in one.get("conclusions", ())} <= rulebook.conclusion.keys()


def test_every_command_and_option_is_documented(generator: ModuleType) -> None:
    """No command or outcome is missing from the page of commands."""
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert len(re.findall(r"^## casescreen", page, re.MULTILINE)) == len(generator.COMMANDS)
    assert all(outcome.value in page for outcome in Outcome)


def test_python_in_the_readme_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python example in the README does what it shows."""
    monkeypatch.chdir(ROOT)
    result = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert result.attempted > 5
    assert result.failed == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_prose_is_narrow_enough_to_read(page: Path) -> None:
    """Lines are at most 120 characters, but for rows of tables, pictures and what is to be copied as it stands."""
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        assert len(line) <= 120 or line.startswith(("|", "    ", "![")), f"line {number}: {line}"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    """Every link to a file of the project leads to one that is there, and to a heading that it has."""
    for name, heading in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" not in name:
            target = page.parent / name if name else page
            assert target.exists(), name
            assert not heading or heading in _anchors(target), f"{name}#{heading}"


def _anchors(page: Path) -> set[str]:
    titles = HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_readme_names_the_outcomes_and_exit_codes() -> None:
    """The README names all six outcomes, and says what each exit code means."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(outcome.value in text for outcome in Outcome)
    assert "The exit code is 0 when" in text


def test_the_mapping_in_the_how_to_is_one() -> None:
    """What people copy from the page can be read, and shows every part of a mapping."""
    page = (ROOT / "docs" / "how-to" / "your-own-spreadsheet.md").read_text(encoding="utf-8")
    [text] = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    mapping = mapping_in("page.toml", text, load_rulebook().dictionary)
    assert [rows.table for rows in mapping.rows] == ["reviews"]
    assert {column.field.name for lookup in mapping.lookups for column in lookup.columns} == {
        "child.sex",
        "assessment.completed_on",
    }


def test_the_profile_on_its_page_is_one(tmp_path: Path) -> None:
    """What people copy from the page is sound, and has every part of a profile."""
    page = (ROOT / "docs" / "profile-files.md").read_text(encoding="utf-8")
    [text] = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    file = tmp_path / "north.toml"
    file.write_text(text, encoding="utf-8")
    laid = load_profile(file)
    local = laid.rulebook.profile
    assert local is not None
    assert (laid.moved, local.longest_waiver_months) == (None, 6)
    assert all((local.parameters, local.off, local.severities, local.bands, local.criteria, local.holidays_said))
    own = tuple(laid.rulebook.criterion[one.id] for one in local.criteria)
    assert not check_examples(evolve(laid.rulebook, criteria=own, checks=()))
    keys = {one.alias.rstrip("_") for spec in _OF_PROFILES for one in fields(spec)}
    assert not {key for key in keys if key not in page}


_OF_PROFILES = (ProfileSpec, LocalParameterSpec, OffSpec, LocalSeveritySpec, LocalBandsSpec, LocalWaiversSpec)


def test_commands_on_sharing_do_what_is_said(tmp_path: Path) -> None:
    """Each command on the page about sharing runs as it stands, and writes the file that it names."""
    shutil.copytree(ROOT / "cases", tmp_path / "cases")
    page = (ROOT / "docs" / "how-to" / "share-safely.md").read_text(encoding="utf-8")
    commands = re.findall(r"^    casescreen (.+)$", page, re.MULTILINE)
    assert len(commands) == 3
    for command in commands:
        arguments = shlex.split(command)
        ran = subprocess.run(
            [sys.executable, "-m", "casescreen", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 1, ran.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"cases", "pseudonyms.key", "report.html", "figures.docx"}


_MARKED = {
    "casescreen profile new": ("north-team/profile.toml", r"\[parameters\.plan_due\](?:\n# .*)+"),
    "casescreen rules check --profile": ("north.toml", "profile = .*"),
    "casescreen waivers add": ("north.toml", "waivers = .*"),
}
"""After which command of the path its page says to take the mark off which lines, of which file."""


def test_the_path_to_a_weekly_run_does_what_it_says(tmp_path: Path) -> None:
    """Each command on it runs in order, the files are changed as it says, and a page tells all of it in the end."""
    shutil.copytree(ROOT / "cases" / "somerset-2016", tmp_path / "cases" / "somerset-2016")
    page = (ROOT / "docs" / "how-to" / "every-week.md").read_text(encoding="utf-8")
    path = re.sub(r" \\\n +", " ", page[: page.index("## 8.")])
    commands = re.findall(r"^    ((?:mkdir|casescreen) .+)$", path, re.MULTILINE)
    assert len([one for one in commands if one.startswith("casescreen weekly")]) >= 6
    for command in commands:
        program, *asked = shlex.split(command)
        asked = [program, *asked] if program == "mkdir" else [sys.executable, "-m", "casescreen", *asked]
        ran = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert ran.returncode in (0, 1), f"{command}: {ran.stderr}"
        for begins, (name, lines) in _MARKED.items():
            if command.startswith(begins):
                _take_marks_off(tmp_path / name, lines)
    assert (tmp_path / "reports" / "north-2016-05-09.xlsx").exists()
    assert {"north-last-run.html", "north.db", "north-task.xml", "north.timer"} <= {
        path.name for path in tmp_path.iterdir()
    }
    told = (tmp_path / "north-last-run.html").read_text(encoding="utf-8")
    assert "by profile.toml: 2 numbers changed" in told
    assert "1 finding until 31 August 2016" in told
    assert "Look at this first" not in told
    later = [sys.executable, "-m", "casescreen", "weekly", "north.toml", "--as-of", "2016-09-01"]
    subprocess.run(later, cwd=tmp_path, capture_output=True, check=False)
    told = (tmp_path / "north-last-run.html").read_text(encoding="utf-8")
    first = told[told.index("Look at this first") : told.index("First figures")]
    assert "Expired: 1 waiver counts no more" in first
    assert "Rule changed" not in first


def test_the_path_to_a_sample_does_what_it_says(tmp_path: Path) -> None:
    """Each command on the page runs in order with the plan that stands there, and the report tells what is promised."""
    shutil.copytree(ROOT / "cases" / "somerset-2016", tmp_path / "cases" / "somerset-2016")
    page = (ROOT / "docs" / "how-to" / "read-a-sample.md").read_text(encoding="utf-8")
    [plan] = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    said = ""
    commands = re.findall(r"^    casescreen (.+)$", re.sub(r" \\\n +", " ", page), re.MULTILINE)
    assert len(commands) == 12
    for command in commands:
        asked = [sys.executable, "-m", "casescreen", *shlex.split(command)]
        ran = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert ran.returncode == (1 if command.startswith("check") else 0), f"{command}: {ran.stderr}"
        said += ran.stdout + ran.stderr
        if command.startswith("sample new"):
            (tmp_path / "plan.toml").write_text(plan, encoding="utf-8")
    assert "16 eligible cases. 8 will be drawn." in said
    assert "There are 2 cases of which the record does not tell." in said
    assert "9 enquiry sheets in sheets: docx." in said
    assert "9 sheets taken: 0 of" in said
    assert "The same: 8 of 16 eligible cases, with 1 replacement." in said
    assert "drawn cases were replaced" in (tmp_path / "sample.html").read_text(encoding="utf-8")


def test_pages_can_be_followed_one_after_another() -> None:
    """In one folder, after the README: no file that one writes stands in the way of another."""
    names = ("read-a-sample", "two-readers", "sign-what-you-send", "compare-groups", "html-report")
    pages = [ROOT / "README.md", *(ROOT / "docs" / "how-to" / f"{name}.md" for name in names)]
    written: dict[str, str] = {}
    for page in pages:
        lines = re.findall(r"^    .*(?:\\\n .*)*", page.read_text(encoding="utf-8"), re.MULTILINE)
        for name in {name for line in lines for name in re.findall(r"--output (\S+)", line)}:
            assert written.setdefault(name, page.name) == page.name, f"{name}: {written[name]} and {page.name}"
    assert len(written) > 15


@pytest.mark.parametrize("name", ["compare-groups", "html-report"])
def test_the_commands_of_a_page_run_in_order(name: str, tmp_path: Path) -> None:
    """None of them stands in the way of the next, and each writes what it names."""
    for folder in ("cases", "my-cases"):
        shutil.copytree(ROOT / "cases" / "somerset-2016", tmp_path / folder)
    page = (ROOT / "docs" / "how-to" / f"{name}.md").read_text(encoding="utf-8")
    commands = re.findall(r"^    casescreen (.+)$", page, re.MULTILINE)
    assert len(commands) > 1
    for command in commands:
        asked = [sys.executable, "-m", "casescreen", *shlex.split(command)]
        ran = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert ran.returncode == (1 if command.startswith("check") else 0), f"{command}: {ran.stderr}"
        for output in re.findall(r"--output (\S+)", command):
            assert (tmp_path / output).exists()


def test_the_plan_on_its_page_is_one(tmp_path: Path) -> None:
    """What people copy from the page is sound, and has every key that a plan can have."""
    page = (ROOT / "docs" / "sample-files.md").read_text(encoding="utf-8")
    [text] = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    file = tmp_path / "plan.toml"
    file.write_text(text, encoding="utf-8")
    assert len(read_sample_plan(file, load_rulebook()).conditions) == 2
    keys = {one.name for spec in _OF_PLANS for one in fields(spec)}
    assert not {key for key in keys if not re.search(rf"(?m)^(\[+)?{key}\b", text)}
    for case, begins in re.findall(r"^\| `(case-\d+)` \| `(\w+)` \|$", page, re.MULTILINE):
        assert ticket_of("20260501-417", "referral order", case).startswith(begins)


_OF_PLANS = (SamplePlanSpec, PlanParameterSpec, EligibilityRuleSpec, MustIncludeSpec)


def test_what_is_signed_as_the_page_says_is_verified_as_it_says(tmp_path: Path) -> None:
    """Each command on the page runs in order; with the code of the statement, and a copy where it says to put one."""
    shutil.copytree(ROOT / "cases" / "somerset-2016", tmp_path / "cases" / "somerset-2016")
    page = (ROOT / "docs" / "how-to" / "sign-what-you-send.md").read_text(encoding="utf-8")
    commands = re.findall(r"^    casescreen (.+)$", re.sub(r" \\\n +", " ", page), re.MULTILINE)
    assert [command.partition(" ")[0] for command in commands] == ["check", "sign", "verify", "verify", "check"]
    codes, code = [], ""
    for command in commands:
        asked = [code if re.fullmatch("[0-9a-f]{4}( [0-9a-f]{4}){7}", part) else part for part in shlex.split(command)]
        ran = subprocess.run(
            [sys.executable, "-m", "casescreen", *asked], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        codes.append(ran.returncode)
        if asked[0] == "sign":
            [code] = re.findall("^[0-9a-f]{4}(?: [0-9a-f]{4}){7}$", ran.stdout, re.MULTILINE)
            (tmp_path / "signed").mkdir()
            shutil.copy(tmp_path / "findings.json", tmp_path / "signed")
    assert codes == [1, 0, 0, 0, 1]
    assert "by J. Okafor, head of service, on" in ran.stdout
    assert (tmp_path / "verified.md").read_text(encoding="utf-8").startswith("# Statement 1 of 1")


def _take_marks_off(file: Path, lines: str) -> None:
    """As a reader does: the mark goes from the lines that are to count, and a limit of theirs stands in them."""
    text = file.read_text(encoding="utf-8")

    def written(found: re.Match[str]) -> str:
        own = re.sub("(?m)^# ", "", found[0]).replace('"15 working days"', '"10 working days"', 1)
        return re.sub(r'(?m)^(source|reason)( *)= ".*"', r'\1\2= "North team, March 2026"', own)

    new = re.sub(f"^# {lines}", written, text, flags=re.MULTILINE)
    file.write_text(new, encoding="utf-8")
