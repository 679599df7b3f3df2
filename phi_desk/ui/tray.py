"""The icon in the system's tray: the pages, and the way out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from phi_desk.ui.icons import app_icon


class Tray(QObject):
    """Shown where the system has a tray; says what was asked for."""

    page_requested = Signal(str)
    window_requested = Signal()
    quit_requested = Signal()

    def __init__(self, pages: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.menu = QMenu()
        for name in pages:
            action = QAction(name, self.menu)
            action.setObjectName(name)
            action.triggered.connect(self._on_page_triggered)
            self.menu.addAction(action)
        self.menu.addSeparator()
        self.menu.addAction("Quit Phi Desk").triggered.connect(self.quit_requested)
        self._icon = QSystemTrayIcon(app_icon(), self)
        self._icon.setToolTip("Phi Desk")
        self._icon.setContextMenu(self.menu)
        self._icon.activated.connect(self._on_activated)

    def show(self) -> None:
        """Show it, where there is a tray."""
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._icon.show()

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
