"""Statements of the letter: how figures and reasons are said, and what each rests on, under its number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from casescreen.evaluate.case_summary import UNDECIDED, case_summaries
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import MISSING, Criterion, Rulebook
from casescreen.model.screening import Conclusion, Finding, Rate, Screening
from casescreen.report.blocks import Column, Grid, Heading, Outline, Paragraph
from casescreen.report.wording import BESIDE, FEWEST_FOR_A_PHRASE, k_of_n
from casescreen.text import listed

CASE = "case"
_MOST_TOGETHER = 3
_MOST_REASONS = 3


Named = tuple[str, str]
"""The id of a case, and the key of the row of it that is meant; "" where it is the case itself."""


@frozen
class StatementBasis:
    """What a statement rests on: a row of the appendix.

    Attributes:
        rests_on: the criterion or premise, in words.
        figures: k of n, or "".
        beside: what is not counted in k of n, in words.
        cases: the cases that it points at: those in which a criterion is not met, or that are meant.
        unknown: the cases in which that is not known.
        met: the cases in which a criterion is met.
    """

    rests_on: str
    figures: str = ""
    beside: str = ""
    cases: tuple[Named, ...] = ()
    unknown: tuple[Named, ...] = ()
    met: tuple[Named, ...] = ()

    @property
    def names_cases(self) -> bool:
        """Whether it points at any case."""
        return bool(self.cases or self.unknown or self.met)


@frozen
class Statement:
    """A line or two of the letter, and the number under which its bases stand in the appendix.

    Attributes:
        leads: the place of the first of them; "" where it rests on none.
    """

    text: str
    number: int
    bases: tuple[StatementBasis, ...]
    leads: str = ""

    @property
    def place(self) -> str:
        """Where in the document it stands."""
        return place_of(self.number)


def place_of(statement: int) -> str:
    """Where in the document a statement stands, by its number."""
    return f"statement_{statement}"


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


@frozen
class NewPage:
    """The title of what begins on a page of its own."""

    title: str


@frozen
class LinkedText:
    """Text that leads somewhere: to a place of the document, or to a file beside it; "" is nowhere."""

    text: str
    leads: str = ""
    file: str = ""


@frozen
class LinkedRow:
    """A row of cells, each of several texts, under the name by which links lead to it."""

    place: str
    cells: tuple[tuple[LinkedText, ...], ...]


@frozen
class LinkedGrid:
    """Rows under column titles, of which texts lead to other places."""

    columns: tuple[Column, ...]
    rows: tuple[LinkedRow, ...]


Part = Heading | Paragraph | Outline | Grid | LinkedGrid | Said | Notice | Blank | NewPage


class Statements:
    """Numbers statements about a screening from 1, and keeps them for the appendix.

    Attributes:
        made: every statement so far, in order.
        bases: what they rest on, each once, in the order of the appendix, with the numbers of those that do.
        not_met: the findings that are not met, by criterion; of a sample, those that rates count.
    """

    def __init__(self, screening: Screening) -> None:
        """Begin before the first statement."""
        self.made: list[Statement] = []
        self.bases: dict[StatementBasis, list[int]] = {}
        self._rulebook = screening.rulebook
        self._rates = {rate.criterion: rate for rate in screening.rates}
        self.not_met: defaultdict[str, list[Finding]] = defaultdict(list)
        beside = () if screening.drawn is None else screening.drawn.must_include
        self._behind: defaultdict[tuple[str, Outcome], list[Finding]] = defaultdict(list)
        for finding in screening.findings:
            if finding.case in beside:
                continue
            self._behind[finding.criterion, finding.outcome].append(finding)
            if finding.outcome is Outcome.NOT_MET:
                self.not_met[finding.criterion].append(finding)
        self._rank = {case.id: number for number, case in enumerate(case_summaries(screening))}

    def state(self, text: str, *bases: StatementBasis) -> Statement:
        """The next statement."""
        number = len(self.made) + 1
        for basis in bases:
            numbers = self.bases.setdefault(basis, [])
            if number not in numbers:
                numbers.append(number)
        leads = f"basis_{list(self.bases).index(bases[0]) + 1}" if bases else ""
        statement = Statement(text, number, bases, leads)
        self.made.append(statement)
        return statement

    def rate_basis(self, criterion: str) -> StatementBasis:
        """A criterion's figures, and the cases in which it is not met, not known and met, the worst case first."""
        rate = self._rates[criterion]
        beside = (f"{outcome.value}: {rate.counts[outcome]:,}" for outcome in BESIDE if rate.counts[outcome])
        return StatementBasis(
            f"{self._rulebook.criterion[criterion].title} ({criterion})",
            k_of_n(rate.met, rate.of),
            "; ".join(beside) or "none",
            self._cases(criterion, Outcome.NOT_MET),
            self._cases(criterion, *UNDECIDED),
            self._cases(criterion, Outcome.MET),
        )

    def _cases(self, criterion: str, *outcomes: Outcome) -> tuple[Named, ...]:
        """The cases with such a finding, and their rows where rows are asked, each once."""
        found = (one for outcome in outcomes for one in self._behind[criterion, outcome])
        named = dict.fromkeys((one.case, one.item) for one in found)
        return tuple(sorted(named, key=lambda one: self._rank[one[0]]))

    def conclusion_bases(self, conclusion: Conclusion) -> tuple[StatementBasis, ...]:
        """The criteria whose rates it rests on; where it rests on none, its premises in words."""
        if conclusion.rates:
            return tuple(self.rate_basis(criterion) for criterion in conclusion.rates)
        return tuple(StatementBasis(reason) for reason in conclusion.because)

    def cases_basis(self, reason: str, cases: Iterable[str]) -> StatementBasis:
        """Cases named for one reason."""
        return StatementBasis(reason, cases=tuple((case, "") for case in cases))


