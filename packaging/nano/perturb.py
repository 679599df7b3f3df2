"""What happens to speech between a mouth and a microphone; knows no words and no engine.

Speed, pitch, a room's echo, a microphone's tone, noise, a telephone line and loudness, each drawn
from the seed, so that one rendering gives as many different clips as wanted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from noise import Sounds, background, fast_size
from numpy.typing import NDArray
from stretch import converted, faster, resampled

from phi_desk.media.sound import TELEPHONE_BAND, WIDE_BAND, Sound

_FULL_SCALE = 0.99
_SPEED = (0.85, 1.2)
_PITCH = (0.9, 1.12)
_GAIN = (0.05, 1.0)  # the peak
_SIGNAL_TO_NOISE = (5.0, 30.0)  # dB, over the speech's own stretch
_ECHO_SECONDS = (0.1, 0.6)  # until it has fallen by 60 dB
_SILENCE = 0.5  # s at most, before and after
_TONE_STEPS, _TONE_DECIBELS = 6, 8.0  # a smooth curve through so many random gains
_MU = 255.0  # of ITU-T G.711's mu-law


@dataclass(frozen=True, slots=True, kw_only=True)
class Perturbation:
    """What is done to one clip; the defaults do nothing."""

    speed: float = 1.0
    pitch: float = 1.0  # with the formants, as in a smaller mouth
    echo: float = 0.0  # s to fall by 60 dB; 0: none
    echo_share: float = 0.0  # of the echo's energy to the direct sound's
    tone: tuple[float, ...] = ()  # dB at points equally far apart on the mel scale
    before: float = 0.0  # s of silence
    after: float = 0.0
    signal_to_noise: float | None = None  # dB
    is_telephone: bool = False
    stays_narrow: bool = False  # a telephone's sound handed on at 8 kHz
    mu_law: bool = False
    peak: float | None = None


def drawn(rng: np.random.Generator, strength: float) -> Perturbation:
    """A perturbation by chance; `strength` 0 does nothing, 1 is the usual, all at once is rare."""
    if strength <= 0:
        return Perturbation()

    def happens(share: float) -> bool:
        return bool(rng.random() < share * strength)

    def between(bounds: tuple[float, float]) -> float:
        return float(np.exp(rng.uniform(*np.log(bounds)) * min(strength, 1.0)))

    is_telephone = happens(0.15)
    return Perturbation(
        speed=between(_SPEED) if happens(0.6) else 1.0,
        pitch=between(_PITCH) if happens(0.6) else 1.0,
        echo=float(rng.uniform(*_ECHO_SECONDS)) if happens(0.35) else 0.0,
        echo_share=float(rng.uniform(0.02, 0.7)) * min(strength, 1.0),
        tone=tuple(rng.uniform(-_TONE_DECIBELS, _TONE_DECIBELS, _TONE_STEPS) * min(strength, 1.0))
        if happens(0.5)
        else (),
        before=float(rng.uniform(0, _SILENCE)) * min(strength, 1.0),
        after=float(rng.uniform(0, _SILENCE)) * min(strength, 1.0),
        signal_to_noise=float(rng.uniform(*_SIGNAL_TO_NOISE)) if happens(0.6) else None,
        is_telephone=is_telephone,
        stays_narrow=is_telephone and bool(rng.random() < 0.5),
        mu_law=is_telephone and bool(rng.random() < 0.5),
        peak=float(np.exp(rng.uniform(*np.log(_GAIN)))),
    )


def perturbed(
    samples: NDArray[np.float32], seed: int, strength: float, voices: Sounds = ()
) -> NDArray[np.float32]:
    """`samples` (16 kHz) as heard through some room, microphone and line; 16 kHz.

    `strength` 0 returns the sound itself, 1 is the usual, above 1 does more things to more clips.
    `voices` are other people's clips, for babble.
    """
    sound = heard(samples, seed, strength, voices)
    return converted(sound.samples, sound.rate, WIDE_BAND)


def heard(samples: NDArray[np.float32], seed: int, strength: float, voices: Sounds = ()) -> Sound:
    """As `perturbed`; what came over a telephone may stay at 8 kHz, as from a recording of one."""
    rng = np.random.default_rng([seed, 0x9E])
    return applied(samples, drawn(rng, strength), rng, voices)


def applied(
    samples: NDArray[np.float32],
    change: Perturbation,
    rng: np.random.Generator,
    voices: Sounds = (),
) -> Sound:
    """`samples` (16 kHz) with `change` made; `rng` draws the noises themselves."""
    samples = faster(resampled(samples, change.pitch), change.speed / change.pitch)
    samples = _in_room(samples, change, rng)
    samples = np.pad(samples, tuple(int(WIDE_BAND * s) for s in (change.before, change.after)))
    if change.signal_to_noise is not None:
        samples = _with_noise(samples, change.signal_to_noise, rng, voices)
    rate = WIDE_BAND
    if change.is_telephone:
        samples, rate = _over_telephone(samples, change)
    if change.peak is not None:
        samples = samples * np.float32(change.peak / max(_peak(samples), 1e-6))
    return Sound(np.clip(samples, -_FULL_SCALE, _FULL_SCALE).astype(np.float32), rate)


def _peak(samples: NDArray[np.float32]) -> float:
    return float(np.abs(samples).max(initial=0.0))


def _in_room(
    samples: NDArray[np.float32], change: Perturbation, rng: np.random.Generator
) -> NDArray[np.float32]:
    """The echo of the room and the tone of the microphone, in one multiplication of spectra."""
    if not len(samples) or (change.echo == 0.0 and not change.tone):
        return samples
    response = np.zeros(int(WIDE_BAND * change.echo) + 1, dtype=np.float32)
    if change.echo:
        response = _echo(len(response), change, rng)
    else:
        response[0] = 1.0
    size = fast_size(len(samples) + len(response))
    spectrum = np.fft.rfft(samples, size)
    if change.echo:
        spectrum *= np.fft.rfft(response, size)
    if change.tone:
        spectrum *= _tone(change.tone, len(spectrum))
    # An echo may ring on for a while, but not longer than the silence after it would be.
    kept = len(samples) + min(len(response) - 1, int(0.3 * WIDE_BAND))
    return np.fft.irfft(spectrum, size)[:kept].astype(np.float32)


def _echo(count: int, change: Perturbation, rng: np.random.Generator) -> NDArray[np.float32]:
    """A room's impulse response: the direct sound, then noise that dies away."""
    time = np.arange(count, dtype=np.float32) / np.float32(WIDE_BAND)
    tail = rng.standard_normal(count, dtype=np.float32)
    tail *= np.exp(-6.9 * time / np.float32(change.echo))  # 60 dB
    tail[: int(WIDE_BAND * rng.uniform(0.001, 0.015))] = 0.0  # the nearest wall
    strength = float(np.sqrt(np.sum(np.square(tail))))
    response = tail * np.float32(np.sqrt(change.echo_share) / max(strength, 1e-9))
    response[0] = 1.0
    return response


