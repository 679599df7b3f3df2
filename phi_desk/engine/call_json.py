"""Reads tool calls from the JSON a model wrote; knows nothing of streams."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from phi_desk.engine.messages import ToolCall

_ARGUMENT_KEYS = ("arguments", "parameters")
_NAMING_KEYS = {"name", "type", "id"}  # what may stand in a call that has no arguments


def read_calls(written: str) -> tuple[ToolCall, ...]:
    """The calls in an object or an array of objects; empty where any of it is no call.

    Line breaks inside strings, which JSON forbids and models write, are accepted.
    """
    try:
        value = json.loads(written, strict=False)
        return tuple(_calls(value))
    except (ValueError, RecursionError):
        return ()


def _calls(value: object) -> Iterator[ToolCall]:
    if isinstance(value, list):
        for item in value:
            yield from _calls(item)
    elif isinstance(value, dict):
        yield _call(value)
    else:
        raise ValueError("a call is an object")  # noqa: TRY004 (read_calls catches one class)


def _call(value: dict[str, Any]) -> ToolCall:
    inner = value.get("function")  # the shape of OpenAI's interface
    if isinstance(inner, dict):
        value = inner
    name = value.get("name")
    if not isinstance(name, str) or not name:
        raise ValueError("a call has a name")
    return ToolCall(name, _arguments(value))


def _arguments(value: dict[str, Any]) -> dict[str, Any]:
    for key in _ARGUMENT_KEYS:
        if key in value:
            given = value[key]
            break
    else:
        if not value.keys() <= _NAMING_KEYS:
            raise ValueError("an object with a name and other things is no call")
        given = None
    if isinstance(given, str):
        given = json.loads(given, strict=False) if given.strip() else None
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise ValueError("arguments are an object")  # noqa: TRY004 (read_calls catches one class)
    return given
