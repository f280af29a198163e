"""Reading filled enquiry sheets back: documents and workbooks, whatever program has saved them, into one answer set.

What a sheet is of stands on it, in "About this sheet"; each question is known by its Ref. So sheets may be sorted, have
columns and rows of somebody else, and be renamed. They are read within the bounds of any other file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path

from attrs import Factory, define, frozen

from casescreen.cases.tables.cells import Cell, DateOrder, day_in, is_blank, text_in, written_in
from casescreen.cases.tables.readers import sheets_in_workbook
from casescreen.files.content import read_bytes
from casescreen.files.discovery import WORKBOOKS
from casescreen.model.answer_set import AnswerSet
from casescreen.model.case import Answer
from casescreen.model.dictionary import LONGEST_TEXT, SAID_INSTEAD, YES_NO
from casescreen.model.outcome import Basis, ReadersAnswer
from casescreen.model.problem import CasescreenError, Fault, FaultError, Place, Problem
from casescreen.model.rulebook import Rulebook
from casescreen.office.word_tables import tables_in
from casescreen.review.enquiry import (
    ANSWER,
    ANSWERS_OFFERED,
    CASE,
    KNOWN_FROM,
    NOT_APPLICABLE,
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
    question_of_ref,
)
from casescreen.text import did_you_mean, evened, evened_lines, folded, in_words, listed, visible

DOCUMENTS = (".docx", ".odt")
"""What the names of documents that are read end in."""

_OLD_DOCUMENTS = (".doc", ".rtf", ".pdf")
_MOST_BYTES = 32 * 1024 * 1024
_MOST_ROWS, _MOST_COLUMNS, _LONGEST_NAME = 50_000, 60, 200
_CHOOSE = "choose an item."  # what Word shows where a choice was made and taken away
_BLANK = {folded(" / ".join(offered)) for offered in (ANSWERS_OFFERED, SOURCES_OFFERED)} | {_CHOOSE}
_ANSWERS = {answer.value: answer for answer in ReadersAnswer if answer is not ReadersAnswer.NONE}
_HOW_TO_ANSWER = f"Write {listed(ANSWERS_OFFERED)}, or nothing."
_WRITE_AGAIN = "Write the sheets again by these rules, or name those of the sheet with --rules and --profile."


@frozen
class FilledSheet:
    """What a reader made of the sheet of a case.

    Attributes:
        case: the case's id.
        rulebook: the id of the rules that it was made by.
        rules: their hash.
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


@frozen
class ReturnedSheets:
    """All sheets that came back.

    Attributes:
        answers: what one reader answered.
        taken: the sheets whose answers it has, in order of case.
        problems: what cannot be read in them, and which sheets were not taken.
    """

    answers: AnswerSet
    taken: tuple[FilledSheet, ...]
    problems: tuple[Problem, ...]


def sheet_files(names: Iterable[Path], *, apart: Iterable[Path] = ()) -> tuple[str, ...]:
    """The files that are named, and in folders those that may be filled sheets, in order of name.

    Args:
        names: files and folders.
        apart: files that are not read, though they may be in a folder.
    """
    others, files = {path.resolve() for path in apart}, list[str]()
    for name in names:
        inside = sorted(name.rglob("*")) if name.is_dir() else [name]
        for path in inside:
            fits = path.suffix.lower() in (*DOCUMENTS, *_OLD_DOCUMENTS, *WORKBOOKS) and not path.name.startswith(
                (".", "~")
            )
            if path == name or (fits and path.is_file() and path.resolve() not in others):
                files.append(str(path))
    return tuple(dict.fromkeys(files))


