"""Statements of the letter: what each says, its number, and the figures, cases and conclusions that it rests on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from attrs import frozen

from casescreen.evaluate.conclusions import in_cases
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Conclusion, Finding, Rate, Screening
from casescreen.report.blocks import Grid, Heading, Outline, Paragraph
from casescreen.report.wording import BESIDE, first, k_of_n, share_in_words
from casescreen.text import counted

_UNDECIDED = {
    Outcome.NOT_EVIDENCED: "the record does not show it in {}",
    Outcome.NEEDS_JUDGEMENT: "a reader has still to answer in {}",
}


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
    """A line or two of the letter, and the number under which its bases stand in the appendix."""

    text: str
    number: int
    bases: tuple[StatementBasis, ...]


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


Part = Heading | Paragraph | Outline | Grid | Said | Notice | Blank


class Statements:
    """Numbers statements about a screening from 1, and keeps them for the appendix.

    Attributes:
        made: every statement so far, in order.
    """

    def __init__(self, screening: Screening, most: int) -> None:
        """Of the cases of a basis, name ``most`` before the rest is only counted; 0 is all."""
        self.made: list[Statement] = []
        self._rulebook, self._most = screening.rulebook, most
        self._rates = {rate.criterion: rate for rate in screening.rates}
        self._not_met: defaultdict[str, list[Finding]] = defaultdict(list)
        for finding in screening.findings:
            if finding.outcome is Outcome.NOT_MET:
                self._not_met[finding.criterion].append(finding)

    def state(self, text: str, *bases: StatementBasis) -> Statement:
        """The next statement."""
        statement = Statement(text, len(self.made) + 1, bases)
        self.made.append(statement)
        return statement

    def rate_basis(self, criterion: str) -> StatementBasis:
        """A criterion's figures, and the cases in which it is not met."""
        rate, not_met = self._rates[criterion], self._not_met[criterion]
        beside = (f"{outcome.value}: {rate.counts[outcome]:,}" for outcome in BESIDE if rate.counts[outcome])
        cases = self._named(f"{each.case} ({each.item})" if each.item else each.case for each in not_met)
        title = f"{self._rulebook.criterion[criterion].title} ({criterion})"
        return StatementBasis(title, k_of_n(rate.met, rate.of), cases or "none", "; ".join(beside) or "none")

    def conclusion_bases(self, conclusion: Conclusion) -> tuple[StatementBasis, ...]:
        """The criteria whose rates it rests on; where it rests on none, its premises in words."""
        if conclusion.rates:
            return tuple(self.rate_basis(criterion) for criterion in conclusion.rates)
        return tuple(StatementBasis(reason) for reason in conclusion.because)

    def cases_basis(self, reason: str, cases: Iterable[str]) -> StatementBasis:
        """Cases named for one reason."""
        return StatementBasis(reason, cases=self._named(cases))

    def _named(self, cases: Iterable[str]) -> str:
        shown, more = first(cases, self._most)
        return ", ".join((*shown, f"and {more:,} more") if more else shown)


def rate_statement(rate: Rate, rulebook: Rulebook) -> str:
    """K of n in words and in figures, and among what: "In half of the cases (4 of 8), the plan is on time."."""
    criterion = rulebook.criterion[rate.criterion]
    table = None if criterion.per is None else rulebook.dictionary.tables[criterion.per.table]
    one, many = ("case", "cases") if table is None else (table.one, table.label)
    share = share_in_words(rate.met, rate.of, one, many)
    among = f" {criterion.among}" if criterion.among else ""
    counted = f"{k_of_n(rate.met, rate.of)}{in_cases(rate)}"
    return f"In {share} ({counted}){among}, {in_running_text(criterion.title)}."


def undecided_statement(rate: Rate, rulebook: Rulebook) -> str:
    """What k of n leaves out because nobody can tell yet; "" if nothing."""
    criterion, one, many = rulebook.criterion[rate.criterion], "case", "cases"
    if criterion.per is not None:
        table = rulebook.dictionary.tables[criterion.per.table]
        one, many = table.one, table.label
    parts = [
        words.format(counted(rate.count(outcome), one, many))
        for outcome, words in _UNDECIDED.items()
        if rate.counts[outcome]
    ]
    return f"“{criterion.title}”: {' and '.join(parts)}." if parts else ""


def in_running_text(title: str) -> str:
    """A title as it stands inside a line; abbreviations keep their capitals."""
    word = title.partition(" ")[0]
    if word[1:] == word[1:].lower():
        title = f"{title[:1].lower()}{title[1:]}"
    return title.rstrip(".")
