"""What reports call things, proportions in words, and the numbers that rules use with whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TypeVar

from attrs import frozen

from casescreen.conditions.analysis import all_reads
from casescreen.model.condition import All, Any, Condition, FromParameter, Not, operands_of, walk
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Band, ConclusionKind, Criterion, Parameter, Rulebook, Scope, Status
from casescreen.model.screening import Count, Finding, Quoting, Summary, Suppressed
from casescreen.report.blocks import Block, Column, Grid, Heading, Item, Outline, Paragraph
from casescreen.text import counted, in_words, listed

T = TypeVar("T")

# Conditions that are made of others, as the line above their parts.
TOGETHER: dict[type[Condition], str] = {All: "all of these", Any: "at least one of these", Not: "this is not so"}

# The outcomes that are counted beside k of n, in narrow columns: title, then what the legend says of it.
BESIDE: dict[Outcome, tuple[str, str]] = {
    Outcome.NOT_APPLICABLE: ("n/a", "not applicable"),
    Outcome.NOT_YET_DUE: ("not due", "not yet due"),
    Outcome.NOT_EVIDENCED: (
        "not shown",
        "not evidenced (the record does not show it, which is not to say that it was not done)",
    ),
    Outcome.NEEDS_JUDGEMENT: ("to judge", "needs judgement (a reader has still to answer)"),
}

# What a conclusion on a single case is called, in the order in which reports print them.
KINDS: dict[ConclusionKind, str] = {
    ConclusionKind.ACTION: "Act now",
    ConclusionKind.AREA: "Area for improvement",
    ConclusionKind.STRENGTH: "Strength",
    ConclusionKind.PATTERN: "Pattern",
    ConclusionKind.SUMMARY: "In short",
}

# What each outcome means, for whoever has not read the rules.
OUTCOMES_MEAN: dict[Outcome, str] = {
    Outcome.MET: "What was asked is so: recorded facts show it, or a reader answered yes.",
    Outcome.NOT_MET: "What was asked is not so: recorded facts show the contrary, or a reader answered no.",
    Outcome.NOT_APPLICABLE: "The question does not arise in this case, or a reader said so and why.",
    Outcome.NOT_YET_DUE: "It had not been done at the as-of date, and there was still time.",
    Outcome.NOT_EVIDENCED: "The record does not show it, which is not to say that it was not done.",
    Outcome.NEEDS_JUDGEMENT: "Whether it was good enough is for a reader to say, and none has answered yet.",
}


def text_not_shown(quoting: Quoting, *, typed: bool = True) -> str:
    """That what somebody wrote is not in the report; empty where it is, or must not be.

    Args:
        quoting: how much of it is.
        typed: whether who reads it can type commands, so that it is said how to see it.
    """
    if quoting is not Quoting.REFERENCES:
        return ""
    how = " To see it, run this again with --with-text." if typed else ""
    return f"What somebody wrote (notes, reasons, descriptions) is not shown.{how}"


def title_of(finding: Finding, rulebook: Rulebook) -> str:
    """The criterion's title, with the row that the finding is about."""
    criterion = rulebook.criterion[finding.criterion]
    if criterion.per is None or not finding.item:
        return criterion.title
    return f"{criterion.title} ({rulebook.dictionary.tables[criterion.per.table].one} {finding.item})"


def wrong_in_words(finding: Finding, rulebook: Rulebook) -> str:
    """What is wrong where a finding is not met, as the rulebook says it, with the row that it is about."""
    if not finding.shortfall:
        return f"Not met: {title_of(finding, rulebook)}"
    per = rulebook.criterion[finding.criterion].per
    if per is None or not finding.item:
        return finding.shortfall
    return f"{finding.shortfall.removesuffix('.')} ({rulebook.dictionary.tables[per.table].one} {finding.item})."


def group_name(scope: Scope, subject: str) -> str:
    """A manager's or team's name; where the record names none, that it does not."""
    return subject or f"No {scope.value} recorded"


def figure(count: Count, under: int = 0) -> str:
    """A count in a column: a dash for none, "<5" for fewer than five, "[c]" for one that is withheld."""
    if isinstance(count, Suppressed):
        return f"<{under:,}" if count is Suppressed.FEW else "[c]"
    return f"{count:,}" if count else "-"


def number_of(count: Count, under: int, one: str, many: str = "") -> str:
    """A count of things in words: "3 cases", "Fewer than 5 cases"."""
    return counted(count, one, many) if isinstance(count, int) else f"Fewer than {counted(under, one, many)}"


def title_of_report(result: Summary) -> str:
    """What a report is called."""
    return f"{result.rulebook.title} (version {result.rulebook.version})"


def legend() -> str:
    """What the columns of counts mean."""
    return "; ".join(f'"{title}" means {meaning}' for title, meaning in BESIDE.values())


