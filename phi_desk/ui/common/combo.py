"""A list to choose one of several values from, by words; a wheel over it changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox

Choices = Sequence[tuple[object, str]]


class Combo(QComboBox):
    """Values with words; one that is shown and is no choice any more is listed, too.

    `lost` stands behind the words of such a value.
    """

    chosen = Signal(object)  # a value that a person took

    def __init__(self, name: str, choices: Choices, *, lost: str = "") -> None:
        super().__init__()
        self._choices = choices
        self._lost = lost
        self._value: object = choices[0][0] if choices else None
        self.setMinimumContentsLength(12)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setAccessibleName(name)
        self.view().setAccessibleName(name)
        self.activated.connect(self._on_activated)
        self._fill()

    @property
    def value(self) -> object:
        """What is shown."""
        return self._value

    @property
    def values(self) -> list[object]:
        """What can be chosen."""
        return [value for value, _ in self._all()]

    def set_choices(self, choices: Choices) -> None:
        """Take other choices; the value stays."""
        if list(choices) != list(self._choices):
            self._choices = choices
            self._fill()

    def show_value(self, value: object) -> None:
        """Show a value; tells nobody."""
        if value != self._value or self.currentIndex() < 0:
            self._value = value
            self._fill()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802  (Qt's name)
        """Leave the wheel to the page."""
        event.ignore()

    def _all(self) -> list[tuple[object, str]]:
        found = list(self._choices)
        if self._value not in [value for value, _ in found]:
            found.append((self._value, f"{self._value}{self._lost}"))
        return found

    def _fill(self) -> None:
        self.clear()
        self.addItems([words for _, words in self._all()])
        self.setCurrentIndex(self.values.index(self._value))

    @Slot(int)
    def _on_activated(self, row: int) -> None:
        value = self.values[row]
        if value != self._value:
            self._value = value
            self.chosen.emit(value)
