"""One sentence in one voice, fluent or word by word; knows no corpus and no file."""

from __future__ import annotations

import re

import numpy as np
from engines import Manner, engine
from numpy.typing import NDArray
from stretch import converted
from voices import Voice

from phi_desk.errors import InputError, UsageError
from phi_desk.media.sound import WIDE_BAND

_PEAK = 0.7
_STEP = WIDE_BAND // 100
_QUIET = 1e-4  # of the power of the loudest moment: below it nothing is said
_MARGIN = WIDE_BAND // 20  # kept on either side
_SHORTEST = 0.12  # s: shorter, and the engine said nothing


def speak(text: str, language: str, voice: Voice, seed: int) -> NDArray[np.float32]:
    """`text` in `voice`: 16 kHz mono, trimmed to what is said, peak 0.7.

    Rate, pitch and melody vary with `seed` as they do between people and moods.

    Raises:
        UsageError: the voice speaks another language, or its engine is not installed.
        InputError: the engine said nothing.
    """
    if voice.language != language:
        raise UsageError(f"{voice.label} does not speak {language}.", "Choose another voice.")
    manner = _manner(np.random.default_rng([seed, 0x5A]))
    asked = Manner(
        rate=manner.rate / voice.tract,
        pitch=manner.pitch * voice.pitch / voice.tract,
        melody=manner.melody,
    )
    said = engine(voice.engine).say(text, voice.name, asked)
    samples = trimmed(converted(said.samples, round(said.rate * voice.tract), WIDE_BAND))
    if len(samples) < _SHORTEST * WIDE_BAND:
        raise InputError(f"{voice.label} said nothing for {text!r}.", "Look at the sentence.")
    return samples * np.float32(_PEAK / np.abs(samples).max())


def dictate(text: str, language: str, voice: Voice, seed: int) -> NDArray[np.float32]:
    """As `speak`, but word by word with short pauses, as numbers are read out or played.

    Raises:
        UsageError, InputError: as `speak`.
    """
    rng = np.random.default_rng([seed, 0xD1])
    parts: list[NDArray[np.float32]] = []
    for word in re.findall(r"[^\s,;:.!?¡¿-]+", text):
        if parts:
            parts.append(np.zeros(int(WIDE_BAND * rng.uniform(0.0, 0.15)), dtype=np.float32))
        parts.append(speak(f"{word}.", language, voice, seed))
    if not parts:
        raise InputError(f"There is no word in {text!r}.", "Look at the sentence.")
    return np.concatenate(parts)


def trimmed(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """`samples` without the silence before and after, but for 50 ms.

    Silence is what is 40 dB under the loudest 10 ms; single clicks do not count as sound.
    """
    frames = samples[: len(samples) // _STEP * _STEP].reshape(-1, _STEP)
    power = np.mean(np.square(frames), axis=1)
    loud = np.flatnonzero(power > _QUIET * power.max(initial=0.0))
    if not len(loud):
        return samples[:0]
    return samples[max(0, int(loud[0]) * _STEP - _MARGIN) : (int(loud[-1]) + 1) * _STEP + _MARGIN]


def _manner(rng: np.random.Generator) -> Manner:
    return Manner(
        rate=float(np.clip(np.exp(rng.normal(0.0, 0.13)), 0.75, 1.35)),
        pitch=float(np.clip(np.exp(rng.normal(0.0, 0.12)), 0.75, 1.35)),
        melody=float(rng.uniform(0.6, 1.4)),
    )
