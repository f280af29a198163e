"""Somebody who has every copy to share of one caseload, knows the rules of withholding, and works out what he can.

    python tests/privacy/attacker.py 500

makes up so many caseloads, prints each as JSON by theme, by manager and by team, as the command line does, and attacks
what was printed. He also knows how many cases each manager has in each team, and which rows were asked about. A count
is a whole number, what is printed is so, and what is not printed was withheld for one of the reasons that there are:
each count is then as low, and as high, as integer programming finds it can be.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from attrs import Factory, define, evolve, frozen
from scipy.optimize import Bounds, LinearConstraint, milp

OUTCOMES = ("met", "not met", "not applicable", "not yet due", "not evidenced", "needs judgement")
DECIDED, BESIDE, UNDECIDED = OUTCOMES[:2], OUTCOMES[2:], OUTCOMES[3:]
_CLASSES = (("met",), ("not met",), BESIDE)

Place = tuple[str, ...]
"""A manager, a team, and a group of each characteristic: the cases that are in all of them."""

Groups = Mapping[str, Sequence[Place]]
"""The places of each group that is printed."""

Copy = Mapping[str, Any]
"""A copy to share, as it was printed."""

Form = frozenset[tuple[Place, str]]
"""Counts that are added up: of places and outcomes."""

Range = tuple[Form, int, int]
"""A sum, and what it lies between."""


@define
class Counts:
    """What is known of the counts of one criterion: sums that lie between two numbers, and of several one that does."""

    sizes: Mapping[Place, int]
    known: list[Range] = Factory(list)
    one_of: list[Sequence[Range]] = Factory(list)
    solutions: list[Mapping[tuple[Place, str], int]] = Factory(list)

    @property
    def cases(self) -> int:
        return sum(self.sizes.values())

    def form(self, outcomes: Iterable[str], places: Iterable[Place] | None = None) -> Form:
        return frozenset((p, o) for p in (self.sizes if places is None else places) for o in outcomes)

    def seen(self, form: Form) -> list[int]:
        return [sum(solution[cell] for cell in form) for solution in self.solutions]

    def solve(self, form: Form, *, highest: bool) -> None:
        """Find counts for which the sum is the lowest that it can be, or the highest."""
        cells = [(place, outcome) for place in self.sizes for outcome in OUTCOMES]
        number = {cell: index for index, cell in enumerate(cells)}
        choices = [alternative for alternatives in self.one_of for alternative in alternatives]
        width, rows, low, high = len(cells) + len(choices), list[Any](), list[float](), list[float]()

        def hold(form: Form, least: float, most: float, choice: int | None = None) -> None:
            """That the sum lies between the two; if it is a choice, only where that is chosen."""
            for bound, sign in ((least, 1), (most, -1)):
                row = np.zeros(width)
                row[[number[cell] for cell in form]] = sign
                if choice is not None:
                    row[len(cells) + choice] = -2 * self.cases
                rows.append(row)
                low.append(sign * bound - (0 if choice is None else 2 * self.cases))
                high.append(np.inf)

        for place, size in self.sizes.items():
            hold(self.form(OUTCOMES, [place]), size, size)
        for one in self.known:
            hold(*one)
        for index, (of, least, most) in enumerate(choices):
            hold(of, least, most, index)
        start = 0
        for alternatives in self.one_of:
            row = np.zeros(width)
            row[len(cells) + start : len(cells) + start + len(alternatives)] = 1
            rows.append(row)
            low.append(1)
            high.append(np.inf)
            start += len(alternatives)
        aim = np.zeros(width)
        aim[[number[cell] for cell in form]] = -1 if highest else 1
        up_to = [self.sizes[place] for place, _ in cells] + [1] * len(choices)
        found = milp(
            aim,
            integrality=np.ones(width),
            bounds=Bounds(np.zeros(width), np.array(up_to)),
            constraints=LinearConstraint(np.array(rows), np.array(low), np.array(high)),
        )
        if found.x is None:
            raise AssertionError(f"what was printed cannot be: {found.message}")
        self.solutions.append({cell: round(found.x[number[cell]]) for cell in cells})

    def range(self, form: Form) -> tuple[int, int]:
        self.solve(form, highest=False)
        self.solve(form, highest=True)
        return min(self.seen(form)), max(self.seen(form))


@frozen
class Target:
    """A count that the attacker is after.

    Attributes:
        what: whose count it is, for people.
        shown: how it is printed: "few", "withheld", or "" where it is not.
    """

    what: str
    form: Form
    shown: str

    def is_safe(self, low: int, high: int, under: int) -> bool:
        """Whether somebody who knows that it is from ``low`` to ``high`` has learnt no small count.

        What is printed as few may be any from 1 to one less than the threshold, and no less is left open of what is
        withheld; it may not be known to be few either.
        """
        if self.shown == "few":
            return (low, high) == (1, under - 1)
        if self.shown:
            return high - low >= under - 2 and not 1 <= low <= high < under
        return low < 1 or high >= under or high - low >= under - 2


def attack(
    copies: Sequence[Copy],
    sizes: Mapping[Place, int],
    *,
    acts_on: str = "",
    rules_known: bool = True,
    characteristics: Sequence[str] = (),
) -> list[str]:
    """What small counts the copies give away, in words.

    Args:
        copies: every copy to share of one caseload.
        sizes: how many cases each manager has in each team, and of each group of each characteristic.
        acts_on: the criterion that is not met in every case that needs action now.
        rules_known: whether he knows how it is decided what to withhold; not of copies made by other rules.
        characteristics: the fields whose groups places have after a manager and a team, in the dictionary's order.
    """
    under, first = copies[0]["suppressed_under"], copies[0]
    leaks = [f"{what} is printed: {count}" for copy in copies for what, count in _printed(copy) if 0 < count < under]
    if first["cases"] == "few":
        return leaks
    for entry in first["figures"]:
        row = {outcome: count for outcome, count in entry["counts"].items() if isinstance(count, int)}
        if sum(row.values()) > first["cases"]:
            found = _of_rows(row, first["cases"], under)
        else:
            there = {place: size for place, size in sizes.items() if size}
            counts, targets = _known(copies, entry, there, characteristics, rules_known)
            counts.known += _by_how_cases_stand(counts, copies, entry["criterion"], acts_on, under)
            found = (leak for target in targets for leak in _leaks(counts, target, under))
        leaks += (f"{entry['criterion']}: {leak}" for leak in found)
    return leaks


def _known(
    copies: Sequence[Copy],
    entry: Mapping[str, Any],
    sizes: Mapping[Place, int],
    characteristics: Sequence[str],
    rules_known: bool,
) -> tuple[Counts, list[Target]]:
    """What the copies say of one criterion, and what is to be found out."""
    counts, targets, under = Counts(sizes), list[Target](), copies[0]["suppressed_under"]
    groups = {copy["by"]: _groups(copy, sizes) for copy in copies if copy["groups"]}
    splits = {copy["split"]["field"]: copy["split"] for copy in copies if copy.get("split")}
    of_splits = {field: _groups_of(split, 2 + characteristics.index(field), sizes) for field, split in splits.items()}
    said: list[tuple[str, str, Any, Sequence[Place]]] = [
        ("all", outcome, count, list(sizes)) for outcome, count in entry["counts"].items()
    ]
    for copy in copies:
        for group in copy["groups"]:
            of = groups[copy["by"]][group["name"]]
            figures = (one["counts"] for one in group["figures"] if one["criterion"] == entry["criterion"])
            said += [(group["name"], outcome, count, of) for row in figures for outcome, count in row.items()]
    for field, split in splits.items():
        for group in split["groups"]:
            met = (figures["met"] for figures in group["figures"] if figures["criterion"] == entry["criterion"])
            for row in ((("met", one["count"]), ("not met", one["of"] - one["count"])) for one in met):
                said += [(group["name"], outcome, count, of_splits[field][group["name"]]) for outcome, count in row]
    for name, outcome, count, places in said:
        form, least = counts.form([outcome], places), 0
        if not isinstance(count, int):
            targets.append(Target(f"{name}, {outcome}", form, count))
            least = under if rules_known and count == "withheld" and "few" in entry["counts"].values() else 0
        counts.known.append(_printed_range(form, count, under, counts.cases, least))
    if rules_known:
        counts.one_of += _why_not_more(counts, entry["counts"], under)
        counts.one_of += _why_not_by_group(counts, entry, copies, groups, under)
        in_order = [(splits[field], of_splits[field]) for field in characteristics if field in splits]
        counts.one_of += _why_not_by_split(counts, entry, _finest(entry, copies, groups, sizes), in_order, under)
    return counts, [*targets, *_not_printed(counts, len(characteristics))]


def _leaks(counts: Counts, target: Target, under: int) -> Iterator[str]:
    for highest in (None, False, True):
        if highest is not None:
            counts.solve(target.form, highest=highest)
        seen = counts.seen(target.form)
        if seen and target.is_safe(min(seen), max(seen), under):
            return
    if not target.shown and (left := _not_alike(counts, target.form)) != target.form:
        yield from _leaks(counts, evolve(target, form=left), under)
        return
    yield f"{target.what} is from {min(seen)} to {max(seen)}, and shown as {target.shown or 'nothing'}"


def _not_alike(counts: Counts, form: Form) -> Form:
    """The sum without the places of which all cases are meant, or none: where a whole team is alike, so are they."""
    left = set(form)
    for place in {place for place, _ in form}:
        part = frozenset(cell for cell in form if cell[0] == place)
        if counts.range(part) in {(0, 0), (counts.sizes[place], counts.sizes[place])}:
            left -= part
    return frozenset(left)


def _printed(copy: Copy) -> Iterator[tuple[str, int]]:
    """Every number that is printed."""
    named = [("cases", copy["cases"]), ("left out", copy["left_out"]), *copy["stands"].items()]
    for group in copy["groups"]:
        named.append((f"cases of {group['name']}", group["cases"]))
        named += [(f"{group['name']}, {o}", c) for one in group["figures"] for o, c in one["counts"].items()]
    named += [(f"{one['criterion']}, {o}", c) for one in copy["figures"] for o, c in one["counts"].items()]
    for group in (copy.get("split") or {"groups": []})["groups"]:
        named.append((f"cases of {group['name']}", group["cases"]))
        for figures in group["figures"]:
            for of, k, n in (("group", "count", "of"), ("everyone else", "others", "others_of")):
                about, pair = f"{figures['criterion']}, {of} of {group['name']}", figures["met"]
                named += [(f"{about}, met", pair[k]), (f"{about}, not met", pair[n] - pair[k]), (about, pair[n])]
    return ((what, count) for what, count in named if isinstance(count, int))


def _printed_range(form: Form, count: int | str, under: int, cases: int, least: int) -> Range:
    if isinstance(count, int):
        return form, count, count
    return (form, 1, under - 1) if count == "few" else (form, least, cases)


def _groups(copy: Copy, sizes: Mapping[Place, int]) -> dict[str, list[Place]]:
    """The places of each group that is printed; the one that is nobody's name has those of all who are not."""
    index = ("manager", "team").index(copy["by"])
    names = {group["name"] for group in copy["groups"]}
    others = next(iter(names - {place[index] for place in sizes}), "")
    groups: dict[str, list[Place]] = {name: [] for name in names}
    for place, size in sizes.items():
        if size:
            groups[place[index] if place[index] in names else others].append(place)
    return groups


