"""One clip that a person speaks while a key is held; knows no device and no key."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from phi_desk.media.capture import Incoming, Lost
from phi_desk.media.framing import FRAME_S
from phi_desk.media.sound import WIDE_BAND, Sound
from phi_desk.media.vad import SpeechDetector
from phi_desk.services.voice.events import Began, Full, Heard, Taken, Told
from phi_desk.services.voice.loudness import Meter

SHORTEST_S = 0.3  # of sound: less is a key that was tapped
LEAST_SPEECH_S = 0.16  # five frames of the detector: "no" and "ja" are longer
LIKELY = 0.5
SILENT = 1e-4  # a peak below it is a microphone that is switched off: noise alone is louder

TAPPED = Taken(
    None, "That was too short to hear anything.", "Hold it down while you speak, then let go."
)
SILENCE = Taken(
    None,
    "The microphone gave nothing but silence.",
    "See whether it is muted, or choose another one in Settings.",
)
NO_SPEECH = Taken(None, "Nobody was heard speaking.", "Speak a little louder, or come closer.")


class Clip:
    """What comes in becomes a clip of at most `longest_s` seconds."""

    def __init__(self, longest_s: float) -> None:
        self._longest = round(longest_s * WIDE_BAND)
        self._blocks: list[NDArray[np.float32]] = []
        self._count = 0
        self._meter = Meter()

    @property
    def full(self) -> bool:
        """Whether nothing more goes in."""
        return self._count >= self._longest

    def add(self, one: Incoming) -> Iterator[Began | Heard | Told | Full]:
        """Sound, or the news that some is missing."""
        if isinstance(one, Lost):
            yield Told(one.why)
            return
        block = one[: self._longest - self._count]
        if not len(block):
            return
        if not self._count:
            yield Began()
        self._blocks.append(block)
        self._count += len(block)
        level = self._meter.add(block)
        if level is not None:
            yield Heard(level, self._count / WIDE_BAND)
        if self.full:
            yield Full(self._count / WIDE_BAND)

    def end(self, detector: SpeechDetector) -> Taken:
        """The clip, if somebody speaks in it."""
        samples = np.concatenate([*self._blocks, np.zeros(0, np.float32)])
        if len(samples) < SHORTEST_S * WIDE_BAND:
            return TAPPED
        if float(np.abs(samples).max()) < SILENT:
            return SILENCE
        if _spoken_s(samples, detector) < LEAST_SPEECH_S:
            return NO_SPEECH
        return Taken(Sound(samples))


def _spoken_s(samples: NDArray[np.float32], detector: SpeechDetector) -> float:
    detector.reset()
    likely = [*detector.feed(samples).tolist(), *detector.finish().tolist()]
    return FRAME_S * sum(1 for one in likely if one >= LIKELY)
