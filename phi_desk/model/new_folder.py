"""A folder that appears whole or not at all; knows no model."""

from __future__ import annotations

import errno
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from phi_desk.errors import DoesNotFitError, UsageError

SMALL_FILES: Final = 64 * 10**6  # bytes: tokenizer, json files and headers, with room to spare


def unused(out: Path) -> Path:
    """`out` as a full path.

    Raises:
        UsageError: when it exists and is not an empty folder.
    """
    try:
        in_use = out.is_symlink() or (out.exists() and (not out.is_dir() or any(out.iterdir())))
        full = out.resolve()
    except OSError as error:
        raise UsageError(f"{out} cannot be used: {error.strerror}.") from error
    if in_use:
        raise UsageError(f"{out} exists and is not empty.", "Name a new folder.")
    return full


@contextmanager
def new_folder(out: Path, needed: int) -> Iterator[Path]:
    """A new folder beside `out` that becomes `out` at the end; after an exception it is removed.

    `out` is a full path as `unused` gives it; `needed` bytes must be free on its disk.

    Raises:
        DoesNotFitError: when the disk has too little room, at the start or later.
        UsageError: when the folder cannot be written.
    """
    temporary = out.with_name(f".{out.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _check_room(out.parent, needed)
        temporary.mkdir()
        yield temporary
        if out.exists():
            out.rmdir()  # empty, as checked: a folder cannot be renamed onto it everywhere
        temporary.rename(out)
        _sync(out.parent)
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise DoesNotFitError(
                f"The disk is full at {out.parent}.", "Make room, and start again."
            ) from error
        raise UsageError(
            f"{out} cannot be written: {error.strerror or error}.", "Name another folder."
        ) from error
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def _check_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise DoesNotFitError(
            f"This needs {needed / 1e9:.1f} GB on disk, {free / 1e9:.1f} GB are free at {folder}.",
            "Make room, or name a folder on another disk.",
        )


def _sync(folder: Path) -> None:
    """Make the new name last over a power cut, where folders can be opened."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
