"""A few choices beside each other, of which one is taken."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QToolButton, QWidget


class Segmented(QFrame):
    """Says which was chosen, by its value."""

    chosen = Signal(str)

    def __init__(
        self, name: str, choices: Sequence[tuple[str, str, str]], parent: QWidget | None = None
    ) -> None:
        """`choices`: the value, the words on the button, and its tip."""
        super().__init__(parent)
        self.setObjectName("segmented")
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        for value, words, tip in choices:
            made = QToolButton()
            made.setText(words)
            made.setObjectName(value)
            made.setCheckable(True)
            made.setAccessibleName(f"{name}: {words}")
            made.setToolTip(tip)
            made.setProperty("kind", "segment")
            made.setCursor(Qt.CursorShape.PointingHandCursor)
            made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            made.clicked.connect(self._on_clicked)
            self._group.addButton(made)
            self._buttons[value] = made
            row.addWidget(made)
        next(iter(self._buttons.values())).setChecked(True)

    @property
    def value(self) -> str:
        """What is chosen."""
        checked = self._group.checkedButton()
        return checked.objectName() if checked is not None else ""

    def button(self, value: str) -> QToolButton:
        """The button of a choice."""
        return self._buttons[value]

    def show_value(self, value: str) -> None:
        """Mark a choice; nobody is told."""
        self._buttons[value].setChecked(True)

    @Slot()
    def _on_clicked(self) -> None:
        self.chosen.emit(self.value)
