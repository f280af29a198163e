"""How far two readers agree, as people read it: on the screen, as Markdown and as a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from attrs import frozen

from casescreen.model.agreement import FEWEST_PAIRS, Disagreement, PairCounts, QuestionAgreement, ReaderAgreement
from casescreen.model.answer_set import AnswerSet
from casescreen.model.case import Answer
from casescreen.report.blocks import Block, Column, Grid, Heading, Item, Outline, Paragraph
from casescreen.report.formats.plain_text import to_plain
from casescreen.report.wording import SHORT_HASH, k_of_n
from casescreen.review.pairing import in_short, readers_in_words, still_to_read
from casescreen.text import counted, in_words, visible

MOST_SHOWN = 10
"""How many questions and how many disagreements the first screen lists."""

ORIGINALS = "All figures are of what the two readers answered themselves; a moderated answer enters none."
AC1_MEANS = (
    "AC1: Gwet's coefficient of agreement beyond chance, 1 at most, with its interval at 95 per cent. Kappa: Cohen's. "
    "It is undefined where both gave one and the same answer to all."
)
COIN_MEANS = (
    "Coin: if each disagreement could as well have gone the other way, how often they would fall at least as unevenly, "
    "to whichever side (the exact test of McNemar)."
)
NOT_POOLED = (
    "The questions are added up as counts only. One coefficient over all of them would mix questions of which each has "
    "its own share of yes, and would count the answers on one case as if they had nothing to do with one another."
)
BY_ROWS = "Where a question is asked of rows, each row of a case is a pair."
_FEW_WORDS = f"Of fewer than {FEWEST_PAIRS} pairs there are counts and the list of disagreements only."
_NAMED = 8
_CERTAIN, _SELDOM, _HARDLY = 100, Fraction(1, 100), Fraction(1, 1000)


def figure_of(value: float | Fraction) -> str:
    """A coefficient, to two places."""
    return f"{float(value):.2f}"


def kappa_in_words(counts: PairCounts) -> str:
    """Kappa, or that there is none."""
    return "undefined" if counts.kappa is None else figure_of(counts.kappa)


def chance_in_words(chance: Fraction) -> str:
    """How often something comes about, as so many of a hundred."""
    if chance < _HARDLY:
        return "fewer than 1 of 1,000"
    if chance < _SELDOM:
        return "fewer than 1 of 100"
    percent = int(chance * _CERTAIN + Fraction(1, 2))
    return "more than 99 of 100" if percent == _CERTAIN and chance < 1 else f"{percent} of 100"


def stricter_in_words(counts: PairCounts, first: str, second: str) -> str:
    """Who said no where the other one said yes, and how often a coin would fall as unevenly."""
    yes, no, n = counts.only_second, counts.only_first, counts.differing
    chance = counts.mcnemar
    if chance is None:
        return "They never differ on yes and no."
    if yes == no:
        return f"Each said no where the other said yes in {yes:,} of {counted(n, 'disagreement')}."
    strict, other = (second, first) if no > yes else (first, second)
    said = f"{strict} said no where {other} said yes in {max(yes, no):,} of {counted(n, 'disagreement')}"
    said += f", and {other} in {min(yes, no):,}. " if min(yes, no) else ". "
    return f"{said}As many coins fall at least as unevenly in {chance_in_words(chance)} tosses."


def answer_in_words(answer: Answer) -> str:
    """An answer, with its day where that is known."""
    day = "" if answer.answered_on is None else f", {in_words(answer.answered_on)}"
    return f"{answer.answer.value}{day}"


def moderated_in_words(one: Disagreement) -> str:
    """What counts, who says so, since when and why; "" where nobody does."""
    said = one.moderated
    return "" if said is None else f"{said.answer.value}, by {said.by} on {in_words(said.on)}: {said.reason}"


def short_of(agreement: ReaderAgreement, criterion: str) -> str:
    """A question in a few words."""
    return agreement.rulebook.criterion[criterion].short


def set_in_words(answers: AnswerSet) -> str:
    """How much there is of one reader, and where it stands."""
    cases = counted(len(answers.cases), "case")
    return f"{cases}, {counted(answers.number, 'answer')}, from {visible(answers.source)}"


def facts_of(agreement: ReaderAgreement) -> Iterator[tuple[str, str]]:
    """What is to be known before any figure, each under its label."""
    first, second = readers_in_words(agreement)
    counts = agreement.counts
    yield _labelled("First", first), set_in_words(agreement.first)
    yield _labelled("Second", second), set_in_words(agreement.second)
    if agreement.drawn:
        yield "Sample", f"{counted(agreement.drawn, 'case')} to read, hash {agreement.sample[:SHORT_HASH]}"
    yield "Both read", _named(agreement.cases, 0)
    same = f"in {k_of_n(counts.same, counts.pairs)} pairs of yes or no, over all questions"
    yield "Same answer", same if counts.pairs else "there is no pair of yes or no"
    yield "Disagreements", in_short(agreement)
    if counts.differing:
        only = f"{second} said no where {first} said yes in {counts.only_first:,}, the other way in"
        yield "Who said no", f"{only} {counts.only_second:,}"
    yield from _beside(agreement)


def _labelled(which: str, name: str) -> str:
    return name if name.startswith(which) else f"{which}, {name}"


def _beside(agreement: ReaderAgreement) -> Iterator[tuple[str, str]]:
    """What counts for no figure."""
    first, second = readers_in_words(agreement)
    unpaired = [sum(each) for each in zip(*(one.unpaired for one in agreement.questions), strict=True)] or [0] * 5
    if sum(unpaired[:3]):
        yield (
            "Not applicable",
            f"by both {unpaired[0]:,}, only by {first} {unpaired[1]:,}, only by {second} {unpaired[2]:,}",
        )
    if sum(unpaired[3:]):
        yield "Answered by one", f"only by {first} {unpaired[3]:,}, only by {second} {unpaired[4]:,}: no pairs"
    for label, ids in (
        (f"Only {first} read", agreement.only_first),
        (f"Only {second} read", agreement.only_second),
        ("Nobody read", agreement.unread),
        ("Not of the sample", agreement.not_drawn),
    ):
        if ids:
            yield label, f"{_named(ids)}. Nothing of it is counted"
    if agreement.set_aside:
        yield "Not asked", f"{counted(agreement.set_aside, 'answer')} to questions that are not in force: set aside"


def _named(ids: Sequence[str], most: int = _NAMED) -> str:
    more = f" and {len(ids) - most:,} more" if len(ids) > most else ""
    names = f": {', '.join(map(visible, ids[:most]))}{more}" if most else ""
    return f"{counted(len(ids), 'case')}{names}"


def title_of_agreement(agreement: ReaderAgreement) -> str:
    """What the report is called."""
    first, second = readers_in_words(agreement)
    return f"Two readers: {first} and {second}"


def agreement_screen(agreement: ReaderAgreement, width: int, more: str) -> str:
    """The first screen: what there is, and the questions and cases in which the two differ most.

    Args:
        agreement: what came of it.
        width: of the terminal.
        more: what shows everything, as it is typed.
    """
    return to_plain(_screen(agreement, more), width)


def _screen(agreement: ReaderAgreement, more: str) -> Iterator[Block]:
    yield Heading(title_of_agreement(agreement), 1)
    yield Outline(tuple(Item(f"{label}: {said}") for label, said in facts_of(agreement)))
    most = sorted((one for one in agreement.questions if one.disagreements), key=lambda one: -one.disagreements)
    worst_first = [each for one in most for each in agreement.of(one.criterion)]
    if most:
        yield Heading("Where they differ most")
        yield _counts_grid(agreement, most[:MOST_SHOWN])
        yield from _and_more(len(most) - MOST_SHOWN, "question", more)
        yield Heading("Disagreements")
        yield _disagreements_grid(agreement, worst_first[:MOST_SHOWN])
        yield from _and_more(len(worst_first) - MOST_SHOWN, "disagreement", more)
    yield Paragraph(f"{ORIGINALS} {_enough_in_words(agreement, more)}")


def _and_more(number: int, noun: str, more: str) -> Iterator[Block]:
    if number > 0:
        yield Paragraph(f"And {counted(number, f'more {noun}')}: {more}")


def _enough_in_words(agreement: ReaderAgreement, more: str) -> str:
    enough = sum(one.has_figures for one in agreement.questions)
    if not enough:
        return f"No question has {FEWEST_PAIRS} pairs, so there are counts and no coefficients."
    have = counted(enough, "question has", "questions have")
    return f"{have} at least {FEWEST_PAIRS} pairs, and so coefficients: {more}"


def agreement_blocks(agreement: ReaderAgreement) -> Iterator[Block]:
    """The whole report: every question, the coefficients where there are enough pairs, and every disagreement."""
    yield Heading(title_of_agreement(agreement), 1)
    yield Outline(tuple(Item(f"{label}: {said}") for label, said in facts_of(agreement)))
    yield Paragraph(ORIGINALS)
    yield Heading("Question by question")
    yield _counts_grid(agreement, agreement.questions)
    yield from map(Paragraph, (BY_ROWS, NOT_POOLED))
    yield from figures_blocks(agreement)
    yield from _unpaired_blocks(agreement)
    yield Heading(f"Disagreements ({len(agreement.disagreements):,})")
    if not agreement.disagreements:
        yield Paragraph("There is none.")
        return
    yield _disagreements_grid(agreement, agreement.disagreements)
    yield from _reasons(agreement)


def figures_blocks(agreement: ReaderAgreement) -> Iterator[Block]:
    """The coefficients of the questions that have enough pairs, and who was stricter."""
    first, second = readers_in_words(agreement)
    enough = [one for one in agreement.questions if one.has_figures]
    yield Heading(f"Of at least {FEWEST_PAIRS} pairs")
    if not enough:
        yield Paragraph(f"No question has so many. {_FEW_WORDS}")
        return
    titles = (Column("Question"), *(Column(one, figures=True) for one in ("Same", "AC1", "Interval", "Kappa", "Coin")))
    yield Grid(titles, tuple((short_of(agreement, one.criterion), *figures_row(one.counts)) for one in enough))
    yield from map(Paragraph, (AC1_MEANS, COIN_MEANS, _FEW_WORDS))
    differing = [one for one in enough if one.counts.differing]
    if differing:
        yield Heading("Who was stricter")
        yield Outline(
            tuple(
                Item(f"{short_of(agreement, one.criterion)}: {stricter_in_words(one.counts, first, second)}")
                for one in differing
            )
        )


def figures_row(counts: PairCounts) -> tuple[str, str, str, str, str]:
    """Agreement, AC1, its interval, kappa, and how often a coin falls as unevenly."""
    low, high = counts.ac1_interval
    return (
        k_of_n(counts.same, counts.pairs),
        figure_of(counts.ac1),
        f"{figure_of(low)} to {figure_of(high)}",
        kappa_in_words(counts),
        "" if counts.mcnemar is None else chance_in_words(counts.mcnemar),
    )


def _counts_grid(agreement: ReaderAgreement, questions: Iterable[QuestionAgreement]) -> Grid:
    titles = ("Same", "Both yes", "Only first yes", "Only second yes", "Both no")
    rows = (
        (
            short_of(agreement, one.criterion),
            k_of_n(one.counts.same, one.counts.pairs),
            *map(str, (one.counts.both_yes, one.counts.only_first, one.counts.only_second, one.counts.both_no)),
        )
        for one in questions
    )
    return Grid((Column("Question"), *(Column(title, figures=True) for title in titles)), tuple(rows))


def _unpaired_blocks(agreement: ReaderAgreement) -> Iterator[Block]:
    """What is no pair, question by question; nothing where all are."""
    unpaired = [one for one in agreement.questions if any(one.unpaired)]
    if not unpaired:
        return
    titles = ("Both n/a", "Only first n/a", "Only second n/a", "Only first answered", "Only second answered")
    yield Heading("What is no pair")
    columns = (Column("Question"), *(Column(title, figures=True) for title in titles))
    yield Grid(columns, tuple((short_of(agreement, one.criterion), *map(str, one.unpaired)) for one in unpaired))


def _disagreements_grid(agreement: ReaderAgreement, some: Iterable[Disagreement]) -> Grid:
    first, second = readers_in_words(agreement)
    rows = (
        (
            one.case,
            short_of(agreement, one.criterion) + (f": {visible(one.item)}" if one.item else ""),
            one.first.answer.value,
            one.second.answer.value,
            one.moderated.answer.value if one.moderated else "",
        )
        for one in some
    )
    columns = (Column("Case", whole=True), *map(Column, ("Question", first, second, "Moderated")))
    return Grid(columns, tuple(rows))


def _reasons(agreement: ReaderAgreement) -> Iterator[Block]:
    """What was moderated, by whom and why; and the readers' reasons, where text is shown."""
    items = []
    for one in agreement.disagreements:
        parts = [Item(f"Moderated: {moderated_in_words(one)}")] if one.moderated else []
        if agreement.shows_text:
            names = zip(readers_in_words(agreement), (one.first, one.second), strict=True)
            parts = [
                *(Item(f"{name}, {answer_in_words(a)}: {a.reason or 'no reason given'}") for name, a in names),
                *parts,
            ]
        about = f"{visible(one.case)}, {short_of(agreement, one.criterion)}"
        items += [Item(about + (f", {visible(one.item)}" if one.item else ""), tuple(parts))] if parts else []
    if items:
        yield Heading("Reasons" if agreement.shows_text else "Moderated")
        yield Outline(tuple(items), spaced=True)


