"""A rulebook in plain words: its criteria, one of them, its dictionary, its parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from casescreen.conditions.analysis import all_reads
from casescreen.conditions.description import ConditionText, bounds_in_words, quote_label, quoted
from casescreen.model.calendar import Duration
from casescreen.model.condition import (
    All,
    Any,
    Compare,
    Condition,
    Count,
    Covered,
    FromField,
    Literal,
    Not,
    OverRows,
    Quantifier,
    Recorded,
    Within,
    walk,
)
from casescreen.model.dictionary import Dictionary, Field
from casescreen.model.outcome import Basis, ReadersAnswer
from casescreen.model.rulebook import MISSING, CaseFact, Criterion, DerivedField, Due, Parameter, Rulebook
from casescreen.report.blocks import Block, Column, Grid, Heading, Item, Outline, Paragraph
from casescreen.report.formats.plain_text import to_plain
from casescreen.report.wording import (
    TOGETHER,
    bands_in_words,
    conditions_of,
    parameters_grid,
    parameters_of,
    ranges_in_words,
    unverified_in_words,
)
from casescreen.text import full_stop, in_words

_KIND = {
    Basis.EVIDENCE: "evidence: recorded facts decide",
    Basis.JUDGEMENT: "judgement: a reader answers yes, no, or n/a with a reason",
}
_DECIDES = {Basis.EVIDENCE: "What decides", Basis.JUDGEMENT: "What a reader judges"}
_FLAGS = {Basis.EVIDENCE: "Facts that are told beside it", Basis.JUDGEMENT: "Facts that inform or challenge the reader"}
_ASKED = "A reader answers the question. Facts never answer it in their place."
_LATE = "Where a date lies after its last day, it is told by how many days it is late."

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


NEVER_WAIVED = "Waivers: none. A finding of it cannot be accepted."


def rule_text(rulebook: Rulebook, criterion: Criterion, width: int) -> str:
    """One criterion: what it asks, when, what meets it, by when, and where it comes from."""
    theme = next(theme.title for theme in rulebook.themes if theme.id == criterion.theme)
    owner = rulebook.dictionary.fields.get(criterion.owner)
    lines = (
        f"Criterion: {criterion.id}, under {theme}",
        f"Question: {criterion.question}",
        f"Kind: {_KIND[criterion.basis]}",
        f"Severity: {criterion.severity.value}",
        *([f"Among: {among_in_words(rulebook, criterion)}"] if criterion.among else []),
        *([f"Owner: {owner.label} ({owner.name})"] if owner else []),
        *([] if criterion.waivable else [NEVER_WAIVED]),
        *([f"Bands: {limits_in_words(rulebook, criterion)}"] if criterion.bands else []),
        f"Source: {'. '.join(filter(None, (str(criterion.source), criterion.source.note)))}",
    )
    blocks: list[Block] = [Heading(criterion.title, level=1), Outline(tuple(Item(line) for line in lines))]
    if criterion.help:
        blocks.append(Paragraph(criterion.help))
    blocks += criterion_blocks(rulebook, criterion)
    if fields := fields_of(rulebook, criterion):
        names = Grid((Column("Name", whole=True), Column("What it is")), tuple((f.full_name, f.label) for f in fields))
        blocks += [Heading("What it reads"), names]
    return to_plain([*blocks, *example_blocks(rulebook, criterion)], width)


def among_in_words(rulebook: Rulebook, criterion: Criterion) -> str:
    """What its rate is among: "cases where there is a plan"."""
    asked_of = "cases" if criterion.per is None else rulebook.dictionary.tables[criterion.per.table].label
    return f"{asked_of} {criterion.among}"


def limits_in_words(rulebook: Rulebook, criterion: Criterion) -> str:
    """The limits by which its rate falls into a band, where it has others than the usual ones."""
    limits = rulebook.bands.sets[criterion.bands]
    return f"those of {limits.label}: {ranges_in_words(limits.bands)}"


def criterion_blocks(rulebook: Rulebook, criterion: Criterion) -> Iterator[Block]:
    """When a criterion is asked, what decides, by when, what is said, what puts it right, and what its words mean."""
    lines = _Lines(rulebook)
    yield from _asked(rulebook, criterion, lines)
    yield from _decided(criterion, lines)
    yield from _said(criterion, lines)
    read = {field for _, field in _reads(rulebook, criterion)}
    derived = [one for one in rulebook.derived if one.field in read]
    days = tuple(map(lines.of_derived, derived))
    meanings = (*lines.of_facts(), *days)
    if meanings:
        yield Heading("What these words mean")
        yield Outline(meanings)
    if used := parameters_of(criterion, rulebook):
        yield Heading("Time limits and other numbers")
        yield from _parameters(used)


def fields_of(rulebook: Rulebook, criterion: Criterion) -> tuple[Field, ...]:
    """The fields of a record that a criterion reads, or that what it reads is worked out from, in their usual order.

    Of a table of which rows are only counted it is the column that names them.
    """
    reads, tables = _reads(rulebook, criterion), rulebook.dictionary.tables
    read = {field for _, field in reads}
    counted = {table for table, _ in reads} - {field.table for field in read if field is not None}
    read |= {tables[name].columns[tables[name].named_by] for name in counted if name}
    columns = (column for table in tables.values() for column in table.columns.values())
    return tuple(one for one in (*rulebook.dictionary.fields.values(), *columns) if one in read)


def example_blocks(rulebook: Rulebook, criterion: Criterion) -> Iterator[Block]:
    """What a criterion comes to for small records; nothing where it has no examples."""
    if not criterion.examples:
        return
    yield Heading("Examples")
    days = list(dict.fromkeys(example.as_of for example in criterion.examples))
    if len(days) == 1:
        yield Paragraph(f"All are as at {in_words(days[0])}. What is not named is not recorded.")
    yield _examples(criterion, rulebook.dictionary, with_days=len(days) > 1)


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
    blocks: list[Block] = [Heading("Parameters", level=1), *_parameters(rulebook.parameters.values())]
    blocks += [Heading("Bands"), Paragraph(bands_in_words(rulebook))]
    return to_plain(blocks, width)


def _parameters(parameters: Iterable[Parameter]) -> Iterator[Block]:
    numbers = tuple(parameters)
    yield parameters_grid(numbers)
    if unverified := unverified_in_words(numbers):
        yield Paragraph(unverified)
    notes = tuple(Item(f"{number.label}: {number.source.note}") for number in numbers if number.source.note)
    if notes:
        yield Outline(notes)


def _reads(rulebook: Rulebook, criterion: Criterion) -> frozenset[tuple[str, Field | None]]:
    conditions = conditions_of(criterion)
    reads = (all_reads(one, rulebook.parameters, rulebook.derived) for one in conditions)
    rows = frozenset() if criterion.per is None else frozenset({(criterion.per.table, None)})
    return rows.union(*reads)


def _asked(rulebook: Rulebook, criterion: Criterion, lines: _Lines) -> Iterator[Block]:
    if criterion.per is not None:
        table = rulebook.dictionary.tables[criterion.per.table]
        yield Heading("What it is asked of")
        every = f"Each {table.one} of the case{'' if criterion.per.where is None else ' for which:'}"
        where = () if criterion.per.where is None else (lines.of(criterion.per.where),)
        yield Outline((Item(every, where),))
    yield Heading("When it is asked")
    yield Outline((Item("Always.") if criterion.applies is None else lines.of(criterion.applies),))
    if criterion.not_asked:
        yield Heading("When it is not asked")
        yield Outline(tuple(lines.when(one.says, one.when) for one in criterion.not_asked))


def _decided(criterion: Criterion, lines: _Lines) -> Iterator[Block]:
    yield Heading(_DECIDES[criterion.basis])
    if criterion.met is None:
        yield Paragraph(_ASKED)
    else:
        yield Outline((lines.of(criterion.met),))
        if any(isinstance(one, Within) for one in walk(criterion.met)):
            yield Paragraph(_LATE)
    if criterion.flags:
        yield Heading(_FLAGS[criterion.basis])
        yield Outline(tuple(lines.when(flag.says, flag.when) for flag in criterion.flags))
    if criterion.due is not None:
        yield Heading("By when")
        yield Paragraph(f"{full_stop(lines.limit(criterion.due))} Until then it is not yet due.")


def _said(criterion: Criterion, lines: _Lines) -> Iterator[Block]:
    if criterion.shortfall:
        yield Heading("What is said where it is not met")
        others = tuple(Item(f"“{_shortfall(one.says)}”, where", (lines.of(one.when),)) for one in criterion.shortfalls)
        yield Outline((*others, Item(f"“{_shortfall(criterion.shortfall)}”{', otherwise' if others else ''}")))
    yield Heading("What puts it right")
    yield Paragraph(criterion.remedy)


def _shortfall(says: str) -> str:
    return says.replace(MISSING, "[those that are missing]")


class _Lines:
    """Puts conditions into lines of an outline, and those that are facts of the rulebook as what the fact says."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._words = ConditionText(rulebook)
        self._tables = rulebook.dictionary.tables
        self._facts = {fact.when: fact for fact in reversed(rulebook.facts)}
        self._named: dict[CaseFact, None] = {}

    def of(self, condition: Condition) -> Item:
        """The condition, and below it what it is made of."""
        fact = self._facts.get(condition)
        if fact is None:
            return self._spelled_out(condition)
        self._named[fact] = None
        return Item(fact.says)

    def when(self, says: str, condition: Condition) -> Item:
        """What is said, and below it when that is so, unless that says the same."""
        item = self.of(condition)
        return item if item.text == says else Item(f"{says}, when", (item,))

    def of_facts(self) -> tuple[Item, ...]:
        """What the facts mean that were named so far, and those that are named in that."""
        items: dict[CaseFact, Item] = {}
        while untold := [fact for fact in self._named if fact not in items]:
            items |= {fact: Item(f"{fact.says}, when", (self._spelled_out(fact.when),)) for fact in untold}
        return tuple(items.values())

    def of_derived(self, derived: DerivedField) -> Item:
        """What a derived field means, and its sources, the first of which whose condition is true gives it."""
        items: list[Item] = []
        for source in derived.sources:
            given = quoted(source.value) if source.field is None else quote_label(source.field)
            if source.plus is not None:
                given = f"the last day within {self._words.operand(source.plus)} of {given}"
            given = f"else {given}" if items else given
            items.append(Item(given) if source.when is None else Item(f"{given}, where", (self.of(source.when),)))
        return Item(f"{derived.field.label}: {derived.field.meaning}", tuple(items))

    def limit(self, due: Due) -> str:
        """By when, as a phrase."""
        day = self._words.operand(FromField(due.of))
        if isinstance(due.within, Literal) and isinstance(due.within.value, Duration) and not due.within.value.count:
            return f"by {day}"
        return f"within {self._words.operand(due.within)} of {day}"

    def _spelled_out(self, condition: Condition) -> Item:
        match condition:
            case All() | Any():
                first, *others = self._parts(condition)
                return Item(f"{TOGETHER[type(condition)]}:", (first, *others)) if others else first
            case Not(part):
                return self._denied(part)
            case OverRows(Quantifier.EVERY, table, where, satisfies):
                return self._for_every(table, where, self.of(satisfies))
            case OverRows(_, table, where, satisfies):
                tested = satisfies if where is None else All((where, satisfies))
                return _headed(f"for at least one {self._tables[table].one}", self.of(tested))
            case Covered(table, where, field, by):
                found = f"{quote_label(field)} is found among the {self._tables[by.table].label}"
                return self._for_every(table, where, Item(found))
            case Count(table, where):
                return self._number(condition, table, None if where is None else self.of(where))
            case _:
                return Item(self._words.condition(condition))

    def _parts(self, condition: All | Any) -> Iterator[Item]:
        """The parts; those of the same sort in it as its own, and what is asked of one field in one line."""
        parts = list(self._level(condition))
        while parts:
            part = parts.pop(0)
            beside = parts[0] if parts and self._are_of_one_field(part, parts[0], type(condition)) else None
            if beside is None:
                yield self.of(part)
                continue
            joined = "recorded, and " if isinstance(condition, All) else "not recorded, or "
            label, _, test = self._words.condition(parts.pop(0)).partition(": ")
            yield Item(f"{label}: {joined}{test}")

    def _level(self, condition: All | Any) -> Iterator[Condition]:
        for part in condition.parts:
            if isinstance(part, All | Any) and type(part) is type(condition) and part not in self._facts:
                yield from self._level(part)
            else:
                yield part

    def _are_of_one_field(self, first: Condition, second: Condition, together: type[All | Any]) -> bool:
        """Whether the first asks if the field of the second is recorded, or is not, and neither is a fact."""
        return (
            isinstance(first, Recorded)
            and isinstance(second, Compare | Within)
            and first.field == second.field
            and first.expected is (together is All)
            and not self._facts.keys() & {first, second}
        )

    def _denied(self, part: Condition) -> Item:
        denied = self.of(part)
        if part in self._facts:
            return Item(f"it is not so that {denied.text}")
        if isinstance(part, All | Any) and denied.text == f"{TOGETHER[type(part)]}:":
            return Item("not all of these:" if isinstance(part, All) else "none of these:", denied.parts)
        return Item(f"{TOGETHER[Not]}:", (denied,))

    def _number(self, condition: Count, table: str, chosen: Item | None) -> Item:
        match condition.at_least, condition.at_most:
            case None, 0:
                number = f"there is no {self._tables[table].one}"
            case 1, None:
                number = f"there is at least one {self._tables[table].one}"
            case _:
                number = f"number of {self._tables[table].label} ({bounds_in_words(condition)})"
        return Item(number) if chosen is None else _headed(number, chosen, " where")

    def _for_every(self, table: str, where: Condition | None, then: Item) -> Item:
        head = f"for every {self._tables[table].one}"
        if where is None:
            return _headed(head, then)
        chosen = self.of(where)
        if chosen.parts:
            return Item(f"{head}:", (_headed("if", chosen, ""), _headed("then", then, "")))
        return _headed(f"{head} where {chosen.text}", then)


