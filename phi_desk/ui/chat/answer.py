"""Shows an answer while it is written: text as Markdown, code in boxes with a copy button."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from phi_desk.ui.chat.colouring import Colouring
from phi_desk.ui.chat.segments import Code, Prose, Segment, segments
from phi_desk.ui.common.flow_text import FlowText
from phi_desk.ui.common.labels import label
from phi_desk.ui.icons import IconButton
from phi_desk.ui.theme import MEDIUM, SMALL, code_font, small_font

COPIED_MS = 1500


class CopyButton(IconButton):
    """Copies what it is given, and shows for a moment that it did."""

    def __init__(self, name: str, tip: str = "") -> None:
        super().__init__("copy", name, tip=tip, size=16)
        self.words = ""
        self._timer = QTimer(self, singleShot=True, interval=COPIED_MS)
        self._timer.timeout.connect(self._on_timeout)
        self.clicked.connect(self._on_clicked)

    @Slot()
    def _on_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.words)
        self.show_icon("check")
        self._timer.start()

    @Slot()
    def _on_timeout(self) -> None:
        self.show_icon("copy")


class CodeBox(QFrame):
    """A block of code."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("code")
        self._language = label(kind="muted", font=small_font())
        self._copy = CopyButton("Copy this code")
        self.text = FlowText()
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
        self._copy.words = code.text
        self._colouring.language = code.language
        self.text.show_plain(code.text, line_height=False)


class Answer(QWidget):
    """The body of an answer; only the parts that changed are drawn again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(MEDIUM)
        self._parts: list[FlowText | CodeBox] = []
        self.text = ""

    def show_text(self, text: str) -> None:
        """Show this as the whole answer."""
        self.text = text
        found = segments(text)
        for place, segment in enumerate(found):
            self._show_part(place, segment)
        while len(self._parts) > len(found):
            self._take_away(self._parts.pop())

    def _show_part(self, place: int, segment: Segment) -> None:
        kind = FlowText if isinstance(segment, Prose) else CodeBox
        if place < len(self._parts) and not isinstance(self._parts[place], kind):
            while len(self._parts) > place:
                self._take_away(self._parts.pop())
        if place == len(self._parts):
            part = kind()
            if isinstance(part, FlowText):
                part.setAccessibleName("Answer")
            self._parts.append(part)
            self._column.addWidget(part)
        part = self._parts[place]
        if isinstance(segment, Prose) and isinstance(part, FlowText):
            part.show_markdown(segment.text)
        elif isinstance(segment, Code) and isinstance(part, CodeBox):
            part.show_code(segment)

    def _take_away(self, part: QWidget) -> None:
        self._column.removeWidget(part)
        part.hide()
        part.setParent(None, Qt.WindowType.Widget)
        part.deleteLater()