def _tone(decibels: tuple[float, ...], bins: int) -> NDArray[np.float32]:
    mel = np.log1p(np.linspace(0, WIDE_BAND / 2, bins) / 700.0)
    curve = np.interp(mel, np.linspace(0, mel[-1], len(decibels)), decibels)
    result: NDArray[np.float32] = (10.0 ** (curve / 20.0)).astype(np.float32)
    return result


def _with_noise(
    samples: NDArray[np.float32], decibels: float, rng: np.random.Generator, voices: Sounds
) -> NDArray[np.float32]:
    speech = samples[np.abs(samples) > 0.01 * _peak(samples)]
    strength = float(np.sqrt(np.mean(np.square(speech)))) if len(speech) else 0.0
    noise = background(len(samples), rng, voices)
    return samples + noise * np.float32(strength * 10 ** (-decibels / 20))


def _over_telephone(
    samples: NDArray[np.float32], change: Perturbation
) -> tuple[NDArray[np.float32], int]:
    narrow = converted(samples, WIDE_BAND, TELEPHONE_BAND)
    if change.mu_law:
        narrow = _mu_law(narrow)
    if change.stays_narrow:
        return narrow, TELEPHONE_BAND
    return converted(narrow, TELEPHONE_BAND, WIDE_BAND), WIDE_BAND


def _mu_law(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rounded to the 256 steps of a digital telephone line."""
    scaled = np.clip(samples / max(_peak(samples), 1e-6), -1, 1)
    pressed = np.sign(scaled) * np.log1p(_MU * np.abs(scaled)) / np.log1p(_MU)
    rounded = np.round(pressed * 127) / 127
    result: NDArray[np.float32] = np.sign(rounded) * np.expm1(np.abs(rounded) * np.log1p(_MU)) / _MU
    return result * np.float32(_peak(samples))
