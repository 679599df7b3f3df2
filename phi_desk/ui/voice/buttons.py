"""The button and the key that are held while a person speaks; know no microphone."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from phi_desk.ui.icons import IconButton

TALK_KEYS, TALK_KEY = "Ctrl+T", Qt.Key.Key_T
HANDS_FREE_KEYS = "Ctrl+Shift+T"
READ_KEYS = "Ctrl+Shift+L"
PRESSES = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class TalkButton(IconButton):
    """Held with the mouse or a key; a click by a screen reader, which cannot hold, comes apart.

    Unlike with other buttons, moving away while it is pressed does not let it go.
    """

    held = Signal()
    let_go = Signal()
    tapped = Signal()

    def __init__(self) -> None:
        super().__init__("microphone", "Talk")
        self._is_held = False
        self.setCheckable(True)  # it looks so while somebody is recorded, whatever began it
        self.clicked.connect(self.tapped)

    def show_way(self, way: str) -> None:
        """Say how it is used: "hold" or "toggle"."""
        if way == "hold":
            self.say("Talk", f"Hold it and speak; let go to ask (hold {TALK_KEYS})")
        else:
            self.say("Talk", f"Talk; once more to ask ({TALK_KEYS})")

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  (Qt's name)
        """Held from now on."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._hold()
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  (Qt's name)
        """Nothing happens, wherever the mouse goes."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  (Qt's name)
        """Not held any more."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._release()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """Space holds it, too."""
        if event.key() not in PRESSES or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self._hold()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """As `keyPressEvent`."""
        if event.key() not in PRESSES:
            super().keyReleaseEvent(event)
        elif not event.isAutoRepeat():
            self._release()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802  (Qt's name)
        """Nobody can hold what is not there."""
        super().hideEvent(event)
        self._release()

    def _hold(self) -> None:
        if not self._is_held:
            self._is_held = True
            self.setDown(True)
            self.held.emit()

    def _release(self) -> None:
        if self._is_held:
            self._is_held = False
            self.setDown(False)
            self.let_go.emit()


class TalkKeys(QObject):
    """A combination of keys inside a page that is held; Escape meanwhile means: throw it away."""

    held = Signal()
    let_go = Signal()
    escaped = Signal()

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._is_held = False
        shortcut = QShortcut(QKeySequence(TALK_KEYS), page)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(self._on_activated)
        # either of them ends it: nobody lets go of two keys at the same moment
        self._ends = {int(key) for key in (TALK_KEY, Qt.Key.Key_Control, Qt.Key.Key_Meta)}

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  (Qt's name)
        """Only while it is held: which key is let go, whatever has the focus."""
        kind = event.type()
        if kind == QEvent.Type.ApplicationDeactivate:
            self._release()
        elif isinstance(event, QKeyEvent) and not event.isAutoRepeat():
            if kind == QEvent.Type.KeyRelease and int(event.key()) in self._ends:
                self._release()
            elif event.key() == Qt.Key.Key_Escape and kind == QEvent.Type.ShortcutOverride:
                event.accept()  # with Ctrl held it is no shortcut of any page
            elif event.key() == Qt.Key.Key_Escape and kind == QEvent.Type.KeyPress:
                self._is_held = False
                self._watch(on=False)
                self.escaped.emit()
                return True
        return super().eventFilter(watched, event)

    def _release(self) -> None:
        if self._is_held:
            self._is_held = False
            self._watch(on=False)
            self.let_go.emit()

    def _watch(self, *, on: bool) -> None:
        app = QApplication.instance()
        if app is not None:
            (app.installEventFilter if on else app.removeEventFilter)(self)

    @Slot()
    def _on_activated(self) -> None:
        if not self._is_held:
            self._is_held = True
            self._watch(on=True)
            self.held.emit()
