"""The card that says how the model runs: where, how exactly, whether it is loaded."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from phi_desk.model.plan import gigabytes
from phi_desk.services.fitting import Fits
from phi_desk.settings.schema import Model
from phi_desk.ui.common.combo import Combo
from phi_desk.ui.common.flow_layout import FlowLayout
from phi_desk.ui.common.labels import LabelKind, button, label
from phi_desk.ui.common.model_words import DEVICES, PRECISIONS
from phi_desk.ui.model_lane import EngineStatus
from phi_desk.ui.theme import HAIR, LARGE, MEDIUM, SMALL, heading_font, small_font

ADAPTERS = (("auto", "By the kind of question"), ("none", "None"))
LETTERS = 18  # of a list that are seen
STATES = {
    "asleep": "Not loaded",
    "loading": "Loading",
    "ready": "Loaded",
    "failed": "Could not be loaded",
}


class RunCard(QFrame):
    """Shows and changes how the model runs; what was changed comes with the next loading."""

    chosen = Signal(str, str)  # the option, its value
    load_requested = Signal()
    unload_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName("How it runs")
        self._state = "asleep"
        self._stale = False
        self._model = Model()
        self.badge = label("Not loaded", kind="quiet_badge")
        self.sentence = label(kind="muted", wrap=True)
        self.stale = label(
            "Something was changed: load the model again to use it so.",
            font=small_font(),
            wrap=True,
        )
        self.stale.hide()
        self.device = Combo("Device", tuple(DEVICES.items()))
        self.precision = Combo("Precision", tuple(PRECISIONS.items()))
        self.adapter = Combo("Adapter", ADAPTERS)
        self.load = button("Load now", kind="main", tip="Load the model")
        self.unload = button("Unload", tip="Give the model's memory back")
        self._fits = QGridLayout()
        self._fits_title = label("On this machine", kind="muted", font=small_font())
        self._fits_title.hide()
        for name in ("device", "precision", "adapter"):
            combo: Combo = getattr(self, name)
            combo.setObjectName(name)
            combo.chosen.connect(self._on_chosen)
        self.load.clicked.connect(self.load_requested)
        self.unload.clicked.connect(self.unload_requested)
        self._lay_out()
        self._show_state()

    def show_status(self, status: EngineStatus) -> None:
        """How things stand with the model."""
        if status.state == "loading" and self._state != "loading":
            self._stale = False
        self._state = status.state
        self.sentence.setText(status.sentence)
        self._show_state()

    def show_chosen(self, model: Model) -> None:
        """What is chosen in the settings."""
        self._model = model
        for combo, value in (
            (self.device, model.device),
            (self.precision, model.precision),
            (self.adapter, model.adapter),
        ):
            combo.show_value(value)

    def show_stale(self) -> None:
        """The model was loaded in another way than it would be now."""
        self._stale = self._state in ("ready", "loading", "failed")
        self._show_state()

    def show_adapters(self, names: Sequence[str]) -> None:
        """Adapters that questions may name."""
        self.adapter.set_choices((*ADAPTERS, *((name, name) for name in names)))
        self.adapter.show_value(self._model.adapter)

    def show_fits(self, fits: Fits | None) -> None:
        """What the model in use needs in each way to run it here."""
        while (item := self._fits.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        ways = fits.ways if fits is not None else ()
        self._fits_title.setVisible(bool(ways))
        for row, way in enumerate(ways):
            name = f"{way.precision} on {way.device}"
            need = f"needs {gigabytes(way.needed)} of {gigabytes(way.free)} free"
            said = "best here" if way.best else "fits" if way.fits else "does not fit now"
            kind: LabelKind = "badge" if way.best else "quiet_badge" if way.fits else "danger"
            self._fits.addWidget(label(name), row, 0)
            self._fits.addWidget(label(need, kind="muted"), row, 1)
            self._fits.addWidget(
                label(said, kind=kind, font=small_font()), row, 2, Qt.AlignmentFlag.AlignRight
            )

    def _show_state(self) -> None:
        loading = self._state == "loading"
        self.badge.setText(STATES[self._state])
        self.badge.setProperty("kind", "badge" if self._state == "ready" else "quiet_badge")
        self.badge.style().unpolish(self.badge)
        self.badge.style().polish(self.badge)
        self.stale.setVisible(self._stale)
        self.load.setText("Load again" if self._state in ("ready", "failed") else "Load now")
        self.load.setAccessibleName(self.load.text())
        self.load.setVisible(self._state != "ready" or self._stale)
        self.load.setEnabled(not loading)
        self.unload.setVisible(self._state == "ready")

    @Slot(object)
    def _on_chosen(self, value: object) -> None:
        combo = self.sender()
        if isinstance(combo, Combo):
            self.chosen.emit(combo.objectName(), str(value))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(MEDIUM)
        head.addWidget(label("How it runs", font=heading_font()))
        head.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addStretch(1)
        head.addWidget(self.load)
        head.addWidget(self.unload)
        choices = QWidget()
        flow = FlowLayout(choices, spacing=MEDIUM)
        for title, combo in (
            ("Device", self.device),
            ("Precision", self.precision),
            ("Adapter", self.adapter),
        ):
            flow.addWidget(_titled(title, combo))
        fits = QWidget()
        fits.setLayout(self._fits)
        self._fits.setContentsMargins(0, 0, 0, 0)
        self._fits.setHorizontalSpacing(LARGE)
        self._fits.setVerticalSpacing(HAIR)
        self._fits.setColumnStretch(1, 1)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(LARGE, LARGE - 4, LARGE - 4, LARGE - 4)
        column_.setSpacing(SMALL)
        column_.addLayout(head)
        column_.addWidget(self.sentence)
        column_.addWidget(self.stale)
        column_.addWidget(choices)
        column_.addWidget(self._fits_title)
        column_.addWidget(fits)


def _titled(title: str, combo: Combo) -> QWidget:
    """A list with its title above it."""
    combo.setMinimumContentsLength(LETTERS)
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(HAIR)
    column.addWidget(label(title, kind="muted", font=small_font()))
    column.addWidget(combo)
    return both
