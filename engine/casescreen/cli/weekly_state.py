"""What a weekly run keeps beside its settings: a lock, the page on the last run, and what the next has to know."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO

from attrs import evolve, field, frozen

from casescreen.cli.weekly_settings import WarnLimits
from casescreen.files.atomic import is_locked, write_whole
from casescreen.model.case import Caseload
from casescreen.model.dictionary import Dictionary
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Rulebook
from casescreen.text import counted, in_words, listed, visible

WAIT_SECONDS = 600.0
"""How long a run waits for another of the same settings."""

_RETRY_EVERY = 0.2
_FORMAT = "casescreen-weekly/1"
_MOST_RUNS = 60
_MOST_BYTES = 8 * 1024 * 1024
_MOST_FIELDS = 5
_PER_CENT = 100


@frozen(kw_only=True)
class KeptRun:
    """What is kept of one run. Nothing in it names a case.

    Attributes:
        reports: the names of the files that it wrote, or was about to write.
        export: the name of the file that it read; "" until it had.
        hashes: of the file, and of all that the records say.
        cases: how many there were.
        known: in how many cases each field is known, by its full name.
    """

    as_of: date
    reports: tuple[str, ...] = ()
    export: str = ""
    hashes: tuple[str, ...] = ()
    cases: int = 0
    known: Mapping[str, int] = field(factory=dict)


@frozen
class BesideSettings:
    """The files beside the settings.

    Attributes:
        settings: the settings file, in full.
    """

    settings: Path

    @property
    def page(self) -> Path:
        """The page on the last run."""
        return self._named("-last-run.html")

    @property
    def memory(self) -> Path:
        """What the next run has to know of those before it."""
        return self._named("-last-run.json")

    @property
    def lock(self) -> Path:
        """The file by which a run knows of another."""
        return self._named("-last-run.lock")

    def _named(self, ending: str) -> Path:
        return self.settings.with_name(f"{self.settings.stem}{ending}")

    def report(self, folder: Path, as_of: date, ending: str) -> Path:
        """The file of a report."""
        return folder / f"{self.settings.stem}-{as_of.isoformat()}{ending}"

    @contextmanager
    def only_run(self, waiting: Callable[[], None], unsure: Callable[[], None]) -> Iterator[None]:
        """Let no other run of the same settings begin until this one has ended, however it ends.

        The system holds the lock, so that of a run that was killed is gone.

        Args:
            waiting: called when it turns out that there is another.
            unsure: called where locks do not hold.

        Raises:
            CasescreenError: there is another, and it does not end; or nothing can be written there.
        """
        try:
            file = self.lock.open("ab")
        except OSError as error:
            raise CasescreenError(
                f"The folder of {visible(str(self.settings))} cannot be written to: {error.strerror or error}.",
                why="what became of a run is told on a page beside its settings.",
                advice="put the settings file into a folder in which you may write.",
            ) from error
        with file:
            self._wait_for(file, waiting, unsure)
            yield

    def _wait_for(self, file: IO[bytes], waiting: Callable[[], None], unsure: Callable[[], None]) -> None:
        until, has_said_so = time.monotonic() + WAIT_SECONDS, False
        while (held := is_locked(file)) is not True:
            if held is None:
                unsure()
                return
            if not has_said_so:
                waiting()
                has_said_so = True
            if time.monotonic() > until:
                raise CasescreenError(
                    f"Another run of {visible(str(self.settings))} has not ended in {WAIT_SECONDS / 60:g} minutes.",
                    advice="end it, if it hangs, and run this again.",
                )
            time.sleep(_RETRY_EVERY)

    def kept(self) -> tuple[KeptRun, ...]:
        """What is known of earlier runs, by the day that they are as at.

        Raises:
            CasescreenError: it cannot be read.
        """
        try:
            with self.memory.open("rb") as file:
                content = json.loads(file.read(_MOST_BYTES))
            if content["format"] != _FORMAT:
                raise ValueError  # noqa: TRY301 - told as any other damage
            return tuple(sorted(map(_kept_run, content["runs"]), key=lambda run: run.as_of))
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise CasescreenError(
                f"{visible(self.memory.name)} cannot be read.",
                why="it holds what the last run saw, by which a field that is suddenly empty is known.",
                advice="take the file away, if this is told again next week.",
            ) from error

    def keep(self, runs: Sequence[KeptRun], run: KeptRun) -> tuple[KeptRun, ...]:
        """Keep a run beside the others, in place of one as at the same day.

        Raises:
            CasescreenError: it cannot be written.
        """
        others = [one for one in runs if one.as_of != run.as_of]
        together = tuple(sorted((*others, run), key=lambda one: one.as_of))[-_MOST_RUNS:]
        content = {"format": _FORMAT, "runs": [_as_json(one) for one in together]}
        write_whole(self.memory, json.dumps(content, ensure_ascii=False, indent=1) + "\n", force=True)
        return together


def _as_json(run: KeptRun) -> dict[str, object]:
    return {
        "as_of": run.as_of.isoformat(),
        "reports": list(run.reports),
        "export": run.export,
        "hashes": list(run.hashes),
        "cases": run.cases,
        "known": dict(run.known),
    }


def _kept_run(raw: Mapping[str, object]) -> KeptRun:
    cases, known, texts = raw["cases"], raw["known"], (raw["reports"], raw["hashes"])
    lists = [one if isinstance(one, list) else [] for one in texts]
    if not isinstance(cases, int) or not isinstance(known, dict):
        raise TypeError
    return KeptRun(
        as_of=date.fromisoformat(str(raw["as_of"])),
        reports=tuple(map(str, lists[0])),
        export=str(raw["export"]),
        hashes=tuple(map(str, lists[1])),
        cases=cases,
        known={str(name): int(number) for name, number in known.items()},
    )


def known_fields(caseload: Caseload) -> dict[str, int]:
    """In how many cases each field, and each column of a table, is known."""
    known: dict[str, int] = {}
    for case in caseload.cases:
        names = {name for name, value in case.fields.items() if value is not None}
        for table, rows in case.tables.items():
            names |= {f"{table}.{column}" for row in rows for column, value in row.items() if value is not None}
        for name in names:
            known[name] = known.get(name, 0) + 1
    return dict(sorted(known.items()))


def last_before(runs: Sequence[KeptRun], as_of: date) -> KeptRun | None:
    """The latest run as at an earlier day that had read its cases."""
    return next((run for run in reversed(runs) if run.as_of < as_of and run.export), None)


def warnings(now: KeptRun, last: KeptRun | None, limits: WarnLimits, rulebook: Rulebook) -> Iterator[str]:
    """What makes one look at the export before one looks at the findings."""
    if last is not None:
        then = f"the run as at {in_words(last.as_of)}"
        if limits.unchanged and set(now.hashes) & set(last.hashes):
            yield (
                f'The records are the same as in {then}, which read "{visible(last.export)}". Look whether there '
                "should be a new export: what is new below comes of the days that have passed."
            )
        lost = _PER_CENT * (last.cases - now.cases)
        if limits.fewer_cases and last.cases and lost >= limits.fewer_cases * last.cases:
            yield (
                f"There are {lost // last.cases} per cent fewer cases than in {then}: {now.cases:,} now, "
                f"{last.cases:,} then. Look whether the export is whole."
            )
        if empty := _suddenly_empty(now, last, limits, rulebook.dictionary):
            more = len(empty) - _MOST_FIELDS
            shown = listed([*empty[:_MOST_FIELDS], *([f"{more:,} more"] if more > 0 else [])], "and")
            yield (
                f"Nothing stands any more in {shown}. In {then} it was known. Look whether a column of the export was "
                "renamed or left out."
            )
    calendar = rulebook.calendar
    if limits.holidays and calendar.covers_until.year <= now.as_of.year:
        yield (
            f"The public holidays of {visible(calendar.title)} end on {in_words(calendar.covers_until)}. What falls "
            "due by working days after that cannot be told: ask who maintains casescreen for a later version."
        )


def _suddenly_empty(now: KeptRun, last: KeptRun, limits: WarnLimits, dictionary: Dictionary) -> list[str]:
    """The fields that were known in most cases, and are known in none."""
    if not limits.empty_fields or not now.cases or not last.cases:
        return []
    labels = {name: one.label for name, one in dictionary.fields.items()}
    for name, table in dictionary.tables.items():
        labels |= {f"{name}.{column}": f"{table.one}: {one.label}" for column, one in table.columns.items()}
    return [
        f'"{visible(labels.get(name, name))}" ({counted(number, "case")})'
        for name, number in last.known.items()
        if not now.known.get(name) and _PER_CENT * number >= limits.empty_fields * last.cases
    ]


def read_now(run: KeptRun, export: str, hashes: Sequence[str], caseload: Caseload) -> KeptRun:
    """The run, with what it has read."""
    return evolve(run, export=export, hashes=tuple(hashes), cases=len(caseload.cases), known=known_fields(caseload))
