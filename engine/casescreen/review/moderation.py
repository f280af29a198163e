"""The sheet on which somebody says what counts where two readers differ: its headings, and how it is read back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from attrs import evolve, frozen

from casescreen.cases.mapping.cell_reading import id_in
from casescreen.cases.sheet_records import sheets_in
from casescreen.cases.tables.cells import Cell, DateOrder, is_blank, order_of, text_in, value_in
from casescreen.cases.tables.sheet import HeadedSheet, Sheet, with_headings
from casescreen.model.agreement import Disagreement, ReaderAgreement
from casescreen.model.answer_set import ModeratedAnswer, OriginalAnswer
from casescreen.model.change import FindingKey
from casescreen.model.dictionary import Field, Kind
from casescreen.model.outcome import ReadersAnswer
from casescreen.model.problem import CasescreenError, Fault, ProblemCollector, ProblemsError
from casescreen.model.rulebook import Rulebook
from casescreen.text import did_you_mean, evened, evened_lines, folded, in_words, visible

MODERATE = "Moderate"
"""What the sheet is called."""

CASE, QUESTION, CRITERION, ROW = "Case", "Question", "Criterion", "Row"
FIRST_READER, FIRST_ANSWER = "First reader", "First answer"
SECOND_READER, SECOND_ANSWER = "Second reader", "Second answer"
FIRST_REASON, SECOND_REASON = "First reader's reason", "Second reader's reason"
ANSWER, BY, ON, REASON = "Moderated answer", "By", "On", "Reason"
"""The headings. The last four are filled in: what counts, who says so, on which day, and why."""

_NEEDED = (CASE, CRITERION, FIRST_ANSWER, SECOND_ANSWER, ANSWER, BY, ON, REASON)
_READ = (*_NEEDED, ROW, FIRST_READER, SECOND_READER)
_FILLED_IN = (ANSWER, BY, ON, REASON)
_ANSWERS = {one.value: one for one in ReadersAnswer if one is not ReadersAnswer.NONE}
_DAY = Field("on", "On", Kind.DATE, "The day on which it was moderated.")
_MOST_ABOVE, _MOST_ROWS, _MOST_TOLD = 20, 100_000, 200
_LOST = "A moderated answer that belongs to nothing would be lost."


def headings(*, shows_text: bool) -> tuple[str, ...]:
    """The headings in their order; those of the readers' reasons only where text is shown."""
    first, second = ((FIRST_REASON,), (SECOND_REASON,)) if shows_text else ((), ())
    return (
        *(CASE, QUESTION, CRITERION, ROW, FIRST_READER, FIRST_ANSWER),
        *first,
        *(SECOND_READER, SECOND_ANSWER),
        *second,
        *_FILLED_IN,
    )


def row_of(one: Disagreement, agreement: ReaderAgreement) -> Mapping[str, str | date | None]:
    """What stands in the row of a disagreement, by heading."""
    said = one.moderated
    filled_in: Sequence[str | date | None] = (None,) * len(_FILLED_IN)
    if said is not None:
        filled_in = (said.answer.value, said.by, said.on, said.reason)
    return {
        CASE: one.case,
        QUESTION: agreement.rulebook.criterion[one.criterion].title,
        CRITERION: one.criterion,
        ROW: one.item,
        FIRST_READER: agreement.first.reader,
        FIRST_ANSWER: one.first.answer.value,
        FIRST_REASON: one.first.reason,
        SECOND_READER: agreement.second.reader,
        SECOND_ANSWER: one.second.answer.value,
        SECOND_REASON: one.second.reason,
        **dict(zip(_FILLED_IN, filled_in, strict=True)),
    }


def read_moderated(path: Path, rulebook: Rulebook, today: date) -> tuple[ModeratedAnswer, ...]:
    """What was filled in on a sheet of disagreements, in order of question, case and row.

    Args:
        path: a workbook or a CSV, as ``casescreen agree`` writes it.
        rulebook: whose questions were answered.
        today: the day after which nothing can have been moderated.

    Raises:
        ProblemsError: everything that is wrong in it.
        CasescreenError: it is no such sheet.
    """
    sheets, problems = sheets_in(str(path))
    if problems:
        raise ProblemsError(problems)
    headed = next((one for one in map(_with_all_headings, sheets) if one is not None), None)
    if headed is None:
        raise CasescreenError(
            f"{visible(str(path))} has no sheet of disagreements: no row of headings in it has "
            f"{', '.join(_NEEDED[:-1])} and {_NEEDED[-1]}.",
            advice="casescreen agree FIRST SECOND --output agree.xlsx writes one. Fill in its sheet "
            f"{MODERATE}, and leave its headings as they are.",
        )
    return _SheetReader.of(headed, rulebook, today).read()


