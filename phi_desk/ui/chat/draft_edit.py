"""The field for a question: grows with its words, and hands on what is no words."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QTextEdit

from phi_desk.ui.common.mime import can_take, given

MOST_LINES = 9
LARGE_PASTE = 6_000  # letters: about two pages, more than anybody reads in a small field


class DraftEdit(QTextEdit):
    """Grows up to a few lines; Enter asks, Shift and Enter begin a line."""

    entered = Signal()
    given = Signal(object)  # common.mime.Given
    text_given = Signal(str)  # a paste too long for a field
    up_pressed = Signal()  # in an empty field
    focus_changed = Signal(bool)

    def __init__(self, name: str, placeholder: str = "", *, most_lines: int = MOST_LINES) -> None:
        super().__init__()
        self._most_lines = most_lines
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(2)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def set_text(self, text: str) -> None:
        """Other words; the person goes on writing at their end."""
        self.setPlainText(text)
        cursor = self.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.setTextCursor(cursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """Enter asks."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Up and self.document().isEmpty():
            self.up_pressed.emit()
        else:
            super().keyPressEvent(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:  # noqa: N802  (Qt's name)
        """Also what becomes an attachment."""
        return can_take(source)

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802  (Qt's name)
        """Words go in, the rest is attached."""
        came = given(source)
        if came.files or came.pictures or came.addresses:
            self.given.emit(came)
        elif len(came.text) > LARGE_PASTE:
            self.text_given.emit(came.text)
        elif came.text:
            self.insertPlainText(came.text)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802  (Qt's name)
        """Say so: the frame around it shows it."""
        super().focusInEvent(event)
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802  (Qt's name)
        """As `focusInEvent`."""
        super().focusOutEvent(event)
        self.focus_changed.emit(False)

    @Slot()
    def _fit(self) -> None:
        line = self.fontMetrics().lineSpacing()
        wanted = int(self.document().size().height()) + 2
        least = line + 8
        self.setFixedHeight(max(least, min(wanted, self._most_lines * line)))
