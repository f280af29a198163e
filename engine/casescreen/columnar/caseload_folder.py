"""Caseloads as folders of Parquet or CSV files: a file for the cases and one for each table, or parts of such files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import overload

import polars as pl
from attrs import evolve, frozen

from casescreen.columnar.expressions import WORDS, is_text, type_of
from casescreen.columnar.frames import ROW, CaseFrames, presence_fields
from casescreen.columnar.io import REFUSED
from casescreen.columnar.links import check_apart
from casescreen.extras import without_last_words
from casescreen.files.content import why_not
from casescreen.files.discovery import find_files
from casescreen.model.case import ANSWERS, ANSWERS_TABLE, CASES, ID
from casescreen.model.dictionary import Dictionary, Field, Kind
from casescreen.model.problem import CasescreenError, Place, Problem, ProblemsError
from casescreen.text import did_you_mean, in_words

_PARQUET, _CSV = ".parquet", ".csv"
TABLES = (_PARQUET, _CSV)
"""What the files of a part may end in, in any letters."""

_NOUN = {
    Kind.TEXT: "text",
    Kind.CHOICE: "text",
    Kind.YES_NO: "true or false",
    Kind.NUMBER: "whole numbers",
    Kind.DATE: "dates",
}


def number_of_cases(file: Path) -> int:
    """How many cases a file holds; none if it cannot be read, which is reported where it is read."""
    try:
        with without_last_words():
            return int(_scanned(file).select(pl.len()).collect().item())
    except REFUSED:
        return 0


def scan_folder(folder: Path, dictionary: Dictionary) -> Sequence[CaseFrames]:
    """The parts of a caseload, in order of name; nothing is read but the heads of the files, and ids.

    Raises:
        ProblemsError: everything that is wrong with the files, their columns and what those hold.
        CasescreenError: there are no cases in the folder, or one is in two parts.
    """
    folders = part_folders(folder)
    parts = scan_parts(folders, dictionary)
    check_apart({str(part): frames for part, frames in zip(folders, parts, strict=True)})
    return parts


def part_folders(folder: Path) -> list[Path]:
    """The folders of the parts of a caseload, in order of name; no file is opened.

    Raises:
        CasescreenError: there are no cases in the folder.
        ProblemsError: files of records are in no part.
    """
    inside = sorted(folder.iterdir()) if folder.is_dir() else []
    folders = [folder, *(entry for entry in inside if entry.is_dir() and not entry.name.startswith("."))]
    parts = [part for part in folders if any(file.stem == CASES for file in _tables_in(part))]
    if not parts:
        raise CasescreenError(
            f"There are no cases in {in_words(str(folder))}.",
            why="nothing can be screened.",
            advice="put cases.parquet or cases.csv there, or folders that each have one.",
        )
    if problems := list(unread(folder, parts)):
        raise ProblemsError(problems)
    return parts


def unread(folder: Path, parts: Collection[Path]) -> Iterator[Problem]:
    """A problem for each file of records that is in no part: what it holds would be missing without a word."""
    discovered = find_files([str(folder)])
    yield from discovered.problems
    for file in map(Path, discovered.files):
        if file.suffix.lower() not in TABLES:
            what, advice = "so many cases are read from Parquet and CSV", "Convert it, put it in the"
        elif file.parent not in parts:
            what, advice = "there are no cases beside it", "Put cases.parquet or cases.csv there, in the"
        elif not file.is_file():
            what, advice = "it is not an ordinary file", "Put one in its place, in the"
        else:
            continue
        advice += " folder of the caseload or one right below it; or take the file away."
        yield Problem(Place(str(file)), what, advice, "What it holds would not be counted.")


def _tables_in(folder: Path) -> list[Path]:
    """The files of a part, in order of name; nothing where there is no such folder."""
    entries = folder.iterdir() if folder.is_dir() else ()
    return sorted(file for file in entries if file.suffix.lower() in TABLES and not file.name.startswith((".", "~")))


def scan_parts(parts: Iterable[Path], dictionary: Dictionary) -> Sequence[CaseFrames]:
    """The same as ``scan_folder`` of some parts.

    Raises:
        ProblemsError: everything that is wrong with the files, their columns and what those hold.
    """
    columns = {
        CASES: {**dictionary.fields, **presence_fields(dictionary)},
        **{name: table.columns for name, table in dictionary.tables.items()},
        ANSWERS: ANSWERS_TABLE.columns,
    }
    scanned = _Parts(tuple(parts))
    if problems := [problem for part in scanned.folders for problem in _problems_in(part, columns)]:
        raise ProblemsError(problems)
    return scanned


@frozen(eq=False)
class _Parts(Sequence[CaseFrames]):
    """Parts, each scanned anew each time that it is asked for.

    A frame that was read keeps the heads of its files, and so memory would grow with the number of parts.
    """

    folders: Sequence[Path]

    def __len__(self) -> int:
        return len(self.folders)

    @overload
    def __getitem__(self, which: int) -> CaseFrames: ...
    @overload
    def __getitem__(self, which: slice) -> Sequence[CaseFrames]: ...
    def __getitem__(self, which: int | slice) -> CaseFrames | Sequence[CaseFrames]:
        if isinstance(which, slice):
            return _Parts(self.folders[which])
        frames = {file.stem: _scanned(file) for file in _tables_in(self.folders[which])}
        cases, answers = frames.pop(CASES), frames.pop(ANSWERS, None)
        return CaseFrames(cases, frames, answers)


def _scanned(file: Path) -> pl.LazyFrame:
    """The file; what stands in CSV is text, which is read as what it should be where it is needed."""
    if file.suffix.lower() == _PARQUET:
        return pl.scan_parquet(file)
    return pl.scan_csv(file, schema_overrides={ROW: pl.UInt32()}, infer_schema=False)


def _problems_in(part: Path, columns: Mapping[str, Mapping[str, Field]]) -> Iterator[Problem]:
    """What is wrong with the files of a part, by what each may hold."""
    seen: dict[str, Path] = {}
    for file in _tables_in(part):
        if file.stem not in columns:
            advice = did_you_mean(file.stem, columns)
            yield Problem(Place(str(file)), "it is neither the cases nor a table of theirs", advice)
        elif file.stem in seen:
            yield Problem(Place(str(file)), f"{seen[file.stem].name} holds the same", "Keep one of them.")
        else:
            seen[file.stem] = file
            yield from _problems_with(file, columns[file.stem])


def _problems_with(file: Path, fields: Mapping[str, Field]) -> Iterator[Problem]:
    place, form = Place(str(file)), "CSV" if file.suffix.lower() == _CSV else "Parquet"
    try:
        file.open("rb").close()  # Polars does not say why a file is refused
        with without_last_words():
            schema = _scanned(file).collect_schema()
    except OSError as error:
        yield why_not(str(file), error).at(place)
        return
    except REFUSED:
        yield Problem(place, f"it cannot be read as {form}", "Write the file again, or export it as CSV.")
        return
    if ID not in schema:
        yield Problem(place, f"it has no column {ID}", "Say in it which case each row is about.")
    elif not (is_text(schema[ID]) or schema[ID].is_integer()):
        yield Problem(evolve(place, part=ID), f"it holds {schema[ID]}", "It should hold text.")
    for name, stored in schema.items():
        if name in (ID, ROW):
            continue
        column = evolve(place, part=name)
        if name not in fields:
            yield Problem(column, "there is no such column", did_you_mean(name, fields))
        elif form == "Parquet" and not _holds(stored, fields[name]):
            yield Problem(column, f"it holds {stored}", f"It should hold {_NOUN[fields[name].kind]}.")


def _holds(stored: pl.DataType, field: Field) -> bool:
    """Whether values of the stored type can be values of the field; nothing is guessed."""
    if isinstance(stored, pl.Null):
        return True
    if field.kind in WORDS:
        return is_text(stored)
    if field.kind is Kind.DATE and isinstance(stored, pl.Datetime):
        return True  # the time of day is passed over; one with a zone is told where it is read
    return stored.is_integer() if field.kind is Kind.NUMBER else stored == type_of(field)
