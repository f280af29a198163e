"""A suggested mapping for people, as lines of a table, and as a file of TOML that holds no value of a record."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import evolve, frozen

from casescreen.cases.mapping.heading_match import NOTHING_LIKE_IT
from casescreen.cases.mapping.model import (
    CaseMapping,
    MappedColumn,
    MappedLookup,
    MappedRows,
    Step,
    SuggestedField,
    Suggestion,
)
from casescreen.cases.tables.cells import DateOrder
from casescreen.model.case import NOT_CONFIRMED
from casescreen.model.dictionary import Kind, Table, Value
from casescreen.model.problem import joined
from casescreen.model.screening import Screening, Summary
from casescreen.text import counted, in_words, listed, visible

_NOUN = {
    Kind.TEXT: "text",
    Kind.CHOICE: "words of the dictionary",
    Kind.YES_NO: "yes or no",
    Kind.NUMBER: "numbers",
    Kind.DATE: "dates",
}

_MOST_MISSING = 16
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]+")
_WIDTH = 96
_SEVERAL = 2


def suggestion_lines(suggestion: Suggestion, tables: Mapping[str, Table], width: int) -> Iterator[str]:
    """What was matched and what was not, for a screen: what decides most and is not read comes first.

    It quotes headings, and dates and choices as examples; text of records never.
    """
    rows = listed(map(str, suggestion.header_rows), "and")
    yield from _block(
        f'{NOT_CONFIRMED} Cases: sheet "{in_words(suggestion.sheet)}", headings in row {rows}, '
        f'id "{in_words(suggestion.mapping.id)}".',
        (),
        width,
    )
    missing = [f"{_label(one.field.table, one.field.label, tables)} ({one.criteria})" for one in suggestion.missing]
    if len(missing) > _MOST_MISSING:
        missing[_MOST_MISSING:] = [f"and {len(missing) - _MOST_MISSING} more"]
    head = "Not matched, though questions of high severity rest on it (how many); first what deadlines hang on:"
    yield from _block(head, ["; ".join(missing)] if missing else [], width)
    yield from _block("Sheets that are not read:", suggestion.not_read, width)
    yield from _block("To be answered:", suggestion.asked, width)
    yield from _block("Matched:", [_matched(one, tables) for one in suggestion.fields], width)
    yield from _block("Headings that are not read:", [*_unused(suggestion)], width)
    yield from _block("Taken for granted:", [*suggestion.chosen, *suggestion.assumed], width)
    yield from _block("Passed over:", suggestion.passed_over, width)


def _block(head: str, items: Sequence[str], width: int) -> Iterator[str]:
    """A head, and items below it; of several heads, nothing where there are no items."""
    if items or head.endswith("."):
        yield from textwrap.wrap(head, width, break_long_words=False)
        for item in items:
            yield from textwrap.wrap(
                item, width, initial_indent="  ", subsequent_indent="      ", break_long_words=False
            )
        yield ""


def _unused(suggestion: Suggestion) -> Iterator[str]:
    """The headings that are not read, each reason once for a sheet; those that mean nothing come last, together."""
    by_reason: dict[str, dict[str, list[str]]] = {}
    for one in suggestion.unused:
        by_reason.setdefault(one.why, {}).setdefault(one.sheet, []).append(f'"{in_words(one.heading)}"')
    several = len({one.sheet for one in suggestion.unused}) > 1
    for why, sheets in sorted(by_reason.items(), key=lambda one: one[0] == NOTHING_LIKE_IT):
        each = [(f"{in_words(sheet)}, " if several else "") + ", ".join(headings) for sheet, headings in sheets.items()]
        yield f"{'; '.join(each)}: {why}"


def _label(table: str, label: str, tables: Mapping[str, Table]) -> str:
    return f"{tables[table].label}: {label}" if table else label


def _matched(one: SuggestedField, tables: Mapping[str, Table]) -> str:
    of = f" ({', '.join(map(in_words, one.rows.values()))})" if one.rows else ""
    label = _label(one.field.table, one.field.label, tables)
    return f'"{in_words(one.heading)}" -> {label}{of}: {how_read(one)}'


def how_read(one: SuggestedField) -> str:
    """How many cells of a column are read and as what, with an example of a value that is no text."""
    said = f", {counted(one.said, 'says', 'say')} not known or not done" if one.said else ""
    unread = one.cells - one.read - one.said
    lost = f", {unread} not read" if unread else ""
    example = f", e.g. {in_words(one.example)}" if one.example is not None else ""
    sure = "" if one.sure else " - is it this one?"
    how = f"{one.read} of {one.cells} read as {_NOUN[one.field.kind]}" if one.cells else "the column is blank"
    return f"{how}{example}{said}{lost}{sure}"


def with_suggestions(result: Summary, made: Sequence[Suggestion], *, named: bool) -> Summary:
    """The same, saying that nobody confirmed its columns; a copy that is shared names no sheet and no heading."""
    lines: list[str] = []
    if named and isinstance(result, Screening):
        lines += [joined("Not read:", line) for one in made for line in one.not_read]
        lines += [line for one in made for line in one.chosen]
    others = (line for line in result.assumed if line != NOT_CONFIRMED)
    return evolve(result, assumed=(NOT_CONFIRMED, *lines, *others))


def mapping_text(suggestion: Suggestion, title: str) -> str:
    """The mapping as TOML that reads the same tables in the same way, with remarks.

    It holds headings and words of the trade, and no value of a record.
    """
    return "\n".join(_lines(suggestion, title)) + "\n"


def _lines(suggestion: Suggestion, title: str) -> Iterator[str]:
    mapping = suggestion.mapping
    yield "# A draft, made from headings and from the words of the trade. Look at every line, and correct it."
    yield "# Lines that begin with # are not read."
    yield from ("", f"title = {_quoted(title)}")
    usual = _Usual.of(suggestion)
    yield from usual.lines()
    yield from _cases(mapping)
    if mapping.columns:
        yield from ("", "[fields]")
    yield from (usual.column(column) for column in mapping.columns)
    for lookup in mapping.lookups:
        yield from ("", "[[lookups]]", *_steps(lookup), "", "[lookups.fields]")
        yield from (usual.column(column) for column in lookup.columns)
    for rows in mapping.rows:
        yield from ("", f"[[tables.{rows.table}]]", *_steps(rows), "", f"[tables.{rows.table}.columns]")
        yield from (f"{_key(name)} = {{ constant = {_value(value)} }}" for name, value in rows.constants.items())
        yield from (usual.column(column) for column in rows.columns)
    remarks = (
        ("Headings that are not read", [*_unused(suggestion)]),
        ("Sheets that are not read", suggestion.not_read),
        ("To be answered", suggestion.asked),
    )
    for head, items in remarks:
        if items:
            yield from ("", f"#   {head}:")
            yield from (line for item in items for line in _remark(item))


def _cases(mapping: CaseMapping) -> Iterator[str]:
    if tables := sorted({rows.table for rows in mapping.rows if rows.steps}):
        yield "# Name here the tables of which every row is listed, so that a case without rows is known to have none:"
        yield f"# complete = {_texts(tables)}"
    yield from ("", "[cases]")
    if mapping.sheet:
        yield f"sheet = {_quoted(mapping.sheet)}"
    yield f"id = {_quoted(mapping.id)}"
    yield "only_cases = true  # rows of totals, sections, repeated headings and remarks are passed over"
    if mapping.header_rows:
        yield from ("", "[header_rows]")
    for sheet, rows in mapping.header_rows.items():
        yield f"{_key(sheet)} = {rows[0] if len(rows) == 1 else [*rows]}"


@frozen
class _Usual:
    """What all columns have in common, and so is said once."""

    none: frozenset[str]
    not_applicable: frozenset[str]
    not_done: frozenset[str]
    order: DateOrder | None
    same_order: bool
    is_asked: bool

    @classmethod
    def of(cls, suggestion: Suggestion) -> _Usual:
        columns = [*_columns_of(suggestion.mapping)]
        orders = {column.order for column in columns if column.field.kind is Kind.DATE}
        return cls(
            frozenset.intersection(*(column.none for column in columns)),
            frozenset[str]().union(*(column.not_applicable for column in columns)),
            frozenset[str]().union(*(column.not_done for column in columns)),
            next(iter(orders)) if len(orders) == 1 else None,
            len(orders) < _SEVERAL,
            suggestion.asks_order and len(orders) < _SEVERAL,
        )

    def lines(self) -> Iterator[str]:
        if self.order is not None:
            yield f"dates = {_quoted(self.order.value)}"
        elif self.is_asked:
            yield '# No column tells how days in figures are read. Say so here: dates = "day-first" or "month-first"'
        for key in ("none", "not_applicable", "not_done"):
            if words := getattr(self, key):
                yield f"{key} = {_texts(words)}"

    def column(self, column: MappedColumn) -> str:
        parts = [f"column = {_quoted(column.heading)}"]
        if column.words:
            pairs = ", ".join(f"{_key(word)} = {_value(value)}" for word, value in sorted(column.words.items()))
            parts.append(f"words = {{ {pairs} }}")
        if none := column.none - self.none - self.not_done:
            parts.append(f"none = {_texts(none)}")
        if not self.same_order and column.order is not None:
            parts.append(f"dates = {_quoted(column.order.value)}")
        whole = f"{{ {', '.join(parts)} }}" if len(parts) > 1 else _quoted(column.heading)
        return f"{_key(column.field.name)} = {whole}"


def _columns_of(mapping: CaseMapping) -> Iterator[MappedColumn]:
    yield from mapping.columns
    yield from (column for lookup in mapping.lookups for column in lookup.columns)
    yield from (column for rows in mapping.rows for column in rows.columns)


def _steps(reached: MappedRows | MappedLookup) -> Iterator[str]:
    step: Step
    for step in reached.steps:
        yield f"sheet = {_quoted(step.sheet)}"
        yield f"of = {_quoted(step.of)}"
        yield f"to = {_quoted(step.to)}"


def _value(value: Value) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else _quoted(str(value))


def _texts(words: Iterable[str]) -> str:
    return f"[{', '.join(map(_quoted, sorted(words)))}]"


def _key(name: str) -> str:
    return name if _PLAIN_KEY.fullmatch(name) else _quoted(name)


def _remark(text: str) -> Iterator[str]:
    """A remark in lines that can be read on a screen."""
    for line in textwrap.wrap(visible(text, 4_000), _WIDTH, break_long_words=False, break_on_hyphens=False):
        yield f"#   {line}"


def _quoted(text: str) -> str:
    """The text as TOML has it, with all that cannot be seen written as its number."""
    escaped = re.sub(r'["\\]', r"\\\g<0>", text)
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'
