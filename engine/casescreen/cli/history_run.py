"""What a run adds to a history, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import define, evolve

from casescreen.cli.options import say
from casescreen.cli.sharing import Sharing, suppression_refused
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Screening, Summary
from casescreen.text import counted, evened, in_words, visible

if TYPE_CHECKING:
    from casescreen.history.store import History
    from casescreen.model.change import Comparison, ScreeningRun

LONGEST_SCOPE = 60
"""How many characters the name of a scope may have."""


def refuse_history(history: Path | None, scope: str, suppress_under: int | None, *, for_this_run: bool) -> None:
    """Refuse what cannot go together.

    Args:
        history: the history; None where there is none.
        scope: which cases they are.
        suppress_under: counts below it are not shown.
        for_this_run: whether a number was set for this run only.

    Raises:
        click.UsageError: it was asked for.
    """
    if scope and history is None:
        raise click.UsageError("--scope is about a history: name one with --history.")
    if len(scope) > LONGEST_SCOPE:
        raise click.UsageError(f"Let --scope be a word or two, of at most {LONGEST_SCOPE} characters.")
    if history is not None and for_this_run:
        raise click.UsageError(
            "--set tries a number for this run only, and --history keeps what was found. Leave one of them out, or put "
            "the number into a profile."
        )
    if history is not None and suppress_under is not None:
        raise suppression_refused("--suppress-under", "--history, which keeps single cases")


@define(eq=False)
class Recording:
    """A history that a run is to be added to.

    Attributes:
        history: the open history.
        rulebook: the rulebook in force.
        as_of: the day that the run is as at.
        sharing: how names are shown.
        added: whether the run was added, or that it failed.
        changes: what changed since the last run as at an earlier day; None where there is none, or nothing was added.
    """

    history: History
    rulebook: Rulebook
    as_of: date
    sharing: Sharing
    added: bool = False
    changes: Comparison | None = None

    def add(self, screening: Screening, shared: Summary, *, is_whole: bool) -> None:
        """Add what was found.

        Args:
            screening: what was found, with names as they are.
            shared: the same as it may be shown.
            is_whole: whether every record could be used.

        Raises:
            CasescreenError: the history cannot be written.
        """
        from casescreen.history.run_rows import RunState  # noqa: PLC0415 - only who keeps a history waits for it

        assert isinstance(shared, Screening)  # a copy in which small counts are not shown goes with no history
        if not screening.case_ids:
            self.add_failed("nothing was screened")
            return
        run = self._run(screening, shared)
        self.changes = self._changed(run)
        replaced = self.history.add(run, RunState.COMPLETED if is_whole else RunState.PARTIAL)
        self.added = True
        say(
            f"Added to the history as at {in_words(self.as_of)}: {counted(len(run.cases), 'case')}."
            + (" It takes the place of the run as at the same day." if replaced else "")
        )
        if run.numbered:
            rows = sum(sum(tally.values()) for tally in run.numbered.values())
            say(
                f"{counted(rows, 'finding is', 'findings are')} about rows without a key of their own. Which is which "
                "cannot be told from week to week, so only their numbers are kept."
            )

    def _changed(self, run: ScreeningRun) -> Comparison | None:
        """What changed since the last run as at an earlier day: one as at the same day gives way to this."""
        from casescreen.history.comparison import compare  # noqa: PLC0415 - the same

        before = [one for one in self.history.runs() if one.counts_in_time and one.as_of < self.as_of]
        if not before:
            return None
        return compare(self.history.run(before[-1]), run, self.history.past(before[:-1], run))

    def add_failed(self, why: str) -> None:
        """Add that the run failed, and say why.

        Raises:
            CasescreenError: the history cannot be written.
        """
        self.history.add_failed(self.as_of, self.rulebook.version, self.rulebook.hash)
        self.added = True
        say(f"Added to the history as at {in_words(self.as_of)}: {why}.")

    def _run(self, screening: Screening, shared: Screening) -> ScreeningRun:
        from casescreen.history.findings_file import run_of  # noqa: PLC0415 - the same

        run, key = run_of(shared), self.sharing.key
        if key is None:
            return run
        from casescreen.privacy.pseudonyms import CASE, pseudonyms_of  # noqa: PLC0415 - the same

        rejected = pseudonyms_of(key, CASE, (one.case for one in screening.rejected))
        unnamed = sum(one.records for one in screening.rejected if not one.case)
        return evolve(run, rejected=frozenset(rejected.values()), rejected_unnamed=unnamed)


@contextmanager
def recorded(path: Path, rulebook: Rulebook, as_of: date, sharing: Sharing, scope: str) -> Iterator[Recording]:
    """A history, open for a run; that the run failed is added to it, if nothing else was.

    Raises:
        CasescreenError: the file is no history, or one of other runs.
    """
    from casescreen.history.database import network_drive  # noqa: PLC0415 - the same
    from casescreen.history.run_rows import Identity  # noqa: PLC0415 - the same
    from casescreen.history.store import History  # noqa: PLC0415 - the same

    fingerprint = ""
    if sharing.key is not None:
        from casescreen.privacy.pseudonyms import fingerprint as fingerprint_of  # noqa: PLC0415 - the same

        fingerprint = fingerprint_of(sharing.key)
    if drive := network_drive(path):
        say(
            f"{visible(str(path))} is on a {drive}, on which two runs at once can damage a history. Keep it on this "
            "computer, and copy it there when the run has ended."
        )
    identity = Identity(rulebook.id, evened(scope), fingerprint)
    with History(path, identity, waiting=lambda: _say_waiting(path)) as history:
        recording = Recording(history, rulebook, as_of, sharing)
        try:
            yield recording
        except Exception:
            if not recording.added:
                with suppress(CasescreenError):  # what went wrong first is what is told
                    recording.add_failed("the run failed")
            raise


def _say_waiting(path: Path) -> None:
    say(f"Another run is writing to {visible(str(path))}: waiting until it has ended.")
