"""The hot keys of the settings as two signals; knows no system and nothing that they do."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from phi_desk.errors import DeviceError, PhiDeskError, UsageError
from phi_desk.settings.fields import options_of
from phi_desk.settings.schema import HotKeys, Settings
from phi_desk.ui.preferences import Preferences
from phi_desk.ui.screen import keys_portal, keys_windows, keys_x11
from phi_desk.ui.screen.chords import Chord, parse_chord
from phi_desk.ui.screen.keys import NAMES, KeyDown, KeyEvent, KeySource, KeyUp
from phi_desk.ui.screen.keys_lane import LaneKeys
from phi_desk.ui.screen.keys_macos import CarbonKeys
from phi_desk.ui.screen.keys_window import WindowKeys

logger = logging.getLogger(__name__)

ONLY_HERE = DeviceError(
    "This desktop lets no program hear keys that are pressed in others.",
    "The hot keys work while a window of Phi Desk is in front.",
)


def sources(
    window: QWidget, platform: str, environment: Mapping[str, str] = os.environ
) -> list[KeySource]:
    """The ways to hear keys here, the best first; the last one always works.

    An X server of a Wayland session hears only what is typed into windows of X, so there the
    portal is the one way.
    """
    here: list[KeySource] = []
    if platform == "windows":
        here.append(LaneKeys("RegisterHotKey", keys_windows.watch))
    elif platform == "cocoa":
        here.append(CarbonKeys())
    elif platform in ("xcb", "wayland"):
        if platform == "wayland" or environment.get("WAYLAND_DISPLAY"):
            here.append(LaneKeys("portal", keys_portal.watch))
        else:
            here.append(LaneKeys("X11", keys_x11.watch))
    return [*here, WindowKeys(window)]


class GlobalKeys(QObject):
    """Binds the keys of the settings, again whenever they change.

    Attributes:
        problems: option -> sentence, for keys that do not work as the person wishes.
    """

    pressed = Signal(str)  # the option's name
    released = Signal(str)
    failed = Signal(object)  # PhiDeskError: some keys could not be taken
    limited = Signal(object)  # PhiDeskError: this desktop allows keys in our own windows only
    problems_changed = Signal()

    def __init__(
        self,
        preferences: Preferences,
        window: QWidget,
        ways: Sequence[KeySource] | None = None,
    ) -> None:
        super().__init__(window)
        self._preferences = preferences
        platform = QGuiApplication.platformName()
        self._ways = list(sources(window, platform) if ways is None else ways)
        self._quiet = len(self._ways) == 1  # offscreen: nobody presses keys elsewhere
        self._keys: HotKeys | None = None  # that are bound
        self._running = self._paused = False
        self._held: set[str] = set()
        self.problems: dict[str, str] = {}
        preferences.changed.connect(self._on_settings_changed)

    def start(self) -> None:
        """Bind the keys; later than the window's first frame, because nobody waits for them."""
        self._running = True
        self._bind()

    def pause(self) -> None:
        """Let go of all keys: the person is pressing new ones into a field."""
        self._paused = True
        self._release_all()
        for way in self._ways:
            way.stop()

    def resume(self) -> None:
        """Bind them again."""
        self._paused = False
        if self._running:
            self._bind()

    def close(self) -> None:
        """Let go of everything."""
        self._running = False
        self._held.clear()
        for way in self._ways:
            way.stop()
        for way in self._ways:
            way.close()

    @Slot(object)
    def _on_settings_changed(self, settings: Settings) -> None:
        if self._running and not self._paused and settings.hot_keys != self._keys:
            self._bind()

    def _bind(self) -> None:
        self._release_all()
        self._keys = self._preferences.value.hot_keys
        self.problems = {}
        chords = self._chords(self._keys)
        way = self._ways[0]
        logger.info("hot keys by %s", way.name)
        if not way.everywhere and not self._quiet:
            self.problems |= {option: str(ONLY_HERE) for option in chords}
        way.start(chords, self._on_event, self._on_failed)
        self.problems_changed.emit()

    def _chords(self, wanted: HotKeys) -> dict[str, Chord]:
        found: dict[str, Chord] = {}
        for one in options_of(wanted):
            try:
                chord = parse_chord(getattr(wanted, one.name))
            except UsageError as error:
                self._tell(one.name, error)
                continue
            if chord is not None and chord in found.values():
                first = next(option for option, other in found.items() if other == chord)
                self._tell(one.name, UsageError(f"“{NAMES[first]}” has the same keys."))
            elif chord is not None:
                found[one.name] = chord
        return found

    def _on_event(self, event: KeyEvent) -> None:
        if isinstance(event, KeyDown):
            if event.option not in self._held:
                self._held.add(event.option)
                self.pressed.emit(event.option)
        elif isinstance(event, KeyUp):
            if event.option in self._held:
                self._held.remove(event.option)
                self.released.emit(event.option)
        else:
            self._tell(event.option, event.error)
            self.problems_changed.emit()

    def _on_failed(self, error: PhiDeskError) -> None:
        """This way is closed here: take the next one."""
        logger.info("no hot keys by %s: %s", self._ways[0].name, error)
        if len(self._ways) > 1:
            self._ways.pop(0).close()
            self._bind()
            self.limited.emit(_because(ONLY_HERE, error))

    def _tell(self, option: str, error: PhiDeskError) -> None:
        self.problems[option] = str(error)
        keys = getattr(self._keys, option)
        about = f"“{NAMES[option]}” ({keys}) does not work: {error.sentence}"
        self.failed.emit(type(error)(about, error.hint, error.details))

    def _release_all(self) -> None:
        for option in sorted(self._held):
            self._held.discard(option)
            self.released.emit(option)


def _because(error: DeviceError, reason: PhiDeskError) -> DeviceError:
    return DeviceError(error.sentence, error.hint, (str(reason), *reason.details))
