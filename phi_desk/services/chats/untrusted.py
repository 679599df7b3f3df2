"""Reads the values of a document that anybody may have written; knows no file and no database."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, TypeVar

from phi_desk.services.chats.values import About

LARGEST_NUMBER = 10**15
LATEST_S = 250_000_000_000.0  # in the year 9892: every system can show it in every time zone
_ABSENT = object()

Kind = TypeVar("Kind")
Choice = TypeVar("Choice", bound=str)


class WrongError(Exception):
    """The document says something that no export says; the argument names the place."""


def field_of(value: Any, key: str, kind: type[Kind]) -> Kind:
    """The value of `key`, which must be there and be of that kind."""
    if not isinstance(value, dict):
        raise WrongError(key)
    return checked(value.get(key, _ABSENT), kind, key)


def checked(value: Any, kind: type[Kind], key: str) -> Kind:
    """`value` when it is of that kind; true and false are no numbers."""
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise WrongError(key)
    return value


def one_of(text: str, allowed: Sequence[Choice]) -> Choice:
    """`text` when it is one of those."""
    found = next((one for one in allowed if one == text), None)
    if found is None:
        raise WrongError(text)
    return found


def time_of(value: Any, key: str) -> float:
    """A moment as ISO 8601, in seconds since 1970."""
    try:
        seconds = datetime.fromisoformat(field_of(value, key, str)).timestamp()
    except (ValueError, OverflowError, OSError) as error:
        raise WrongError(key) from error
    if not 0 <= seconds < LATEST_S:
        raise WrongError(key)
    return seconds


def inner_path(text: str) -> str:
    """A path that leads into the export and nowhere else."""
    path = PurePosixPath(text)
    inside = not path.is_absolute() and ".." not in path.parts and path.parts
    if not inside or any(sign in text for sign in "\\:\0"):
        raise WrongError(text)
    return str(path)


def about_from(values: Mapping[str, Any]) -> About:
    """What is said of an answer; what is of a wrong kind counts as not said."""
    first = _number(values, "first_token_s")
    return About(
        reason=_text(values, "reason"),
        note=_text(values, "note"),
        adapter=_text(values, "adapter") or None,
        model=_text(values, "model"),
        prompt_tokens=int(_number(values, "prompt_tokens")),
        cached_tokens=int(_number(values, "cached_tokens")),
        output_tokens=int(_number(values, "output_tokens")),
        first_token_s=first if "first_token_s" in values else None,
        seconds=_number(values, "seconds"),
        error=_text(values, "error"),
        hint=_text(values, "hint"),
        left_out=_text(values, "left_out"),
    )


def _text(values: Mapping[str, Any], key: str) -> str:
    value = values.get(key)
    return value if isinstance(value, str) else ""


def _number(values: Mapping[str, Any], key: str) -> float:
    value = values.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    return value if math.isfinite(value) and abs(value) < LARGEST_NUMBER else 0.0
