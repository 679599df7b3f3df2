"""Log-mel features of a sound, as the speech encoder reads them; knows no file and no model.

The published front end: 25 ms symmetric Hamming windows every 10 ms, pre-emphasis 0.97 inside each
frame, power spectrum of samples scaled to 16 bits, 80 triangular mel bands over 0-7690 Hz, natural
logarithm of at least 1. Telephone sound (8 kHz) keeps its own spectrum and has nothing above 4 kHz.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from phi_desk.cancel import CancelToken
from phi_desk.errors import InputError
from phi_desk.media.sound import TELEPHONE_BAND, WIDE_BAND, Sound
from phi_desk.model.inputs import ClipInput

BANDS = 80
FRAMES_A_TOKEN = 8  # the encoder's time reduction: one token is 80 ms
BLOCK_FRAMES = 4000  # 40 s, the longest stretch whose frames attend to each other

_BINS = 257  # of the 512-point spectrum at 16 kHz, to which the mel bands belong
_TOP_HERTZ = 7690.0
_PRE_EMPHASIS = np.float32(0.97)
_FULL_SCALE = np.float32(32768.0)
_SLICE_FRAMES = 1024  # frames worked on at once: about 10 MB, whatever the length of the sound


@dataclass(frozen=True, slots=True)
class _Framing:
    """Lengths in samples, and how many bins of the spectrum are used.

    Both framings have 31.25 Hz between bins, so that bin 127 is the same tone in both. Telephone
    sound ends there: its last bin is dropped and all above it is silent, as published.
    """

    window: int
    hop: int
    spectrum: int
    bins: int


_FRAMINGS = {
    WIDE_BAND: _Framing(window=400, hop=160, spectrum=512, bins=_BINS),
    TELEPHONE_BAND: _Framing(window=200, hop=80, spectrum=256, bins=128),
}


def features(sound: Sound, cancel: CancelToken | None = None) -> NDArray[np.float32]:
    """The log-mel features `[frames, 80]` of `sound`; frames = (samples - window) // hop + 1.

    A sound shorter than one window is padded with silence to one frame.

    Raises:
        InputError: another rate than 16 or 8 kHz, not mono float, or values that are no numbers.
        Cancelled: `cancel` was set.
    """
    framing = _framing(sound.rate)
    samples = _checked(sound.samples)
    if len(samples) < framing.window:
        samples = np.pad(samples, (0, framing.window - len(samples)))
    result = np.empty((_frame_count(len(samples), framing), BANDS), dtype=np.float32)
    for start in range(0, len(result), _SLICE_FRAMES):
        if cancel is not None:
            cancel.raise_if_cancelled()
        stop = min(start + _SLICE_FRAMES, len(result))
        stretch = samples[start * framing.hop : (stop - 1) * framing.hop + framing.window]
        result[start:stop] = _slice_features(stretch, framing)
    return result


def clip_input(
    sound: Sound,
    cuts: tuple[int, ...] = (),
    cancel: CancelToken | None = None,
    *,
    trailing_frames: int = 0,
) -> ClipInput:
    """`sound` as the speech encoder reads it, cut into blocks at the sample positions `cuts`.

    The features are computed over the whole sound and cut between frames, so nothing is lost at a
    block's edge. With cuts no block is longer than 40 s: a longer stretch is divided further.
    Without cuts the sound is one block, whatever its length. `trailing_frames` of silence (10 ms
    each) come behind it, where an encoder was trained to find some.

    Raises:
        InputError, Cancelled: as `features`.
    """
    frames = features(sound, cancel)
    if trailing_frames:
        frames = np.pad(frames, ((0, trailing_frames), (0, 0)))
    edges = _edges(len(frames), sound.rate, cuts)
    blocks = tuple(frames[a:b] for a, b in edges)
    tokens = sum(_tokens(len(block)) for block in blocks)
    return ClipInput(key=_key(blocks), blocks=blocks, tokens=tokens)


def token_count(samples: int, rate: int, cuts: tuple[int, ...] = ()) -> int:
    """How many prompt positions a sound of `samples` at `rate` Hz takes, cut at `cuts`.

    Raises:
        InputError: another rate than 16 or 8 kHz.
    """
    framing = _framing(rate)
    frames = _frame_count(max(samples, framing.window), framing)
    return sum(_tokens(b - a) for a, b in _edges(frames, rate, cuts))


def _framing(rate: int) -> _Framing:
    if rate not in _FRAMINGS:
        raise InputError(
            f"The speech encoder reads sound at 16 or 8 kHz, not at {rate} Hz.",
            "Resample it to 16 kHz first.",
        )
    return _FRAMINGS[rate]


def _checked(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    if samples.ndim != 1:
        raise InputError("The sound is not mono.", "Mix its channels to one first.")
    if not np.issubdtype(samples.dtype, np.floating):
        raise InputError(
            "The sound's samples are whole numbers.", "Scale them to floats in -1..1 first."
        )
    return samples.astype(np.float32, copy=False)


def _frame_count(samples: int, framing: _Framing) -> int:
    return (samples - framing.window) // framing.hop + 1


def _tokens(frames: int) -> int:
    return -(-frames // FRAMES_A_TOKEN)


def _slice_features(stretch: NDArray[np.float32], framing: _Framing) -> NDArray[np.float32]:
    """Features of the frames that `stretch` (samples) holds whole."""
    frames = np.lib.stride_tricks.sliding_window_view(stretch, framing.window)[:: framing.hop]
    scaled = np.empty(frames.shape, dtype=np.float32)  # [frames, window]
    with np.errstate(all="ignore"):  # odd values are found below, once
        scaled[:, 1:] = frames[:, 1:] - _PRE_EMPHASIS * frames[:, :-1]
        scaled[:, 0] = frames[:, 0] - _PRE_EMPHASIS * frames[:, 0]  # it is its own predecessor
        scaled *= _hamming(framing.window)
        spectrum = np.fft.rfft(scaled, framing.spectrum)[:, : framing.bins]  # complex64
        power = spectrum.real**2 + spectrum.imag**2
        energy = power @ _mel_filters()[: framing.bins]  # [frames, 80]
    if not np.isfinite(energy).all():
        raise InputError(
            "The sound holds values that are no sound (not a number, or far too large).",
            "Export it again from the program that made it.",
        )
    result: NDArray[np.float32] = np.log(np.maximum(energy, np.float32(1.0)))
    return result


@cache
def _hamming(window: int) -> NDArray[np.float32]:
    """The symmetric Hamming window, with the scale to 16-bit samples in it."""
    return (np.hamming(window) * _FULL_SCALE).astype(np.float32)


def _mel(hertz: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Kaldi's mel scale."""
    return np.asarray(1127.0 * np.log1p(hertz / 700.0), dtype=np.float64)


