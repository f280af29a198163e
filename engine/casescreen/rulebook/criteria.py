"""Reading a criterion: one file, one question."""

from __future__ import annotations

from datetime import date
from typing import Any

from attrs import frozen

from casescreen.model.condition import Condition
from casescreen.model.dictionary import Kind
from casescreen.model.outcome import Basis, Outcome
from casescreen.model.rulebook import Criterion, Due, Example, Flag, PerRow
from casescreen.model.text import listed
from casescreen.rulebook.conditions import read_condition, read_start
from casescreen.rulebook.dictionary import MANAGER_FIELD
from casescreen.rulebook.examples import read_example
from casescreen.rulebook.files import Spot
from casescreen.rulebook.ground import Ground
from casescreen.rulebook.names import entries, find, is_id, quoted
from casescreen.rulebook.operands import read_limit
from casescreen.rulebook.outcomes import can_lack_evidence, outcomes_by_shape
from casescreen.rulebook.parameters import Documents, read_source
from casescreen.rulebook.specs import CriterionSpec, DueSpec, FlagSpec, PerSpec
from casescreen.rulebook.structuring import structure
from casescreen.rulebook.vocabulary import Vocabulary


@frozen
class Surroundings:
    """What a criterion may refer to: the rest of the rulebook."""

    documents: Documents
    vocabulary: Vocabulary
    examples_as_of: date


def read_criterion(id_: str, theme: str, around: Surroundings, spot: Spot) -> Criterion | None:
    """The criterion, or None after telling everything that is wrong with its file."""
    told = len(spot.told)
    is_id(id_, "criterion", spot)
    spec = structure(spot.file.data, CriterionSpec, spot)
    if spec is None:
        return None
    criterion = _criterion(id_, theme, spec, around, spot)
    if criterion is not None and len(spot.told) == told:
        _check_examples(criterion, around, spot)
    return criterion


def _criterion(id_: str, theme: str, spec: CriterionSpec, around: Surroundings, spot: Spot) -> Criterion | None:
    source = read_source(spec.source, around.documents, spot.at("source"))
    _check_owner(spec, around.vocabulary, spot.at("owner"))
    _check_met(spec, spot)
    case = Ground(around.vocabulary)
    per = _per(spec.per, case, spot.at("per"))
    # Where the rows cannot be told, what a name means cannot either.
    if spec.per is not None and per is None:
        return None
    ground = case if per is None else case.rows_of(per.table)
    flags = _flags(spec.flags, ground, spot.at("flags"))
    applies = _condition(spec.applies, ground, spot.at("applies"))
    met = _condition(spec.met, ground, spot.at("met"))
    due = _due(spec.due, ground, spot.at("due"))
    examples = _examples(spec.example, flags, around, spot.at("example"))
    if source is None:
        return None
    return Criterion(
        id=id_,
        theme=theme,
        title=spec.title,
        question=spec.question,
        basis=spec.kind,
        severity=spec.severity,
        source=source,
        remedy=spec.remedy,
        owner=spec.owner or MANAGER_FIELD,
        help=spec.help,
        applies=applies,
        met=met,
        due=due,
        per=per,
        flags=tuple(flag for flag in flags.values() if flag is not None),
        examples=examples,
        file=spot.file.name,
    )


def _check_owner(spec: CriterionSpec, vocabulary: Vocabulary, spot: Spot) -> None:
    field = find(vocabulary.fields, spec.owner, "field", spot) if spec.owner else None
    if field is not None and field.kind not in (Kind.TEXT, Kind.CHOICE):
        spot.tell(f"{field.name} is a {field.kind.value} and names nobody", "Name a text field of the case.")


def _check_met(spec: CriterionSpec, spot: Spot) -> None:
    if spec.kind is Basis.JUDGEMENT and spec.met is not None:
        advice = 'Take "met" out and state the facts as flags, or use kind = "evidence".'
        spot.at("met").tell('a judgement has "met"', advice, "A reader decides a judgement; facts only challenge it.")
    if spec.kind is Basis.EVIDENCE and spec.met is None:
        spot.tell('"met" is missing', 'Say which facts meet it, or use kind = "judgement".')


