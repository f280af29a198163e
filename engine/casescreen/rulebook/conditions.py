"""Reading conditions: every form of the rule language, typed against the dictionary."""

from __future__ import annotations

from typing import Any as Raw

from casescreen.conditions.analysis import fields_read
from casescreen.conditions.operators import OPERATORS, operators_of
from casescreen.model.calendar import Duration, Unit, read_duration
from casescreen.model.condition import (
    All,
    Any,
    AsOf,
    Compare,
    Condition,
    Count,
    Covered,
    FromField,
    FromParameter,
    Literal,
    Not,
    Operand,
    Operator,
    OverRows,
    Quantifier,
    Recorded,
    Within,
    depth_of,
    tests_rows,
)
from casescreen.model.dictionary import Field, Kind
from casescreen.model.problem import Fault
from casescreen.rulebook.file_schema import unknown_key
from casescreen.rulebook.names import LATER_ORDER, NameScope, find, quoted, sound
from casescreen.rulebook.parameters import kind_of, misfit
from casescreen.syntax.rule_file import Location
from casescreen.text import did_you_mean, in_words, listed

# Deep enough for any question; far less than the reader of TOML allows.
_DEEPEST = 12
_COMBINATIONS = ("all", "any", "not")
_ROW_FORMS = ("every", "some", "count")
_FACT = "fact"
_FORMS = (*_COMBINATIONS, *_ROW_FORMS, _FACT)
_TESTS = (*OPERATORS, "recorded", "within")
_FIELD_KEYS = ("field", *_TESTS)
_BEGINNINGS = listed((*_FORMS, "field"))
_ONE_EACH = 'Put each in braces of its own, and join them with "all" or "any".'
_AS_OF = "$as_of"
_TEXTS = (Kind.TEXT, Kind.CHOICE)
_BESIDE_WITHIN = ("of", "early")
_HOW_TO_CHANGE = "Say language = 2 in rulebook.toml, or take it out."
_AT_ONCE = Literal(Duration(0, Unit.DAY))


def read_condition(raw: object, scope: NameScope, location: Location, depth: int = 1) -> Condition | None:
    """The condition that is written there, or None after telling everything that is wrong with it.

    Args:
        raw: what the file says.
        scope: what names in it can mean.
        location: where it stands.
        depth: how many conditions it stands in, itself included.
    """
    if not isinstance(raw, dict):
        location.report("this is not a condition", 'Write a condition in braces, as in { field = "...", is = ... }.')
        return None
    if depth > _DEEPEST:
        advice = "Say it with fewer, or move a part into a field of its own."
        location.report(f"conditions stand inside one another more than {_DEEPEST} deep", advice)
        return None
    forms = [form for form in _FORMS if form in raw]
    if len(forms) > 1:
        location.report(f"{quoted(forms)} stand in one condition", _ONE_EACH)
        return None
    if forms == [_FACT]:
        return _named_fact(raw, scope, location, depth)
    if forms:
        read = _combination if forms[0] in _COMBINATIONS else _over_rows
        return read(forms[0], raw, scope, location, depth)
    if "field" in raw:  # a part of coverage too, so it counts last
        return _field_test(raw, scope, location)
    key = next(iter(raw), "")
    advice = did_you_mean(key, (*_FORMS, *_FIELD_KEYS)) if key else ""
    location.report("nothing says what sort of condition this is", advice or f"It begins with {_BEGINNINGS}.")
    return None


def _check_keys(raw: dict[str, Raw], known: tuple[str, ...], location: Location) -> None:
    for key in raw:
        if key not in known:
            unknown_key(key, known, location)


def _named_fact(raw: dict[str, Raw], scope: NameScope, location: Location, depth: int) -> Condition | None:
    """The condition of the fact, which stands in the place of its name."""
    _check_keys(raw, (_FACT,), location)
    location, name = location.at(_FACT), raw[_FACT]
    if scope.names.before_facts:
        why = "Derived fields are worked out from what is recorded, and facts may name them."
        location.report("no fact can be named here", "Write its condition out.", why)
        return None
    if isinstance(name, str) and name in scope.names.facts_below:
        why = "A fact that rests on itself could never be told."
        location.report(f'the fact "{name}" does not stand before this one', "Name a fact that stands above.", why)
        return None
    fact = find(scope.names.facts, name, "fact", location)
    if fact is None:
        return None
    read = fields_read(fact.when, sound(scope.names.parameters))
    later = scope.names.later.intersection(field.full_name for _, field in read if field is not None)
    if later:
        what = f'the fact "{fact.id}" reads "{min(later)}", a derived field that is not worked out before this'
        location.report(what, "Write the test here by the fields that it comes from.", LATER_ORDER)
        return None
    if scope.table and tests_rows(fact.when):
        advice = f"Test {scope.table} by its own columns, and join the fact to that outside with all or any."
        location.report(f'the fact "{fact.id}" is a test over rows, and this stands in one over {scope.table}', advice)
        return None
    if depth + depth_of(fact.when) - 1 > _DEEPEST:
        advice = "Say it with fewer, or move a part into a field of its own."
        what = f'with the fact "{fact.id}", conditions stand inside one another more than {_DEEPEST} deep'
        location.report(what, advice)
        return None
    return fact.when


