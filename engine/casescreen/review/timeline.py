"""The dates of a case on one line of time, in lanes: as a list, and as a picture in which no words overlap."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby

from attrs import define, field, frozen

from casescreen.office.vector_picture import Anchor, Form, Ink, Shape, Stroke, VectorPicture, Words, text_width
from casescreen.text import counted, in_words, single_line


@frozen
class TimelineEvent:
    """Something that happened on a day, or that is due on it.

    Attributes:
        lane: the number of its lane, from 0.
        what: what it is, in a few words.
        of: which one it is, where there are several of it; "" where there are none.
        is_due: whether it is a day by which something is to be done, and not one on which something was.
    """

    day: date
    lane: int
    what: str
    of: str = ""
    is_due: bool = False


@frozen
class Timeline:
    """The dates of a case.

    Attributes:
        lanes: what the lanes are called, from the top.
        events: in order of day; those that could not be read are not among them.
    """

    lanes: tuple[str, ...]
    events: tuple[TimelineEvent, ...]
    as_of: date


@frozen
class TimelineMark:
    """What stands in one place of the timeline: of one lane, of one day, and either due or done."""

    day: date
    lane: int
    is_due: bool
    events: tuple[TimelineEvent, ...]

    @property
    def says(self) -> str:
        """What it is, and of which: those of which there are several stand together."""
        return "; ".join(self._together(lambda of: f": {', '.join(of)}" if of else ""))

    @property
    def in_short(self) -> tuple[str, ...]:
        """The same for a picture, a part each: how many there are, and not which."""
        return self._together(lambda of: f" ({len(of)})" if len(of) > 1 else f": {of[0]}" if of else "")

    def _together(self, ending: Callable[[Sequence[str]], str]) -> tuple[str, ...]:
        together: dict[str, list[str]] = {}
        for event in self.events:
            together.setdefault(event.what, []).extend([event.of] if event.of else [])
        return tuple(f"{what}{ending(of)}" for what, of in together.items())


def marks_of(timeline: Timeline) -> tuple[TimelineMark, ...]:
    """The marks of a timeline, in order of day and lane; what is done before what is due."""

    def place(event: TimelineEvent) -> tuple[date, int, bool]:
        return event.day, event.lane, event.is_due

    each = groupby(sorted(timeline.events, key=place), key=place)
    return tuple(TimelineMark(day, lane, is_due, tuple(events)) for (day, lane, is_due), events in each)


MOST_LISTED_MARKS = 60
"""So many marks are listed at most: a list that is longer is not read."""


def listed_marks(timeline: Timeline) -> tuple[tuple[str, str], ...]:
    """The marks as a list: the day, and what it is; of very many, those next to the as-of date, and how many more."""
    marks = marks_of(timeline)
    nearest = sorted(marks, key=lambda mark: (abs((mark.day - timeline.as_of).days), mark.day, mark.lane, mark.is_due))
    shown = sorted(nearest[:MOST_LISTED_MARKS], key=lambda mark: (mark.day, mark.lane, mark.is_due))
    lines = [(in_words(mark.day), single_line(mark.says)) for mark in shown]
    more = len(marks) - len(shown)
    rest = ("", f"and {counted(more, 'more entry', 'more entries')}, further from {in_words(timeline.as_of)}")
    return (*lines, rest) if more else tuple(lines)


PICTURE_WIDTH = 492.0
"""In points: as wide as the text of a page of A4."""

_LEFT, _RIGHT, _TOP, _FOOT = 62.0, 8.0, 16.0, 32.0
_TRACK, _LANE_GAP = 11.0, 5.0
_MOST_TRACKS, _FEWER_TRACKS, _MANY_TRACKS = 8, 3, 30  # of a lane; of each where all together have many
_SIZE, _SMALL, _MARK, _CLEAR = 7.5, 6.5, 5.5, 6.0
_LONGEST = 150.0  # of a label, in points
_WIDEST_TICK = 46.0
_SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 6_000, 12_000)
"""Of the scale, in months: as many years lie between two days as there can be."""


def timeline_picture(timeline: Timeline) -> VectorPicture:
    """The picture of a timeline: bounded in height, whatever the number of dates."""
    return _Drawing(timeline).picture()


@frozen
class _Label:
    """A mark with its words.

    Attributes:
        track: the row of its lane, from 0; None where there is no room for words: then it is a stroke.
    """

    mark: TimelineMark
    text: str
    x: float
    begins: float
    track: int | None


@define(eq=False)
class _Drawing:
    """Draws one timeline."""

    timeline: Timeline
    _grounds: list[Shape] = field(factory=list)
    _parts: list[Stroke | Shape | Words] = field(factory=list)
    _scale: _Scale = field(init=False)

    def __attrs_post_init__(self) -> None:
        days = [event.day for event in self.timeline.events]
        self._scale = _Scale.of([*days, self.timeline.as_of])

    def picture(self) -> VectorPicture:
        marks, y = marks_of(self.timeline), _TOP
        lanes = [[mark for mark in marks if mark.lane == number] for number in range(len(self.timeline.lanes))]
        placed = [[*self._placed(lane, _MOST_TRACKS)] for lane in lanes]
        if sum(map(_tracks, placed)) > _MANY_TRACKS:
            placed = [[*self._placed(lane, _FEWER_TRACKS)] for lane in lanes]
        for number, (name, labels) in enumerate(zip(self.timeline.lanes, placed, strict=True)):
            y += self._lane(name, labels, y, shaded=number % 2 == 0)
        self._axis(y)
        # Below the words of the lanes, so that none is crossed out.
        beneath: tuple[Stroke | Shape, ...] = (*self._grounds, self._line_of_the_day(y))
        self._legend(y + _FOOT - 4)
        return VectorPicture(PICTURE_WIDTH, y + _FOOT, (*beneath, *self._parts), self._about(marks))

    def _about(self, marks: Sequence[TimelineMark]) -> str:
        as_of = in_words(self.timeline.as_of)
        if not marks:
            return f"Timeline without a date, as at {as_of}."
        first, last = in_words(marks[0].day), in_words(marks[-1].day)
        span = f"on {first}" if first == last else f"from {first} to {last}"
        return f"Timeline of {counted(len(self.timeline.events), 'date')} {span}, as at {as_of}: listed below it."

    def _lane(self, name: str, labels: Sequence[_Label], top: float, *, shaded: bool) -> float:
        """Draw a lane, and say how high it is."""
        crowded = [label for label in labels if label.track is None]
        height = _tracks(labels) * _TRACK + _LANE_GAP
        if shaded:
            middle = Shape(Form.BOX, PICTURE_WIDTH / 2, top + height / 2, PICTURE_WIDTH, height, Ink.GROUND, Ink.GROUND)
            self._grounds.append(middle)
        self._write(4, top + _LANE_GAP / 2 + _TRACK - 3, name.capitalize(), _SIZE)
        if not labels:
            self._write(_LEFT, top + _LANE_GAP / 2 + _TRACK - 3, "no date recorded", _SMALL, Ink.QUIET)
        for label in labels:
            if label.track is not None:
                self._labelled(label, top + _LANE_GAP / 2 + label.track * _TRACK + _TRACK / 2)
        self._crowd(crowded, top + height - _LANE_GAP / 2 - _TRACK / 2)
        return height

    def _labelled(self, label: _Label, y: float) -> None:
        self._mark(label.x, y, is_due=label.mark.is_due)
        self._write(label.begins, y + 2.6, label.text, _SIZE, Ink.TEXT)

    def _mark(self, x: float, y: float, *, is_due: bool) -> None:
        form, fill = (Form.DIAMOND, Ink.PAPER) if is_due else (Form.DISC, Ink.MARK)
        side = _MARK + 1.5 if is_due else _MARK
        self._parts.append(Shape(form, x, y, side, side, Ink.MARK, fill))

    def _crowd(self, labels: Sequence[_Label], y: float) -> None:
        """Those for whose words there is no room: a stroke each, of which one stands in a place, and how many."""
        if labels:
            for x in sorted({round(label.x) for label in labels}):
                self._parts.append(Stroke(x, y - 3, x, y + 3, Ink.MARK))
            self._write(4, y + 2.6, f"and {len(labels):,} more", _SMALL, Ink.QUIET)

    def _placed(self, marks: Sequence[TimelineMark], most: int) -> Iterator[_Label]:
        """Each mark with its words in the first row that has room for them, to its right or to its left."""
        taken: list[list[tuple[float, float]]] = [[] for _ in range(most)]
        for mark in marks:
            x, text = self._scale.x(mark.day), self._words(mark)
            width = text_width(text, _SIZE)
            begins = [one for one in (x + _CLEAR, x - _CLEAR - width) if _LEFT <= one <= PICTURE_WIDTH - _RIGHT - width]
            places = ((track, one) for track in range(most) for one in begins)
            free = (place for place in places if _is_free(_room(x, place[1], width), taken[place[0]]))
            track, begin = next(free, (None, x))
            if track is not None:
                taken[track].append(_room(x, begin, width))
            yield _Label(mark, text, x, begin, track)

    def _words(self, mark: TimelineMark) -> str:
        """What stands beside a mark: its day, with the year where it is needed, and what it is, as far as it fits."""
        day = f"{mark.day.day} {_SHORT_MONTHS[mark.day.month - 1]}"
        day += f" {mark.day.year}" if self._scale.is_long else ""
        first, *others = map(single_line, mark.in_short)
        whole = f"{day} {'; '.join((first, *others))}"
        if text_width(whole, _SIZE) <= _LONGEST:
            return whole
        more = f" +{len(others)}" if others else ""
        return _cut(f"{day} {first}", _LONGEST - text_width(more, _SIZE)) + more

    def _axis(self, y: float) -> None:
        self._parts.append(Stroke(_LEFT, y, PICTURE_WIDTH - _RIGHT, y, Ink.QUIET))
        for x, text in self._scale.ticks():
            self._parts.append(Stroke(x, y, x, y + 3, Ink.QUIET))
            self._write(x, y + 10, text, _SMALL, Ink.QUIET, Anchor.MIDDLE)

    def _line_of_the_day(self, y: float) -> Stroke:
        """The line of the as-of date, whose words stand above all lanes."""
        x, text = self._scale.x(self.timeline.as_of), f"as at {in_words(self.timeline.as_of)}"
        half = text_width(text, _SIZE) / 2
        self._write(min(x, PICTURE_WIDTH - half - 1), _TOP - 6, text, _SIZE, Ink.DAY, Anchor.MIDDLE)
        return Stroke(x, _TOP - 3, x, y, Ink.DAY, 1)

    def _legend(self, y: float) -> None:
        x = _LEFT
        for is_due, text in ((False, "happened on this day"), (True, "due or planned for this day")):
            self._mark(x + 3, y - 2.4, is_due=is_due)
            self._write(x + 10, y, text, _SMALL, Ink.QUIET)
            x += 22 + text_width(text, _SMALL)

    def _write(
        self, x: float, y: float, text: str, size: float, ink: Ink = Ink.TEXT, anchor: Anchor = Anchor.START
    ) -> None:
        self._parts.append(Words(x, y, text, size, ink, anchor))


def _tracks(labels: Sequence[_Label]) -> int:
    """How many rows a lane takes: one more for what has no words."""
    crowded = any(label.track is None for label in labels)
    return max((label.track + 1 for label in labels if label.track is not None), default=1 - crowded) + crowded


def _room(x: float, begins: float, width: float) -> tuple[float, float]:
    """From where to where a mark and its words take."""
    return min(x, begins) - _CLEAR, max(x, begins + width) + _CLEAR


def _is_free(room: tuple[float, float], taken: Sequence[tuple[float, float]]) -> bool:
    return not any(room[0] < end and begin < room[1] for begin, end in taken)


def _cut(text: str, width: float) -> str:
    """As much of the text as fits a width."""
    if text_width(text, _SIZE) <= width:
        return text
    while text_width(f"{text}…", _SIZE) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


@frozen
class _Scale:
    """Where a day stands."""

    first: date
    last: date

    @classmethod
    def of(cls, days: Sequence[date]) -> _Scale:
        """A scale that has the days on it, with room on both sides; it is never shorter than some weeks."""
        first, last = min(days), max(days)
        margin = max(14 if (last - first).days < 28 else 4, (last - first).days // 40)  # noqa: PLR2004 - four weeks
        return cls(_moved(first, -margin), _moved(last, margin))

    @property
    def is_long(self) -> bool:
        """Whether a day of a month may stand on it twice."""
        return (self.last - self.first).days > 365  # noqa: PLR2004 - days of a year

    def x(self, day: date) -> float:
        """Where the day is, in points."""
        share = (day - self.first).days / (self.last - self.first).days
        return _LEFT + share * (PICTURE_WIDTH - _RIGHT - _LEFT)

    def ticks(self) -> Iterator[tuple[float, str]]:
        """Where the scale has a stroke, and what stands at it: the first of a month, a quarter or a year."""
        room = (PICTURE_WIDTH - _RIGHT - _LEFT) / _WIDEST_TICK
        months = (self.last - self.first).days / 30.4
        step = next((one for one in _STEPS if months / one <= room), _STEPS[-1])
        number = self.first.year * 12 + self.first.month - 1
        number += -number % step
        while number // 12 <= date.max.year:
            day = date(max(number // 12, 1), number % 12 + 1, 1)
            if day > self.last:
                return
            if day >= self.first and (x := self.x(day)) < PICTURE_WIDTH - _RIGHT - _WIDEST_TICK / 3:
                yield x, str(day.year) if step % 12 == 0 else f"{_SHORT_MONTHS[day.month - 1]} {day.year}"
            number += step


def _moved(day: date, days: int) -> date:
    """The day so many days on, or the last that there is."""
    try:
        return day + timedelta(days)
    except OverflowError:
        return date.max if days > 0 else date.min
