"""One turn of a chat as it is shown: a question in a bubble, or an answer with what can be done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolTip, QVBoxLayout, QWidget

from phi_desk.engine.messages import Text
from phi_desk.services.chats.values import About, Attachment, StoredMessage
from phi_desk.ui.chat.answer import Answer, CopyButton
from phi_desk.ui.chat.chips import ChipRow
from phi_desk.ui.chat.stored_media import StoredMedia
from phi_desk.ui.chat.thumbnails import Thumbnails
from phi_desk.ui.chat.values import DraftItem
from phi_desk.ui.common.flow_text import FlowText
from phi_desk.ui.common.labels import label
from phi_desk.ui.icons import IconButton
from phi_desk.ui.theme import HAIR, HUGE, LARGE, MEDIUM, READING_WIDTH, small_font
from phi_desk.ui.throttle import Throttle

STATES = {
    "stopped": "You stopped this answer.",
    "interrupted": "This answer was cut off when the program ended.",
    "failed": "This answer could not be finished.",
}


class Versions(QWidget):
    """Goes to and fro between the versions of a turn; hidden where there is one only."""

    chosen = Signal(int)  # the message

    def __init__(self) -> None:
        super().__init__()
        self._back = IconButton("back", "Version before", size=16)
        self._words = label(kind="muted", font=small_font())
        self._forward = IconButton("forward", "Version after", size=16)
        self._siblings: tuple[int, ...] = ()
        self._place = 0
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for part in (self._back, self._words, self._forward):
            row.addWidget(part)
        self._back.clicked.connect(self._on_back_clicked)
        self._forward.clicked.connect(self._on_forward_clicked)
        self.setVisible(False)

    def show_versions(self, message: StoredMessage) -> None:
        """Where among its siblings this message is."""
        self._siblings, self._place = message.siblings, message.version - 1
        self._words.setText(f"{self._place + 1} / {len(self._siblings)}")
        self._back.setEnabled(self._place > 0)
        self._forward.setEnabled(self._place + 1 < len(self._siblings))
        self.setVisible(len(self._siblings) > 1)

    @Slot()
    def _on_back_clicked(self) -> None:
        self.chosen.emit(self._siblings[self._place - 1])

    @Slot()
    def _on_forward_clicked(self) -> None:
        self.chosen.emit(self._siblings[self._place + 1])


class QuestionView(QWidget):
    """What the person said, at the right."""

    version_chosen = Signal(int)
    regenerate_requested = Signal()

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.setAccessibleName("Your question")
        self.text = FlowText()
        self.text.setAccessibleName("Question")
        self._chips = ChipRow(removable=False)
        self._media = StoredMedia(thumbnails)
        self._versions = Versions()
        self._versions.chosen.connect(self.version_chosen)
        self._bubble = QFrame()
        self._bubble.setObjectName("bubble")
        inside = QVBoxLayout(self._bubble)
        inside.setContentsMargins(LARGE - 4, MEDIUM, LARGE - 4, MEDIUM)
        inside.addWidget(self._chips)
        inside.addWidget(self._media)
        inside.addWidget(self.text)
        column = QVBoxLayout(self)
        column.setContentsMargins(HUGE, 0, 0, 0)
        column.setSpacing(HAIR)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._bubble, 1000)
        column.addLayout(row)
        column.addWidget(self._versions, 0, Qt.AlignmentFlag.AlignRight)

    def show_draft(self, text: str, items: Sequence[DraftItem]) -> None:
        """A question that is not stored yet."""
        self._chips.show_items(items)
        self._media.show_media(())
        self._versions.setVisible(False)
        self._show_text(text)

    def show_message(self, message: StoredMessage, *, last: bool) -> None:
        """A stored question. `last` is the same to it."""
        media = [part for part in message.parts if isinstance(part, Attachment)]
        if not self._chips.holds([part.name for part in media]):
            self._chips.show_items(())
            self._media.show_media(media)
        self._versions.show_versions(message)
        self._show_text("\n".join(p.text for p in message.parts if isinstance(p, Text)))

    def _show_text(self, text: str) -> None:
        self.text.show_plain(text, line_height=False)
        self.text.setVisible(bool(text))
        self._bubble.setMaximumWidth(self._widest(text))

    def _widest(self, text: str) -> int:
        """No wider than its longest line, or what is attached, asks for."""
        lines = text.splitlines() if len(text) < READING_WIDTH else []
        if text and not lines:
            return READING_WIDTH
        metrics = self.text.fontMetrics()
        words = max((metrics.horizontalAdvance(line) for line in lines), default=0)
        media = max(part.sizeHint().width() for part in (self._chips, self._media))
        return min(READING_WIDTH, max(words, media) + 2 * LARGE + MEDIUM)


class AnswerView(QWidget):
    """What the model said, over the whole width."""

    version_chosen = Signal(int)
    regenerate_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Answer of Phi Desk")
        self.body = Answer()
        self._said: list[str] = []
        self._about = About()
        self._paint = Throttle(self._paint_now, self)
        self._progress = label(kind="muted")
        self._state = label(kind="muted", font=small_font(), wrap=True)
        self._copy = CopyButton("Copy this answer", "Copy this answer (Ctrl+Shift+C)")
        self._again = IconButton("again", "Answer again", tip="Answer again (Ctrl+R)", size=16)
        self._facts = IconButton("info", "Speed and adapter of this answer", size=16)
        self._versions = Versions()
        self._versions.chosen.connect(self.version_chosen)
        self._again.clicked.connect(self.regenerate_requested)
        self._facts.clicked.connect(self._on_facts_clicked)
        self._foot = QWidget()
        row = QHBoxLayout(self._foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for part in (self._copy, self._again, self._facts, self._versions):
            row.addWidget(part)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(HAIR)
        for widget in (self.body, self._progress, self._state, self._foot):
            column.addWidget(widget)
        self.show_live("")

    @property
    def text(self) -> str:
        """The whole answer so far."""
        return "".join(self._said)

    def show_live(self, text: str) -> None:
        """An answer that is being written; so much of it is there."""
        self._said = [text]
        self._state.setVisible(False)
        self._foot.setVisible(False)
        self._paint.drop()
        self._paint_now()

    def add_text(self, text: str) -> None:
        """More of it; painted with the next frame."""
        self._said.append(text)
        self._paint.request()

    def show_progress(self, sentence: str) -> None:
        """What is being done before the first word."""
        self._progress.setText(sentence)
        self._progress.setVisible(bool(sentence))

    def show_message(self, message: StoredMessage, *, last: bool) -> None:
        """A stored answer; the `last` of a chat can be written anew."""
        self._paint.drop()
        self._said = [message.text]
        self._about = message.about
        self._paint_now()
        self.show_progress("")
        self._state.setText(_state_sentence(message))
        self._state.setVisible(bool(self._state.text()))
        self._again.setVisible(last)
        self._facts.setVisible(bool(facts(message.about)))
        self._copy.setVisible(bool(message.text))
        self._versions.show_versions(message)
        self._foot.setVisible(True)

    def _paint_now(self) -> None:
        text = self.text
        self._said = [text]
        self._copy.words = text
        self.body.show_text(text)

    @Slot()
    def _on_facts_clicked(self) -> None:
        below = self._facts.mapToGlobal(QPoint(0, self._facts.height()))
        QToolTip.showText(below, facts(self._about), self._facts)


def facts(about: About) -> str:
    """How an answer came about, a line each; empty where nothing is known."""
    lines = []
    if about.model:
        lines.append(f"Model: {about.model}")
    if about.prompt_tokens or about.output_tokens:
        lines.append(f"Adapter: {about.adapter or 'none'}")
        cached = f", {about.cached_tokens:,} of them remembered" if about.cached_tokens else ""
        lines.append(f"Question: {about.prompt_tokens:,} tokens{cached}")
        lines.append(f"Answer: {about.output_tokens:,} tokens in {about.seconds:.1f} s")
    if about.first_token_s is not None:
        lines.append(f"First word after {about.first_token_s:.1f} s")
    speed = about.tokens_per_second
    if speed is not None:
        lines.append(f"Speed: {speed:.1f} tokens a second")
    return "\n".join(lines)


def _state_sentence(message: StoredMessage) -> str:
    about = message.about
    first = about.error or STATES.get(message.state, "")
    if message.state == "whole":
        first = ""
    return " ".join(part for part in (first, about.hint, about.note, about.left_out) if part)
