"""Where to cut speech: the pauses in it, and the best one of a window; knows no file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from phi_desk.cancel import CancelToken
from phi_desk.media.framing import frame_samples
from phi_desk.media.sound import Sound
from phi_desk.media.spans import SpanOptions, SpeechSpans
from phi_desk.media.vad import SpeechDetector

CLEAR_PAUSE_S = 0.2  # shorter ones may be a held consonant; they are taken where no other is
LONG_PAUSE_S = 1.0  # a pause is not the better for being longer than this


@dataclass(frozen=True, slots=True)
class Stretch:
    """The samples from `start` up to, not including, `end`: of speech, or of a pause in it."""

    start: int
    end: int

    @property
    def middle(self) -> int:
        """The sample in the middle."""
        return (self.start + self.end) // 2

    def within(self, start: int, end: int) -> Stretch | None:
        """The part inside `start`..`end`, if there is any."""
        part = Stretch(max(self.start, start), min(self.end, end))
        return part if part.start < part.end else None


def pauses_between(speech: Iterable[Stretch]) -> list[Stretch]:
    """The pauses between speech and speech; before the first and after the last is none."""
    return [Stretch(a.end, b.start) for a, b in pairwise(speech) if a.end < b.start]


def best_pause(
    pauses: Iterable[Stretch], start: int, earliest: int, latest: int, rate: int
) -> Stretch | None:
    """The pause to cut a run of speech that began at `start`, or None where it has no pause.

    A pause after `earliest` goes before any earlier one, a clear one before a short one; among
    equals the longest wins, where one at `start` counts half as much as one at `latest`, so that
    the parts are not needlessly short. Only what lies before `latest` counts.
    """

    def worth(pause: Stretch) -> tuple[bool, bool, float]:
        late = pause.within(earliest, latest)
        part = late or pause.within(start, latest) or pause
        seconds = (part.end - part.start) / rate
        place = (part.middle - start) / (latest - start)
        weight = min(seconds, LONG_PAUSE_S) * (1.0 + place)
        return late is not None, seconds >= CLEAR_PAUSE_S, weight

    inside = [pause for pause in pauses if pause.within(start, latest)]
    return max(inside, key=worth, default=None)


def slices(sound: Sound) -> Iterator[NDArray[np.float32]]:
    """The sound second by second, so that detection can be stopped and memory stays small."""
    for start in range(0, len(sound.samples), sound.rate):
        yield sound.samples[start : start + sound.rate]


def find_speech(
    sound: Sound,
    detector: SpeechDetector,
    *,
    options: SpanOptions | None = None,
    cancel: CancelToken | None = None,
) -> tuple[Stretch, ...]:
    """Where somebody speaks in `sound`, in order.

    Raises:
        Cancelled: the person stopped it.
    """
    spans = SpeechSpans(options)
    found = []
    detector.reset(sound.rate)
    for block in slices(sound):
        if cancel is not None:
            cancel.raise_if_cancelled()
        found += spans.feed(detector.feed(block).tolist())
    found += spans.feed(detector.finish().tolist()) + spans.finish()
    size = frame_samples(sound.rate)
    return tuple(
        Stretch(span.start * size, min(span.end * size, len(sound.samples))) for span in found
    )
