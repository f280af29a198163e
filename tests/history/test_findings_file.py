"""Findings files, read back, whatever became of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from casescreen.history.comparison import compare
from casescreen.history.findings_file import read_run, run_from, run_of
from casescreen.model.case import Rejected
from casescreen.model.outcome import Outcome
from casescreen.model.problem import CasescreenError
from casescreen.model.screening import Finding, Quoting, Screening
from casescreen.privacy.pseudonyms import fingerprint, pseudonymised
from casescreen.privacy.suppress import suppressed
from casescreen.report.formats.json import render
from casescreen.report.formats.registry import Options

_KEY = bytes(range(32))
_GOLDEN = (Path(__file__).parents[1] / "golden" / "report.json").read_bytes()


def _file(screening: Screening) -> bytes:
    return render(screening, Options()).encode()


def test_a_file_is_the_run_that_it_was_written_of(screening: Screening) -> None:
    """From the bytes and from the screening itself comes the same."""
    made = run_from(_file(screening), "findings.json")
    assert made == run_of(screening)
    assert made.rejected_unnamed == screening.left_out
    assert not compare(made, made).differs
    assert made.findings
    assert all(rule.short for rule in made.rules.values())


def test_what_was_rejected_is_known_as_far_as_it_is_named(screening: Screening) -> None:
    """A record without an id is counted, and no more."""
    rejected = (Rejected("AN-99", "its id stands twice", 2), Rejected("", "it has no id", 3))
    made = run_from(_file(evolve(screening, left_out=6, rejected=rejected)), "findings.json")
    assert (made.rejected, made.rejected_unnamed) == (frozenset({"AN-99"}), 4)


def test_a_row_without_a_key_is_counted_and_not_known_again(screening: Screening, find: Callable[..., Finding]) -> None:
    """Neither is one that has the key of another."""
    rows = [
        find("AN-01", "plan-timely", Outcome.MET, item="R-1"),
        find("AN-01", "plan-timely", Outcome.MET, item="review 2", numbered=True),
        find("AN-01", "plan-timely", Outcome.NOT_MET, item="R-3"),
        find("AN-01", "plan-timely", Outcome.MET, item="R-3"),
    ]
    made = run_from(_file(evolve(screening, findings=tuple(rows))), "findings.json")
    assert list(made.findings) == [("AN-01", "plan-timely", "R-1")]
    assert made.numbered == {("AN-01", "plan-timely"): Counter({Outcome.MET: 2, Outcome.NOT_MET: 1})}


def test_pseudonyms_of_one_key_go_together_and_others_do_not(screening: Screening) -> None:
    """The file tells which key it was, and not what it is."""
    quiet = evolve(screening, quoting=Quoting.NOTHING)
    one, again = (run_from(_file(pseudonymised(quiet, _KEY)), "a.json") for _ in range(2))
    other = run_from(_file(pseudonymised(quiet, _KEY[::-1])), "b.json")
    assert one.pseudonyms == fingerprint(_KEY) != other.pseudonyms
    assert not compare(one, again).differs
    with pytest.raises(CasescreenError, match="different keys"):
        compare(one, other)
    assert _KEY.hex() not in _file(pseudonymised(quiet, _KEY)).decode()


def test_a_copy_to_share_is_refused(screening: Screening) -> None:
    """From two of them, a small count could be told."""
    copy = suppressed(evolve(screening, conclusions=()), 3, None)
    with pytest.raises(CasescreenError, match=r"(?s)a copy to share.*small count could be told"):
        run_from(render(copy, Options()).encode(), "copy.json")


def _without(name: str) -> bytes:
    content = json.loads(_GOLDEN)
    del content[name]
    return json.dumps(content).encode()


def _changed(change: Callable[[Any], None]) -> bytes:
    content = json.loads(_GOLDEN)
    change(content)
    return json.dumps(content).encode()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "it is empty"),
        (b"PK\x03\x04", "it is a workbook or an archive"),
        (b"\xff\xfe{", "UTF-16"),
        (b"case,criterion\n", "is not a findings file"),
        (b"[]", "is not a findings file"),
        (b'{"format": 1}', "is not a findings file"),
        (b'{"format": "other/1"}', "is not a findings file"),
        (b'{"format": "casescreen/2"}', 'in the form "casescreen/2"'),
        (b'{"format": "casescreen-figures/1"}', "figures of very many cases"),
        (b'{"format": "casescreen-sample/1"}', "is the file of a sample"),
        (b'{"format": "casescreen-shared/2"}', "a copy to share"),
        (_GOLDEN[:-300], r"it is damaged, or was cut off \(line \d+"),
        (_GOLDEN[: len(_GOLDEN) // 2], r"it is damaged, or was cut off"),
        (b"{" * 2_000, "it is damaged, or was cut off"),
        (_without("pseudonyms"), "written by an earlier version of casescreen: it does not say pseudonyms"),
        (_changed(lambda it: it["findings"][3].pop("numbered")), r"does not say findings\[3\]\.numbered"),
        (_changed(lambda it: it["criteria"][0].pop("hash")), r"does not say criteria\[0\]\.hash"),
        (_without("cases"), "it is damaged: cases is missing"),
        (_changed(lambda it: it.update(as_of="2016-02-30")), "as_of is not a date"),
        (_changed(lambda it: it.update(as_of=20160509)), "as_of is not what it should be"),
        (_changed(lambda it: it.update(findings={})), "findings is not what it should be"),
        (_changed(lambda it: it["findings"].append(7)), r"findings\[\d+\] is not a group"),
        (_changed(lambda it: it["findings"][2].update(outcome="bad\x1b[31m")), r"findings\[2\]\.outcome is none of"),
        (_changed(lambda it: it["findings"][2].update(case="nobody")), r"findings\[2\]\.case is not known to the file"),
        (_changed(lambda it: it["findings"][2].update(days_late=True)), "days_late is not what it should be"),
        (_changed(lambda it: it.update(closed=[1])), "closed is not a list of texts"),
    ],
)
def test_what_is_no_findings_file_is_told(data: bytes, says: str) -> None:
    """In plain words, with the file's name and what to do."""
    with pytest.raises(CasescreenError, match=says) as refused:
        run_from(data, "odd\x1b[31m.json")
    assert str(refused.value).startswith("odd\N{REPLACEMENT CHARACTER}[31m.json")
    assert "What to do" in str(refused.value)
    assert "\x1b" not in str(refused.value)


