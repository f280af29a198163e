"""The reason for an outcome in words: the facts that decided it, or what is missing from the record."""

from __future__ import annotations

from collections.abc import Iterator

from casescreen.conditions.description import (
    ConditionText,
    bounds_in_words,
    full_stop,
    quote_label,
    quoted,
    supplied_in_words,
)
from casescreen.evaluate.criteria import Evaluation
from casescreen.model.calendar import Duration, WorkingCalendar
from casescreen.model.case import Answer
from casescreen.model.condition import (
    All,
    Any,
    Compare,
    Count,
    Covered,
    FromField,
    Not,
    OverRows,
    Quantifier,
    Recorded,
    Truth,
    Within,
)
from casescreen.model.dictionary import Dictionary, Field, Kind
from casescreen.model.outcome import Basis, Deadline, Outcome, ReadersAnswer, Standing
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Proof, Reading
from casescreen.text import counted, in_words

_MOST_ROWS = 3


def deciding(proof: Proof) -> Iterator[Proof]:
    """The tests that made the proof come to what it did: those that, being otherwise, could have changed it."""
    match proof.condition:
        case All() | Any():
            for part in proof.parts:
                if part.truth is proof.truth:
                    yield from deciding(part)
        case Not():
            yield from deciding(proof.parts[0])
        case _:
            yield proof


def deciding_readings(proof: Proof) -> tuple[Reading, ...]:
    """The values that the deciding tests read, each once, in the order they were read."""
    return tuple(dict.fromkeys(_readings(proof)))


def _readings(proof: Proof) -> Iterator[Reading]:
    for test in deciding(proof):
        yield from test.readings
        for row in _deciding_rows(test):
            yield from row.readings
            inner = () if isinstance(test.condition, Covered) else (row.where, *row.parts)
            for part in inner:
                yield from () if part is None else _readings(part)


def _deciding_rows(test: Proof) -> Iterator[Proof]:
    decisive = test.truth
    if isinstance(test.condition, Count) and test.truth is Truth.FALSE:
        most, number = test.condition.at_most, sum(row.truth is Truth.TRUE for row in test.parts)
        decisive = Truth.TRUE if most is not None and number > most else Truth.FALSE
    return (row for row in test.parts if row.truth is decisive)


