"""Collects Python's garbage on the painting thread only; knows nothing of what it collects.

A cycle that holds a widget may otherwise be found by whichever thread happens to allocate, and Qt
does not survive a widget that is destroyed on another thread.
"""

from __future__ import annotations

import gc
import sys

from PySide6.QtCore import QObject, QTimer, Slot

EVERY_MS = 250  # so that there is little to look at: under a millisecond
MIDDLE_EVERY = 40  # rounds
OLD_EVERY = 480  # rounds: two minutes


class Collector(QObject):
    """Takes over from the automatic collection until it is closed.

    With torch come half a million objects that stay. To look at them takes a third of a second in
    which the window stands still. So while libraries are imported, on whichever lane, nothing is
    collected, and what is there then is set aside for good.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_on = gc.isenabled()
        self._rounds = 0
        self._modules = len(sys.modules)
        self._importing = True  # the window's own modules were, just now
        gc.disable()
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._on_timeout)
        self._timer.start()

    def close(self) -> None:
        """Give the collection back to Python."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_on:
            gc.enable()

    @Slot()
    def _on_timeout(self) -> None:
        before, self._modules = self._modules, len(sys.modules)
        if self._modules > before:
            self._importing = True
        elif self._importing:
            self._importing = False
            gc.freeze()
        else:
            self._rounds += 1
            old, middle = self._rounds % OLD_EVERY == 0, self._rounds % MIDDLE_EVERY == 0
            gc.collect(2 if old else 1 if middle else 0)
