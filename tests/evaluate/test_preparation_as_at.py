"""Records taken back to an earlier day."""

from __future__ import annotations

from datetime import date

from casescreen.evaluate.preparation import PastRecord, RecordsAsAt
from casescreen.model.case import Answer, Case, Unreadable
from casescreen.model.dictionary import Dictionary, Field, Kind, Table
from casescreen.model.outcome import ReadersAnswer
from casescreen.model.problem import Place

DAY, EARLIER, LATER = date(2016, 5, 9), date(2016, 5, 1), date(2016, 5, 20)
_FIELDS = (
    Field("case.id", "case", Kind.TEXT, ""),
    Field("order.starts_on", "started", Kind.DATE, "", past=True, begins=True),
    Field("order.ends_on", "ends", Kind.DATE, ""),
    Field("plan.exists", "exists", Kind.YES_NO, ""),
    Field("plan.made_on", "made", Kind.DATE, "", past=True, dates="plan.exists"),
    Field("plan.revised_on", "revised", Kind.DATE, "", past=True, dates="plan.exists"),
)
_COLUMNS = (
    Field("id", "id", Kind.TEXT, "", table="reviews"),
    Field("opened_on", "opened", Kind.DATE, "", past=True, table="reviews", begins=True),
    Field("done", "done", Kind.YES_NO, "", table="reviews"),
    Field("done_on", "done on", Kind.DATE, "", past=True, table="reviews", dates="done"),
)
_REVIEWS = Table("reviews", "reviews", "review", "", "id", {column.name: column for column in _COLUMNS}, "id")
_DICTIONARY = Dictionary({field.name: field for field in _FIELDS}, {"reviews": _REVIEWS})


def _as_at(*, answers: tuple[Answer, ...] = (), unreadable: tuple[Unreadable, ...] = (), **parts: object) -> PastRecord:
    tables = {name: tuple(rows) for name, rows in parts.items() if isinstance(rows, list)}
    fields = {
        f"{section}.{name}": value
        for section, group in parts.items()
        if isinstance(group, dict)
        for name, value in group.items()
    }
    case = Case("A", {"case.id": "A", **fields}, tables, answers, unreadable=unreadable)
    return RecordsAsAt(_DICTIONARY, DAY).take_back(case)


def test_a_record_of_earlier_days_stays_as_it_is() -> None:
    """Nothing is later, so nothing changes; a day to come is no work that was done."""
    past = _as_at(
        order={"starts_on": DAY, "ends_on": LATER}, plan={"exists": True, "made_on": DAY}, reviews=[{"done_on": DAY}]
    )
    assert (past.begun, past.later) == (True, 0)
    assert past.case.fields["order.ends_on"] == LATER


def test_what_is_dated_later_was_not_done_yet() -> None:
    """The day goes, and the yes-no that it dates counts as no, whether it was written or not."""
    written = _as_at(plan={"exists": True, "made_on": LATER})
    assert dict(written.case.fields) == {"case.id": "A", "plan.exists": False}
    assert _as_at(plan={"made_on": LATER}).case.fields["plan.exists"] is False
    assert written.later == 1


def test_what_is_dated_earlier_too_was_done() -> None:
    """A plan that was made, and revised later, was there; a day that cannot be read may be an earlier one."""
    assert _as_at(plan={"exists": True, "made_on": EARLIER, "revised_on": LATER}).case.fields["plan.exists"] is True
    unreadable = _as_at(plan={"exists": True, "made_on": None, "revised_on": LATER}).case
    assert unreadable.fields["plan.exists"] is None


def test_a_fact_without_a_date_is_taken_as_it_stands() -> None:
    """Nobody knows when it became so."""
    assert _as_at(plan={"exists": True}, order={"ends_on": LATER}).later == 0


def test_a_row_that_begins_later_is_not_there_yet() -> None:
    """Others keep what cannot be read in them, under the number that they have now."""
    place = Place("a.toml", 9)
    broken = tuple(Unreadable(("reviews", n, "done"), "?", "it is not yes or no", place=place) for n in (0, 1))
    rows = [{"id": "1", "opened_on": LATER}, {"id": "2", "opened_on": EARLIER, "done": True, "done_on": LATER}]
    past = _as_at(reviews=rows, unreadable=broken)
    assert past.case.tables["reviews"] == ({"id": "2", "opened_on": EARLIER, "done": False},)
    assert [one.path for one in past.case.unreadable] == [("reviews", 0, "done")]
    assert past.later == 2


def test_an_answer_that_was_given_later_is_no_answer_yet() -> None:
    """One without a day stands."""
    later = Answer("plan-good", ReadersAnswer.YES, answered_on=LATER)
    undated = Answer("plan-signed", ReadersAnswer.NO)
    assert _as_at(answers=(later, undated)).case.answers == (undated,)


def test_a_case_that_begins_later_had_not_begun() -> None:
    """It is set apart by whoever asks."""
    assert not _as_at(order={"starts_on": LATER}).begun
    assert _as_at(order={}).begun