class FactsInWords:
    """Puts the deciding facts of a proof into words."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Keep what names things."""
        self._wording = ConditionText(rulebook)
        self._dictionary: Dictionary = rulebook.dictionary
        self._calendar: WorkingCalendar = rulebook.calendar

    def of(self, proof: Proof) -> str:
        """The facts that decided a proof that is true or false."""
        said = tuple(dict.fromkeys(self._fact(test) for test in deciding(proof)))
        return "; ".join(one for one in said if not any(other.startswith(f"{one},") for other in said))

    def missing(self, proof: Proof) -> str:
        """What the record would have to say for an unknown proof to be decided."""
        return "; ".join(dict.fromkeys(self._missing(proof)))

    def sentence(self, proof: Proof | None) -> str:
        """The facts that decided a proof, or what is missing for it to be decided; "" where there is none."""
        if proof is None:
            return ""
        if proof.truth is Truth.UNKNOWN:
            return f"Not recorded: {self.missing(proof)}."
        facts = self.of(proof)
        return full_stop(facts) if facts else ""

    def _fact(self, test: Proof) -> str:
        match test.condition:
            case Compare():
                return self._comparison(test, test.condition)
            case Recorded(field):
                return f"{field.label}: {quoted(test.readings[0].value)}"
            case Within(field, of=of):
                return self._elapsed(test, field, of)
            case OverRows():
                return self._rows(test, test.condition)
            case Count():
                return self._number(test, test.condition)
            case Covered():
                return self._coverage(test, test.condition)
            case _:
                return ""

    def _comparison(self, test: Proof, condition: Compare) -> str:
        field, operator, value = condition.field, condition.operator, test.readings[0].value
        said = f"{field.label}: {quoted(value)}"
        if test.truth is Truth.TRUE or field.kind is Kind.YES_NO or operator.denies:
            return said
        beside = f" ({condition.operand.field.label})" if isinstance(condition.operand, FromField) else ""
        return f"{said}, not {operator.words}{supplied_in_words(test.expected)}{beside}"

    def _elapsed(self, test: Proof, field: Field, of: Field) -> str:
        value, start = (reading.value for reading in test.readings[:2])
        limit = test.expected
        said = f"{field.label}: {quoted(value)}"
        span = f"{limit} of {quoted(start)} ({of.label})"
        if test.truth is Truth.TRUE:
            return f"{said}, within {span}"
        assert isinstance(limit, Duration)
        last = self._calendar.deadline(start, limit)  # type: ignore[arg-type]  # a date: the test was decided
        return f"{said}, later than {in_words(last)}, the last day within {span}"

    def _rows(self, test: Proof, condition: OverRows) -> str:
        table = self._dictionary.tables[condition.table]
        chosen = [row for row in test.parts if row.where is None or row.where.truth is not Truth.FALSE]
        if not chosen:
            where = "" if condition.where is None else f" where {self._wording.condition(condition.where)}"
            return f"no {table.label}{where}"
        if condition.quantifier is Quantifier.SOME and test.truth is Truth.FALSE:
            of_them = counted(len(chosen), table.one, table.label)
            return f"none of {of_them}: {self._wording.condition(condition.satisfies)}"
        shown = [row for row in chosen if row.truth is test.truth]
        named = self._named(shown)
        return f"{len(shown)} of {counted(len(chosen), table.one, table.label)}: {named}"

    def _named(self, rows: list[Proof]) -> str:
        said = []
        for row in rows[:_MOST_ROWS]:
            facts = "; ".join(filter(None, (self.of(part) for part in row.parts)))
            said.append(f"{row.row} ({facts})" if facts else row.row)
        more = len(rows) - _MOST_ROWS
        return "; ".join(said) + (f"; and {more:,} more" if more > 0 else "")

    def _number(self, test: Proof, condition: Count) -> str:
        table = self._dictionary.tables[condition.table]
        where = "" if condition.where is None else f" where {self._wording.condition(condition.where)}"
        number = sum(row.truth is Truth.TRUE for row in test.parts)
        beside = "" if test.truth is Truth.TRUE else f", not {bounds_in_words(condition)}"
        return f"number of {table.label}{where}: {number:,}{beside}"

    def _coverage(self, test: Proof, condition: Covered) -> str:
        rows, among = self._dictionary.tables[condition.table], self._dictionary.tables[condition.by.table].label
        if test.truth is Truth.TRUE:
            chosen = sum(row.where is None or row.where.truth is Truth.TRUE for row in test.parts)
            return f"{counted(chosen, rows.one, rows.label)}, each found among the {among}"
        lacking = [quoted(row.readings[0].value) for row in test.parts if row.truth is Truth.FALSE]
        return f"not found among the {among}: {', '.join(dict.fromkeys(lacking))}"

    def _missing(self, proof: Proof) -> Iterator[str]:
        for test in deciding(proof):
            match test.condition:
                case OverRows(table=table) | Count(table=table) | Covered(table=table) if test.absent:
                    yield self._dictionary.tables[table].label
                case OverRows() | Count() | Covered():
                    yield from self._missing_in_rows(test)
                case _:
                    yield from _unread(test)

    def _missing_in_rows(self, test: Proof) -> Iterator[str]:
        for row in test.parts:
            if row.truth is Truth.UNKNOWN:
                inner = [part for part in (row.where, *row.parts) if part is not None and part.truth is Truth.UNKNOWN]
                for part in inner:
                    yield from self._missing_of_row(part, row.row)

    def _missing_of_row(self, part: Proof, row: str) -> Iterator[str]:
        if not isinstance(part.condition, Covered):
            yield from (f"{words} ({row})" for words in self._missing(part))
        elif part.readings[0].value is None:
            yield f"{part.condition.field.label} ({row})"
        else:
            by = part.condition.by
            among = self._dictionary.tables[by.table].label
            yield among if part.absent else f"{by.label} of each of the {among}"


