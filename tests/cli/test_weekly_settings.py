"""The settings of a weekly run: read with lines, and all that is wrong with them told at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from casescreen.cli.weekly_settings import WeeklySettings, read_settings, starter
from casescreen.model.problem import CasescreenError, ProblemsError

_WHOLE = """\
scope = "north"
history = "kept/north.db"
mapping = "my-mapping.toml"
profile = "team/profile.toml"
waivers = "team/waivers.toml"
holidays = [2026-12-24]
fail_on = "high"
[exports]
folder = "../exports"
pattern = "export-*.xlsx"
dates = "day-first"
[reports]
folder = "reports"
write = ["page", "LETTER", "xlsx", "html"]
[warn]
fewer_cases = 0
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "team" / "north.toml"
    path.parent.mkdir()
    path.write_text(_WHOLE, encoding="utf-8")
    return path


def _read(file: Path, text: str) -> WeeklySettings:
    file.write_text(text, encoding="utf-8")
    return read_settings(file)


def test_paths_lead_from_the_folder_of_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever one stands; what comes with casescreen is named as it is called."""
    monkeypatch.chdir("/")
    settings, home = read_settings(file), file.parent
    assert (settings.exports, settings.history) == (home / "../exports", home / "kept/north.db")
    assert (settings.profile, settings.waivers) == (home / "team/profile.toml", home / "team/waivers.toml")
    assert (settings.mapping, settings.rules, settings.pseudonyms) == (str(home / "my-mapping.toml"), None, None)
    assert [form.name for form in settings.forms] == ["html", "docx", "xlsx"]
    assert (settings.holidays, settings.fail_on, settings.warn.fewer_cases) == ((date(2026, 12, 24),), "high", 0)
    assert _read(file, 'rules = "sqs-2016"\n' + _WHOLE).rules == "sqs-2016"


def test_all_mistakes_are_told_at_once_with_their_lines(file: Path) -> None:
    """Each with what was meant."""
    wrong = (
        ("scope =", "scoop ="),
        ('"high"', '"hihg"'),
        ("[2026-12-24]", '["2026-12-24"]'),
        ('"LETTER"', '"leter"'),
        ("fewer_cases = 0", "fewer_cases = 300"),
        ("day-first", "day first"),
        ("export-*.xlsx", "in/export-*.doc"),
    )
    text = _WHOLE
    for right, instead in wrong:
        text = text.replace(right, instead)
    with pytest.raises(ProblemsError) as told:
        _read(file, text)
    said = str(told.value)
    for line, meant in (
        (1, 'Did you mean "scope"?'),
        (6, "list of days"),
        (7, '"high"'),
        (10, "folder in it"),
        (11, '"day-first"'),
        (14, '"letter"'),
    ):
        assert f"line {line}: " in said
        assert meant in said
    assert "no share in per cent" in said


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", '"history" is missing'),
        ('history = "n.db"\n', "Add [exports], and below it"),
        (_WHOLE.replace('"reports"', '"../exports"'), "reports would stand among the exports"),
        (_WHOLE.replace("north", "n" * 61, 1), "the scope is too long"),
        (_WHOLE.replace('"../exports"', "7"), "line 9"),
        (_WHOLE.replace("[exports]", "[exports.more]"), "means nothing here"),
        (_WHOLE.replace('"../exports"', '"C:\\Users\\team"'), "line 9"),
        (_WHOLE.replace('["page", "LETTER", "xlsx", "html"]', "[]"), "no form of a report is named"),
    ],
)
def test_what_cannot_be_meant_is_told(file: Path, text: str, told: str) -> None:
    """Before anything is read."""
    with pytest.raises(ProblemsError) as error:
        _read(file, text)
    assert told in str(error.value)


def test_a_file_that_is_not_there_says_how_one_is_made(tmp_path: Path) -> None:
    """With the command to type."""
    with pytest.raises(CasescreenError, match="--new makes one to fill in"):
        read_settings(tmp_path / "north.toml")


def test_the_starter_is_whole_with_every_line_of_it_taken(file: Path) -> None:
    """As it stands, and with every # of an example taken away: nothing in it has to be known."""
    as_it_is = _read(file, starter("north team"))
    assert (as_it_is.scope, as_it_is.history.name, as_it_is.profile) == ("north-team", "north-team.db", None)
    lines = starter("north").splitlines()
    taken = [line.removeprefix("# ") if line.startswith("# ") and " = " in line else line for line in lines]
    taken = [line for line in taken if not line.startswith("Write Windows")]
    assert _read(file, "\n".join(taken)).profile == file.parent / "north-team/profile.toml"
