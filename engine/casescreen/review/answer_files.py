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
from casescreen.cases.record_reader import read_record
from casescreen.cases.schema import RecordSchema, plain_case, record_schema
from casescreen.cases.sheet_records import sheets_in
from casescreen.cases.tables.cells import text_in
from casescreen.cases.tables.readers import read_sheets
from casescreen.cases.tables.sheet import Sheet
from casescreen.cases.write.tables import WrittenTable, as_csv, check_texts
from casescreen.files.atomic import write_whole
from casescreen.files.content import decoded, read_text
from casescreen.files.discovery import WORKBOOKS
from casescreen.model.answer_set import AnswerSet
from casescreen.model.case import ANSWERS, ANSWERS_TABLE, CASES, CRITERION, ID, ITEM, REASON, Answer, Case, is_example
from casescreen.model.problem import CasescreenError, Fault, Place, Problem, ProblemCollector, ProblemsError
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Quoting
from casescreen.review.answer_table import answer_table
from casescreen.review.enquiry import day_stated
from casescreen.syntax.json_parser import read_json
from casescreen.text import counted, evened, folded, in_words, listed, visible

FORMAT = "casescreen-answers/1"
"""What a file of answers in JSON says that it is."""

ENDINGS = (".xlsx", ".csv", ".json")
"""How the name of a file of answers can end."""

_DELIMITED = (".csv", ".tsv", ".txt")
_ABOUT = "about"
_MOST_TOLD = 200
_FEW = 5
_READER, _RULEBOOK, _RULES, _AS_OF = "reader", "rulebook", "rules", "as_of"
_MADE_ON = date(2000, 1, 1)  # any one day: the same answers are the same bytes
_WHY = "What is not read cannot be compared."
_BY_ONE_READER = "Put the answers of each reader into a file of their own."


@frozen
class _Stated:
    """What a file says beside the answers: whose they are, and under which rules they were given."""

    reader: str = ""
    rulebook: str = ""
    rules: str = ""
    as_of: str = ""


@frozen(eq=False)
class _FileContent:
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
    content = None if path.is_dir() else _content_of(str(path), schema)
    if content is None:
        caseload = read_cases(
            [path], rulebook.dictionary, criteria=rulebook.answerable, taken_on=taken_on, quoting=Quoting.EVERYTHING
        )
        if caseload.problems:
            raise ProblemsError(caseload.problems)
        content = _FileContent(caseload.cases)
    return _answer_set(content, str(path), rulebook)


def _content_of(file: str, schema: RecordSchema) -> _FileContent | None:
    """What a file of answers holds; None if it is one of cases."""
    if file.lower().endswith(".json"):
        text = read_text(file)
        if isinstance(text, Problem):
            raise ProblemsError([text])
        return _content_of_json(file, text, schema)
    if file.lower().endswith((*WORKBOOKS, *_DELIMITED)):
        sheets, problems = sheets_in(file)
        if problems:
            raise ProblemsError(problems)
        return _content_of_sheets(sheets, schema)
    return None


def _content_of_json(file: str, text: str, schema: RecordSchema) -> _FileContent | None:
    content, place = read_json(text), Place(file)
    if isinstance(content, Fault) or not isinstance(content, dict) or "format" not in content:
        return None  # read as cases, where it is said what is wrong
    if content["format"] != FORMAT:
        what = f'it says that its format is "{visible(str(content["format"]))}"'
        advice = f'A file of answers has the format "{FORMAT}": casescreen enquiry read writes one.'
        raise ProblemsError([Problem(place, what, advice)])
    ids, rows, rules = content.get(CASES), content.get(ANSWERS), content.get(_RULEBOOK, {})
    if not _are_ids(ids) or not isinstance(rows, list) or not isinstance(rules, dict):
        what = f'it has no list of ids as "{CASES}", no list of rows as "{ANSWERS}", or no group as "{_RULEBOOK}"'
        raise ProblemsError([Problem(place, what, "Write it again: casescreen enquiry read does.")])
    beside = [content.get(_READER, ""), rules.get("id", ""), rules.get("hash", ""), content.get(_AS_OF, "")]
    if not all(isinstance(one, str) for one in beside):
        what = f'"{_READER}" or "{_AS_OF}", or "id" or "hash" of "{_RULEBOOK}", is no text'
        raise ProblemsError([Problem(place, what, "Write it in quotes, or leave it out.")])
    document = ParsedDocument(file, text, dates_as_text=True)
    by_case = _rows_by_case(ids, rows, place)
    records = [Record(document, (), 0, {"case": {"id": one}, ANSWERS: some}) for one, some in by_case.items()]
    return _FileContent(_cases(records, schema), _Stated(*(evened(str(one)) for one in beside)))


