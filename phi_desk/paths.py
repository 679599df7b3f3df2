"""Where state lives: one home folder, and atomic replacement of the files in it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

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
