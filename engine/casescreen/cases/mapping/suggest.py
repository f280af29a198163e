"""A first draft of a mapping, made from the headings and words of somebody's tables."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from attrs import frozen

from casescreen.cases.tables.cells import Cell, DateOrder, is_blank, order_of, text_in, value_in
from casescreen.cases.tables.sheet import HeadedSheet, Sheet, with_headings
from casescreen.model.case import ID
from casescreen.model.dictionary import Dictionary, Field, Kind
from casescreen.model.problem import Fault
from casescreen.text import folded, in_words, visible

_ALIKE = 0.72
_MOST_ROWS = 2_000
_MOST_WORDS = 30
_WIDTH = 96
_FILLERS = frozenset({"a", "an", "date", "is", "of", "on", "the"})
_ID_WORDS = {"case id", "case.id", "case ref", "case reference", "case number", "case no", "id", "reference"}
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]+")


def suggest_mapping(sheets: Sequence[Sheet], dictionary: Dictionary, called: str) -> str:
    """A mapping of the sheets as TOML, with notes of what was guessed and of what could not be placed.

    Only headings are compared, and for fields of yes and no and of a choice the words that stand in their columns.
    Nothing that was guessed is to be trusted: each guess has a note beside it.

    Args:
        sheets: the sheets as they were read.
        dictionary: what a case may say.
        called: the file's name, for the title.
    """
    headed = [part for sheet in sheets if sheet.is_filled and (part := with_headings(sheet)) is not None]
    if not headed:
        return f"# There is nothing in {visible(called)} that could be mapped.\n"
    return "\n".join(_draft(headed, dictionary, called)) + "\n"


@frozen(eq=False)
class _Guess:
    """A field and the heading that it was taken to have."""

    field: Field
    heading: str
    sure: bool


def _draft(sheets: Sequence[HeadedSheet], dictionary: Dictionary, called: str) -> Iterator[str]:
    fields = {name: field for name, field in dictionary.fields.items() if name != ID}
    cases = max(sheets, key=lambda sheet: _likeness_to_cases(sheet, fields))
    case_id = _id_heading(cases)
    others = [sheet for sheet in sheets if sheet is not cases]
    tables = {name: sheet for sheet in others if (name := _table_for(sheet, dictionary))}
    yield "# A draft. Look at every line: headings were compared by their words only."
    yield "# Lines that begin with # are not read."
    yield f"# Try it: casescreen check {visible(called)} --mapping THIS-FILE"
    yield ""
    yield f"title = {_quoted(f'Mapping of {visible(called)}')}"
    yield '# Say how days in figures are read, unless every column makes it plain: dates = "day-first" or "month-first"'
    yield from _dates(sheets)
    if tables:
        yield "# Name here the tables of which every row is listed, so that a case without rows is known to have none:"
        yield f"# complete = [{', '.join(map(_quoted, tables))}]"
    yield ""
    yield "[cases]"
    yield f"sheet = {_quoted(cases.sheet.called)}"
    yield f"id    = {_quoted(case_id)}"
    yield ""
    yield "[fields]"
    yield from _columns(cases, fields, case_id)
    for name, sheet in tables.items():
        link = _id_heading(sheet)
        yield ""
        yield f"# {dictionary.tables[name].meaning}"
        yield f"[[tables.{name}]]"
        yield f"sheet = {_quoted(sheet.sheet.called)}"
        yield f"of    = {_quoted(case_id)}"
        yield f"to    = {_quoted(link)}"
        yield f"[tables.{name}.columns]"
        yield from _columns(sheet, dictionary.tables[name].columns, link)
    if unplaced := [sheet.sheet.called for sheet in others if sheet not in tables.values()]:
        yield ""
        yield from _remark("Sheets that were not placed:", map(in_words, unplaced))


def _dates(sheets: Iterable[HeadedSheet]) -> Iterator[str]:
    """A line that says how days are read, where some column makes it plain and none speaks against it."""
    orders = set()
    for sheet in sheets:
        for heading in sheet.columns:
            texts = [cell for cell in _cells(sheet, heading) if isinstance(cell, str)]
            if days := [text for text in texts if re.match(r"\d{1,2}[/.-]\d", text)]:
                orders.add(order_of(days, beside_dates=False))
    plain = orders & {DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST}
    if len(plain) == 1 and DateOrder.MIXED not in orders:
        yield f'dates = "{plain.pop().value}"  # as the columns that make it plain have it'


def _columns(sheet: HeadedSheet, fields: Mapping[str, Field], link: str) -> Iterator[str]:
    guesses = _guesses(sheet, fields, link)
    for guess in guesses:
        yield from _column(sheet, guess)
    placed = {guess.heading for guess in guesses} | {link}
    if unplaced := [heading for heading in sheet.columns if heading not in placed]:
        yield from _remark("Headings that were not placed:", map(in_words, unplaced))
    if unset := [name for name in fields if name not in {guess.field.name for guess in guesses}]:
        yield from _remark("Fields without a column:", unset)


def _column(sheet: HeadedSheet, guess: _Guess) -> Iterator[str]:
    field = guess.field
    name = field.name if _PLAIN_KEY.fullmatch(field.name) else _quoted(field.name)
    note = "" if guess.sure else "  # guessed: is it this one?"
    if field.kind not in {Kind.CHOICE, Kind.YES_NO}:
        yield f"{name} = {_quoted(guess.heading)}{note}"
        return
    often = Counter(word for cell in _cells(sheet, guess.heading) if isinstance(word := text_in(cell), str))
    unread = [word for word in sorted(often, key=lambda word: (-often[word], word)) if not _is_read(word, field)]
    words = unread[:_MOST_WORDS]
    # A word can be a choice but for its spelling, as REFERRAL_ORDER is one.
    choices = {_words(choice): choice for choice in reversed(field.allowed)}
    meant = {word: choices[_words(word)] for word in words if _words(word) in choices}
    pairs = ", ".join(f"{_quoted(word)} = {_quoted(choice)}" for word, choice in meant.items())
    mapped = f", words = {{ {pairs} }}" if pairs else ""
    yield f"{name} = {{ column = {_quoted(guess.heading)}{mapped} }}{note}"
    if unknown := [_quoted(word) for word in words if word not in meant]:
        more = ["and more"] if len(unread) > _MOST_WORDS else []
        yield from _remark("Words that were not placed:", [*unknown, *more])
        yield from _remark("They can mean:", [", ".join(field.allowed) or "true, false"])


def _is_read(word: str, field: Field) -> bool:
    """Whether the word is read without being told what it means."""
    value = value_in(word, field, DateOrder.UNCLEAR)
    return isinstance(value, bool) or value in field.allowed


def _guesses(sheet: HeadedSheet, fields: Mapping[str, Field], link: str) -> list[_Guess]:
    """The headings for the fields: the likeliest pairs first, each heading and each field once."""
    pairs = sorted(
        (-likeness, heading, name)
        for heading in sheet.columns
        for name, field in fields.items()
        if heading != link and (likeness := _likeness(heading, field)) >= _ALIKE and _fits(sheet, heading, field)
    )
    guesses: dict[str, _Guess] = {}
    taken: set[str] = set()
    for unlikeness, heading, name in pairs:
        if name not in guesses and heading not in taken:
            guesses[name] = _Guess(fields[name], heading, unlikeness == -1.0)
            taken.add(heading)
    return [guesses[name] for name in fields if name in guesses]


def _likeness(heading: str, field: Field) -> float:
    """How alike a heading and the names of a field are: 1 if they are the same words, else less."""
    word = _words(heading)
    names = (_words(field.label), _words(field.name), _words(field.name.rpartition(".")[2]))
    if word in names:
        return 1.0
    return 0.99 * max(SequenceMatcher(None, _core(word), _core(name)).ratio() for name in names)


def _fits(sheet: HeadedSheet, heading: str, field: Field) -> bool:
    """Whether a column can hold the field: one of dates or numbers must have some, unless it is blank."""
    if field.kind not in {Kind.DATE, Kind.NUMBER}:
        return True
    cells = _cells(sheet, heading)
    orders = (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST)
    return not cells or any(not isinstance(value_in(c, field, order), Fault) for c in cells for order in orders)


def _likeness_to_cases(sheet: HeadedSheet, fields: Mapping[str, Field]) -> tuple[bool, bool, int]:
    """How much a sheet looks like the one that has a row for each case."""
    heading = _id_heading(sheet)
    named = folded(sheet.sheet.called) in {"cases", "case", "caseload"}
    return named, _differ(sheet, heading), len(_guesses(sheet, fields, heading))


def _table_for(sheet: HeadedSheet, dictionary: Dictionary) -> str:
    """The table that a sheet is likeliest to hold; empty if there is none."""
    word = _words(sheet.sheet.called)
    likeness = {
        name: max(SequenceMatcher(None, word, _words(other)).ratio() for other in (name, table.label))
        for name, table in dictionary.tables.items()
    }
    best = max(likeness, key=likeness.__getitem__, default="")
    return best if best and likeness[best] >= _ALIKE else ""


def _id_heading(sheet: HeadedSheet) -> str:
    """The heading that is likeliest to be the case's id: one that is called so, else the first whose cells differ."""
    called = [heading for heading in sheet.columns if _words(heading) in _ID_WORDS]
    return next(iter([*called, *(heading for heading in sheet.columns if _differ(sheet, heading)), *sheet.columns]))


