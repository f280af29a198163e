"""The file of a sample: read as it was written, and refused where anybody changed it into nonsense."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from random import Random

import pytest
from attrs import evolve
from sample_plans import Plan, bikes, plan, repairs

from casescreen.model.case import Row
from casescreen.model.problem import CasescreenError
from casescreen.model.sample import Exclusion, MustInclude, SampleRecord, SampleReplacement
from casescreen.review.sample_draw import draw, own_faults, population_of_cases, replaced
from casescreen.review.sample_record import (
    list_text,
    read_committed_list,
    read_sample_record,
    sample_text,
    with_hash,
    write_sample_record,
)

__all__ = ["bikes", "plan"]

HOSTILE = 'B "1"], ["2</td>=1+1\\'


@pytest.fixture
def record(plan: Plan) -> SampleRecord:
    """A sample with all that one can hold, and ids that nobody should have."""
    read = plan(strata='"repair.done"', reserves="1")
    ids = [HOSTILE, *(f"B-{number}" for number in range(8))]
    fields: dict[str, Row] = {
        "B-1": {"bike.kind": "city bike"},
        "B-2": {"bike.kind": None},
        "B-3": {"repair.done": True},
    }
    made = draw(read, population_of_cases(read, repairs(ids, fields)), "20260501-417", "c0de")
    made = evolve(made, plan=evolve(made.plan, must_include=(MustInclude("B-1", "Asked for."),)))
    return replaced(made, made.ids[0], "Ill, it is said.", "J. Okafor", date(2024, 6, 3))[0]


def test_what_is_written_is_read_again(record: SampleRecord, tmp_path: Path) -> None:
    """Every ticket, exclusion and replacement comes back, and so does the hash of them."""
    write_sample_record(tmp_path / "s.json", record, force=False)
    assert read_sample_record(tmp_path / "s.json") == with_hash(record)
    assert HOSTILE in str(record)


def test_each_ticket_stands_on_a_line_of_its_own(record: SampleRecord) -> None:
    """People see in a list of changed lines what changed; no id breaks a line."""
    content = json.loads(sample_text(record))
    rows = sum(len(one) for one in content.values() if isinstance(one, list))
    assert sum(line.startswith("    [") for line in sample_text(record).splitlines()) == rows


def test_the_hash_is_that_of_the_content_and_not_of_its_layout(record: SampleRecord, tmp_path: Path) -> None:
    """A file that was laid out anew is the same sample; one of which a word was changed is not."""
    path = tmp_path / "s.json"
    path.write_text(json.dumps(json.loads(sample_text(record)), indent=4), encoding="utf-8")
    assert read_sample_record(path).hash == with_hash(record).hash
    path.write_text(sample_text(record).replace("Ill, it is said.", "Ill."), encoding="utf-8")
    assert read_sample_record(path).hash != with_hash(record).hash


def test_of_those_that_cannot_be_told_and_are_drawn_from_it_is_kept_too(record: SampleRecord, tmp_path: Path) -> None:
    """They stand in one list, whatever the plan does with them."""
    unknown = Exclusion("B-4", ("cargo",), unknown=True, missing=("bike.kind", "faults.part"))
    admitting = evolve(
        record,
        plan=evolve(record.plan, includes_unknown=True),
        excluded=tuple(one for one in record.excluded if not one.unknown),
        admitted=(unknown,),
    )
    write_sample_record(tmp_path / "s.json", admitting, force=False)
    assert read_sample_record(tmp_path / "s.json").admitted == (unknown,)


CHANGES = {
    "format": "casescreen-sample/9",
    "as_of": "2024-13-01",
    "size": "some",
    "reserves": -1,
    "unknown": "guess",
    "seed": 417,
    "rules": [["begun"]],
    "parameters": [["a", "b", "c", "gospel", "d"]],
    "tickets": [],
    "strata": [["no", 1, 2, 0]],
    "excluded": [["B-1", [7]]],
    "rulebook": {"id": "bikes"},
    "replacements": [["B-9", "B-8", "Ill.", "J. Okafor", "2024-06-03"]],
    "more": 1,
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_file_that_was_changed_into_nonsense_is_refused(record: SampleRecord, name: str, tmp_path: Path) -> None:
    """Nothing in it is believed halfway."""
    path = tmp_path / "s.json"
    path.write_text(json.dumps(json.loads(sample_text(record)) | {name: CHANGES[name]}), encoding="utf-8")
    with pytest.raises(CasescreenError):
        read_sample_record(path)


def test_a_case_that_stands_twice_is_refused(record: SampleRecord, tmp_path: Path) -> None:
    """One that is eligible and is not cannot be both."""
    path, content = tmp_path / "s.json", json.loads(sample_text(record))
    content["excluded"].append([content["tickets"][0][2], ["cargo"]])
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(CasescreenError, match="stands in it twice"):
        read_sample_record(path)


def test_no_changed_byte_makes_a_traceback(record: SampleRecord, tmp_path: Path) -> None:
    """Whatever became of the file, it is read or refused in words."""
    path, random, whole = tmp_path / "s.json", Random(417), sample_text(record).encode()  # noqa: S311 - no secret
    for _ in range(400):
        at = random.randrange(len(whole))
        path.write_bytes(whole[:at] + random.choice([b"", b"\x00", b'"', b"]", b"9" * 30, b"\xff"]) + whole[at + 1 :])
        try:
            said = str(read_sample_record(path).hash)
        except CasescreenError as error:
            said = str(error)
        assert said.isprintable() or "\n  " in said


def test_the_two_files_are_not_taken_for_one_another(record: SampleRecord, tmp_path: Path) -> None:
    """Who names the list in place of the sample, or a file of something else, is told what it is."""
    path = tmp_path / "list.json"
    path.write_text(list_text(record), encoding="utf-8")
    with pytest.raises(CasescreenError, match="is the file of a list that was committed to"):
        read_sample_record(path)
    assert read_committed_list(path).hash == record.list_hash
    path.write_text('{"format": "casescreen/1"}', encoding="utf-8")
    for read in (read_sample_record, read_committed_list):
        with pytest.raises(CasescreenError, match="is not the file of"):
            read(path)
    with pytest.raises(CasescreenError, match="no such file"):
        read_sample_record(tmp_path / "gone.json")


def test_a_list_has_neither_tickets_nor_seed(record: SampleRecord) -> None:
    """It is written before there is a seed."""
    assert not {"seed", "tickets"} & json.loads(list_text(record)).keys()


def test_a_list_that_is_not_the_one_of_its_hash_is_refused(record: SampleRecord, tmp_path: Path) -> None:
    """Whoever adds a case to it afterwards is found out."""
    path, content = tmp_path / "list.json", json.loads(list_text(record))
    content["eligible"].append(["no", "B-99"])
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(CasescreenError, match="not the one of its hash"):
        read_committed_list(path)


def test_another_note_than_every_file_has_is_no_sample(record: SampleRecord, tmp_path: Path) -> None:
    """Nobody reads in a file what was not written there; no draw that is repeated would tell."""
    for text, read in ((sample_text(record), read_sample_record), (list_text(record), read_committed_list)):
        (tmp_path / "s.json").write_text(text.replace("Keep it as you", "Give it to whoever you"), encoding="utf-8")
        with pytest.raises(CasescreenError, match="its note is not"):
            read(tmp_path / "s.json")


def test_very_many_replacements_are_read_in_their_turn(plan: Plan, tmp_path: Path) -> None:
    """A case can be replaced, and its replacement too; a file with thousands of them takes no hours."""
    record = draw(
        plan(size="2"), population_of_cases(plan(size="2"), repairs([f"B-{n}" for n in range(6_000)])), "s" * 8
    )
    changes, first = [], record.ids[0]
    for case in record.waiting(""):
        changes.append(SampleReplacement(first, case, "Ill.", "J. Okafor", date(2024, 6, 3)))
        first = case
    made = evolve(record, replacements=tuple(changes))
    write_sample_record(tmp_path / "s.json", made, force=False)
    again = read_sample_record(tmp_path / "s.json")
    assert again.replacements == made.replacements
    assert again.ids == (first, record.ids[1])
    assert own_faults(again) == ()


@pytest.mark.parametrize("shape", ["[]", "{}", "[1]", "null", "1", '"casescreen-sample/2"'])
def test_a_format_of_another_kind_is_no_sample(shape: str, tmp_path: Path) -> None:
    """Whatever stands where the name of the format should."""
    (tmp_path / "s.json").write_text(f'{{"format": {shape}}}', encoding="utf-8")
    for read in (read_sample_record, read_committed_list):
        with pytest.raises(CasescreenError, match="is not the file of"):
            read(tmp_path / "s.json")
