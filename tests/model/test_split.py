"""When the shares of a group and of everyone else can be compared, and how far apart they are."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casescreen.model.dictionary import Field, Kind
from casescreen.model.split import Split, TwoShares, group_of, groups_in_order

COLOUR = Field("bike.colour", "colour", Kind.CHOICE, "Its colour.", ("red", "blue"), characteristic=True)
MOTOR = Field("bike.motor", "motor", Kind.YES_NO, "It has one.", characteristic=True)


@st.composite
def pairs(draw: st.DrawFn) -> TwoShares:
    """Any two shares of not too many cases."""
    of, others_of = draw(st.integers(0, 60)), draw(st.integers(0, 60))
    return TwoShares(draw(st.integers(0, of)), of, draw(st.integers(0, others_of)), others_of)


@pytest.mark.parametrize(
    ("pair", "comparable"),
    [
        (TwoShares(5, 10, 5, 10), True),
        (TwoShares(5, 9, 20, 40), False),  # one too few in the group
        (TwoShares(20, 40, 5, 9), False),  # and in everyone else
        (TwoShares(4, 20, 6, 20), True),  # of each of both 5 would be met: 10 of 40, and there are 20
        (TwoShares(4, 20, 5, 20), False),  # 4.5
        (TwoShares(16, 20, 14, 20), True),  # the same of what is not met
        (TwoShares(16, 20, 15, 20), False),
        (TwoShares(30, 100, 169, 300), True),
        (TwoShares(2, 10, 497, 989), False),  # of the group 4.995 would be met
        (TwoShares(2, 10, 498, 990), True),  # of it 5, and 5 not
        (TwoShares(0, 0, 20, 40), False),
    ],
)
def test_enough_to_compare(pair: TwoShares, comparable: bool) -> None:
    """Ten cases on either side, and five expected of each of four counts: at these and not one below."""
    assert pair.comparable is comparable


@given(pairs())
def test_each_of_four_counts_is_expected_to_be_five(pair: TwoShares) -> None:
    """It is what a table of two rows and two columns says, worked out one count after another."""
    every, so = pair.of + pair.others_of, pair.count + pair.others
    expected = [Fraction(row * column, every or 1) for row in (pair.of, pair.others_of) for column in (so, every - so)]
    assert pair.comparable is (min(pair.of, pair.others_of) >= 10 and min(expected) >= 5)


@given(pairs())
def test_both_sides_say_the_same(pair: TwoShares) -> None:
    """Everyone else beside the group: the difference with the other sign, and the ratio upside down."""
    turned = TwoShares(pair.others, pair.others_of, pair.count, pair.of)
    assert turned.comparable is pair.comparable
    if pair.points is None or turned.points is None:
        assert (pair.points, turned.points, pair.ratio) == (None, None, None)
    else:
        assert turned.points == -pair.points
        assert pair.ratio is None or turned.ratio is None or pair.ratio * turned.ratio == 1
        assert (pair.ratio is None) is (pair.others == 0)


def test_no_ratio_where_the_other_share_is_nought() -> None:
    """Ten of twenty beside none of twenty is fifty points more, and no number of times as many."""
    pair = TwoShares(10, 20, 0, 20)
    assert pair.points == 50
    assert pair.ratio is None


def test_groups_stand_in_the_order_of_the_dictionary() -> None:
    """What small groups are called together comes after them, and what is not recorded last; yes before no."""
    assert groups_in_order(COLOUR, {"", "others", "blue", "red"}) == ("red", "blue", "others", "")
    assert groups_in_order(COLOUR, {"blue"}) == ("blue",)
    assert groups_in_order(MOTOR, {"no", "", "yes"}) == ("yes", "no", "")
    assert [group_of(value) for value in (True, False, None, "red")] == ["yes", "no", "", "red"]


def test_no_word_of_the_list_is_taken_for_what_is_not_recorded() -> None:
    """Where a record can say in so many words that it is not recorded, nothing being there is called otherwise."""
    said = Field("bike.colour", "colour", Kind.CHOICE, "Its colour.", ("red", "not recorded"), characteristic=True)
    assert Split(COLOUR, ()).name_of("") == "not recorded"
    assert [Split(said, ()).name_of(name) for name in ("", "not recorded")] == ["nothing recorded", "not recorded"]
