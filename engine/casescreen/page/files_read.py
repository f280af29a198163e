"""The files that were dropped, read as a caseload; and what was read, as the page shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from attrs import Factory, define, evolve, frozen

from casescreen.cases.load import SAME_ID, read_cases
from casescreen.cases.mapping.load import mapping_in
from casescreen.cases.mapping.model import CaseMapping, Suggestion
from casescreen.cases.mapping.suggest import suggest
from casescreen.cases.mapping.suggestion_text import mapping_text
from casescreen.cases.mapping.vocabulary import read_vocabulary
from casescreen.cases.tables.cells import DateOrder
from casescreen.cases.tables.sheet import Sheet
from casescreen.files.discovery import TABLES, WORKBOOKS
from casescreen.model.case import NOT_CONFIRMED, Caseload, Unreadable
from casescreen.model.problem import CasescreenError, Problem, ProblemsError, untyped
from casescreen.model.rulebook import Rulebook
from casescreen.model.waiver import Waiver
from casescreen.page import page_json
from casescreen.page.columns import choices_of, columns_of, questions_of
from casescreen.page.dropped_files import CASES, FINDINGS, MAPPING, PROFILE, SHEET, WAIVERS, DroppedFiles
from casescreen.page.page_json import Arguments
from casescreen.resources import rulebook_folder, shipped_rulebooks
from casescreen.rulebook.load import load_rulebook
from casescreen.rulebook.parameters import with_local_holidays
from casescreen.text import counted, visible

if TYPE_CHECKING:
    from casescreen.model.change import ScreeningRun
    from casescreen.review.answers_in_use import NamedAnswers

MOST_CASES = 2_000
_MOST_NAMED = 5


@frozen
class Asked:
    """How the files are to be read.

    Attributes:
        rules: the name of a shipped rulebook.
        order: how days in figures are read; None where nobody has said.
        confirmed: whether somebody has looked at the columns that were matched.
    """

    rules: str
    as_of: date
    taken_on: date
    holidays: tuple[date, ...]
    choices: Mapping[str, str | None]
    order: DateOrder | None
    confirmed: bool

    @classmethod
    def of(cls, arguments: Arguments, today: date) -> Asked:
        """What the arguments of a call say."""
        as_of = arguments.day("as_of", today)
        written = arguments.text("date_order", "")
        order = DateOrder(written) if written else None
        return cls(
            rules=arguments.text("rules", ""),
            as_of=as_of,
            taken_on=arguments.day("taken_on", today),
            holidays=arguments.days("holidays"),
            choices=arguments.texts("choices"),
            order=order,
            confirmed=arguments.flag("confirmed"),
        )


@frozen
class FilesRead:
    """What was read.

    Attributes:
        refused: why nothing could be read; then there are no cases.
        suggestions: the mappings that were suggested, each for files that are read together.
        tables: the files that can be marked.
        before: the cases as their records are; they have the answers of filled sheets where some came with them.
        waivers: the findings that somebody accepts; None where no file of them is there.
        answered: what was answered on these; None where none was taken.
        sheet_problems: what of them cannot be read, or was not taken.
        earlier: what was found at an earlier time, where its findings came with the cases.
        local: what is in use that is local, in words.
    """

    asked: Asked
    rulebook: Rulebook
    caseload: Caseload
    refused: tuple[Problem, ...]
    suggestions: Sequence[Suggestion]
    mapping: str
    tables: Sequence[str]
    before: Caseload
    waivers: tuple[Waiver, ...] | None = None
    local: tuple[str, ...] = ()
    answered: NamedAnswers | None = None
    sheet_problems: tuple[Problem, ...] = ()
    earlier: ScreeningRun | None = None

    @property
    def needs_confirmation(self) -> bool:
        """Whether columns were matched that nobody has looked at."""
        return bool(self.suggestions) and not self.asked.confirmed

    @property
    def problems(self) -> Sequence[Problem]:
        """All that is wrong with what was read, or stands there and is not read."""
        unread = (one.problem for case in self.caseload.cases for one in case.unreadable if one.is_mistake)
        return sorted([*self.refused, *self.caseload.problems, *self.caseload.notices, *unread])

    def mapping_text(self, number: int = 0) -> str:
        """A mapping that was suggested, as text that can be read as one.

        Raises:
            CasescreenError: none was.
        """
        if not self.suggestions:
            raise CasescreenError(
                "No mapping was needed: the headings are those of casescreen, or a mapping was given.",
                advice="drop the same files again next time; there is nothing to save.",
            )
        if not 0 <= number < len(self.suggestions):
            raise CasescreenError("There is no such mapping.", advice="read the files again.")
        return _text_of(self.suggestions[number])


def _text_of(suggestion: Suggestion) -> str:
    """The suggestion as text, called after the file or folder that it is for."""
    return mapping_text(suggestion, f"Mapping of {_made_of(suggestion)}")


def _made_of(suggestion: Suggestion) -> str:
    return visible(suggestion.mapping.place.file)


@define(eq=False)
class _Suggesting:
    """Suggests a mapping for tables of which no heading is known, by what a person has chosen.

    Attributes:
        made: what was suggested.
    """

    rulebook: Rulebook
    asked: Asked
    made: list[Suggestion] = Factory(list)

    def __call__(self, sheets: Sequence[Sheet]) -> CaseMapping:
        """The mapping; once it is confirmed, as it is read where it is kept."""
        folder = rulebook_folder(self.asked.rules or None, shipped_rulebooks())
        vocabulary = read_vocabulary(folder, self.rulebook.dictionary)
        choices = choices_of(sheets, self.asked.choices, self.asked.order)
        suggestion = suggest(sheets, self.rulebook, vocabulary, self.asked.taken_on, choices)
        if isinstance(suggestion, tuple):
            raise ProblemsError(suggestion)
        self.made.append(suggestion)
        if not self.asked.confirmed:
            return suggestion.mapping
        return _read_mapping("mapping.toml", _text_of(suggestion), self.rulebook)


def _read_mapping(file: str, text: str, rulebook: Rulebook) -> CaseMapping:
    manager = rulebook.dictionary.fields.get(rulebook.roles.manager)
    return evolve(mapping_in(file, text, rulebook.dictionary), manager=manager)


@cache
def rulebook_named(rules: str) -> Rulebook:
    """A shipped rulebook; "" is the one that there is. It is loaded once, as it cannot change while the page is open.

    Raises:
        CasescreenError: there is no such rulebook.
    """
    return load_rulebook(rules) if rules else load_rulebook()


def read(files: DroppedFiles, asked: Asked) -> FilesRead:
    """Read the files.

    Raises:
        CasescreenError: there are no files, more cases than a browser can hold, or several files of a kind of which
            one is used.
        ProblemsError: everything that is wrong with a mapping, a profile or waivers.
    """
    sources = [file.name for file in files.of_kind(CASES)]
    if not sources:
        raise CasescreenError("There are no files with cases here.", advice="drop a workbook, or choose one.")
    rulebook = _rules_in_force(files, asked)
    waivers, local = _local_among(files, rulebook)
    mapping, suggesting = _mapping_among(files, rulebook), _Suggesting(rulebook, asked)
    refused: tuple[Problem, ...] = ()
    caseload = Caseload((), "")
    with files.where_they_are():
        try:
            caseload = read_cases(
                sources,
                rulebook.dictionary,
                criteria=rulebook.answerable,
                taken_on=asked.taken_on,
                mapping=mapping,
                suggest=suggesting,
            )
        except ProblemsError as error:
            refused = error.problems
    if len(caseload.cases) > MOST_CASES:
        raise _too_many(len(caseload.cases))
    before, answered, problems = caseload, *_answers_among(files, rulebook, asked)
    if answered is not None:
        caseload = answered.put_into(caseload)
    tables = [source for source in sources if source.lower().endswith((*TABLES, *WORKBOOKS))]
    title = "" if mapping is None else mapping.title
    return FilesRead(
        *(asked, rulebook, caseload, refused, suggesting.made, title, tables, before, waivers, local),
        answered=answered,
        sheet_problems=problems,
        earlier=_earlier_among(files, rulebook, asked),
    )


def _rules_in_force(files: DroppedFiles, asked: Asked) -> Rulebook:
    """The rulebook, with the profile that was dropped laid over it, and days off."""
    if not files.of_kind(PROFILE):
        return with_local_holidays(rulebook_named(asked.rules), asked.holidays)
    from casescreen.page.dropped_files import rules_by_profile  # noqa: PLC0415 - most people have none: start-up time

    rulebook = rules_by_profile(files, asked.rules)
    known = rulebook.calendar.local_holidays
    return with_local_holidays(rulebook, [day for day in asked.holidays if day not in known])


def _local_among(files: DroppedFiles, rulebook: Rulebook) -> tuple[tuple[Waiver, ...] | None, tuple[str, ...]]:
    """The waivers that were dropped, and what is to be said of what is local."""
    if not (files.of_kind(PROFILE) or files.of_kind(WAIVERS)):
        return None, ()
    from casescreen.page.dropped_files import local_words, waivers_among  # noqa: PLC0415 - the same

    waivers = waivers_among(files, rulebook) if files.of_kind(WAIVERS) else None
    return waivers, tuple(local_words(files, rulebook, waivers))


def _answers_among(
    files: DroppedFiles, rulebook: Rulebook, asked: Asked
) -> tuple[NamedAnswers | None, tuple[Problem, ...]]:
    """What was answered on the filled sheets that were dropped, and what of them cannot be used."""
    sheets = [file.name for file in files.of_kind(SHEET)]
    if not sheets:
        return None, ()
    if len(sheets) > MOST_CASES:
        raise _too_many(len(sheets))
    from casescreen.page.enquiry_sheets import answers_on_sheets  # noqa: PLC0415 - most have none: start-up time
    from casescreen.review.answers_in_use import NamedAnswers  # noqa: PLC0415 - the same

    with files.where_they_are():
        answers, problems = answers_on_sheets(sheets, rulebook)
    return (None if answers is None else NamedAnswers(answers, asked.as_of)), problems


def _earlier_among(files: DroppedFiles, rulebook: Rulebook, asked: Asked) -> ScreeningRun | None:
    """The run whose findings came with the cases, if these can be compared with it; else it is told who asks to."""
    came = files.of_kind(FINDINGS)
    if len(came) != 1:
        return None
    from casescreen.history.findings_file import run_from  # noqa: PLC0415 - most have none: start-up time

    try:
        run = run_from(files.data(came[0].id), came[0].name)
    except CasescreenError:
        return None
    fits = run.rulebook == rulebook.id and run.as_of <= asked.as_of and not run.pseudonyms
    return run if fits else None


def read_again(reading: FilesRead, name: str, data: bytes) -> Caseload:
    """The cases that a file of the engine's own holds, read as those were that it was made of."""
    files = DroppedFiles()
    try:
        file, rulebook = files.add(name, data), reading.rulebook
        with files.where_they_are():
            return read_cases(
                [file.name], rulebook.dictionary, criteria=rulebook.answerable, taken_on=reading.asked.taken_on
            )
    finally:
        files.close()


