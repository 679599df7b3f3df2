"""The conversation: turns above each other; it follows the answer only while the reader does."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from phi_desk.services.chats.values import StoredMessage
from phi_desk.ui.chat.messages import AnswerView
from phi_desk.ui.chat.question import QuestionView
from phi_desk.ui.chat.thumbnails import Thumbnails
from phi_desk.ui.chat.values import DraftItem
from phi_desk.ui.icons import IconButton
from phi_desk.ui.theme import HUGE, LARGE, READING_WIDTH
from phi_desk.ui.voice.sounds import Sounds

NEAR = 24  # pixels from the end that still count as the end
AT_ONCE = 6  # turns of a chat that are drawn before anything else: more than a screen
ENOUGH = 30  # turns that are drawn without being asked for
NEAR_TOP = 600  # pixels: then those before are drawn

TurnView = QuestionView | AnswerView


class Transcript(QScrollArea):
    """Shows a path of messages."""

    version_chosen = Signal(int)
    answer_requested = Signal(int)
    go_on_requested = Signal(int)
    delete_requested = Signal(int)
    edited = Signal(int, str, object)
    read_requested = Signal(str)

    def __init__(
        self,
        thumbnails: Thumbnails,
        parent: QWidget | None = None,
        *,
        sounds: Sounds | None = None,
    ) -> None:
        super().__init__(parent)
        self._thumbnails, self._sounds = thumbnails, sounds
        self._reading = ""
        self.setAccessibleName("Conversation")
        self.setAccessibleDescription("Alt+Up and Alt+Down go from message to message.")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._turns: list[TurnView] = []
        self._path: Sequence[StoredMessage] = ()
        self._first = 0  # of the path, that is shown; those before come when they are wanted
        self._earlier = QTimer(self, singleShot=True, interval=0)
        self._earlier.timeout.connect(self._on_earlier)
        self._from_end: int | None = None
        self._follows = True
        self._numbers = False
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
        self._down = IconButton(
            "down",
            "Go to the end",
            tip="Go to the end (End)",
            parent=self,
            role=QPalette.ColorRole.HighlightedText,
        )
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
        shown = [message for message in path if message.role != "tool"]
        if [one.id for one in shown[:1]] != [one.id for one in self._path[:1]]:
            self._first = len(shown)  # another chat, or another branch from its beginning
        self._first = max(0, min(self._first, len(shown) - AT_ONCE))
        self._path = shown
        place = 0
        for message in shown[self._first :]:
            if message is shown[-1] and message.role == "assistant" and live is not None:
                self._answer_at(place).show_live(live)
            else:
                self._show_one(place, message)
            place += 1
        if live is not None and not (shown and shown[-1].role == "assistant"):
            self._answer_at(place).show_live(live)
            place += 1
        self._cut(place)
        if self._first:
            self._earlier.start()

    def show_question(self, text: str, items: Sequence[DraftItem]) -> None:
        """A new question and room for its answer; the reader is taken there."""
        self._question_at(len(self._turns)).show_draft(text, items)
        self._answer_at(len(self._turns)).show_live("")
        self.go_to_end()

    def add_text(self, text: str) -> None:
        """More of the last answer."""
        if self._turns and isinstance(self._turns[-1], AnswerView):
            self._turns[-1].add_text(text)

    def show_progress(self, sentence: str) -> None:
        """What is being done before the first word of the last answer."""
        if self._turns and isinstance(self._turns[-1], AnswerView):
            self._turns[-1].show_progress(sentence)

    @Slot(str)
    def show_reading(self, text: str) -> None:
        """The answer with this text is read aloud; with none, nothing is."""
        self._reading = text
        for turn in self._turns:
            if isinstance(turn, AnswerView):
                turn.show_reading(text)

    def always_show_numbers(self, always: bool) -> None:
        """Show below every answer how it came about."""
        self._numbers = always
        for turn in self._turns:
            if isinstance(turn, AnswerView):
                turn.always_show_numbers(always)

    @property
    def current(self) -> TurnView | None:
        """The turn in which the person is, else none."""
        focused = self.focusWidget()
        found = (turn for turn in self._turns if focused is turn or turn.isAncestorOf(focused))
        return next(found, None) if focused is not None and focused.hasFocus() else None

    def last(self, kind: type[TurnView]) -> TurnView | None:
        """The current turn where it is of that kind, else the last one."""
        current = self.current
        if isinstance(current, kind):
            return current
        return next((turn for turn in reversed(self._turns) if isinstance(turn, kind)), None)

    def walk(self, steps: int) -> None:
        """Go to the turn after this one, or before it; from outside to the last."""
        if not self._turns:
            return
        current = self.current
        place = len(self._turns) - 1
        if current is not None:
            place = max(0, min(place, self._turns.index(current) + steps))
        turn = self._turns[place]
        turn.setFocus(Qt.FocusReason.TabFocusReason)
        self.ensureWidgetVisible(turn, 0, LARGE)

    def end_edit(self) -> bool:
        """Leave a question that is being changed as it was; whether there was one."""
        edited = [t for t in self._turns if isinstance(t, QuestionView) and t.is_edited]
        for turn in edited:
            turn.end_edit()
        return bool(edited)

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

    @Slot()
    def _on_earlier(self) -> None:
        """Add the turn before the first one; what is read stays where it is."""
        bar = self.verticalScrollBar()
        far = len(self._turns) >= ENOUGH and bar.value() > NEAR_TOP
        if not self._first or far:
            return
        self._from_end = bar.maximum() - bar.value()
        self._first -= 1
        self._make_turn(0, QuestionView if self._path[self._first].role == "user" else AnswerView)
        self._show_one(0, self._path[self._first])
        self._earlier.start()

    def _show_one(self, place: int, message: StoredMessage) -> None:
        last = message is self._path[-1]
        if message.role == "user":
            self._question_at(place).show_message(message, last=last)
        else:
            self._answer_at(place).show_message(message, last=last)

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
            self._make_turn(place, kind)
        return self._turns[place]

    def _make_turn(self, place: int, kind: type[TurnView]) -> None:
        question = kind is QuestionView
        turn = QuestionView(self._thumbnails, self._sounds) if question else AnswerView()
        self._wire(turn)
        self._turns.insert(place, turn)
        self._column.insertWidget(place, turn)

    def _wire(self, turn: TurnView) -> None:
        turn.version_chosen.connect(self.version_chosen)
        turn.answer_requested.connect(self.answer_requested)
        turn.go_on_requested.connect(self.go_on_requested)
        turn.delete_requested.connect(self.delete_requested)
        turn.edited.connect(self.edited)
        if isinstance(turn, AnswerView):
            turn.read_requested.connect(self.read_requested)
            turn.always_show_numbers(self._numbers)
            turn.can_read(self._sounds is not None)
            turn.show_reading(self._reading)

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
        elif self._from_end is not None:  # what grew lies above what is read
            self.verticalScrollBar().setValue(most - self._from_end)
        self._from_end = None
        self._down.setVisible(not self._follows and most > 0)

    @Slot(int)
    def _on_value_changed(self, value: int) -> None:
        self._follows = value >= self.verticalScrollBar().maximum() - NEAR
        self._down.setVisible(not self._follows)
        if self._first and value < NEAR_TOP:
            self._earlier.start()
