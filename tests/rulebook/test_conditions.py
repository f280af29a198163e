"""What each form of condition is read as."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from casescreen.conditions.operators import (
    AFTER,
    AT_LEAST,
    AT_MOST,
    BEFORE,
    IN,
    IS,
    IS_NOT,
    LESS_THAN,
    MORE_THAN,
    NOT_IN,
    ON_OR_AFTER,
    ON_OR_BEFORE,
)
from casescreen.model.calendar import Duration, Unit
from casescreen.model.condition import (
    All,
    Any,
    AsOf,
    Compare,
    Condition,
    Count,
    Covered,
    FromField,
    FromParameter,
    Literal,
    Not,
    Operator,
    OverRows,
    Quantifier,
    Recorded,
    Within,
)
from casescreen.model.dictionary import Dictionary
from casescreen.model.rulebook import Rulebook
from casescreen.rulebook.load import load_rulebook

Read = Callable[[str], Condition]
WHEN = '{ not = { every = "faults", field = "part", covered_by = "parts.part" } }'


@pytest.fixture
def base(workshop: Path) -> Rulebook:
    """The sound rulebook."""
    return load_rulebook(workshop)


@pytest.fixture
def dictionary(base: Rulebook) -> Dictionary:
    """Its dictionary."""
    return base.dictionary


@pytest.fixture
def read(workshop: Path, base: Rulebook) -> Read:
    """Reads a condition in the place of a flag's."""
    assert base.criteria

    def condition(written: str) -> Condition:
        path = workshop / "2-repairs" / "work-sound.toml"
        text = path.read_text(encoding="utf-8")
        assert WHEN in text
        path.write_text(text.replace(WHEN, written), encoding="utf-8")
        return load_rulebook(workshop).criterion["work-sound"].flags[0].when

    return condition


@pytest.mark.parametrize(
    ("written", "name", "operator", "value"),
    [
        ('{ field = "job.type", is = "repair" }', "job.type", IS, "repair"),
        ('{ field = "case.id", is_not = "7" }', "case.id", IS_NOT, "7"),
        ('{ field = "job.agreed", is = false }', "job.agreed", IS, False),
        ('{ field = "job.price", in = [5, 10] }', "job.price", IN, (5, 10)),
        ('{ field = "job.type", not_in = ["repair"] }', "job.type", NOT_IN, ("repair",)),
        ('{ field = "job.price", at_least = 5 }', "job.price", AT_LEAST, 5),
        ('{ field = "job.price", at_most = 5 }', "job.price", AT_MOST, 5),
        ('{ field = "job.price", more_than = 5 }', "job.price", MORE_THAN, 5),
        ('{ field = "job.price", less_than = 5 }', "job.price", LESS_THAN, 5),
        ('{ field = "job.ready_on", before = 2020-05-01 }', "job.ready_on", BEFORE, date(2020, 5, 1)),
        (
            '{ field = "job.ready_on", on_or_before = 2020-05-01 }',
            "job.ready_on",
            ON_OR_BEFORE,
            date(2020, 5, 1),
        ),
        ('{ field = "job.ready_on", after = 2020-05-01 }', "job.ready_on", AFTER, date(2020, 5, 1)),
        (
            '{ field = "job.ready_on", on_or_after = 2020-05-01 }',
            "job.ready_on",
            ON_OR_AFTER,
            date(2020, 5, 1),
        ),
    ],
)
def test_a_comparison(
    written: str, name: str, operator: Operator, value: object, read: Read, dictionary: Dictionary
) -> None:
    """Every comparison is read as its field, its operator and the value written beside it."""
    assert read(written) == Compare(dictionary.fields[name], operator, Literal(value))  # type: ignore[arg-type]


def test_a_comparison_with_a_parameter(read: Read, dictionary: Dictionary) -> None:
    """A name after a dollar sign is a parameter."""
    expected = Compare(dictionary.fields["job.price"], AT_LEAST, FromParameter("dear"))
    assert read('{ field = "job.price", at_least = "$dear" }') == expected


def test_a_comparison_with_the_as_of_date(read: Read, dictionary: Dictionary) -> None:
    """A date may be compared with the as-of date."""
    expected = Compare(dictionary.fields["job.ready_on"], BEFORE, AsOf())
    assert read('{ field = "job.ready_on", before = "$as_of" }') == expected


def test_a_comparison_with_a_field(read: Read, dictionary: Dictionary) -> None:
    """A field may be compared with another, and a text with a choice."""
    fields = dictionary.fields
    assert read('{ field = "job.type", is = { field = "case.manager" } }') == Compare(
        fields["job.type"], IS, FromField(fields["case.manager"])
    )


