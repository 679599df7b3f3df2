"""A question as it is shown: in a bubble at the right, or as a field in which it is changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from phi_desk.engine.messages import Text
from phi_desk.services.chats.values import Attachment, StoredMessage
from phi_desk.ui.chat.chips import ChipRow
from phi_desk.ui.chat.draft_edit import DraftEdit
from phi_desk.ui.chat.stored_media import StoredMedia
from phi_desk.ui.chat.thumbnails import Thumbnails
from phi_desk.ui.chat.turn_view import Entry, TurnView, plain
from phi_desk.ui.chat.values import DraftItem
from phi_desk.ui.common.flow_text import FlowText
from phi_desk.ui.common.labels import button
from phi_desk.ui.icons import IconButton
from phi_desk.ui.theme import HAIR, HUGE, LARGE, MEDIUM, READING_WIDTH, SMALL
from phi_desk.ui.voice.sounds import Sounds

FOLDED_LINES, FOLDED_LETTERS = 14, 1_400  # of a long question; the rest is one click away
EDIT_LINES = 16


class QuestionEdit(QFrame):
    """The field in place of a question that is changed."""

    done = Signal(str, object)  # words, tuple[Attachment, ...]
    given_up = Signal()

    def __init__(self, thumbnails: Thumbnails, sounds: Sounds | None = None) -> None:
        super().__init__()
        self.setObjectName("composer")
        self.edit = DraftEdit("Change your question", most_lines=EDIT_LINES)
        self._media = StoredMedia(thumbnails, removable=True, sounds=sounds)
        self._kept: tuple[Attachment, ...] = ()
        self.ask = button("Ask this", kind="main", tip="Ask this; both versions are kept (Enter)")
        self._cancel = button("Cancel", kind="flat", tip="Leave it as it was (Esc)")
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._cancel)
        foot.addWidget(self.ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(MEDIUM, MEDIUM, MEDIUM, SMALL)
        column.setSpacing(SMALL)
        column.addWidget(self._media)
        column.addWidget(self.edit)
        column.addLayout(foot)
        self.edit.entered.connect(self._on_done)
        self.edit.text_given.connect(self.edit.insertPlainText)
        self.ask.clicked.connect(self._on_done)
        self._cancel.clicked.connect(self.given_up)
        self._media.remove_requested.connect(self._on_remove_requested)

    def begin(self, message: StoredMessage) -> None:
        """Change this question."""
        self._kept = _media_of(message)
        self._media.show_media(self._kept)
        self.edit.set_text(_words_of(message))
        self.edit.setFocus()

    @Slot()
    def _on_done(self) -> None:
        if self.edit.toPlainText().strip() or self._kept:
            self.done.emit(self.edit.toPlainText(), self._kept)

    @Slot(object)
    def _on_remove_requested(self, gone: Attachment) -> None:
        self._kept = tuple(one for one in self._kept if one is not gone)
        self._media.show_media(self._kept)
        self.edit.setFocus()


class QuestionView(TurnView):
    """What the person said."""

    def __init__(self, thumbnails: Thumbnails, sounds: Sounds | None = None) -> None:
        super().__init__()
        self.setAccessibleName("Your question")
        self.text = plain(FlowText())
        self.text.setAccessibleName("Question")
        self._whole = ""
        self._unfolded = False
        self._chips = ChipRow(removable=False)
        self._chips.use_sounds(sounds)
        self._media = StoredMedia(thumbnails, sounds=sounds)
        self._fold = button("Show all", kind="flat")
        self.get_answer = button("Get the answer", tip="Ask the model now (Ctrl+R)")
        self._edit = IconButton("rename", "Change this question", tip="Change (Ctrl+E)", size=16)
        self._make_editor = partial(QuestionEdit, thumbnails, sounds)
        self._editor: QuestionEdit | None = None
        self._bubble = QFrame()
        self._bubble.setObjectName("bubble")
        self._foot = QWidget()
        self._lay_out()
        self._fold.clicked.connect(self._on_fold_clicked)
        self.get_answer.clicked.connect(self._on_get_answer_clicked)
        self._edit.clicked.connect(self.begin_edit)

    def show_draft(self, text: str, items: Sequence[DraftItem]) -> None:
        """A question that is not stored yet."""
        self.message = None
        self._chips.show_items(items)
        self._media.show_media(())
        self._foot.setVisible(False)
        self.get_answer.setVisible(False)
        texts = [item.part.text for item in items if isinstance(item.part, Text)]
        self._show_text("\n\n".join([text, *texts]).strip())

    def show_message(self, message: StoredMessage, *, last: bool) -> None:
        """A stored question; the `last` of a chat can still be answered."""
        same = self.message is not None and self.message.id == message.id
        self.message = message
        media = _media_of(message)
        if not self._chips.holds([part.name for part in media]):
            self._chips.show_items(())
            self._media.show_media(media)
        self.versions.show_versions(message)
        self.get_answer.setVisible(last)
        if not same:
            self._unfolded = False
            self.end_edit()
        self._foot.setVisible(not self.is_edited)
        self._show_text(_words_of(message))

    def entries(self) -> Iterator[Entry]:
        """See `TurnView`."""
        yield Entry("Copy", self.copy)
        if self.message is not None:
            yield Entry("Change…", self.begin_edit, "Ctrl+E")
            if self.get_answer.isVisibleTo(self):
                yield Entry("Get the answer", self._on_get_answer_clicked, "Ctrl+R")
            yield Entry()
            yield Entry("Delete", self.delete, "Del")

    @Slot()
    def copy(self) -> None:
        """The words, to the clipboard."""
        QGuiApplication.clipboard().setText(self._whole)

    @Slot()
    def begin_edit(self) -> None:
        """Put a field in its place."""
        if self.message is not None:
            self.editor.setVisible(True)
            self._bubble.setVisible(False)
            self._foot.setVisible(False)
            self.editor.begin(self.message)

    @Slot()
    def end_edit(self) -> None:
        """Show it as it was."""
        if self.is_edited:
            self.editor.setVisible(False)
            self._bubble.setVisible(True)
            self._foot.setVisible(True)
            self.setFocus()

    @property
    def is_edited(self) -> bool:
        """Whether the field is there."""
        return self._editor is not None and not self._editor.isHidden()

    @property
    def editor(self) -> QuestionEdit:
        """The field; made when it is first wanted, because most questions stay as they are."""
        if self._editor is None:
            self._editor = self._make_editor()
            self._editor.setVisible(False)
            self._editor.done.connect(self._on_edit_done)
            self._editor.given_up.connect(self.end_edit)
            self._column.insertWidget(1, self._editor)
        return self._editor

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """F2 changes it, as in every list."""
        if event.key() == Qt.Key.Key_F2:
            self.begin_edit()
        else:
            super().keyPressEvent(event)

    @Slot(str, object)
    def _on_edit_done(self, words: str, kept: tuple[Attachment, ...]) -> None:
        if self.message is not None:
            self.end_edit()
            self.edited.emit(self.message.id, words, kept)

    @Slot()
    def _on_get_answer_clicked(self) -> None:
        if self.message is not None:
            self.answer_requested.emit(self.message.id)

    @Slot()
    def _on_fold_clicked(self) -> None:
        self._unfolded = not self._unfolded
        self._show_text(self._whole)

    def _show_text(self, text: str) -> None:
        self._whole = text
        short = folded(text)
        shown = text if self._unfolded else short
        self.text.show_plain(shown, line_height=False)
        self.text.setVisible(bool(text))
        self._fold.setText("Show less" if self._unfolded else "Show all")
        self._fold.setVisible(short != text)
        self._bubble.setMaximumWidth(self._widest(shown))

    def _widest(self, text: str) -> int:
        """No wider than its longest line, or what is attached, asks for."""
        lines = text.splitlines() if len(text) < READING_WIDTH else []
        if text and not lines:
            return READING_WIDTH
        metrics = self.text.fontMetrics()
        words = max((metrics.horizontalAdvance(line) for line in lines), default=0)
        media = max(part.sizeHint().width() for part in (self._chips, self._media))
        return min(READING_WIDTH, max(words, media) + 2 * LARGE + MEDIUM)

    def _lay_out(self) -> None:
        inside = QVBoxLayout(self._bubble)
        inside.setContentsMargins(LARGE - 4, MEDIUM, LARGE - 4, MEDIUM)
        for widget in (self._chips, self._media, self.text):
            inside.addWidget(widget)
        inside.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignLeft)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(HUGE, 0, 0, 0)
        column.setSpacing(HAIR)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._bubble, 1000)
        column.addLayout(row)
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(2)
        foot.addStretch(1)
        for part in (self.get_answer, self.versions, self._edit, self.more):
            foot.addWidget(part)
        column.addWidget(self._foot)


def folded(text: str) -> str:
    """The beginning of a long text, else all of it."""
    lines = text.split("\n")
    if len(lines) <= FOLDED_LINES and len(text) <= FOLDED_LETTERS:
        return text
    return "\n".join(lines[:FOLDED_LINES])[:FOLDED_LETTERS].rstrip() + " …"


def _media_of(message: StoredMessage) -> tuple[Attachment, ...]:
    return tuple(part for part in message.parts if isinstance(part, Attachment))


def _words_of(message: StoredMessage) -> str:
    return "\n".join(part.text for part in message.parts if isinstance(part, Text))
