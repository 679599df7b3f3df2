"""Cuts a stream of blocks of any size into frames of one size; knows nothing of their meaning."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from phi_desk.media.frame_length import FRAME_S as FRAME_S
from phi_desk.media.frame_length import frame_samples as frame_samples


class Framing:
    """Keeps what does not fill a frame until the next block comes."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._rest = np.zeros(0, np.float32)

    def push(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """The frames `[frames, size]` that `block` completes; may be none."""
        joined = np.concatenate([self._rest, block]) if len(self._rest) else block
        whole = len(joined) - len(joined) % self._size
        self._rest = joined[whole:].copy()
        return joined[:whole].reshape(-1, self._size)

    def finish(self) -> NDArray[np.float32]:
        """The last frame, filled up with zeros: `[1, size]`; `[0, size]` when nothing is left."""
        rest, self._rest = self._rest, np.zeros(0, np.float32)
        if not len(rest):
            return np.zeros((0, self._size), np.float32)
        return np.pad(rest, (0, self._size - len(rest))).reshape(1, -1)
