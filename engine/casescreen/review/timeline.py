"""The dates of a case on one line of time, in lanes: as a list, and as a picture in which no words overlap."""

from __future__ import annotations

from datetime import date

from attrs import frozen


@frozen(order=True)
class TimelineEvent:
    """Something that happened on a day, or that is due on it.

    Attributes:
        lane: the number of its lane, from 0.
        says: what it is, in a few words.
        is_due: whether it is a day by which something is to be done, and not one on which something was.
    """

    day: date
    lane: int
    says: str
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
