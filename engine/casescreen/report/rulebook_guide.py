"""A rulebook in plain words: its criteria, one of them, its dictionary, its parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from casescreen.conditions.description import ConditionText, quoted
from casescreen.model.condition import Condition, parts_of
from casescreen.model.dictionary import Dictionary, Field
from casescreen.model.outcome import Basis, ReadersAnswer
from casescreen.model.rulebook import Criterion, Example, Rulebook
from casescreen.report.blocks import Block, Column, Grid, Heading, Item, Outline, Paragraph
from casescreen.report.formats.plain_text import to_plain
from casescreen.report.wording import TOGETHER, bands_in_words, parameters_grid, parameters_of
from casescreen.text import in_words

_KIND = {
    Basis.EVIDENCE: "evidence: recorded facts decide",
    Basis.JUDGEMENT: "judgement: a reader answers yes, no, or n/a with a reason",
}

_SHORTFALL_COLUMNS = (Column("Criterion", whole=True), Column("Where it is not met"), Column("Among"))


def rules_list(rulebook: Rulebook, width: int) -> str:
    """Every criterion by theme, one line each."""
    others = (Column(title) for title in ("Title", "Kind", "Severity", "Paragraph"))
    columns = (Column("Criterion", whole=True), *others)
    blocks: list[Block] = [
        Heading(f"{rulebook.title} (version {rulebook.version})", level=1),
        Paragraph(rulebook.about),
    ]
    for theme in rulebook.themes:
        members = [criterion for criterion in rulebook.criteria if criterion.theme == theme.id]
        rows = tuple((c.id, c.title, c.basis.value, c.severity.value, c.source.paragraph) for c in members)
        blocks += [Heading(theme.title), Grid(columns, rows)]
        said = tuple((c.id, c.shortfall, c.among) for c in members if c.shortfall or c.among)
        blocks += [Grid(_SHORTFALL_COLUMNS, said)] if said else []
    if rulebook.is_open is not None:
        says = next(fact.says for fact in rulebook.facts if fact.id == rulebook.open_cases)
        closed = f"Of closed cases no action is concluded: they count in rates only. A case is open where {says}."
        blocks.append(Paragraph(closed))
    blocks.append(Paragraph("casescreen rules show CRITERION tells all about one of them."))
    return to_plain(blocks, width)


def rule_text(rulebook: Rulebook, criterion: Criterion, width: int) -> str:
    """One criterion: what it asks, when, what meets it, by when, and where it comes from."""
    dictionary = rulebook.dictionary
    theme = next(theme.title for theme in rulebook.themes if theme.id == criterion.theme)
    owner = dictionary.fields.get(criterion.owner)
    asked_of = "cases" if criterion.per is None else dictionary.tables[criterion.per.table].label
    lines = (
        f"Criterion: {criterion.id}, under {theme}",
        f"Question: {criterion.question}",
        f"Kind: {_KIND[criterion.basis]}",
        f"Severity: {criterion.severity.value}",
        f"To put it right: {criterion.remedy}",
        *([f"Among: {asked_of} {criterion.among}"] if criterion.among else []),
        *([f"Owner: {owner.label} ({owner.name})"] if owner else []),
        *([f"Bands: those of {rulebook.bands.sets[criterion.bands].label}"] if criterion.bands else []),
        f"Source: {'. '.join(filter(None, (str(criterion.source), criterion.source.note)))}",
    )
    blocks: list[Block] = [Heading(criterion.title, level=1), Outline(tuple(Item(line) for line in lines))]
    if criterion.help:
        blocks.append(Paragraph(criterion.help))
    blocks += _conditions(rulebook, criterion)
    used = parameters_of(criterion, rulebook)
    if used:
        blocks += [Heading("Parameters"), parameters_grid(used)]
    if criterion.examples:
        blocks += [Heading("Examples"), _examples(criterion.examples, dictionary)]
    return to_plain(blocks, width)


def dictionary_text(rulebook: Rulebook, width: int) -> str:
    """Every field and table that a case may have, with what may be written there and what it means."""
    dictionary = rulebook.dictionary
    blocks: list[Block] = [
        Heading("What a case may say", level=1),
        Paragraph("A line that is left out is not known, and is never counted as a failure."),
    ]
    for section in dictionary.sections:
        prefix = f"{section}."
        members = (field for field in dictionary.fields.values() if field.name.startswith(prefix))
        blocks += [Heading(f"[{section}]"), _fields((field.name.removeprefix(prefix), field) for field in members)]
    for table in dictionary.tables.values():
        about = Paragraph(f"{table.meaning} Each is one {table.one}.")
        blocks += [Heading(f"[[{table.name}]]"), about, _fields(table.columns.items())]
    if rulebook.derived:
        about = Paragraph("No record says these: rules read them, and they are worked out for each case and row.")
        blocks += [Heading("What is worked out"), about, _derived(rulebook)]
    return to_plain(blocks, width)


def parameters_text(rulebook: Rulebook, width: int) -> str:
    """Every number that the rules use, and the bands, each with whose it is and where it stands."""
    parameters = rulebook.parameters.values()
    blocks: list[Block] = [Heading("Parameters", level=1), parameters_grid(parameters)]
    notes = [f"{parameter.label}: {parameter.source.note}" for parameter in parameters if parameter.source.note]
    if notes:
        blocks += [Heading("Notes"), Outline(tuple(Item(note) for note in notes))]
    blocks += [Heading("Bands"), Paragraph(bands_in_words(rulebook.bands))]
    return to_plain(blocks, width)


def _conditions(rulebook: Rulebook, criterion: Criterion) -> Iterator[Block]:
    words = ConditionText(rulebook)
    if criterion.per is not None:
        table = rulebook.dictionary.tables[criterion.per.table]
        yield Heading("What it is asked of")
        every = f"Each {table.one} of the case{'' if criterion.per.where is None else ' for which:'}"
        where = () if criterion.per.where is None else (_condition(criterion.per.where, words),)
        yield Outline((Item(every, where),))
    if criterion.not_asked:
        yield Heading("When it is not asked")
        yield Outline(tuple(Item(f"{one.says}, when", (_condition(one.when, words),)) for one in criterion.not_asked))
    yield Heading("When it applies")
    yield Outline((Item("Always.") if criterion.applies is None else _condition(criterion.applies, words),))
    yield Heading("What meets it")
    yield Outline((Item("A reader's yes.") if criterion.met is None else _condition(criterion.met, words),))
    if criterion.shortfall:
        yield Heading("What is said where it is not met")
        others = tuple(Item(f"“{one.says}”, where", (_condition(one.when, words),)) for one in criterion.shortfalls)
        yield Outline((*others, Item(f"“{criterion.shortfall}”{', otherwise' if others else ''}")))
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


def _examples(examples: Iterable[Example], dictionary: Dictionary) -> Grid:
    titles = (("Given", False), ("Reader", False), ("As at", True), ("Outcome", True), ("Note", False))
    rows = []
    for example in examples:
        given = "; ".join(_given(example.given, dictionary))
        reader = "" if example.answer is ReadersAnswer.NONE else example.answer.value
        rows.append((given, reader, in_words(example.as_of), example.outcome.value, example.note))
    return Grid(tuple(Column(title, whole=whole) for title, whole in titles), tuple(rows))


def _given(given: Mapping[str, object], dictionary: Dictionary) -> Iterator[str]:
    for name, value in given.items():
        if name in dictionary.tables and isinstance(value, list | tuple):
            table = dictionary.tables[name]
            labels = {key: column.label for key, column in table.columns.items()}
            rows = [", ".join(_labelled(row, labels)) for row in value]
            yield f"{table.label}: {' / '.join(rows) if rows else 'none'}"
        elif isinstance(value, Mapping):
            fields = {key: dictionary.fields.get(f"{name}.{key}") for key in value}
            yield from _labelled(value, {key: field.label for key, field in fields.items() if field})


def _labelled(values: Mapping[str, object], labels: Mapping[str, str]) -> Iterator[str]:
    return (f"{labels.get(key, key)}: {in_words(value)}" for key, value in values.items())


def _fields(fields: Iterable[tuple[str, Field]]) -> Grid:
    columns = (Column("Name", whole=True), Column("What may be written"), Column("Meaning"))
    rows = []
    for name, field in fields:
        allowed = f"{field.kind.value}, not after the as-of date" if field.past else field.kind.value
        if field.allowed:
            allowed = "; ".join(quoted(word) for word in field.allowed)
        rows.append((name, allowed, f"{field.label}. {field.meaning}"))
    return Grid(columns, tuple(rows))


def _derived(rulebook: Rulebook) -> Grid:
    words, columns = ConditionText(rulebook), (Column("Name", whole=True), Column("Comes from"), Column("Meaning"))
    each = ((one.field, f"{words.sources(one)}.") for one in rulebook.derived)
    return Grid(columns, tuple((of.full_name, said, f"{of.label}. {of.meaning}") for of, said in each))