def _with_all_headings(sheet: Sheet) -> HeadedSheet | None:
    """The sheet from its headings down, each called as it is here; None if some are not there."""
    wanted = {folded(one): one for one in _READ}
    for row in range(min(len(sheet.rows), _MOST_ABOVE)):
        headed = with_headings(sheet, (row,))
        if headed is None:
            continue
        columns: dict[str, int] = {}
        repeated: dict[str, list[int]] = {}
        for index, heading in headed.headings():
            if (name := wanted.get(folded(heading))) is not None:
                columns.setdefault(name, index)
                repeated.setdefault(name, []).append(index)
        if columns.keys() >= set(_NEEDED):
            twice = {name: several for name, several in repeated.items() if len(several) > 1}
            return evolve(headed, columns=columns, repeated=twice)
    return None


@frozen(eq=False)
class _SheetReader:
    """Reads the rows of a sheet of disagreements."""

    sheet: HeadedSheet
    rulebook: Rulebook
    today: date
    order: DateOrder
    problems: ProblemCollector

    @classmethod
    def of(cls, sheet: HeadedSheet, rulebook: Rulebook, today: date) -> _SheetReader:
        """The reader of a sheet, which knows in which order its days are written."""
        cells = [cell for _, cell in sheet.cells(ON)]
        texts = [cell for cell in cells if isinstance(cell, str)]
        order = order_of(texts, beside_dates=any(isinstance(cell, date) for cell in cells))
        return cls(sheet, rulebook, today, order, ProblemCollector(_MOST_TOLD))

    def read(self) -> tuple[ModeratedAnswer, ...]:
        """What was filled in.

        Raises:
            ProblemsError: everything that is wrong.
        """
        rows = self.sheet.rows()
        if len(rows) > _MOST_ROWS:
            self.problems.add(self.sheet.place(rows[0]), f"there are more than {_MOST_ROWS:,} rows", "Divide it.")
            rows = ()
        made: dict[FindingKey, ModeratedAnswer] = {}
        for row in rows:
            if (one := self._moderated(row)) is None:
                continue
            if one.key in made:
                what = f"this disagreement is moderated already, {made[one.key].place.in_file}"
                self.problems.add(one.place, what, "Keep one of the rows.", "Which of them counts cannot be known.")
            made.setdefault(one.key, one)
        if self.problems.problems:
            raise ProblemsError(self.problems.problems)
        order = {id_: number for number, id_ in enumerate(self.rulebook.criterion)}
        return tuple(made[key] for key in sorted(made, key=lambda key: (order.get(key[1], len(order)), key)))

    def _moderated(self, row: int) -> ModeratedAnswer | None:
        """What is filled in in a row; None where nothing is, or something is wrong with it."""
        if all(is_blank(self.sheet.cell(row, heading)) for heading in _FILLED_IN):
            return None
        before = len(self.problems.problems)
        case, item = self._id(row, CASE), self._id(row, ROW)
        criterion = self._criterion(row)
        answer, by, on, reason = self._answer(row, ANSWER), self._text(row, BY), self._on(row), self._text(row, REASON)
        first, second = self._answer(row, FIRST_ANSWER), self._answer(row, SECOND_ANSWER)
        readers = [self._text(row, one, needed=False) for one in (FIRST_READER, SECOND_READER)]
        if not case:
            self._note(row, CASE, "there is no case", "Leave the columns that came with the sheet as they were.")
        if first is not None and first is second:
            what = f"both readers answered {first.value}, so there is nothing to moderate"
            advice = "Clear the row. If both are wrong, one of them has to answer again."
            self._note(row, FIRST_ANSWER, what, advice)
        if len(self.problems.problems) > before or None in (answer, on, first, second):
            return None
        assert answer is not None, "it was looked at"
        assert first is not None, "it was looked at"
        assert second is not None, "it was looked at"
        assert on is not None, "it was looked at"
        originals = OriginalAnswer(readers[0], first), OriginalAnswer(readers[1], second)
        return ModeratedAnswer(case, criterion, item, answer, by, on, reason, *originals, place=self.sheet.place(row))

    def _note(self, row: int, heading: str, what: str, advice: str = "", why: str = "") -> None:
        self.problems.add(self.sheet.place(row, heading), f"{heading}: {what}", advice, why)

    def _cell(self, row: int, heading: str) -> Cell:
        return self.sheet.cell(row, heading) if heading in self.sheet.columns else None

    def _id(self, row: int, heading: str) -> str:
        return self._readable(row, heading, id_in(self._cell(row, heading)))

    def _readable(self, row: int, heading: str, read: str | Fault) -> str:
        if isinstance(read, Fault):
            self._note(row, heading, read.what, read.advice)
            return ""
        return read

    def _text(self, row: int, heading: str, *, needed: bool = True) -> str:
        cell = self._cell(row, heading)
        text = "" if is_blank(cell) else self._readable(row, heading, text_in(cell))
        made = evened_lines(text) if heading == REASON else evened(text)
        if needed and is_blank(cell):
            what = "nobody is named" if heading == BY else "no reason is given"
            self._note(row, heading, what, "Fill it in: a moderated answer has a name, a day and a reason.")
        return made

    def _criterion(self, row: int) -> str:
        name = self._id(row, CRITERION)
        criterion = self.rulebook.answerable.get(name)
        if criterion is None:
            what = f'there is no criterion "{in_words(name)}"'
            self._note(row, CRITERION, what, did_you_mean(name, self.rulebook.answerable), _LOST)
            return name
        return criterion.id

    def _answer(self, row: int, heading: str) -> ReadersAnswer | None:
        cell = self._cell(row, heading)
        text = "" if is_blank(cell) else text_in(cell)
        if isinstance(text, Fault):
            self._note(row, heading, text.what, text.advice)
            return None
        answer = _ANSWERS.get(folded(text))
        if answer is None:
            what = f'"{in_words(text)}" is not yes, no or n/a' if text else "there is no answer"
            self._note(row, heading, what, "Write yes, no or n/a. To leave it open, clear By, On and Reason too.")
        return answer

    def _on(self, row: int) -> date | None:
        cell = self._cell(row, ON)
        advice = "Write the day with the name of its month, as in 9 May 2016."
        if is_blank(cell):
            self._note(row, ON, "there is no day", "Fill it in: a moderated answer has a name, a day and a reason.")
            return None
        day = value_in(cell, _DAY, self.order, self.today)
        if isinstance(day, Fault):
            self._note(row, ON, day.what, day.advice or advice)
            return None
        assert isinstance(day, date), "a day was asked for"
        if day > self.today:
            self._note(row, ON, f"{in_words(day)} is yet to come", "Write the day on which it was moderated.")
        return day