def _condition(raw: Any, ground: Ground, spot: Spot) -> Condition | None:  # noqa: ANN401 - whatever the file says
    return None if raw is None else read_condition(raw, ground, spot)


def _per(raw: Any, case: Ground, spot: Spot) -> PerRow | None:  # noqa: ANN401 - the same
    spec = None if raw is None else structure(raw, PerSpec, spot)
    table = None if spec is None else case.find_table(spec.table, spot.at("table"))
    if spec is None or table is None:
        return None
    if not table.key:
        advice = f"Add key = ... to [tables.{table.name}] in the dictionary."
        spot.tell(f"the rows of {table.name} have no key", advice, "A finding must say which row it is about.")
    return PerRow(table.name, _condition(spec.where, case.rows_of(table.name), spot.at("where")))


def _due(raw: Any, ground: Ground, spot: Spot) -> Due | None:  # noqa: ANN401 - the same
    spec = None if raw is None else structure(raw, DueSpec, spot)
    if spec is None:
        return None
    within = read_limit(spec.within, ground, spot.at("within"))
    start = read_start(spec.of, ground, spot.at("of"))
    return None if within is None or start is None else Due(within, start)


def _flags(raw: Any, ground: Ground, spot: Spot) -> dict[str, Flag | None]:  # noqa: ANN401 - the same
    flags: dict[str, Flag | None] = {}
    said: dict[str, str] = {}
    for id_, entry in entries({} if raw is None else raw, "flag", spot).items():
        is_id(id_, "flag", spot.at(id_))
        flag = flags[id_] = _flag(id_, entry, ground, spot.at(id_))
        if flag is not None and flag.says in said:
            what = f'the flags "{said[flag.says]}" and "{id_}" say the same'
            spot.at(id_, "says").tell(what, "Say what each one shows, or join them with any.")
        if flag is not None:
            said[flag.says] = id_
    return flags


def _flag(id_: str, raw: object, ground: Ground, spot: Spot) -> Flag | None:
    spec = structure(raw, FlagSpec, spot)
    when = None if spec is None else read_condition(spec.when, ground, spot.at("when"))
    return None if spec is None or when is None else Flag(id_, spec.says, when)


def _examples(
    raw: Any,  # noqa: ANN401 - the same
    flags: dict[str, Flag | None],
    around: Surroundings,
    spot: Spot,
) -> tuple[Example, ...]:
    if not isinstance(raw, list | None):
        spot.tell("the examples are not a list", "Write each under its own heading, [[example]].")
        return ()
    read = [
        read_example(entry, around.examples_as_of, flags, around.vocabulary, spot.at(number))
        for number, entry in enumerate(raw or ())
    ]
    return tuple(example for example in read if example is not None)


def _check_examples(criterion: Criterion, around: Surroundings, spot: Spot) -> None:
    """That each example's outcome can come about, and that there is one for every outcome that can."""
    room = outcomes_by_shape(criterion)
    for number, example in enumerate(criterion.examples):
        if example.outcome not in room:
            what = f'this criterion never comes to "{example.outcome.value}"'
            advice = f"It can come to {listed(outcome.value for outcome in room)}."
            spot.at("example", number, "outcome").tell(what, advice)
    shown = {example.outcome for example in criterion.examples}
    missing = [outcome for outcome in room if outcome not in shown]
    if Outcome.NOT_EVIDENCED in missing and not can_lack_evidence(criterion, around.vocabulary.parameters):
        missing.remove(Outcome.NOT_EVIDENCED)
    if missing:
        spot.tell(
            f"no example comes to {quoted(outcome.value for outcome in missing)}",
            "Add an [[example]] for each.",
            "The examples are the criterion's tests, and what people read to see what it does.",
        )
