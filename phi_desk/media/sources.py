"""What every reader of sound files gives: mono blocks at the file's own rate; knows no library."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

# Values (samples times channels) a read: 64 kB whatever a header claims. A file that breaks off
# loses at most its last, unfinished block.
BLOCK_VALUES = 1 << 14


class NotReadableError(Exception):
    """This reader cannot read the file; the message is the reason, for the log and `details`."""


class NoSoundError(NotReadableError):
    """The file is sound in itself, but holds no sound track or no samples."""


class SoundSource(Protocol):
    """An open sound file.

    Attributes:
        seconds: how long it says it lasts; None where it does not say. A guess, not a promise.
        damaged: whether something in it could not be decoded; final after the last block.
    """

    seconds: float | None
    damaged: bool

    def blocks(self) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """Pairs of sample rate in Hz and mono samples `[n]` float32, n >= 1, to be read once.

        Raises:
            NotReadableError: when nothing can be decoded.
            Cancelled: when the person stopped it.
        """
        ...

    def close(self) -> None:
        """Give the file back; may be called twice."""
        ...


def mean_of_channels(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mono samples `[n]` of `[n, channels]`; one channel is passed on bit for bit."""
    if values.shape[1] == 1:
        return np.ascontiguousarray(values[:, 0])
    with np.errstate(over="ignore", invalid="ignore"):  # non-finite values are refused later
        mean: NDArray[np.float32] = values.mean(axis=1, dtype=np.float32)
    return mean


def plausible_seconds(seconds: float) -> float | None:
    """`seconds` where a recording can last that long (up to 30 days), else None."""
    return seconds if 0 < seconds < 30 * 86_400 else None
