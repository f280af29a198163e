"""Turning the plain parts of a rule file into values: nothing is converted, and every mistake is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from enum import Enum
from typing import Any, TypeVar

from attrs import fields, has
from cattrs import BaseValidationError, Converter
from cattrs.errors import AttributeValidationNote, ForbiddenExtraKeysError
from cattrs.gen import make_dict_structure_fn, override

from casescreen.model.dictionary import Field, Kind, Mismatch, Value
from casescreen.syntax.rule_file import Spot
from casescreen.syntax.toml_lines import KeyPath
from casescreen.text import did_you_mean, in_words, listed, nearest

T = TypeVar("T")

_HOW_TO_ADD = {
    "bands": "Add [bands], and a [[bands.band]] for each.",
    "columns": "Add a [tables.name.columns.name] for each.",
    "documents": "Add a [documents.name] for each.",
    "fields": "Add a [fields.section.name] for each.",
    "source": 'Add source = { document = "...", paragraph = "..." }.',
    "themes": "Add a [themes.folder] for each.",
}


class _WrongShapeError(ValueError):
    """A value is not of the type that its key takes."""

    def __init__(self, what: str, advice: str) -> None:
        self.what = what
        self.advice = advice
        super().__init__(what)


def structure(raw: object, spec: type[T], spot: Spot) -> T | None:
    """The value that a part of a file states, or None after telling everything that is wrong with it."""
    if not isinstance(raw, dict):
        spot.tell("this is not a group of keys", f"Write a table with the keys {_keys_in_words(spec)}.")
        return None
    try:
        return _CONVERTER.structure(raw, spec)
    except BaseValidationError as error:
        for path, leaf in _leaves(error, ()):
            _tell(leaf, spot.at(*path))
        return None


def _leaves(error: Exception, path: KeyPath) -> Iterator[tuple[KeyPath, Exception]]:
    if not isinstance(error, BaseValidationError):
        yield path, error
        return
    for inner in error.exceptions:
        notes = (note for note in getattr(inner, "__notes__", ()) if isinstance(note, AttributeValidationNote))
        yield from _leaves(inner, path + tuple(_written(note.name) for note in notes))


def _tell(error: Exception, spot: Spot) -> None:
    match error:
        case _WrongShapeError():
            spot.tell(f'"{spot.path[-1]}": {error.what}', error.advice)
        case KeyError():
            key = error.args[0]
            spot.tell(f'"{key}" is missing', _HOW_TO_ADD.get(key, f"Add a line {key} = ..."))
        case ForbiddenExtraKeysError():
            for key in sorted(error.extra_fields):
                unknown_key(key, _keys(error.cl), spot)
        case _:  # pragma: no cover - nothing else is raised by the hooks below
            raise error


def unknown_key(key: str, known: tuple[str, ...], spot: Spot) -> None:
    """Tell that a key means nothing here."""
    meant = nearest(key, known)
    advice = f'Did you mean "{meant}"?' if meant else f"What can stand here: {listed(known)}."
    spot.at(key).tell(f'"{key}" means nothing here', advice)


def _keys(spec: type) -> tuple[str, ...]:
    return tuple(_written(attribute.name) for attribute in fields(spec))


def _keys_in_words(spec: type) -> str:
    return ", ".join(_keys(spec))


def _written(attribute: str) -> str:
    """The key of an attribute: those that Python keeps for itself end in an underscore in the specs."""
    return attribute.rstrip("_")


def _plain(kind: Kind) -> Callable[[object, object], Any]:
    """A reader of plain values, with the same strictness and the same words as for the values of a record."""
    field = Field("", "", kind, "")

    def read(raw: object, _: object) -> Value:
        value = field.read(raw)
        if isinstance(value, Mismatch):
            raise _WrongShapeError(value.what, value.advice)
        return value

    return read


def _text(raw: object, _: object) -> str:
    if isinstance(raw, str) and not raw.strip():
        raise _WrongShapeError("the text is empty", "Say something here, or leave the line out if it is optional.")
    return str(_plain(Kind.TEXT)(raw, str))


def _texts(raw: object, _: object) -> tuple[str, ...]:
    if not isinstance(raw, list):
        raise _WrongShapeError("this is not a list", 'Write a list of texts, as in ["one", "another"].')
    return tuple(_text(item, str) for item in raw)


def _word(raw: object, kind: type[Enum]) -> Enum:
    words = [str(member.value) for member in kind]
    if raw not in words:
        shown = f'"{raw}"' if isinstance(raw, str) else in_words(raw)
        raise _WrongShapeError(f"{shown} is not one of the words allowed here", did_you_mean(str(raw), words))
    return kind(raw)


def _group(spec: type, converter: Converter) -> Callable[[Any, Any], Any]:
    renamed: dict[str, Any] = {
        a.name: override(rename=_written(a.name)) for a in fields(spec) if a.name != _written(a.name)
    }
    read: Callable[[Any, Any], Any] = make_dict_structure_fn(
        spec,
        converter,
        _cattrs_forbid_extra_keys=True,
        _cattrs_detailed_validation=True,
        **renamed,
    )

    def checked(raw: object, target: type) -> Any:  # noqa: ANN401 - the type is the spec's
        if not isinstance(raw, dict):
            raise _WrongShapeError("this is not a group of keys", f"Write {{ {_keys_in_words(spec)} }}.")
        return read(raw, target)

    return checked


def _strict_converter() -> Converter:
    """Left alone, cattrs would read "15" as 15 and a text as a list of letters; these hooks convert nothing."""
    converter = Converter(forbid_extra_keys=True)
    converter.register_structure_hook(str, _text)
    converter.register_structure_hook(int, _plain(Kind.NUMBER))
    converter.register_structure_hook(bool, _plain(Kind.YES_NO))
    converter.register_structure_hook(date, _plain(Kind.DATE))
    converter.register_structure_hook_func(lambda kind: kind == tuple[str, ...], _texts)
    converter.register_structure_hook_func(lambda kind: isinstance(kind, type) and issubclass(kind, Enum), _word)
    converter.register_structure_hook_factory(has, lambda spec: _group(spec, converter))
    return converter


_CONVERTER = _strict_converter()
