"""Reading TOML that anybody may have written."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casescreen.model.problem import Fault
from casescreen.syntax.toml_parser import DEEPEST, fault_of, read_toml, read_toml_with_faults

_MANY = 100_000


def test_what_the_text_says_is_returned() -> None:
    """A valid text comes back as its tables and values, dates as dates."""
    assert read_toml("[order]\nstarts_on = 2016-02-15\n") == {"order": {"starts_on": date(2016, 2, 15)}}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a = 1\nb = 2016-02-31", 2, "2016-02-31 is not a day in the calendar"),
        ("b = 2016-13-01", 1, "2016-13-01 is not a day in the calendar"),
        ("b = 15/02/2016 # started", 1, "the date 15/02/2016 is not written as year-month-day"),
        ("b = 2016-2-1", 1, "the date 2016-2-1 is not written as year-month-day"),
        ("b = 15.02.2016", 1, "the date 15.02.2016 is not written as year-month-day"),
        ("b = Worker A", 1, "the text Worker A has no quotation marks"),
        ("b = True", 1, "True is not a value"),
        ("b = no", 1, "no is not a value"),
        ("b = nothing", 1, "the text nothing has no quotation marks"),
        ("b = “x”", 1, "the quotation marks are curly"),
        ("b =", 1, "nothing stands after the equals sign"),
        ("b = 007", 1, "the number 007 begins with 0"),
        ('b = "he said "no" twice"', 1, "something stands after the text has ended"),
        ("b = 1,5", 1, "1,5 is not a value"),
        ('b = "C:\\Users"', 1, "a backslash in the text stands for something that it cannot"),
        ('b = "\\ud800"', 1, "a backslash in the text stands for something that it cannot"),
        ('b = "x', 1, "the text does not end on its line"),
        ('a = 1\nb = """x', 2, "a text is opened and never closed"),
        ('b = "\x07"', 1, "there is an invisible character in it"),
        ("#\x07", 1, "there is an invisible character in it"),
        ("[a]\n[a]", 2, "the heading a is used a second time"),
        ("[a.b]\n[a.b]", 2, "the heading a.b is used a second time"),
        ("a = []\n[[a]]", 2, "a is already complete, so nothing can be added to it here"),
        ("a = 1\na = 2", 2, "this name is used a second time"),
        ("a = { b = 1, b = 2 }", 1, "a name stands twice between the same braces"),
        ("a = { b = 1,", 1, "a name is missing or has a character that it cannot"),
        ("a = { b = 1", 1, "a brace is opened and not closed on its line"),
        ("a = [1\nb = 2", 2, "a list is opened and never closed"),
        ("[a", 1, "the heading is not closed"),
        ("a: 1", 1, "this line is not of the form name = value"),
        ("<html>", 1, "this line is not of the form name = value"),
        ("a = 1\r\nb = x\r\n", 2, "the text x has no quotation marks"),
        ("a = " + "1" * 5000, 0, "a number in it is far too long"),
    ],
)
def test_a_fault_says_what_is_wrong_and_on_which_line(text: str, line: int, message: str) -> None:
    """The parser's complaint is told in plain English, with its line and what to do."""
    fault = read_toml(text)
    assert isinstance(fault, Fault)
    assert (fault.line, fault.what) == (line, message)
    assert fault.advice


@pytest.mark.parametrize(
    "text",
    [
        ".".join("a" * _MANY) + " = 1",
        "[" + ".".join("a" * _MANY) + "]",
        "[[ " + " . ".join("a" * _MANY) + " ]]",
        "x = { " + ".".join('"a"' for _ in range(_MANY)) + " = 1 }",
        "x = { b = 1," + ".".join("'a.'" for _ in range(_MANY)) + " = 1 }",
        "a = " + "[" * _MANY,
        "a = " + "{a = " * _MANY,
        "a = " + "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1),
        "[" + ".".join("a" * (DEEPEST + 1)) + "]",
    ],
)
def test_deep_texts_are_refused_at_once(text: str) -> None:
    """Long dotted names and deep brackets cost no more than reading past them."""
    before = time.process_time()
    fault = read_toml(text)
    assert isinstance(fault, Fault)
    assert fault.what == "more than 32 levels stand inside one another"
    assert time.process_time() - before < 1


