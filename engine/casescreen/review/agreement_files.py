"""How far two readers agree as files: a workbook in which disagreements are moderated, its sheet as CSV, and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from casescreen.model.agreement import FEWEST_PAIRS, Disagreement, PairCounts, QuestionAgreement, ReaderAgreement
from casescreen.model.answer_set import AnswerSet
from casescreen.model.case import Answer
from casescreen.report.formats.csv import table_as_csv
from casescreen.review import moderation as sheet
from casescreen.review.agreement_report import (
    AC1_MEANS,
    BY_ROWS,
    COIN_MEANS,
    NOT_POOLED,
    ORIGINALS,
    facts_of,
    figures_row,
    stricter_in_words,
    title_of_agreement,
)
from casescreen.review.pairing import readers_in_words

if TYPE_CHECKING:
    from casescreen.office.styles import SheetColumn

AGREEMENT_FORMAT = "casescreen-agreement/1"
"""What the JSON says that it is."""

_MADE_ON = date(2000, 1, 1)  # any one day: the same answers are the same bytes
_HINT = "Fill in all four: what counts, who says so, on which day, and why."


def agreement_csv(agreement: ReaderAgreement) -> str:
    """The disagreements as CSV, with the columns that are filled in to moderate them."""
    titles = sheet.headings(shows_text=agreement.shows_text)
    rows = (sheet.row_of(one, agreement) for one in agreement.disagreements)
    return table_as_csv(titles, [[row[title] or "" for title in titles] for row in rows])


def agreement_json(agreement: ReaderAgreement) -> str:
    """The whole of it. Plain ASCII: every other character, and every control character, is escaped."""
    return json.dumps(agreement_as_json(agreement), indent=2, ensure_ascii=True) + "\n"


def agreement_as_json(agreement: ReaderAgreement) -> dict[str, object]:
    """The whole of it as plain values, in the shape that docs/json-output.md describes."""
    rulebook = agreement.rulebook
    return {
        "format": AGREEMENT_FORMAT,
        "rulebook": {"id": rulebook.id, "title": rulebook.title, "version": rulebook.version, "hash": rulebook.hash},
        "figures_of": "originals",
        "fewest_pairs": FEWEST_PAIRS,
        "first": _set(agreement.first),
        "second": _set(agreement.second),
        "sample": {"hash": agreement.sample, "drawn": agreement.drawn} if agreement.sample else None,
        "cases": agreement.cases,
        "only_first": agreement.only_first,
        "only_second": agreement.only_second,
        "unread": agreement.unread,
        "not_drawn": agreement.not_drawn,
        "set_aside": agreement.set_aside,
        "totals": _counts(agreement.counts),
        "questions": [_question(one, agreement) for one in agreement.questions],
        "moderated": agreement.moderated,
        "disagreements": [_disagreement(one, agreement) for one in agreement.disagreements],
    }


def _set(answers: AnswerSet) -> dict[str, object]:
    return {
        "reader": answers.reader,
        "cases": len(answers.cases),
        "answers": answers.number,
        "rules": answers.rules,
    }


def _counts(counts: PairCounts) -> dict[str, int]:
    return {
        "pairs": counts.pairs,
        "same": counts.same,
        "both_yes": counts.both_yes,
        "only_first": counts.only_first,
        "only_second": counts.only_second,
        "both_no": counts.both_no,
    }


def _question(one: QuestionAgreement, agreement: ReaderAgreement) -> dict[str, object]:
    criterion = agreement.rulebook.criterion[one.criterion]
    return {
        "criterion": one.criterion,
        "title": criterion.title,
        "short": criterion.short,
        "theme": criterion.theme,
        "by_rows": criterion.per is not None,
        **_counts(one.counts),
        "both_na": one.both_na,
        "only_first_na": one.only_first_na,
        "only_second_na": one.only_second_na,
        "only_first_answered": one.only_first_answered,
        "only_second_answered": one.only_second_answered,
        "figures": _figures(one.counts) if one.has_figures else None,
    }


def _figures(counts: PairCounts) -> dict[str, object]:
    """The coefficients to four places, which is what all computers agree on."""
    low, high = counts.ac1_interval
    return {
        "agreement": round(float(counts.agreement), 4),
        "kappa": None if counts.kappa is None else round(float(counts.kappa), 4),
        "ac1": round(float(counts.ac1), 4),
        "ac1_se": round(counts.ac1_error, 4),
        "ac1_interval": [round(low, 4), round(high, 4)],
        "mcnemar_p": None if counts.mcnemar is None else round(float(counts.mcnemar), 4),
    }


def _disagreement(one: Disagreement, agreement: ReaderAgreement) -> dict[str, object]:
    said = one.moderated
    return {
        "case": one.case,
        "criterion": one.criterion,
        "item": one.item,
        "first": _answer(one.first, shows_text=agreement.shows_text),
        "second": _answer(one.second, shows_text=agreement.shows_text),
        "moderated": None
        if said is None
        else {"answer": said.answer.value, "by": said.by, "on": said.on.isoformat(), "reason": said.reason},
    }


def _answer(answer: Answer, *, shows_text: bool) -> dict[str, object]:
    return {
        "answer": answer.answer.value,
        "answered_on": None if answer.answered_on is None else answer.answered_on.isoformat(),
        "source": answer.source,
        **({"reason": answer.reason} if shows_text else {}),
    }


def agreement_xlsx(agreement: ReaderAgreement) -> bytes:
    """A workbook: a cover, the questions, each leading to its disagreements, and the sheet that is filled in.

    Raises:
        CasescreenError: what writes workbooks is not installed.
    """
    from casescreen.extras import import_extra, part_missing  # noqa: PLC0415 - only who writes one waits for it

    missing = part_missing("Workbooks cannot be written", "tables", "write .csv")
    book = import_extra("casescreen.office.excel", *missing).Book(title_of_agreement(agreement), _MADE_ON)
    book.write_cover(_cover(agreement))
    book.write_table(_questions_sheet(agreement))
    book.write_table(_moderate_sheet(agreement))
    content: bytes = book.to_bytes()
    return content


def _cover(agreement: ReaderAgreement) -> Iterator[object]:
    from casescreen.office.styles import Line  # noqa: PLC0415 - the same

    yield Line(title_of_agreement(agreement))
    yield Line("Rules", f"{agreement.rulebook.title}, version {agreement.rulebook.version}")
    for label, said in facts_of(agreement):
        yield Line(label, said)
    yield Line("The figures", ORIGINALS)
    yield Line("The sheets")
    yield Line("Questions", "How often the two answered alike, question by question. Each leads to its disagreements.")
    yield Line(
        sheet.MODERATE,
        f"A row for each disagreement. To moderate one, fill in its last four columns, save, and name this file with "
        f"--moderated. {_HINT}",
    )
    if any(one.has_figures for one in agreement.questions):
        yield Line("AC1, kappa", AC1_MEANS)
        yield Line("Coin", COIN_MEANS)
    yield Line("Rows", BY_ROWS)
    yield Line("No sum", NOT_POOLED)


def _question_columns(first: str, second: str, *, with_figures: bool) -> tuple[SheetColumn, ...]:
    from casescreen.office.styles import SheetColumn  # noqa: PLC0415 - the same

    titles = (
        *("Pairs", "Same", "Both yes", f"Only {first} yes", f"Only {second} yes", "Both no", "Both n/a"),
        *(f"Only {first} n/a", f"Only {second} n/a", f"Only {first} answered", f"Only {second} answered"),
    )
    return (
        SheetColumn("Question", 44),
        SheetColumn("Disagreements", 16),
        *(SheetColumn(title, 11) for title in titles),
        *(SheetColumn(title, 14) for title in ("AC1", "Interval", "Kappa", "Coin") if with_figures),
        *((SheetColumn("Who was stricter", 60),) if with_figures else ()),
    )


def _questions_sheet(agreement: ReaderAgreement) -> object:
    from casescreen.office.styles import SheetContent, SheetLink  # noqa: PLC0415 - the same

    first, second = readers_in_words(agreement)
    enough = any(one.has_figures for one in agreement.questions)
    columns = _question_columns(first, second, with_figures=enough)
    figures: tuple[str, ...]
    rows, at = [], 2
    for one in agreement.questions:
        number, counts = one.disagreements, one.counts
        figures = ("",) * 5 if enough else ()
        if one.has_figures:
            figures = (*figures_row(counts)[1:], stricter_in_words(counts, first, second))
        rows.append(
            (
                agreement.rulebook.criterion[one.criterion].title,
                SheetLink(f"{number:,}: see them", sheet.MODERATE, at) if number else "none",
                *(counts.pairs, counts.same, counts.both_yes, counts.only_first, counts.only_second, counts.both_no),
                *one.unpaired,
                *figures,
            )
        )
        at += number
    return SheetContent("Questions", columns, rows, "Nothing was answered by both.")


_WIDTHS = {
    sheet.CASE: 16,
    sheet.QUESTION: 44,
    sheet.CRITERION: 24,
    sheet.FIRST_REASON: 40,
    sheet.SECOND_REASON: 40,
    sheet.REASON: 50,
}


def _moderate_sheet(agreement: ReaderAgreement) -> object:
    from casescreen.office.styles import SheetColumn, SheetContent  # noqa: PLC0415 - the same

    titles = sheet.headings(shows_text=agreement.shows_text)
    to_fill_in = {
        sheet.ANSWER: SheetColumn(sheet.ANSWER, 16, choices=("yes", "no", "n/a"), hint=_HINT),
        sheet.BY: SheetColumn(sheet.BY, 20, hint="Who says so, by name."),
        sheet.ON: SheetColumn(sheet.ON, 14, is_day=True, hint="The day on which it was decided."),
        sheet.REASON: SheetColumn(sheet.REASON, 50, hint="Why, in a sentence."),
    }
    columns = tuple(to_fill_in.get(title) or SheetColumn(title, _WIDTHS.get(title, 16)) for title in titles)
    rows = (sheet.row_of(one, agreement) for one in agreement.disagreements)
    cells = [tuple(_lines(row[title]) for title in titles) for row in rows]
    return SheetContent(sheet.MODERATE, columns, cells, "There is no disagreement.")


def _lines(cell: str | date | None) -> str | date | tuple[str, ...] | None:
    return tuple(cell.split("\n")) if isinstance(cell, str) and "\n" in cell else cell