def test_recorded(read: Read, dictionary: Dictionary) -> None:
    """The test for being recorded keeps which of the two is expected."""
    assert read('{ field = "job.agreed", recorded = false }') == Recorded(
        dictionary.fields["job.agreed"], expected=False
    )


@pytest.mark.parametrize(
    ("written", "limit"),
    [
        ('"2 weeks"', Literal(Duration(2, Unit.WEEK))),
        ('"1 working day"', Literal(Duration(1, Unit.WORKING_DAY))),
        ('"$ready_within"', FromParameter("ready_within")),
    ],
)
def test_within(written: str, limit: Literal | FromParameter, read: Read, dictionary: Dictionary) -> None:
    """Elapsed time is read with its limit, written out or a parameter, and the date it runs from."""
    ready, booked = dictionary.fields["job.ready_on"], dictionary.fields["job.booked_on"]
    condition = f'{{ field = "job.ready_on", within = {written}, of = "job.booked_on" }}'
    assert read(condition) == Within(ready, limit, booked)


@pytest.mark.parametrize(
    ("written", "early"),
    [
        ("", Literal(Duration(0, Unit.DAY))),
        (', early = "3 months"', Literal(Duration(3, Unit.MONTH))),
        (', early = "$ready_within"', FromParameter("ready_within")),
    ],
)
def test_within_has_two_ends_in_language_2(
    written: str, early: Literal | FromParameter, workshop: Path, read: Read, dictionary: Dictionary
) -> None:
    """What came before the day that it runs from is not within, unless it is said how long before counts."""
    root = workshop / "rulebook.toml"
    root.write_text(f"language = 2\n{root.read_text(encoding='utf-8')}", encoding="utf-8")
    ready, booked = dictionary.fields["job.ready_on"], dictionary.fields["job.booked_on"]
    condition = f'{{ field = "job.ready_on", within = "2 weeks", of = "job.booked_on"{written} }}'
    assert read(condition) == Within(ready, Literal(Duration(2, Unit.WEEK)), booked, early)
    assert load_rulebook(workshop).language == 2


def test_combinations(read: Read, dictionary: Dictionary) -> None:
    """Conditions are joined by all, any and not, inside one another, in the order written."""
    agreed, price = dictionary.fields["job.agreed"], dictionary.fields["job.price"]
    written = (
        '{ all = [{ field = "job.agreed", recorded = true },'
        ' { any = [{ field = "job.price", recorded = true }, { not = { field = "job.agreed", is = true } }] }] }'
    )
    no = Not(Compare(agreed, IS, Literal(value=True)))
    assert read(written) == All((Recorded(agreed, expected=True), Any((Recorded(price, expected=True), no))))


@pytest.mark.parametrize("quantifier", list(Quantifier))
def test_over_rows(quantifier: Quantifier, read: Read, dictionary: Dictionary) -> None:
    """Inside a test over rows a bare name is a column, and a name with a dot a field of the case."""
    columns = dictionary.tables["faults"].columns
    written = (
        f'{{ {quantifier.value} = "faults", where = {{ field = "part", is = "brake" }},'
        ' satisfies = { field = "found_on", after = { field = "job.booked_on" } } }'
    )
    assert read(written) == OverRows(
        quantifier,
        "faults",
        Compare(columns["part"], IS, Literal("brake")),
        Compare(columns["found_on"], AFTER, FromField(dictionary.fields["job.booked_on"])),
    )


@pytest.mark.parametrize(
    ("bounds", "at_least", "at_most"),
    [("at_least = 1", 1, None), ("at_most = 0", None, 0), ("at_least = 0, at_most = 2", 0, 2)],
)
def test_count(bounds: str, at_least: int | None, at_most: int | None, read: Read) -> None:
    """A count has one bound or two."""
    assert read(f'{{ count = "faults", {bounds} }}') == Count("faults", None, at_least, at_most)


def test_coverage(read: Read, dictionary: Dictionary) -> None:
    """Coverage names a column of the rows, and a column of another table."""
    faults, parts = dictionary.tables["faults"].columns, dictionary.tables["parts"].columns
    where = '{ field = "found_on", recorded = true }'
    written = f'{{ every = "faults", where = {where}, field = "part", covered_by = "parts.part" }}'
    assert read(written) == Covered(
        "faults", Recorded(faults["found_on"], expected=True), faults["part"], parts["part"]
    )


def test_the_deepest_that_is_read(read: Read) -> None:
    """Twelve conditions inside one another are read; what is deeper is told, as tests/broken/rulebook shows."""
    condition = read("{ not = " * 11 + '{ field = "job.agreed", is = true }' + " }" * 11)
    depth = 1
    while isinstance(condition, Not):
        condition, depth = condition.part, depth + 1
    assert depth == 12
