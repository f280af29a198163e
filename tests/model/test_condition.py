"""Kleene's truth tables."""

from __future__ import annotations

from itertools import product

import pytest

from casescreen.model.condition import Truth, all_of, any_of, negate

T, U, F = Truth.TRUE, Truth.UNKNOWN, Truth.FALSE
ALL = {(T, T): T, (T, U): U, (T, F): F, (U, T): U, (U, U): U, (U, F): F, (F, T): F, (F, U): F, (F, F): F}
ANY = {(T, T): T, (T, U): T, (T, F): T, (U, T): T, (U, U): U, (U, F): U, (F, T): T, (F, U): U, (F, F): F}


@pytest.mark.parametrize("pair", list(product(Truth, Truth)))
def test_all_and_any_are_kleenes(pair: tuple[Truth, Truth]) -> None:
    """`all` and `any` of two values are those of Kleene's strong three-valued logic."""
    assert all_of(pair) is ALL[pair]
    assert any_of(pair) is ANY[pair]


def test_negation() -> None:
    """`not` swaps true and false, and leaves unknown alone."""
    assert [negate(value) for value in (T, U, F)] == [F, U, T]


def test_nothing_at_all() -> None:
    """`all` of nothing is true and `any` of nothing is false."""
    assert all_of(()) is T
    assert any_of(()) is F


@pytest.mark.parametrize("values", list(product(Truth, repeat=3)))
def test_de_morgan(values: tuple[Truth, ...]) -> None:
    """Not all is any not, with three parts as with two."""
    assert negate(all_of(values)) is any_of(negate(value) for value in values)
