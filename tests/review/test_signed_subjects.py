"""What is signed: the digest of each thing, whatever it is called, and of what it says."""

from __future__ import annotations

import os
import shutil
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from attrs import evolve
from bicycle_repairs import AS_OF, BIKES
from hypothesis import given
from hypothesis import strategies as st

from casescreen.api import load_rulebook, read_cases, screen
from casescreen.files.content import MOST_HASHED, hash_of_file
from casescreen.history.findings_file import run_from, run_of
from casescreen.model.answer_set import AnswerSet
from casescreen.model.case import Answer
from casescreen.model.change import RunFinding, ScreeningRun
from casescreen.model.outcome import Outcome, ReadersAnswer
from casescreen.model.problem import CasescreenError, Problem, ProblemsError
from casescreen.model.rulebook import Severity
from casescreen.model.screening import Quoting, Screening
from casescreen.model.sign_off import SubjectKind
from casescreen.report.formats.json import render
from casescreen.report.formats.registry import Options
from casescreen.review.signed_subjects import (
    SignedFiles,
    answers_content,
    findings_content,
    present_files,
    toml_content,
)

_CASE = """\
[case]
id = "B-1"
manager = "Worker A"
[bike]
kind = "city bike"
wheels = 2
[repair]
brought_on = 2024-04-02
done = false
[[reports]]
id = "R1"
kind = "estimate"
[[reports]]
kind = "bill"
"""


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    folder = tmp_path / "cases"
    folder.mkdir()
    (folder / "B-1.toml").write_text(_CASE, encoding="utf-8")
    return folder


def _screening(cases: Path, quoting: Quoting = Quoting.REFERENCES, as_of: date = AS_OF) -> Screening:
    rulebook = load_rulebook(BIKES)
    caseload = read_cases([cases], rulebook.dictionary, criteria=rulebook.answerable)
    return screen(rulebook, caseload, as_of=as_of, engine="plain", quoting=quoting)


def _digests(files: SignedFiles) -> dict[str, str]:
    return {one.subject.full_name: one.subject.digest for one in present_files(files).subjects}


def test_a_file_is_known_by_its_bytes_and_by_its_path_from_the_folder_that_all_have_in_common(cases: Path) -> None:
    """However the folder is named, and wherever it is; all together have a digest of their own, by no name."""
    (cases / "more").mkdir()
    (cases / "more" / "B-2.toml").write_text(_CASE, encoding="utf-8")
    digests = _digests(SignedFiles(cases=(str(cases),), rules=str(BIKES)))
    assert list(digests) == ["rules/bikes", "cases", "cases/B-1.toml", "cases/more/B-2.toml"]
    assert digests["cases/B-1.toml"] == sha256(_CASE.encode()).hexdigest()
    each = (str(cases / "more" / "B-2.toml"), str(cases / "B-1.toml"))
    for named in (each, (str(cases / "*.toml"), str(cases / "more")), (os.path.relpath(cases),)):
        assert _digests(SignedFiles(cases=named, rules=str(BIKES))) == digests
    (cases / "B-1.toml").rename(cases / "first.toml")
    renamed = _digests(SignedFiles(cases=(str(cases),), rules=str(BIKES)))
    assert renamed["cases"] == digests["cases"]


def test_every_byte_of_every_file_of_the_rules_counts(cases: Path, tmp_path: Path) -> None:
    """The calendars beside them too; at every place of a small file, and at the ends of all."""
    shutil.copytree(BIKES.parent, shop := tmp_path / "shop")
    files = SignedFiles(cases=(str(cases),), rules=str(shop / "bikes"))
    before = _digests(files)
    for file in sorted(shop.rglob("*.toml")):
        content = file.read_bytes()
        for place in range(len(content)) if file.stem == "town" else (0, len(content) - 1):
            changed = bytearray(content)
            changed[place] ^= 1 << (place % 8)
            file.write_bytes(changed)
            now = _digests(files)
            assert {name for name in before if now[name] != before[name]} == {"rules/bikes"}
        file.write_bytes(content)
    assert _digests(files) == before


def test_what_a_file_of_the_rules_is_called_counts(cases: Path, tmp_path: Path) -> None:
    """A criterion has its id from it: with the same bytes under another name, other rules are in force."""
    shutil.copytree(BIKES.parent, shop := tmp_path / "shop")
    files = SignedFiles(cases=(str(cases),), rules=str(shop / "bikes"))
    before = _digests(files)
    file = next(one for one in sorted((shop / "bikes").rglob("*.toml")) if one.parent.name != "bikes")
    file.rename(file.with_name("aa.toml"))
    now = _digests(files)
    assert {name for name in before if now[name] != before[name]} == {"rules/bikes"}


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_two_documents_have_one_digest_only_if_they_are_the_same(first: bytes, second: bytes) -> None:
    """Whatever they hold: nothing in them is read."""
    digests = {sha256(one).hexdigest() for one in (first, second)}
    assert (len(digests) == 1) is (first == second)


