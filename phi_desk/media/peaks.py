"""The outline of a sound as a few bars, in constant memory; knows no window."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from phi_desk.cancel import CancelToken
from phi_desk.media.decode import open_sound
from phi_desk.media.sound import Sound

BARS = 48
STRETCH_S = 0.02  # what is kept of a file while it is read: its loudest sample every 20 ms


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """`peaks` `[BARS]` in 0..1 of the loudest of all, and how long the sound lasts."""

    peaks: NDArray[np.float32]
    seconds: float


def outline_of(source: Sound | Path, cancel: CancelToken) -> Outline:
    """Of a sound, or of a file, which is read to its end.

    Raises:
        InputError: the file cannot be read.
        Cancelled: by `cancel`.
    """
    if isinstance(source, Sound):
        return _outline([source.samples], source.rate, cancel)
    with open_sound(source, cancel=cancel) as stream:
        return _outline(stream, stream.rate, cancel)


def _outline(blocks: Iterable[NDArray[np.float32]], rate: int, cancel: CancelToken) -> Outline:
    size, rest, total = round(STRETCH_S * rate), np.zeros(0, np.float32), 0
    loudest: list[NDArray[np.float32]] = []
    for block in blocks:
        cancel.raise_if_cancelled()
        total += len(block)
        joined = np.concatenate([rest, np.abs(block)])
        whole = len(joined) - len(joined) % size
        loudest.append(joined[:whole].reshape(-1, size).max(axis=1, initial=0.0))
        rest = joined[whole:]
    stretches = np.concatenate([*loudest, rest.max(keepdims=True) if len(rest) else rest])
    return Outline(_bars(stretches), total / rate)


def _bars(stretches: NDArray[np.float32]) -> NDArray[np.float32]:
    if not len(stretches):
        return np.zeros(BARS, np.float32)
    # every bar covers at least one stretch, so a short sound has steps instead of holes
    borders = np.linspace(0, len(stretches), BARS + 1)
    peaks = np.array(
        [stretches[int(a) : max(int(a) + 1, int(np.ceil(b)))].max() for a, b in pairwise(borders)],
        np.float32,
    )
    top = float(peaks.max())
    return peaks / top if top > 0 else peaks