def _rows_by_case(ids: Sequence[str], rows: Sequence[object], place: Place) -> Mapping[str, Sequence[object]]:
    """The rows of each case, as a record has them.

    Raises:
        ProblemsError: a case is listed twice, or a row is of none of those that are.
    """
    by_case: dict[str, list[object]] = {evened(one): [] for one in ids}
    problems = ProblemCollector(_MOST_TOLD)
    if len(by_case) < len(ids):
        problems.add(place, f'"{CASES}" names a case twice', "Keep one of them.")
    for number, row in enumerate(rows, 1):
        case = row.get(ID) if isinstance(row, dict) else None
        if isinstance(row, dict) and isinstance(case, str) and evened(case) in by_case:
            by_case[evened(case)].append({name: value for name, value in row.items() if name != ID})
        else:
            what = f'answer {number} has no "{ID}" that is among "{CASES}"'
            problems.add(place, what, "Give it the id of a case that was read.", _WHY)
    if problems.problems:
        raise ProblemsError(problems.problems)
    return by_case


def _are_ids(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(one, str) and evened(one) for one in value)


def _content_of_sheets(sheets: Sequence[Sheet], schema: RecordSchema) -> _FileContent | None:
    about = next((sheet for sheet in sheets if folded(sheet.called) == _ABOUT), None)
    table = answer_table([sheet for sheet in sheets if sheet is not about], schema)
    return None if table is None else _FileContent(_cases(table.records, schema), _stated_in(about), table.notices)


def _stated_in(sheet: Sheet | None) -> _Stated:
    stated: dict[str, str] = {}
    for cells in () if sheet is None else sheet.rows[:_MOST_TOLD]:
        first, second = (text_in(cell) for cell in (*cells, None, None)[:2])
        if isinstance(first, str) and isinstance(second, str):
            stated.setdefault(folded(first), evened(second))
    return _Stated(*(stated.get(name, "") for name in (_READER, _RULEBOOK, _RULES, _AS_OF)))


def _cases(records: Iterable[Record], schema: RecordSchema) -> Sequence[Case]:
    """The cases that records are.

    Raises:
        ProblemsError: some are none.
    """
    read = [one for one in (read_record(record, schema) for record in records) if not is_example(one.id)]
    if problems := [problem for one in read for problem in one.problems]:
        raise ProblemsError(problems[:_MOST_TOLD])
    return [one.case for one in read if one.case is not None]


def _answer_set(content: _FileContent, source: str, rulebook: Rulebook) -> AnswerSet:
    """The answers as those of one reader, each to the question as it is called now."""
    problems = ProblemCollector(_MOST_TOLD)
    numbers = Counter(case.id for case in content.cases)
    answers = {case.id: _renamed(case, rulebook, problems) for case in content.cases}
    for case in content.cases:
        problems.extend(one.problem for one in case.unreadable if one.path[0] == ANSWERS and one.is_mistake)
        if numbers[case.id] > 1:
            problems.add(evolve(case.place, part=f"case {case.id}"), "the case stands in it twice", "Keep one of them.")
    if not content.cases:
        problems.add(Place(source), "there is no case in it", "Look whether it is the right file.")
    if problems.problems:
        raise ProblemsError(problems.problems[:_MOST_TOLD])
    given = {case: answers[case] for case in sorted(answers) if answers[case]}
    return AnswerSet(
        _one_reader(content.stated.reader, [one for some in given.values() for one in some], source),
        tuple(sorted(numbers)),
        given,
        source,
        content.stated.rulebook,
        content.stated.rules,
        day_stated(content.stated.as_of),
        content.notices,
    )


