"""The page Ask: list, conversation and composer joined to their presenters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from phi_desk.errors import InputError, PhiDeskError
from phi_desk.services.chats.context import Usage
from phi_desk.services.chats.session import How
from phi_desk.services.chats.values import StoredMessage
from phi_desk.ui.chat.chat_list import ChatList
from phi_desk.ui.chat.composer import Composer
from phi_desk.ui.chat.list_presenter import ListPresenter, Stores
from phi_desk.ui.chat.messages import AnswerView
from phi_desk.ui.chat.pictures import to_picture
from phi_desk.ui.chat.presenter import ChatPresenter
from phi_desk.ui.chat.thumbnails import Thumbnails
from phi_desk.ui.chat.transcript import Transcript
from phi_desk.ui.chat.values import ChatLine, DraftItem
from phi_desk.ui.chat.welcome import Welcome
from phi_desk.ui.common.mime import Given
from phi_desk.ui.model_lane import EngineStatus
from phi_desk.ui.notices import UNDO_MS, Notice, NoticeBar
from phi_desk.ui.running import ModelRunner, WorkRunner
from phi_desk.ui.theme import HUGE, LARGE, READING_WIDTH

WITH_LIST = 680  # pixels of the page; below it the list would leave too little for reading


class AskPage(QWidget):
    """The view of `ChatPresenter` and `ListPresenter`."""

    def __init__(
        self,
        stores: Stores,
        model: ModelRunner,
        disk: WorkRunner,
        notices: NoticeBar,
        how: Callable[[], How],
    ) -> None:
        super().__init__()
        self.setObjectName("page")
        self._notices = notices
        self.list = ChatList()
        self.transcript = Transcript(Thumbnails(disk))
        self.welcome = Welcome()
        self.composer = Composer()
        self._middle = QStackedWidget()
        self.chats = ListPresenter(self, stores, disk, self._on_gone)
        self.talk = ChatPresenter(self, stores, model, disk, self.chats.show_current, how)
        self._lay_out()
        self._wire()
        self.setFocusProxy(self.composer.edit)
        self.chats.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """A narrow window has room for the conversation only."""
        super().resizeEvent(event)
        self.list.setVisible(self.width() >= WITH_LIST)

    def take_files(self, files: Sequence[Path]) -> None:
        """Attach files that came from outside the window."""
        self.talk.add_files(files)

    @Slot(object)
    def on_status_changed(self, status: EngineStatus) -> None:
        """The model came or went."""
        self.talk.model_is_ready(status.state == "ready")

    # As ListView and TalkView.

    def show_chats(self, lines: Sequence[ChatLine], current: int | None, words: str) -> None:
        """See `ListView`."""
        self.list.show_chats(lines, current, words)

    def offer_undo(self, sentence: str, undo: Callable[[], None]) -> None:
        """See `ListView`."""
        self._notices.show_notice(
            Notice(sentence=sentence, action_label="Undo", action=undo, stays_ms=UNDO_MS)
        )

    def show_messages(self, path: Sequence[StoredMessage], live: str | None) -> None:
        """See `TalkView`."""
        self.transcript.show_messages(path, live)
        self._show_middle()

    def show_question(self, text: str, items: Sequence[DraftItem]) -> None:
        """See `TalkView`."""
        self.transcript.show_question(text, items)
        self.composer.edit.clear()
        self._show_middle()

    def show_answer_again(self) -> None:
        """See `TalkView`."""
        self.transcript.show_answer_again()

    def add_text(self, text: str) -> None:
        """See `TalkView`."""
        self.transcript.add_text(text)

    def show_progress(self, sentence: str) -> None:
        """See `TalkView`."""
        self.transcript.show_progress(sentence)

    def show_busy(self, busy: bool) -> None:
        """See `TalkView`."""
        self.composer.show_busy(busy)

    def show_items(self, items: Sequence[DraftItem], reading: int) -> None:
        """See `TalkView`."""
        self.composer.show_items(items, reading)

    def set_draft(self, text: str) -> None:
        """See `TalkView`."""
        if not self.composer.text.strip():
            self.composer.set_text(text)

    def show_usage(self, usage: Usage | None) -> None:
        """See `TalkView`."""
        self.composer.show_usage(usage)

    def tell(self, error: PhiDeskError) -> None:
        """See `TalkView`."""
        self._notices.show_error(error)

    @Slot(int)
    def _on_chat_chosen(self, chat: int) -> None:
        self.talk.open(chat)
        self.transcript.go_to_end()
        self.composer.edit.setFocus()

    @Slot()
    def _on_new_requested(self) -> None:
        self.talk.open(None)
        self.composer.edit.setFocus()

    @Slot(str)
    def _on_asked(self, text: str) -> None:
        self.talk.send(text)

    @Slot(str)
    def _on_task_chosen(self, words: str) -> None:
        self.composer.set_text(words)
        self.composer.edit.setFocus()

    @Slot(object)
    def _on_given(self, came: Given) -> None:
        self.talk.add_files(came.files)
        for picture in came.pictures:
            self.talk.add_picture(partial(to_picture, picture), "Pasted picture")
        if came.addresses:
            self.tell(
                InputError(
                    "Phi Desk does not fetch anything from the web by itself.",
                    "Copy the picture in the browser and paste it here, or save and attach it.",
                    came.addresses,
                )
            )

    @Slot()
    def _on_copy_last(self) -> None:
        answers = [turn for turn in self.transcript.turns if isinstance(turn, AnswerView)]
        if answers:
            QGuiApplication.clipboard().setText(answers[-1].text)

    @Slot()
    def _on_escape(self) -> None:
        self.talk.stop()

    def _on_gone(self, chat: int) -> None:
        self.talk.forget(chat)

    def _show_middle(self) -> None:
        empty = not self.transcript.turns
        self._middle.setCurrentWidget(self.welcome if empty else self.transcript)

    def _wire(self) -> None:
        self.list.chat_chosen.connect(self._on_chat_chosen)
        self.list.new_requested.connect(self._on_new_requested)
        self.list.search_changed.connect(self.chats.search)
        self.list.rename_requested.connect(self.chats.rename)
        self.list.pin_requested.connect(self.chats.pin)
        self.list.delete_requested.connect(self.chats.delete)
        self.transcript.version_chosen.connect(self.talk.choose_version)
        self.transcript.regenerate_requested.connect(self.talk.regenerate)
        self.composer.asked.connect(self._on_asked)
        self.composer.stop_requested.connect(self.talk.stop)
        self.composer.draft_changed.connect(self.talk.draft_changed)
        self.composer.files_given.connect(self.talk.add_files)
        self.composer.given.connect(self._on_given)
        self.composer.remove_requested.connect(self.talk.remove_item)
        self.welcome.task_chosen.connect(self._on_task_chosen)
        for keys, action in (
            ("Ctrl+N", self._on_new_requested),
            ("Ctrl+O", self.composer.choose_files),
            ("Ctrl+R", self.talk.regenerate),
            ("Ctrl+Shift+C", self._on_copy_last),
            ("Ctrl+F", self.list.field.setFocus),
            ("Esc", self._on_escape),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)

    def _lay_out(self) -> None:
        self._middle.addWidget(self.welcome)
        self._middle.addWidget(self.transcript)
        foot = QHBoxLayout()
        foot.setContentsMargins(HUGE, 0, HUGE, LARGE)
        foot.addStretch(1)
        self.composer.setMaximumWidth(READING_WIDTH + 2 * LARGE)
        foot.addWidget(self.composer, 1000)
        foot.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._middle, 1)
        right.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.list)
        row.addLayout(right, 1)
