"""A detector that reads its answer from the sound itself, and sounds made for it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from phi_desk.media.framing import Framing, frame_samples
from phi_desk.media.sound import WIDE_BAND

SPEECH = 0.9
PAUSE = 0.1


class LevelDetector:
    """Takes the mean of a frame for its speech probability: tests write what it shall say."""

    name = "level"

    def __init__(self) -> None:
        self.reset()

    def reset(self, rate: int = WIDE_BAND) -> None:
        self._framing = Framing(frame_samples(rate))

    def feed(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        means: NDArray[np.float32] = self._framing.push(block).mean(axis=1, dtype=np.float32)
        return means

    def finish(self) -> NDArray[np.float32]:
        means: NDArray[np.float32] = self._framing.finish().mean(axis=1, dtype=np.float32)
        return means


def speech_and_pauses(seconds: Iterable[tuple[float, float]], rate: int) -> NDArray[np.float32]:
    """Samples for a `LevelDetector`: for each pair so much pause, then so much speech."""
    parts = []
    for pause, speech in seconds:
        parts.append(np.full(round(pause * rate), PAUSE, np.float32))
        parts.append(np.full(round(speech * rate), SPEECH, np.float32))
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)
