"""casescreen check and explain with --waivers: what leaves the exit code, and that nothing else is another."""

from __future__ import annotations

import csv
import io
import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Protocol, Self

import openpyxl
import pytest

from casescreen.cli import options
from casescreen.cli.waived import typed_rules
from casescreen.history.store import History


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]

_LATE = """\
[[waiver]]
case = "B-1"
criterion = "repair-in-time"
accepts = "not met"
reason = "<b>A part</b> is on order."
by = "Xandra Wright"
role = "owner of the shop"
on = 2024-05-01
until = 2024-07-31
"""
_JOBS = _LATE.replace("repair-in-time", "faults-have-jobs").replace("not met", "not evidenced")
_ESTIMATE = _LATE.replace("repair-in-time", "estimate-quality").replace("not met", "not evidenced")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "waivers.toml"
    path.write_text(_LATE, encoding="utf-8")
    return path


def _code(check: Run, *arguments: object) -> int:
    return check(*arguments, "--format", "json").code


def test_what_is_accepted_leaves_the_exit_code(check: Run, late: Path, file: Path) -> None:
    """On its last day too; the action that rests on it goes with it; and what is not accepted stays."""
    assert _code(check, late) == 1
    assert _code(check, late, "--waivers", file) == 0
    assert _code(check, late, "--waivers", file, "--as-of", "2024-07-31") == 0
    assert _code(check, late, "--waivers", file, "--as-of", "2024-08-01") == 1
    assert _code(check, late, "--waivers", file, "--fail-on", "unclear") == 1
    file.write_text(_LATE + _JOBS + _ESTIMATE, encoding="utf-8")
    assert _code(check, late, "--waivers", file, "--fail-on", "unclear") == 0
    file.write_text(_JOBS + _ESTIMATE, encoding="utf-8")
    assert _code(check, late, "--waivers", file) == 1


def test_another_outcome_is_not_accepted(check: Run, late: Path, file: Path) -> None:
    """The waiver is void, and that is said on the first screen."""
    file.write_text(_LATE.replace("not met", "not evidenced"), encoding="utf-8")
    ran = check(late, "--waivers", file)
    assert ran.code == 1
    assert "VOID" in ran.out


def test_one_of_two_that_are_not_met_is_not_enough(check: Run, late: Path, file: Path) -> None:
    """Cases are not taken for one another."""
    other = late.with_name("other.toml")
    other.write_text(late.read_text(encoding="utf-8").replace("B-1", "B-2"), encoding="utf-8")
    assert _code(check, late, other, "--waivers", file) == 1


def test_json_is_the_same_but_for_its_keys(check: Run, late: Path, file: Path) -> None:
    """Of findings, conclusions, rates and what is said at a glance, nothing is another."""
    without = json.loads(check(late, "--format", "json").out)
    with_ = json.loads(check(late, "--format", "json", "--waivers", file).out)
    assert with_ != without
    assert [one["state"] for one in with_["waivers"]] == ["active"]
    assert {one["accepted"] for one in with_["findings"]} == {None, "2024-07-31"}
    assert _without(with_) == without


def _without(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without(one) for key, one in value.items() if key not in {"accepted", "waivers"}}
    return [_without(one) for one in value] if isinstance(value, list) else value


