"""The ground of the conversation: what is dropped anywhere on it goes to the composer."""

from __future__ import annotations

from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from phi_desk.ui.chat.composer import Composer


class DropGround(QWidget):
    """Hands drags and drops on."""

    def __init__(self, composer: Composer) -> None:
        super().__init__()
        self._composer = composer
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802  (Qt's name)
        """The composer shows that it takes it."""
        self._composer.dragEnterEvent(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802  (Qt's name)
        """It went elsewhere."""
        self._composer.dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802  (Qt's name)
        """The composer takes it."""
        self._composer.dropEvent(event)
