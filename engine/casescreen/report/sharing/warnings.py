"""Where ids and texts of records look like what tells who somebody is, told without saying it again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from attrs import frozen

from casescreen.model.case import Case
from casescreen.model.dictionary import Dictionary, Kind
from casescreen.model.likeness import Likenesses
from casescreen.model.rulebook import Rulebook
from casescreen.text import counted, visible

_MOST_PLACES = 3


@frozen
class Seen:
    """Something that was seen in a record.

    Attributes:
        likeness: what it looks like.
        number: of the record, from 1 in order of id.
        case: the case's id; "" where that itself is not to be said.
        where: the field, by its label.
    """

    likeness: str
    number: int
    case: str
    where: str


def seen_in(cases: Sequence[Case], rulebook: Rulebook, likenesses: Likenesses, as_of: date) -> Iterator[Seen]:
    """Everything that looks like what tells who somebody is, record by record. Names of workers are no concern."""
    for number, case in enumerate(cases, 1):
        in_id = tuple(dict.fromkeys(likenesses.in_reference(case.id, as_of)))
        yield from (Seen(likeness, number, "", "case id") for likeness in in_id)
        name = "" if in_id else case.id
        for where, text, is_reference in _texts(case, rulebook):
            look = likenesses.in_reference if is_reference else likenesses.in_text
            yield from (Seen(likeness, number, name, where) for likeness in dict.fromkeys(look(text, as_of)))


def _texts(case: Case, rulebook: Rulebook) -> Iterator[tuple[str, str, bool]]:
    """The texts of a record that are free, and the keys of its rows: what each is, itself, and whether it is a key."""
    dictionary: Dictionary = rulebook.dictionary
    for name, value in case.fields.items():
        field = dictionary.fields[name]
        if field.kind is Kind.TEXT and name not in rulebook.references:
            yield field.label, str(value), False
    for name, rows in case.tables.items():
        table = dictionary.tables[name]
        columns = [column for column in table.columns.values() if column.kind is Kind.TEXT]
        for row in rows:
            for column in columns:
                if column.name in row:
                    yield f"{table.one}: {column.label}", str(row[column.name]), column.name == table.key
    yield from (("reader's reason", answer.reason, False) for answer in case.answers if answer.reason)


def warning(seen: Sequence[Seen], *, by_number: bool) -> str:
    """What was seen, a line for each likeness, with the first places; "" if nothing was.

    Args:
        seen: what was seen.
        by_number: whether records are called by their number only.
    """
    if not seen:
        return ""
    lines = [_line(likeness, seen, by_number=by_number) for likeness in sorted({one.likeness for one in seen})]
    return (
        "Some ids or texts of the records look like what tells who somebody is:\n"
        f"{''.join(lines)}"
        "  Why it matters: whoever gets a report with them learns it.\n"
        "  What to do: look at them, and put a reference in their place before you share a report.\n"
    )


def _line(likeness: str, seen: Sequence[Seen], *, by_number: bool) -> str:
    ours = [one for one in seen if one.likeness == likeness]
    records = len({one.number for one in ours})
    places = list(dict.fromkeys(_place(one, by_number=by_number) for one in ours))
    more = f"; and {len(places) - _MOST_PLACES:,} more" if len(places) > _MOST_PLACES else ""
    return f"  {likeness}, in {counted(records, 'record')}: {'; '.join(places[:_MOST_PLACES])}{more}\n"


def _place(seen: Seen, *, by_number: bool) -> str:
    named = bool(seen.case) and not by_number
    return f"{visible(seen.case) if named else f'record {seen.number:,} in order of id'} ({seen.where})"