def _combination(form: str, raw: dict[str, Raw], scope: NameScope, location: Location, depth: int) -> Condition | None:
    _check_keys(raw, (form,), location)
    location = location.at(form)
    if form == "not":
        part = read_condition(raw[form], scope, location, depth + 1)
        return None if part is None else Not(part)
    written = raw[form]
    if not isinstance(written, list) or not written:
        advice = f"Write {form} = [ {{ ... }}, {{ ... }} ] with at least one condition."
        location.report(f'"{form}" has no list of conditions', advice)
        return None
    parts = [read_condition(part, scope, location.at(number), depth + 1) for number, part in enumerate(written)]
    sound: tuple[Condition, ...] = tuple(filter(None, parts))
    if len(sound) < len(parts):
        return None
    return All(sound) if form == "all" else Any(sound)


def _over_rows(form: str, raw: dict[str, Raw], scope: NameScope, location: Location, depth: int) -> Condition | None:
    """A test over the rows of a table: that every or some chosen row satisfies another, coverage, or a count."""
    if scope.table:
        advice = f"Test {scope.table} by its own columns, and join tests over other tables outside with all or any."
        location.report(f'"{form}" cannot stand inside a test over {scope.table}', advice)
        return None
    table = find(scope.names.tables, raw[form], "table", location.at(form))
    if table is None:
        return None
    rows = NameScope(scope.names, table.name)
    where = read_condition(raw["where"], rows, location.at("where"), depth + 1) if "where" in raw else None
    condition: Condition | None = None
    if form == "count":
        condition = _count(raw, where, rows, location)
    elif "covered_by" in raw:
        condition = _coverage(raw, where, rows, location)
    else:
        _check_keys(raw, (form, "where", "satisfies"), location)
        if "satisfies" not in raw:
            advice = f"Say what {form} chosen row must satisfy: satisfies = {{ ... }}."
            location.report('"satisfies" is missing', advice)
            return None
        satisfies = read_condition(raw["satisfies"], rows, location.at("satisfies"), depth + 1)
        condition = None if satisfies is None else OverRows(Quantifier(form), rows.table, where, satisfies)
    return None if "where" in raw and where is None else condition


def _count(raw: dict[str, Raw], where: Condition | None, rows: NameScope, location: Location) -> Condition | None:
    _check_keys(raw, ("count", "where", "at_least", "at_most"), location)
    at_least, at_most = raw.get("at_least"), raw.get("at_most")
    if at_least is None and at_most is None:
        location.report("the count has no bound", "Add at_least = 1, or at_most, or both.")
        return None
    sound = True
    for key, bound in (("at_least", at_least), ("at_most", at_most)):
        if bound is not None and (not isinstance(bound, int) or isinstance(bound, bool) or bound < 0):
            what = f'"{key}" is not a whole number from 0 up'
            location.at(key).report(what, "Write a number without quotes, as in 1.")
            sound = False
    if not sound:
        return None
    if at_least is not None and at_most is not None and at_least > at_most:
        location.report(f"no count is at least {at_least} and at most {at_most}", "Swap or mend the bounds.")
        return None
    if at_least == 0 and at_most is None:
        location.at("at_least").report("every count is at least 0", "Use at_least = 1, or say at_most.")
        return None
    return Count(rows.table, where, at_least, at_most)


