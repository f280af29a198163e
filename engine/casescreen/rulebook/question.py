"""Reading what a criterion asks: of which rows, when, what meets it, by when, and its flags."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from casescreen.model.condition import Condition
from casescreen.model.rulebook import Due, Flag, PerRow
from casescreen.rulebook.conditions import read_condition
from casescreen.rulebook.elapsed import read_limit, read_start
from casescreen.rulebook.ground import Ground
from casescreen.rulebook.names import entries, is_id
from casescreen.rulebook.specs import CriterionSpec, DueSpec, PerSpec, StatementSpec
from casescreen.rulebook.structuring import structure
from casescreen.rulebook.vocabulary import Vocabulary
from casescreen.syntax.rule_file import Spot


@frozen(eq=False)
class Question:
    """The parts of a criterion that read the record; None for those that are not there, or are broken.

    Attributes:
        flags: by id; None for those that are broken.
    """

    flags: dict[str, Flag | None]
    per: PerRow | None = None
    applies: Condition | None = None
    met: Condition | None = None
    due: Due | None = None

    def is_whole(self, spec: CriterionSpec) -> bool:
        """Whether nothing that the file states is missing here for being broken."""
        parts = ((spec.per, self.per), (spec.applies, self.applies), (spec.met, self.met), (spec.due, self.due))
        return all(part is not None for written, part in parts if written is not None) and None not in set(
            self.flags.values()
        )


def read_question(spec: CriterionSpec, vocabulary: Vocabulary, spot: Spot) -> Question:
    """What the criterion asks, with everything that is wrong with it told."""
    case = Ground(vocabulary)
    per = None if spec.per is None else _per(spec.per, case, spot.at("per"))
    flags = entries({} if spec.flags is None else spec.flags, "flag", spot.at("flags"))
    if spec.per is not None and per is None:
        # Where the rows cannot be told, what a name means cannot either.
        return Question(dict.fromkeys(flags))
    ground = case if per is None else case.rows_of(per.table)
    return Question(
        _flags(flags, ground, spot.at("flags")),
        per,
        None if spec.applies is None else read_condition(spec.applies, ground, spot.at("applies")),
        None if spec.met is None else read_condition(spec.met, ground, spot.at("met")),
        None if spec.due is None else _due(spec.due, ground, spot.at("due")),
    )


def _per(raw: object, case: Ground, spot: Spot) -> PerRow | None:
    spec = structure(raw, PerSpec, spot)
    table = None if spec is None else case.find_table(spec.table, spot.at("table"))
    if spec is None or table is None:
        return None
    if not table.key:
        advice = f"Add key = ... to [tables.{table.name}] in the dictionary."
        spot.tell(f"the rows of {table.name} have no key", advice, "A finding must say which row it is about.")
    ground = case.rows_of(table.name)
    return PerRow(table.name, None if spec.where is None else read_condition(spec.where, ground, spot.at("where")))


def _due(raw: object, ground: Ground, spot: Spot) -> Due | None:
    spec = structure(raw, DueSpec, spot)
    if spec is None:
        return None
    within = read_limit(spec.within, ground, spot.at("within"))
    start = read_start(spec.of, ground, spot.at("of"))
    return None if within is None or start is None else Due(within, start)


def _flags(raw: dict[str, Any], ground: Ground, spot: Spot) -> dict[str, Flag | None]:
    flags = {id_: _flag(id_, entry, ground, spot.at(id_)) for id_, entry in raw.items()}
    said: dict[str, str] = {}
    for flag in flags.values():
        if flag is None:
            continue
        other = said.setdefault(flag.says, flag.id)
        if other != flag.id:
            what = f'the flags "{other}" and "{flag.id}" say the same'
            spot.at(flag.id, "says").tell(what, "Say what each one shows, or join them with any.")
    return flags


def _flag(id_: str, raw: object, ground: Ground, spot: Spot) -> Flag | None:
    is_id(id_, "flag", spot)
    spec = structure(raw, StatementSpec, spot)
    when = None if spec is None else read_condition(spec.when, ground, spot.at("when"))
    return None if spec is None or when is None else Flag(id_, spec.says, when)
