"""Why a condition came to what it did, as a value: built on demand, printed elsewhere."""

from __future__ import annotations

from attrs import frozen

from casescreen.model.condition import Condition
from casescreen.model.dictionary import Field, Value
from casescreen.model.duration import Duration
from casescreen.model.rulebook import Parameter
from casescreen.model.truth import Truth


@frozen
class Reading:
    """A value that a condition read from the record.

    Attributes:
        field: what was read.
        value: what it said, or None if the record does not say.
    """

    field: Field
    value: Value | None


@frozen(slots=False)  # the quicker to make, and one is made for every test of a record
class Proof:
    """One condition, what it came to, and the proofs of its parts.

    Attributes:
        condition: what was asked.
        truth: what it came to.
        readings: the values that this condition itself read; those of its parts are theirs.
        expected: the value, values or limit on the other side, once parameters are filled in; None if not known.
        parameter: the parameter that supplied it, or None.
        parts: the proofs of its parts. Over rows: one proof a row.
        row: the name of the row that this is about, or "".
        where: for a row, the proof that it was chosen, or None.
        absent: over rows, that the table is not in the record at all; for the coverage of a row, the other table.
    """

    condition: Condition
    truth: Truth
    readings: tuple[Reading, ...] = ()
    expected: Value | tuple[Value, ...] | Duration | None = None
    parameter: Parameter | None = None
    parts: tuple[Proof, ...] = ()
    row: str = ""
    where: Proof | None = None
    absent: bool = False
