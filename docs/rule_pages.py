"""The pages on a rulebook: an index, what covers each sentence of its letter, and a page for each criterion."""

from __future__ import annotations

import re
import textwrap
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from pathlib import Path

from casescreen import load_rulebook
from casescreen.conditions.description import parameter_in_words
from casescreen.model.outcome import Basis
from casescreen.model.rulebook import Criterion, Parameter, Rulebook, Source, Status
from casescreen.report.formats.markdown import inert, to_markdown
from casescreen.report.rulebook_guide import (
    among_in_words,
    criterion_blocks,
    example_blocks,
    fields_of,
    limits_in_words,
)
from casescreen.report.wording import bands_in_words, unverified_in_words

ROOT = Path(__file__).resolve().parent.parent
RULEBOOK = "sqs-2016"
LETTER = "letter-somerset-2016"
FOLDER = "docs/rules"
WIDTH = 120
DECIDED = {Basis.EVIDENCE: "recorded facts", Basis.JUDGEMENT: "a reader"}
STATUS = {
    Status.STATUTORY: "a law says so",
    Status.NATIONAL: "a national standard says so",
    Status.LOCAL: "some services have it as their own rule",
    Status.OURS: "this rulebook's own choice",
    Status.UNVERIFIED: "no source was found that says so, or that it was in force: check before you rely on it",
}
MADE = f"Made by `python docs/generate.py` from `rules/{RULEBOOK}`."


@cache
def rulebook() -> Rulebook:
    """The rulebook, read once."""
    return load_rulebook(ROOT / "rules" / RULEBOOK)