def _mapping_among(files: DroppedFiles, rulebook: Rulebook) -> CaseMapping | None:
    """The mapping that was dropped with the files; None if none was."""
    dropped = files.of_kind(MAPPING)
    if len(dropped) > 1:
        names = ", ".join(visible(file.name) for file in dropped)
        raise CasescreenError(
            f"There are several mappings here: {names}.",
            why="all files that are read together are read by one mapping.",
            advice="keep the one that is for these files, and remove the others. Files with other columns are read on "
            "their own, with the mapping that is for them.",
        )
    if not dropped:
        return None
    text = files.data(dropped[0].id).decode("utf-8-sig", errors="replace")
    return _read_mapping(dropped[0].name, text, rulebook)


def _too_many(number: int) -> CasescreenError:
    return CasescreenError(
        f"There are {counted(number, 'case')} in these files, and this page screens up to {MOST_CASES:,} at a time.",
        why="a browser has too little memory for more.",
        advice="divide them, by team or by year, or ask somebody to screen them with the program casescreen, which is "
        "made for very many.",
    )


def what_was_read(reading: FilesRead, files: DroppedFiles) -> page_json.JsonObject:
    """What was read, as the page shows it."""
    caseload = reading.caseload
    aside = [line for one in reading.suggestions for line in one.not_read]
    assumed = [line for line in caseload.assumed if line != NOT_CONFIRMED]
    assumed += [line for one in reading.suggestions for line in one.chosen]
    unread = [_problem(one, reading.rulebook) for case in caseload.cases for one in case.unreadable if one.is_mistake]
    rejected = [*_each_id_once(sorted((*reading.refused, *caseload.problems)))]
    return {
        "words": _in_words(reading, len(files.of_kind(CASES)), len(unread)),
        "records": len(caseload.cases),
        "left_out": caseload.left_out,
        "files": [{"id": one.id, "name": one.name, "kind": one.kind} for one in files.files.values()],
        "mapping": reading.mapping,
        "local": [*reading.local, *_answers_in_words(reading)],
        **page_json.problems("rejected", rejected),
        **page_json.problems("issues", sorted((*unread, *caseload.notices, *reading.sheet_problems))),
        **page_json.first("assumed", assumed, str),
        **page_json.first("not_read", [*map(untyped, aside)], str),
        "columns": columns_of(reading.suggestions, reading.rulebook),
        "missing": [*_missing(reading)],
        "questions": questions_of(reading.suggestions, reading.asked.order),
        **page_json.first("mappings", reading.suggestions, lambda one: {"of": _made_of(one)}),
        "needs_confirmation": reading.needs_confirmation,
        "can_mark": bool(reading.tables and reading.problems),
        "can_screen": bool(caseload.cases),
    }


