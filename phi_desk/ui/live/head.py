"""The line above the text: which session it is, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from phi_desk.ui.common.labels import label
from phi_desk.ui.icons import IconButton
from phi_desk.ui.theme import LARGE, MEDIUM, SMALL, heading_font, small_font

NOW = "Now"


class Head(QWidget):
    """Says what was pressed."""

    overlay_toggled = Signal()
    through_toggled = Signal()
    copy_requested = Signal()
    export_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = label(NOW, font=heading_font())
        self._about = label(kind="muted", font=small_font())
        self.overlay = IconButton("captions", "Show captions")
        self.through = IconButton("through", "Let clicks through")
        self.copy = IconButton("copy", "Copy all", tip="Copy all of the text (Ctrl+Shift+C)")
        self.export = IconButton("export", "Export…", tip="Export this session (Ctrl+E)")
        row = QHBoxLayout(self)
        row.setContentsMargins(LARGE, 0, MEDIUM, 0)
        row.setSpacing(SMALL)
        row.addWidget(self._title)
        row.addWidget(self._about)
        row.addStretch(1)
        for made in (self.through, self.overlay, self.copy, self.export):
            row.addWidget(made)
        self.overlay.setCheckable(True)
        self.through.setCheckable(True)
        self.overlay.clicked.connect(self._on_overlay_clicked)
        self.through.clicked.connect(self._on_through_clicked)
        self.copy.clicked.connect(self.copy_requested)
        self.export.clicked.connect(self.export_requested)

    @property
    def title(self) -> str:
        """The name that is shown."""
        return self._title.text()

    def show_title(self, title: str = NOW, about: str = "") -> None:
        """Which session it is, and when it was."""
        self._title.setText(title)
        self._about.setText(about)

    def rename(self, title: str) -> None:
        """The session has another name."""
        self._title.setText(title)

    def show_overlay(self, *, shown: bool, floats: bool, through: bool) -> None:
        """Whether the captions are shown, may float, and let clicks through."""
        self.overlay.setChecked(shown)
        words = "Show captions above all windows" if floats else "Show captions"
        words = "Hide captions" if shown else words
        self.overlay.say(words, f"{words} (Ctrl+Shift+O)")
        self.through.setVisible(shown and floats)
        self.through.setChecked(through)
        words = "Take clicks again" if through else "Let clicks through the captions"
        self.through.say(words, f"{words} (Ctrl+Shift+T)")

    def show_actions(self, *, copy: bool, export: bool) -> None:
        """What can be done now."""
        self.copy.setEnabled(copy)
        self.export.setEnabled(export)

    @Slot()
    def _on_overlay_clicked(self) -> None:
        self.overlay_toggled.emit()

    @Slot()
    def _on_through_clicked(self) -> None:
        self.through_toggled.emit()
