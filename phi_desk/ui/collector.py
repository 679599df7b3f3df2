"""Collects Python's garbage on the painting thread only; knows nothing of what it collects.

A cycle that holds a widget may otherwise be found by whichever thread happens to allocate, and Qt
does not survive a widget that is destroyed on another thread.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

EVERY_MS = 2_000
YOUNG = 1  # the two younger generations: under a millisecond; the old one follows when it is large
OLD_AFTER = 60  # rounds


class Collector(QObject):
    """Takes over from the automatic collection until it is closed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_on = gc.isenabled()
        self._rounds = 0
        gc.disable()
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._on_timeout)
        self._timer.start()

    def close(self) -> None:
        """Give the collection back to Python."""
        self._timer.stop()
        if self._was_on:
            gc.enable()

    @Slot()
    def _on_timeout(self) -> None:
        self._rounds += 1
        gc.collect(2 if self._rounds % OLD_AFTER == 0 else YOUNG)
