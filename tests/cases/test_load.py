"""Everything that is named, read as one caseload."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from casescreen.cases.load import read_cases
from casescreen.model.case import Answer, Case, Caseload
from casescreen.model.dictionary import Dictionary
from casescreen.model.outcome import ReadersAnswer
from casescreen.model.problem import Place, ProblemsError

Read = Callable[..., Caseload]

_TOML = """\
reviews = []

[case]
id = "EX-001"
manager = "Worker A"

[order]
type = "referral order"
starts_on = 2016-02-15

[plan]
shared = false
objectives = 3

[[reports]]
id = "R1"
done_on = 2016-03-01

[[reports]]
id = "R2"
kind = "Zoë's"

[[answers]]
criterion = "plan-timely"
answer = "n/a"
reason = "Moved away."
item = "R1"
reader = "Reader A"
answered_on = 2016-05-09
"""
_JSON = """{"answers": [{"answer": "n/a", "criterion": "plan-timely", "answered_on": "2016-05-09", "item": "R1",
"reason": "Moved away.", "reader": "Reader A"}],
"reports": [{"kind": "Zo\\u00eb's", "id": "R2"}, {"id": "R1", "done_on": "2016-03-01"}], "reviews": [],
"plan": {"objectives": 3, "shared": false}, "order": {"starts_on": "2016-02-15", "type": "referral order"},
"case": {"manager": "Worker A", "id": "EX-001"}}"""


def _case(case_id: str, more: str = "") -> str:
    return f'[case]\nid = "{case_id}"\n{more}'


def test_a_record_is_read_as_it_is_written(read_text: Read, tmp_path: Path) -> None:
    """Fields by full name, tables with their rows in order, an empty table, and the answers; nothing else."""
    [case] = read_text(_TOML).cases
    assert case == Case(
        "EX-001",
        {
            "case.id": "EX-001",
            "case.manager": "Worker A",
            "order.type": "referral order",
            "order.starts_on": date(2016, 2, 15),
            "plan.shared": False,
            "plan.objectives": 3,
        },
        {
            "reviews": (),
            "reports": ({"id": "R1", "done_on": date(2016, 3, 1)}, {"id": "R2", "kind": "Zoë's"}),
        },
        (Answer("plan-timely", ReadersAnswer.NOT_APPLICABLE, "R1", "Moved away.", "Reader A", date(2016, 5, 9)),),
    )
    assert case.place == Place(str(tmp_path / "case.toml"))


def test_what_is_optional_in_an_answer_is_empty(read_text: Read) -> None:
    """An answer needs a criterion and yes or no."""
    [case] = read_text(_case("A", '[[answers]]\ncriterion = "plan-timely"\nanswer = "no"\n')).cases
    assert case.answers == (Answer("plan-timely", ReadersAnswer.NO),)


def test_where_an_answer_is_known_from_is_read(read_text: Read, read: Read, tmp_path: Path) -> None:
    """It is one of two words; another costs the source, and not the answer. The hash covers it where it is said."""
    answer = '[[answers]]\ncriterion = "plan-timely"\nanswer = "no"\n'
    plain = read_text(_case("A", answer))
    said = read_text(_case("A", f'{answer}source = "interview"\n'))
    assert said.cases[0].answers == (Answer("plan-timely", ReadersAnswer.NO, source="interview"),)
    (tmp_path / "case.toml").write_text(_case("A", f'{answer}source = "phone"\n'), encoding="utf-8")
    wrong = read(tmp_path / "case.toml", strict=False)
    assert wrong.cases[0].answers == plain.cases[0].answers
    assert [one.path for one in wrong.cases[0].unreadable] == [("answers", 0, "source")]
    assert len({plain.hash, said.hash, wrong.hash}) == 3


def test_the_hash_is_of_what_the_cases_say(read_text: Read) -> None:
    """TOML or JSON, whatever the order of sections, keys and rows: one hash."""
    in_toml, in_json = read_text(_TOML), read_text(_JSON, "case.json")
    assert in_toml.hash == in_json.hash
    assert len(in_toml.hash) == 64


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("EX-001", "EX-002"),
        ("reviews = []", ""),
        ("false", "true"),
        ("2016-02-15", "2016-02-16"),
        ('id = "R2"', 'id = "R3"'),
        ('"Moved away."', '"Moved."'),
        ('item = "R1"', ""),
        ("objectives = 3", "objectives = 1"),
    ],
)
def test_any_other_content_has_another_hash(read_text: Read, old: str, new: str) -> None:
    """Every value, and an empty table too, is part of what the cases say."""
    assert old in _TOML
    assert read_text(_TOML).hash != read_text(_TOML.replace(old, new)).hash


def test_the_layout_of_files_makes_no_difference(read: Read, tmp_path: Path) -> None:
    """Several cases in one file, or one in each, in any order of names: the same caseload."""
    (tmp_path / "all.toml").write_text(
        '[[cases]]\n[cases.case]\nid = "B"\n[[cases.reviews]]\nof = "x"\n[[cases]]\n[cases.case]\nid = "A"\n'
    )
    (tmp_path / "list.json").write_text('[{"case": {"id": "A"}}, {"case": {"id": "B"}, "reviews": [{"of": "x"}]}]')
    (tmp_path / "1.toml").write_text(_case("B", '[[reviews]]\nof = "x"\n'))
    (tmp_path / "2.json").write_text('{"cases": [{"case": {"id": "A"}}]}')
    caseloads = [
        read(tmp_path / "all.toml"),
        read(tmp_path / "list.json"),
        read(tmp_path / "1.toml", tmp_path / "2.json"),
        read(tmp_path / "2.json", tmp_path / "1.toml"),
    ]
    assert [[case.id for case in caseload.cases] for caseload in caseloads] == [["A", "B"]] * 4
    assert len({caseload.hash for caseload in caseloads}) == 1
    assert all(caseload.cases == caseloads[0].cases for caseload in caseloads)


def test_a_record_with_a_problem_is_left_out_and_the_rest_are_read(read_text: Read) -> None:
    """One mistake costs one record, and its place is told."""
    caseload = read_text('[{"case": {"id": "A"}}, {"case": {"id": "B"}, "plan": {"objectives": "3"}}]', "case.json")
    assert [case.id for case in caseload.cases] == ["A"]
    assert caseload.left_out == 1
    assert [problem.place.part for problem in caseload.problems] == ["case B"]
    assert caseload.hash == read_text(_case("A")).hash


def test_everything_wrong_in_all_files_is_told_at_once(read: Read, tmp_path: Path) -> None:
    """Problems come in order of file and line, and each file that cannot be read counts as one record."""
    (tmp_path / "a.toml").write_text(_case("A", 'x = 1\n[plan]\nshared = "no"\nobjectives = "1"\n'))
    (tmp_path / "b.toml").write_text("= 1\n")
    (tmp_path / "c.json").write_text('[{"case": {"id": 3}}, 4, {"case": {"id": "C"}}]')
    caseload = read(tmp_path, tmp_path / "gone.toml")
    assert [(Path(p.place.file).name, p.place.line, p.place.part) for p in caseload.problems] == [
        ("a.toml", 3, "case A"),
        ("a.toml", 5, "case A"),
        ("a.toml", 6, "case A"),
        ("b.toml", 1, ""),
        ("c.json", 0, "record 1"),
        ("c.json", 0, "record 2"),
        ("gone.toml", 0, ""),
    ]
    assert [case.id for case in caseload.cases] == ["C"]
    assert caseload.left_out == 4


def test_records_with_one_id_are_all_left_out(read: Read, tmp_path: Path) -> None:
    """Each names another's place, in whichever source it stands, and also where one of them is wrong otherwise."""
    (tmp_path / "a.toml").write_text(f"\n{_case('A')}")
    (tmp_path / "b.json").write_text('[{"case": {"id": "B"}}, {"case": {"id": "A"}, "x": {}}, {"case": {"id": "A"}}]')
    caseload = read(tmp_path)
    assert [case.id for case in caseload.cases] == ["B"]
    assert caseload.left_out == 3
    told = [str(p).splitlines()[0].replace(f"{tmp_path}{os.sep}", "") for p in caseload.problems if "same id" in p.what]
    assert told == [
        "a.toml, line 3 (case A): another record has the same id: b.json (record 2) and 1 other place",
        "b.json (case A): another record has the same id: a.toml, line 3 and 1 other place",
        "b.json (case A): another record has the same id: a.toml, line 3 and 1 other place",
    ]