@given(st.binary(max_size=300) | st.builds(lambda at, by: _GOLDEN[:at] + by, st.integers(0, 2_000), st.binary()))
def test_whatever_the_bytes_are_they_are_a_run_or_refused(data: bytes) -> None:
    """Never another error."""
    with pytest.raises(CasescreenError):
        run_from(data, "findings.json")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@given(st.data(), _JSON)
def test_whatever_a_value_becomes_it_is_a_run_or_refused(data: st.DataObject, value: object) -> None:
    """One value of a file, however deep, replaced by anything."""
    content = json.loads(_GOLDEN)
    at: Any = content
    while True:
        name = data.draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
        if not at[name] or not isinstance(at[name], dict | list) or data.draw(st.booleans()):
            break
        at = at[name]
    at[name] = value
    try:
        run = run_from(json.dumps(content).encode(), "findings.json")
    except CasescreenError:
        return
    assert not compare(run, run).differs


def test_a_file_that_is_not_there_or_too_large_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not read to its end."""
    with pytest.raises(CasescreenError, match=r"(?s)there is no such file.*Name a findings file"):
        read_run(str(tmp_path / "none.json"))
    monkeypatch.setattr("casescreen.history.findings_file.MOST_BYTES", 1_000)
    (tmp_path / "large.json").write_bytes(_GOLDEN)
    with pytest.raises(CasescreenError, match=r"(?s)larger than.*compare fewer cases"):
        run_from(_GOLDEN, "large.json")
    with pytest.raises(CasescreenError, match=r"(?s)larger than.*compare fewer cases"):
        read_run(str(tmp_path / "large.json"))
