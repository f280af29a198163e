"""What was taken for granted where sheets were read, and which rows were passed over, without a record's text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from casescreen.cases.mapping.cell_reading import How
from casescreen.cases.mapping.row_reader import CellCount
from casescreen.cases.mapping.rows_aside import Aside, RowAside
from casescreen.text import counted, in_words, listed

ALWAYS = frozenset({How.SHORT_YEAR, How.NOT_APPLICABLE, How.NOT_DONE})
"""What is told of every mapping; the rest only of one that nobody confirmed."""

_MOST_COLUMNS = 6
_MOST_NUMBERS = 12


def assumptions(counts: Iterable[CellCount], *, told: frozenset[How] = ALWAYS) -> Iterator[str]:
    """What was taken for granted about cells, a line for each word and what it was taken for."""
    alike: defaultdict[tuple[str, str], list[CellCount]] = defaultdict(list)
    for count in counts:
        if count.how in told and (text := _taken_for(count)):
            alike[count.how.value, text].append(count)
    for (_, text), several in sorted(alike.items(), key=lambda one: one[0]):
        yield f"{text}: {_cells(several)}"


def _taken_for(count: CellCount) -> str:
    match count.how:
        case How.SHORT_YEAR:
            return "a year of two figures is taken for 20yy"
        case How.NOT_KNOWN:
            return f'"{in_words(count.word)}" counts as not known'
        case How.NOT_APPLICABLE:
            return f'"{in_words(count.word)}" says not applicable, and counts as not known'
        case How.NOT_DONE:
            return f'"{in_words(count.word)}" says that it was not done ({count.column.field.dates} = no)'
        case How.WORD if count.value is not None:
            return f'"{in_words(count.word)}" is taken for {in_words(count.value)}'
        case _:
            return ""


def _cells(counts: list[CellCount]) -> str:
    cells = counted(sum(count.cells for count in counts), "cell")
    headings = list(dict.fromkeys(f'"{in_words(count.column.heading)}"' for count in counts))
    more = f" and {len(headings) - _MOST_COLUMNS} more" if len(headings) > _MOST_COLUMNS else ""
    first = min(count.place for count in counts)
    return (
        f"{cells} of {', '.join(headings[:_MOST_COLUMNS])}{more}, the first in row {first.line}, column {first.column}"
    )


def passed_over(aside: Iterable[RowAside]) -> Iterator[str]:
    """The rows that were passed over, a line for each kind."""
    by_kind: defaultdict[Aside, list[int]] = defaultdict(list)
    for one in aside:
        by_kind[one.kind].append(one.place.line)
    for kind in Aside:
        if numbers := by_kind[kind]:
            rows = [str(number) for number in numbers[:_MOST_NUMBERS]]
            if len(numbers) > _MOST_NUMBERS:
                rows.append(f"{len(numbers) - _MOST_NUMBERS:,} more")
            yield f"{'row' if len(numbers) == 1 else 'rows'} {listed(rows, 'and')}: {kind.value}"
