"""What one reader answered, as a file: a workbook, CSV or JSON, or the records of cases that hold the answers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeGuard

from attrs import evolve, frozen

from casescreen.cases.documents import ParsedDocument, Record
from casescreen.cases.load import read_cases
from casescreen.cases.mapping.build import build_records
from casescreen.cases.mapping.ids import id_in
from casescreen.cases.mapping.layout import heading_names, is_aside, layout_mapping
from casescreen.cases.record_reader import read_record
from casescreen.cases.schema import RecordSchema, plain_case, record_schema
from casescreen.cases.sheet_records import sheets_in
from casescreen.cases.tables.cells import Cell, is_blank, text_in
from casescreen.cases.tables.readers import read_sheets
from casescreen.cases.tables.sheet import HeadedSheet, Sheet, with_headings
from casescreen.cases.write.tables import WrittenTable, as_csv, check_texts
from casescreen.files.atomic import write_whole
from casescreen.files.content import decoded, read_text
from casescreen.files.discovery import WORKBOOKS
from casescreen.model.answer_set import AnswerSet
from casescreen.model.case import (
    ANSWER,
    ANSWERS,
    ANSWERS_TABLE,
    CASES,
    CRITERION,
    ID,
    REASON,
    Answer,
    Case,
    is_example,
)
from casescreen.model.problem import CasescreenError, Fault, Place, Problem, ProblemCollector, ProblemsError
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Quoting
from casescreen.syntax.json_parser import read_json
from casescreen.text import counted, evened, folded, listed, visible

FORMAT = "casescreen-answers/1"
"""What a file of answers in JSON says that it is."""

ENDINGS = (".xlsx", ".csv", ".json")
"""How the name of a file of answers can end."""

_DELIMITED = (".csv", ".tsv", ".txt")
_ABOUT = "about"
_MOST_ROWS = 200_000
_MOST_TOLD = 200
_FEW = 5
_READER, _RULEBOOK, _RULES = "reader", "rulebook", "rules"
_MADE_ON = date(2000, 1, 1)  # any one day: the same answers are the same bytes
_WHY = "What is not read cannot be compared."
_BY_ONE_READER = "Put the answers of each reader into a file of their own."


@frozen
class _Stated:
    """What a file says beside the answers: whose they are, and under which rules they were given."""

    reader: str = ""
    rulebook: str = ""
    rules: str = ""


@frozen(eq=False)
class _Found:
    """The cases of a file, each with its answers and what cannot be read, and what was not read beside them."""

    cases: Sequence[Case]
    stated: _Stated = _Stated()
    notices: tuple[Problem, ...] = ()


def read_answer_set(path: Path, rulebook: Rulebook, *, taken_on: date | None = None) -> AnswerSet:
    """What one reader answered, by a file of answers or by the answers in the records of cases.

    Args:
        path: a workbook, CSV or JSON as ``write_answer_set`` makes it; or a file or folder of cases.
        rulebook: whose questions were answered.
        taken_on: the day after which nothing can have been answered; not known, if None.

    Raises:
        ProblemsError: everything that is wrong in it.
        CasescreenError: it holds answers of several readers.
    """
    schema = record_schema(rulebook.dictionary, rulebook.answerable, taken_on, quoted=True)
    found = None if path.is_dir() else _found_in(str(path), schema)
    if found is None:
        caseload = read_cases(
            [path], rulebook.dictionary, criteria=rulebook.answerable, taken_on=taken_on, quoting=Quoting.EVERYTHING
        )
        if caseload.problems:
            raise ProblemsError(caseload.problems)
        found = _Found(caseload.cases)
    return _answer_set(found, str(path), rulebook)


def _found_in(file: str, schema: RecordSchema) -> _Found | None:
    """What a file of answers holds; None if it is one of cases."""
    if file.lower().endswith(".json"):
        text = read_text(file)
        if isinstance(text, Problem):
            raise ProblemsError([text])
        return _found_in_json(file, text, schema)
    if file.lower().endswith((*WORKBOOKS, *_DELIMITED)):
        sheets, problems = sheets_in(file)
        if problems:
            raise ProblemsError(problems)
        return _found_in_sheets(sheets, schema)
    return None


def _found_in_json(file: str, text: str, schema: RecordSchema) -> _Found | None:
    content = read_json(text)
    if isinstance(content, Fault) or not isinstance(content, dict) or "format" not in content:
        return None  # read as cases, where it is said what is wrong
    place = Place(file)
    if content["format"] != FORMAT:
        what = f'it says that its format is "{visible(str(content["format"]))}"'
        advice = f'A file of answers has the format "{FORMAT}": casescreen enquiry read writes one.'
        raise ProblemsError([Problem(place, what, advice)])
    ids, rows, rules = content.get(CASES), content.get(ANSWERS), content.get(_RULEBOOK, {})
    if not _are_ids(ids) or not isinstance(rows, list) or not isinstance(rules, dict):
        what = f'it has no list of ids as "{CASES}", no list of rows as "{ANSWERS}", or no group as "{_RULEBOOK}"'
        raise ProblemsError([Problem(place, what, "Write it again: casescreen enquiry read does.")])
    by_case: dict[str, list[object]] = {evened(one): [] for one in ids}
    if len(by_case) < len(ids):
        raise ProblemsError([Problem(place, f'"{CASES}" names a case twice', "Keep one of them.")])
    problems = ProblemCollector(_MOST_TOLD)
    for number, row in enumerate(rows, 1):
        case = row.get(ID) if isinstance(row, dict) else None
        if not isinstance(case, str) or evened(case) not in by_case:
            what = f'answer {number} has no "{ID}" that is among "{CASES}"'
            problems.add(place, what, "Give it the id of a case that was read.", _WHY)
        else:
            by_case[evened(case)].append({name: value for name, value in row.items() if name != ID})
    if problems.problems:
        raise ProblemsError(problems.problems)
    document = ParsedDocument(file, text, dates_as_text=True)
    records = [Record(document, (), 0, {"case": {"id": one}, ANSWERS: some}) for one, some in by_case.items()]
    stated = _Stated(*(_text_of(one) for one in (content.get(_READER), rules.get("id"), rules.get("hash"))))
    return _Found(_cases(records, schema), stated)


def _are_ids(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(one, str) and evened(one) for one in value)


def _text_of(value: object) -> str:
    return evened(value) if isinstance(value, str) else ""


def _found_in_sheets(sheets: Sequence[Sheet], schema: RecordSchema) -> _Found | None:
    named = {folded(sheet.called): sheet for sheet in sheets if sheet.is_filled and not is_aside(sheet)}
    about = named.pop(_ABOUT, None)
    cases, answers = named.get(CASES), named.get(ANSWERS)
    if len(named) == 1 and cases is None:
        [answers] = named.values()
    if answers is None or (cases is not None and not _has_ids_alone(cases)):
        return None
    answers = evolve(answers, called=ANSWERS)
    headed = _headed(answers, schema)
    if cases is None:
        cases = _cases_of(headed, schema)
    bound = layout_mapping([cases, _without_blanks(headed, schema)], schema)
    if isinstance(bound, tuple):
        raise ProblemsError(bound)
    built = build_records(bound, schema.taken_on, bare=True)
    if built.problems:
        raise ProblemsError(built.problems)
    return _Found(_cases(built.records, schema), _stated_in(about), tuple(bound.left_aside))


def _has_ids_alone(sheet: Sheet) -> bool:
    headed = with_headings(sheet)
    return headed is not None and [folded(heading) for _, heading in headed.headings()] == [ID]


def _headed(sheet: Sheet, schema: RecordSchema) -> HeadedSheet:
    """The sheet of answers from its headings down.

    Raises:
        ProblemsError: it cannot be one, or has too many rows.
    """
    headed = with_headings(sheet)
    if headed is None:
        raise ProblemsError([Problem(sheet.place(0), "there are no headings in it", _headings_wanted())])
    names = _columns(headed, schema)
    asked = {CRITERION, ANSWER} <= names.keys() or any(name.startswith("asked.") for name in names)
    if ID not in names or not asked:
        there = listed((f'"{visible(heading)}"' for _, heading in [*headed.headings()][:_FEW]), "and")
        what = f"it is no table of answers: its headings are {there}"
        raise ProblemsError([Problem(sheet.place(headed.header), what, _headings_wanted(), _WHY)])
    if len(headed.rows()) > _MOST_ROWS:
        what = f"it holds {counted(len(headed.rows()), 'row')}"
        raise ProblemsError([Problem(sheet.place(0), what, f"A file can hold up to {_MOST_ROWS:,} answers.")])
    return headed


def _headings_wanted() -> str:
    return f"The headings are {listed([ID, *ANSWERS_TABLE.columns], 'and')}; {ID}, criterion and answer are needed."


def _columns(headed: HeadedSheet, schema: RecordSchema) -> Mapping[str, str]:
    """The headings by the names of the columns that they stand for."""
    names = heading_names(schema, ANSWERS)
    return {names[folded(heading)]: heading for _, heading in headed.headings() if folded(heading) in names}


def _cases_of(headed: HeadedSheet, schema: RecordSchema) -> Sheet:
    """The sheet of cases that a sheet of answers stands for: the id of each case, where it stands first."""
    column = headed.columns[_columns(headed, schema)[ID]]
    seen: set[str] = set()
    rows: list[Sequence[Cell]] = []
    for number, cells in enumerate(headed.sheet.rows):
        cell = cells[column] if number >= headed.header and column < len(cells) else None
        key = id_in(cell)
        is_new = not is_blank(cell) and (isinstance(key, Fault) or key not in seen)
        rows.append([*[None] * column, cell] if is_new else [])
        if isinstance(key, str):
            seen.add(key)
    return evolve(headed.sheet, called=CASES, rows=rows)


def _without_blanks(headed: HeadedSheet, schema: RecordSchema) -> Sheet:
    """The sheet of answers without the rows in which nothing is answered and no reason given."""
    columns = _columns(headed, schema)
    if ANSWER not in columns:
        return headed.sheet
    said = [headed.columns[columns[name]] for name in (ANSWER, REASON) if name in columns]
    rows: list[Sequence[Cell]] = []
    for number, cells in enumerate(headed.sheet.rows):
        is_said = any(index < len(cells) and not is_blank(cells[index]) for index in said)
        rows.append(cells if number <= headed.header or is_said else [])
    return evolve(headed.sheet, rows=rows)


def _stated_in(sheet: Sheet | None) -> _Stated:
    stated: dict[str, str] = {}
    for cells in () if sheet is None else sheet.rows[:_MOST_TOLD]:
        first, second = (text_in(cell) for cell in (*cells, None, None)[:2])
        if isinstance(first, str) and isinstance(second, str):
            stated.setdefault(folded(first), evened(second))
    return _Stated(*(stated.get(name, "") for name in (_READER, _RULEBOOK, _RULES)))


def _cases(records: Iterable[Record], schema: RecordSchema) -> Sequence[Case]:
    """The cases that records are.

    Raises:
        ProblemsError: some are none.
    """
    read = [one for one in (read_record(record, schema) for record in records) if not is_example(one.id)]
    if problems := [problem for one in read for problem in one.problems]:
        raise ProblemsError(problems[:_MOST_TOLD])
    return [one.case for one in read if one.case is not None]


def _answer_set(found: _Found, source: str, rulebook: Rulebook) -> AnswerSet:
    """The answers as those of one reader, each to the question as it is called now."""
    problems = ProblemCollector(_MOST_TOLD)
    answers: dict[str, tuple[Answer, ...]] = {}
    order = {id_: number for number, id_ in enumerate(rulebook.criterion)}
    numbers = Counter(case.id for case in found.cases)
    for case in found.cases:
        problems.extend(one.problem for one in case.unreadable if one.path[0] == ANSWERS and one.is_mistake)
        if numbers[case.id] > 1:
            problems.add(evolve(case.place, part=f"case {case.id}"), "the case stands in it twice", "Keep one of them.")
        now: dict[tuple[str, str], Answer] = {}
        for one in case.answers:
            answer = evolve(one, criterion=rulebook.renamed.get(one.criterion, one.criterion))
            if (answer.criterion, answer.item) in now:
                what = f"the question {visible(answer.criterion)} is answered twice, under its old id and its new one"
                problems.add(evolve(case.place, part=f"case {case.id}"), what, "Keep one of them.")
            now[answer.criterion, answer.item] = answer
        if now:
            answers[case.id] = tuple(
                sorted(now.values(), key=lambda one: (order.get(one.criterion, len(order)), one.criterion, one.item))
            )
    if problems.problems:
        raise ProblemsError(problems.problems[:_MOST_TOLD])
    if not found.cases:
        raise ProblemsError([Problem(Place(source), "there is no case in it", "Look whether it is the right file.")])
    reader = _one_reader(found.stated.reader, answers, source)
    return AnswerSet(
        reader,
        tuple(sorted(numbers)),
        {case: answers[case] for case in sorted(answers)},
        source,
        found.stated.rulebook,
        found.stated.rules,
        found.notices,
    )


def _one_reader(stated: str, answers: Mapping[str, tuple[Answer, ...]], source: str) -> str:
    """Whose the answers are.

    Raises:
        CasescreenError: several people's, or of some it is not said.
    """
    numbers: dict[str, int] = {}
    names: dict[str, str] = {"": stated} if stated else {}
    for answer in (one for some in answers.values() for one in some):
        name = evened(answer.reader) or stated
        numbers[folded(name)] = numbers.get(folded(name), 0) + 1
        names.setdefault(folded(name), name)
    named = sorted(one for one in numbers if one)
    file = visible(source)
    if len(named) > 1 or (named and stated and folded(stated) not in numbers):
        each = [f"{visible(names[one])} ({counted(numbers[one], 'answer')})" for one in named[:_FEW]]
        each += [f"{len(named) - _FEW:,} more"] if len(named) > _FEW else []
        raise CasescreenError(
            f"{file} holds the answers of {counted(len(named), 'reader')}: {listed(each, 'and')}.",
            why="what one reader answered is held against what another one did.",
            advice=_BY_ONE_READER,
        )
    if named and numbers.get(""):
        raise CasescreenError(
            f"{file}: of {counted(numbers[''], 'answer')} it is not said whose they are; the others are "
            f"{visible(names[named[0]])}'s.",
            why="they may be another reader's.",
            advice="fill in the column reader. " + _BY_ONE_READER,
        )
    return names[named[0]] if named else stated


def write_answer_set(path: Path, answer_set: AnswerSet, rulebook: Rulebook, *, force: bool) -> None:
    """Write what one reader answered, in the form that the file's name ends in, as it can be read again.

    Raises:
        CasescreenError: the name ends otherwise, a text does not survive in the form, or the file cannot be written.
    """
    forms: Mapping[str, Callable[[AnswerSet, Rulebook], bytes]] = dict(zip(ENDINGS, (_xlsx, _csv, _json), strict=True))
    write = forms.get(path.suffix.lower())
    if write is None:
        raise CasescreenError(
            f"{visible(str(path))} can be no file of answers.", advice=f"let its name end in {listed(ENDINGS)}."
        )
    content = write(answer_set, rulebook)
    _check_same(content, path.suffix.lower(), answer_set, rulebook)
    write_whole(path, content, force=force)


def _rows(answer_set: AnswerSet, *, all_cases: bool) -> Iterator[tuple[str | date | None, ...]]:
    """The rows of the table of answers, of a case without any the id alone."""
    blank = (None,) * len(ANSWERS_TABLE.columns)
    for case in answer_set.cases:
        some = answer_set.answers.get(case, ())
        if not some and all_cases:
            yield (case, *blank)
        for answer in some:
            values = _values(_named(answer_set.reader, answer))
            yield (case, *(values.get(name) for name in ANSWERS_TABLE.columns))


def _values(answer: Answer) -> Mapping[str, str | date]:
    rows = plain_case(Case("", {}, {}, (answer,)))[ANSWERS]
    assert isinstance(rows, list)
    return {name: value for name, value in rows[0].items() if isinstance(value, str | date)}


def _csv(answer_set: AnswerSet, rulebook: Rulebook) -> bytes:
    columns = (rulebook.dictionary.fields[ID], *ANSWERS_TABLE.columns.values())
    table = WrittenTable(ANSWERS, columns, tuple(_rows(answer_set, all_cases=True)))
    check_texts([table])
    return as_csv(table)


def _json(answer_set: AnswerSet, rulebook: Rulebook) -> bytes:
    headings = (ID, *ANSWERS_TABLE.columns)
    rows = _rows(answer_set, all_cases=False)
    content = {
        "format": FORMAT,
        _READER: answer_set.reader,
        _RULEBOOK: {"id": rulebook.id, "version": rulebook.version, "hash": rulebook.hash},
        CASES: list(answer_set.cases),
        ANSWERS: [{name: cell for name, cell in zip(headings, row, strict=True) if cell} for row in rows],
    }
    return (json.dumps(content, indent=2, default=date.isoformat) + "\n").encode("ascii")


def _xlsx(answer_set: AnswerSet, rulebook: Rulebook) -> bytes:
    from casescreen.office.excel import Book  # noqa: PLC0415 - start-up time
    from casescreen.office.styles import SheetColumn, SheetContent  # noqa: PLC0415 - the same

    widths = {CRITERION: 40, REASON: 60}
    columns = tuple(SheetColumn(name, widths.get(name, 18)) for name in (ID, *ANSWERS_TABLE.columns))
    book = Book("Answers of one reader", _MADE_ON)
    rows = [tuple(map(_in_lines, row)) for row in _rows(answer_set, all_cases=False)]
    book.write_table(SheetContent("Answers", columns, rows, "No question was answered."))
    book.write_table(SheetContent("Cases", (SheetColumn(ID, 18),), [(case,) for case in answer_set.cases]))
    said = {"format": FORMAT, _READER: answer_set.reader, _RULEBOOK: rulebook.id, _RULES: rulebook.hash}
    book.write_table(SheetContent("About", (SheetColumn("What", 18), SheetColumn("Is", 70)), tuple(said.items())))
    return book.to_bytes()


def _in_lines(value: str | date | None) -> str | date | tuple[str, ...] | None:
    return tuple(value.split("\n")) if isinstance(value, str) and "\n" in value else value


def _check_same(content: bytes, suffix: str, answer_set: AnswerSet, rulebook: Rulebook) -> None:
    """Hold that what was written reads as what it was written from.

    Raises:
        CasescreenError: it does not: some text does not survive in the form.
    """
    file, schema = f"answers{suffix}", record_schema(rulebook.dictionary, rulebook.answerable)
    try:
        if suffix == ".json":
            text = decoded(content)
            assert isinstance(text, str), "it was written as text"
            found = _found_in_json(file, text, schema)
        else:
            sheets = read_sheets(file, content)
            assert not isinstance(sheets, Fault), "it was written as a table"
            found = _found_in_sheets(sheets, schema)
        assert found is not None, "it was written as answers"
        again = _answer_set(found, answer_set.source, rulebook)
    except CasescreenError as error:
        raise _not_kept(suffix) from error
    named = partial(_named, answer_set.reader)
    before = {case: frozenset(map(named, some)) for case, some in answer_set.answers.items() if some}
    after = {case: frozenset(map(named, some)) for case, some in again.answers.items()}
    if again.cases != tuple(sorted(answer_set.cases)) or before != after:
        raise _not_kept(suffix)


def _named(reader: str, answer: Answer) -> Answer:
    return evolve(answer, reader=answer.reader or reader)


def _not_kept(suffix: str) -> CasescreenError:
    return CasescreenError(
        f"These answers cannot be kept as {suffix}: an id or a text in them would read otherwise.",
        advice="choose .json, or shorten or correct the text.",
    )
