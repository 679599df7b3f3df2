"""The conversation: turns above each other; it follows the answer only while the reader does."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from phi_desk.services.chats.values import StoredMessage
from phi_desk.ui.chat.messages import AnswerView, QuestionView
from phi_desk.ui.chat.thumbnails import Thumbnails
from phi_desk.ui.chat.values import DraftItem
from phi_desk.ui.icons import IconButton
from phi_desk.ui.theme import HUGE, LARGE, READING_WIDTH

NEAR = 24  # pixels from the end that still count as the end

TurnView = QuestionView | AnswerView


class Transcript(QScrollArea):
    """Shows a path of messages."""

    version_chosen = Signal(int)
    regenerate_requested = Signal()

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self.setAccessibleName("Conversation")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._turns: list[TurnView] = []
        self._follows = True
        self._column = QVBoxLayout()
        self._column.setSpacing(LARGE + 6)
        self._column.addStretch(1)
        inside = QWidget()
        inside.setMaximumWidth(READING_WIDTH)
        inside.setLayout(self._column)
        flow = QWidget()
        flow.setObjectName("flow")
        row = QHBoxLayout(flow)
        row.setContentsMargins(HUGE, LARGE, HUGE, LARGE)
        row.addStretch(1)
        row.addWidget(inside, 1000)
        row.addStretch(1)
        self.setWidget(flow)
        self._down = IconButton("down", "Go to the end", tip="Go to the end (End)", parent=self)
        self._down.setStyleSheet("border-radius: 16px;")
        self._down.setProperty("kind", "main")
        self._down.setVisible(False)
        self._down.clicked.connect(self.go_to_end)
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(self._on_range_changed)
        bar.valueChanged.connect(self._on_value_changed)

    @property
    def turns(self) -> Sequence[TurnView]:
        """What is shown, from the first to the last."""
        return self._turns

    def show_messages(self, path: Sequence[StoredMessage], live: str | None) -> None:
        """Show this; what is there already is not drawn again."""
        place = 0
        shown = [message for message in path if message.role != "tool"]
        for message in shown:
            last = message is shown[-1]
            if message.role == "user":
                self._question_at(place).show_message(message, last=last)
            elif last and live is not None:
                self._answer_at(place).show_live(live)
            else:
                self._answer_at(place).show_message(message, last=last)
            place += 1
        if live is not None and not (shown and shown[-1].role == "assistant"):
            self._answer_at(place).show_live(live)
            place += 1
        self._cut(place)

    def show_question(self, text: str, items: Sequence[DraftItem]) -> None:
        """A new question and room for its answer; the reader is taken there."""
        self._question_at(len(self._turns)).show_draft(text, items)
        self._answer_at(len(self._turns)).show_live("")
        self.go_to_end()

    def show_answer_again(self) -> None:
        """Make the last answer empty."""
        if self._turns and isinstance(self._turns[-1], AnswerView):
            self._turns[-1].show_live("")

    def add_text(self, text: str) -> None:
        """More of the last answer."""
        if self._turns and isinstance(self._turns[-1], AnswerView):
            self._turns[-1].add_text(text)

    def show_progress(self, sentence: str) -> None:
        """What is being done before the first word of the last answer."""
        if self._turns and isinstance(self._turns[-1], AnswerView):
            self._turns[-1].show_progress(sentence)

    @Slot()
    def go_to_end(self) -> None:
        """Show the end, and follow it from now on."""
        self._follows = True
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
        self._down.setVisible(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """Home and End, as in every text."""
        bar = self.verticalScrollBar()
        if event.key() == Qt.Key.Key_End:
            self.go_to_end()
        elif event.key() == Qt.Key.Key_Home:
            bar.setValue(bar.minimum())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """Keep the way down at its place."""
        super().resizeEvent(event)
        size = self._down.sizeHint()
        self._down.move((self.width() - size.width()) // 2, self.height() - size.height() - 8)

    def _question_at(self, place: int) -> QuestionView:
        turn = self._turn_at(place, QuestionView)
        assert isinstance(turn, QuestionView)
        return turn

    def _answer_at(self, place: int) -> AnswerView:
        turn = self._turn_at(place, AnswerView)
        assert isinstance(turn, AnswerView)
        return turn

    def _turn_at(self, place: int, kind: type[TurnView]) -> TurnView:
        if place < len(self._turns) and not isinstance(self._turns[place], kind):
            self._cut(place)
        if place == len(self._turns):
            question = kind is QuestionView
            turn = QuestionView(self._thumbnails) if question else AnswerView()
            turn.version_chosen.connect(self.version_chosen)
            turn.regenerate_requested.connect(self.regenerate_requested)
            self._turns.append(turn)
            self._column.insertWidget(place, turn)
        return self._turns[place]

    def _cut(self, place: int) -> None:
        while len(self._turns) > place:
            turn = self._turns.pop()
            self._column.removeWidget(turn)
            turn.hide()
            turn.deleteLater()

    @Slot(int, int)
    def _on_range_changed(self, _least: int, most: int) -> None:
        if self._follows:
            self.verticalScrollBar().setValue(most)
        self._down.setVisible(not self._follows and most > 0)

    @Slot(int)
    def _on_value_changed(self, value: int) -> None:
        self._follows = value >= self.verticalScrollBar().maximum() - NEAR
        self._down.setVisible(not self._follows)
