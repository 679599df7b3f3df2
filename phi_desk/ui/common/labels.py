"""Labels and buttons with the looks that the style sheet names."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from phi_desk.ui.icons import pixmap
from phi_desk.ui.theme import small_font

LabelKind = Literal["", "muted", "danger", "badge", "quiet_badge"]
ButtonKind = Literal["", "main", "flat", "danger"]


def label(
    text: str = "",
    *,
    kind: LabelKind = "",
    font: QFont | None = None,
    wrap: bool = False,
    parent: QWidget | None = None,
) -> QLabel:
    """Words that can be selected; nothing in them is read as markup."""
    made = QLabel(text, parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if kind:
        made.setProperty("kind", kind)
    if font is not None:
        made.setFont(font)
    elif kind in ("badge", "quiet_badge"):
        made.setFont(small_font())
    return made


def button(text: str, *, kind: ButtonKind = "", tip: str = "") -> QPushButton:
    """A button with words."""
    made = QPushButton(text)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setAccessibleName(text.replace("&", ""))
    made.setToolTip(tip)
    if kind:
        made.setProperty("kind", kind)
    return made


def set_state(widget: QWidget, name: str, value: bool) -> None:
    """Set a property that the style sheet looks at, and dress the widget again."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class IconLabel(QLabel):
    """An icon that is not pressed; it says nothing to those who listen."""

    def __init__(self, name: str, role: QPalette.ColorRole, size: int) -> None:
        super().__init__()
        self._name, self._role, self._size = name, role, size
        self.setFixedSize(size, size)
        self.draw()

    def show_icon(self, name: str, role: QPalette.ColorRole) -> None:
        """Take another icon and colour."""
        self._name, self._role = name, role
        self.draw()

    def draw(self) -> None:
        """Draw it in the colours of now."""
        colour = QApplication.palette().color(self._role)
        self.setPixmap(pixmap(self._name, colour, self._size, self.devicePixelRatioF()))
