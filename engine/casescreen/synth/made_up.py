"""A made-up caseload, block by block: what is so in its cases, what records and readers say of it; and its files."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from pathlib import Path
from shutil import rmtree
from typing import Any

import numpy as np
import polars as pl
from attrs import evolve, frozen

from casescreen.cases.schema import dates_as_text, plain_case
from casescreen.cases.write.toml_and_json import cases_to_toml
from casescreen.columnar.execute import ExecutionPlan, plan
from casescreen.columnar.frames import ROW, CaseFrames
from casescreen.columnar.io import collect
from casescreen.columnar.outcomes import outcome_rows
from casescreen.columnar.writer import write_parquet
from casescreen.evaluate.screening import check_calendar
from casescreen.files.atomic import folder_beside, usual_mode
from casescreen.model.case import ANSWER, ANSWERS, CASES, HAS, ID, ITEM, Answer, Case
from casescreen.model.dictionary import Dictionary
from casescreen.model.outcome import Outcome, ReadersAnswer
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Rulebook
from casescreen.synth.draws import (
    Calendar,
    DrawnRows,
    Floats,
    Integers,
    RandomStream,
    days_since_1970,
    to_calendar,
    to_normal,
    weighted,
)
from casescreen.synth.spec import Cycle, LatentVariable, PerParentRow, SyntheticField, SyntheticSpec, SyntheticTable
from casescreen.text import in_words

BLOCK = 100_000
"""How many cases are drawn at once. It decides what is drawn: another number makes other cases."""

_PREFIX, _FIGURES = "M-", 9
_GIVEN = (ReadersAnswer.NO.value, ReadersAnswer.YES.value, ReadersAnswer.NOT_APPLICABLE.value)


def made_up(rulebook: Rulebook, spec: SyntheticSpec, *, cases: int, seed: int, as_of: date) -> Iterator[CaseFrames]:
    """A caseload in blocks, each of which holds rows that are numbered from 0, in order of case id.

    The same seed gives the same cases, and more cases begin with the same ones.

    Raises:
        CasescreenError: the calendar does not cover the as-of date.
    """
    check_calendar(rulebook, as_of)
    calendar, day = to_calendar(rulebook.calendar), days_since_1970(as_of)
    sampler = _Sampler(rulebook.dictionary, spec, seed, day, calendar, plan(rulebook, as_of))
    return (sampler.block(start, min(BLOCK, cases - start)) for start in range(0, cases, BLOCK))


@frozen(eq=False)
class _Sampler:
    """Makes blocks of cases.

    Attributes:
        plan: what tells which questions a reader has to answer.
    """

    dictionary: Dictionary
    spec: SyntheticSpec
    seed: int
    as_of: int
    calendar: Calendar
    plan: ExecutionPlan

    def block(self, start: int, count: int) -> CaseFrames:
        """The cases from number ``start`` on."""
        number = np.arange(count, dtype=np.int64)
        ids = (_PREFIX + pl.Series(number + start).cast(pl.String).str.zfill(_FIGURES)).alias(ID)
        stream, position = RandomStream(self.seed, start // BLOCK), number + start
        latent = {variable.name: self._latent(variable, stream, position) for variable in self.spec.latent}
        cases = DrawnRows(
            stream, "", count, number, position, latent, self.calendar, self.as_of, columns={}, parent={}
        ).draw(self.spec.fields)
        recorded = self._recorded(self.spec.fields, cases)
        columns = [ids, pl.Series(ROW, number).cast(pl.UInt32)]
        columns += [recorded[name] for name in self.dictionary.fields if name in recorded]
        rows: dict[str, DrawnRows] = {}
        frames: dict[str, pl.LazyFrame] = {}
        has: dict[str, pl.Series] = {}
        for synthetic in self.spec.tables:
            name = synthetic.table.name
            rows[name] = _rows(synthetic, cases, rows)
            in_record = cases.uniform(f"{name}/absent", self.spec.missing_correlations) <= 1.0 - synthetic.absent
            has[name] = pl.Series(f"{HAS}{name}", in_record)
            row_columns = self._recorded(synthetic.columns, rows[name])
            case = pl.Series(ROW, rows[name].case).cast(pl.UInt32)
            every = pl.DataFrame([ids.gather(case), case, *(row_columns[column] for column in synthetic.table.columns)])
            frames[name] = every.filter(has[name].gather(case)).lazy()
        columns += [has[name] for name in self.dictionary.tables]
        made = CaseFrames(pl.LazyFrame(columns), {name: frames[name] for name in self.dictionary.tables})
        return evolve(made, answers=self._answers(made, cases))

    def _latent(self, variable: LatentVariable, stream: RandomStream, number: Integers) -> Floats:
        own = to_normal(stream.uniform(f"hidden/{variable.name}", len(number)))
        if not variable.group:
            return own
        cycle = next(field.distribution for field in self.spec.fields if field.field.name == variable.group)
        assert isinstance(cycle, Cycle)
        of_all = RandomStream(self.seed, 0).uniform(f"hidden/{variable.name}/{variable.group}", cycle.length)
        of_group = to_normal(of_all)[number // cycle.cases % cycle.length]
        together: Floats = np.sqrt(variable.shared) * of_group + np.sqrt(1.0 - variable.shared) * own
        return together

    def _recorded(self, fields: tuple[SyntheticField, ...], rows: DrawnRows) -> dict[str, pl.Series]:
        """The columns as the record has them: some of what is so is missing."""
        recorded = {}
        for synthetic in fields:
            name = synthetic.field.name
            kept = rows.uniform(f"{name}/missing", self.spec.missing_correlations) <= 1.0 - synthetic.missing
            column = rows.columns[name]
            recorded[name] = evolve(column, present=column.present & kept).series()
        return recorded

    def _answers(self, frames: CaseFrames, cases: DrawnRows) -> pl.LazyFrame:
        """Answers to a share of what readers have to answer, in order of case, criterion and row."""
        answers, criteria = self.spec.answers, self.plan.rulebook.criteria
        known = collect(frames.cases.select(ID, ROW))
        due = outcome_rows(self.plan, frames, [Outcome.NEEDS_JUDGEMENT]).join(
            known, on=ID, how="left", maintain_order="left"
        )
        criterion = pl.Series("criterion", [criterion.id for criterion in criteria], dtype=pl.String)
        rows = evolve(cases, table=ANSWERS, columns={}).take(due[ROW].to_numpy().astype(np.int64))
        yes = (rows.uniform("answer", answers.correlations) > 1.0 - answers.yes).astype(np.int64)
        not_applicable = rows.uniform("not_applicable") < answers.not_applicable
        reason = weighted(rows.uniform("reason"), (1.0,) * len(answers.reasons))
        given = pl.Series(ANSWER, _GIVEN).gather(np.where(not_applicable, 2, yes))
        reasons = pl.Series("reason", answers.reasons, dtype=pl.String).gather(reason)
        answered = due.select(ID, ROW, criterion.gather(due["criterion"]), ITEM, given, reasons)
        return answered.filter(pl.Series(rows.uniform("share") < answers.share)).lazy()


def _rows(synthetic: SyntheticTable, cases: DrawnRows, drawn: Mapping[str, DrawnRows]) -> DrawnRows:
    """The rows of a table that there are, whatever the record says."""
    table, needed = synthetic.table, synthetic.depends_on
    of_case = {name: column for name, column in cases.columns.items() if name in needed}
    rows = evolve(cases, table=table.name, columns=of_case)
    if isinstance(synthetic.size, PerParentRow):
        parent = drawn[synthetic.size.table]
        rows = evolve(rows.take(parent.case), parent=parent.columns)
        kept = rows.uniform("like", synthetic.correlations) > 1.0 - synthetic.size.share
        rows = rows.take(kept & rows.meet(synthetic.only_if))
    else:
        count = weighted(cases.uniform(f"{table.name}/rows", synthetic.correlations), synthetic.size)
        rows = rows.take(np.repeat(cases.case, count))
        rows = rows.take(rows.meet(synthetic.only_if))
    rows = rows.draw(synthetic.columns)
    if synthetic.dated_by is not None:
        day = rows.columns[synthetic.dated_by.name]
        exists = day.present & (day.values <= rows.as_of)
        if synthetic.until is not None:
            last = rows.columns[synthetic.until.name]
            exists = day.present & last.present & (day.values <= last.values)
        rows = rows.take(exists)
    return evolve(rows, columns={name: rows.columns[name] for name in table.columns}, parent={})


def cases_of(frames: CaseFrames, dictionary: Dictionary) -> Iterator[Case]:
    """The cases of numbered frames one after another, in the dictionary's order of fields and tables."""
    tables = {name: _by_case(frames.tables[name]) for name in dictionary.tables if name in frames.tables}
    answers = {} if frames.answers is None else _by_case(frames.answers)
    for values in collect(frames.cases).iter_rows(named=True):
        number = values[ROW]
        there = {name: tuple(rows.get(number, ())) for name, rows in tables.items() if values[f"{HAS}{name}"]}
        fields = {name: values[name] for name in dictionary.fields if values.get(name) is not None}
        given = ({**row, ANSWER: ReadersAnswer(row[ANSWER])} for row in answers.get(number, ()))
        yield Case(values[ID], fields, there, tuple(Answer(**row) for row in given))


