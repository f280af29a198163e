"""The files that the page gives: reports in every form, copies to share, mappings, marked copies, and answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from attrs import evolve, frozen

from casescreen.cases.write.annotate import marked_files
from casescreen.cases.write.answered import as_it_stood, check_same_cases
from casescreen.cases.write.template import template
from casescreen.cases.write.toml_and_json import cases_to_json, cases_to_toml
from casescreen.model.case import Case
from casescreen.model.change import Comparison
from casescreen.model.problem import CasescreenError, Problem
from casescreen.model.rulebook import Rulebook, Scope
from casescreen.model.screening import Quoting, Summary
from casescreen.page.arguments import Arguments
from casescreen.page.dropped_files import DroppedFiles
from casescreen.page.files_read import FilesRead, read_again
from casescreen.page.screened_cases import ScreenedCases, for_who_types_nothing
from casescreen.privacy.pseudonyms import key_in, new_key
from casescreen.privacy.share import shared
from casescreen.privacy.withholding import FEWEST
from casescreen.report.formats.changes_json import changes_json
from casescreen.report.formats.registry import FORMATS, By, Options

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
