"""Sounds that are no words: noises to put behind speech, and clips whose answer is empty."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from music import music
from numpy.typing import NDArray

from phi_desk.media.sound import WIDE_BAND

Sounds = Sequence[NDArray[np.float32]]
_SHORTEST, _LONGEST = 0.3, 6.0  # seconds of a clip without words


def not_speech(seed: int) -> NDArray[np.float32]:
    """A clip at 16 kHz in which nobody speaks, 0.3 to 6 s: the right transcript is empty.

    Silence, noises of several colours, wind, hum, clicks, tones, chirps and music, at any
    loudness from nothing to full scale.
    """
    rng = np.random.default_rng([seed, 0x51])
    count = int(WIDE_BAND * rng.uniform(_SHORTEST, _LONGEST))
    kind = int(rng.integers(len(_KINDS) + 1))
    if kind == len(_KINDS):
        return np.zeros(count, dtype=np.float32)
    sound = _KINDS[kind](count, rng)
    if rng.random() < 0.3:  # two at once
        other = _KINDS[int(rng.integers(len(_KINDS)))](count, rng)
        sound = sound + other * np.float32(rng.uniform(0.1, 1.0))
    peak = float(np.abs(sound).max(initial=1e-9))
    return sound * np.float32(10 ** rng.uniform(-3.0, 0.0) / peak)


def coloured(count: int, exponent: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """Noise whose power falls as 1/f^exponent (0 white, 1 pink, 2 brown); root mean square 1."""
    size = fast_size(count)
    spectrum = np.fft.rfft(rng.standard_normal(size, dtype=np.float32))
    hertz = np.maximum(np.fft.rfftfreq(size, 1 / WIDE_BAND), 20.0)
    spectrum *= (hertz ** (-exponent / 2)).astype(np.float32)
    return _level(np.fft.irfft(spectrum, size)[:count].astype(np.float32))


def fast_size(count: int) -> int:
    """The next length of the form 2^a or 3 x 2^a, for which a Fourier transform is quick."""
    power = 1 << max(0, count - 1).bit_length()
    return power * 3 // 4 if power * 3 // 4 >= count else power


def background(count: int, rng: np.random.Generator, voices: Sounds = ()) -> NDArray[np.float32]:
    """Something to put behind speech; root mean square 1. `voices` are mixed to a babble."""
    kinds: list[Callable[[int, np.random.Generator], NDArray[np.float32]]]
    kinds = [_room, _room, _coloured, _coloured, music, _hum, _wind]
    if len(voices) >= 3:
        kinds += [lambda count, rng: babble(count, rng, voices)] * 3
    return _level(kinds[int(rng.integers(len(kinds)))](count, rng))


def babble(count: int, rng: np.random.Generator, voices: Sounds) -> NDArray[np.float32]:
    """Three to eight of `voices` at once, from random places, repeated as needed."""
    result = np.zeros(count, dtype=np.float32)
    for _ in range(int(rng.integers(3, 9))):
        voice = voices[int(rng.integers(len(voices)))]
        if len(voice):
            result += np.resize(np.roll(_level(voice), int(rng.integers(len(voice)))), count)
    return result


def _level(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    strength = float(np.sqrt(np.mean(np.square(samples)))) if len(samples) else 0.0
    levelled: NDArray[np.float32] = samples / np.float32(max(strength, 1e-9))
    return levelled


def _coloured(count: int, rng: np.random.Generator) -> NDArray[np.float32]:
    return coloured(count, float(rng.uniform(0.0, 2.0)), rng)


def _room(count: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Quiet rumble with hiss and hum, as a room has."""
    rumble: NDArray[np.float32] = coloured(count, 2.0, rng) + coloured(
        count, 0.5, rng
    ) * np.float32(rng.uniform(0.05, 0.4))
    hum = _hum(count, rng)
    return rumble + hum * np.float32(rng.uniform(0.0, 0.5))


def _hum(count: int, rng: np.random.Generator) -> NDArray[np.float32]:
    time = np.arange(count, dtype=np.float32) / WIDE_BAND
    base = (50.0, 60.0, 100.0, 120.0)[int(rng.integers(4))]
    result = np.zeros(count, dtype=np.float32)
    for harmonic in range(1, 12):
        loudness = rng.uniform(0.0, 1.0) / harmonic
        result += np.float32(loudness) * np.sin(
            2 * np.pi * base * harmonic * time + np.float32(rng.uniform(0, 6.28))
        )
    return _level(result)


def _wind(count: int, rng: np.random.Generator) -> NDArray[np.float32]:
    steps = max(2, count // 3200)
    swell = np.interp(np.arange(count), np.linspace(0, count, steps), rng.uniform(0.05, 1.0, steps))
    sound: NDArray[np.float32] = coloured(count, float(rng.uniform(1.0, 2.0)), rng)
    return sound * swell.astype(np.float32)


def _clicks(count: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Knocks, keys and crackle: short bursts at random times."""
    result = coloured(count, 1.0, rng) * np.float32(10 ** rng.uniform(-4, -2))
    for _ in range(int(rng.integers(1, 25))):
        length = int(WIDE_BAND * rng.uniform(0.001, 0.05))
        start = int(rng.integers(max(1, count - length)))
        fade = np.exp(-np.arange(length) * (5.0 / length)).astype(np.float32)
        burst = coloured(length, float(rng.uniform(0, 2)), rng) * fade if length > 8 else fade
        result[start : start + length] += burst[: count - start] * np.float32(rng.uniform(0.2, 1))
    return result


def _tones(count: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Beeps and key tones of a telephone."""
    time = np.arange(count, dtype=np.float32) / WIDE_BAND
    pair = rng.uniform(300, 2200, 2).astype(np.float32)
    tone = np.sin(2 * np.pi * pair[0] * time) + np.sin(2 * np.pi * pair[1] * time)
    period = int(WIDE_BAND * rng.uniform(0.1, 1.0))
    keyed = (np.arange(count) % period) < period * rng.uniform(0.2, 1.0)
    result: NDArray[np.float32] = (tone * keyed).astype(np.float32)
    return result


def _chirps(count: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Birds, whistles, sirens: tones that slide."""
    steps = max(2, int(count / WIDE_BAND * rng.uniform(1, 12)))
    hertz = np.interp(np.arange(count), np.linspace(0, count, steps), rng.uniform(400, 5000, steps))
    swell = np.interp(np.arange(count), np.linspace(0, count, steps), rng.uniform(0, 1, steps))
    return (np.sin(2 * np.pi * np.cumsum(hertz) / WIDE_BAND) * swell).astype(np.float32)


_KINDS: tuple[Callable[[int, np.random.Generator], NDArray[np.float32]], ...] = (
    *(_coloured, _room, _hum, _wind, _clicks, _tones, _chirps, music, music),
)
