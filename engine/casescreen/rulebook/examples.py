"""The outcomes that a criterion can have, and the examples that show them: small records of the dictionary's types."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date
from itertools import combinations

from casescreen.conditions.reads import fields_read
from casescreen.model.condition import All, Any, Condition, Not, Recorded, Truth, negate
from casescreen.model.dictionary import Field
from casescreen.model.outcome import Basis, Outcome, ReadersAnswer
from casescreen.model.problem import Fault
from casescreen.model.rulebook import Criterion, Example, Flag, Parameter
from casescreen.rulebook.file_schema import ExampleSpec, structure
from casescreen.rulebook.names import KnownNames, find
from casescreen.syntax.rule_file import Location
from casescreen.text import did_you_mean, in_words

Parameters = Mapping[str, Parameter | None]
# More fields than this need not be missing at once to show that an outcome can be had.
_MISSING_AT_ONCE = 3


def outcomes_by_shape(criterion: Criterion) -> tuple[Outcome, ...]:
    """The outcomes that the criterion's keys leave room for, in the usual order."""
    judged = criterion.basis is Basis.JUDGEMENT
    conditional = criterion.applies is not None or criterion.per is not None
    room = {
        Outcome.MET: True,
        Outcome.NOT_MET: True,
        Outcome.NOT_APPLICABLE: judged or conditional,
        Outcome.NOT_YET_DUE: criterion.due is not None,
        Outcome.NOT_EVIDENCED: not judged or conditional,
        Outcome.NEEDS_JUDGEMENT: judged,
    }
    return tuple(outcome for outcome in Outcome if room[outcome])


def can_lack_evidence(criterion: Criterion, parameters: Parameters) -> bool:
    """Whether some record, by what it leaves out, makes the criterion come to "not evidenced".

    Fields are taken as independent of one another, which errs only for conditions that contradict themselves.
    """
    if criterion.per is not None:
        return True  # the table may be absent
    due = None if criterion.due is None else criterion.due.known
    asked = [condition for condition in (criterion.applies, criterion.met, due) if condition is not None]
    reads = sorted({name for condition in asked for name in _reads(condition, parameters)})
    absences = (frozenset(absent) for size in range(_MISSING_AT_ONCE + 1) for absent in combinations(reads, size))
    return any(_lacks_evidence(criterion, absent, parameters) for absent in absences)


def _lacks_evidence(criterion: Criterion, absent: frozenset[str], parameters: Parameters) -> bool:
    applies = _truths(criterion.applies, absent, parameters) if criterion.applies is not None else {Truth.TRUE}
    if Truth.UNKNOWN in applies:
        return True
    if Truth.TRUE not in applies or criterion.met is None:
        return False
    met = _truths(criterion.met, absent, parameters)
    due = frozenset() if criterion.due is None else _truths(criterion.due.known, absent, parameters)
    return Truth.UNKNOWN in met or (Truth.UNKNOWN in due and Truth.FALSE in met)


def _truths(condition: Condition, absent: frozenset[str], parameters: Parameters) -> frozenset[Truth]:
    """What the condition can come to when certain fields and tables are not recorded and all others are.

    The rows of a table that is there are taken to say all that is asked of them: what they leave open,
    the table's absence leaves open too. The parts of a condition are taken as independent of one another.
    """
    match condition:
        case All(parts):
            truths = [_truths(part, absent, parameters) for part in parts]
            possible = {
                Truth.FALSE: any(Truth.FALSE in part for part in truths),
                Truth.TRUE: all(Truth.TRUE in part for part in truths),
                Truth.UNKNOWN: any(Truth.UNKNOWN in part for part in truths) and {Truth.FALSE} not in truths,
            }
            return frozenset(truth for truth, can_be in possible.items() if can_be)
        case Any(parts):
            return _truths(Not(All(tuple(Not(part) for part in parts))), absent, parameters)
        case Not(part):
            return frozenset(negate(truth) for truth in _truths(part, absent, parameters))
        case Recorded(field, expected):
            recorded = field.full_name not in absent
            return frozenset({Truth.TRUE if recorded is expected else Truth.FALSE})
        case _:
            known = absent.isdisjoint(_reads(condition, parameters))
            return frozenset({Truth.TRUE, Truth.FALSE} if known else {Truth.UNKNOWN})


def _reads(condition: Condition, parameters: Parameters) -> frozenset[str]:
    """The fields and tables of the case that can leave the condition unknown by being absent, or decide it so."""
    read = fields_read(condition, parameters)
    return frozenset(table if table or field is None else field.full_name for table, field in read)


