"""The page Ask: list, conversation and composer joined to their presenters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from phi_desk.errors import InputError, PhiDeskError
from phi_desk.media.sound import Sound
from phi_desk.services.chats.context import Usage
from phi_desk.services.chats.session import How
from phi_desk.services.chats.values import Chat, StoredMessage
from phi_desk.settings.schema import Settings
from phi_desk.ui.chat.chat_list import ChatList
from phi_desk.ui.chat.composer import Composer
from phi_desk.ui.chat.drop_ground import DropGround
from phi_desk.ui.chat.instruction import InstructionDialog
from phi_desk.ui.chat.list_presenter import ListPresenter, Stores
from phi_desk.ui.chat.messages import AnswerView
from phi_desk.ui.chat.packing import Packed, Packing
from phi_desk.ui.chat.packing_strip import Choosing, show_folder
from phi_desk.ui.chat.presenter import ChatPresenter
from phi_desk.ui.chat.question import QuestionView
from phi_desk.ui.chat.speaking import Speaking
from phi_desk.ui.chat.thumbnails import Thumbnails
from phi_desk.ui.chat.transcript import Transcript
from phi_desk.ui.chat.values import ChatLine, DraftItem
from phi_desk.ui.chat.welcome import Welcome
from phi_desk.ui.common.mime import Given
from phi_desk.ui.common.pixels import to_picture
from phi_desk.ui.model_lane import EngineStatus
from phi_desk.ui.notices import UNDO_MS, Notice, NoticeBar
from phi_desk.ui.running import ModelRunner, WorkRunner
from phi_desk.ui.theme import HUGE, LARGE, READING_WIDTH
from phi_desk.ui.voice.buttons import READ_KEYS
from phi_desk.ui.voice.outlines import Outlines
from phi_desk.ui.voice.sounds import Sounds
from phi_desk.ui.voice.talking import Talking

WITH_LIST = 680  # pixels of the page; below it the list would leave too little for reading
DONE_MS = 8_000


class AskPage(QWidget):
    """The view of `ChatPresenter`, `ListPresenter` and `Packing`."""

    camera_requested = Signal()
    screen_requested = Signal()
    region_requested = Signal()

    def __init__(
        self,
        stores: Stores,
        model: ModelRunner,
        disk: WorkRunner,
        notices: NoticeBar,
        how: Callable[[], How],
        system: Callable[[], str] = lambda: "",
        files: WorkRunner | None = None,
        talking: Talking | None = None,
    ) -> None:
        super().__init__()
        self.setObjectName("page")
        self._notices = notices
        self._instruction = ""
        self.list = ChatList()
        sounds = None if talking is None else Sounds(talking.player, Outlines(disk))
        self.transcript = Transcript(Thumbnails(disk), sounds=sounds)
        self.welcome = Welcome()
        self.composer = Composer()
        self.composer.chips.use_sounds(sounds)
        self.choosing = Choosing(self)
        self._middle = QStackedWidget()
        self.chats = ListPresenter(self, stores, disk, self._on_gone)
        self.talk = ChatPresenter(self, stores, model, disk, self.chats.show_current, how, system)
        self.packing = Packing(self, stores, files or disk, self._on_imported)
        self.voice = (
            None if talking is None else Speaking(self, self.composer, self.talk, notices, talking)
        )
        self._lay_out()
        self._wire()
        self._add_keys()
        self.first: QWidget = self.composer.edit
        self.chats.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """A narrow window has room for the conversation only."""
        super().resizeEvent(event)
        self.list.setVisible(self.width() >= WITH_LIST)

    def take_files(self, files: Sequence[Path]) -> None:
        """Attach files that came from outside the window."""
        self.talk.add_files(files)

    @Slot(object, str)
    def take_picture(self, picture: QImage, name: str) -> None:
        """Attach a picture that was taken: of the screen, or by the camera."""
        self.talk.add_picture(partial(to_picture, picture), name)
        self.composer.edit.setFocus()

    def take_screen_question(self, picture: QImage, sound: Sound | None, send: bool) -> None:
        """Attach a picture of the screen and what was said about it; ask at once with `send`."""
        self.take_picture(picture, "Screen")
        if sound is not None:
            self.talk.add_sound(sound, "Spoken question")
        if send:
            self.talk.ask_when_read()

    def forget_everything(self) -> None:
        """All that was kept is gone: begin anew."""
        self.talk.forget_everything()
        self.chats.refresh()

    @Slot(object)
    def on_status_changed(self, status: EngineStatus) -> None:
        """The model came or went."""
        self.talk.model_is_ready(status.state == "ready")

    @Slot(object)
    def on_settings_changed(self, settings: Settings) -> None:
        """Options of answers changed."""
        self.transcript.always_show_numbers(settings.answers.show_numbers)
        self.talk.measure_again()

    # As ListView, TalkView and PackingView.

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

    def add_text(self, text: str) -> None:
        """See `TalkView`."""
        self.transcript.add_text(text)

    def show_progress(self, sentence: str) -> None:
        """See `TalkView`."""
        self.transcript.show_progress(sentence)

    def show_busy(self, busy: bool) -> None:
        """See `TalkView`."""
        self.composer.show_busy(busy)
        if self.voice is not None:
            self.voice.on_busy(busy)

    def show_items(self, items: Sequence[DraftItem], reading: int) -> None:
        """See `TalkView`."""
        self.composer.show_items(items, reading)
        if self.voice is not None:
            self.voice.on_items(reading)

    def set_draft(self, text: str) -> None:
        """See `TalkView`."""
        if not self.composer.text.strip():
            self.composer.set_text(text)

    def show_usage(self, usage: Usage | None) -> None:
        """See `TalkView`."""
        self.composer.show_usage(usage)

    def show_instruction(self, words: str) -> None:
        """See `TalkView`."""
        self._instruction = words
        self.composer.show_instruction(words)

    def show_packing(self, sentence: str, packed: Packed | None) -> None:
        """See `PackingView`."""
        self.list.packing.show_packing(sentence, packed)

    def tell_packed(self, sentence: str, folder: Path | None) -> None:
        """See `PackingView`."""
        act = None if folder is None else partial(show_folder, folder)
        said = "" if folder is None else "Open the folder"
        self._notices.show_notice(
            Notice(sentence=sentence, action_label=said, action=act, stays_ms=DONE_MS)
        )

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

    @Slot(str, bool)
    def _on_task_chosen(self, words: str, files: bool) -> None:
        self.composer.set_text(words)
        self.composer.edit.setFocus()
        if files and not self.talk.has_items:
            self.composer.choose_files()

    @Slot(str)
    def _on_text_given(self, text: str) -> None:
        self.talk.add_text(text, "Pasted text")

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

    @Slot(object, object, str)
    def _on_export_chosen(self, chat: Chat | None, target: Path, form: str) -> None:
        self.packing.export(chat, target, "json" if form == "json" else "markdown")

    def _on_imported(self, chats: Sequence[Chat]) -> None:
        self.chats.refresh()
        if chats:
            self.talk.open(chats[0].id)

    @Slot()
    def _on_instruction_requested(self) -> None:
        dialog = InstructionDialog(self._instruction, self)
        dialog.chosen.connect(self.talk.instruct)
        dialog.open()

    @Slot()
    def _on_copy_last(self) -> None:
        answer = self.transcript.last(AnswerView)
        if isinstance(answer, AnswerView):
            answer.copy()

    @Slot()
    def _on_read_last(self) -> None:
        answer = self.transcript.last(AnswerView)
        if isinstance(answer, AnswerView) and self.voice is not None and answer.text:
            self.voice.talking.read(answer.text)

    @Slot()
    def _on_edit_last(self) -> None:
        question = self.transcript.last(QuestionView)
        if isinstance(question, QuestionView):
            question.begin_edit()
            self.transcript.ensureWidgetVisible(question)

    @Slot()
    def _on_again(self) -> None:
        turn = self.transcript.current
        if turn is not None and turn.message is not None:
            self.talk.answer(turn.message.id)
        else:
            self.talk.regenerate()

    @Slot()
    def _on_go_on(self) -> None:
        answer = self.transcript.last(AnswerView)
        if answer is not None and answer.message is not None:
            self.talk.go_on(answer.message.id)

    @Slot()
    def _on_numbers(self) -> None:
        answer = self.transcript.last(AnswerView)
        if isinstance(answer, AnswerView):
            answer.toggle_numbers()

    @Slot()
    def _on_escape(self) -> None:
        if self.transcript.end_edit() or (self.voice is not None and self.voice.escape()):
            return
        if self.talk.busy:
            self.talk.stop()
        else:
            self.composer.edit.setFocus()

    @Slot()
    def _on_up(self) -> None:
        self.transcript.walk(-1)

    @Slot()
    def _on_down(self) -> None:
        self.transcript.walk(1)

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
        self.list.export_requested.connect(self.choosing.export)
        self.list.import_requested.connect(self.choosing.read)
        self.list.packing.cancel_requested.connect(self.packing.cancel)
        self.choosing.export_chosen.connect(self._on_export_chosen)
        self.choosing.import_chosen.connect(self.packing.import_from)
        self.transcript.version_chosen.connect(self.talk.choose_version)
        self.transcript.answer_requested.connect(self.talk.answer)
        self.transcript.go_on_requested.connect(self.talk.go_on)
        self.transcript.delete_requested.connect(self.talk.delete)
        self.transcript.edited.connect(self.talk.edit)
        if self.voice is not None:
            self.transcript.read_requested.connect(self.voice.talking.read)
            self.voice.read_changed.connect(self.transcript.show_reading)
        self.composer.asked.connect(self._on_asked)
        self.composer.stop_requested.connect(self.talk.stop)
        self.composer.draft_changed.connect(self.talk.draft_changed)
        self.composer.files_given.connect(self.talk.add_files)
        self.composer.given.connect(self._on_given)
        self.composer.text_given.connect(self._on_text_given)
        self.composer.remove_requested.connect(self.talk.remove_item)
        self.composer.edit_last_requested.connect(self._on_edit_last)
        self.composer.instruction_requested.connect(self._on_instruction_requested)
        self.composer.camera_requested.connect(self.camera_requested)
        self.composer.screen_requested.connect(self.screen_requested)
        self.composer.region_requested.connect(self.region_requested)
        self.welcome.task_chosen.connect(self._on_task_chosen)

    def _add_keys(self) -> None:
        for keys, action in (
            ("Ctrl+N", self._on_new_requested),
            ("Ctrl+O", self.composer.choose_files),
            ("Ctrl+R", self._on_again),
            ("Ctrl+E", self._on_edit_last),
            ("Ctrl+G", self._on_go_on),
            ("Ctrl+I", self._on_numbers),
            ("Alt+Up", self._on_up),
            ("Alt+Down", self._on_down),
            ("Ctrl+Shift+C", self._on_copy_last),
            (READ_KEYS, self._on_read_last),
            ("Ctrl+Shift+I", self._on_instruction_requested),
            ("Ctrl+Shift+K", self.camera_requested),
            ("Ctrl+Shift+S", self.screen_requested),
            ("Ctrl+Shift+X", self.region_requested),
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
        ground = DropGround(self.composer)
        right = QVBoxLayout(ground)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self._middle, 1)
        right.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.list)
        row.addWidget(ground, 1)
