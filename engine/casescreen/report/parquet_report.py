"""The findings as Parquet, one row each, for whoever works on with them by program.

The columns are those of the CSV report. All are text but ``due``, which is a date, null where there is none; text is
as the record has it, since nothing takes a value of a Parquet file for a formula.
"""

from __future__ import annotations

from io import BytesIO

import polars as pl

from casescreen.model.screening import Screening
from casescreen.report.csv_report import COLUMNS, cells
from casescreen.report.options import Options


def render(screening: Screening, _options: Options) -> bytes:
    """Every finding in the screening's order: the same screening, the same bytes."""
    rows = [tuple(cells(finding, screening)) for finding in screening.findings]
    text = pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")
    to = BytesIO()
    text.with_columns(pl.col("due").replace("", None).str.to_date("%Y-%m-%d")).write_parquet(to)
    return to.getvalue()
