"""How loud it is, and how far the words are behind; knows no model and no device."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from phi_desk.services.live.events import Lag, Level

LEVEL_FRAMES = 3  # frames of 32 ms in one level: about ten levels a second
SILENCE_DB = -120.0
SLOW = 1.05  # seconds the model needs for a second of speech, from where on it falls behind
MEMORY = 0.5  # how much of the model's pace the last segment makes

SPEAKING = "Somebody is speaking; the words come at the next pause."


class LevelMeter:
    """Makes a level of every third frame and the two before it."""

    def __init__(self) -> None:
        self._frames = 0
        self._values = 0
        self._power = 0.0
        self._peak = 0.0

    def add(self, frame: NDArray[np.float32], until_s: float, *, speech: bool) -> Level | None:
        """The level that `frame`, which ends at `until_s`, completes."""
        self._frames += 1
        self._values += len(frame)
        self._power += float(np.square(frame, dtype=np.float64).sum())
        self._peak = max(self._peak, float(np.abs(frame).max(initial=0.0)))
        if self._frames < LEVEL_FRAMES or not self._values:
            return None
        level = Level(
            at_s=until_s,
            rms_db=_db(self._power / self._values),
            peak_db=_db(self._peak**2),
            speech=speech,
        )
        self._frames = self._values = 0
        self._power = self._peak = 0.0
        return level


class Pace:
    """How many seconds the model needs for a second of speech; None before the first segment."""

    def __init__(self) -> None:
        self.value: float | None = None

    def add(self, computed_s: float, sound_s: float) -> None:
        """The model computed for `computed_s` over `sound_s` of sound."""
        now = computed_s / max(sound_s, 0.1)
        before = self.value if self.value is not None else now
        self.value = before + MEMORY * (now - before)


class LagMeter:
    """Says the lag, and nothing twice in a row when there is none."""

    def __init__(self) -> None:
        self._said = False

    def say(
        self, behind_s: float, waiting_s: float, pace: float | None, *, hurrying: bool
    ) -> Lag | None:
        """The lag as it is now; None when there was none and is none."""
        if behind_s <= 0 and not self._said:
            return None
        self._said = behind_s > 0
        why = _reason(behind_s, waiting_s, pace, hurrying=hurrying)
        return Lag(behind_s=max(0.0, behind_s), waiting_s=waiting_s, why=why)


def _reason(behind_s: float, waiting_s: float, pace: float | None, *, hurrying: bool) -> str:
    if behind_s <= 0:
        return ""
    if waiting_s <= 0:
        return SPEAKING
    if pace is None or pace <= SLOW:
        why = f"{waiting_s:.0f} s of speech wait for the model."
    else:
        why = f"The model needs {pace:.1f} s for a second of speech."
    return f"{why} It translates without a transcript to catch up." if hurrying else why


def _db(power: float) -> float:
    return round(max(SILENCE_DB, 10 * math.log10(max(power, 1e-30))), 1)