def _unread(test: Proof) -> Iterator[str]:
    unread = [reading.field.label for reading in test.readings if reading.value is None]
    # With nothing missing, a date lay outside the calendar of public holidays.
    yield from unread or [f"working days as early or late as {quote_label(test.readings[0].field)}"]


def reason(outcome: Outcome, asked: Evaluation, facts: FactsInWords, proof: Proof | None, *, quoted: bool) -> str:
    """Why the criterion has the outcome, in a line or two.

    Args:
        outcome: what it came to.
        asked: what was asked, and what the outcome was decided on.
        facts: what puts facts into words.
        proof: what decided it: that it does not apply, or may not; that its deadline cannot be told; else what would
            meet it. None if there is none of these.
        quoted: whether what a reader wrote is quoted.
    """
    standing = asked.standing
    if standing.applies is Truth.FALSE:
        return f"It does not apply. {facts.sentence(proof)}".strip()
    if standing.applies is Truth.UNKNOWN:
        return f"It cannot be told whether it applies. {facts.sentence(proof)}".strip()
    if standing.basis is Basis.JUDGEMENT and asked.answer is not None:
        return _answered(asked.answer, quoted=quoted)
    if outcome is Outcome.NEEDS_JUDGEMENT:
        return "No reader has answered yet."
    if outcome is Outcome.NOT_YET_DUE and asked.deadline is not None:
        return f"It is due by {in_words(asked.deadline)}."
    if outcome is Outcome.NOT_EVIDENCED and standing.deadline is Deadline.UNKNOWN:
        return f"It cannot be told when it was due. {facts.sentence(proof)}"
    if outcome is Outcome.NOT_EVIDENCED:
        return f"The record does not show it. {facts.sentence(proof)}"
    late = asked.deadline if outcome is Outcome.NOT_MET else None
    return facts.sentence(proof) + (f" It was due by {in_words(late)}." if late else "")


_ANSWERED = {
    ReadersAnswer.YES: "The reader answered yes.",
    ReadersAnswer.NO: "The reader answered no.",
    ReadersAnswer.NOT_APPLICABLE: "The reader says that it does not apply.",
    ReadersAnswer.NONE: "",
}


def _answered(answer: Answer, *, quoted: bool) -> str:
    said = _ANSWERED[answer.answer]
    if not answer.reason:
        return said
    return f"{said} {full_stop(in_words(answer.reason))}" if quoted else f"{said} Reason recorded, not shown."


def readers_view(outcome: Outcome, standing: Standing) -> str:
    """What is to be said where a reader's answer and the facts do not go together; "" where they do."""
    answered = _ANSWERED[standing.answer]
    if not answered:
        return ""
    if standing.applies is Truth.FALSE:
        agrees = standing.answer is ReadersAnswer.NOT_APPLICABLE
        return "" if agrees else f"{answered} The facts show that it does not apply."
    if standing.applies is Truth.UNKNOWN:
        return f"{answered} The record does not show whether it applies."
    if standing.basis is Basis.JUDGEMENT:
        return ""
    return "" if _AGREES[standing.answer] is outcome else f"{answered} {_FACTS[outcome]}"


_AGREES = {
    ReadersAnswer.YES: Outcome.MET,
    ReadersAnswer.NO: Outcome.NOT_MET,
    ReadersAnswer.NOT_APPLICABLE: Outcome.NOT_APPLICABLE,
}
_FACTS = {
    Outcome.MET: "The facts show that it is met.",
    Outcome.NOT_MET: "The facts show that it is not met.",
    Outcome.NOT_APPLICABLE: "The facts show that it does not apply.",
    Outcome.NOT_YET_DUE: "It is not due yet.",
    Outcome.NOT_EVIDENCED: "The record does not show it.",
    Outcome.NEEDS_JUDGEMENT: "It needs judgement.",
}
