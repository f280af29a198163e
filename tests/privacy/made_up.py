"""Caseloads of every shape in which a small count can hide, and the copies of them as the command line prints them."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from itertools import product
from pathlib import Path
from random import Random
from shutil import copytree
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

    characteristics: tuple[str, ...] = ()

    @property
    def sizes(self) -> Mapping[Place, int]:
        """How many cases each manager has in each team, of each group of each characteristic."""
        return Counter(map(self._place, self.records))

    def _place(self, record: Record) -> Place:
        said = {None: "", True: "yes", False: "no"}
        values = (record["bike"].get(name.partition(".")[2]) for name in self.characteristics)
        groups = (said.get(one, one) for one in values)
        return (record["case"].get("manager", ""), record["case"].get("team", ""), *groups)

    def copies(self, folder: Path) -> list[Copy]:
        """What ``casescreen check`` prints of it as JSON, however it can be grouped and split."""
        file, rules = folder / "cases.jsonl", BIKES
        file.write_text("".join(f"{json.dumps(record)}\n" for record in self.records), encoding="utf-8")
        if self.characteristics:
            rules = with_characteristics(folder)
        copies = [_printed(rules, file, self.under, "--by", by) for by in ("theme", "manager", "team")]
        return copies + [_printed(rules, file, self.under, "--split", name) for name in self.characteristics]


def with_characteristics(folder: Path) -> Path:
    """The rulebook of bikes, in which the kind of a bike and whether it has a motor are characteristics."""
    rules = folder / "workshop" / BIKES.name
    copytree(BIKES.parent, rules.parent)
    dictionary = rules / "dictionary.toml"
    text = dictionary.read_text(encoding="utf-8")
    kind = 'allowed = ["city bike", "cargo bike"]'
    marked = 'allowed = ["city bike", "cargo bike", "recumbent"]\ncharacteristic = true'
    motor = '[fields.bike.motor]\nlabel = "motor"\ntype = "yes-no"\ncharacteristic = true\nmeaning = "It has one."\n'
    dictionary.write_text(text.replace(kind, marked).replace("[fields.bike.wheels]", f"{motor}[fields.bike.wheels]"))
    return rules


def _printed(rules: Path, file: Path, under: int, *asked: str) -> Copy:
    options = ("--rules", str(rules), "--as-of", _AS_OF, *asked, "--format", "json", "--engine", "plain")
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


_WORDS = {
    "repair": ("met", "not met", "not applicable", "not yet due", "not evidenced"),
    "jobs": tuple(_JOBS),
    "reports": ("yes", "no", "n/a", "none", "several", "no report", "not evidenced"),
}


def made_up(seed: int) -> MadeUp:
    """The caseload of that number: the same whenever it is asked for."""
    random = Random(seed)  # noqa: S311 - no secret
    under = random.choice((3, 4, 5, 5, 5, 7))
    places = _places(random, under)
    said = {about: _outcomes(random, list(places.values()), words, under) for about, words in _WORDS.items()}
    for drawn in said.values():
        _exchange(random, list(places), drawn)
    records = list[Record]()
    for index, ((manager, team), size) in enumerate(places.items()):
        for repair, jobs, reports in zip(*(said[about][index] for about in _WORDS), strict=True):
            case = {"id": f"B-{len(records):03}", "manager": manager, "team": team}
            record = _record(random, repair, jobs, reports)
            records.append({"case": {key: value for key, value in case.items() if value}, **record})
        assert len(said["jobs"][index]) == size
    return MadeUp(tuple(records), under)


CHARACTERISTICS = ("bike.kind", "bike.motor")
_KINDS = ("city bike", "cargo bike", "recumbent", "")


def made_up_of_groups(seed: int) -> MadeUp:
    """The caseload of that number in which cases have characteristics: few managers and teams, and all groups in them.

    What is said of the cases depends on their groups, and where it is exchanged, no sum of a group changes.
    """
    random = Random(seed)  # noqa: S311 - no secret
    under = random.choice((3, 4, 5, 5))
    cells = _cells(random, under)
    said = {about: _outcomes(random, list(cells.values()), words, under) for about, words in _WORDS.items()}
    for drawn in said.values():
        kept = random.randint(0, 1 + len(CHARACTERISTICS))
        _exchange(random, [_turned(place, kept) for place in cells], drawn)
    records = list[Record]()
    for index, (manager, team, kind, motor) in enumerate(cells):
        for repair, jobs, reports in zip(*(said[about][index] for about in _WORDS), strict=True):
            case = {"id": f"B-{len(records):03}", "manager": manager, "team": team}
            record = _record(random, repair, jobs, reports)
            bike = {"wheels": record["bike"]["wheels"], "kind": kind, "motor": {"yes": True, "no": False}.get(motor)}
            record["bike"] = {name: value for name, value in bike.items() if value not in ("", None)}
            records.append({"case": {key: value for key, value in case.items() if value}, **record})
    return MadeUp(tuple(records), under, CHARACTERISTICS)


def _turned(place: Place, kept: int) -> Place:
    """A place as the group whose sums are kept when something is exchanged, and all the rest."""
    return (place[kept], str((*place[:kept], *place[kept + 1 :])))


def _cells(random: Random, under: int) -> dict[Place, int]:
    """How many cases of each group each manager has in each team."""
    managers = random.sample(("Worker 0", "Worker 1", "Worker 2", ""), random.choice((1, 1, 2, 2, 3)))
    teams = random.sample(("East", "West"), random.choice((1, 1, 2)))
    kinds = random.sample(_KINDS, random.choice((1, 2, 2, 3)))
    motors = random.sample(("yes", "no", ""), random.choice((1, 1, 2, 3)))
    few, sizes = random.choice((0, 0, 0.1, 0.3)), (under, under + 1, 2 * under - 1, 2 * under, 3 * under)
    cells: dict[Place, int] = {}
    for place in product(managers, teams, kinds, motors):
        if random.random() < 0.8:
            cells[place] = random.randint(1, under - 1) if random.random() < few else random.choice(sizes)
    return cells or {("Worker 0", "East", "city bike", "yes"): 2 * under}


def _places(random: Random, under: int) -> dict[Place, int]:
    """How many cases each manager has in each team: mostly in one, in some caseloads a few or many in others."""
    teams = random.sample(("East", "West", "North", ""), random.randint(1, 3))
    sizes = (under, under + 1, 2 * under - 1, 2 * under, 3 * under)
    few, astray = random.choice((0, 0, 0.1, 0.3)), random.choice((0, 0, 0.2, 0.8))
    places: dict[Place, int] = {}
    for number in range(random.randint(1, 5)):
        home = random.choice(teams)
        for team in teams:
            if team == home or random.random() < astray:
                size = random.randint(1, under - 1) if random.random() < few else random.choice(sizes)
                places["" if random.random() < 0.05 else f"Worker {number}", team] = size
    return places


def _outcomes(random: Random, sizes: Sequence[int], words: Sequence[str], under: int) -> list[list[str]]:
    """What is said of the cases of each place: a few words, of some of which there are few, or hardly enough."""
    usual = random.sample(words, min(len(words), random.choice((1, 2, 2, 3, 4))))
    unsafe = random.choice((0, 0, 1, len(sizes)))  # in how many places there may be few of a word
    said = []
    for index, size in enumerate(random.sample(range(len(sizes)), len(sizes))):
        left, drawn = sizes[size], list[str]()
        for word in random.sample(usual, len(usual))[1:]:
            enough = [0, under, under + 1, left // 2, left]
            number = random.choice([1, 2, under - 1, *enough] if index < unsafe else enough)
            if number <= left and (
                index < unsafe or (number in range(1, under)) + (left - number in range(1, under)) == 0
            ):
                drawn += [word] * number
                left -= number
        drawn += [usual[0]] * left
        random.shuffle(drawn)
        said.append((size, drawn))
    return [drawn for _, drawn in sorted(said)]


def _exchange(random: Random, places: Sequence[Place], said: Sequence[list[str]]) -> None:
    """Exchange what is said of some cases of a manager in two teams, so that his sums do not change.

    Where another manager is in both teams too, the opposite is done there, so that the teams' do not change either.
    """
    pairs = [(one, here, there) for one, here in places for other, there in places if one == other and here != there]
    words = sorted({word for drawn in said for word in drawn})
    if not pairs or len(words) == 1 or random.random() < 0.3:
        return
    one, here, there = random.choice(pairs)
    first, second = random.sample(words, 2)
    others = [other for other, *teams in pairs if other != one and teams == [here, there]]
    managers = [(one, here, there), *((other, there, here) for other in others[: random.randint(0, 1)])]
    gives = [
        (places.index((manager, team)), word, instead)
        for manager, left, right in managers
        for team, word, instead in ((left, first, second), (right, second, first))
    ]
    number = random.randint(0, min(said[place].count(word) for place, word, _ in gives))
    for place, word, instead in gives:
        for _ in range(number):
            said[place][said[place].index(word)] = instead


def _record(random: Random, repair: str, jobs: str, reports: str) -> Record:
    bike = {"wheels": 0 if repair == "not applicable" else 2, "kind": random.choice(("cargo bike", "city bike"))}
    brought = "2024-05-31" if repair == "not yet due" else "2024-04-02"
    record: Record = {"bike": bike, "repair": {"brought_on": brought, **_REPAIR.get(repair, {})}}
    record |= {"faults": [{"part": "brake", "serious": True}], **_JOBS[jobs]}
    if reports != "not evidenced":
        rows = {"no report": 0, "several": random.randint(2, 9)}.get(reports, 1)
        record["reports"] = [{"id": f"R{row}", "kind": "estimate"} for row in range(rows)]
        answers = [random.choice(("yes", "no", "none")) if reports == "several" else reports for _ in range(rows)]
        record["answers"] = [
            {"criterion": "estimate-quality", "item": f"R{row}", "answer": answer}
            | ({"reason": "By word of mouth."} if answer == "n/a" else {})
            for row, answer in enumerate(answers)
            if answer != "none"
        ]
    return record
