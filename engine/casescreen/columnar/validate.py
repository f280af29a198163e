"""A part of a caseload read, made ready and computed: what is wanted of the cases that can be told apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial

import polars as pl
from attrs import Factory, evolve, frozen

from casescreen.columnar.conditions import CalendarGap
from casescreen.columnar.execute import ExecutionPlan
from casescreen.columnar.expressions import comparable_column, is_foreign
from casescreen.columnar.frames import (
    ROW,
    CaseFrames,
    columns_of,
    normalised_id,
    of_examples,
    of_several,
    unknown_column,
)
from casescreen.columnar.io import collect
from casescreen.columnar.issues import IssueCounts, first_by_id, first_reasons, first_rejected, reject
from casescreen.columnar.known_values import (
    as_at,
    columns_of_checks,
    under_new_ids,
    without_faults,
    without_impossible,
)
from casescreen.columnar.links import link_rows, without_examples
from casescreen.columnar.reader import Part, Wanted, merged, read
from casescreen.model.case import (
    ANSWER,
    ANSWERED_ON,
    ANSWERS,
    CASES,
    CRITERION,
    HAS,
    ID,
    ITEM,
    REASON,
    SOURCE,
    Rejected,
)
from casescreen.model.dictionary import Field
from casescreen.model.screening import IssueCount, IssueKind


@frozen(eq=False)
class Validated:
    """What was computed of the cases that can be told apart.

    Attributes:
        part: the wanted columns.
        left_out: how many cases could not be told apart.
        orphans: how many rows belong to no case.
        rejected: the first of both, by id.
        not_begun: how many cases had not begun by the as-of date.
        later: how many dates, rows and answers are of later days.
        issues: what is wrong or unusual in the data.
        examples: how many records only show how one is written, and are passed over.
        ids_not_begun: the ids of the cases that had not begun.
    """

    part: Part
    left_out: int
    orphans: int
    rejected: tuple[Rejected, ...]
    not_begun: int
    later: int
    issues: tuple[IssueCount, ...]
    examples: int = 0
    ids_not_begun: pl.Series = Factory(partial(pl.Series, dtype=pl.String))


def validate(plan: ExecutionPlan, frames: CaseFrames, wanted: Wanted, *, every: bool = True) -> Validated:
    """The wanted columns of a part of a caseload, but for the cases that cannot be told apart, or had not begun.

    What is computed for a case rests on it alone, so those cases can be left out at the end, and all is read once.

    Args:
        plan: what is computed.
        frames: the part.
        wanted: the columns.
        every: whether columns on which nothing wanted rests are read too, to count what is wrong in them.

    Raises:
        CasescreenError: the cases cannot be read, or told apart.
    """
    linked, issues = link_rows(frames), IssueCounts(plan.severities)
    known, executor = linked.frames, plan.executor
    asked_of_rows = [one for one in plan.asked if one.table and known.answers is not None]
    keys = ({one.table: [one.chosen, executor.keys[one.table]]} for one in asked_of_rows)
    projection, checks = executor.project(merged(wanted, *keys)), executor.project(columns_of_checks(plan))
    of_records, derived = executor.before_derived(merged(projection.read, plan.deciding))
    stored = read(
        known, executor.types, merged(of_records, checks.read, _columns_to_check(plan, known, every=every)), issues
    )
    ids = stored.cases[ID] if known.sound else normalised_id(stored.cases[ID])
    if not known.sound and (examples := int(of_examples(ids).sum())):
        return evolve(validate(plan, without_examples(frames), wanted, every=every), examples=examples)
    sound = stored if known.sound else without_faults(plan, stored, issues)
    past, not_begun, later = as_at(plan, without_impossible(plan, sound, issues))
    past = under_new_ids(plan, past, issues)
    past = executor.derive(past, derived)
    part = executor.compute(past, projection)
    if known.answers is not None:
        answers = _answers_to_nothing(plan, past.tables[ANSWERS], part)
        issues.add(IssueKind.LEFT_ASIDE, ANSWERS, "an answer is to nothing that is asked of the case", answers)
    bare = stored.cases[ROW].clear() if known.sound else _bare(known, stored)
    what = "nothing stands in the row but an id, so it is not taken for a case"
    issues.add(IssueKind.LEFT_ASIDE, CASES, what, len(bare))
    unidentified = first_reasons([] if known.sound else _unidentified(stored.cases[ROW], ids))
    rejected = unidentified.filter(pl.col(ROW).is_in(bare.implode()).not_())
    named = first_by_id((*linked.rejected, *first_rejected(rejected, stored.cases[ID])))
    not_begun = not_begun.filter(not_begun.is_in(rejected[ROW].implode()).not_())
    apart = pl.concat([rejected[ROW], not_begun.cast(pl.UInt32), bare.cast(pl.UInt32)]).unique().sort()
    _count_beyond_the_calendar(plan, past, apart, issues)
    later = later.filter(later.is_in(apart.implode()).not_())
    return Validated(
        part.without(apart),
        len(rejected),
        linked.orphans,
        named,
        len(not_begun),
        len(later),
        issues.counted(),
        ids_not_begun=ids.gather(not_begun),
    )


def _columns_to_check(plan: ExecutionPlan, frames: CaseFrames, *, every: bool) -> Wanted:
    """What is read to make a part ready: dates and what they date, and words that are not the dictionary's own.

    Of frames that may be faulty also ids and keys, and which tables are said to be there; of answers all.
    """
    columns: dict[str, list[str]] = {"": [ID]}
    starts = {field for field, _, _ in plan.starts}
    for table, frame in frames.by_table.items():
        there = frame.collect_schema()
        if table == ANSWERS:
            columns[ANSWERS] = [CRITERION, ANSWER, ITEM, REASON, ANSWERED_ON, SOURCE]
            continue
        fields = [field for field in columns_of(plan.rulebook.dictionary, table).values() if field.name in there]
        names = [
            one.name for one in fields if one.past or one in starts or (every and is_foreign(one, there[one.name]))
        ]
        for dated in {field.dates for field in fields if field.dates}:
            names += [dated, unknown_column(dated)]
        names += [unknown_column(one.name) for one in fields if one.dates]
        if not frames.sound:
            names += [plan.executor.keys[table]] if table in plan.executor.keys else []
            names += [name for name in there if not table and name.startswith(HAS)]
        if names or not frames.sound:
            columns[table] = [*columns.get(table, ()), *names]
    return columns


def _bare(frames: CaseFrames, stored: Part) -> pl.Series:
    """The cases of which nothing is written but an id, neither beside it nor in a table: a total, more often.

    All columns are looked at only for those of which nothing is known in the columns that were read.
    """
    there = frames.cases.collect_schema()
    if not set(there) - {ID, ROW}:
        return stored.cases[ROW].clear()
    read_here = [name for name in stored.cases.columns if name in there and name not in (ID, ROW)]
    unknown = pl.all_horizontal(pl.col(name).is_null() for name in read_here) if read_here else True
    bare = stored.cases.filter(unknown)[ROW]
    for frame in [frame for name, frame in frames.by_table.items() if name] if len(bare) else []:
        bare = bare.filter(bare.is_in(collect(frame.select(pl.col(ROW).unique()))[ROW].implode()).not_())
    if bare.is_empty():
        return bare
    others = frames.cases.filter(pl.col(ROW).is_in(bare.implode()))
    blank = pl.all_horizontal(pl.exclude(ID, ROW).is_null())
    return collect(others.filter(blank & pl.col(ID).is_not_null()).select(ROW))[ROW].cast(pl.UInt32)


def _unidentified(numbers: pl.Series, ids: pl.Series) -> Iterator[pl.DataFrame]:
    """The cases that cannot be told apart, by reason; there may be none with one."""
    yield reject(numbers.filter(ids.is_null()), f"it has no {ID}")
    yield reject(numbers.filter(of_several(ids)), f"another case has the same {ID}")


def _count_beyond_the_calendar(plan: ExecutionPlan, past: Part, apart: pl.Series, issues: IssueCounts) -> None:
    """Count the days for which outcomes are open; computed only where some date could have no deadline."""
    tables, wanted = past.by_table, dict[str, list[str]]({"": []})
    dubious = {field for field, first, last in plan.starts if _is_outside(tables.get(field.table), field, first, last)}
    gaps = [gap for gap in plan.gaps if gap.of in dubious and (not gap.table or gap.table in tables)]
    for gap in gaps:
        wanted.setdefault(gap.table, []).append(gap.column)
        wanted[""] += [gap.of_case] if gap.of_case else []
    if not gaps:
        return
    part = past.without(apart)
    tables, computed = part.by_table, plan.executor.compute(part, plan.executor.project(wanted)).by_table
    for field in dict.fromkeys(gap.of for gap in gaps):
        where = pl.repeat(False, len(tables[field.table]), dtype=pl.Boolean, eager=True)
        for gap in gaps:
            if gap.of == field:
                where |= _open_for(gap, computed)
        what = "a deadline from it lies beyond the calendar of public holidays"
        issues.add(IssueKind.UNREADABLE, field.full_name, what, int(where.sum()))


def _is_outside(rows: pl.DataFrame | None, field: Field, first: date, last: date) -> bool:
    """Whether some day of the field lies before or after two others."""
    if rows is None or field.name not in rows.columns:
        return False
    return bool(((rows[field.name] > last) | (rows[field.name] < first)).any())


def _open_for(gap: CalendarGap, computed: Mapping[str, pl.DataFrame]) -> pl.Series:
    """Of which cases, or rows of the date's own table, an outcome is open."""
    rows = computed[gap.table]
    holds = rows[gap.column]
    if gap.of_case:
        holds &= computed[""][gap.of_case].gather(rows[ROW])
    if gap.of.table or not gap.table:
        return holds
    return computed[""][ROW].is_in(rows[ROW].filter(holds).implode())