_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def in_letters(number: int) -> str:
    """A number as letters write it: in words up to ten."""
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"


def how_many(number: int, one: str, many: str = "") -> str:
    """A number with its noun, as letters write it: "nine cases", "one case", "16 reports"."""
    return f"{in_letters(number)} {one if number == 1 else many or one + 's'}"


def undecided(rate: Rate) -> int:
    """How many there are of which it is not known whether it is met."""
    return sum(rate.count(outcome) for outcome in UNDECIDED)


def told_together(rates: Iterable[Rate], rulebook: Rulebook) -> tuple[tuple[Rate, ...], ...]:
    """The rates that one sentence can tell: those of as many cases, which have the same in common."""
    groups: defaultdict[tuple[object, ...], list[Rate]] = defaultdict(list)
    for rate in rates:
        criterion = rulebook.criterion[rate.criterion]
        alone = "" if criterion.phrase else criterion.id
        table = "" if criterion.per is None else criterion.per.table
        is_few = rate.band == rulebook.bands.TOO_FEW
        groups[alone, table, criterion.among, rate.of, rate.cases_known, undecided(rate), is_few].append(rate)
    return tuple(
        tuple(group[start : start + _MOST_TOGETHER])
        for group in groups.values()
        for start in range(0, len(group), _MOST_TOGETHER)
    )


def rates_statement(rates: Sequence[Rate], rulebook: Rulebook, *, figures_last: bool = False) -> str:
    """K of n of rates that are told together: "Of the 16 cases with a plan, it was timely in nine and clear in ten.".

    One rate by itself may be told with its figures last: "Planning was good enough in nine of the 16 cases.".
    """
    rate, number = rates[0], rates[0].of
    criterion, asked = rulebook.criterion[rate.criterion], _asked_of(rate, rulebook)
    if not criterion.phrase:
        return f"{criterion.title.rstrip('.')}: {_share_of(rate)} {asked}."
    phrases = [rulebook.criterion[one.criterion].phrase for one in rates]
    if number == 1:
        parts = zip(rates, phrases, strict=True)
        said = [words if one.met else f"it could not be said that {words}" for one, words in parts]
        return f"In the one {asked}, {listed(said, 'and')}."
    if all(one.met == number for one in rates):
        every = "both" if number == 2 else f"all {in_letters(number)}"  # noqa: PLR2004 - what both are
        return f"In {every} {asked}, {listed(phrases, 'and')}."
    if figures_last and len(rates) == 1:
        return f"{phrases[0][:1].upper()}{phrases[0][1:]} {_share_of(rate)} {asked}."
    said = [f"{words} in {_share(one)}" for one, words in zip(rates, phrases, strict=True)]
    return f"Of the {in_letters(number)} {asked}, {listed(said, 'and')}."


def shortfall_statement(says: str, rate: Rate, rulebook: Rulebook) -> str:
    """In how many of those that were asked something was not done: "There was no plan: three of the 20 cases."."""
    of = f"of the {in_letters(rate.of)} {_asked_of(rate, rulebook)}" if rate.of > 1 else _asked_of(rate, rulebook)
    return f"{says.rstrip('.')}: {in_letters(rate.of - rate.met)} {of}."


