"""The page Live: controls, text and kept sessions joined to their presenters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from phi_desk.engine.languages import LANGUAGES
from phi_desk.errors import PhiDeskError
from phi_desk.media.devices.known import Devices
from phi_desk.services.history.sessions.values import Entry, Session
from phi_desk.services.live.events import Level
from phi_desk.ui.live.choices import Choices
from phi_desk.ui.live.controls import Controls
from phi_desk.ui.live.export_dialog import ExportDialog
from phi_desk.ui.live.head import Head
from phi_desk.ui.live.hearing import Stores
from phi_desk.ui.live.list_presenter import SessionsPresenter
from phi_desk.ui.live.overlay import Overlay
from phi_desk.ui.live.presenter import LivePresenter
from phi_desk.ui.live.reading import EMPTY, Reading
from phi_desk.ui.live.script import rows_of
from phi_desk.ui.live.session_list import SessionList, about
from phi_desk.ui.live.sources import OpenSource
from phi_desk.ui.live.values import Captions, Export, Row, SessionLine, State, Wanted
from phi_desk.ui.model_lane import EngineStatus
from phi_desk.ui.notices import UNDO_MS, Notice, NoticeBar
from phi_desk.ui.preferences import Preferences
from phi_desk.ui.running import ModelRunner, WorkRunner
from phi_desk.ui.theme import LARGE, MEDIUM

WITH_LIST = 760  # pixels of the page; below it the list would leave too little for reading
SAID_MS = 6000
WAITING = "Listening. The words stand here as soon as somebody has spoken and pauses."
SILENT = "Nothing was said in this session."
NAMES = {language.code: language.name for language in LANGUAGES}


class LivePage(QWidget):
    """The view of `LivePresenter` and `SessionsPresenter`."""

    listening_changed = Signal(bool)
    overlay_changed = Signal(bool)
    click_through_changed = Signal(bool)
    settings_requested = Signal()

    def __init__(
        self,
        preferences: Preferences,
        stores: Stores,
        lanes: tuple[WorkRunner, ModelRunner, WorkRunner],
        notices: NoticeBar,
        open_source: OpenSource,
        *,
        platform: str | None = None,
    ) -> None:
        """The lanes are: one of its own for listening, the model's, the disk's."""
        super().__init__()
        self.setObjectName("page")
        self.setAcceptDrops(True)
        listening, model, disk = lanes
        self._preferences = preferences
        self._notices = notices
        self._listens = False
        self._opened: Session | None = None
        self.list = SessionList()
        self.controls = Controls()
        self.now, self.kept = Reading(), Reading()
        self.overlay = Overlay(preferences, self, platform)
        self._stack = QStackedWidget()
        self.head = Head()
        self.sessions = SessionsPresenter(self, stores, disk)
        self.talk = LivePresenter(self, (listening, model), stores, open_source, self._on_session)
        self._lay_out()
        self._wire()
        self.first: QWidget = self.controls.start
        self._choices = Choices(self.controls, preferences, self)
        self._show_overlay_buttons()

    def recover(self) -> None:
        """After the start: sessions that were broken off, and the list."""
        self.sessions.recover()

    @property
    def wanted(self) -> Wanted:
        """What would be listened to now."""
        return self._choices.wanted

    @Slot()
    def start(self) -> None:
        """Listen to what is chosen."""
        if self.talk.start(self.wanted):
            self._show_now()

    @Slot()
    def toggle(self) -> None:
        """Start listening, or stop and finish what was heard: for a key, or the tray."""
        if not self.talk.busy:
            self.start()
        elif self.talk.state.phase != "finishing":
            self.talk.stop()

    @Slot(bool)
    def set_overlay(self, shown: bool) -> None:
        """Show the captions above all windows, or hide them."""
        if shown:
            self.overlay.show()
        else:
            self.overlay.hide()

    @Slot(bool)
    def set_click_through(self, through: bool) -> None:
        """Whether clicks on the captions go to what is behind."""
        self.overlay.set_click_through(through)

    @Slot(object)
    def on_status_changed(self, status: EngineStatus) -> None:
        """The model came or went."""
        self.talk.model_is_loading(status.state in ("loading", "asleep"))

    @Slot(object)
    def show_devices(self, found: Devices) -> None:
        """What is connected now."""
        self.controls.show_devices([(one.value, one.words) for one in found.microphones])

    def take_files(self, files: Sequence[Path]) -> None:
        """Listen to the first of these next."""
        if files and not self.talk.busy:
            self.controls.choose_file(files[0])

    def forget_everything(self) -> None:
        """All that was kept was deleted."""
        self.sessions.forget_everything()
        if not self.talk.busy:
            self.now.expect(translated=False, language="", target="")

    def close_overlay(self) -> None:
        """The program ends: no window is left."""
        self.overlay.close()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """A narrow window has room for the text only."""
        super().resizeEvent(event)
        self.list.setVisible(self.width() >= WITH_LIST)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802  (Qt's name)
        """A file may be dropped while nothing is listened to."""
        if not self.talk.busy and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802  (Qt's name)
        """Listen to the file that was dropped, next."""
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        self.take_files(files)
        event.acceptProposedAction()

    # As LiveView and SessionsView.

    def show_state(self, state: State) -> None:
        """See `LiveView`."""
        focused = self.controls.isAncestorOf(self.focusWidget() or self)
        self.controls.show_state(state)
        listens = state.phase != "idle"
        if listens != self._listens:
            self._listens = listens
            self.listening_changed.emit(listens)
            if focused or self.hasFocus():
                (self.controls.stop if listens else self.controls.start).setFocus()
        self.first = self.controls.stop if listens else self.controls.start
        self.now.say_empty(EMPTY if not listens else WAITING)
        self._show_actions()

    def show_level(self, level: Level | None) -> None:
        """See `LiveView`."""
        self.controls.show_level(level)

    def show_time(self, seconds: float, total_s: float | None) -> None:
        """See `LiveView`."""
        self.controls.show_time(seconds, total_s)

    def show_lag(self, sentence: str, *, behind: bool) -> None:
        """See `LiveView`."""
        self.controls.show_lag(sentence, behind=behind)

    def begin_rows(self, *, translated: bool, language: str, target: str) -> None:
        """See `LiveView`."""
        names = {"language": NAMES.get(language, ""), "target": NAMES.get(target, "")}
        self.now.expect(translated=translated, **names)
        self.overlay.expect(translated=translated)

    def show_rows(self, final: Sequence[Row], tail: Sequence[Row]) -> None:
        """See `LiveView`."""
        self.now.show_rows(final, tail)
        self._show_actions()

    def show_captions(self, captions: Captions) -> None:
        """See `LiveView`."""
        self.overlay.show_captions(captions)

    def show_sessions(self, lines: Sequence[SessionLine], current: int | None, words: str) -> None:
        """See `SessionsView`."""
        self.list.show_sessions(lines, current, words)
        for line in lines:
            if line.session.id == current and self._stack.currentWidget() is self.now:
                self._opened = line.session
                self.head.show_title(line.session.title, about(line))
        self._show_actions()

    def show_session(self, session: Session, entries: Sequence[Entry]) -> None:
        """See `SessionsView`."""
        self._opened = session
        translated = bool(session.target)
        names = (NAMES.get(session.language, ""), NAMES.get(session.target, session.target))
        self.kept.expect(translated=translated, language=names[0], target=names[1])
        self.kept.say_empty(SILENT)
        self.kept.show_all(rows_of(entries))
        self.head.show_title(session.title, about(SessionLine(session=session)))
        self._stack.setCurrentWidget(self.kept)
        self._show_actions()

    def show_renamed(self, session: int, title: str) -> None:
        """See `SessionsView`."""
        self.head.rename(title)

    def leave_session(self) -> None:
        """See `SessionsView`."""
        if not self.talk.busy:
            self.now.expect(translated=False, language="", target="")
        self._show_now()

    def offer_undo(self, sentence: str, undo: Callable[[], None]) -> None:
        """See `SessionsView`."""
        self._notices.show_notice(
            Notice(sentence=sentence, action_label="Undo", action=undo, stays_ms=UNDO_MS)
        )

    def say(self, sentence: str) -> None:
        """See `SessionsView`."""
        self._notices.show_notice(Notice(sentence=sentence, stays_ms=SAID_MS))

    def tell(self, error: PhiDeskError) -> None:
        """See `LiveView`."""
        self._notices.show_error(error)

    def _on_session(self, session: int | None, running: bool) -> None:
        if running:
            self.sessions.begun(session)
        else:
            self.sessions.ended(session)

    def _show_now(self) -> None:
        self._opened = None
        self._stack.setCurrentWidget(self.now)
        self.head.show_title()
        self.sessions.show_running()
        self._show_actions()

    @property
    def _reading(self) -> Reading:
        return self.now if self._stack.currentWidget() is self.now else self.kept

    @Slot(object)
    def _on_session_chosen(self, session: Session) -> None:
        if session.id == self.sessions.running:
            self._show_now()
        else:
            self.sessions.open(session.id)

    @Slot()
    def _on_new_requested(self) -> None:
        if not self.talk.busy:
            self.sessions.close()
            self.now.expect(translated=False, language="", target="")
        self._show_now()
        self.setFocus()

    @Slot(object, str)
    def _on_rename_requested(self, session: Session, title: str) -> None:
        self.sessions.rename(session.id, title)

    @Slot()
    def _on_copy(self) -> None:
        reading = self._reading
        if reading.text:
            reading.copy()
            self.say("The text is copied.")

    @Slot()
    def _on_overlay_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.overlay.text)

    @Slot()
    def _on_export(self) -> None:
        if self._opened is not None:
            self.ask_how_to_export(self._opened)

    @Slot(object)
    def ask_how_to_export(self, session: Session) -> None:
        """Let the person choose the form and the place."""
        dialog = ExportDialog(session, self)
        dialog.setObjectName("export")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.export_requested.connect(self._on_export_requested)
        dialog.open()

    @Slot(object)
    def _on_export_requested(self, export: Export) -> None:
        self.sessions.export(export)

    @Slot(object)
    def _on_preferences_changed(self, _settings: object) -> None:
        self._show_overlay_buttons()

    @Slot(bool)
    def _on_overlay_shown(self, shown: bool) -> None:
        self._show_overlay_buttons()
        self.overlay_changed.emit(shown)

    @Slot()
    def _on_overlay_toggled(self) -> None:
        self.set_overlay(not self.overlay.shown)

    @Slot()
    def _on_through_toggled(self) -> None:
        self.set_click_through(not self._preferences.value.overlay.click_through)

    def _show_overlay_buttons(self) -> None:
        self.head.show_overlay(
            shown=self.overlay.shown,
            floats=self.overlay.floating,
            through=self._preferences.value.overlay.click_through,
        )

    def _show_actions(self) -> None:
        any_rows = bool(self._reading.transcript.rows)
        self.head.show_actions(copy=any_rows, export=self._opened is not None)

    def _wire(self) -> None:
        self._preferences.changed.connect(self._on_preferences_changed)
        self.controls.start_requested.connect(self.start)
        self.controls.pause_requested.connect(self.talk.pause)
        self.controls.stop_requested.connect(self.talk.stop)
        self.list.session_chosen.connect(self._on_session_chosen)
        self.list.new_requested.connect(self._on_new_requested)
        self.list.search_changed.connect(self.sessions.search)
        self.list.rename_requested.connect(self._on_rename_requested)
        self.list.delete_requested.connect(self.sessions.delete)
        self.list.export_requested.connect(self.ask_how_to_export)
        self.overlay.shown_changed.connect(self._on_overlay_shown)
        self.overlay.click_through_changed.connect(self.click_through_changed)
        self.overlay.copy_requested.connect(self._on_overlay_copy)
        self.overlay.options_requested.connect(self.settings_requested)
        self.head.overlay_toggled.connect(self._on_overlay_toggled)
        self.head.through_toggled.connect(self._on_through_toggled)
        self.head.copy_requested.connect(self._on_copy)
        self.head.export_requested.connect(self._on_export)
        for keys, action in (
            ("Ctrl+Return", self.toggle),
            ("Ctrl+Shift+P", self.talk.pause),
            ("Ctrl+N", self._on_new_requested),
            ("Ctrl+O", self.controls.ask_for_file),
            ("Ctrl+E", self._on_export),
            ("Ctrl+F", self.list.field.setFocus),
            ("Ctrl+Shift+C", self._on_copy),
            ("Ctrl+Shift+O", self._on_overlay_toggled),
            ("Ctrl+Shift+T", self._on_through_toggled),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)

    def _lay_out(self) -> None:
        self._stack.addWidget(self.now)
        self._stack.addWidget(self.kept)
        above = QHBoxLayout()
        above.setContentsMargins(LARGE, LARGE, LARGE, 0)
        above.addWidget(self.controls)
        right = QVBoxLayout()
        right.setSpacing(MEDIUM)
        right.addLayout(above)
        right.addWidget(self.head)
        right.addWidget(self._stack, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.list)
        row.addLayout(right, 1)
