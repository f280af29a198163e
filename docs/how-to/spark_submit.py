"""Screen a caseload on a Spark cluster, and print the rates and what follows from them. scale.md says how.

spark-submit --master spark://host:7077 docs/how-to/spark_submit.py /shared/caseload --as-of 2016-05-09
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from pyspark import SparkConf
from pyspark.sql import SparkSession
from tabulate import tabulate

from casescreen import CasescreenError, load_rulebook
from casescreen.columnar.spark import Findings, spark_screen
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Scope
from casescreen.model.screening import Summary
from casescreen.text import in_words

BESIDE = [outcome for outcome in Outcome if outcome not in (Outcome.MET, Outcome.NOT_MET)]


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description="Screen a caseload on a Spark cluster.")
    parser.add_argument("cases", type=Path, help="the caseload, where the driver and all workers see it")
    parser.add_argument("--as-of", type=date.fromisoformat, required=True, help="the date of the screening: 2016-05-09")
    parser.add_argument("--rules", help="a folder of rules, or the name of a shipped rulebook")
    parser.add_argument("--findings", type=Path, help="a new folder in which workers write all that is not met")
    return parser.parse_args()


def session() -> SparkSession:
    """One on the cluster that spark-submit names; Polars takes no more threads than Spark gives a task."""
    threads = SparkConf().get("spark.task.cpus", "1")
    return SparkSession.builder.config("spark.executorEnv.POLARS_MAX_THREADS", threads).getOrCreate()


def told(screening: Summary) -> str:
    """The screening as text."""
    titles = {criterion.id: criterion.title for criterion in screening.rulebook.criteria}
    rows = [
        (titles[rate.criterion], rate.met, rate.of, rate.band, *(rate.counts[outcome] for outcome in BESIDE))
        for rate in screening.rates
    ]
    heads = ("criterion", "met", "of", "band", *(outcome.value for outcome in BESIDE))
    drawn = [one for one in screening.conclusions if one.on is Scope.SAMPLE]
    lines = [
        f"{screening.cases:,} cases were screened, {screening.left_out:,} left out, as of {in_words(screening.as_of)}.",
        *([f"{screening.orphans:,} rows belong to no case."] if screening.orphans else []),
        *(
            f"Left out: {in_words(one.case) or 'a case without an id'}, because {one.why}."
            for one in screening.rejected
        ),
        tabulate(rows, heads, disable_numparse=True),
        *(f"{one.says}\n  because {'; '.join(one.because)}" for one in drawn),
    ]
    return "\n\n".join(lines)


def main() -> int:
    """0 when the caseload was screened, 2 when it was not."""
    asked = arguments()
    findings = None if asked.findings is None else Findings(asked.findings, frozenset({Outcome.NOT_MET}))
    try:
        rulebook = load_rulebook(asked.rules)
        screening = spark_screen(session(), rulebook, asked.cases, as_of=asked.as_of, findings=findings)
    except CasescreenError as error:
        print(error, file=sys.stderr)
        return 2
    print(told(screening))
    return 0


if __name__ == "__main__":
    sys.exit(main())
