"""Frames of cases as the records that case files hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from casescreen.columnar.frames import HAS, ID, ROW, CaseFrames
from casescreen.columnar.io import collected
from casescreen.model.case import Answer, Case, Row
from casescreen.model.dictionary import Dictionary
from casescreen.model.outcome import ReadersAnswer

_Rows = Mapping[int, list[Row]]


def cases_of(frames: CaseFrames, dictionary: Dictionary) -> Iterator[Case]:
    """The cases of numbered frames one after another, in the dictionary's order of fields and tables."""
    tables = {name: _by_case(frames.tables[name]) for name in dictionary.tables if name in frames.tables}
    answers = {} if frames.answers is None else _by_case(frames.answers)
    for values in collected(frames.cases).iter_rows(named=True):
        number = values[ROW]
        there = {name: tuple(rows.get(number, ())) for name, rows in tables.items() if values[f"{HAS}{name}"]}
        fields = {name: values[name] for name in dictionary.fields if values.get(name) is not None}
        said = tuple(_answer(row) for row in answers.get(number, ()))
        yield Case(values[ID], fields, there, said)


def _by_case(frame: pl.LazyFrame) -> _Rows:
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for values in collected(frame.drop(ID)).iter_rows(named=True):
        found[values.pop(ROW)].append({name: value for name, value in values.items() if value is not None})
    return found


def _answer(row: Mapping[str, Any]) -> Answer:
    return Answer(row["criterion"], ReadersAnswer(row["answer"]), row.get("item", ""), row.get("reason", ""))
