"""Builds the window with its lanes and pages, and takes it all down again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from phi_desk.app.wiring import App
from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.engine.events import Progress
from phi_desk.services import engines
from phi_desk.services.chats.session import How
from phi_desk.ui.camera.window import CameraWindow
from phi_desk.ui.chat.page import AskPage
from phi_desk.ui.collector import Collector
from phi_desk.ui.common.clipboard import keep_after_end
from phi_desk.ui.glyphs import Glyphs
from phi_desk.ui.history import History
from phi_desk.ui.housekeeping import House, Housekeeping
from phi_desk.ui.lane import Lane, close_all
from phi_desk.ui.live.page import LivePage
from phi_desk.ui.live.sources import Sources
from phi_desk.ui.model_lane import EngineStatus, ModelLane, NoModelError, OpenEngine
from phi_desk.ui.models.page import ModelsPage
from phi_desk.ui.notices import Notice
from phi_desk.ui.ocr.page import ReadPage
from phi_desk.ui.ocr.values import PageAsked
from phi_desk.ui.screen.desk import ScreenDesk
from phi_desk.ui.screen_joining import ScreenJoining
from phi_desk.ui.shell.frame import Frame
from phi_desk.ui.tray import Tray
from phi_desk.ui.voice.capture import Capture, LazySound
from phi_desk.ui.voice.player import Player
from phi_desk.ui.voice.reader import Reader
from phi_desk.ui.voice.recorder import VoiceRecorder
from phi_desk.ui.voice.talking import Talking
from phi_desk.ui.voice.voice_panel import VoicePanel

logger = logging.getLogger(__name__)

NO_MODEL = Notice(
    sentence="There is no model yet.",
    hint="Phi Desk needs one to answer: download it, or choose a folder that holds it.",
    error=True,
    action_label="Open Models",
)
NOT_LOADED = EngineStatus(state="asleep", sentence="The model is loaded with the first question.")


class Desktop(QObject):
    """The running window and everything behind it.

    `opener` takes the place of the engine that `app` would open, `frame` is shown already.
    """

    def __init__(
        self,
        app: App,
        application: QApplication,
        opener: OpenEngine | None = None,
        *,
        frame: Frame | None = None,
    ) -> None:
        super().__init__()
        self._app = app
        self.history = History(app.home)
        frame = frame or Frame(app.home, application)
        self.theme, self.window = frame.theme, frame.window
        self.disk, self.preferences = frame.disk, frame.preferences
        self._given_opener = opener
        self._chosen = app.options.model  # a name or a folder; None is the catalogue's default
        self._model_name = ""
        self._closed = False
        self._open_lanes(opener or self._opener(self._chosen))
        self._make_voice()
        self._make_ask()
        self._make_live()
        self._make_read()
        self.models = ModelsPage(
            app,
            self.preferences,
            (self.disk, self.network, self.model),
            self.window.notices,
        )
        self._add_pages()
        self._make_what_stands_beside()
        self._wire()
        self.window.open_last_page()
        if self.house.is_first_start:
            self.house.welcome()

    def _open_lanes(self, opener: OpenEngine) -> None:
        self.model = ModelLane(opener)
        self.network = Lane("network lane")
        self.files = Lane("files lane")  # long exports and imports
        self.chats_lane = Lane("chats lane")  # a question is stored at once, whatever else goes on
        self.camera_lane = Lane("camera lane")
        self.live_lane = Lane("live lane")
        self.drawing = Lane("page lane")  # draws pages, and looks for codes on them

    def _make_voice(self) -> None:
        self.sound = LazySound()  # to be called on a lane only
        self.capture = Capture(self.preferences, self.sound)
        self.player = Player(self.preferences, self.sound)
        self.reader = Reader(self.preferences)
        self.talking = Talking(self.preferences, self.capture, self.player, self.reader)

    def _make_ask(self) -> None:
        self.ask = AskPage(
            self.history.chats,
            self.model,
            self.chats_lane,
            self.window.notices,
            self._how,
            lambda: self.preferences.value.answers.system,
            self.files,
            self.talking,
        )
        self.ask.on_settings_changed(self.preferences.value)
        self.camera = CameraWindow(self.camera_lane, self.preferences, self.window)

    def _make_live(self) -> None:
        self.live = LivePage(
            self.preferences,
            self.history.sessions,
            (self.live_lane, self.model, self.disk),
            self.window.notices,
            Sources(self.sound),
        )

    def _make_read(self) -> None:
        self.read = ReadPage(
            self.history.pages,
            self.model,
            (self.disk, self.drawing),
            self.window.notices,
            self.preferences,
        )

    def _add_pages(self) -> None:
        self.window.add_page("Ask", "ask", self.ask)
        self.window.add_page("Live", "live", self.live)
        self.window.add_page("Read", "read", self.read)
        self.window.add_page("Models", "models", self.models)
        self.house = self._housekeeping()
        self.settings, self.devices = self.house.settings, self.house.devices
        self.settings.add_extra("voice", self._voice_panel)
        self.window.add_page("Settings", "settings", self.settings)

    def _make_what_stands_beside(self) -> None:
        voice = VoiceRecorder(self.capture, self.window)
        self.screen_desk = ScreenDesk(self.window, self.preferences, voice, self.window.notices)
        self.screen, self.keys = self.screen_desk.tool, self.screen_desk.keys
        self.tray = Tray(self.window.page_names)
        self.collector = Collector(self)
        self.glyphs = Glyphs(self)

    def show(self) -> None:
        """Show the window; the model is loaded afterwards."""
        self.window.show()
        self.tray.show()
        QTimer.singleShot(0, self._on_shown)

    @Slot(object)
    def take_files(self, files: Sequence[Path]) -> None:
        """Come forward; read documents, and attach other files to the question in the making."""
        self.window.come_forward()
        if any(path.suffix.lower() == ".pdf" for path in files):
            self.window.open_page("Read")
            self.read.take_files(files)
        elif files:
            self.window.open_page("Ask")
            self.ask.take_files(files)

    def close(self) -> None:
        """End everything; no thread is left."""
        if self._closed:
            return
        self._closed = True
        self.window.hide()  # at once: giving a large model's memory back takes most of a second
        self.glyphs.close()
        self.tray.close()
        self.house.close()
        self.live.close_overlay()
        self.read.shut()
        self.screen_desk.close()
        self.talking.close()
        self.reader.close()
        self.camera.close()
        lanes = (
            self.capture.lane,
            self.player.lane,
            self.live_lane,
            self.camera_lane,
            self.model,
            self.network,
            self.files,
            self.drawing,
            self.chats_lane,
            self.disk,
        )
        close_all(lanes)
        self.read.flush()
        self.preferences.flush()
        self.history.close()
        self.collector.close()
        keep_after_end()

    @Slot()
    def _on_shown(self) -> None:
        if self.preferences.value.model.load_at_start:
            self.model.warm()
        else:
            self.window.status.show_status(NOT_LOADED)
            self.models.look_what_fits()
        self.models.refresh()
        self.live.recover()
        self.read.begin()
        self.house.start()
        self.talking.warm_later()
        self.screen_desk.start()

    @Slot(object)
    def _on_status_changed(self, status: EngineStatus) -> None:
        self.glyphs.on_status_changed(status)
        self.window.status.show_status(status)
        self.ask.on_status_changed(status)
        self.live.on_status_changed(status)
        self.models.on_status_changed(status)
        if status.error is not None:
            self.window.notices.show_error(status.error)

    @Slot(object)
    def _on_model_chosen(self, name: str) -> None:
        self._model_name = self._chosen = name
        self.model.use(self._opener(name))

    @Slot()
    def _on_reload_requested(self) -> None:
        self.model.use(self._given_opener or self._opener(self._chosen))

    @Slot(str)
    def _on_used_changed(self, name: str) -> None:
        self._model_name = name

    @Slot()
    def _open_models(self) -> None:
        self.window.open_page("Models")

    @Slot()
    def _open_settings(self) -> None:
        self.window.come_forward()
        self.window.open_page("Settings")

    @Slot()
    def _on_theme_changed(self) -> None:
        self.window.notices.draw_icons()
        self.read.area.draw_icons()

    @Slot(str)
    def _on_page_requested(self, name: str) -> None:
        self.window.come_forward()
        self.window.open_page(name)

    def _how(self) -> How:
        settings = self.preferences.value
        return How(
            options=settings.answers.options(),
            adapter=settings.model.adapter,
            model=self._model_name,
        )

    def _opener(self, model: str | None) -> OpenEngine:
        typed = replace(self._app.options, model=model)
        catalog = self._app.catalog

        def open_(progress: Callable[[Progress], None], cancel: CancelToken) -> Engine:
            options = self.preferences.value.model.engine_options(typed)
            return engines.open_engine(options, catalog, progress, cancel)

        return open_

    def _voice_panel(self) -> VoicePanel:
        return VoicePanel(self.reader)

    @Slot(object)
    def _on_voices_found(self, voices: Sequence[tuple[str, str]]) -> None:
        self.settings.offer("voice", "voice", [(name, f"{name} ({code})") for name, code in voices])

    def _housekeeping(self) -> Housekeeping:
        return Housekeeping(
            House(
                app=self._app,
                window=self.window,
                theme=self.theme,
                tray=lambda: self.tray,
                preferences=self.preferences,
                history=self.history,
                disk=self.disk,
                network=self.network,
                model=self.model,
                models=self.models,
                sound=self.sound,
                pages=lambda: self.window.pages,
            )
        )

    def _wire(self) -> None:
        no_model = replace(NO_MODEL, action=self._open_models)
        self.window.notices.answer(NoModelError, no_model)
        self.preferences.failed.connect(self.window.notices.show_error)
        self.preferences.changed.connect(self.ask.on_settings_changed)
        self.reader.voices_found.connect(self._on_voices_found)
        self.model.status_changed.connect(self._on_status_changed)
        self.models.model_chosen.connect(self._on_model_chosen)
        self.models.used_changed.connect(self._on_used_changed)
        self.models.load_requested.connect(self._on_reload_requested)
        self.models.unload_requested.connect(self.model.unload)
        self.house.reload_requested.connect(self._on_reload_requested)
        self.theme.changed.connect(self._on_theme_changed)
        self.window.closed.connect(self.close)
        self.window.hidden.connect(self.tray.tell_hidden)
        self.tray.page_requested.connect(self._on_page_requested)
        self.tray.window_requested.connect(self.window.come_forward)
        self.tray.quit_requested.connect(self.window.leave)
        self._wire_camera()
        self._wire_live()
        self._wire_read()
        self._wire_screen()

    def _wire_camera(self) -> None:
        self.ask.camera_requested.connect(self.camera.begin)
        self.camera.picture_taken.connect(self.ask.take_picture)
        self.devices.changed.connect(self.camera.show_devices)

    @Slot()
    def _open_read(self) -> None:
        self.window.come_forward()
        self.window.open_page("Read")

    @Slot(object)
    def _on_page_asked(self, asked: PageAsked) -> None:
        """A question about a page: its picture is attached, else its words are in the question."""
        self.window.open_page("Ask")
        if asked.make is not None:
            self.ask.talk.add_picture(asked.make, asked.name)
        else:
            self.ask.talk.add_text(asked.text, asked.name)

    def _wire_read(self) -> None:
        self.read.window_requested.connect(self._open_read)
        self.read.ask_requested.connect(self._on_page_asked)
        target = self.tray.add_switch("Show the Drop Target")
        target.setChecked(self.read.keeper.shown)
        target.triggered.connect(self.read.keeper.want)
        self.read.keeper.shown_changed.connect(target.setChecked)

    def _wire_screen(self) -> None:
        ScreenJoining(self.screen_desk, self.window, self.ask, self.read, self.live, self.settings)
        self.screen_desk.noticed.connect(self.tray.say)

    def _wire_live(self) -> None:
        live, tray = self.live, self.tray
        self.window.dock(live.overlay.dock)
        live.settings_requested.connect(self._open_settings)
        self.theme.changed.connect(live.controls.draw_icons)
        self.devices.changed.connect(live.show_devices)
        listening = tray.add_switch("Listen Live")
        listening.triggered.connect(live.toggle)
        live.listening_changed.connect(listening.setChecked)
        captions = tray.add_switch("Show Captions")
        captions.triggered.connect(live.set_overlay)
        live.overlay_changed.connect(captions.setChecked)
        through = tray.add_switch("Let Clicks through the Captions")
        through.setChecked(self.preferences.value.overlay.click_through)
        through.triggered.connect(live.set_click_through)
        live.click_through_changed.connect(through.setChecked)
