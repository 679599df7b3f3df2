"""The card of adapters: those of the model, and the person's own."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from phi_desk.services.adapters import OwnAdapter
from phi_desk.ui.common.labels import button, label
from phi_desk.ui.icons import IconButton
from phi_desk.ui.models.run_presenter import Adapters
from phi_desk.ui.theme import HAIR, LARGE, MEDIUM, SMALL, heading_font, small_font

WHAT_FOR = {"vision": "for pictures", "speech": "for sound"}
NONE = (
    "You have none of your own. An adapter is a folder with adapter_config.json, made by training."
)


class AdaptersCard(QFrame):
    """Says which folder shall be added or forgotten."""

    add_requested = Signal()
    remove_requested = Signal(object)  # Path

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName("Adapters")
        self.built_in = label(kind="muted", wrap=True)
        self.rows: dict[str, QWidget] = {}
        self._rows = QVBoxLayout()
        self._rows.setSpacing(SMALL)
        self.none = label(NONE, kind="muted", font=small_font(), wrap=True)
        self.add = button("Add a folder…", tip="Choose the folder of an adapter; it is checked")
        self.add.clicked.connect(self.add_requested)
        self._lay_out()

    def show_adapters(self, found: Adapters) -> None:
        """Show what is loaded, and the person's own."""
        own = {one.name for one in found.own}
        built_in = [name for name in found.loaded if name not in own]
        words = " and ".join(f"{name} ({WHAT_FOR.get(name, 'built in')})" for name in built_in)
        self.built_in.setText(f"With the model: {words}." if words else "")
        self.built_in.setVisible(bool(words))
        for row in self.rows.values():
            self._rows.removeWidget(row)
            row.deleteLater()
        self.rows = {str(one.folder): self._row(one, found) for one in found.own}
        for row in self.rows.values():
            self._rows.addWidget(row)
        self.none.setVisible(not found.own)

    def show_adding(self, adding: bool) -> None:
        """Whether one is being checked."""
        self.add.setEnabled(not adding)
        self.add.setText("Checking…" if adding else "Add a folder…")

    def _row(self, one: OwnAdapter, found: Adapters) -> QWidget:
        facts = [f"rank {one.rank}"] if one.rank else []
        if one.replaces:
            facts.append(f"takes the place of {one.replaces}")
        facts.append("loaded" if one.name in found.loaded else "comes with the next loading")
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(label(one.name))
        said = one.sentence or " · ".join(facts)
        words.addWidget(
            label(said, kind="danger" if one.sentence else "muted", font=small_font(), wrap=True)
        )
        words.addWidget(label(str(one.folder), kind="muted", font=small_font(), wrap=True))
        remove = IconButton("delete", f"Forget the adapter {one.name}; its files stay", size=18)
        remove.setProperty("folder", str(one.folder))
        remove.clicked.connect(self._on_remove_clicked)
        row = QWidget()
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(MEDIUM)
        across.addLayout(words, 1)
        across.addWidget(remove)
        return row

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.add)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(LARGE, LARGE - 4, LARGE - 4, LARGE - 4)
        column.setSpacing(HAIR)
        column.addWidget(label("Adapters", font=heading_font()))
        column.addWidget(
            label("They change the model for a kind of work.", kind="muted", wrap=True)
        )
        column.addWidget(self.built_in)
        column.addSpacing(HAIR)
        column.addLayout(self._rows)
        column.addWidget(self.none)
        column.addSpacing(SMALL)
        column.addLayout(foot)

    @Slot()
    def _on_remove_clicked(self) -> None:
        pressed = self.sender()
        if pressed is not None:
            self.remove_requested.emit(Path(str(pressed.property("folder"))))
