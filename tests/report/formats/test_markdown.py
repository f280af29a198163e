"""The report as Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casescreen.model.outcome import Outcome
from casescreen.model.screening import Finding, Screening
from casescreen.report.blocks import Item, Outline, Paragraph
from casescreen.report.formats.markdown import inert, render, to_markdown
from casescreen.report.formats.registry import Options
from casescreen.text import single_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a | b", r"a \| b"),
        ("`code`", r"\`code\`"),
        ("[x](http://a.b)", r"\[x\](http\://a.b)"),
        ("![x](y)", r"\!\[x\](y)"),
        ("<script>&lt;", r"\<script\>\&lt;"),
        ("www.a.b", r"www\.a.b"),
        ("WWW.a.b", r"WWW\.a.b"),
        ("mailto:x@a.b", r"mailto\:x@&#8203;a.b"),
        ("one\n\n# two", r"one \# two"),
        ("plain: yes", "plain: yes"),
    ],
)
def test_record_text_is_only_text(text: str, shown: str) -> None:
    """Nothing in a record becomes a table cell, code, link, image, HTML, heading or address."""
    assert inert(text) == shown


@given(st.text(st.sampled_from(r"ab :/.@\`*_{}[]<>|#~$&!-+1)(" + "\n\t\x1b"), max_size=60))
def test_every_mark_is_escaped(text: str) -> None:
    """Every character that can mean something has a backslash of its own; unescaped, the text is what it was."""
    shown = inert(text)
    bare = re.sub(r"\\[\\`*_{}\[\]<>|#~$&!:.]", "", shown.replace("@&#8203;", ""))
    assert not set(bare) & set(r"\`*_{}[]<>|#~$&!")
    assert "://" not in shown
    assert re.sub(r"\\(.)", r"\1", shown.replace("@&#8203;", "@")) == single_line(text)


@pytest.mark.parametrize("start", ["- x", "+ x", "1. x", "12) x"])
def test_a_line_does_not_begin_a_list(start: str) -> None:
    """Text at the start of a line is not taken for the mark of a list."""
    escaped = to_markdown([Paragraph(start)])
    assert re.match(r"\d*\\[-+.)] x\n$", escaped)
    assert to_markdown([Outline((Item(start),))]) == f"- {escaped}"


def test_a_hostile_record_adds_no_structure(find: Callable[..., Finding], screen: Callable[..., Screening]) -> None:
    """A report of a hostile record has the headings, rows and lists of a report of a plain one."""

    def shape(words: str) -> list[tuple[list[str], int]]:
        made = screen([find(f"A{words}", "plan-timely", Outcome.NOT_MET, f"x{words}", owner=f"x{words}")])
        lines = render(made, Options()).splitlines()
        bare = [re.sub(r"\\.", "", line) for line in lines]
        return [(re.findall(r"^ *(?:#+ |- |```|>)?", line), line.count("|")) for line in bare]

    assert shape("\n# h\n- i\n| c |\n```\n<b>") == shape("")


def test_it_holds_what_the_table_holds(screening: Screening) -> None:
    """The Markdown has the same sections as the table, and its last sentence."""
    text = render(screening, Options())
    titles = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert titles == [
        "Reducing reoffending",
        "Protecting the public",
        "What needs attention",
        "What cannot be told yet",
        "Strengths",
        "Areas for improvement",
        "Steps that must always be taken, and were not",
        "Patterns",
        "Parameters used",
        "How this was made",
    ]
    assert text.endswith("1 of 6 cases needs action now; start with AN-03.\n")
