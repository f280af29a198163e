"""A part made ready to be asked the criteria: what cannot be is not believed, and what is later had not happened."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import reduce
from operator import and_, or_

import polars as pl
from attrs import evolve

from casescreen.columnar.execute import ExecutionPlan
from casescreen.columnar.frames import ROW, columns_of, unknown_column
from casescreen.columnar.issues import IssueCounts
from casescreen.columnar.reader import Part, Wanted
from casescreen.evaluate.preparation import dated_by, dating_fields
from casescreen.model.case import ANSWER, ANSWERED_ON, ANSWERS, ANSWERS_TABLE, CRITERION, HAS, ITEM, REASON
from casescreen.model.dictionary import MOST_ROWS, Field
from casescreen.model.outcome import ReadersAnswer
from casescreen.model.rulebook import CheckKind
from casescreen.model.screening import IssueKind


def without_faults(plan: ExecutionPlan, part: Part, issues: IssueCounts) -> Part:
    """The part in which what reading records one by one finds is not known either."""
    cases, tables = part.cases, {}
    for table, written in part.tables.items():
        if table == ANSWERS:
            tables[table] = _sound_answers(written, issues) if REASON in written.columns else written
            continue
        absent, present = _absent(table, written, cases), f"{HAS}{table}"
        rows = written
        if len(absent):
            issues.add(IssueKind.UNREADABLE, table, "it is said to be absent, or has too many rows", len(absent))
            rows = written.filter(written[ROW].is_in(absent.implode()).not_())
            if present in cases.columns:
                here = cases[ROW].is_in(absent.implode())
                cases = cases.with_columns(pl.when(here).then(False).otherwise(pl.col(present)).alias(present))
        if (key := plan.executor.keys.get(table)) in rows.columns:
            missing, field = rows[key].is_null(), columns_of(plan.rulebook.dictionary, table)[key]
            twice = _repeated(rows.select(ROW, key), rows[ROW]) & ~missing
            issues.add(IssueKind.UNREADABLE, field.full_name, "it is missing", int(missing.sum()))
            issues.add(IssueKind.UNREADABLE, field.full_name, "it stands twice in a case", int(twice.sum()))
            rows = _unknown(rows, field, twice | missing)
        tables[table] = rows
    return _taken_by_then(plan, Part(cases, tables), issues)


def _taken_by_then(plan: ExecutionPlan, part: Part, issues: IssueCounts) -> Part:
    """The part in which no day of what happened is later than that on which the records were taken."""
    frames = part.by_table
    for table, recorded in part.by_table.items() if plan.taken_on is not None else ():
        fields = ANSWERS_TABLE.columns if table == ANSWERS else columns_of(plan.rulebook.dictionary, table)
        rows = recorded
        for field in fields.values():
            if field.past and field.name in rows.columns:
                later = (rows[field.name] > plan.taken_on).fill_null(value=False)
                what = "it is later than the day on which the records were taken"
                issues.add(IssueKind.UNREADABLE, field.full_name, what, int(later.sum()))
                rows = _unknown(rows, field, later)
        frames[table] = rows
    return Part(frames.pop(""), frames)


def _absent(table: str, rows: pl.DataFrame, cases: pl.DataFrame) -> pl.Series:
    """The cases of which it cannot be told which rows there are."""
    absent = [_crowded(rows[ROW])]
    if (present := f"{HAS}{table}") in cases.columns:
        absent.append(rows[ROW].filter(cases[present].not_().gather(rows[ROW])))
    return pl.concat(absent).unique()


def _crowded(of: pl.Series) -> pl.Series:
    """The cases of more rows than any has. Those of one stand together in nearly all files: nothing is sorted then."""
    of = of if of.is_sorted() else of.sort()
    return of.slice(MOST_ROWS).filter(of.slice(MOST_ROWS) == of.slice(0, max(0, len(of) - MOST_ROWS)))


def _sound_answers(answers: pl.DataFrame, issues: IssueCounts) -> pl.DataFrame:
    """The answers, but for those that say nothing, or one thing and another, or that it does not apply and not why."""
    nothing = pl.col(CRITERION).is_null() | pl.col(ANSWER).is_null()
    unexplained = (pl.col(ANSWER) == ReadersAnswer.NOT_APPLICABLE.value) & pl.col(REASON).is_null()
    wrong = answers.select(
        nothing=nothing.fill_null(True),
        unexplained=unexplained.fill_null(False),
        twice=_answered_twice(answers) & pl.col(CRITERION).is_not_null(),
    )
    whats = {
        "nothing": "it has no criterion, or no answer, that is known",
        "unexplained": "it is n/a, and does not say why",
        "twice": "it is to the same question as another",
    }
    for name, what in whats.items():
        issues.add(IssueKind.UNREADABLE, ANSWERS, what, int(wrong[name].sum()))
    any_wrong = wrong.select(pl.any_horizontal(pl.all())).to_series()
    return answers.filter(~any_wrong) if any_wrong.any() else answers


def under_new_ids(plan: ExecutionPlan, part: Part, issues: IssueCounts) -> Part:
    """The part with answers to ids that criteria had before as answers to what they are called now.

    Two of one question count for nothing.
    """
    renamed, answers = plan.rulebook.renamed, part.tables.get(ANSWERS)
    if not renamed or answers is None or CRITERION not in answers.columns:
        return part
    written = answers[CRITERION].cast(pl.String)
    if not written.is_in(list(renamed)).any():
        return part
    answers = answers.with_columns(written.replace(dict(renamed)).cast(answers[CRITERION].dtype))
    twice = _answered_twice(answers) & written.is_not_null()
    issues.add(IssueKind.UNREADABLE, ANSWERS, "it is to the same question as another", int(twice.sum()))
    return evolve(part, tables={**part.tables, ANSWERS: answers.filter(~twice)})


def _repeated(rows: pl.DataFrame, of: pl.Series) -> pl.Series:
    """Whether a row says the same as another; only those are compared that are of one thing, told by its number."""
    ordered = of if of.is_sorted() else of.sort()
    again = ordered.slice(1).filter(ordered.slice(1) == ordered.slice(0, max(0, len(ordered) - 1)))
    if again.is_empty():
        return pl.repeat(False, len(of), dtype=pl.Boolean, eager=True)
    several = of.is_in(again.unique().implode()).fill_null(value=False)
    return several.scatter(several.arg_true(), rows.filter(several).is_duplicated())


def _answered_twice(answers: pl.DataFrame) -> pl.Series:
    """Whether an answer is to the same question as another."""
    criteria = len(answers.schema[CRITERION].categories)  # type: ignore[attr-defined]
    question = pl.col(ROW).cast(pl.UInt64) * criteria + pl.col(CRITERION).to_physical()
    return _repeated(answers.select(ROW, CRITERION, ITEM), answers.select(question).to_series())


def columns_of_checks(plan: ExecutionPlan) -> Wanted:
    """The columns that say where checks hold, and of which cases where those of rows disbelieve something of these."""
    columns: dict[str, list[str]] = {"": []}
    for one in plan.checks:
        columns.setdefault(one.check.table, []).append(one.holds)
        if any(not field.table for field in one.check.disbelieved):
            columns[""].append(one.of_case)
    return columns


def without_impossible(plan: ExecutionPlan, part: Part, issues: IssueCounts) -> Part:
    """The part without the values that checks disbelieve; all checks read it as it came."""
    if not plan.checks:
        return part
    results = plan.executor.compute(part, plan.executor.project(columns_of_checks(plan))).by_table
    frames = part.by_table
    for one in plan.checks:
        holds = results[one.check.table][one.holds]
        if not (number := int(holds.sum())):
            continue
        impossible = one.check.kind is CheckKind.IMPOSSIBLE
        fields = [field.full_name for field in one.check.disbelieved]
        kind = IssueKind.IMPOSSIBLE if impossible else IssueKind.UNUSUAL
        issues.add(kind, one.check.id, one.check.says, number, fields)
        for field in one.check.disbelieved:
            where = results[""][one.of_case] if one.check.table and not field.table else holds
            if field.name in frames[field.table].columns:
                there = where & frames[field.table][field.name].is_not_null()
                frames[field.table] = _unknown(frames[field.table], field, there)
    return Part(frames.pop(""), frames)


def _unknown(rows: pl.DataFrame, field: Field, where: pl.Series) -> pl.DataFrame:
    """The rows in which the field is not known, and stands there all the same, where that is so."""
    if not where.any():
        return rows
    marker = unknown_column(field.name)
    known = pl.when(~where).then(pl.col(field.name)).alias(field.name)
    return rows.with_columns(known, *([pl.col(marker) | where] if marker in rows.columns else []))


def as_at(plan: ExecutionPlan, part: Part) -> tuple[Part, pl.Series, pl.Series]:
    """The part as at the as-of date, the numbers of the cases that had not begun, and of the case of all that is later.

    A case has its number as often as something of it is later.
    """
    frames, not_begun = part.by_table, part.cases[ROW].clear()
    later = [not_begun]
    for table, recorded in part.by_table.items():
        fields = {} if table == ANSWERS else columns_of(plan.rulebook.dictionary, table)
        dating = [one for one in dating_fields(fields) if one.name in recorded.columns]
        if table == ANSWERS and ANSWERED_ON in recorded.columns:
            dating = [evolve(ANSWERS_TABLE.columns[ANSWERED_ON], begins=True)]
        days = {one.name: (recorded[one.name] > plan.as_of).fill_null(value=False) for one in dating}
        if not any(day.any() for day in days.values()):
            continue
        begins = next((days[one.name] for one in dating if one.begins), None)
        rows = recorded
        if begins is not None and table:
            later.append(recorded[ROW].filter(begins))
            rows, days = recorded.filter(~begins), {name: day.filter(~begins) for name, day in days.items()}
        elif begins is not None:
            not_begun = recorded[ROW].filter(begins)
        later += [rows[ROW].filter(day) for day in days.values()]
        frames[table] = rows.with_columns(_taken_back(rows, dating, days))
    return Part(frames.pop(""), frames), not_begun, pl.concat(later)


def _taken_back(rows: pl.DataFrame, dating: Collection[Field], days: Mapping[str, pl.Series]) -> list[pl.Series]:
    """The dates without those that are later, and what only those date, which was not done."""
    changed = [rows.select(pl.when(~later).then(pl.col(name))).to_series().alias(name) for name, later in days.items()]
    for fact, dates in dated_by(dating).items():
        if fact not in rows.columns:
            continue
        unknown = {name: _marker(rows, name) for name in dates}
        absent = {name: rows[name].is_null() & ~unknown[name] for name in dates}
        some_later = reduce(or_, (days[name] for name in dates))
        only_later = some_later & reduce(and_, (absent[name] | days[name] for name in dates))
        maybe = some_later & reduce(and_, (absent[name] | days[name] | unknown[name] for name in dates))
        value = pl.when(only_later).then(False).when(~maybe).then(pl.col(fact))
        changed.append(rows.select(value).to_series().alias(fact))
        if (marker := unknown_column(fact)) in rows.columns:
            is_unknown = pl.when(only_later).then(False).when(maybe).then(True).otherwise(pl.col(marker))
            changed.append(rows.select(is_unknown).to_series().alias(marker))
    return changed


def _marker(rows: pl.DataFrame, name: str) -> pl.Series:
    marker = unknown_column(name)
    return rows[marker] if marker in rows.columns else pl.repeat(False, len(rows), dtype=pl.Boolean, eager=True)
