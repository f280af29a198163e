"""What check is asked to compare groups of cases by: one characteristic, and never who works on them."""

from __future__ import annotations

import click

from casescreen.cli.options import say
from casescreen.cli.outputs import Reports, Shown
from casescreen.model.dictionary import Dictionary, Field
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Summary
from casescreen.report.formats.registry import Options
from casescreen.text import did_you_mean, listed, visible

_WITHOUT = ("csv", "parquet", "docx")
"""The forms that have no groups: lists of findings, and the letter."""

_ONLY = (
    "only fields that the dictionary marks as a characteristic make groups to compare: their words are few and fixed, "
    "and each says something of what the case is about."
)


def characteristic_asked(
    splits: tuple[str, ...], rulebook: Rulebook, reports: Reports, *, suppressed: bool, named: bool
) -> Field:
    """The characteristic that was named; that some forms of report have nothing of it is said.

    Args:
        splits: what was named: one field.
        rulebook: whose dictionary says what is a characteristic.
        reports: the reports that are wanted.
        suppressed: whether small counts are hidden.
        named: whether names stand as they are.

    Raises:
        click.UsageError: two are named, or pseudonyms are asked for and small counts would stand.
        CasescreenError: it is no characteristic; with those that are.
    """
    if len(set(splits)) > 1:
        raise click.UsageError(
            "--split takes one field: groups of two crossed would be so small that they tell of single cases. "
            "Run it once for each."
        )
    if not named and not suppressed:
        raise click.UsageError(
            "--split with --pseudonyms needs --suppress-under too: with small counts, groups tell who somebody is, "
            "whatever the case is called. Add --suppress-under 5, or leave --pseudonyms out."
        )
    field = rulebook.dictionary.fields.get(splits[0])
    if field is None or not field.characteristic:
        raise _refusal(splits[0], field, rulebook)
    if without := sorted({form.name for _, form in reports if form.name in _WITHOUT}):
        say(f"There are no groups in {listed(without, 'and')}. They are in the page, the workbook, JSON and Markdown.")
    return field


def _refusal(name: str, field: Field | None, rulebook: Rulebook) -> CasescreenError:
    """Why cases cannot be compared by what was named, and by what they can be."""
    dictionary, shown = rulebook.dictionary, visible(name)
    names = [one.name for one in dictionary.characteristics]
    advice = f"it can be: {listed(names)}." if names else "mark a choice or a yes-no with characteristic = true."
    if name in rulebook.roles.fields:
        what = f"{shown} names who works on a case, and cases are not compared by that."
        return CasescreenError(what, why="a difference would be read as a judgement on one person.", advice=advice)
    if field is not None:
        what = f"{shown} is not marked as a characteristic in the dictionary of {visible(rulebook.id)}."
        return CasescreenError(what, why=_ONLY, advice=advice)
    if _is_of_a_table(name, dictionary):
        what = f"{shown} is no field of the case: a case can have several rows in that table."
        return CasescreenError(what, why="each case has to be in one group.", advice=advice)
    near = [one for one in names if one.rpartition(".")[2] == name]
    meant = f'Did you mean "{near[0]}"?' if near else did_you_mean(name, names)
    what = f"The dictionary of {visible(rulebook.id)} has no field {shown}."
    return CasescreenError(what, advice=meant or advice)


def _is_of_a_table(name: str, dictionary: Dictionary) -> bool:
    return name.partition(".")[0] in dictionary.tables


def with_split_after(shown: Shown) -> Shown:
    """What is shown on the screen, with the groups that can be compared after it."""

    def made(result: Summary, options: Options) -> str:
        from casescreen.report.formats.plain_text import to_plain  # noqa: PLC0415 - imported when used: start-up time
        from casescreen.report.sections.groups_compared import groups_in_short  # noqa: PLC0415 - the same

        first = shown(result, options)
        return first if result.split is None else f"{first}\n{to_plain(groups_in_short(result), options.width)}"

    return made