def test_a_document_can_be_large_and_is_bounded(tmp_path: Path) -> None:
    """It is read a piece at a time; what is no regular file is not opened."""
    letter = tmp_path / "letter.docx"
    letter.write_bytes(b"x" * 3_000_000)
    assert hash_of_file(str(letter)) == sha256(b"x" * 3_000_000).hexdigest()
    with letter.open("wb") as file:
        file.truncate(MOST_HASHED + 1)
    for path in (letter, tmp_path, tmp_path / "none"):
        assert isinstance(hash_of_file(str(path)), Problem)


def test_what_is_named_and_not_there_is_a_problem_of_its_kind(cases: Path, tmp_path: Path) -> None:
    """And the rest is told beside it; of cases, a name that leads nowhere is wrong use."""
    files = SignedFiles(cases=(str(cases),), rules=str(BIKES), findings=tmp_path / "none.json")
    present = present_files(files)
    assert [(kind, one.place.file) for kind, one in present.problems] == [
        (SubjectKind.FINDINGS, str(tmp_path / "none.json"))
    ]
    assert len(present.subjects) == 3
    with pytest.raises(ProblemsError):
        present_files(evolve(files, cases=(str(tmp_path / "none"),)))
    with pytest.raises(CasescreenError, match="standard input"):
        present_files(evolve(files, cases=("-",)))


def test_the_rules_are_those_that_the_profile_extends(cases: Path, tmp_path: Path) -> None:
    """Through every profile on the way; where it no longer says which, there are none."""
    shutil.copytree(BIKES.parent, tmp_path / "shop")
    (tmp_path / "own.toml").write_text('extends = "base.toml"\n', encoding="utf-8")
    (tmp_path / "base.toml").write_text('extends = "shop/bikes"\n', encoding="utf-8")
    files = SignedFiles(cases=(str(cases),), profile=tmp_path / "own.toml")
    assert list(_digests(files))[:3] == ["rules/bikes", "profile/base.toml", "profile/own.toml"]
    for wrong in (
        'extends = "shop/none"\n',
        "extends = 1\n",
        "extends",
        'extends = "own.toml"\n',
        'extends = "\\u0000"',
    ):
        (tmp_path / "base.toml").write_text(wrong, encoding="utf-8")
        assert list(_digests(files))[:2] == ["profile/base.toml", "profile/own.toml"]


def test_the_content_of_findings_is_what_was_found(cases: Path) -> None:
    """The same of a screening, of its file, of one that quotes more or less, and by any engine's name."""
    screening = _screening(cases)
    content = findings_content(run_of(screening))
    written = str(render(screening, Options())).encode()
    assert findings_content(run_from(written, "f.json")) == content
    assert findings_content(run_of(_screening(cases, Quoting.NOTHING))) == content
    assert findings_content(run_of(evolve(screening, engine="another", assumed=("x",)))) == content
    assert findings_content(run_of(_screening(cases, as_of=date(2024, 6, 2)))) != content


_KEY = ("B-1", "c", "")
_FINDING = RunFinding(Outcome.NOT_MET, Severity.LOW, "A", date(2024, 5, 1), 3)
_RUN = ScreeningRun(as_of=AS_OF, rulebook="bikes", rules={}, cases={"B-1": "A"}, findings={_KEY: _FINDING})


@pytest.mark.parametrize(
    "changed",
    [
        evolve(_RUN, as_of=date(2024, 6, 2)),
        evolve(_RUN, rulebook="cars"),
        evolve(_RUN, cases={"B-1": "B"}),
        evolve(_RUN, cases={"B-1": "A", "B-2": "A"}),
        evolve(_RUN, closed=frozenset({"B-1"})),
        evolve(_RUN, rejected=frozenset({"B-2"})),
        evolve(_RUN, rejected_unnamed=1),
        evolve(_RUN, findings={}),
        evolve(_RUN, findings={("B-2", "c", ""): _FINDING}),
        evolve(_RUN, findings={("B-1", "d", ""): _FINDING}),
        evolve(_RUN, findings={("B-1", "c", "R1"): _FINDING}),
        evolve(_RUN, numbered={("B-1", "c"): {Outcome.MET: 1}}),
        *(
            evolve(_RUN, findings={_KEY: one})
            for one in (
                evolve(_FINDING, outcome=Outcome.MET),
                evolve(_FINDING, severity=Severity.HIGH),
                evolve(_FINDING, owner="B"),
                evolve(_FINDING, due=None),
                evolve(_FINDING, days_late=4),
            )
        ),
    ],
)
def test_whatever_counts_of_findings_is_in_their_content(changed: ScreeningRun) -> None:
    """Whose they are, what they came to, how grave, how late, and what else was screened."""
    assert findings_content(changed) != findings_content(_RUN)


