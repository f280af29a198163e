"""The proof of a finding, for a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from attrs import evolve
from sample_rulebook import AS_OF

from casescreen.conditions.compiler import context_of
from casescreen.conditions.operators import AFTER, BEFORE, IS
from casescreen.conditions.proof import Prover
from casescreen.evaluate.findings import Explanation
from casescreen.model.case import Case, Row
from casescreen.model.condition import All, Any, AsOf, Compare, Truth
from casescreen.model.dictionary import Value
from casescreen.model.outcome import Outcome, ReadersAnswer
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Quoting, Screening
from casescreen.report.blocks import Outline
from casescreen.report.finding_explanation import ProofTree, explain_case, explain_finding
from casescreen.report.formats.plain_text import to_plain
from casescreen.report.formats.registry import FORMATS, Options

Explain = Callable[[str], Explanation]


@pytest.fixture(scope="session")
def prover(rulebook: Rulebook) -> Prover:
    """What proves the rulebook's conditions as at the date of the screening."""
    return Prover(rulebook, context_of(rulebook, AS_OF, Quoting.EVERYTHING))


@pytest.fixture(scope="session")
def record() -> Case:
    """The record of AN-03: a late plan, high risk of harm, two concerns of which one is linked, a report."""
    fields: dict[str, Value] = {
        "case.id": "AN-03",
        "order.type": "referral order",
        "order.starts_on": date(2016, 2, 1),
        "plan.completed_on": date(2016, 3, 15),
        "plan.victim_safety": False,
        "harm.level": "high",
    }
    tables: dict[str, tuple[Row, ...]] = {
        "concerns": ({"area": "substance misuse", "linked": True}, {"area": "education"}, {"linked": False}),
        "objectives": (),
        "reports": ({"id": "R2", "analysed": True},),
    }
    return Case("AN-03", fields, tables)


@pytest.fixture(scope="session")
def explain(rulebook: Rulebook, screening: Screening, prover: Prover, record: Case) -> Explain:
    """A function that explains what a criterion came to for AN-03."""

    def build(criterion: str) -> Explanation:
        rule = rulebook.criterion[criterion]
        row: Row = record.tables[rule.per.table][0] if rule.per else {}
        finding = next(f for f in screening.findings if (f.case, f.criterion) == ("AN-03", criterion))
        return Explanation(
            finding,
            None if rule.applies is None else prover.prove(rule.applies, record, row),
            None if rule.met is None else prover.prove(rule.met, record, row),
            tuple((flag.says, prover.prove(flag.when, record, row)) for flag in rule.flags),
        )

    return build


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines()]


@pytest.mark.parametrize("width", [80, 100, 140])
def test_a_case_looks_as_it_did(
    screening: Screening, rulebook: Rulebook, explain: Explain, golden: Callable[[str, str], None], width: int
) -> None:
    """The explanation of a whole case is to the letter what was read and kept, and fits."""
    explanations = [explain(criterion.id) for criterion in rulebook.criteria]
    for name, proof in (("explain-case", True), ("explain-case-in-short", False)):
        text = explain_case(screening, "AN-03", explanations, width, proof=proof)
        golden(f"{name}-{width}.txt", text)
        assert max(map(len, text.splitlines())) <= width


def test_a_finding_is_told_in_three_sentences(screening: Screening, explain: Explain) -> None:
    """What it came to and why, what it rests on, and what to do; then how to see the proof."""
    explanation = explain("plan-timely")
    finding = evolve(
        explanation.finding,
        reader="",
        shortfall="The plan was completed late.",
        reason="It was 3 days late.",
        due=date(2016, 2, 1),
    )
    lines = explain_finding(screening, evolve(explanation, finding=finding), 400).split("\n\n")
    assert lines[1:5] == [
        "The plan was completed late. It was 3 days late.",
        'It rests on what the record says of "plan completed" and "order started". It was due by 1 February 2016.',
        f"What to do: {finding.remedy} Owner: Worker A.",
        "With every condition and what was read for it: add --proof.",
    ]


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (Outcome.MET, ["Met. Why.", "The rulebook asks it of every case.", "Nothing is to be done about it."]),
        (
            Outcome.NOT_EVIDENCED,
            [
                "Not evidenced. Why.",
                "It waits for what the record says of objectives.",
                "What to do: Find out. Owner: not recorded.",
            ],
        ),
        (
            Outcome.NOT_YET_DUE,
            [
                "Not yet due. Why.",
                "The rulebook asks it of every case. It is due by 1 February 2016.",
                "What to do: Have it done by 1 February 2016, and record it. Owner: not recorded.",
            ],
        ),
    ],
)
def test_each_outcome_says_what_is_next(
    screening: Screening, explain: Explain, outcome: Outcome, said: list[str]
) -> None:
    """Where nothing is to be done that is said; the day by which something is due is told where it is ahead."""
    explanation = explain("concerns-in-plan")
    ahead, unknown = outcome is Outcome.NOT_YET_DUE, outcome is Outcome.NOT_EVIDENCED
    finding = evolve(
        explanation.finding,
        outcome=outcome,
        reason="Why.",
        values=(),
        shortfall="",
        owner="",
        missing=("objectives",) if unknown else (),
        remedy="Find out." if unknown else "",
        due=date(2016, 2, 1) if ahead else None,
    )
    assert explain_finding(screening, evolve(explanation, finding=finding), 400).split("\n\n")[1:4] == said