def read_filled_sheets(files: Sequence[str], rulebook: Rulebook, source: str, reader: str = "") -> ReturnedSheets:
    """What one reader answered on the sheets.

    Args:
        files: the sheets.
        rulebook: the rules that they were made by.
        source: what they are called together.
        reader: whose sheets they are, where they do not say; those of somebody else are not taken.

    Raises:
        CasescreenError: they name no reader, or several.
    """
    problems, sheets = list[Problem](), list[FilledSheet]()
    for file in files:
        sheet = read_filled_sheet(file, rulebook)
        if isinstance(sheet, Problem):
            problems.append(sheet)
        elif (fault := _of_other_rules(sheet, rulebook)) is not None:
            problems.append(fault.at(sheet.place, "The same question may mean something else by other rules."))
        else:
            sheets.append(sheet)
    name = evened(reader) or _one_reader(sheets)
    own = [*_of_reader(sheets, name, problems, fills_in=bool(reader))]
    taken = sorted(_once_each(own, problems), key=lambda sheet: sheet.case)
    _check_samples(taken, problems)
    problems += [problem for sheet in taken for problem in sheet.problems]
    order = {criterion: number for number, criterion in enumerate(rulebook.criterion)}
    answers = {
        sheet.case: tuple(sorted(sheet.answers, key=lambda one: (order.get(one.criterion, 0), one.item)))
        for sheet in taken
        if sheet.answers
    }
    cases = tuple(sheet.case for sheet in taken)
    answer_set = AnswerSet(name, cases, answers, source, rulebook.id, rulebook.hash)
    return ReturnedSheets(answer_set, tuple(taken), tuple(problems))


def _of_other_rules(sheet: FilledSheet, rulebook: Rulebook) -> Fault | None:
    if (sheet.rulebook, sheet.rules) == (rulebook.id, rulebook.hash):
        return None
    made_by = f"{visible(sheet.rulebook)}, hash {visible(sheet.rules)[:12]}"
    return Fault(
        f"it was not taken: it was made by other rules ({made_by}) than these ({rulebook.id}, {rulebook.hash[:12]})",
        _WRITE_AGAIN,
    )


def _one_reader(sheets: Iterable[FilledSheet]) -> str:
    """The reader whom the sheets name.

    Raises:
        CasescreenError: they name nobody, or several.
    """
    names = {folded(sheet.reader): sheet.reader for sheet in sheets if sheet.reader}
    if len(names) > 1:
        shown = listed((f'"{in_words(name)}"' for name in sorted(names.values())[:5]), "and")
        raise CasescreenError(
            f"The sheets are of several readers: {shown}.",
            why="what two readers answered is only worth something while it is kept apart.",
            advice="read each by itself: --reader NAME takes the sheets of one of them.",
        )
    if not names:
        raise CasescreenError(
            "No sheet names its reader.",
            why="an answer counts as somebody's.",
            advice=f'write it beside "{READER}" on the sheets, or add --reader NAME.',
        )
    return next(iter(names.values()))


def _of_reader(
    sheets: Iterable[FilledSheet], name: str, problems: list[Problem], *, fills_in: bool
) -> Iterator[FilledSheet]:
    """The sheets of a reader; which others there are is told."""
    for sheet in sheets:
        if folded(sheet.reader) == folded(name) or (fills_in and not sheet.reader):
            yield sheet
        elif sheet.reader:
            what = f'it was not taken: its reader is "{in_words(sheet.reader)}", and not "{in_words(name)}"'
            problems.append(Problem(sheet.place, what, "Read the sheets of each reader by themselves."))
        else:
            advice = f'Write it beside "{READER}", or add --reader NAME if all that name nobody are of one reader.'
            problems.append(Problem(sheet.place, "it was not taken: it names no reader", advice))


def _once_each(sheets: Iterable[FilledSheet], problems: list[Problem]) -> Iterator[FilledSheet]:
    """One sheet for each case: of several the first, if all say the same, and else none."""
    by_case: dict[str, list[FilledSheet]] = defaultdict(list)
    for sheet in sheets:
        by_case[sheet.case].append(sheet)
    for same in by_case.values():
        if all(one.answers == same[0].answers for one in same):
            yield same[0]
            continue
        for one in same:
            others = listed((visible(Path(other.file).name) for other in same if other is not one), "and")
            what = f"it was not taken: {others} is of the same case, and says something else"
            problems.append(Problem(one.place, what, "Keep the one that counts, and move the other away."))


def _check_samples(sheets: Sequence[FilledSheet], problems: list[Problem]) -> None:
    if len({sheet.sample for sheet in sheets}) > 1:
        odd = next(sheet for sheet in sheets if sheet.sample != sheets[0].sample)
        what = "it was drawn by another sample than other sheets here"
        problems.append(Problem(odd.place, what, "Look whether it belongs to them. It was taken all the same."))


