"""Blocks as plain text."""

from __future__ import annotations

from casescreen.report.blocks import Column, Grid, Heading, Item, Outline, Paragraph
from casescreen.report.formats.plain_text import to_plain


def test_headings_are_underlined_as_wide_as_they_are() -> None:
    """A page's title is underlined with =, a section's with -, and a smaller heading not at all."""
    text = to_plain([Heading("Title", 1), Heading("漢字"), Heading("Small", 3)], 80)
    assert text == "Title\n=====\n\n漢字\n----\n\nSmall\n"


def test_an_outline_sets_in_what_belongs_under_a_line() -> None:
    """Parts stand two columns in, and a line that goes on stands four in from its start."""
    outline = Outline((Item("one", (Item("word " * 13),)), Item("two")), spaced=True)
    assert to_plain([outline], 60) == (
        "one\n  word word word word word word word word word word word\n      word word\n\ntwo\n"
    )


def test_a_deep_outline_leaves_room_for_words() -> None:
    """However deep, an outline does not run off to the right."""
    item = Item("deep")
    for _ in range(100):
        item = Item("deep", (item,))
    assert max(map(len, to_plain([Outline((item,))], 60).splitlines())) <= 60


def test_figures_stand_to_the_right_and_words_wrap() -> None:
    """A grid fits: words wrap with what follows set in, figures keep to one line, titles of figures may take two."""
    columns = (Column("Criterion"), Column("to judge", figures=True))
    text = to_plain([Grid(columns, (("long words " * 8, "1,234"), ("1e5", "-")))], 60)
    assert text.splitlines()[:2] == ["Criterion" + " " * 49 + "to", " " * 55 + "judge"]
    assert "1,234" in text.splitlines()[3]
    assert text.splitlines()[4].startswith("  words long")
    assert text.splitlines()[-1].startswith("1e5 ")


def test_wide_text_keeps_the_columns_in_line() -> None:
    """A cell of wide characters or combining marks does not push the next column out of line."""
    columns = (Column("A"), Column("B"))
    lines = to_plain([Grid(columns, (("漢字", "x"), ("e\u0301e\u0301", "x"), ("four", "x")))], 80).splitlines()
    assert lines[2:] == ["漢字  x", "e\u0301e\u0301    x", "four  x"]


def test_grids_of_the_same_columns_are_equally_wide() -> None:
    """Figures stand under figures all down the page."""
    columns = (Column("A"), Column("B"))
    text = to_plain([Grid(columns, (("short", "x"),)), Paragraph("."), Grid(columns, (("much longer", "y"),))], 80)
    assert [line.index(end) for line, end in zip(text.splitlines()[2::6], "xy", strict=True)] == [13, 13]


def test_a_grid_without_rows_is_its_titles() -> None:
    """A grid with nothing in it still says what would be there."""
    assert to_plain([Grid((Column("A"), Column("Bee")), ())], 80) == "A  Bee\n-  ---\n"


def test_less_than_sixty_columns_is_taken_as_sixty() -> None:
    """A terminal too narrow to read in gets lines of sixty."""
    assert max(map(len, to_plain([Paragraph("word " * 50)], 10).splitlines())) == 59
