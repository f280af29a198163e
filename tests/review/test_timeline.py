"""A timeline as a list and as a picture."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from somerset_sheets import sheet_of, somerset

from casescreen.office.vector_picture import Anchor, Form, Shape, VectorPicture, Words, text_width, to_emf
from casescreen.review.timeline import (
    MOST_LISTED_MARKS,
    PICTURE_WIDTH,
    Timeline,
    TimelineEvent,
    listed_marks,
    marks_of,
    timeline_picture,
)

_LANES = ("order", "assessment", "reviews")
_AS_OF = date(2016, 5, 9)
_Box = tuple[float, float, float, float]


def _event(day: date, lane: int = 0, what: str = "plan", of: str = "", *, due: bool = False) -> TimelineEvent:
    return TimelineEvent(day, lane, what, of, is_due=due)


def _timeline(*events: TimelineEvent) -> Timeline:
    return Timeline(_LANES, tuple(sorted(events, key=lambda event: event.day)), _AS_OF)


def _boxes(picture: VectorPicture) -> list[_Box]:
    """The room that each line of words takes."""
    boxes = []
    for words in picture.parts:
        if isinstance(words, Words):
            width = text_width(words.text, words.size)
            left = words.x - {Anchor.START: 0.0, Anchor.MIDDLE: width / 2, Anchor.END: width}[words.anchor]
            boxes.append((left, words.y - 0.75 * words.size, left + width, words.y + 0.2 * words.size))
    return boxes


def _meet(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


_DAYS = st.dates(date(2015, 1, 1), date(2017, 12, 31)) | st.dates()
_EVENTS = st.builds(
    TimelineEvent, _DAYS, st.integers(0, 2), st.text(max_size=60), st.text(max_size=30), is_due=st.booleans()
)


@given(st.lists(_EVENTS, max_size=60), _DAYS)
def test_no_words_overlap_and_none_leave_the_picture(events: list[TimelineEvent], as_of: date) -> None:
    """Whatever the dates and the words are; it is bounded, and can be drawn."""
    picture = timeline_picture(Timeline(_LANES, tuple(sorted(events, key=lambda event: event.day)), as_of))
    boxes = _boxes(picture)
    assert not [(one, other) for n, one in enumerate(boxes) for other in boxes[:n] if _meet(one, other)]
    assert all(left >= 0 and right <= PICTURE_WIDTH and bottom <= picture.height for left, _, right, bottom in boxes)
    assert picture.height < 420
    assert to_emf(picture)


@pytest.mark.parametrize("case", [sheet.origin.case for sheet in somerset().sheets])
def test_every_date_of_somerset_has_words(case: str) -> None:
    """None of them is only a stroke, and every mark stands for a day of the list."""
    timeline = sheet_of(case).timeline
    said = " ".join(words.text for words in timeline_picture(timeline).parts if isinstance(words, Words))
    assert "more" not in said
    for mark in marks_of(timeline):
        assert f"{mark.day.day} {mark.day:%b}" in said


def test_what_is_done_and_what_is_due_differ_in_shape_and_in_words() -> None:
    """And not by colour alone."""
    picture = timeline_picture(_timeline(_event(date(2016, 3, 1)), _event(date(2016, 6, 1), due=True)))
    shapes = {part.form for part in picture.parts if isinstance(part, Shape)} - {Form.BOX}
    words = [part.text for part in picture.parts if isinstance(part, Words)]
    assert shapes == {Form.DISC, Form.DIAMOND}
    assert {"happened on this day", "due or planned for this day", "as at 9 May 2016"} <= {*words}


def test_the_same_of_one_day_is_one_mark_with_a_number() -> None:
    """The list says of which."""
    day = date(2016, 5, 11)
    timeline = _timeline(_event(day, 2, "review due", "plan", due=True), _event(day, 2, "review due", "harm", due=True))
    assert listed_marks(timeline) == (("11 May 2016", "review due: plan, harm"),)
    assert "11 May review due (2)" in [p.text for p in timeline_picture(timeline).parts if isinstance(p, Words)]


def test_days_of_several_years_have_their_year() -> None:
    """11 February may be in two of them."""
    timeline = _timeline(_event(date(2014, 2, 11)), _event(date(2016, 2, 11), what="order ends"))
    words = [part.text for part in timeline_picture(timeline).parts if isinstance(part, Words)]
    assert {"11 Feb 2014 plan", "11 Feb 2016 order ends"} <= {*words}


def test_a_lane_without_dates_says_so() -> None:
    """That nothing is recorded there is worth seeing."""
    words = [part.text for part in timeline_picture(_timeline()).parts if isinstance(part, Words)]
    assert words.count("no date recorded") == len(_LANES)
    assert timeline_picture(_timeline()).about == "Timeline without a date, as at 9 May 2016."


def test_very_many_dates_are_still_a_picture() -> None:
    """Five thousand of them: some with words, the rest as strokes and a number; and a list that ends."""
    every = [_event(date(2014, 1, 1) + timedelta(n // 4), 2, "failure to comply") for n in range(5_000)]
    picture = timeline_picture(_timeline(*every))
    assert picture.height < 420
    assert len(picture.parts) < 1_000
    assert any("more" in part.text for part in picture.parts if isinstance(part, Words))
    listed = listed_marks(_timeline(*every))
    assert len(listed) == MOST_LISTED_MARKS + 1
    assert listed[-1] == ("", "and 1,190 more entries, further from 9 May 2016")
