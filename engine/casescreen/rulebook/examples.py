"""Reading the examples of a criterion: small records typed against the dictionary, and what must come of them."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date
from typing import Any

from casescreen.model.dictionary import Field
from casescreen.model.outcome import ReadersAnswer
from casescreen.model.problem import Fault
from casescreen.model.rulebook import Example, Flag
from casescreen.rulebook.file_schema import ExampleSpec, structure
from casescreen.rulebook.names import KnownNames, find
from casescreen.syntax.rule_file import Location
from casescreen.text import did_you_mean, in_words


def read_examples(
    raw: object, as_of: date, flags: Mapping[str, Flag | None], vocabulary: KnownNames, location: Location
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
    read = [
        _example(entry, as_of, flags, vocabulary, location.at(number), line)
        for number, (entry, line) in enumerate(zip(raw, lines, strict=True))
    ]
    examples = tuple(example for example in read if example is not None)
    return examples if len(examples) == len(read) else None


def _example(
    raw: object, as_of: date, flags: Mapping[str, Flag | None], vocabulary: KnownNames, location: Location, line: int
) -> Example | None:
    spec = structure(raw, ExampleSpec, location)
    if spec is None or not isinstance(raw, dict):
        return None
    for number, flag in enumerate(spec.flags or ()):
        find(flags, flag, "flag", location.at("flags", number))
    _check_answer(spec, raw, location)
    at = spec.as_of or as_of
    _Record(vocabulary, at).check(spec.given, location.at("given"))
    if not isinstance(spec.given, dict):
        return None
    return Example(spec.given, spec.outcome, at, spec.answer, spec.reason, spec.flags, spec.note, line)


def _check_answer(spec: ExampleSpec, written: Container[str], location: Location) -> None:
    if spec.answer is ReadersAnswer.NONE and "answer" in written:
        location.at("answer").report('"none" is no answer', "Leave the line out where no reader has answered.")
    if spec.answer is ReadersAnswer.NOT_APPLICABLE and not spec.reason:
        location.report(
            "the answer n/a has no reason", 'Add reason = "...".', "A reader cannot answer n/a without one."
        )
    if spec.answer is ReadersAnswer.NONE and spec.reason:
        location.at("reason").report(
            "there is a reason and no answer", 'Add answer = "yes", "no" or "n/a", or leave it out.'
        )


class _Record:
    """Checks a small record, as the record of a case would be checked."""

    def __init__(self, vocabulary: KnownNames, as_of: date) -> None:
        self._vocabulary = vocabulary
        self._as_of = as_of
        self._sections = {name.partition(".")[0] for name in vocabulary.fields}

    def check(self, given: object, location: Location) -> None:
        if not isinstance(given, dict):
            location.report(
                "this is not a record", 'Write the sections and tables of a case in braces, as in { case.id = "1" }.'
            )
            return
        for name, content in given.items():
            self._check_part(name, content, location.at(name))

    def _check_part(self, name: str, content: object, location: Location) -> None:
        if name in self._vocabulary.tables and name in self._sections:
            return  # a mistake of the dictionary, told there
        if name in self._vocabulary.tables:
            self._check_table(name, content, location)
        elif name in self._sections:
            self._check_section(name, content, location)
        else:
            known = self._sections | set(self._vocabulary.tables)
            location.report(f'there is no section or table "{name}"', did_you_mean(name, known))

    def _check_section(self, section: str, content: object, location: Location) -> None:
        if not isinstance(content, dict):
            location.report(
                f'"{section}" is a section of fields', f"Write {section} = {{ ... }}, or {section}.field = ..."
            )
            return
        for name, value in content.items():
            field = find(self._vocabulary.fields, f"{section}.{name}", "field", location.at(name))
            self._check_value(field, value, location.at(name))

    def _check_table(self, name: str, content: object, location: Location) -> None:
        if not isinstance(content, list) or not all(isinstance(row, dict) for row in content):
            location.report(
                f'"{name}" is a table', f"Write its rows as a list, {name} = [ {{ ... }} ]; [] if there are none."
            )
            return
        if self._vocabulary.tables[name] is None:
            return
        columns = self._vocabulary.columns[name]
        for number, row in enumerate(content):
            for column, value in row.items():
                place = location.at(number, column)
                self._check_value(find(columns, column, "column", place, f"in {name}"), value, place)
        self._check_keys(name, content, location)

    def _check_keys(self, name: str, rows: list[dict[str, Any]], location: Location) -> None:
        table = self._vocabulary.tables[name]
        if table is None or not table.key:
            return
        seen = set()
        for number, row in enumerate(rows):
            key = row.get(table.key)
            if key is None:
                location.at(number).report(
                    f'the row has no "{table.key}"', "Add it.", f"It tells the {table.label} apart."
                )
            elif str(key) in seen:
                location.at(number).report(
                    f'there is another row with {table.key} = "{in_words(key)}"', "Change one of them."
                )
            seen.add(str(key))

    def _check_value(self, field: Field | None, raw: object, location: Location) -> None:
        if field is None:
            return
        value = field.read(raw)
        if isinstance(value, Fault):
            location.report(f"{field.full_name}: {value.what}", value.advice)
        elif field.past and isinstance(value, date) and value > self._as_of:
            what = f"{field.full_name}: {in_words(value)} lies after the example's as-of date, {in_words(self._as_of)}"
            location.report(
                what, "Change the date, or give the example a later as_of.", "It is a date of something done."
            )
