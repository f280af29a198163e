"""A copy to share, as blocks and as JSON: what is not in them cannot be in a report."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from casescreen.model.outcome import Outcome
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Scope
from casescreen.model.screening import Conclusion
from casescreen.privacy.suppress import Figures, Kept, Shared, Shown, SuppressedGroup
from casescreen.report.blocks import Block, Column, Grid, Heading, Item, Outline, Paragraph
from casescreen.report.formats.json import which
from casescreen.report.formats.registry import documents_module
from casescreen.report.options import By, Options
from casescreen.report.sections.conclusions import TITLES
from casescreen.report.wording import (
    BESIDE,
    SHORT_HASH,
    figure,
    group_name,
    legend,
    parameters_grid,
    proportion_in_words,
)
from casescreen.text import counted, in_words

_FIGURES = (
    Column("Criterion"),
    Column("Met", figures=True, whole=True),
    Column("Not met", figures=True, whole=True),
    Column("Proportion"),
    *(Column(title, figures=True, whole=True) for title, _ in BESIDE.values()),
)
_SCOPES = {By.MANAGER: Scope.MANAGER, By.TEAM: Scope.TEAM}


def title(shared: Shared) -> str:
    """What the copy is called."""
    return f"{shared.rulebook.title} (version {shared.rulebook.version})"


def in_figures(count: Shown, under: int) -> str:
    """A count as it stands in a column."""
    match count:
        case Kept.FEW:
            return f"<{under:,}"
        case Kept.WITHHELD | Kept.ROW:
            return "[c]"
        case int():
            return figure(count)


def shared_copy(shared: Shared) -> Iterator[Block]:
    """The copy from its title to how it was made."""
    yield Heading(title(shared), level=1)
    yield Paragraph(_about(shared))
    yield Paragraph(what_is_left_out(shared))
    if isinstance(shared.cases, int):
        yield from _stands(shared)
        yield Paragraph(f"In the columns, {legend()}. A dash means none.")
        yield from _themes(shared)
        yield from _groups(shared)
        yield from _concluded(shared)
    yield Heading("Parameters used")
    yield parameters_grid(shared.rulebook.parameters.values())
    yield Heading("How this was made")
    rulebook = shared.rulebook
    yield Paragraph(
        f"Rulebook {rulebook.id}, version {rulebook.version}, hash {rulebook.hash[:SHORT_HASH]}. "
        f"Inferences drawn by {shared.engine}."
    )


def _about(shared: Shared) -> str:
    cases = _counted(shared.cases, shared.under, "case")
    said = f"As at {in_words(shared.as_of)}. {cases} screened."
    if shared.left_out == 0:
        return said
    return f"{said} Left out, because of mistakes in them: {_counted(shared.left_out, shared.under, 'record')}."


def _counted(count: Shown, under: int, one: str) -> str:
    return counted(count, one) if isinstance(count, int) else f"Fewer than {counted(under, one)}"


def what_is_left_out(shared: Shared) -> str:
    """What is not in the copy, and why, in words."""
    few = shared.under
    said = (
        f'A copy to share. A count from 1 to {few - 1:,} is shown as "<{few:,}": fewer than {few:,}. Where it could be '
        'worked out from the others, more of them are withheld, shown as "[c]" for confidential. A proportion is shown '
        "only where both its counts are. Left out is all that is about single cases: findings, reasons, values, "
        "conclusions and actions on a case. So are conclusions on managers and teams, and those of rules that read a "
        "rate which is not shown here."
    )
    return said if isinstance(shared.cases, int) else f"{said} There are so few cases that no figures are shown."


def _stands(shared: Shared) -> Iterator[Block]:
    yield Heading("How the cases stand")
    rows = ((stands.capitalize(), in_figures(count, shared.under)) for stands, count in shared.stands.items())
    yield Grid((Column("Stands"), Column("Cases", figures=True)), tuple(rows))


def _themes(shared: Shared) -> Iterator[Block]:
    for theme in shared.rulebook.themes:
        members = [one for one in shared.figures if shared.rulebook.criterion[one.criterion].theme == theme.id]
        if members:
            yield Heading(theme.title)
            yield _grid(shared, members)


def _grid(shared: Shared, figures: Iterable[Figures]) -> Grid:
    return Grid(_FIGURES, tuple(tuple(_row(shared, one)) for one in figures))


def _row(shared: Shared, figures: Figures) -> Iterator[str]:
    yield shared.rulebook.criterion[figures.criterion].title
    yield in_figures(figures.counts[Outcome.MET], shared.under)
    yield in_figures(figures.counts[Outcome.NOT_MET], shared.under)
    rate = figures.rate
    yield "" if rate is None or not rate[1] else proportion_in_words(*rate)
    yield from (in_figures(figures.counts[outcome], shared.under) for outcome in BESIDE)


def _groups(shared: Shared) -> Iterator[Block]:
    scope = _SCOPES.get(shared.by)
    if scope is None or not shared.groups:
        return
    yield Heading(f"By {scope.value}")
    sizes = ((group_name(scope, one.name), in_figures(one.cases, shared.under)) for one in shared.groups)
    yield Grid((Column(scope.value.capitalize()), Column("Cases", figures=True)), tuple(sizes))
    told = len(shared.groups[0].figures)
    yield Paragraph(
        f"{told:,} of {counted(len(shared.figures), 'criterion', 'criteria')} can be told {scope.value} by "
        f"{scope.value}: those of which no count is small."
    )
    for group in shared.groups:
        if group.figures:
            yield Heading(group_name(scope, group.name))
            yield _grid(shared, group.figures)


def _concluded(shared: Shared) -> Iterator[Block]:
    for kind, heading in TITLES.items():
        items = tuple(_item(shared, c) for c in shared.conclusions if c.kind is kind)
        if items:
            yield Heading(heading)
            yield Outline(items, spaced=True)


def _item(shared: Shared, conclusion: Conclusion) -> Item:
    """What is said, and which criteria it rests on: their figures stand in the tables."""
    titles = "; ".join(shared.rulebook.criterion[criterion].title for criterion in conclusion.rates)
    told = {"Rests on": titles, "To put it right": conclusion.remedy, "Note": conclusion.note}
    return Item(conclusion.says, tuple(Item(f"{label}: {text}") for label, text in told.items() if text))


FORMAT = "casescreen-shared/1"


def shared_json(shared: Shared) -> str:
    """The whole copy. Plain ASCII, as the JSON of a screening is."""
    return json.dumps(_copy(shared), indent=2, ensure_ascii=True) + "\n"


def _copy(shared: Shared) -> dict[str, object]:
    return {
        "format": FORMAT,
        "as_of": shared.as_of.isoformat(),
        "rulebook": which(shared.rulebook),
        "engine": shared.engine,
        "suppressed_under": shared.under,
        "about": what_is_left_out(shared),
        "cases": _count(shared.cases),
        "left_out": _count(shared.left_out),
        "stands": {stands: _count(count) for stands, count in shared.stands.items()},
        "figures": _figures(shared.figures),
        "by": shared.by.value,
        "groups": [_group(group) for group in shared.groups],
        "conclusions": [_conclusion(conclusion) for conclusion in shared.conclusions],
    }


def _count(count: Shown) -> int | str:
    """A count, or why it is not shown: "few" or "withheld"."""
    if isinstance(count, Kept):
        return Kept.FEW.value if count is Kept.FEW else Kept.WITHHELD.value
    return count


def _figures(figures: Iterable[Figures]) -> list[object]:
    return [
        {"criterion": one.criterion, "counts": {outcome.value: _count(count) for outcome, count in one.counts.items()}}
        for one in figures
    ]


def _group(group: SuppressedGroup) -> dict[str, object]:
    return {"name": group.name, "cases": _count(group.cases), "figures": _figures(group.figures)}


def _conclusion(conclusion: Conclusion) -> dict[str, object]:
    return {
        "id": conclusion.id,
        "kind": conclusion.kind.value,
        "says": conclusion.says,
        "severity": conclusion.severity.value,
        "remedy": conclusion.remedy,
        "note": conclusion.note,
        "rates": list(conclusion.rates),
    }


def shared_report(shared: Shared, form: str, options: Options) -> str | bytes:
    """The copy in a form.

    Raises:
        CasescreenError: the form has nothing but single cases, or needs a package that is not installed.
    """
    match form:
        case "table":
            from casescreen.report.formats.plain_text import to_plain  # noqa: PLC0415 - a form's module is imported for it alone

            return to_plain(shared_copy(shared), options.width)
        case "markdown":
            from casescreen.report.formats.markdown import to_markdown  # noqa: PLC0415 - the same

            return to_markdown(shared_copy(shared))
        case "json":
            return shared_json(shared)
        case "html":
            from casescreen.report.formats.html.page import page  # noqa: PLC0415 - the same

            return page(shared)
        case "xlsx":
            made: bytes = documents_module("casescreen.report.formats.excel.workbook").workbook(shared)
            return made
        case "docx":
            letter: bytes = documents_module("casescreen.report.letter.docx").document(shared, options)
            return letter
        case _:
            raise CasescreenError(
                f"A copy to share has no {form} form: that is a list of findings, each on a single case.",
                advice="choose another form, or leave out --suppress-under.",
            )