def test_a_judgement_waits_for_a_reader_or_rests_on_one(screening: Screening, explain: Explain) -> None:
    """Whichever it is, it is said."""
    unanswered = explain("oversight")
    assert "It waits for a reader's answer." in explain_finding(screening, unanswered, 140)
    standing = evolve(unanswered.finding.standing, answer=ReadersAnswer.NO)
    answered = evolve(unanswered, finding=evolve(unanswered.finding, standing=standing))
    assert "It rests on a reader's answer." in explain_finding(screening, answered, 140)


def test_each_condition_stands_with_its_answer_and_what_was_read(screening: Screening, explain: Explain) -> None:
    """A condition has yes, no or not known before it, and under it the values of the record."""
    lines = _lines(explain_finding(screening, explain("victim-safety-addressed"), 140, proof=True))
    at = lines.index('[yes] risk of harm to others: "high" or "very high"')
    assert lines[at + 1] == 'The record says: risk of harm to others: "high"'
    assert "[no] the plan says how victims are kept safe: yes" in lines


def test_what_the_rulebook_says_of_it_comes_first(screening: Screening, explain: Explain) -> None:
    """After the outcome, and before why it is so."""
    explanation = explain("plan-timely")
    finding = evolve(explanation.finding, shortfall="The plan was completed late")
    lines = _lines(explain_finding(screening, evolve(explanation, finding=finding), 200, proof=True))
    assert lines[lines.index("Outcome: not met") + 1] == "Shortfall: The plan was completed late"
    assert "Shortfall" not in explain_finding(screening, explanation, 200, proof=True)


def test_a_parameter_stands_with_its_value_here_and_whose_it_is(screening: Screening, explain: Explain) -> None:
    """The limit that counted for this case is said, with its status and source."""
    text = explain_finding(screening, explain("plan-timely"), 140, proof=True)
    assert (
        "Here: time allowed for the first plan: 20 working days "
        "(status: local; source: Anyshire YOT, local standards, 2012, paragraph 4.2)"
    ) in " ".join(text.split())


def test_a_parameter_that_is_not_known_says_so(
    screening: Screening, rulebook: Rulebook, prover: Prover, record: Case, explain: Explain
) -> None:
    """Where the record lacks what a parameter depends on, the explanation says that and gives no value."""
    met = rulebook.criterion["plan-timely"].met
    assert met is not None
    fields = {name: value for name, value in record.fields.items() if name != "order.type"}
    explanation = evolve(explain("plan-timely"), met=prover.prove(met, evolve(record, fields=fields)))
    text = " ".join(explain_finding(screening, explanation, 140, proof=True).split())
    assert "not known, because the record lacks what it depends on" in text


def test_rows_stand_one_by_one(screening: Screening, explain: Explain) -> None:
    """Every row is there: those that fail, those that cannot be told, and those left out with the reason."""
    lines = _lines(explain_finding(screening, explain("concerns-in-plan"), 140, proof=True))
    assert "[no] concern: substance misuse" in lines
    assert "[not known] concern: education" in lines
    assert "The record does not say: linked to the offending" in lines
    left_out = lines.index("[left out] concern: concern 3")
    assert lines[left_out + 2] == "[no] linked to the offending: yes"
    assert "[no] found among the objectives" not in lines[left_out:]


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({}, "The record says nothing about concerns."),
        ({"concerns": ()}, "The record says that there are no concerns."),
    ],
)
def test_an_absent_table_is_not_an_empty_one(
    rulebook: Rulebook, prover: Prover, record: Case, tables: dict[str, tuple[()]], said: str
) -> None:
    """A table that the record leaves out and one that is empty are told apart."""
    met = rulebook.criterion["concerns-in-plan"].met
    assert met is not None
    proof = prover.prove(met, evolve(record, tables=tables))
    assert said in to_plain([Outline((ProofTree(rulebook).item(proof),))], 140)


