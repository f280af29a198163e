"""How far two readers agree as files."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
from attrs import evolve
from jsonschema import Draft202012Validator
from two_readers import ASKED, OF_ROWS, answer, pair_of, reading

from casescreen.model.agreement import ReaderAgreement
from casescreen.model.answer_set import ModeratedAnswer, OriginalAnswer
from casescreen.model.outcome import ReadersAnswer
from casescreen.model.rulebook import Rulebook
from casescreen.report.formats.json import json_schema
from casescreen.review.agreement_files import agreement_csv, agreement_json, agreement_xlsx
from casescreen.review.moderation import with_moderated
from casescreen.review.pairing import agreement_of


def _two(bikes: Rulebook) -> ReaderAgreement:
    """Two questions, of which both have disagreements."""
    said = {f"B-{n}": (answer("yes"), answer("no", OF_ROWS, "R1")) for n in range(1, 4)}
    other = {f"B-{n}": (answer("no" if n > 1 else "yes"), answer("yes", OF_ROWS, "R1")) for n in range(1, 4)}
    return agreement_of(reading("A. Reader", said), reading("B. Reader", other), bikes)


def _moderated(agreement: ReaderAgreement) -> ReaderAgreement:
    one = agreement.disagreements[0]
    originals = (OriginalAnswer("A. Reader", one.first.answer), OriginalAnswer("B. Reader", one.second.answer))
    said = ModeratedAnswer(*one.key, ReadersAnswer.NO, "C. Lead", date(2024, 5, 30), "Page 3.", *originals)
    return with_moderated(agreement, [said])


def _json(agreement: ReaderAgreement) -> Any:  # noqa: ANN401 - whatever stands in it
    content = json.loads(agreement_json(agreement))
    Draft202012Validator(json.loads(json_schema("agreement"))).validate(content)
    return content


def test_json_is_as_its_schema_says(bikes: Rulebook) -> None:
    """With figures and without, with text and without, moderated or not, of a sample or not."""
    figures = _json(agreement_of(*pair_of(17, 1, 1, 1), bikes))["questions"][0]["figures"]
    assert figures == {
        "agreement": 0.9,
        "kappa": 0.4444,
        "ac1": 0.878,
        "ac1_se": 0.092,
        "ac1_interval": [0.6855, 1.0],
        "mcnemar_p": 1.0,
    }
    assert _json(agreement_of(*pair_of(20, 0, 0, 0), bikes))["questions"][0]["figures"]["kappa"] is None
    two = _moderated(_two(bikes))
    content = _json(evolve(two, sample="ab" * 32, drawn=4, unread=("B-9",)))
    assert [one["figures"] for one in content["questions"]] == [None, None]
    assert (content["moderated"], content["totals"]["pairs"], content["figures_of"]) == (1, 6, "originals")
    assert [one["moderated"] and one["moderated"]["by"] for one in content["disagreements"]][:2] == ["C. Lead", None]
    assert "reason" not in content["disagreements"][0]["first"]
    assert "reason" in _json(evolve(two, shows_text=True))["disagreements"][0]["first"]


def test_the_schema_allows_nothing_else() -> None:
    """No key without a description, and none beside those."""
    schema = json.loads(json_schema("agreement"))
    Draft202012Validator.check_schema(schema)

    def look(part: object) -> None:
        if isinstance(part, dict):
            if part.get("type") == "object":
                assert part["additionalProperties"] is False
                assert set(part["required"]) <= part["properties"].keys()
            for one in part.values():
                look(one)
        for one in part if isinstance(part, list) else ():
            look(one)

    look(schema)


def test_a_question_in_the_workbook_leads_to_its_first_disagreement(bikes: Rulebook) -> None:
    """The link goes to the row of the sheet to be filled in, where that question begins."""
    book = openpyxl.load_workbook(BytesIO(agreement_xlsx(_two(bikes))))
    assert book.sheetnames == ["Cover", "Questions", "Moderate"]
    rows = book["Moderate"]
    criterion = next(cell.column for cell in rows[1] if cell.value == "Criterion")
    links = [row[1].hyperlink.location for row in book["Questions"].iter_rows(min_row=2)]
    assert links == ["'Moderate'!A2", "'Moderate'!A4"]
    assert [rows.cell(int(one.split("!A")[1]), criterion).value for one in links] == [ASKED, OF_ROWS]


def test_the_workbook_has_coefficients_only_where_there_are_some(bikes: Rulebook) -> None:
    """No empty columns, and no word on what is not there."""

    def titles(agreement: ReaderAgreement) -> list[object]:
        return [cell.value for cell in openpyxl.load_workbook(BytesIO(agreement_xlsx(agreement)))["Questions"][1]]

    assert titles(agreement_of(*pair_of(20, 0, 0, 0), bikes))[-5:] == [
        "AC1", "Interval", "Kappa", "Coin", "Who was stricter",
    ]  # fmt: skip
    assert "AC1" not in titles(_two(bikes))


def test_nothing_in_a_file_is_taken_for_a_formula(bikes: Rulebook) -> None:
    """Names, rows and reasons of anybody."""
    each = ((answer(one, OF_ROWS, "=1+1", '=HYPERLINK("http://x")'),) for one in ("yes", "no"))
    first, second = (reading(f"={name}", {"@B": one}) for name, one in zip("AB", each, strict=True))
    agreement = evolve(agreement_of(first, second, bikes), shows_text=True)
    book = openpyxl.load_workbook(BytesIO(agreement_xlsx(agreement)))
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    [row] = [*csv.reader(io.StringIO(agreement_csv(agreement)))][1:]
    assert not [cell for cell in row if cell.startswith(("=", "@"))]


def test_the_same_answers_give_the_same_bytes(bikes: Rulebook) -> None:
    """In every form."""
    for made in (agreement_xlsx, agreement_csv, agreement_json):
        assert made(_two(bikes)) == made(_two(bikes))
