"""Options as fields of frozen dataclasses: each with its sentence, read from JSON by its type."""

from __future__ import annotations

import math
import types
from collections.abc import Iterator
from dataclasses import Field, field, fields, replace
from functools import cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from phi_desk.errors import PhiDeskError

SENTENCE = "sentence"

Value = TypeVar("Value")
Part = TypeVar("Part")


class WrongTypeError(Exception):
    """A value of JSON is not of its option's type."""


def option(default: Value, sentence: str) -> Value:
    """A field with its default and what it does, in a sentence for the person."""
    return field(default=default, metadata={SENTENCE: sentence})


def sentence_of(part: object, name: str) -> str:
    """What an option of a part does."""
    return next(str(one.metadata[SENTENCE]) for one in options_of(part) if one.name == name)


def options_of(part: object) -> tuple[Field[Any], ...]:
    """The options of a part, in order."""
    return fields(cast("Any", part))


def read_part(part: Part, values: dict[str, Any]) -> Iterator[Part | str]:
    """`part` with what `values` say, last; before it the name of each value that is not right.

    Values for options that are not there are passed over.
    """
    known: dict[str, Any] = {}
    hints: dict[str, Any] = _hints(cast("Any", type(part)))
    for one in options_of(part):
        if one.name in values:
            try:
                known[one.name] = converted(values[one.name], hints[one.name])
            except WrongTypeError:
                yield one.name
    try:
        yield replace(cast("Any", part), **known)
    except PhiDeskError:
        yield from _one_by_one(part, known)


def converted(value: Any, hint: Any) -> Any:
    """A value of JSON as the type that `hint` says. Raises `WrongTypeError`."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _first_fit(value, get_args(hint))
    if origin is Literal:
        fits, result = value in get_args(hint), value
    elif origin is tuple:
        fits = isinstance(value, list)
        result = tuple(converted(one, get_args(hint)[0]) for one in value) if fits else ()
    elif hint is float:
        fits = isinstance(value, int | float) and not isinstance(value, bool)
        fits = fits and math.isfinite(value)
        result = float(value) if fits else 0.0
    elif hint is int:
        fits, result = isinstance(value, int) and not isinstance(value, bool), value
    elif hint is types.NoneType:
        fits, result = value is None, None
    else:
        fits, result = isinstance(value, hint), value
    if not fits:
        raise WrongTypeError
    return result


def as_json(value: Any) -> Any:
    """The value of an option as JSON has it."""
    return list(value) if isinstance(value, tuple) else value


def _one_by_one(part: Part, known: dict[str, Any]) -> Iterator[Part | str]:
    """As `read_part`, where the values do not go together."""
    for name, value in known.items():
        try:
            part = replace(cast("Any", part), **{name: value})
        except PhiDeskError:
            yield name
    yield part


def _first_fit(value: Any, hints: tuple[Any, ...]) -> Any:
    for hint in hints:
        try:
            return converted(value, hint)
        except WrongTypeError:
            continue
    raise WrongTypeError


@cache
def _hints(part: type) -> dict[str, Any]:
    return get_type_hints(part)
