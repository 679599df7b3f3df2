"""The one place where microphones are opened for a question: a lane of its own, and who has it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Signal

from phi_desk.cancel import CancelToken
from phi_desk.media.capture import Source
from phi_desk.media.microphone import open_microphone
from phi_desk.media.recorder import SoundSystem
from phi_desk.media.vad import SpeechDetector, open_detector
from phi_desk.settings.schema import Voice
from phi_desk.ui.lane import Lane
from phi_desk.ui.preferences import Preferences

OpenSource = Callable[[str | None], Source]


class LazySound:
    """The window's one `SoundSystem`, made by the first lane that needs it.

    Making it loads PortAudio and asks every driver: never on the thread that paints.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: SoundSystem | None = None

    def __call__(self) -> SoundSystem:
        """Raises `DeviceError` when PortAudio is not on this machine."""
        with self._lock:
            if self._made is None:
                self._made = SoundSystem()
            return self._made


class Capture(QObject):
    """Opens the microphone that the person chose; whoever records does so on its lane.

    A recorder that holds a key goes before hands-free: `wanted` asks that for the microphone,
    `freed` gives it back.
    """

    wanted = Signal()
    freed = Signal()

    def __init__(
        self,
        preferences: Preferences,
        sound: Callable[[], SoundSystem],
        parent: QObject | None = None,
        *,
        open_source: OpenSource | None = None,
    ) -> None:
        super().__init__(parent)
        self.lane = Lane("capture lane")
        self.preferences = preferences
        self._sound = sound
        self._open_source = open_source or self._open_microphone
        self._detector: SpeechDetector | None = None
        self._holders = 0

    @property
    def options(self) -> Voice:
        """What the person chose."""
        return self.preferences.value.voice

    @property
    def taken(self) -> bool:
        """Whether somebody holds a key and speaks."""
        return self._holders > 0

    def take(self) -> None:
        """Somebody begins to hold a key."""
        self._holders += 1
        if self._holders == 1:
            self.wanted.emit()

    def give_back(self) -> None:
        """That is over."""
        self._holders -= 1
        if not self._holders:
            self.freed.emit()

    def source(self) -> Callable[[], Source]:
        """What opens the microphone of now; to be called on the lane."""
        name = self.preferences.value.devices.microphone
        return lambda: self._open_source(name)

    def detector(self) -> SpeechDetector:
        """Hears whether somebody speaks; on the lane only, where one thread uses it."""
        if self._detector is None:
            self._detector = open_detector()
        return self._detector

    def warm(self) -> None:
        """Load what takes long before anybody speaks, so that no first word is lost to it."""

        def work(cancel: CancelToken) -> Iterator[object]:
            self._sound()
            cancel.raise_if_cancelled()
            self.detector()
            yield True

        self.lane.run(work)  # where it fails, the person is told when a microphone is asked for

    def stop(self) -> None:
        """Cancel everything; does not wait."""
        self.lane.stop()

    def close(self) -> None:
        """End the lane."""
        self.lane.close()

    def _open_microphone(self, name: str | None) -> Source:
        return open_microphone(name, self._sound())
