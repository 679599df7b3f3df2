"""The demo model that comes with the program: where it lies, and what must be said about it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from phi_desk.paths import resources_folder

EMBEDDED: Final = "nano"  # its name in the catalogue
HONEST: Final = (
    "Demo model: knows phrases about travel, numbers, time and shopping; "
    "for everything else get the full model."
)
SUMS: Final = "SHA256SUMS"  # lies in its folder and names every other file


def embedded_folder() -> Path:
    """Where the embedded model lies, in a copy of the program that has one."""
    return resources_folder() / "models" / EMBEDDED


def has_embedded() -> bool:
    """Whether this copy of the program has an embedded model."""
    return (embedded_folder() / "config.json").is_file()


def demo_sentence(folder: Path) -> str:
    """What a person must know where the model in `folder` is used; empty for every other model."""
    return HONEST if _same(folder, embedded_folder()) else ""


def changed_files(folder: Path) -> tuple[str, ...]:
    """Files of the embedded model that are not as they came with the program, or not there.

    Its list of checksums is one of them where it cannot be read.
    """
    try:
        lines = (folder / SUMS).read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):
        return (SUMS,)
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    return tuple(name for name, digest in listed.items() if _checksum(folder / name) != digest)


def _checksum(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return one == other
