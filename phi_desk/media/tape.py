"""A run of values of which only the newest part is kept; positions count from its beginning."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray


class Tape:
    """Appended at one end, forgotten at the other; `len` is how many values are kept."""

    def __init__(self) -> None:
        self._blocks: deque[NDArray[np.float32]] = deque()
        self._start = 0  # the position of the first value kept
        self.end = 0  # how many values were ever appended

    def __len__(self) -> int:
        return self.end - self._start

    def append(self, block: NDArray[np.float32]) -> None:
        """Add values at the end; they are copied, so that the caller may use its array again."""
        if len(block):
            self._blocks.append(np.array(block, np.float32))
            self.end += len(block)

    def take(self, start: int, end: int) -> NDArray[np.float32]:
        """A copy of the values from position `start` up to `end`, all of which must be kept."""
        if not self._start <= start <= end <= self.end:
            raise IndexError(f"{start}..{end} is not within {self._start}..{self.end}")
        parts = []
        position = self._start
        for block in self._blocks:
            low, high = max(start - position, 0), min(end - position, len(block))
            if low < high:
                parts.append(block[low:high])
            position += len(block)
        return np.concatenate(parts) if parts else np.zeros(0, np.float32)

    def drop_before(self, position: int) -> None:
        """Forget what lies before `position`."""
        while self._blocks and self._start < position:
            block = self._blocks[0]
            if self._start + len(block) <= position:
                self._blocks.popleft()
                self._start += len(block)
            else:
                self._blocks[0] = block[position - self._start :].copy()
                self._start = position
