"""The page in another language, beside its text."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from phi_desk.ui.common.labels import label
from phi_desk.ui.icons import IconButton
from phi_desk.ui.ocr.papers import Translation
from phi_desk.ui.ocr.text_views import PlainEditor
from phi_desk.ui.theme import HAIR, MEDIUM, SMALL, heading_font, small_font
from phi_desk.ui.throttle import Throttle


class TranslationPane(QFrame):
    """Hidden while there is none."""

    stop_requested = Signal()
    close_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pane")
        self.setAccessibleName("Translation")
        self._busy = False
        self._held = ""
        self._title = label(font=heading_font())
        self._state = label(kind="muted", font=small_font(), wrap=True)
        self.text = PlainEditor("Translation of the page")
        self.text.setReadOnly(True)
        self.copy = IconButton("copy", "Copy the translation", size=16)
        self.out = IconButton("close", "Close the translation", size=16)
        self._grow = Throttle(self._show_held, self)
        self.copy.clicked.connect(self._on_copy_clicked)
        self.out.clicked.connect(self._on_out_clicked)
        head = QHBoxLayout()
        head.setContentsMargins(MEDIUM, HAIR, HAIR, 0)
        head.setSpacing(SMALL)
        head.addWidget(self._title)
        head.addWidget(self._state, 1)
        head.addWidget(self.copy)
        head.addWidget(self.out)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.text, 1)
        self.hide()

    def show_translation(self, translation: Translation | None) -> None:
        """Show one, or none."""
        self._grow.drop()
        self._held = ""
        if translation is None:
            self.hide()
            return
        self._busy = translation.busy
        self._title.setText(translation.language)
        waits = "Waiting for the model…" if not translation.text else "Translating…"
        self._state.setText(waits if translation.busy else translation.note)
        self.text.show_text(translation.text)
        self.copy.show_icon("copy")
        if self._busy:
            self.out.show_icon("stop")
            self.out.say("Stop translating")
        else:
            self.out.show_icon("close")
            self.out.say("Close the translation")
        self.show()

    def add_words(self, words: str) -> None:
        """More of it."""
        self._held += words
        self._grow.request()

    def _show_held(self) -> None:
        held, self._held = self._held, ""
        self._state.setText("Translating…")
        self.text.add(held)

    @Slot()
    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.copy.show_icon("check")

    @Slot()
    def _on_out_clicked(self) -> None:
        if self._busy:
            self.stop_requested.emit()
        else:
            self.close_requested.emit()