def test_nothing_to_screen_is_an_error(read: Read, tmp_path: Path) -> None:
    """Where a source is of no use and no case is left, there is nothing to hand back."""
    (tmp_path / "a.toml").write_text(_case("A", "x = 1\n"))
    with pytest.raises(ProblemsError) as caught:
        read(tmp_path, tmp_path / "gone.toml")
    assert len(caught.value.problems) == 2


def test_records_that_are_all_wrong_are_a_caseload_of_none(read_text: Read) -> None:
    """The sources were sound, so what is wrong with the records is told in the ordinary way."""
    caseload = read_text(_case("A", "x = 1\n"))
    assert not caseload.cases
    assert (caseload.left_out, len(caseload.problems)) == (1, 1)


def test_work_on_the_day_on_which_records_were_taken_counts(
    read_text: Read, dictionary: Dictionary, tmp_path: Path
) -> None:
    """What is recorded as done may lie on that day, and later if none is given; other dates are free."""
    text = _case("A", "[order]\nstarts_on = 2016-05-09\nends_on = 2017-01-01\n")
    assert not read_text(text).problems
    assert read_text(text.replace("05-09", "05-10")).left_out == 1
    assert not read_cases([tmp_path / "case.toml"], dictionary).problems


def test_any_criterion_may_be_answered_if_none_are_named(dictionary: Dictionary, tmp_path: Path) -> None:
    """Without a rulebook at hand, an answer's criterion is not checked."""
    file = tmp_path / "case.toml"
    file.write_text(_case("A", '[[answers]]\ncriterion = "anything"\nanswer = "yes"\n'))
    assert not read_cases([file], dictionary).problems
    [case] = read_cases([file], dictionary, criteria=[]).cases
    assert case.unreadable[0].advice == "casescreen rules list names every criterion."
    assert case.answers == ()