def with_moderated(agreement: ReaderAgreement, moderated: Iterable[ModeratedAnswer]) -> ReaderAgreement:
    """The same, with what counts beside each disagreement that was moderated. No figure is another.

    Raises:
        ProblemsError: everything that was moderated and is no disagreement, or another one.
    """
    there = {one.key: one for one in agreement.disagreements}
    problems = ProblemCollector(_MOST_TOLD)
    for one in moderated:
        disagreement = there.get(one.key)
        fault = _not_there(one, agreement) if disagreement is None else _differs(one, disagreement, agreement)
        if fault is not None:
            problems.extend([fault.at(one.place, _LOST if disagreement is None else "")])
        elif disagreement is not None:
            there[one.key] = evolve(disagreement, moderated=one)
    if problems.problems:
        raise ProblemsError(problems.problems)
    return evolve(agreement, disagreements=tuple(there.values()))


def _not_there(one: ModeratedAnswer, agreement: ReaderAgreement) -> Fault:
    """Why there is no such disagreement."""
    case = visible(one.case)
    if one.case not in agreement.cases:
        either = {*agreement.first.cases, *agreement.second.cases}
        if one.case in either:
            return Fault(f"case {case} is not one that both read", "Clear the row, or wait for the other reader.")
        return Fault(f"there is no case {case} in either set of answers", did_you_mean(one.case, agreement.cases))
    about = f"{visible(one.criterion)}, {visible(one.item)}" if one.item else visible(one.criterion)
    return Fault(f"the readers do not differ in case {case} on {about}", "Clear the row, or give the right one.")


def _differs(one: ModeratedAnswer, there: Disagreement, agreement: ReaderAgreement) -> Fault | None:
    """What speaks against it that this disagreement was moderated; None where nothing does."""
    sets: Sequence[tuple[OriginalAnswer, ReadersAnswer, str]] = (
        (one.first, there.first.answer, agreement.first.reader),
        (one.second, there.second.answer, agreement.second.reader),
    )
    for original, answer, reader in sets:
        if folded(original.reader) != folded(reader):
            what = f"it names {visible(original.reader) or 'nobody'} as a reader, and here it is {visible(reader)}"
            return Fault(what, "Name the two sets of answers in the order in which the sheet was made.")
        if original.answer is not answer:
            what = f"{visible(reader) or 'a reader'} had answered {original.answer.value} when this was moderated"
            return Fault(f"{what}, and now {answer.value}", "Look at it again, on a new sheet.")
    latest = max(filter(None, (there.first.answered_on, there.second.answered_on)), default=None)
    if latest is not None and one.on < latest:
        what = f"it was moderated on {in_words(one.on)}, and a reader answered on {in_words(latest)} only"
        return Fault(what, "Correct the day, or look at it again.")
    return None
