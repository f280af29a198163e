"""Text measured and wrapped in terminal columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casescreen.report.blocks import Column, Grid
from casescreen.report.formats.plain_text import to_plain, width_of, wrap
from casescreen.text import single_line

_HOSTILE = st.text(
    st.sampled_from("ab  \t\n\x1b\x7f\u202e漢字\uff57🙂e\u0301\u0308\ufe0f\u0489\U000f0000|`"), max_size=80
)


@pytest.mark.parametrize(
    ("text", "width"),
    [("plain", 5), ("漢字", 4), ("e\u0301tude", 5), ("🙂", 2), ("\uff57", 2), ("é", 1), ("❤\ufe0f", 2), ("", 0)],
)
def test_measures_columns_and_not_characters(text: str, width: int) -> None:
    """Wide characters take two columns and combining marks none."""
    assert width_of(text) == width


@given(_HOSTILE, st.integers(8, 30))
def test_no_line_is_wider_than_asked(text: str, width: int) -> None:
    """Whatever the text, no line of it is wider than the width."""
    assert max(map(width_of, wrap(text, width, "  ", "    "))) <= width


@given(_HOSTILE, st.integers(8, 30))
def test_nothing_is_lost(text: str, width: int) -> None:
    """The lines hold every character of the text in its order, spaces apart."""
    wrapped = "".join(wrap(text, width))
    assert wrapped.replace(" ", "") == single_line(text).replace(" ", "")


@given(_HOSTILE)
def test_nothing_that_acts_is_left(text: str) -> None:
    """No control, direction override or private-use character, and no line break, comes through."""
    assert not set(single_line(text)) & set("\t\n\x1b\x7f\u202e\U000f0000")


def test_hangs_what_follows_the_first_line() -> None:
    """The first line begins as asked, and the others with the hanging indent."""
    assert wrap("one two three", 9, "- ", "  ") == ["- one two", "  three"]


def test_cuts_a_word_that_fits_no_line() -> None:
    """A word longer than a line is cut at the width."""
    assert wrap("abcdefghij kl", 4) == ["abcd", "efgh", "ij", "kl"]


def test_a_word_that_just_fits_is_whole() -> None:
    """A word as wide as the first line stands on it, though the lines after it have less room."""
    assert wrap("abcdef gh", 6, rest="  ") == ["abcdef", "  gh"]
    assert wrap("abcdefgh ij", 6, rest="  ") == ["abcdef", "  gh", "  ij"]


def test_no_text_is_one_empty_line() -> None:
    """A text of nothing, or of spaces, is one line with nothing on it."""
    assert wrap("", 10) == [""]
    assert wrap("  ", 10, "  ") == [""]


def test_columns_of_a_table_stand_under_each_other() -> None:
    """Behind wide characters and marks, and where a text goes on in a second line, which is set in."""
    columns = (Column("one"), Column("two"))
    rows = (("漢字 e\u0301", "|"), ("🙂", "|"), ("plain", "|"), ("a " * 20, "|"))
    lines = to_plain([Grid(columns, rows)], 60).splitlines()
    bars = [width_of(line[: line.index("|")]) for line in lines if "|" in line]
    assert len(bars) == len(rows)
    assert len(set(bars)) == 1
    narrow = to_plain([Grid(columns, (("word " * 30, "|"),))], 60).splitlines()
    assert narrow[3].startswith("  word")
