"""Hot keys that a test presses, and what was heard of them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit

from phi_desk.errors import DeviceError, PhiDeskError
from phi_desk.ui.preferences import Preferences
from phi_desk.ui.screen.global_keys import GlobalKeys
from phi_desk.ui.screen.keys import Chords, KeyEvent, KeySource, NotTaken, taken_error


class ScriptedKeys:
    """A source whose keys the test presses; `refused` are had by another program."""

    name = "a script"

    def __init__(self, *, everywhere: bool = True, refused: tuple[str, ...] = ()) -> None:
        self.everywhere = everywhere
        self._refused = refused
        self.broken = ""
        self.chords: Chords = {}
        self.say: Callable[[KeyEvent], None] | None = None
        self.fail: Callable[[PhiDeskError], None] | None = None
        self.starts = self.stops = self.closes = 0

    def start(
        self,
        chords: Chords,
        say: Callable[[KeyEvent], None],
        on_failed: Callable[[PhiDeskError], None],
    ) -> None:
        self.starts += 1
        self.chords, self.say, self.fail = chords, say, on_failed
        if self.broken:
            on_failed(DeviceError(self.broken))
            return
        for option in chords:
            if option in self._refused:
                say(NotTaken(option, taken_error()))

    def stop(self) -> None:
        self.stops += 1

    def close(self) -> None:
        self.closes += 1


class Heard:
    """Global keys, and what they said."""

    def __init__(self, preferences: Preferences, field: QLineEdit, *ways: KeySource) -> None:
        self.keys = GlobalKeys(preferences, field, ways)
        self.log: list[str] = []
        self.errors: list[PhiDeskError] = []
        self.limits: list[PhiDeskError] = []
        self.keys.pressed.connect(self._on_pressed)
        self.keys.released.connect(self._on_released)
        self.keys.failed.connect(self.errors.append)
        self.keys.limited.connect(self.limits.append)

    def _on_pressed(self, option: str) -> None:
        self.log.append(f"+{option}")

    def _on_released(self, option: str) -> None:
        self.log.append(f"-{option}")
