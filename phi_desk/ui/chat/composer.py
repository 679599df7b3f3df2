"""Where a question is written: words, attachments, what they take, and the button that asks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal, Slot
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QPalette,
)
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QTextEdit, QVBoxLayout, QWidget

from phi_desk.services.chats.context import Usage
from phi_desk.ui.chat.chips import ChipRow
from phi_desk.ui.chat.values import DraftItem
from phi_desk.ui.common.labels import label, set_state
from phi_desk.ui.common.mime import can_take, given
from phi_desk.ui.icons import IconButton
from phi_desk.ui.theme import MEDIUM, SMALL, small_font
from phi_desk.ui.throttle import Pause

MOST_LINES = 9
PAUSE_MS = 400  # of typing before the tokens are counted
FILES = (
    "Pictures and recordings (*.png *.jpg *.jpeg *.webp *.gif *.bmp *.tif *.tiff *.wav *.mp3 "
    "*.flac *.ogg *.opus *.m4a *.mp4 *.webm);;All files (*)"
)


class DraftEdit(QTextEdit):
    """Grows with its words up to a few lines; Enter asks, Shift and Enter begin a line."""

    entered = Signal()
    given = Signal(object)  # common.mime.Given
    focus_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setPlaceholderText("Ask about anything, or drop a picture or a recording here")
        self.setAccessibleName("Your question")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(2)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """Enter asks."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:  # noqa: N802  (Qt's name)
        """Also what becomes an attachment."""
        return can_take(source)

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802  (Qt's name)
        """Words go in, the rest is attached."""
        came = given(source)
        if came.files or came.pictures or came.addresses:
            self.given.emit(came)
        elif came.text:
            self.insertPlainText(came.text)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802  (Qt's name)
        """Say so: the frame around it shows it."""
        super().focusInEvent(event)
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802  (Qt's name)
        """As `focusInEvent`."""
        super().focusOutEvent(event)
        self.focus_changed.emit(False)

    @Slot()
    def _fit(self) -> None:
        line = self.fontMetrics().lineSpacing()
        wanted = int(self.document().size().height()) + 2
        least = line + 8
        self.setFixedHeight(max(least, min(wanted, MOST_LINES * line)))


class Composer(QFrame):
    """Says what was asked for; holds the draft until it is told to clear it."""

    asked = Signal(str)
    stop_requested = Signal()
    draft_changed = Signal(str)
    files_given = Signal(object)  # tuple[Path, ...]
    given = Signal(object)  # common.mime.Given
    remove_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composer")
        self.setAcceptDrops(True)
        self.edit = DraftEdit()
        self.edit.setAcceptDrops(False)  # the whole frame takes them
        self.chips = ChipRow(removable=True)
        self._busy = self._has_items = self._reading = False
        self._attach = IconButton(
            "attach", "Attach pictures or recordings", tip="Attach files (Ctrl+O)"
        )
        self._meter = label(kind="muted", font=small_font())
        self._meter.setAccessibleName("Context")
        self.button = IconButton(
            "send", "Ask", tip="Ask (Enter)", role=QPalette.ColorRole.HighlightedText
        )
        self.button.setProperty("kind", "main")
        self._pause = Pause(self._on_pause, self, PAUSE_MS)
        self._lay_out()
        self._wire()
        self._show_button()

    @property
    def text(self) -> str:
        """The words."""
        return self.edit.toPlainText()

    def set_text(self, text: str) -> None:
        """Other words; the person goes on writing at their end."""
        self.edit.setPlainText(text)
        cursor = self.edit.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.edit.setTextCursor(cursor)

    def show_items(self, items: Sequence[DraftItem], reading: int) -> None:
        """What is attached."""
        self.chips.show_items(items, reading)
        self._has_items, self._reading = bool(items), reading > 0
        self._show_button()

    def show_busy(self, busy: bool) -> None:
        """While an answer is written the button stops it."""
        self._busy = busy
        self._show_button()

    def show_usage(self, usage: Usage | None) -> None:
        """How full the context is, and what will not be seen."""
        if usage is None:
            self._meter.setText("")
            return
        room = usage.limit - usage.reserved
        words = usage.sentence or f"{usage.used:,} of {room:,} tokens"
        if not usage.fits:
            words = f"Too long: {usage.used:,} tokens of {usage.limit:,}."
        self._meter.setText(words)
        self._meter.setToolTip(
            f"{usage.used:,} tokens of the model's {usage.limit:,}; {usage.reserved:,} are kept "
            "free for the answer."
        )

    @Slot()
    def choose_files(self) -> None:
        """Ask the system for files."""
        names, _ = QFileDialog.getOpenFileNames(self, "Attach pictures or recordings", "", FILES)
        if names:
            self.files_given.emit(tuple(map(Path, names)))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802  (Qt's name)
        """Show that it may be dropped here."""
        if can_take(event.mimeData()):
            event.acceptProposedAction()
            set_state(self, "dropping", True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802  (Qt's name)
        """It went elsewhere."""
        set_state(self, "dropping", False)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802  (Qt's name)
        """Take it."""
        set_state(self, "dropping", False)
        event.acceptProposedAction()
        self.edit.insertFromMimeData(event.mimeData())
        self.edit.setFocus()

    @Slot()
    def _on_entered(self) -> None:
        if not self._busy:
            self.asked.emit(self.text)

    @Slot()
    def _on_button_clicked(self) -> None:
        if self._busy:
            self.stop_requested.emit()
        else:
            self.asked.emit(self.text)

    @Slot()
    def _on_text_changed(self) -> None:
        self._show_button()
        self._pause.request()

    @Slot(bool)
    def _on_focus_changed(self, focused: bool) -> None:
        set_state(self, "focused", focused)

    def _on_pause(self) -> None:
        self.draft_changed.emit(self.text)

    def _show_button(self) -> None:
        if self._busy:
            self.button.show_icon("stop")
            self.button.say("Stop", "Stop; what is written stays (Esc)")
            self.button.setEnabled(True)
        else:
            self.button.show_icon("send")
            self.button.say("Ask", "Ask (Enter)")
            something = self._has_items or bool(self.text.strip())
            self.button.setEnabled(something and not self._reading)

    def _wire(self) -> None:
        self.edit.entered.connect(self._on_entered)
        self.edit.given.connect(self.given)
        self.edit.textChanged.connect(self._on_text_changed)
        self.edit.focus_changed.connect(self._on_focus_changed)
        self.button.clicked.connect(self._on_button_clicked)
        self._attach.clicked.connect(self.choose_files)
        self.chips.remove_requested.connect(self.remove_requested)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(SMALL)
        foot.addWidget(self._attach)
        foot.addWidget(self._meter, 1)
        foot.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(MEDIUM, MEDIUM, SMALL, SMALL)
        column.setSpacing(SMALL)
        column.addWidget(self.chips)
        column.addWidget(self.edit)
        column.addLayout(foot)