def _groups_of(split: Mapping[str, Any], index: int, sizes: Mapping[Place, int]) -> Groups:
    """The same of a characteristic; those that are told together are those whose own name is not printed."""
    names = {group["name"] for group in split["groups"]}
    groups: dict[str, list[Place]] = {name: [] for name in names}
    for place in sizes if names else ():
        groups[place[index] if place[index] in names else split["together"]].append(place)
    return groups


def _of_rows(rows: Mapping[str, int], cases: int, under: int) -> Iterator[str]:
    """Where more rows are printed than there are cases: he knows to which cases none applies, and that is no row."""
    most = cases - rows.get("not applicable", 0)
    for outcome, count in rows.items():
        if outcome != "not applicable" and count >= under > most > 0:
            yield f"{outcome}: {count} rows are those of at most {most} cases"


def _by_how_cases_stand(
    counts: Counts, copies: Sequence[Copy], criterion: str, acts_on: str, under: int
) -> Iterator[Range]:
    """A case in which something is not met needs attention, and no other case does."""
    copy = copies[0]
    stands = {state: count for state, count in copy["stands"].items() if isinstance(count, int)}
    if "no failure shown" not in stands:
        return
    acting, others = copy["cases"] - stands["no failure shown"], dict[str, int]()
    for entry in copy["figures"]:
        count = entry["counts"]["not met"]
        if entry["criterion"] != criterion:
            most = count if isinstance(count, int) else under - 1 if count == "few" else acting
            others[entry["criterion"]] = min(acting, most)
    beside = min([sum(others.values()), *(_most_acting(groups, others) for groups in _partitions(copies))])
    least = max(acting - beside, stands.get("act now", 0) if criterion == acts_on else 0)
    yield counts.form(["not met"]), max(0, least), acting