def test_a_flag_says_whether_it_is_raised_and_why(screening: Screening, explain: Explain) -> None:
    """A flag that is not raised is there too, with its proof."""
    lines = _lines(explain_finding(screening, explain("report-quality"), 140, proof=True))
    at = lines.index("Not raised: the report does not say why the offence happened")
    assert lines[at + 1] == "[no] says why the offence happened: no"


def _wanting(text: str) -> list[str]:
    return _lines(text.partition("What would have to be true for it to be met\n")[2].partition("\n\n")[0])


def test_what_would_have_to_be_true_is_what_is_not(screening: Screening, explain: Explain) -> None:
    """Only the conditions that do not hold are listed, and for rows the rows that fail."""
    late = explain_finding(screening, explain("victim-safety-addressed"), 140, proof=True)
    assert _wanting(late) == ["the plan says how victims are kept safe: yes"]
    covered = explain("concerns-in-plan")
    failed = evolve(covered, finding=evolve(covered.finding, outcome=Outcome.NOT_MET))
    assert "(here: substance misuse; education)" in " ".join(
        _wanting(explain_finding(screening, failed, 140, proof=True))
    )


def test_of_several_only_what_fails_is_wanting(rulebook: Rulebook, prover: Prover, record: Case) -> None:
    """Of conditions that must all hold, those that do are left out."""
    applies = rulebook.criterion["victim-safety-addressed"].applies
    assert applies is not None
    low = evolve(record, fields={**record.fields, "harm.level": "low"})
    (one,) = ProofTree(rulebook).wanting(prover.prove(applies, low))
    assert one.text == 'risk of harm to others: "high" or "very high"'


def test_of_alternatives_one_is_enough(rulebook: Rulebook, prover: Prover, record: Case) -> None:
    """Where one of several would do, that is how it is put; where there is one way only, it stands alone."""
    safe, harm = rulebook.dictionary.fields["plan.victim_safety"], rulebook.dictionary.fields["order.starts_on"]
    parts = (Compare(safe, IS, AsOf()), Compare(harm, AFTER, AsOf()))
    tree = ProofTree(rulebook)
    (both,) = tree.wanting(prover.prove(Any(parts), record))
    assert (both.text, len(both.parts)) == ("at least one of these:", 2)
    (one,) = tree.wanting(prover.prove(Any(parts[1:]), record))
    assert one.text == "order started: after the as-of date"
    (either,) = tree.wanting(prover.prove(Any((All(parts), parts[1])), record))
    assert [(item.text, len(item.parts)) for item in either.parts] == [
        ("all of these:", 2),
        ("order started: after the as-of date", 0),
    ]


def test_the_as_of_date_is_said_where_it_counts(rulebook: Rulebook, prover: Prover, record: Case) -> None:
    """A test against the as-of date says which date that is."""
    started = rulebook.dictionary.fields["order.starts_on"]
    proof = prover.prove(Compare(started, BEFORE, AsOf()), record)
    assert proof.truth is Truth.TRUE
    assert "Here: as-of date: 9 May 2016" in [item.text for item in ProofTree(rulebook).item(proof).parts]


def test_nothing_is_wanting_of_what_is_met(screening: Screening, explain: Explain) -> None:
    """A finding that is met, or does not apply, has no list of what would have to be true."""
    assert not _wanting(explain_finding(screening, explain("report-quality"), 140, proof=True))


def test_a_readers_question_wants_a_readers_yes(screening: Screening, explain: Explain) -> None:
    """For a judgement, what would meet it is a reader's yes; after a no, on reading again."""
    unanswered = explain("oversight")
    assert _wanting(explain_finding(screening, unanswered, 140, proof=True))[0].startswith(
        "a reader answers yes: Management"
    )
    standing = evolve(unanswered.finding.standing, answer=ReadersAnswer.NO)
    answered = evolve(unanswered, finding=evolve(unanswered.finding, standing=standing))
    assert ", having read the case again: " in _wanting(explain_finding(screening, answered, 140, proof=True))[0]


@pytest.mark.parametrize(("quoting", "told"), [(Quoting.REFERENCES, 1), (Quoting.EVERYTHING, 0), (Quoting.NOTHING, 0)])
def test_how_to_see_what_somebody_wrote_is_told_where_it_is_left_out(
    screening: Screening, explain: Explain, quoting: Quoting, told: int
) -> None:
    """Once, at the end; not where it is shown already, nor where it must not be."""
    text = explain_finding(evolve(screening, quoting=quoting), explain("victim-safety-addressed"), 140, proof=True)
    assert text.count("--with-text") == told
    assert str(FORMATS["table"].render(evolve(screening, quoting=quoting), Options())).count("--with-text") == told
