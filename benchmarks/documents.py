"""Measure a workbook of cases to findings and all three documents, as ratios to reading the workbook alone.

python benchmarks/documents.py            the figures of benchmarks/README.md, in some minutes
python benchmarks/documents.py --reading  only reading, against the package that reads workbooks, five times in turn
python benchmarks/documents.py --smoke    the same on very few cases: that it runs
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from tabulate import tabulate

from casescreen import load_rulebook, read_cases, screen
from casescreen.cases.write.workbook import cases_to_xlsx
from casescreen.model.rulebook import Rulebook
from casescreen.report.formats.html.page import render
from casescreen.report.formats.registry import FORMATS, Options
from casescreen.synth.load import load_spec
from casescreen.synth.made_up import cases_of, made_up

AS_OF = date(2016, 5, 9)
_Thing = TypeVar("_Thing")


def timed(work: Callable[[], _Thing]) -> tuple[float, _Thing]:
    """The CPU seconds that it takes, and what it gives."""
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


def workbook(rulebook: Rulebook, count: int, folder: Path) -> Path:
    """Made-up cases as a workbook."""
    recipe = load_spec(None, rulebook)
    blocks = made_up(rulebook, recipe, cases=count, seed=1, as_of=AS_OF)
    cases = [case for block in blocks for case in cases_of(block, rulebook.dictionary)]
    file = folder / "cases.xlsx"
    file.write_bytes(cases_to_xlsx(cases, rulebook.dictionary))
    return file


def cells_in(file: Path) -> int:
    """How many cells the workbook has, read by nothing but the package that reads workbooks."""
    from python_calamine import load_workbook  # noqa: PLC0415 - only here

    with load_workbook(BytesIO(file.read_bytes())) as book:
        return sum(len(row) for name in book.sheet_names for row in book.get_sheet_by_name(name).iter_rows())


def reading(count: int, times: int) -> list[tuple[str, str, str]]:
    """What reading takes at least, and the package alone that reads workbooks, in turn."""
    rulebook = load_rulebook()
    with tempfile.TemporaryDirectory() as folder:
        file = workbook(rulebook, count, Path(folder))
        bare, whole = [], []
        for _ in range(times):
            bare.append(timed(lambda: rows_in(file))[0])
            whole.append(timed(lambda: read_cases([file], rulebook.dictionary, criteria=rulebook.criterion))[0])
    steps = {"the rows of all sheets as lists, by calamine alone": min(bare), "the workbook as cases": min(whole)}
    return [(name, f"{seconds:.2f} s", f"{seconds / min(bare):.1f}") for name, seconds in steps.items()]


def rows_in(file: Path) -> int:
    """How many rows the workbook has, all of them made lists."""
    from python_calamine import load_workbook  # noqa: PLC0415 - only here

    with load_workbook(BytesIO(file.read_bytes())) as book:
        return sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)


def measured(count: int) -> list[tuple[str, str, str]]:
    """What each step takes, and how that stands to reading alone."""
    rulebook = load_rulebook()
    with tempfile.TemporaryDirectory() as folder:
        file = workbook(rulebook, count, Path(folder))
        bare, cells = timed(lambda: cells_in(file))
        reading, caseload = timed(lambda: read_cases([file], rulebook.dictionary, criteria=rulebook.criterion))
    assert len(caseload.cases) == count
    screening_, screening = timed(lambda: screen(rulebook, caseload, as_of=AS_OF))
    assert len(screening.case_ids) == count
    html, _ = timed(lambda: render(screening, Options()))
    xlsx, _ = timed(lambda: FORMATS["xlsx"].render(screening, Options()))
    docx, _ = timed(lambda: FORMATS["docx"].render(screening, Options()))
    steps = {
        f"unpacking the workbook's {cells:,} cells": bare,
        "reading the workbook as cases": reading,
        f"screening: {len(screening.findings):,} findings": screening_,
        "the HTML page": html,
        "the workbook of findings": xlsx,
        "the letter": docx,
    }
    whole = reading + screening_ + html + xlsx + docx
    told = [(name, f"{seconds:.1f} s", f"{seconds / reading:.2f}") for name, seconds in steps.items()]
    return [*told, ("from workbook to findings and three documents", f"{whole:.1f} s", f"{whole / reading:.2f}")]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="very few cases")
    parser.add_argument("--reading", action="store_true", help="only reading, against calamine alone")
    asked = parser.parse_args()
    count = 40 if asked.smoke else 5_000
    if asked.reading:
        print(f"{count:,} made-up cases; CPU time, least of five runs in turn\n")
        print(tabulate(reading(count, 5), headers=["what", "CPU", "ratio"], disable_numparse=True))
        return
    rows = measured(count)
    print(f"{count:,} made-up cases; CPU time, one run\n")
    print(tabulate(rows, headers=["what", "CPU", "ratio to reading"], disable_numparse=True))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\nMost memory: {most:,} MB. Goal: the last ratio under 5.")


if __name__ == "__main__":
    main()
