"""A reader with every fault that the others must not have: proof that each would be found."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from phi_desk.errors import InputError
from robustness.reader import Case, Outcome, Reader

HUNDRED_MB = 100_000_000
_kept: list[bytes] = []


def _crash() -> None:
    os.abort()


def _hang() -> None:
    time.sleep(600)


def _raise() -> None:
    raise KeyError("x")


def _shout() -> None:
    os.write(2, b"libfoo: warning\n")


def _waste() -> None:
    _kept.append(b"x" * 25 * HUNDRED_MB)


def _mumble() -> None:
    raise InputError("bad", "Do something.")


def _leave_alone() -> None:
    raise InputError("It is bad.")


def _refuse() -> None:
    raise InputError("It is bad.", "Get another one.")


def _accept() -> None:
    return None


FAULTS: tuple[tuple[Callable[[], None], Outcome | None, str], ...] = (
    (_raise, None, "KeyError"),
    (_shout, None, "libfoo"),
    (_mumble, None, "no sentence"),
    (_leave_alone, None, "no hint"),
    (_refuse, "read", "must have been read"),
    (_accept, "refused", "must have been refused"),
    (_crash, None, "ended its process (-6)"),
    (_hang, None, "Timeout"),
    (_waste, None, "GB of memory"),
    (_refuse, None, ""),
    (_accept, "read", ""),
)


def _make(seed: int, folder: Path) -> Case:
    path = folder / f"{seed}.txt"
    path.write_text(str(seed))
    return Case(path=path, what=FAULTS[seed][0].__name__, must=FAULTS[seed][1])


def _read(path: Path) -> str:
    FAULTS[int(path.read_text())][0]()
    return "done"


FAULTY = Reader(
    name="faulty",
    make=_make,
    valid=lambda folder: None,
    examples=None,
    write=lambda valid, example, folder: folder,
    read=_read,
    modules=(),
)