def test_one_criterion_may_be_answered_for_each_item(read_text: Read) -> None:
    """Two answers are in each other's way only if they are about the same item."""
    answer = '[[answers]]\ncriterion = "plan-timely"\nanswer = "yes"\n'
    [case] = read_text(_case("A", f'{answer}item = "R1"\n{answer}item = "R2"\n{answer}')).cases
    assert [answer.item for answer in case.answers] == ["R1", "R2", ""]
    assert read_text(_case("A", f'{answer}item = "R1"\n' * 2)).left_out == 1


def test_a_record_with_very_many_problems_tells_the_first(read_text: Read) -> None:
    """A file of the wrong sort does not fill the screen."""
    caseload = read_text(_case("A", "".join(f"x{n} = 1\n" for n in range(500))))
    assert len(caseload.problems) == 51
    assert caseload.problems[-1].what == "there are more problems in this record"


def test_lines_are_worked_out_only_for_a_problem(read_text: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """Records without problems do not pay for the places of those with them."""

    def never(text: str) -> dict[tuple[str | int, ...], int]:
        raise AssertionError(text)

    monkeypatch.setattr("casescreen.syntax.toml_lines.lines_of", never)
    assert read_text(_TOML).cases
    with pytest.raises(AssertionError):
        read_text(_case("A", "x = 1\n"))


def test_standard_input_is_a_source(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its problems are told as those of standard input."""

    class Input:
        buffer = io.BytesIO(_case("A", "x = 1\n").encode())

    monkeypatch.setattr("sys.stdin", Input)
    assert str(read("-").problems[0].place) == "standard input, line 3 (case A)"


@pytest.mark.parametrize("other", ["A1 ", "A1\u200b", "\ufeffA1", "A1\x1a", "\u00a0A1", "A\u00ad1"])
def test_what_cannot_be_seen_makes_no_second_id(read: Read, tmp_path: Path, other: str) -> None:
    """Two records of one id are both left out, in whatever files they stand, and alone it is the id that is seen."""
    (tmp_path / "a.json").write_text(json.dumps({"case": {"id": other}}), encoding="utf-8")
    [case] = read(tmp_path).cases
    assert (case.id, case.fields["case.id"]) == ("A1", "A1")
    (tmp_path / "b.toml").write_text('[case]\nid = "A1"\n', encoding="utf-8")
    caseload = read(tmp_path)
    assert (caseload.cases, caseload.left_out) == ((), 2)


@pytest.mark.parametrize("nothing", ["\u200b", "\ufeff \x1a"])
def test_an_id_of_which_nothing_is_seen_is_none(read: Read, tmp_path: Path, nothing: str) -> None:
    """The record is left out, and told."""
    (tmp_path / "a.json").write_text(json.dumps({"case": {"id": nothing}}), encoding="utf-8")
    caseload = read(tmp_path)
    assert [problem.what for problem in caseload.problems] == ["case.id: it is empty"]


_EXAMPLES = {
    "one.toml": '[case]\nid = "EXAMPLE"\n[plan]\nshared = "perhaps"\n',
    "one.json": '[{"case": {"id": "Example"}, "no": 1}]',
    "lines.jsonl": '{"case": {"id": "EXAMPLE"}}\n{"case": {"id": "EX\\u200bAMPLE"}}\n',
    "one.csv": "case.id,plan.shared\nEXAMPLE,perhaps\n example,\n",
}


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("name", _EXAMPLES)
def test_an_example_is_passed_over_in_every_format(
    dictionary: Dictionary, tmp_path: Path, name: str, *, strict: bool
) -> None:
    """It only shows how a record is written: nothing in it is told, and two of them are no two of one id."""
    (tmp_path / name).write_text(_EXAMPLES[name], encoding="utf-8")
    (tmp_path / "case.toml").write_text('[case]\nid = "A"\n', encoding="utf-8")
    caseload = read_cases([str(tmp_path)], dictionary, strict=strict)
    assert [case.id for case in caseload.cases] == ["A"]
    assert (caseload.problems, caseload.left_out) == ((), 0)
    assert caseload.examples == (2 if name in ("lines.jsonl", "one.csv") else 1)


_ALIKE = ("Zo\u00eb A", "Zoe\u0308 A", " Zo\u00eb\u00a0A", "Zo\u00eb\u200b  A", "Zo\u00eb A\x1a", "Zo\u00eb A\n")


@pytest.mark.parametrize("name", _ALIKE)
def test_names_that_look_the_same_are_one(read_text: Read, name: str) -> None:
    """Spaces, Unicode forms and what cannot be seen make no second manager, key or item, in JSON and TOML."""
    reports = [{"id": name, "kind": "of the court"}]
    answers = [{"criterion": "plan-timely\u200b", "answer": "yes", "item": name, "reader": name}]
    content = {"case": {"id": "A", "manager": name}, "reports": reports, "answers": answers}
    text = json.dumps(name)
    in_toml = f'[case]\nid = "A"\nmanager = {text}\n[[reports]]\nid = {text}\n[[answers]]\n'
    in_toml += f'criterion = "plan-timely"\nanswer = "yes"\nitem = {text}\nreader = {text}\n'
    for text, file in ((json.dumps(content), "a.json"), (in_toml, "a.toml")):
        [case] = read_text(text, file).cases
        assert case.fields["case.manager"] == case.tables["reports"][0]["id"] == _ALIKE[0]
        assert (case.answers[0].item, case.answers[0].reader) == (_ALIKE[0], _ALIKE[0])


def test_a_key_that_looks_like_another_is_the_same_key(read_text: Read) -> None:
    """So of both it is not known which row is meant."""
    rows = [{"id": "R1"}, {"id": "R1\u200b"}]
    problems = read_text(json.dumps([{"case": {"id": "A"}, "reports": rows}, {"case": {"id": "B"}}]), "a.json").problems
    assert [problem.what.rpartition('"')[2] for problem in problems] == [
        " is also the id of row 2",
        " is also the id of row 1",
    ]


_SAYS_WHY = (("Refused", "refused"), ("declined ", "refused"), ("N/A", "not applicable"), ("not  known", "not known"))


@pytest.mark.parametrize(("word", "said"), _SAYS_WHY)
@pytest.mark.parametrize("field", ["order.type", "order.starts_on", "plan.shared", "plan.objectives"])
def test_why_there_is_no_value_is_kept(read: Read, tmp_path: Path, field: str, word: str, said: str) -> None:
    """In any field that is no text, in JSON and in tables: it is not known, and it is no mistake of the record."""
    section, _, name = field.partition(".")
    (tmp_path / "a.json").write_text(json.dumps({"case": {"id": "A"}, section: {name: word}}), "utf-8")
    (tmp_path / "a.csv").write_text(f"case.id,{field}\nA,{word}\n", "utf-8")
    for file in ("a.json", "a.csv"):
        caseload = read(tmp_path / file, strict=False)
        [case], [one] = caseload.cases, caseload.cases[0].unreadable
        assert (case.fields[field], one.what, one.is_mistake) == (None, f"the record says: {said}", False)
        assert read(tmp_path / file, strict=True).problems, "a conversion would lose it"


def test_a_text_may_say_anything(read_text: Read) -> None:
    """Who holds a case may be called so."""
    [case] = read_text(_case("A", 'manager = "n/a"\n')).cases
    assert case.fields["case.manager"] == "n/a"


def test_lines_of_a_text_stay(read_text: Read) -> None:
    """Only what cannot be seen goes, and blank lines at the ends."""
    written = "\nHe said:  no.\r\n\u200bThen yes. \n"
    [case] = read_text(json.dumps([{"case": {"id": "A", "manager": written}}]), "a.json").cases
    assert case.fields["case.manager"] == "He said: no.\nThen yes."


def test_a_value_of_toml_that_is_none_costs_no_case(dictionary: Dictionary, tmp_path: Path) -> None:
    """A text without quotation marks, or 31 February, is not known; the rest of the file is read."""
    toml = '[[cases]]\n[cases.case]\nid = "A"\nmanager = Worker A\n[[cases]]\n[cases.case]\nid = "B"\n'
    toml += "[cases.plan]\nshared = yes\n"
    (tmp_path / "a.toml").write_text(toml, encoding="utf-8")
    caseload = read_cases([tmp_path], dictionary)
    assert [case.id for case in caseload.cases] == ["A", "B"]
    assert [(problem.place.line, problem.what) for problem in caseload.problems] == []
    found = [(case.id, one.place.line, one.what, one.path[-1]) for case in caseload.cases for one in case.unreadable]
    assert found == [("A", 4, "it has no quotation marks", "manager"), ("B", 9, "it is not a value", "shared")]


def test_a_value_of_json_that_is_none_costs_no_case(dictionary: Dictionary, tmp_path: Path) -> None:
    """Neither NaN, as some programs write what is missing, nor a name twice; what stands there is hashed."""
    file = tmp_path / "a.json"
    file.write_text('[{"case": {"id": "A", "manager": NaN}, "plan": {"shared": true, "shared": false}}]', "utf-8")
    caseload = read_cases([file], dictionary)
    [case] = caseload.cases
    assert (case.fields, caseload.problems) == ({"case.id": "A", "case.manager": None, "plan.shared": None}, ())
    assert [one.path[-1] for one in case.unreadable] == ["manager", "shared"]
    file.write_text('[{"case": {"id": "A", "manager": NaN}, "plan": {"shared": true, "shared": true}}]', "utf-8")
    assert read_cases([file], dictionary).hash != caseload.hash


_SECTIONS = {
    "a.json": '{"case": {"id": "A"}, "plan": {"shared": NaN}, "nothing": {"x": NaN}}',
    "a.toml": '[case]\nid = "A"\n[plan]\nshared = perhaps\n[nothing]\nx = perhaps\n',
}


@pytest.mark.parametrize("name", _SECTIONS)
def test_where_a_case_stands_is_no_part_of_its_hash(dictionary: Dictionary, tmp_path: Path, name: str) -> None:
    """Nor is in which line of it something stands that cannot be read."""
    hashes = set()
    for before in ("", "\n\n"):
        (tmp_path / name).write_text(before + _SECTIONS[name], "utf-8")
        hashes.add(read_cases([tmp_path], dictionary).hash)
    assert len(hashes) == 1
