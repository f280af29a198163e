"""Cases as JSON lines: one a line."""

from __future__ import annotations

import json
from collections.abc import Iterable

from casescreen.intake.giving.comparing import HALF
from casescreen.intake.plain import canonical, dates_as_text, plain
from casescreen.model.case import Case
from casescreen.model.problem import CasescreenError, InternalFaultError


def cases_to_json_lines(cases: Iterable[Case]) -> str:
    """The cases as JSON, one a line.

    Raises:
        CasescreenError: a text in them cannot be written in any file.
    """
    records = [dates_as_text(plain(case)) for case in cases]
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise CasescreenError(HALF) from None
    if [canonical(json.loads(line)) for line in text.split("\n")[:-1]] != [canonical(record) for record in records]:
        raise InternalFaultError("what was written as JSON lines does not read back the same")
    return text
