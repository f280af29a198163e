"""Caseloads as folders of Parquet or CSV files: a file for the cases and one for each table, or parts of such files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import overload

import polars as pl
from attrs import frozen

from casescreen.columnar.expressions import WORDS, is_text, type_of
from casescreen.columnar.frames import ROW, CaseFrames, saying_tables
from casescreen.columnar.ids_across_parts import check_apart
from casescreen.files.content import why_not
from casescreen.files.discovery import find_files
from casescreen.model.case import ANSWERS, ANSWERS_TABLE, CASES, ID
from casescreen.model.dictionary import Dictionary, Field, Kind
from casescreen.model.problem import CasescreenError, Place, Problem, ProblemsError
from casescreen.text import did_you_mean, in_words

TABLES = (".parquet", ".csv")
"""What the files of a part may end in, in any letters."""


def unread(folder: Path, parts: Collection[Path]) -> Iterator[Problem]:
    """A problem for each file of records that is in no part: what it holds would be missing without a word."""
    found = find_files([str(folder)])
    yield from found.problems
    for file in map(Path, found.files):
        if file.suffix.lower() not in TABLES:
            yield _unread_problem(file, "so many cases are read from Parquet and CSV", "Convert it, put it in the")
        elif file.parent not in parts:
            yield _unread_problem(file, "there are no cases beside it", "Put cases.parquet or cases.csv there, in the")
        elif not file.is_file():
            yield _unread_problem(file, "it is not an ordinary file", "Put one in its place, in the")


def _unread_problem(file: Path, what: str, advice: str) -> Problem:
    return Problem(
        Place(str(file)),
        what,
        f"{advice} folder of the caseload or one right below it; or take the file away.",
        "What it holds would not be counted.",
    )


_PARQUET, _CSV = ".parquet", ".csv"
_NOUN = {
    Kind.TEXT: "text",
    Kind.CHOICE: "text",
    Kind.YES_NO: "true or false",
    Kind.NUMBER: "whole numbers",
    Kind.DATE: "dates",
}


def number_of_cases(file: Path) -> int:
    """How many cases a file holds; none if it cannot be read, which is told where it is read."""
    try:
        return int(_scanned(file).select(pl.len()).collect().item())
    except (pl.exceptions.PolarsError, OSError):
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
    parts = _parts(folder)
    if not parts:
        raise CasescreenError(
            f"There are no cases in {in_words(str(folder))}.",
            why="nothing can be screened.",
            advice="put cases.parquet or cases.csv there, or folders that each have one.",
        )
    if problems := list(unread(folder, parts)):
        raise ProblemsError(problems)
    return parts


def scan_parts(parts: Iterable[Path], dictionary: Dictionary) -> Sequence[CaseFrames]:
    """The same as ``scan_folder`` of some parts.

    A part is scanned anew each time that it is asked for: a frame that was read keeps the heads of its files, and so
    memory would grow with the number of parts.

    Raises:
        ProblemsError: everything that is wrong with the files, their columns and what those hold.
    """
    columns = _columns(dictionary)
    scans = [_Scan(part, columns) for part in parts]
    problems = [problem for scan in scans for problem in scan.problems()]
    if problems:
        raise ProblemsError(problems)
    return _Scans(scans)


def _scanned(file: Path) -> pl.LazyFrame:
    """The file; what stands in CSV is text, which is read as what it should be where it is needed."""
    if file.suffix.lower() == _PARQUET:
        return pl.scan_parquet(file)
    return pl.scan_csv(file, schema_overrides={ROW: pl.UInt32()}, infer_schema=False)


def _parts(folder: Path) -> list[Path]:
    entries = folder.iterdir() if folder.is_dir() else ()
    inside = sorted(part for part in entries if part.is_dir() and not part.name.startswith("."))
    return [part for part in (folder, *inside) if any(file.stem == CASES for file in _tables_in(part))]


def _tables_in(folder: Path) -> list[Path]:
    """The files of a part, in order of name; nothing where there is no such folder."""
    entries = folder.iterdir() if folder.is_dir() else ()
    return sorted(file for file in entries if file.suffix.lower() in TABLES and not file.name.startswith((".", "~")))


def _columns(dictionary: Dictionary) -> Mapping[str, Mapping[str, Field]]:
    """What each file may hold, by its stem."""
    tables = {name: dict(table.columns) for name, table in dictionary.tables.items()}
    return {
        CASES: {**dictionary.fields, **saying_tables(dictionary)},
        **tables,
        ANSWERS: ANSWERS_TABLE.columns,
    }


@frozen(eq=False)
class _Scan:
    """The files of one part, and what each may hold."""

    folder: Path
    columns: Mapping[str, Mapping[str, Field]]

    def frames(self) -> CaseFrames:
        frames = {file.stem: _scanned(file) for file in self._files()}
        cases, answers = frames.pop(CASES), frames.pop(ANSWERS, None)
        return CaseFrames(cases, frames, answers)

    def problems(self) -> Iterator[Problem]:
        seen: dict[str, Path] = {}
        for file in self._files():
            if file.stem not in self.columns:
                yield _problem(
                    file, "it is neither the cases nor a table of theirs", did_you_mean(file.stem, self.columns)
                )
            elif file.stem in seen:
                yield _problem(file, f"{seen[file.stem].name} holds the same", "Keep one of them.")
            else:
                seen[file.stem] = file
                yield from self._problems_in(file)

    def _files(self) -> list[Path]:
        return _tables_in(self.folder)

    def _problems_in(self, file: Path) -> Iterator[Problem]:
        try:
            file.open("rb").close()  # Polars does not say why a file is refused
            schema = _scanned(file).collect_schema()
        except OSError as error:
            yield why_not(str(file), error).at(Place(str(file)))
            return
        except pl.exceptions.PolarsError:
            form = "CSV" if file.suffix.lower() == _CSV else "Parquet"
            yield _problem(file, f"it cannot be read as {form}", "Write the file again, or export it as CSV.")
            return
        if ID not in schema:
            yield _problem(file, f"it has no column {ID}", "Say in it which case each row is about.")
        elif not (is_text(schema[ID]) or schema[ID].is_integer()):
            yield _problem(file, f"it holds {schema[ID]}", "It should hold text.", ID)
        known = self.columns[file.stem]
        for name, stored in schema.items():
            if name not in (ID, ROW):
                yield from _problems_of(file, name, stored, known)


@frozen(eq=False)
class _Scans(Sequence[CaseFrames]):
    scans: Sequence[_Scan]

    def __len__(self) -> int:
        return len(self.scans)

    @overload
    def __getitem__(self, which: int) -> CaseFrames: ...
    @overload
    def __getitem__(self, which: slice) -> Sequence[CaseFrames]: ...
    def __getitem__(self, which: int | slice) -> CaseFrames | Sequence[CaseFrames]:
        return _Scans(self.scans[which]) if isinstance(which, slice) else self.scans[which].frames()


def _problems_of(file: Path, name: str, stored: pl.DataType, known: Mapping[str, Field]) -> Iterator[Problem]:
    if name not in known:
        yield _problem(file, "there is no such column", did_you_mean(name, known), name)
    elif file.suffix.lower() != _CSV and not _holds(stored, known[name]):
        yield _problem(file, f"it holds {stored}", f"It should hold {_NOUN[known[name].kind]}.", name)


def _holds(stored: pl.DataType, field: Field) -> bool:
    """Whether values of the stored type can be values of the field; nothing is guessed."""
    if isinstance(stored, pl.Null):
        return True
    if field.kind in WORDS:
        return is_text(stored)
    return stored.is_integer() if field.kind is Kind.NUMBER else stored == type_of(field)


def _problem(file: Path, what: str, advice: str, column: str = "") -> Problem:
    return Problem(Place(str(file), part=column), what, advice)
