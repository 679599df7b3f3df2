"""An answer as it is shown: what the model said, and what can be done with it."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from phi_desk.services.chats.values import About, StoredMessage
from phi_desk.ui.chat.answer import Answer
from phi_desk.ui.chat.code_box import CopyButton
from phi_desk.ui.chat.copying import formatted
from phi_desk.ui.chat.question import QuestionView
from phi_desk.ui.chat.turn import can_go_on
from phi_desk.ui.chat.turn_view import Entry, TurnView
from phi_desk.ui.common.labels import button, label
from phi_desk.ui.icons import IconButton
from phi_desk.ui.theme import HAIR, SMALL, small_font
from phi_desk.ui.throttle import Throttle
from phi_desk.ui.voice.buttons import READ_KEYS

__all__ = ("AnswerView", "QuestionView", "facts")

READ_TIP = f"Read aloud ({READ_KEYS})"
STATES = {
    "stopped": "You stopped this answer.",
    "interrupted": "This answer was cut off when the program ended.",
    "failed": "This answer could not be finished.",
}
FULL = "The answer is as long as the settings allow."


class AnswerView(TurnView):
    """What the model said, over the whole width."""

    read_requested = Signal(str)  # the words, to be read aloud

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Answer of Phi Desk")
        self.body = Answer()
        self._said: list[str] = []
        self._about = About()
        self._paint = Throttle(self._paint_now, self)
        self._progress = label(kind="muted")
        self._state = label(kind="muted", font=small_font(), wrap=True)
        self.go_on_button = button("Go on", tip="Let the model go on with this answer (Ctrl+G)")
        self._numbers = label(kind="muted", font=small_font(), wrap=True)
        self._numbers.setAccessibleName("How this answer came about")
        self._always = False
        self._copy = CopyButton("Copy this answer", "Copy this answer (Ctrl+Shift+C)")
        self._copy.content = lambda: formatted(self.text)
        self._again = IconButton("again", "Answer again", tip="Answer again (Ctrl+R)", size=16)
        self._facts = IconButton(
            "info", "Speed and adapter of this answer", tip="Speed and adapter (Ctrl+I)", size=16
        )
        self._facts.setCheckable(True)
        self.read_button = IconButton("speak", "Read this answer aloud", tip=READ_TIP, size=16)
        self._can_read = False
        self._foot = QWidget()
        self._lay_out()
        self._again.clicked.connect(self._on_again_clicked)
        self.read_button.clicked.connect(self._on_read_chosen)
        self._facts.toggled.connect(self._on_facts_toggled)
        self.go_on_button.clicked.connect(self._on_go_on_clicked)
        self.show_live("")

    @property
    def text(self) -> str:
        """The whole answer so far, as Markdown."""
        return "".join(self._said)

    def show_live(self, text: str) -> None:
        """An answer that is being written; so much of it is there."""
        self.message = None
        self._said = [text]
        self._state_row.setVisible(False)
        self._foot.setVisible(False)
        self._numbers.setVisible(False)
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
        """A stored answer. `last` is the same to it."""
        self._paint.drop()
        self.message = message
        self._said = [message.text]
        self._about = message.about
        self.body.show_text(message.text)
        self.show_progress("")
        self._state.setText(_state_sentence(message))
        self.go_on_button.setVisible(can_go_on(message))
        self._state_row.setVisible(bool(self._state.text()) or can_go_on(message))
        self._facts.setVisible(bool(facts(message.about)))
        self._copy.setVisible(bool(message.text))
        self.read_button.setVisible(self._can_read and bool(message.text))
        self.versions.show_versions(message)
        self._foot.setVisible(True)
        self._show_numbers()

    def can_read(self, can: bool) -> None:
        """Whether there is somebody who reads aloud."""
        self._can_read = can
        self.read_button.setVisible(can and bool(self.text))

    def show_reading(self, text: str) -> None:
        """The answer with this text is read aloud now."""
        reads = bool(text) and text == self.text
        self.read_button.show_icon("stop" if reads else "speak")
        if reads:
            self.read_button.say("Stop reading aloud", "Stop reading aloud (Esc)")
        else:
            self.read_button.say("Read this answer aloud", READ_TIP)

    def always_show_numbers(self, always: bool) -> None:
        """Show how answers came about without being asked."""
        self._always = always
        self._show_numbers()

    def entries(self) -> Iterator[Entry]:
        """See `TurnView`."""
        if self.text:
            yield Entry("Copy", self.copy, "Ctrl+Shift+C")
            yield Entry("Copy as Markdown", self.copy_markdown)
            yield Entry("Read aloud", self._on_read_chosen, READ_KEYS)
            yield Entry()
        if self.message is not None:
            yield Entry("Answer again", self._on_again_clicked, "Ctrl+R")
            if can_go_on(self.message):
                yield Entry("Go on", self._on_go_on_clicked, "Ctrl+G")
            if facts(self._about):
                yield Entry("Speed and adapter", self._facts.toggle, "Ctrl+I")
            yield Entry()
            yield Entry("Delete", self.delete, "Del")

    @Slot()
    def copy(self) -> None:
        """The answer as it is read, to the clipboard."""
        self._copy.copy()

    @Slot()
    def copy_markdown(self) -> None:
        """The answer as the model wrote it, to the clipboard."""
        QGuiApplication.clipboard().setText(self.text)

    @Slot()
    def toggle_numbers(self) -> None:
        """Show how it came about, or no longer."""
        if not self._facts.isHidden():
            self._facts.toggle()

    def _paint_now(self) -> None:
        text = self.text
        self._said = [text]
        self.body.show_growing(text)

    def _show_numbers(self) -> None:
        known = facts(self._about) if self.message is not None else ""
        shown = bool(known) and (self._always or self._facts.isChecked())
        self._numbers.setText(" · ".join(known.splitlines()))
        self._numbers.setVisible(shown)

    @Slot()
    def _on_facts_toggled(self) -> None:
        self._show_numbers()

    @Slot()
    def _on_again_clicked(self) -> None:
        if self.message is not None:
            self.answer_requested.emit(self.message.id)

    @Slot()
    def _on_go_on_clicked(self) -> None:
        if self.message is not None:
            self.go_on_requested.emit(self.message.id)

    @Slot()
    def _on_read_chosen(self) -> None:
        self.read_requested.emit(self.text)

    def _lay_out(self) -> None:
        self._state_row = QWidget()
        state = QHBoxLayout(self._state_row)
        state.setContentsMargins(0, HAIR, 0, 0)
        state.setSpacing(SMALL)
        state.addWidget(self.go_on_button)
        state.addWidget(self._state, 1)
        row = QHBoxLayout(self._foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for part in (
            self._copy,
            self.read_button,
            self._again,
            self._facts,
            self.more,
            self.versions,
        ):
            row.addWidget(part)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(HAIR)
        for widget in (self.body, self._progress, self._state_row, self._numbers, self._foot):
            column.addWidget(widget)


def facts(about: About) -> str:
    """How an answer came about, a line each; empty where nothing is known."""
    lines = []
    speed = about.tokens_per_second
    if speed is not None:
        lines.append(f"{speed:.1f} tokens a second")
    if about.first_token_s is not None:
        lines.append(f"First word after {about.first_token_s:.1f} s")
    if about.prompt_tokens or about.output_tokens:
        lines.append(f"Adapter: {about.adapter or 'none'}")
        cached = f", {about.cached_tokens:,} of them remembered" if about.cached_tokens else ""
        lines.append(f"Question: {about.prompt_tokens:,} tokens{cached}")
        lines.append(f"Answer: {about.output_tokens:,} tokens in {about.seconds:.1f} s")
    if about.model:
        lines.append(f"Model: {about.model}")
    return "\n".join(lines)


def _state_sentence(message: StoredMessage) -> str:
    about = message.about
    first = about.error or STATES.get(message.state, "")
    if message.state == "whole":
        first = "" if about.note or about.reason != "length" else FULL
    return " ".join(part for part in (first, about.hint, about.note, about.left_out) if part)
