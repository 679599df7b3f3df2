"""A recording as it is shown: play, its waveform to seek in, and the time; knows no file."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QSlider, QWidget
from shiboken6 import isValid

from phi_desk.media.peaks import Outline
from phi_desk.ui.common.labels import label
from phi_desk.ui.icons import IconButton
from phi_desk.ui.theme import HAIR, small_font
from phi_desk.ui.voice.outlines import Outlines
from phi_desk.ui.voice.player import Clip, Player, PlayState

STEP_MS = 5_000  # the arrow keys; a tenth of short ones
HEIGHT = 30
WIDTH = 132


def clock(seconds: float) -> str:
    """A length as people read it: 0:07, 12:30."""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


class WaveSlider(QSlider):
    """The waveform, as a slider over milliseconds; what was heard is coloured."""

    sought = Signal(float)  # seconds
    play_requested = Signal()

    def __init__(self, name: str) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setAccessibleName(f"Place in {name}")
        self.setToolTip("Click to go there (Left and Right; Space plays and pauses)")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._peaks: NDArray[np.float32] = np.zeros(0, np.float32)
        self.setRange(0, 0)
        self.actionTriggered.connect(self._on_action_triggered)

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """Wide enough to find a place in it."""
        return QSize(WIDTH, HEIGHT)

    def minimumSizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """As narrow as still shows something."""
        return QSize(WIDTH // 2, HEIGHT)

    def show_outline(self, outline: Outline) -> None:
        """Its form and length."""
        self._peaks = outline.peaks
        self.setRange(0, max(1, round(1000 * outline.seconds)))
        step = min(STEP_MS, max(1, self.maximum() // 10))
        self.setSingleStep(step)
        self.setPageStep(2 * step)
        self.update()

    def show_place(self, seconds: float) -> None:
        """Where it is by now."""
        self.setSliderPosition(round(1000 * seconds))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  (Qt's name)
        """Bars around the middle."""
        palette = QApplication.palette()
        heard = palette.color(QPalette.ColorRole.Accent)
        to_come = palette.color(QPalette.ColorRole.PlaceholderText)
        to_come.setAlphaF(0.55)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(heard, 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        area = QRectF(self.rect()).adjusted(4, 3, -4, -3)
        step = area.width() / max(1, len(self._peaks))
        until = area.left() + area.width() * self.value() / max(1, self.maximum())
        for number, peak in enumerate(self._peaks):
            left = area.left() + number * step
            height = max(2.0, float(peak) * area.height())
            painter.setBrush(heard if left + step / 2 <= until else to_come)
            painter.drawRoundedRect(
                QRectF(left, area.center().y() - height / 2, max(1.2, step * 0.62), height), 1, 1
            )
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  (Qt's name)
        """Go there, and follow the mouse."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._go_to(event.position())
            event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  (Qt's name)
        """As `mousePressEvent`."""
        if self.isSliderDown():
            self._go_to(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  (Qt's name)
        """Play from there."""
        if event.button() == Qt.MouseButton.LeftButton and self.isSliderDown():
            self.setSliderDown(False)
            self.sought.emit(self.value() / 1000)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """Space plays and pauses; the rest is the slider's own."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.play_requested.emit()
        else:
            super().keyPressEvent(event)

    def _go_to(self, place: QPointF) -> None:
        share = (place.x() - 4) / max(1.0, self.width() - 8.0)
        self.setSliderPosition(round(min(1.0, max(0.0, share)) * self.maximum()))

    @Slot(int)
    def _on_action_triggered(self, action: int) -> None:
        if action != QSlider.SliderAction.SliderMove.value:
            self.sought.emit(self.sliderPosition() / 1000)


class SoundView(QWidget):
    """Plays one recording; `outlines` finds its form, `player` is the window's one player."""

    def __init__(self, clip: Clip, name: str, player: Player, outlines: Outlines) -> None:
        super().__init__()
        self._clip, self._name, self._player = clip, name, player
        self._seconds = 0.0
        self._button = IconButton("play", f"Play {name}", size=18)
        self._button.setEnabled(False)
        self.slider = WaveSlider(name)
        self._time = label(kind="muted", font=small_font())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(HAIR)
        row.addWidget(self._button)
        row.addWidget(self.slider, 1)
        row.addWidget(self._time)
        self._button.clicked.connect(self._on_play)
        self.slider.play_requested.connect(self._on_play)
        self.slider.sought.connect(self._on_sought)
        player.changed.connect(self._on_changed)
        outlines.ask(clip, self._on_outline)

    @property
    def button(self) -> IconButton:
        """Plays and pauses."""
        return self._button

    @property
    def ready(self) -> bool:
        """Whether its form is known."""
        return self._seconds > 0

    def _on_outline(self, outline: Outline) -> None:
        if not isValid(self):  # the chat was left meanwhile
            return
        self._seconds = outline.seconds
        self.slider.show_outline(outline)
        self._button.setEnabled(True)
        self._show(self._player.state_of(self._clip.key))

    @Slot()
    def _on_play(self) -> None:
        if self.ready:
            place = self.slider.value() / 1000
            self._player.toggle(self._clip, place if place < self._seconds - 0.05 else 0.0)

    @Slot(float)
    def _on_sought(self, seconds: float) -> None:
        if self._player.state_of(self._clip.key).playing:
            self._player.play(self._clip, seconds)
        else:
            self._show_time(seconds)

    @Slot(object)
    def _on_changed(self, state: PlayState) -> None:
        if state.key == self._clip.key:
            self._show(state)

    def _show(self, state: PlayState) -> None:
        if not self.slider.isSliderDown():
            self.slider.show_place(state.seconds)
        self._show_time(state.seconds)
        self._button.show_icon("pause" if state.playing else "play")
        self._button.say(f"{'Pause' if state.playing else 'Play'} {self._name}")

    def _show_time(self, seconds: float) -> None:
        whole = clock(self._seconds)
        self._time.setText(f"{clock(seconds)} / {whole}" if seconds > 0 else whole)
