"""Notices devices that come and go, and says so once; looks on a lane of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from phi_desk.cancel import CancelToken
from phi_desk.media.devices.known import Devices, SoundDevice, news
from phi_desk.media.devices.looking import Looker
from phi_desk.services.doctor.isolated import Question
from phi_desk.ui.lane import Lane

EVERY_MS = 1_000  # a change is to be known within three seconds
LIST_SOUND = "phi_desk.media.devices.known:sound_devices"
LIST_LIMIT_S = 8.0


class DeviceWatch(QObject):
    """Looks every second; `value` is what is connected as far as is known.

    On Windows and macOS, where looking is not cheap, Qt tells when to look.
    """

    changed = Signal(object)  # Devices
    told = Signal(str)  # what has changed, in sentences; not for the first look

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        looker: Looker | None = None,
        system: str = sys.platform,
    ) -> None:
        super().__init__(parent)
        self.value = Devices()
        self._known = False
        self._closing = CancelToken()
        self._looker = looker or Looker(partial(list_sound, self._closing))
        self._lane = Lane("device lane")
        self._bell: QObject | None = None
        self._linux = system.startswith("linux")
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._on_timeout)

    def start(self) -> None:
        """Begin; the first look is taken at once."""
        if not self._linux:
            self._bell = self._listen()
        self._timer.start()
        self._on_timeout()

    def close(self) -> None:
        """End looking."""
        self._timer.stop()
        self._closing.cancel()
        self._lane.close()
        self._looker.close()

    @Slot()
    def _on_timeout(self) -> None:
        if self._lane.idle:
            self._lane.run(self._look, on_event=self._on_looked)

    @Slot()
    def _on_rung(self) -> None:
        self._looker.ring()

    def _look(self, cancel: CancelToken) -> Iterator[object]:
        found = self._looker.look()
        cancel.raise_if_cancelled()
        if found is not None:
            yield found

    def _on_looked(self, found: object) -> None:
        if not isinstance(found, Devices) or (self._known and found == self.value):
            return
        said = news(self.value, found) if self._known else ()
        self.value, self._known = found, True
        self.changed.emit(found)
        if said:
            self.told.emit(" ".join(said))

    def _listen(self) -> QObject:
        """Qt's own list of devices, used as a bell: what it rings for is looked at on the lane."""
        from PySide6.QtMultimedia import QMediaDevices

        bell = QMediaDevices(self)
        signals: tuple[Any, ...] = (
            bell.audioInputsChanged,
            bell.audioOutputsChanged,
            bell.videoInputsChanged,
        )
        for signal in signals:
            signal.connect(self._on_rung)
        return bell


def list_sound(
    cancel: CancelToken, ask: Callable[[str, float], Question] = Question
) -> tuple[SoundDevice, ...]:
    """The sound devices, asked in a process of its own: the list of ours is made once.

    Raises:
        DeviceError: no answer.
        Cancelled: by `cancel`.
    """
    question = ask(LIST_SOUND, LIST_LIMIT_S)
    try:
        rows = question.answer(cancel)
    finally:
        question.close()
    return tuple(SoundDevice(**row) for row in rows)
