"""casescreen new and casescreen template: what a person starts from, made from the dictionary."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator
from pathlib import Path

import click

from casescreen.cli.options import rulebook_named, rules_option, say
from casescreen.conditions.analysis import OPTIONAL_NOTE, most_decisive, optional_fields
from casescreen.files.atomic import write_whole
from casescreen.model.case import ID
from casescreen.model.dictionary import Dictionary, Field, Kind
from casescreen.model.outcome import Basis
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Rulebook
from casescreen.text import listed, visible


@click.command(epilog="\b\nExample:\n  casescreen template cases.xlsx")
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE if it is there already.")
@rules_option
def template_command(target: Path, force: bool, rules: str | None) -> None:
    """Make a workbook FILE.xlsx to fill in: a sheet for the cases and one for each table.

    It has lists to choose from, a note on every cell, and a sheet that explains every field.
    Filled in, casescreen check reads it as it is.
    """
    from casescreen.cases.write.template import template  # noqa: PLC0415 - imported when used: start-up time

    if target.suffix.lower() != ".xlsx":
        raise CasescreenError(
            f'"{visible(str(target))}" is not the name of a workbook.', advice="let the name end in .xlsx."
        )
    rulebook = rulebook_named(rules)
    write_whole(target, template(rulebook), force=force)
    name = visible(str(target))
    say(f"Made {name}. Fill it in, and run: casescreen check {name}")


_CASE, _GUIDE = "case-001.toml", "README.txt"
_WIDTH = 100
_SAMPLES = {Kind.TEXT: '"..."', Kind.YES_NO: "true", Kind.NUMBER: "0", Kind.DATE: "2026-01-31"}


@click.command(epilog="\b\nExamples:\n  casescreen new my-cases\n  casescreen new my-cases --full")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--full", is_flag=True, help="Put every field into the case, and not only those that decide most.")
@rules_option
def command(folder: Path, full: bool, rules: str | None) -> None:
    """Make a folder DIR with a case to fill in, and a note of what to run next."""
    rulebook = rulebook_named(rules)
    for name in (_CASE, _GUIDE):
        if (folder / name).exists():
            raise CasescreenError(f"{visible(str(folder / name))} is there already.", advice="name a new folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CasescreenError(
            f"The folder {visible(str(folder))} could not be made: {error.strerror}.",
            advice="name another one, or ask whoever looks after the folder around it for access.",
        ) from error
    write_whole(folder / _CASE, (starter_case if full else short_case)(rulebook), force=False)
    write_whole(folder / _GUIDE, _guide(folder), force=False)
    click.echo(
        f"Made {visible(str(folder))}, with a case to fill in.\n\n"
        f"  1. Open {visible(str(folder / _CASE))} in any text editor. Take the # off the lines that you can fill in.\n"
        f"  2. Run: casescreen check {visible(str(folder))}\n"
    )


def short_case(rulebook: Rulebook) -> str:
    """A case file with the fields that decide most, a line about each, all but the id still to fill in."""
    fields = rulebook.dictionary.fields
    most = set(most_decisive(rulebook)) or set(fields.values())
    sections = {name.rpartition(".")[0]: None for name, field in fields.items() if name == ID or field in most}
    lines = _head(rulebook)
    tables = [table.label for table in rulebook.dictionary.tables.values()]
    more = f", and the tables: {listed(tables, 'and')}" if tables else ""
    lines += _comment(f"These are the fields that decide most. casescreen new --full shows every field{more}.")
    for section in sections:
        lines += ["", f"[{section}]"]
        of_section = (one for one in fields.values() if one.name.rpartition(".")[0] == section)
        lines += [line for one in of_section if one.name == ID or one in most for line in _about_briefly(one)]
    return "\n".join([*lines, "", *_answers(rulebook)]) + "\n"


def starter_case(rulebook: Rulebook) -> str:
    """A case file with every field of the dictionary explained, all but the id still to fill in."""
    head = _head(rulebook)
    optional = optional_fields(rulebook)
    names = listed((f"{field.name} ({field.label})" for field in most_decisive(rulebook)), "and")
    first = ["##", *_comment(f"Fill these in first: most questions rest on them. {names}.")] if names else []
    fields, tables = _sections(rulebook.dictionary, optional), _tables(rulebook.dictionary, optional)
    return "\n".join([*head, *first, "", *fields, *tables, *_answers(rulebook)]) + "\n"


def _head(rulebook: Rulebook) -> list[str]:
    return _comment(
        f"A case for {rulebook.title}. Lines that begin with # are not read. To record something, take the # off its "
        "line and change the value. A line that you leave out means: not known. That is never counted as a failure. "
        "No names, please: an id of your own is enough."
    )


def _answers(rulebook: Rulebook) -> list[str]:
    about = _comment(
        "ANSWERS: what you, as a reader, answer to a question that facts cannot decide. Repeat for each. "
        "A reason is needed for n/a. source says where you know it from: file, or interview. "
        "casescreen rules list shows the questions."
    )
    judged = (one for one in rulebook.criteria if one.basis is Basis.JUDGEMENT)
    question = f'# criterion = "{next(judged, rulebook.criteria[0]).id}"'
    return [*about, "# [[answers]]", question, '# answer = "yes"', '# reason = "..."', '# source = "file"']


def _sections(dictionary: Dictionary, optional: Collection[Field]) -> Iterator[str]:
    for section in dictionary.sections:
        yield f"[{section}]"
        for field in dictionary.fields.values():
            if field.name.startswith(f"{section}."):
                yield from _about(field, optional=field in optional)
        yield ""


def _tables(dictionary: Dictionary, optional: Collection[Field]) -> Iterator[str]:
    for table in dictionary.tables.values():
        yield from _comment(f"{table.label.upper()}: {table.meaning} Repeat the part below for each {table.one}.")
        yield from _comment(
            f"If it is known that there are none, write this line at the top of the file: {table.name} = []"
        )
        yield f"# [[{table.name}]]"
        for field in table.columns.values():
            yield from _about(field, optional=field in optional)
        yield ""


def _about(field: Field, *, optional: bool) -> Iterator[str]:
    """What the field means, and a line to fill in."""
    note = f" {OPTIONAL_NOTE}" if optional else ""
    allowed = f" One of: {listed(field.allowed)}." if field.allowed else ""
    yield from _comment(f"{field.label}.{note} {field.meaning}{allowed}")
    yield _to_fill_in(field)


def _about_briefly(field: Field) -> Iterator[str]:
    """What the field is called, what it may hold, and a line to fill in."""
    allowed = f": {listed(field.allowed)}" if field.allowed else ""
    yield from _comment(f"{field.label}{allowed}")
    yield _to_fill_in(field)


def _to_fill_in(field: Field) -> str:
    value = f'"{field.allowed[0]}"' if field.allowed else _SAMPLES[field.kind]
    return 'id = "CASE-001"' if field.name == ID else f"# {field.name.rpartition('.')[2]} = {value}"


def _comment(text: str) -> list[str]:
    return [f"## {line}" for line in textwrap.wrap(text, _WIDTH - 3)]


def _guide(folder: Path) -> str:
    name = visible(folder.resolve().name)
    return (
        "What to do next\n"
        "===============\n\n"
        f"1. Open {_CASE} in a text editor such as Notepad and fill in what you know.\n"
        "   Copy the file for each further case, and give each its own id.\n"
        f"2. In the folder that holds {name}, run:\n\n"
        f"       casescreen check {name}\n\n"
        "   It prints what was found, with reasons, and what would put it right.\n"
        f"3. To see why a finding is what it is:\n\n"
        f"       casescreen explain {name} --case CASE-001\n\n"
        "Nothing leaves this machine. Keep the folder where case records belong.\n"
    )