@frozen
class QuestionOnPage:
    """A question on the page, with the cases in which the two differ.

    Attributes:
        place: its id in the page, made of the id of the question.
        figures: agreement, AC1, its interval, kappa and coin; none where there are too few pairs.
        stricter: who was stricter; "" where there are too few pairs.
    """

    place: str
    short: str
    title: str
    same: str
    counts: PairCounts
    unpaired: tuple[int, ...]
    figures: tuple[str, ...]
    stricter: str
    disagreements: tuple[Disagreement, ...]


def agreement_page(agreement: ReaderAgreement) -> str:
    """The whole report as a page, in which each question leads to the cases in which the two differ."""
    from casescreen.report.formats.html.page import document  # noqa: PLC0415 - only who writes a page waits for it

    first, second = readers_in_words(agreement)
    questions = [_on_page(agreement, one, first, second) for one in agreement.questions]
    values: dict[str, object] = {
        "title": title_of_agreement(agreement),
        "about": f"{agreement.rulebook.title}. {ORIGINALS}",
        "first": first,
        "second": second,
        "facts": tuple(facts_of(agreement))[2:],
        "sets": ((first, set_in_words(agreement.first)), (second, set_in_words(agreement.second))),
        "questions": questions,
        "enough": [one for one in questions if one.figures],
        "fewest": FEWEST_PAIRS,
        "means": (AC1_MEANS, COIN_MEANS),
        "few": _FEW_WORDS,
        "notes": (BY_ROWS, NOT_POOLED),
        "shows_text": agreement.shows_text,
        "answer": answer_in_words,
        "moderated": moderated_in_words,
        "has_unpaired": any(any(one.unpaired) for one in questions),
        "made_with": f"Rulebook {agreement.rulebook.id}, version {agreement.rulebook.version}, "
        f"hash {agreement.rulebook.hash[:SHORT_HASH]}.",
        "cases_hash": "",
    }
    return document("agreement.html", "", values)


def _on_page(agreement: ReaderAgreement, one: QuestionAgreement, first: str, second: str) -> QuestionOnPage:
    criterion = agreement.rulebook.criterion[one.criterion]
    return QuestionOnPage(
        place=f"question-{one.criterion}",
        short=criterion.short,
        title=criterion.question,
        same=k_of_n(one.counts.same, one.counts.pairs),
        counts=one.counts,
        unpaired=one.unpaired,
        figures=figures_row(one.counts) if one.has_figures else (),
        stricter=stricter_in_words(one.counts, first, second) if one.has_figures else "",
        disagreements=tuple(agreement.of(one.criterion)),
    )


def is_settled(agreement: ReaderAgreement) -> bool:
    """Whether nothing is to be done: both read and answered the same, and no disagreement waits to be moderated."""
    by_both = any(one.counts.pairs or one.both_na for one in agreement.questions)
    by_one = any(one.only_first_answered or one.only_second_answered for one in agreement.questions)
    return (
        by_both and not by_one and not still_to_read(agreement) and agreement.moderated == len(agreement.disagreements)
    )