def _answers_to_nothing(plan: ExecutionPlan, answers: pl.DataFrame, part: Part) -> int:
    """How many answers are to no criterion, about a row that it is not asked of, or about none where it asks."""
    if (profile := plan.rulebook.profile) is not None and profile.criteria_off:  # answers to those are passed over
        off = pl.col(CRITERION).cast(pl.String).is_in([criterion.id for criterion in profile.criteria_off])
        answers = answers.filter(~off.fill_null(False))
    of_rows = [one for one in plan.asked if one.table]
    asks_rows = pl.col(CRITERION).is_in([one.criterion.id for one in of_rows])
    misplaced = pl.col(ITEM).is_null() == asks_rows
    count = len(answers.filter(pl.col(CRITERION).is_null() | pl.col(ANSWER).is_null() | misplaced))
    about_rows = answers.select(ROW, CRITERION, ITEM).filter(pl.col(ITEM).is_not_null())
    for one in of_rows:
        given = about_rows.filter(pl.col(CRITERION) == one.criterion.id)
        if len(given):
            key = plan.executor.types[one.table][plan.executor.keys[one.table]]
            asked = part.tables[one.table].filter(pl.col(one.chosen)).select(ROW, comparable_column(key).alias(ITEM))
            count += len(given.join(asked, on=[ROW, ITEM], how="anti"))
    return count