def test_levels_up_to_the_limit_are_read() -> None:
    """The limit itself is allowed."""
    assert isinstance(read_toml("a = " + "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1)), dict)
    assert isinstance(read_toml(".".join("a" * DEEPEST) + " = 1"), dict)


def test_dots_inside_text_are_no_levels() -> None:
    """A note may be full of full stops."""
    assert isinstance(read_toml('a = "' + "No. " * 60 + '"\nb = "' + "." * 100 + '"'), dict)


@settings(deadline=None)
@given(st.text() | st.text("a='\"[]{}.,#\n\\1-é\r \t"))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text makes the reader raise."""
    found = read_toml(text)
    assert isinstance(found, dict | Fault)


def test_a_complaint_that_is_not_known_is_told_in_the_parsers_words() -> None:
    """A later Python may complain of something else."""
    fault = fault_of("a\nb", "Something \x1bnew (at line 2, column 1)")
    assert (fault.line, fault.what) == (2, "it is not TOML: Something \ufffdnew")


_WITH_FAULTS = """\
id = "A" # a remark
on = 2016-02-31
who = Worker A # he said
"the plan".shared = yes
list = [1,
  2]
nothing =
[[rows]]
kind = \u201cpanel\u201d
"""


def test_a_value_that_is_none_costs_no_other() -> None:
    """It is a fault where it stands, with its line and without its text; the rest is read, with its own lines."""
    read, text = read_toml_with_faults(_WITH_FAULTS)
    assert isinstance(read, dict)
    assert (read["id"], read["list"]) == ("A", [1, 2])
    plan, rows = read["the plan"], read["rows"]
    assert isinstance(plan, dict)
    assert isinstance(rows, list)
    faults = [read["on"], read["who"], plan["shared"], read["nothing"], rows[0]["kind"]]
    told = [(one.line, one.unquoted, one.written) for one in faults if isinstance(one, Fault)]
    assert told == [
        (2, "it is not a day in the calendar", "2016-02-31"),
        (3, "it has no quotation marks", "Worker A "),
        (4, "it is not a value", "yes"),
        (7, "nothing stands after the equals sign", ""),
        (9, "the quotation marks are curly", "\u201cpanel\u201d"),
    ]
    assert text.count("\n") == _WITH_FAULTS.count("\n")


@pytest.mark.parametrize(
    "text",
    [
        "a = {b = no}\n",
        "a = [no]\n",
        "a = [\nb = no\n]\n",
        'a = """\nb = no\n',
        "a = no\na = 1\n",
        "a = no\nb\n",
        'a = "\\u00000"\nb = no\n',
    ],
)
def test_what_is_no_single_value_is_refused_as_before(text: str) -> None:
    """Nothing is guessed about what a text would be without a line, nor where text has what marks such values."""
    assert isinstance(read_toml_with_faults(text)[0], Fault)


def test_very_many_such_values_are_refused_in_bounded_time() -> None:
    """Each is a parse of its own, so there is a bound."""
    begun = time.process_time()
    read, _ = read_toml_with_faults("".join(f"a{number} = no\n" for number in range(10_000)))
    assert isinstance(read, Fault)
    assert time.process_time() - begun < 10


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("ab=[]{}\"'\\\n.# 019-:\u201cu"), max_size=60))
def test_whatever_reads_without_faults_reads_the_same(text: str) -> None:
    """Only what cannot be read at all is read otherwise."""
    if not isinstance(read := read_toml(text), Fault):
        assert read_toml_with_faults(text) == (read, text)
    else:
        read_toml_with_faults(text)
