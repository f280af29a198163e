"""casescreen explain: show why a finding is what it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

import click

from casescreen.api import screen
from casescreen.cli.option_groups import (
    AnswerOptions,
    RecordOptions,
    RuleOptions,
    WaiverOptions,
    answer_options,
    record_options,
    rule_options,
    waiver_options,
    waivers_read,
)
from casescreen.cli.options import (
    WITH_TEXT,
    called_now,
    cases_from,
    rulebook_named,
    say_problems,
    show,
    terminal_width,
    width_option,
)
from casescreen.evaluate.findings import explain
from casescreen.model.case import EXAMPLE, Case, Caseload, is_example
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Quoting
from casescreen.report.finding_explanation import explain_case, explain_finding
from casescreen.text import counted, did_you_mean, evened, folded, in_words, listed, visible

_MOST_IDS = 20

_EPILOG = """\b
Examples:
  casescreen explain cases/somerset-2016/SOM-07.toml --as-of 2016-05-09
  casescreen explain cases/somerset-2016/SOM-07.toml plan-timely --as-of 2016-05-09
  casescreen explain cases/somerset-2016 --case SOM-07
  casescreen explain cases/somerset-2016 plan-timely --case SOM-07 --proof
  casescreen explain export.xlsx plan-timely --case C-17 --waivers waivers.toml
"""


def _criterion_ids(ctx: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
    rulebook = rulebook_named(ctx.params.get("rules"))
    return [criterion.id for criterion in rulebook.criteria if criterion.id.startswith(typed)]


@click.command(epilog=_EPILOG)
@click.argument("cases", metavar="CASE")
@click.argument("criterion", required=False, shell_complete=_criterion_ids)
@click.option("--case", "case_id", metavar="ID", help="Which case, where CASE is a file or folder of several.")
@click.option("--proof", is_flag=True, help="Show the whole proof: each condition, what was read, what it came to.")
@click.option("--with-text", is_flag=True, help=WITH_TEXT)
@rule_options
@record_options()
@waiver_options
@answer_options
@width_option
def command(  # noqa: PLR0913, PLR0917 - click gives each option by name
    cases: str,
    criterion: str | None,
    case_id: str | None,
    proof: bool,
    with_text: bool,
    rules: RuleOptions,
    records: RecordOptions,
    waivers: WaiverOptions,
    answers: AnswerOptions,
    width: int | None,
) -> None:
    """Show why the findings on a case are what they are.

    CASE is a case file, or a folder with --case. With a CRITERION, by its short name or its title, three sentences on
    that finding: what it came to and why, what it rests on, and what to do. Without one, a line for every finding. With
    --proof, the whole proof: each condition, the value read, what it came to, and what would have to be true.
    """
    judged_at = records.as_of
    rulebook = rules.in_force(records.holidays)
    criterion = None if criterion is None else _criterion_named(called_now(criterion, rulebook), rulebook)
    accepted = waivers_read(waivers.file(), rulebook, judged_at)
    quoting = Quoting.EVERYTHING if with_text else Quoting.REFERENCES
    line = width or terminal_width()
    caseload = cases_from(
        (cases,),
        rulebook,
        records.mapping,
        suggest=records.suggest((cases,), rulebook, rules, line),
        taken_on=records.taken_on,
        quoting=quoting,
        strict=records.strict,
    )
    read = case = _only(caseload, None if case_id is None else evened(case_id))  # as ids are read
    answers.refuse()
    answered = answers.read(rulebook, records.days)
    if answered is not None:
        [case] = answered.put_into(Caseload((case,), "")).cases
    screening = screen(rulebook, Caseload((case,), ""), as_of=judged_at, quoting=quoting)
    if answered is not None:
        screening = answered.of_case(case.id).beside(screening, Caseload((read,), ""))
    if accepted is not None:
        screening = accepted.of_case(case.id).beside(screening)
    say_problems(screening.lost, 0)
    if screening.cases_not_begun:
        raise CasescreenError(
            f"Case {visible(case.id)} was not used: it had not begun by {in_words(judged_at)}.",
            advice="give a later date with --as-of, or mend the day on which it began.",
        )
    chosen = [finding for finding in screening.findings if criterion in (None, finding.criterion)]
    explanations = [explain(rulebook, case, finding, judged_at, quoting) for finding in chosen]
    if criterion is None:
        show(explain_case(screening, case.id, explanations, line, proof=proof))
    else:
        show("\n".join(explain_finding(screening, explanation, line, proof=proof) for explanation in explanations))


def _criterion_named(name: str, rulebook: Rulebook) -> str:
    """The id of the criterion that has the id, the title or the few words that it is called by, in any capitals."""
    if name in rulebook.criterion:
        return name
    titled = [one.id for one in rulebook.criteria if folded(name) in (folded(one.title), folded(one.short))]
    if not titled:
        _refuse_switched_off(name, rulebook)
        known = [*rulebook.criterion, *(one.title for one in rulebook.criteria)]
        _unknown("criterion", name, known, "casescreen rules list shows them all.")
    if len(titled) > 1:
        raise CasescreenError(f'Several criteria are called "{visible(name)}".', advice=f"name one: {listed(titled)}.")
    return titled[0]


def _refuse_switched_off(name: str, rulebook: Rulebook) -> None:
    """Say of a criterion that a profile switches off that it is, why, and by which file.

    Raises:
        CasescreenError: it is switched off.
    """
    for off in () if rulebook.profile is None else rulebook.profile.off:
        criterion = off.criterion
        if criterion is not None and folded(name) in map(folded, (off.id, criterion.title, criterion.short)):
            from casescreen.report.local_rules import switched_off_in_words  # noqa: PLC0415 - needed seldom

            raise CasescreenError(
                switched_off_in_words(off), advice="leave --profile out to see what the rulebook finds."
            )


def _only(caseload: Caseload, case_id: str | None) -> Case:
    say_problems(caseload.problems, caseload.left_out)
    by_id = {case.id: case for case in caseload.cases}
    if case_id in by_id:
        return by_id[case_id]
    if (left_out := next((one for one in caseload.rejected if one.case == case_id), None)) is not None:
        raise CasescreenError(
            f"Case {in_words(left_out.case)} was left out: {left_out.why}.", advice="mend it, and ask again."
        )
    if is_example(case_id or "") or (caseload.examples and not by_id):
        raise CasescreenError(
            f"Case {EXAMPLE} was not used: a record of that id only shows how one is written.",
            advice="if it is a case, give it an id of its own.",
        )
    if case_id is not None:
        here = counted(len(by_id), "case")
        _unknown("case", case_id, by_id.keys(), f"Of the files given, {here} can be explained; is its file among them?")
    if not by_id:
        raise CasescreenError("There is no case here that can be explained.", advice="mend the problems told above.")
    if len(by_id) > 1:
        ids = ", ".join(map(visible, sorted(by_id)[:_MOST_IDS]))
        more = f" and {len(by_id) - _MOST_IDS:,} more" if len(by_id) > _MOST_IDS else ""
        raise CasescreenError(
            f"There are {len(by_id):,} cases here.", advice=f"say which with --case. They are: {ids}{more}."
        )
    return caseload.cases[0]


def _unknown(kind: str, given: str, known: Iterable[str], advice: str) -> NoReturn:
    hint = " ".join(filter(None, (did_you_mean(given, known), advice)))
    raise CasescreenError(f'There is no {kind} "{visible(given)}".', advice=hint or "check the name.")
