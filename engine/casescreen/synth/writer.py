"""Made-up caseloads as files: whole caseloads as Parquet, and small ones in the forms that people keep cases in."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from shutil import rmtree
from typing import Any

import polars as pl

from casescreen.cases.schema import dates_as_text, plain_case
from casescreen.cases.write.toml_and_json import cases_to_toml
from casescreen.columnar.frames import ROW, CaseFrames
from casescreen.columnar.io import collect
from casescreen.columnar.writer import write_parquet
from casescreen.files.atomic import folder_beside, usual_mode
from casescreen.model.case import ANSWER, CASES, HAS, ID, Answer, Case
from casescreen.model.dictionary import Dictionary
from casescreen.model.outcome import ReadersAnswer
from casescreen.model.problem import CasescreenError
from casescreen.synth.made_up import BLOCK
from casescreen.text import in_words


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
