"""A rulebook in plain words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from attrs import evolve

from casescreen.conditions.operators import IS
from casescreen.model.calendar import Duration, Unit
from casescreen.model.condition import (
    All,
    Any,
    Compare,
    Condition,
    Count,
    Literal,
    Not,
    OverRows,
    Quantifier,
    Recorded,
    Within,
)
from casescreen.model.dictionary import Field, Kind
from casescreen.model.outcome import ReadersAnswer
from casescreen.model.rulebook import (
    Band,
    BandSet,
    CaseFact,
    DerivedField,
    DerivedSource,
    Due,
    Flag,
    NotAsked,
    PerRow,
    Rulebook,
    Shortfall,
)
from casescreen.report.rulebook_guide import dictionary_text, parameters_text, rule_text, rules_list

Golden = Callable[[str, str], None]


@pytest.mark.parametrize("width", [80, 100, 140])
def test_the_rulebook_reads_as_it_did(rulebook: Rulebook, golden: Golden, width: int) -> None:
    """List, dictionary, parameters and each kind of criterion are to the letter what was read and kept, and fit."""
    pages = [rules_list(rulebook, width), dictionary_text(rulebook, width), parameters_text(rulebook, width)]
    pages += [rule_text(rulebook, criterion, width) for criterion in rulebook.criteria]
    text = "\n\n".join(pages)
    golden(f"rules-{width}.txt", text)
    assert max(map(len, text.splitlines())) <= width


def test_every_criterion_is_listed_with_its_id_whole(rulebook: Rulebook) -> None:
    """The id can be copied from the list: it is never wrapped."""
    text = rules_list(rulebook, 80)
    assert all(f"\n{criterion.id}  " in text for criterion in rulebook.criteria)


def test_a_criterion_says_all_that_it_rests_on(rulebook: Rulebook) -> None:
    """Question, kind, condition, deadline, parameter with status, help and examples are there."""
    text = rule_text(rulebook, rulebook.criterion["plan-timely"], 140)
    for said in (
        "Kind: evidence: recorded facts decide",
        "When it is asked\n----------------\n\norder started: recorded",
        "plan completed: within 15 working days",
        "By when\n-------\n\nWithin 15 working days",
        "time allowed for the first plan",
        "  local  ",
        "The letter says only that two plans were unreasonably late.",
        "order started: 1 February 2016; plan completed: 15 March 2016",
        "Six weeks.",
    ):
        assert said in text
    assert "time between reviews" not in text


def test_what_is_said_where_it_is_not_met_is_shown(rulebook: Rulebook) -> None:
    """The sentence and the others, each with when it is said, and what it is asked among; in the list too."""
    timely = rulebook.criterion["plan-timely"]
    assert timely.applies is not None
    other = Shortfall("There is no plan", Not(timely.applies))
    timely = evolve(timely, shortfall="The plan was late", shortfalls=(other,), among="that had a plan")
    text = rule_text(rulebook, timely, 140)
    assert (
        "What is said where it is not met\n--------------------------------\n\n"
        "“There is no plan”, where\n  this is not so:\n    order started: recorded\n“The plan was late”, otherwise\n"
    ) in text
    assert "Among: cases that had a plan\n" in text
    listed = rules_list(evolve(rulebook, criteria=(timely, *rulebook.criteria[1:])), 100)
    assert "Where it is not met" in listed
    assert "plan-timely  The plan was late    that had a plan\n" in listed
    assert "Where it is not met" not in rules_list(rulebook, 100)


def test_a_judgement_says_who_answers_and_what_challenges_it(rulebook: Rulebook) -> None:
    """A reader's question says so, of what it is asked, and which facts are held against a yes."""
    text = rule_text(rulebook, rulebook.criterion["report-quality"], 140)
    assert "Kind: judgement: a reader answers yes, no, or n/a with a reason" in text
    assert "Each report of the case\n" in text
    assert "What a reader judges" in text
    assert "the report does not say why the offence happened, when\n  says why the offence happened: no" in text


def test_only_some_rows_may_be_asked_about(rulebook: Rulebook) -> None:
    """Where a question is asked of some rows only, the rule says of which."""
    criterion = rulebook.criterion["report-quality"]
    some = evolve(criterion, per=PerRow("reports", criterion.flags[0].when))
    assert "Each report of the case for which:\n  says why the offence happened: no" in rule_text(rulebook, some, 140)


def test_facts_are_named_and_explained_once(rulebook: Rulebook) -> None:
    """A condition that is a fact stands as what the fact says; what that means stands below, with what it names."""
    [started, planned] = (rulebook.dictionary.fields[name] for name in ("order.starts_on", "plan.completed_on"))
    begun, ready = Recorded(started, expected=True), Recorded(planned, expected=True)
    facts = (CaseFact("begun", "the order began", begun), CaseFact("both", "all is there", All((begun, ready))))
    timely = evolve(
        rulebook.criterion["plan-timely"],
        applies=Any((begun, Not(All((begun, ready))))),
        flags=(Flag("begun", "the order began", begun), Flag("both", "it is all there", All((begun, ready)))),
        not_asked=(NotAsked("nothing began", Not(begun)),),
    )
    text = rule_text(evolve(rulebook, facts=facts), timely, 100)
    assert "at least one of these:\n  the order began\n  it is not so that all is there\n" in text
    assert "nothing began, when\n  it is not so that the order began\n" in text
    assert "\n\nthe order began\nit is all there, when\n  all is there\n" in text
    meanings = (
        "the order began, when\n  order started: recorded\nall is there, when\n  all of these:\n    the order began\n"
    )
    assert text.count(meanings) == 1


