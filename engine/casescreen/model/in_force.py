"""What is local in a rulebook that is in force: what a profile or the command line sets otherwise, and who says so."""

from __future__ import annotations

from pathlib import PurePath

from attrs import frozen

from casescreen.model.rulebook import Bands, ConclusionRule, Criterion, Parameter, Severity, Source

ON_COMMAND_LINE = "--set"
"""What stands for the name of a file where something was set for one run alone."""


@frozen
class SaidBy:
    """Where a thing is said: a line of a profile, or the command line.

    Attributes:
        file: the profile, as it was named; "" on the command line.
        line: its line, from 1.
    """

    file: str = ""
    line: int = 0

    @property
    def name(self) -> str:
        """The name of the file alone: a path can say more of a computer than a report should."""
        return PurePath(self.file).name or ON_COMMAND_LINE

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}" if self.file else f"{ON_COMMAND_LINE}, for this run only"


@frozen
class LocalParameter:
    """A number that is not what the rulebook has.

    Attributes:
        now: as it is in force, with the source that is given for it.
        rulebook: as the rulebook has it.
        reason: why; "" on the command line.
        said: who set it last.
        overrode: who had set it before, and to what, the first of them first.
        follows: the parameter that it moved with; "" where it was set itself.
    """

    now: Parameter
    rulebook: Parameter
    reason: str
    said: SaidBy
    overrode: tuple[tuple[SaidBy, Parameter], ...] = ()
    follows: str = ""

    @property
    def name(self) -> str:
        """Its name, as rules have it."""
        return self.now.name


@frozen
class SwitchedOff:
    """A criterion or a conclusion that is not in force.

    Attributes:
        criterion: what is off, where it is a criterion.
        conclusion: what is off, where it is a conclusion.
    """

    reason: str
    said: SaidBy
    criterion: Criterion | None = None
    conclusion: ConclusionRule | None = None

    @property
    def id(self) -> str:
        """Its id."""
        return (
            self.criterion.id if self.criterion is not None else "" if self.conclusion is None else self.conclusion.id
        )

    @property
    def title(self) -> str:
        """What it is called."""
        if self.criterion is not None:
            return self.criterion.title
        return "" if self.conclusion is None else self.conclusion.short


@frozen
class OnAgain:
    """A criterion or a conclusion that one profile switched off, and one that extends it switched on again.

    Attributes:
        was_off: what the other profile said.
        source: whose decision it is.
    """

    was_off: SwitchedOff
    source: Source
    reason: str
    said: SaidBy


@frozen
class LocalSeverity:
    """How much a criterion matters here, where that is not what the rulebook says."""

    criterion: str
    title: str
    now: Severity
    rulebook: Severity
    reason: str
    said: SaidBy
    overrode: tuple[tuple[SaidBy, Severity], ...] = ()


@frozen
class LocalBands:
    """The bands of rates, where they are not those of the rulebook."""

    now: Bands
    rulebook: Bands
    reason: str
    said: SaidBy
    overrode: tuple[tuple[SaidBy, Bands], ...] = ()


@frozen
class LocalCriterion:
    """A criterion that the rulebook does not have."""

    id: str
    title: str
    said: SaidBy


@frozen
class BaseMoved:
    """That the rulebook is not the one that the profile was written for.

    Attributes:
        said: where the profile names the rulebook.
        written_for: which version it was written for, as it says.
        now: which version there is.
        differences: what is known to have changed of what the profile sets, a statement each.
    """

    said: SaidBy
    written_for: str
    now: str
    differences: tuple[str, ...]


@frozen
class ProfileInForce:
    """All that is local in a rulebook that is in force.

    Attributes:
        files: the names of the profiles, that which the others extend first.
        rulebook_hash: the hash of the rulebook without what is local.
        parameters: in the rulebook's order, those that moved with others among them.
        off: criteria and conclusions, in the rulebook's order.
        on_again: those of them that are on again, in the same order.
        longest_waiver_months: how long a finding may be accepted for; None where nothing is said of it.
        holidays_said: who added the local holidays that a profile names; None where none does.
        moved: None where the rulebook is the one that the profile was written for, or it does not say which.
    """

    files: tuple[str, ...] = ()
    rulebook_hash: str = ""
    parameters: tuple[LocalParameter, ...] = ()
    off: tuple[SwitchedOff, ...] = ()
    on_again: tuple[OnAgain, ...] = ()
    severities: tuple[LocalSeverity, ...] = ()
    bands: LocalBands | None = None
    criteria: tuple[LocalCriterion, ...] = ()
    longest_waiver_months: int | None = None
    holidays_said: SaidBy | None = None
    moved: BaseMoved | None = None

    @property
    def criteria_off(self) -> tuple[Criterion, ...]:
        """The criteria that are switched off."""
        return tuple(one.criterion for one in self.off if one.criterion is not None)

    @property
    def set_for_this_run(self) -> tuple[LocalParameter, ...]:
        """What the command line set, for this run alone."""
        return tuple(one for one in self.parameters if not one.said.file)
