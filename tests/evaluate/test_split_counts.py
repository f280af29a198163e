"""Groups of a characteristic: whom they hold, what is counted of them, and that everyone else is the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casescreen.evaluate.split_counts import split_of, worst_of_each_case
from casescreen.model.dictionary import Field, Kind
from casescreen.model.outcome import Outcome
from casescreen.model.sample_figures import ScreenedSample
from casescreen.model.screening import Finding, Screening
from casescreen.model.split import TwoShares

Find = Callable[..., Finding]
Screen = Callable[..., Screening]

COLOUR = Field("bike.colour", "colour", Kind.CHOICE, "Its colour.", ("red", "blue", "green"), characteristic=True)
ROWS = st.lists(
    st.tuples(st.sampled_from(("red", "blue", "")), st.sampled_from(Outcome), st.lists(st.sampled_from(Outcome))),
    min_size=1,
    max_size=30,
)

_WHOLE_SESSION = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def _screened(find: Find, screen: Screen, rows: Sequence[tuple[str, Outcome, Sequence[Outcome]]]) -> Screening:
    """Each case of a colour has a plan that came to something, and reports that did."""
    findings, groups = [], {}
    for number, (colour, of_plan, of_reports) in enumerate(rows):
        case = f"AN-{number:02}"
        groups[case] = colour
        findings.append(find(case, "plan-timely", of_plan))
        findings += [
            find(case, "report-quality", outcome, item=f"R{row}")
            for row, outcome in enumerate(of_reports or [Outcome.NOT_APPLICABLE])
        ]
    return screen(findings, characteristics={COLOUR.name: groups})


@settings(suppress_health_check=_WHOLE_SESSION)
@given(rows=ROWS)
def test_groups_and_everyone_else_are_all_cases(
    find: Find, screen: Screen, rows: list[tuple[str, Outcome, list[Outcome]]]
) -> None:
    """Every case is in one group; and of each group, with everyone else, it is what all cases come to."""
    made = _screened(find, screen, rows)
    split, worst = split_of(made, COLOUR), worst_of_each_case(made.findings)
    assert sum(group.size for group in split.groups) == made.cases
    assert {group.name: group.size for group in split.groups} == Counter(made.characteristics[COLOUR.name].values())
    for group in split.groups:
        for one in group.figures:
            every = Counter(worst.get(one.criterion, {}).values())
            known = every[Outcome.MET] + every[Outcome.NOT_MET]
            asked = known + every[Outcome.NOT_EVIDENCED] + every[Outcome.NEEDS_JUDGEMENT]
            assert one.not_evidenced is not None
            assert (one.met.count + one.met.others, one.met.of + one.met.others_of) == (every[Outcome.MET], known)
            open_ = one.not_evidenced
            assert open_.count + open_.others == every[Outcome.NOT_EVIDENCED]
            assert open_.of + open_.others_of == asked
    for places in zip(*(group.figures for group in split.groups), strict=True):
        assert sum(one.met.of for one in places) == places[0].met.of + places[0].met.others_of


@settings(suppress_health_check=_WHOLE_SESSION)
@given(rows=ROWS, data=st.data())
def test_the_order_of_cases_tells_nothing(
    find: Find, screen: Screen, rows: list[tuple[str, Outcome, list[Outcome]]], data: st.DataObject
) -> None:
    """The same cases in another order, with their reports in another, have the same figures."""
    turned = [(colour, plan, [*reversed(reports)]) for colour, plan, reports in data.draw(st.permutations(rows))]
    assert split_of(_screened(find, screen, rows), COLOUR) == split_of(_screened(find, screen, turned), COLOUR)


@pytest.mark.parametrize("unknown", [Outcome.NOT_EVIDENCED, Outcome.NEEDS_JUDGEMENT, Outcome.NOT_YET_DUE])
def test_what_is_not_known_is_never_counted_as_not_met(find: Find, screen: Screen, unknown: Outcome) -> None:
    """Nor as met: a group of which nothing is known has no share."""
    rows: list[tuple[str, Outcome, list[Outcome]]] = [("red", Outcome.MET, [])] * 3
    rows += [("blue", unknown, [])] * 4
    red, blue = split_of(_screened(find, screen, rows), COLOUR).groups
    assert (red.name, red.figures[0].met.count, red.figures[0].met.of) == ("red", 3, 3)
    assert (blue.figures[0].met.count, blue.figures[0].met.of) == (0, 0)
    assert blue.figures[0].not_evidenced is not None
    said = blue.figures[0].not_evidenced
    assert (said.count, said.of) == {
        Outcome.NOT_EVIDENCED: (4, 4), Outcome.NEEDS_JUDGEMENT: (0, 4), Outcome.NOT_YET_DUE: (0, 0),
    }[unknown]  # fmt: skip


def test_nine_reports_of_one_case_count_once(find: Find, screen: Screen) -> None:
    """With the worst of them: rows of one case are not independent of one another."""
    rows = [("red", Outcome.MET, [*[Outcome.MET] * 8, Outcome.NOT_MET]), ("blue", Outcome.MET, [Outcome.MET])]
    red, blue = split_of(_screened(find, screen, rows), COLOUR).groups
    of = {one.criterion: one.met for one in red.figures}["report-quality"]
    assert (of.count, of.of, of.others, of.others_of) == (0, 1, 1, 1)
    assert blue.size == 1


def test_cases_that_are_not_counted_are_in_no_group(find: Find, screen: Screen) -> None:
    """The groups are of the cases that were screened, whatever else is known of others."""
    made = _screened(find, screen, [("red", Outcome.MET, [])])
    more = evolve(made, characteristics={COLOUR.name: {**made.characteristics[COLOUR.name], "AN-99": "green"}})
    assert [group.name for group in split_of(more, COLOUR).groups] == ["red"]


def test_cases_that_must_be_in_a_sample_are_in_no_group(find: Find, screen: Screen) -> None:
    """Nobody drew them, so they are in no share, as they are in no rate."""
    made = _screened(find, screen, [("red", Outcome.MET, []), ("red", Outcome.NOT_MET, []), ("blue", Outcome.MET, [])])
    sample = ScreenedSample("A sample", "", made.as_of, eligible=9, size=2, strata=1, replaced=0)
    drawn = evolve(made, drawn=evolve(sample, must_include=made.case_ids[1:2]))
    red, blue = split_of(drawn, COLOUR).groups
    assert (red.size, red.figures[0].met) == (1, TwoShares(1, 1, 1, 1))
    assert (blue.size, blue.figures[0].met) == (1, TwoShares(1, 1, 1, 1))