def first(things: Iterable[T], most: int) -> tuple[tuple[T, ...], int]:
    """The first ``most`` of the things, and how many more there are."""
    every = tuple(things)
    return every[:most], max(len(every) - most, 0)


def and_more(count: int, one: str, where: str) -> str:
    """That a list goes on, and where the rest is."""
    return f"And {counted(count, f'more {one}')}: {where}."


FEWEST_FOR_A_PHRASE = 5


@frozen
class Phrase:
    """A phrase, and the highest proportion that it is said of; the phrase before it says where it begins.

    Attributes:
        up_to: the upper end of the interval.
        included: whether the upper end itself belongs to it.
    """

    words: str
    up_to: Fraction
    included: bool = False

    def reaches(self, share: Fraction) -> bool:
        """Whether the share lies at or below the upper end."""
        return share < self.up_to or (self.included and share == self.up_to)


# From the lowest to the highest; each begins where the one before it ends. A bare fraction is said of itself alone.
# "Just over" begins above one and "almost" ends below the next, with half-way between them; both within five in a
# hundred of what they name.
PHRASES: tuple[Phrase, ...] = (
    Phrase("almost none", Fraction(1, 20)),
    Phrase("less than one-tenth", Fraction(1, 10)),
    Phrase("one-tenth", Fraction(1, 10), included=True),
    Phrase("less than one-fifth", Fraction(1, 5)),
    Phrase("one-fifth", Fraction(1, 5), included=True),
    Phrase("just over one-fifth", Fraction(9, 40), included=True),
    Phrase("almost one-quarter", Fraction(1, 4)),
    Phrase("one-quarter", Fraction(1, 4), included=True),
    Phrase("just over one-quarter", Fraction(7, 24), included=True),
    Phrase("almost one-third", Fraction(1, 3)),
    Phrase("one-third", Fraction(1, 3), included=True),
    Phrase("just over one-third", Fraction(11, 30), included=True),
    Phrase("almost two-fifths", Fraction(2, 5)),
    Phrase("two-fifths", Fraction(2, 5), included=True),
    Phrase("just over two-fifths", Fraction(9, 20)),
    Phrase("almost half", Fraction(1, 2)),
    Phrase("half", Fraction(1, 2), included=True),
    Phrase("just over half", Fraction(11, 20), included=True),
    Phrase("almost three-fifths", Fraction(3, 5)),
    Phrase("three-fifths", Fraction(3, 5), included=True),
    Phrase("just over three-fifths", Fraction(19, 30), included=True),
    Phrase("almost two-thirds", Fraction(2, 3)),
    Phrase("two-thirds", Fraction(2, 3), included=True),
    Phrase("just over two-thirds", Fraction(17, 24), included=True),
    Phrase("almost three-quarters", Fraction(3, 4)),
    Phrase("three-quarters", Fraction(3, 4), included=True),
    Phrase("just over three-quarters", Fraction(31, 40), included=True),
    Phrase("almost four-fifths", Fraction(4, 5)),
    Phrase("four-fifths", Fraction(4, 5), included=True),
    Phrase("just over four-fifths", Fraction(17, 20), included=True),
    Phrase("the large majority", Fraction(19, 20)),
    Phrase("almost all", Fraction(1)),
)


def proportion_in_words(met: int, of: int) -> str:
    """How ``met`` of ``of`` is said: "all but one", "almost half"; of fewer than five, the figures alone.

    What is exact comes first: none, only one, all but one, all. Then the one phrase of ``PHRASES`` that fits.

    >>> proportion_in_words(3, 5), proportion_in_words(19, 20), proportion_in_words(2, 3)
    ('three-fifths', 'all but one', '2 of 3')
    """
    if not of:
        return "none counted"
    if of < FEWEST_FOR_A_PHRASE:
        return k_of_n(met, of)
    if met in (0, of):
        return "all" if met else "none"
    if met == 1:
        return "only one"
    if met == of - 1:
        return "all but one"
    share = Fraction(met, of)
    return next(phrase.words for phrase in PHRASES if phrase.reaches(share))


def k_of_n(met: int, of: int) -> str:
    """The figures themselves: "9 of 16"; a dash where nothing was counted."""
    return f"{met:,} of {of:,}" if of else "-"


def whose(parameter: Parameter) -> str:
    """Whose number a parameter is, and where it stands."""
    return f"status: {parameter.status.value}; source: {parameter.source}"


def parameters_grid(parameters: Iterable[Parameter]) -> Grid:
    """Each parameter with its value, status and source."""
    from casescreen.conditions.description import parameter_in_words  # noqa: PLC0415 - only long reports list them

    columns = (Column("Parameter"), Column("Value"), Column("Status"), Column("Source"))
    rows = ((p.label, parameter_in_words(p), p.status.value, str(p.source)) for p in parameters)
    return Grid(columns, tuple(rows))


