"""What is seen while the window listens: a word for it, how loud it is, for how long, a way out."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QSizePolicy, QWidget

from phi_desk.ui.common.labels import IconLabel, label
from phi_desk.ui.icons import IconButton
from phi_desk.ui.theme import MEDIUM, SMALL, small_font
from phi_desk.ui.voice.wave import clock

BARS = 32  # the last second and a half


class LevelView(QWidget):
    """The last levels as bars, the newest at the right."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Level of the microphone")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.levels: deque[float] = deque(maxlen=BARS)

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """As wide as its bars."""
        return QSize(4 * BARS, 24)

    def add(self, level: float) -> None:
        """One more level, 0..1."""
        self.levels.append(level)
        self.setAccessibleDescription(f"{round(100 * level)} %")
        self.update()

    def clear(self) -> None:
        """Nothing is heard."""
        self.levels.clear()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  (Qt's name)
        """Bars around the middle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        palette = QApplication.palette()
        quiet, loud = (
            palette.color(QPalette.ColorRole.Mid),
            palette.color(QPalette.ColorRole.Accent),
        )
        levels = [0.0] * (BARS - len(self.levels)) + list(self.levels)
        for place, level in enumerate(levels):
            height = max(3.0, level * self.height())
            painter.setBrush(loud if level > 0.02 else quiet)
            left = self.width() - 4 * (BARS - place)
            painter.drawRoundedRect(
                QRectF(left, (self.height() - height) / 2, 2.6, height), 1.3, 1.3
            )
        painter.end()


class VoiceStrip(QFrame):
    """Hidden while nothing is listened to."""

    cancel_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._dot = IconLabel("microphone", QPalette.ColorRole.Accent, 18)
        self.setObjectName("voice_strip")
        self.setAccessibleName("Listening")
        self._words = label()
        self.level = LevelView()
        self._time = label(kind="muted", font=small_font())
        self._time.setAccessibleName("Elapsed time")
        self._hint = label(kind="muted", font=small_font())
        self._cancel = IconButton("close", "Throw the recording away", size=16)
        self._cancel.clicked.connect(self.cancel_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(SMALL)
        row.addWidget(self._dot)
        row.addWidget(self._words)
        row.addSpacing(MEDIUM - SMALL)
        row.addWidget(self.level)
        row.addWidget(self._time)
        row.addWidget(self._hint)
        row.addStretch(1)
        row.addWidget(self._cancel)
        self._longest = ""
        self._room = row
        self.setVisible(False)

    @property
    def words(self) -> str:
        """What it says now."""
        return self._words.text() if not self.isHidden() else ""

    @property
    def time(self) -> str:
        """How long it has listened."""
        return self._time.text()

    def show_state(self, words: str, hint: str = "", *, cancel: str, listening: bool) -> None:
        """Say what happens now; the level is shown while it is `listening`."""
        changed = words != self.words
        self._words.setText(words)
        self._hint.setText(hint)
        self._cancel.say(*cancel.split("|", 1))
        self._dot.show_icon(
            "microphone",
            QPalette.ColorRole.Accent if listening else QPalette.ColorRole.PlaceholderText,
        )
        self.level.setVisible(listening)
        self._time.setVisible(listening and bool(self._time.text()))
        if not listening:
            self.level.clear()
        self.setVisible(True)
        self._fit()
        if changed:
            self.setAccessibleDescription(f"{words} {hint}".strip())
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def show_limit(self, longest_s: float) -> None:
        """How long it may get."""
        self._longest = clock(longest_s)
        self._time.setText("")

    def show_level(self, level: float) -> None:
        """How loud it is, 0..1."""
        self.level.add(level)

    def show_time(self, seconds: float) -> None:
        """How much there is by now."""
        self._time.setText(f"{clock(seconds)} / {self._longest}")
        if self._time.isHidden():
            self._time.setVisible(True)
            self._fit()

    def end(self) -> None:
        """Nothing is listened to any more."""
        self._time.setText("")
        self.level.clear()
        self.setVisible(False)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """A narrow window has no room for the hint."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show the hint whole, or not at all."""
        shown = (self._dot, self._words, self.level, self._time, self._cancel, self._hint)
        widths = [
            one.sizeHint().width() for one in shown if one is self._hint or not one.isHidden()
        ]
        room = self.width() - MEDIUM - self._room.spacing() * len(widths)
        self._hint.setVisible(sum(widths) <= room)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        """Draw the icon again when the colours change."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.ApplicationPaletteChange):
            self._dot.draw()
