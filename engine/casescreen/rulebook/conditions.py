"""Reading conditions: every form of the rule language, typed against the dictionary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any as Raw

from casescreen.model.condition import All, Any, Condition, Count, Covered, Not, OverRows, Quantifier
from casescreen.rulebook.field_tests import TESTS, comparable, read_field_test
from casescreen.rulebook.file_schema import unknown_key
from casescreen.rulebook.names import NameScope, quoted
from casescreen.syntax.rule_file import Location
from casescreen.text import did_you_mean, listed

ROW_FORMS = ("every", "some", "count")
_COVERAGE = ("field", "covered_by")
ReadInner = Callable[[object, NameScope, Location], Condition | None]


def read_rows(
    form: str, raw: dict[str, Raw], names_in_scope: NameScope, location: Location, inner: ReadInner
) -> Condition | None:
    """The test over rows that is written there, or None after telling everything that is wrong with it."""
    if names_in_scope.table:
        advice = (
            f"Test {names_in_scope.table} by its own columns, and join tests over other tables outside with all or any."
        )
        location.report(f'"{form}" cannot stand inside a test over {names_in_scope.table}', advice)
        return None
    table = names_in_scope.find_table(raw[form], location.at(form))
    if table is None:
        return None
    rows = names_in_scope.rows_of(table.name)
    where = inner(raw["where"], rows, location.at("where")) if "where" in raw else None
    if form == "count":
        read = _count(raw, where, rows, location)
    elif "covered_by" in raw:
        read = _coverage(raw, where, rows, location)
    else:
        read = _over_rows(form, raw, where, rows, location, inner)
    return None if "where" in raw and where is None else read


def _over_rows(
    form: str, raw: dict[str, Raw], where: Condition | None, rows: NameScope, location: Location, inner: ReadInner
) -> Condition | None:
    _check_keys(raw, (form, "where", "satisfies"), location)
    if "satisfies" not in raw:
        location.report('"satisfies" is missing', f"Say what {form} chosen row must satisfy: satisfies = {{ ... }}.")
        return None
    satisfies = inner(raw["satisfies"], rows, location.at("satisfies"))
    return None if satisfies is None else OverRows(Quantifier(form), rows.table, where, satisfies)


def _count(raw: dict[str, Raw], where: Condition | None, rows: NameScope, location: Location) -> Condition | None:
    _check_keys(raw, ("count", "where", "at_least", "at_most"), location)
    bounds = {key: raw[key] for key in ("at_least", "at_most") if key in raw}
    if not bounds:
        location.report("the count has no bound", "Add at_least = 1, or at_most, or both.")
        return None
    wrong = [key for key, bound in bounds.items() if not isinstance(bound, int) or isinstance(bound, bool) or bound < 0]
    for key in wrong:
        location.at(key).report(f'"{key}" is not a whole number from 0 up', "Write a number without quotes, as in 1.")
    if wrong:
        return None
    return _bounded(bounds.get("at_least"), bounds.get("at_most"), where, rows, location)


def _bounded(
    at_least: int | None, at_most: int | None, where: Condition | None, rows: NameScope, location: Location
) -> Condition | None:
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
        location.report(
            '"satisfies" and "covered_by" stand in one condition', "Keep one, or join two conditions with all."
        )
        return None
    _check_keys(raw, ("every", "where", *_COVERAGE), location)
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
    elif not comparable(field, by):
        what = f"{field.full_name} ({field.kind.value}) cannot be covered by {by.full_name} ({by.kind.value})"
        location.at("covered_by").report(what, "Name columns of one type.")
    else:
        return Covered(rows.table, where, field, by)
    return None


def _check_keys(raw: dict[str, Raw], known: tuple[str, ...], location: Location) -> None:
    for key in raw:
        if key not in known:
            unknown_key(key, known, location)


# Deep enough for any question; far less than the reader of TOML allows.
_DEEPEST = 12
_COMBINATIONS = ("all", "any", "not")
_FORMS = (*_COMBINATIONS, *ROW_FORMS, "field")


def read_condition(raw: object, names_in_scope: NameScope, location: Location, depth: int = 1) -> Condition | None:
    """The condition that is written there, or None after telling everything that is wrong with it.

    Args:
        raw: what the file says.
        names_in_scope: what names in it can mean.
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
    form = _form(raw, location)
    if form is None:
        return None
    if form in _COMBINATIONS:
        return _combination(form, raw, names_in_scope, location, depth)
    if form in ROW_FORMS:
        return read_rows(
            form,
            raw,
            names_in_scope,
            location,
            lambda inner, rows, place: read_condition(inner, rows, place, depth + 1),
        )
    return read_field_test(raw, names_in_scope, location)


def _form(raw: dict[str, Raw], location: Location) -> str | None:
    """The key that says what sort of condition this is; ``field`` is a part of coverage too, so it counts last."""
    forms = [form for form in _FORMS if form in raw]
    heads = [form for form in forms if form != "field"] or forms
    if len(heads) > 1:
        advice = 'Put each in braces of its own, and join them with "all" or "any".'
        location.report(f"{quoted(heads)} stand in one condition", advice)
        return None
    if not heads:
        key = next(iter(raw), "")
        advice = (did_you_mean(key, (*_FORMS, *TESTS)) if key else "") or f"It begins with {listed(_FORMS)}."
        location.report("nothing says what sort of condition this is", advice)
        return None
    return heads[0]


def _combination(
    form: str, raw: dict[str, Raw], names_in_scope: NameScope, location: Location, depth: int
) -> Condition | None:
    for key in raw:
        if key != form:
            unknown_key(key, (form,), location)
    if form == "not":
        part = read_condition(raw[form], names_in_scope, location.at(form), depth + 1)
        return None if part is None else Not(part)
    listed_parts = raw[form]
    if not isinstance(listed_parts, list) or not listed_parts:
        advice = f"Write {form} = [ {{ ... }}, {{ ... }} ] with at least one condition."
        location.at(form).report(f'"{form}" has no list of conditions', advice)
        return None
    read = [
        read_condition(part, names_in_scope, location.at(form, number), depth + 1)
        for number, part in enumerate(listed_parts)
    ]
    parts = tuple(part for part in read if part is not None)
    if len(parts) < len(read):
        return None
    return All(parts) if form == "all" else Any(parts)
