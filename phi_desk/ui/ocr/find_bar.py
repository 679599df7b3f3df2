"""The field that finds words in a page."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from phi_desk.ui.common.labels import label
from phi_desk.ui.icons import IconButton
from phi_desk.ui.theme import HAIR, SMALL, small_font


class FindField(QLineEdit):
    """Enter goes on, Shift and Enter goes back, Esc closes."""

    stepped = Signal(bool)  # forward
    left = Signal()

    def event(self, event: QEvent) -> bool:
        """Esc is ours while the search is open, and not the key that stops the reading."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """The keys of every such field."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.stepped.emit(not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class FindBar(QWidget):
    """Hidden until it is asked for."""

    words_changed = Signal(str)
    stepped = Signal(bool)  # forward
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = FindField()
        self.field.setPlaceholderText("Find in the text")
        self.field.setAccessibleName("Find in the text")
        self._count = label(kind="muted", font=small_font())
        self._count.setAccessibleName("Places found")
        back = IconButton("back", "Previous place", tip="Previous place (Shift+Enter)", size=16)
        on = IconButton("forward", "Next place", tip="Next place (Enter)", size=16)
        out = IconButton("close", "Close the search", tip="Close the search (Esc)", size=16)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(HAIR)
        row.addWidget(self.field, 1)
        row.addSpacing(SMALL)
        row.addWidget(self._count)
        for one in (back, on, out):
            row.addWidget(one)
        self.field.textChanged.connect(self.words_changed)
        self.field.stepped.connect(self.stepped)
        self.field.left.connect(self.left)
        back.clicked.connect(self._on_back)
        on.clicked.connect(self._on_forward)
        out.clicked.connect(self.left)
        self.hide()

    def begin(self) -> None:
        """Show it, ready to be typed into."""
        self.show()
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_count(self, number: int, total: int) -> None:
        """Which of how many places is marked."""
        words = f"{number} of {total}" if total else "Not on this page"
        self._count.setText(words if self.field.text() else "")

    @property
    def count(self) -> str:
        """What it says about the places."""
        return self._count.text()

    @Slot()
    def _on_back(self) -> None:
        self.stepped.emit(False)

    @Slot()
    def _on_forward(self) -> None:
        self.stepped.emit(True)
