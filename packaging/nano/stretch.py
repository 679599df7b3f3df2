"""Changes how fast and how high a sound is; knows nothing of speech."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from phi_desk.media.sound import WIDE_BAND

_FRAME = 512  # 32 ms: two periods of the deepest voice
_HOP = _FRAME // 2
_SEARCH = 160  # samples either way: one period of 100 Hz


def resampled(samples: NDArray[np.float32], factor: float) -> NDArray[np.float32]:
    """As a tape played `factor` times as fast: shorter, and everything higher."""
    import soxr

    if factor == 1.0 or not len(samples):
        return samples
    result: NDArray[np.float32] = soxr.resample(samples, WIDE_BAND * factor, WIDE_BAND, "MQ")
    return result


def converted(samples: NDArray[np.float32], rate: int, wanted: int) -> NDArray[np.float32]:
    """The same sound with `wanted` samples a second instead of `rate`."""
    import soxr

    if rate == wanted or not len(samples):
        return samples
    result: NDArray[np.float32] = soxr.resample(samples, rate, wanted, "HQ")
    return result


def faster(samples: NDArray[np.float32], factor: float) -> NDArray[np.float32]:
    """`factor` times as fast at the same pitch.

    Overlap-add of windows taken where they continue the sound best (WSOLA; Verhelst and
    Roelands, 1993).
    """
    if factor == 1.0 or len(samples) < 2 * _FRAME + 2 * _SEARCH:
        return samples
    window = np.hanning(_FRAME + 1)[:-1].astype(np.float32)  # adds up to 1 at half overlap
    padded = np.pad(samples, (_SEARCH, _FRAME + 2 * _SEARCH))
    count = int(len(samples) / factor / _HOP)
    result = np.zeros(count * _HOP + _FRAME, dtype=np.float32)
    at = _SEARCH
    for index in range(count):
        result[index * _HOP : index * _HOP + _FRAME] += window * padded[at : at + _FRAME]
        wanted = padded[at + _HOP : at + 2 * _HOP]  # what would come next
        start = round((index + 1) * _HOP * factor)  # `_SEARCH` before the place it should be
        region = padded[start : start + 2 * _SEARCH + _HOP]
        if len(region) < 2 * _SEARCH + _HOP:
            break
        at = start + int(np.argmax(np.correlate(region, wanted)))
    return result[: round(len(samples) / factor)]
