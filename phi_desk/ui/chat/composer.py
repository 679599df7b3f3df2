"""Where a question is written: words, attachments, what they take, and the button that asks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QMouseEvent, QPalette
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from phi_desk.services.chats.context import Usage
from phi_desk.ui.chat.chips import ChipRow
from phi_desk.ui.chat.draft_edit import DraftEdit
from phi_desk.ui.chat.task_row import TaskRow
from phi_desk.ui.chat.tasks import Task, tasks_for
from phi_desk.ui.chat.values import DraftItem
from phi_desk.ui.common.labels import label, set_state
from phi_desk.ui.common.mime import can_take
from phi_desk.ui.icons import IconButton
from phi_desk.ui.theme import MEDIUM, SMALL, small_font
from phi_desk.ui.throttle import Pause

PAUSE_MS = 400  # of typing before the tokens are counted
FILES = (
    "Pictures and recordings (*.png *.jpg *.jpeg *.webp *.gif *.bmp *.tif *.tiff *.wav *.mp3 "
    "*.flac *.ogg *.opus *.m4a *.mp4 *.webm);;All files (*)"
)


class Composer(QFrame):
    """Says what was asked for; holds the draft until it is told to clear it."""

    asked = Signal(str)
    stop_requested = Signal()
    draft_changed = Signal(str)
    files_given = Signal(object)  # tuple[Path, ...]
    given = Signal(object)  # common.mime.Given
    text_given = Signal(str)
    remove_requested = Signal(int)
    edit_last_requested = Signal()
    camera_requested = Signal()
    screen_requested = Signal()
    region_requested = Signal()
    instruction_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composer")
        self.setAcceptDrops(True)
        self.edit = DraftEdit(
            "Your question", "Ask about anything, or drop a picture or a recording here"
        )
        self.edit.setAcceptDrops(False)  # the whole frame takes them
        self.chips = ChipRow(removable=True)
        self.tasks = TaskRow()
        self._items: tuple[DraftItem, ...] = ()
        self._busy = self._reading = False
        self._attach = IconButton(
            "attach", "Attach pictures or recordings", tip="Attach files (Ctrl+O)"
        )
        self._camera = IconButton(
            "camera", "Take a picture with the camera", tip="Camera (Ctrl+Shift+K)"
        )
        self._screen = IconButton(
            "screen",
            "Picture of the screen",
            tip="The screen (Ctrl+Shift+S) or a region (Ctrl+Shift+X)",
        )
        self._instruct = IconButton(
            "instruct", "Instruction for this chat", tip="Instruction for this chat (Ctrl+Shift+I)"
        )
        self._instruct.setCheckable(True)
        self._meter = label(kind="muted", font=small_font())
        self._meter.setAccessibleName("Context")
        self._meter.setWordWrap(True)
        self._meter.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
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
        self.edit.set_text(text)

    def add_tool(self, widget: QWidget) -> None:
        """One more button beside those that attach something."""
        self._tools.addWidget(widget)

    def add_strip(self, widget: QWidget) -> None:
        """Something over the whole width, between the words and the buttons."""
        self._strips.addWidget(widget)

    def show_items(self, items: Sequence[DraftItem], reading: int) -> None:
        """What is attached."""
        focused = self.focusWidget()
        if len(items) < len(self._items) and focused and self.chips.isAncestorOf(focused):
            self.edit.setFocus()  # the one that is taken away has it
        self.chips.show_items(items, reading)
        self._items, self._reading = tuple(items), reading > 0
        self._show_button()

    def show_busy(self, busy: bool) -> None:
        """While an answer is written the button stops it."""
        self._busy = busy
        self._show_button()

    def show_instruction(self, words: str) -> None:
        """Whether this chat has an instruction of its own."""
        self._instruct.setChecked(bool(words))
        tip = f"Instruction for this chat (Ctrl+Shift+I):\n{words}" if words else ""
        self._instruct.setToolTip(tip or "Instruction for this chat (Ctrl+Shift+I)")
        self._instruct.setAccessibleDescription(words)

    def show_usage(self, usage: Usage | None) -> None:
        """How full the context is, and what will not be seen."""
        if usage is None:
            self._meter.setText("")
            self._meter.setToolTip("")
            return
        room = usage.limit - usage.reserved
        words = usage.sentence or f"{usage.used:,} of {room:,} tokens"
        if not usage.fits:
            words = (
                f"Too long: {usage.used:,} tokens of {usage.limit:,}. "
                "Take something away, or begin a new chat."
            )
        self._meter.setText(words)
        self._meter.setToolTip(
            f"{usage.used:,} tokens of the model's {usage.limit:,}; {usage.reserved:,} are kept "
            "free for the answer."
        )

    @Slot()
    def choose_files(self) -> None:
        """Ask the system for files."""
        dialog = QFileDialog(self, "Attach pictures or recordings", "", FILES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self._on_files_selected)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot()
    def open_screen_menu(self) -> None:
        """The whole screen, or a region of it."""
        menu = self.screen_menu()
        menu.popup(self._screen.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def screen_menu(self) -> QMenu:
        """What of the screen can be taken."""
        menu = QMenu(self)
        menu.setAccessibleName("Picture of the screen")
        menu.addAction("The whole screen\tCtrl+Shift+S").triggered.connect(self._on_screen_chosen)
        menu.addAction("A region of it\tCtrl+Shift+X").triggered.connect(self._on_region_chosen)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  (Qt's name)
        """A click beside the words is one into them: the whole frame looks like the field."""
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self.edit.setFocus(Qt.FocusReason.MouseFocusReason)

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

    @Slot(object)
    def _on_files_selected(self, names: Sequence[str]) -> None:
        self.files_given.emit(tuple(map(Path, names)))

    @Slot()
    def _on_screen_chosen(self) -> None:
        self.screen_requested.emit()

    @Slot()
    def _on_region_chosen(self) -> None:
        self.region_requested.emit()

    @Slot()
    def _on_instruct_clicked(self) -> None:
        self._instruct.setChecked(bool(self._instruct.accessibleDescription()))
        self.instruction_requested.emit()

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

    @Slot(str)
    def _on_task_chosen(self, words: str) -> None:
        if not self._busy:
            self.asked.emit(words)

    @Slot(object, object)
    def _on_text_wanted(self, task: Task, language: object) -> None:
        words = task.words_in(language, self.text.strip())  # type: ignore[arg-type]  # a Language
        self._on_task_chosen(words.strip())

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
        tasks = () if self._busy or self._reading else tasks_for(self._items, self.text)
        self.tasks.show_tasks(tasks)
        if self._busy:
            self.button.show_icon("stop")
            self.button.say("Stop", "Stop; what is written stays (Esc)")
            self.button.setEnabled(True)
        else:
            self.button.show_icon("send")
            self.button.say("Ask", "Ask (Enter)")
            something = bool(self._items) or bool(self.text.strip())
            self.button.setEnabled(something and not self._reading)

    def _wire(self) -> None:
        self.edit.entered.connect(self._on_entered)
        self.edit.given.connect(self.given)
        self.edit.text_given.connect(self.text_given)
        self.edit.up_pressed.connect(self.edit_last_requested)
        self.edit.textChanged.connect(self._on_text_changed)
        self.edit.focus_changed.connect(self._on_focus_changed)
        self.button.clicked.connect(self._on_button_clicked)
        self._attach.clicked.connect(self.choose_files)
        self._camera.clicked.connect(self.camera_requested)
        self._screen.clicked.connect(self.open_screen_menu)
        self._instruct.clicked.connect(self._on_instruct_clicked)
        self.tasks.chosen.connect(self._on_task_chosen)
        self.tasks.text_wanted.connect(self._on_text_wanted)
        self.chips.remove_requested.connect(self.remove_requested)

    def _lay_out(self) -> None:
        self._tools = QHBoxLayout()
        self._tools.setSpacing(2)
        for tool in (self._attach, self._camera, self._screen, self._instruct):
            self._tools.addWidget(tool)
        self._strips = QVBoxLayout()
        foot = QHBoxLayout()
        foot.setSpacing(SMALL)
        foot.addLayout(self._tools)
        foot.addWidget(self._meter, 1)
        foot.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(MEDIUM, MEDIUM, SMALL, SMALL)
        column.setSpacing(SMALL)
        column.addWidget(self.chips)
        column.addWidget(self.tasks)
        column.addWidget(self.edit)
        column.addLayout(self._strips)
        column.addLayout(foot)
