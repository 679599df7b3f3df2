"""Where the window stood and which page was open, kept under the home folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QRect, QSettings
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

FILE = "window.ini"
FIRST_SIZE = (1120, 760)


class Places:
    """Remembers for the next start."""

    def __init__(self, home: Path) -> None:
        self._settings = QSettings(str(home / FILE), QSettings.Format.IniFormat)

    @property
    def page(self) -> str:
        """The page that was open last, or empty."""
        return str(self._settings.value("page", ""))

    @page.setter
    def page(self, name: str) -> None:
        self._settings.setValue("page", name)

    @property
    def side_open(self) -> bool:
        """Whether the list at the side was open."""
        return str(self._settings.value("side_open", "true")) != "false"

    @side_open.setter
    def side_open(self, is_open: bool) -> None:
        self._settings.setValue("side_open", "true" if is_open else "false")

    def restore(self, window: QWidget) -> None:
        """Put the window where it was; where no screen shows that place now, in the middle."""
        kept = self._settings.value("geometry")
        if isinstance(kept, QByteArray) and window.restoreGeometry(kept) and _is_seen(window):
            return
        screen = QGuiApplication.primaryScreen().availableGeometry()
        width, height = min(FIRST_SIZE[0], screen.width()), min(FIRST_SIZE[1], screen.height())
        place = QRect(0, 0, width, height)
        place.moveCenter(screen.center())
        window.setGeometry(place)

    def keep(self, window: QWidget) -> None:
        """Write down where the window is."""
        self._settings.setValue("geometry", window.saveGeometry())

    def close(self) -> None:
        """Write it all to the file."""
        self._settings.sync()


def _is_seen(window: QWidget) -> bool:
    """Whether enough of the title lies on a screen to take hold of it."""
    title = QRect(window.geometry().topLeft(), window.geometry().topRight()).adjusted(0, 0, 0, 24)
    for screen in QGuiApplication.screens():
        seen = screen.availableGeometry().intersected(title)
        if seen.width() >= 100 and seen.height() >= 10:
            return True
    return False
