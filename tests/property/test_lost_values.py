"""What is not known of a record leaves questions open, and answers none."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import cast

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_up_cases import AS_OF, SQS, of_the_letter, of_the_recipe, with_faults
from strategies import DAYS_OF_2024
from test_bulk_agrees import made, rulebooks
from test_earlier_day import cut

from casescreen.api import screen
from casescreen.cases.load import read_cases
from casescreen.cases.schema import dates_as_text, plain_case
from casescreen.evaluate.inference.inferrer import Engine
from casescreen.model.case import Case, Caseload, Row
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Finding

Place = tuple[str, str, str]
"""Of a finding: its case, its criterion, and its row by name."""

# What nobody can read, wherever it stands.
GARBAGE = ({"bad": 1}, ["Feb 2016"], None, 2**70, 1.5)


def outcomes(findings: Iterable[Finding]) -> dict[Place, Outcome]:
    return {(one.case, one.criterion, one.item): one.outcome for one in findings}


def hold_open(before: dict[Place, Outcome], after: dict[Place, Outcome], also: Sequence[Outcome] = ()) -> int:
    """Hold that each outcome is what it was, or not evidenced; how many became so."""
    for place, outcome in after.items():
        if place in before:
            assert outcome in (before[place], Outcome.NOT_EVIDENCED, *also), place
        else:  # a row whose name is lost
            assert outcome in (Outcome.NOT_EVIDENCED, *also) or outcome in _of_criterion(before, place), place
    return sum(outcome is not before.get(place) for place, outcome in after.items())


def _of_criterion(before: dict[Place, Outcome], place: Place) -> set[Outcome]:
    return {outcome for other, outcome in before.items() if other[:2] == place[:2]}


def found(rulebook: Rulebook, cases: Iterable[Case], engine: Engine = "plain") -> dict[Place, Outcome]:
    return outcomes(screen(rulebook, Caseload(tuple(cases), ""), as_of=AS_OF, engine=engine).findings)


def test_the_checks_of_the_rulebook_only_open_questions() -> None:
    """With them every outcome is what it is without them, or not evidenced."""
    changed = 0
    for seed in range(6):
        random = Random(seed)  # noqa: S311 - made-up cases need no secrets
        cases = [with_faults(random, case) for case in (*of_the_letter(), *of_the_recipe()[:40])]
        before, after = found(evolve(SQS, checks=()), cases), found(SQS, cases)
        assert before.keys() == after.keys()
        changed += hold_open(before, after)
    assert changed > 50, "the faults that are sown are ones that checks see"


@pytest.mark.parametrize("engine", ["plain", "auto", "bulk"])
def test_no_case_depends_on_another(engine: Engine) -> None:
    """Each by itself comes to what it comes to among the others, its issues and conclusions too."""
    random = Random(3)  # noqa: S311 - made-up cases need no secrets
    cases = tuple(with_faults(random, case) for case in of_the_letter())
    among = screen(SQS, Caseload(cases, ""), as_of=AS_OF, engine=engine)
    for case in cases:
        alone = screen(SQS, Caseload((case,), ""), as_of=AS_OF, engine=engine)
        assert alone.findings == tuple(one for one in among.findings if one.case == case.id)
        assert alone.issues == tuple(one for one in among.issues if one.case == case.id)
        on_case = [one for one in among.conclusions if one.subject == case.id]
        assert [one for one in alone.conclusions if one.subject == case.id] == on_case


@settings(max_examples=max(settings().max_examples // 4, 1), deadline=None, suppress_health_check=list(HealthCheck))
@given(rulebooks(), st.randoms(use_true_random=True), st.sampled_from(DAYS_OF_2024))
def test_whatever_the_rulebook_no_case_depends_on_another(rulebook: Rulebook, random: Random, day: object) -> None:
    """In any company, and all at once."""
    assert isinstance(day, type(AS_OF))
    cases = tuple(made(random, number, rulebook, day) for number in range(8))
    some = tuple(case for case in cases if random.random() < 0.5) or cases[:1]
    for engine in ("plain", "bulk"):
        every, few = (screen(rulebook, Caseload(one, ""), as_of=day, engine=engine) for one in (cases, some))
        chosen = {case.id for case in some}
        assert outcomes(few.findings) == outcomes(one for one in every.findings if one.case in chosen)


@settings(max_examples=max(settings().max_examples // 2, 1), deadline=None, suppress_health_check=list(HealthCheck))
@given(rulebooks(), st.randoms(use_true_random=True), st.sampled_from(DAYS_OF_2024))
def test_whatever_the_rulebook_a_lost_value_opens_questions(rulebook: Rulebook, random: Random, day: object) -> None:
    """Any value of a field or a row that is not known any more, in evidence and in columns."""
    assert isinstance(day, type(AS_OF))
    rulebook = evolve(rulebook, checks=())  # a check that cannot be asked any more lets what it disbelieved stand
    whole = [cut(made(random, number, rulebook, day), rulebook.dictionary, day) for number in range(8)]
    cases = [case for case in whole if case is not None and case.fields.get("case.began_on", day) is not None]
    engine: Engine = random.choice(("plain", "bulk"))

    def screened(each: Iterable[Case]) -> dict[Place, Outcome]:
        return outcomes(screen(rulebook, Caseload(tuple(each), ""), as_of=day, engine=engine).findings)

    before, after = screened(cases), screened([without_one(random, case) for case in cases])
    # What a reader has to answer is asked where it is not known whether it is due.
    hold_open(before, after, (Outcome.NEEDS_JUDGEMENT,))


def without_one(random: Random, case: Case) -> Case:
    """The case with one value that is not known any more; never the name of a row, by which findings are compared."""
    rows: list[tuple[str, int]] = [
        (table, number) for table, each in case.tables.items() for number in range(len(each))
    ]
    if rows and random.random() < 0.6:
        table, number = random.choice(rows)
        lost = [*case.tables[table]]
        lost[number] = lose(random, lost[number])
        return evolve(case, tables={**case.tables, table: tuple(lost)})
    return evolve(case, fields=lose(random, case.fields))


def lose(random: Random, row: Row) -> Row:
    names = [name for name in row if name not in ("case.id", "id")]
    return {**row, random.choice(names): None} if names else row


Record = dict[str, dict[str, object] | list[dict[str, object]]]


def paths(content: Record) -> Iterator[tuple[str | int, ...]]:
    """Where something stands in a record: each value, row, section and table, but for its id."""
    for name, part in content.items():
        if name != "case":
            yield (name,)
        if isinstance(part, dict):
            yield from ((name, key) for key in part if (name, key) != ("case", "id"))
        else:
            for number, row in enumerate(part):
                yield (name, number)
                yield from ((name, number, key) for key in row)


def spoiled(content: Record, path: Sequence[str | int], garbage: object, case_id: str) -> Record:
    copy: Record = json.loads(json.dumps(content))
    at = cast("dict[str | int, object]", copy)
    for key in path[:-1]:
        at = cast("dict[str | int, object]", at[key])
    at[path[-1]] = garbage
    cast("dict[str, object]", copy["case"])["id"] = case_id
    return copy


def test_a_value_that_cannot_be_read_opens_questions(tmp_path: Path) -> None:
    """Whatever stands in a record, and whatever stands there in its place: the case is screened."""
    random = Random(5)  # noqa: S311 - made-up cases need no secrets
    opened = 0
    keyed = {table.name for table in SQS.dictionary.tables.values() if table.key}
    for case in (*of_the_letter()[:6], *of_the_recipe()[:6]):
        content = cast("Record", dates_as_text(plain_case(case)))
        before = found(SQS, [case])
        every = [*paths(content)]
        tried = random.sample(every, min(30, len(every)))
        records = [spoiled(content, path, random.choice(GARBAGE), f"{n:03}") for n, path in enumerate(tried)]
        (tmp_path / "cases.json").write_text(json.dumps({"cases": records}), encoding="utf-8")
        caseload = read_cases([tmp_path / "cases.json"], SQS.dictionary, criteria=SQS.criterion.keys())
        assert (len(caseload.cases), caseload.left_out) == (len(tried), 0)
        screening = screen(SQS, caseload, as_of=AS_OF, engine="plain")
        for path, read in zip(tried, caseload.cases, strict=True):
            assert read.unreadable, path
            after = outcomes(one for one in screening.findings if one.case == read.id)
            named = {(case.id, *place[1:]): outcome for place, outcome in after.items()}
            # An answer about a row whose key cannot be read is about nothing.
            also = (Outcome.NEEDS_JUDGEMENT,) if path[0] in {"answers", *keyed} else ()
            # All about advice is optional: of a record without that section nothing is asked about it.
            also = (Outcome.NOT_APPLICABLE,) if path == ("advice",) else also
            opened += hold_open(before, named, also)
    assert opened > 100
