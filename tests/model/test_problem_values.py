"""Errors with their parts as fields, faults, and the collector of problems."""

from __future__ import annotations

import pickle

from casescreen.model.problem import CasescreenError, Fault, Place, Problem, ProblemCollector

_PLACE = Place("a.toml", 3, "case A")


def test_an_error_tells_why_before_what_to_do_and_keeps_both_as_fields() -> None:
    error = CasescreenError("It is wrong.", advice="mend it.", why="it counts.")
    assert str(error) == "It is wrong.\n  Why it matters: it counts.\n  What to do: mend it."
    assert (error.what, error.advice, error.why) == ("It is wrong.", "mend it.", "it counts.")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301 - our own
    assert str(CasescreenError("It is wrong.")) == "It is wrong."


def test_a_fault_becomes_a_problem_at_a_place_or_at_its_own_line() -> None:
    fault = Fault("it is wrong", "Mend it.", 7)
    assert fault.at(_PLACE, "It counts.") == Problem(_PLACE, "it is wrong", "Mend it.", "It counts.")
    assert fault.in_file("b.toml") == Problem(Place("b.toml", 7), "it is wrong", "Mend it.")


def test_a_collector_keeps_no_more_than_its_bound_and_tells_once_that_there_are_more() -> None:
    silent, telling = ProblemCollector(2), ProblemCollector(2, Fault("there are more", "Mend these first."))
    for number in range(5):
        silent.add(_PLACE, f"problem {number}")
        telling.add(_PLACE, f"problem {number}")
    assert [problem.what for problem in silent.problems] == ["problem 0", "problem 1"]
    assert [problem.what for problem in telling.problems] == ["problem 0", "problem 1", "there are more"]
    assert silent.full
    assert telling.full


def test_a_collector_without_a_bound_keeps_all() -> None:
    collector = ProblemCollector()
    collector.extend(Problem(_PLACE, f"problem {number}") for number in range(2_000))
    collector.add(_PLACE, "the last")
    assert len(collector.problems) == 2_001
    assert not collector.full
