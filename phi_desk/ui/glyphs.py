"""Has the fonts of other scripts found before they are needed; knows no text that is shown.

The first letter of a script that the window's own font lacks costs up to a tenth of a second: a
file of twenty megabytes is found and opened. In the middle of an answer that is a stutter; soon
after the start, one letter at a time, nobody sees it.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QFont, QTextLayout
from PySide6.QtWidgets import QApplication

from phi_desk.ui.engine_status import EngineStatus

# A letter of each script in which the model answers, and the signs that answers are full of.
SAMPLES = ("→≤√", "あ", "中", "한", "😀", "я", "λ", "ع", "ש", "ไ", "ह")
WEIGHTS = (QFont.Weight.Normal, QFont.Weight.Bold)
FIRST_MS = 400  # what the person does when the model is there is more urgent
EVERY_MS = 60


class Glyphs(QObject):
    """Lays one sample out at a time, until all fonts are found."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._left = [(sample, weight) for weight in WEIGHTS for sample in SAMPLES]
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def busy(self) -> bool:
        """Whether some are still to be found."""
        return bool(self._left)

    @Slot(object)
    def on_status_changed(self, status: EngineStatus) -> None:
        """Begin when the model is not being loaded: that leaves little to others."""
        if self._left and status.state != "loading" and not self._timer.isActive():
            self._timer.start(FIRST_MS)

    def close(self) -> None:
        """Do no more."""
        self._left.clear()
        self._timer.stop()

    @Slot()
    def _on_timeout(self) -> None:
        if not self._left:
            self._timer.stop()
            return
        self._timer.setInterval(EVERY_MS)
        sample, weight = self._left.pop(0)
        font = QFont(QApplication.font())
        font.setWeight(weight)
        layout = QTextLayout(sample, font)
        layout.beginLayout()
        layout.createLine().setLineWidth(1000)
        layout.endLayout()
        layout.glyphRuns()
