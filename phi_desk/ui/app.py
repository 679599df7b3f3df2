"""Builds the window with its lanes and pages, and takes it all down again."""

from __future__ import annotations

import logging
import signal
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

import phi_desk
from phi_desk.app.wiring import App
from phi_desk.engine.messages import Options
from phi_desk.services import engines
from phi_desk.services.chats.session import How
from phi_desk.ui.chat.page import AskPage
from phi_desk.ui.chat.presenter import LONGEST_ANSWER
from phi_desk.ui.collector import Collector
from phi_desk.ui.history import History
from phi_desk.ui.hooks import Hooks
from phi_desk.ui.lane import Lane
from phi_desk.ui.model_lane import EngineStatus, ModelLane, NoModelError, OpenEngine
from phi_desk.ui.models.page import ModelsPage
from phi_desk.ui.notices import Notice
from phi_desk.ui.preferences import Preferences
from phi_desk.ui.shell.places import Places
from phi_desk.ui.shell.window import MainWindow
from phi_desk.ui.single_instance import FirstInstance, hand_over
from phi_desk.ui.theme import Theme
from phi_desk.ui.tray import Tray

logger = logging.getLogger(__name__)

NO_MODEL = Notice(
    sentence="There is no model yet.",
    hint="Phi Desk needs one to answer: download it, or choose a folder that holds it.",
    error=True,
    action_label="Open Models",
)
SIGNALS_MS = 300  # how often Python looks whether Ctrl-C was pressed in a terminal


class Desktop(QObject):
    """The running window and everything behind it.

    `opener` takes the place of the engine that `app` would open.
    """

    def __init__(
        self, app: App, application: QApplication, opener: OpenEngine | None = None
    ) -> None:
        super().__init__()
        self._app = app
        self.history = History(app.home)
        self.theme = Theme(application)
        self.model = ModelLane(opener or self._opener(app.options.model))
        self.disk = Lane("disk lane")
        self.network = Lane("network lane")
        self.preferences = Preferences(app.home, self.disk)
        self.window = MainWindow(Places(app.home))
        self._model_name = ""
        self.ask = AskPage(
            self.history.chats, self.model, self.disk, self.window.notices, self._how
        )
        self.models = ModelsPage(app, self.disk, self.network, self.model, self.window.notices)
        self.window.add_page("Ask", "ask", self.ask)
        self.window.add_page("Models", "models", self.models)
        self.tray = Tray(self.window.page_names)
        self.collector = Collector(self)
        self._closed = False
        self._wire()
        self.window.open_last_page()

    def show(self) -> None:
        """Show the window; the model is loaded afterwards."""
        self.window.show()
        self.tray.show()
        QTimer.singleShot(0, self._on_shown)

    @Slot(object)
    def take_files(self, files: Sequence[Path]) -> None:
        """Come forward, and attach files to the question that is being written."""
        self.window.come_forward()
        if files:
            self.window.open_page("Ask")
            self.ask.take_files(files)

    def close(self) -> None:
        """End everything; no thread is left."""
        if self._closed:
            return
        self._closed = True
        self.collector.close()
        self.tray.close()
        lanes = (self.model, self.network, self.disk)
        for lane in lanes:
            lane.stop()
        for lane in lanes:  # they end at the same time, and are waited for one after another
            lane.close()
        self.preferences.flush()
        self.history.close()

    @Slot()
    def _on_shown(self) -> None:
        self.model.warm()
        self.models.refresh()

    @Slot(object)
    def _on_status_changed(self, status: EngineStatus) -> None:
        self.window.status.show_status(status)
        self.ask.on_status_changed(status)
        self.models.on_status_changed(status)
        if status.error is not None:
            self.window.notices.show_error(status.error)

    @Slot(object)
    def _on_model_chosen(self, name: str) -> None:
        self._model_name = name
        self.model.use(self._opener(name))

    @Slot(str)
    def _on_used_changed(self, name: str) -> None:
        self._model_name = name

    @Slot()
    def _open_models(self) -> None:
        self.window.open_page("Models")

    @Slot()
    def _on_theme_changed(self) -> None:
        self.window.notices.draw_icons()

    @Slot(str)
    def _on_page_requested(self, name: str) -> None:
        self.window.come_forward()
        self.window.open_page(name)

    def _how(self) -> How:
        return How(options=Options(max_tokens=LONGEST_ANSWER), model=self._model_name)

    def _opener(self, model: str | None) -> OpenEngine:
        options = replace(self._app.options, model=model)
        catalog = self._app.catalog
        return lambda progress, cancel: engines.open_engine(options, catalog, progress, cancel)

    def _wire(self) -> None:
        no_model = replace(NO_MODEL, action=self._open_models)
        self.window.notices.answer(NoModelError, no_model)
        self.preferences.failed.connect(self.window.notices.show_error)
        self.model.status_changed.connect(self._on_status_changed)
        self.models.model_chosen.connect(self._on_model_chosen)
        self.models.used_changed.connect(self._on_used_changed)
        self.theme.changed.connect(self._on_theme_changed)
        self.window.closed.connect(self.close)
        self.tray.page_requested.connect(self._on_page_requested)
        self.tray.window_requested.connect(self.window.come_forward)
        self.tray.quit_requested.connect(self.window.close)


def open_window(app: App, files: Sequence[Path]) -> int:
    """Run the window until it is closed; where one is open already, hand it the files."""
    application = QApplication.instance() or QApplication(["phi-desk"])
    assert isinstance(application, QApplication)
    application.setApplicationName("Phi Desk")
    application.setApplicationVersion(phi_desk.__version__)
    application.setDesktopFileName("phi-desk")
    application.setQuitOnLastWindowClosed(True)
    if hand_over(app.home, files):
        return 0
    hooks = Hooks()
    hooks.install()
    try:
        first = FirstInstance(app.home)
        desktop = Desktop(app, application)
        hooks.uncaught.connect(desktop.window.notices.show_error)
        first.called.connect(desktop.take_files)
        signals = QTimer(interval=SIGNALS_MS)  # lets Python run, so that it sees Ctrl-C
        signals.timeout.connect(lambda: None)
        signals.start()
        before = signal.signal(signal.SIGINT, lambda *_: desktop.window.close())
        desktop.show()
        if files:
            desktop.take_files(files)
        code = application.exec()
        signal.signal(signal.SIGINT, before)
        signals.stop()
        first.close()
        desktop.close()
        return code
    finally:
        hooks.restore()