def _renamed(case: Case, rulebook: Rulebook, problems: ProblemCollector) -> tuple[Answer, ...]:
    """The answers of a case in the rulebook's order, by the ids that questions have now."""
    now: dict[tuple[str, str], Answer] = {}
    for one in case.answers:
        answer = evolve(one, criterion=rulebook.renamed.get(one.criterion, one.criterion))
        if (fault := _of_no_row(answer, rulebook)) is not None:
            problems.extend([fault.at(evolve(case.place, part=f"case {case.id}"), _WHY)])
        if (answer.criterion, answer.item) in now:
            what = f"the question {visible(answer.criterion)} is answered twice, under its old id and its new one"
            problems.add(evolve(case.place, part=f"case {case.id}"), what, "Keep one of them.")
        now[answer.criterion, answer.item] = answer
    order = {id_: number for number, id_ in enumerate(rulebook.criterion)}
    return tuple(now[key] for key in sorted(now, key=lambda key: (order.get(key[0], len(order)), key)))


def _of_no_row(answer: Answer, rulebook: Rulebook) -> Fault | None:
    """Why an answer is none to its question: one asked of rows needs an item, and one asked of the case has none."""
    criterion = rulebook.criterion.get(answer.criterion)
    if criterion is None or (criterion.per is not None) == bool(answer.item):
        return None
    if answer.item:
        what = f'the answer to {criterion.id} is about "{in_words(answer.item)}", and the question is about the case'
        return Fault(what, "Take the item out, or give the right criterion.")
    return Fault(f"the answer to {criterion.id} does not say which {ITEM} it is about", f"Fill in {ITEM}.")


def _one_reader(stated: str, answers: Iterable[Answer], source: str) -> str:
    """Whose the answers are; "" where that is said nowhere.

    Args:
        stated: who is named beside the answers; those that name nobody are theirs.
        answers: all of them.
        source: the file, as it was named.

    Raises:
        CasescreenError: several people's, or of some it is not said.
    """
    numbers = Counter(evened(one.reader) or stated for one in answers)
    names: dict[str, str] = {}
    for name in (stated, *sorted(numbers)):
        names.setdefault(folded(name), name)
    named, nobody = [name for name in sorted(names) if name], numbers.get("", 0)
    if len(named) > 1:
        each = [_counted(names[name], numbers) for name in named[:_FEW]]
        each += [f"{len(named) - _FEW:,} more"] if len(named) > _FEW else []
        raise CasescreenError(
            f"{visible(source)} holds the answers of {counted(len(named), 'reader')}: {listed(each, 'and')}.",
            why="what one reader answered is held against what another one did.",
            advice=_BY_ONE_READER,
        )
    if named and nobody:
        raise CasescreenError(
            f"{visible(source)}: of {counted(nobody, 'answer')} it is not said whose they are; the others are "
            f"{visible(names[named[0]])}'s.",
            why="they may be another reader's.",
            advice=f"fill in the column reader. {_BY_ONE_READER}",
        )
    return names[named[0]] if named else ""


def _counted(name: str, numbers: Mapping[str, int]) -> str:
    number = sum(often for other, often in numbers.items() if folded(other) == folded(name))
    return f"{visible(name)} ({counted(number, 'answer')})"


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
        **_as_at(answer_set),
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
    said |= _as_at(answer_set)
    book.write_table(SheetContent("About", (SheetColumn("What", 18), SheetColumn("Is", 70)), tuple(said.items())))
    return book.to_bytes()


def _as_at(answer_set: AnswerSet) -> dict[str, str]:
    return {} if answer_set.as_of is None else {_AS_OF: answer_set.as_of.isoformat()}


def _in_lines(value: str | date | None) -> str | date | tuple[str, ...] | None:
    return tuple(value.split("\n")) if isinstance(value, str) and "\n" in value else value


def _check_same(written: bytes, suffix: str, answer_set: AnswerSet, rulebook: Rulebook) -> None:
    """Hold that what was written reads as what it was written from.

    Raises:
        CasescreenError: it does not: some text does not survive in the form.
    """
    file, schema = f"answers{suffix}", record_schema(rulebook.dictionary, rulebook.answerable)
    try:
        if suffix == ".json":
            text = decoded(written)
            assert isinstance(text, str), "it was written as text"
            content = _content_of_json(file, text, schema)
        else:
            sheets = read_sheets(file, written)
            assert not isinstance(sheets, Fault), "it was written as a table"
            content = _content_of_sheets(sheets, schema)
        assert content is not None, "it was written as answers"
        again = _answer_set(content, answer_set.source, rulebook)
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
        advice=f"{'' if suffix == '.json' else 'choose .json, or '}shorten or correct the text.",
    )