def _partitions(copies: Sequence[Copy]) -> Iterator[list[tuple[int, dict[str, int]]]]:
    """Of every copy, how many cases each group has, and how many of them are not met, of the criteria told by group."""
    for copy in copies:
        figures = [
            (one["cases"], {row["criterion"]: row["counts"]["not met"] for row in one["figures"]})
            for one in copy["groups"]
        ]
        split = [
            (one["cases"], {row["criterion"]: row["met"]["of"] - row["met"]["count"] for row in one["figures"]})
            for one in (copy.get("split") or {"groups": []})["groups"]
        ]
        yield from filter(None, (figures, split))


def _most_acting(groups: Sequence[tuple[int, Mapping[str, int]]], others: Mapping[str, int]) -> int:
    """In how many cases something can be not met of some criteria: in no more of a group than there are in it."""
    told = [name for name in others if all(name in of for _, of in groups)]
    by_group = sum(min(size, sum(of[name] for name in told)) for size, of in groups)
    return by_group + sum(count for name, count in others.items() if name not in told)


def _why_not_more(counts: Counts, row: Mapping[str, object], under: int) -> Iterator[list[Range]]:
    """That whatever would have shown more of the row was not safe: each list has one that holds."""

    def few(outcomes: Iterable[str]) -> list[Range]:
        return [(counts.form([outcome]), 1, under - 1) for outcome in outcomes]

    def little(outcomes: Sequence[str], most: int = under) -> Range:
        return counts.form(outcomes), 0, most

    hidden = tuple(outcome for outcome in OUTCOMES if not isinstance(row[outcome], int))
    if hidden and hidden != DECIDED:
        yield few(hidden)
    if hidden == BESIDE:
        yield [*few(OUTCOMES[2:3]), little(UNDECIDED)]
    if hidden == OUTCOMES:
        yield [*few(OUTCOMES[:3]), little(UNDECIDED)]
        yield [*few(DECIDED), little(BESIDE)]
        yield [*few(BESIDE), little(DECIDED, 2 * under - 2)]