@pytest.mark.parametrize("sort", ["every", "some", "none", "several"])
def test_tests_over_rows_stand_in_lines(rulebook: Rulebook, sort: str) -> None:
    """What is asked of each row stands below the line that says of which rows."""
    area, linked = rulebook.dictionary.tables["concerns"].columns.values()
    where = All((Recorded(linked, expected=True), Compare(linked, IS, Literal(value=True))))
    chosen = Any((Not(where), Recorded(area, expected=False)))
    met: dict[str, tuple[Condition, str]] = {
        "every": (
            OverRows(Quantifier.EVERY, "concerns", chosen, Not(chosen)),
            "if at least one of these:\n    this is not so:\n      linked to the offending: recorded, and yes\n",
        ),
        "some": (
            OverRows(Quantifier.SOME, "concerns", chosen, where),
            "for at least one concern, all of these:\n  at least one of these:\n",
        ),
        "none": (
            Count("concerns", where, None, 0),
            "there is no concern where linked to the offending: recorded, and yes\n",
        ),
        "several": (Count("concerns", None, 2, 3), "number of concerns (at least 2 and at most 3)\n"),
    }
    condition, said = met[sort]
    text = rule_text(rulebook, evolve(rulebook.criterion["concerns-in-plan"], met=condition), 140)
    assert said in text
    assert (sort == "every") is (
        "for every concern:\n  if" in text and "    area: not recorded\n  then none of" in text
    )


def test_derived_days_are_told_with_their_sources(rulebook: Rulebook) -> None:
    """What a derived field means, and where it comes from in turn; the names that a record needs are the sources'."""
    started, kind = (rulebook.dictionary.fields[name] for name in ("order.starts_on", "order.type"))
    clock = Field("clock.plan", "day that counts", Kind.DATE, "The day from which time counts.")
    referral = Compare(kind, IS, Literal("referral order"))
    month = Literal(Duration(1, Unit.MONTH))
    derived = DerivedField(clock, (DerivedSource(referral, started), DerivedSource(None, started, plus=month)))
    timely = rulebook.criterion["plan-timely"]
    assert isinstance(timely.met, Within)
    none = Literal(Duration(0, Unit.DAY))
    timely = evolve(timely, met=evolve(timely.met, of=clock), due=Due(none, clock))
    text = rule_text(evolve(rulebook, derived=(derived,)), timely, 140)
    assert (
        "day that counts: The day from which time counts.\n"
        '  "order started", where\n    type of order: "referral order"\n'
        '  else the last day within 1 month of "order started"\n'
    ) in text
    assert "\norder.starts_on    order started\n" in text
    assert 'By the date of "day that counts". Until then it is not yet due.' in text
    assert "clock.plan" not in text


def test_limits_of_bands_and_what_is_told_beside_are_there(rulebook: Rulebook) -> None:
    """A criterion with limits of its own tells them; an example tells which facts stand beside its outcome."""
    limits = BandSet("always", "steps that must be taken", (Band("strong", "strong", 100), Band("weak", "weak", 0)))
    timely = rulebook.criterion["plan-timely"]
    assert timely.applies is not None
    example = evolve(timely.examples[0], flags=("late",))
    timely = evolve(
        timely, bands="always", flags=(Flag("late", "the plan came late", timely.applies),), examples=(example,)
    )
    text = rule_text(evolve(rulebook, bands=evolve(rulebook.bands, sets={"always": limits})), timely, 140)
    assert 'Bands: those of steps that must be taken: "strong" from 100 per cent, "weak" from 0 per cent' in text
    assert "not met  the plan came late  Six weeks." in text


def test_an_example_shows_rows_and_the_readers_answer(rulebook: Rulebook) -> None:
    """The rows of an example's tables and its reader's answer are there; what no dictionary knows keeps its name."""
    criterion = rulebook.criterion["plan-timely"]
    given = {"concerns": [{"area": "education", "linked": True}, {"area": "x"}], "reports": [], "order": {"odd": 1}}
    example = evolve(criterion.examples[0], given=given, answer=ReadersAnswer.YES)
    text = " ".join(rule_text(rulebook, evolve(criterion, examples=(example,)), 140).split())
    assert "concerns (area: education, linked to the offending: yes), (area: x); reports: none; odd: 1 yes" in text


def test_the_dictionary_has_every_field_with_what_may_be_written(rulebook: Rulebook) -> None:
    """Every field and column stands under its section, with type or allowed words, and its meaning."""
    text = dictionary_text(rulebook, 140)
    columns = [field for table in rulebook.dictionary.tables.values() for field in table.columns.values()]
    for field in (*rulebook.dictionary.fields.values(), *columns):
        assert f"\n{field.name.rpartition('.')[2]} " in text
    assert '"low"; "medium"; "high"; "very high"' in text
    assert "date, not after the as-of date" in text
    assert "[order]\n" in text
    assert "[[concerns]]\n" in text


def test_parameters_have_status_source_and_note(rulebook: Rulebook) -> None:
    """Every parameter has its status and source, and what is noted about the source."""
    text = parameters_text(rulebook, 140)
    assert "unverified" in text
    assert "time allowed for the first plan: The letter gives no number." in text
    assert '"strong" from 80 per cent' in text