def _by_case(frame: pl.LazyFrame) -> Mapping[int, list[dict[str, Any]]]:
    rows: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for values in collect(frame.drop(ID)).iter_rows(named=True):
        rows[values.pop(ROW)].append({name: value for name, value in values.items() if value is not None})
    return rows


NOTE = "MADE-UP.txt"
"""The file that says that the cases are made up. By it a folder is known again that may be replaced."""

_IN_A_FILE = 500  # cases; a file of case records is read whole
_DANGEROUS = r"^([=+\-@\t\r'])"  # what a spreadsheet would take for a formula, and what marks that it is none

Write = Callable[[Iterable[CaseFrames], Dictionary, Path], None]


def write_cases(
    parts: Iterable[CaseFrames], dictionary: Dictionary, folder: Path, form: str, *, note: str, force: bool
) -> None:
    """Write a made-up caseload, with the note beside it, into a new or empty folder: all of it, or nothing.

    Args:
        parts: the caseload in blocks, which are made one after another.
        dictionary: what they are made from.
        folder: where to.
        form: one of ``FORMS``.
        note: what the cases are, for whoever finds them.
        force: whether a folder that holds made-up cases already may be replaced.

    Raises:
        CasescreenError: the folder is not empty, or it holds anything but made-up cases.
    """
    folder = folder.resolve()
    _check(folder, force=force)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder_beside(folder) as stage:
        FORMS[form](parts, dictionary, stage)
        (stage / NOTE).write_text(note, encoding="utf-8", newline="\n")
        stage.chmod(usual_mode(0o777))
        _check(folder, force=force)  # once more: something may have been put there meanwhile
        old = stage.with_suffix(".old")
        if (folder / NOTE).exists():  # made-up cases go once they are replaced; nothing else does
            folder.rename(old)
        elif folder.exists():
            folder.rmdir()  # fails where something has just been put into it
        stage.rename(folder)
        rmtree(old, ignore_errors=True)