def _why_not_by_group(
    counts: Counts,
    entry: Mapping[str, Any],
    copies: Sequence[Copy],
    groups: Mapping[str, Mapping[str, Sequence[Place]]],
    under: int,
) -> Iterator[list[Range]]:
    """That some count of some group was small, where the row is shown and its groups are not."""
    if not all(isinstance(entry["counts"][outcome], int) for outcome in DECIDED):
        return
    for copy in copies:
        named = [one["criterion"] for group in copy["groups"] for one in group["figures"]]
        if copy["groups"] and entry["criterion"] not in named:
            parts = groups.get("team", {"": list(counts.sizes)}).values()
            cells = [[p for p in group if p in part] for group in groups[copy["by"]].values() for part in parts]
            yield [(counts.form(one, cell), 1, under - 1) for cell in cells if cell for one in _CLASSES]


def _finest(
    entry: Mapping[str, Any], copies: Sequence[Copy], groups: Mapping[str, Groups], sizes: Mapping[Place, int]
) -> list[Sequence[Place]]:
    """The cells of the finest table by which a criterion is told, of managers in teams, or of teams."""
    by = {
        copy["by"]
        for copy in copies
        for group in copy["groups"]
        if entry["criterion"] in (one["criterion"] for one in group["figures"])
    }
    whole: Sequence[Place] = list(sizes)
    teams = list(groups["team"].values()) if "team" in groups else [whole]
    if "manager" in by:
        return [[p for p in group if p in part] for group in groups["manager"].values() for part in teams]
    return teams if "team" in by else [whole]


