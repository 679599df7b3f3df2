"""Which system packages are missing, and the exact line that installs them; installs nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from phi_desk.paths import resources_folder
from phi_desk.services.doctor.finding import Finding
from phi_desk.services.doctor.machine import Machine

LIST = "system-packages.toml"
# Manager -> (its program, the line that installs), in the order they are looked for.
MANAGERS = {
    "apt": ("apt-get", "apt-get install -y"),
    "dnf": ("dnf", "dnf install"),
    "pacman": ("pacman", "pacman -S"),
    "zypper": ("zypper", "zypper install"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """A shared library of the system: its file, what it is for, and its package by manager."""

    file: str
    purpose: str
    package: dict[str, str]


def listed(folder: Path | None = None) -> tuple[Library, ...]:
    """The libraries this program needs from a Linux system."""
    text = ((folder or resources_folder()) / LIST).read_text(encoding="utf-8")
    return tuple(
        Library(
            file=str(row["file"]),
            purpose=str(row["purpose"]),
            package={manager: str(row[manager]) for manager in MANAGERS},
        )
        for row in tomllib.loads(text).get("library", [])
    )


def missing(machine: Machine, libraries: Sequence[Library]) -> tuple[Library, ...]:
    """Those that are not there; wheels bring all of them on macOS and Windows."""
    if not machine.system.startswith("linux"):
        return ()
    return tuple(one for one in libraries if not machine.has_library(one.file))


def install_line(machine: Machine, libraries: Sequence[Library]) -> str:
    """What to type to install them on this machine."""
    sudo = "" if machine.is_root else "sudo "
    for manager, (program, line) in MANAGERS.items():
        if machine.has_program(program):
            return f"{sudo}{line} " + " ".join(one.package[manager] for one in libraries)
    return "Install, with your system's tool: " + ", ".join(one.file for one in libraries)


def system_packages(machine: Machine, libraries: Sequence[Library] | None = None) -> Finding:
    """What is missing, for what, and how to install it."""
    absent = missing(machine, listed() if libraries is None else libraries)
    if not absent:
        return Finding(name="system packages", value="complete")
    return Finding(
        name="system packages",
        value="; ".join(f"{one.file} is not there ({one.purpose})" for one in absent),
        state="missing",
        hint=install_line(machine, absent),
    )
