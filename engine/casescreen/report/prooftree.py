"""Proofs as outlines for a person: each condition in words, what it came to, and the values that were read."""

from __future__ import annotations

from collections.abc import Iterator

from casescreen.conditions.description import Wording, quoted, supplied_in_words
from casescreen.model.condition import All, Any, AsOf, Compare, Count, Covered, OverRows, Truth
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Proof
from casescreen.report.blocks import Item
from casescreen.report.naming import TOGETHER
from casescreen.report.parameters import whose
from casescreen.text import in_words

ANSWER = {Truth.TRUE: "yes", Truth.FALSE: "no", Truth.UNKNOWN: "not known"}


class ProofTree:
    """Lays out the proofs of one rulebook."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Keep what puts conditions into words and names rows."""
        self._wording = Wording(rulebook)
        self._tables = rulebook.dictionary.tables

    def item(self, proof: Proof) -> Item:
        """The condition with its answer, and under it what that rests on."""
        together = TOGETHER.get(type(proof.condition))
        if together is not None:
            return _answered(proof.truth, f"{together}:", *(self.item(part) for part in proof.parts))
        words = self._wording.condition(proof.condition)
        return _answered(proof.truth, words, *_readings(proof), *_other_side(proof), *self._rows(proof))

    def _rows(self, proof: Proof) -> Iterator[Item]:
        if not isinstance(proof.condition, OverRows | Count | Covered):
            return
        table = self._tables[proof.condition.table]
        if proof.absent:
            yield Item(f"The record says nothing about {table.label}.")
        elif not proof.parts:
            yield Item(f"The record says that there are no {table.label}.")
        for row in proof.parts:
            yield self._row(row, f"{table.one}: {in_words(row.row)}")

    def _row(self, row: Proof, name: str) -> Item:
        """A row that is not meant stands with the reason why not, and nothing else."""
        where = [] if row.where is None else [Item("Is it one that counts here?", (self.item(row.where),))]
        if row.where is not None and row.where.truth is Truth.FALSE:
            return Item(f"[left out] {name}", tuple(where))
        return _answered(row.truth, name, *where, *self._inner(row))

    def _inner(self, row: Proof) -> Iterator[Item]:
        for part in row.parts:
            match part.condition:
                case Count():
                    pass
                case Covered(by=by):
                    yield from _readings(part)
                    yield _answered(part.truth, f"found among the {self._tables[by.table].label}")
                case _:
                    yield self.item(part)

    def wanting(self, proof: Proof) -> Iterator[Item]:
        """What would have to be true for the condition to be: of its parts, those that are not."""
        if proof.truth is Truth.TRUE:
            return
        match proof.condition:
            case All():
                for part in proof.parts:
                    yield from self.wanting(part)
            case Any():
                parts = tuple(item for part in proof.parts for item in self.wanting(part))
                yield parts[0] if len(parts) == 1 else Item("at least one of these:", parts)
            case _:
                rows = [in_words(row.row) for row in proof.parts if row.row and row.truth is not Truth.TRUE]
                among = f" (here: {'; '.join(rows)})" if rows and not isinstance(proof.condition, Count) else ""
                yield Item(f"{self._wording.condition(proof.condition)}{among}")


def _answered(truth: Truth, words: str, *parts: Item) -> Item:
    return Item(f"[{ANSWER[truth]}] {words}", parts)


def _readings(proof: Proof) -> Iterator[Item]:
    for reading in proof.readings:
        says = "does not say" if reading.value is None else "says"
        value = "" if reading.value is None else f": {quoted(reading.value)}"
        yield Item(f"The record {says}: {reading.field.label}{value}")


def _other_side(proof: Proof) -> Iterator[Item]:
    """What the value was held against, where the rule does not say it in so many words."""
    if proof.parameter is not None:
        value = "not known, because the record lacks what it depends on"
        if proof.expected is not None:
            value = supplied_in_words(proof.expected)
        yield Item(f"Here: {proof.parameter.label}: {value} ({whose(proof.parameter)})")
    elif isinstance(proof.condition, Compare) and isinstance(proof.condition.operand, AsOf):
        yield Item(f"Here: as-of date: {supplied_in_words(proof.expected)}")
