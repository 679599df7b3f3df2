"""The page Models: cards above each other, joined to their presenter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMessageBox,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from phi_desk.app.wiring import App
from phi_desk.errors import PhiDeskError
from phi_desk.model.download.values import DownloadProgress
from phi_desk.services.fitting import sentence_of
from phi_desk.settings.schema import Model, Settings
from phi_desk.ui.common.labels import label
from phi_desk.ui.model_lane import EngineStatus
from phi_desk.ui.models.adapters_card import AdaptersCard
from phi_desk.ui.models.cards import DownloadCard, ModelCard
from phi_desk.ui.models.presenter import Checking, Download, ModelsPresenter, Shown
from phi_desk.ui.models.run_card import RunCard
from phi_desk.ui.models.run_presenter import Adapters, Fitting, RunPresenter
from phi_desk.ui.notices import Notice, NoticeBar
from phi_desk.ui.preferences import Preferences
from phi_desk.ui.running import ModelRunner, WorkRunner
from phi_desk.ui.theme import HUGE, LARGE, MEDIUM, READING_WIDTH, title_font

SAID_MS = 8_000


class _Chosen:
    """The settings of the model, as its presenter takes them."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences

    def model(self) -> Model:
        return self._preferences.value.model

    def keep(self, **values: object) -> None:
        self._preferences.change("model", **values)


