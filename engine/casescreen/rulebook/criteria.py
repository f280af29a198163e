"""Reading a criterion: one file, one question."""

from __future__ import annotations

from datetime import date

from attrs import evolve, frozen

from casescreen.model.dictionary import Kind
from casescreen.model.outcome import Basis, Outcome
from casescreen.model.rulebook import Criterion, Source
from casescreen.rulebook.examples import read_examples
from casescreen.rulebook.names import find, is_id, quoted
from casescreen.rulebook.outcomes import can_lack_evidence, outcomes_by_shape
from casescreen.rulebook.parameters import Documents, read_source
from casescreen.rulebook.question import Question, read_question
from casescreen.rulebook.specs import CriterionSpec
from casescreen.rulebook.structuring import structure
from casescreen.rulebook.vocabulary import MANAGER_FIELD, Vocabulary
from casescreen.syntax.rule_file import Spot
from casescreen.text import listed


@frozen(eq=False)
class Surroundings:
    """What a criterion may refer to: the rest of the rulebook."""

    documents: Documents
    vocabulary: Vocabulary
    examples_as_of: date


def read_criterion(id_: str, theme: str, around: Surroundings, spot: Spot) -> Criterion | None:
    """The criterion, or None if what it asks is broken; everything that is wrong with its file is told."""
    told = len(spot.told)
    is_id(id_, "criterion", spot)
    spec = structure(spot.file.data, CriterionSpec, spot)
    if spec is None:
        return None
    source = read_source(spec.source, around.documents, spot.at("source"))
    _check_owner(spec, around.vocabulary, spot.at("owner"))
    _check_met(spec, spot)
    question = read_question(spec, around.vocabulary, spot)
    sound = len(spot.told) == told and question.is_whole(spec)
    as_of, place = around.examples_as_of, spot.at("example")
    examples = read_examples(spec.example, as_of, question.flags, around.vocabulary, place)
    if source is None or not sound:
        return None
    criterion = _criterion(id_, theme, spec, source, question, spot.file.name)
    if examples is None:
        return criterion
    criterion = evolve(criterion, examples=examples)
    _check_outcomes(criterion, around.vocabulary, spot)
    return criterion


def _criterion(id_: str, theme: str, spec: CriterionSpec, source: Source, question: Question, file: str) -> Criterion:
    return Criterion(
        id=id_,
        theme=theme,
        title=spec.title,
        question=spec.question,
        basis=spec.kind,
        severity=spec.severity,
        source=source,
        remedy=spec.remedy,
        owner=spec.owner,
        help=spec.help,
        applies=question.applies,
        met=question.met,
        due=question.due,
        per=question.per,
        flags=tuple(flag for flag in question.flags.values() if flag is not None),
        file=file,
    )


def _check_owner(spec: CriterionSpec, vocabulary: Vocabulary, spot: Spot) -> None:
    # A rulebook whose cases name no manager has findings without an owner.
    if spec.owner == MANAGER_FIELD and MANAGER_FIELD not in vocabulary.fields:
        return
    field = find(vocabulary.fields, spec.owner, "field", spot)
    if field is not None and field.kind not in (Kind.TEXT, Kind.CHOICE):
        spot.tell(f"{field.name} is a {field.kind.value} and names nobody", "Name a text field of the case.")


def _check_met(spec: CriterionSpec, spot: Spot) -> None:
    if spec.kind is Basis.JUDGEMENT and spec.met is not None:
        advice = 'Take "met" out and state the facts as flags, or use kind = "evidence".'
        spot.at("met").tell('a judgement has "met"', advice, "A reader decides a judgement; facts only challenge it.")
    if spec.kind is Basis.EVIDENCE and spec.met is None:
        spot.tell('"met" is missing', 'Say which facts meet it, or use kind = "judgement".')


def _check_outcomes(criterion: Criterion, vocabulary: Vocabulary, spot: Spot) -> None:
    """Tell examples whose outcome cannot come about, and outcomes that can and have no example."""
    room = outcomes_by_shape(criterion)
    for number, example in enumerate(criterion.examples):
        if example.outcome not in room:
            what = f'this criterion never comes to "{example.outcome.value}"'
            advice = f"It can come to {listed(outcome.value for outcome in room)}."
            spot.at("example", number, "outcome").tell(what, advice)
    shown = {example.outcome for example in criterion.examples}
    missing = [outcome for outcome in room if outcome not in shown]
    if Outcome.NOT_EVIDENCED in missing and not can_lack_evidence(criterion, vocabulary.parameters):
        missing.remove(Outcome.NOT_EVIDENCED)
    if missing:
        spot.tell(
            f"no example comes to {quoted(outcome.value for outcome in missing)}",
            "Add an [[example]] for each.",
            "The examples are the criterion's tests, and what people read to see what it does.",
        )
