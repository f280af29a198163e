"""Who of a whole caseload is eligible for a sample, asked of all cases at once; and the drawn cases out of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import partial

import polars as pl
from attrs import evolve

from casescreen.columnar.execute import ExecutionPlan, plan
from casescreen.columnar.frames import ROW, CaseFrames, each_frame, normalised_id
from casescreen.columnar.io import collect, map_ordered
from casescreen.columnar.validate import Validated, validate
from casescreen.evaluate.screening import check_calendar
from casescreen.model.case import ID
from casescreen.model.outcome import Outcome
from casescreen.model.problem import CasescreenError
from casescreen.model.sample import NOT_RECORDED, Exclusion, Population
from casescreen.rulebook.sample_plan import BEGUN, ReadPlan
from casescreen.text import counted, evened, in_words

_STRATUM, _NO, _OPEN = "its stratum", "not so", "cannot tell"


def population_of_frames(read: ReadPlan, parts: Iterable[CaseFrames]) -> Population:
    """Who is eligible, the same as ``review.sample_draw`` says of the same cases one by one.

    Raises:
        CasescreenError: the calendar does not cover the day of the plan, or a case cannot be told apart or read.
    """
    check_calendar(read.rulebook, read.plan.as_of)
    ready = plan(read.rulebook, read.plan.as_of, read.plan.taken_on)
    eligible: dict[str, list[str]] = {}
    excluded: list[Exclusion] = []
    admitted: list[Exclusion] = []
    for validated in map_ordered(lambda frames: _validated(read, ready, frames), parts):
        cases = _verdicts(read, ready, validated.part.cases)
        unknown = list(_unknown(read, cases.filter(~pl.col(_NO) & pl.col(_OPEN))))
        excluded += [Exclusion(case, (BEGUN,)) for case in validated.ids_not_begun]
        excluded += _not_so(read, cases.filter(pl.col(_NO)))
        (admitted if read.plan.includes_unknown else excluded).extend(unknown)
        certain = ~pl.col(_NO) if read.plan.includes_unknown else ~pl.col(_NO) & ~pl.col(_OPEN)
        for name, ids in cases.filter(certain).group_by(_STRATUM).agg(ID).iter_rows():
            eligible.setdefault(evened(name), []).extend(ids)
    return Population.of(eligible, excluded, admitted)


def frames_of_sample(parts: Iterable[CaseFrames], ids: Collection[str]) -> Iterator[CaseFrames]:
    """The cases with these ids, and their rows, as they stand; a part without any is left away."""
    wanted = pl.Series(ids, dtype=pl.String)
    for part in parts:
        given = collect(part.cases.select(pl.col(ID).cast(pl.String)))[ID]
        here = given.filter(normalised_id(given).is_in(wanted.implode()))
        if len(here):
            yield each_frame(part, partial(_with_ids, ids=here.implode()))


def _with_ids(frame: pl.LazyFrame, ids: pl.Series) -> pl.LazyFrame:
    return frame.filter(pl.col(ID).cast(pl.String).is_in(ids)).drop(ROW, strict=False)


def _validated(read: ReadPlan, ready: ExecutionPlan, frames: CaseFrames) -> Validated:
    """What is needed of the cases of a part.

    Raises:
        CasescreenError: one of them cannot be read or told apart.
    """
    wanted = [ID, *(name for one in ready.asked for name in one.outcomes.values())]
    wanted += [name for names in read.fields.values() for name in names]
    wanted += [read.plan.strata] if read.plan.strata else []
    validated = validate(ready, _without_answers(frames), {"": list(dict.fromkeys(wanted))}, every=False)
    if lost := validated.left_out + validated.orphans:
        first = validated.rejected[0]
        raise CasescreenError(
            f"{counted(lost, 'record')} cannot be used; the first is "
            f"{f'case {in_words(first.case)}' if first.case else 'one without an id'}: {first.why}.",
            why="a case that is not on the list has no chance of being drawn.",
            advice="correct them where they come from, and do this again.",
        )
    return validated


def _without_answers(frames: CaseFrames) -> CaseFrames:
    """The same without what readers answered, on which nothing rests here; only whose the answers are stays."""
    if frames.answers is None:
        return frames
    there = frames.answers.collect_schema()
    return evolve(frames, answers=frames.answers.select(name for name in (ID, ROW) if name in there))


def _verdicts(read: ReadPlan, ready: ExecutionPlan, cases: pl.DataFrame) -> pl.DataFrame:
    """The cases, with whether some rule is not so of them, and whether some cannot be told; each of both by itself."""
    columns = [normalised_id(cases[ID])]
    for one in ready.asked:
        for label, outcome in ((_NO, Outcome.NOT_MET), (_OPEN, Outcome.NOT_EVIDENCED)):
            name = one.outcomes.get(outcome)
            held = pl.repeat(False, len(cases), dtype=pl.Boolean, eager=True) if name is None else cases[name]
            columns.append(held.alias(f"{label} {one.criterion.id}"))
    columns.append(_strata(read, cases).alias(_STRATUM))
    columns += [cases[name] for name in dict.fromkeys(name for names in read.fields.values() for name in names)]
    some = [
        pl.any_horizontal(pl.lit(False), *(pl.col(f"{label} {id_}") for id_ in read.conditions)).alias(label)
        for label in (_NO, _OPEN)
    ]
    return pl.DataFrame({column.name: column for column in columns}).with_columns(some)


def _strata(read: ReadPlan, cases: pl.DataFrame) -> pl.Series:
    """The stratum of each case, in words."""
    if not read.plan.strata:
        return pl.repeat("", len(cases), dtype=pl.String, eager=True)
    values = cases[read.plan.strata]
    if values.dtype == pl.Boolean:
        values = values.replace_strict([True, False], [in_words(True), in_words(False)], return_dtype=pl.String)
    return values.cast(pl.String).fill_null(NOT_RECORDED)


def _not_so(read: ReadPlan, cases: pl.DataFrame) -> Iterator[Exclusion]:
    """Those of which a rule is not so; the rules that are together not so of many are put together once."""
    named: dict[tuple[bool, ...], tuple[str, ...]] = {}
    for case, *not_so in cases.select(ID, *(f"{_NO} {id_}" for id_ in read.conditions)).iter_rows():
        key = tuple(not_so)
        if key not in named:
            named[key] = tuple(id_ for id_, holds in zip(read.conditions, key, strict=True) if holds)
        yield Exclusion(case, named[key])


def _unknown(read: ReadPlan, cases: pl.DataFrame) -> Iterator[Exclusion]:
    """Those of which a rule cannot be told, with what is missing."""
    for row in cases.iter_rows(named=True):
        rules = tuple(id_ for id_ in read.conditions if row[f"{_OPEN} {id_}"])
        yield Exclusion(row[ID], rules, unknown=True, missing=read.missing(rules, row))