class ModelsPage(QWidget):
    """The view of `ModelsPresenter` and of `RunPresenter`."""

    model_chosen = Signal(str)
    used_changed = Signal(str)  # the name of the model in use
    load_requested = Signal()
    unload_requested = Signal()
    welcome_requested = Signal()
    fitting_found = Signal(object)  # Fitting
    download_shown = Signal(object, bool)  # DownloadProgress or None, whether it runs
    paused_shown = Signal(object)  # Paused or None
    honest_shown = Signal(str)  # what must be said about the model in use, or nothing

    def __init__(
        self,
        app: App,
        preferences: Preferences,
        lanes: tuple[WorkRunner, WorkRunner, ModelRunner],
        notices: NoticeBar,
        fetch: Download | None = None,
    ) -> None:
        super().__init__()
        self.setObjectName("page")
        self._notices = notices
        self._preferences = preferences
        self._used = ""
        self._fitting: Fitting | None = None
        self.run = RunCard()
        self.adapters = AdaptersCard()
        self.download = DownloadCard()
        self.cards: dict[str, ModelCard] = {}
        self.empty = label("There is no model yet.", kind="muted", wrap=True)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(MEDIUM)
        self.presenter = ModelsPresenter(
            self,
            app.catalog,
            lanes[:2],
            self.model_chosen.emit,
            chosen=app.options.model,
            offline=lambda: app.offline or preferences.value.network.offline,
            fetch=fetch,
        )
        self.running = RunPresenter(self, app.catalog, lanes, _Chosen(preferences))
        self._lay_out()
        self._wire()
        self._on_settings_changed(preferences.value)

    def refresh(self) -> None:
        """Look at the models and the adapters again."""
        self.presenter.refresh()
        self.running.refresh_adapters()
        self.running.count()

    @Slot(object)
    def on_status_changed(self, status: EngineStatus) -> None:
        """Once a model is there, its library can say what fits."""
        self.run.show_status(status)
        if status.state in ("ready", "failed"):
            self.running.look(ready=status.state == "ready")

    def show_stale(self) -> None:
        """What was chosen comes with the next loading."""
        self.run.show_stale()

    def look_what_fits(self) -> None:
        """Find out without a model, where none will be loaded."""
        self.running.look(ready=False)

    # As ModelsView.

    def show_models(self, shown: Shown) -> None:
        """See `ModelsView`."""
        for card in self.cards.values():
            self._cards.removeWidget(card)
            card.deleteLater()
        self.cards.clear()
        for entry in sorted(shown.models, key=lambda e: (e.name != shown.used, e.name)):
            card = ModelCard(entry, used=entry.name == shown.used)
            card.use_requested.connect(self.presenter.use)
            card.verify_requested.connect(self.presenter.verify)
            card.stop_requested.connect(self.presenter.stop_checking)
            card.remove_requested.connect(self._on_remove_requested)
            self.cards[entry.name] = card
            self._cards.addWidget(card)
        known = shown.used in self.cards
        if shown.folder is not None and not known:
            self.empty.setText(f"In use now: {shown.folder}")
        else:
            self.empty.setText("There is no model yet. Download it, or choose a folder.")
        self.empty.setVisible(not known and (shown.folder is not None or not shown.models))
        self._used = shown.used
        self.used_changed.emit(shown.used)
        self.download.show_paused(shown.paused)
        self.paused_shown.emit(shown.paused)
        self.honest_shown.emit(shown.honest)
        self._show_needs()
        if shown.notice:
            self._notices.show_notice(Notice(sentence=shown.notice))

    def show_fitting(self, fitting: Fitting) -> None:
        """See `RunView`."""
        self._fitting = fitting
        self._show_needs()
        self.fitting_found.emit(fitting)

    def show_adapters(self, found: Adapters) -> None:
        """See `RunView`."""
        self.adapters.show_adapters(found)
        self.run.show_adapters(found.loaded)

    def show_adding(self, adding: bool) -> None:
        """See `RunView`."""
        self.adapters.show_adding(adding)

    def show_checking(self, checking: Checking | None) -> None:
        """See `ModelsView`."""
        for name, card in self.cards.items():
            card.show_checking(checking if checking and checking.name == name else None)

    def show_download(self, progress: DownloadProgress | None, running: bool) -> None:
        """See `ModelsView`."""
        self.download.show_download(progress, running=running)
        self.download_shown.emit(progress, running)

    def tell(self, error: PhiDeskError) -> None:
        """See `ModelsView`."""
        self._notices.show_error(error)

    def say(self, sentence: str) -> None:
        """See `ModelsView`."""
        self._notices.show_notice(Notice(sentence=sentence, stays_ms=SAID_MS))

    def offer(self, sentence: str, label: str, action: Callable[[], None]) -> None:
        """See `ModelsView`."""
        self._notices.show_notice(Notice(sentence=sentence, action_label=label, action=action))

    @Slot()
    def choose_folder(self) -> None:
        """Ask the system for the folder of a model."""
        name = QFileDialog.getExistingDirectory(self, "The folder that holds config.json")
        if name:
            self.presenter.add(Path(name))

    @Slot()
    def choose_adapter(self) -> None:
        """Ask the system for the folder of an adapter."""
        name = QFileDialog.getExistingDirectory(self, "The folder that holds adapter_config.json")
        if name:
            self.running.add_adapter(Path(name))

    @Slot(object)
    def _on_settings_changed(self, settings: Settings) -> None:
        self.run.show_chosen(settings.model)

    @Slot(str, str)
    def _on_chosen(self, name: str, value: str) -> None:
        self._preferences.change("model", **{name: value})

    def _show_needs(self) -> None:
        fitting = self._fitting
        if fitting is None:
            return
        for name, card in self.cards.items():
            known = fitting.installed.get(name)
            card.show_needs(sentence_of(known) if known is not None else "")
        self.run.show_fits(fitting.installed.get(self._used))
        self.download.show_fit(sentence_of(fitting.full), any(w.fits for w in fitting.full.ways))

    @Slot(str)
    def _on_remove_requested(self, name: str) -> None:
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle("Remove a model")
        box.setText(f"Remove “{name}”?")
        box.setInformativeText(
            "Files that Phi Desk downloaded are deleted; your own folders are left alone."
        )
        box.setProperty("model", name)
        box.addButton("Remove", QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.accepted.connect(self._on_remove_confirmed)
        box.open()

    @Slot()
    def _on_remove_confirmed(self) -> None:
        box = self.sender()
        if box is not None:
            self.presenter.remove(str(box.property("model")))

    def _wire(self) -> None:
        self.download.download_requested.connect(self.presenter.download)
        self.download.pause_requested.connect(self.presenter.pause)
        self.download.add_requested.connect(self.choose_folder)
        self.download.welcome_requested.connect(self.welcome_requested)
        self.run.chosen.connect(self._on_chosen)
        self.run.load_requested.connect(self.load_requested)
        self.run.unload_requested.connect(self.unload_requested)
        self.adapters.add_requested.connect(self.choose_adapter)
        self.adapters.remove_requested.connect(self.running.remove_adapter)
        self._preferences.changed.connect(self._on_settings_changed)
        for keys, action in (("Ctrl+O", self.choose_folder), ("F5", self.refresh)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setMaximumWidth(READING_WIDTH)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(MEDIUM)
        column.addWidget(label("Models", font=title_font()))
        column.addWidget(
            label("What answers you, and where it lies on this computer.", kind="muted", wrap=True)
        )
        column.addSpacing(MEDIUM)
        column.addWidget(self.empty)
        column.addLayout(self._cards)
        column.addWidget(self.run)
        column.addWidget(self.adapters)
        column.addWidget(self.download)
        column.addStretch(1)
        self.empty.setVisible(False)
        flow = QWidget()
        flow.setObjectName("flow")
        row = QHBoxLayout(flow)
        row.setContentsMargins(HUGE, LARGE + MEDIUM, HUGE, LARGE)
        row.addStretch(1)
        row.addWidget(inside, 1000)
        row.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName("Models")
        area.setWidget(flow)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)
