"""A rulebook says which fields name the person and the team that are responsible for a case."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from bicycle_repairs import BIKES

from casescreen.api import screen
from casescreen.columnar.frames import frames_of
from casescreen.columnar.screening import screen_frames
from casescreen.evaluate.inference.inferrer import Engine
from casescreen.model.case import Case, Caseload
from casescreen.model.rulebook import Roles, Rulebook, Scope
from casescreen.rulebook.load import load_rulebook
from casescreen.synth.load import default_spec
from casescreen.synth.made_up import made_up

AS_OF = date(2024, 6, 1)
ROLES = '[roles]\nmanager = "case.manager"\nteam = "case.team"\n'

Rewrite = Callable[[str], Rulebook]


@pytest.fixture
def with_roles(tmp_path: Path) -> Rewrite:
    """Read the rulebook of bicycle repairs, whose mechanics and garages are fields of other names, with these roles."""

    def read(roles: str) -> Rulebook:
        shutil.copytree(BIKES.parent, tmp_path, dirs_exist_ok=True)
        root, dictionary = tmp_path / "bikes" / "rulebook.toml", tmp_path / "bikes" / "dictionary.toml"
        root.write_text(root.read_text(encoding="utf-8").replace(ROLES, roles), encoding="utf-8")
        written = dictionary.read_text(encoding="utf-8").replace("[fields.case.manager]", "[fields.booking.mechanic]")
        of_team = '[fields.case.team]\nlabel = "workshop"\ntype = "text"'
        garage = '[fields.booking.garage]\nlabel = "garage"\ntype = "choice"\nallowed = ["north", "south"]'
        assert of_team in written
        dictionary.write_text(written.replace(of_team, garage), encoding="utf-8")
        return load_rulebook(tmp_path / "bikes")

    return read


@pytest.fixture
def other(with_roles: Rewrite) -> Rulebook:
    return with_roles('[roles]\nmanager = "booking.mechanic"\nteam = "booking.garage"\n')


def _repairs() -> tuple[Case, ...]:
    """Ada's three repairs in the north are late, Bo's in the south in time."""
    days = {"Ada": (date(2024, 5, 20), "north"), "Bo": (date(2024, 5, 2), "south")}
    return tuple(
        Case(
            id_ := f"{name}-{number}",
            {
                "case.id": id_,
                "booking.mechanic": name,
                "booking.garage": garage,
                "bike.kind": "city bike",
                "bike.wheels": 2,
                "repair.brought_on": date(2024, 5, 1),
                "repair.done": True,
                "repair.done_on": done_on,
            },
            {},
            (),
        )
        for name, (done_on, garage) in days.items()
        for number in range(3)
    )


@pytest.mark.parametrize("engine", ["plain", "auto", "bulk"])
def test_cases_are_grouped_by_the_fields_of_the_roles(other: Rulebook, engine: Engine) -> None:
    """Rates, owners and conclusions go by the fields that the rulebook names, whichever engine works them out."""
    found = screen(other, Caseload(_repairs(), "hash"), as_of=AS_OF, engine=engine)
    met = {
        name: next(rate.met for rate in rates if rate.criterion == "repair-in-time")
        for groups in (found.by_manager, found.by_team)
        for name, rates in groups.items()
    }
    assert met == {"Ada": 0, "Bo": 3, "north": 0, "south": 3}
    assert (found.managers["Ada-1"], found.teams["Ada-1"]) == ("Ada", "north")
    assert {one.owner for one in found.findings if one.case == "Bo-2"} == {"Bo"}
    assert [one.subject for one in found.conclusions if one.on is Scope.MANAGER] == ["Ada"]


def test_a_whole_caseload_is_grouped_alike(other: Rulebook) -> None:
    """Screening a caseload at once counts over the same groups."""
    ordinary = screen(other, Caseload(_repairs(), "hash"), as_of=AS_OF)
    bulk = screen_frames(other, [frames_of(_repairs(), other.dictionary)], as_of=AS_OF)
    assert (bulk.by_manager, bulk.by_team) == (ordinary.by_manager, ordinary.by_team)
    late = next(one for one in bulk.on_cases if one.rule.id == "act-now")
    assert (set(late.by_manager), set(late.by_team)) == ({"Ada", "Bo"}, {"north", "south"})


def test_managers_are_made_up_in_turn(other: Rulebook) -> None:
    """Made-up cases have a made-up person where the role is a text, and one of the words where it is a choice."""
    (part,) = made_up(other, default_spec(other), cases=60, seed=3, as_of=AS_OF)
    cases = part.cases.collect()
    assert {name.split()[0] for name in cases["booking.mechanic"].drop_nulls()} == {"Manager"}
    assert set(cases["booking.garage"].drop_nulls()) == {"north", "south"}


def test_names_in_roles_are_references(other: Rulebook) -> None:
    """What names a person or a team is no free text, so a report that quotes only references may show it."""
    assert {"case.id", "booking.mechanic", "booking.garage"} <= other.references
    assert "case.manager" not in other.references


def test_a_rulebook_may_have_no_role(with_roles: Rewrite, tmp_path: Path) -> None:
    """Without a team nothing groups cases by it, and with no manager findings have no owner."""
    shutil.copytree(BIKES.parent, tmp_path, dirs_exist_ok=True)
    rulebook = with_roles('[roles]\nmanager = "booking.mechanic"\n')
    assert rulebook.roles == Roles("booking.mechanic")
    assert screen_frames(rulebook, [frames_of(_repairs(), rulebook.dictionary)], as_of=AS_OF).by_team == {}
    found = screen(rulebook, Caseload(_repairs(), "hash"), as_of=AS_OF)
    assert (list(found.by_team), set(found.by_manager)) == ([""], {"Ada", "Bo"})


def test_roles_that_are_not_stated_are_the_usual_fields(tmp_path: Path, bikes: Rulebook) -> None:
    """A rulebook that says nothing of roles has them in case.manager and case.team, if its dictionary does."""
    shutil.copytree(BIKES.parent, tmp_path, dirs_exist_ok=True)
    root = tmp_path / "bikes" / "rulebook.toml"
    root.write_text(root.read_text(encoding="utf-8").replace(ROLES, ""), encoding="utf-8")
    assert load_rulebook(tmp_path / "bikes").roles == bikes.roles == Roles("case.manager", "case.team")