def _coverage(raw: dict[str, Raw], where: Condition | None, rows: NameScope, location: Location) -> Condition | None:
    if "every" not in raw:
        location.report('"covered_by" stands without "every"', "Coverage is about every chosen row: use every.")
        return None
    if "satisfies" in raw:
        advice = "Keep one, or join two conditions with all."
        location.report('"satisfies" and "covered_by" stand in one condition', advice)
        return None
    _check_keys(raw, ("every", "where", "field", "covered_by"), location)
    if "field" not in raw:
        location.report('"field" is missing', f"Name the column of {rows.table} that must be covered.")
        return None
    field = rows.field(raw["field"], location.at("field"))
    by = rows.column(raw["covered_by"], location.at("covered_by"))
    if field is None or by is None:
        return None
    if not field.table:
        location.at("field").report(f"{field.name} is no column of {rows.table}", "Name a column, without a dot.")
    elif field == by:
        location.at("covered_by").report(f"{by.full_name} is compared with itself", "Name another column.")
    elif not _comparable(field, by):
        what = f"{field.full_name} ({field.kind.value}) cannot be covered by {by.full_name} ({by.kind.value})"
        location.at("covered_by").report(what, "Name columns of one type.")
    else:
        return Covered(rows.table, where, field, by)
    return None


def _comparable(one: Field, other: Field) -> bool:
    """Whether two fields can hold the same value."""
    return one.kind is other.kind or (one.kind in _TEXTS and other.kind in _TEXTS)


def _field_test(raw: dict[str, Raw], scope: NameScope, location: Location) -> Condition | None:
    tests = [key for key in raw if key in _TESTS]
    all_known = _check_test_keys(raw, location)
    field = scope.field(raw["field"], location.at("field"))
    if len(tests) > 1:
        location.report(f"{quoted(tests)} stand in one condition", _ONE_EACH)
        return None
    if not tests:
        if all_known:
            location.report("the field is not tested", f"Add one of {_tests_of(field)}.")
        return None
    (test,) = tests
    operator = OPERATORS.get(test)
    kinds = operator.kinds if operator else (Kind.DATE,) if test == "within" else tuple(Kind)
    if field is not None and field.kind not in kinds:
        what = f'"{test}" cannot test {field.name}, which is a {field.kind.value}'
        location.at(test).report(what, f"It can be tested with {_tests_of(field)}.")
        return None
    if test == "within":
        return _within(raw, field, scope, location)
    if field is None:
        return None
    if operator is not None:
        operand = _operand(raw[test], field, operator, scope, location.at(test))
        return None if operand is None else Compare(field, operator, operand)
    if not isinstance(raw[test], bool):
        location.at(test).report('"recorded" is true or false', "Write recorded = true or recorded = false.")
        return None
    return Recorded(field, raw[test])


def _check_test_keys(raw: dict[str, Raw], location: Location) -> bool:
    """Whether every key can stand in a test of a field; told if not."""
    all_known = True
    for key in raw:
        if key in _FIELD_KEYS or (key in _BESIDE_WITHIN and "within" in raw):
            continue
        all_known = False
        if key in _BESIDE_WITHIN:
            location.at(key).report(f'"{key}" stands without "within"', 'Say how long: within = "15 working days".')
        else:
            unknown_key(key, _FIELD_KEYS, location)
    return all_known


def _tests_of(field: Field | None) -> str:
    """What the field can be tested with; everything, if it is not known what the field is."""
    if field is None:
        return listed(_TESTS)
    elapsed = ("within",) if field.kind is Kind.DATE else ()
    return listed((*(operator.name for operator in operators_of(field.kind)), "recorded", *elapsed))


def _operand(raw: object, field: Field, operator: Operator, scope: NameScope, location: Location) -> Operand | None:
    """The other side of a field test; None after telling what is wrong with it."""
    if operator.for_one is not None:
        return _list(raw, field, operator, operator.for_one, location)
    if isinstance(raw, list):
        several = next((other.name for other in OPERATORS.values() if other.for_one == operator), None)
        advice = f'Use "{several}" for a list.' if several else "Write one value."
        location.report(f'"{operator.name}" takes one value, and this is a list', advice)
        return None
    if isinstance(raw, dict):
        return _other_field(raw, field, scope, location)
    if not isinstance(raw, str) or not raw.startswith("$"):
        return _literal(raw, field, location)
    if raw == _AS_OF and field.kind is Kind.DATE:
        return AsOf()
    what = f"{field.name} ({field.kind.value})"
    if raw == _AS_OF:
        location.report(f"{what} cannot be compared with the as-of date", "Compare a date with it.")
        return None
    parameter = find(scope.names.parameters, raw[1:], "parameter", location)
    if parameter is None:
        return None
    if reason := misfit(field, parameter):
        words = f"Its words are: {listed(field.allowed)}."
        advice = words if field.kind is Kind.CHOICE else f"Use a parameter of the type {field.kind.value}."
        location.report(f"the parameter {raw} cannot be compared with {what}: {reason}", advice)
        return None
    return FromParameter(parameter.name)


