"""What is signed, held against what is there: which is which, and what became of it."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from casescreen.model.change import RunFinding, ScreeningRun
from casescreen.model.outcome import Outcome
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Severity
from casescreen.model.sign_off import SignedSubject, SignOff, SubjectKind, SubjectState
from casescreen.review.signed_subjects import ContentReader, PresentFiles, PresentSubject, SignedFiles
from casescreen.review.verification import changed_findings, check_subjects

_DAY = date(2024, 6, 1)
_CASES = SubjectKind.CASES


def _never() -> object:
    raise AssertionError("nothing is read")


_NOTHING_IS_READ = ContentReader(_never, _never, _DAY)  # type: ignore[arg-type]


def _states(signed: dict[str, str], now: dict[str, str], kind: SubjectKind = _CASES) -> dict[str, SubjectState]:
    """How things of a kind stand, by name and bytes; none has a content."""
    sign_off = SignOff(
        number=1, previous="", says="", by="", role="", on=_DAY, as_of=_DAY, cases_hash="", taken_on=_DAY, strict=False,
        settings=(), holidays=(), made_with="", subjects=tuple(SignedSubject(kind, *one) for one in signed.items()),
    )  # fmt: skip
    present = PresentFiles(tuple(PresentSubject(SignedSubject(kind, *one), one[0]) for one in now.items()))
    files = SignedFiles(cases=("x",), documents=("x",))  # type: ignore[arg-type]
    return {one.name: one.state for one in check_subjects(sign_off, files, present, _NOTHING_IS_READ)}


def test_what_has_its_name_and_its_bytes_matches() -> None:
    """And what has its bytes alone matches under another name."""
    assert _states({"a": "1", "b": "2"}, {"a": "1", "c": "2"}) == {
        "cases/a": SubjectState.MATCHES,
        "cases/b": SubjectState.RENAMED,
    }


def test_two_that_changed_places_are_two_that_changed() -> None:
    """What stands under a name is what was signed under it."""
    assert _states({"a": "1", "b": "2"}, {"a": "2", "b": "1"}) == {
        "cases/a": SubjectState.CHANGED,
        "cases/b": SubjectState.CHANGED,
    }


def test_two_that_are_called_alike_stand_each_for_itself() -> None:
    """That one of them is as it was says nothing of the other."""
    document = SubjectKind.DOCUMENT
    two = [SignedSubject(document, "?", digest) for digest in ("1", "2")]
    sign_off = SignOff(
        number=1, previous="", says="", by="", role="", on=_DAY, as_of=_DAY, cases_hash="", taken_on=_DAY, strict=False,
        settings=(), holidays=(), made_with="", subjects=tuple(two),
    )  # fmt: skip
    now = PresentFiles(tuple(PresentSubject(SignedSubject(document, "?", digest), "") for digest in ("3", "2")))
    files = SignedFiles(cases=("x",), documents=("x",))  # type: ignore[arg-type]
    checks = check_subjects(sign_off, files, now, _NOTHING_IS_READ)
    assert [one.state for one in checks] == [SubjectState.CHANGED, SubjectState.MATCHES]


def test_what_came_and_what_is_gone_is_named() -> None:
    """One of each is no change of one thing, where there can be several of a kind."""
    assert _states({"a": "1"}, {"b": "2"}) == {"cases/a": SubjectState.NOT_THERE, "cases/b": SubjectState.ADDED}
    assert _states({"a": "1"}, {"b": "2"}, SubjectKind.FINDINGS) == {"findings/a": SubjectState.CHANGED}


_FILES = st.dictionaries(st.sampled_from(["a", "b", "c/a", "c/d"]), st.sampled_from("123"), max_size=4)


@given(_FILES, _FILES)
def test_all_matches_only_if_the_same_bytes_are_there(signed: dict[str, str], now: dict[str, str]) -> None:
    """Every subject is told once; nothing is said to match whose bytes are not there, or are counted twice."""
    states = _states(signed, now)
    told = [name for name, state in states.items() if state is not SubjectState.ADDED]
    assert {f"cases/{name}" for name in signed} <= set(states)
    quiet = (SubjectState.MATCHES, SubjectState.RENAMED)
    matching = [name for name in told if states[name] in quiet]
    assert Counter(signed[name.removeprefix("cases/")] for name in matching) <= Counter(now.values())
    all_there = sorted(signed.values()) == sorted(now.values())
    assert (len(matching) == len(states)) is (all_there and _in_place(signed, now))
    for name in matching:
        of = name.removeprefix("cases/")
        assert signed[of] in now.values()
        assert (states[name] is SubjectState.MATCHES) is (now.get(of) == signed[of])


def _in_place(signed: dict[str, str], now: dict[str, str]) -> bool:
    """Whether no name that is in both has other bytes now."""
    return all(now[name] == signed[name] for name in signed.keys() & now.keys())


def test_what_cannot_be_read_has_changed_and_why_is_said() -> None:
    """Nothing is believed to be the same that nobody could read."""
    signed = SignedSubject(_CASES, "a", "1", "content")
    sign_off = SignOff(
        number=1, previous="", says="", by="", role="", on=_DAY, as_of=_DAY, cases_hash="", taken_on=_DAY, strict=False,
        settings=(), holidays=(), made_with="", subjects=(signed,),
    )  # fmt: skip

    def fails() -> object:
        raise CasescreenError("the rules are gone.", advice="look.")

    present = PresentFiles((PresentSubject(evolve(signed, digest="2", content=""), "a"),))
    reader = ContentReader(fails, fails, _DAY)  # type: ignore[arg-type]
    [check] = check_subjects(sign_off, SignedFiles(cases=("x",)), present, reader)
    assert check.state is SubjectState.CHANGED
    assert check.why == "it cannot be read now: the rules are gone"


_FINDING = RunFinding(Outcome.NOT_MET, Severity.LOW, "A", date(2024, 5, 1), 3)


def _run(findings: dict[tuple[str, str, str], RunFinding], **changed: object) -> ScreeningRun:
    return ScreeningRun(
        as_of=_DAY, rulebook="bikes", rules={}, cases={"B-1": "A"}, findings=findings, **changed  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("now", "then_said", "now_said"),
    [
        (evolve(_FINDING, outcome=Outcome.MET), "not met", "met"),
        (evolve(_FINDING, owner="B"), "not met, owner A", "not met, owner B"),
        (evolve(_FINDING, owner=""), "not met, owner A", "not met, no owner"),
        (evolve(_FINDING, due=None), "not met, due 1 May 2024", "not met, no deadline"),
        (evolve(_FINDING, severity=Severity.HIGH), "not met, severity low", "not met, severity high"),
        (evolve(_FINDING, days_late=4), "not met, 3 days late", "not met, 4 days late"),
    ],
)
def test_a_finding_that_changed_says_what_of_it(now: RunFinding, then_said: str, now_said: str) -> None:
    """Its outcome, and what else is another."""
    key = ("B-1", "c", "R1")
    [changed] = changed_findings(_run({key: _FINDING}), _run({key: now}))
    assert (changed.case, changed.criterion, changed.item) == key
    assert (changed.then, changed.now) == (then_said, now_said)


def test_findings_that_came_or_are_gone_are_told() -> None:
    """And rows that no key tells apart by their numbers."""
    key = ("B-1", "c", "")
    [gone] = changed_findings(_run({key: _FINDING}), _run({}))
    assert (gone.then.partition(",")[0], gone.now) == ("not met", "no such finding")
    [rows] = changed_findings(
        _run({}, numbered={("B-1", "d"): {Outcome.MET: 2}}), _run({}, numbered={("B-1", "d"): {Outcome.MET: 1}})
    )
    assert (rows.then, rows.now) == ("rows without a key: 2 met", "rows without a key: 1 met")
    assert not changed_findings(_run({key: _FINDING}), _run({key: evolve(_FINDING, accepted=_DAY)}))