def _headed(head: str, item: Item, by: str = ",") -> Item:
    """One line of two, over the parts of the second."""
    return Item(f"{head}{by} {item.text}", item.parts)


def _examples(criterion: Criterion, dictionary: Dictionary, *, with_days: bool) -> Grid:
    """Columns that would be empty in every row are left out."""
    flags = {flag.id: flag.says for flag in criterion.flags}
    titles = ("Given", "Reader", "As at", "Outcome", "Told beside it", "Note")
    rows = [
        (
            "; ".join(_given(example.given, dictionary)) or "nothing",
            ""
            if example.answer is ReadersAnswer.NONE
            else ": ".join(filter(None, (example.answer.value, example.reason))),
            in_words(example.as_of) if with_days else "",
            example.outcome.value,
            "; ".join(flags[flag] for flag in example.flags or ()),
            example.note,
        )
        for example in criterion.examples
    ]
    shown = [number for number in range(len(titles)) if any(row[number] for row in rows)]
    columns = (Column(titles[number], whole=titles[number] in ("As at", "Outcome")) for number in shown)
    return Grid(tuple(columns), tuple(tuple(row[number] for number in shown) for row in rows))


def _given(given: Mapping[str, object], dictionary: Dictionary) -> Iterator[str]:
    for name, value in given.items():
        if name in dictionary.tables and isinstance(value, list | tuple):
            table = dictionary.tables[name]
            labels = {key: column.label for key, column in table.columns.items()}
            rows = [f"({', '.join(_labelled(row, labels))})" for row in value]
            yield f"{table.label} {', '.join(rows)}" if rows else f"{table.label}: none"
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
        compared = " A characteristic, by which groups of cases can be compared." if field.characteristic else ""
        rows.append((name, allowed, f"{field.label}. {field.meaning}{compared}"))
    return Grid(columns, tuple(rows))


def _derived(rulebook: Rulebook) -> Grid:
    words, columns = ConditionText(rulebook), (Column("Name", whole=True), Column("Comes from"), Column("Meaning"))
    each = ((one.field, f"{words.sources(one)}.") for one in rulebook.derived)
    return Grid(columns, tuple((of.full_name, said, f"{of.label}. {of.meaning}") for of, said in each))
