"""Keys that work while a window of ours is in front: for systems that allow no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from PySide6.QtCore import QCoreApplication, QEvent, QKeyCombination, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from phi_desk.errors import PhiDeskError
from phi_desk.ui.screen.chords import Chord
from phi_desk.ui.screen.keys import Chords, KeyDown, KeyEvent, KeyUp

_QT_NAMES = {"ctrl": "Ctrl", "alt": "Alt", "shift": "Shift", "meta": "Meta"}


class WindowKeys(QObject):
    """A `KeySource` of shortcuts of `window`'s application."""

    name = "our own windows"
    everywhere = False

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._shortcuts: list[QShortcut] = []
        self._keys: dict[str, int] = {}  # option: key of Qt
        self._say: Callable[[KeyEvent], None] = lambda _event: None
        self._held: tuple[str, int] | None = None  # option and key of Qt

    def start(
        self,
        chords: Chords,
        say: Callable[[KeyEvent], None],
        on_failed: Callable[[PhiDeskError], None],
    ) -> None:
        """See `KeySource`."""
        self.stop()
        self._say = say
        for option, chord in chords.items():
            shortcut = QShortcut(sequence(chord), self._window)
            shortcut.setObjectName(option)
            self._keys[option] = _last_key(chord)
            shortcut.setContext(Qt.ShortcutContext.ApplicationShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(self._on_activated)
            self._shortcuts.append(shortcut)

    def stop(self) -> None:
        """See `KeySource`."""
        self._let_go()
        for shortcut in self._shortcuts:
            shortcut.setEnabled(False)
            shortcut.deleteLater()
        self._shortcuts = []

    def close(self) -> None:
        """See `KeySource`."""
        self.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  (Qt's name)
        """While keys are held: see that the last one is let go."""
        if self._held is not None and isinstance(event, QKeyEvent):
            released = event.type() == QEvent.Type.KeyRelease and not event.isAutoRepeat()
            if released and event.key() == self._held[1]:
                self._let_go()
        elif event.type() == QEvent.Type.ApplicationDeactivate:
            self._let_go()  # its release will go to another program
        return super().eventFilter(watched, event)

    @Slot()
    def _on_activated(self) -> None:
        shortcut = self.sender()
        if isinstance(shortcut, QShortcut) and self._held is None:
            self._held = (shortcut.objectName(), self._keys[shortcut.objectName()])
            # Only while it is held: a filter of the whole application is dear.
            _application().installEventFilter(self)
            self._say(KeyDown(self._held[0]))

    def _let_go(self) -> None:
        if self._held is not None:
            option, self._held = self._held[0], None
            _application().removeEventFilter(self)
            self._say(KeyUp(option))


def _last_key(chord: Chord) -> int:
    keys = cast("Sequence[QKeyCombination]", sequence(chord))  # its stub forgot to say so
    return int(keys[0].key())


def sequence(chord: Chord) -> QKeySequence:
    """A combination as Qt takes it."""
    names = [
        _QT_NAMES[name] for name in ("ctrl", "alt", "shift", "meta") if name in chord.modifiers
    ]
    return QKeySequence("+".join([*names, chord.key.capitalize()]))


def _application() -> QCoreApplication:
    application = QCoreApplication.instance()
    assert application is not None
    return application
