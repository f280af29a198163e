"""Measure what is read of a screening, as ratios to asking and deciding alone, and the memory that it takes.

python benchmarks/words.py CASES                the first screen, and files of every finding, of cases made up before
python benchmarks/words.py CASES --only json    one of them, for its memory
"""

from __future__ import annotations

import argparse
import resource
from collections.abc import Callable
from datetime import date

from documents import timed
from tabulate import tabulate

from casescreen import load_rulebook, read_cases, screen
from casescreen.conditions.compiler import context_of
from casescreen.evaluate.criteria import CriteriaEvaluator
from casescreen.evaluate.preparation import RecordPreparer
from casescreen.model.case import Caseload
from casescreen.model.outcome import Outcome, decide
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Screening
from casescreen.report.at_a_glance import at_a_glance
from casescreen.report.formats.registry import FORMATS, Options

AS_OF = date(2016, 5, 9)
FILES = ("csv", "json", "xlsx")


def asked_and_decided(rulebook: Rulebook, caseload: Caseload) -> Callable[[], list[Outcome]]:
    """What asks every criterion of every case and decides, with nothing made of it."""
    preparer, asker = RecordPreparer(rulebook, AS_OF), CriteriaEvaluator(rulebook, context_of(rulebook, AS_OF))
    ready = [preparer.prepare(case).case for case in caseload.cases]
    return lambda: [decide(asked.standing) for case in ready for asked in asker.ask(case)]


def written(screening: Screening, form: str) -> int:
    """The length of a file of that form, made as it is for a disk."""
    made = FORMATS[form].pieces(screening, Options())
    return len(made) if isinstance(made, str | bytes) else sum(map(len, made))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases")
    parser.add_argument("--only", choices=FILES)
    asked = parser.parse_args()
    rulebook = load_rulebook("sqs-2016")
    caseload = read_cases([asked.cases], rulebook.dictionary, criteria=rulebook.criterion)
    alone, _ = timed(asked_and_decided(rulebook, caseload))
    screening_, screening = timed(lambda: screen(rulebook, caseload, as_of=AS_OF))
    glance, _ = timed(lambda: at_a_glance(screening))
    steps = {"asking and deciding": alone, "screening": screening_, "to the first screen": screening_ + glance}
    for form in (asked.only,) if asked.only else FILES:
        steps[form], _ = timed(lambda form=form: written(screening, form))  # type: ignore[misc]
    rows = [(name, f"{seconds:.2f} s", f"{seconds / alone:.2f}") for name, seconds in steps.items()]
    print(f"{len(caseload.cases):,} cases, {len(screening.findings):,} findings; CPU time, one run\n")
    print(tabulate(rows, headers=["what", "CPU", "ratio"], disable_numparse=True))
    print(f"\nMost memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:,} MB.")


if __name__ == "__main__":
    main()
