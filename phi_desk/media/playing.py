"""Plays a sound or a file from any place in it; knows no device list, no thread and no window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from phi_desk.cancel import CancelToken
from phi_desk.media.decode import open_sound
from phi_desk.media.sound import Sound

BLOCK_S = 0.05


class Plays(Protocol):
    """An open output; see `media.output.Output`."""

    latency_s: float

    def write(self, samples: NDArray[np.float32]) -> None:
        """Play next."""
        ...

    def close(self) -> None:
        """Be silent."""
        ...


@dataclass(frozen=True, slots=True)
class At:
    """So many seconds of it have been heard."""

    seconds: float


def play(
    source: Sound | Path,
    start_s: float,
    open_output: Callable[[int], Plays],
    cancel: CancelToken,
) -> Iterator[At]:
    """Play from `start_s` to the end; where it is by now, about twenty times a second.

    Raises:
        InputError: the file cannot be read.
        DeviceError: there is nothing to play to.
        Cancelled: by `cancel`; it is silent then.
    """
    if isinstance(source, Sound):
        yield from _play(iter([source.samples]), source.rate, start_s, open_output, cancel)
        return
    with open_sound(source, cancel=cancel) as stream:
        yield from _play(iter(stream), stream.rate, start_s, open_output, cancel)


def _play(
    blocks: Iterator[NDArray[np.float32]],
    rate: int,
    start_s: float,
    open_output: Callable[[int], Plays],
    cancel: CancelToken,
) -> Iterator[At]:
    start = round(start_s * rate)
    size = round(BLOCK_S * rate)
    with closing(open_output(rate)) as output:
        written = start
        for block in _sized(_from(blocks, start), size):
            cancel.raise_if_cancelled()
            output.write(block)
            written += len(block)
            yield At(max(start_s, written / rate - output.latency_s))
        # The last of it is still on its way; silence behind it pushes it out.
        for _ in range(round(output.latency_s / BLOCK_S) + 1):
            cancel.raise_if_cancelled()
            output.write(np.zeros(size, np.float32))
        yield At(written / rate)


def _from(blocks: Iterator[NDArray[np.float32]], start: int) -> Iterator[NDArray[np.float32]]:
    """Without the first `start` samples."""
    for block in blocks:
        if start < len(block):
            yield block[start:]
        start = max(0, start - len(block))


def _sized(blocks: Iterator[NDArray[np.float32]], size: int) -> Iterator[NDArray[np.float32]]:
    for block in blocks:
        for place in range(0, len(block), size):
            yield block[place : place + size]
