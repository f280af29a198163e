"""Chance that can be had again: the same numbers for the same seed, name and block, whatever else is drawn.

A stream of numbers is named, and nothing else decides what comes: no other stream, no order of calls, no clock. numpy
promises that the bits of a Philox generator never change between its versions; of what it makes of them it does not, so
that is done here.
"""

from __future__ import annotations

from hashlib import blake2b
from statistics import NormalDist

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

_NORMAL = NormalDist()
_FINEST, _FURTHEST = 512, 6
_HEIGHTS = np.arange(-_FURTHEST * _FINEST, _FURTHEST * _FINEST + 1) / _FINEST
_BELOW = np.array([_NORMAL.cdf(float(height)) for height in _HEIGHTS])


@frozen
class Chance:
    """Where the numbers of one block of cases come from."""

    seed: int
    block: int

    def uniform(self, name: str, count: int) -> Numbers:
        """Numbers between 0 and 1, neither included; the first of many are the first of few."""
        digest = blake2b(f"{self.seed}/{self.block}/{name}".encode(), digest_size=16).digest()
        bits = np.random.Philox(key=int.from_bytes(digest, "little")).random_raw(count)
        numbers: Numbers = ((bits >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52
        return numbers

    def normal(self, name: str, count: int) -> Numbers:
        """Numbers around 0 as heights of people are around their mean, with a variance of 1."""
        return to_normal(self.uniform(name, count))


def to_normal(uniform: Numbers) -> Numbers:
    """The normal numbers that stand at the same places among all as the uniform ones."""
    normal: Numbers = np.interp(uniform, _BELOW, _HEIGHTS)
    return normal


def to_uniform(normal: Numbers) -> Numbers:
    """The way back."""
    uniform: Numbers = np.interp(normal, _HEIGHTS, _BELOW)
    return uniform
