"""Joins what looks after the program: settings, the first start, devices, and what is kept.

Knows the window and its lanes, and of the pages only those that it builds itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from phi_desk.app.wiring import App
from phi_desk.services.care.erasing import Erasure
from phi_desk.services.care.tidying import tidy
from phi_desk.settings.fields import options_of
from phi_desk.settings.schema import Settings
from phi_desk.ui.device_watch import DeviceWatch
from phi_desk.ui.effects import Effects
from phi_desk.ui.first_start.page import FirstStartPage
from phi_desk.ui.history import History
from phi_desk.ui.lane import Lane
from phi_desk.ui.model_lane import ModelLane
from phi_desk.ui.models.page import ModelsPage
from phi_desk.ui.models.presenter import Paused
from phi_desk.ui.models.run_presenter import Fitting, check_adapter
from phi_desk.ui.notices import Notice
from phi_desk.ui.preferences import Preferences
from phi_desk.ui.settings.page import SettingsPage
from phi_desk.ui.settings.storage_panel import StoragePanel
from phi_desk.ui.settings.storage_presenter import StoragePresenter, StorageView
from phi_desk.ui.settings.trying import TryingPresenter, TryingView, microphone_of, tone_to
from phi_desk.ui.settings.trying_panel import TryingPanel
from phi_desk.ui.shell.window import MainWindow
from phi_desk.ui.theme import Theme
from phi_desk.ui.tray import Tray

if TYPE_CHECKING:
    from phi_desk.cancel import CancelToken
    from phi_desk.media.recorder import SoundSystem

FIRST_STEPS = "First steps"
TIDY_AFTER_MS = 3_000  # the first question is more urgent
QUIET_MS = 40  # how often it is looked whether the model has let go
SAID_MS = 6_000


@dataclass(frozen=True, kw_only=True)
class House:
    """The parts of the window that are looked after."""

    app: App
    window: MainWindow
    theme: Theme
    tray: Callable[[], Tray]
    preferences: Preferences
    history: History
    disk: Lane
    network: Lane
    model: ModelLane
    models: ModelsPage
    sound: Callable[[], SoundSystem]
    pages: Callable[[], Iterable[QWidget]]


class Housekeeping(QObject):
    """Builds the page Settings, the page of the first start and the watch over devices."""

    reload_requested = Signal()  # the model, in the way that is chosen now

    def __init__(self, house: House, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._house = house
        self.devices = DeviceWatch(self)
        self.trying = Lane("sound test lane")
        self.effects = Effects(house.preferences, house.theme, house.window, house.tray, self)
        self.settings = SettingsPage(
            house.preferences,
            house.network,
            partial(check_adapter, house.app.catalog),
            {"devices": self._trying_panel, "history": self._storage_panel},
            lambda: house.theme.motion,
        )
        self.first_start = FirstStartPage(house.app.home, house.disk)
        house.window.add_guest(FIRST_STEPS, self.first_start)
        self._later = QTimer(self, singleShot=True, interval=TIDY_AFTER_MS)
        self._quiet = QTimer(self, interval=QUIET_MS)
        self._then: Callable[[], None] | None = None
        self._stale = Notice(
            sentence="The model has to be loaded again to run in the way you chose.",
            action_label="Load it again",
            action=self.reload_requested.emit,
        )
        self._wire()

    @property
    def is_first_start(self) -> bool:
        """Whether the person was not welcomed yet."""
        return not self._house.preferences.value.window.welcomed

    def start(self) -> None:
        """The window is there: look at devices, tidy up, welcome."""
        self.devices.start()
        self._later.start()
        for sentence in self._house.preferences.notices:
            self._house.window.notices.show_notice(Notice(sentence=sentence))

    def welcome(self) -> None:
        """Open the page of the first start."""
        self._house.window.open_page(FIRST_STEPS)
        self.first_start.refresh()

    def close(self) -> None:
        """End it all; no thread is left."""
        self._later.stop()
        self._quiet.stop()
        self.settings.flush()
        self.trying.close()
        self.devices.close()

    def _trying_panel(self) -> TryingPanel:
        house = self._house

        def make(view: TryingView) -> TryingPresenter:
            return TryingPresenter(
                view,
                self.trying,
                lambda: house.preferences.value.devices,
                partial(microphone_of, house.sound),
                partial(tone_to, house.sound),
            )

        return TryingPanel(make, house.window.notices)

    def _storage_panel(self) -> StoragePanel:
        house = self._house

        def make(view: StorageView) -> StoragePresenter:
            return StoragePresenter(
                view,
                house.app.home,
                house.history.storage,
                lambda: house.app.catalog,
                house.disk,
                self._let_go,
                self._on_deleted,
            )

        return StoragePanel(make, house.window.notices)

    def _let_go(self, what: Erasure, then: Callable[[], None]) -> None:
        """Have every page stop and forget, wait until nothing writes any more, then go on."""
        self._forget()
        if what.models:
            self._house.model.unload()
        self._then = then
        self._quiet.start()

    @Slot()
    def _on_quiet(self) -> None:
        model = self._house.model
        if not model.idle and model.status.state != "loading":
            return
        self._quiet.stop()
        then, self._then = self._then, None
        if then is not None:
            then()

    def _on_deleted(self, what: Erasure) -> None:
        preferences = self._house.preferences
        if what.settings:
            plain = Settings()
            for part in options_of(plain):
                values: dict[str, Any] = {
                    one.name: getattr(getattr(plain, part.name), one.name)
                    for one in options_of(getattr(plain, part.name))
                }
                if part.name == "window":
                    values["welcomed"] = True
                preferences.change(part.name, **values)
        self._forget()
        self._house.models.refresh()
        if what.models:
            self.reload_requested.emit()

    def _forget(self) -> None:
        for page in self._house.pages():
            forget = getattr(page, "forget_everything", None)
            if forget is not None:
                forget()

    @Slot()
    def _on_tidy(self) -> None:
        house = self._house

        def work(cancel: CancelToken) -> Iterable[object]:
            days = house.preferences.value.history.keep_deleted_days
            recovered, _ = tidy(house.history.storage(), days, cancel)
            yield recovered

        house.disk.run(work, on_event=self._on_tidied)

    def _on_tidied(self, recovered: object) -> None:
        notices = self._house.window.notices
        if self._house.history.notice:
            notices.show_notice(Notice(sentence=self._house.history.notice))
        if recovered:
            notices.show_notice(
                Notice(
                    sentence="The sound of a live session that was cut off is saved.",
                    stays_ms=SAID_MS,
                )
            )

    @Slot(str)
    def _on_devices_told(self, sentence: str) -> None:
        self._house.window.notices.show_notice(Notice(sentence=sentence, stays_ms=SAID_MS))

    @Slot(object)
    def _on_settings_changed(self, settings: Settings) -> None:
        panel = self.settings.extras.get("devices")
        if isinstance(panel, TryingPanel):
            panel.chosen_changed(settings.devices)

    @Slot()
    def _on_model_changed(self) -> None:
        self._house.models.show_stale()
        if self._house.model.status.state in ("ready", "failed", "loading"):
            self._house.window.notices.show_notice(self._stale)

    @Slot(object)
    def _on_fitting_found(self, fitting: Fitting) -> None:
        self.first_start.presenter.show_full(fitting.full)

    @Slot(object)
    def _on_paused_shown(self, paused: Paused | None) -> None:
        done, total = (paused.done, paused.total) if paused is not None else (0, 0)
        self.first_start.presenter.show_paused(done, total)

    @Slot()
    def _on_welcomed(self) -> None:
        self._house.preferences.change("window", welcomed=True)

    @Slot()
    def _on_first_start_finished(self) -> None:
        self._on_welcomed()
        if self._house.window.page == FIRST_STEPS:
            self._house.window.open_page("Ask")

    @Slot(object)
    def _on_folder_chosen(self, folder: object) -> None:
        self._house.models.presenter.add(folder, use=True)  # type: ignore[arg-type]

    def _wire(self) -> None:
        house, first, models = self._house, self.first_start, self._house.models
        self._later.timeout.connect(self._on_tidy)
        self._quiet.timeout.connect(self._on_quiet)
        self.devices.changed.connect(self.settings.show_devices)
        self.devices.told.connect(self._on_devices_told)
        self.effects.model_changed.connect(self._on_model_changed)
        house.preferences.changed.connect(self._on_settings_changed)
        house.window.navigation.page_chosen.connect(self._on_welcomed)
        models.welcome_requested.connect(self.welcome)
        models.honest_shown.connect(house.window.status.show_note)
        models.fitting_found.connect(self._on_fitting_found)
        models.download_shown.connect(first.presenter.show_download)
        models.paused_shown.connect(self._on_paused_shown)
        models.model_chosen.connect(self._on_first_start_finished)
        first.download_requested.connect(models.presenter.download)
        first.pause_requested.connect(models.presenter.pause)
        first.folder_chosen.connect(self._on_folder_chosen)
        first.finished.connect(self._on_first_start_finished)
