"""The reason for an outcome in words: the facts that decided it, or what is missing from the record."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

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
from casescreen.model.case import FILE, INTERVIEW, Answer, Unreadable
from casescreen.model.condition import (
    All,
    Any,
    Compare,
    Condition,
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
from casescreen.model.dictionary import Dictionary, Kind
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


def deciding_readings(proof: Proof) -> Iterator[Reading]:
    """The values that the deciding tests read, in the order they were read."""
    for test in deciding(proof):
        yield from test.readings
        decisive = test.truth
        if isinstance(test.condition, Count) and decisive is Truth.FALSE:
            most = test.condition.at_most
            decisive = Truth.TRUE if most is not None and _number_true(test) > most else Truth.FALSE
        for row in test.parts:
            if row.truth is not decisive:
                continue
            yield from row.readings
            inner = () if isinstance(test.condition, Covered) else (row.where, *row.parts)
            for part in inner:
                yield from () if part is None else deciding_readings(part)


def _number_true(test: Proof) -> int:
    return [row.truth for row in test.parts].count(Truth.TRUE)


class FactsInWords:
    """Puts the deciding facts of a proof into words."""

    def __init__(self, rulebook: Rulebook, *, with_places: bool = True) -> None:
        """Keep what names things, and whether it is said where something stands that cannot be used."""
        self._with_places = with_places
        self._wording = ConditionText(rulebook)
        self._dictionary: Dictionary = rulebook.dictionary
        self._calendar: WorkingCalendar = rulebook.calendar

    def of(self, proof: Proof) -> str:
        """The facts that decided a proof that is true or false."""
        facts = list(dict.fromkeys(map(self._fact, deciding(proof))))
        # One that another begins with says no more than that.
        return "; ".join([fact for fact in facts if True not in map(str.startswith, facts, repeat(f"{fact},"))])

    def missing(self, proof: Proof) -> str:
        """What the record would have to say for an unknown proof to be decided, in sentences."""
        missing = dict.fromkeys(self._missing(proof))
        labels = [label for label, unreadable in missing if unreadable is None]
        sentences = [f"Not recorded: {'; '.join(labels)}."] if labels else []
        sentences += [
            f"The record holds something for {label} that cannot be used: {one.what}{self._place(one)}."
            if one.is_mistake
            else f"For {label}, {one.what}{self._place(one)}."
            for label, one in missing
            if one is not None
        ]
        return " ".join(sentences)

    def _place(self, unreadable: Unreadable) -> str:
        place = unreadable.place.in_file if self._with_places else ""
        return f" ({place})" if place else ""

    def said(self, proof: Proof | None) -> str:
        """The facts that decided a proof, or what is missing for it to be decided; "" where there is none."""
        if proof is None:
            return ""
        if proof.truth is Truth.UNKNOWN:
            return self.missing(proof)
        facts = self.of(proof)
        return full_stop(facts) if facts else ""

    def _fact(self, test: Proof) -> str:
        match test.condition:
            case Compare(field, operator, operand):
                said = f"{field.label}: {quoted(test.readings[0].value)}"
                if test.truth is Truth.TRUE or field.kind is Kind.YES_NO or operator.denies:
                    return said
                beside = f" ({operand.field.label})" if isinstance(operand, FromField) else ""
                return f"{said}, not {operator.words}{supplied_in_words(test.expected)}{beside}"
            case Recorded(field):
                return f"{field.label}: {quoted(test.readings[0].value)}"
            case Within(field, of=of):
                start, limit = test.readings[1].value, test.expected
                said, span = (
                    f"{field.label}: {quoted(test.readings[0].value)}",
                    f"{limit} of {quoted(start)} ({of.label})",
                )
                if test.truth is Truth.TRUE:
                    return f"{said}, within {span}"
                assert isinstance(limit, Duration)
                last = self._calendar.deadline(start, limit)  # type: ignore[arg-type]  # a date: the test was decided
                return f"{said}, later than {in_words(last)}, the last day within {span}"
            case OverRows():
                return self._rows(test, test.condition)
            case Count(table=name):
                beside = "" if test.truth is Truth.TRUE else f", not {bounds_in_words(test.condition)}"
                table, where = self._dictionary.tables[name], self._where(test.condition)
                return f"number of {table.label}{where}: {_number_true(test):,}{beside}"
            case Covered(table=name, by=by):
                rows, among = self._dictionary.tables[name], self._dictionary.tables[by.table].label
                if test.truth is Truth.TRUE:
                    chosen = [row for row in test.parts if row.where is None or row.where.truth is Truth.TRUE]
                    return f"{counted(len(chosen), rows.one, rows.label)}, each found among the {among}"
                lacking = [quoted(row.readings[0].value) for row in test.parts if row.truth is Truth.FALSE]
                return f"not found among the {among}: {', '.join(dict.fromkeys(lacking))}"
            case _:
                return ""

    def _where(self, condition: OverRows | Count) -> str:
        return "" if condition.where is None else f" where {self._wording.condition(condition.where)}"

    def _rows(self, test: Proof, condition: OverRows) -> str:
        table = self._dictionary.tables[condition.table]
        chosen = [row for row in test.parts if row.where is None or row.where.truth is not Truth.FALSE]
        if not chosen:
            return f"no {table.label}{self._where(condition)}"
        of_them = counted(len(chosen), table.one, table.label)
        if condition.quantifier is Quantifier.SOME and test.truth is Truth.FALSE:
            return f"none of {of_them}: {self._wording.condition(condition.satisfies)}"
        said, number = [], 0
        for row in chosen:
            if row.truth is not test.truth:
                continue
            number += 1
            if number <= _MOST_ROWS:
                facts = "; ".join(filter(None, map(self.of, row.parts)))
                said.append(f"{row.row} ({facts})" if facts else row.row)
        if number > _MOST_ROWS:
            said.append(f"and {number - _MOST_ROWS:,} more")
        return f"{number} of {of_them}: {'; '.join(said)}"

    def _missing(self, proof: Proof) -> Iterator[_Missing]:
        for test in deciding(proof):
            match test.condition:
                case OverRows(table=table) | Count(table=table) | Covered(table=table) if test.absent:
                    yield self._dictionary.tables[table].label, test.unreadable
                case OverRows() | Count() | Covered():
                    for row in test.parts:
                        if row.truth is Truth.UNKNOWN:
                            yield from self._missing_in_row(row)
                case _:
                    unknown = [reading for reading in test.readings if reading.value is None]
                    yield from ((reading.field.label, reading.unreadable) for reading in unknown)
                    if not unknown:  # then a date lies outside the calendar of public holidays
                        yield f"working days as early or late as {quote_label(test.readings[0].field)}", None

    def _missing_in_row(self, row: Proof) -> Iterator[_Missing]:
        for part in (row.where, *row.parts):
            if part is None or part.truth is not Truth.UNKNOWN:
                continue
            condition = part.condition
            if not isinstance(condition, Covered):
                yield from ((f"{words} ({row.row})", unreadable) for words, unreadable in self._missing(part))
            elif part.readings[0].value is None:
                yield f"{condition.field.label} ({row.row})", part.readings[0].unreadable
            else:
                among = self._dictionary.tables[condition.by.table].label
                yield among if part.absent else f"{condition.by.label} of each of the {among}", None


_Missing = tuple[str, Unreadable | None]
"""What is missing, as people call it, and what stands there that cannot be used."""


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
        if (not_asked := _not_asked(asked, proof)) is not None:
            says, denied = not_asked
            return full_stop(f"{says}: {facts.of(denied)}")
        return f"It does not apply. {facts.said(proof)}".strip()
    if standing.applies is Truth.UNKNOWN:
        return f"It cannot be told whether it applies. {facts.said(proof)}".strip()
    if standing.basis is Basis.JUDGEMENT and asked.answer is not None:
        said, why = _answered(asked.answer), asked.answer.reason
        if why:
            said += f" {full_stop(in_words(why))}" if quoted else " Reason recorded, not shown."
        return said
    if outcome is Outcome.NEEDS_JUDGEMENT:
        return "No reader has answered yet."
    if outcome is Outcome.NOT_YET_DUE and asked.deadline is not None:
        return f"It is due by {in_words(asked.deadline)}."
    if outcome is Outcome.NOT_EVIDENCED and standing.deadline is Deadline.UNKNOWN:
        return f"It cannot be told when it was due. {facts.said(proof)}"
    if outcome is Outcome.NOT_EVIDENCED:
        return f"The record does not show it. {facts.said(proof)}"
    late = asked.deadline if outcome is Outcome.NOT_MET else None
    return facts.said(proof) + (f" It was due by {in_words(late)}." if late else "")


def _not_asked(asked: Evaluation, proof: Proof | None) -> tuple[str, Proof] | None:
    """Why the question is not asked at all, the first reason there is, and the proof of it; None if it is asked."""
    says: dict[Condition, str] = {Not(one.when): one.says for one in asked.criterion.not_asked}
    parts = () if proof is None else proof.parts if isinstance(proof.condition, All) else (proof,)
    denied = (part for part in parts if part.truth is Truth.FALSE and part.condition in says)
    return next(((says[part.condition].removesuffix("."), part) for part in denied), None)


_ANSWERED = {
    ReadersAnswer.YES: "The reader answered yes.",
    ReadersAnswer.NO: "The reader answered no.",
    ReadersAnswer.NOT_APPLICABLE: "The reader says that it does not apply.",
}


_KNOWN_FROM = {
    FILE: ", from the file",
    INTERVIEW: ", from an interview: the file does not show it",
}


def _answered(answer: Answer) -> str:
    """What a reader answered, and where that is known from, if it is said."""
    return f"{_ANSWERED[answer.answer].removesuffix('.')}{_KNOWN_FROM.get(answer.source, '')}."


def readers_view(outcome: Outcome, standing: Standing, answer: Answer | None) -> str:
    """What is to be said where a reader's answer and the facts do not go together; "" where they do."""
    if answer is None:
        return ""
    said = _answered(answer)
    if standing.applies is Truth.FALSE:
        agrees = standing.answer is ReadersAnswer.NOT_APPLICABLE
        return "" if agrees else f"{said} The facts show that it does not apply."
    if standing.applies is Truth.UNKNOWN:
        return f"{said} The record does not show whether it applies."
    if standing.basis is Basis.JUDGEMENT:
        return ""
    return "" if _AGREES[standing.answer] is outcome else f"{said} {_FACTS[outcome]}"


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
