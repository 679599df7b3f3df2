"""Writes what is exported: a file, a folder or a zip, whole or not at all; knows no feature."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from phi_desk.errors import InputError, UsageError

LONGEST_NAME = 80  # letters, so that no system's limit is met
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')  # in names on Windows; elsewhere a few less
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


@dataclass(frozen=True, slots=True)
class Content:
    """One file of an export: words, or a copy of another file."""

    source: str | Path


Step = Callable[[int, int], None]  # before each file: done, all; what it raises ends the writing


def _no_step(_done: int, _all: int) -> None:
    """Nobody waits for it."""


def write_file(target: Path, text: str, *, replace: bool = False) -> None:
    """Write one text file.

    Raises:
        UsageError: it exists and shall not be replaced.
        InputError: it cannot be written.
    """
    write_package(target, {target.name: Content(text)}, form="file", replace=replace)


def write_package(
    target: Path,
    contents: Mapping[str, Content],
    *,
    form: str = "auto",
    replace: bool = False,
    step: Step = _no_step,
) -> None:
    """Write `contents`, by path below the target, to a new folder, or to a zip by its suffix.

    With `form="file"` they go beside each other into the target's folder. Where `step` raises,
    nothing is left behind.

    Raises:
        UsageError: the target exists and shall not be replaced.
        InputError: it cannot be written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if form == "file":
            _write_beside(target, contents, step, replace=replace)
        elif target.suffix.lower() == ".zip":
            _write_zip(target, contents, step, replace=replace)
        else:
            _write_folder(target, contents, step)
    except OSError as error:
        raise InputError(
            f"“{target}” cannot be written: {error.strerror or error}.",
            "Check the permissions and the free space, or choose another place.",
        ) from error


def safe_name(name: str, fallback: str) -> str:
    """`name` as a file may be called on every system; `fallback` where nothing is left of it."""
    name = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    name = " ".join(_FORBIDDEN.sub(" ", name).split()).strip(". ")
    stem, dot, suffix = name.rpartition(".")
    if dot and len(suffix) <= 8:
        name = f"{stem[: LONGEST_NAME - len(suffix) - 1].rstrip('. ')}.{suffix}"
    else:
        name = name[:LONGEST_NAME].rstrip(". ")
    if not name or _DEVICES.fullmatch(name):
        return fallback
    return name


class Names:
    """Gives names of files that differ on every system, where capital letters do not count."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def free(self, name: str) -> str:
        """`name`, or the first of name-2, name-3 … that is not taken yet."""
        stem, dot, suffix = name.rpartition(".")
        stem, end = (stem, f".{suffix}") if dot and stem else (name, "")
        number, candidate = 1, name
        while candidate.casefold() in self._taken:
            number += 1
            candidate = f"{stem}-{number}{end}"
        self._taken.add(candidate.casefold())
        return candidate


def _write_beside(
    target: Path, contents: Mapping[str, Content], step: Step, *, replace: bool
) -> None:
    places = {target.parent / name: content for name, content in contents.items()}
    for place in places:
        _refuse_existing(place, replace=replace)
    parts: dict[Path, Path] = {}
    try:
        for done, (place, content) in enumerate(places.items()):
            step(done, len(places))
            place.parent.mkdir(parents=True, exist_ok=True)
            parts[place] = _new_part(place)
            _put(parts[place], content)
        for place, part in parts.items():
            part.replace(place)
    except BaseException:
        for part in parts.values():
            part.unlink(missing_ok=True)
        raise


def _new_part(place: Path) -> Path:
    handle, name = tempfile.mkstemp(".part", f".{place.name[:40]}.", place.parent)
    os.close(handle)
    return Path(name)


def _write_zip(target: Path, contents: Mapping[str, Content], step: Step, *, replace: bool) -> None:
    _refuse_existing(target, replace=replace)
    handle, name = tempfile.mkstemp(".part", f".{target.name[:40]}.", target.parent)
    part = Path(name)
    try:
        with (
            open(handle, "wb") as file,  # noqa: PTH123  (a handle, not a path)
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive,
        ):
            for done, (inner, content) in enumerate(contents.items()):
                step(done, len(contents))
                if isinstance(content.source, Path):  # media are compressed already
                    archive.write(content.source, inner, compress_type=zipfile.ZIP_STORED)
                else:
                    archive.writestr(inner, content.source)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _write_folder(target: Path, contents: Mapping[str, Content], step: Step) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(
            f"“{target}” exists already.", "Choose a new folder, or a name that ends in .zip."
        )
    part = Path(tempfile.mkdtemp(".part", f".{target.name[:40]}.", target.parent))
    try:
        for done, (inner, content) in enumerate(contents.items()):
            step(done, len(contents))
            place = part / inner
            place.parent.mkdir(parents=True, exist_ok=True)
            _put(place, content)
        part.chmod(0o755)
        if target.exists():
            target.rmdir()
        part.rename(target)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _put(place: Path, content: Content) -> None:
    if isinstance(content.source, Path):
        shutil.copyfile(content.source, place)
    else:
        place.write_text(content.source, encoding="utf-8", newline="\n")


def _refuse_existing(place: Path, *, replace: bool) -> None:
    if place.is_dir():
        raise UsageError(f"“{place}” is a folder.", "Give another name.")
    if place.exists() and not replace:
        raise UsageError(f"“{place}” exists already.", "Choose another name, or remove it first.")