def _check(folder: Path, *, force: bool) -> None:
    if not folder.exists():
        return
    held = sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else [folder.name]
    if not held or (force and NOTE in held and folder.is_dir()):
        return
    advice = (
        f"--force replaces only a folder that has {NOTE} in it. Name a new one."
        if force
        else "Name a new folder, or add --force to replace made-up cases by others."
    )
    raise CasescreenError(
        f"{in_words(str(folder))} is there already and is not empty.",
        why="what stands there would be lost, or taken for made up.",
        advice=advice,
    )


def _parquet(parts: Iterable[CaseFrames], dictionary: Dictionary, folder: Path) -> None:
    write_parquet(parts, dictionary, folder, size=BLOCK)


def _csv(parts: Iterable[CaseFrames], _: Dictionary, folder: Path) -> None:
    """A file for the cases and one for each table; what is there already is written on."""
    for number, part in enumerate(parts):
        for table, frame in part.by_table.items():
            with (folder / f"{table or CASES}.csv").open("ab") as file:
                _worded(frame).write_csv(file, include_header=not number)


def _worded(frame: pl.LazyFrame) -> pl.DataFrame:
    """The values as they are written in a sheet: yes and no in words, and no text that a program would act on."""
    words = pl.col(pl.Boolean).replace_strict({True: "yes", False: "no"}, default=None, return_dtype=pl.String)
    text = pl.col(pl.String, pl.Enum).cast(pl.String).str.replace(_DANGEROUS, "'${1}")
    return collect(frame.drop(ROW).with_columns(words, text))


def _json_lines(parts: Iterable[CaseFrames], dictionary: Dictionary, folder: Path) -> None:
    with (folder / f"{CASES}.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for case in (case for part in parts for case in cases_of(part, dictionary)):
            file.write(json.dumps(dates_as_text(plain_case(case)), ensure_ascii=False) + "\n")


def _toml(parts: Iterable[CaseFrames], dictionary: Dictionary, folder: Path) -> None:
    cases = (case for part in parts for case in cases_of(part, dictionary))
    files = iter(lambda: list(islice(cases, _IN_A_FILE)), [])
    for number, several in enumerate(files):
        (folder / f"{CASES}-{number:05}.toml").write_text(cases_to_toml(several), encoding="utf-8", newline="\n")


FORMS: Mapping[str, Write] = {"parquet": _parquet, "csv": _csv, "json-lines": _json_lines, "toml": _toml}
"""The forms that a caseload can be written in, by the names that the command gives them."""
