"""A first draft of a mapping, made from the headings and words of somebody's tables."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from attrs import frozen

from casescreen.cases.tables.cells import DateOrder, is_blank, order_of, text_in, value_in
from casescreen.cases.tables.plan import HeadedSheet, is_filled, part_of
from casescreen.cases.tables.sheet import Cell, Sheet
from casescreen.model.case import ID
from casescreen.model.dictionary import Dictionary, Field, Kind, Table
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
    parts = [part for sheet in sheets if is_filled(sheet) and (part := part_of(sheet)) is not None]
    if not parts:
        return f"# There is nothing in {visible(called)} that could be mapped.\n"
    cases = max(parts, key=lambda part: (_is_of_cases(part, dictionary), -parts.index(part)))
    tables = {name: part for part in parts if part is not cases and (name := _table_for(part, dictionary))}
    return "\n".join(_draft(_Draft(dictionary, parts, cases, tables), called)) + "\n"


@frozen(eq=False)
class _Draft:
    """What the sheets were taken for."""

    dictionary: Dictionary
    parts: Sequence[HeadedSheet]
    cases: HeadedSheet
    tables: Mapping[str, HeadedSheet]


@frozen(eq=False)
class _Guess:
    """A field and the heading that it was taken to have."""

    field: Field
    heading: str
    sure: bool


def _draft(draft: _Draft, called: str) -> Iterator[str]:
    yield "# A draft. Look at every line: headings were compared by their words only."
    yield "# Lines that begin with # are not read."
    yield f"# Try it: casescreen check {visible(called)} --mapping THIS-FILE"
    yield ""
    yield f"title = {_quoted(f'Mapping of {visible(called)}')}"
    yield '# Say how days in figures are read, unless every column makes it plain: dates = "day-first" or "month-first"'
    yield from _dates(draft.parts)
    if draft.tables:
        yield "# Name here the tables of which every row is listed, so that a case without rows is known to have none:"
        yield f"# complete = [{', '.join(_quoted(name) for name in draft.tables)}]"
    yield ""
    yield "[cases]"
    yield f"sheet = {_quoted(draft.cases.sheet.called)}"
    yield f"id    = {_quoted(_id_heading(draft.cases))}"
    yield ""
    fields = {name: field for name, field in draft.dictionary.fields.items() if name != ID}
    yield "[fields]"
    yield from _columns(draft.cases, fields, _id_heading(draft.cases))
    for name, part in draft.tables.items():
        yield from _table(draft.dictionary.tables[name], part, draft)
    others = [
        part.sheet.called for part in draft.parts if part is not draft.cases and part not in draft.tables.values()
    ]
    if others:
        yield ""
        yield from _remark("Sheets that were not placed:", map(in_words, others))


def _table(table: Table, part: HeadedSheet, draft: _Draft) -> Iterator[str]:
    link = _id_heading(part)
    yield ""
    yield f"# {table.meaning}"
    yield f"[[tables.{table.name}]]"
    yield f"sheet = {_quoted(part.sheet.called)}"
    yield f"of    = {_quoted(_id_heading(draft.cases))}"
    yield f"to    = {_quoted(link)}"
    yield f"[tables.{table.name}.columns]"
    yield from _columns(part, table.columns, link)


def _columns(part: HeadedSheet, fields: Mapping[str, Field], link: str) -> Iterator[str]:
    guesses = _guesses(part, fields, link)
    for guess in guesses:
        yield from _column(part, guess)
    placed = {guess.heading for guess in guesses} | {link}
    if left := [heading for heading in part.columns if heading not in placed]:
        yield from _remark("Headings that were not placed:", map(in_words, left))
    if unset := [name for name in fields if name not in {guess.field.name for guess in guesses}]:
        yield from _remark("Fields without a column:", unset)


def _guesses(part: HeadedSheet, fields: Mapping[str, Field], link: str) -> list[_Guess]:
    """The headings for the fields: the likeliest pairs first, each heading and each field once."""
    headings = [heading for heading in part.columns if heading != link]
    pairs = sorted(
        (
            (-_likeness(heading, field), heading, name)
            for heading in headings
            for name, field in fields.items()
            if _fits(part, heading, field)
        ),
    )
    found: dict[str, _Guess] = {}
    taken: set[str] = set()
    for unlike, heading, name in pairs:
        if -unlike < _ALIKE:
            break
        if name not in found and heading not in taken:
            found[name] = _Guess(fields[name], heading, unlike == -1.0)
            taken.add(heading)
    return [found[name] for name in fields if name in found]


def _likeness(heading: str, field: Field) -> float:
    """How alike a heading and the names of a field are: 1 if they are the same words, else less."""
    word = _words(heading)
    names = (_words(field.label), _words(field.name), _words(field.name.rpartition(".")[2]))
    if word in names:
        return 1.0
    cores = [(_core(word), _core(name)) for name in names]
    return 0.99 * max(SequenceMatcher(None, one, other).ratio() for one, other in cores)


def _core(words: str) -> str:
    """The words without those that many headings have."""
    kept = [word for word in words.split() if word not in _FILLERS]
    return " ".join(kept) or words


def _fits(part: HeadedSheet, heading: str, field: Field) -> bool:
    """Whether a column can hold the field: one of dates or numbers must have some, unless it is blank."""
    if field.kind not in {Kind.DATE, Kind.NUMBER}:
        return True
    cells = list(_cells(part, part.columns[heading]))
    orders = (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST)
    return not cells or any(not isinstance(value_in(c, field, order), Fault) for c in cells for order in orders)


def _words(name: str) -> str:
    """A name as its words: CamelCase, dots and underscores taken apart."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return folded(re.sub(r"[^0-9A-Za-z]+", " ", apart))


