"""A rulebook in plain words: its criteria, one of them, its dictionary, its parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from casescreen.conditions.description import ConditionText, quoted
from casescreen.model.condition import Condition, parts_of
from casescreen.model.dictionary import Dictionary, Field, Table
from casescreen.model.outcome import Basis, ReadersAnswer
from casescreen.model.rulebook import Criterion, Example, Rulebook, Source
from casescreen.report.blocks import Block, Column, Grid, Heading, Item, Outline, Paragraph
from casescreen.report.formats.plain_text import to_plain
from casescreen.report.wording import TOGETHER, bands_in_words, parameters_grid, parameters_of
from casescreen.text import in_words

_KIND = {
    Basis.EVIDENCE: "evidence: recorded facts decide",
    Basis.JUDGEMENT: "judgement: a reader answers yes, no, or n/a with a reason",
}


def rules_list(rulebook: Rulebook, width: int) -> str:
    """Every criterion by theme, one line each."""
    return to_plain(_list(rulebook), width)


def rule_text(rulebook: Rulebook, criterion: Criterion, width: int) -> str:
    """One criterion: what it asks, when, what meets it, by when, and where it comes from."""
    return to_plain(_rule(rulebook, criterion), width)


def dictionary_text(rulebook: Rulebook, width: int) -> str:
    """Every field and table that a case may have, with what may be written there and what it means."""
    return to_plain(_dictionary(rulebook.dictionary), width)


def parameters_text(rulebook: Rulebook, width: int) -> str:
    """Every number that the rules use, and the bands, each with whose it is and where it stands."""
    return to_plain(_parameters(rulebook), width)


def _list(rulebook: Rulebook) -> Iterator[Block]:
    yield Heading(f"{rulebook.title} (version {rulebook.version})", level=1)
    yield Paragraph(rulebook.about)
    others = (Column(title) for title in ("Title", "Kind", "Severity", "Paragraph"))
    columns = (Column("Criterion", whole=True), *others)
    for theme in rulebook.themes:
        members = [criterion for criterion in rulebook.criteria if criterion.theme == theme.id]
        rows = ((c.id, c.title, c.basis.value, c.severity.value, c.source.paragraph) for c in members)
        yield Heading(theme.title)
        yield Grid(columns, tuple(rows))
    yield Paragraph("casescreen rules show CRITERION tells all about one of them.")


def _rule(rulebook: Rulebook, criterion: Criterion) -> Iterator[Block]:
    yield Heading(criterion.title, level=1)
    yield Outline(tuple(Item(line) for line in _about(rulebook, criterion)))
    if criterion.help:
        yield Paragraph(criterion.help)
    yield from _conditions(rulebook, criterion)
    used = parameters_of(criterion, rulebook)
    if used:
        yield Heading("Parameters")
        yield parameters_grid(used)
    if criterion.examples:
        yield Heading("Examples")
        yield _examples(criterion.examples, rulebook.dictionary)


def _about(rulebook: Rulebook, criterion: Criterion) -> Iterator[str]:
    theme = next(theme.title for theme in rulebook.themes if theme.id == criterion.theme)
    yield f"Criterion: {criterion.id}, under {theme}"
    yield f"Question: {criterion.question}"
    yield f"Kind: {_KIND[criterion.basis]}"
    yield f"Severity: {criterion.severity.value}"
    yield f"To put it right: {criterion.remedy}"
    if criterion.owner:
        yield f"Owner: {_label(criterion.owner, rulebook.dictionary)}"
    yield f"Source: {_source(criterion.source)}"


def _conditions(rulebook: Rulebook, criterion: Criterion) -> Iterator[Block]:
    words = ConditionText(rulebook)
    if criterion.per is not None:
        table = rulebook.dictionary.tables[criterion.per.table]
        yield Heading("What it is asked of")
        every = f"Each {table.one} of the case{'' if criterion.per.where is None else ' for which:'}"
        where = () if criterion.per.where is None else (_condition(criterion.per.where, words),)
        yield Outline((Item(every, where),))
    yield Heading("When it applies")
    yield Outline((Item("Always.") if criterion.applies is None else _condition(criterion.applies, words),))
    yield Heading("What meets it")
    yield Outline((Item("A reader's yes.") if criterion.met is None else _condition(criterion.met, words),))
    if criterion.due is not None:
        yield Heading("By when")
        yield Paragraph(f'Within {words.operand(criterion.due.within)} of the date of "{criterion.due.of.label}".')
    if criterion.flags:
        yield Heading("Facts that inform or challenge the reader")
        yield Outline(tuple(Item(f"{flag.says}, when", (_condition(flag.when, words),)) for flag in criterion.flags))


def _condition(condition: Condition, words: ConditionText) -> Item:
    together = TOGETHER.get(type(condition))
    if together is None:
        return Item(words.condition(condition))
    return Item(f"{together}:", tuple(_condition(part, words) for part in parts_of(condition)))


def _source(source: Source) -> str:
    return ". ".join(filter(None, (str(source), source.note)))


def _label(name: str, dictionary: Dictionary) -> str:
    field = dictionary.fields.get(name)
    return f"{field.label} ({name})" if field else name


def _examples(examples: Iterable[Example], dictionary: Dictionary) -> Grid:
    columns = (
        Column("Given"),
        Column("Reader"),
        Column("As at", whole=True),
        Column("Outcome", whole=True),
        Column("Note"),
    )
    rows = (
        (
            "; ".join(_given(example.given, dictionary)),
            "" if example.answer is ReadersAnswer.NONE else example.answer.value,
            in_words(example.as_of),
            example.outcome.value,
            example.note,
        )
        for example in examples
    )
    return Grid(columns, tuple(rows))


def _given(given: Mapping[str, object], dictionary: Dictionary) -> Iterator[str]:
    for name, value in given.items():
        if name in dictionary.tables and isinstance(value, list | tuple):
            yield _rows(dictionary.tables[name], value)
        elif isinstance(value, Mapping):
            for key, inner in value.items():
                yield f"{_plain_label(dictionary.fields.get(f'{name}.{key}'), key)}: {in_words(inner)}"


def _rows(table: Table, rows: Iterable[Mapping[str, object]]) -> str:
    said = [
        ", ".join(f"{_plain_label(table.columns.get(key), key)}: {in_words(value)}" for key, value in row.items())
        for row in rows
    ]
    return f"{table.label}: {' / '.join(said) if said else 'none'}"


def _plain_label(field: Field | None, name: str) -> str:
    return name if field is None else field.label


def _dictionary(dictionary: Dictionary) -> Iterator[Block]:
    yield Heading("What a case may say", level=1)
    yield Paragraph("A line that is left out is not known, and is never counted as a failure.")
    for section in dictionary.sections:
        yield Heading(f"[{section}]")
        names = [name for name in dictionary.fields if name.partition(".")[0] == section]
        yield _fields((name.partition(".")[2], dictionary.fields[name]) for name in names)
    for table in dictionary.tables.values():
        yield Heading(f"[[{table.name}]]")
        yield Paragraph(f"{table.meaning} Each is one {table.one}.")
        yield _fields(table.columns.items())


def _fields(fields: Iterable[tuple[str, Field]]) -> Grid:
    columns = (Column("Name", whole=True), Column("What may be written"), Column("Meaning"))
    return Grid(columns, tuple((name, _writes(field), f"{field.label}. {field.meaning}") for name, field in fields))


def _writes(field: Field) -> str:
    if field.allowed:
        return "; ".join(quoted(word) for word in field.allowed)
    return f"{field.kind.value}, not after the as-of date" if field.past else field.kind.value


def _parameters(rulebook: Rulebook) -> Iterator[Block]:
    yield Heading("Parameters", level=1)
    yield parameters_grid(rulebook.parameters.values())
    notes = [f"{p.label}: {p.source.note}" for p in rulebook.parameters.values() if p.source.note]
    if notes:
        yield Heading("Notes")
        yield Outline(tuple(Item(note) for note in notes))
    yield Heading("Bands")
    yield Paragraph(bands_in_words(rulebook.bands))
