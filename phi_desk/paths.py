"""Where state lives: one home folder, and files that are replaced whole and read to their end."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from pathlib import Path
from typing import BinaryIO

HOME_VARIABLE = "PHI_DESK_HOME"


def home_folder(choice: Path | None = None) -> Path:
    """The folder of all state: `choice`, else `PHI_DESK_HOME`, else the system's own place."""
    if choice is not None:
        return choice.expanduser()
    if named := os.environ.get(HOME_VARIABLE):
        return Path(named).expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir("phi-desk", appauthor=False))


def resources_folder() -> Path:
    """The folder `resources/` that travels with the program."""
    return Path(__file__).resolve().parent.parent / "resources"


def open_regular(path: Path) -> BinaryIO:
    """Open a file that has an end: reading a pipe or a device might wait or go on for ever.

    Raises:
        OSError: it cannot be opened, or is no regular file.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise OSError(errno.EINVAL, "It is not a regular file", str(path))
        return path.open("rb")
    except ValueError as error:  # a zero character in the name
        raise OSError(errno.EINVAL, "No file has such a name", str(path)) from error


def read_regular(path: Path, most: int) -> bytes:
    """All bytes of a regular file of at most `most` bytes.

    Raises:
        OSError: it cannot be read, is no regular file, or is larger.
    """
    with open_regular(path) as file:
        data = file.read(most + 1) if os.fstat(file.fileno()).st_size <= most else None
    if data is None or len(data) > most:
        raise OSError(errno.EFBIG, "It is too large", str(path))
    return data


def write_atomically(path: Path, data: bytes) -> None:
    """Replace `path` by `data` so that a reader sees the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
