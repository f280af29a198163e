"""Cases as JSON lines: one a line."""

from __future__ import annotations

import json
from collections.abc import Iterable

from casescreen.intake.plain import dates_as_text, plain
from casescreen.intake.writing import read_back
from casescreen.model.case import Case


def cases_to_json_lines(cases: Iterable[Case]) -> str:
    """The cases as JSON, one a line.

    Raises:
        CasescreenError: a text in them cannot be written in any file.
    """
    records = [dates_as_text(plain(case)) for case in cases]
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    return read_back(text, lambda written: [json.loads(line) for line in written.split("\n")[:-1]], records)
