"""How a run uses waivers: which file counts, what is beside the findings, and what is said of rules that changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from casescreen.cli.options import say
from casescreen.cli.outputs import typed_options
from casescreen.cli.sharing import suppression_refused
from casescreen.evaluate.acceptance import with_waivers
from casescreen.model.problem import CasescreenError, ProblemsError, message
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Screening
from casescreen.model.waiver import Waiver, WaiverStanding
from casescreen.rulebook.waiver_file import read_waivers
from casescreen.text import as_argument, counted, visible

# What the hash of a rule depends on: the same are to be named where a waiver is given, and where it is used.
_OF_RULES, _SETTINGS = ("rules", "profile"), "settings"
_MOST_TOLD = 5


def typed_rules(asked: Mapping[str, Any]) -> str:
    """The options that say which rules are in force, as they were typed, each after a space."""
    said = typed_options(asked, *(name for name in _OF_RULES if name in asked))
    for name, value in asked.get(_SETTINGS, ()):
        said += f" --set {as_argument(f'{name}={value}') or 'NAME=VALUE'}"
    return said


def command_to_add(file: Path, rules: str, case: str = "", criterion: str = "", item: str = "") -> str:
    """The command that adds a waiver, with the same rules."""
    said = f"casescreen waivers add {as_argument(str(file)) or 'FILE'}"
    said += f" --case {as_argument(case) or 'ID'} --criterion {as_argument(criterion) or 'ID'}"
    of_row = f" --item {as_argument(item) or 'KEY'}" if item else ""
    return f"{said}{of_row}{rules} ..."


def waivers_in_use(waivers: Path | None, suppress_under: int | None, *, disregarded: bool) -> Path | None:
    """The file that counts, if one does. That waivers are disregarded is said on standard error.

    Raises:
        click.UsageError: small counts are not to be shown.
    """
    if disregarded:
        beside = "" if waivers is None else f" {visible(str(waivers))} was not read."
        say(f"Waivers are disregarded: --no-waivers.{beside}")
        return None
    if waivers is not None and suppress_under is not None:
        raise suppression_refused("--suppress-under", "--waivers, which tells of single findings")
    return waivers


@frozen
class NamedWaivers:
    """The waivers that a run is to use.

    Attributes:
        file: where they stand.
        as_of: the day as at which they are held against findings.
        rules: the options that say which rules are in force, as they were typed.
    """

    file: Path
    waivers: tuple[Waiver, ...]
    as_of: date
    rules: str = ""

    def of_case(self, case: str) -> NamedWaivers:
        """Those of one case alone."""
        return evolve(self, waivers=tuple(one for one in self.waivers if one.case == case))

    def beside(self, screening: Screening, *, told: bool = True) -> Screening:
        """The screening with what is accepted; of rules that changed it is said on standard error.

        Args:
            screening: as at the same day.
            told: whether cases may be named there.
        """
        assert screening.as_of == self.as_of, "a waiver counts as at a day"
        result = with_waivers(screening, self.waivers)
        changed = [] if result.accepted is None else [one for one in result.accepted.waivers if one.rule_changed]
        for one in changed[:_MOST_TOLD] if told else ():
            say(self._changed(one))
        if (more := len(changed) - (_MOST_TOLD if told else 0)) > 0:
            say(f"{counted(more, 'more waiver' if told else 'waiver')} of a rule that has changed since it was given.")
        return result

    def _changed(self, one: WaiverStanding) -> str:
        waiver = one.waiver
        add = command_to_add(self.file, self.rules, waiver.case, waiver.criterion, waiver.item)
        return message(
            f"{visible(waiver.file)}, line {waiver.line} ({visible(waiver.case)}, {waiver.criterion}): the rule has "
            "changed since this waiver was given. It counts all the same.",
            "look at the finding again. If it is still to be accepted, take the block out of the file, and add it "
            f"again: {add}",
            "what was accepted may be another thing now; or the waiver was given under other rules than this run has.",
        )


def waivers_named(path: Path, rulebook: Rulebook, as_of: date, rules: str = "", *, told: bool = True) -> NamedWaivers:
    """The waivers in a file, read before anything is screened.

    Args:
        path: the file.
        rulebook: the rules that are in force.
        as_of: the day as at which they are held against findings.
        rules: the options that say which rules those are, as they were typed.
        told: whether what is wrong in it may be told, which names cases and quotes what somebody wrote.

    Raises:
        CasescreenError: there is no such file, or something is wrong in it that may not be told.
        ProblemsError: everything that is wrong in it.
    """
    try:
        waivers = read_waivers(path, rulebook, to_make_it=command_to_add(path, rules))
    except ProblemsError as error:
        if told:
            raise
        shown = as_argument(str(path)) or "FILE"
        raise CasescreenError(
            f"{counted(len(error.problems), 'problem')} with the waivers. They name cases, so they are not told under "
            "pseudonyms.",
            advice=f"casescreen waivers list {shown}, with the same rules and profile, tells them. Mend them, and "
            "run this again.",
        ) from None
    return NamedWaivers(path, waivers, as_of, rules)
