"""A ring of sound between the thread of a device and the thread that listens; knows no device.

One thread writes, one reads, nobody waits: each side moves only its own counters, and publishes
them after the data. The writing side copies bytes into memory that is already there.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

BYTES = 4  # of a float32 sample
NOTED = 64  # places of loss that are remembered until they are read; further ones are added up


class SoundRing:
    """Holds at most `frames` frames of `channels` samples.

    What does not fit is lost, and counted where it is lost. Every frame that was written or lost
    is read exactly once.
    """

    def __init__(self, frames: int, channels: int = 1) -> None:
        self.channels = channels
        self._frames = frames
        self._frame_bytes = BYTES * channels
        self._memory = memoryview(bytearray(frames * self._frame_bytes))
        self._written = 0  # frames, for ever; moved by the writer only
        self._lost = 0  # as well
        self._places = array("q", [0] * NOTED)  # frame numbers before which something was lost
        self._totals = array("q", [0] * NOTED)  # frames lost up to there, that place included
        self._noted = 0  # moved by the writer only
        self._read = 0  # moved by the reader only
        self._reported = 0  # as well
        self._noted_read = 0  # as well

    def write(self, data: ReadableBuffer, frames: int) -> None:
        """Take `frames` frames of interleaved float32 samples; called by the device's thread."""
        free = self._frames - (self._written - self._read)
        taken = min(frames, free)
        start = self._written % self._frames
        first = min(taken, self._frames - start)
        size = self._frame_bytes
        view = memoryview(data)
        self._memory[start * size : (start + first) * size] = view[: first * size]
        self._memory[: (taken - first) * size] = view[first * size : taken * size]
        self._written += taken
        if taken < frames:
            self.lose(frames - taken)

    def lose(self, frames: int) -> None:
        """So many frames are missing behind what was written; called by the device's thread."""
        self._lost += frames
        if self._noted - self._noted_read < NOTED:
            place = self._noted % NOTED
            self._places[place] = self._written
            self._totals[place] = self._lost
            self._noted += 1

    def read(self) -> Iterator[NDArray[np.float32] | int]:
        """What came in since the last call, in order: mono samples `[n]`, or frames lost.

        To be taken to the end before the next call.
        """
        written = self._written  # first: a loss before it has been noted by then
        while self._noted_read < self._noted:
            slot = self._noted_read % NOTED
            place, total = self._places[slot], self._totals[slot]
            if place > written:
                break
            yield from self._samples_until(place)
            self._noted_read += 1
            if total > self._reported:
                yield total - self._reported
                self._reported = total
        yield from self._samples_until(written)
        if self._noted_read == self._noted and self._lost > self._reported:
            total = self._lost  # there was no room to note where
            yield total - self._reported
            self._reported = total

    def _samples_until(self, place: int) -> Iterator[NDArray[np.float32]]:
        while self._read < place:
            start = self._read % self._frames
            count = min(place - self._read, self._frames - start)
            size = self._frame_bytes
            view = self._memory[start * size : (start + count) * size]
            values = np.frombuffer(view, np.float32).reshape(count, self.channels)
            mono = values[:, 0].copy() if self.channels == 1 else values.mean(axis=1)
            self._read += count  # from here on the writer may use the place again
            yield mono