def _answers_in_words(reading: FilesRead) -> Iterator[str]:
    """Whose answers on filled sheets are used, and which of these sheets are of no case here."""
    if reading.answered is None:
        return
    yield f"Answers on filled sheets: {reading.answered.used_in(reading.before)}."
    if absent := reading.answered.absent(reading.before):
        yield f"Sheets of cases that are not here: {', '.join(map(visible, absent[:_MOST_NAMED]))}" + (
            f" and {len(absent) - _MOST_NAMED:,} more." if len(absent) > _MOST_NAMED else "."
        )


def _problem(one: Unreadable, rulebook: Rulebook) -> Problem:
    """What cannot be read, called as people call it, and not as a file of rules does."""
    dictionary, keys = rulebook.dictionary, [key for key in one.path if isinstance(key, str)]
    table = dictionary.tables.get(keys[0])
    field = dictionary.fields.get(".".join(keys)) if table is None else table.columns.get(keys[-1])
    if field is None:
        return one.problem
    of = "" if table is None else f"{table.label}, "
    return evolve(one.problem, what=f"{of}{field.label}: {one.what}")


def _in_words(reading: FilesRead, files: int, unread: int) -> str:
    caseload = reading.caseload
    not_read = _files_not_read(reading)
    left_out = caseload.left_out - not_read
    said = f"{counted(len(caseload.cases), 'case was', 'cases were')} read"
    if files > not_read:
        said += f" from {counted(files - not_read, 'file')}"
    if not_read:
        said += f"; {counted(not_read, 'file')} could not be read"
    if left_out > 0:
        said += f"; {counted(left_out, 'record was', 'records were')} left out"
    if unread:
        said += f"; {counted(unread, 'value')} could not be read"
    if caseload.examples:
        said += f"; {counted(caseload.examples, 'example was', 'examples were')} passed over"
    return f"{said}."


def _files_not_read(reading: FilesRead) -> int:
    """How many files hold no case, and have something wrong with them as a whole and not with a record of theirs."""
    caseload = reading.caseload
    wrong = {one.place.file for one in (*reading.refused, *caseload.problems) if not one.place.part}
    return len(wrong - {case.place.file for case in caseload.cases})


def _each_id_once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """The problems, of which one stands for all records that have the same id: it names the others."""
    told_of = set[str]()
    for one in problems:
        if one.what.startswith(SAME_ID):
            if one.place.part in told_of:
                continue
            told_of.add(one.place.part)
        yield one


def _missing(reading: FilesRead) -> Iterator[page_json.JsonObject]:
    """What decides serious questions and is in no column, the weightiest first."""
    tables = reading.rulebook.dictionary.tables
    for one in dict.fromkeys(missing for suggestion in reading.suggestions for missing in suggestion.missing):
        of = f"{tables[one.field.table].label}: " if one.field.table else ""
        yield {"label": f"{of}{one.field.label}", "questions": one.criteria}
