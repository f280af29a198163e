"""One name means one thing, and there are few modules."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Mapping

MOST_MODULES = 273
"""Without the packages themselves."""

SHARED_STEMS = {
    "cases": "the section on the cases: as blocks, and as the values that the page has for it",
    "conclusions": "conclusions: as they are read, drawn, and reported",
    "conditions": "conditions: as they are read, and over whole columns",
    "criteria": "criteria: as they are read, judged case by case, and judged over whole columns",
    "dictionary": "the dictionary: what it is, and how it is read",
    "examples": "the examples of a criterion: as they are read, and as they are screened",
    "load": "the one function by which a package reads what it is there for",
    "screening": "a screening: what it is, case by case, and over whole columns",
    "workbook": "a workbook of ours: cases, and the report",
}
"""The file names that two packages may have in common, and what they mean in each of them."""

MOST_SHARED_STEMS = 10


def test_there_are_few_modules(modules: Mapping[str, ast.Module], packages: frozenset[str]) -> None:
    """Who looks for something has few places to look in."""
    number = len(_named(modules, packages))
    assert number <= MOST_MODULES, f"there are {number} modules"


def test_a_class_name_means_one_thing(modules: Mapping[str, ast.Module]) -> None:
    """No public class has the name of another one."""
    homes = defaultdict(list)
    for module, tree in modules.items():
        for one in tree.body:
            if isinstance(one, ast.ClassDef) and not one.name.startswith("_"):
                homes[one.name].append(module)
    assert not {name: where for name, where in homes.items() if len(where) > 1}


def test_a_file_name_means_one_thing(modules: Mapping[str, ast.Module], packages: frozenset[str]) -> None:
    """No file is called like that of another package, but for the few that mean the same in each."""
    homes = defaultdict(list)
    for module in sorted(_named(modules, packages)):
        homes[module.rpartition(".")[2]].append(module)
    shared = {stem: where for stem, where in homes.items() if len(where) > 1}
    assert not {stem: where for stem, where in shared.items() if stem not in SHARED_STEMS}
    assert len(shared) <= MOST_SHARED_STEMS, f"{len(shared)} names are shared: {', '.join(sorted(shared))}"


def _named(modules: Mapping[str, ast.Module], packages: frozenset[str]) -> set[str]:
    """The modules whose names are ours: what makes a package a command has the name that Python gives it."""
    return {module for module in modules.keys() - packages if not module.endswith(".__main__")}
