"""Looks which devices there are whenever something may have changed; keeps no device open.

Cheap enough for every second: a sound server tells by itself, and elsewhere only names of files
are read before PortAudio is asked, in a process of its own, which makes its list anew.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from phi_desk.errors import DeviceError
from phi_desk.media.devices.cameras import Camera, cameras, linux_cameras
from phi_desk.media.devices.known import Devices, SoundDevice, from_port_audio, from_server
from phi_desk.media.pulse import PulseNews, PulseState, ask_pactl, pulse_state

ALSA = Path("/proc/asound")
SERVER_AGAIN_S = 2.0  # between two questions to a sound server that is not there

One = TypeVar("One")
ListSound = Callable[[], tuple[SoundDevice, ...]]


class Looker:
    """Used from one thread.

    Where the system does not tell by itself what changed, `ring` says that something may have.
    """

    def __init__(
        self,
        list_sound: ListSound,
        *,
        system: str = sys.platform,
        news: PulseNews | None = None,
        state: Callable[[], PulseState | None] = pulse_state,
        sinks: Callable[[], str | None] = lambda: ask_pactl("-f", "json", "list", "sinks"),
        cards: Callable[[], str] | None = None,
        list_cameras: Callable[[], tuple[Camera, ...]] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`list_sound` asks PortAudio elsewhere, so that no recording of ours is cut off."""
        self._linux = system.startswith("linux")
        self._list_sound = list_sound
        self._news = news or PulseNews()
        self._state, self._sinks = state, sinks
        self._cards = cards or alsa_cards
        self._list_cameras = list_cameras or (linux_cameras if self._linux else cameras)
        self._clock = clock
        self._seen: object = None
        self._rung = True
        self._served = False  # whether a sound server answered last time
        self._server_at = 0.0  # a server that does not answer is not asked before
        self._first = True

    def ring(self) -> None:
        """Something may have changed; from any thread."""
        self._rung = True

    def look(self) -> Devices | None:
        """What is connected; None where nothing can have changed since the last look.

        What cannot be found out is left out: a list of devices is no place for failures.
        """
        rung, self._rung = self._rung or self._first, False
        if not self._linux:
            if not rung:
                return None
            self._first = False
            return from_port_audio(_told(self._list_sound), _told(self._list_cameras))
        found = _told(self._list_cameras)
        seen, before = (found, self._cards()), self._seen
        self._seen = seen
        asked = self._ask_server(rung or seen != before)
        if asked is not None:
            self._first = False
            return from_server(asked, self._sinks(), found)
        if self._served or not (rung or seen != before):
            return None
        self._first = False
        return from_port_audio(_told(self._list_sound), found)

    def _ask_server(self, changed: bool) -> PulseState | None:
        """What the sound server says, where it is there and there is a reason to ask it."""
        now = self._clock()
        if not self._served and not changed and now < self._server_at:
            return None
        if not (self._news.changed() or changed):
            return None
        state = self._state()
        if self._served and state is None:
            self._rung = True  # it ended: PortAudio is asked at the next look
        self._served = state is not None
        self._server_at = now + SERVER_AGAIN_S
        return state

    def close(self) -> None:
        """End listening to the server."""
        self._news.close()


def alsa_cards(folder: Path = ALSA) -> str:
    """Which sound cards the kernel has."""
    try:
        return (folder / "cards").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _told(ask: Callable[[], tuple[One, ...]]) -> tuple[One, ...]:
    try:
        return ask()
    except DeviceError:
        return ()
