"""Where a person says how the model shall behave in a chat."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from phi_desk.ui.common.labels import button, label
from phi_desk.ui.theme import LARGE, MEDIUM, SMALL, title_font

SIZE = (540, 340)


class InstructionDialog(QDialog):
    """Says what was written."""

    chosen = Signal(str)

    def __init__(self, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Instruction for this chat")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.edit = QPlainTextEdit(words)
        self.edit.setAccessibleName("Instruction")
        self.edit.setTabChangesFocus(True)
        self.edit.setPlaceholderText("For example: Answer in German, in at most three sentences.")
        self.keep = button("Keep", kind="main", tip="Keep it (Ctrl+Enter)")
        self.keep.setDefault(True)
        cancel = button("Cancel", kind="flat", tip="Leave it as it was (Esc)")
        frame = QFrame()
        frame.setObjectName("card")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        inside.addWidget(self.edit)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(LARGE, LARGE, LARGE, LARGE)
        column.setSpacing(MEDIUM)
        column.addWidget(label("Instruction for this chat", font=title_font()))
        column.addWidget(
            label(
                "How shall the model behave? It is told this before every question of this chat.",
                kind="muted",
                wrap=True,
            )
        )
        column.addWidget(frame, 1)
        column.addLayout(foot)
        self.resize(*SIZE)
        self.keep.clicked.connect(self._on_keep)
        cancel.clicked.connect(self.reject)
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self._on_keep)
        self.edit.setFocus()

    @Slot()
    def _on_keep(self) -> None:
        self.chosen.emit(self.edit.toPlainText())
        self.accept()
