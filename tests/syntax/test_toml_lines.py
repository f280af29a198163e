"""Where each key of a TOML text stands."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest
import toml
from hypothesis import given, settings
from hypothesis import strategies as st

from casescreen.syntax.toml_lines import KeyPath, lines_of


def test_fields_tables_and_rows_have_their_own_lines() -> None:
    """A key has its own line, a header its own, and rows are counted from nought."""
    text = """# a case
[case]
id = "EX-001"

[[reviews]]
of = "plan"

[[reviews]]
due_on = 2016-05-01
"""
    assert lines_of(text) == {
        ("case",): 2,
        ("case", "id"): 3,
        ("reviews",): 5,
        ("reviews", 0): 5,
        ("reviews", 0, "of"): 6,
        ("reviews", 1): 8,
        ("reviews", 1, "due_on"): 9,
    }


def test_tables_below_a_row_belong_to_the_last_row() -> None:
    """A header below an array of tables is part of the row that was begun last."""
    lines = lines_of('[[cases]]\n[cases.case]\nid = "A"\n[[cases]]\n[[cases.reviews]]\n[[cases.reviews]]\nof = "x"\n')
    assert lines["cases", 0, "case", "id"] == 3
    assert lines["cases", 1, "reviews", 0] == 5
    assert lines["cases", 1, "reviews", 1, "of"] == 7


def test_lists_and_inline_tables_are_followed_inside() -> None:
    """Conditions nested in lists over several lines have the line of each part."""
    text = """met = { all = [
  { field = "a.b", is = true },   # the first
  { any = [ { field = "c.d" },
            { not = { field = "e.f", in = ["}", ']', 1.5, 2016-01-01 10:00:00] } } ] },
] }
after = 1
"""
    lines = lines_of(text)
    assert lines["met", "all", 0, "field"] == 2
    assert lines["met", "all", 1, "any", 0, "field"] == 3
    assert lines["met", "all", 1, "any", 1, "not", "in", 3] == 4
    assert ("met", "all", 2) not in lines
    assert lines["after",] == 6


def test_strings_over_several_lines_are_passed_over() -> None:
    """Nothing inside a string is taken for a key, and its lines are counted."""
    text = '''one = """
two = 2
\\"""[x]
""""
lit = \'\'\'
[y]
it''s\'\'\'
last = "a # b = \\" c"  # d = 1
end = true
'''
    assert lines_of(text) == {("one",): 1, ("lit",): 5, ("last",): 8, ("end",): 9}


@pytest.mark.parametrize("quote", ["'", '"'])
def test_a_long_string_may_end_in_quotes_of_its_own(quote: str) -> None:
    """Up to five quotes in a row close it, and what follows is not taken for a string."""
    three = quote * 3
    text = f"a = [{three}x{three}{quote}, {quote}y{quote}, {three}x{three}{quote * 2}, 4]\n"
    assert ("a", 3) in lines_of(text)


def test_dotted_and_quoted_keys_are_named_as_the_parser_names_them() -> None:
    """Dots divide a key, quotes keep them, and escapes are read."""
    lines = lines_of('a . "b.c" . \'d\' = 1\n"\\u00e9=" = 2\n[ x . "y z" ]\n3.14 = 3\n')
    assert lines == {
        ("a",): 1,
        ("a", "b.c"): 1,
        ("a", "b.c", "d"): 1,
        ("é=",): 2,
        ("x",): 3,
        ("x", "y z"): 3,
        ("x", "y z", "3"): 4,
        ("x", "y z", "3", "14"): 4,
    }


def test_a_table_that_is_declared_after_its_child_has_its_own_line() -> None:
    """A header counts for more than a mention in another's name."""
    assert lines_of("[a.b]\nx = 1\n[a]\ny = 2\n")["a",] == 3


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_of_windows_count_once(end: str) -> None:
    """Lines are the same whichever way they end."""
    assert lines_of(end.join(["[a]", "# c", "", "b = [", "1,", "", "]", "c = 1"])) == {
        ("a",): 1,
        ("a", "b"): 4,
        ("a", "b", 0): 5,
        ("a", "c"): 8,
    }


def test_empty_texts_lists_and_tables_have_no_parts() -> None:
    """An empty list or inline table is followed by what stands after it."""
    assert lines_of("") == {}
    assert lines_of("a = []\nb = {}\nc = [[], {}, [1]]\nd = 1") == {
        ("a",): 1,
        ("b",): 2,
        ("c",): 3,
        ("c", 0): 3,
        ("c", 1): 3,
        ("c", 2): 3,
        ("c", 2, 0): 3,
        ("d",): 4,
    }


def _paths(value: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _paths(part, (*path, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _paths(part, (*path, index))


_NAMES = st.text("ab.\"'#= é", min_size=1, max_size=4)
_SCALARS = st.one_of(st.integers(-9, 9), st.booleans(), st.dates(), st.text("a\n[]{}\"'#=,.", max_size=6))
_VALUES = st.recursive(_SCALARS, lambda inner: st.lists(inner, max_size=3), max_leaves=6)
_RECORDS = st.dictionaries(
    _NAMES,
    st.one_of(_VALUES, st.dictionaries(_NAMES, _VALUES, max_size=3)),
    max_size=4,
)


@settings(deadline=None)
@given(_RECORDS)
def test_every_path_of_a_record_is_found_and_no_other(record: dict[str, object]) -> None:
    """The locator and the parser agree about what stands in a text."""
    text = toml.dumps(record)
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return  # toml 0.10.2 cannot write every key
    assert set(lines_of(text)) == set(_paths(read))
