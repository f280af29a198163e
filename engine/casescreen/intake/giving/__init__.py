"""Cases written as tables, each read back and compared before it is given out."""

from casescreen.intake.giving.csv import cases_to_csv
from casescreen.intake.giving.json_lines import cases_to_json_lines
from casescreen.intake.giving.ods import cases_to_ods
from casescreen.intake.giving.parquet import cases_to_parquet
from casescreen.intake.giving.xlsx import cases_to_xlsx

__all__ = ["cases_to_csv", "cases_to_json_lines", "cases_to_ods", "cases_to_parquet", "cases_to_xlsx"]
