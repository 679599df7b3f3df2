"""Shows how loud it is, and whether somebody speaks; knows no microphone."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from phi_desk.services.live.events import Level

QUIETEST_DB = -60.0
HEIGHT = 8
SEGMENT, GAP = 5, 3  # pixels of the small bars it is made of
NOTHING = "No sound is heard now."


class LevelMeter(QWidget):
    """Small bars from left to right; those of speech are in the accent's colour, and higher."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Level")
        self.setToolTip("How loud it is; the bars grow while somebody speaks")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(80)
        self.setFixedHeight(2 * HEIGHT)
        self._level: Level | None = None
        self.show_level(None)

    @property
    def loudness(self) -> float:
        """From 0 for silence to 1."""
        if self._level is None:
            return 0.0
        return min(1.0, max(0.0, 1 - self._level.rms_db / QUIETEST_DB))

    def show_level(self, level: Level | None) -> None:
        """Show it; None is nothing."""
        self._level = level
        if level is None:
            self.setAccessibleDescription(NOTHING)
        else:
            speech = ", somebody speaks" if level.speech else ""
            self.setAccessibleDescription(f"{level.rms_db:.0f} decibels{speech}")
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """Wide enough to see something move."""
        return QSize(200, 2 * HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  (Qt's name)
        """Paint the bars."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        role, palette = QPalette.ColorRole, self.palette()
        speech = self._level is not None and self._level.speech
        lit = palette.color(role.Accent if speech else role.PlaceholderText)
        unlit = palette.color(role.Mid)
        count = max(1, (self.width() + GAP) // (SEGMENT + GAP))
        shown = round(self.loudness * count)
        for number in range(count):
            on = number < shown
            height = HEIGHT * (1.6 if on and speech else 1.0)
            top = (self.height() - height) / 2
            painter.setBrush(lit if on else unlit)
            box = QRectF(number * (SEGMENT + GAP), top, SEGMENT, height)
            painter.drawRoundedRect(box, 2, 2)
