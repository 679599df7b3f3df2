"""A block of code in an answer: coloured, with a button that copies it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from phi_desk.ui.chat.colouring import Colouring
from phi_desk.ui.chat.segments import Code
from phi_desk.ui.chat.turn_view import plain
from phi_desk.ui.common.flow_text import FlowText
from phi_desk.ui.common.labels import label
from phi_desk.ui.icons import IconButton
from phi_desk.ui.theme import MEDIUM, SMALL, code_font, small_font

COPIED_MS = 1500


class CopyButton(IconButton):
    """Copies what `content` gives, and shows for a moment that it did."""

    def __init__(self, name: str, tip: str = "") -> None:
        super().__init__("copy", name, tip=tip, size=16)
        self.content: Callable[[], QMimeData] = QMimeData
        self._timer = QTimer(self, singleShot=True, interval=COPIED_MS)
        self._timer.timeout.connect(self._on_timeout)
        self.clicked.connect(self.copy)

    @Slot()
    def copy(self) -> None:
        """Copy it now."""
        QGuiApplication.clipboard().setMimeData(self.content())
        self.show_icon("check")
        self._timer.start()

    @Slot()
    def _on_timeout(self) -> None:
        self.show_icon("copy")


class CodeText(FlowText):
    """Code that grows at its end; what is there is not drawn again."""

    def __init__(self) -> None:
        super().__init__()
        self.code = ""

    def show_code(self, code: str) -> None:
        """Show it."""
        if code == self.code:
            return
        if self.code and code.startswith(self.code):
            cursor = QTextCursor(self.document())
            cursor.movePosition(QTextCursor.MoveOperation.End)
            cursor.insertText(code[len(self.code) :])
        else:
            self.show_plain(code, line_height=False)
        self.code = code

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """Only a new width makes a new layout."""
        if event.size().width() != event.oldSize().width():
            super().resizeEvent(event)


class CodeBox(QFrame):
    """The box around it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("code")
        self._language = label(kind="muted", font=small_font())
        self._copy = CopyButton("Copy this code")
        self._copy.content = self._code
        self.text = CodeText()
        plain(self.text)
        self.text.setAccessibleName("Code")
        self.text.setFont(code_font())
        self.text.setLineWrapMode(FlowText.LineWrapMode.NoWrap)
        self._colouring = Colouring(self.text.document())
        head = QHBoxLayout()
        head.addWidget(self._language)
        head.addStretch(1)
        head.addWidget(self._copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(MEDIUM, SMALL, SMALL, MEDIUM)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self.text)

    def show_code(self, code: Code) -> None:
        """Show it."""
        self._language.setText(code.language or "code")
        if code.language != self._colouring.language:
            self._colouring.language = code.language
            self._colouring.rehighlight()
        self.text.show_code(code.text)

    def _code(self) -> QMimeData:
        mime = QMimeData()
        mime.setText(self.text.code)
        return mime
