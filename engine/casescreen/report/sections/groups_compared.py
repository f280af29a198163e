"""Groups of cases beside everyone else, as blocks: what is met, what is not shown, and how far apart they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Summary
from casescreen.model.split import (
    FEWEST_COMPARED,
    LEAST_EXPECTED,
    NOT_RECORDED,
    GroupFigures,
    Split,
    SplitGroup,
    TwoShares,
)
from casescreen.report.blocks import Block, Column, Grid, Heading, Paragraph
from casescreen.report.wording import k_of_n
from casescreen.text import counted

WHERE_NOT_WHY = "A difference says where to look, and not why: read cases of both before anything is made of it."
TOO_FEW = "too few to compare"
NO_RATIO = "no ratio"
_COLUMNS = ("Group", "Everyone else", "Difference", "Ratio")
_TWO = 2


def groups_compared(result: Summary) -> Iterator[Block]:
    """Every group with every criterion; nothing where no groups were asked for."""
    if result.split is None:
        return
    split, book = result.split, result.rulebook
    yield from _head(split, split_notes(result, split))
    for group in split.groups if len(split.groups) > 1 else ():
        name, met, open_ = split.name_of(group.name), _met(group), _not_shown(group)
        if met:
            yield Heading(f"{name}: {counted(group.size, 'case')}")
            yield _grid("Met", [(criterion_of(one, book), pair) for one, pair in met])
        if open_:  # under a heading of its own, which is the name of the table on a page
            yield Heading(f"{name}: what is not shown")
            yield _grid("Not shown", [(criterion_of(one, book), pair) for one, pair in open_])


def groups_in_short(result: Summary) -> Iterator[Block]:
    """Of each group the criteria that can be compared, and how many cannot; of two groups one is everyone else."""
    if result.split is None:
        return
    split, criterion = result.split, result.rulebook.criterion
    compared = any(pair.comparable for group in split.groups for _, pair in _met(group))
    yield from _head(split, split_notes(result, split) if compared else _notes_of_none(result, split))
    two = len(split.groups) == _TWO
    for group in split.groups[:1] if two else split.groups if len(split.groups) > 1 else ():
        every = _met(group)
        rows = [(criterion[one.criterion].short, pair) for one, pair in every if pair.comparable]
        if rows:
            others = f"; everyone else is {split.name_of(split.groups[1].name)}" if two else ""
            yield Heading(f"{split.name_of(group.name)}: {counted(group.size, 'case')}{others}")
            yield _grid("Met", rows)
        if few := len(every) - len(rows):
            yield Paragraph(f"{split.name_of(group.name)}: {counted(few, 'criterion', 'criteria')} {TOO_FEW}.")
    if len(split.groups) > 1:
        yield Paragraph("For these, for what is not shown and for whole titles, add --full.")


def _head(split: Split, notes: Iterable[str]) -> Iterator[Block]:
    """What it is, how to read it, and how many cases each group has."""
    yield Heading(title_of_split(split))
    yield from map(Paragraph, notes)
    if len(split.groups) > 1:
        yield Heading("How many cases each group has")
        sizes = ((split.name_of(group.name), f"{group.size:,}") for group in split.groups)
        yield Grid((Column("Group"), Column("Cases", figures=True)), tuple(sizes))


def _met(group: SplitGroup) -> list[tuple[GroupFigures, TwoShares]]:
    """What is met of the criteria of which anything is decided, in the group or in everyone else."""
    return [(one, one.met) for one in group.figures if one.met.of + one.met.others_of]


def _not_shown(group: SplitGroup) -> list[tuple[GroupFigures, TwoShares]]:
    """What is not evidenced, of the criteria of which anything is."""
    each = [(one, one.not_evidenced) for one in group.figures if one.not_evidenced is not None]
    return [(one, pair) for one, pair in each if pair.count + pair.others]


def _grid(of: str, rows: Iterable[tuple[str, TwoShares]]) -> Grid:
    columns = (Column(of), *(Column(title, figures=True) for title in _COLUMNS))
    return Grid(columns, tuple((title, *cells(pair)) for title, pair in rows))


def title_of_split(split: Split) -> str:
    """What the section is called."""
    return f"Groups by {split.field.label}, each beside everyone else"


def criterion_of(figures: GroupFigures, rulebook: Rulebook) -> str:
    """What a criterion is called; that cases are counted, where its rate counts rows of them."""
    criterion = rulebook.criterion[figures.criterion]
    return criterion.title if criterion.per is None else f"{criterion.title} (by case)"


def cells(pair: TwoShares) -> tuple[str, str, str, str]:
    """K of n of the group and of everyone else, the difference, and the ratio."""
    return k_of_n(pair.count, pair.of), k_of_n(pair.others, pair.others_of), difference(pair), ratio(pair)


def difference(pair: TwoShares) -> str:
    """The difference in percentage points, in words; or that there are too few."""
    if pair.points is None:
        return TOO_FEW
    points = rounded(pair.points)
    unit = "point" if abs(points) == 1 else "points"
    return f"{points:+} {unit}" if points else f"{points} {unit}"


def ratio(pair: TwoShares) -> str:
    """The share of the group divided by that of everyone else, with two decimals; "" where there are too few."""
    if pair.ratio is None:
        return NO_RATIO if pair.comparable else ""
    hundredths = rounded(pair.ratio * 100)
    return f"{hundredths // 100}.{hundredths % 100:02}"


def rounded(number: Fraction) -> int:
    """To the nearest whole number; from the middle, away from nought."""
    whole = (abs(number) + Fraction(1, 2)).__floor__()
    return whole if number >= 0 else -whole


def split_notes(result: Summary, split: Split) -> Iterator[str]:
    """What has to be known to read the figures."""
    under, label = result.suppressed_under, split.field.label
    if not split.groups:
        if under:
            yield (
                f"Nothing is told by {label}: some groups have fewer than {under:,} cases, and there are too few "
                "others to be told together with."
            )
        return
    if len(split.groups) == 1:
        only = split.name_of(split.groups[0].name)
        yield f"All cases that are counted are in one group ({only}), so there is nobody to compare it with."
        return
    yield (
        f"{WHERE_NOT_WHY} Difference is in percentage points; ratio is the group's share divided by everyone else's, "
        f'and "{NO_RATIO}" where that share is nought. Both stand only where the group and everyone else have at least '
        f"{FEWEST_COMPARED} cases each, and at least {LEAST_EXPECTED} would be expected of each of the four counts if "
        f'they were alike; else it says "{TOO_FEW}".'
    )
    yield " ".join(_how_counted(result, split))


def _notes_of_none(result: Summary, split: Split) -> Iterator[str]:
    """What has to be known where no criterion can be compared, so that nobody reads of figures that are not there."""
    if len(split.groups) < _TWO:
        yield from split_notes(result, split)
        return
    notes = [*_who_is_where(result, split)]
    if any(map(_met, split.groups)):
        notes.insert(
            0,
            f"Nothing can be compared: the group and everyone else need at least {FEWEST_COMPARED} cases each, and at "
            f"least {LEAST_EXPECTED} expected of each of the four counts (met and not met, in either).",
        )
    yield " ".join(notes)


def _how_counted(result: Summary, split: Split) -> Iterator[str]:
    under, rulebook = result.suppressed_under, result.rulebook
    if not under:
        yield (
            '"Met" is of the cases that met it or did not, and "not shown" of all in which it is asked by now: what is '
            "not shown is never counted as not met."
        )
        if any(one.per is not None for one in rulebook.criteria):
            yield (
                "Every case counts once: where several rows are asked, with the worst. Where it says (by case), the "
                "rates elsewhere count rows."
            )
    yield from _who_is_where(result, split)


def _who_is_where(result: Summary, split: Split) -> Iterator[str]:
    """Who is in a group beside those whose value it is called by, and of what no group is told."""
    under = result.suppressed_under
    if any(group.name == NOT_RECORDED for group in split.groups):
        yield f'"{split.name_of(NOT_RECORDED).capitalize()}" has the cases whose value cannot be read, too.'
    if split.together:
        yield (
            f'"{split.together}" are told together, since one of them at least has fewer than {under:,} cases: else '
            "theirs could be worked out."
        )
    if split.withheld:
        yield _withheld(result, split)


def _withheld(result: Summary, split: Split) -> str:
    """How many criteria a copy to share tells by group, and why not more."""
    told, under = len(result.rates) - len(split.withheld), result.suppressed_under
    every = counted(len(result.rates), "criterion", "criteria")
    return (
        f"{told or 'None'} of {every} can be told by {split.field.label}: a criterion "
        f"is withheld where any group has 1 to {under - 1:,} cases that are met, or not met, or neither, in all or in "
        "any part that another copy tells it by: a manager, a team, or a group of another characteristic. So no copy "
        "can be subtracted from another."
    )
