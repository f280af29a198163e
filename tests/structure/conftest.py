"""The engine's source, module by module, as it is parsed and not as it is imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

_ENGINE = Path(__file__).resolve().parents[2] / "engine"

Imports = Mapping[str, frozenset[str]]


def _name(file: Path) -> str:
    return ".".join(file.relative_to(_ENGINE).with_suffix("").parts).removesuffix(".__init__")


@pytest.fixture(scope="session")
def packages() -> frozenset[str]:
    """The modules that are folders."""
    return frozenset(_name(file) for file in _ENGINE.rglob("__init__.py"))


@pytest.fixture(scope="session")
def modules() -> Mapping[str, ast.Module]:
    """Every module of the engine, parsed, by its full name."""
    return {_name(file): ast.parse(file.read_bytes()) for file in _ENGINE.rglob("*.py")}


@pytest.fixture(scope="session")
def imports(modules: Mapping[str, ast.Module]) -> Imports:
    """What each module imports of ours, wherever in it, but not what only a type checker imports."""
    return _resolved(modules, {name: _statements(tree, functions=True) for name, tree in modules.items()})


@pytest.fixture(scope="session")
def imports_at_once(modules: Mapping[str, ast.Module]) -> Imports:
    """What each module imports of ours while it is itself imported."""
    return _resolved(modules, {name: _statements(tree, functions=False) for name, tree in modules.items()})


def _resolved(modules: Mapping[str, ast.Module], found: Mapping[str, Iterator[ast.stmt]]) -> Imports:
    imported = {name: {one for statement in found[name] for one in _named(statement)} for name in modules}
    return {name: frozenset(_longest(one, modules) for one in ones) - {""} for name, ones in imported.items()}


def _longest(name: str, modules: Mapping[str, ast.Module]) -> str:
    """The module of ours that the name is, or is a name of; or none."""
    while name and name not in modules:
        name = name.rpartition(".")[0]
    return name


def _statements(node: ast.AST, *, functions: bool) -> Iterator[ast.stmt]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        if functions or not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _statements(child, functions=functions)


def _named(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.ImportFrom):
        assert statement.level == 0, "imports are written in full"
        return [f"{statement.module}.{alias.name}" for alias in statement.names]
    assert isinstance(statement, ast.Import)
    return [alias.name for alias in statement.names]
