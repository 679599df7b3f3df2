"""The ways in which a probe may look at a machine, so that a test can put another one there."""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from phi_desk.media.devices.commands import output_of


def read_text(path: str) -> str | None:
    """The text of a file; None when it cannot be read."""
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None


def has_library(file: str) -> bool:
    """Whether the system's loader finds a shared library."""
    try:
        ctypes.CDLL(file)
    except OSError:
        return False
    return True


def has_program(name: str) -> bool:
    """Whether a program of that name can be started."""
    return shutil.which(name) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A machine to look at; the defaults are this one.

    Attributes:
        system: as in `sys.platform`: "linux", "darwin", "win32".
        architecture: as in `platform.machine()`, lower case: "x86_64", "arm64", ...
        ask: what a program of the system says, given its command and seconds; None if nothing.
        is_root: whether this process may install system packages by itself.
    """

    system: str = sys.platform
    architecture: str = field(default_factory=lambda: platform.machine().lower())
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    read: Callable[[str], str | None] = read_text
    ask: Callable[[tuple[str, ...], float], str | None] = output_of
    has_library: Callable[[str], bool] = has_library
    has_program: Callable[[str], bool] = has_program
    is_root: bool = field(default_factory=lambda: hasattr(os, "geteuid") and os.geteuid() == 0)
