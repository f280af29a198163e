"""A rulebook in plain words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from attrs import evolve

from casescreen.model.condition import Not
from casescreen.model.outcome import ReadersAnswer
from casescreen.model.rulebook import PerRow, Rulebook, Shortfall
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