@cache
def _mel_filters() -> NDArray[np.float32]:
    """Triangles in mel space, `[257, 80]`, height 1 at their centres.

    The published filters stop below the bin in which 7690 Hz falls (246), although a sliver of the
    last triangle (0.0097) reaches into it.
    """
    step = WIDE_BAND / _FRAMINGS[WIDE_BAND].spectrum  # Hz a bin
    corners = np.linspace(0.0, _mel(np.array(_TOP_HERTZ)), BANDS + 2)
    bins = _mel(np.arange(_BINS) * step)[:, None]
    left, centre, right = corners[:-2], corners[1:-1], corners[2:]
    rising, falling = (bins - left) / (centre - left), (right - bins) / (right - centre)
    filters = np.maximum(0.0, np.minimum(rising, falling))
    filters[int(_TOP_HERTZ / step) :] = 0.0
    return filters.astype(np.float32)


def _edges(frames: int, rate: int, cuts: tuple[int, ...]) -> list[tuple[int, int]]:
    """The blocks as (first frame, frame after the last)."""
    if not cuts:
        return [(0, frames)]
    hop = _framing(rate).hop
    inner = {round(cut / hop) for cut in cuts}
    bounds = [0, *sorted(edge for edge in inner if 0 < edge < frames), frames]
    return list(_at_most_a_block(itertools.pairwise(bounds)))


def _at_most_a_block(stretches: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for start, end in stretches:
        for at in range(start, end, BLOCK_FRAMES):
            yield at, min(at + BLOCK_FRAMES, end)


def _key(blocks: tuple[NDArray[np.float32], ...]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for block in blocks:
        digest.update(len(block).to_bytes(8, "little"))
        digest.update(np.ascontiguousarray(block).data)
    return digest.hexdigest()
