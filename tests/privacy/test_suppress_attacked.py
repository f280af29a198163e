"""No small count can be worked out from all copies to share of a caseload; and whoever tries would find one."""

from __future__ import annotations

from pathlib import Path

import pytest
from attacker import Copy, Place, attack
from made_up import ACTS_ON, CHARACTERISTICS, made_up, made_up_of_groups


@pytest.mark.parametrize("seed", range(25))
def test_nothing_can_be_worked_out(seed: int, tmp_path: Path) -> None:
    """From what the command line prints of a caseload, however it is grouped. tests/privacy/attacker.py tries more."""
    caseload = made_up(seed)
    assert attack(caseload.copies(tmp_path), caseload.sizes, acts_on=ACTS_ON) == []


@pytest.mark.parametrize("seed", range(30))
def test_nothing_can_be_worked_out_of_groups(seed: int, tmp_path: Path) -> None:
    """From all copies together: by theme, manager and team, and split by each of two characteristics."""
    caseload = made_up_of_groups(seed)
    copies = caseload.copies(tmp_path)
    assert attack(copies, caseload.sizes, acts_on=ACTS_ON, characteristics=CHARACTERISTICS) == []


_NONE = dict.fromkeys(("met", "not met", "not applicable", "not yet due", "not evidenced", "needs judgement"), 0)


def _copy(by: str, counts: dict[str, object], groups: dict[str, dict[str, object]], cases: int) -> Copy:
    return {
        "suppressed_under": 5,
        "cases": cases,
        "left_out": 0,
        "stands": {},
        "figures": [{"criterion": "plan", "counts": {**_NONE, **counts}}],
        "by": by,
        "groups": [
            {
                "name": name,
                "cases": sum(map(int, map(str, of.values()))),
                "figures": [{"criterion": "plan", "counts": of}],
            }
            for name, of in groups.items()
        ],
    }


def test_it_would_be_found_that_one_copy_can_be_subtracted_from_another() -> None:
    """M1 has 9 met and 6 not, all in East, and East 10 and 7: so the two that another manager has there are 1 and 1."""
    counts: dict[str, object] = {"met": 16, "not met": 14}
    by_manager: dict[str, dict[str, object]] = {"M1": {"met": 9, "not met": 6}, "M2": {"met": 7, "not met": 8}}
    by_team: dict[str, dict[str, object]] = {"East": {"met": 10, "not met": 7}, "West": {"met": 6, "not met": 7}}
    sizes: dict[Place, int] = {("M1", "East"): 15, ("M2", "East"): 2, ("M2", "West"): 13}
    copies = [
        _copy("theme", counts, {}, 30),
        _copy("manager", counts, by_manager, 30),
        _copy("team", counts, by_team, 30),
    ]
    leaks = attack(copies, sizes, rules_known=False)
    assert "plan: M2 in East, met is from 1 to 1, and shown as nothing" in leaks
    assert "plan: M2 in East, not met is from 1 to 1, and shown as nothing" in leaks
    assert attack(copies[:2], sizes, rules_known=False) == []


def _split_copy(counts: dict[str, object], groups: dict[str, tuple[int, int, int]]) -> Copy:
    """A copy with how many cases of each kind of bike met the plan, of how many, and how many there are."""
    every = [sum(column) for column in zip(*groups.values(), strict=True)]
    figures = {
        name: {"count": k, "of": n, "others": every[0] - k, "others_of": every[1] - n}
        for name, (k, n, _) in groups.items()
    }
    split = {
        "field": "bike.kind",
        "groups": [
            {"name": name, "cases": groups[name][2], "figures": [{"criterion": "plan", "met": of}]}
            for name, of in figures.items()
        ],
        "together": "",
        "withheld": [],
    }
    return {**_copy("theme", counts, {}, every[2]), "split": split}


def test_it_would_be_found_that_a_split_can_be_subtracted_from_another_copy() -> None:
    """All bikes of one kind are met; so of M1's ten of the other kind, one is, and nine are not."""
    counts: dict[str, object] = {"met": 28, "not met": 13}
    by_manager: dict[str, dict[str, object]] = {"M1": {"met": 10, "not met": 9}, "M2": {"met": 18, "not met": 4}}
    sizes: dict[Place, int] = {
        ("M1", "", "city"): 10,
        ("M1", "", "cargo"): 9,
        ("M2", "", "city"): 10,
        ("M2", "", "cargo"): 12,
    }
    copies = [
        _copy("theme", counts, {}, 41),
        _copy("manager", counts, by_manager, 41),
        _split_copy(counts, {"city": (7, 20, 20), "cargo": (21, 21, 21)}),
    ]
    leaks = attack(copies, sizes, rules_known=False, characteristics=["bike.kind"])
    assert "plan: group city (0) of manager M1, met is from 1 to 1, and shown as nothing" in leaks


