"""Speech detection by loudness alone: the fallback where the speech model is not to be had.

It finds what rises above the noise of the place and falls again. Steady sounds (silence, noise, a
held chord) are never speech to it; a knock or music with a beat may be. It knows no file.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from phi_desk.media.framing import FRAME_S, Framing, frame_samples
from phi_desk.media.sound import WIDE_BAND

QUIET_DB = -60.0  # below this (0 dB is full scale) nothing is speech, and no floor lies lower
RISE_DB = 9.0  # how far above the floor a frame is as likely speech as not
SLOPE_DB = 1.5  # how sharply the probability changes around that
FLOOR_MEMORY_S = 3.0  # the floor is the quietest moment of the last seconds: speech has gaps


class EnergyDetector:
    """A `SpeechDetector` with an adaptive noise floor."""

    name = "energy"

    def __init__(self) -> None:
        self.reset()

    def reset(self, rate: int = WIDE_BAND) -> None:
        """Begin a new sound at `rate` Hz."""
        self._framing = Framing(frame_samples(rate))
        self._levels: deque[float] = deque(maxlen=round(FLOOR_MEMORY_S / FRAME_S))

    def feed(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Speech probabilities `[frames]` of the frames that `block` completes."""
        return self._judge(self._framing.push(block))

    def finish(self) -> NDArray[np.float32]:
        """The probability of the last, unfinished frame, if there is one."""
        return self._judge(self._framing.finish())

    def _judge(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.array([self._probability(level) for level in _levels_db(frames)], np.float32)

    def _probability(self, level: float) -> float:
        self._levels.append(level)
        if level <= QUIET_DB:
            return 0.0
        rise = level - max(min(self._levels), QUIET_DB)
        return float(1.0 / (1.0 + np.exp(-(rise - RISE_DB) / SLOPE_DB)))


def _levels_db(frames: NDArray[np.float32]) -> NDArray[np.float64]:
    """The loudness of each frame, dB of full scale, without its constant part."""
    wide = frames.astype(np.float64)
    power = ((wide - wide.mean(axis=1, keepdims=True)) ** 2).mean(axis=1)
    levels: NDArray[np.float64] = 10.0 * np.log10(power + 1e-12)
    return levels
