"""Finds sound that is missing without any sign of it, by the clock; knows no device.

A device that gives a second of sound in a second is never exact: its clock runs a little fast or
slow, and its sound comes in blocks, sometimes late and then more of it. What stays away is lost.
"""

from __future__ import annotations

TOLERATED_S = 0.3  # blocks of sound, measured with PulseAudio, come at most 0.05 s late
SURE_S = 1.0  # what was only late has come by then; 10 s of it came within 0.02 s, measured
DRIFT = 0.0005  # the worst clocks of sound cards are 0.0002 off


class Shortfall:
    """Begin it with the first sound of a recording."""

    def __init__(self, now: float) -> None:
        self._begun = self._checked = now
        self._given = 0.0
        self._normal = 0.0  # how far the sound is behind the clock when all is well
        self._since: float | None = None

    def add(self, now: float, seconds: float) -> float:
        """At `now`, `seconds` more of sound have come; how many seconds are missing for sure."""
        self._given += seconds
        behind = now - self._begun - self._given
        self._normal = min(behind, self._normal + DRIFT * (now - self._checked))
        self._checked = now
        missing = behind - self._normal
        if missing < TOLERATED_S:
            self._since = None
            return 0.0
        self._since = now if self._since is None else self._since
        if now - self._since < SURE_S:
            return 0.0
        self._given += missing
        self._since = None
        return missing
