"""The page on the last run."""

from __future__ import annotations

import re

from attrs import evolve
from made_up_runs import made_up_run

from casescreen.report.formats.html.last_run import (
    LastRun,
    RunFile,
    RunNotice,
    RunVerdict,
    changes_page,
    last_run_page,
)
