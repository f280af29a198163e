"""How check screens the cases of a sample alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
from attrs import evolve, frozen

from casescreen.cli.options import say
from casescreen.cli.sharing import suppression_refused
from casescreen.evaluate.conclusions import rates
from casescreen.model.case import Caseload
from casescreen.model.sample import SampleRecord
from casescreen.model.screening import Screening
from casescreen.report.sections.drawn_sample import not_screened
from casescreen.review.sample_record import read_sample_record
from casescreen.review.sample_screening import check_drawn, screened_sample
from casescreen.text import visible


@frozen
class NamedSample:
    """The sample that a run is of."""

    record: SampleRecord

    def cases_of(self, caseload: Caseload) -> Caseload:
        """The cases of the sample alone; what is wrong with the files stays."""
        ids = {*self.record.ids}
        return evolve(caseload, cases=tuple(case for case in caseload.cases if case.id in ids))

    def screened(self, caseload: Caseload, screen: Callable[[Caseload], Screening]) -> Screening:
        """What was found in its cases; that some of them were not screened is said on standard error."""
        screening = screened_sample(caseload, self.record, screen)
        if screening.drawn is not None and screening.drawn.missing:
            say(not_screened(screening.drawn))
        return screening

    @staticmethod
    def with_all_counted(screening: Screening) -> Screening:
        """The same with every case counted, those that must be included too: for whether there is anything to do."""
        return evolve(screening, rates=rates(screening.rulebook, screening.findings))


def sample_named(path: Path, *, history: Path | None, since: str | None, suppress_under: int | None) -> NamedSample:
    """The sample in a file, read before anything is screened.

    Raises:
        click.UsageError: something is asked for that cannot go with a sample.
        CasescreenError: the file cannot be used, or was changed after it was drawn.
    """
    if suppress_under is not None:
        raise suppression_refused("--suppress-under", "--sample, whose figures are a part of those of all cases")
    for option, given in (("--history", history), ("--since", since)):
        if given is not None:
            raise click.UsageError(
                f"{option} cannot go with --sample: every case that was not drawn would seem to have gone. Leave one "
                "out."
            )
    record = read_sample_record(path)
    check_drawn(record, visible(str(path)))
    return NamedSample(record)
