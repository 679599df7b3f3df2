"""Reading json files that others wrote: every value is checked before it is believed.

Knows no model. A `Fields` is one json object with the name of its file, so that a wrong value is
reported as "config.json: hidden_size must be a whole number of 1 to 1,000,000."
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from phi_desk.errors import CheckpointError
from phi_desk.paths import read_regular

LARGEST_JSON: Final = 64 * 2**20  # bytes; the tokenizer's 15.5 MB is the largest of all
_HINT: Final = "Download the model's json files again."


class Fields:
    """A json object; `where` names it for the person."""

    def __init__(self, values: Mapping[str, Any], where: str) -> None:
        self.values = values
        self.where = where

    def __contains__(self, key: str) -> bool:
        return self.values.get(key) is not None

    def error(self, what: str) -> CheckpointError:
        """A `CheckpointError` about this object."""
        return CheckpointError(f"{self.where}: {what}.", _HINT)

    def inner(self, key: str, default: Mapping[str, Any] | None = None) -> Fields:
        """The object under `key`."""
        value = self.values.get(key, default)
        if not isinstance(value, dict):
            raise self.error(f"{key} must be an object")
        return Fields(value, f"{self.where}, {key}")

    def integer(self, key: str, default: int | None = None, *, least: int = 1,
                most: int = 1_000_000) -> int:  # fmt: skip
        """A whole number of `least` to `most`."""
        value = self._value(key, default)
        if type(value) is not int or not least <= value <= most:
            raise self.error(f"{key} must be a whole number of {least:,} to {most:,}")
        return value

    def number(self, key: str, default: float | None = None, *, least: float = 0.0,
               most: float = math.inf) -> float:  # fmt: skip
        """A finite number of `least` to `most`."""
        value = self._value(key, default)
        if not is_number(value) or not least <= value <= most:
            raise self.error(f"{key} must be a number of at least {least:g}")
        return float(value)

    def boolean(self, key: str, default: bool | None = None) -> bool:
        """True or false."""
        value = self._value(key, default)
        if not isinstance(value, bool):
            raise self.error(f"{key} must be true or false")
        return value

    def text(self, key: str, default: str | None = None, *, among: Sequence[str] = ()) -> str:
        """A text, one of `among` where that is given."""
        value = self._value(key, default)
        if not isinstance(value, str):
            raise self.error(f"{key} must be a text")
        if among and value not in among:
            raise self.error(f"{key} is {value[:60]!r}, and only {', '.join(among)} is supported")
        return value

    def numbers(self, key: str, length: int) -> list[float]:
        """A list of `length` finite numbers above 0."""
        value = self._value(key, None)
        if not isinstance(value, list) or len(value) != length:
            raise self.error(f"{key} must be a list of {length} numbers")
        if not all(is_number(item) and item > 0 for item in value):
            raise self.error(f"{key} must hold numbers above 0 only")
        return [float(item) for item in value]

    def ids(self, key: str) -> tuple[int, ...]:
        """One token id or a list of them; empty where the key is absent."""
        value = self.values.get(key)
        items = value if isinstance(value, list) else [] if value is None else [value]
        if not all(type(item) is int and 0 <= item < 10_000_000 for item in items):
            raise self.error(f"{key} must be a token id or a list of them")
        return tuple(items)

    def fixed(self, key: str, only: object, default: object = None) -> None:
        """Refuse every value of `key` but `only`: the model code knows no other."""
        value = self.values.get(key, default)
        if value is not None and value != only:
            raise self.error(f"{key} is {str(value)[:60]!r}, and only {only!r} is supported")

    def _value(self, key: str, default: object) -> Any:
        value = self.values.get(key)
        if value is not None:
            return value
        if default is None:
            raise self.error(f"{key} is missing")
        return default


def is_number(value: object) -> bool:
    """Whether a json value is a finite number (true and false are none)."""
    if isinstance(value, int) and not isinstance(value, bool):
        return abs(value) < 2**63
    return isinstance(value, float) and math.isfinite(value)


def read_fields(path: Path) -> Fields:
    """Read a json file that holds one object.

    Raises:
        CheckpointError: when it is missing, too large, no JSON or no object.
    """
    try:
        data = read_regular(path, LARGEST_JSON)
    except OSError as error:
        reason = error.strerror or str(error)
        raise CheckpointError(f"{path.name} cannot be read: {reason}.", _HINT) from error
    if data.startswith(b"version https://git-lfs"):
        raise CheckpointError(
            f"{path.name} is a Git LFS pointer, not the file itself.",
            "Fetch the files with `git lfs pull`, or with `phi-desk models download`.",
        )
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise CheckpointError(f"{path.name} is empty or no valid JSON.", _HINT) from None
    if not isinstance(value, dict):
        raise CheckpointError(f"{path.name} holds no JSON object.", _HINT)
    return Fields(value, path.name)