def test_it_would_be_found_that_a_split_prints_a_small_count() -> None:
    """What everyone else has is printed too."""
    copies = [_split_copy({"met": 27, "not met": 13}, {"city": (7, 20, 20), "cargo": (20, 20, 20)})]
    copies[0]["split"]["groups"][0]["figures"][0]["met"]["others"] = 17
    leaks = attack(copies, {("", "", "city"): 20, ("", "", "cargo"): 20}, characteristics=["bike.kind"])
    assert "plan, everyone else of city, not met is printed: 3" in leaks


def test_it_would_be_found_that_rows_are_one_child_s() -> None:
    """Twenty cases, nineteen without reports and one with nine."""
    copies = [_copy("theme", {"not applicable": 19, "not evidenced": 9}, {}, 20)]
    assert attack(copies, {("", ""): 20}) == ["plan: not evidenced: 9 rows are those of at most 1 cases"]


@pytest.mark.parametrize(
    ("counts", "leak"),
    [
        ({"met": 27, "not met": 3}, "plan, not met is printed: 3"),
        ({"met": 27, "not met": "few"}, "plan: all, not met is from 3 to 3, and shown as few"),
        (
            {"met": "withheld", "not met": "few", "not yet due": 22},
            "plan: all, not met is from 1 to 3, and shown as few",
        ),
        ({"met": "few", "not met": "few", "not yet due": 23}, "plan: all, met is from 3 to 4, and shown as few"),
        (
            {"met": 26, "not met": "withheld", "not yet due": "withheld"},
            "plan: manager M1, not met or not applicable or",
        ),
    ],
)
def test_it_would_be_found_that_too_little_is_withheld_of_a_row(counts: dict[str, object], leak: str) -> None:
    """A small count is printed, or is what is left of the others, or is left less room than it should have."""
    leaks = attack([_copy("theme", counts, {}, 30)], {("M1", "East"): 30})
    assert any(one.startswith(leak) for one in leaks), leaks


def test_it_would_be_found_that_how_cases_stand_gives_a_count_away() -> None:
    """Twenty-five cases need nothing, so no more than five are not met; and those are not few."""
    counts: dict[str, object] = {"met": "few", "not met": "withheld", "not yet due": 21}
    copies = [_copy("theme", counts, {}, 30)]
    assert attack(copies, {("M1", "East"): 30}) == []
    leaks = attack([{**copies[0], "stands": {"no failure shown": 25}}], {("M1", "East"): 30})
    assert "plan: all, met is from 4 to 4, and shown as few" in leaks


def test_it_would_be_found_that_how_cases_stand_gives_a_count_away_beside_groups() -> None:
    """All ten of M1 are not met of two criteria; so of eighteen that need attention, eight are not met of a third.

    Without the copy by manager, the two could come to twenty cases.
    """
    of_m1, of_m2 = {"met": 0, "not met": 10}, {"met": 30, "not met": 0}
    ten = [{"criterion": name, "counts": {**_NONE, "met": 30, "not met": 10}} for name in ("a", "b")]
    plan: dict[str, object] = {"met": "few", "not met": "withheld", "not applicable": 30}
    theme = _copy("theme", plan, {}, 40)
    theme = {**theme, "stands": {"no failure shown": 22}, "figures": [*theme["figures"], *ten]}
    groups = [
        {"name": name, "cases": size, "figures": [{"criterion": one, "counts": of} for one in ("a", "b")]}
        for name, size, of in (("M1", 10, of_m1), ("M2", 30, of_m2))
    ]
    sizes: dict[Place, int] = {("M1", ""): 10, ("M2", ""): 30}
    assert attack([theme], sizes) == []
    leaks = attack([theme, {**theme, "by": "manager", "groups": groups}], sizes)
    assert "plan: all, met is from 1 to 2, and shown as few" in leaks
