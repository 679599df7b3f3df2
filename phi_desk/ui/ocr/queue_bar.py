"""How far the reading is, with a way to stop it."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QWidget

from phi_desk.ui.common.labels import button, label
from phi_desk.ui.ocr.values import QueueShown
from phi_desk.ui.theme import MEDIUM, SMALL, small_font


class QueueBar(QWidget):
    """Hidden while nothing is read."""

    stop_requested = Signal()
    go_on_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Reading")
        self.words = label(kind="muted", font=small_font())
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Pages read")
        self.bar.setFixedWidth(160)
        self.count = label(kind="muted", font=small_font())
        self.go_on = button("Go on", tip="Try to read the rest")
        self.stop = button("Stop", tip="Stop reading; what has been read stays (Esc)")
        self.go_on.clicked.connect(self.go_on_requested)
        self.stop.clicked.connect(self.stop_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, SMALL, 0, 0)
        row.setSpacing(MEDIUM)
        row.addWidget(self.words, 1)
        row.addWidget(self.count)
        row.addWidget(self.bar)
        row.addWidget(self.go_on)
        row.addWidget(self.stop)
        self.show_queue(QueueShown())

    @Slot(object)
    def show_queue(self, queue: QueueShown) -> None:
        """Show how far it is."""
        self.setVisible(queue.busy)
        self.words.setText(queue.sentence)
        self.words.setToolTip(queue.sentence)
        self.bar.setRange(0, max(1, queue.total))
        self.bar.setValue(queue.done)
        several = queue.total > 1
        self.bar.setVisible(several)
        self.count.setText(f"{queue.done:,} of {queue.total:,} pages" if several else "")
        self.go_on.setVisible(queue.halted)
