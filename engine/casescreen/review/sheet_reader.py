"""Reading a filled enquiry sheet back: a document or a workbook, whatever program has saved it.

What a sheet is of stands on it, in "About this sheet"; each question is known by its Ref. So it may be sorted, have
columns and rows of somebody else, and be renamed. It is read within the bounds of any other file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time

from attrs import Factory, define, frozen

from casescreen.cases.tables.cells import Cell, DateOrder, day_in, error_in, is_blank, text_in, written_in
from casescreen.cases.tables.readers import sheets_in_workbook
from casescreen.cases.tables.word_tables import tables_in
from casescreen.cases.tables.workbook_file import with_details
from casescreen.files.content import read_bytes
from casescreen.model.case import Answer
from casescreen.model.dictionary import LONGEST_TEXT, SAID_INSTEAD, YES_NO
from casescreen.model.outcome import Basis, ReadersAnswer
from casescreen.model.problem import Fault, FaultError, Place, Problem
from casescreen.model.rulebook import Rulebook
from casescreen.office.styles import fitting
from casescreen.review.enquiry import (
    ANSWER,
    ANSWERS_OFFERED,
    AS_AT,
    CASE,
    KNOWN_FROM,
    NOT_APPLICABLE,
    QUESTION,
    READ_ON,
    READER,
    REASON,
    REF,
    RULES,
    RULES_HASH,
    SAMPLE,
    SHEET_FORM,
    SHEET_FORMAT,
    SOURCES_OFFERED,
    day_stated,
    question_of_ref,
    ref_of_question,
)
from casescreen.text import did_you_mean, evened, evened_lines, folded, in_words, listed, visible

DOCUMENTS = (".docx", ".odt")
"""What the names of documents that are read end in."""

OTHER_DOCUMENTS = (".doc", ".rtf", ".pdf")
"""The same of those that are not, and have to be saved as documents first."""

_MOST_BYTES = 32 * 1024 * 1024
_MOST_ROWS, _MOST_COLUMNS, _LONGEST_NAME = 50_000, 60, 200
_CHOOSE = "choose an item."  # what Word shows where a choice was made and taken away
_OFFERED = tuple(" / ".join(offered) for offered in (ANSWERS_OFFERED, SOURCES_OFFERED))
_ANSWERS = {answer.value: answer for answer in ReadersAnswer if answer is not ReadersAnswer.NONE}
_NO_REF = ("this row has no Ref, so what is written in it belongs to no question", "Write it in the row of a question.")
_TWO_REFS = (
    "this row has several Refs, so it cannot be known which question is answered",
    "Divide what was joined, so that each question has its own row.",
)
_HOW_TO_ANSWER = f"Write {listed(ANSWERS_OFFERED)}, or nothing."


@frozen
class FilledSheet:
    """What a reader made of the sheet of a case.

    Attributes:
        case: the case's id.
        rulebook: the id of the rules that it was made by.
        rules: their hash.
        as_of: the day as at which it was made; None where that cannot be read.
        sample: the hash of the sample record; "" where it names none.
        reader: who filled it in; "" where it does not say.
        answers: what was answered, in the order of the sheet; none of them names a reader.
        questions: how many questions a reader was asked, of those that no fact decides.
        answered: how many of them have an answer.
        problems: what is written in it and cannot be read.
    """

    file: str
    case: str
    rulebook: str
    rules: str
    as_of: date | None
    sample: str
    reader: str
    answers: tuple[Answer, ...]
    questions: int
    answered: int
    problems: tuple[Problem, ...] = ()

    @property
    def place(self) -> Place:
        """Where it is."""
        return Place(self.file, part=f"case {visible(self.case)}")


def read_filled_sheet(file: str, rulebook: Rulebook) -> FilledSheet | Problem:
    """What stands on a sheet; or why the file is none that can be read."""
    grids = _grids(file)
    if isinstance(grids, Problem):
        return grids
    about = _about(grids)
    if isinstance(about, Fault):
        return about.at(Place(file), "An answer would be taken for one that is of another case.")
    if about.get(SHEET_FORM) != SHEET_FORMAT or not all(about.get(one) for one in (CASE, RULES, RULES_HASH)):
        what = f'it is no enquiry sheet: no table in it says "{SHEET_FORM}: {SHEET_FORMAT}", and of what it is'
        return Problem(Place(file), what, 'Leave "About this sheet" in it, or take the file out of the folder.')
    rows = _Rows(file, about[CASE], rulebook)
    for grid in grids:
        rows.read(grid)
    if not rows.tables:
        what = f'none of its tables has the headings "{ANSWER}" and "{REASON}"'
        return Problem(Place(file), what, "Give these columns their headings again.")
    day = rows.day(_beside(grids, READ_ON))
    return FilledSheet(
        file=file,
        case=about[CASE],
        rulebook=about[RULES],
        rules=about[RULES_HASH],
        as_of=day_stated(about.get(AS_AT, "")),
        sample=about.get(SAMPLE, ""),
        reader=evened(_beside(grids, READER)[0])[:_LONGEST_NAME],
        answers=rows.answers_on(day),
        questions=rows.questions,
        answered=rows.answered,
        problems=tuple(rows.problems),
    )


@frozen
class _Grid:
    """A table of texts.

    Attributes:
        place: where a cell is, by its row and column from 0.
    """

    rows: Sequence[Sequence[str]]
    place: Callable[[int, int], Place]


def _grids(file: str) -> Sequence[_Grid] | Problem:
    """The tables of a document, or the sheets of a workbook; or why there are none."""
    if file.lower().endswith(OTHER_DOCUMENTS):
        return Problem(Place(file), "files of this kind are not read", "Save it as a Word document (.docx).")
    data = read_bytes(file, _MOST_BYTES)
    if isinstance(data, Problem):
        return data
    try:
        if not file.lower().endswith(DOCUMENTS):
            sheets = sheets_in_workbook(file, data)
            if isinstance(sheets, Fault):
                return sheets.at(Place(file))
            return [_Grid(_texts(sheet.rows), sheet.place) for sheet in with_details(sheets, data)]
        return [_Grid(rows, lambda _row, _column: Place(file)) for rows in tables_in(data)]
    except FaultError as error:
        return error.fault.at(Place(file))


def _texts(rows: Sequence[Sequence[Cell]]) -> Sequence[Sequence[str]]:
    if len(rows) > _MOST_ROWS:
        what = f"a sheet of it has more than {_MOST_ROWS:,} rows"
        raise FaultError(Fault(what, "Take away what does not belong there."))
    return [[_text(cell) for cell in row[:_MOST_COLUMNS]] for row in rows]


def _text(cell: Cell) -> str:
    """What a cell says, as text."""
    if is_blank(cell):
        return ""
    if isinstance(cell, datetime):
        cell = cell.date() if cell.time() == time() else str(cell)
    if isinstance(cell, date):
        return in_words(cell)
    said = text_in(cell)
    return (written_in(cell) if isinstance(said, Fault) else said).strip()


def _about(grids: Iterable[_Grid]) -> Mapping[str, str] | Fault:
    """What the table says that states of what the sheet is; a fault where several say different things."""
    wanted = {folded(one): one for one in (CASE, AS_AT, RULES, RULES_HASH, SAMPLE, SHEET_FORM)}
    said: dict[str, set[str]] = {}
    for grid in grids:
        rows = ([one for one in row if one.strip()] for row in grid.rows)
        pairs = [(wanted.get(folded(cells[0]), ""), evened_lines(cells[1])) for cells in rows if len(cells) > 1]
        for label, text in pairs if any(label == SHEET_FORM for label, _ in pairs) else ():
            said.setdefault(label, set()).add(text)
    if any(len(said.get(one, ())) > 1 for one in wanted.values()):
        return Fault("several sheets stand in it, and not of one case", "Keep the sheet of each case in its own file.")
    return {label: min(texts) for label, texts in said.items()}


def _beside(grids: Iterable[_Grid], label: str) -> tuple[str, Place]:
    """What stands in the cell after a label, and where; "" where nothing does."""
    labels = (folded(READER), folded(READ_ON))
    for grid in grids:
        for number, row in enumerate(grid.rows):
            for column, text in enumerate(row):
                if folded(text).rstrip(":") == folded(label):
                    after = next((one for one in row[column + 1 :] if one.strip()), "")
                    said = "" if folded(after).rstrip(":") in labels else after
                    return said, grid.place(number, column + 1)
    return "", Place("")


@define(eq=False)
class _Rows:
    """Takes answers from the tables of one sheet.

    Attributes:
        tables: how many tables of answers there are.
        asked: the criterion and the key of the row of each question that a reader decides.
        given: what was answered, by question.
        disputed: the questions that are answered twice, and not alike: neither answer counts.
    """

    file: str
    case: str
    rulebook: Rulebook
    tables: int = 0
    asked: dict[tuple[str, str], bool] = Factory(dict)
    given: dict[tuple[str, str], Answer] = Factory(dict)
    disputed: set[tuple[str, str]] = Factory(set)
    problems: list[Problem] = Factory(list)

    @property
    def questions(self) -> int:
        """How many questions a reader decides."""
        return sum(self.asked.values())

    @property
    def answered(self) -> int:
        """How many of them are answered."""
        return sum(self.asked[one] for one in self.given if one not in self.disputed)

    def answers_on(self, day: date | None) -> tuple[Answer, ...]:
        """What was answered, with the day."""
        return tuple(
            Answer(one.criterion, one.answer, one.item, one.reason, "", day, one.source)
            for about, one in self.given.items()
            if about not in self.disputed
        )

    def day(self, written: tuple[str, Place]) -> date | None:
        """The day on which it was read; one that cannot be read is told."""
        text, place = written
        day = day_in(text, DateOrder.DAY_FIRST) if text.strip() else None
        if isinstance(day, Fault):
            where = Place(self.file, place.line, f"case {visible(self.case)}", place.sheet, place.column)
            self.problems.append(Problem(where, f"{READ_ON}: {day.what}", "Write the day as in 9 May 2016."))
            return None
        return day

    def read(self, grid: _Grid) -> None:
        """Take the answers of a table, if it is one of answers; its headings may stand in it several times."""
        columns: dict[str, int] = {}
        if (title := _title_of_other_case(grid, self.case)) is not None:
            what = f'this table is of another case: "{in_words(title)}" stands above it'
            self._tell(grid.place(0, 0), "", what, "Take it out: nothing in it was read.")
            return
        for number, row in enumerate(grid.rows):
            titles = {folded(text): index for index, text in reversed([*enumerate(row)])}
            if folded(ANSWER) in titles and folded(REASON) in titles:
                wanted = (QUESTION, ANSWER, KNOWN_FROM, REASON, REF)
                columns = {one: titles[folded(one)] for one in wanted if folded(one) in titles}
                self.tables += 1
            elif columns:
                self._row(row, columns, grid.place(number, columns[ANSWER]))

    def _row(self, row: Sequence[str], columns: Mapping[str, int], place: Place) -> None:
        said, source, reason = (_written(row, columns.get(one)) for one in (ANSWER, KNOWN_FROM, REASON))
        refs = _refs(row, columns)
        if len(refs) != 1:
            if said or reason:
                self._tell(place, "", *(_TWO_REFS if refs else _NO_REF))
            return
        about = self._question(refs[0], place)
        if about is None:
            return
        criterion = self.rulebook.criterion[about[0]]
        self.asked.setdefault(about, criterion.basis is Basis.JUDGEMENT)
        stands = _written(row, columns.get(QUESTION)) if REF in columns and (said or reason) else ""
        if not _is_of(stands, criterion.question, about[1]):
            self._tell(place, refs[0], "beside this Ref stands another question", "Put both back as they came.")
            return
        answer = self._answer(about, said, source, reason, place)
        if answer is not None and (other := self.given.setdefault(about, answer)) != answer:
            self._differs(about, answer, other, place)

    def _differs(self, about: tuple[str, str], answer: Answer, other: Answer, place: Place) -> None:
        """Tell that a question has a second answer; where it says something else, neither counts."""
        what = "it is answered twice, and not alike"
        if answer.answer is not other.answer:
            self.disputed.add(about)
            what += ", so it was not taken"
        self._tell(place, ref_of_question(*about), what, "Keep one answer.")

    def _question(self, ref: str, place: Place) -> tuple[str, str] | None:
        """The criterion and the key of the row that a Ref names; one that there is not is told."""
        name, item = question_of_ref(ref)
        criterion = self.rulebook.answerable.get(name)
        known = criterion is not None and criterion.id in self.rulebook.criterion
        if criterion is None or not known or (criterion.per is None) == bool(item):
            self._tell(place, ref, "there is no such question", did_you_mean(name, self.rulebook.criterion))
            return None
        return criterion.id, item

    def _answer(self, about: tuple[str, str], said: str, source: str, reason: str, place: Place) -> Answer | None:
        """The answer of a row; None where there is none, or none that can be read, which is told."""
        ref, word = ref_of_question(*about), folded(said).rstrip(".!,; ")
        answer = _answer_of(word)
        if not word and not reason:
            return None
        if (fault := _why_not(said, word, answer, reason)) is not None:
            self._tell(place, ref, fault.what, fault.advice)
            return None
        assert answer is not None
        known_from = folded(source).rstrip(". ")
        if known_from and known_from not in SOURCES_OFFERED:
            what = f'{KNOWN_FROM}: "{in_words(source)}" is neither {" nor ".join(SOURCES_OFFERED)}'
            self._tell(place, ref, what, "Choose one of them. The answer was taken without it.")
            known_from = ""
        return Answer(about[0], answer, about[1], reason, source=known_from)

    def _tell(self, place: Place, ref: str, what: str, advice: str) -> None:
        part = f"case {visible(self.case)}" + (f", {visible(ref)}" if ref else "")
        self.problems.append(Problem(Place(self.file, place.line, part, place.sheet, place.column), what, advice))


def _why_not(said: str, word: str, answer: ReadersAnswer | None, reason: str) -> Fault | None:
    """Why what is written in a row is no answer; None where it is one."""
    if not word:
        return Fault("there is a reason and no answer", _HOW_TO_ANSWER)
    if answer is None:
        so = ", so it counts as not answered" if word in SAID_INSTEAD else ""
        return Fault(f'"{in_words(said)}" is no answer{so}', _HOW_TO_ANSWER)
    if answer is ReadersAnswer.NOT_APPLICABLE and not reason:
        return Fault(f"{NOT_APPLICABLE} needs a reason, so it was not taken", "Write why it does not apply.")
    if (error := error_in(reason)) is not None:
        what = f"{error.what} where the reason stands, so it was not taken"
        return Fault(what, "Write the reason again. Begin it with a word, and not with a sign.")
    if len(reason) > LONGEST_TEXT:
        return Fault(f"the reason has more than {LONGEST_TEXT:,} characters, so it was not taken", "Write fewer.")
    return None


def _answer_of(word: str) -> ReadersAnswer | None:
    """The answer that a word says; None where it says none."""
    if word in YES_NO:
        return ReadersAnswer.YES if YES_NO[word] else ReadersAnswer.NO
    return ReadersAnswer.NOT_APPLICABLE if SAID_INSTEAD.get(word) == "not applicable" else None


def _written(row: Sequence[str], index: int | None) -> str:
    """What somebody wrote in a cell, without the words that are offered there: some write beside them."""
    text = evened_lines(row[index]) if index is not None and index < len(row) else ""
    for offered in _OFFERED:
        text = text.removeprefix(offered).removesuffix(offered)
    return "" if folded(text) == _CHOOSE else text.strip()


def _refs(row: Sequence[str], columns: Mapping[str, int]) -> Sequence[str]:
    """The Ref of a row: in a column of its own, or in the last line of a cell that begins with it.

    Where cells were merged there are several, and which question is meant cannot be known. What a reader wrote is none.
    """
    if (index := columns.get(REF)) is not None:
        ref = evened_lines(row[index]) if index < len(row) else ""
        return [ref] if ref else []
    written = {columns[one] for one in (ANSWER, KNOWN_FROM, REASON) if one in columns}
    cells = (text for number, text in enumerate(row) if number not in written)
    return [evened_lines(ref) for text in cells for ref in f"\n{text}".split(f"\n{REF}: ")[1:]]


def _is_of(said: str, question: str, item: str) -> bool:
    """Whether the question that stands in a row is the one that its Ref names; a blank one says nothing."""
    _, asks, about = folded(said).partition(folded(question))
    return not said or (bool(asks) and (not item or not about or folded(fitting(item)) in about))


def _title_of_other_case(grid: _Grid, case: str) -> str | None:
    """What stands at the head of a sheet of a workbook that is of another case; None if it is not, or does not say."""
    title = next((row[0].strip() for row in grid.rows[:1] if row and not any(map(str.strip, row[1:]))), "")
    is_title = title.startswith(f"{CASE} ") and folded(title) != folded(fitting(f"{CASE} {case}"))
    return title if is_title else None
