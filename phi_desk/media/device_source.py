"""Listens to a device for hours: begins again when it was unplugged, and says what was lost.

Knows no kind of device: a follower finds it, a recording gives its sound. No thread of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from phi_desk.errors import DeviceError
from phi_desk.media.capture import Incoming, Lost
from phi_desk.media.following import Follower
from phi_desk.media.pulse import recording_from
from phi_desk.media.recorder import LOST_ON_ITS_WAY, Recording, SoundSystem
from phi_desk.media.shortfall import Shortfall
from phi_desk.media.sound import WIDE_BAND

POLL_S = 0.02  # how often the ring is looked into while nothing else is to be done
SILENT_S = 2.0  # a device that gives nothing for so long is not recording any more
OPENING_S = 5.0  # before its first sound it may take longer; PulseAudio's null sink needs 2 s
RETRY_S = 0.5  # between two tries to find it again
SLEPT_S = 1.0  # the two clocks are not read at the very same moment
REPORT_S = 5.0  # a loss that goes on is reported this often

Record = Callable[[SoundSystem, int], Recording]


def waking_and_sleeping_s() -> float:
    """A clock that goes on while the computer sleeps, where there is one (Linux)."""
    boot: int | None = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


def slept_s() -> float:
    """For how long the computer has slept since it was started, where that is known (Linux)."""
    return waking_and_sleeping_s() - time.monotonic()


class DeviceSource:
    """A `phi_desk.media.capture.Source` over a device that may come and go.

    Attributes:
        name: of the device that is heard at the moment.
    """

    rate = WIDE_BAND
    patient = False
    ended = False

    def __init__(
        self,
        sound: SoundSystem,
        follower: Follower,
        *,
        record: Record = Recording,
        clock: Callable[[], float] = waking_and_sleeping_s,
        slept: Callable[[], float] = slept_s,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Look for the device; nothing is recorded before the first `read`.

        Raises:
            DeviceError: it is not there.
        """
        self._sound = sound
        self._follower = follower
        self._record = record
        self._clock = clock
        self._slept = slept
        self._slept_s = slept()
        self._sleep = sleep
        try:
            self._place = follower.find()
        except DeviceError:
            follower.close()
            raise
        self.name = self._place.name
        self._recording: Recording | None = None
        self._begun = self._closed = False
        self._why = ""  # why there is no sound now, or was none until this recording's first
        self._until = 0.0  # the time up to which sound or loss has been given
        self._patience_until = 0.0  # without sound until then, the recording is dead
        self._retry_at = 0.0
        self._shortfall: Shortfall | None = None

    def read(self, wait_s: float) -> list[Incoming]:
        """See `Source.read`.

        Raises:
            DeviceError: at the first call, when the device cannot be opened. Later failures are
                losses, and end when the device is back.
        """
        deadline = self._clock() + wait_s
        while True:
            found = self._collect(self._clock())
            if found or self._closed or self._clock() >= deadline:
                return found
            self._sleep(min(POLL_S, max(0.0, deadline - self._clock())))

    def finish(self) -> list[Incoming]:
        """See `Source.finish`."""
        now, recording, why = self._clock(), self._recording, self._why
        self.close()
        self._why = ""
        if recording is not None and not why:
            return [one for one in recording.rest() if isinstance(one, Lost) or len(one)]
        return [Lost(now - self._until, why)] if why else []

    def close(self) -> None:
        """See `Source.close`."""
        self._closed = True
        recording, self._recording = self._recording, None
        if recording is not None:
            recording.close()
        self._follower.close()

    def _collect(self, now: float) -> list[Incoming]:
        if self._closed:
            return []
        if not self._begun:
            self._open(now)
            self._begun = True
        if self._recording is None:
            return self._try_again(now)
        slept_s, self._slept_s = self._slept_s, self._slept()
        if self._slept_s - slept_s > SLEPT_S:  # drivers do not always wake with the rest
            return self._interrupt(self._recording, "The computer slept.", now)
        found = self._heard(self._recording, now)
        if why := self._trouble(self._recording, now, found):
            found += self._interrupt(self._recording, why, now)
        return found

    def _open(self, now: float) -> None:
        source = "" if self._place.floating else self._place.source
        with recording_from(source):
            self._recording = self._record(self._sound, self._place.device)
        self.name = self._place.name
        self._patience_until = now + OPENING_S

    def _heard(self, recording: Recording, now: float) -> list[Incoming]:
        found = [one for one in recording.read() if isinstance(one, Lost) or len(one)]
        if not found:
            return found
        if self._why:  # the first sound after a loss
            lost_s = max(0.0, now - self._until - self._seconds(found))
            found.insert(0, Lost(lost_s, f"{self._why} Now listening to “{self.name}”."))
            self._why, self._shortfall = "", None
        self._until = now
        self._patience_until = now + SILENT_S
        if self._shortfall is None:
            self._shortfall = Shortfall(now)
        elif missing_s := self._shortfall.add(now, self._seconds(found)):
            found.append(Lost(missing_s, LOST_ON_ITS_WAY))
        return found

    def _seconds(self, found: list[Incoming]) -> float:
        return sum(one.seconds if isinstance(one, Lost) else len(one) / self.rate for one in found)

    def _trouble(self, recording: Recording, now: float, found: list[Incoming]) -> str:
        """Why this recording must end; empty when all is well."""
        change = self._follower.check(self._place)
        if change is not None and change.reopen:
            return change.why
        if change is not None:
            try:
                self._place = self._follower.find()
            except DeviceError as error:
                return error.sentence
            self.name = self._place.name
            found.append(Lost(0.0, change.why))
        if not recording.running:
            return f"“{self.name}” is gone."
        if now > self._patience_until:
            return f"“{self.name}” gives no sound."
        return ""

    def _interrupt(self, recording: Recording, why: str, now: float) -> list[Incoming]:
        self._recording = None
        recording.close()
        rest = [one for one in recording.rest() if isinstance(one, Lost) or len(one)]
        self._why = self._why or why
        self._retry_at = now
        before, self._until = self._until or now, now
        return [*rest, Lost(max(0.0, now - before - self._seconds(rest)), why)]

    def _try_again(self, now: float) -> list[Incoming]:
        if now >= self._retry_at:
            self._retry_at = now + RETRY_S
            try:
                self._place = self._follower.find()
                self._open(now)
            except DeviceError:
                self._recording = None
        if now - self._until >= REPORT_S:
            lost_s, self._until = now - self._until, now
            return [Lost(lost_s, self._why)]
        return []
