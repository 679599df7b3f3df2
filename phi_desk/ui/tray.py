"""The icon in the system's tray: the window, the pages, what stays above all windows, the end."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from phi_desk.ui.icons import app_icon

HIDDEN_MS = 6_000


class Tray(QObject):
    """Shown where the system has a tray; says what was asked for."""

    page_requested = Signal(str)
    window_requested = Signal()
    quit_requested = Signal()

    def __init__(self, pages: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.menu = QMenu()
        self.menu.addAction("Open Phi Desk").triggered.connect(self.window_requested)
        self.menu.addSeparator()
        for name in pages:
            action = QAction(name, self.menu)
            action.setObjectName(name)
            action.triggered.connect(self._on_page_triggered)
            self.menu.addAction(action)
        self._end = self.menu.addSeparator()
        self.menu.addAction("Quit Phi Desk").triggered.connect(self.quit_requested)
        self._switches = 0
        self._icon = QSystemTrayIcon(app_icon(), self)
        self._icon.setToolTip("Phi Desk")
        self._icon.setContextMenu(self.menu)
        self._icon.activated.connect(self._on_activated)
        self._icon.messageClicked.connect(self.window_requested)

    @property
    def there(self) -> bool:
        """Whether the icon can be seen, so that a hidden window can be brought back."""
        return self._icon.isVisible() and QSystemTrayIcon.isSystemTrayAvailable()

    def add_switch(self, words: str) -> QAction:
        """One more thing that can be shown or hidden from here."""
        action = QAction(words, self.menu)
        action.setCheckable(True)
        if not self._switches:
            self.menu.insertSeparator(self._end)
        self._switches += 1
        self.menu.insertAction(self._end, action)
        return action

    def show(self) -> None:
        """Show it, where there is a tray."""
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._icon.show()

    @Slot()
    def tell_hidden(self) -> None:
        """Say where the window went."""
        if QSystemTrayIcon.supportsMessages():
            self._icon.showMessage(
                "Phi Desk goes on",
                "It is here in the tray. “Quit Phi Desk” in its menu ends it.",
                app_icon(),
                HIDDEN_MS,
            )

    @Slot(str)
    def say(self, sentence: str) -> None:
        """Tell a person who looks at another program."""
        if self.there and QSystemTrayIcon.supportsMessages():
            self._icon.showMessage("Phi Desk", sentence, app_icon(), HIDDEN_MS)

    def close(self) -> None:
        """Take it away."""
        self._icon.hide()
        self.menu.deleteLater()

    @Slot()
    def _on_page_triggered(self) -> None:
        action = self.sender()
        if action is not None:
            self.page_requested.emit(action.objectName())

    @Slot(QSystemTrayIcon.ActivationReason)
    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger:
            self.window_requested.emit()