def test_every_report_has_the_same_words(check: Run, late: Path, file: Path, tmp_path: Path) -> None:
    """The figure, the mark, and who accepts it; and no markup of theirs does anything."""
    names = ["r.txt", "r.md", "r.html", "r.xlsx", "r.docx", "r.csv", "r.parquet"]
    outputs = [part for name in names for part in ("--output", tmp_path / name)]
    screen = check(late, "--waivers", file, *outputs).out
    assert "ACCEPTED       1 of these things is accepted until 31 July 2024: B-1" in screen
    assert "A cargo bike is overdue. (accepted until 31 July 2024)" in screen
    for name in ("r.txt", "r.html"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert "The repair is done in time: of 1 not met, 1 accepted until 31 July 2024." in text, name
        assert "Xandra Wright, owner of the shop, on 1 May 2024" in text
    assert "<b>A part" not in (tmp_path / "r.html").read_text(encoding="utf-8")
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    assert [cell.value for cell in next(book["Waivers"].iter_rows(min_row=2))][:2] == ["Accepted", "B-1"]
    assert "(accepted until 31 July 2024)" in str(list(book["Actions"].values))
    rows = list(csv.DictReader(io.StringIO((tmp_path / "r.csv").read_text(encoding="utf-8-sig"))))
    assert [row["accepted_until"] for row in rows] == ["2024-07-31", "", ""]


def test_reports_without_waivers_have_nothing_of_them(check: Run, late: Path, tmp_path: Path) -> None:
    """No column, no sheet and no part."""
    names = ["r.txt", "r.html", "r.csv", "r.json"]
    check(late, *(part for name in names for part in ("--output", tmp_path / name)))
    for name in names:
        assert "ccepted until" not in (tmp_path / name).read_text(encoding="utf-8")
        assert "accepted_until" not in (tmp_path / name).read_text(encoding="utf-8")


def test_pseudonymous_reports_say_only_that_it_is_accepted_and_until_when(
    check: Run, late: Path, file: Path, tmp_path: Path
) -> None:
    """What anybody wrote in a waiver can name anybody; a waiver of a case that is not there has no id either."""
    file.write_text(_LATE + _LATE.replace("B-1", "Zq-9") + 'rule = "' + "0" * 64 + '"\n', encoding="utf-8")
    names = ["r.txt", "r.html", "r.json", "r.csv", "r.xlsx"]
    outputs = [part for name in names for part in ("--output", tmp_path / name)]
    ran = check(late, "--waivers", file, "--pseudonyms", tmp_path / "key", *outputs)
    texts = [ran.out, ran.err]
    texts += [(tmp_path / name).read_text(encoding="utf-8") for name in names[:-1]]
    texts.append(str([row for sheet in openpyxl.load_workbook(tmp_path / "r.xlsx") for row in sheet.values]))
    for text in texts:
        for word in ("Xandra", "on order", "owner of the shop", "Zq-9", "B-1", "waivers.toml"):
            assert word not in text.replace(str(file), "")
    assert "accepted until 31 July 2024" in texts[2]
    assert ran.code == 0


def test_under_pseudonyms_what_is_wrong_with_waivers_is_only_counted(
    check: Run, late: Path, file: Path, tmp_path: Path
) -> None:
    """Each problem names the case, or quotes what somebody wrote."""
    file.write_text(_LATE.replace("B-1", "Zq-9").replace("2024-07-31", '"for Xandra"'), encoding="utf-8")
    assert "for Xandra" in check(late, "--waivers", file).err
    ran = check(late, "--waivers", file, "--pseudonyms", tmp_path / "key")
    assert ran.code == 2
    assert "1 problem with the waivers" in ran.err
    assert "waivers list" in ran.err
    assert not any(word in ran.out + ran.err for word in ("Xandra", "Zq-9"))


def test_a_copy_to_share_has_no_waivers(check: Run, late: Path, file: Path) -> None:
    """They would be one more thing to subtract."""
    refused = check(late, "--waivers", file, "--suppress-under", "5")
    assert refused.code == 2
    assert "--waivers" in refused.err


def test_waivers_can_be_disregarded(check: Run, late: Path, file: Path) -> None:
    """That is said, the file is not even read, and everything is as without."""
    file.write_text("broken", encoding="utf-8")
    plain = check(late)
    ran = check(late, "--waivers", file, "--no-waivers")
    assert (ran.code, ran.out) == (plain.code, plain.out)
    assert "Waivers are disregarded" in ran.err
    assert check(late, "--no-waivers", "--suppress-under", "5").code == 1


def test_a_malformed_file_stops_before_screening(check: Run, late: Path, file: Path, tmp_path: Path) -> None:
    """Nothing is shown or written."""
    file.write_text(_LATE.replace("repair-in-time", "repair-in-tine"), encoding="utf-8")
    ran = check(late, "--waivers", file, "--output", tmp_path / "r.txt")
    assert ran.code == 2
    assert 'Did you mean "repair-in-time"?' in ran.err
    assert not ran.out
    assert not (tmp_path / "r.txt").exists()


def test_a_rule_that_changed_is_told_with_what_to_type(check: Run, late: Path, file: Path, bikes: Path) -> None:
    """With the rules that this run has: they decide the rule's hash."""
    file.write_text(_LATE + 'rule = "' + "0" * 64 + '"\n', encoding="utf-8")
    ran = check(late, "--waivers", file)
    assert "line 1 (B-1, repair-in-time): the rule has changed" in ran.err
    assert f"casescreen waivers add {file} --case B-1 --criterion repair-in-time --rules {bikes} ..." in ran.err
    assert "RULE CHANGED" in ran.out


def test_what_decides_the_rules_is_typed_again() -> None:
    """The rulebook, the profile, and what is set for this run; and nothing else."""
    asked = {"rules": "b", "profile": Path("my profile.toml"), "settings": (("plan_due", "9 days"), ("x", "`y`"))}
    typed = typed_rules({**asked, "as_of": date(2024, 6, 1)})
    assert typed == ' --rules b --profile "my profile.toml" --set "plan_due=9 days" --set NAME=VALUE'
    assert typed_rules({"rules": None}) == ""


def test_explain_says_who_accepts_it(run: Run, bikes: Path, late: Path, file: Path) -> None:
    """In a finding, in its proof, and in a case; waivers of other cases are not told."""
    file.write_text(_LATE + _LATE.replace("B-1", "B-2"), encoding="utf-8")
    arguments = ("explain", late, "--rules", bikes, "--as-of", "2024-06-01", "--waivers", file)
    for more in (("repair-in-time",), ("repair-in-time", "--proof"), ("--proof",), ()):
        said = " ".join(run(*arguments, *more).out.split())
        assert "until 31 July 2024" in said, more
        assert "By: Xandra Wright, owner of the shop, on 1 May 2024" in said, more
        assert "B-2" not in said, more
    without = run(*arguments, "--no-waivers")
    assert "Xandra" not in without.out
    assert "disregarded" in without.err


def test_a_history_keeps_until_when_it_is_accepted(
    check: Run, run: Run, late: Path, file: Path, tmp_path: Path
) -> None:
    """And not a word of the waiver."""
    kept = tmp_path / "h.db"
    check(late, "--waivers", file, "--history", kept)
    with History(kept) as history:
        found = history.run(history.runs()[-1]).findings
    assert {key[1]: one.accepted for key, one in found.items() if one.accepted} == {"repair-in-time": date(2024, 7, 31)}
    assert b"Xandra" not in kept.read_bytes()
    run("history", "export", kept, "--output", tmp_path / "h.csv")
    assert "Accepted: 1 finding" in run("history", "show", kept).out
    assert "2024-07-31" in (tmp_path / "h.csv").read_text(encoding="utf-8-sig")


def test_compare_reads_what_is_accepted(check: Run, run: Run, late: Path, file: Path, tmp_path: Path) -> None:
    """A findings file with waivers, held against one without, differs in nothing."""
    check(late, "--output", tmp_path / "a.json")
    check(late, "--output", tmp_path / "b.json", "--waivers", file)
    assert run("compare", tmp_path / "a.json", tmp_path / "b.json").code == 0


@pytest.mark.parametrize("engine", ["plain", "durable-rules", "bulk"])
def test_every_engine_has_the_same(check: Run, late: Path, file: Path, engine: str) -> None:
    """What is accepted is held against findings, whoever drew them."""
    assert _code(check, late, "--waivers", file, "--engine", engine) == 0


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the time zone cannot be set here")
@pytest.mark.usefixtures("london")
@pytest.mark.parametrize(
    ("moment", "day"),
    [("2024-07-31T22:59:59+00:00", 31), ("2024-07-31T23:00:00+00:00", 1)],
)
def test_the_day_turns_at_midnight_in_london(monkeypatch: pytest.MonkeyPatch, moment: str, day: int) -> None:
    """In summer that is an hour before midnight in UTC."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromisoformat(moment).astimezone(tz)

    monkeypatch.setattr("casescreen.cli.options.datetime", Clock)
    assert options.today().day == day


@pytest.fixture
def london() -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Europe/London"
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()