def _column(part: HeadedSheet, guess: _Guess) -> Iterator[str]:
    name = guess.field.name if _PLAIN_KEY.fullmatch(guess.field.name) else _quoted(guess.field.name)
    note = "" if guess.sure else "  # guessed: is it this one?"
    if guess.field.kind not in {Kind.CHOICE, Kind.YES_NO}:
        yield f"{name} = {_quoted(guess.heading)}{note}"
        return
    words, more = _words_in(part, guess)
    meant = {word: found for word in words if (found := _meant(word, guess.field))}
    pairs = ", ".join(f"{_quoted(word)} = {_quoted(found)}" for word, found in meant.items())
    said = f", words = {{ {pairs} }}" if pairs else ""
    yield f"{name} = {{ column = {_quoted(guess.heading)}{said} }}{note}"
    if unknown := [_quoted(word) for word in words if word not in meant]:
        allowed = ", ".join(guess.field.allowed) or "true, false"
        yield from _remark("Words that were not placed:", [*unknown, *(["and more"] if more else [])])
        yield from _remark("They can mean:", [allowed])


def _remark(head: str, items: Iterable[str]) -> Iterator[str]:
    """A remark in lines that can be read on a screen."""
    text = f"{head} {', '.join(items)}"
    for line in textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False):
        yield f"#   {line}"


def _words_in(part: HeadedSheet, guess: _Guess) -> tuple[list[str], bool]:
    """The words in a column that do not stand for themselves, the commonest first, and whether there are more."""
    index = part.columns[guess.heading]
    often = Counter(word for cell in _cells(part, index) if isinstance(word := text_in(cell), str))
    ordered = sorted((word for word in often if not _is_read(word, guess.field)), key=lambda word: (-often[word], word))
    return ordered[:_MOST_WORDS], len(ordered) > _MOST_WORDS


def _is_read(word: str, field: Field) -> bool:
    """Whether the word is read without being told what it means."""
    found = value_in(word, field, DateOrder.UNCLEAR)
    return isinstance(found, bool) or found in field.allowed


def _meant(word: str, field: Field) -> str:
    """The choice that a word is but for its spelling, as REFERRAL_ORDER is one; empty if there is none."""
    return next((choice for choice in field.allowed if _words(choice) == _words(word)), "")


def _cells(part: HeadedSheet, index: int) -> Iterator[Cell]:
    for row in part.sheet.rows[part.header + 1 : part.header + 1 + _MOST_ROWS]:
        if index < len(row) and not is_blank(row[index]):
            yield row[index]


def _dates(parts: Iterable[HeadedSheet]) -> Iterator[str]:
    """A line that says how days are read, where some column makes it plain and none speaks against it."""
    found = set()
    for part in parts:
        for index in part.columns.values():
            texts = [
                cell for cell in _cells(part, index) if isinstance(cell, str) and re.match(r"\d{1,2}[/.-]\d", cell)
            ]
            if texts:
                found.add(order_of(texts, beside_dates=False))
    plain = found & {DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST}
    if len(plain) == 1 and DateOrder.MIXED not in found:
        yield f'dates = "{plain.pop().value}"  # as the columns that make it plain have it'


def _is_of_cases(part: HeadedSheet, dictionary: Dictionary) -> tuple[bool, bool, int]:
    """How much a sheet looks like the one that has a row for each case."""
    heading = _id_heading(part)
    named = folded(part.sheet.called) in {"cases", "case", "caseload"}
    fields = {name: field for name, field in dictionary.fields.items() if name != ID}
    return named, _differ(part, part.columns[heading]), len(_guesses(part, fields, heading))


def _table_for(part: HeadedSheet, dictionary: Dictionary) -> str:
    """The table that a sheet is likeliest to hold; empty if there is none."""
    word = _words(part.sheet.called)
    likeness = {
        name: max(SequenceMatcher(None, word, _words(other)).ratio() for other in (name, table.label))
        for name, table in dictionary.tables.items()
    }
    best = max(likeness, key=lambda name: likeness[name], default="")
    return best if best and likeness[best] >= _ALIKE else ""


def _id_heading(part: HeadedSheet) -> str:
    """The heading that is likeliest to be the case's id: one that is called so, else the first whose cells differ."""
    called = [heading for heading in part.columns if _words(heading) in _ID_WORDS]
    apart = [heading for heading, index in part.columns.items() if _differ(part, index)]
    return next(iter([*called, *apart, *part.columns]))


def _differ(part: HeadedSheet, index: int) -> bool:
    cells = [str(text_in(cell)) for cell in _cells(part, index)]
    return len(cells) == len(set(cells)) > 0


def _quoted(text: str) -> str:
    """The text as TOML has it, with all that cannot be seen written as its number."""
    return f'"{"".join(map(_character, text))}"'


def _character(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08x}"