def conditions_of(criterion: Criterion) -> tuple[Condition, ...]:
    """All that decides when a criterion is asked, what it comes to, and what is said beside that."""
    due = None if criterion.due is None else criterion.due.known
    per = None if criterion.per is None else criterion.per.where
    beside = (*(flag.when for flag in criterion.flags), *(one.when for one in criterion.shortfalls))
    conditions = (*criterion.asked_where, criterion.met, due, per, *beside)
    return tuple(condition for condition in conditions if condition is not None)


def parameters_of(criterion: Criterion, rulebook: Rulebook) -> tuple[Parameter, ...]:
    """The parameters that a criterion uses anywhere, in the rulebook's order."""
    asked = list(conditions_of(criterion))
    read = {field for one in asked for _, field in all_reads(one, rulebook.parameters, rulebook.derived)}
    asked += [condition for one in rulebook.derived if one.field in read for condition in one.conditions]
    tests = (one for condition in asked for one in walk(condition))
    used = {operand.name for one in tests for operand in operands_of(one) if isinstance(operand, FromParameter)}
    return tuple(parameter for name, parameter in rulebook.parameters.items() if name in used)


def unverified_behind(finding: Finding, rulebook: Rulebook) -> str:
    """Which of the numbers that a finding with a time limit was measured by nobody could verify; empty where none."""
    used = () if finding.due is None else parameters_of(rulebook.criterion[finding.criterion], rulebook)
    labels = [one.label for one in used if one.status is Status.UNVERIFIED]
    return f"It is measured by what is unverified: {listed(labels, 'and')}." if labels else ""


def unverified_in_words(parameters: Iterable[Parameter]) -> str:
    """How many of them nobody could verify, and what to do; empty where all are."""
    count = sum(parameter.status is Status.UNVERIFIED for parameter in parameters)
    are = "is" if count == 1 else "are"
    return f"{count:,} of these {are} unverified: check before you rely on what was measured by it." if count else ""


def ranges_in_words(bands: Iterable[Band]) -> str:
    """Each band and where it begins: "strong" from 80 per cent, "sound" from 65 per cent."""
    return ", ".join(f'"{band.label}" from {band.at_least} per cent' for band in bands)


def bands_in_words(rulebook: Rulebook) -> str:
    """What the bands of rates are, and whose."""
    bands = rulebook.bands
    own = "local" if rulebook.profile is not None and rulebook.profile.bands is not None else "the rulebook's own"
    ranges = ranges_in_words(bands.bands)
    ranges += "".join(f"; of {limits.label}, {ranges_in_words(limits.bands)}" for limits in bands.sets.values())
    few = f"a rate of fewer than {counted(bands.minimum, 'case')} is too few to say"
    if bands.known:
        few += f", and so is one of less than {bands.known} per cent of the cases in which the question is asked by now"
    note = f" {bands.source.note}" if bands.source.note else ""
    return (
        f"About bands: a rate is {ranges}; {few}. The bands are {own} "
        f"(status: {bands.status.value}; source: {bands.source}).{note}"
    )


def local_holidays_in_words(rulebook: Rulebook) -> tuple[str, ...]:
    """Which days were added to the calendar, and for which limits they count; nothing where none were."""
    days = listed(map(in_words, sorted(rulebook.calendar.local_holidays)), "and")
    limits = [parameter.label for parameter in rulebook.parameters.values() if parameter.counts_local_holidays]
    count = f"They count for: {'; '.join(limits)}." if limits else "No limit of this rulebook counts them."
    return (f"Local holidays added: {days}. {count}",) if days else ()


SHORT_HASH = 12


def provenance(result: Summary) -> Iterator[Block]:
    """What is local, the parameters, then what it takes to do the screening again."""
    rulebook = result.rulebook
    if rulebook.profile is not None:
        from casescreen.report.local_rules import local_blocks  # noqa: PLC0415 - needed under a profile only

        yield from local_blocks(rulebook)
    if rulebook.parameters:
        yield Heading("Parameters used")
        yield parameters_grid(rulebook.parameters.values())
        if unverified := unverified_in_words(rulebook.parameters.values()):
            yield Paragraph(unverified)
    yield Heading("How this was made")
    made_with = [Item(f"Rulebook: {rulebook.id}, version {rulebook.version}, hash {rulebook.hash[:SHORT_HASH]}")]
    if rulebook.profile is not None:
        from casescreen.report.local_rules import local_hash_line  # noqa: PLC0415 - needed under a profile only

        made_with.append(Item(local_hash_line(rulebook.profile, SHORT_HASH)))
    made_with += [Item(line) for line in local_holidays_in_words(rulebook)]
    if result.cases_hash:
        cases = number_of(result.cases, result.suppressed_under, "case")
        made_with.append(Item(f"Cases: {cases}, hash {result.cases_hash[:SHORT_HASH]}"))
    if result.answers_used is not None:
        made_with.append(Item(f"Readers' answers: {result.answers_used}"))
    yield Outline((*made_with, Item(f"Inferences drawn by: {result.engine}")))