def _asked_of(rate: Rate, rulebook: Rulebook) -> str:
    """What the figures of a rate count, and what that has in common: "cases where there was a plan"."""
    criterion = rulebook.criterion[rate.criterion]
    if criterion.per is None:
        asked = "case" if rate.of == 1 else "cases"
    else:
        table = rulebook.dictionary.tables[criterion.per.table]
        asked = table.one if rate.of == 1 else table.label
    among = f" {criterion.among}" if criterion.among else ""
    notes = [f"in {how_many(rate.cases_known, CASE)}"] if rate.cases_known < rate.of else []
    if unknown := undecided(rate):
        notes.append(f"{in_letters(unknown)} more {'is' if unknown == 1 else 'are'} not known")
    beside = f" ({'; '.join(notes)})" if notes else ""
    return f"{asked}{among}{beside}"


def _share_of(rate: Rate) -> str:
    """K of n, before what is counted: "in nine of the 16", "in the one", "in both"."""
    if rate.of == 1:
        return "in the one" if rate.met else "not in the one"
    return f"in {_share(rate)} of the {in_letters(rate.of)}"


def _share(rate: Rate) -> str:
    if rate.met == rate.of:
        return "all"
    return "all but one" if rate.of >= FEWEST_FOR_A_PHRASE and rate.met == rate.of - 1 else in_letters(rate.met)


def reasons(rates: Sequence[Rate], not_met: Iterable[Finding], rulebook: Rulebook) -> str:
    """Why those of some rates that fell short did so, as the rules say it, in a sentence or two; "" if they do not.

    Nothing of a record's own is quoted: what is said are flags, shortfalls and words of choices.
    """
    shows: defaultdict[str, set[str]] = defaultdict(set)
    gaps: defaultdict[str, set[str]] = defaultdict(set)
    words_of_choices = _words_of_choices(rulebook)
    findings = [finding for finding in not_met if finding.criterion in {rate.criterion for rate in rates}]
    for finding in findings:
        criterion = rulebook.criterion[finding.criterion]
        said = [flag.says for flag in finding.flags]
        if finding.shortfall in {one.says for one in criterion.shortfalls}:
            said.append(finding.shortfall)
        for words in said:
            shows[in_running_text(words)].add(finding.case)
        for word in _missing(criterion, finding.shortfall, words_of_choices):
            gaps[word].add(finding.case)
    failed = len({finding.case for finding in findings})
    told = _commonest(shows, failed)
    lead = "In the one exception" if failed == 1 else f"Where {'this' if len(rates) == 1 else 'these'} fell short"
    often = " most often" if len(told) > 1 and failed > 1 else ""
    sentences = [f"{lead}, the record shows{often} {listed((f'that {one}' for one in told), 'and')}."] if told else []
    if named := _commonest(gaps, failed):
        were = " was" if len(named) == 1 else "s were"
        sentences.append(f"The commonest gap{were} {listed(named, 'and')}.")
    return " ".join(sentences)


def _commonest(said: Mapping[str, set[str]], failed: int) -> list[str]:
    """What is so of the most cases, with how many; of one case only where no other fell short."""
    ranked = sorted(said, key=lambda words: -len(said[words]))
    if failed == 1:
        return ranked[:_MOST_REASONS]
    often = [words for words in ranked if len(said[words]) > 1][:_MOST_REASONS]
    numbers = [len(said[words]) for words in often]
    counts = [in_letters(number) if place else how_many(number, CASE) for place, number in enumerate(numbers)]
    return [f"{words} ({number})" for words, number in zip(often, counts, strict=True)]


def _words_of_choices(rulebook: Rulebook) -> list[str]:
    """The words that columns may have, the longest first, as some are parts of others."""
    columns = (column for table in rulebook.dictionary.tables.values() for column in table.columns.values())
    return sorted({word for column in columns for word in column.allowed}, key=lambda word: (-len(word), word))


def _missing(criterion: Criterion, said: str, words: Iterable[str]) -> Iterator[str]:
    """Those of the words that a shortfall names as missing."""
    before, braces, after = criterion.shortfall.partition(MISSING)
    if not braces or not said.startswith(before) or not said.endswith(after):
        return
    left = f" {said[len(before) : len(said) - len(after)].replace(',', ' ,')} "
    for word in words:
        if f" {word} " in left:
            left = left.replace(f" {word} ", "  ")
            yield word


def in_running_text(title: str) -> str:
    """A title as it stands inside a line; abbreviations keep their capitals."""
    word = title.partition(" ")[0]
    if word[1:] == word[1:].lower():
        title = f"{title[:1].lower()}{title[1:]}"
    return title.rstrip(".")
