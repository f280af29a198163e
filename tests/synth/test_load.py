"""generate.toml: what is read from it, and what is told where it is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from casescreen.model.problem import ProblemsError
from casescreen.rulebook.load import load_rulebook
from casescreen.synth.load import load_spec
from casescreen.synth.spec import Choice, DateOffset, PerParentRow, Quantiles

Told = Callable[[str], str]
HEAD = 'status = "unverified"\nabout = "Made up."\nas_of = 2024-06-03\n'
CIRCLE = """
[fields.job]
booked_on = { after = "job.ready_on", days = [1, 2] }
ready_on = { after = "job.booked_on", days = [1, 2] }
"""


@pytest.fixture
def write(workshop: Path) -> Callable[[str], Path]:
    def written(text: str) -> Path:
        (workshop / "generate.toml").write_text(HEAD + text, encoding="utf-8")
        return workshop

    return written


@pytest.fixture
def told(write: Callable[[str], Path]) -> Told:
    """What is told of a file with this text in it."""

    def read(text: str) -> str:
        folder = write(text)
        with pytest.raises(ProblemsError) as error:
            load_spec(folder, load_rulebook(folder))
        return str(error.value)

    return read


def test_what_is_written_is_read(write: Callable[[str], Path]) -> None:
    """A file says how each field is drawn; what it does not name is drawn as is usual, after what it rests on."""
    folder = write(
        """
        [hidden.care]
        about = "How well it is done."
        [missing]
        share = 0.2
        [fields.job.ready_on]
        after = "job.booked_on"
        working_days = [1, 3, 9]
        follows = { care = -0.5 }
        missing = 0
        [tables.faults]
        rows = [0, 1]
        [tables.parts]
        like = "faults"
        share = 0.5
        [tables.parts.columns]
        part = { words = { brake = 2, wheel = 1 } }
        """
    )
    spec = load_spec(folder, load_rulebook(folder))
    draws = {draw.field.name: draw for draw in spec.fields}
    assert spec.as_of == date(2024, 6, 3)
    assert list(draws).index("job.booked_on") < list(draws).index("job.ready_on")
    assert "case.id" not in draws
    ready = draws["job.ready_on"]
    assert ready.distribution == DateOffset(draws["job.booked_on"].field, Quantiles((1, 3, 9)), working=True)
    assert (ready.correlations, ready.missing, draws["job.price"].missing) == ({"care": -0.5}, 0.0, 0.2)
    faults, parts = spec.tables
    assert (faults.size, parts.size) == ((0.0, 1.0), PerParentRow("faults", 0.5))
    assert parts.columns[0].distribution == Choice(("brake", "chain", "wheel"), (2.0, 0.0, 1.0))


def test_it_is_no_part_of_the_rules(workshop: Path, write: Callable[[str], Path]) -> None:
    """What made-up cases are drawn from changes no finding, so it does not change the hash of a rulebook."""
    before = load_rulebook(workshop).hash
    assert load_rulebook(write("")).hash == before


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[fields.job.pirce]\nspread = [1, 2]", 'line 4 (field job.pirce): there is no field "job.pirce"'),
        ("[fields.job.pirce]\nspread = [1, 2]", 'Did you mean "job.price"?'),
        ("[fields.job.price]\nspred = [1, 2]", 'Did you mean "spread"?'),
        ("[fields.job.price]\nyes = 0.5", '"yes" is for a yes-no, and this is a number'),
        ("[fields.job.price]\nspread = [2, 1]", "the numbers of the spread do not rise"),
        ("[fields.job.price]\nspread = [1]", "this is not a spread of numbers"),
        ("[fields.job.price]\nspread = [1, 2.5]", "this is not a spread of numbers"),
        ("[fields.job.price]\nspread = [1, 99999999999999999]", "a number of the spread is too large"),
        ("[fields.job.agreed]\nyes = 50", '"yes" is not a share'),
        ("[fields.job.agreed]\nyes = true", '"yes" is not a share'),
        ('[fields.job.agreed]\nrecorded = "job.raedy_on"', 'Did you mean "job.ready_on"?'),
        ("[fields.job.agreed]\nfollows = { care = 0.5 }", 'there is no hidden factor "care"'),
        ('[hidden.care]\nabout = "."\n[fields.job.agreed]\nfollows = { care = 2 }', '"care" is not a correlation'),
        (
            '[hidden.a]\nabout = "."\n[hidden.b]\nabout = "."\n[fields.job.agreed]\nfollows = { a = 0.8, b = 0.8 }',
            "it follows hidden factors more than it can",
        ),
        ('[hidden.care]\nabout = "."\ngroup = "job.price"', "does not say how many cases in turn it stands for"),
        ("[fields.job.type]\nwords = { servis = 1 }", 'Did you mean "service"?'),
        ("[fields.job.type]\nwords = { service = 0 }", "this does not say how likely each is"),
        ('[fields.job.type]\nsame_as = "part"', 'there is no column "part" in the table that the rows are like'),
        ("[fields.job.booked_on]\ndays = [1, 2]", "it is not said how far the date is from which other"),
        ('[fields.job.booked_on]\nafter = "job.price"\ndays = [1, 2]', "job.price is a number and not a date"),
        ('[fields.job.booked_on]\nafter = "$as_of"\ndays = [1, 2]\nin_turn = true', "only rows come in turn"),
        (
            CIRCLE,
            "in the end it rests on itself: job.booked_on, job.ready_on",
        ),
        ('[fields.case.manager]\nnumbered = "Worker"', "the text does not say where its number stands"),
        ('[fields.case.manager]\nnumbered = "W {number}"\ncases = 5', '"cases" and "of" belong together'),
        ("[fields.case.manager]\ntexts = []", "this is not a list of texts"),
        ('[fields.job.price]\nonly_if = { "job.type" = "sevice" }', 'Did you mean "service"?'),
        ('[fields.job.price]\ninstead = [{ only_if = { "job.agreed" = true } }]', "it does not say when it counts"),
        ("[fields.job.price]\ninstead = [{ spread = [1, 2] }]", "it does not say when it counts"),
        ("[fields.job.price]\ninstead = 3", "this is not a list of groups"),
        ('[fields.job.price]\ninstead = [{ only_if = { "job.agreed" = true }, yes = 1 }]', '"yes" is for a yes-no'),
        ('[fields.job.price]\ninstead = [{ only_if = { "job.agreed" = true }, missing = 1 }]', "cannot stand here"),
        ("[fields.case.manager]\ninstead = []", "or date, and this is a text"),
        ("[tables.falts]\nrows = [1]", 'Did you mean "faults"?'),
        ("[tables.faults]\nrows = [-1]", "this does not say how likely each is"),
        ('[tables.faults]\nrows = [1]\nlike = "parts"', '"rows" and "like" cannot stand together'),
        ('[tables.faults]\nlike = "faults"', 'there is no table "faults"'),
        ('[tables.faults]\nlike = "parts"\n[tables.parts]\nlike = "faults"', "in the end it rests on itself"),
        ("[tables.faults.columns]\nname = { missing = 0.1 }", "the key of a row cannot be missing"),
        ("[tables.faults.columns]\npratt = {}", 'there is no column "pratt" in this table'),
        ("[tables.faults]\nrows = [1, 1, 1, 1, 1]\ncolumns = { part = { distinct = true } }", "at most 3 rows"),
        ('[tables.faults]\ndated_by = "part"', "part is a choice and not a date"),
        ('[tables.parts]\nlike = "faults"\n[tables.parts.columns]\npart = { same_as = "prt" }', 'Did you mean "part"?'),
        ("[answers]\nshare = 2\nyes = 0.5", '"share" is not a share'),
        ("[answers]\nyes = 0.5", '"share" is missing'),
        ("missing = 3", "this is not a group of keys"),
    ],
)  # fmt: skip
def test_a_mistake_is_told(told: Told, text: str, expected: str) -> None:
    """Each mistake is told with what is wrong or what was meant."""
    assert expected in told(text)


def test_all_mistakes_are_told_at_once(told: Told) -> None:
    """A file with three mistakes is told three times, each with its line."""
    found = told("[fields.job.agreed]\nyes = 2\n[fields.job.price]\nyes = 0.5\n[tables.faults]\nrows = []")
    assert [line.split(",")[1].split(" (")[0] for line in found.splitlines() if line.startswith("workshop")] == [
        " line 5",
        " line 7",
        " line 9",
    ]


def test_a_file_without_a_status_is_told(workshop: Path) -> None:
    """Whose figures these are has to be said."""
    (workshop / "generate.toml").write_text('about = "."\nas_of = 2024-06-03\n', encoding="utf-8")
    with pytest.raises(ProblemsError, match='"status" is missing'):
        load_spec(workshop, load_rulebook(workshop))
