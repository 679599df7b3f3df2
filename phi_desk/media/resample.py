"""From any sample rate to the model's, in one go or block by block; knows no file and no device.

Whole multiples of 16 kHz (32, 48, 96 kHz) go through the filter of the published code, which is a
proper one, so that the model hears to the last digit what it was trained on. Every other rate goes
through soxr: the published code would play 44.1 kHz at the wrong pitch.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from phi_desk.media.sound import TELEPHONE_BAND, WIDE_BAND

QUALITY = "VHQ"  # soxr's best; measured as fast as "HQ" for mono float32 (0.2 ms a second of sound)


def model_rate(rate: int) -> int:
    """The rate, in Hz, at which the model hears a sound recorded at `rate` Hz.

    From 16 kHz on it is 16,000; below that the sound is telephone sound at 8,000, which the
    feature extractor treats apart, as published; sounds below 8 kHz are brought up to 8,000.
    """
    return WIDE_BAND if rate >= WIDE_BAND else TELEPHONE_BAND


class Decimator:
    """Every `factor`-th sample behind an anti-aliasing filter, as `scipy.signal.resample_poly`.

    A windowed sinc of 20 * factor + 1 taps, Kaiser window with beta 5, cut off at the new Nyquist
    frequency, unit gain at 0 Hz; silence before and after the sound.
    """

    def __init__(self, factor: int) -> None:
        half = 10 * factor
        steps = np.arange(-half, half + 1)
        kernel = np.sinc(steps / factor) * np.kaiser(2 * half + 1, 5.0)
        self._factor = factor
        self._kernel = kernel / kernel.sum()
        self._waiting = np.zeros(half, np.float32)
        self._half = half

    def push(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """The part of the result that `block` completes; may be empty."""
        self._waiting = np.concatenate([self._waiting, block])
        count = (len(self._waiting) - len(self._kernel)) // self._factor + 1
        if count <= 0:
            return np.zeros(0, np.float32)
        windows = np.lib.stride_tricks.sliding_window_view(self._waiting, len(self._kernel))
        taken = windows[: count * self._factor : self._factor]
        # einsum adds up each window by itself: the result does not depend on the block's size
        summed = np.einsum("ij,j->i", taken.astype(np.float64), self._kernel)
        self._waiting = self._waiting[count * self._factor :]
        result: NDArray[np.float32] = summed.astype(np.float32)
        return result

    def finish(self) -> NDArray[np.float32]:
        """What is still to come after the last block."""
        return self.push(np.zeros(self._half, np.float32))


class Resampler:
    """Brings mono blocks from `source` Hz to `target` Hz; equal rates pass through untouched.

    The joined result does not depend on how the sound is cut into blocks, and sample k of it
    stands at k / target seconds: the filter's delay is already taken out.
    """

    def __init__(self, source: int, target: int) -> None:
        self.source = source
        self.target = target
        self._stream = None
        self._decimator: Decimator | None = None
        if target == WIDE_BAND and source > target and source % target == 0:
            self._decimator = Decimator(source // target)
        elif source != target:
            import soxr

            self._stream = soxr.ResampleStream(source, target, 1, dtype="float32", quality=QUALITY)

    def push(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """The part of the result that `block` completes; may be empty."""
        if self._decimator is not None:
            return self._decimator.push(block)
        if self._stream is None:
            return block
        result: NDArray[np.float32] = self._stream.resample_chunk(np.ascontiguousarray(block))
        return result

    def finish(self) -> NDArray[np.float32]:
        """What is still to come after the last block; nothing may be pushed after it."""
        nothing = np.zeros(0, np.float32)
        if self._decimator is not None:
            return self._decimator.finish()
        if self._stream is None:
            return nothing
        result: NDArray[np.float32] = self._stream.resample_chunk(nothing, last=True)
        return result


def resample(samples: NDArray[np.float32], source: int, target: int) -> NDArray[np.float32]:
    """The mono `samples` at `source` Hz as they are at `target` Hz."""
    resampler = Resampler(source, target)
    head = resampler.push(samples)
    tail = resampler.finish()
    return np.concatenate([head, tail]) if len(tail) else head
