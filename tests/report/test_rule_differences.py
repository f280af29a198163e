"""What is otherwise in another rulebook, in words."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from bicycle_repairs import BIKES

from casescreen import load_rulebook
from casescreen.report.blocks import Grid
from casescreen.report.rule_differences import difference_blocks

Rows = list[tuple[str, str, str]]
Differing = Callable[[str, str, str], Rows]

_IN_TIME, _JOBS = "1-repair/repair-in-time.toml", "1-repair/faults-have-jobs.toml"
_WHEELS = '{ field = "bike.wheels", at_least = 1 }'
_ESTIMATE = "2-reports/estimate-quality.toml"


@pytest.fixture
def differing(tmp_path: Path) -> Differing:
    """What is told where one text in one file of the rulebook on bicycles is replaced by another."""

    def replaced(file: str, old: str, new: str) -> Rows:
        shutil.copytree(BIKES.parent, tmp_path, dirs_exist_ok=True)
        path = tmp_path / BIKES.name / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        return _rows(BIKES, tmp_path / BIKES.name)

    return replaced


def _rows(old: Path, new: Path) -> Rows:
    blocks = difference_blocks(load_rulebook(old), load_rulebook(new))
    return [(row[0], row[1], row[2]) for one in blocks if isinstance(one, Grid) for row in one.rows]


def test_of_a_rulebook_and_itself_nothing_is_told() -> None:
    """Nothing is different."""
    assert _rows(BIKES, BIKES) == []


def test_a_number_is_told_with_the_questions_that_it_decides(differing: Differing) -> None:
    """What it was and what it is, in words and not by hashes."""
    rows = differing("rulebook.toml", 'value = "5 working days"', 'value = "6 working days"')
    was, is_now = (f'{n} working days (1 month where kind of bike is "cargo bike")' for n in (5, 6))
    assert rows == [
        ("number repair_due", was, is_now),
        ("question repair-in-time: by number repair_due", was, is_now),
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (_IN_TIME, "met = { all = [", 'met = { all = [ { field = "bike.wheels", at_most = 9 },',
         ("question repair-in-time: met where", "not there", "number of wheels: at most 9")),
        (_IN_TIME, "at_least = 1 }", "at_least = 2 }",
         ("question repair-in-time: asked where", "number of wheels: at least 1", "number of wheels: at least 2")),
        (_IN_TIME, 'due = { within = "$repair_due"', 'due = { within = "9 days"',
         ("question repair-in-time: by when",
          'within 5 working days (1 month where kind of bike is "cargo bike") of "brought in"',
          'within 9 days of "brought in"')),
        (_JOBS, 'serious", is = true }, field', 'serious", is = false }, field',
         ("question faults-have-jobs: met where",
          'for every fault where the fault is serious: yes: "part" is found among the jobs',
          'for every fault where the fault is serious: no: "part" is found among the jobs')),
        (_IN_TIME, "Is the repair done", "Was the repair done",
         ("question repair-in-time", "Is the repair done within the time allowed?",
          "Was the repair done within the time allowed?")),
        ("conclusions.toml", 'band = ["weak", "mixed"]', 'band = ["weak"]',
         ("conclusion repairs-late", "rests on rate of repair-in-time: weak or mixed",
          "rests on rate of repair-in-time: weak")),
        (_ESTIMATE, 'is = "estimate" } }', 'is_not = "estimate" } }',
         ("question estimate-quality: rows where", 'kind of report: "estimate"', 'kind of report: not "estimate"')),
    ],
)  # fmt: skip
def test_a_test_is_told_by_the_smallest_part_that_is_another(
    differing: Differing, file: str, old: str, new: str, told: tuple[str, str, str]
) -> None:
    """By what it was and what it is, without the rest of the question."""
    assert differing(file, old, new) == [told]


_SERIOUS = '{{ not = {{ every = "faults", satisfies = {{ field = "serious", is = {} }} }} }}'


def test_a_test_over_rows_or_a_denial_is_told_as_what_it_is(tmp_path: Path) -> None:
    """That it is denied, and of which rows it is asked: else the words would say the contrary."""
    folders = []
    for name, serious in (("old", "true"), ("new", "false")):
        shutil.copytree(BIKES.parent, tmp_path / name)
        path = tmp_path / name / BIKES.name / _IN_TIME
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(_WHEELS, _SERIOUS.format(serious)), encoding="utf-8")
        folders.append(tmp_path / name / BIKES.name)
    assert _rows(*folders) == [
        (
            "question repair-in-time: asked where",
            "not so: each row of faults: the fault is serious: yes",
            "not so: each row of faults: the fault is serious: no",
        )
    ]
