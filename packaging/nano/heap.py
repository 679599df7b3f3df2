"""What a training does with memory that is free again."""

from __future__ import annotations

import ctypes
import sys

_TRIM_THRESHOLD, _TOP_PAD, _MMAP_MAX = -1, -2, -4  # of mallopt, as glibc numbers them


def keep() -> None:
    """Let freed memory stay with the process: giving it back and forth took 17 % of a step."""
    library = _library("mallopt")
    if library is not None:
        library.mallopt(_MMAP_MAX, 0)
        library.mallopt(_TRIM_THRESHOLD, 2**31 - 1)
        library.mallopt(_TOP_PAD, 2**26)


def give_back() -> bool:
    """Give the system what is free now, which batches of many lengths leave scattered.

    For every few minutes; without it a training grew to 14 GB in half an hour. Says whether that is
    possible here.
    """
    library = _library("malloc_trim")
    if library is not None:
        library.malloc_trim(0)
    return library is not None


def _library(name: str) -> ctypes.CDLL | None:
    """The C library where it has that function, which glibc has."""
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    return library if hasattr(library, name) else None