def read_filled_sheet(file: str, rulebook: Rulebook) -> FilledSheet | Problem:
    """What stands on a sheet; or why the file is none that can be read."""
    grids = _grids(file)
    if isinstance(grids, Problem):
        return grids
    about = _about(grids)
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
    reader = evened(_beside(grids, READER)[0])[:_LONGEST_NAME]
    return FilledSheet(
        file,
        about[CASE],
        *(about.get(one, "") for one in (RULES, RULES_HASH, SAMPLE)),
        reader,
        rows.answers_on(day),
        rows.questions,
        rows.answered,
        tuple(rows.problems),
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
    if file.lower().endswith(_OLD_DOCUMENTS):
        return Problem(Place(file), "files of this kind are not read", "Save it as a Word document (.docx).")
    data = read_bytes(file, _MOST_BYTES)
    if isinstance(data, Problem):
        return data
    try:
        if not file.lower().endswith(DOCUMENTS):
            sheets = sheets_in_workbook(file, data)
            if isinstance(sheets, Fault):
                return sheets.at(Place(file))
            return [_Grid(_texts(sheet.rows), sheet.place) for sheet in sheets]
        return [_Grid(rows, lambda _row, _column: Place(file)) for rows in tables_in(data)]
    except FaultError as error:
        return error.fault.at(Place(file))


def _texts(rows: Sequence[Sequence[Cell]]) -> Sequence[Sequence[str]]:
    if len(rows) > _MOST_ROWS:
        raise FaultError(
            Fault(f"a sheet of it has more than {_MOST_ROWS:,} rows", "Take away what does not belong there.")
        )
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


def _about(grids: Iterable[_Grid]) -> Mapping[str, str]:
    """What the table says that states of what the sheet is."""
    wanted = {folded(one): one for one in (CASE, RULES, RULES_HASH, SAMPLE, SHEET_FORM)}
    for grid in grids:
        pairs = [(cells[0], cells[1]) for row in grid.rows if len(cells := [one for one in row if one.strip()]) > 1]
        said = {wanted[folded(label)]: evened_lines(text) for label, text in pairs if folded(label) in wanted}
        if SHEET_FORM in said:
            return said
    return {}


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
    """

    file: str
    case: str
    rulebook: Rulebook
    tables: int = 0
    asked: dict[tuple[str, str], bool] = Factory(dict)
    given: dict[tuple[str, str], Answer] = Factory(dict)
    problems: list[Problem] = Factory(list)

    @property
    def questions(self) -> int:
        """How many questions a reader decides."""
        return sum(self.asked.values())

    @property
    def answered(self) -> int:
        """How many of them are answered."""
        return sum(self.asked[one] for one in self.given)

    def answers_on(self, day: date | None) -> tuple[Answer, ...]:
        """What was answered, with the day."""
        return tuple(
            Answer(one.criterion, one.answer, one.item, one.reason, "", day, one.source) for one in self.given.values()
        )

    def day(self, written: tuple[str, Place]) -> date | None:
        """The day on which it was read; one that cannot be read is told."""
        text, place = written
        day = day_in(text, DateOrder.DAY_FIRST) if text.strip() and folded(text) not in _BLANK else None
        if isinstance(day, Fault):
            where = Place(self.file, place.line, f"case {visible(self.case)}", place.sheet, place.column)
            self.problems.append(Problem(where, f"{READ_ON}: {day.what}", "Write the day as in 9 May 2016."))
            return None
        return day

    def read(self, grid: _Grid) -> None:
        """Take the answers of a table, if it is one of answers; its headings may stand in it several times."""
        columns: Mapping[str, int] = {}
        for number, row in enumerate(grid.rows):
            titles = {folded(text): index for index, text in reversed([*enumerate(row)])}
            if folded(ANSWER) in titles and folded(REASON) in titles:
                columns = {
                    one: titles[folded(one)] for one in (ANSWER, KNOWN_FROM, REASON, REF) if folded(one) in titles
                }
                self.tables += 1
            elif columns:
                self._row(row, columns, lambda row=number, first=columns[ANSWER]: grid.place(row, first))

    def _row(self, row: Sequence[str], columns: Mapping[str, int], place: Callable[[], Place]) -> None:
        said, source, reason = (_written(row, columns.get(one)) for one in (ANSWER, KNOWN_FROM, REASON))
        ref = _ref(row, columns.get(REF))
        if not ref:
            if said or reason:
                self._tell(place(), "", "this row has no Ref, so what is written in it belongs to no question",
                           "Write it in the row of a question.")  # fmt: skip
            return
        about = self._question(ref, place())
        if about is None:
            return
        self.asked.setdefault(about, self.rulebook.criterion[about[0]].basis is Basis.JUDGEMENT)
        answer = self._answer(about, said, source, reason, place())
        if answer is not None and self.given.setdefault(about, answer) != answer:
            self._tell(place(), ref, "it is answered twice, and not alike", "Keep one answer.")

    def _question(self, ref: str, place: Place) -> tuple[str, str] | None:
        """The criterion and the key of the row that a Ref names; one that there is not is told."""
        name, item = question_of_ref(ref)
        criterion = self.rulebook.answerable.get(name)
        if criterion is None or criterion.id not in self.rulebook.criterion:
            self._tell(place, ref, "there is no such question", did_you_mean(name, self.rulebook.criterion))
            return None
        return criterion.id, item

    def _answer(self, about: tuple[str, str], said: str, source: str, reason: str, place: Place) -> Answer | None:
        """The answer of a row; None where there is none, or none that can be read, which is told."""
        ref = f"{about[0]} / {about[1]}" if about[1] else about[0]
        word = folded(said).rstrip(".!,; ")
        if not word:
            if reason:
                self._tell(place, ref, "there is a reason and no answer", _HOW_TO_ANSWER)
            return None
        answer = _answer_of(word)
        if answer is None:
            what = f'"{in_words(said)}" is no answer'
            if SAID_INSTEAD.get(word):
                what += ", so it counts as not answered"
            self._tell(place, ref, what, _HOW_TO_ANSWER)
            return None
        if answer is ReadersAnswer.NOT_APPLICABLE and not reason:
            self._tell(
                place, ref, f"{NOT_APPLICABLE} needs a reason, so it was not taken", "Write why it does not apply."
            )
            return None
        if len(reason) > LONGEST_TEXT:
            self._tell(place, ref, f"the reason has more than {LONGEST_TEXT:,} characters", "Write it in fewer.")
            return None
        known_from = folded(source).rstrip(". ")
        if known_from and known_from not in SOURCES_OFFERED:
            what = f'{KNOWN_FROM}: "{in_words(source)}" is neither {" nor ".join(SOURCES_OFFERED)}, so it was not taken'
            self._tell(place, ref, what, "Choose one of them. The answer was taken.")
            known_from = ""
        return Answer(about[0], answer, about[1], reason, source=known_from)

    def _tell(self, place: Place, ref: str, what: str, advice: str) -> None:
        part = f"case {visible(self.case)}" + (f", {visible(ref)}" if ref else "")
        self.problems.append(Problem(Place(self.file, place.line, part, place.sheet, place.column), what, advice))


def _answer_of(word: str) -> ReadersAnswer | None:
    """The answer that a word says; None where it says none."""
    if word in YES_NO:
        return ReadersAnswer.YES if YES_NO[word] else ReadersAnswer.NO
    return ReadersAnswer.NOT_APPLICABLE if SAID_INSTEAD.get(word) == "not applicable" else None


def _written(row: Sequence[str], index: int | None) -> str:
    """What somebody wrote in a cell; "" where only the words stand there that are offered."""
    text = row[index] if index is not None and index < len(row) else ""
    return "" if folded(text) in _BLANK else evened_lines(text)


def _ref(row: Sequence[str], index: int | None) -> str:
    """The Ref of a row: in a column of its own, or in the last line of a cell that begins with it."""
    if index is not None:
        return evened_lines(row[index]) if index < len(row) else ""
    before = f"{REF}: "
    for text in row:
        if (at := f"\n{text}".rfind(f"\n{before}")) >= 0:
            return evened_lines(text[at + len(before) :])
    return ""
