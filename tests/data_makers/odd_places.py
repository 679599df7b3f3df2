"""What may stand where a file is expected and is none; knows no format.

Every kind must be refused by every reader: at once, without waiting for bytes that never come and
without reading bytes that never end.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path


def _folder(path: Path) -> None:
    path.mkdir()


def _pipe(path: Path) -> None:
    os.mkfifo(path)  # opening it waits for a writer, and there is none


def _socket(path: Path) -> None:
    here = Path.cwd()
    with socket.socket(socket.AF_UNIX) as listening:
        os.chdir(path.parent)  # a socket's whole path may have 107 bytes only
        try:
            listening.bind(path.name)
        finally:
            os.chdir(here)


def _leads_nowhere(path: Path) -> None:
    path.symlink_to(path.with_name("not-there"))


def _leads_to_itself(path: Path) -> None:
    path.symlink_to(path)


def _nothing(path: Path) -> None:
    path.symlink_to("/dev/null")


def _never_ends(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _locked(path: Path) -> None:
    path.write_bytes(b"nobody may read this")
    path.chmod(0)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


KINDS: dict[str, Callable[[Path], None]] = {
    "folder": _folder,
    "pipe": _pipe,
    "socket": _socket,
    "link to nothing": _leads_nowhere,
    "link to itself": _leads_to_itself,
    "no bytes": _empty,
    "null device": _nothing,
    "endless device": _never_ends,
    "locked file": _locked,
}


def place(kind: str, path: Path) -> Path:
    """Put a thing of `kind` at `path`, in place of whatever is there."""
    if path.is_symlink() or path.exists():
        path.unlink()
    KINDS[kind](path)
    return path


def forget_privileges() -> None:
    """Let this process be refused what a plain user is refused, also where it runs as root.

    Linux only: takes the rights to read and search everything from the process's capabilities.
    """
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    head = (ctypes.c_uint32 * 2)(0x20080522, 0)  # version 3, this process
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable: low words, then high
    if libc.capget(head, sets) == 0:
        for word in (0, 1):
            sets[word] &= ~0b110  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH
        libc.capset(head, sets)
