"""Reading the examples of a criterion: small records of the dictionary's types, and what must come of them."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date

from casescreen.model.dictionary import Field
from casescreen.model.outcome import ReadersAnswer
from casescreen.model.problem import Fault
from casescreen.model.rulebook import Example, Flag
from casescreen.rulebook.file_schema import ExampleSpec, structure
from casescreen.rulebook.names import KnownNames, find
from casescreen.syntax.rule_file import Location
from casescreen.text import did_you_mean, in_words


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
    if location.path == ("example",):
        lines = location.file.row_lines("example", len(raw))
    else:
        lines = tuple(location.file.place((*location.path, number)).line for number in range(len(raw)))
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
        check_record(spec.given, names, at, place.at("given"))
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


def check_record(given: object, names: KnownNames, as_of: date, location: Location) -> None:
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
    if not isinstance(rows, list) or not set(map(type, rows)) <= {dict}:
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
