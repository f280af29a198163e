"""A file of waivers: read with all that is wrong in it at once, and a waiver that is added reads back as it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from casescreen.conditions.criterion_hash import criterion_hash
from casescreen.model.calendar import Duration, Unit
from casescreen.model.outcome import Outcome
from casescreen.model.problem import CasescreenError, ProblemsError
from casescreen.model.rulebook import Rulebook
from casescreen.model.waiver import Waiver
from casescreen.rulebook.parameters import with_local_holidays
from casescreen.rulebook.waiver_file import (
    HEAD,
    longest_months,
    months_after,
    read_waivers,
    rule_hash,
    switched_off,
    waiver_block,
    waivers_in,
    with_waiver,
)
from casescreen.text import evened, evened_lines

_SOUND = {
    "case": '"B-1"',
    "criterion": '"repair-in-time"',
    "accepts": '"not met"',
    "reason": '"A part is on order."',
    "by": '"A. Wright"',
    "role": '"owner of the shop"',
    "on": "2024-05-01",
    "until": "2024-07-31",
}

Read = Callable[[str], Sequence[Waiver]]
Told = Callable[[str], str]


def _block(**changed: str | None) -> str:
    keys = {**_SOUND, **{key.rstrip("_"): value for key, value in changed.items()}}
    return "[[waiver]]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items() if value is not None)


@pytest.fixture
def read(bikes: Rulebook, tmp_path: Path) -> Read:
    def call(text: str) -> Sequence[Waiver]:
        path = tmp_path / "waivers.toml"
        path.write_bytes(text.encode())
        return read_waivers(path, bikes, to_make_it="casescreen waivers add FILE ...")

    return call


@pytest.fixture
def told(read: Read) -> Told:
    def call(text: str) -> str:
        with pytest.raises(ProblemsError) as error:
            read(text)
        return "\n".join(map(str, error.value.problems))

    return call


def test_a_waiver_is_read(read: Read) -> None:
    """With its line; it begins on the day on which it was given, where nothing else is said."""
    [one] = read("# mine\n" + _block(case='" B-1 "'))
    assert one.finding == ("B-1", "repair-in-time", "")
    assert (one.accepts, one.by, one.role) == (Outcome.NOT_MET, "A. Wright", "owner of the shop")
    assert (one.on, one.begins, one.until) == (date(2024, 5, 1), date(2024, 5, 1), date(2024, 7, 31))
    assert one.line == 2
    assert read("") == ()
    assert read(_block(from_="2024-06-01"))[0].begins == date(2024, 6, 1)


def test_everything_that_is_wrong_is_told_at_once(told: Told) -> None:
    """Each with its file and line, and what it belongs to."""
    text = _block(until=None) + _block(criterion='"repair-in-tme"') + _block(accepts='"met"') + "[other]\na = 1\n"
    said = told(text)
    for words in (
        '"until" is missing',
        'Did you mean "repair-in-time"?',
        '"met" leaves nothing to accept',
        '"other" means nothing here',
        "waivers.toml, line 1 (waiver 1: B-1, repair-in-time)",
        "line 11 (waiver 2: B-1, repair-in-tme)",
        "line 21 (waiver 3: B-1, repair-in-time)",
    ):
        assert words in said, words


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"case": "7"}, '"case"'),
        ({"case": '""'}, "the text is empty"),
        ({"case": '"\\u200b"'}, "the text is empty"),
        ({"reason": None}, '"reason" is missing'),
        ({"reason": '"  "'}, "the text is empty"),
        ({"reason": '"' + "x" * 1_001 + '"'}, "more than 1,000 characters"),
        ({"by": None}, '"by" is missing'),
        ({"role": "[1]"}, '"role"'),
        ({"on": '"soon"'}, '"on"'),
        ({"on": "true"}, '"on"'),
        ({"until": "2024-04-30"}, "ends before it begins"),
        ({"until": "2024-11-02"}, "more than 6 months after 1 May 2024"),
        ({"from_": "2024-04-30"}, "begins before the day on which it was given"),
        ({"from_": "2024-08-01"}, "ends before it begins"),
        ({"accepts": '"not met "'}, "is not one of the words"),
        ({"accepts": '"not yet due"'}, "leaves nothing to accept"),
        ({"item": '"R1"'}, "is asked of the case, and not of rows"),
        ({"criterion": '"estimate-quality"'}, "no item says which is meant"),
        ({"rule": '"abc"'}, "is not what casescreen writes there"),
        ({"colour": '"red"'}, '"colour" means nothing here'),
        ({"criterion": '"x\\u001b[31m"'}, "there is no criterion"),
    ],
)
def test_a_mistake_is_told(told: Told, changed: dict[str, str | None], words: str) -> None:
    """And nothing that a terminal could act on stands in it."""
    said = told(_block(**changed))
    assert words in said
    assert "\x1b" not in said
    assert "What to do" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[waiver]\ncase = 1\n", "in double brackets"),
        ('waiver = "none"\n', "in double brackets"),
        ("waiver = [1]\n", "not a group of keys"),
        ("[[waiver]\n", "waivers.toml"),
        ("waiver = " + "[" * 5_000 + "\n", "waivers.toml"),
        ("# " + "x" * 1024 * 1024 + "\n", "bytes"),
    ],
)
def test_what_is_no_file_of_waivers_is_told(told: Told, text: str, words: str) -> None:
    """Whatever stands in it."""
    assert words in told(text)


def test_the_last_day_can_be_six_months_on_and_no_later(read: Read, told: Told) -> None:
    """A month that is too short has its last day."""
    assert read(_block(until="2024-11-01"))
    assert "2024-11-01 or an earlier day" in told(_block(until="2024-11-02"))
    assert months_after(date(2023, 8, 31), 6) == date(2024, 2, 29)
    assert months_after(date(2024, 12, 31), 1) == date(2025, 1, 31)
    assert months_after(date(9999, 12, 31), 6) == date(9999, 6, 30)


def test_two_of_one_finding_on_one_day_are_a_mistake(read: Read, told: Told) -> None:
    """Days that touch are no mistake; two rows are two findings; and a long one is held against each later one."""
    first = _block(until="2024-05-31")
    assert "at line 1, counts until 31 May 2024" in told(first + _block(from_="2024-05-31"))
    assert len(read(first + _block(from_="2024-06-01"))) == 2
    rows = [_block(criterion='"estimate-quality"', item=f'"R{row}"', accepts='"needs judgement"') for row in (1, 2)]
    assert len(read("".join(rows))) == 2
    inside = _block(from_="2024-05-02", until="2024-05-03") + _block(from_="2024-07-01", until="2024-07-02")
    assert told(_block() + inside).count("at line 1, counts") == 2


def test_a_table_that_is_not_recorded_can_be_accepted_without_a_row(read: Read) -> None:
    """Its finding is about no row; that there are rows then is another finding."""
    [one] = read(_block(criterion='"estimate-quality"', accepts='"not evidenced"'))
    assert one.item == ""


def test_ids_follow_what_criteria_are_called_now(bikes: Rulebook) -> None:
    """And what is switched off by a profile is known, while what nobody knows is a mistake."""
    renamed = evolve(bikes, renamed={"done-in-time": "repair-in-time"})
    [one] = waivers_in(_block(criterion='"done-in-time"').encode(), "w.toml", renamed)
    assert one.criterion == "repair-in-time"


def test_what_is_never_to_be_accepted_is_a_mistake(bikes: Rulebook) -> None:
    """The rulebook says so of a criterion."""
    never = evolve(bikes, criteria=tuple(evolve(one, waivable=False) for one in bikes.criteria))
    with pytest.raises(ProblemsError, match="nobody can accept a finding of repair-in-time"):
        waivers_in(_block().encode(), "w.toml", never)


def test_a_profile_can_say_how_long_and_what_is_off(bikes: Rulebook) -> None:
    """Without one: six months, and nothing is off."""
    assert longest_months(bikes) == 6
    assert switched_off(bikes) == frozenset()
    one = bikes.criterion["faults-have-jobs"]
    local = evolve(bikes, criteria=tuple(other for other in bikes.criteria if other != one))
    profile = SimpleNamespace(longest_waiver_months=1, criteria_off=(one,))
    object.__setattr__(local, "profile", profile)
    with pytest.raises(ProblemsError, match="more than 1 month after"):
        waivers_in(_block(until="2024-06-02").encode(), "w.toml", local)
    off = _block(criterion='"faults-have-jobs"', until="2024-06-01")
    assert [waiver.criterion for waiver in waivers_in(off.encode(), "w.toml", local)] == ["faults-have-jobs"]
    with pytest.raises(ProblemsError, match='Did you mean "repair-in-time"'):
        waivers_in(_block(criterion='"repairs-in-time"').encode(), "w.toml", local)


def test_days_off_are_no_other_rule(bikes: Rulebook) -> None:
    """A limit that is another one is."""
    holiday = with_local_holidays(bikes, [date(2024, 5, 2)])
    assert holiday != bikes
    for one in bikes.criteria:
        same = criterion_hash(one, bikes.parameters, bikes.derived)
        assert rule_hash(holiday.criterion[one.id], holiday) == rule_hash(one, bikes) == same
    due = bikes.parameters["repair_due"]
    later = evolve(bikes, parameters={**bikes.parameters, "repair_due": evolve(due, value=Duration(99, Unit.DAY))})
    assert rule_hash(later.criterion["repair-in-time"], later) != rule_hash(bikes.criterion["repair-in-time"], bikes)


def test_a_missing_file_says_how_it_is_made(bikes: Rulebook, tmp_path: Path) -> None:
    """With the command that was given."""
    with pytest.raises(CasescreenError) as error:
        read_waivers(tmp_path / "none.toml", bikes, to_make_it="casescreen waivers add none.toml ...")
    assert "To begin one: casescreen waivers add none.toml ..." in str(error.value)


def test_many_are_read_in_no_time(read: Read, told: Told) -> None:
    """As many as a file can hold; and a mistake in each of them does not take longer."""
    many = "".join(_block(case=f'"B-{number}"') for number in range(4_000))
    assert len(read(many)) == 4_000
    assert '"until" is missing' in told("".join(_block(until=None) for _ in range(2_000)))


def _waiver(bikes: Rulebook, **changed: object) -> Waiver:
    values: dict[str, object] = {
        "case": "B-1",
        "criterion": "repair-in-time",
        "item": "",
        "accepts": Outcome.NOT_MET,
        "reason": "A part is on order.",
        "by": "A. Wright",
        "role": "owner",
        "on": date(2024, 5, 1),
        "begins": date(2024, 5, 1),
        "until": date(2024, 7, 31),
        "rule": rule_hash(bikes.criterion["repair-in-time"], bikes),
    }
    return Waiver(**{**values, **changed})  # type: ignore[arg-type]


_TEXT = st.text(min_size=1, max_size=80).filter(lambda text: bool(evened(text)))


@given(reason=_TEXT, by=_TEXT, role=_TEXT, evidence=_TEXT, later=st.integers(0, 60))
def test_what_is_added_reads_back(bikes: Rulebook, reason: str, by: str, role: str, evidence: str, later: int) -> None:
    """Whatever is written in it, as it is seen; only half of a character can stand in no file."""
    begins = date.fromordinal(date(2024, 5, 1).toordinal() + later)
    one = _waiver(bikes, reason=reason, by=by, role=role, evidence=evidence, begins=begins)
    try:
        made = with_waiver(b"", one, "w.toml", bikes)
    except CasescreenError:
        assert any("\ud800" <= character <= "\udfff" for character in reason + by + role + evidence)
        return
    [read_back] = waivers_in(made, "w.toml", bikes)
    assert evolve(read_back, file="", line=0) == evolve(
        one,
        reason=evened_lines(reason),
        by=evened_lines(by),
        role=evened_lines(role),
        evidence=evened_lines(evidence),
    )


@pytest.mark.parametrize("old", ["", HEAD, "# mine\r\n", "\ufeff# mine", "# é \n\n\n", _block(case='"B-2"').rstrip()])
def test_the_rest_of_the_file_stays_as_it_is(bikes: Rulebook, old: str) -> None:
    """To the byte, with its line ends and its byte-order mark."""
    made = with_waiver(old.encode(), _waiver(bikes), "w.toml", bikes)
    assert made.startswith(old.encode() or HEAD.encode())
    assert (b"\r\n" in made) == ("\r\n" in old)
    assert made.count(b"\n") == made.count(b"\r\n") or b"\r\n" not in made
    assert [one.case for one in waivers_in(made, "w.toml", bikes)][-1] == "B-1"


def test_a_file_that_is_wrong_is_not_added_to(bikes: Rulebook) -> None:
    """What is wrong in it is told with its line."""
    with pytest.raises(ProblemsError, match=r"w\.toml, line 1"):
        with_waiver(_block(until=None).encode(), _waiver(bikes), "w.toml", bikes)


def test_what_is_wrong_with_a_new_one_is_told_of_it(bikes: Rulebook) -> None:
    """It has no line yet."""
    with pytest.raises(ProblemsError, match=r"the new waiver \(B-1, repair-in-time\): it ends more than 6 months"):
        with_waiver(b"", _waiver(bikes, until=date(2025, 1, 1)), "w.toml", bikes)


@pytest.mark.parametrize("begins", [date(2024, 5, 1), date(2024, 7, 31)])
def test_a_second_one_on_the_same_day_is_not_added(bikes: Rulebook, begins: date) -> None:
    """Whichever begins first."""
    old = with_waiver(b"", _waiver(bikes, begins=date(2024, 6, 1)), "w.toml", bikes)
    with pytest.raises(CasescreenError, match="has a waiver of this finding already"):
        with_waiver(old, _waiver(bikes, begins=begins), "w.toml", bikes)


def test_an_inline_list_cannot_be_added_to(bikes: Rulebook) -> None:
    """It is told, and not half of it written."""
    inline = ", ".join(f"{key} = {value}" for key, value in {**_SOUND, "case": '"B-2"'}.items())
    with pytest.raises(ProblemsError):
        with_waiver(f"waiver = [{{ {inline} }}]\n".encode(), _waiver(bikes), "w.toml", bikes)


def test_a_block_is_as_a_person_would_write_it(bikes: Rulebook) -> None:
    """In the order in which one says it."""
    assert waiver_block(_waiver(bikes, rule="")) == (
        '[[waiver]]\ncase      = "B-1"\ncriterion = "repair-in-time"\naccepts   = "not met"\n'
        'reason    = "A part is on order."\nby        = "A. Wright"\nrole      = "owner"\non        = 2024-05-01\n'
        "until     = 2024-07-31\n"
    )
