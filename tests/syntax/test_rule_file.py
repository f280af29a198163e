"""TOML files of rules, and the places in them that problems are pinned to."""

from __future__ import annotations

import tomllib
from pathlib import Path

from casescreen.model.problem import Place, ProblemCollector
from casescreen.syntax.rule_file import Location, RuleFile, read_rule_file

TEXT = """title = "A"

[met]
field = "case.a"

[[example]]
given = {}

[[example]]
given = {}
"""
FILE = RuleFile("rules/a.toml", TEXT, tomllib.loads(TEXT))


def test_a_problem_is_collected_at_the_nearest_key() -> None:
    """What is missing has the line of the group that it is missing from, and keeps the part that it belongs to."""
    collector = ProblemCollector()
    location = Location(FILE, collector).named("criterion a")
    location.at("met", "is").report("it is missing", "Add it.", "Nothing is tested.")
    location.at("due").report("it is missing")
    assert [problem.place for problem in collector.problems] == [
        Place("rules/a.toml", 3, "criterion a"),
        Place("rules/a.toml", 0, "criterion a"),
    ]
    assert (collector.problems[0].advice, collector.problems[0].why) == ("Add it.", "Nothing is tested.")


def test_what_a_problem_quotes_is_safe_to_print() -> None:
    """Neither the words nor the advice can act on a terminal, and they are cut."""
    collector = ProblemCollector()
    Location(FILE, collector).report("a\x1b[2Jb", "c" * 2000)
    assert collector.problems[0].what == "a\N{REPLACEMENT CHARACTER}[2Jb"
    assert len(collector.problems[0].advice) == 1000


def test_rows_have_their_lines_however_they_are_written() -> None:
    """Under headers of their own, and between the brackets of a list."""
    assert FILE.row_lines("example", 2) == (6, 9)
    text = "example = [\n  {},\n  {},\n]\n"
    assert RuleFile("b.toml", text, tomllib.loads(text)).row_lines("example", 2) == (2, 3)


def test_a_file_that_cannot_be_read_is_one_problem(tmp_path: Path) -> None:
    """One that is not there, a folder, one that is not UTF-8, and one that is not TOML, each at its line."""
    latin, broken = tmp_path / "latin.toml", tmp_path / "broken.toml"
    latin.write_bytes(b'a = 1\nb = "Ren\xe9"\n')
    broken.write_text("a = 1\n\nb\n")
    collector = ProblemCollector()
    for path in (tmp_path / "nothing.toml", tmp_path, latin, broken):
        assert read_rule_file(path, path.stem, collector) is None
    assert [(problem.place.line, problem.what) for problem in collector.problems] == [
        (0, "the file cannot be read: no such file or directory"),
        (0, "this is not an ordinary file"),
        (2, "the file is not UTF-8 text"),
        (3, "this line is not of the form name = value"),
    ]