def test_what_is_accepted_is_no_part_of_the_findings() -> None:
    """Waivers are signed by themselves, and change no outcome."""
    accepted = evolve(_FINDING, accepted=date(2024, 7, 1))
    assert findings_content(evolve(_RUN, findings={_KEY: accepted})) == findings_content(_RUN)


def test_the_content_of_toml_is_what_it_says(tmp_path: Path) -> None:
    """Remarks, blanks and the order of keys do not count; values and their types do."""
    file = tmp_path / "a.toml"

    def content(text: str) -> str:
        file.write_text(text, encoding="utf-8")
        return toml_content(str(file))

    said = content('a = 1\nb = ["x"]\nd = 2024-05-01\n')
    assert content('# remark\nd = 2024-05-01\n\nb = [ "x" ]\na = 1') == said
    for other in ("a = 2", "a = true", 'a = "1"', "a = 1.5", "a = nan"):
        assert content(f'{other}\nb = ["x"]\nd = 2024-05-01\n') != said
    assert content('a = 1\nb = ["x"]\nd = "2024-05-01"\n') != said
    with pytest.raises(ProblemsError):
        content("a = ")


def test_the_content_of_answers_is_whose_they_are_of_which_cases_and_what() -> None:
    """In whatever order; a case without answers counts."""
    first = Answer("c", ReadersAnswer.YES, "R1", "Good.", "A")
    second = Answer("c", ReadersAnswer.NO, "R2", "", "A")
    whole = AnswerSet("A", ("B-1", "B-2"), {"B-1": (first, second)}, "first.json")
    said = answers_content(whole)
    assert answers_content(AnswerSet("A", ("B-2", "B-1"), {"B-1": (second, first)}, "other.xlsx")) == said
    for other in (
        evolve(whole, reader="B"),
        evolve(whole, cases=("B-1",)),
        evolve(whole, answers={"B-1": (first,)}),
        evolve(whole, answers={"B-2": (first, second)}),
        evolve(whole, answers={"B-1": (evolve(first, reason="Bad."), second)}),
    ):
        assert answers_content(other) != said


def test_names_that_are_no_text_are_signed_all_the_same(cases: Path) -> None:
    """Bytes that are no characters do not stop a statement from being read again, and two names of them stay two."""
    try:
        for number, name in enumerate((b"\xff.toml", b"\xfe.toml"), 2):
            (cases / os.fsdecode(name)).write_text(_CASE.replace("B-1", f"B-{number}"), encoding="utf-8")
    except OSError:
        pytest.skip("no file of such a name can be made here")
    names = list(_digests(SignedFiles(cases=(str(cases),), rules=str(BIKES))))
    assert {r"cases/\udcff.toml", r"cases/\udcfe.toml"} <= {*names}


@pytest.mark.parametrize("option", ["findings", "moderated", "waivers", "sample", "profile"])
def test_nothing_is_signed_that_comes_from_standard_input(
    option: str, cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of that name would be signed, and standard input read: not of the cases alone."""
    monkeypatch.chdir(cases)
    Path("-").write_text("{}", encoding="utf-8")
    with pytest.raises(CasescreenError, match="standard input cannot be signed"):
        present_files(SignedFiles(cases=(str(cases),), rules=str(BIKES), **{option: Path("-")}))  # type: ignore[arg-type]


def test_a_theme_that_is_a_link_counts_among_the_rules(cases: Path, tmp_path: Path) -> None:
    """Its rules are read like the others, so a change in them is one of what was signed."""
    shutil.copytree(BIKES.parent, tmp_path / "shop")
    theme = tmp_path / "shop" / "bikes" / "1-repair"
    theme.rename(tmp_path / "elsewhere")
    theme.symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    files = SignedFiles(cases=(str(cases),), rules=str(tmp_path / "shop" / "bikes"))
    before = _digests(files)["rules/bikes"]
    rule = tmp_path / "elsewhere" / "repair-in-time.toml"
    rule.write_text(rule.read_text(encoding="utf-8") + "# changed", encoding="utf-8")
    assert _digests(files)["rules/bikes"] != before


def test_no_profile_that_counts_is_left_unsigned(cases: Path, tmp_path: Path) -> None:
    """Of more than anybody has, none is signed; a name that no file can have ends the profiles."""
    for number in range(25):
        (tmp_path / f"{number}.toml").write_text(f'extends = "{number + 1}.toml"\n', encoding="utf-8")
    with pytest.raises(CasescreenError, match="More than 20 profiles"):
        present_files(SignedFiles(cases=(str(cases),), profile=tmp_path / "0.toml"))
    (tmp_path / "0.toml").write_text('extends = "\\u0000.toml"\n', encoding="utf-8")
    files = SignedFiles(cases=(str(cases),), profile=tmp_path / "0.toml")
    assert "profile/0.toml" in _digests(files)
