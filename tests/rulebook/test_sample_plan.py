"""The plan of a sample: all that is wrong in it is told at once, with its line, and nothing is made up for anybody."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sample_plans import HEAD, RULES, Plan, bikes, plan

from casescreen.model.problem import CasescreenError, ProblemsError
from casescreen.model.rulebook import Rulebook, Status
from casescreen.model.sample import EligibilityRule, MustInclude, PlanParameter, SampleSize
from casescreen.resources import shipped_rulebooks
from casescreen.rulebook.load import load_rulebook
from casescreen.rulebook.sample_plan import BEGUN, FILL_IN, read_sample_plan, sample_starter

__all__ = ["bikes", "plan"]

NUMBERS = """
[parameters.fieldwork_on]
label = "first day of fieldwork"
value = 2024-06-30
status = "local"
source = "Letter of 3 May 2024"

[parameters.furthest]
label = "time to fieldwork, at most"
value = "3 months"
status = "unverified"
source = "Heard"

[parameters.first_start]
label = "first start"
value = { before = "fieldwork_on", by = "furthest" }
status = "unverified"
source = "Worked out"

[eligible.recent]
says = "Recent"
reason = "Too long ago"
when = { field = "repair.brought_on", after = "$first_start" }
"""


def problems(plan: Plan, rules: str = RULES, **head: str) -> str:
    with pytest.raises(ProblemsError) as refused:
        plan(rules, **head)
    return str(refused.value)


def test_a_plan_says_who_how_many_and_how(plan: Plan) -> None:
    """All that it says is in the value, the numbers with their sources, worked out where they come of others."""
    read = plan(
        NUMBERS + '[[must_include]]\ncase = "B-5"\nreason = "Asked for."\n',
        size='"20 %, at least 2"', strata='"bike.kind"', reserves="3", unknown='"include"', taken_on="2024-06-05",
    )  # fmt: skip
    made = read.plan
    assert (made.title, made.as_of, made.taken_on) == ("Repairs", date(2024, 6, 1), date(2024, 6, 5))
    assert (made.size, made.strata, made.reserves) == (SampleSize(percent=20, at_least=2), "bike.kind", 3)
    assert made.includes_unknown
    assert made.rules[1:] == (EligibilityRule("recent", "Recent", "Too long ago"),)
    assert made.rules[0].id == BEGUN
    assert made.must_include == (MustInclude("B-5", "Asked for."),)
    assert made.parameters[2] == PlanParameter(
        "first_start", "first start", "30 March 2024", Status.UNVERIFIED, "Worked out"
    )


def test_a_plan_without_rules_is_of_every_case(plan: Plan) -> None:
    """Whoever asks for nothing draws from all that had begun."""
    assert [one.id for one in plan("").plan.rules] == [BEGUN]


def test_the_hash_is_of_what_is_said(plan: Plan) -> None:
    """Comments and the order of lines do not enter it; every word that counts does."""
    usual = plan().plan.hash
    assert plan(f"# a comment\n{RULES}", as_of=HEAD["as_of"]).plan.hash == usual
    assert plan(RULES, title='"Other repairs"').plan.hash != usual
    assert plan(RULES.replace("cargo bike", "city bike")).plan.hash != usual


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ({"size": '"a few"'}, 'line 3: "a few" is no size of a sample'),
        ({"size": "0"}, '"0" is no size'),
        ({"reserves": "-1"}, "-1 is no number of reserves"),
        ({"unknown": '"guess"'}, 'Write "leave out" or "include".'),
        ({"strata": '"bike.kid"'}, 'Did you mean "bike.kind"?'),
        ({"strata": '"case.id"'}, "case.id is another for each case"),
        ({"strata": '"repair.brought_on"'}, "makes no strata"),
        ({"strata": '"faults.part"'}, "is a column"),
        ({"as_of": '"soon"'}, "as_of"),
        ({"sizes": "3"}, 'Did you mean "size"?'),
    ],
)
def test_what_is_wrong_at_the_head_is_told(plan: Plan, head: dict[str, str], words: str) -> None:
    """With the line, and what was meant or can be."""
    assert words in problems(plan, **head)


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (RULES.replace("bike.kind", "bike.kin"), 'Did you mean "bike.kind"?'),
        (RULES.replace("cargo bike", "tandem"), "tandem"),
        (RULES.replace("reason =", "why ="), '"reason" is missing'),
        (RULES.replace("cargo]", "begun]"), "what every plan has already"),
        (NUMBERS.replace("$first_start", "$first_stat"), 'Did you mean "first_start"?'),
        (NUMBERS.replace("$first_start", "$furthest"), "it is a length of time"),
        (NUMBERS.replace('"3 months"', '"5 working days"'), "no length of time that can be counted back"),
        (NUMBERS.replace('before = "fieldwork_on"', 'before = "furthest"'), "furthest is no day"),
        (NUMBERS.replace('by = "furthest"', 'by = "first_start"'), "no parameter above this one"),
        (NUMBERS.replace('by = "furthest"', 'than = "furthest"'), "this cannot be the value of a parameter"),
        (NUMBERS.replace("parameters.furthest", "parameters.repair_due"), "the rulebook has"),
        (NUMBERS.replace('"unverified"', '"gospel"', 1), "gospel"),
        (NUMBERS.replace('source = "Heard"', ""), '"source" is missing'),
        ('[must_include]\ncase = "B-1"\nreason = "r"', "not a list of cases"),
        ('[[must_include]]\ncase = "B-1"', '"reason" is missing'),
        ('[[must_include]]\ncase = "B"\nreason = "r"\n' * 2, "is named twice"),
        (f'[[must_include]]\ncase = "B"\nreason = "{"r" * 1_001}"', "more than 1,000 characters"),
        ("eligible = 3", "not a group"),
    ],
)
def test_what_is_wrong_in_a_rule_is_told(plan: Plan, rules: str, words: str) -> None:
    """Nothing is drawn by a rule that says something else than was meant."""
    assert words in problems(plan, rules)


def test_everything_is_told_at_once(plan: Plan) -> None:
    """Who mends a plan mends it once."""
    said = problems(plan, RULES.replace("bike.kind", "bike.kin"), size='"a few"', reserves="-1")
    assert said.count("plan.toml") == 3


def test_words_of_the_plan_cannot_steer_a_terminal(plan: Plan) -> None:
    """What is quoted from the file is made safe."""
    assert "\x1b" not in problems(plan, size='"\\u001b[2J"')


def test_facts_and_derived_fields_of_the_rulebook_can_be_named(tmp_path: Path) -> None:
    """A plan speaks the language of the rules, with their words."""
    path = tmp_path / "plan.toml"
    text = "\n".join(f"{key} = {value}" for key, value in HEAD.items())
    rules = '[eligible.a]\nsays = "a"\nreason = "b"\nwhen = { all = [ { fact = "running" }, '
    path.write_text(f'{text}\n{rules}{{ field = "clock.first_plan", recorded = true }} ] }}', encoding="utf-8")
    assert set(read_sample_plan(path, load_rulebook("sqs-2016")).conditions) == {"a"}


def test_there_is_no_such_plan(tmp_path: Path, bikes: Rulebook) -> None:
    """Who has none is told how to begin one."""
    with pytest.raises(CasescreenError, match="There is no plan") as refused:
        read_sample_plan(tmp_path / "plan.toml", bikes)
    assert "casescreen sample new" in refused.value.advice


@pytest.mark.parametrize("rulebook", shipped_rulebooks())
def test_a_plan_to_start_from_is_refused_until_it_is_filled_in(rulebook: str, tmp_path: Path) -> None:
    """No day and no name is made up; filled in, it is a sound plan, whose unverified numbers say so."""
    path, text = tmp_path / "plan.toml", sample_starter(shipped_rulebooks()[rulebook])
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProblemsError) as refused:
        read_sample_plan(path, load_rulebook(rulebook))
    blanks = text.count(f'= "{FILL_IN}"')
    assert str(refused.value).count("has not been filled in") == blanks > 0
    lines = []
    for line in text.splitlines():
        day = line.startswith("as_of") or "as in 2026-04-27" in line or "as in 2026-06-08" in line
        lines.append(line.replace(f'"{FILL_IN}"', "2026-05-01" if day else '"North"'))
    path.write_text("\n".join(lines), encoding="utf-8")
    read = read_sample_plan(path, load_rulebook(rulebook))
    assert {one.status for one in read.plan.parameters} == {Status.LOCAL, Status.UNVERIFIED}
    assert len(read.conditions) == 3


def test_a_rulebook_without_one_says_so(tmp_path: Path) -> None:
    """Nothing stands in for it."""
    with pytest.raises(CasescreenError, match="has no plan of a sample"):
        sample_starter(tmp_path)
