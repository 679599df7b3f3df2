"""Plays a short tone to one output, so that a person hears which one it is; knows no window."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from phi_desk.cancel import CancelToken
from phi_desk.media.output import Output
from phi_desk.media.recorder import SoundSystem

RATE = 48_000
SECONDS = 0.9
NOTES_HZ = (523.25, 659.25, 783.99)  # C, E and G: a chord is easier to hear than a beep
LOUDNESS = 0.18
FADE_S = 0.08
BLOCK = 2_400  # samples written at a time: between two of them a person may stop it


def tone() -> NDArray[np.float32]:
    """The samples `[n]` at 48 kHz: a soft chord that comes and goes."""
    time = np.arange(round(SECONDS * RATE)) / RATE
    chord = np.mean([np.sin(2 * np.pi * note * time) for note in NOTES_HZ], axis=0)
    fade = np.clip(np.minimum(time, SECONDS - time) / FADE_S, 0, 1)
    samples: NDArray[np.float32] = (LOUDNESS * chord * fade).astype(np.float32)
    return samples


def play_tone(sound: SoundSystem, output: str | None, cancel: CancelToken) -> None:
    """Play it to `output`, or to the default one for None; returns when it has been heard.

    Raises:
        DeviceError: there is no such output, or it cannot be played to.
        Cancelled: by `cancel`.
    """
    opened = Output(sound, RATE, output)
    try:
        data = tone()
        for start in range(0, len(data), BLOCK):
            cancel.raise_if_cancelled()
            opened.write(data[start : start + BLOCK])
        cancel.wait(opened.latency_s)  # what was written last is still on its way
    finally:
        opened.close()