def _list(raw: object, field: Field, operator: Operator, for_one: Operator, location: Location) -> Literal | None:
    if not isinstance(raw, list):
        advice = f'Write [...], or use "{for_one.name}" for one value.'
        location.report(f'"{operator.name}" takes a list of values', advice)
        return None
    if not raw:
        location.report("the list is empty", "Name at least one value.", "Nothing can be in an empty list.")
        return None
    values = []
    for number, item in enumerate(raw):
        literal = _literal(item, field, location.at(number))
        if literal is not None:
            values.append(literal.value)
    if len(set(values)) < len(values):
        location.report("the list names a value more than once", "Keep each value once.")
        return None
    return Literal(tuple(values)) if len(values) == len(raw) else None  # type: ignore[arg-type]  # values of a field


def _literal(raw: object, field: Field, location: Location) -> Literal | None:
    if isinstance(raw, str) and raw.startswith("$"):
        location.report("a parameter cannot stand in a list", 'Use { any = [ ... ] } with one "is" for each.')
        return None
    value = field.read(raw)
    if isinstance(value, Fault):
        location.report(f"{field.name}: {value.what}", value.advice)
        return None
    return Literal(value)


def _other_field(raw: dict[str, object], field: Field, scope: NameScope, location: Location) -> FromField | None:
    if set(raw) != {"field"}:
        location.report(
            'the other side is not { field = "..." }', "Name the other field so, and nothing else beside it."
        )
        return None
    other = scope.field(raw["field"], location.at("field"))
    if other is None:
        return None
    if other == field:
        location.report(f"{field.name} is compared with itself", "Name another field.")
        return None
    if not _comparable(field, other):
        what = f"{field.name} ({field.kind.value}) cannot be compared with {other.name} ({other.kind.value})"
        location.report(what, "Compare fields of one type.")
        return None
    return FromField(other)


def _within(raw: dict[str, Raw], field: Field | None, scope: NameScope, location: Location) -> Within | None:
    limit = read_limit(raw["within"], scope, location.at("within"))
    if "of" not in raw:
        location.report('"of" is missing', 'Name the date that the time runs from: of = "section.field".')
        return None
    start = read_start(raw["of"], scope, location.at("of"))
    early, sound = _early(raw, scope, location)
    if field is None or limit is None or start is None or not sound:
        return None
    if start == field:
        location.at("of").report(f"{field.name} is compared with itself", "Name another date.")
        return None
    return Within(field, limit, start, early)


def _early(raw: dict[str, Raw], scope: NameScope, location: Location) -> tuple[Literal | FromParameter | None, bool]:
    """How long before its start a time counts as well, None for any time; and whether that could be read."""
    if scope.names.language == 1:
        if "early" in raw:
            why = "In language 1 any time before counts."
            location.at("early").report('"early" means nothing in language 1', _HOW_TO_CHANGE, why)
        return None, "early" not in raw
    if "early" not in raw:
        return _AT_ONCE, True
    early = read_limit(raw["early"], scope, location.at("early"))
    return early, early is not None


def read_limit(raw: object, scope: NameScope, location: Location) -> Literal | FromParameter | None:
    """A length of time, or a parameter that is one; None after telling what is wrong with it."""
    if not isinstance(raw, str) or not raw.startswith("$"):
        limit = read_duration(raw) if isinstance(raw, str) else None
        if limit is not None:
            return Literal(limit)
        advice = 'Write a number of working days, days, weeks or months, as in "15 working days", or a "$parameter".'
        location.report(f'"{in_words(raw)}" is not a length of time', advice)
        return None
    name = raw[1:]
    parameter = find(scope.names.parameters, name, "parameter", location)
    if parameter is None:
        return None
    if not isinstance(parameter.value, Duration):
        lengths = [n for n, p in scope.names.parameters.items() if p and isinstance(p.value, Duration)]
        advice = did_you_mean(name, lengths) or 'Name another, or write a length as in "15 working days".'
        location.report(f"the parameter ${name} is {kind_of(parameter.value)}, not a length of time", advice)
        return None
    return FromParameter(parameter.name)


def read_start(raw: object, scope: NameScope, location: Location) -> Field | None:
    """The date that a length of time runs from; None after telling what is wrong with it."""
    start = scope.field(raw, location)
    if start is not None and start.kind is not Kind.DATE:
        why = "A length of time runs from a date."
        location.report(f"{start.name} is a {start.kind.value}, not a date", "Name a date.", why)
        return None
    return start
