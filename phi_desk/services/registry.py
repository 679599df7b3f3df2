"""The file home/models.json: folders added by name, and the chosen default; knows no model.

A file that cannot be read is never overwritten: it is reported, and set aside when the next
change is saved.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from phi_desk.errors import InputError
from phi_desk.paths import read_regular, write_atomically

SCHEMA = 1
LONGEST_PATH = 32_768  # bytes; no system has longer ones
LARGEST = 2**24  # bytes; what a person adds by hand is a thousandth of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """What the person chose; `notice` says in a sentence why the file could not be used."""

    added: Mapping[str, Path] = field(default_factory=lambda: MappingProxyType({}))
    default: str | None = None
    notice: str = ""


class RegistryFile:
    """Reads and replaces the file; nothing is kept in memory, so that two programs agree."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Registry:
        """What the file says; an empty registry with a notice where it cannot be understood."""
        try:
            content = json.loads(read_regular(self._path, LARGEST))
            return _parse(content)
        except FileNotFoundError:
            return Registry()
        except _NewerSchemaError as newer:
            why = f"it was written by a newer version (schema {newer})"
        except OSError as failure:
            why = failure.strerror or str(failure)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            why = "it is damaged"
        notice = (
            f"The list of added models in {self._path} is not used: {why}. "
            "Downloaded models and folders still work."
        )
        return Registry(notice=notice)

    def save(self, registry: Registry) -> None:
        """Replace the file; one that could not be read is set aside first.

        Raises:
            InputError: it cannot be written, or a newer version of the program wrote it.
        """
        content = {
            "schema": SCHEMA,
            "default": registry.default,
            "models": [
                {"name": name, "folder": str(folder)} for name, folder in registry.added.items()
            ],
        }
        try:
            self._set_aside_when_broken()
            text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
            write_atomically(self._path, text.encode())
        except (OSError, UnicodeEncodeError) as failure:
            raise InputError(
                f"{self._path} cannot be written.",
                "Check the permissions, or choose another place with --home.",
                (str(failure),),
            ) from failure

    def _set_aside_when_broken(self) -> None:
        try:
            _parse(json.loads(read_regular(self._path, LARGEST)))
        except FileNotFoundError:
            return
        except _NewerSchemaError as newer:
            raise InputError(
                f"{self._path} was written by a newer version of Phi Desk (schema {newer}).",
                "Use that version, or move the file away.",
            ) from newer
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            self._path.rename(_free_name(self._path))


class _NewerSchemaError(Exception):
    """The argument is the number found."""


def _parse(content: Any) -> Registry:
    """Raises ValueError, TypeError or KeyError for what this version never wrote."""
    schema = content["schema"]
    if type(schema) is not int or schema < 1:
        raise ValueError(schema)
    if schema > SCHEMA:
        raise _NewerSchemaError(schema)
    added = {}
    for model in content["models"]:
        if not isinstance(model["name"], str) or not isinstance(model["folder"], str):
            raise TypeError(model)
        if "\0" in model["folder"] or len(model["folder"].encode()) > LONGEST_PATH:
            raise ValueError(model)  # UnicodeEncodeError, which is one too: half a character
        added[model["name"]] = Path(model["folder"])
    default = content["default"]
    if default is not None and not isinstance(default, str):
        raise TypeError(default)
    return Registry(added=MappingProxyType(added), default=default)


def _free_name(path: Path) -> Path:
    number = 1
    while (free := path.with_name(f"{path.name}.broken-{number}")).exists():
        number += 1
    return free
