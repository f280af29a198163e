"""What check compares a run with: the findings of an earlier run, from a file that was named or from a history."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import evolve, frozen

from casescreen.cli.sharing import Sharing, suppression_refused
from casescreen.model.problem import Advice, CasescreenError
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Screening, Summary
from casescreen.text import in_words, visible

if TYPE_CHECKING:
    from casescreen.cli.history_run import Recording
    from casescreen.model.change import ScreeningRun


def refuse_since(cases: tuple[str, ...], since: str, history: Path | None, suppress_under: int | None) -> None:
    """Refuse what cannot go together.

    Raises:
        click.UsageError: it was asked for.
    """
    if suppress_under is not None:
        raise suppression_refused("--suppress-under", "--since, which names single cases")
    if history is not None:
        raise click.UsageError(
            "--since cannot go with --history: the run is compared with the last one in the history. Leave one out."
        )
    if since == "-" and "-" in cases:
        raise click.UsageError("Only one of the cases and --since can come from standard input.")


@frozen
class Since:
    """An earlier run that was named, to be compared with.

    Attributes:
        run: what it found.
    """

    run: ScreeningRun

    def changed(self, shared: Summary) -> Summary:
        """The same, with what changed since."""
        from casescreen.history.comparison import compare  # noqa: PLC0415 - only who compares waits for it
        from casescreen.history.findings_file import run_of  # noqa: PLC0415 - the same

        assert isinstance(shared, Screening)  # small counts that are not shown go with no comparison
        return evolve(shared, changes=compare(self.run, run_of(shared))) if shared.case_ids else shared


def read_since(path: str, rulebook: Rulebook, as_of: date, sharing: Sharing) -> Since:
    """The run that a findings file holds, if this one can be compared with it.

    Raises:
        CasescreenError: it cannot, or there is no such file, or none of findings; with what to do.
    """
    from casescreen.history.findings_file import read_run  # noqa: PLC0415 - the same

    run, file = read_run(path), visible(path)
    if run.rulebook != rulebook.id:
        raise CasescreenError(
            f"{file} has findings by the rulebook {visible(run.rulebook)}, and this run is by {visible(rulebook.id)}.",
            why="other questions were asked, so nothing could be told to be new or fixed.",
            advice="name findings by the same rulebook, or choose it with --rules.",
        )
    if run.as_of > as_of:
        raise CasescreenError(
            f"{file} is as at {in_words(run.as_of)}, which is after the day of this run, {in_words(as_of)}.",
            advice="name findings of an earlier day, or give a later one with --as-of.",
        )
    _check_names(run.pseudonyms, sharing, file)
    return Since(run)


def _check_names(pseudonyms: str, sharing: Sharing, file: str) -> None:
    """Hold that names are replaced alike in both.

    Raises:
        CasescreenError: they are not.
    """
    wanted = ""
    if sharing.key is not None:
        from casescreen.privacy.pseudonyms import fingerprint  # noqa: PLC0415 - start-up time

        wanted = fingerprint(sharing.key)
    if pseudonyms == wanted:
        return
    if not wanted:
        what, advice = "has pseudonyms, and this run has none", "add --pseudonyms with the same key file"
    elif not pseudonyms:
        what, advice = "has ids as they are, and this run has pseudonyms", "name findings with pseudonyms of this key"
    else:
        what, advice = "has pseudonyms of another key", "name the key file that it was made with"
    raise CasescreenError(
        f"{file} {what}.",
        why="no case could be known again: every case would seem to have left, and others to have come.",
        advice=Advice(f"{advice}.", "take two with pseudonyms of one key, or two without."),
    )


def with_changes(shared: Summary, since: Since | None, recording: Recording | None) -> Summary:
    """The same, with what changed since an earlier run, where there is one to compare with."""
    if since is not None:
        return since.changed(shared)
    return shared if recording is None or recording.changes is None else evolve(shared, changes=recording.changes)