def _differ(sheet: HeadedSheet, heading: str) -> bool:
    cells = [str(text_in(cell)) for cell in _cells(sheet, heading)]
    return len(cells) == len(set(cells)) > 0


def _cells(sheet: HeadedSheet, heading: str) -> list[Cell]:
    """What stands below a heading, in the first rows."""
    rows = range(sheet.header + 1, len(sheet.sheet.rows))[:_MOST_ROWS]
    return [cell for row in rows if not is_blank(cell := sheet.cell(row, heading))]


def _words(name: str) -> str:
    """A name as its words: CamelCase, dots and underscores taken apart."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return folded(re.sub(r"[^0-9A-Za-z]+", " ", apart))


def _core(words: str) -> str:
    """The words without those that many headings have."""
    return " ".join(word for word in words.split() if word not in _FILLERS) or words


def _remark(head: str, items: Iterable[str]) -> Iterator[str]:
    """A remark in lines that can be read on a screen."""
    for line in textwrap.wrap(f"{head} {', '.join(items)}", _WIDTH, break_long_words=False, break_on_hyphens=False):
        yield f"#   {line}"


def _quoted(text: str) -> str:
    """The text as TOML has it, with all that cannot be seen written as its number."""
    escaped = re.sub(r'["\\]', r"\\\g<0>", text)
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'
