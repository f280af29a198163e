"""Caseloads of every shape in which a small count can hide, and the copies of them as the command line prints them."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from random import Random
from typing import Any

from attacker import Copy, Place
from attrs import frozen

from casescreen.cli import main

BIKES = Path(__file__).parents[1] / "fixtures" / "workshop" / "bikes"
ACTS_ON = "repair-in-time"
_AS_OF = "2024-06-01"

Record = dict[str, Any]


@frozen
class MadeUp:
    """A caseload: its records, and the threshold that it is shared with."""

    records: tuple[Record, ...]
    under: int

    @property
    def sizes(self) -> Mapping[Place, int]:
        """How many cases each manager has in each team."""
        return Counter((one["case"].get("manager", ""), one["case"].get("team", "")) for one in self.records)

    def copies(self, folder: Path) -> list[Copy]:
        """What ``casescreen check`` prints of it as JSON, however it can be grouped."""
        file = folder / "cases.jsonl"
        file.write_text("".join(f"{json.dumps(record)}\n" for record in self.records), encoding="utf-8")
        return [_printed(file, self.under, by) for by in ("theme", "manager", "team")]


def _printed(file: Path, under: int, by: str) -> Copy:
    options = ("--rules", str(BIKES), "--as-of", _AS_OF, "--by", by, "--format", "json", "--engine", "plain")
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()), suppress(SystemExit):
        main(["check", str(file), *options, "--suppress-under", str(under)])
    copy: Copy = json.loads(out.getvalue())
    return copy


_REPAIR: dict[str, Record] = {
    "met": {"done_on": "2024-04-03"},
    "not met": {"done": False},
    "not evidenced": {},
}
_JOBS: dict[str, Record] = {"met": {"jobs": [{"part": "brake"}]}, "not met": {"jobs": []}, "not evidenced": {}}


def made_up(seed: int) -> MadeUp:
    """The caseload of that number: the same whenever it is asked for."""
    random = Random(seed)  # noqa: S311 - no secret
    under = random.choice((3, 4, 5, 5, 5, 7))
    teams = [random.choice(("East", "West", "North", "South", "")) for _ in range(random.randint(1, 4))]
    managers = [f"Worker {number}" for number in range(1, random.randint(2, 7))]
    at_home = {manager: random.choice(teams) for manager in managers}
    astray = random.choice((0, 0, 0.03, 0.1, 0.5))
    weights = [random.choice((1, 4, 10, 10)) for _ in managers]
    habits = {manager: _habits(random) for manager in (*managers, "")}
    by_manager, records = random.random() < 0.5, list[Record]()
    for number in range(random.choice((under - 1, under, 2 * under, 20, 30, 40, 60, 90))):
        manager = random.choices(managers, weights)[0]
        team = random.choice(teams) if random.random() < astray else at_home[manager]
        case = {"id": f"B-{number:03}", "manager": manager, "team": team}
        if random.random() < 0.02:
            case["manager"] = ""
        record = _record(random, habits[manager if by_manager else ""])
        records.append({"case": {key: value for key, value in case.items() if value}, **record})
    return MadeUp(tuple(records), under)


Habits = Mapping[str, Mapping[str, float]]


def _habits(random: Random) -> Habits:
    """How likely each outcome is: of each criterion one or two are usual, some seldom, and others never."""
    every = {
        "repair": ("met", "not met", "not applicable", "not yet due", "not evidenced"),
        "jobs": tuple(_JOBS),
        "reports": ("none", "one", "many", "not evidenced"),
        "answers": ("yes", "no", "n/a", "none"),
    }
    return {about: {one: random.choice((0, 0, 0.03, 0.1, 1, 1)) + 1e-9 for one in words} for about, words in every.items()}


def _record(random: Random, habits: Habits) -> Record:
    def draw(about: str) -> str:
        return random.choices(list(habits[about]), list(habits[about].values()))[0]

    repair, cargo = draw("repair"), random.random() < 0.3
    bike = {"wheels": 0 if repair == "not applicable" else 2, "kind": "cargo bike" if cargo else "city bike"}
    brought = "2024-05-31" if repair == "not yet due" else "2024-04-02"
    record: Record = {"bike": bike, "repair": {"brought_on": brought, **_REPAIR.get(repair, {})}}
    record |= {"faults": [{"part": "brake", "serious": True}], **_JOBS[draw("jobs")]}
    reports = draw("reports")
    if reports != "not evidenced":
        number = {"none": 0, "one": 1}.get(reports, random.randint(2, 9))
        record["reports"] = [{"id": f"R{row}", "kind": "estimate"} for row in range(number)]
        answers = [(row["id"], draw("answers")) for row in record["reports"]]
        record["answers"] = [
            {"criterion": "estimate-quality", "item": item, "answer": answer}
            | ({"reason": "By word of mouth."} if answer == "n/a" else {})
            for item, answer in answers
            if answer != "none"
        ]
    return record
