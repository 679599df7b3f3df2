"""The text of one session with its heading: of now, or a kept one; knows no presenter."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from phi_desk.ui.common.labels import label
from phi_desk.ui.live.script import as_text
from phi_desk.ui.live.transcript import FIRST_SHARE, SIDE_BY_SIDE, TIME_WIDTH, TranscriptView
from phi_desk.ui.live.values import Row
from phi_desk.ui.theme import HAIR, HUGE, LARGE, SMALL, small_font

SPOKEN = "What was said"
EMPTY = (
    "Choose what to listen to, and press Start. The words stand here as soon as somebody pauses; "
    "with a language beside “Translate to”, their translation stands beside them."
)
DROP = "A sound or video file can also be dropped here: it is heard at its natural pace."


class Reading(QWidget):
    """Column headings and rows; a sentence where there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.transcript = TranscriptView()
        self._spoken = label(SPOKEN, kind="muted", font=small_font())
        self._target = label(kind="muted", font=small_font())
        self._heads = QWidget()
        self._stack = QStackedWidget()
        self._empty = QWidget()
        self._sentence = label(EMPTY, kind="muted", wrap=True)
        self._drop = label(DROP, kind="muted", wrap=True)
        self._lay_out()
        self.expect(translated=False, language="", target="")

    @property
    def text(self) -> str:
        """All rows, for the clipboard."""
        return as_text(self.transcript.rows)

    def expect(self, *, translated: bool, language: str, target: str) -> None:
        """Begin anew; the languages are names for people, empty where nobody knows."""
        self.transcript.clear_rows(translated=translated)
        self._spoken.setText(language or SPOKEN)
        self._target.setText(target)
        self._target.setVisible(translated)
        self._say(EMPTY)
        self._show()

    def say_empty(self, sentence: str) -> None:
        """What stands there while there are no words."""
        self._say(sentence)
        self._show()

    def show_rows(self, final: Sequence[Row], tail: Sequence[Row]) -> None:
        """See `TranscriptView`."""
        self.transcript.show_rows(final, tail)
        self._show()

    def show_all(self, rows: Sequence[Row]) -> None:
        """See `TranscriptView`."""
        self.transcript.show_all(rows)
        self._show()

    @Slot()
    def copy(self) -> None:
        """Everything goes to the clipboard."""
        QGuiApplication.clipboard().setText(self.text)

    @Slot()
    def _show(self) -> None:
        any_rows = bool(self.transcript.rows)
        self._stack.setCurrentWidget(self.transcript if any_rows else self._empty)
        wide = self.width() >= SIDE_BY_SIDE
        text_width = self.transcript.viewport().width() - 2 * LARGE
        self._spoken.setFixedWidth(max(1, round(FIRST_SHARE * text_width)))
        self._heads.setVisible(any_rows and wide and self.transcript.translated)

    def _say(self, sentence: str) -> None:
        self._sentence.setText(sentence)
        self._drop.setVisible(sentence == EMPTY)

    def _lay_out(self) -> None:
        self.transcript.resized.connect(self._show)
        line = QFrame()
        line.setObjectName("line")
        line.setFixedHeight(1)
        below = QVBoxLayout(self._heads)
        below.setContentsMargins(LARGE, 0, LARGE, 0)
        below.setSpacing(HAIR)
        heads = QHBoxLayout()
        below.addLayout(heads)
        below.addWidget(line)
        heads.setContentsMargins(TIME_WIDTH + 5, 0, 0, 0)
        heads.setSpacing(0)
        heads.addWidget(self._spoken)
        heads.addWidget(self._target, 1)
        empty = QVBoxLayout(self._empty)
        empty.setContentsMargins(HUGE, HUGE, HUGE, HUGE)
        empty.setSpacing(SMALL)
        empty.addStretch(1)
        for words in (self._sentence, self._drop):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            words.setMaximumWidth(520)
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(words, 100)
            row.addStretch(1)
            empty.addLayout(row)
        empty.addStretch(2)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.transcript)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._heads)
        column.addWidget(self._stack, 1)
