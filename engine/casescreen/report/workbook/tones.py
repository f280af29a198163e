"""Which words are coloured, and how."""

from __future__ import annotations

from collections.abc import Mapping

from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Bands, Severity
from casescreen.report.workbook.sheet import Tone

OUTCOMES: Mapping[str, Tone] = {
    Outcome.MET.value: Tone.GOOD,
    Outcome.NOT_MET.value: Tone.BAD,
    Outcome.NOT_EVIDENCED.value: Tone.DOUBT,
    Outcome.NEEDS_JUDGEMENT.value: Tone.DOUBT,
    Outcome.NOT_YET_DUE.value: Tone.QUIET,
    Outcome.NOT_APPLICABLE.value: Tone.QUIET,
}
SEVERITIES: Mapping[str, Tone] = {
    Severity.HIGH.value: Tone.BAD,
    Severity.MEDIUM.value: Tone.DOUBT,
    Severity.LOW.value: Tone.QUIET,
}


def of_bands(bands: Bands) -> Mapping[str, Tone]:
    """The labels of the bands: the highest is good, the lowest bad, and what lies between is in doubt."""
    labels = [band.label for band in bands.bands]
    ends = {labels[-1]: Tone.BAD, labels[0]: Tone.GOOD}
    return {**dict.fromkeys(labels, Tone.DOUBT), **ends, bands.TOO_FEW: Tone.QUIET}
