"""The sheet of criteria: k of n for each, with everything that is counted beside it."""

from __future__ import annotations

from collections.abc import Iterator

from casescreen.model.screening import Screening
from casescreen.report.naming import BESIDE
from casescreen.report.proportion import proportion_in_words
from casescreen.report.workbook.sheet import Column, Row, Sheet
from casescreen.report.workbook.tones import SEVERITIES, of_bands


def criteria_sheet(screening: Screening) -> Sheet:
    """Every criterion over all cases, in the rulebook's order."""
    columns = (
        Column("Theme", 22),
        Column("Criterion", 44),
        Column("Met", 8),
        Column("Of", 8),
        Column("Proportion", 22),
        Column("Band", 12, of_bands(screening.rulebook.bands)),
        *(Column(outcome.value.capitalize(), 12) for outcome in BESIDE),
        Column("Severity", 10, SEVERITIES),
        Column("Question", 50),
        Column("Decided by", 12),
        Column("Source", 44),
        Column("Criterion id", 26),
    )
    return Sheet("Criteria", columns, _criterion_rows(screening))


def _criterion_rows(screening: Screening) -> Iterator[Row]:
    rulebook = screening.rulebook
    themes = {theme.id: theme.title for theme in rulebook.themes}
    bands = {band.id: band.label for band in rulebook.bands.bands}
    for rate in screening.rates:
        criterion = rulebook.criterion[rate.criterion]
        yield (
            themes[criterion.theme],
            criterion.title,
            rate.met,
            rate.of,
            proportion_in_words(rate.met, rate.of),
            bands.get(rate.band, rate.band),
            *(rate.counts[outcome] for outcome in BESIDE),
            criterion.severity.value,
            criterion.question,
            {"evidence": "facts", "judgement": "a reader"}[criterion.basis.value],
            str(criterion.source),
            criterion.id,
        )
