"""Names the program that writes something long, so that another one knows when it has died."""

from __future__ import annotations

import os
from functools import cache

_CLOCK_S = 2.0  # how far the system's own accounts of a program's start may differ


@cache
def _started(number: int) -> float:
    import psutil

    return float(psutil.Process(number).create_time())


def this_writer() -> str:
    """The mark of this program: its number, and when it started, because numbers come again."""
    number = os.getpid()
    return f"{number}:{_started(number):.2f}"


def is_alive(mark: str) -> bool:
    """Whether the program of that mark still runs on this machine."""
    import psutil

    number, _, started = mark.partition(":")
    try:
        process = psutil.Process(int(number))
        same = abs(process.create_time() - float(started)) <= _CLOCK_S
        return same and process.status() != psutil.STATUS_ZOMBIE
    except (ValueError, OverflowError, psutil.Error):
        return False
