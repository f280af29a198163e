"""The newest export of a folder, by the date in its name or the day on which it was changed."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path

from attrs import frozen

from casescreen.cases.tables.cells import DateOrder
from casescreen.cli.weekly_settings import WeeklySettings
from casescreen.files.discovery import SUFFIXES
from casescreen.text import counted, in_words, listed, visible

SETTLED = timedelta(minutes=1)
"""For how long a file without a date in its name has to have been left alone: until then it may still be written."""

_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})([-_. ]?)(\d{2})\2(\d{2})(?!\d)")
_YEAR_LAST = re.compile(
    r"(?<!\d)(\d{1,2})([-_. ])(\d{1,2})\2(\d{4})(?!\d)|(?<!\d)(\d{2})()(\d{2})((?:19|20)\d{2})(?!\d)"
)
_YEARS = range(1990, 2100)
_UNFINISHED = (".", "~")
_FEW = 3
_RENAME = "Put the right day in its name, as in export-2026-11-27.xlsx, or take the file away."


@frozen
class Export:
    """A file to be read.

    Attributes:
        taken_on: the day on which its records were taken.
        named: whether its name says so.
        changed: when it was last changed.
        size: its size in bytes.
    """

    path: Path
    taken_on: date
    named: bool
    changed: datetime
    size: int

    @property
    def is_as_it_was(self) -> bool:
        """Whether nobody has written to it since."""
        try:
            status = self.path.stat()
        except OSError:
            return False
        return (status.st_size, _when(status)) == (self.size, self.changed)

    @property
    def dated(self) -> str:
        """When it was taken, and how that is known."""
        how = "the date in its name" if self.named else "the day on which the file was changed"
        return f"taken on {in_words(self.taken_on)} ({how})"


@frozen
class _FolderListing:
    """The files in the folder that look like exports: those that can be taken, and those passed over, by why."""

    exports: list[Export]
    impossible: list[str]
    to_come: list[str]
    unclear: list[str]
    unsettled: list[str]
    later: list[str]


def newest_export(
    settings: WeeklySettings, as_of: date, now: datetime, apart: Sequence[Path] = ()
) -> tuple[Export, tuple[str, ...]]:
    """The newest export that there is, and what is to be told of others.

    Args:
        settings: where exports are, and what they are called.
        as_of: the day that the run is as at: later exports are passed over.
        now: the day and the time.
        apart: files that are none, whatever they are called.

    Raises:
        CasescreenError: there is none, or the folder cannot be read.
    """
    folder = visible(str(settings.exports))
    try:
        listing = _list_folder(settings, as_of, now, apart)
    except OSError as error:
        raise settings.wrong(
            f"the folder of exports, {folder}, cannot be read: {(error.strerror or str(error)).lower()}",
            "Look whether the folder or drive is there, and at its spelling. A name leads from the folder of the "
            "settings file.",
            *("exports", "folder"),
        ) from error
    notes = tuple(_notes(listing))
    if not listing.exports:
        why = " ".join([*notes, *_too_late(listing, as_of)])
        raise settings.wrong(
            f"no export in {folder} can be taken. {why}"
            if why
            else f'no file in {folder} is an export: none looks like "{visible(settings.pattern)}"',
            "Put an export into the folder, or change folder or pattern.",
            *("exports", "pattern"),
        )
    newest = max(listing.exports, key=lambda one: (one.taken_on, one.changed, one.path.name))
    of_its_day = (one for one in listing.exports if one.taken_on == newest.taken_on and one != newest)
    alike = [one.path.name for one in of_its_day if one.named]
    if alike and newest.named:
        also = _some(alike)
        notes = (
            *notes,
            f'Of the same day as "{visible(newest.path.name)}" there is also {also}. The one changed last was read.',
        )
    return newest, notes


def _list_folder(settings: WeeklySettings, as_of: date, now: datetime, apart: Sequence[Path]) -> _FolderListing:
    listing = _FolderListing([], [], [], [], [], [])
    others = {os.path.realpath(path) for path in (settings.path, *apart)}
    with os.scandir(settings.exports) as entries:
        names = sorted(entry.name for entry in entries)
    for name in names:
        path = settings.exports / name
        if _is_named_like(name, settings.pattern) and os.path.realpath(path) not in others:
            _classify(path, settings.dates, as_of, now, listing)
    return listing


def _is_named_like(name: str, pattern: str) -> bool:
    return (
        fnmatchcase(name.casefold(), pattern.casefold())
        and name.lower().endswith(SUFFIXES)
        and not name.startswith(_UNFINISHED)
    )


def _classify(path: Path, order: DateOrder | None, as_of: date, now: datetime, listing: _FolderListing) -> None:
    """Add a file to the list that it belongs to."""
    try:
        status = path.stat()
    except OSError:  # a link that leads nowhere, or a file that has just gone
        return
    if not stat.S_ISREG(status.st_mode):
        return
    day, called = day_in_name(path.name, order), f'"{visible(path.name)}"'
    changed = _when(status)
    if day is None:
        listing.impossible.append(called)
        return
    named = isinstance(day, date)
    if day == _UNCLEAR:
        listing.unclear.append(called)
    taken_on = day if isinstance(day, date) else changed.astimezone(now.tzinfo).date()
    if taken_on > now.date():
        listing.to_come.append(called)
    elif taken_on > as_of:
        listing.later.append(called)
    elif not named and abs(now - changed) < SETTLED:
        listing.unsettled.append(called)
    else:
        listing.exports.append(Export(path, taken_on, named, changed, status.st_size))


_UNCLEAR = "unclear"


def day_in_name(name: str, order: DateOrder | None) -> date | str | None:
    """The day in the name of a file; None where there can be no such day.

    It is "" where there is none, and "unclear" where the year stands last and nobody has said what stands first.
    """
    if found := _YEAR_FIRST.search(name):
        year, month, day = (int(found[n]) for n in (1, 3, 4))
        if year in _YEARS:
            return _day(year, month, day)
    if found := _YEAR_LAST.search(name):
        first, second, year = (int(found[n] or found[m]) for n, m in ((1, 5), (3, 7), (4, 8)))
        if year in _YEARS:
            if order is None:
                return _UNCLEAR
            return _day(year, second, first) if order is DateOrder.DAY_FIRST else _day(year, first, second)
    return ""


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _when(status: os.stat_result) -> datetime:
    try:
        return datetime.fromtimestamp(status.st_mtime, UTC)
    except (ValueError, OverflowError, OSError):  # a time that no calendar has
        return datetime.fromtimestamp(0, UTC)


def _notes(listing: _FolderListing) -> Iterator[str]:
    """What is to be told, whichever file is taken."""
    if listing.impossible:
        yield f"There is no such day as in the name of {_some(listing.impossible)}, so it was not read. {_RENAME}"
    if listing.to_come:
        yield f"The day of {_some(listing.to_come)} is still to come, so it was not read. {_RENAME}"
    if listing.unclear:
        yield (
            f"The name of {_some(listing.unclear)} may say a day with the year last, which is not guessed: the day on "
            'which the file was changed was taken. Add dates = "day-first" under [exports], or put the year first.'
        )
    if listing.unsettled:
        yield (
            f"{_some(listing.unsettled)} was changed less than a minute ago and may still be written, so it was not "
            "read. Run this again in a minute."
        )


def _too_late(listing: _FolderListing, as_of: date) -> Iterator[str]:
    if listing.later:
        files = counted(len(listing.later), "file is", "files are")
        yield f"{files} of a day after {in_words(as_of)}: {_some(listing.later)}."


def _some(names: Sequence[str]) -> str:
    shown = [*names[:_FEW], *([f"{len(names) - _FEW:,} more"] if len(names) > _FEW else [])]
    return listed(shown, "and")
