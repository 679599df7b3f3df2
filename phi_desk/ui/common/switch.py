"""A switch for what is on or off, drawn in the colours of the theme."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QApplication, QCheckBox

HEIGHT = 22
WIDTH = 40
EDGE = 3  # between the knob and the border


class Switch(QCheckBox):
    """A check box that looks like a switch; without words beside it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """As large as a line of text wants it."""
        scale = max(1.0, self.fontMetrics().height() / 18)
        return QSize(round(WIDTH * scale), round(HEIGHT * scale))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        """Larger letters have a larger switch."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.setFixedSize(self.sizeHint())

    def hitButton(self, _pos: object) -> bool:  # noqa: N802  (Qt's name)
        """All of it can be pressed."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  (Qt's name)
        """Draw the track and the knob."""
        palette, role = QApplication.palette(), QPalette.ColorRole
        on = self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.45)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        border = palette.color(role.Accent if on or self.hasFocus() else role.PlaceholderText)
        painter.setPen(QPen(border, 1.4))
        painter.setBrush(palette.color(role.Accent if on else role.Button))
        painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
        radius = area.height() / 2 - EDGE
        centre = area.right() - radius - EDGE if on else area.left() + radius + EDGE
        knob = QColor(palette.color(role.HighlightedText if on else role.PlaceholderText))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(knob)
        painter.drawEllipse(QPointF(centre, area.center().y()), radius, radius)
        if self.hasFocus() and on:
            ring = QPen(palette.color(role.WindowText), 1.4)
            painter.setPen(ring)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
        painter.end()
