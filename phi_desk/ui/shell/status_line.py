"""The quiet line at the foot: how things stand with the model."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from phi_desk.ui.common.labels import label
from phi_desk.ui.engine_status import EngineStatus
from phi_desk.ui.theme import HAIR, LARGE, MEDIUM, small_font


class StatusLine(QWidget):
    """Shows an `EngineStatus`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._words = label(kind="muted", font=small_font())
        self._words.setAccessibleName("State of the model")
        self._note = label(kind="muted", font=small_font())
        self._note.setAccessibleName("About the model")
        self._note.hide()
        self._bar = QProgressBar()
        self._bar.setAccessibleName("Loading the model")
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(140)
        row = QHBoxLayout(self)
        row.setContentsMargins(LARGE, HAIR, LARGE, HAIR)
        row.setSpacing(MEDIUM)
        row.addWidget(self._words)
        row.addWidget(self._bar)
        row.addStretch(1)
        row.addWidget(self._note)
        self.show_status(EngineStatus(state="asleep"))

    @property
    def sentence(self) -> str:
        """What it says."""
        return self._words.text()

    @Slot(str)
    def show_note(self, sentence: str) -> None:
        """What must be known about the model in use; empty where there is nothing."""
        self._note.setText(sentence)
        self._note.setVisible(bool(sentence))

    @Slot(object)
    def show_status(self, status: EngineStatus) -> None:
        """Say how things stand."""
        self._words.setText(status.sentence)
        loading = status.state == "loading"
        self._bar.setVisible(loading)
        if loading:
            self._bar.setRange(0, status.total)  # 0 to 0 moves to and fro
            self._bar.setValue(status.done)
