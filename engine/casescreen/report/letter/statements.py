"""Statements of the letter: what each says, its number, and the figures, cases and conclusions that it rests on."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import define, field, frozen

from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Criterion, Rulebook
from casescreen.model.screening import Conclusion, Finding, Rate, Screening
from casescreen.report.blocks import Grid, Heading, Paragraph
from casescreen.report.wording import BESIDE, FEWEST_FOR_A_PHRASE, first, k_of_n, proportion_in_words
from casescreen.text import counted


@frozen
class StatementBasis:
    """What a statement rests on: a row of the appendix.

    Attributes:
        rests_on: the criterion or premise, in words.
        figures: k of n, or "".
        cases: the cases that it points at, in words.
        beside: what is not counted in k of n, in words.
    """

    rests_on: str
    figures: str = ""
    cases: str = ""
    beside: str = ""


@frozen
class Statement:
    """A line or two of the letter, and the number under which its grounds stand in the appendix."""

    text: str
    number: int
    grounds: tuple[StatementBasis, ...]


@define
class Numbering:
    """Numbers statements from 1, and keeps them for the appendix.

    Attributes:
        made: every statement so far, in order.
    """

    made: list[Statement] = field(factory=list)

    def state(self, text: str, *grounds: StatementBasis) -> Statement:
        """The next statement."""
        statement = Statement(text, len(self.made) + 1, grounds)
        self.made.append(statement)
        return statement

    def again(self, text: str, statement: Statement) -> Statement:
        """More that rests on the grounds of a statement made before, under its number."""
        return Statement(text, statement.number, statement.grounds)


@frozen
class StatementBases:
    """The grounds that a screening gives.

    Attributes:
        rates: by criterion.
        failed: the findings that are not met, by criterion.
        most: how many cases are named before the rest is only counted; 0 is all.
    """

    screening: Screening
    rates: dict[str, Rate]
    failed: dict[str, list[Finding]]
    most: int

    def of_criterion(self, criterion: str) -> StatementBasis:
        """A criterion's figures, and the cases in which it is not met."""
        rate = self.rates[criterion]
        beside = (f"{outcome.value}: {rate.counts[outcome]:,}" for outcome in BESIDE if rate.counts[outcome])
        cases = self._named(_case_and_item(finding) for finding in self.failed.get(criterion, ()))
        title = self.screening.rulebook.criterion[criterion].title
        return StatementBasis(
            f"{title} ({criterion})", k_of_n(rate.met, rate.of), cases or "none", "; ".join(beside) or "none"
        )

    def of_conclusion(self, conclusion: Conclusion) -> tuple[StatementBasis, ...]:
        """The criteria whose rates it rests on; where it rests on none, its premises in words."""
        if conclusion.rates:
            return tuple(self.of_criterion(criterion) for criterion in conclusion.rates)
        return tuple(StatementBasis(reason) for reason in conclusion.because)

    def of_cases(self, said: str, cases: Iterable[str]) -> StatementBasis:
        """Cases named for one reason."""
        return StatementBasis(said, cases=self._named(cases))

    def _named(self, cases: Iterable[str]) -> str:
        shown, more = first(cases, self.most)
        rest = (f"and {more:,} more",) if more else ()
        return ", ".join((*shown, *rest))


def grounds_of(screening: Screening, most: int) -> StatementBases:
    """The grounds of everything that the letter can state about a screening."""
    failed: dict[str, list[Finding]] = {}
    for finding in screening.findings:
        if finding.outcome is Outcome.NOT_MET:
            failed.setdefault(finding.criterion, []).append(finding)
    return StatementBases(screening, {rate.criterion: rate for rate in screening.rates}, failed, most)


def _case_and_item(finding: Finding) -> str:
    return f"{finding.case} ({finding.item})" if finding.item else finding.case


@frozen
class Said:
    """A paragraph of statements, each followed by its number; a numbered paragraph has its own number before it."""

    statements: tuple[Statement, ...]
    lead: str = ""
    bullet: bool = False


@frozen
class Notice:
    """A paragraph set off from the rest: what the draft is, and is not."""

    title: str
    text: str


@frozen
class Blank:
    """A line for the sender to fill in."""

    label: str
    hint: str


Part = Heading | Paragraph | Grid | Said | Notice | Blank


_UNTOLD = {
    Outcome.NOT_EVIDENCED: "the record does not show it in {}",
    Outcome.NEEDS_JUDGEMENT: "a reader has still to answer in {}",
}


def rate_statement(rate: Rate, rulebook: Rulebook) -> str:
    """K of n in words and in figures: "In half of the cases (4 of 8), the plan is on time."."""
    criterion = rulebook.criterion[rate.criterion]
    what = asked_of(criterion, rulebook)
    exact = rate.met not in (0, rate.of) and rate.of < FEWEST_FOR_A_PHRASE
    share = (
        f"{proportion_in_words(rate.met, rate.of)} {what}"
        if exact
        else f"{proportion_in_words(rate.met, rate.of)} of the {what}"
    )
    return f"In {share} ({k_of_n(rate.met, rate.of)}), {running(criterion.title)}."


def untold_statement(rate: Rate, rulebook: Rulebook) -> str:
    """What k of n leaves out because nobody can tell yet; "" if nothing."""
    criterion = rulebook.criterion[rate.criterion]
    parts = [
        said.format(_number(rate.count(outcome), criterion, rulebook))
        for outcome, said in _UNTOLD.items()
        if rate.counts[outcome]
    ]
    return f"“{criterion.title}”: {' and '.join(parts)}." if parts else ""


def asked_of(criterion: Criterion, rulebook: Rulebook) -> str:
    """What the criterion counts: cases, or the rows of a table by their name."""
    return "cases" if criterion.per is None else rulebook.dictionary.tables[criterion.per.table].label


def running(title: str) -> str:
    """A title as it stands inside a line; abbreviations keep their capitals."""
    first, space, rest = title.partition(" ")
    lower = first[1:] == first[1:].lower()
    return f"{first[:1].lower() if lower else first[:1]}{first[1:]}{space}{rest}".rstrip(".")


def _number(count: int, criterion: Criterion, rulebook: Rulebook) -> str:
    if criterion.per is None:
        return counted(count, "case")
    table = rulebook.dictionary.tables[criterion.per.table]
    return counted(count, table.one, table.label)
