"""Groups beside everyone else, in words."""

from __future__ import annotations

from fractions import Fraction

import pytest
from attrs import evolve

from casescreen.model.dictionary import Field, Kind
from casescreen.model.screening import Screening
from casescreen.model.split import GroupFigures, Split, SplitGroup, TwoShares
from casescreen.report.blocks import Block, Grid, Heading, Paragraph
from casescreen.report.sections.groups_compared import cells, groups_compared, groups_in_short, rounded

COLOUR = Field("bike.colour", "colour", Kind.CHOICE, "Its colour.", ("red", "blue"), characteristic=True)
ENOUGH, FEW, NONE = TwoShares(20, 40, 8, 40), TwoShares(2, 4, 8, 40), TwoShares(0, 0, 0, 0)


def _blocks(screening: Screening, split: Split, *, whole: bool = True) -> list[Block]:
    made = evolve(screening, split=split)
    return [*(groups_compared(made) if whole else groups_in_short(made))]


def _split(*figures: GroupFigures) -> Split:
    return Split(COLOUR, (SplitGroup("red", 44, figures), SplitGroup("", 40, figures)))


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        (ENOUGH, ("20 of 40", "8 of 40", "+30 points", "2.50")),
        (TwoShares(8, 40, 20, 40), ("8 of 40", "20 of 40", "-30 points", "0.40")),
        (TwoShares(21, 100, 20, 100), ("21 of 100", "20 of 100", "+1 point", "1.05")),
        (TwoShares(20, 40, 20, 40), ("20 of 40", "20 of 40", "0 points", "1.00")),
        (TwoShares(10, 20, 0, 20), ("10 of 20", "0 of 20", "+50 points", "no ratio")),
        (FEW, ("2 of 4", "8 of 40", "too few to compare", "")),
        (NONE, ("-", "-", "too few to compare", "")),
    ],
)
def test_a_difference_is_said_in_points_and_as_a_ratio(pair: TwoShares, said: tuple[str, ...]) -> None:
    """Where there are enough; and there is no ratio to nought."""
    assert cells(pair) == said


def test_the_middle_goes_away_from_nought() -> None:
    """The difference and its opposite are rounded alike."""
    halves = [Fraction(number, 2) for number in (-3, -1, 1, 3)]
    assert [rounded(one) for one in halves] == [-2, -1, 1, 2]


def test_all_of_it_stands_in_full(screening: Screening) -> None:
    """Every group, with what cannot be compared too; in short only what can be, and how much there is beside it."""
    split = _split(GroupFigures("plan-timely", ENOUGH, FEW), GroupFigures("report-quality", FEW, NONE))
    full, short = _blocks(screening, split), _blocks(screening, split, whole=False)
    rows = [[row[0] for row in block.rows] for block in full if isinstance(block, Grid)]
    plan, report = "The plan was completed in reasonable time", "The report is of good quality (by case)"
    assert rows == [["red", "not recorded"], [plan, report], [plan], [plan, report], [plan]]
    brief = screening.rulebook.criterion["plan-timely"].short
    assert [[row[0] for row in block.rows] for block in short if isinstance(block, Grid)][1:] == [[brief]]
    assert Heading("red: 44 cases; everyone else is not recorded") in short  # of two groups one is enough
    assert Paragraph("red: 1 criterion too few to compare.") in short
    three = evolve(split, groups=(*split.groups, SplitGroup("blue", 12, split.groups[0].figures)))
    of_three = [block.text for block in _blocks(screening, three, whole=False) if isinstance(block, Heading)]
    assert of_three[2:] == ["red: 44 cases", "not recorded: 40 cases", "blue: 12 cases"]
    headings = [block.text for block in full if isinstance(block, Heading)]
    assert headings[0] == "Groups by colour, each beside everyone else"
    assert headings[2:] == [
        "red: 44 cases",
        "red: what is not shown",
        "not recorded: 40 cases",
        "not recorded: what is not shown",
    ]


def test_where_nothing_can_be_compared_no_figure_is_explained(screening: Screening) -> None:
    """In short there is none to read; in full the figures stand, with how to read them."""
    split = _split(GroupFigures("plan-timely", FEW, None))
    notes = [block.text for block in _blocks(screening, split, whole=False) if isinstance(block, Paragraph)]
    assert notes[0].startswith("Nothing can be compared: the group and everyone else need at least 10 cases each")
    assert not any("percentage points" in note for note in notes)
    assert "not recorded" in notes[0].lower()
    assert any(isinstance(one, Paragraph) and "percentage points" in one.text for one in _blocks(screening, split))


def test_it_is_said_once_that_a_difference_does_not_say_why(screening: Screening) -> None:
    """And nothing is called large, small or significant."""
    said = " ".join(
        b.text
        for b in _blocks(screening, _split(GroupFigures("plan-timely", ENOUGH, ENOUGH)))
        if isinstance(b, Paragraph)
    )
    assert said.count("where to look, and not why") == 1
    for word in ("significant", "p-value", "worse", "better", "large", "small"):
        assert word not in said


def test_one_group_has_nobody_to_be_compared_with(screening: Screening) -> None:
    """Then that is all there is to say."""
    split = Split(COLOUR, (SplitGroup("red", 6, (GroupFigures("plan-timely", ENOUGH, ENOUGH),)),))
    heading, said = _blocks(screening, split)
    assert isinstance(heading, Heading)
    assert said == Paragraph(
        "All cases that are counted are in one group (red), so there is nobody to compare it with."
    )


def test_a_copy_to_share_says_what_is_withheld(screening: Screening) -> None:
    """How many criteria are told by group and why no more; and where nothing can be told, that."""
    shared = evolve(screening, suppressed_under=5)
    split = evolve(
        _split(GroupFigures("plan-timely", ENOUGH, None)), together="red", withheld=("oversight", "report-quality")
    )
    said = " ".join(b.text for b in _blocks(shared, split) if isinstance(b, Paragraph))
    assert "3 of 5 criteria can be told by colour" in said
    assert '"red" are told together, since one of them at least has fewer than 5 cases' in said
    (_, nothing) = _blocks(shared, Split(COLOUR, ()))
    assert isinstance(nothing, Paragraph)
    assert nothing.text.startswith("Nothing is told by colour: some groups have fewer than 5 cases")
