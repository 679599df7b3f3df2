"""The file home/settings.json: read with forgiveness, saved whole or not at all; knows no window.

Only what differs from the defaults is written, and only what changed since it was read is touched:
keys of other versions, and what somebody wrote by hand meanwhile, stay. A file that cannot be
understood is never overwritten: it is reported, and set aside when the next change is saved.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from phi_desk.errors import InputError
from phi_desk.paths import write_atomically
from phi_desk.settings.fields import as_json, options_of, read_part
from phi_desk.settings.schema import Settings

FILE = "settings.json"
Values = dict[str, Any]
Migration = Callable[[Values], Values]
MIGRATIONS: tuple[Migration, ...] = ()  # the first one leads from schema 1 to schema 2


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What was read, and in sentences what could not be."""

    settings: Settings
    notices: tuple[str, ...] = ()


class SettingsFile:
    """Reads and replaces the file, from one thread."""

    def __init__(self, path: Path, migrations: tuple[Migration, ...] = MIGRATIONS) -> None:
        self._path = path
        self._migrations = migrations
        self._known = Settings()  # as the file says

    @property
    def schema(self) -> int:
        """The number of the schema that is written."""
        return len(self._migrations) + 1

    def load(self) -> Loaded:
        """What the file says; defaults, with a notice, for what it says wrong."""
        try:
            values = self._values()
        except FileNotFoundError:
            self._known = Settings()
            return Loaded(settings=self._known)
        except _UnusableError as unusable:
            self._known = Settings()
            notice = f"The settings in “{self._path}” are not used: {unusable}."
            return Loaded(settings=self._known, notices=(notice,))
        wrong: list[str] = []
        self._known = _settings(values, wrong)
        notices = tuple(f"The setting “{name}” in “{self._path}” is not used." for name in wrong)
        return Loaded(settings=self._known, notices=notices)

    def save(self, settings: Settings) -> None:
        """Keep what changed since it was read or saved.

        Raises:
            InputError: the file cannot be written, or a newer version of the program wrote it.
        """
        try:
            try:
                values = self._values()
            except FileNotFoundError:
                values = {}
            except _NewerError as newer:
                raise InputError(
                    f"“{self._path}” was written by a newer version of Phi Desk.",
                    "Use that version, or move the file away.",
                    (str(newer),),
                ) from newer
            except _UnusableError:
                self._path.rename(_free_name(self._path))
                values, self._known = {}, Settings()
            _put_changes(values, self._known, settings)
            text = json.dumps({"schema": self.schema, **values}, indent=2, ensure_ascii=False)
            write_atomically(self._path, text.encode("utf-8", "replace") + b"\n")
        except OSError as error:
            raise InputError(
                f"“{self._path}” cannot be written: {error.strerror or error}.",
                "Check the permissions and the free space.",
            ) from error
        self._known = settings

    def _values(self) -> Values:
        """The parts as the file has them, brought to this schema.

        Raises `_UnusableError` with a reason; FileNotFoundError.
        """
        try:
            content = json.loads(self._path.read_text(encoding="utf-8-sig"))
        except FileNotFoundError:
            raise
        except OSError as error:
            raise _UnusableError(error.strerror or str(error)) from error
        except (ValueError, RecursionError) as error:
            raise _UnusableError("the file is damaged") from error
        schema = content.pop("schema", None) if isinstance(content, dict) else None
        if type(schema) is not int or schema < 1:
            raise _UnusableError("the file is damaged")
        if schema > self.schema:
            raise _NewerError(f"a newer version wrote them (schema {schema})")
        for step in self._migrations[schema - 1 :]:
            content = _stepped(step, content)
        return dict(content)


class _UnusableError(Exception):
    """The argument says why, as the end of a sentence."""


class _NewerError(_UnusableError):
    """A newer version wrote it."""


def _stepped(step: Migration, values: Values) -> Values:
    try:
        return step(values)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _UnusableError("the file is damaged") from error


def _settings(values: Values, wrong: list[str]) -> Settings:
    """The settings that `values` say; the names of what is not right go to `wrong`."""
    plain = Settings()
    parts: dict[str, Any] = {}
    for one in options_of(plain):
        part = values.get(one.name, {})
        if not isinstance(part, dict):
            wrong.append(one.name)
            continue
        *failed, parts[one.name] = read_part(getattr(plain, one.name), part)
        wrong += [f"{one.name}.{name}" for name in failed]
    return replace(plain, **parts)


def _put_changes(values: Values, before: Settings, after: Settings) -> None:
    """Write into `values` what differs; what is a default again is taken out."""
    for part, name, old, new, default in _options(before, after):
        if old == new:
            continue
        place = values.setdefault(part, {})
        if not isinstance(place, dict):
            place = values[part] = {}
        if new == default:
            place.pop(name, None)
        else:
            place[name] = as_json(new)
        if not place:
            del values[part]


def _options(before: Settings, after: Settings) -> Iterator[tuple[str, str, Any, Any, Any]]:
    plain = Settings()
    for part in options_of(after):
        old, new, default = (getattr(one, part.name) for one in (before, after, plain))
        for one in options_of(new):
            values = (getattr(which, one.name) for which in (old, new, default))
            yield (part.name, one.name, *values)


def _free_name(path: Path) -> Path:
    number = 1
    while (free := path.with_name(f"{path.name}.broken-{number}")).exists():
        number += 1
    return free