@cache
def sentences() -> tuple[dict[str, object], ...]:
    """What the letter says, by paragraph and number, with what covers it."""
    text = (ROOT / FOLDER / f"{LETTER}.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["sentence"])


def rule_pages() -> dict[str, str]:
    """Every page on the rules, by its name."""
    pages = {"README": index_page(), "letter": letter_page()}
    pages |= {criterion.id: criterion_page(criterion) for criterion in rulebook().criteria}
    return {f"{FOLDER}/{name}.md": text for name, text in pages.items()}


def index_page() -> str:
    """Themes and criteria, the numbers that the rules use, and the bands."""
    book = rulebook()
    parts = [
        f"# {book.title}: the rules",
        MADE,
        inert(book.about),
        f"What each sentence of the letter comes to: [the letter, sentence by sentence]({letter_link('')}).",
        "## Criteria",
        "A criterion is one question. Recorded facts decide it, or a reader does, and facts challenge the reader.",
    ]
    for theme in book.themes:
        parts.append(f"### {theme.title}")
        members = (one for one in book.criteria if one.theme == theme.id)
        parts.append(table(("Criterion", "Question", "Decided by", "Severity", "Source"), map(row, members)))
    return page([*parts, *numbers(book), *bands(book)])


def row(criterion: Criterion) -> tuple[str, ...]:
    """A row for a criterion."""
    decided, severity = DECIDED[criterion.basis], criterion.severity.value
    return (
        link(criterion),
        inert(criterion.question),
        decided,
        severity,
        source_link(criterion.source, short=True),
    )


def numbers(book: Rulebook) -> Iterator[str]:
    """Every parameter with whose it is."""
    parameters = book.parameters.values()
    used = {parameter.status for parameter in parameters}
    yield "## Time limits and other numbers"
    yield "\n".join(f"- {marked(status)}: {STATUS[status]}." for status in Status if status in used)
    yield inert(unverified_in_words(parameters))
    yield table(("Number", "Value", "Whose", "Source"), map(number, parameters))


def number(parameter: Parameter) -> tuple[str, ...]:
    """A row for a parameter."""
    source = ". ".join(filter(None, (str(parameter.source), parameter.source.note)))
    return (
        inert(parameter.label),
        inert(parameter_in_words(parameter)),
        marked(parameter.status),
        inert(source),
    )


def bands(book: Rulebook) -> Iterator[str]:
    """The bands, their limits, and the criteria that have others."""
    yield "## Bands"
    yield inert(bands_in_words(book))
    for name, limits in book.bands.sets.items():
        links = (f"- {link(one)}" for one in book.criteria if one.bands == name)
        yield "\n".join((f"The limits of {limits.label} hold for:\n", *links))


def letter_page() -> str:
    """The sentences of the letter by paragraph, and then the criteria that have another source."""
    document = rulebook().documents[LETTER]
    covered = sum("nothing" not in one for one in sentences())
    parts = [
        "# The letter, sentence by sentence",
        MADE,
        f"What {inert(document.title)} says of the work, in words of ours, and what covers it. {inert(document.note)}",
        f"Criteria cover {covered} of {len(sentences())} sentences. Of the others each says why no case record can.",
        "[All criteria](README.md)",
    ]
    for paragraph, members in groupby(sentences(), key=lambda one: str(one["paragraph"])):
        parts += [f"## {heading(paragraph)}", "\n".join(line for one in members for line in sentence(one))]
    others = [one for one in rulebook().criteria if one.source.document.id != LETTER]
    if others:
        parts += ["## Criteria that have another source", "The letter does not say these, and other documents do."]
        parts.append("\n".join(f"- {link(one)}: {source_link(one.source)}" for one in others))
    return page(parts)


def sentence(one: dict[str, object]) -> Iterator[str]:
    """What a sentence says, and below it what covers it, or why nothing can."""
    yield f"{one['number']}. {inert(str(one['gist']))}"
    if "nothing" in one:
        yield f"   - **Nothing can cover it**: {inert(str(one['nothing']))}."
    yield from (f"   - {link(rulebook().criterion[name])}" for name in listed(one, "criteria"))
    for name in listed(one, "conclusions"):
        rule = rulebook().conclusion[name]
        yield f"   - Conclusion ({rule.kind.value}): {inert(rule.says)}"
    if "note" in one:
        yield f"   - {inert(str(one['note']))}"


def listed(one: dict[str, object], key: str) -> list[str]:
    """The names in a list that may not be there."""
    names = one.get(key, [])
    assert isinstance(names, list)
    return names


def criterion_page(criterion: Criterion) -> str:
    """All that there is to say of one criterion."""
    blocks = [*criterion_blocks(rulebook(), criterion)]
    examples = [*example_blocks(rulebook(), criterion)]
    parts = [
        f"# {inert(criterion.title)}",
        "[All criteria](README.md) · [The letter, sentence by sentence](letter.md)",
        f"**{inert(criterion.question)}**",
        "\n".join(f"- {line}" for line in about(criterion)),
        *([inert(criterion.help)] if criterion.help else []),
        to_markdown(blocks).strip().replace(f"| {Status.UNVERIFIED.value} |", f"| {marked(Status.UNVERIFIED)} |"),
        *kept(criterion),
        to_markdown(examples).strip(),
        MADE,
    ]
    return page(filter(None, parts))


def about(criterion: Criterion) -> Iterator[str]:
    """What it is, in a line each."""
    theme = next(theme.title for theme in rulebook().themes if theme.id == criterion.theme)
    owner = rulebook().dictionary.fields.get(criterion.owner)
    yield f"Theme: [{theme}](README.md#{anchor(theme)})"
    yield f"Decided by: {DECIDED[criterion.basis]}"
    yield f"Severity where it is not met: {criterion.severity.value}"
    if criterion.among:
        yield f"Counted among: {inert(among_in_words(rulebook(), criterion))}"
    if owner is not None:
        yield f"Who acts on it: {inert(owner.label)} (`{owner.name}`)"
    if criterion.bands:
        yield f"Bands: {inert(limits_in_words(rulebook(), criterion))}"
    yield f"Source: {source_link(criterion.source)}"
    file = f"rules/{RULEBOOK}/{criterion.theme}/{criterion.id}.toml"
    yield f"[The rule itself](../../{file})"


def kept(criterion: Criterion) -> Iterator[str]:
    """Where each fact that it reads is kept, as the dictionary says."""
    yield "## Where the facts are kept"
    if criterion.basis is Basis.JUDGEMENT:
        yield "A reader's answer stands in the case file, under [`[[answers]]`](../case-files.md)."
    rows = []
    for field in fields_of(rulebook(), criterion):
        label = f"{rulebook().dictionary.tables[field.table].label}: {field.label}" if field.table else field.label
        rows.append((inert(label), f"`{field.full_name}`", where_kept(field.meaning)))
    if rows:
        yield table(("Fact", "Name in a case file", "Where it is kept"), rows)


def where_kept(meaning: str) -> str:
    """The last sentence of a meaning that begins with "Kept", without that word."""
    found = re.findall(r"(?<!\S)Kept (.+?\.)(?=\s|$)", meaning)
    words = inert(found[-1][:1].upper() + found[-1][1:]) if found else "Not said."
    return words.replace("unverified", "**unverified**")


def link(criterion: Criterion) -> str:
    """A link to the page of a criterion, by its title."""
    return f"[{inert(criterion.title)}]({criterion.id}.md)"


def source_link(source: Source, *, short: bool = False) -> str:
    """A source, with a link to its paragraph where it is the letter."""
    if source.document.id != LETTER:
        said = source.document.title
    elif source.paragraph:
        where = f"paragraph {source.paragraph}" if source.paragraph[0].isdigit() else source.paragraph
        said = f"[{where}]({letter_link(source.paragraph)})"
        said += "" if short else f" of {inert(source.document.title)}"
        return said if short or not source.note else f"{said}. {inert(source.note)}"
    else:
        said = str(source)
    return inert(said if short or not source.note else f"{said}. {source.note}")


def letter_link(paragraph: str) -> str:
    """Where a paragraph of the letter stands, or the page where there is no such paragraph."""
    known = {str(one["paragraph"]) for one in sentences()}
    return f"letter.md#{anchor(heading(paragraph))}" if paragraph in known else "letter.md"


def heading(paragraph: str) -> str:
    """What a paragraph of the letter is called."""
    return f"Paragraph {paragraph}" if paragraph[0].isdigit() else paragraph.capitalize()


def anchor(title: str) -> str:
    """The name that a heading has in a link."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def marked(status: Status) -> str:
    """A status, in bold where nobody could verify the number."""
    return f"**{status.value}**" if status is Status.UNVERIFIED else status.value


def table(titles: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Rows that are Markdown already, under titles."""
    head = tuple(titles)
    lines = (head, ("---",) * len(head), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def page(parts: Iterable[str]) -> str:
    """The parts with an empty line between them, in lines that are narrow enough to read, but for rows of tables."""
    return "\n".join(wrapped(line) for line in "\n\n".join(parts).splitlines()) + "\n"


def wrapped(line: str) -> str:
    """A line of a paragraph or a list in several; what begins one of them is nothing that begins a list."""
    if line.startswith(("|", "#")):
        return line
    indent = re.match(r" *(?:[-*] |\d+\. )?", line)
    assert indent is not None
    hanging = " " * len(indent[0])
    return textwrap.fill(line, WIDTH, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False)
