"""The columns of somebody's tables as the page shows them: what each is read for, and what it could be read for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from casescreen.cases.mapping.heading_match import NOTHING_LIKE_IT
from casescreen.cases.mapping.headings import Target
from casescreen.cases.mapping.model import Choices, OfferedSheet, SuggestedField, Suggestion
from casescreen.cases.mapping.suggest import ORDER_ASKED
from casescreen.cases.mapping.suggestion_text import how_read
from casescreen.cases.tables.cells import DateOrder
from casescreen.cases.tables.sheet import Sheet
from casescreen.model.case import ID
from casescreen.model.problem import untyped
from casescreen.model.rulebook import Rulebook
from casescreen.page.page_json import JsonObject
from casescreen.text import folded, in_words

_BETWEEN = " > "
_ORDERS = (
    {"value": DateOrder.DAY_FIRST.value, "label": "the day first, as in 31/01/2026"},
    {"value": DateOrder.MONTH_FIRST.value, "label": "the month first, as in 01/31/2026"},
)


def column_id(sheet: str, heading: str) -> str:
    """What the page calls a column: the same each time the same files are read."""
    return f"{folded(sheet)}{_BETWEEN}{heading}"


def choices_of(sheets: Sequence[Sheet], chosen: Mapping[str, str | None], order: DateOrder | None) -> Choices:
    """What was chosen for the columns of the sheets."""
    columns: dict[tuple[str, str], str | None] = {}
    for sheet in {folded(sheet.called) for sheet in sheets}:
        start = column_id(sheet, "")
        columns |= {(sheet, id_.removeprefix(start)): field for id_, field in chosen.items() if id_.startswith(start)}
    return Choices(columns, order)


def columns_of(suggestions: Sequence[Suggestion], rulebook: Rulebook) -> list[JsonObject]:
    """Every column of the sheets that are read by a suggestion, in the order in which they stand."""
    columns: dict[object, JsonObject] = {}
    for suggestion in suggestions:
        for offered in suggestion.offered:
            columns |= {one["id"]: one for one in _of_sheet(suggestion, offered, rulebook)}
    return [*columns.values()]


def _of_sheet(suggestion: Suggestion, offered: OfferedSheet, rulebook: Rulebook) -> Iterator[JsonObject]:
    sheet = offered.matcher.sheet
    called = sheet.sheet.called
    read = {one.heading: one for one in suggestion.fields if one.sheet == called}
    why_not = {one.heading: one.why for one in suggestion.unused if one.sheet == called}
    by_id = {target.id: target for target in offered.targets}
    for heading in sheet.columns:
        target = by_id.get(_target_id(read[heading])) if heading in read else None
        field, label = (ID, rulebook.dictionary.fields[ID].label) if heading == offered.id else ("", "")
        if target is not None:
            field, label = target.id, target.label
        how = how_read(read[heading]) if heading in read else why_not.get(heading, "")
        how = "nothing that casescreen reads is called like it" if how == NOTHING_LIKE_IT else how
        yield {
            "id": column_id(called, heading),
            "sheet": in_words(called),
            "heading": in_words(heading),
            "field": field or None,
            "label": label,
            "how": "it tells which case a row is about" if heading == offered.id else how,
            "sure": heading == offered.id or (heading in read and read[heading].sure),
            "alternatives": _alternatives(offered, heading, target, rulebook),
        }


def _target_id(field: SuggestedField) -> str:
    return Target(field.field, frozenset(), frozenset(), None).id if not field.rows else _row_id(field)


def _row_id(field: SuggestedField) -> str:
    return f"{field.field.full_name} ({', '.join(map(str, field.rows.values()))})"


def _alternatives(offered: OfferedSheet, heading: str, target: Target | None, rulebook: Rulebook) -> list[JsonObject]:
    """All that a column can be set to: what it is read for, then what is likely, then the rest by label."""
    likely = [*([target] if target else []), *offered.matcher.likely(heading, offered.targets)]
    rest = sorted(offered.targets, key=lambda one: one.label.casefold())
    can_be_id = offered.holds_cases
    identity = [{"field": ID, "label": rulebook.dictionary.fields[ID].label, "likely": heading == offered.id}]
    several = dict.fromkeys((*likely, *rest))
    return [
        *(identity if can_be_id else []),
        *({"field": one.id, "label": one.label, "likely": one in likely} for one in several),
    ]


def questions_of(suggestions: Sequence[Suggestion], order: DateOrder | None) -> list[JsonObject]:
    """What somebody has to say before it can be read; or has said of the order of days, and may say otherwise."""
    asked: list[JsonObject] = []
    if order is not None or any(one.asks_order for one in suggestions):
        what = "Do days in figures begin with the day or with the month?"
        asked.append({"id": "date_order", "what": what, "options": [*_ORDERS]})
    every = (untyped(text) for one in suggestions for text in one.asked)
    texts = dict.fromkeys(text for text in every if not text.startswith(ORDER_ASKED))
    asked += [{"id": None, "what": in_words(text), "options": []} for text in texts]
    return asked
