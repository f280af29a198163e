"""Elements built from values, and the pieces that sections are made of; a plain text is escaped wherever it is put."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from typing import assert_never

from attrs import frozen

from casescreen.model.outcome import Outcome
from casescreen.report.blocks import Block, Column, Grid, Heading, Item, Outline, Paragraph
from casescreen.report.wording import k_of_n
from casescreen.text import single_line


class Ids:
    """Gives each element of a page an id of its own."""

    def __init__(self) -> None:
        """Begin with none given."""
        self._given: Counter[str] = Counter()

    def new(self, kind: str) -> str:
        """The next id of a kind: table-1, table-2. ``kind`` is a word of ours."""
        self._given[kind] += 1
        return f"{kind}-{self._given[kind]}"


@frozen
class Html:
    """Text that is markup already, and safe."""

    text: str


Content = str | Html


def tag(name: str, /, *content: Content, **attributes: str | int | bool) -> Html:
    """An element. ``class_`` stands for class and ``aria_label`` for aria-label; True is an attribute without a value.

    >>> tag("p", "1 < 2", class_="note").text
    '<p class="note">1 &lt; 2</p>'
    """
    opening = name
    for key, value in attributes.items():
        attribute = key.rstrip("_").replace("_", "-")
        if value is True:
            opening += f" {attribute}"
        elif value is not False:
            opening += f' {attribute}="{escape(single_line(str(value)))}"'
    if name == "meta":  # the one element of ours that never has an end
        return Html(f"<{opening}>")
    return Html(f"<{opening}>{join(content).text}</{name}>")


def join(content: Iterable[Content], between: str = "") -> Html:
    """One after another; ``between`` is markup."""
    return Html(between.join(part.text if isinstance(part, Html) else escape(single_line(part)) for part in content))


_WIDTH, _HEIGHT = 120, 16


def bar(met: int, of: int) -> Html:
    """A bar that is filled as far as ``met`` goes in ``of``; where nothing was counted, none."""
    if not of:
        return Html("")
    full = {"height": _HEIGHT, "x": 0, "y": 0}
    return tag(
        "svg",
        tag("rect", class_="whole", width=_WIDTH, **full),
        tag("rect", class_="share", width=_WIDTH * met // of, **full),
        class_="bar",
        role="img",
        aria_label=f"Bar: {k_of_n(met, of)} met",
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        width=_WIDTH,
        height=_HEIGHT,
    )


_OUTCOMES = {
    Outcome.MET: "green",
    Outcome.NOT_MET: "red",
    Outcome.NOT_APPLICABLE: "grey",
    Outcome.NOT_YET_DUE: "blue",
    Outcome.NOT_EVIDENCED: "yellow",
    Outcome.NEEDS_JUDGEMENT: "purple",
}


def label(words: str, tone: str) -> Html:
    """A word on a coloured ground; the word alone says all."""
    return tag("strong", words, class_=f"tag {tone}")


def outcome_label(outcome: Outcome) -> Html:
    """An outcome as a tag."""
    return label(outcome.value, _OUTCOMES[outcome])


def summary_list(rows: Iterable[tuple[str, Content]]) -> Html:
    """What is said about each thing: a term and its text, those without a text left out."""
    pairs = [tag("div", tag("dt", term), tag("dd", said)) for term, said in rows if said not in {"", Html("")}]
    return tag("dl", join(pairs, "\n"), class_="summary") if pairs else Html("")


def table(ids: Ids, caption: str, columns: Sequence[Column], rows: Iterable[Sequence[Content]]) -> Html:
    """A captioned table whose first column names its rows, in a region that scrolls by keyboard if it is too wide."""
    classes = [_class(column) for column in columns]
    titles = (tag("th", column.title, scope="col", **given) for column, given in zip(columns, classes, strict=True))
    lines = []
    for first, *rest in rows:
        cells = (tag("td", cell, **given) for cell, given in zip(rest, classes[1:], strict=True))
        lines.append(tag("tr", tag("th", first, scope="row", **classes[0]), *cells))
    head, body = tag("thead", tag("tr", *titles)), tag("tbody", Html("\n"), join(lines, "\n"))
    named = ids.new("caption")
    whole = tag("table", tag("caption", caption, id=named), head, body)
    return tag("div", whole, class_="scroll", role="region", aria_labelledby=named, tabindex=0)


def _class(column: Column) -> dict[str, str]:
    if column.figures:
        return {"class_": "figures"}
    return {"class_": "whole"} if column.whole else {}


def section(identity: str, title: str, content: Html) -> Html:
    """A part of the page with a heading of the second level, to which the contents lead."""
    return tag("section", tag("h2", title, id=identity), Html("\n"), content, aria_labelledby=identity)


def blocks(ids: Ids, made: Iterable[Block], level: int = 3) -> Html:
    """The blocks one under another; a heading is of ``level``, and names the tables under it."""
    title, parts = "", []
    for block in made:
        match block:
            case Heading(text):
                title = text
                parts.append(tag(f"h{level}", text))
            case Paragraph(text):
                parts.append(tag("p", text))
            case Outline(items, spaced):
                parts.append(outline(items, spaced=spaced))
            case Grid(columns, rows):
                parts.append(table(ids, title, columns, rows))
            case _:
                assert_never(block)
    return join(parts, "\n")


def outline(items: Iterable[Item], *, spaced: bool = False) -> Html:
    """A list, with lists in it."""
    lines = (tag("li", item.text, outline(item.parts) if item.parts else Html("")) for item in items)
    return tag("ul", join(lines, "\n"), class_="spaced" if spaced else "plain")
