"""Reading checks.toml: what in a record cannot be, and what is to be looked at."""

from __future__ import annotations

from datetime import date

from casescreen.model.rulebook import Check, CheckExample, CheckKind
from casescreen.rulebook.conditions import read_condition
from casescreen.rulebook.examples import check_record
from casescreen.rulebook.file_schema import CheckExampleSpec, CheckSpec, ChecksSpec, structure
from casescreen.rulebook.names import KnownNames, NameScope, find, read_entries
from casescreen.syntax.rule_file import Location

_BOTH = "Give one record of which it holds, with holds = true, and one of which it does not, with holds = false."


def read_checks(names: KnownNames, as_of: date | None, location: Location) -> tuple[Check, ...]:
    """The checks that are sound; what is wrong with the others is told."""
    spec = structure(location.file.data, ChecksSpec, location)
    if spec is None:
        return ()
    entries = read_entries(spec.checks, "check", CheckSpec, location.at("checks"))
    checks = [None if one is None else _check(id_, one, names, as_of, place) for id_, one, place in entries]
    return tuple(check for check in checks if check is not None)


def _check(id_: str, spec: CheckSpec, names: KnownNames, as_of: date | None, location: Location) -> Check | None:
    if spec.table and find(names.tables, spec.table, "table", location.at("table")) is None:
        return None
    scope = NameScope(names, spec.table)
    when = read_condition(spec.when, scope, location.at("when"))
    fields = [scope.field(name, location.at("disbelieve", n)) for n, name in enumerate(spec.disbelieve)]
    disbelieved = tuple(field for field in fields if field is not None)
    if spec.kind is CheckKind.IMPOSSIBLE and not spec.disbelieve:
        advice = 'Add disbelieve = ["..."] with the fields, or use kind = "unusual".'
        location.report("it does not say which values are not believed", advice)
    if spec.kind is CheckKind.UNUSUAL and spec.disbelieve:
        what = "what is unusual is believed, and shown to be looked at"
        location.at("disbelieve").report(what, 'Leave the line out, or use kind = "impossible".')
    examples = _examples(spec.example, names, as_of, location.at("example"))
    if when is None or len(disbelieved) < len(fields) or examples is None:
        return None
    return Check(id_, spec.kind, spec.says, when, spec.advice, spec.table, disbelieved, examples, location.file.name)


def _examples(
    raw: object, names: KnownNames, as_of: date | None, location: Location
) -> tuple[CheckExample, ...] | None:
    entries = raw if isinstance(raw, list) else []
    examples: list[CheckExample] = []
    for number, entry in enumerate(entries):
        spec = structure(entry, CheckExampleSpec, location.at(number))
        if spec is None:
            continue
        at = spec.as_of or as_of or date.max
        check_record(spec.given, names, at, location.at(number, "given"))
        if isinstance(spec.given, dict):
            examples.append(CheckExample(spec.given, at, spec.holds))
    if {example.holds for example in examples} != {True, False} and len(examples) == len(entries):
        location.report("it has no example for both", _BOTH)
    return tuple(examples) if len(examples) == len(entries) else None