def read_examples(
    raw: object, as_of: date, flags: Mapping[str, Flag | None], names: KnownNames, location: Location
) -> tuple[Example, ...] | None:
    """The examples, or None after telling what keeps one of them from being read.

    A record that holds the wrong things is told too, and the example is read all the same.
    """
    if raw is None:
        return ()
    if not isinstance(raw, list):
        location.report("the examples are not a list", "Write each under its own heading, [[example]].")
        return None
    lines = location.file.row_lines("example", len(raw))
    examples = []
    for number, entry in enumerate(raw):
        place = location.at(number)
        spec = structure(entry, ExampleSpec, place)
        if spec is None:
            continue
        for position, flag in enumerate(spec.flags or ()):
            find(flags, flag, "flag", place.at("flags", position))
        _check_answer(spec, entry, place)
        at = spec.as_of or as_of
        _check_record(spec.given, names, at, place.at("given"))
        if isinstance(spec.given, dict):
            example = Example(
                spec.given, spec.outcome, at, spec.answer, spec.reason, spec.flags, spec.note, lines[number]
            )
            examples.append(example)
    return tuple(examples) if len(examples) == len(raw) else None


def _check_answer(spec: ExampleSpec, written: Container[str], location: Location) -> None:
    if spec.answer is ReadersAnswer.NONE and "answer" in written:
        location.at("answer").report('"none" is no answer', "Leave the line out where no reader has answered.")
    if spec.answer is ReadersAnswer.NOT_APPLICABLE and not spec.reason:
        why = "A reader cannot answer n/a without one."
        location.report("the answer n/a has no reason", 'Add reason = "...".', why)
    if spec.answer is ReadersAnswer.NONE and spec.reason:
        advice = 'Add answer = "yes", "no" or "n/a", or leave it out.'
        location.at("reason").report("there is a reason and no answer", advice)


def _check_record(given: object, names: KnownNames, as_of: date, location: Location) -> None:
    """Check a small record, as the record of a case would be checked."""
    if not isinstance(given, dict):
        advice = 'Write the sections and tables of a case in braces, as in { case.id = "1" }.'
        location.report("this is not a record", advice)
        return
    sections = {name.partition(".")[0] for name in names.fields}
    for name, content in given.items():
        place = location.at(name)
        if name in names.tables and name in sections:
            continue  # a mistake of the dictionary, told there
        if name in names.tables:
            _check_table(name, content, names, as_of, place)
        elif name not in sections:
            known = sections | set(names.tables)
            place.report(f'there is no section or table "{name}"', did_you_mean(name, known))
        elif not isinstance(content, dict):
            advice = f"Write {name} = {{ ... }}, or {name}.field = ..."
            place.report(f'"{name}" is a section of fields', advice)
        else:
            for key, value in content.items():
                field = find(names.fields, f"{name}.{key}", "field", place.at(key))
                _check_value(field, value, as_of, place.at(key))


def _check_table(name: str, rows: object, names: KnownNames, as_of: date, location: Location) -> None:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        advice = f"Write its rows as a list, {name} = [ {{ ... }} ]; [] if there are none."
        location.report(f'"{name}" is a table', advice)
        return
    table = names.tables[name]
    if table is None:
        return
    keys = set()
    for number, row in enumerate(rows):
        for column, value in row.items():
            place = location.at(number, column)
            _check_value(find(names.columns[name], column, "column", place, f"in {name}"), value, as_of, place)
        key = row.get(table.key) if table.key else None
        if table.key and key is None:
            why = f"It tells the {table.label} apart."
            location.at(number).report(f'the row has no "{table.key}"', "Add it.", why)
        elif table.key and str(key) in keys:
            what = f'there is another row with {table.key} = "{in_words(key)}"'
            location.at(number).report(what, "Change one of them.")
        keys.add(str(key))


def _check_value(field: Field | None, raw: object, as_of: date, location: Location) -> None:
    if field is None:
        return
    value = field.read(raw)
    if isinstance(value, Fault):
        location.report(f"{field.full_name}: {value.what}", value.advice)
    elif field.past and isinstance(value, date) and value > as_of:
        what = f"{field.full_name}: {in_words(value)} lies after the example's as-of date, {in_words(as_of)}"
        advice = "Change the date, or give the example a later as_of."
        location.report(what, advice, "It is a date of something done.")
