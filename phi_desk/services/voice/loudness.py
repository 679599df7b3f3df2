"""How loud sound is, as a meter shows it; knows no device."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from phi_desk.media.sound import WIDE_BAND

QUIET_DB, LOUD_DB = -60.0, -10.0  # the two ends of the meter; speech lies around -25
EVERY = round(0.05 * WIDE_BAND)  # samples in a level: twenty a second are enough for the eye


def level_of(samples: NDArray[np.float32]) -> float:
    """0 for quiet, 1 for as loud as speech gets."""
    if not len(samples):
        return 0.0
    power = float(np.square(samples, dtype=np.float64).mean())
    decibels = 10 * math.log10(max(power, 1e-12))
    return min(1.0, max(0.0, (decibels - QUIET_DB) / (LOUD_DB - QUIET_DB)))


class Meter:
    """Gathers sound until there is enough of it for a level."""

    def __init__(self) -> None:
        self._waiting: list[NDArray[np.float32]] = []
        self._count = 0

    def add(self, samples: NDArray[np.float32]) -> float | None:
        """The level of what was gathered, when it is enough."""
        self._waiting.append(samples)
        self._count += len(samples)
        if self._count < EVERY:
            return None
        level = level_of(np.concatenate(self._waiting)[-2 * EVERY :])
        self._waiting.clear()
        self._count = 0
        return level
