"""Simple music from sums of tones; knows notes and loudness, no recording."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from phi_desk.media.sound import WIDE_BAND

_SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 3, 5, 7, 10))  # semitones


def music(count: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """`count` samples at 16 kHz of chords, a tune and perhaps a beat; peak 1."""
    beat = int(WIDE_BAND * 60 / rng.uniform(70, 160))
    scale = _SCALES[int(rng.integers(len(_SCALES)))]
    root = 55.0 * 2 ** (rng.integers(0, 12) / 12)
    brightness = rng.uniform(0.8, 2.2)
    result = np.zeros(count + beat * 4, dtype=np.float32)
    for start in range(0, count, beat * 4):
        degree = int(rng.integers(len(scale)))
        for third in (0, 2, 4):
            hertz = root * 2 * _ratio(scale, degree + third)
            _add(result, start, _note(hertz, beat * 4, brightness + 0.5, 0.3))
    for start in range(0, count, beat):
        if rng.random() < 0.7:
            hertz = root * 4 * _ratio(scale, int(rng.integers(0, 2 * len(scale))))
            _add(result, start, _note(hertz, beat, brightness, 0.8))
    if rng.random() < 0.5:
        _drum(result, beat, count, rng)
    peak = float(np.abs(result[:count]).max(initial=0.0))
    return result[:count] / np.float32(max(peak, 1e-6))


def _ratio(scale: tuple[int, ...], degree: int) -> float:
    octave, step = divmod(degree, len(scale))
    return float(2.0 ** (octave + scale[step] / 12))


def _note(hertz: float, count: int, brightness: float, loudness: float) -> NDArray[np.float32]:
    """A tone with harmonics falling as 1/n^brightness, plucked."""
    time = np.arange(count, dtype=np.float32) / WIDE_BAND
    harmonics = np.arange(1, max(2, min(9, int(7000 / hertz))), dtype=np.float32)
    waves = np.sin(2 * np.pi * hertz * harmonics[:, None] * time)  # [harmonics, samples]
    envelope = np.minimum(time / 0.01, 1.0) * np.exp(-2.0 * time)
    result: NDArray[np.float32] = (harmonics**-brightness @ waves) * envelope * loudness
    return result.astype(np.float32)


def _drum(target: NDArray[np.float32], beat: int, count: int, rng: np.random.Generator) -> None:
    hit = np.exp(-np.arange(beat // 2) / (0.02 * WIDE_BAND)).astype(np.float32)
    noise = rng.standard_normal(len(hit), dtype=np.float32) * hit * np.float32(rng.uniform(0.2, 1))
    for start in range(0, count, beat):
        _add(target, start, noise)


def _add(target: NDArray[np.float32], start: int, sound: NDArray[np.float32]) -> None:
    part = target[start : start + len(sound)]
    part += sound[: len(part)]
