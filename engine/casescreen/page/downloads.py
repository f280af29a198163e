"""The files that the page gives: reports in every form, copies to share, mappings, marked copies, and answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from attrs import evolve, frozen

from casescreen.cases.write.annotate import marked_files
from casescreen.cases.write.template import template
from casescreen.cases.write.toml_and_json import cases_to_json, cases_to_toml
from casescreen.model.case import Case, Row, Unreadable
from casescreen.model.change import Comparison
from casescreen.model.dictionary import Value
from casescreen.model.problem import CasescreenError, Problem
from casescreen.model.rulebook import Rulebook, Scope
from casescreen.model.screening import Quoting, Summary
from casescreen.page.dropped_files import DroppedFiles
from casescreen.page.files_read import FilesRead, read_again
from casescreen.page.page_json import Arguments
from casescreen.page.screened_cases import ScreenedCases, for_who_types_nothing
from casescreen.privacy.pseudonyms import key_in, new_key
from casescreen.privacy.share import shared
from casescreen.privacy.withholding import FEWEST
from casescreen.report.formats.changes_by_form import changes_json
from casescreen.report.formats.registry import FORMATS, By, Options
from casescreen.text import counted, listed, visible

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES = {
    ".html": "text/html",
    ".xlsx": _WORKBOOK,
    ".json": "application/json",
    ".csv": "text/csv",
    ".md": "text/markdown",
    ".txt": "text/plain",
    ".toml": "application/toml",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".key": "text/plain",
    ".zip": "application/zip",
}
_SCOPES = {By.MANAGER: Scope.MANAGER, By.TEAM: Scope.TEAM}

Download = tuple[str, str, bytes]
"""A name, a media type, and what is in it."""


def download(name: str, content: str | bytes) -> Download:
    """A file to save; text is UTF-8."""
    data = content.encode() if isinstance(content, str) else content
    return name, _TYPES[Path(name).suffix], data


@frozen
class _Wanted:
    """A report that is wanted."""

    form: str
    key: bytes | None
    under: int | None
    by: By


def report(screened: ScreenedCases, files: DroppedFiles, arguments: Arguments) -> Download:
    """A report in one form, perhaps as a copy to share.

    Raises:
        CasescreenError: it cannot be made, or what was asked for does not go together.
    """
    wanted = _wanted(files, arguments)
    form = FORMATS[wanted.form]
    found = screened.screening(Quoting.REFERENCES if wanted.key is None else Quoting.NOTHING)
    if wanted.under is not None and found.answers_used is not None:
        raise CasescreenError(
            "No copy without small counts is made with the answers on filled sheets.",
            why="set beside a copy by other answers, it tells in how few cases they differ, and how.",
            advice="take the filled sheets away, and make the copy of what the records say.",
        )
    if wanted.under is not None:  # what is accepted is of single findings
        found = evolve(found, accepted=None)
    result: Summary = shared(found, wanted.key, wanted.under, _SCOPES.get(wanted.by))
    if form.name != "json":  # the same bytes whoever makes it
        result = for_who_types_nothing(result)
    bom = form.name == "csv"
    content = form.render(result, Options(by=wanted.by, bom=bom, typed=False))
    name = "shared" if wanted.key is not None or wanted.under is not None else "findings"
    if form.name in {"html", "xlsx", "docx"}:
        name = {"html": "report", "xlsx": "actions", "docx": "letter"}[form.name] if name == "findings" else name
    return download(f"{name}{form.ending}", content)


def _wanted(files: DroppedFiles, arguments: Arguments) -> _Wanted:
    asked = arguments.text("form")
    form = next((one.name for one in FORMATS.values() if one.ending == f".{asked}"), asked)
    by, under = By(arguments.text("by", By.THEME.value)), arguments.number("suppress_under")
    if form not in FORMATS or form == "parquet":
        raise CasescreenError(f"There is no report of the form {form} here.", advice="choose another.")
    if under is not None and under < FEWEST:
        raise CasescreenError(
            f"The smallest count that may be shown has to be {FEWEST} or more.",
            why='of a smaller one, "fewer than" would tell the figure itself.',
            advice=f"choose {FEWEST} or a larger number.",
        )
    if under is not None and by is By.CASE:
        raise CasescreenError(
            "A copy without small counts cannot be grouped by case: nothing of a single case is in it.",
            advice="group it in another way, or leave small counts in.",
        )
    return _Wanted(form, _key(files, arguments), under, by)


def _key(files: DroppedFiles, arguments: Arguments) -> bytes | None:
    """The key of pseudonyms, where they are wanted."""
    if not arguments.flag("pseudonyms"):
        return None
    file_id = arguments.text("key", "")
    if not file_id:
        raise CasescreenError(
            "Pseudonyms need a key, and none was given.",
            advice="drop the file of a key, or make a new one, and keep it apart from the reports.",
        )
    return key_in(files.data(file_id), files.files[file_id].name)


def comparison(compared: Comparison) -> Download:
    """What changed since an earlier day, as JSON."""
    return download("changes.json", changes_json(compared))


def key() -> Download:
    """A new key, as a file to keep."""
    return download("pseudonyms.key", new_key())


def marked(reading: FilesRead, lost: Sequence[Problem], files: DroppedFiles) -> Download:
    """A copy of the tables with the cells marked that have problems.

    Args:
        reading: what was read.
        lost: what is not known in the cases, or counts for nothing in them.
        files: where the tables are.

    Raises:
        CasescreenError: there is nothing to mark.
    """
    problems = (*reading.refused, *reading.caseload.problems, *reading.caseload.notices, *lost)
    if not problems:
        raise CasescreenError(
            "There is nothing to mark: everything could be read.", advice="go on to the findings; no copy is needed."
        )
    with files.where_they_are():
        return download("problems.xlsx", marked_files(reading.tables, problems))


def mapping(reading: FilesRead, number: int) -> Download:
    """A mapping that was suggested and changed, to keep and to drop with the next files.

    Args:
        reading: what was read.
        number: which of the mappings, from 0.

    Raises:
        CasescreenError: there is none of that number.
    """
    of_several = f"-{number + 1}" if len(reading.suggestions) > 1 else ""
    return download(f"mapping{of_several}.toml", reading.mapping_text(number))


def empty_workbook(rulebook: Rulebook) -> Download:
    """A workbook to fill in."""
    return download("cases.xlsx", template(rulebook, typed=False))


def answers(screened: ScreenedCases, form: str) -> Download:
    """All cases with the answers that were given, in a new file that can be read as they were.

    Raises:
        CasescreenError: the form cannot hold them.
    """
    rulebook, cases = screened.reading.rulebook, screened.caseload.cases
    write: Mapping[str, Callable[[Sequence[Case]], str | bytes]] = {
        "xlsx": lambda kept: template(rulebook, kept, typed=False),
        "toml": cases_to_toml,
        "json": cases_to_json,
    }
    if form not in write:
        raise CasescreenError("Answers can be kept as a workbook, as TOML or as JSON.", advice="choose one of these.")
    if not cases:
        raise CasescreenError(
            "There is no case to keep.", advice="look at what was left out when the files were read, or choose others."
        )
    made = download(f"cases-with-answers.{form}", write[form]([as_it_stood(case) for case in cases]))
    check_same_cases(cases, read_again(screened.reading, made[0], made[2]).cases)
    return made


_FEW = 3
_LOST = "not read"
"""What is written where nothing stands, and something may have: a row that ends too soon."""
_FIELD, _CELL = 2, 3


def as_it_stood(case: Case) -> Case:
    """The case with what stands in place of values that cannot be read, where it is kept."""
    fields, tables = {**case.fields}, {name: [*rows] for name, rows in case.tables.items()}
    for one in case.unreadable:
        names = tuple(map(str, one.path))
        if len(one.path) == _FIELD and f"{names[0]}.{names[1]}" in fields:
            fields[f"{names[0]}.{names[1]}"] = _written(one)
        elif len(one.path) == _CELL and names[0] in tables:
            _put_into(tables[names[0]], one)
    kept = {name: tuple(map(_known, rows)) for name, rows in tables.items()}
    return evolve(case, fields=_known(fields), tables=kept, unreadable=())


def _known(row: Row) -> Row:
    """A row without what is not known, and of which it is not kept what stands there."""
    return {name: value for name, value in row.items() if value is not None}


def _put_into(rows: list[Row], one: Unreadable) -> None:
    number, column = one.path[1], str(one.path[2])
    if isinstance(number, int) and number < len(rows) and column in rows[number]:
        rows[number] = {**rows[number], column: _written(one)}


def _written(one: Unreadable) -> Value:
    """What stands there; a text where it is nothing that a record can hold."""
    try:
        value = json.loads(one.written)
    except ValueError:
        value = None
    stands = value if isinstance(value, str | bool | int) else one.written
    return _LOST if stands == "" else stands


def check_same_cases(cases: Sequence[Case], read: Iterable[Case]) -> None:
    """Hold that cases read from what was written are those that were written.

    Raises:
        CasescreenError: some are not; the first of them are named.
    """
    again = {case.id: case for case in read}
    changed = [case.id for case in cases if case.id not in again or _differ(case, again[case.id])]
    if changed or len(again) != len(cases):
        names = [f'"{visible(case_id)}"' for case_id in changed[:_FEW]]
        names += [f"{len(changed) - _FEW:,} more"] if len(changed) > _FEW else []
        raise CasescreenError(
            f"{counted(len(changed), 'case')} cannot be kept in this form as read: {listed(names, 'and')}.",
            why="something stands there that cannot be read, and that would read otherwise.",
            advice="choose another form, or mend what could not be read in the file, and read it again.",
        )


def _differ(one: Case, other: Case) -> bool:
    """Whether they say other things, or what cannot be read in them stands elsewhere."""
    ways: tuple[Callable[[Case], object], ...] = (
        lambda case: case.fields,
        lambda case: case.tables,
        lambda case: frozenset(case.answers),
        _lost,
    )
    return any(way(one) != way(other) for way in ways)


def _lost(case: Case) -> frozenset[object]:
    """Where values are lost to what cannot be read."""
    known = {tuple(name.split(".", 1)) for name in case.fields} | {
        (name, number, column)
        for name, rows in case.tables.items()
        for number, row in enumerate(rows)
        for column in row
    }
    return frozenset(one.path for one in case.unreadable if one.path in known)
