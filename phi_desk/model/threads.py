"""How many threads a model is computed on; knows only how large it is.

The products of a small model take microseconds, and each ends with all threads waiting for the
last one. Measured with the embedded model (18 MB) on two cores that were busy with other work:
the twelve samples of `phi-desk demo` in 2 to 4 s on one thread, in 28 to 53 s on two.
"""
# ruff: noqa: TID253 (a module of the torch layer; nothing imports it at start-up)

from __future__ import annotations

from functools import cache

import torch

SMALL_BYTES = 200_000_000  # of weights


def settle_threads(weights: int) -> None:
    """One thread for a model of few bytes of `weights`, else as many as torch would take."""
    usual = _usual()
    torch.set_num_threads(1 if weights < SMALL_BYTES else usual)


@cache
def _usual() -> int:
    return torch.get_num_threads()