def _why_not_by_split(
    counts: Counts,
    entry: Mapping[str, Any],
    cells: list[Sequence[Place]],
    splits: Iterable[tuple[Mapping[str, Any], Groups]],
    under: int,
) -> Iterator[list[Range]]:
    """That some count was small in some group of a characteristic, in any cell of what is told: where it is not told.

    Where it is, the cells are finer for the next.
    """
    if not all(isinstance(entry["counts"][outcome], int) for outcome in DECIDED):
        return
    for split, groups in splits:
        finer = [[p for p in cell if p in group] for cell in cells for group in map(set, groups.values())]
        if not groups:
            continue
        if entry["criterion"] in split["withheld"]:
            yield [(counts.form(one, cell), 1, under - 1) for cell in finer if cell for one in _CLASSES]
        else:
            cells = [cell for cell in finer if cell]


def _not_printed(counts: Counts, characteristics: int) -> Iterator[Target]:
    """What each manager and each team has, each manager in each team, and each group, in all and in each of those."""
    things: dict[str, list[Place]] = {}
    for place in counts.sizes:
        names = [f"manager {place[0]}", f"team {place[1]}", f"{place[0]} in {place[1]}"]
        own = [f"group {place[2 + number]} ({number})" for number in range(characteristics)]
        names += [*own, *(f"{one} of {name}" for one in own for name in tuple(names))]
        names += [" ".join(own), f"{place}"] if characteristics > 1 else []
        for name in dict.fromkeys(names):
            things.setdefault(name, []).append(place)
    for name, places in things.items():
        for outcomes in (*((outcome,) for outcome in OUTCOMES), BESIDE, OUTCOMES[1:]):
            yield Target(f"{name}, {' or '.join(outcomes)}", counts.form(outcomes, places), "")


def main(number: int) -> int:
    """Attack so many made-up caseloads, and as many with groups, and print what was found; 1 if anything was."""
    from made_up import ACTS_ON, made_up, made_up_of_groups  # noqa: PLC0415 - it needs what is above

    shapes, leaks = Counter[str](), 0
    for seed, make in product(range(number), (made_up, made_up_of_groups)):
        caseload = make(seed)
        with TemporaryDirectory() as folder:
            copies = caseload.copies(Path(folder))
            shapes.update(f"by {copy['by']}, with figures of groups" for copy in copies if _has_figures(copy))
            shapes.update(["with how the cases stand"] if copies[0]["stands"] else [])
            named = caseload.characteristics
            shapes.update(f"split by {one['split']['field']}, with figures" for one in copies if _is_split(one))
            for leak in attack(copies, caseload.sizes, acts_on=ACTS_ON, characteristics=named):
                leaks += 1
                print(f"caseload {seed} by {make.__name__}, under {caseload.under}: {leak}")
    told = "; ".join(f"{count} {shape}" for shape, count in sorted(shapes.items()))
    print(f"{2 * number} caseloads ({told}): {leaks or 'no'} counts could be worked out")
    return 1 if leaks else 0


def _is_split(copy: Copy) -> bool:
    return any(group["figures"] for group in copy["split"]["groups"]) if copy.get("split") else False


def _has_figures(copy: Copy) -> bool:
    return any(group["figures"] for group in copy["groups"])


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
