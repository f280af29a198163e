"""Modules import one another one way; import-linter holds the packages, as pyproject.toml has them."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

import pytest


def test_no_import_comes_back(imports_at_once: Mapping[str, frozenset[str]]) -> None:
    """No module is needed for its own import."""
    try:
        TopologicalSorter(imports_at_once).prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(reversed(circle.args[1])))


def test_no_two_modules_import_each_other(imports: Mapping[str, frozenset[str]]) -> None:
    """Also not inside functions: two modules that need each other are one."""
    pairs = {(one, other) for one, others in imports.items() for other in others if one < other}
    assert not {(one, other) for one, other in pairs if one in imports[other]}
